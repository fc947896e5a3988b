# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every call that can fail does so with the exceptions of the library, never with a plain GLib.Error."""

import unittest

from gi.module import get_introspection_module
from gi.overrides import _pg_errors as Pg_errors
from gi.repository import GLib, Gio

from support import Pg, ServerTest

_FUNCTION = type(Gio.io_error_quark)
_library = get_introspection_module('Pg')


def _names():
    """The names of all that can fail: of each class, also of those that it inherits, and of the namespace."""
    for name in dir(_library):
        thing = getattr(_library, name)
        if isinstance(thing, type):
            for base in thing.__mro__:
                if hasattr(base, '__info__') and hasattr(base.__info__, 'get_methods'):
                    for method in base.__info__.get_methods():
                        if method.can_throw_gerror():
                            yield name, method.__name__
        elif isinstance(thing, _FUNCTION) and thing.can_throw_gerror():
            yield None, name


def _is_converted(function):
    # A function of Python's with no function of the library in it makes calls of its own, by _pg_errors.call() and the like.
    while not getattr(function, 'converts', False):
        # Bound to its class.
        function = getattr(function, '__func__', function)
        if isinstance(function, _FUNCTION):
            return not function.can_throw_gerror()
        if not hasattr(function, '__wrapped__'):
            return True
        function = function.__wrapped__
    return True


class Namespace(unittest.TestCase):
    def test_all(self):
        names = sorted({(cls or '', name) for cls, name in _names()})
        self.assertGreater(len(names), 200)
        self.assertIn(('Result', 'get_int64'), names)
        self.assertIn(('CopyOutputStream', 'splice'), names)
        self.assertIn(('', 'numeric_parse'), names)
        plain = [f'{cls}.{name}' for cls, name in names if not _is_converted(getattr(getattr(Pg, cls) if cls else Pg, name))]
        self.assertEqual(plain, [])

    def test_the_test(self):
        for function in (Gio.InputStream.read_bytes, Gio.InetAddressMask.new_from_string, Gio.Subprocess.new, Gio.Resource.load):
            with self.subTest(function=function):
                self.assertFalse(_is_converted(function))

    def test_values(self):
        for function in (Pg.Numeric.parse, Pg.numeric_parse, Pg.Interval.parse, Pg.Date.parse, Pg.Time.parse, Pg.Timestamp.parse, Pg.Inet.parse,
                         Pg.Inet.parse_cidr, Pg.BitString.parse, Pg.Point.parse, lambda text: Pg.Range.parse(text, Pg.OID_INT4),
                         lambda text: Pg.Array.parse(text, Pg.OID_INT4), Pg.Record.parse):
            with self.assertRaises(Pg.DbError) as caught:
                function('nonsense')
            self.assertIsInstance(caught.exception, Pg.DataError)
        self.assertEqual(str(Pg.Numeric.parse('1.50')), '1.50')
        with self.assertRaises(Pg.DataError):
            Pg.Date.new_from_ymd(2023, 2, 29)
        with self.assertRaises(Pg.DataError):
            Pg.Numeric.parse('1.5').to_int64()


