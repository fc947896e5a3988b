# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of an asynchronous copy that are not awaited one by one run in their order, and each has its own error."""

import asyncio
import functools
import gc
import unittest.mock
import warnings
import weakref

from gi.overrides import _pg_asyncio
from gi.repository import GLib

from support import Pg, ServerTest, is_dead


def awaited(function):
    """A test that gets a connection."""
    @functools.wraps(function)
    def test(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                await connection.execute('CREATE TABLE t (n serial, i int4, s text)')
                await function(self, connection)
        asyncio.run(main())
    return test


class Order(ServerTest):
    async def numbers(self, connection):
        cursor = await connection.execute('SELECT i FROM t ORDER BY n')
        return [i for (i,) in await cursor.fetchall()]

    def copy(self, connection):
        return connection.copy_in('COPY t (i, s) FROM STDIN')

    @awaited
    async def test_cancelled_while_another_runs_it(self, connection):
        """Who does not wait any more for a call, which one behind it runs, takes nothing of others' away."""
        block = 'x' * 3000000
        async with await self.copy(connection) as copy:
            first = asyncio.create_task(copy.write(f'1\t{block}\n'))
            second = copy.write(f'2\t{block}\n')
            third = asyncio.create_task(copy.write('3\tc\n'))
            await first
            await asyncio.sleep(0)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(second, 0.0001)
            await third
        self.assertIn(await self.numbers(connection), ([1, 2, 3], [1, 3]))

    @awaited
    async def test_gather(self, connection):
        block = 'x' * 40000
        async with await self.copy(connection) as copy:
            await asyncio.gather(*(copy.write(f'{i}\t{block}\n') for i in range(50)))
            await asyncio.gather(copy.write_row((50, 'a')), copy.write('51\ta\n'), copy.write_rows((i, 'b') for i in range(52, 2000)), copy.write_row((2000, 'c')),
                                 copy.write_columns([[2001, 2002], ['d', 'e']]), copy.write('2003\tf\n'), copy.write_row([2004, 'g']))
        self.assertEqual(copy.rowcount, 2005)
        self.assertEqual(await self.numbers(connection), list(range(2005)))

    @awaited
    async def test_many(self, connection):
        async with await self.copy(connection) as copy:
            results = await asyncio.gather(*(copy.write(f'{i}\ta\n') for i in range(3000)), *(copy.write_row((i, 'a')) for i in range(3000, 6000)))
        self.assertEqual(set(results), {None})
        self.assertEqual(await self.numbers(connection), list(range(6000)))

    @awaited
    async def test_tasks(self, connection):
        async with await self.copy(connection) as copy:
            tasks = [asyncio.create_task(copy.write_row((i, 'a'))) for i in range(600)]
            tasks += [asyncio.create_task(copy.write(f'{i}\ta\n')) for i in range(600, 610)]
            await asyncio.wait(tasks)
        self.assertEqual(await self.numbers(connection), list(range(610)))

    @awaited
    async def test_not_awaited(self, connection):
        """What nobody awaits is written by what is awaited next, at the latest by the end."""
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', RuntimeWarning)
            async with await self.copy(connection) as copy:
                forgotten = [copy.write('1\ta\n'), copy.write_row((2, 'b')), copy.write('3\tc\n')]
                await copy.write('4\td\n')
                forgotten += [copy.write_rows([(5, 'e'), (6, 'f')]), copy.write('7\tg\n')]
            del forgotten
            gc.collect()
        self.assertEqual(copy.rowcount, 7)
        self.assertEqual(await self.numbers(connection), [1, 2, 3, 4, 5, 6, 7])

    @awaited
    async def test_own_errors(self, connection):
        async with await self.copy(connection) as copy:
            results = await asyncio.gather(copy.write_row((1, 'a')), copy.write_row((2,)), copy.write(7), copy.write('3\tc\n'), copy.write_rows([(4, 'd'), (5,)]),
                                           copy.write_columns([[6], []]), copy.write_rows(1), copy.write_rows([(7, 'g')]), copy.write_row('ab'),
                                           return_exceptions=True)
        self.assertEqual([type(result) for result in results], [type(None), Pg.DataError, TypeError, type(None), Pg.DataError, Pg.DataError, TypeError, type(None),
                                                                TypeError])
        self.assertEqual(await self.numbers(connection), [1, 3, 4, 7])
        # After a value that cannot be sent nothing is.
        with self.assertRaises(Pg.CancelledError):
            async with await self.copy(connection) as copy:
                results = await asyncio.gather(copy.write('8\ta\n'), copy.write_row((9, object())), copy.write('10\ta\n'), copy.write('11\ta\n'), return_exceptions=True)
                self.assertEqual([type(result) for result in results], [type(None), type(None), Pg.ProgrammingError, Pg.CancelledError])
        self.assertEqual(await self.numbers(connection), [1, 3, 4, 7])

    @awaited
    async def test_close(self, connection):
        copy = await self.copy(connection)
        results = await asyncio.gather(copy.write('1\ta\n'), copy.write_row((2, 'b')), copy.close(), copy.write_row((3, 'c')), copy.write('4\td\n'), copy.close(),
                                       return_exceptions=True)
        self.assertEqual([type(result) for result in results], [type(None), type(None), bool, Pg.InterfaceError, Pg.InterfaceError, bool])
        self.assertEqual(await self.numbers(connection), [1, 2])

    @awaited
    async def test_abort(self, connection):
        copy = await self.copy(connection)
        writes = asyncio.gather(copy.write('1\ta\n'), copy.write_rows([(2, 'b')]), copy.write('3\tc\n'), return_exceptions=True)
        copy.abort('enough')
        self.assertEqual({isinstance(result, Pg.DbError) for result in await writes}, {True})
        with self.assertRaisesRegex(Pg.CancelledError, 'enough'):
            await copy.close()
        self.assertEqual(await self.numbers(connection), [])

    @awaited
    async def test_cancelled(self, connection):
        """What is cancelled before its turn is not written; what is before it and behind it is."""
        async with await self.copy(connection) as copy:
            gate = asyncio.Event()
            run = copy._queue.add(gate.wait)
            tasks = [asyncio.ensure_future(call) for call in (copy._queue.finish(run), copy.write('1\ta\n'), copy.write('2\tb\n'), copy.write('3\tc\n'))]
            await asyncio.sleep(0)
            tasks[2].cancel()
            await asyncio.sleep(0)
            gate.set()
            await asyncio.wait(tasks)
            self.assertEqual([task.cancelled() for task in tasks], [False, False, True, False])
            # Of the one that is woken to run the next.
            gate = asyncio.Event()
            run = copy._queue.add(gate.wait)
            tasks = [asyncio.ensure_future(call) for call in (copy._queue.finish(run), copy.write('4\td\n'), copy.write('5\te\n'))]
            await asyncio.sleep(0)
            gate.set()
            while not run.ended:
                await asyncio.sleep(0)
            tasks[1].cancel()
            await asyncio.wait(tasks)
            await copy.write_row((6, 'f'))
        self.assertIn(await self.numbers(connection), ([1, 3, 5, 6], [1, 3, 4, 5, 6]))

    @awaited
    async def test_cancelled_behind_another(self, connection):
        """Who has been cancelled before its turn has not run meanwhile what another one waits for."""
        async with await self.copy(connection) as copy:
            gates = [asyncio.Event(), asyncio.Event()]
            steps = [copy._queue.add(gate.wait) for gate in gates]

            async def one_after_the_other():
                await copy._queue.finish(steps[0])
                await copy.write('1\ta\n')
            task = asyncio.create_task(one_after_the_other())
            other = asyncio.create_task(copy._queue.finish(steps[1]))
            await asyncio.sleep(0)
            gates[0].set()
            while not steps[0].ended or not copy._queue._running:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            gates[1].set()
            await other
            await copy.write('2\tb\n')
        self.assertEqual(await self.numbers(connection), [2])

    @awaited
    async def test_cancelled_close(self, connection):
        """The connection is free afterwards, and nothing is loaded."""
        copy = await self.copy(connection)
        gate = asyncio.Event()
        before = asyncio.ensure_future(copy._queue.finish(copy._queue.add(gate.wait)))
        closing = asyncio.ensure_future(copy.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.sleep(0)
        gate.set()
        with self.assertRaises(asyncio.CancelledError):
            await closing
        await before
        self.assertTrue(copy.is_closed())
        self.assertEqual(await self.numbers(connection), [])

    @awaited
    async def test_cancelled_in_the_middle(self, connection):
        """defect: what was written after a write that was cancelled when part of it had been sent was taken for the rest of that."""
        await connection.execute('CREATE TABLE u (s text)')
        copy = await connection.copy_in('COPY u FROM STDIN')
        done, finish = _pg_asyncio._Call._done, copy.write_finish

        def cancel(*args):
            # The result is there, and the task has not seen it.
            done(*args)
            writing.cancel()
        # Where the server is slow it is a part; here all but the end.
        copy.write_finish = lambda result: finish(result) - 1
        with unittest.mock.patch.object(_pg_asyncio._Call, '_done', cancel):
            writing = asyncio.ensure_future(copy.write('aaa\n'))
            await asyncio.wait([writing])
        self.assertTrue(writing.cancelled())
        copy.write_finish = finish
        with self.assertRaisesRegex(Pg.CancelledError, 'part of it'):
            await copy.write('b\n')
            await copy.close()
        self.assertEqual(await (await connection.execute('SELECT length(s) FROM u')).fetchall(), [])

    @awaited
    async def test_cancelled_before_it_begins(self, connection):
        """defect: a copy whose close() was cancelled before the first step of its task said that it is closed, and was open."""
        async with await self.copy(connection) as copy:
            await copy.write_row((1, 'a'))
            for n in 1, 2:
                closing = [asyncio.ensure_future(copy.close()) for _ in range(n)]
                for task in closing:
                    task.cancel()
                await asyncio.wait(closing)
                self.assertEqual([task.cancelled() for task in closing], [True] * n)
                self.assertFalse(copy.is_closed())
                await copy.write_row((2, 'b'))
                await copy.write('3\tc\n')
            # The same of a write.
            writing = asyncio.ensure_future(copy.write('4\td\n')), asyncio.ensure_future(copy.write_rows([(5, 'e')]))
            for task in writing:
                task.cancel()
            await asyncio.wait(writing)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(copy.close(), 0)
            await copy.write('6\tf\n')
            # Of two that close it one does.
            closing = [asyncio.ensure_future(copy.close()) for _ in range(2)]
            closing[0].cancel()
            with self.assertRaisesRegex(Pg.InterfaceError, 'closed'):
                await copy.write('7\tg\n')
            await asyncio.wait(closing)
            self.assertTrue(copy.is_closed())
        self.assertEqual(await self.numbers(connection), [1, 2, 3, 2, 3, 6])

    @awaited
    async def test_source_that_waits(self, connection):
        """An asynchronous iterable may write to the same copy, and waits for that."""
        async def rows(copy):
            yield (1, 'a')
            await copy.write('2\tb\n')
            yield (3, 'c')

        async with await self.copy(connection) as copy:
            await copy.write_rows(rows(copy))
        self.assertEqual(sorted(await self.numbers(connection)), [1, 2, 3])

    @awaited
    async def test_gio(self, connection):
        """GIO's own calls do not go before those that wait."""
        async with await self.copy(connection) as copy:
            waiting = copy.write('1\ta\n')
            with self.assertRaisesRegex(Pg.ProgrammingError, 'waiting'):
                copy.write_async(b'0\ta\n', GLib.PRIORITY_DEFAULT, None, None)
            with self.assertRaisesRegex(Pg.ProgrammingError, 'before the first row'):
                copy.set_types(['int4', 'text'])
            await waiting
            copy.set_types(['int4', 'text'])
            await copy.write_row((2, 'b'))
        self.assertEqual(await self.numbers(connection), [1, 2])

    @awaited
    async def test_no_columns(self, connection):
        await connection.execute('CREATE TABLE u ()')
        for name in 'text', 'binary':
            async with await connection.copy_in(f'COPY u FROM STDIN (FORMAT {name})') as copy:
                await asyncio.gather(copy.write_row(()), copy.write_rows([(), []]), copy.write_row(()))
            self.assertEqual(copy.rowcount, 4)

    @awaited
    async def test_kept_by_nothing(self, connection):
        copy = await self.copy(connection)
        await asyncio.gather(copy.write('1\ta\n'), copy.write_row((1, 2, 3)), copy.write_row((object(), 'a')), copy.write(''), return_exceptions=True)
        with self.assertRaises(Pg.CancelledError):
            await copy.close()
        reference = weakref.ref(copy)
        del copy
        self.assertTrue(is_dead(reference))


if __name__ == '__main__':
    unittest.main()
