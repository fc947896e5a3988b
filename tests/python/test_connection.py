# SPDX-License-Identifier: LGPL-2.1-or-later

import logging
import os
import threading
import time
import unittest
import weakref

from gi.repository import Gio, GLib, GObject

from support import Pg, ServerTest, get_server, is_dead


class ConnectTest(ServerTest):
    def test_conninfo(self):
        connection = self.connect()
        self.assertIsInstance(connection, Pg.Connection)
        self.assertFalse(connection.closed)
        self.assertEqual(connection.transaction_status, Pg.TransactionStatus.IDLE)
        self.assertGreaterEqual(connection.server_version, 130000)
        self.assertIn('dbname=', connection.conninfo)
        self.assertEqual(connection.execute('SELECT pg_backend_pid()').fetchone(), (connection.backend_pid,))
        self.assertTrue(os.fstat(connection.fileno()))

    def test_ways_to_open(self):
        for connection in (Pg.Connection.open(self.conninfo), Pg.Connection.open(self.conninfo, None), Pg.Connection.connect(self.conninfo),
                           Pg.Connection.open(self.conninfo, autocommit=True)):
            with connection:
                self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))

    def test_keywords(self):
        name = "it's a \\ \"name\" = x & y ? # %41"
        connection = self.connect(application_name=name, connect_timeout=7, keepalives=True, options=None)
        self.assertEqual(connection.execute('SHOW application_name').fetchone(), (name,))
        self.assertIn("connect_timeout='7'", connection.conninfo)
        self.assertIn("keepalives='1'", connection.conninfo)

    def test_keywords_take_the_place_of_those_in_the_string(self):
        connection = self.connect(self.conninfo + " application_name='first'", application_name='second')
        self.assertEqual(connection.execute('SHOW application_name').fetchone(), ('second',))

    def test_uri(self):
        name = "a&b=c d?%e#f'\\"
        directory = get_server().get_socket_directory()
        host = directory.replace('/', '%2F')
        database = dict(part.split('=') for part in self.conninfo.split())['dbname']
        port = get_server().get_port()
        for uri in (f'postgresql://postgres@{host}:{port}/{database}', f'postgres://postgres@{host}:{port}/{database}?application_name=first',
                    f'postgresql://postgres:p%3F?w@{host}:{port}/{database}'):
            with self.subTest(uri=uri):
                connection = self.connect(uri, application_name=name)
                self.assertEqual(connection.execute('SELECT current_setting(%s), current_database()', ['application_name']).fetchone(),
                                 (name, database))

    def test_settings(self):
        connection = self.connect(autocommit=True, isolation_level=Pg.IsolationLevel.SERIALIZABLE, read_only=True, deferrable=False,
                                  prepare_threshold=None, prepared_max=3, timeout=2.5, cancel_timeout=1)
        self.assertIs(connection.autocommit, True)
        self.assertEqual(connection.isolation_level, Pg.IsolationLevel.SERIALIZABLE)
        self.assertIs(connection.read_only, True)
        self.assertIs(connection.deferrable, False)
        self.assertIsNone(connection.prepare_threshold)
        self.assertEqual(connection.prepared_max, 3)
        self.assertEqual(connection.timeout, 2.5)
        self.assertEqual(connection.props.timeout, 2500)
        self.assertEqual(connection.cancel_timeout, 1)

    def test_settings_by_default(self):
        connection = self.connect()
        self.assertIs(connection.autocommit, False)
        for name in ('isolation_level', 'read_only', 'deferrable', 'timeout'):
            self.assertIsNone(getattr(connection, name), name)
        self.assertEqual(connection.prepare_threshold, 5)
        self.assertEqual(connection.prepared_max, 100)

    def test_failures(self):
        with self.assertRaises(Pg.ProgrammingError):
            Pg.connect(self.conninfo, no_such_keyword=1)
        with self.assertRaises(Pg.OperationalError) as caught:
            Pg.connect('host=/nonexistent')
        self.assertIn('/nonexistent', str(caught.exception))
        with self.assertRaises(Pg.errors.InvalidCatalogName) as caught:
            Pg.connect(self.conninfo, dbname='missing')
        self.assertEqual(caught.exception.sqlstate, '3D000')
        self.assertEqual(caught.exception.diag.sqlstate, '3D000')
        with self.assertRaises(ValueError):
            Pg.connect(self.conninfo, timeout=-1)
        with self.assertRaises(ValueError):
            Pg.connect(self.conninfo, isolation_level=9)

    def test_wrong_types(self):
        for value in ('x', 1, 0, []):
            with self.subTest(value), self.assertRaisesRegex(TypeError, '^autocommit must be True or False, not '):
                Pg.connect(self.conninfo, autocommit=value)
        self.assertIs(self.connect(autocommit=None).autocommit, False)
        connection = self.connect()
        for value in ('no', 1, None):
            with self.subTest(value), self.assertRaisesRegex(TypeError, 'autocommit must be True or False'):
                connection.autocommit = value
            with self.subTest(value), self.assertRaisesRegex(TypeError, 'autocommit must be True or False'):
                connection.set_autocommit(value)
        self.assertIs(connection.autocommit, False)
        for conninfo in (None, b'', 1, {}):
            with self.subTest(conninfo), self.assertRaisesRegex(TypeError, f'^conninfo must be a str, not {type(conninfo).__name__}$'):
                Pg.connect(conninfo)

    def test_descriptor(self):
        connection = self.connect()
        self.assertEqual(connection.get_fd(), connection.fileno())
        connection.close()
        for function in (connection.get_fd, connection.fileno):
            with self.assertRaises(Pg.OperationalError) as caught:
                function()
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))

    def test_zero_character(self):
        for arguments, keywords in (((self.conninfo + '\0',), {}), ((self.conninfo,), {'application_name': 'a\0b'})):
            with self.assertRaisesRegex(Pg.ProgrammingError, 'zero character'):
                Pg.connect(*arguments, **keywords)

    def test_password_is_not_seen(self):
        with self.assertRaises(Pg.DbError) as caught:
            Pg.connect('host=/nonexistent', password='s3cret')
        self.assertNotIn('s3cret', repr(caught.exception) + str(caught.exception))

    def test_connect_of_a_connection_is_for_signals(self):
        connection = self.connect()
        seen = []
        handlers = [connection.connect('notice', lambda *args: seen.append(args)),
                    Pg.Connection.connect(connection, 'notice', lambda *args: seen.append(args)),
                    GObject.Object.connect(connection, 'notice', lambda *args: seen.append(args))]
        connection.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
        self.assertEqual(len(seen), 3)
        for handler in handlers:
            connection.disconnect(handler)

    def test_dbapi(self):
        self.assertEqual((Pg.apilevel, Pg.threadsafety, Pg.paramstyle), ('2.0', 2, 'pyformat'))
        connection = self.connect()
        with self.assertRaises(connection.Error):
            connection.execute('SELEC 1')
        for name in ('Error', 'InterfaceError', 'DatabaseError', 'DataError', 'OperationalError', 'IntegrityError', 'InternalError',
                     'ProgrammingError', 'NotSupportedError'):
            self.assertTrue(issubclass(getattr(Pg.Connection, name), Pg.DbError), name)


