# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import gc
import logging
import unittest.mock
import weakref

from gi.repository import Gio, GLib

from support import Pg, ServerTest, is_dead


class PipelineTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i int PRIMARY KEY)')

    def test_results(self):
        connection = self.connection
        with connection.pipeline() as pipeline:
            self.assertIsInstance(pipeline, Pg.Pipeline)
            self.assertIs(pipeline.connection, connection)
            self.assertEqual((pipeline.status, connection.pipeline_status), (Pg.PipelineStatus.ON, Pg.PipelineStatus.ON))
            inserts = [connection.execute('INSERT INTO t VALUES (%s)', [i]) for i in range(2000)]
            count = connection.execute('SELECT count(*), 5 FROM t')
            self.assertEqual((count.rowcount, count.get_result(), count.description), (-1, None, None))
            self.assertEqual(count.fetchone(), (2000, 5))
            self.assertEqual((inserts[0].rowcount, len(count.description)), (1, 2))
            pipeline.sync()
            self.assertEqual({insert.rowcount for insert in inserts}, {1})
            for read, expected in ((lambda cursor: cursor.fetchall(), [(1,), (2,), (3,)]), (lambda cursor: cursor.fetchmany(2), [(1,), (2,)]),
                                   (list, [(1,), (2,), (3,)]), (next, (1,)), (lambda cursor: cursor.scroll(2) and cursor.fetchone(), (3,)),
                                   (lambda cursor: [each.fetchone() for each in cursor.results()], [(1,)]),
                                   (lambda cursor: cursor.set_result(-1).fetchone(), (1,)), (lambda cursor: cursor.wait() or cursor.rowcount, 3),
                                   (lambda cursor: cursor.fetch_one(None)[0], 1)):
                self.assertEqual(read(connection.execute('SELECT generate_series(1, 3)')), expected)
            # The last one of a cursor counts.
            cursor = connection.cursor(row_factory=Pg.dict_row)
            cursor.execute('SELECT 1 AS a')
            cursor.execute('SELECT 2 AS a')
            self.assertEqual(cursor.fetchall(), [{'a': 2}])
            left = connection.execute('DELETE FROM t WHERE i < 10')
        self.assertEqual((pipeline.status, connection.pipeline_status, left.rowcount), (Pg.PipelineStatus.OFF, Pg.PipelineStatus.OFF, 10))
        left.wait()
        self.assertEqual(self.ask('SELECT count(*) FROM t'), [(1990,)])

    def test_first_error(self):
        """The end of the block has the first error, whatever was executed behind it."""
        for autocommit in True, False:
            connection = self.connect(autocommit=autocommit)
            for after in (lambda: connection.execute('COMMIT'), lambda: connection.execute('SELECT 1').fetchone(), lambda: connection.execute('SELECT 1').wait(),
                          lambda: connection.execute('ROLLBACK TO a; SELECT 1'), lambda: connection.commit(), lambda: None):
                with self.assertRaises(Pg.errors.UndefinedTable), connection.pipeline():
                    connection.execute('INSERT INTO t VALUES (1)')
                    connection.execute('INSERT INTO nothing VALUES (1)')
                    connection.execute('INSERT INTO t VALUES (2)')
                    after()
                connection.rollback()
            with self.assertLogs('pgconn', logging.WARNING), self.assertRaises(ZeroDivisionError), connection.pipeline():
                connection.execute('INSERT INTO nothing VALUES (1)')
                1 / 0
            connection.rollback()
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_first_error_awaited(self):
        async def main(autocommit):
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=autocommit) as connection:
                for query in 'COMMIT', 'SELECT 1':
                    for fetches in False, True:
                        with self.assertRaises(Pg.errors.UndefinedTable):
                            async with connection.pipeline():
                                await connection.execute('INSERT INTO t VALUES (1)')
                                await connection.execute('INSERT INTO nothing VALUES (1)')
                                cursor = await connection.execute(query)
                                if fetches:
                                    await cursor.wait()
                        await connection.rollback()
        for autocommit in True, False:
            asyncio.run(main(autocommit))
        self.assertEqual(self.ask('SELECT i FROM t'), [])

    def test_errors(self):
        connection = self.connection
        with self.assertRaises(Pg.errors.UniqueViolation) as caught, connection.pipeline() as pipeline:
            first = connection.execute('INSERT INTO t VALUES (1) RETURNING i')
            wrong = connection.execute('INSERT INTO t VALUES (1) RETURNING i')
            after = connection.execute('SELECT 1')
            self.assertEqual(first.fetchall(), [(1,)])
            for _ in range(2):
                for call in wrong.fetchone, wrong.fetchall, wrong.wait, lambda: list(wrong), lambda: wrong.set_result(0):
                    with self.assertRaises(Pg.errors.UniqueViolation) as seen:
                        call()
                    self.assertEqual(seen.exception.diag.constraint_name, 't_pkey')
                for call in after.fetchone, after.wait:
                    with self.assertRaisesRegex(Pg.errors.PipelineAborted, 'duplicate key') as seen:
                        call()
                    self.assertIsInstance(seen.exception, Pg.OperationalError)
                    self.assertIsNone(seen.exception.diag)
            self.assertEqual(pipeline.status, Pg.PipelineStatus.ABORTED)
        self.assertEqual(caught.exception.diag.constraint_name, 't_pkey')
        self.assertEqual((pipeline.status, self.ask('SELECT * FROM t')), (Pg.PipelineStatus.OFF, []))
        # What the call itself notices is its own error, and nothing is sent.
        with connection.pipeline():
            with self.assertRaises(Pg.ProgrammingError):
                connection.execute('SELECT %s', [])
            self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))
        with connection.pipeline() as pipeline:
            connection.execute('SELECT 1/0')
            with self.assertRaises(Pg.errors.DivisionByZero):
                pipeline.sync()
            self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))
        for call in pipeline.sync, pipeline.end:
            with self.assertRaises(Pg.ProgrammingError):
                call()
        with connection.pipeline() as pipeline, self.assertRaises(Pg.ProgrammingError):
            pipeline.begin()
        self.assertEqual(connection.execute('SELECT 1').fetchone(), (1,))

    def test_cancelled_in_block(self):
        """defect: the error of a statement was logged beside the same one, which left the block."""
        connection = self.connection
        with unittest.mock.patch.object(logging.getLogger('pgconn'), 'warning') as warning:
            with self.assertRaises(Pg.errors.QueryCanceled), connection.pipeline():
                cursor = connection.execute('SELECT pg_sleep(600)')
                thread = self.when_sleeps(connection.backend_pid, connection.cancel)
                cursor.fetchone()
            thread.join()

            async def main():
                async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                    with self.assertRaises(asyncio.TimeoutError):
                        async with connection.pipeline():
                            cursor = await connection.execute('SELECT pg_sleep(600)')
                            await asyncio.wait_for(cursor.fetchone(), 0.1)
                    with self.assertRaises(Pg.errors.DivisionByZero):
                        async with connection.pipeline():
                            await (await connection.execute('SELECT 1/0')).fetchone()
            asyncio.run(main())
        warning.assert_not_called()

    def test_exception_in_block(self):
        with self.assertLogs('pgconn', logging.WARNING) as logs, self.assertRaises(ZeroDivisionError), self.connection.pipeline():
            self.connection.execute('SELECT 1/0')
            raise ZeroDivisionError
        self.assertIn('division by zero', logs.output[0])
        with self.assertRaises(ZeroDivisionError), self.connection.pipeline():
            self.connection.execute('INSERT INTO t VALUES (1)')
            raise ZeroDivisionError
        self.assertEqual(self.ask('SELECT * FROM t'), [(1,)])
        with self.assertLogs('pgconn', logging.WARNING), self.assertRaises(ZeroDivisionError), self.connection.pipeline():
            self.connection.close()
            raise ZeroDivisionError

    def test_transactions(self):
        connection = self.connect()
        with connection.pipeline():
            with connection.pipeline():
                connection.execute('INSERT INTO t VALUES (1)')
            connection.rollback()
            connection.execute('INSERT INTO t VALUES (2)')
            connection.commit()
            connection.execute('INSERT INTO t VALUES (3)')
        self.assertEqual(self.ask('SELECT * FROM t'), [(2,)])
        connection.rollback()

    def test_what_goes_alone(self):
        connection = self.connection
        with connection.pipeline():
            connection.execute('INSERT INTO t VALUES (1)')
            cursor = connection.cursor()
            cursor.executemany('INSERT INTO t VALUES (%s)', [(i,) for i in range(2, 5)])
            self.assertEqual(cursor.rowcount, 3)
            with cursor.copy('COPY t FROM STDIN') as copy:
                copy.write_rows([(5,), (6,)])
            self.assertEqual(list(connection.stream('SELECT i FROM t ORDER BY i')), [(i,) for i in range(1, 7)])
            two = connection.execute('SELECT 1; SELECT 2')
            self.assertEqual((two.fetchall(), two.nextset(), two.fetchall()), ([(1,)], True, [(2,)]))
            statement = connection.prepare('SELECT $1 + 1')
            self.assertEqual(statement.execute([1]).fetchone(), (2,))

    def test_next_result(self):
        """What goes to a result waits for it."""
        connection = self.connection
        with self.assertRaises(Pg.errors.DivisionByZero), connection.pipeline():
            cursor = connection.execute('SELECT 1')
            self.assertIsNone(cursor.nextset())
            self.assertEqual([(column.name, result.fetchall()) for result in cursor.results() for column in cursor.description], [('?column?', [(1,)])])
            with self.assertRaises(Pg.errors.DivisionByZero):
                connection.execute('SELECT 1/0').nextset()
        self.assertIsNone(connection.cursor().nextset())

    def test_cancelled_wait(self):
        cancellable = Gio.Cancellable()
        with self.assertRaises(GLib.Error), self.connection.pipeline():
            slow = self.connection.execute('SELECT pg_sleep(60)')
            GLib.timeout_add(50, cancellable.cancel)
            context = GLib.MainContext.default()
            while not cancellable.is_cancelled():
                context.iteration(True)
            slow.wait(cancellable)
        self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))

    def test_dropped(self):
        pipeline = self.connection.pipeline()
        pipeline.begin()
        self.connection.execute('INSERT INTO t VALUES (1)')
        reference = weakref.ref(pipeline)
        del pipeline
        self.assertTrue(is_dead(reference))
        self.assertEqual(self.connection.execute('SELECT * FROM t').fetchall(), [(1,)])
        self.assertEqual(self.connection.pipeline_status, Pg.PipelineStatus.OFF)


