# SPDX-License-Identifier: LGPL-2.1-or-later
"""AsyncConnection: awaited on asyncio's own event loop and on PyGObject's, where there is one, and with callbacks in a GLib.MainLoop."""

import asyncio
import functools
import gc
import socket
import threading
import time
import unittest
import warnings
import weakref

from gi.repository import Gio, GLib

from support import Pg, ServerTest, get_server, is_dead
from tap_runner import collected_exceptions

try:
    from gi.events import GLibEventLoopPolicy
except ImportError:
    GLibEventLoopPolicy = None


class PlainLoop:
    """Runs the tests, which are coroutines, on asyncio's own event loop."""

    def run_coroutine(self, coroutine):
        return asyncio.run(asyncio.wait_for(coroutine, 60))


class GLibLoop:
    """The same on PyGObject's event loop, which runs the main context."""

    def run_coroutine(self, coroutine):
        with warnings.catch_warnings():
            # Python 3.14 is to drop the policies that PyGObject's loop comes by.
            warnings.simplefilter('ignore', DeprecationWarning)
            loop = GLibEventLoopPolicy().get_event_loop()
        try:
            return loop.run_until_complete(asyncio.wait_for(coroutine, 60))
        finally:
            loop.close()


def coroutine_test(function):
    @functools.wraps(function)
    def test(self):
        self.run_coroutine(function(self))
    return test