class WithTest(ServerTest):
    def setUp(self):
        super().setUp()
        with Pg.connect(self.conninfo) as connection:
            connection.execute('CREATE TABLE t (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)')

    def test_commits_and_closes(self):
        with Pg.connect(self.conninfo) as connection:
            connection.execute('INSERT INTO t VALUES (1)')
        self.assertTrue(connection.closed)
        self.assertFalse(connection.broken)
        self.assertEqual(self.ask('SELECT i FROM t'), [(1,)])

    def test_rolls_back_and_closes_after_an_exception(self):
        with self.assertRaises(ZeroDivisionError):
            with Pg.connect(self.conninfo) as connection:
                connection.execute('INSERT INTO t VALUES (1)')
                1 / 0
        self.assertTrue(connection.closed)
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_typo_leaves_it_clean(self):
        with self.assertRaises(Pg.errors.SyntaxError):
            with Pg.connect(self.conninfo) as connection:
                connection.execute('INSERT INTO t VALUES (1)')
                connection.execute('SELCT 1')
        self.assertTrue(connection.closed)
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_failed_commit_closes_too(self):
        with self.assertRaises(Pg.errors.UniqueViolation):
            with Pg.connect(self.conninfo) as connection:
                connection.execute('INSERT INTO t VALUES (1), (1)')
        self.assertTrue(connection.closed)
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_commit_of_a_failed_transaction_is_an_error(self):
        with self.assertRaises(Pg.errors.TransactionRolledBack):
            with Pg.connect(self.conninfo) as connection:
                connection.execute('INSERT INTO t VALUES (1)')
                with self.assertRaises(Pg.errors.DivisionByZero):
                    connection.execute('SELECT 1/0')
        self.assertTrue(connection.closed)

    def test_closed_in_the_block(self):
        with Pg.connect(self.conninfo) as connection:
            connection.execute('INSERT INTO t VALUES (1)')
            connection.close()
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_failed_rollback_is_logged_and_not_raised(self):
        with self.assertLogs('pgconn', logging.WARNING), self.assertRaises(ZeroDivisionError):
            with Pg.connect(self.conninfo, timeout=20) as connection:
                connection.execute('SELECT 1')
                self.ask('SELECT pg_terminate_backend(%s, 5000)', [connection.backend_pid])
                1 / 0
        self.assertTrue(connection.closed)

    def test_test_server(self):
        with Pg.TestServer() as server:
            with Pg.connect(server.conninfo) as connection:
                self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))
            pid = server.get_pid()
            os.kill(pid, 0)
        with self.assertRaises(ProcessLookupError):
            os.kill(pid, 0)
        with self.assertRaises(Pg.OperationalError):
            Pg.connect(connection.conninfo)