class Calls(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def test_results(self):
        cursor = self.connection.execute("SELECT 'a' AS a, 7 AS i")
        result = cursor.get_result()
        row = result[0]
        for function, cls in ((lambda: result.get_int64(0, 0), Pg.DataError), (lambda: result.get_int64(5, 0), Pg.InterfaceError),
                              (lambda: result.is_null(0, 9), Pg.InterfaceError), (lambda: row.get_double(0), Pg.DataError),
                              (lambda: row.dup_text(5), Pg.InterfaceError), (lambda: result.dup_column_int64s(0, 0, -1), Pg.DataError),
                              (lambda: result.dup_column_texts(9, 0, -1), Pg.InterfaceError), (lambda: cursor.select_result(4), Pg.DbError),
                              (lambda: Pg.RowFactory.new_scalar().make(row, 9), Pg.DbError)):
            with self.subTest(cls=cls), self.assertRaises((cls, TypeError) if cls is Pg.DbError else cls):
                function()
        self.assertEqual((result.get_int64(0, 1), row.get_int64(1), row.dup_text(column=0)), (7, 7, 'a'))

    def test_diagnostic(self):
        for call in (lambda: self.connection.cursor().execute_statement(self.connection.prepare('SELECT 1/$1'), GLib.Variant('(i)', (0,)), None),
                     lambda: self.connection.fetch_type_by_oid(1, None)):
            with self.assertRaises(Pg.DbError) as caught:
                call()
            self.assertIsInstance(caught.exception, (Pg.errors.DivisionByZero, Pg.errors.UndefinedObject))
        self.assertIsNone(self.connection.cursor().get_result())
        with self.assertRaises(Pg.errors.DivisionByZero) as caught:
            self.connection.cursor().execute_statement(self.connection.prepare('SELECT 1/$1'), GLib.Variant('(i)', (0,)), None)
        self.assertEqual(caught.exception.diag.message_primary, 'division by zero')

    def test_gio(self):
        with self.connection.copy_out('COPY (SELECT 1) TO STDOUT') as copy:
            self.connection.close()
            with self.assertRaises(Pg.OperationalError):
                copy.read_bytes(10, None)

    def test_cancelled(self):
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        with self.assertRaises(Pg.CancelledError) as caught:
            self.connection.cursor().execute_statement(self.connection.prepare('SELECT 1'), None, cancellable)
        self.assertIsInstance(caught.exception, Pg.OperationalError)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_copy_in(self):
        """However it ends, what is raised is of the library's classes."""
        self.connection.execute('CREATE TABLE t (i int)')
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        for end, cls in ((lambda copy: copy.abort('enough'), Pg.CancelledError), (lambda _copy: None, None), (lambda copy: copy.close(cancellable), None),
                         (lambda copy: copy.write_row((object(),)), Pg.CancelledError), (lambda copy: copy.write('x\n'), Pg.errors.InvalidTextRepresentation),
                         (lambda copy: copy.splice(Gio.MemoryInputStream.new(), Gio.OutputStreamSpliceFlags.NONE, cancellable), None),
                         (lambda copy: copy.write_row_async(Pg.Params.new(), None, None), None), (lambda _copy: self.connection.close(), Pg.OperationalError)):
            with self.subTest(line=end.__code__.co_firstlineno, cls=cls):
                raised = None
                try:
                    with self.connection.copy_in('COPY t FROM STDIN') as copy:
                        try:
                            end(copy)
                            copy.write(b'')
                        except Pg.DbError:
                            pass
                except Pg.DbError as error:
                    raised = type(error)
                self.assertIs(raised, cls)
        self.assertEqual(self.ask('SELECT * FROM t'), [])

    def test_copy_out(self):
        cancellable = Gio.Cancellable()
        cancellable.cancel()
        with self.connection.copy_out('COPY (SELECT generate_series(1, 100000)) TO STDOUT') as copy:
            for call in (lambda: copy.read(10, cancellable), lambda: copy.read_bytes(10, cancellable), lambda: copy.skip(10, cancellable)):
                with self.assertRaises(Pg.CancelledError):
                    call()
        with self.assertRaises(Pg.NotSupportedError), self.connect().large_object(mode='w+b') as file:
            file.get_input_stream().truncate(0, None)

    def test_words(self):
        """Types have the names that Python has for them."""
        self.connection.execute('CREATE TABLE t (i int, s text)')
        for row, words in ((1.5, 'a'), 'type float cannot be sent as int4'), ((1, b'a'), 'type bytes cannot'), ((True, 'a'), 'type bool cannot'):
            with self.assertRaisesRegex(Pg.DbError, words), self.connection.copy_in('COPY t FROM STDIN (FORMAT binary)') as copy:
                copy.write_row(row)
        with self.assertRaisesRegex(Pg.DataError, 'cannot be read as Pg.Array'):
            self.connection.execute('SELECT 1').get_result().dup_array(0, 0)
        with self.assertRaisesRegex(Pg.errors.UndefinedTable, 'gdouble'):
            self.connection.execute('SELECT * FROM gdouble')

    def test_other_domains(self):
        error = Pg_errors.convert(GLib.Error('no such file', 'g-file-error-quark', 4))
        self.assertEqual((type(error), error.domain, error.code, str(error)), (Pg.OperationalError, 'g-file-error-quark', 4, 'no such file'))

    def test_signal(self):
        seen = []
        connection = self.connect(autocommit=True)
        connection.connect('disconnected', lambda _connection, error: seen.append(error))
        self.ask('SELECT pg_terminate_backend(%s)', [connection.backend_pid])
        with self.assertRaises(Pg.OperationalError):
            connection.execute('SELECT 1')
        self.assertIsInstance(seen[0], Pg.OperationalError)

    def finish(self, start, finish):
        """What the finish function of a call gives."""
        loop, results = GLib.MainLoop(), []

        def on_end(_source, result):
            results.append(result)
            loop.quit()

        start(on_end)
        loop.run()
        return finish(*results)

    def test_finish(self):
        def open(conninfo):
            return self.finish(lambda on_end: Pg.AsyncConnection.open_async(conninfo, None, on_end), Pg.AsyncConnection.open_finish)

        connection = open(self.conninfo)
        self.addCleanup(connection.close)
        with self.assertRaises(Pg.errors.DivisionByZero) as caught:
            self.finish(lambda on_end: connection.execute_async('SELECT 1/0', None, None, on_end), connection.execute_finish)
        self.assertEqual(caught.exception.diag.message_primary, 'division by zero')
        with self.assertRaisesRegex(Pg.errors.InvalidCatalogName, 'nothing'):
            open(self.conninfo + ' dbname=nothing')
