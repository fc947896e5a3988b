# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cursors that several threads use: one after the other, as it is with the connection."""

import functools
import threading
import weakref

from gi.module import get_introspection_module

from ._pg_errors import ProgrammingError

Pg = get_introspection_module('Pg')


class _Thread(threading.local):
    n_held = 0  # turns that this thread has
    streams = ()  # those that it has begun, by weak references


_thread = _Thread()


def begun(stream):
    """This thread has made a call of a row stream or a copy, and may be the one that other threads wait for to end it; returns it."""
    if all(reference() is not stream for reference in _thread.streams):
        _thread.streams = [*filter(_is_open, _thread.streams), weakref.ref(stream)]
    return stream


def _is_open(reference):
    stream = reference()
    return stream is not None and not (stream.is_over() if isinstance(stream, Pg.BaseRowStream) else stream.is_closed())


class Turn:
    """The right to use a cursor, for a block of "with"."""

    __slots__ = ('_lock',)

    def __init__(self):
        self._lock = threading.RLock()

    def __enter__(self):
        if not self._lock.acquire(False):
            self._wait()
        _thread.n_held += 1

    def __exit__(self, *_exception):
        _thread.n_held -= 1
        self._lock.release()

    def _wait(self):
        # Whoever has it may wait for this thread.
        if _thread.n_held > 0:
            raise ProgrammingError('another thread uses the cursor, and this one is in a call of another cursor: it cannot wait')
        if any(map(_is_open, _thread.streams)):
            raise ProgrammingError('another thread uses the cursor, and waits for the stream or copy that this one has open: close that first')
        self._lock.acquire()


def in_turn(method):
    """A method of a cursor that other threads have to wait for."""
    @functools.wraps(method)
    def taken(self, *args, **keywords):
        with self._turn:
            return method(self, *args, **keywords)
    return taken