class SettingsTest(ServerTest):
    def test_assignment(self):
        connection = self.connect()
        connection.autocommit = True
        self.assertIs(connection.autocommit, True)
        connection.execute('SELECT 1')
        self.assertEqual(connection.transaction_status, Pg.TransactionStatus.IDLE)
        connection.autocommit = False
        connection.isolation_level = Pg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.deferrable = False
        self.assertEqual(connection.isolation_level, Pg.IsolationLevel.REPEATABLE_READ)
        self.assertEqual(connection.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
                         .fetchone(), ('repeatable read', 'on'))
        connection.rollback()
        connection.isolation_level = connection.read_only = connection.deferrable = None
        self.assertEqual((connection.isolation_level, connection.read_only, connection.deferrable), (None, None, None))
        self.assertEqual(connection.execute('SHOW transaction_isolation').fetchone(), ('read committed',))

    def test_methods(self):
        connection = self.connect()
        connection.set_autocommit(True)
        connection.set_autocommit(False, None)
        connection.set_isolation_level(4)
        connection.set_read_only(Pg.Tristate.OFF)
        connection.set_deferrable(True)
        self.assertEqual(connection.isolation_level, Pg.IsolationLevel.SERIALIZABLE)
        self.assertIs(connection.read_only, False)
        self.assertIs(connection.deferrable, True)

    def test_in_a_transaction(self):
        connection = self.connect()
        connection.execute('SELECT 1')
        for name, value in (('autocommit', True), ('isolation_level', 1), ('read_only', True), ('deferrable', True)):
            with self.subTest(name), self.assertRaisesRegex(Pg.ProgrammingError, 'INTRANS'):
                setattr(connection, name, value)
        connection.rollback()
        connection.autocommit = True

    def test_wrong_values(self):
        connection = self.connect()
        for value in (5, -1, 'SERIALIZABLE'):
            with self.subTest(value), self.assertRaises(ValueError):
                connection.isolation_level = value
        with self.assertRaises(ValueError):
            connection.timeout = -0.1

    def test_read_only_attributes(self):
        connection = self.connect()
        for name in ('closed', 'broken', 'backend_pid', 'transaction_status'):
            with self.subTest(name), self.assertRaises(AttributeError):
                setattr(connection, name, 1)

    def test_timeout(self):
        connection = self.connect(autocommit=True)
        connection.timeout = 0.0001
        self.assertEqual(connection.props.timeout, 1)
        connection.timeout = 0.2
        start = time.monotonic()
        with self.assertRaises(Pg.TimedOutError) as caught:
            connection.execute('SELECT pg_sleep(300)')
        self.assertLess(time.monotonic() - start, 60)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT))
        self.assertIsInstance(caught.exception, Pg.OperationalError)
        connection.timeout = None
        self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))

    def test_prepare(self):
        connection = self.connect()
        connection.execute('SELECT %s::int', [1], prepare=True)
        connection.execute('SELECT %s::int + 1', [1])
        self.assertEqual(connection.execute('SELECT count(*) FROM pg_prepared_statements', prepare=False).fetchone(), (1,))


