# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio

from gi.repository import Gio

from support import Pg, ServerTest

MANY = 'SELECT generate_series(1, 100000000)'


class StreamTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def status(self):
        return self.connection.transaction_status

    def test_rows(self):
        for size in (1, 7, 1000, 5000):
            for binary in (None, True):
                rows = list(self.connection.stream("SELECT i, i::text || 'ä', nullif(i, 5) FROM generate_series(1, 2500) i", size=size, binary=binary))
                self.assertEqual(rows, [(i, f'{i}ä', None if i == 5 else i) for i in range(1, 2501)])
        self.assertEqual(self.status(), Pg.TransactionStatus.INTRANS)
        cursor = self.connection.cursor()
        self.assertEqual(list(cursor.stream('SELECT %s + i FROM generate_series(1, %s) i', (10, 3))), [(11,), (12,), (13,)])
        self.assertEqual(list(cursor.stream('SELECT %(n)s', {'n': 1}, 5)), [(1,)])
        params = Pg.Params()
        params.add_int64(7)
        self.assertEqual(list(cursor.stream('SELECT $1', params)), [(7,)])
        self.assertEqual(list(cursor.stream('SELECT 1 WHERE false')), [])
        self.assertEqual(list(cursor.stream('SELECT FROM generate_series(1, 3)')), [(), (), ()])

    def test_cursor(self):
        cursor = self.connection.cursor()
        rows = cursor.stream('SELECT i AS n, i::numeric(10,2) AS price FROM generate_series(1, 5000) i', size=2)
        self.assertIsNone(cursor.description)
        next(rows)
        self.assertEqual([(column.name, column.type_display) for column in cursor.description], [('n', 'int4'), ('price', 'numeric(10,2)')])
        self.assertEqual((cursor.rowcount, cursor.rownumber, cursor.statusmessage), (-1, None, None))
        with self.assertRaises(Pg.ProgrammingError):
            cursor.fetchone()
        self.assertEqual(len(list(rows)), 4999)
        self.assertEqual((cursor.rowcount, cursor.statusmessage), (5000, 'SELECT 5000'))
        cursor.execute('CREATE TEMPORARY TABLE t ()')
        self.assertIsNone(cursor.description)

    def test_row_factories(self):
        for factory, expected in ((Pg.dict_row, [{'a': 1, 'b': 'x'}] * 3), (Pg.scalar_row, [1] * 3), (Pg.args_row(lambda a, b: None), [None] * 3)):
            cursor = self.connection.cursor(row_factory=factory)
            self.assertEqual(list(cursor.stream("SELECT 1 AS a, 'x' AS b FROM generate_series(1, 3)", size=2)), expected)

        def fails(_cursor):
            return lambda values: 1 // (values[0] - 2)
        cursor = self.connection.cursor(row_factory=fails)
        rows = cursor.stream('SELECT i FROM generate_series(1, 3) i')
        self.assertEqual(next(rows), -1)
        with self.assertRaises(ZeroDivisionError):
            next(rows)
        self.assertEqual(self.ask('SELECT 1'), [(1,)])

    def ask(self, query):
        return self.connection.execute(query).fetchall()

    def test_loader(self):
        cursor = self.connection.cursor()
        cursor.adapters.register_loader('int4', lambda data: -int(data))
        self.assertEqual(list(cursor.stream('SELECT i FROM generate_series(1, 3) i', size=2)), [(-1,), (-2,), (-3,)])

    def test_left_early(self):
        self.connection.execute('CREATE TEMPORARY TABLE t AS SELECT 42 AS n')
        for _i in range(2):
            for row in self.connection.stream(MANY, size=10):
                if row[0] == 25:
                    break
            self.assertEqual(self.ask('SELECT n FROM t'), [(42,)])
            self.assertEqual(self.status(), Pg.TransactionStatus.INTRANS)
        rows = self.connection.stream(MANY)
        next(rows)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'row stream'):
            self.connection.execute('SELECT 1')
        rows.close()
        self.assertEqual(self.ask('SELECT n FROM t'), [(42,)])
        rows = self.connection.stream(MANY)
        del rows
        with self.connection.cursor() as cursor:
            rows = cursor.stream(MANY)
            next(rows)
        self.assertEqual(self.ask('SELECT n FROM t'), [(42,)])

    def test_exception_in_the_loop(self):
        with self.assertRaises(ZeroDivisionError) as raised, self.connect() as connection:
            connection.execute('CREATE TABLE rolled_back ()')
            for row in connection.stream(MANY):
                row[0] / 0
        self.assertTrue(connection.closed)
        self.assertIsNotNone(raised.exception)
        with self.connect() as connection:
            rows = connection.stream(MANY)
            next(rows)
        self.assertEqual(self.ask("SELECT to_regclass('rolled_back')"), [(None,)])

    def test_errors(self):
        cursor = self.connection.cursor()
        for size in (0, -1):
            with self.assertRaises(ValueError):
                cursor.stream('SELECT 1', size=size)
        with self.assertRaises(TypeError):
            cursor.stream('SELECT 1', size='2')
        self.assertEqual(self.status(), Pg.TransactionStatus.IDLE)
        for query in ('COPY (SELECT 1) TO STDOUT', 'SELECT 1; SELECT 2', ''):
            with self.assertRaises(Pg.ProgrammingError):
                next(cursor.stream(query))
            self.assertEqual(self.status(), Pg.TransactionStatus.IDLE)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'CREATE TABLE'):
            next(cursor.stream('CREATE TABLE t ()'))
        seen = []
        with self.assertRaises(Pg.errors.DivisionByZero):
            for row in cursor.stream('SELECT 6 / (3 - i) FROM generate_series(1, 5) i', size=1):
                seen.append(row)
        self.assertEqual(seen, [(3,), (6,)])
        self.assertEqual(self.status(), Pg.TransactionStatus.INERROR)
        cursor.close()
        with self.assertRaises(Pg.InterfaceError):
            next(cursor.stream('SELECT 1'))

    def test_cancelled(self):
        cancellable = Gio.Cancellable()
        rows = self.connection.stream(MANY, None, 10, cancellable)
        next(rows)
        cancellable.cancel()
        with self.assertRaises(Exception) as raised:
            list(rows)
        self.assertTrue(raised.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.connection.rollback()
        self.assertEqual(self.ask('SELECT 1'), [(1,)])


class AsyncStreamTest(ServerTest):
    def run_async(self, function):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                await function(connection)
        asyncio.run(main())

    def test_rows(self):
        async def main(connection):
            for size in (1, 7, 5000):
                rows = [row async for row in connection.stream('SELECT i, i::text FROM generate_series(1, 2500) i', size=size)]
                self.assertEqual(rows, [(i, str(i)) for i in range(1, 2501)])
            cursor = connection.cursor(row_factory=Pg.dict_row)
            self.assertEqual([row async for row in cursor.stream('SELECT %s AS n', (5,))], [{'n': 5}])
            self.assertEqual([row async for row in cursor.stream('SELECT 1 WHERE false')], [])
            self.assertEqual(cursor.rowcount, 0)
            with self.assertRaises(ValueError):
                cursor.stream('SELECT 1', size=0)
        self.run_async(main)

    def test_left_early(self):
        async def main(connection):
            await connection.execute('CREATE TEMPORARY TABLE t AS SELECT 42 AS n')
            async for row in connection.stream(MANY, size=10):
                if row[0] == 25:
                    break
            cursor = await connection.execute('SELECT n FROM t')
            self.assertEqual(await cursor.fetchall(), [(42,)])
            async with connection.stream(MANY) as rows:
                await rows.__anext__()
                with self.assertRaisesRegex(Pg.ProgrammingError, 'row stream'):
                    await connection.execute('SELECT 1')
            async with connection.cursor() as cursor:
                rows = cursor.stream(MANY)
                await rows.__anext__()
            await connection.execute('SELECT n FROM t')
            self.assertEqual(connection.transaction_status, Pg.TransactionStatus.INTRANS)
        self.run_async(main)

    def test_exception_in_the_loop(self):
        async def main(connection):
            await connection.execute('CREATE TABLE rolled_back ()')
            async for row in connection.stream(MANY):
                row[0] / 0
        with self.assertRaises(ZeroDivisionError):
            self.run_async(main)
        self.assertEqual(self.connect().execute("SELECT to_regclass('rolled_back')").fetchall(), [(None,)])

    def test_cancelled(self):
        async def main(connection):
            async def read():
                async for _row in connection.stream("SELECT repeat('x', 9000), pg_sleep(CASE WHEN i > 3 THEN 60 END) FROM generate_series(1, 9) i", size=1):
                    pass
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(read(), 0.3)
            await connection.rollback()
            cursor = await connection.execute('SELECT 1')
            self.assertEqual(await cursor.fetchall(), [(1,)])
        self.run_async(main)

    def test_two_at_a_time(self):
        async def main(connection):
            rows = connection.stream('SELECT i FROM generate_series(1, 20) i', size=5)
            found = await asyncio.gather(*(rows.__anext__() for _ in range(3)), return_exceptions=True)
            self.assertEqual(found[0], (1,))
            for error in found[1:]:
                self.assertIsInstance(error, RuntimeError)
                self.assertEqual(str(error), 'another row of this stream is being waited for')
            self.assertEqual([row async for row in rows], [(i,) for i in range(2, 21)])
        self.run_async(main)
