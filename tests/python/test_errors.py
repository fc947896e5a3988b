# SPDX-License-Identifier: LGPL-2.1-or-later

import pickle
import unittest

from gi.repository import Gio, GLib

from support import Pg, ServerTest


class ErrorTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def fail_with(self, query, params=None):
        with self.assertRaises(GLib.Error) as caught:
            self.connection.execute(query, params)
        return caught.exception

    def test_class_and_diagnostic(self):
        self.connection.execute('CREATE TABLE t (i int CONSTRAINT only_once UNIQUE)')
        self.connection.execute('INSERT INTO t VALUES (1)')
        with self.assertRaises(Pg.errors.UniqueViolation) as caught:
            self.connection.execute('INSERT INTO t VALUES (1)')
        error = caught.exception
        self.assertEqual(error.sqlstate, '23505')
        self.assertEqual(error.diag.constraint_name, 'only_once')
        self.assertEqual(error.diag.table_name, 't')
        self.assertEqual(error.diag.schema_name, 'public')
        self.assertEqual(error.diag.severity_nonlocalized, 'ERROR')
        self.assertIn('(1)', error.diag.message_detail)
        self.assertIsNone(error.diag.message_hint)
        self.assertEqual(str(error), error.message)
        self.assertIn('only_once', str(error))
        self.assertIn('only_once', repr(error))
        self.assertIn('DETAIL', str(error.diag))

    def test_is_a_glib_error_too(self):
        error = self.fail_with('SELECT 1/0')
        self.assertTrue(error.matches(Pg.error_quark(), Pg.Error.DIVISION_BY_ZERO))
        self.assertFalse(error.matches(Pg.error_quark(), Pg.Error.UNIQUE_VIOLATION))
        self.assertEqual(error.message, 'division by zero')
        self.assertEqual(Pg.error_get_sqlstate(error), '22012')

    def test_hierarchy(self):
        self.assertTrue(issubclass(Pg.DbError, GLib.Error))
        for cls in (Pg.InterfaceError, Pg.DatabaseError):
            self.assertEqual(cls.__bases__, (Pg.DbError,))
        for cls in (Pg.DataError, Pg.OperationalError, Pg.IntegrityError, Pg.InternalError, Pg.ProgrammingError, Pg.NotSupportedError):
            self.assertEqual(cls.__bases__, (Pg.DatabaseError,))
        for query, cls in (('SELECT 1/0', Pg.DataError), ('SELEC', Pg.ProgrammingError), ('SELECT * FROM missing', Pg.ProgrammingError),
                           ("SELECT '{'::json", Pg.DataError), ('SAVEPOINT s', Pg.InternalError)):
            with self.subTest(query):
                self.assertIsInstance(self.fail_with(query), cls)
                self.assertEqual(type(self.fail_with(query)).__mro__[1], cls)

    def test_every_condition_has_a_class(self):
        names = [name for name in dir(Pg.errors) if name[0].isupper()]
        self.assertGreater(len(names), 250)
        for name in names:
            cls = getattr(Pg.errors, name)
            self.assertTrue(issubclass(cls, Pg.DbError), name)
            self.assertIs(getattr(Pg.errors, name), cls)
        with self.assertRaises(AttributeError):
            Pg.errors.NoSuchCondition

    def test_names(self):
        for name, sqlstate, base in (('UniqueViolation', '23505', Pg.IntegrityError), ('SerializationFailure', '40001', Pg.OperationalError),
                                     ('InFailedSqlTransaction', '25P02', Pg.InternalError), ('UndefinedTable', '42P01', Pg.ProgrammingError),
                                     ('FeatureNotSupported', '0A000', Pg.NotSupportedError), ('AdminShutdown', '57P01', Pg.OperationalError),
                                     ('InternalError_', 'XX000', Pg.InternalError), ('SyntaxError', '42601', Pg.ProgrammingError)):
            with self.subTest(name):
                cls = getattr(Pg.errors, name)
                self.assertEqual((cls.__name__, cls.sqlstate, cls.__bases__), (name, sqlstate, (base,)))
                self.assertIs(Pg.errors.lookup(sqlstate), cls)
                self.assertIs(Pg.errors.lookup(sqlstate.lower()), cls)
        self.assertIs(Pg.errors.lookup('unique_violation'), Pg.errors.UniqueViolation)
        self.assertIs(Pg.errors.IntegrityError, Pg.IntegrityError)
        for name in ('23999', 'ZZZZZ', 'no_such_condition', '', 'é2345'):
            with self.subTest(name), self.assertRaises(KeyError):
                Pg.errors.lookup(name)

    def test_conditions_of_the_programs_own(self):
        def fail(sqlstate):
            return self.fail_with(f"DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = '{sqlstate}', HINT = 'a hint'; END $$")
        error = fail('23999')
        self.assertEqual((error.sqlstate, error.diag.message_hint), ('23999', 'a hint'))
        self.assertIsInstance(error, Pg.IntegrityError)
        error = fail('U0001')
        self.assertEqual(error.sqlstate, 'U0001')
        self.assertIsInstance(error, Pg.DatabaseError)
        self.assertIsInstance(fail('P0001'), Pg.errors.RaiseException)

    def test_errors_of_the_client(self):
        error = self.fail_with('SELECT %s', [])
        self.assertIs(type(error), Pg.ProgrammingError)
        self.assertIsNone(error.sqlstate)
        self.assertIsNone(error.diag)
        # Not that of the failure before.
        self.fail_with('SELECT 1/0')
        self.assertIsNone(self.fail_with('SELECT %s', []).diag)
        error = self.fail_with('COPY (SELECT 1) TO STDOUT')
        self.assertIsInstance(error, Pg.ProgrammingError)
        self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))

    def test_execute_params(self):
        params = Pg.Params.new()
        params.add_int32(0)
        cursor = self.connection.cursor()
        for execute in (self.connection.execute_params, cursor.execute_params):
            with self.assertRaises(Pg.errors.DivisionByZero) as caught:
                execute('SELECT 1 / $1', params)
            self.assertEqual(caught.exception.diag.sqlstate, '22012')
            with self.assertRaises(Pg.ProgrammingError):
                execute('SELECT 1', params, None)
            with self.assertRaises(Pg.DataError):
                execute("SELECT $1, '\udc80'", params)
        self.assertEqual(self.connection.execute_params('SELECT $1 + 1', params).fetchone(), (1,))
        self.assertTrue(cursor.execute_params('SELECT $1 + 2', params, None))
        self.assertEqual(cursor.fetchone(), (2,))
        cursor.close()
        with self.assertRaises(Pg.InterfaceError):
            cursor.execute_params('SELECT $1', params)
        self.connection.close()
        with self.assertRaises(Pg.OperationalError):
            self.connection.execute_params('SELECT $1', params)

    def test_lost_connection(self):
        self.connection.execute('SELECT 1')
        self.ask('SELECT pg_terminate_backend(%s, 5000)', [self.connection.backend_pid])
        with self.assertRaises(Pg.OperationalError) as caught:
            self.connection.execute('SELECT 1')
        self.assertEqual(caught.exception.sqlstate, '57P01')
        self.assertTrue(self.connection.broken)
        with self.assertRaises(Pg.OperationalError) as caught:
            self.connection.execute('SELECT 1')
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))

    def test_made_by_a_program(self):
        error = Pg.errors.UniqueViolation('a message')
        self.assertEqual((error.message, error.sqlstate, error.diag), ('a message', '23505', None))
        self.assertTrue(error.matches(Pg.error_quark(), Pg.Error.UNIQUE_VIOLATION))
        self.assertTrue(Pg.TimedOutError().matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT))
        self.assertTrue(Pg.ProgrammingError().matches(Pg.error_quark(), Pg.Error.PROGRAMMING))

    def test_pickle(self):
        error = self.fail_with('SELECT 1/0')
        again = pickle.loads(pickle.dumps(error))
        self.assertIs(type(again), Pg.errors.DivisionByZero)
        self.assertEqual((again.message, again.code, again.sqlstate, again.diag), (error.message, error.code, '22012', None))

    def test_failed_transaction(self):
        self.connection.autocommit = False
        self.fail_with('SELECT 1/0')
        self.assertEqual(self.connection.transaction_status, Pg.TransactionStatus.INERROR)
        self.assertIsInstance(self.fail_with('SELECT 1'), Pg.errors.InFailedSqlTransaction)
        self.connection.rollback()
        self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))


if __name__ == '__main__':
    unittest.main()
