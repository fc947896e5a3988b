# SPDX-License-Identifier: LGPL-2.1-or-later
"""Notifications to iterate over, and functions that handle them and notices, as psycopg has both."""

import asyncio
import collections
import time

from gi.module import get_introspection_module
from gi.repository import GLib

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
        self.notifications = collections.deque(maxlen=_MAX)
        self.has_handler = False
        self.n_readers = 0
        self.waiters = []
        self.error = None
        for signal, handler in (('notification', self._take), ('disconnected', self._fail), ('notify::closed', self._wake)):
            connection._connect_signal(signal, handler)

    def _take(self, _connection, notification):
        if self.n_readers > 0 or not self.has_handler:
            self.notifications.append(notification)
            self._wake()

    def _fail(self, _connection, error):
        self.error = error
        self._wake()

    def _wake(self, *_args):
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)

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

    def _has_connected(self, signal):
        """The program has a handler: nothing is kept for notifies() from now on, but while that is iterated over."""
        if signal.split('::')[0] == 'notification':
            inbox = self._inbox
            inbox.has_handler = True
            if inbox.n_readers == 0:
                inbox.notifications.clear()

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
        self._attached = context or GLib.MainContext.ref_thread_default()
        super().attach(context)

    def detach(self):
        """Ends what attach() has begun."""
        self._attached = None
        super().detach()

    def notifies(self, *, timeout=None, stop_after=None):
        """Iterates over the notifications as they come: so many seconds at most, and so many of them.

        Those that have come before are the first ones, unless a handler has had them.
        """
        _check(timeout, stop_after)
        return self._notifies(None if timeout is None else time.monotonic() + timeout, stop_after)

    def _notifies(self, deadline, left):
        inbox = self._inbox
        inbox.n_readers += 1
        try:
            while inbox.notifications or self._wait(inbox, deadline):
                yield inbox.notifications.popleft()
                if left is not None:
                    left -= 1
                    if left == 0:
                        return
        finally:
            inbox.n_readers -= 1

    def _wait(self, inbox, deadline):
        """Whether there is one before that time."""
        inbox.check(self)
        context = GLib.MainContext.new()
        tick = GLib.timeout_source_new(_TICK)
        tick.set_callback(lambda *_args: True)
        tick.attach(context)
        super().attach(context)
        try:
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
            if self._attached is not None:
                super().attach(self._attached)
            else:
                super().detach()
        if not inbox.notifications:
            inbox.check(self)
        return bool(inbox.notifications)


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
        inbox.n_readers += 1
        try:
            while inbox.notifications or await self._wait(loop, inbox, deadline):
                yield inbox.notifications.popleft()
                if left is not None:
                    left -= 1
                    if left == 0:
                        return
        finally:
            inbox.n_readers -= 1

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
