# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import datetime
import decimal
import ipaddress
import uuid

from support import Pg, ServerTest


class ClientCursorTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def test_mogrify(self):
        cursor = Pg.ClientCursor(self.connection)
        cases = [
            (1, '1'), (-1, ' -1'), (2**40, str(2**40)), (2**70, f'{2**70}.'), (0.5, "'0.5'::float8"), (float('nan'), "'NaN'::float8"), (True, 'true'),
            ("a'b", "'a''b'"), ('a\\b', "E'a\\\\b'"), (None, 'NULL'), (datetime.date(2020, 1, 1), "'2020-01-01'::date"), ([1, 2], "'{1,2}'::int2[]"),
            (['a', 'b'], "'{a,b}'"), (b'\0', "E'\\\\x00'::bytea"), ((1, 'x'), "'(1,x)'"), (decimal.Decimal('1.50'), '1.50'),
            (datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), "'2020-01-01 00:00:00+00'::timestamptz"), (Pg.Jsonb({'a': 1}), "'{\"a\": 1}'::jsonb"),
        ]
        for value, text in cases:
            with self.subTest(value=value):
                self.assertEqual(cursor.mogrify('=%s', [value]), '=' + text)
        self.assertEqual(cursor.mogrify('%(a)s %(b)s %(a)s', {'a': 1, 'b': 'x'}), "1 'x' 1")
        self.assertEqual(cursor.mogrify('SELECT 5 % 2'), 'SELECT 5 % 2')
        with self.assertRaises(Pg.ProgrammingError):
            cursor.mogrify('%s', [1, 2])
        with self.assertRaises(Pg.DataError):
            cursor.mogrify('%s', ['a\0b'])

    def test_values(self):
        cursor = Pg.ClientCursor(self.connection)
        values = [1, -1, 2**31, -2**63, 0.1, -1e300, True, "it's", '\\', '%s $1 -- /*', None, datetime.date(2020, 1, 1), datetime.time(1, 2, 3),
                  datetime.datetime(2020, 1, 1, 1, 2), datetime.timedelta(-1, 5), [1, None], b'\0\xff\'', decimal.Decimal('-1.50'), decimal.Decimal(7),
                  uuid.UUID(int=5), ipaddress.ip_address('::1')]
        self.assertEqual(cursor.execute('SELECT ' + ', '.join(['%s'] * len(values)), values).fetchone(), tuple(values))
        self.assertEqual(list(map(type, cursor.execute('SELECT %s, %s', [0.1, decimal.Decimal(7)]).fetchone())), [float, decimal.Decimal])

    def test_scripts(self):
        cursor = Pg.ClientCursor(self.connection)
        cursor.execute('CREATE TABLE t (a int DEFAULT %s); INSERT INTO t DEFAULT VALUES; SELECT a, %s FROM t', [-7, 'x; DROP TABLE t'])
        self.assertTrue(cursor.nextset() and cursor.nextset())
        self.assertEqual(cursor.fetchall(), [(-7, 'x; DROP TABLE t')])
        with self.assertRaises(Pg.NotSupportedError):
            cursor.execute('SELECT 1', binary=True)

    def test_factory(self):
        self.assertIs(self.connection.cursor_factory, Pg.Cursor)
        self.connection.cursor_factory = Pg.ClientCursor
        self.assertIs(self.connection.cursor_factory, Pg.ClientCursor)
        self.assertIsInstance(self.connection.cursor(), Pg.ClientCursor)
        self.assertIsInstance(self.connection.execute('SET work_mem TO %s', ['7MB']), Pg.ClientCursor)
        for wrong in (Pg.AsyncCursor, int, 'x', Pg.Connection):
            with self.assertRaises(TypeError):
                self.connection.cursor_factory = wrong
        self.assertIsInstance(self.connect(cursor_factory=Pg.ClientCursor).cursor(), Pg.ClientCursor)
        self.connection.cursor_factory = None
        self.assertNotIsInstance(self.connection.cursor(), Pg.ClientCursor)

    def test_own_class(self):
        class Shouting(Pg.Cursor):
            def execute(self, query, *args, **keywords):
                return super().execute(query.upper(), *args, **keywords)

        self.connection.cursor_factory = Shouting
        cursor = self.connection.cursor()
        self.assertIsInstance(cursor, Shouting)
        self.assertIs(cursor.connection, self.connection)
        self.assertEqual(self.connection.execute("select 'a', $1", ['b']).fetchone(), ('A', 'b'))

    def test_constructor(self):
        self.connection.row_factory = Pg.dict_row
        cursor = Pg.Cursor(self.connection)
        self.assertIs(cursor.connection, self.connection)
        self.assertEqual(cursor.execute('SELECT 1 AS a').fetchone(), {'a': 1})
        self.assertEqual(Pg.ClientCursor(self.connection, row_factory=Pg.scalar_row).execute('SELECT %s', [5]).fetchone(), 5)

    def test_async(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                cursor = Pg.AsyncClientCursor(connection)
                await cursor.execute('SET application_name TO %s; SELECT current_setting($$application_name$$)', ["it's"])
                self.assertTrue(cursor.nextset())
                self.assertEqual(await cursor.fetchone(), ("it's",))
                self.assertEqual(cursor.mogrify('%s', ['x']), "'x'")
                connection.cursor_factory = Pg.AsyncClientCursor
                self.assertIsInstance(await connection.execute('SELECT %s', [1]), Pg.AsyncClientCursor)
        asyncio.run(main())
