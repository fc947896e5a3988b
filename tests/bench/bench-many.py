# SPDX-License-Identifier: LGPL-2.1-or-later
"""executemany() in Python, and in the other libraries that are installed.

bench-many.py [--rows N] [--rounds N] [--conninfo CONNINFO] [--no-header]: times are medians, "×" the medians of ratios to the first line of the same
round. psycopg (with its C part) and asyncpg are measured where Python finds them; the budget is that of the ratio to psycopg, and 1.25 times asyncpg's time
is another.
"""

import argparse
import asyncio
import contextlib
import shlex
import statistics
import time

import gi

gi.require_version('Pg', '1.0')
from gi.repository import Pg  # noqa: E402

INSERT = 'INSERT INTO bench_many VALUES (%s, %s, %s)'


def contestants(connection, conninfo, stack, rows):
    found = []
    with contextlib.suppress(ImportError):
        import psycopg
        if psycopg.pq.__impl__ != 'python':
            other = stack.enter_context(psycopg.connect(conninfo, autocommit=True)).cursor()
            found.append(('psycopg', lambda: other.executemany(INSERT, rows), 0))
    cursor = connection.cursor()
    found.append(('PgConnection', lambda: cursor.executemany(INSERT, rows), 0.5 if found else 0))
    loop = asyncio.new_event_loop()
    stack.callback(loop.close)
    asyncio.set_event_loop(loop)
    awaited = loop.run_until_complete(Pg.AsyncConnection.connect(conninfo, autocommit=True))
    stack.callback(lambda: loop.run_until_complete(awaited.close()))
    async_cursor = awaited.cursor()
    found.append(('PgAsyncConnection', lambda: loop.run_until_complete(async_cursor.executemany(INSERT, rows)), 0.5 if len(found) > 1 else 0))
    with contextlib.suppress(ImportError):
        import asyncpg
        words = dict(word.split('=', 1) for word in shlex.split(conninfo))
        names = {'host': 'host', 'port': 'port', 'user': 'user', 'dbname': 'database', 'password': 'password'}
        third = loop.run_until_complete(asyncpg.connect(**{names[key]: value for key, value in words.items() if key in names}))
        stack.callback(lambda: loop.run_until_complete(third.close()))
        statement = INSERT.replace('%s, %s, %s', '$1, $2, $3')
        found.append(('asyncpg', lambda: loop.run_until_complete(third.executemany(statement, rows)), 0))
    return found


def measure(function):
    wall, cpu = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - wall, time.process_time() - cpu


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rows', type=int, default=20000)
    parser.add_argument('--rounds', type=int, default=9)
    parser.add_argument('--conninfo')
    parser.add_argument('--no-header', action='store_true')
    options = parser.parse_args()

    with contextlib.ExitStack() as stack:
        conninfo = options.conninfo or stack.enter_context(Pg.TestServer()).conninfo
        connection = stack.enter_context(Pg.connect(conninfo, autocommit=True))
        connection.execute('SET client_min_messages = warning; DROP TABLE IF EXISTS bench_many')
        connection.execute('CREATE UNLOGGED TABLE bench_many (id int8, name text, ratio float8)')
        rows = [(i, f'name of {i}', i * 1.25) for i in range(options.rows)]
        found = contestants(connection, conninfo, stack, rows)
        times = [[] for _ in found]
        for round_ in range(options.rounds):
            order = range(len(found)) if round_ % 2 == 0 else reversed(range(len(found)))
            for index in order:
                times[index].append(measure(found[index][1]))
        count = connection.execute('SELECT count(*) FROM bench_many').fetchone()[0]
        assert count == len(found) * options.rounds * options.rows, 'not all rows are there'
        if not options.no_header:
            print(f'{"work":<34} {"by":<28} {"wall µs":>10} {"CPU µs":>10} {"wall ×":>7} {"CPU ×":>7}  budget')
        for (label, _function, budget), own in zip(found, times):
            wall, cpu = (statistics.median(pair[i] for pair in own) * 1e6 for i in (0, 1))
            ratios = [statistics.median(pair[i] / max(first[i], 1e-9) for pair, first in zip(own, times[0])) for i in (0, 1)]
            over = '' if not budget else f' {budget:7.2f}{"  over" if ratios[0] > budget else ""}'
            print(f'{f"executemany, {options.rows}, Python":<34} {label:<28} {wall:10.2f} {cpu:10.2f} {ratios[0]:7.3f} {ratios[1]:7.3f}{over}')


if __name__ == '__main__':
    main()
