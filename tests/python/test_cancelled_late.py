# SPDX-License-Identifier: LGPL-2.1-or-later
"""A task that is cancelled in the turn of the event loop in which its call has succeeded: nobody gets what the call has opened."""

import asyncio
import unittest.mock

from gi.overrides import _pg_asyncio

from support import Pg, ServerTest


class _LateTest(ServerTest):
    async def cancel(self, function, n_before=0):
        """Runs it as a task, which is cancelled when a call has ended, and when each of those after it has; the exception keeps its frames."""
        end = _pg_asyncio._Call._done
        ended = []

        def done(call, *args):
            end(call, *args)
            ended.append(call)
            if len(ended) > n_before:
                task.cancel()

        async def work():
            try:
                await function()
            except BaseException as error:
                errors.append(error)
                raise
        errors = []
        with unittest.mock.patch.object(_pg_asyncio._Call, '_done', done):
            task = asyncio.ensure_future(work())
            await asyncio.wait([task])
        self.assertGreater(len(ended), n_before)
        self.assertTrue(task.cancelled())
        self.assertIsInstance(errors[0], asyncio.CancelledError)
        return errors


class CancelledLateTest(_LateTest):
    def setUp(self):
        super().setUp()
        self.ask('CREATE TABLE t (i int)')

    def ask(self, query, params=None):
        cursor = super().connect(autocommit=True).execute(query, params)
        return cursor.fetchall() if cursor.description else None

    def try_each(self, make, *, n_before=0, autocommit=False, expected=()):
        """What the task does is cancelled late; then the connection can be used, and what it does is kept."""
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=autocommit) as connection:
                await connection.execute('SELECT 1')
                errors = await self.cancel(make(connection), n_before)
                self.assertEqual(connection.pipeline_status, Pg.PipelineStatus.OFF)
                self.assertEqual(connection._n_pipelines, 0)
                cursor = await connection.execute('SELECT 42')
                self.assertEqual(await cursor.fetchall(), [(42,)])
                await connection.execute('INSERT INTO t VALUES (7)')
                del errors
        asyncio.run(main())
        self.assertEqual(self.ask('SELECT i FROM t'), [*expected, (7,)])
        self.ask('TRUNCATE t')

    def test_stream(self):
        for query in 'SELECT 1', 'SELECT generate_series(1, 100000000)':
            for n_before in 0, 1, 2:
                if n_before < 2 or query != 'SELECT 1':
                    with self.subTest(query=query, n_before=n_before):
                        def make(connection):
                            async def read():
                                rows = connection.stream(query, size=1)
                                while True:
                                    await rows.__anext__()
                            return read
                        # In a transaction, a statement that was stopped has failed.
                        self.try_each(make, n_before=n_before, autocommit=True)

    def test_copy(self):
        def opens(name, *args):
            return lambda connection: lambda: getattr(connection, name)(*args)

        def enters(statement):
            def make(connection):
                async def enter():
                    async with connection.cursor().copy(statement):
                        pass
                return enter
            return make
        into, out = 'COPY t FROM STDIN', 'COPY (SELECT generate_series(1, 100000000)) TO STDOUT'
        for make in opens('copy_in', into), opens('copy_out', out), enters(into), enters(out):
            self.try_each(make, autocommit=True)
        for make in opens('copy_out', 'COPY t TO STDOUT'), enters('COPY t TO STDOUT'):
            self.try_each(make)

    def test_copy_rows(self):
        """The end of the block sends the rows that were collected: these and no others, or none."""
        def make(connection):
            async def write():
                async with await connection.copy_in('COPY t FROM STDIN') as copy:
                    await copy.write_rows([(1,)] * 700)
            return write
        for n_before in 1, 2:
            self.try_each(make, n_before=n_before, autocommit=True)
        self.try_each(make, n_before=3, autocommit=True, expected=[(1,)] * 700)

    def test_pipeline(self):
        def make(connection):
            async def enter():
                async with connection.pipeline():
                    self.fail('nobody has entered it')
            return enter
        for autocommit in False, True:
            self.try_each(make, autocommit=autocommit)

    def test_pipeline_in_pipeline(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with connection.pipeline() as pipeline:
                    await connection.execute('INSERT INTO t VALUES (1)')
                    errors = await self.cancel(connection.pipeline().begin)
                    self.assertEqual((pipeline.status, connection._n_pipelines), (Pg.PipelineStatus.ON, 1))
                    await connection.execute('INSERT INTO t VALUES (2)')
                self.assertEqual(connection.pipeline_status, Pg.PipelineStatus.OFF)
                del errors
        asyncio.run(main())
        self.assertEqual(self.ask('SELECT i FROM t'), [(1,), (2,)])

    def test_pipeline_end(self):
        def make(connection):
            async def leave():
                async with connection.pipeline():
                    await connection.execute('INSERT INTO t VALUES (1)')
            return leave
        # begin(), execute(), end()
        self.try_each(make, n_before=2, autocommit=True, expected=[(1,)])

    def test_large_object(self):
        with self.connect() as connection:
            oid = connection.large_object(mode='wb').oid

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                await connection.execute('SELECT 1')
                for args, n_before in (((), 0), ((oid,), 0), ((oid,), 1)):
                    errors = await self.cancel(lambda: connection.large_object(*args, mode='wb'), n_before)  # noqa: B023
                    # The server has no descriptor of it left: the first one is used again.
                    cursor = await connection.execute('SELECT lo_open(%s, 262144)', [oid])
                    self.assertEqual(await cursor.fetchone(), (0,))
                    await connection.execute('SELECT lo_close(0)')
                    del errors
        asyncio.run(main())

    def test_connection(self):
        async def main():
            errors = await self.cancel(lambda: Pg.AsyncConnection.connect(self.conninfo, application_name='late'))
            del errors[1:]
            for _ in range(3000):
                if self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'late'") == [(0,)]:
                    return
                await asyncio.sleep(0.02)
            self.fail('the session is still there')
        asyncio.run(main())

    def test_error_and_cancelled(self):
        """A task that is cancelled while a copy is given up because of an error is cancelled."""
        def make(connection):
            async def write():
                copy = await connection.copy_in('COPY t FROM STDIN')
                await copy.write_row((1,))
                await copy.write_row(('not sent: no integer',))
                copy._send_taken = unittest.mock.AsyncMock(side_effect=ZeroDivisionError)
                await copy.close()
            return write
        self.try_each(make, n_before=1, autocommit=True)

    def test_executemany(self):
        def make(connection):
            async def execute():
                await connection.cursor().executemany('INSERT INTO t VALUES (%s)', ((i,) for i in range(2500)))
            return execute
        self.try_each(make, autocommit=True)
        self.try_each(make, n_before=1, autocommit=True)


class GivenBackTest(_LateTest):
    """What was read is there for whoever goes on reading."""

    def run_each(self, main, autocommit=False):
        async def connected():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=autocommit) as connection:
                await main(connection)
        asyncio.run(connected())

    def test_server_cursor(self):
        expected = [(i,) for i in range(1, 101)]

        async def main(connection):
            for scrollable in None, False:
                # What is done, and how many of its calls have ended before.
                for n, fetch, n_before in ((0, 'fetchone', 0), (0, 'fetchmany', 0), (0, 'fetchall', 0), (0, '__anext__', 0), (10, 'fetchmany', 0),
                                           (10, 'fetchall', 0), (30, 'fetchall', 0)):
                    with self.subTest(scrollable=scrollable, n=n, fetch=fetch, n_before=n_before):
                        cursor = connection.cursor('c', scrollable=scrollable)
                        cursor.itersize = 20
                        await cursor.execute('SELECT generate_series(1, 100)')
                        rows = [await cursor.__anext__() for _ in range(n)]
                        args = (70,) if fetch == 'fetchmany' else ()
                        errors = await self.cancel(lambda: getattr(cursor, fetch)(*args), n_before)  # noqa: B023
                        self.assertEqual(cursor.rownumber, n)
                        rows.append(await cursor.fetchone())
                        rows += await cursor.fetchmany(3)
                        self.assertEqual(cursor.rownumber, n + 4)
                        rows += await cursor.fetchall()
                        self.assertEqual(rows, expected)
                        await cursor.close()
                        del errors
        self.run_each(main)

    def test_moving_after(self):
        """Rows of a page before the last one are counted where the cursor moves from."""
        async def main(connection):
            cursor = connection.cursor('c', scrollable=True)
            cursor.itersize = 20
            for moves, expected in (((0, 'relative'), 10), ((5, 'relative'), 15), ((-3, 'relative'), 7), ((50, 'absolute'), 50)):
                await cursor.execute('SELECT generate_series(0, 99)')
                for _ in range(10):
                    await cursor.__anext__()
                errors = await self.cancel(lambda: cursor.fetchmany(40))
                self.assertEqual(cursor.rownumber, 10)
                await cursor.scroll(*moves)
                self.assertEqual(await cursor.fetchone(), (expected,))
                del errors
            errors = await self.cancel(lambda: cursor.fetchmany(60))
            await cursor.execute("SELECT 'new'")
            self.assertEqual(await cursor.fetchall(), [('new',)])
            del errors
        self.run_each(main)

    def test_row_factory_fails(self):
        """Rows of pages before are not lost either where a function of the user's fails."""
        with self.connect() as connection:
            cursor = connection.cursor('c')
            cursor.itersize = 20
            cursor.execute('SELECT generate_series(1, 100)')
            failing = [50]

            def make(i):
                if i in failing:
                    raise ZeroDivisionError
                return i
            cursor.row_factory = Pg.args_row(make)
            rows = [next(cursor) for _ in range(10)]
            with self.assertRaises(ZeroDivisionError):
                cursor.fetchmany(70)
            failing.clear()
            self.assertEqual(cursor.rownumber, 10)
            self.assertEqual(rows + cursor.fetchall(), list(range(1, 101)))

    def test_copy_bytes(self):
        statement = "COPY (SELECT repeat('x', 999) FROM generate_series(1, 1000)) TO STDOUT"
        expected = b'x' * 999 + b'\n'

        async def main(connection):
            for size, n_before in ((10, 0), (-1, 0), (-1, 3), (5000, 0)):
                with self.subTest(size=size, n_before=n_before):
                    async with await connection.copy_out(statement) as copy:
                        data = await copy.read(3)
                        errors = await self.cancel(lambda: copy.read(size), n_before)  # noqa: B023
                        data += await copy.read(4)
                        data += await copy.read()
                        self.assertEqual((len(data), data == expected * 1000), (1000000, True))
                        del errors
        self.run_each(main)

    def test_copy_rows(self):
        async def main(connection):
            for function in 'read_row', 'read_rows':
                async with await connection.copy_out('COPY (SELECT generate_series(1, 3000)) TO STDOUT (FORMAT binary)') as copy:
                    args = (700,) if function == 'read_rows' else ()
                    errors = await self.cancel(lambda: getattr(copy, function)(*args))  # noqa: B023
                    with self.assertRaisesRegex(Pg.ProgrammingError, 'read ahead'):
                        await copy.read(1)
                    rows = [i async for i, in copy.rows()]
                    self.assertEqual(rows, list(range(1, 3001)))
                    del errors
            async with await connection.copy_out('COPY (SELECT generate_series(1, 3000)) TO STDOUT (FORMAT binary)') as copy:
                errors = await self.cancel(lambda: copy.read_rows(700))
                rows = []
                sizes = []
                while (result := await copy.read_rows(800)).get_n_rows() > 0:
                    sizes.append(result.get_n_rows())
                    rows += [row[0] for row in result]
                self.assertEqual(rows, list(range(1, 3001)))
                # What was given back comes by itself, before what the server still sends.
                self.assertTrue(sizes[0] <= 700 and all(size <= 800 for size in sizes), sizes)
                del errors
        self.run_each(main)

    def test_large_object(self):
        async def main(connection):
            async with await connection.large_object(mode='w+b') as file:
                await file.write(b'0123456789' * 100000)
                for size, n_before in ((10, 0), (-1, 0), (-1, 2)):
                    await file.seek(5)
                    errors = await self.cancel(lambda: file.read(size), n_before)  # noqa: B023
                    self.assertEqual(file.tell(), 5)
                    self.assertEqual(await file.read(7), b'5678901')
                    del errors
        self.run_each(main)

    def test_statement(self):
        async def main(connection):
            errors = await self.cancel(lambda: connection.prepare('SELECT 12345'))
            query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%12345' AND %s"
            self.assertEqual(await (await connection.execute(query, [True], prepare=False)).fetchone(), (0,))
            statement = await connection.prepare('SELECT 12345')
            self.assertEqual(await (await connection.execute(query, [True], prepare=False)).fetchone(), (1,))
            self.assertEqual(await (await statement.execute()).fetchone(), (12345,))
            await statement.close()
            self.assertEqual(await (await connection.execute(query, [True], prepare=False)).fetchone(), (0,))
            del errors
        self.run_each(main, autocommit=True)
