# SPDX-License-Identifier: LGPL-2.1-or-later

import unittest

from gi.repository import GLib

from support import Pg, ServerTest


class CursorTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def execute(self, *args, **keywords):
        return self.connection.execute(*args, **keywords)

    def test_iteration(self):
        cursor = self.execute("SELECT i, 'x' || i FROM generate_series(1, 3) i")
        self.assertIsInstance(cursor, Pg.Cursor)
        self.assertEqual([row for row in cursor], [(1, 'x1'), (2, 'x2'), (3, 'x3')])
        self.assertEqual(list(cursor), [])

    def test_fetch(self):
        cursor = self.execute('SELECT generate_series(1, 10)')
        self.assertEqual(cursor.rownumber, 0)
        self.assertEqual(cursor.fetchone(), (1,))
        self.assertEqual(cursor.rownumber, 1)
        self.assertEqual(cursor.fetchmany(), [(2,)])
        cursor.arraysize = 2
        self.assertEqual(cursor.arraysize, 2)
        self.assertEqual(cursor.fetchmany(), [(3,), (4,)])
        self.assertEqual(cursor.fetchmany(3), [(5,), (6,), (7,)])
        self.assertEqual(next(cursor), (8,))
        self.assertEqual(cursor.fetch_one(None).get_int64(0), 9)
        self.assertEqual(cursor.fetchmany(100), [(10,)])
        self.assertEqual(cursor.rownumber, 10)
        self.assertIsNone(cursor.fetchone())
        self.assertEqual(cursor.fetchmany(5), [])
        self.assertEqual(cursor.fetchall(), [])
        self.assertIsNone(cursor.fetch_one(None))

    def test_fetchall(self):
        cursor = self.execute('SELECT i FROM generate_series(1, 10000) i')
        self.assertEqual(cursor.fetchall(), [(i,) for i in range(1, 10001)])
        self.assertEqual(self.execute('SELECT 1 WHERE false').fetchall(), [])

    def test_no_columns(self):
        cursor = self.execute('SELECT FROM generate_series(1, 3)')
        self.assertEqual(cursor.description, [])
        self.assertEqual(cursor.fetchone(), ())
        self.assertEqual(cursor.fetchall(), [(), ()])

    def test_no_rows(self):
        cursor = self.connection.cursor()
        self.assertIsNone(cursor.description)
        self.assertEqual(cursor.rowcount, -1)
        self.assertIsNone(cursor.rownumber)
        self.assertIsNone(cursor.statusmessage)
        for function in (cursor.fetchone, cursor.fetchmany, cursor.fetchall, lambda: next(cursor), lambda: cursor.scroll(0)):
            with self.assertRaisesRegex(Pg.ProgrammingError, 'no result available'):
                function()
        cursor.execute('CREATE TABLE t (i int)')
        self.assertIsNone(cursor.description)
        for function in (cursor.fetchone, cursor.fetchmany, cursor.fetchall, lambda: next(cursor), lambda: cursor.scroll(0)):
            with self.assertRaisesRegex(Pg.ProgrammingError, 'CREATE TABLE'):
                function()
        cursor.execute('')
        with self.assertRaisesRegex(Pg.ProgrammingError, 'empty'):
            cursor.fetchone()

    def test_description(self):
        cursor = self.execute("SELECT 1::int AS number, 'a'::varchar(20) AS text, 1.5::numeric(10,2) AS price")
        self.assertEqual([column.name for column in cursor.description], ['number', 'text', 'price'])
        self.assertEqual([column.type_code for column in cursor.description], [23, 1043, 1700])
        self.assertEqual([column.type_display for column in cursor.description], ['int4', 'varchar(20)', 'numeric(10,2)'])
        self.assertEqual([tuple(column) for column in cursor.description], [
            ('number', 23, None, 4, None, None, None), ('text', 1043, 20, None, None, None, None), ('price', 1700, None, None, 10, 2, None)])
        column = cursor.description[2]
        self.assertEqual((column[0], column[-2], column[1:3], len(column)), ('price', 2, (1700, None), 7))
        self.assertIn('price', repr(column))

    def test_rowcount_and_statusmessage(self):
        self.execute('CREATE TABLE t (i int)')
        for query, rowcount, message in (('INSERT INTO t VALUES (1), (2)', 2, 'INSERT 0 2'), ('UPDATE t SET i = 3', 2, 'UPDATE 2'),
                                         ('SELECT * FROM t', 2, 'SELECT 2'), ('TRUNCATE t', -1, 'TRUNCATE TABLE')):
            cursor = self.execute(query)
            self.assertEqual((cursor.rowcount, cursor.statusmessage), (rowcount, message))

    def test_execute_again(self):
        cursor = self.connection.cursor()
        self.assertIs(cursor.execute('SELECT 1'), cursor)
        self.assertEqual(cursor.fetchall(), [(1,)])
        self.assertEqual(cursor.execute("SELECT 'a', 2").fetchall(), [('a', 2)])
        self.assertIs(cursor.connection, self.connection)

    def test_several_results(self):
        cursor = self.execute("SELECT 1; CREATE TABLE t (i int); SELECT 'a', 'b'")
        self.assertEqual(cursor.fetchall(), [(1,)])
        self.assertTrue(cursor.nextset())
        self.assertIsNone(cursor.description)
        self.assertTrue(cursor.nextset())
        self.assertEqual(cursor.fetchall(), [('a', 'b')])
        self.assertIsNone(cursor.nextset())

    def test_choosing_a_result(self):
        cursor = self.connection.execute('SELECT 1; CREATE TEMPORARY TABLE t (); SELECT 2 UNION ALL SELECT 3')
        self.assertEqual([(each.statusmessage, each.rowcount) for each in cursor.results()], [('SELECT 1', 1), ('CREATE TABLE', -1), ('SELECT 2', 2)])
        self.assertEqual(cursor.fetchall(), [(2,), (3,)])
        self.assertIs(cursor.set_result(-3), cursor)
        self.assertEqual(cursor.fetchall(), [(1,)])
        self.assertEqual(cursor.set_result(2).fetchone(), (2,))
        self.assertIsNone(cursor.set_result(1).description)
        for index in (3, -4):
            with self.assertRaises(IndexError):
                cursor.set_result(index)
        self.assertEqual(cursor.statusmessage, 'CREATE TABLE')
        with self.assertRaises(IndexError):
            self.connection.cursor().set_result(0)

    def test_query(self):
        cursor = self.connection.cursor()
        self.assertIsNone(cursor.query)
        cursor.execute('SELECT %s', (1,))
        self.assertEqual(cursor.query, 'SELECT %s')
        with self.assertRaises(Pg.ProgrammingError):
            cursor.execute('SELECT nothing')
        cursor.close()
        self.assertEqual(cursor.query, 'SELECT nothing')
        self.assertIsNone(cursor.setinputsizes([1]))
        self.assertIsNone(cursor.setoutputsize(1))

    def test_the_same_statement_with_other_types(self):
        cursor = self.connection.cursor()
        for _i in range(7):
            for value in (1, 'a', 1.5, None, [1, 2], 2**40):
                self.assertEqual(cursor.execute('SELECT %s', (value,)).fetchone(), (value,))

    def test_scroll(self):
        cursor = self.execute('SELECT generate_series(1, 5)')
        cursor.scroll(2)
        self.assertEqual(cursor.fetchone(), (3,))
        cursor.scroll(-3)
        self.assertEqual(cursor.fetchone(), (1,))
        cursor.scroll(4, 'absolute')
        self.assertEqual(cursor.fetchone(), (5,))
        cursor.scroll(0, mode=Pg.ScrollMode.ABSOLUTE)
        for value, mode in ((-1, 'relative'), (5, 'relative'), (5, 'absolute'), (2**40, 'absolute')):
            with self.subTest(value=value, mode=mode), self.assertRaises(IndexError):
                cursor.scroll(value, mode)
        self.assertEqual(cursor.rownumber, 0)
        with self.assertRaises(ValueError):
            cursor.scroll(1, 'sideways')

    def test_close(self):
        with self.execute('SELECT 1') as cursor:
            self.assertFalse(cursor.closed)
        self.assertTrue(cursor.closed)
        cursor.close()
        for function in (cursor.fetchone, cursor.fetchmany, cursor.fetchall, lambda: cursor.execute('SELECT 1'), lambda: next(cursor)):
            with self.assertRaisesRegex(Pg.InterfaceError, 'closed'):
                function()

    def test_binary(self):
        for cursor in (self.execute('SELECT 1', binary=True), self.connection.cursor(binary=True).execute('SELECT 1')):
            self.assertEqual(cursor.format, Pg.Format.BINARY)
            self.assertEqual(cursor.description[0].format, Pg.Format.BINARY)
            self.assertEqual(cursor.fetchall(), [(1,)])
        cursor.format = Pg.Format.TEXT
        self.assertEqual(cursor.execute('SELECT 1').description[0].format, Pg.Format.TEXT)
        self.assertEqual(self.connection.cursor(binary=False).format, Pg.Format.TEXT)
        # The argument is for that statement alone.
        for binary in True, False:
            self.assertEqual(cursor.execute('SELECT 2', binary=binary).description[0].format, Pg.Format.BINARY if binary else Pg.Format.TEXT)
            self.assertEqual(cursor.format, Pg.Format.TEXT)
        self.assertEqual(cursor.execute('SELECT 2', binary=True).execute('SELECT 2').description[0].format, Pg.Format.TEXT)
        cursor.execute('SELECT 2', binary=True).format = Pg.Format.BINARY
        self.assertEqual(cursor.execute('SELECT 2').description[0].format, Pg.Format.BINARY)
        cursor = self.connection.cursor()
        self.assertEqual(cursor.format, Pg.Format.AUTO)
        formats = [cursor.execute('SELECT 1', prepare=True).description[0].format for i in range(3)]
        self.assertEqual(formats, [Pg.Format.TEXT, Pg.Format.BINARY, Pg.Format.BINARY])

    def test_placeholders(self):
        self.assertEqual(self.execute('SELECT $2::int, $1::int', [1, 2]).fetchone(), (2, 1))
        self.assertEqual(self.execute('SELECT %s, %s', (1, 2)).fetchone(), (1, 2))
        self.assertEqual(self.execute('SELECT %(b)s, %(a)s, %(b)s', {'a': 1, 'b': 2, 'unused': 3}).fetchone(), (2, 1, 2))
        self.assertEqual(self.execute('SELECT 5 % 2').fetchone(), (1,))
        self.assertEqual(self.execute('SELECT 5 %% %s', [2]).fetchone(), (1,))
        self.assertEqual(self.execute('SELECT 1', []).fetchone(), (1,))

    def test_params_of_the_library(self):
        params = Pg.Params.new()
        params.add_int64(1)
        self.assertEqual(self.execute('SELECT pg_typeof($1)::text', params).fetchone(), ('bigint',))
        self.assertEqual(self.execute('SELECT $1, $2', GLib.Variant('(imi)', (7, None))).fetchone(), (7, None))
        self.assertEqual(self.execute('SELECT %(a)s', GLib.Variant('a{sv}', {'a': GLib.Variant('i', 7)})).fetchone(), (7,))

    def test_wrong_params(self):
        for params in ('text', b'bytes', 1, {1, 2}, iter([1])):
            with self.subTest(params), self.assertRaisesRegex(TypeError, 'sequence or a mapping'):
                self.execute('SELECT %s', params)
        for params in ([], [1, 2], {'a': 1}):
            with self.subTest(params), self.assertRaises(Pg.ProgrammingError):
                self.execute('SELECT %s', params)
        with self.assertRaises(Pg.ProgrammingError):
            self.execute('SELECT %(missing)s', {'a': 1})
        with self.assertRaises(TypeError):
            self.execute(1)
        self.assertEqual(self.connection.transaction_status, Pg.TransactionStatus.IDLE)

    def test_zero_characters(self):
        with self.assertRaisesRegex(Pg.ProgrammingError, 'zero character'):
            self.execute("SELECT 1 --\0 + 1")
        for params in (['a\0b'], [['a', 'a\0b']], [Pg.Jsonb('\0', dumps=str)]):
            with self.subTest(params), self.assertRaisesRegex(Pg.DataError, 'zero character'):
                self.execute('SELECT %s', params)
        with self.assertRaisesRegex(Pg.DataError, 'zero character'):
            self.execute('SELECT %(a)s', {'a\0b': 1})
        self.assertEqual(self.execute('SELECT %s', [b'a\0b']).fetchone(), (b'a\0b',))

    def test_lone_surrogates(self):
        for query in ("SELECT '\ud800'", "SELECT 'é\udc80'"):
            with self.assertRaisesRegex(Pg.DataError, 'a query with half of a surrogate pair'):
                self.execute(query)
        for params in (['\ud800'], [['a', 'a\udfff']], [Pg.Jsonb('\udc80', dumps=str)], {'a': '\ud800'}, {'\ud800': 'a'}):
            with self.subTest(ascii(params)), self.assertRaisesRegex(Pg.DataError, 'half of a surrogate pair'):
                self.execute('SELECT %s', params)
        self.assertEqual(self.execute('SELECT %s', ['\U0001f600']).fetchone(), ('\U0001f600',))

    def test_negative_size(self):
        cursor = self.execute('SELECT generate_series(1, 3)')
        with self.assertRaisesRegex(ValueError, r'fetchmany\(\) cannot be negative: -1'):
            cursor.fetchmany(-1)
        self.assertEqual(cursor.fetchmany(2), [(1,), (2,)])

    def test_without_a_connection(self):
        cursor = Pg.Cursor()
        with self.assertRaisesRegex(Pg.InterfaceError, 'no connection'):
            cursor.execute('SELECT 1')
        with self.assertRaisesRegex(Pg.InterfaceError, 'no connection'):
            cursor.execute_params('SELECT 1', Pg.Params.new())
        with self.assertRaises(Pg.DbError):
            cursor.fetchone()


class ResultTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.result = self.connect().execute("SELECT i AS number, 'x' || i AS text FROM generate_series(1, 4) i").get_result()

    def test_sequence_of_rows(self):
        self.assertEqual(len(self.result), 4)
        self.assertIsInstance(self.result[0], Pg.Row)
        self.assertEqual(tuple(self.result[0]), (1, 'x1'))
        self.assertEqual(tuple(self.result[-1]), (4, 'x4'))
        self.assertEqual([tuple(row) for row in self.result[1:3]], [(2, 'x2'), (3, 'x3')])
        self.assertEqual([row[0] for row in self.result], [1, 2, 3, 4])
        for index in (4, -5):
            with self.assertRaises(IndexError):
                self.result[index]

    def test_row(self):
        row = self.result[1]
        self.assertEqual(len(row), 2)
        self.assertEqual((row[0], row[1], row[-1], row[-2]), (2, 'x2', 'x2', 2))
        self.assertEqual((row['number'], row['text']), (2, 'x2'))
        self.assertEqual((row[:], row[1:], row[::-1]), ((2, 'x2'), ('x2',), ('x2', 2)))
        number, text = row
        self.assertEqual((number, text), (2, 'x2'))
        self.assertEqual(dict(row), {'number': 2, 'text': 'x2'})
        self.assertIn('x2', row)
        self.assertIn("(2, 'x2')", repr(row))
        for index in (2, -3):
            with self.assertRaises(IndexError):
                row[index]
        with self.assertRaises(KeyError):
            row['missing']
        with self.assertRaises(TypeError):
            row[1.5]

    def test_methods_of_the_library(self):
        self.assertEqual(self.result.get_int64(3, 0), 4)
        with self.assertRaises(GLib.Error):
            self.result.get_int64(9, 0)


if __name__ == '__main__':
    unittest.main()
