# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import sys
import unittest

from support import Pg, ServerTest

NUMBERS = 'SELECT i FROM generate_series(1, %s::int) AS i'


class ServerCursorTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def numbers(self, n, **keywords):
        return self.connection.cursor('numbers', **keywords).execute(NUMBERS, (n,))

    def test_fetch(self):
        cursor = self.connection.cursor('a name')
        self.assertIsInstance(cursor, Pg.ServerCursor)
        self.assertEqual((cursor.name, cursor.scrollable, cursor.withhold, cursor.itersize), ('a name', None, False, 100))
        self.assertIsNone(cursor.description)
        self.assertIs(cursor.execute(NUMBERS, (10,)), cursor)
        self.assertEqual([column.name for column in cursor.description], ['i'])
        self.assertEqual((cursor.rownumber, cursor.rowcount), (0, -1))
        self.assertEqual(cursor.fetchone(), (1,))
        self.assertEqual(cursor.fetchmany(3), [(2,), (3,), (4,)])
        self.assertEqual(cursor.fetchmany(), [(5,)])
        self.assertEqual(cursor.rownumber, 5)
        self.assertEqual(cursor.fetchall(), [(i,) for i in range(6, 11)])
        self.assertIsNone(cursor.fetchone())
        self.assertEqual((cursor.rownumber, cursor.rowcount), (10, 10))
        self.assertIn("'a name'", repr(cursor))
        with self.assertRaises(ValueError):
            cursor.fetchmany(-1)

    def test_own_fetches(self):
        """Those of the library go on where Python's have come to."""
        with self.connection.cursor('c') as cursor:
            cursor.execute(NUMBERS, [10])
            cursor.itersize = 3
            self.assertEqual(next(cursor), (1,))
            self.assertEqual(cursor.fetch_one()[0], 2)
            self.assertEqual(next(cursor), (3,))
            self.assertEqual([row[0] for row in cursor.fetch_many(2)], [4, 5])
            self.assertEqual(next(cursor), (6,))

    def test_options_without_a_name(self):
        for keywords in {'scrollable': True}, {'scrollable': False}, {'withhold': True}:
            with self.subTest(**keywords), self.assertRaisesRegex(TypeError, 'server-side cursor, which has a name'):
                self.connection.cursor(**keywords)

    def test_iterate(self):
        for n in (0, 1, 9, 10, 11, 20, 25):
            with self.numbers(n) as cursor:
                cursor.itersize = 10
                self.assertEqual(list(cursor), [(i,) for i in range(1, n + 1)])
                self.assertEqual(list(cursor), [])
        self.assertTrue(cursor.closed)
        with self.assertRaises(ValueError):
            self.numbers(1).itersize = 0

    def test_left_early(self):
        cursor = self.numbers(30)
        cursor.itersize = 10
        for (i,) in cursor:
            if i == 4:
                break
        self.assertEqual(cursor.rownumber, 4)
        self.assertEqual(cursor.fetchone(), (5,))
        self.assertEqual(next(cursor), (6,))
        self.assertEqual(cursor.fetchmany(6), [(i,) for i in range(7, 13)])
        cursor.scroll(2)
        self.assertEqual(cursor.fetchall(), [(i,) for i in range(15, 31)])

    def test_scroll(self):
        cursor = self.numbers(10, scrollable=True)
        self.assertIs(cursor.scrollable, True)
        cursor.scroll(110)
        self.assertEqual(cursor.rownumber, 10)
        cursor.scroll(-1)
        self.assertEqual(cursor.fetchone(), (10,))
        cursor.scroll(3, mode='absolute')
        self.assertEqual(cursor.fetchone(), (4,))
        with self.assertRaises(ValueError):
            cursor.scroll(1, mode='sideways')
        with self.assertRaises(Pg.InterfaceError):
            cursor.scroll(-1, mode='absolute')
        cursor = self.connection.cursor('one way', scrollable=False).execute(NUMBERS, (10,))
        cursor.fetchmany(5)
        cursor.fetchone()
        with self.assertRaises(Pg.errors.ObjectNotInPrerequisiteState):
            cursor.scroll(-4)

    def test_binary_and_rows(self):
        cursor = self.connection.cursor('c', binary=True, row_factory=Pg.dict_row)
        cursor.execute("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL ORDER BY 1")
        self.assertEqual(cursor.fetchone(), {'a': 1, 'b': 'x'})
        self.assertEqual(cursor.description[0].format, Pg.Format.BINARY)
        cursor.row_factory = Pg.scalar_row
        self.assertEqual(cursor.fetchall(), [2])

    def test_row_that_cannot_be_made(self):
        def picky(value):
            if value == 3:
                raise ArithmeticError('three')
            return value

        cursor = self.connection.cursor('c', row_factory=Pg.args_row(picky)).execute(NUMBERS, (5,))
        with self.assertRaises(ArithmeticError):
            cursor.fetchall()
        self.assertEqual(cursor.rownumber, 0)
        self.assertEqual(cursor.fetchmany(2), [1, 2])
        with self.assertRaises(ArithmeticError):
            cursor.fetchone()
        cursor.row_factory = None
        self.assertEqual(list(cursor), [(3,), (4,), (5,)])

    def test_many_failures(self):
        """What was fetched before a failure is the next again, however often that fails."""
        cursor = self.connection.cursor('c').execute(NUMBERS, (10,))
        cursor.itersize = 3
        self.assertEqual(next(cursor), (1,))
        with self.assertRaises(Pg.errors.DivisionByZero):
            self.connection.execute('SELECT 1/0')
        for _time in range(sys.getrecursionlimit() + 100):
            with self.assertRaises(Pg.errors.InFailedSqlTransaction):
                cursor.fetchmany(5)
        self.assertEqual(cursor.fetchmany(2), [(2,), (3,)])

    def test_rows_that_are_none(self):
        cursor = self.connection.cursor('c', row_factory=Pg.args_row(lambda _value: None)).execute(NUMBERS, (5,))
        self.assertEqual(list(cursor), [None] * 5)

    def test_hold(self):
        with self.connection.cursor('held', withhold=True).execute(NUMBERS, (5,)) as cursor:
            self.assertIs(cursor.withhold, True)
            self.connection.commit()
            self.assertEqual(cursor.fetchmany(2), [(1,), (2,)])
            self.assertEqual(self.connection.transaction_status, Pg.TransactionStatus.IDLE)
        other = self.numbers(5)
        self.connection.commit()
        with self.assertRaises(Pg.errors.InvalidCursorName):
            other.fetchone()

    def test_autocommit(self):
        self.connection.autocommit = True
        with self.assertRaises(Pg.errors.NoActiveSqlTransaction):
            self.numbers(5)

    def test_stolen(self):
        self.connection.execute("DECLARE theirs CURSOR FOR SELECT generate_series(1, 3)")
        with self.connection.cursor('theirs') as cursor:
            self.assertEqual(cursor.fetchall(), [(1,), (2,), (3,)])
            self.assertIsNone(cursor.rownumber)
        self.assertEqual(self.connection.execute('SELECT count(*) FROM pg_cursors').fetchone(), (0,))
        with self.assertRaises(Pg.errors.InvalidCursorName):
            self.connection.cursor('nobody’s').fetchone()

    def test_refused(self):
        cursor = self.numbers(1)
        with self.assertRaises(TypeError):
            cursor.execute('SELECT 1', prepare=True)
        with self.assertRaises(Pg.NotSupportedError):
            cursor.stream('SELECT 1')
        with self.assertRaises(Pg.NotSupportedError):
            cursor.executemany('SELECT 1', [])
        with self.assertRaises(Pg.DataError):
            self.connection.cursor('a\0b')
        cursor.close()
        cursor.close()
        with self.assertRaises(Pg.InterfaceError):
            cursor.fetchone()
        with self.assertRaises(Pg.InterfaceError):
            Pg.ServerCursor().fetchone()
        with self.assertRaises(Pg.ProgrammingError):
            Pg.ServerCursor(self.connection).fetchone()

    def test_factory(self):
        class Named(Pg.ServerCursor):
            def execute(self, query, *args, **keywords):
                return super().execute(f'SELECT * FROM ({query}) AS t ORDER BY 1 DESC', *args, **keywords)

        connection = self.connection
        self.assertIs(connection.server_cursor_factory, Pg.ServerCursor)
        connection.server_cursor_factory = Named
        self.assertIs(connection.server_cursor_factory, Named)
        self.assertIs(connection.cursor_factory, Pg.Cursor)
        with connection.cursor('c', scrollable=True, row_factory=Pg.scalar_row) as cursor:
            self.assertIsInstance(cursor, Named)
            self.assertEqual((cursor.name, cursor.scrollable, cursor.withhold), ('c', True, False))
            self.assertIs(cursor.connection, connection)
            self.assertEqual(list(cursor.execute('SELECT generate_series(1, %s::int)', (3,))), [3, 2, 1])
        for wrong in (Pg.Cursor, Pg.AsyncServerCursor, int, 'x'):
            with self.assertRaises(TypeError):
                connection.server_cursor_factory = wrong
        connection.server_cursor_factory = None
        self.assertIs(type(connection.cursor('c')), Pg.ServerCursor)
        self.assertIsInstance(self.connect(server_cursor_factory=Named).cursor('c'), Named)

    def test_constructor(self):
        self.connection.row_factory = Pg.dict_row
        with Pg.ServerCursor(self.connection, 'c', scrollable=False, withhold=True) as cursor:
            self.assertEqual((cursor.name, cursor.scrollable, cursor.withhold), ('c', False, True))
            self.assertIs(cursor.connection, self.connection)
            self.assertEqual(cursor.execute('SELECT 1 AS a').fetchone(), {'a': 1})
        with self.assertRaises(Pg.DataError):
            Pg.ServerCursor(self.connection, 'a\0b')


