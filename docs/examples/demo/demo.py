#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demonstration in Python. demo.c, which also says what it does, and demo.js are the same program in C and JavaScript.

demo.py show|notify
"""

import os
import platform
import sys
import threading
import time

import gi

gi.require_version('Pg', '1.0')
from gi.repository import Gio, GLib, Pg  # noqa: E402

LANGUAGES = 3
LANGUAGE = 'Python'


def open_connection(**options):
    conn = Pg.connect(os.environ.get('DATABASE_URL', ''), **options)
    conn.execute("SELECT set_config('search_path', %s, false)", [os.environ['DEMO_SCHEMA']])
    conn.commit()
    return conn


def print_step(what, outcome, seconds):
    print(f'{what:<44} {seconds * 1000:9.1f} ms   {outcome}')


def print_result(cursor):
    lines = [[column.name for column in cursor.description]]
    lines += [['NULL' if value is None else str(value) for value in row] for row in cursor]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ['-' * width for width in widths])
    for line in lines:
        print(''.join(f'  {cell:<{width}}' for cell, width in zip(line, widths)).rstrip())


def versions(conn):
    server, libpq = conn.props.server_version, Pg.Capabilities.get_default().props.libpq_version
    print(f'pgconn {Pg.MAJOR_VERSION}.{Pg.MINOR_VERSION}.{Pg.MICRO_VERSION}, PostgreSQL {server // 10000}.{server % 10000}, '
          f'libpq {libpq // 10000}.{libpq % 10000}, PyGObject {gi.__version__}, Python {platform.python_version()}\n')


def queries(conn):
    start = time.monotonic()
    countries = conn.execute('SELECT code, name, numeric_code FROM country WHERE name LIKE %s ORDER BY name', ['Ne%'])
    between = time.monotonic()
    characters = conn.execute('SELECT category, count(*) AS characters, max(length(name)) AS longest_name FROM character '
                              'WHERE category = ANY (%(wanted)s) GROUP BY category ORDER BY category', {'wanted': ['Sc', 'Sm', 'Zs']})
    end = time.monotonic()

    print_result(countries)
    print()
    print_result(characters)
    print()
    print_step('query with a text parameter', '', between - start)
    print_step('query with an array parameter', '', end - between)


def rollback(conn):
    start = time.monotonic()
    deleted = conn.execute('DELETE FROM currency').rowcount
    conn.rollback()
    (count,), = conn.execute('SELECT count(*) FROM currency')
    conn.commit()
    print_step('transaction that is rolled back', f'{deleted} deleted, {count} there after the rollback', time.monotonic() - start)


def violation(conn):
    start = time.monotonic()
    try:
        conn.execute('INSERT INTO country (code, name) VALUES (%s, %s)', ['NL', 'Netherlands again'])
    except Pg.errors.UniqueViolation as e:
        error = e
    else:
        raise RuntimeError('the second Netherlands were not refused')
    conn.rollback()
    print_step('unique violation', f'{error.sqlstate}, constraint {error.diag.get_constraint_name()}', time.monotonic() - start)


def cancel(conn):
    start = time.monotonic()
    cancellable = Gio.Cancellable()
    threading.Timer(0.2, cancellable.cancel).start()
    try:
        conn.execute('SELECT pg_sleep(60)', cancellable=cancellable)
    except GLib.Error as e:
        if not e.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
            raise
        error = e
    else:
        raise RuntimeError('the statement was not cancelled')
    conn.rollback()
    print_step('60 second statement, cancelled after 200 ms', error.message, time.monotonic() - start)


def show():
    with open_connection() as conn:
        versions(conn)
        queries(conn)
        rollback(conn)
        violation(conn)
        cancel(conn)


def notify():
    loop = GLib.MainLoop()
    conn = open_connection(autocommit=True)
    received = []

    def on_notification(conn, notification):
        if notification.get_pid() == conn.props.backend_pid:
            return
        received.append(notification.get_payload())
        print(f'{LANGUAGE:<12} received  {received[-1]}', flush=True)
        if len(received) == LANGUAGES - 1:
            loop.quit()

    def greet():
        conn.execute("SELECT pg_notify('demo', %s)", [f'greetings from {LANGUAGE}'])
        return GLib.SOURCE_REMOVE

    def ask_who_is_ready():
        (ready,), = conn.execute('SELECT count(*) FROM ready')
        if ready < LANGUAGES:
            return GLib.SOURCE_CONTINUE
        # All listen: from here on this program is idle, but for its own notification.
        GLib.timeout_add(600, greet)
        return GLib.SOURCE_REMOVE

    conn.connect('notification::demo', on_notification)
    # Also without a call: the main loop watches the connection.
    conn.attach(None)
    conn.execute('LISTEN demo')
    conn.execute('INSERT INTO ready VALUES (%s)', [LANGUAGE])
    GLib.timeout_add(20, ask_who_is_ready)
    loop.run()
    conn.close()


if __name__ == '__main__':
    verbs = {'show': show, 'notify': notify}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit('usage: demo.py show|notify')
    verbs[sys.argv[1]]()