class LifeTest(ServerTest):
    def test_closed(self):
        connection = self.connect()
        cursor = connection.execute('SELECT 1')
        connection.close()
        connection.close()
        self.assertEqual(cursor.fetchall(), [(1,)])
        for function in (lambda: connection.execute('SELECT 1'), connection.commit, connection.cursor, connection.fileno,
                         lambda: cursor.execute('SELECT 1')):
            with self.assertRaises(Pg.OperationalError) as caught:
                function()
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))

    def test_rows_outlive_the_connection(self):
        connection = self.connect()
        row = connection.execute("SELECT 'text', ARRAY[1, 2], '\\x00ff'::bytea").get_result()[0]
        connection.close()
        del connection
        self._cleanups.clear()
        self.assertEqual(tuple(row), ('text', [1, 2], b'\0\xff'))

    def test_nothing_is_left(self):
        connection = Pg.connect(self.conninfo)
        cursor = connection.execute("SELECT generate_series(1, 10)")
        next(cursor)
        result = cursor.get_result()
        row = result[1]
        self.assertEqual(list(row), [2])
        with self.assertRaises(Pg.DbError):
            connection.execute('SELECT 1/0')
        connection.connect('notice', lambda *_args: None)
        references = [weakref.ref(thing) for thing in (connection, cursor, result, row)]
        del connection, cursor, result, row
        for reference in references:
            self.assertTrue(is_dead(reference))

    def test_nothing_is_left_of_the_objects_of_the_library(self):
        gone = []
        connection = Pg.connect(self.conninfo)
        cursor = connection.execute('SELECT 1')
        cursor.fetchall()
        for name, thing in (('connection', connection), ('cursor', cursor), ('result', cursor.get_result())):
            thing.weak_ref(gone.append, name)
        del connection, cursor, thing
        GLib.MainContext.default().iteration(False)
        self.assertEqual(sorted(gone), ['connection', 'cursor', 'result'])

    def test_session_ends_with_the_connection(self):
        connection = Pg.connect(self.conninfo)
        pid = connection.backend_pid
        del connection
        end = time.monotonic() + 60
        while self.ask('SELECT 1 FROM pg_stat_activity WHERE pid = %s', [pid]):
            self.assertLess(time.monotonic(), end)


