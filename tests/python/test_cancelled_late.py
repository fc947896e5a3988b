# SPDX-License-Identifier: LGPL-2.1-or-later
"""A task that is cancelled in the turn of the event loop in which its call has succeeded: nobody gets what the call has opened."""

import asyncio
import unittest.mock

from gi.overrides import _pg_asyncio

from support import Pg, ServerTest


class CancelledLateTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.ask('CREATE TABLE t (i int)')

    def ask(self, query, params=None):
        cursor = super().connect(autocommit=True).execute(query, params)
        return cursor.fetchall() if cursor.description else None

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
            for _ in range(200):
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
                copy._send_rows_async = unittest.mock.AsyncMock(side_effect=ZeroDivisionError)
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
