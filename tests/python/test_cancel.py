# SPDX-License-Identifier: LGPL-2.1-or-later
"""cancel() when no call runs: between two rows, two blocks of a copy, two sets of parameters, two calls of a
pipeline."""

import asyncio
import threading

from support import Pg, ServerTest

MANY = 'SELECT generate_series(1, 100000000)'


class CancelTest(ServerTest):
    def test_stream(self):
        for size in (1, 100):
            connection = self.connect()
            rows = connection.stream(MANY, size=size)
            self.assertEqual(next(rows), (1,))
            thread = threading.Thread(target=connection.cancel_safe)
            thread.start()
            thread.join()
            with self.assertRaises(Pg.errors.QueryCanceled):
                for _row in rows:
                    pass
            self.assertEqual(connection.transaction_status, Pg.TransactionStatus.INERROR)
            connection.rollback()
            self.assertEqual(connection.execute('SELECT 5 FROM pg_sleep(0.1)').fetchone(), (5,))

    def test_in_the_loop(self):
        connection = self.connect(autocommit=True)
        with self.assertRaises(Pg.errors.QueryCanceled):
            for row in connection.stream(MANY):
                if row[0] == 3:
                    connection.cancel()
        self.assertEqual(connection.execute('SELECT 5 FROM pg_sleep(0.1)').fetchone(), (5,))

    def test_copy(self):
        connection = self.connect(autocommit=True)
        connection.execute('CREATE TEMPORARY TABLE item (id int)')
        with self.assertRaises(Pg.errors.QueryCanceled):
            with connection.copy_in('COPY item FROM STDIN') as copy:
                copy.write_row([1])
                connection.cancel()
        with self.assertRaises(Pg.errors.QueryCanceled):
            with connection.copy_out(f'COPY ({MANY}) TO STDOUT') as copy:
                for _block in copy:
                    connection.cancel()
        self.assertEqual(connection.execute('SELECT count(*) FROM item').fetchone(), (0,))

    def test_many(self):
        connection = self.connect(autocommit=True)
        connection.execute('CREATE TEMPORARY TABLE item (id int)')

        # Of a set in the first thousand, which are collected before any of it is executed, nobody knows.
        def sets(cancel_at):
            for i in range(5000):
                if i == cancel_at:
                    connection.cancel()
                yield [i]
        for cancel_at in (1000, 1700, 4999):
            with self.assertRaises(Pg.errors.QueryCanceled) as caught:
                connection.cursor().executemany('INSERT INTO item VALUES (%s)', sets(cancel_at))
            self.assertNotIn('before it began', str(caught.exception))
            self.assertEqual(connection.execute('SELECT count(*) FROM item').fetchone(), (0,))

    def test_pipeline(self):
        for cancel in (Pg.Connection.cancel, Pg.Connection.cancel_safe):
            connection = self.connect(autocommit=True)
            connection.execute('CREATE TEMPORARY TABLE item (id int)')
            with self.assertRaises(Pg.errors.QueryCanceled):
                with connection.pipeline():
                    connection.execute('INSERT INTO item VALUES (1)')
                    cursor = connection.execute('SELECT pg_sleep(600)')
                    cancel(connection)
                    cursor.fetchone()
            self.assertEqual(connection.execute('SELECT count(*) FROM item').fetchone(), (0,))
            self.assertEqual(connection.execute('SELECT 5 FROM pg_sleep(0.1)').fetchone(), (5,))

    def test_asyncio(self):
        async def use():
            connection = await Pg.AsyncConnection.connect(self.conninfo, autocommit=True)
            rows = connection.stream(MANY, size=1)
            self.assertEqual(await anext(rows), (1,))
            await connection.cancel_safe(timeout=60)
            with self.assertRaises(Pg.errors.QueryCanceled):
                async for _row in rows:
                    pass
            await connection.execute('CREATE TEMPORARY TABLE item (id int)')
            with self.assertRaises(Pg.errors.QueryCanceled):
                async with await connection.copy_in('COPY item FROM STDIN') as copy:
                    await copy.write_row([1])
                    connection.cancel()
            with self.assertRaises(Pg.errors.QueryCanceled):
                async with connection.cursor() as cursor:
                    await cursor.executemany('INSERT INTO item VALUES (%s)', sets(connection))
            self.assertEqual(await (await connection.execute('SELECT count(*) FROM item')).fetchone(), (0,))
            await connection.close()

        async def sets(connection):
            for i in range(5000):
                await asyncio.sleep(0)
                if i == 1700:
                    connection.cancel()
                yield [i]
        asyncio.run(use())
