# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many rows in Python: by whole columns, cell by cell, and in the other libraries that are installed.

bench-columns.py [--rows N] [--rounds N] [--conninfo CONNINFO] [--no-header]: times are medians, "×" the medians of ratios to the first line of the
same round. psycopg (with its C part) and asyncpg are measured where Python finds them; the budget is that of the ratio to psycopg.
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

SELECT = 'SELECT id, name, ratio, at FROM bench_columns'


def fill(connection, n_rows):
    connection.execute('SET client_min_messages = warning; DROP TABLE IF EXISTS bench_columns')
    connection.execute("CREATE UNLOGGED TABLE bench_columns AS SELECT i::int4 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio,"
                       " timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute' AS at FROM generate_series(1, %s) i", [n_rows])
    connection.execute('VACUUM ANALYZE bench_columns')


def cells(connection):
    """As it is without columns: a call for each value."""
    result = connection.execute(SELECT, binary=True).get_result()
    return [(result.get_int64(row, 0), result.dup_text(row, 1), result.get_double(row, 2), result.dup_timestamp(row, 3))
            for row in range(result.get_n_rows())]


def contestants(connection, conninfo, stack):
    found = []
    with contextlib.suppress(ImportError):
        import psycopg
        if psycopg.pq.__impl__ != 'python':
            other = stack.enter_context(psycopg.connect(conninfo, autocommit=True))
            for binary in (False, True):
                found.append((f'psycopg, {"binary" if binary else "text"}', lambda binary=binary: other.cursor(binary=binary).execute(SELECT).fetchall(), 0))
    budget = 0.85 if found else 0
    found.append(('fetchall(), text', lambda: connection.execute(SELECT, binary=False).fetchall(), budget))
    found.append(('fetchall(), binary', lambda: connection.execute(SELECT, binary=True).fetchall(), budget))
    found.append(('iteration, binary', lambda: [row for row in connection.execute(SELECT, binary=True)], 0))
    found.append(('cell by cell, binary', lambda: cells(connection), 0))
    with contextlib.suppress(ImportError):
        import asyncpg
        loop = asyncio.new_event_loop()
        keywords = dict(part.split('=', 1) for part in shlex.split(conninfo))
        keywords['database'] = keywords.pop('dbname')
        third = loop.run_until_complete(asyncpg.connect(**keywords))
        stack.callback(lambda: (loop.run_until_complete(third.close()), loop.close()))
        found.append(('asyncpg, as tuples', lambda: [tuple(row) for row in loop.run_until_complete(third.fetch(SELECT))], 0))
    return found


def measure(function, n_rows):
    wall, cpu = time.perf_counter(), time.process_time()
    rows = function()
    times = time.perf_counter() - wall, time.process_time() - cpu
    assert len(rows) == n_rows and len(rows[0]) == 4, 'the rows are not those of the table'
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rows', type=int, default=100000)
    parser.add_argument('--rounds', type=int, default=9)
    parser.add_argument('--conninfo')
    parser.add_argument('--no-header', action='store_true')
    options = parser.parse_args()

    with contextlib.ExitStack() as stack:
        conninfo = options.conninfo or stack.enter_context(Pg.TestServer()).conninfo
        connection = stack.enter_context(Pg.connect(conninfo, autocommit=True))
        fill(connection, options.rows)
        found = contestants(connection, conninfo, stack)
        times = [[] for _ in found]
        for round_ in range(options.rounds):
            order = range(len(found)) if round_ % 2 == 0 else reversed(range(len(found)))
            for index in order:
                times[index].append(measure(found[index][1], options.rows))
        if not options.no_header:
            print(f'{"work":<34} {"by":<28} {"wall µs":>10} {"CPU µs":>10} {"wall ×":>7} {"CPU ×":>7}  budget')
        for (label, _function, budget), own in zip(found, times):
            wall, cpu = (statistics.median(pair[i] for pair in own) * 1e6 for i in (0, 1))
            ratios = [statistics.median(pair[i] / max(first[i], 1e-9) for pair, first in zip(own, times[0])) for i in (0, 1)]
            over = '' if not budget else f' {budget:7.2f}{"  over" if ratios[0] > budget else ""}'
            print(f'{f"{options.rows} rows x 4, Python":<34} {label:<28} {wall:10.2f} {cpu:10.2f} {ratios[0]:7.3f} {ratios[1]:7.3f}{over}')


if __name__ == '__main__':
    main()