class AsyncPipelineTest(ServerTest):
    def run_with(self, function, **keywords):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, **keywords) as connection:
                await connection.execute('CREATE TABLE t (i int PRIMARY KEY)')
                await connection.commit()
                await function(connection)
        asyncio.run(main())

    def test_results(self):
        async def main(connection):
            async with connection.pipeline() as pipeline:
                self.assertIsInstance(pipeline, Pg.AsyncPipeline)
                self.assertEqual((pipeline.status, connection.pipeline_status), (Pg.PipelineStatus.ON, Pg.PipelineStatus.ON))
                with self.locked():
                    slow = await connection.execute('SELECT pg_advisory_lock(1), 7')
                    # It has returned before the server could answer.
                    self.assertEqual((slow.get_result(), slow.rowcount, slow.description), (None, -1, None))
                    with self.assertRaisesRegex(Pg.ProgrammingError, 'await the fetch'):
                        list(slow)
                self.assertEqual((await slow.fetchone())[1], 7)
                inserts = [await connection.execute('INSERT INTO t VALUES (%s)', [i]) for i in range(3000)]
                count = await connection.execute('SELECT count(*) FROM t')
                self.assertEqual(await count.fetchone(), (3000,))
                await pipeline.sync()
                self.assertEqual({insert.rowcount for insert in inserts}, {1})
                query = 'SELECT generate_series(1, 3) AS a'
                self.assertEqual(await (await connection.execute(query)).fetchall(), [(1,), (2,), (3,)])
                self.assertEqual(await (await connection.execute(query)).fetchmany(2), [(1,), (2,)])
                self.assertEqual([row async for row in await connection.execute(query)], [(1,), (2,), (3,)])
                cursor = connection.cursor(row_factory=Pg.dict_row)
                await cursor.execute('SELECT 1 AS a')
                await cursor.execute(query)
                await cursor.wait()
                self.assertEqual((cursor.rowcount, list(cursor)), (3, [{'a': 1}, {'a': 2}, {'a': 3}]))
                late = await connection.execute(query)
            # It has come by now.
            self.assertEqual((pipeline.status, late.rowcount, list(late)), (Pg.PipelineStatus.OFF, 3, [(1,), (2,), (3,)]))
            self.assertEqual(list(await connection.execute('SELECT 1')), [(1,)])
        self.run_with(main)

    def test_errors(self):
        async def main(connection):
            with self.assertRaises(Pg.errors.UniqueViolation) as caught:
                async with connection.pipeline() as pipeline:
                    first = await connection.execute('INSERT INTO t VALUES (1) RETURNING i')
                    wrong = await connection.execute('INSERT INTO t VALUES (1) RETURNING i')
                    after = await connection.execute('SELECT 1')
                    self.assertEqual(await first.fetchall(), [(1,)])
                    for _ in range(2):
                        for call in wrong.fetchone, wrong.fetchall, wrong.fetchmany, wrong.wait, wrong.__anext__:
                            with self.assertRaises(Pg.errors.UniqueViolation) as seen:
                                await call()
                            self.assertEqual(seen.exception.diag.constraint_name, 't_pkey')
                        with self.assertRaises(Pg.errors.UniqueViolation):
                            list(wrong)
                        with self.assertRaisesRegex(Pg.errors.PipelineAborted, 'duplicate key'):
                            await after.fetchone()
                    self.assertEqual(pipeline.status, Pg.PipelineStatus.ABORTED)
            self.assertEqual(caught.exception.diag.constraint_name, 't_pkey')
            with self.assertRaises(Pg.errors.UniqueViolation):
                await wrong.fetchone()
            cursor = await connection.execute('SELECT * FROM t')
            self.assertEqual(await cursor.fetchall(), [])
            # What is not even sent is an error of the fetch too, and does no harm to others; where nobody looks it is one of the synchronization.
            async with connection.pipeline() as pipeline:
                cursor = await connection.execute('SELECT %s', [])
                with self.assertRaises(Pg.ProgrammingError):
                    await cursor.fetchone()
                self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))
                await pipeline.sync()
                await connection.execute('SELECT %s', [])
                await connection.execute('INSERT INTO t VALUES (2)')
                with self.assertRaisesRegex(Pg.ProgrammingError, 'placeholder'):
                    await pipeline.sync()
                with self.assertRaises(TypeError):
                    await connection.execute('SELECT %s', 'a')
            self.assertEqual(self.ask('SELECT * FROM t'), [(2,)])
            # The same cursor goes on.
            await wrong.execute('SELECT 5')
            self.assertEqual(await wrong.fetchone(), (5,))
            with self.assertLogs('pgconn', logging.WARNING), self.assertRaises(KeyError):
                async with connection.pipeline():
                    await connection.execute('SELECT 1/0')
                    raise KeyError
        self.run_with(main, autocommit=True)

    def test_transactions(self):
        async def main(connection):
            async with connection.pipeline():
                async with connection.pipeline():
                    await connection.execute('INSERT INTO t VALUES (1)')
                await connection.rollback()
                await connection.execute('INSERT INTO t VALUES (2)')
                await connection.commit()
                cursor = connection.cursor()
                await cursor.executemany('INSERT INTO t VALUES (%s)', [(3,), (4,)])
                async with cursor.copy('COPY t FROM STDIN') as copy:
                    await copy.write_row((5,))
                self.assertEqual([row async for row in connection.stream('SELECT i FROM t')], [(2,), (3,), (4,), (5,)])
            await connection.rollback()
            self.assertEqual(self.ask('SELECT * FROM t'), [(2,)])
        self.run_with(main)

    def test_next_result(self):
        async def main(connection):
            with self.assertRaises(Pg.errors.DivisionByZero):
                async with connection.pipeline():
                    with self.locked():
                        cursor = await connection.execute('SELECT pg_advisory_lock(1)')
                        for call in cursor.nextset, lambda: list(cursor.results()):
                            with self.assertRaisesRegex(Pg.ProgrammingError, 'await the fetch'):
                                call()
                    await cursor.wait()
                    self.assertIsNone(cursor.nextset())
                    wrong = await connection.execute('SELECT 1/0')
                    with self.assertRaises(Pg.errors.DivisionByZero):
                        await wrong.wait()
                    with self.assertRaises(Pg.errors.DivisionByZero):
                        wrong.nextset()
        self.run_with(main, autocommit=True)

    def test_tasks(self):
        async def main(connection):
            async def ask(i):
                return await (await connection.execute('SELECT %s', [i])).fetchone()

            async with connection.pipeline():
                self.assertEqual(await asyncio.gather(*map(ask, range(200))), [(i,) for i in range(200)])
                shared = await connection.execute('SELECT pg_sleep(0.05), 1')
                # One that is cancelled takes nothing from others that wait for something else.
                waits = [asyncio.ensure_future(shared.wait()) for _ in range(3)]
                await asyncio.gather(*waits)
        self.run_with(main)

    def test_cancelled(self):
        async def main(connection):
            with self.assertRaises(GLib.Error):
                async with connection.pipeline():
                    slow = await connection.execute('SELECT pg_sleep(60)')
                    after = await connection.execute('SELECT 1')
                    with self.assertRaises(asyncio.TimeoutError):
                        await asyncio.wait_for(slow.fetchone(), 0.1)
                    with self.assertRaises(Pg.errors.PipelineAborted):
                        await after.fetchone()
            await connection.rollback()
            self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))
        self.run_with(main)

    def test_nothing_left(self):
        async def main(connection):
            references = []
            async with connection.pipeline():
                for query in 'SELECT 1', 'SELECT 2', 'SELECT pg_sleep(0.01)':
                    references.append(weakref.ref(await connection.execute(query)))
            gc.collect()
            for _ in range(3000):
                if all(reference() is None for reference in references):
                    break
                await asyncio.sleep(0.02)
                gc.collect()
            self.assertEqual([reference() for reference in references], [None] * 3)
        self.run_with(main, autocommit=True)

    def test_lost(self):
        async def main():
            connection = await Pg.AsyncConnection.connect(self.conninfo, autocommit=True)
            with self.assertRaises(Pg.DbError):
                async with connection.pipeline():
                    slow = await connection.execute('SELECT pg_sleep(60)')
                    waiting = asyncio.ensure_future(slow.fetchone())
                    await asyncio.sleep(0.1)
                    self.ask('SELECT pg_terminate_backend(%s)', [connection.backend_pid])
                    with self.assertRaises(Pg.DbError):
                        await waiting
            self.assertTrue(connection.closed)
            self.assertEqual(connection._n_pipelines, 0)
        asyncio.run(main())
