# SPDX-License-Identifier: LGPL-2.1-or-later
"""notifies(), and handlers of notifications and notices."""

import asyncio
import gc
import threading
import time
import unittest
import weakref

from support import Pg, ServerTest, is_dead, iterate_until

RAISE_NOTICE = "DO $$ BEGIN RAISE NOTICE 'hello'; END $$"


class _NotifyTest(ServerTest):
    def notify(self, *payloads):
        with Pg.connect(self.conninfo, autocommit=True) as connection:
            for payload in payloads:
                connection.execute('SELECT pg_notify(%s, %s)', ['jobs', payload])


class NotifiesTest(_NotifyTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('LISTEN jobs')

    def read(self, **keywords):
        return [notification.payload for notification in self.connection.notifies(**keywords)]

    def test_before_and_between(self):
        """None is lost: not those that other calls have seen, either."""
        self.notify('a', 'b')
        self.connection.execute('SELECT 1')
        self.notify('c')
        self.assertEqual(self.read(timeout=30, stop_after=3), ['a', 'b', 'c'])
        self.assertEqual(self.read(timeout=0), [])
        self.notify('d', 'e', 'f')
        self.assertEqual(self.read(stop_after=2), ['d', 'e'])
        self.assertEqual(self.read(stop_after=1, timeout=60), ['f'])
        self.assertEqual(self.read(timeout=0.01), [])

    def test_waits(self):
        timer = threading.Timer(0.3, self.notify, ['late'])
        timer.start()
        self.addCleanup(timer.join)
        [notification] = self.connection.notifies(stop_after=1)
        self.assertEqual((notification.channel, notification.payload), ('jobs', 'late'))

    def test_statements_between(self):
        self.notify('a', 'b')
        seen = []
        for notification in self.connection.notifies(stop_after=2):
            seen.append((notification.payload, self.connection.execute('SELECT 1').fetchone()))
        self.assertEqual(seen, [('a', (1,)), ('b', (1,))])
        for _notification in self.connection.notifies(timeout=0):
            self.fail('there is none')

    def test_closed_and_lost(self):
        generator = self.connection.notifies()
        self.ask('SELECT pg_terminate_backend(%s, 5000)', [self.connection.backend_pid])
        with self.assertRaises(Pg.errors.AdminShutdown):
            next(generator)
        connection = self.connect()
        connection.close()
        with self.assertRaisesRegex(Pg.OperationalError, 'closed'):
            next(connection.notifies())

    def test_with_a_handler(self):
        """What a handler has is not kept, but is read by who reads at the time."""
        seen = []
        self.connection.connect('notification::jobs', lambda _connection, notification: seen.append(notification.payload))
        self.notify('a')
        while not seen:
            self.connection.execute('SELECT 1')
        self.assertEqual(self.read(timeout=0), [])
        self.notify('b')
        self.assertEqual(self.read(timeout=30, stop_after=1), ['b'])
        self.assertEqual(seen, ['a', 'b'])

    def receive(self, *payloads):
        """Notifications come in calls; that of another channel, which no handler is for, is last."""
        self.connection.execute('LISTEN over')
        over = []
        handler_id = self.connection.connect('notification::over', lambda *_args: over.append(True))
        self.notify(*payloads)
        self.connection.execute('NOTIFY over')
        while not over:
            self.connection.execute('SELECT 1')
        self.connection.disconnect(handler_id)

    def test_handled_while_read(self):
        """What a handler has had while somebody read is not given again."""
        seen = []
        self.connection.add_notify_handler(lambda notification: seen.append(notification.payload))
        generator = self.connection.notifies()
        self.notify('a', 'b')
        self.assertEqual(next(generator).payload, 'a')
        while 'b' not in seen:
            self.connection.execute('SELECT 1')
        generator.close()
        self.assertEqual(self.read(timeout=0), [])
        self.assertEqual(seen, ['a', 'b'])

    def test_handler_of_another_channel(self):
        seen = []
        self.connection.connect('notification::others', lambda *args: seen.append(args))
        self.receive('a')
        self.assertEqual(self.read(timeout=0), ['a'])
        self.assertEqual(seen, [])

    def test_handler_removed(self):
        """What comes after the last handler has gone is kept again."""
        def handler(*_args):
            pass

        self.connection.add_notify_handler(handler)
        handler_id = self.connection.connect('notification', handler)
        self.receive('a')
        self.connection.remove_notify_handler(handler)
        self.receive('b')
        self.connection.disconnect(handler_id)
        self.receive('c')
        self.assertEqual(self.read(timeout=0), ['c'])

    def test_other_ways_to_connect(self):
        target = Pg.Connection()
        for connect in (self.connection.connect_after, self.connection.connect_data,
                        lambda signal, handler: self.connection.connect_object(signal, handler, target),
                        lambda signal, handler: self.connection.connect_object_after(signal, handler, target)):
            seen = []
            handler_id = connect('notification', lambda *args: seen.append(args))
            self.receive('a')
            self.assertEqual(len(seen), 2)
            self.assertEqual(self.read(timeout=0), [])
            self.connection.disconnect(handler_id)

    def test_threads(self):
        """Each of those who wait gets one, whoever watches the connection."""
        seen = []
        threads = [threading.Thread(target=lambda: seen.extend(self.read(stop_after=1)), daemon=True) for _n in range(3)]
        for thread in threads:
            thread.start()
        while self.connection._inbox.n_readers < 3:
            time.sleep(0.01)
        for n, payload in enumerate('abc'):
            self.notify(payload)
            while len(seen) <= n:
                time.sleep(0.01)
        for thread in threads:
            thread.join()
        self.assertEqual(seen, ['a', 'b', 'c'])

    def test_taken_by_another_thread(self):
        """Who has watched the connection goes on when another takes what came."""
        seen = []
        inbox = self.connection._inbox

        class Turn(threading.Condition):
            def __exit__(self, *args):
                super().__exit__(*args)
                if threading.current_thread() is first and inbox.watcher is None and inbox.notifications:
                    second.join()

        inbox.turn = Turn(threading.RLock())
        first, second = (threading.Thread(target=lambda: seen.extend(self.read(stop_after=1)), daemon=True) for _n in range(2))
        first.start()
        while inbox.watcher is None:
            time.sleep(0.01)
        second.start()
        while inbox.n_readers < 2:
            time.sleep(0.01)
        self.notify('a')
        second.join()
        self.notify('b')
        first.join()
        self.assertEqual(seen, ['a', 'b'])

    def test_in_a_handler(self):
        """A handler may read, in the thread that waits already."""
        inner = []

        def handler(*_args):
            self.connection.disconnect(handler_id)
            inner.extend(self.read(timeout=0.01))
            self.notify('b')

        handler_id = self.connection.connect('notification', handler)
        self.notify('a')
        self.assertEqual(self.read(stop_after=1), ['b'])
        self.assertEqual(inner, ['a'])

    def test_attached(self):
        seen = []
        self.connection.attach(None)
        self.addCleanup(self.connection.detach)
        self.notify('a')
        self.assertEqual(self.read(stop_after=1), ['a'])
        self.connection.connect('notification', lambda _connection, notification: seen.append(notification.payload))
        self.notify('b')
        iterate_until(lambda: seen)
        self.assertEqual(seen, ['b'])

    def test_interrupt(self):
        def on_notice(_diagnostic):
            raise KeyboardInterrupt
        self.connection.add_notice_handler(on_notice)
        with self.assertRaises(KeyboardInterrupt):
            self.connection.execute(RAISE_NOTICE)
        self.connection.add_notify_handler(lambda _notification: on_notice(None))
        self.notify('a')
        with self.assertRaises(KeyboardInterrupt):
            self.read()

    def test_handlers(self):
        notices, notifications = [], []
        self.connection.add_notice_handler(notices.append)
        self.connection.add_notify_handler(notifications.append)
        self.connection.add_notify_handler(notifications.append)
        self.notify('a')
        self.connection.execute(RAISE_NOTICE)
        self.assertEqual([diagnostic.message_primary for diagnostic in notices], ['hello'])
        while not notifications:
            self.connection.execute('SELECT 1')
        self.assertEqual([notification.payload for notification in notifications], ['a', 'a'])
        self.assertEqual(notifications[0], notifications[1])
        self.assertFalse(notifications[0] != notifications[1])
        self.assertEqual(len(set(notifications)), 1)
        self.connection.remove_notice_handler(notices.append)
        self.connection.remove_notify_handler(notifications.append)
        self.notify('b')
        while len(notifications) < 3:
            self.connection.execute(RAISE_NOTICE)
        self.assertEqual((len(notices), len(notifications)), (1, 3))
        for remove in self.connection.remove_notice_handler, self.connection.remove_notify_handler:
            with self.assertRaises(ValueError):
                remove(len)
        with self.assertRaises(TypeError):
            self.connection.add_notice_handler(None)

    def test_wrong_arguments(self):
        for keywords in {'timeout': -1}, {'stop_after': 0}:
            with self.assertRaises(ValueError):
                self.connection.notifies(**keywords)
        for keywords in {'timeout': '1'}, {'stop_after': 1.5}:
            with self.assertRaises(TypeError):
                self.connection.notifies(**keywords)

    def test_dropped(self):
        connection = Pg.connect(self.conninfo, autocommit=True)
        generator = connection.notifies(timeout=0)
        self.assertEqual(list(generator), [])
        reference = weakref.ref(connection)
        del connection, generator
        gc.collect()
        self.assertTrue(is_dead(reference))


class AsyncNotifiesTest(_NotifyTest):
    def run_connected(self, main):
        async def connected():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                await connection.execute('LISTEN jobs')
                await main(connection)
        asyncio.run(connected())

    def test_notifies(self):
        async def main(connection):
            async def read(**keywords):
                return [notification.payload async for notification in connection.notifies(**keywords)]
            self.notify('a', 'b')
            await connection.execute('SELECT 1')
            self.notify('c')
            self.assertEqual(await read(stop_after=3), ['a', 'b', 'c'])
            self.notify('d')
            self.assertEqual(await read(timeout=30, stop_after=1), ['d'])
            self.assertEqual(await read(timeout=0), [])
            self.assertEqual(await read(timeout=0.01), [])
            asyncio.get_running_loop().call_later(0.2, self.notify, 'late', 'later')
            self.assertEqual(await read(stop_after=1), ['late'])
            async for notification in connection.notifies():
                self.assertEqual((notification.payload, await (await connection.execute('SELECT 1')).fetchone()), ('later', (1,)))
                break
        self.run_connected(main)

    def test_cancelled(self):
        async def main(connection):
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(connection.notifies().__anext__(), 0.05)
            self.notify('a')
            self.assertEqual([notification.payload async for notification in connection.notifies(stop_after=1)], ['a'])
        self.run_connected(main)

    def test_closed_and_lost(self):
        async def main(connection):
            async def read():
                async for _notification in connection.notifies():
                    pass
            task = asyncio.ensure_future(read())
            await asyncio.sleep(0.05)
            self.ask('SELECT pg_terminate_backend(%s, 5000)', [connection.backend_pid])
            with self.assertRaises(Pg.errors.AdminShutdown):
                await task
            other = await Pg.AsyncConnection.connect(self.conninfo)
            task = asyncio.ensure_future(other.notifies().__anext__())
            await asyncio.sleep(0.05)
            await other.close()
            with self.assertRaisesRegex(Pg.OperationalError, 'closed'):
                await task
        self.run_connected(main)


if __name__ == '__main__':
    unittest.main()
