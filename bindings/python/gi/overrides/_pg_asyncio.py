# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the asynchronous calls of the library awaitable.

PyGObject's own awaitables need PyGObject 3.50, its own event loop and, to be cancelled, 3.57; they know nothing of diagnostics either. Here
a call is a future, a callback and a Gio.Cancellable. On an event loop that does not run a GLib.MainContext, a Pump does.
"""

import asyncio
import ctypes
import os
import threading
import weakref

from gi.repository import Gio, GLib

from . import _pg_errors


class _PollFD(ctypes.Structure):
    _fields_ = [('fd', ctypes.c_int), ('events', ctypes.c_ushort), ('revents', ctypes.c_ushort)]


_G_IO_OUT = 4


def _identify(fd):
    try:
        return os.fstat(fd).st_ino
    except OSError:
        return None


class _Query:
    """g_main_context_query(), which PyGObject cannot call: what a main context waits for, and for how long."""

    _glib = None

    def __init__(self, context):
        if _Query._glib is None:
            glib = ctypes.CDLL('libglib-2.0.so.0')
            for name in ('g_main_context_default', 'g_main_context_get_thread_default'):
                function = getattr(glib, name)
                function.argtypes = []
                function.restype = ctypes.c_void_p
            glib.g_main_context_query.argtypes = [
                ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(_PollFD), ctypes.c_int,
            ]
            glib.g_main_context_query.restype = ctypes.c_int
            _Query._glib = glib
        # The same one: of the thread that makes this object.
        self._address = self._glib.g_main_context_get_thread_default() or self._glib.g_main_context_default()
        self._context = context
        self._timeout = ctypes.c_int()
        self._fds = (_PollFD * 8)()

    def __call__(self, priority):
        while True:
            n = self._glib.g_main_context_query(self._address, priority, ctypes.byref(self._timeout), self._fds, len(self._fds))
            if n <= len(self._fds):
                return self._timeout.value, [(fd.fd, fd.events) for fd in self._fds[:n]]
            self._fds = (_PollFD * n)()


class Pump:
    """Lets an event loop that knows nothing of GLib run a main context.

    The event loop waits for the descriptors and the time that the context waits for, so that an idle context costs nothing. One of the
    descriptors is the context's own, by which sources and other threads wake it: other threads do so only as long as a thread owns the
    context, and the owner does not do so for a source that it adds.
    """

    def __init__(self, loop):
        # The event loop refers to its callbacks, and so to this object.
        self._loop = weakref.ref(loop)
        self._context = GLib.MainContext.ref_thread_default()
        if not self._context.acquire():
            raise _pg_errors.InterfaceError('another thread runs the main context of this one')
        weakref.finalize(loop, self._context.release).atexit = False
        self._query = _Query(self._context)
        self._watched = {}
        self._handle = None
        self.wake()

    def wake(self):
        """Has a turn soon."""
        self._plan(0)

    def _plan(self, timeout):
        """Has a turn in so many milliseconds; never, if negative."""
        if self._handle is not None:
            self._handle.cancel()
        if timeout > 0:
            self._handle = self._loop().call_later(timeout / 1000, self._turn)
        else:
            self._handle = self._loop().call_soon(self._turn) if timeout == 0 else None

    def _turn(self):
        """Does what can be done now, then says what to wait for. Callbacks of GLib are run in here."""
        self._context.iteration(False)
        _ready, priority = self._context.prepare()
        timeout, fds = self._query(priority)
        self._watch(fds)
        self._plan(timeout)

    def _watch(self, fds):
        wanted = {}
        for fd, events in fds:
            wanted[fd] = wanted.get(fd, 0) | events
        for fd, events in wanted.items():
            # The number alone does not say that it is the same socket: while connecting it changes between two turns.
            wanted[fd] = events, _identify(fd)
        for fd in [fd for fd in self._watched if self._watched[fd] != wanted.get(fd)]:
            self.forget(fd)
        for fd in wanted.keys() - self._watched.keys():
            events = wanted[fd][0]
            self._watched[fd] = wanted[fd]
            # What is ready stays so until the context has looked at it, which it does in a turn.
            if events & ~_G_IO_OUT:
                self._loop().add_reader(fd, self._turn)
            if events & _G_IO_OUT:
                self._loop().add_writer(fd, self._turn)

    def forget(self, fd):
        events, _identity = self._watched.pop(fd, (0, None))
        if events & ~_G_IO_OUT:
            self._loop().remove_reader(fd)
        if events & _G_IO_OUT:
            self._loop().remove_writer(fd)


_pumps = weakref.WeakKeyDictionary()


def _get_pump(loop):
    """The pump of the running event loop; None on one that runs the main context by itself."""
    # PyGObject's own event loop, and gbulb's.
    if isinstance(getattr(loop, '_context', None), GLib.MainContext):
        return None
    pump = _pumps.get(loop)
    if pump is None:
        if threading.current_thread() is not threading.main_thread() and GLib.MainContext.get_thread_default() is None:
            # The global context is the main thread's.
            GLib.MainContext.new_with_flags(GLib.MainContextFlags.OWNERLESS_POLLING).push_thread_default()
        pump = _pumps[loop] = Pump(loop)
    return pump


class _Call:
    __slots__ = ('future', 'result')

    def __init__(self, loop):
        self.future = loop.create_future()
        self.result = None

    def done(self, _source, result, *_data):
        self.result = result
        if not self.future.done():
            self.future.set_result(None)


def prepare():
    """To be called before a connection is made: it belongs to the main context of that time."""
    _get_pump(asyncio.get_running_loop())


def forget(fd):
    """To be called before a descriptor is closed in the middle of a turn of the event loop, where another may have its number next."""
    try:
        pump = _pumps.get(asyncio.get_running_loop())
    except RuntimeError:
        return
    if pump is not None:
        pump.forget(fd)


async def run(connection, start, finish, *args):
    """Runs start(*args, cancellable, callback) to its end and returns finish(result).

    When the task is cancelled so is the call, on the server too, and the connection can be used again when CancelledError is raised.
    """
    loop = asyncio.get_running_loop()
    pump = _get_pump(loop)
    call = _Call(loop)
    cancellable = Gio.Cancellable()
    cancelled = None
    start(*args, cancellable, call.done)
    if pump is not None:
        pump.wake()
    while call.result is None:
        try:
            await call.future
        except asyncio.CancelledError as error:
            cancelled = error
            cancellable.cancel()
            if pump is not None:
                pump.wake()
            # The library gives the server a time to answer: this ends.
            call.future = loop.create_future()
    if pump is not None:
        # The caller goes on before that turn, which sees what sources it adds.
        pump.wake()
    try:
        value = finish(call.result)
    except GLib.Error as error:
        if cancelled is None:
            raise _pg_errors.convert(error, connection.get_result_diagnostic(call.result)) from None
    else:
        if cancelled is None:
            return value
    try:
        # Even if the server was faster: who cancels a task, as a time limit does, counts on it.
        raise cancelled
    finally:
        # It refers to this frame.
        del cancelled
