# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server for the program, a database for each test, and connections that are closed at the end of it."""

import contextlib
import gc
import threading
import time
import unittest

import gi

gi.require_version('Pg', '1.0')
from gi.repository import GLib, Pg  # noqa: E402

_server = None


def get_server():
    global _server
    if _server is None:
        _server = Pg.TestServer()
        _server.up(None)
        unittest.addModuleCleanup(stop_server)
    return _server


def stop_server():
    global _server
    _server.down()
    _server = None


def is_dead(reference, seconds=60):
    """Whether a weak reference dies, as it has to when nothing else refers to the object."""
    end = time.monotonic() + seconds
    while reference() is not None and time.monotonic() < end:
        gc.collect()
        GLib.MainContext.default().iteration(False)
    return reference() is None


def iterate_until(condition, seconds=60):
    """Runs the main context until a condition holds."""
    end = time.monotonic() + seconds
    tick = GLib.timeout_add(50, lambda: True)
    try:
        while not condition():
            if time.monotonic() > end:
                raise AssertionError('it does not happen')
            GLib.MainContext.default().iteration(True)
    finally:
        GLib.source_remove(tick)


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.conninfo = get_server().create_database(None)

    def connect(self, conninfo=None, **keywords):
        connection = Pg.connect(self.conninfo if conninfo is None else conninfo, **keywords)
        self.addCleanup(connection.close)
        return connection

    def sleeps(self, pid):
        """Whether a session is in pg_sleep(): a cancel request reaches it, as it may not while the server still reads the statement."""
        return self.ask('SELECT wait_event FROM pg_stat_activity WHERE pid = %s', [pid]) == [('PgSleep',)]

    def when_sleeps(self, pid, function):
        """A thread that calls a function then."""
        def run():
            while not self.sleeps(pid):
                time.sleep(0.01)
            function()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    @contextlib.contextmanager
    def locked(self):
        """Nobody else gets the advisory lock 1 in this time."""
        with Pg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute('SELECT pg_advisory_lock(1)')
            yield

    def ask(self, query, params=None):
        """What another session sees."""
        with Pg.connect(self.conninfo, autocommit=True) as connection:
            return connection.execute(query, params).fetchall()


def run_threads(*functions):
    """What the functions raise, each in a thread of its own."""
    errors = []

    def run(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)
    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
