# SPDX-License-Identifier: LGPL-2.1-or-later
"""COPY of rows of two columns in Python: rows, whole columns, and the other libraries that are installed.

bench-copy.py [--rows N] [--rounds N] [--conninfo CONNINFO] [--no-header]: times are medians, "×" the medians of ratios to the first line of the
same round. psycopg (with its C part) and asyncpg are measured where Python finds them; the budget is that of the ratio to the first of them.
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

TABLE = 'bench_copy'


def fill(connection, n_rows):
    connection.execute(f'SET client_min_messages = warning; DROP TABLE IF EXISTS {TABLE}; CREATE UNLOGGED TABLE {TABLE} (id int4, name text)')
    return [(i, f'name of {i}') for i in range(n_rows)]


def rows_in(connection, rows, form):
    with connection.copy_in(f'COPY {TABLE} FROM STDIN (FORMAT {form})') as copy:
        for row in rows:
            copy.write_row(row)
    return copy.rowcount


def many_in(connection, rows, form):
    with connection.copy_in(f'COPY {TABLE} FROM STDIN (FORMAT {form})') as copy:
        copy.write_rows(rows)
    return copy.rowcount


def columns_in(connection, columns, form):
    with connection.copy_in(f'COPY {TABLE} FROM STDIN (FORMAT {form})') as copy:
        copy.write_columns(columns)
    return copy.rowcount


def rows_out(connection, form):
    with connection.copy_out(f'COPY {TABLE} TO STDOUT (FORMAT {form})') as copy:
        return len(list(copy.rows()))


def psycopg_in(connection, rows, form):
    cursor = connection.cursor()
    with cursor.copy(f'COPY {TABLE} FROM STDIN (FORMAT {form})') as copy:
        if form == 'binary':
            copy.set_types(['int4', 'text'])
        for row in rows:
            copy.write_row(row)
    return cursor.rowcount


def psycopg_out(connection, form):
    with connection.cursor().copy(f'COPY {TABLE} TO STDOUT (FORMAT {form})') as copy:
        copy.set_types(['int4', 'text'])
        return len(list(copy.rows()))


def contestants(connection, conninfo, stack, rows):
    came_in, went_out = [], []
    columns = [list(column) for column in zip(*rows)]
    with contextlib.suppress(ImportError):
        import psycopg
        if psycopg.pq.__impl__ != 'python':
            other = stack.enter_context(psycopg.connect(conninfo, autocommit=True))
            for form in 'text', 'binary':
                came_in.append((f'psycopg, {form}', lambda form=form: psycopg_in(other, rows, form), 0))
                went_out.append((f'psycopg, {form}', lambda form=form: psycopg_out(other, form), 0))
    with contextlib.suppress(ImportError):
        import asyncpg
        loop = asyncio.new_event_loop()
        keywords = dict(part.split('=', 1) for part in shlex.split(conninfo))
        keywords['database'] = keywords.pop('dbname')
        third = loop.run_until_complete(asyncpg.connect(**keywords))
        stack.callback(lambda: (loop.run_until_complete(third.close()), loop.close()))
        came_in.append(('asyncpg, binary', lambda: int(loop.run_until_complete(third.copy_records_to_table(TABLE, records=rows)).split()[1]), 0))
    for form in 'text', 'binary':
        budget = 1 if came_in else 0
        came_in.append((f'write_row(), {form}', lambda form=form: rows_in(connection, rows, form), budget))
        came_in.append((f'write_rows(), {form}', lambda form=form: many_in(connection, rows, form), budget))
        came_in.append((f'write_columns(), {form}', lambda form=form: columns_in(connection, columns, form), budget))
        went_out.append((f'rows(), {form}', lambda form=form: rows_out(connection, form), 0))
    return came_in, went_out


def measure(function, n_rows):
    wall, cpu = time.perf_counter(), time.process_time()
    n = function()
    times = time.perf_counter() - wall, time.process_time() - cpu
    assert n == n_rows, 'the rows are not all of them'
    return times


def compare(title, found, n_rows, n_rounds, prepare):
    times = [[] for _ in found]
    for round_ in range(n_rounds):
        order = range(len(found)) if round_ % 2 == 0 else reversed(range(len(found)))
        for index in order:
            prepare()
            times[index].append(measure(found[index][1], n_rows))
    for (label, _function, budget), own in zip(found, times):
        wall, cpu = (statistics.median(pair[i] for pair in own) * 1e6 for i in (0, 1))
        ratios = [statistics.median(pair[i] / max(first[i], 1e-9) for pair, first in zip(own, times[0])) for i in (0, 1)]
        over = '' if not budget else f' {budget:7.2f}{"  over" if ratios[0] > budget else ""}'
        print(f'{title:<34} {label:<28} {wall:10.2f} {cpu:10.2f} {ratios[0]:7.3f} {ratios[1]:7.3f}{over}')


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
        rows = fill(connection, options.rows)
        came_in, went_out = contestants(connection, conninfo, stack, rows)
        if not options.no_header:
            print(f'{"work":<34} {"by":<28} {"wall µs":>10} {"CPU µs":>10} {"wall ×":>7} {"CPU ×":>7}  budget')
        compare(f'COPY in, {options.rows} x 2, Python', came_in, options.rows, options.rounds, lambda: connection.execute(f'TRUNCATE {TABLE}'))
        connection.execute(f'TRUNCATE {TABLE}')
        rows_in(connection, rows, 'text')
        compare(f'COPY out, {options.rows} x 2, Python', went_out, options.rows, options.rounds, lambda: None)


if __name__ == '__main__':
    main()
