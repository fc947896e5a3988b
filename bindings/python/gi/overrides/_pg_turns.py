# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cursors, streams and copies that several threads use: one after the other, as it is with the connection."""

import functools
import itertools
import threading
import weakref

from gi.module import get_introspection_module

from ._pg_errors import ProgrammingError

Pg = get_introspection_module('Pg')


class _Thread(threading.local):
    n_held = 0  # turns that this thread has
    n_copies = 0  # those of copies
    marks = frozenset()


#: What belongs to the thread that asks. A stream or copy whose mark is in "marks" knows it as one that others may wait for to end it.
thread = _Thread()


class Mark:
    """Of a row stream or a copy that is open: which threads have made a call of it. The library refuses what they execute meanwhile, where others wait."""

    __slots__ = ('_stream',)

    def __init__(self, stream):
        self._stream = weakref.ref(stream)

    def note(self):
        """This thread makes a call of it, one of the library's."""
        if self not in thread.marks:
            thread.marks = {self, *filter(Mark.is_open, thread.marks)}

    def is_open(self):
        return self.get_connection() is not None

    def get_connection(self):
        """Which connection it keeps busy; None where it is over."""
        stream = self._stream()
        if stream is None or (stream.is_over() if isinstance(stream, Pg.BaseRowStream) else stream.is_closed()):
            return None
        return stream.get_connection()


def begun(stream):
    """This thread has begun a row stream or a copy; returns it."""
    stream._mark = Mark(stream)
    stream._mark.note()
    if not isinstance(stream, Pg.BaseRowStream):
        stream._turn = CopyTurn()
    return stream


class Turn:
    """The right to use a cursor, for a block of "with"."""

    __slots__ = ('_lock', '_connection')

    def __init__(self, connection=None):
        self._lock = threading.RLock()
        self._connection = connection

    def __enter__(self):
        if not self._lock.acquire(False):
            self._wait()
        thread.n_held += 1

    def __exit__(self, *_exception):
        thread.n_held -= 1
        self._lock.release()

    def _wait(self):
        # Whoever has it may wait for this thread.
        if thread.n_held > 0:
            raise ProgrammingError('another thread uses the cursor, and this one is in a call of another cursor: it cannot wait')
        if any(mark.get_connection() == self._connection for mark in thread.marks):
            raise ProgrammingError('another thread uses the cursor, and waits for the stream or copy that this one has open: close that first')
        self._lock.acquire()


class CopyTurn(Turn):
    """The right to use a copy. Whoever has a cursor may wait for it: who has a copy waits for neither."""

    __slots__ = ()

    def __enter__(self):
        super().__enter__()
        thread.n_copies += 1

    def __exit__(self, *_exception):
        thread.n_copies -= 1
        super().__exit__()

    def _wait(self):
        if thread.n_copies > 0:
            raise ProgrammingError('another thread uses the copy, and this one is in a call of another copy: it cannot wait')
        self._lock.acquire()


def in_turn(method):
    """A method of a cursor or a copy that other threads have to wait for."""
    @functools.wraps(method)
    def taken(self, *args, **keywords):
        with self._turn:
            return method(self, *args, **keywords)
    return taken


def take_all(rows):
    """Takes out of a list what is in it, of which other threads take the last one: in one step of the interpreter's, so that they take none meanwhile."""
    taken = []
    try:
        taken.extend(map(list.pop, itertools.repeat(rows)))
    except IndexError:
        pass
    taken.reverse()
    return taken