class AsyncServerCursorTest(ServerTest):
    def run_with(self, function):
        async def run():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                await function(connection)
        asyncio.run(run())

    def test_fetch(self):
        async def use(connection):
            async with connection.cursor('c', scrollable=True) as cursor:
                self.assertIs(await cursor.execute(NUMBERS, (30,)), cursor)
                cursor.itersize = 10
                self.assertEqual(await cursor.fetchone(), (1,))
                self.assertEqual(await cursor.fetchmany(3), [(2,), (3,), (4,)])
                async for (i,) in cursor:
                    if i == 7:
                        break
                self.assertEqual(cursor.rownumber, 7)
                self.assertEqual(await cursor.fetchone(), (8,))
                await cursor.scroll(-1)
                self.assertEqual(await anext_of(cursor), (8,))
                await cursor.scroll(25, 'absolute')
                self.assertEqual(await cursor.fetchall(), [(i,) for i in range(26, 31)])
                self.assertIsNone(await cursor.fetchone())
                with self.assertRaises(TypeError):
                    iter(cursor)
            self.assertTrue(cursor.closed)
            self.assertEqual(await (await connection.execute('SELECT count(*) FROM pg_cursors')).fetchone(), (0,))
        self.run_with(use)

    def test_iterate(self):
        async def use(connection):
            for n in (0, 9, 10, 11, 20):
                async with connection.cursor('c') as cursor:
                    cursor.itersize = 10
                    await cursor.execute(NUMBERS, (n,))
                    self.assertEqual([row async for row in cursor], [(i,) for i in range(1, n + 1)])
        self.run_with(use)

    def test_interleaved(self):
        async def collect(connection, name, start):
            cursor = connection.cursor(name)
            cursor.itersize = 7
            await cursor.execute('SELECT generate_series(%s::int, %s::int)', (start, start + 50))
            return [i async for (i,) in cursor]

        async def use(connection):
            lists = await asyncio.gather(collect(connection, 'a', 1), collect(connection, 'b', 1001))
            self.assertEqual(lists, [list(range(1, 52)), list(range(1001, 1052))])
        self.run_with(use)

    def test_cancelled(self):
        async def use(connection):
            cursor = connection.cursor('c')
            await cursor.execute('SELECT pg_sleep(600) FROM generate_series(1, 2)')
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(cursor.fetchone(), 0.05)
            self.assertEqual(connection.transaction_status, Pg.TransactionStatus.INERROR)
            await cursor.close()
            await connection.rollback()
            self.assertEqual(await (await connection.execute('SELECT 5')).fetchone(), (5,))
        self.run_with(use)


async def anext_of(cursor):
    return await cursor.__anext__()


if __name__ == '__main__':
    unittest.main()
