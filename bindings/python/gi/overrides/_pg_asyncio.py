# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the asynchronous calls of the library awaitable.

PyGObject's own awaitables need PyGObject 3.50, its own event loop and, to be cancelled, 3.57; they know nothing of diagnostics either. Here
a call is a future, a callback and a Gio.Cancellable. On an event loop that does not run a GLib.MainContext, a Pump does.
"""

import asyncio
import collections
import contextlib
import contextvars
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
        # Those of who happens to make a call are not for the handlers of the next turn.
        self._variables = contextvars.copy_context()
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
            self._handle = self._loop().call_later(timeout / 1000, self._turn, context=self._variables.copy())
        else:
            self._handle = self._loop().call_soon(self._turn, context=self._variables.copy()) if timeout == 0 else None

    def _turn(self):
        """Does what can be done now, then says what to wait for. Callbacks of GLib are run in here."""
        try:
            with _pg_errors.calling():
                self._context.iteration(False)
        finally:
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
        # One that is watched for both has been closed before: the event loop cannot ask for less of it, and forgets it then.
        with contextlib.suppress(OSError):
            if events & ~_G_IO_OUT:
                self._loop().remove_reader(fd)
        with contextlib.suppress(OSError):
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


# Of what an iterable of executemany() does, and the tasks that it starts: the connections that wait for it, each in a list which is empty once it does not.
_awaited_by = contextvars.ContextVar('pgconn_awaited_by', default=())


@contextlib.contextmanager
def batch(connection):
    """Gives another one: what is in that block, and a task that was started there, must not begin a call of the connection before this one is over."""
    mark = [connection]

    @contextlib.contextmanager
    def feeding():
        before = _awaited_by.get()
        _awaited_by.set((*before, mark))
        try:
            yield
        finally:
            _awaited_by.set(before)

    try:
        yield feeding
    finally:
        mark.clear()


class _Call:
    """A call of the library that has begun. It may be waited for by several tasks, and its outcome asked for more than once."""

    __slots__ = ('_connection', '_finish', '_pump', '_loop', '_cancellable', '_waiters', '_result', '_outcome', '_lasts', 'seen')

    def __init__(self, connection, start, finish, args, lasts=False):
        # Of one that lasts nobody may ask for the outcome: it does not keep the result, which refers to the cursor.
        marks = _awaited_by.get()
        if marks and any(connection in mark for mark in marks):
            raise _pg_errors.ProgrammingError('the iterable of executemany() waits for a call of the same connection, which waits for the iterable')
        self._lasts = lasts
        self.seen = False
        self._connection = connection
        self._finish = finish
        self._loop = asyncio.get_running_loop()
        self._pump = _get_pump(self._loop)
        self._cancellable = Gio.Cancellable()
        self._waiters = []
        self._result = self._outcome = None
        start(*args, self._cancellable, self._done)
        if self._pump is not None:
            self._pump.wake()

    def _done(self, _source, result, *_data):
        self._result = result
        if self._lasts:
            self._take()
            self._result, self._finish, self._connection = True, None, None
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    @property
    def ended(self):
        return self._result is not None

    @property
    def failed(self):
        """Of one that has ended and lasts: whether that was with an error."""
        return self._outcome[1] is not None

    async def _turn(self):
        waiter = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter

    async def settle(self):
        """Waits for the end, whatever it is."""
        while self._result is None:
            await self._turn()

    async def wait(self, undo=None, give_back=None):
        """Waits for the end, and gives what there is to give. When the task is cancelled so is the call.

        Where the call has succeeded all the same, undo(value) says what ends what it has opened: the start, finish and arguments of another call;
        give_back(value) is called where that is enough.
        """
        cancelled = None
        while self._result is None:
            try:
                await self._turn()
            except asyncio.CancelledError as error:
                cancelled = error
                if self._result is not None:
                    # Functions of GIO's would give what there is to nobody.
                    break
                self._cancellable.cancel()
                if self._pump is not None:
                    self._pump.wake()
                # The library gives the server a time to answer: this ends.
        if self._pump is not None:
            # The caller goes on before that turn, which sees what sources it adds.
            self._pump.wake()
        if cancelled is None:
            return self.get()
        try:
            value = self.get()
        except GLib.Error:
            value, undo, give_back = None, None, None
        try:
            if give_back is not None:
                give_back(value)
            if undo is not None:
                await see_through(self._connection, *undo(value))
            # Even if the server was faster: who cancels a task, as a time limit does, counts on it.
            raise cancelled
        finally:
            # It refers to this frame, which the exception keeps.
            del cancelled, value

    def _take(self):
        try:
            self._outcome = self._finish(self._result), None
        except GLib.Error as error:
            try:
                error = _pg_errors.convert(error, _pg_errors.get_result_diagnostic(self._connection, self._result))
            except BaseException as interrupt:
                # Here the library may have called: who waits gets it.
                error = interrupt
            self._outcome = None, error

    def get(self):
        """What a call that has ended gives; its exception is raised."""
        if self._outcome is None:
            self._take()
        value, error = self._outcome
        if error is None:
            return value
        self.seen = True
        try:
            raise error.with_traceback(None)
        finally:
            del error


def prepare():
    """To be called before a connection is made: it belongs to the main context of that time."""
    _get_pump(asyncio.get_running_loop())


def wake():
    """Lets the main context have a turn soon."""
    pump = _get_pump(asyncio.get_running_loop())
    if pump is not None:
        pump.wake()


def forget(fd):
    """To be called before a descriptor is closed in the middle of a turn of the event loop, where another may have its number next."""
    try:
        pump = _pumps.get(asyncio.get_running_loop())
    except RuntimeError:
        return
    if pump is not None:
        pump.forget(fd)


async def run(connection, start, finish, *args, undo=None, give_back=None):
    """Runs start(*args, cancellable, callback) to its end and returns finish(result).

    When the task is cancelled so is the call, on the server too, and the connection can be used again when CancelledError is raised: nobody gets
    what a call that was faster has opened or read, so that it needs undo or give_back, see _Call.wait().
    """
    return await _Call(connection, start, finish, args).wait(undo, give_back)


async def see_through(connection, start, finish, *args):
    """Runs the same to its end, whatever the end is: what comes next on the connection tells. When the task is cancelled, it is so after the end."""
    call = _Call(connection, start, finish, args)
    cancelled = None
    while not call.ended:
        try:
            await call.settle()
        except asyncio.CancelledError as error:
            cancelled = error
    try:
        call.get()
    except GLib.Error:
        pass
    try:
        if cancelled is not None:
            raise cancelled
    finally:
        del cancelled


def close(thing):
    """What run() needs to undo the opening of a stream of GIO's, or of a large object."""
    return thing.close_async, thing.close_finish, GLib.PRIORITY_DEFAULT


