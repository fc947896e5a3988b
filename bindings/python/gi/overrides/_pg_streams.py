# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows that are read while the server still sends them: chunks underneath, converted by columns, and rows one by one above."""

import asyncio
import collections
import weakref

from gi.module import get_introspection_module
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_arguments import check_integer
from ._pg_errors import call
from ._pg_turns import begun, thread
from ._pg_values import Reader

Pg = get_introspection_module('Pg')

#: How many rows are read at a time.
SIZE = 1000


def _check_size(size):
    if not 1 <= check_integer('the size', size) <= 0x7fffffff:
        raise ValueError(f'the size is from 1 to 2147483647, not {size}')
    return size


class _Maker:
    """Makes rows of chunks, which all have the same columns."""

    def __init__(self, cursor):
        self._reader = None
        self._factory = cursor.get_row_factory()
        self._make = cursor._row_factory and cursor._row_factory(cursor)

    def __call__(self, chunk):
        if self._factory is not None:
            return iter(self._factory.make_objects(chunk))
        if self._reader is None:
            self._reader = Reader(chunk)
        n_rows = chunk.get_n_rows()
        try:
            rows = self._reader.rows(chunk, 0, n_rows)
        except Exception:
            # One of the rows has a value that cannot be had: those before it can.
            rows = (self._reader.row(chunk, row) for row in range(n_rows))
        return iter(rows) if self._make is None else map(self._make, rows)


class _WithStream:
    """What both classes of cursors have in common."""

    _stream = None  # a weak reference to the last one
    _described = False

    def _begin_stream(self, stream):
        self._stream = weakref.ref(stream)
        self.get_connection()._stream = self._stream
        self._described = True
        return _Maker(self)


def get_open(owner):
    """The row stream that a cursor or a connection has begun; None where it is over."""
    stream = owner._stream() if owner._stream is not None else None
    return stream if stream is not None and not stream.is_over() else None


def _prepare(cursor, query, params, binary):
    return cursor._prepare_execute(query, params, None, binary)


class WithStream(_WithStream):
    def stream(self, query, params=None, size=SIZE, cancellable=None, *, binary=None):
        """Executes a statement, and iterates over its rows while the server still sends them, size rows at a time.

        It begins with the first row that is asked for. Until all are read, or the iterator is closed or dropped, the connection is busy.
        """
        return self._iterate(query, params, _check_size(size), cancellable, binary)

    def _iterate(self, query, params, size, cancellable, binary):
        connection = self.get_connection()
        query, params = _prepare(self, query, params, binary)
        start = Pg.Cursor.stream_params if isinstance(params, Pg.Params) else Pg.Cursor.stream
        with self._turn:
            stream = begun(call(connection, start, self, query, params, size, cancellable))
        try:
            make = self._begin_stream(stream)
            mark, ahead = stream._mark, collections.deque()

            def read():
                mark.note()
                try:
                    ahead.append(call(connection, stream.next_chunk, cancellable))
                except BaseException as error:
                    ahead.append(error)
            while True:
                if not ahead:
                    read()
                chunk = ahead.popleft()
                if chunk is None:
                    break
                if isinstance(chunk, BaseException):
                    try:
                        raise chunk
                    finally:
                        del chunk
                for row in make(chunk):
                    if mark not in thread.marks and not stream.is_over():
                        # Another thread goes on: the library is to know.
                        read()
                    yield row
        finally:
            call(connection, stream.close, None)

    def _end_stream(self):
        stream = get_open(self)
        if stream is not None:
            call(self.get_connection(), stream.close, None)


def _close(stream):
    return stream.close_async, stream.close_finish


class _AsyncRows:
    """Iterates over rows: not a generator, which an event loop would close some time after a loop is left."""

    def __init__(self, cursor, *arguments):
        self._cursor = cursor
        self._arguments = arguments
        self._stream = None
        self._make = None
        self._reading = False
        self._rows = iter(())

    def __aiter__(self):
        return self

    async def __anext__(self):
        while True:
            for row in self._rows:
                return row
            if self._reading:
                raise RuntimeError('another row of this stream is being waited for')
            self._reading = True
            try:
                if not await self._read():
                    raise StopAsyncIteration
            finally:
                self._reading = False

    async def _read(self):
        connection = self._cursor.get_connection()
        if self._arguments is not None:
            query, params, size, binary = self._arguments
            self._arguments = None
            query, params = _prepare(self._cursor, query, params, binary)
            name = 'stream_params' if isinstance(params, Pg.Params) else 'stream'
            start, finish = getattr(self._cursor, name + '_async'), getattr(self._cursor, name + '_finish')
            self._stream = await _pg_asyncio.run(connection, start, finish, query, params, size, undo=_close)
            self._make = self._cursor._begin_stream(self._stream)
        if self._stream is None:
            return False
        try:
            chunk = await _pg_asyncio.run(connection, self._stream.next_chunk_async, self._stream.next_chunk_finish)
        except asyncio.CancelledError:
            # Rows may be lost, and the exception keeps this object.
            stream, self._stream = self._stream, None
            await _pg_asyncio.see_through(connection, *_close(stream))
            raise
        if chunk is None:
            self._stream = None
            return False
        self._rows = self._make(chunk)
        return True

    async def aclose(self):
        """Ends it; rows that were not read are thrown away."""
        self._arguments = None
        self._rows = iter(())
        stream, self._stream = self._stream, None
        if stream is not None:
            await _pg_asyncio.run(self._cursor.get_connection(), *_close(stream))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        await self.aclose()


class WithAsyncStream(_WithStream):
    def stream(self, query, params=None, size=SIZE, *, binary=None):
        """Executes a statement, and iterates over its rows, with "async for", while the server still sends them, size rows at a time.

        It begins with the first row that is asked for. Until all are read, or the iterator is closed or dropped, the connection is busy.
        """
        return _AsyncRows(self, query, params, _check_size(size), binary)

    def _end_stream(self):
        # What the connection does next waits for it.
        stream = get_open(self)
        if stream is not None:
            stream.close_async(None, None)


async def end_async(connection):
    """Ends what a loop has left open."""
    stream = get_open(connection)
    if stream is not None:
        await _pg_asyncio.run(connection, *_close(stream))


def end(connection):
    """The same where calls block."""
    stream = get_open(connection)
    if stream is not None:
        try:
            stream.close(None)
        except GLib.Error:
            # What follows tells.
            pass