class AsyncTests:
    async def open(self, **keywords):
        connection = await Pg.AsyncConnection.connect(self.conninfo, **keywords)
        self.addCleanup(connection.close)
        return connection

    async def is_idle(self, pid):
        """Whether the server stops working for a session."""
        for _attempt in range(1000):
            if self.ask("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid])[0][0] != 'active':
                return True
            await asyncio.sleep(0.02)
        return False

    @coroutine_test
    async def test_connect(self):
        connection = await self.open(autocommit=True, application_name="it's me", read_only=True, timeout=30)
        self.assertIsInstance(connection, Pg.AsyncConnection)
        self.assertFalse(connection.closed)
        self.assertEqual((connection.autocommit, connection.read_only, connection.timeout), (True, True, 30))
        self.assertEqual(await (await connection.execute('SHOW application_name')).fetchone(), ("it's me",))

    @coroutine_test
    async def test_connect_failures(self):
        with self.assertRaises(Pg.errors.InvalidCatalogName) as caught:
            await self.open(dbname='missing')
        self.assertEqual(caught.exception.diag.sqlstate, '3D000')
        with self.assertRaises(Pg.OperationalError):
            await Pg.AsyncConnection.connect('host=/nonexistent')
        with self.assertRaises(Pg.ProgrammingError):
            await Pg.AsyncConnection.connect('nonsense')

    @coroutine_test
    async def test_several_hosts(self):
        # Each attempt has a socket of its own, which may have the number of the one before.
        refused = socket.socket()
        refused.bind(('127.0.0.1', 0))
        port = refused.getsockname()[1]
        directory, server_port = get_server().get_socket_directory(), get_server().get_port()
        for _attempt in range(3):
            async with await self.open(host=f'127.0.0.1,localhost,/nonexistent,127.0.0.1,{directory}',
                                       port=f'{port},{port},1,{port},{server_port}') as connection:
                await connection.execute('SELECT 1')
        refused.close()

    @coroutine_test
    async def test_rows(self):
        connection = await self.open()
        cursor = await connection.execute('SELECT i, %s FROM generate_series(1, 6) i', ['x'])
        self.assertIsInstance(cursor, Pg.AsyncCursor)
        self.assertIs(cursor.connection, connection)
        self.assertEqual(cursor.rowcount, 6)
        self.assertEqual([column.name for column in cursor.description][0], 'i')
        self.assertEqual(await cursor.fetchone(), (1, 'x'))
        self.assertEqual(await cursor.fetchmany(2), [(2, 'x'), (3, 'x')])
        self.assertEqual(next(cursor), (4, 'x'))
        async for row in cursor:
            self.assertEqual(row, (5, 'x'))
            break
        self.assertEqual(await cursor.fetchall(), [(6, 'x')])
        self.assertIsNone(await cursor.fetchone())
        self.assertEqual(await cursor.fetchall(), [])
        cursor.scroll(4, 'absolute')
        self.assertEqual([row async for row in cursor], [(5, 'x'), (6, 'x')])
        cursor.scroll(-2)
        self.assertEqual([row for row in cursor], [(5, 'x'), (6, 'x')])
        self.assertEqual(cursor.get_result()[0]['i'], 1)

    @coroutine_test
    async def test_cursor(self):
        connection = await self.open()
        async with connection.cursor(binary=True) as cursor:
            with self.assertRaisesRegex(Pg.ProgrammingError, 'no result'):
                await cursor.fetchone()
            self.assertIs(await cursor.execute('SELECT %(a)s', {'a': [1, None]}), cursor)
            self.assertEqual(await cursor.fetchall(), [([1, None],)])
            await cursor.execute('SELECT $1', GLib.Variant('(i)', (5,)))
            self.assertEqual(await cursor.fetchall(), [(5,)])
            with self.assertRaisesRegex(Pg.ProgrammingError, 'zero character'):
                await cursor.execute('SELECT 1\0')
        with self.assertRaises(Pg.InterfaceError):
            await cursor.execute('SELECT 1')
        with self.assertRaises(Pg.InterfaceError):
            await cursor.fetchone()

    @coroutine_test
    async def test_wrong_arguments(self):
        connection = await self.open()
        with self.assertRaisesRegex(TypeError, 'autocommit must be True or False, not str'):
            await connection.set_autocommit('no')
        with self.assertRaisesRegex(TypeError, 'conninfo must be a str, not NoneType'):
            await Pg.AsyncConnection.connect(None)
        with self.assertRaises(Pg.DataError):
            await connection.execute('SELECT %s', ['\ud800'])
        with self.assertRaisesRegex(Pg.InterfaceError, 'no connection'):
            await Pg.AsyncCursor().execute('SELECT 1')
        with self.assertRaisesRegex(ValueError, 'fetchmany'):
            await (await connection.execute('SELECT 1')).fetchmany(-1)
        await connection.close()
        with self.assertRaises(Pg.OperationalError):
            connection.get_fd()

    @coroutine_test
    async def test_errors(self):
        connection = await self.open(autocommit=True)
        await connection.execute('CREATE TABLE t (i int CONSTRAINT only_once UNIQUE)')
        await connection.execute('INSERT INTO t VALUES (1)')
        with self.assertRaises(Pg.errors.UniqueViolation) as caught:
            await connection.execute('INSERT INTO t VALUES (%s)', [1])
        self.assertEqual((caught.exception.sqlstate, caught.exception.diag.constraint_name), ('23505', 'only_once'))
        self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))
        # Each of several calls has its own.
        results = await asyncio.gather(*(connection.execute(query) for query in ('SELECT 1/0', 'SELECT missing', 'SELECT 2', "SELECT 'x'::int")),
                                       return_exceptions=True)
        self.assertEqual([getattr(result, 'diag', None) and result.diag.sqlstate for result in results], ['22012', '42703', None, '22P02'])

    @coroutine_test
    async def test_transactions(self):
        connection = await self.open()
        await connection.execute('CREATE TABLE t (i int)')
        await connection.commit()
        await connection.execute('INSERT INTO t VALUES (1)')
        self.assertEqual(connection.transaction_status, Pg.TransactionStatus.INTRANS)
        await connection.rollback()
        self.assertEqual(self.ask('SELECT * FROM t'), [])
        async with connection:
            await connection.execute('INSERT INTO t VALUES (2)')
        self.assertTrue(connection.closed)
        self.assertEqual(self.ask('SELECT * FROM t'), [(2,)])
        with self.assertRaises(ZeroDivisionError):
            async with await self.open() as connection:
                await connection.execute('INSERT INTO t VALUES (3)')
                1 / 0
        self.assertTrue(connection.closed)
        with self.assertRaises(Pg.errors.SyntaxError):
            async with await self.open() as connection:
                await connection.execute('INSERT INTO t VALUES (4)')
                await connection.execute('SELCT 1')
        self.assertTrue(connection.closed)
        self.assertEqual(self.ask('SELECT * FROM t'), [(2,)])

    @coroutine_test
    async def test_failed_commit_closes_too(self):
        async with await self.open() as connection:
            await connection.execute('CREATE TABLE t (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)')
        with self.assertRaises(Pg.errors.UniqueViolation):
            async with await self.open() as connection:
                await connection.execute('INSERT INTO t VALUES (1), (1)')
        self.assertTrue(connection.closed)

    @coroutine_test
    async def test_settings(self):
        connection = await self.open()
        for name, value in (('autocommit', True), ('isolation_level', Pg.IsolationLevel.SERIALIZABLE), ('read_only', True), ('deferrable', False)):
            with self.assertRaisesRegex(AttributeError, f'await connection.set_{name}'):
                setattr(connection, name, value)
            await getattr(connection, 'set_' + name)(value)
            self.assertEqual(getattr(connection, name), value)
        await connection.set_read_only(None)
        self.assertIsNone(connection.read_only)
        connection.prepare_threshold = None
        self.assertIsNone(connection.prepare_threshold)
        await connection.set_autocommit(False)
        await connection.execute('SELECT 1')
        with self.assertRaisesRegex(Pg.ProgrammingError, 'INTRANS'):
            await connection.set_autocommit(True)

    @coroutine_test
    async def test_calls_are_run_in_order(self):
        connection = await self.open(autocommit=True)
        await connection.execute('CREATE TABLE t (n serial, i int)')
        await asyncio.gather(*(connection.execute('INSERT INTO t (i) VALUES (%s)', [i]) for i in range(100)))
        self.assertEqual([i for i, in await connection.execute('SELECT i FROM t ORDER BY n')], list(range(100)))

    @coroutine_test
    async def test_connections_work_at_the_same_time(self):
        connections = await asyncio.gather(*(self.open() for _i in range(5)))
        with self.locked():
            tasks = [asyncio.ensure_future(connection.execute('SELECT pg_advisory_lock_shared(1)')) for connection in connections]
            while self.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != [(len(tasks),)]:
                await asyncio.sleep(0.01)
            self.assertFalse(any(task.done() for task in tasks))
        await asyncio.gather(*tasks)

    @coroutine_test
    async def test_large_values(self):
        # More than the buffers of the socket hold, both ways at once.
        connection = await self.open()
        data = bytes(range(256)) * 2**16
        [(got,)] = await connection.execute('SELECT %s', [data])
        self.assertEqual(got, data)

    @coroutine_test
    async def test_cancelled_task(self):
        connection = await self.open(autocommit=True)
        for _attempt in range(3):
            task = asyncio.ensure_future(connection.execute('SELECT pg_sleep(300)'))
            while not self.sleeps(connection.backend_pid):
                await asyncio.sleep(0.01)
            start = time.monotonic()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertLess(time.monotonic() - start, 60)
            self.assertEqual(connection.transaction_status, Pg.TransactionStatus.IDLE)
            self.assertTrue(await self.is_idle(connection.backend_pid))
            self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))

    @coroutine_test
    async def test_killed_while_it_writes(self):
        """The event loop is told of the end of a socket that it watched for both directions, and has nothing to say to that."""
        problems = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: problems.append(context))
        for _attempt in range(3):
            connection = await self.open(autocommit=True)
            await connection.execute('CREATE TEMPORARY TABLE t (i int)')
            killer = threading.Timer(0.1, self.ask, ['SELECT pg_terminate_backend(%s)', [connection.backend_pid]])
            copy = await connection.copy_in('COPY t FROM STDIN')
            killer.start()
            with self.assertRaises(Pg.OperationalError):
                # More than the sockets hold, once the session has been told to end.
                n_left = 100
                while n_left > 0:
                    n_left -= not killer.is_alive()
                    await copy.write(b'1\n' * 500000)
            killer.join()
        self.assertEqual(problems, [])

    @coroutine_test
    async def test_time_limit(self):
        connection = await self.open()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(connection.execute('SELECT pg_sleep(300)'), 0.1)
        self.assertEqual(connection.transaction_status, Pg.TransactionStatus.INERROR)
        self.assertTrue(await self.is_idle(connection.backend_pid))
        await connection.rollback()
        self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))

    @coroutine_test
    async def test_cancelled_again_and_again(self):
        connection = await self.open(autocommit=True)
        task = asyncio.ensure_future(connection.execute('SELECT pg_sleep(300)'))
        await asyncio.sleep(0.1)
        while not task.done():
            task.cancel()
            await asyncio.sleep(0)
        self.assertTrue(task.cancelled())
        self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))

    @coroutine_test
    async def test_cancelled_before_its_turn(self):
        connection = await self.open(autocommit=True, pipelining=False)
        await connection.execute('CREATE TABLE t (i int)')
        with self.locked():
            first = asyncio.ensure_future(connection.execute('SELECT pg_advisory_lock(1), 7'))
            second = asyncio.ensure_future(connection.execute('INSERT INTO t VALUES (1)'))
            await asyncio.sleep(0.1)
            second.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await second
            self.assertFalse(first.done())
        self.assertEqual((await (await first).fetchone())[1], 7)
        self.assertEqual(await (await connection.execute('SELECT * FROM t')).fetchall(), [])

    @coroutine_test
    async def test_cancelled_at_once(self):
        connection = await self.open(autocommit=True)
        for _attempt in range(20):
            task = asyncio.ensure_future(connection.execute('SELECT 1'))
            await asyncio.sleep(0)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertEqual(await (await connection.execute('SELECT 2')).fetchone(), (2,))

    @coroutine_test
    async def test_cancelled_while_connecting(self):
        # A server that takes connections and says nothing.
        with socket.create_server(('127.0.0.1', 0)) as server:
            connecting = Pg.AsyncConnection.connect(f'host=127.0.0.1 port={server.getsockname()[1]}')
            start = time.monotonic()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(connecting, 0.2)
            self.assertLess(time.monotonic() - start, 60)

    @coroutine_test
    async def test_task_group_of_a_failed_task(self):
        connection = await self.open()
        slow = asyncio.ensure_future(connection.execute('SELECT pg_sleep(300)'))
        await asyncio.sleep(0.1)
        with self.assertRaises(ZeroDivisionError):
            try:
                1 / 0
            finally:
                slow.cancel()
                await asyncio.gather(slow, return_exceptions=True)
        await connection.rollback()

    @coroutine_test
    async def test_timeout(self):
        connection = await self.open(autocommit=True)
        connection.timeout = 0.2
        with self.assertRaises(Pg.TimedOutError):
            await connection.execute('SELECT pg_sleep(300)')
        connection.timeout = None
        self.assertEqual(await (await connection.execute('SELECT 1')).fetchone(), (1,))

    @coroutine_test
    async def test_cancel_methods(self):
        connection = await self.open(autocommit=True)
        for cancel in (connection.cancel, lambda: asyncio.ensure_future(connection.cancel_safe(timeout=10))):
            task = asyncio.ensure_future(connection.execute('SELECT pg_sleep(300)'))
            while not self.sleeps(connection.backend_pid):
                await asyncio.sleep(0.01)
            cancelling = cancel()
            with self.assertRaises(Pg.errors.QueryCanceled):
                await task
            if cancelling is not None:
                await cancelling
        await connection.cancel_safe()

    @coroutine_test
    async def test_notification_while_idle(self):
        connection = await self.open(autocommit=True)
        future = asyncio.get_running_loop().create_future()
        connection.connect('notification::jobs', lambda _connection, notification: future.set_result(notification.payload))
        await connection.execute('LISTEN jobs')
        self.ask("SELECT pg_notify('jobs', 'payload')")
        self.assertEqual(await asyncio.wait_for(future, 60), 'payload')

    @coroutine_test
    async def test_lost_while_idle(self):
        connection = await self.open()
        future = asyncio.get_running_loop().create_future()
        connection.connect('disconnected', lambda _connection, error: future.set_result(error))
        self.ask('SELECT pg_terminate_backend(%s)', [connection.backend_pid])
        error = await asyncio.wait_for(future, 60)
        self.assertTrue(error.matches(Pg.error_quark(), Pg.Error.ADMIN_SHUTDOWN))
        self.assertTrue(connection.broken)
        with self.assertRaises(Pg.OperationalError):
            await connection.execute('SELECT 1')

    @coroutine_test
    async def test_handlers(self):
        connection = await self.open(autocommit=True)
        tasks = []
        connection.connect('notice', lambda connection, _diagnostic: tasks.append(asyncio.ensure_future(connection.execute('SELECT 5'))))

        def raises(_connection, _diagnostic):
            raise RuntimeError('in the handler')
        connection.connect('notice', raises)
        with collected_exceptions() as exceptions:
            await connection.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
        self.assertIn('in the handler', exceptions[0])
        self.assertEqual(await (await tasks[0]).fetchone(), (5,))

    @coroutine_test
    async def test_close(self):
        connection = await self.open()
        task = asyncio.ensure_future(connection.execute('SELECT pg_sleep(300)'))
        await asyncio.sleep(0.1)
        await connection.close()
        self.assertTrue(connection.closed)
        with self.assertRaises(Pg.OperationalError) as caught:
            await task
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))
        await connection.close()
        async with await self.open() as connection:
            # Closed at once, whether it is awaited or not.
            connection.close()
            self.assertTrue(connection.closed)

    @coroutine_test
    async def test_descriptors_of_closed_connections_are_free(self):
        for _attempt in range(10):
            connection = await self.open()
            descriptor = connection.fileno()
            connection.close()
            one, other = socket.socketpair()
            one.setblocking(False)
            loop = asyncio.get_running_loop()
            self.assertEqual(one.fileno(), descriptor)
            other.send(b'x')
            self.assertEqual(await asyncio.wait_for(loop.sock_recv(one, 1), 60), b'x')
            reader = loop.create_future()
            loop.add_reader(one, lambda: reader.done() or reader.set_result(one.recv(1)))
            await asyncio.sleep(0.01)
            other.send(b'y')
            self.assertEqual(await asyncio.wait_for(reader, 60), b'y')
            loop.remove_reader(one)
            one.close()
            other.close()

    @coroutine_test
    async def test_nothing_is_left(self):
        connection = await Pg.AsyncConnection.connect(self.conninfo)
        cursor = await connection.execute('SELECT generate_series(1, 3)')
        await cursor.fetchone()
        with self.assertRaises(Pg.DbError):
            await connection.execute('SELECT 1/0')
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(connection.rollback(), 0)
        await connection.rollback()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(connection.execute('SELECT pg_sleep(300)'), 0.05)
        references = [weakref.ref(thing) for thing in (connection, cursor, cursor.get_result())]
        del connection, cursor
        await asyncio.sleep(0)
        for reference in references:
            self.assertTrue(is_dead(reference))

    @coroutine_test
    async def test_idle_costs_nothing(self):
        connections = [await self.open() for _i in range(5)]
        await asyncio.gather(*(connection.execute('SELECT 1') for connection in connections))
        await asyncio.sleep(0.1)
        gc.collect()
        start = time.process_time()
        await asyncio.sleep(1)
        self.assertLess(time.process_time() - start, 0.1)

    @coroutine_test
    async def test_glib_goes_on(self):
        connection = await self.open()
        future = asyncio.get_running_loop().create_future()
        GLib.timeout_add(50, lambda: future.set_result(1))
        await asyncio.wait_for(future, 60)
        self.assertFalse(connection.closed)

    @coroutine_test
    async def test_callbacks_work_too(self):
        connection = await self.open()
        future = asyncio.get_running_loop().create_future()
        connection.execute_async('SELECT 5', None, None, lambda source, result: future.set_result(source.execute_finish(result)))
        self.assertEqual(list(await asyncio.wait_for(future, 60)), [(5,)])

    def test_used_on_one_event_loop_after_another(self):
        connection = self.run_coroutine(self.open())
        for _i in range(3):
            async def use():
                return await (await connection.execute('SELECT 1')).fetchone()
            self.assertEqual(self.run_coroutine(use()), (1,))