class Sent:
    """The calls of a connection's pipelines whose results nobody has waited for."""

    #: So many have not ended at most; and after so many the event loop has a turn, to send them.
    _MAX = 1000
    _AT_ONCE = 50
    #: So many that have failed are kept until the synchronization.
    _MAX_FAILED = 100

    def __init__(self):
        self._calls = collections.deque()
        self._failed = []

    def _drop_ended(self):
        while self._calls and self._calls[0].ended:
            call = self._calls.popleft()
            if call.failed and len(self._failed) < self._MAX_FAILED:
                self._failed.append(call)

    async def start(self, connection, start, finish, *args):
        """Starts another one, and returns it."""
        self._drop_ended()
        if len(self._calls) >= self._MAX:
            await self._calls[0].settle()
        call = _Call(connection, start, finish, args, lasts=True)
        self._calls.append(call)
        if len(self._calls) % self._AT_ONCE == 0:
            await asyncio.sleep(0)
        return call

    def forget(self):
        """After a synchronization that has failed: nothing that was executed before it counts."""
        self._drop_ended()
        self._failed.clear()

    def check(self):
        """After one that has not: what has failed was not sent, and if nobody has seen the error it is raised."""
        self._drop_ended()
        failed, self._failed = self._failed, []
        for call in failed:
            if not call.seen:
                call.get()