class ThreadTest(ServerTest):
    def test_shared_connection(self):
        connection = self.connect()
        connection.execute('CREATE TABLE t (thread int, i int)')
        problems = []

        def work(thread):
            try:
                for i in range(50):
                    connection.execute('INSERT INTO t VALUES (%s, %s)', [thread, i])
                    assert connection.execute('SELECT %s * 1000 + %s', [thread, i]).fetchone() == (thread * 1000 + i,)
            except BaseException as error:
                problems.append(error)

        threads = [threading.Thread(target=work, args=[thread]) for thread in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(problems, [])
        self.assertEqual(connection.execute('SELECT count(*), count(DISTINCT (thread, i)) FROM t').fetchone(), (400, 400))

    def test_errors_are_those_of_the_thread(self):
        connection = self.connect(autocommit=True)
        problems = []
        conditions = [('SELECT 1/0', '22012'), ("SELECT 'x'::int", '22P02'), ('SELECT missing', '42703'), ('SELEC', '42601')]

        def work(query, sqlstate):
            for _i in range(50):
                try:
                    connection.execute(query)
                except Pg.DbError as error:
                    # The diagnostic may have been another thread's, and is left out then, but never is it that one.
                    if error.sqlstate != sqlstate or (error.diag is not None and error.diag.sqlstate != sqlstate):
                        problems.append((query, error))

        threads = [threading.Thread(target=work, args=condition) for condition in conditions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(problems, [])

    def test_other_threads_run_while_a_call_blocks(self):
        connection = self.connect()
        ticks = []
        thread = threading.Thread(target=connection.execute, args=['SELECT pg_sleep(0.5)'])
        thread.start()
        while thread.is_alive():
            ticks.append(1)
            time.sleep(0.01)
        thread.join()
        self.assertGreater(len(ticks), 10)

    def test_cancellable(self):
        connection = self.connect(autocommit=True)
        cancellable = Gio.Cancellable()
        timer = threading.Timer(0.2, cancellable.cancel)
        timer.start()
        start = time.monotonic()
        with self.assertRaises(GLib.Error) as caught:
            connection.execute('SELECT pg_sleep(300)', None, cancellable)
        timer.join()
        self.assertLess(time.monotonic() - start, 60)
        self.assertIsInstance(caught.exception, Pg.CancelledError)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))
        self.assertEqual(self.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"), [(0,)])

    def test_repr(self):
        connection = self.connect(row_factory=Pg.dict_row)
        self.assertRegex(repr(connection), r"^<Pg\.Connection \[idle\] \(.*dbname=\w+.*\)>$")
        cursor = connection.execute('SELECT 1')
        self.assertRegex(repr(cursor), r'^<Pg\.Cursor \[open\] of <Pg\.Connection \[intrans\] \(.*\)>>$')
        with connection.pipeline():
            self.assertIn('in a pipeline]', repr(connection))
        cursor.close()
        connection.close()
        self.assertRegex(repr(cursor), r'^<Pg\.Cursor \[closed\] of <Pg\.Connection \[closed\]')
        self.assertEqual(repr(Pg.Connection(conninfo='password=secret')), '<Pg.Connection [closed]>')

    def test_cancellable_that_is_cancelled_already(self):
        connection = self.connect()
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        for function in (lambda: connection.execute('SELECT 1', cancellable=cancellable), lambda: connection.commit(cancellable),
                         lambda: Pg.connect(self.conninfo, cancellable=cancellable)):
            with self.assertRaises(GLib.Error) as caught:
                function()
            self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.assertEqual(connection.transaction_status, Pg.TransactionStatus.IDLE)

    def test_cancel(self):
        connection = self.connect(autocommit=True)
        for cancel in (connection.cancel, lambda: connection.cancel_safe(timeout=10)):
            thread = self.when_sleeps(connection.backend_pid, cancel)
            with self.assertRaises(Pg.errors.QueryCanceled):
                connection.execute('SELECT pg_sleep(300)')
            thread.join()
            self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))
        connection.cancel()
        connection.cancel_safe()


if __name__ == '__main__':
    unittest.main()