class PlainLoopTest(AsyncTests, PlainLoop, ServerTest):
    def test_event_loops_are_not_kept(self):
        references = []

        async def use():
            references.append(weakref.ref(asyncio.get_running_loop()))
            async with await self.open() as connection:
                await connection.execute('SELECT 1')
        asyncio.run(use())
        self.assertTrue(is_dead(references[0]))

    def test_event_loops_in_threads(self):
        problems = []

        async def use(i):
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                for n in range(20):
                    assert await (await connection.execute('SELECT %s + %s', [i, n])).fetchone() == (i + n,)

        def work(i):
            try:
                # Twice: the thread has a main context from the first time on.
                asyncio.run(use(i))
                asyncio.run(use(i))
            except BaseException as error:
                problems.append(error)
        threads = [threading.Thread(target=work, args=[i]) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(problems, [])

    def test_of_another_thread(self):
        connection = asyncio.run(self.open())
        problems = []

        def work():
            async def use():
                try:
                    await connection.execute('SELECT 1')
                except Pg.InterfaceError as error:
                    problems.append(error)
            asyncio.run(use())
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)
        self.assertEqual(len(problems), 1)


@unittest.skipIf(GLibEventLoopPolicy is None, 'PyGObject has no event loop before 3.50')
class GLibLoopTest(AsyncTests, GLibLoop, ServerTest):
    pass


class MainLoopTest(ServerTest):
    def test_callbacks(self):
        loop = GLib.MainLoop()
        seen = []

        def on_open(_source, result):
            connection = Pg.AsyncConnection.open_finish(result)
            seen.append(connection)
            for i in range(3):
                connection.execute_async('SELECT %s', GLib.Variant('(i)', (i,)), None, on_execute)
            connection.execute_async('SELECT 1/0', None, None, on_error)

        def on_execute(connection, result):
            seen.append(list(connection.execute_finish(result)))

        def on_error(connection, result):
            try:
                connection.execute_finish(result)
            except GLib.Error as error:
                seen.append((Pg.error_get_sqlstate(error), connection.get_result_diagnostic(result).sqlstate))
            connection.close()
            loop.quit()

        Pg.AsyncConnection.open_async(self.conninfo, None, on_open)
        limit = GLib.timeout_add_seconds(30, loop.quit)
        loop.run()
        GLib.source_remove(limit)
        self.assertEqual(seen[1:], [[(0,)], [(1,)], [(2,)], ('22012', '22012')])
        self.assertTrue(seen[0].closed)


if __name__ == '__main__':
    unittest.main()
