# SPDX-License-Identifier: LGPL-2.1-or-later
"""Notifications to iterate over, and functions that handle them and notices, as psycopg has both."""

import asyncio
import collections
import threading
import time

from gi.module import get_introspection_module
from gi.repository import GLib, GObject

from . import _pg_asyncio
from ._pg_arguments import check_integer, to_milliseconds
from ._pg_errors import OperationalError, calling, convert

Pg = get_introspection_module('Pg')

#: So many notifications are kept for notifies().
_MAX = 10000
#: So often, in milliseconds, a wait looks whether Python has a signal to handle.
_TICK = 200


class _Inbox:
    """The notifications that no handler of the program's has had, and who waits for them. It does not keep the connection."""

    def __init__(self, connection):
        self.notifications = collections.deque(maxlen=_MAX)  # each with whether a handler has had it
        self.handlers = []  # of the program's: their IDs and the channels, or None for all of them
        self.n_readers = 0
        self.waiters = []
        self.error = None
        # A notification, or the end of a wait, may come in any thread, and in a function that the holder of the lock calls.
        self.turn = threading.Condition(threading.RLock())
        self.watcher = None  # the thread that watches the connection for all that wait in other threads
        self.context = None  # in which it does
        for signal, handler in (('notification', self._take), ('disconnected', self._fail), ('notify::closed', self._wake)):
            connection._connect_signal(signal, handler)

    def add_handler(self, connection, handler_id, channel):
        with self.turn:
            self.handlers = [entry for entry in self.handlers if GObject.signal_handler_is_connected(connection, entry[0])]
            self.handlers.append((handler_id, channel))

    def begin(self):
        """Somebody reads: what handlers have is for them too."""
        with self.turn:
            self.n_readers += 1

    def end(self):
        with self.turn:
            self.n_readers -= 1
            if self.n_readers == 0:
                left = [entry for entry in self.notifications if not entry[1]]
                self.notifications.clear()
                self.notifications.extend(left)

    def pop(self):
        """The next one, or None."""
        try:
            return self.notifications.popleft()[0]
        except IndexError:
            return None

    def _take(self, connection, notification):
        handled = any(channel in (None, notification.channel) and GObject.signal_handler_is_connected(connection, handler_id)
                      for handler_id, channel in self.handlers)
        with self.turn:
            if self.n_readers == 0 and handled:
                return
            self.notifications.append((notification, handled))
        self._wake()

    def _fail(self, _connection, error):
        self.error = error
        self._wake()

    def _wake(self, *_args):
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
        with self.turn:
            self.turn.notify_all()

    def check(self, connection):
        if connection.closed:
            raise OperationalError('the connection is closed') if self.error is None else convert(self.error)


def _check(timeout, stop_after):
    if stop_after is not None and check_integer('stop_after', stop_after) < 1:
        raise ValueError(f'stop_after must be at least 1, not {stop_after}')
    to_milliseconds('timeout', timeout)


class _BaseNotifies:
    _kept = None  # the inbox
    _attached = None  # the main context that the program has attached it to
    _handlers = ()

    @property
    def _inbox(self):
        if self._kept is None:
            self._kept = _Inbox(self)
        return self._kept

    def _has_connected(self, signal, handler_id):
        """The program has a handler: what that gets is not kept for notifies(), but while somebody iterates."""
        name, _colons, channel = signal.partition('::')
        if name == 'notification':
            self._inbox.add_handler(self, handler_id, channel or None)

    def _add_handler(self, signal, callback):
        if not callable(callback):
            raise TypeError(f'a handler is a function, not {type(callback).__name__}')
        self._handlers = [*self._handlers, (signal, callback, self.connect(signal, lambda _connection, what: callback(what)))]

    def _remove_handler(self, signal, callback):
        for entry in self._handlers:
            if entry[:2] == (signal, callback):
                self._handlers = [other for other in self._handlers if other is not entry]
                self.disconnect(entry[2])
                return
        raise ValueError(f'{callback!r} is not a handler of this connection')

    def add_notify_handler(self, callback):
        """Calls a function with each Pg.Notification: the signal "notification"."""
        self._add_handler('notification', callback)

    def remove_notify_handler(self, callback):
        """Ends what add_notify_handler() has begun; ValueError if there is no such handler."""
        self._remove_handler('notification', callback)

    def add_notice_handler(self, callback):
        """Calls a function with the Pg.Diagnostic of each notice: the signal "notice"."""
        self._add_handler('notice', callback)

    def remove_notice_handler(self, callback):
        """Ends what add_notice_handler() has begun; ValueError if there is no such handler."""
        self._remove_handler('notice', callback)


