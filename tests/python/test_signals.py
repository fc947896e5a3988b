# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import unittest
import weakref

from gi.repository import GLib

from support import Pg, ServerTest, is_dead, iterate_until
from tap_runner import collected_exceptions

RAISE_NOTICE = "DO $$ BEGIN RAISE NOTICE 'hello'; END $$"


class SignalTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def notify(self, channel, payload=''):
        self.ask('SELECT pg_notify(%s, %s)', [channel, payload])

    def test_notification_with_detail(self):
        seen = []
        self.connection.connect('notification::jobs', lambda connection, notification: seen.append((connection, notification)))
        self.connection.execute('LISTEN jobs')
        self.connection.execute('LISTEN other')
        self.notify('other')
        self.notify('jobs', 'payload ü')
        self.connection.execute('SELECT 1')
        [(connection, notification)] = seen
        self.assertIs(connection, self.connection)
        self.assertEqual((notification.channel, notification.payload), ('jobs', 'payload ü'))
        self.assertNotIn(notification.pid, (0, self.connection.backend_pid))
        self.assertIn('jobs', repr(notification))

    def test_notification_while_idle(self):
        seen = []
        self.connection.attach(None)
        self.addCleanup(self.connection.detach)
        self.connection.connect('notification', lambda _connection, notification: seen.append(notification.payload))
        self.connection.execute('LISTEN jobs')
        self.notify('jobs', 'idle')
        iterate_until(lambda: seen)
        self.assertEqual(seen, ['idle'])

    def test_notice(self):
        seen = []
        self.connection.connect('notice', lambda _connection, diagnostic: seen.append(diagnostic))
        self.connection.execute(RAISE_NOTICE)
        self.assertEqual([(diagnostic.severity, diagnostic.message_primary) for diagnostic in seen], [('NOTICE', 'hello')])
        self.assertIn('hello', repr(seen[0]))

    def test_disconnected(self):
        seen = []
        self.connection.connect('disconnected', lambda _connection, error: seen.append(error))
        self.ask('SELECT pg_terminate_backend(%s, 5000)', [self.connection.backend_pid])
        with self.assertRaises(Pg.errors.AdminShutdown):
            self.connection.execute('SELECT 1')
        self.assertEqual(len(seen), 1)
        self.assertTrue(seen[0].matches(Pg.error_quark(), Pg.Error.ADMIN_SHUTDOWN))

    def test_handler_that_queries(self):
        seen = []

        def on_notice(connection, _diagnostic):
            seen.append(connection.execute('SELECT count(*) FROM generate_series(1, 10)').fetchone())
        self.connection.connect('notice', on_notice)
        self.assertEqual(self.connection.execute(RAISE_NOTICE).statusmessage, 'DO')
        self.assertEqual(seen, [(10,)])
        self.assertEqual(self.connection.transaction_status, Pg.TransactionStatus.IDLE)

    def test_handler_that_closes(self):
        self.connection.connect('notice', lambda connection, _diagnostic: connection.close())
        self.assertEqual(self.connection.execute(RAISE_NOTICE).statusmessage, 'DO')
        self.assertTrue(self.connection.closed)
        self.assertFalse(self.connection.broken)

    def test_handler_that_raises(self):
        seen = []

        def on_notice(_connection, _diagnostic):
            raise RuntimeError('in the handler')
        self.connection.connect('notice', on_notice)
        self.connection.connect('notice', lambda *_args: seen.append(1))
        with collected_exceptions() as exceptions:
            self.assertEqual(self.connection.execute(RAISE_NOTICE).statusmessage, 'DO')
            self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))
        self.assertEqual(len(exceptions), 1)
        self.assertIn('in the handler', exceptions[0])
        self.assertEqual(seen, [1])
        self.assertEqual(self.connection.transaction_status, Pg.TransactionStatus.IDLE)

    def test_interrupt(self):
        """It is of who has called the library, once the call is over; other handlers have run."""
        seen = []
        for kind in KeyboardInterrupt, SystemExit:
            def on_notice(_connection, _diagnostic, kind=kind):
                raise kind('enough')
            handlers = [self.connection.connect('notice', handler) for handler in (on_notice, lambda *_args: seen.append(1))]
            with self.assertRaisesRegex(kind, 'enough'):
                self.connection.execute(RAISE_NOTICE)
            with self.assertRaisesRegex(kind, 'enough'):
                self.connection.execute(RAISE_NOTICE + '; SELECT 1/0')
            self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))
            for handler in handlers:
                self.connection.disconnect(handler)
        self.assertEqual(seen, [1] * 4)

    def test_interrupt_asynchronous(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                def on_notice(_connection, _diagnostic):
                    raise KeyboardInterrupt
                connection.connect('notice', on_notice)
                try:
                    await connection.execute(RAISE_NOTICE)
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    seen.append(await (await connection.execute('SELECT 1')).fetchone())
                    raise
        seen = []
        with self.assertRaises(KeyboardInterrupt):
            asyncio.run(main())
        self.assertEqual(seen, [(1,)])

    def test_disconnect_by_function(self):
        seen = []

        def on_notice(*_args):
            seen.append(1)
        self.connection.connect('notice', on_notice)
        self.connection.execute(RAISE_NOTICE)
        self.connection.handler_block_by_func(on_notice)
        self.connection.execute(RAISE_NOTICE)
        self.connection.handler_unblock_by_func(on_notice)
        self.assertEqual(self.connection.disconnect_by_func(on_notice), 1)
        self.connection.execute(RAISE_NOTICE)
        self.assertEqual(seen, [1])

    def test_handler_that_fails_on_the_server(self):
        def on_notice(connection, _diagnostic):
            connection.execute('SELECT 1/0')
        self.connection.connect('notice', on_notice)
        with collected_exceptions() as exceptions:
            self.connection.execute(RAISE_NOTICE)
        self.assertIn('division by zero', exceptions[0])
        self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))

    def test_handler_that_disconnects(self):
        seen = []

        def on_notice(connection, _diagnostic):
            seen.append(1)
            connection.disconnect(handler)
        handler = self.connection.connect('notice', on_notice)
        self.connection.execute(RAISE_NOTICE)
        self.connection.execute(RAISE_NOTICE)
        self.assertEqual(seen, [1])

    def test_handler_that_drops_the_connection(self):
        connection = Pg.connect(self.conninfo, autocommit=True)
        box = [connection]
        connection.connect('notice', lambda *_args: box.clear())
        reference = weakref.ref(connection)
        execute = connection.execute
        del connection
        execute(RAISE_NOTICE)
        del execute
        self.assertEqual(box, [])
        self.assertTrue(is_dead(reference))

    def test_attached_connection_can_be_dropped(self):
        connection = Pg.connect(self.conninfo, autocommit=True)
        connection.attach(None)
        connection.connect('notification', lambda *_args: None)
        connection.execute('LISTEN jobs')
        reference = weakref.ref(connection)
        del connection
        self.assertTrue(is_dead(reference))
        self.notify('jobs')
        GLib.MainContext.default().iteration(False)

    def test_property_notification(self):
        seen = []
        self.connection.connect('notify::closed', lambda connection, pspec: seen.append((pspec.name, connection.closed)))
        self.connection.close()
        self.assertEqual(seen, [('closed', True)])


if __name__ == '__main__':
    unittest.main()
