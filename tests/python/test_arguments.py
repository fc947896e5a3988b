# SPDX-License-Identifier: LGPL-2.1-or-later
"""Arguments that are wrong but likely: exceptions, where C has preconditions. A critical of GLib ends the program (G_DEBUG)."""

import asyncio
import unittest

from gi.repository import Gio, GLib, GObject

from support import Pg, ServerTest


class Thing(GObject.Object):
    a = GObject.Property(type=int)
    things = GObject.Property(type=Gio.ListModel)


class Arguments(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def test_settings(self):
        connection = self.connection
        before = (connection.prepare_threshold, connection.prepared_max, connection.timeout, connection.cancel_timeout)
        for name, values in (('prepare_threshold', (-5, -1)), ('prepared_max', (-5,)), ('timeout', (-1,)), ('cancel_timeout', (0, None, -1))):
            for value in values:
                with self.subTest(name=name, value=value):
                    with self.assertRaises(ValueError):
                        setattr(connection, name, value)
                    if value is not None:
                        with self.assertRaises(ValueError):
                            Pg.connect(self.conninfo, **{name: value})
        for name, value in (('prepare_threshold', -2), ('prepared_max', -2), ('cancel_timeout', 0), ('timeout', -1), ('timeout', 2**32)):
            with self.subTest(name=name, value=value), self.assertRaises(ValueError):
                getattr(connection, f'set_{name}')(value)
            with self.assertRaises(TypeError):
                getattr(connection, f'set_{name}')('5')
        self.assertEqual((connection.prepare_threshold, connection.prepared_max, connection.timeout, connection.cancel_timeout), before)
        self.connect(cancel_timeout=None)
        for cls in (None, 7, int, Thing, Pg.BaseCursor, Pg.AsyncCursor, GObject.TYPE_INT):
            with self.subTest(cls=cls), self.assertRaises(TypeError):
                connection.set_cursor_factory(cls)
        connection.set_cursor_factory(Pg.Cursor)
        for cls in (None, int, Pg.Cursor, Pg.BaseServerCursor, Pg.AsyncServerCursor):
            with self.subTest(cls=cls), self.assertRaises(TypeError):
                connection.set_server_cursor_factory(cls)
        connection.set_server_cursor_factory(Pg.ServerCursor)

    def test_cursors(self):
        cursor = self.connection.execute('SELECT * FROM generate_series(1, 3) AS a')
        for size in (0, -1, 2**32):
            with self.assertRaises(ValueError):
                cursor.arraysize = size
        # So it is in psycopg: 0 is arraysize.
        self.assertEqual(cursor.fetchmany(0), [(1,)])
        with self.assertRaises(ValueError):
            cursor.fetchmany(-1)
        cursor.arraysize = 2
        self.assertEqual(cursor.fetchmany(), [(2,), (3,)])

    def test_truth(self):
        # What is true by accident, as 'no' is, is refused by name.
        connection, cursor = self.connection, self.connection.cursor()
        for name, call in (
                ('autocommit', lambda value: Pg.connect(self.conninfo, autocommit=value)), ('autocommit', lambda value: setattr(connection, 'autocommit', value)),
                ('read_only', lambda value: Pg.connect(self.conninfo, read_only=value)), ('read_only', lambda value: setattr(connection, 'read_only', value)),
                ('deferrable', lambda value: Pg.connect(self.conninfo, deferrable=value)), ('deferrable', lambda value: setattr(connection, 'deferrable', value)),
                ('binary', lambda value: connection.execute('SELECT 1', binary=value)), ('binary', lambda value: connection.cursor(binary=value)),
                ('binary', lambda value: list(connection.stream('SELECT 1', binary=value))), ('prepare', lambda value: cursor.execute('SELECT 1', prepare=value)),
                ('returning', lambda value: cursor.executemany('SELECT 1', [()], returning=value)),
                ('scrollable', lambda value: connection.cursor('a', scrollable=value)), ('withhold', lambda value: connection.cursor('a', withhold=value)),
                ('scrollable', lambda value: Pg.ServerCursor(connection, 'a', scrollable=value))):
            for value in 'no', 'x', 1, 0, []:
                with self.subTest(name=name, value=value), self.assertRaisesRegex(TypeError, f'^{name} must be True'):
                    call(value)
        self.assertEqual((connection.autocommit, connection.read_only, connection.deferrable), (True, None, None))

        async def main():
            with self.assertRaisesRegex(TypeError, '^pipelining must be True'):
                await Pg.AsyncConnection.connect(self.conninfo, pipelining='no')
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                for name in 'autocommit', 'read_only', 'deferrable':
                    with self.assertRaisesRegex(TypeError, f'^{name} must be True'):
                        await getattr(connection, 'set_' + name)('no')
                cursor = connection.cursor()
                with self.assertRaisesRegex(TypeError, '^returning must be True'):
                    await cursor.executemany('SELECT 1', [()], returning='x')
                with self.assertRaises(TypeError):
                    await cursor.executemany('SELECT 1', [()], nonsense=True)
                with self.assertRaisesRegex(TypeError, '^binary must be True'):
                    await cursor.execute('SELECT 1', binary='x')
        asyncio.run(main())

    def test_names(self):
        connection = self.connection
        cursor = connection.execute('SELECT 1')
        result, server = cursor.get_result(), connection.cursor('a')
        for message, call in (
                ('timeout must be a number of seconds', lambda: setattr(connection, 'timeout', 'x')),
                ('timeout must be a number of seconds', lambda: setattr(connection, 'timeout', True)),
                ('cancel_timeout must be a number of seconds', lambda: Pg.connect(self.conninfo, cancel_timeout='x')),
                ('timeout must be a number of seconds', lambda: connection.cancel_safe(timeout='x')),
                ('prepare_threshold must be an int', lambda: setattr(connection, 'prepare_threshold', 'x')),
                ('prepared_max must be an int', lambda: Pg.connect(self.conninfo, prepared_max=1.5)),
                ('itersize must be an int', lambda: setattr(server, 'itersize', 'x')), ('fetchmany.* must be an int', lambda: cursor.fetchmany('x')),
                ('fetchmany.* must be an int', lambda: server.fetchmany('x')), ('name must be a str', lambda: connection.cursor(5)),
                ('name must be a str', lambda: Pg.ServerCursor(connection, 5)), ('scroll.* must be an int', lambda: cursor.scroll('x')),
                ('scroll.* must be an int', lambda: server.scroll('x')), ('set_result.* must be an int', lambda: cursor.set_result('x')),
                ('Pg.Array is made of a text', lambda: Pg.Array([1])), ('position of a row must be an int', lambda: result['a']),
                ('size must be an int', lambda: connection.stream('SELECT 1', size='x')), ('sequence of OIDs', lambda: connection.prepare('SELECT $1', 'int4')),
                ('OID must be an int', lambda: connection.prepare('SELECT $1', ['int4'])), ('oid must be an int', lambda: connection.large_object('x')),
                ('type that is no name must be an int', lambda: connection.fetch_type(2.5)),
                ('info must be a Pg.TypeInfo', lambda: Pg.register_enum(connection, connection.fetch_type('int4'))),
                ('info must be a Pg.TypeInfo', lambda: Pg.register_composite('int4', connection)),
                ('context must be a connection', lambda: Pg.register_enum(connection.fetch_type('int4'), 'x'))):
            with self.subTest(message), self.assertRaisesRegex(TypeError, message):
                call()
        for message, call in (('size is from 1 to 2147483647, not', lambda: connection.stream('SELECT 1', size=2**40)),
                              ('timeout must be from 0 to', lambda: setattr(connection, 'timeout', float('nan'))),
                              ('timeout must be from 0 to', lambda: setattr(connection, 'timeout', 1e12))):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                call()
        for position in 5, 1, -2:
            with self.assertRaisesRegex(IndexError, f'row {position} is out of range: the number of rows is 1'):
                result[position]
        self.assertEqual((tuple(result[0]), tuple(result[-1]), len(result[:5])), ((1,), (1,), 1))
        self.assertEqual(cursor.fetchmany(None), [(1,)])
        with connection.copy_out('COPY (SELECT 1) TO STDOUT') as copy, \
                self.assertRaisesRegex(TypeError, 'sequence of names or OIDs, not str'):
            copy.set_types('int4')

    def check(self, cls, *cases):
        for message, call in cases:
            with self.subTest(message), self.assertRaisesRegex(cls, message):
                call()

    def test_names_of_statements(self):
        connection = self.connection
        cursor, statement = connection.cursor(), connection.prepare('SELECT 1')
        self.check(TypeError, ('prepared statement is for execute', lambda: list(cursor.stream(statement))), ('prepared statement', lambda: cursor.executemany(statement, [()])),
                   ('prepared statement', lambda: connection.cursor('a').execute(statement)), ('prepared statement', lambda: connection.copy_in(statement)),
                   ('params_seq must be an iterable of sequences or mappings, not None', lambda: cursor.executemany('SELECT 1', None)),
                   ('params_seq must be an iterable of sequences or mappings, not int', lambda: cursor.executemany('SELECT 1', 5)),
                   ('the types must be an iterable of OIDs, not int', lambda: connection.prepare('SELECT $1', 5)),
                   ('statement must be a Pg.Statement.*, not NoneType', lambda: connection.close_statement(None)),
                   ('column that is no name must be an int, not float', lambda: cursor.execute('SELECT 1').get_result()[0][1.5]),
                   ('condition must be a str, not int', lambda: Pg.errors.lookup(5)), ('what makes a row must be a function .*, not str', lambda: Pg.args_row('x')),
                   ('what makes a row must be a function .*, not None', lambda: Pg.class_row(None)), ('loads must be a function', lambda: Pg.set_json_loads('x')),
                   ('ticks must be a number of seconds, not str', lambda: Pg.DateFromTicks('x')), ('host must be a str or a number, not bytes', lambda: Pg.connect(host=b'x')),
                   ('type that is no name must be an int, not bytes', lambda: connection.adapters.register_loader(b'x', str)))
        self.check(ValueError, ('OID must be from 0 to 4294967295, not -1', lambda: connection.prepare('SELECT $1', [-1])),
                   ('type that is no name must be from 0 to', lambda: connection.fetch_type(-1)),
                   ('type that is no name must be from 0 to', lambda: connection.adapters.register_loader(2**70, str)),
                   ('not an isolation level', lambda: connection.set_isolation_level(2**70)), ('not an isolation level', lambda: connection.set_isolation_level(True)),
                   ('format is of Pg.Format.*, not 99', lambda: setattr(cursor, 'format', 99)))
        cursor.execute('SELECT generate_series(1, 3)')
        self.assertEqual(cursor.fetchmany(2**70), [(1,), (2,), (3,)])
        with self.connect() as connection:
            cursor = connection.cursor('c', scrollable=True).execute('SELECT generate_series(1, 3)')
            self.check(ValueError, (r'scroll\(\) must be from -\d* to \d*, not 1180591620717411303424', lambda: cursor.scroll(2**70)))
            self.assertEqual(cursor.fetchmany(2**70), [(1,), (2,), (3,)])

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                for message, call in (('params_seq must be an iterable', lambda: connection.cursor().executemany('SELECT 1', None)),
                                      ('statement must be a Pg.Statement', lambda: connection.close_statement(None)),
                                      ('oid must be an int, not str', lambda: connection.unlink_large_object('x'))):
                    with self.subTest(message), self.assertRaisesRegex(TypeError, message):
                        await call()
        asyncio.run(main())

    def test_names_of_copies(self):
        connection = self.connection
        connection.execute('CREATE TABLE t (i int, s text)')
        with connection.copy_out("COPY (SELECT 1, 'a') TO STDOUT") as copy:
            self.check(TypeError, ('size must be an int, not str', lambda: copy.read('x')), ('max_rows must be an int, not str', lambda: copy.read_rows('x')),
                       ('max_rows must be an int, not None', lambda: copy.read_rows(None)),
                       ('types of the columns must be an iterable of names or OIDs, not int', lambda: copy.set_types(5)))
            self.check(ValueError, ('max_rows must be from 0 to 4294967295, not -1', lambda: copy.read_rows(-1)),
                       ('OID must be from 0 to 4294967295, not -1', lambda: copy.set_types([23, -1])))
            self.assertEqual(copy.read(2**70), b'1\ta\n')
        with connection.copy_in('COPY t FROM STDIN') as copy:
            self.check(TypeError, ('a row is a sequence of values, not int', lambda: copy.write_row(1)), ('a row is a sequence of values, not NoneType', lambda: copy.write_row(None)),
                       ('rows must be an iterable of rows, not int', lambda: copy.write_rows(5)), ('a row is a sequence of values, not int', lambda: copy.write_rows([5])),
                       ('columns must be an iterable of columns, not None', lambda: copy.write_columns(None)),
                       ('a column must be an iterable of values, not int', lambda: copy.write_columns([5, 6])))
            copy.write_row([1, 'a'])
        self.assertEqual(copy.rowcount, 1)

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with await connection.copy_in('COPY t FROM STDIN') as copy:
                    for call in copy.write_row, copy.write_rows, copy.write_columns, copy.write:
                        with self.assertRaisesRegex(TypeError, 'not int'):
                            await call(5)
                async with await connection.copy_out('COPY t TO STDOUT') as copy:
                    with self.assertRaisesRegex(ValueError, 'max_rows must be from 0'):
                        await copy.read_rows(-1)
                    with self.assertRaisesRegex(TypeError, 'size must be an int'):
                        await copy.read('x')
        asyncio.run(main())

    def test_names_of_large_objects(self):
        with self.connect() as connection:
            file = connection.large_object(mode='w+b')
            self.check(TypeError, ('oid must be an int, not str', lambda: connection.unlink_large_object('x')), ('size must be an int, not str', lambda: file.read('x')),
                       ('offset must be an int, not str', lambda: file.seek('x')), ('size must be an int, not float', lambda: file.truncate(1.5)))
            self.check(ValueError, ('oid must be from 0 to 4294967295, not -1', lambda: connection.large_object(-1)),
                       ('oid must be from 0 to 4294967295', lambda: connection.unlink_large_object(2**32)), ('the mode is one of', lambda: connection.large_object(1, [])),
                       ('offset must be from', lambda: file.seek(2**70)), ('size must be from 0 to .*, not -1', lambda: file.truncate(-1)))
            file.write(b'abc')
            with self.assertRaisesRegex(Pg.ProgrammingError, 'no such position'):
                file.seek(2**63 - 1, 1)
            self.assertEqual((file.seek(0), file.read(2**70)), (0, b'abc'))

    def test_row_factories(self):
        result = self.connection.execute('SELECT 1 AS a').get_result()
        for kind in (int, GObject.TYPE_INT, GObject.TYPE_STRING):
            for method in (result.to_list_store, result.to_objects):
                with self.assertRaisesRegex(Pg.InterfaceError, 'not a type of objects'):
                    method(kind)
            with self.assertRaises(Pg.InterfaceError):
                Pg.RowFactory.new_object(kind).make_objects(result)
        thing, scalar = Pg.RowFactory.new_object(Thing), Pg.RowFactory.new_scalar()
        for factory in (scalar.with_nested('things', thing), thing.with_nested('things', scalar), scalar.with_fields(['a'])):
            for make in (lambda factory: factory.make_objects(result), lambda factory: factory.make_object(result.get_item(0))):
                with self.assertRaises(Pg.InterfaceError):
                    make(factory)

    def test_adapters(self):
        adapters = self.connection.get_adapters()
        for format in (Pg.Format.AUTO, 99, None):
            with self.subTest(format=format):
                with self.assertRaises(ValueError):
                    adapters.add_loader(Pg.OID_INT4, format, None)
                with self.assertRaises(ValueError):
                    adapters.add_dumper(GObject.TYPE_OBJECT, 0, format, None)
        with self.assertRaisesRegex(GLib.Error, 'text or binary'):
            adapters.add_loader_by_name('int4', Pg.Format.AUTO, None)
        params = Pg.Params.new()
        for index in (0, 1, -1, 2**31 - 1):
            with self.assertRaises(IndexError):
                params.set_name(index, 'a')

    def test_batches(self):
        batch = Pg.ParamsBatch.new()
        batch.set_column_name(3, 'a')
        batch.add_integer_column(GLib.Bytes.new((7).to_bytes(8, 'little')), 8, None)
        with self.assertRaisesRegex(GLib.Error, 'no column 3'):
            Pg.Cursor.execute_batch(self.connection.cursor(), 'SELECT %(a)s', batch, False, None)

    def test_server_cursors_and_large_objects(self):
        with self.connect() as connection:
            cursor = connection.cursor(name='c')
            for size in (0, -1, 2**31):
                with self.assertRaises(ValueError):
                    cursor.set_itersize(size)
            for mode in (Pg.LargeObjectMode.NONE, 99, None):
                with self.assertRaises(ValueError):
                    connection.open_large_object(1, mode, None)

    def test_streams(self):
        self.connection.execute('CREATE TABLE t (a int)')
        with self.connection.copy_out('COPY (SELECT 1) TO STDOUT') as copy:
            self.assertEqual(copy.read(0), b'')
            self.assertEqual(copy.read(), b'1\n')
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write('')
            copy.write(b'')
            with self.assertRaises(TypeError):
                copy.write(None)


if __name__ == '__main__':
    unittest.main()