class WithNotifies(_BaseNotifies):
    """notifies() of a connection whose calls block."""

    def attach(self, context=None):
        """Watches the connection in a main context, by default that of the thread, while no call runs, so that signals are emitted without one."""
        self._set_attached(context or GLib.MainContext.ref_thread_default())

    def detach(self):
        """Ends what attach() has begun."""
        self._set_attached(None)

    def _set_attached(self, context):
        inbox = self._inbox
        with inbox.turn:
            self._attached = context
            # Else at the end of the wait.
            if inbox.watcher is None:
                self._watch_in(context)

    def _watch_in(self, context):
        if context is not None:
            super().attach(context)
        else:
            super().detach()

    def notifies(self, *, timeout=None, stop_after=None):
        """Iterates over the notifications as they come: so many seconds at most, and so many of them.

        Those that have come before are the first ones, unless a handler has had them.
        """
        _check(timeout, stop_after)
        return self._notifies(None if timeout is None else time.monotonic() + timeout, stop_after)

    def _notifies(self, deadline, left):
        inbox = self._inbox
        inbox.begin()
        try:
            while inbox.notifications or self._wait(inbox, deadline):
                notification = inbox.pop()
                if notification is None:  # another thread has taken it
                    continue
                yield notification
                if left is not None:
                    left -= 1
                    if left == 0:
                        return
        finally:
            inbox.end()

    def _wait(self, inbox, deadline):
        """Waits; False when that time has come and there is none. One thread at a time watches the connection, which can be attached to one context only."""
        me = threading.get_ident()
        with inbox.turn:
            while not inbox.notifications and inbox.watcher not in (None, me):
                inbox.check(self)
                left = _TICK / 1000 if deadline is None else deadline - time.monotonic()
                if left <= 0:
                    return False
                inbox.turn.wait(min(left, _TICK / 1000))
            if inbox.notifications:
                return True
            inbox.check(self)
            # A handler may wait too, in the thread that watches.
            before = inbox.watcher, inbox.context
            context = GLib.MainContext.new()
            tick = GLib.timeout_source_new(_TICK)
            tick.set_callback(lambda *_args: True)
            tick.attach(context)
            inbox.watcher, inbox.context = me, context
        try:
            self._watch_in(context)
            with calling():
                while not inbox.notifications:
                    left = _TICK if deadline is None else round((deadline - time.monotonic()) * 1000)
                    if left <= 0:
                        for _turn in range(100):
                            if not context.iteration(False):
                                break
                        break
                    if left < _TICK:
                        tick.destroy()
                        tick = GLib.timeout_source_new(left)
                        tick.set_callback(lambda *_args: True)
                        tick.attach(context)
                    context.iteration(True)
                    if self.closed:
                        break
        finally:
            tick.destroy()
            with inbox.turn:
                inbox.watcher, inbox.context = before
                self._watch_in(inbox.context or self._attached)
                inbox.turn.notify_all()
        if not inbox.notifications:
            inbox.check(self)
        # What this thread has woken for, another one may have taken already.
        return bool(inbox.notifications) or deadline is None or time.monotonic() < deadline


class WithAsyncNotifies(_BaseNotifies):
    """notifies() of a connection whose calls are awaited."""

    def notifies(self, *, timeout=None, stop_after=None):
        """Iterates, with "async for", over the notifications as they come: so many seconds at most, and so many of them.

        Those that have come before are the first ones, unless a handler has had them.
        """
        _check(timeout, stop_after)
        return self._notifies(timeout, stop_after)

    async def _notifies(self, timeout, left):
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        inbox = self._inbox
        inbox.begin()
        try:
            while inbox.notifications or await self._wait(loop, inbox, deadline):
                yield inbox.pop()
                if left is not None:
                    left -= 1
                    if left == 0:
                        return
        finally:
            inbox.end()

    async def _wait(self, loop, inbox, deadline):
        _pg_asyncio.wake()
        waiter = loop.create_future()
        inbox.waiters.append(waiter)
        try:
            while not inbox.notifications:
                inbox.check(self)
                if deadline is not None and deadline <= loop.time():
                    # What has come already takes turns of the loop to be seen.
                    for _turn in range(4):
                        await asyncio.sleep(0)
                    break
                await asyncio.wait([waiter], timeout=None if deadline is None else deadline - loop.time())
                if waiter.done() and not inbox.notifications:
                    inbox.waiters.remove(waiter)
                    waiter = loop.create_future()
                    inbox.waiters.append(waiter)
        finally:
            inbox.waiters.remove(waiter)
        return bool(inbox.notifications)
