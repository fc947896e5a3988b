# SPDX-License-Identifier: LGPL-2.1-or-later
"""COPY FROM STDIN: the streams of Pg.Connection.copy_in(), and those of an AsyncConnection, whose calls are awaited."""

import asyncio
import collections.abc
import contextlib
import functools
import itertools
import weakref

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_arguments import check_iterable, check_oids, check_str
from ._pg_copy_columns import make_columns, make_row_columns
from ._pg_copy_queue import Queue
from ._pg_errors import DataError, InterfaceError, ProgrammingError, call, convert, converting
from ._pg_params import check_text
from ._pg_turns import begun, in_turn, thread

Pg = get_introspection_module('Pg')

#: So many rows are sent at a time: they are still in the processor’s cache then.
_ROWS = 512
#: What can be iterated over, but is no row.
_NO_ROWS = (str, bytes, bytearray, memoryview, collections.abc.Mapping, set, frozenset)
CLOSED = 'the copy is closed'
_GIVEN_UP = 'the copy was given up'


class _Done(collections.abc.Coroutine):
    """What is awaited of a call that has nothing to wait for, by a task of its own too."""

    def send(self, _value):
        raise StopIteration

    def throw(self, kind, value=None, traceback=None):
        raise kind if value is None else value

    def __await__(self):
        return iter(())


_DONE = _Done()


async def _fail(error):
    """What is awaited of a call that has failed at once."""
    try:
        raise error
    finally:
        del error


def _width_error(n, width, row):
    return DataError(f'row {n}: expected {width} values, got {len(row)}')


def _make_row(row):
    if row.__class__ is tuple:
        return row
    if row.__class__ is not list and (isinstance(row, _NO_ROWS) or not isinstance(row, collections.abc.Iterable)):
        raise TypeError(f'a row is a sequence of values, not {type(row).__name__}')
    return tuple(row)


def _make_write_row(copy):
    """What is called for each row: it looks nothing up in the stream, and does not keep it."""
    rows, ended, width, done = copy._rows, copy._ended, copy._width, _DONE if copy._is_async() else None
    append, limit, mark = rows.append, _ROWS, copy._mark
    # A stream that is dropped gives its copy up.
    ref = weakref.ref(copy, lambda _copy: ended.append(_GIVEN_UP))

    def write_row(row, cancellable=None):
        try:
            if ended:
                raise InterfaceError(ended[0])
            if row.__class__ is not tuple:
                row = _make_row(row)
            if len(row) != width:
                raise _width_error(ref()._sent + len(rows) + 1, width, row)
        except Exception as error:
            if done is None:
                raise
            return _fail(error)
        append(row)
        # What a thread writes first is sent at once, so that the library knows it.
        if len(rows) < limit and not ended and (done is not None or mark in thread.marks):
            return done
        copy = ref()
        if done is not None:
            return copy._queue.finish(copy._add_rows())
        if ended:
            copy._check_taken([row])
        return copy._send_rows(cancellable)
    return write_row


def give_up(copy):
    """What a copy to the server is undone by."""
    copy.abort()
    return _pg_asyncio.close(copy)


class CopyStream:
    _turn = contextlib.nullcontext()  # of one that blocks, its own
    _mark = None

    def _call(self, function, *args):
        if self._mark is None:
            begun(self)
        self._mark.note()
        return call(self.get_connection(), function, *args)

    @property
    def connection(self):
        return self.get_connection()

    @property
    def rowcount(self):
        """How many rows were copied; -1 before the end."""
        return self.get_rowcount()

    @property
    def statusmessage(self):
        """The command tag, such as "COPY 3"; None before the end."""
        return self.get_status_message()

    def _is_async(self):
        return isinstance(self.get_connection(), Pg.AsyncConnection)

    def _set_types(self, types, set_oids, set_names):
        if isinstance(types, (str, bytes)):
            raise TypeError(f'the types of the columns are a sequence of names or OIDs, not {type(types).__name__}')
        types = list(check_iterable('the types of the columns', types, 'names or OIDs'))
        if all(isinstance(kind, str) for kind in types):
            function = set_names
        elif all(isinstance(kind, int) for kind in types):
            function, types = set_oids, check_oids(types)
        else:
            raise TypeError('the types of the columns are all names or all OIDs')
        try:
            function(types)
        except GLib.Error as error:
            raise convert(error) from None


@override
class CopyOutputStream(CopyStream, Pg.CopyOutputStream):
    """The data for a COPY FROM STDIN. "with" loads them at its end; after an exception nothing is loaded."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    _rows = None  # not sent yet; None before the first
    _sent = 0
    _ended = ()  # why it takes no more rows
    _write_row = None

    @functools.cached_property
    def _queue(self):
        return Queue() if self._is_async() else None

    def _encode(self, data):
        if isinstance(data, str):
            if self.is_binary():
                raise TypeError('the format of the copy is binary: it takes bytes, not str')
            return data.encode()
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f'a copy takes bytes or str, not {type(data).__name__}')
        return bytes(data)

    @in_turn
    def write(self, data, cancellable=None):
        """Writes all of it: str, sent as UTF-8, or bytes."""
        if self._is_async():
            return self._run(self._encode, self._write, data)
        self._check_open()
        data = self._encode(data)
        self._send_rows(cancellable)
        self._call(super().write_all, data, cancellable)
        return None

    async def _write(self, data):
        connection, n_written = self.get_connection(), 0

        def note(n):
            nonlocal n_written
            n_written += n
        try:
            while n_written < len(data):
                note(await _pg_asyncio.run(connection, super().write_async, self.write_finish, data[n_written:], GLib.PRIORITY_DEFAULT, give_back=note))
        except asyncio.CancelledError:
            # What follows would be taken for the rest of it.
            if 0 < n_written < len(data):
                self.abort('a write was cancelled when part of it had been sent')
            raise

    # --- calls that are awaited: they run in the order in which they were made ---

    def _run(self, prepare, function, *args):
        """What is awaited of a call, which comes after the rows that were written before it; prepare makes its argument of those of the call."""
        try:
            self._check_open()
            prepared = prepare(*args)
        except Exception as error:
            return _fail(error)
        rows = self._add_rows()

        async def run():
            if rows is not None:
                rows.check()
            return await function(prepared)
        return self._queue.finish(self._queue.add(run))

    def _add_rows(self):
        """Adds what sends the rows that were collected; None where there are none."""
        if not self._rows:
            return None
        return self._queue.add(functools.partial(self._send_taken, *self._take()), stays=True)

    async def _send_taken(self, rows, n_before):
        connection = self.get_connection()
        if self._width == 0:
            for _row in rows:
                await _pg_asyncio.run(connection, super().write_row_async, self.write_row_finish, Pg.Params.new())
            return
        for columns in self._convert(rows, n_before):
            await _pg_asyncio.run(connection, super().write_columns_async, self.write_columns_finish, columns)

    # --- rows ---

    def _mark_ended(self, reason):
        self.__dict__.setdefault('_ended', []).append(reason)

    def _check_ended(self):
        if self._ended:
            raise InterfaceError(self._ended[0])

    def _check_open(self):
        if self.is_closed() or CLOSED in self._ended:
            raise InterfaceError(CLOSED)

    @in_turn
    def _begin_rows(self):
        self._check_ended()
        if self._rows is None:
            self._width = self.get_n_columns()
            self.__dict__.setdefault('_ended', [])
            self._rows = []

    def write_row(self, row, cancellable=None):
        """Writes a row, a sequence of values. Rows are collected, and sent many at a time."""
        try:
            self._begin_rows()
        except InterfaceError as error:
            if self._is_async():
                return _fail(error)
            raise
        if self._write_row is None:
            self._write_row = self.write_row = _make_write_row(self)
        return self._write_row(row, cancellable)

    def write_rows(self, rows, cancellable=None):
        """Writes rows, sequences of values, of any iterable; where it is awaited also of an asynchronous one."""
        if self._is_async():
            return self._write_each(rows) if hasattr(rows, '__aiter__') else self._run(self._begin_awaited, self._write_rows, rows)
        check_iterable('rows', rows, 'rows')
        self._begin_rows()
        iterator, more = map(_make_row, rows), True
        while more:
            # The iterable may wait for other threads, and those for the copy.
            some = []
            try:
                more = self._collect(iterator, some, self._sent + len(self._rows))
            finally:
                self._rows.extend(some)
                if self._ended:
                    self._check_taken(some)
            if more or self._mark not in thread.marks:
                self._send_rows(cancellable)
        return None

    async def _write_each(self, rows):
        # Its calls are in the line, not itself: the iterable may wait for other calls of the copy.
        self._begin_rows()
        async for row in rows:
            await self.write_row(row)

    def _begin_awaited(self, rows):
        check_iterable('rows', rows, 'rows')
        self._begin_rows()
        return map(_make_row, rows)

    async def _write_rows(self, iterator):
        more = True
        while more:
            if _GIVEN_UP in self._ended:
                raise InterfaceError(_GIVEN_UP)
            rows, n_before = [], self._sent
            try:
                more = self._collect(iterator, rows, n_before)
            except BaseException:
                if rows:
                    self._sent += len(rows)
                    self._queue.add_next(functools.partial(self._send_taken, rows, n_before))
                raise
            self._sent += len(rows)
            if more:
                await self._send_taken(rows, n_before)

    def _collect(self, iterator, rows, n_before):
        """Takes the next rows; whether there are any. Those before one that cannot be had are rows of the copy."""
        try:
            rows.extend(itertools.islice(iterator, _ROWS))
        finally:
            if not set(map(len, rows)) <= {self._width}:
                n, wrong = next((n, row) for n, row in enumerate(rows) if len(row) != self._width)
                del rows[n:]
                raise _width_error(n_before + n + 1, self._width, wrong)
        return bool(rows)

    @in_turn
    def write_columns(self, columns, cancellable=None):
        """Writes many rows, given by whole columns: lists, or arrays of numbers as those of array.array and NumPy, all of one length."""
        if self._is_async():
            return self._run(self._make_columns, self._write_columns, columns)
        columns = self._make_columns(columns)
        self._send_rows(cancellable)
        self._call(super().write_columns, columns, cancellable)
        self._sent += columns.get_n_rows()
        return None

    def _make_columns(self, columns):
        return columns if isinstance(columns, Pg.CopyColumns) else self._make(make_columns, columns)

    async def _write_columns(self, columns):
        await _pg_asyncio.run(self.get_connection(), super().write_columns_async, self.write_columns_finish, columns)
        self._sent += columns.get_n_rows()

    def _make(self, function, *args):
        connection = self.get_connection()
        try:
            return function(*args, not self.is_binary(), connection.get_adapters)
        except GLib.Error as error:
            raise convert(error) from None

    def _take(self):
        """The rows that were collected, and how many were before them."""
        # Other threads may add some meanwhile.
        rows, n_before = self._rows[:], self._sent
        del self._rows[:len(rows)]
        self._sent += len(rows)
        return rows, n_before

    @in_turn
    def _check_taken(self, rows):
        """Another thread has ended the copy when these had been added: they are in it, or the call is none."""
        if not self._ended or not any(row is other for row in rows for other in self._rows):
            return
        for row in rows:
            del self._rows[next(n for n, other in enumerate(self._rows) if other is row)]
        self._check_ended()

    def _convert(self, rows, n_before):
        try:
            return self._make(make_row_columns, rows, n_before)
        except BaseException as error:
            # The rows of this call and of some before are lost.
            self.abort(f'{type(error).__name__}: {error}'.replace('\0', ''))
            raise

    @in_turn
    def _send_rows(self, cancellable=None):
        if not self._rows:
            return
        rows, n_before = self._take()
        if self._width == 0:
            for _row in rows:
                self._call(super().write_row, Pg.Params.new(), cancellable)
            return
        for columns in self._convert(rows, n_before):
            self._call(super().write_columns, columns, cancellable)

    @in_turn
    def set_types(self, types):
        """Says as which types, names or OIDs, the values of the rows are sent in the format binary, instead of the table's."""
        if self._rows or self._queue:
            raise ProgrammingError('the types of the columns are set before the first row')
        self._check_ended()
        self._set_types(types, super().set_types, self.set_type_names)

    # --- the end ---

    def abort(self, reason=None):
        """Ends the copy so that nothing is loaded."""
        if reason is not None:
            check_text(check_str('reason', reason))
        if self._rows:
            self._rows.clear()
        self._mark_ended(_GIVEN_UP)
        super().abort(reason)

    @in_turn
    def close(self, cancellable=None):
        """Ends the copy: when it has succeeded all rows are loaded."""
        if self._is_async():
            return self._close()
        # What other threads add now is not in it.
        self._mark_ended(CLOSED)
        try:
            self._send_rows(cancellable)
        except BaseException:
            self._close_failed()
            raise
        return self._finish(cancellable)

    def _finish(self, cancellable):
        try:
            return self._call(super().close, cancellable)
        finally:
            if not self.is_closed():
                self._ended.remove(CLOSED)

    def _close(self):
        rows = self._add_rows()
        # Each call marks it, until it has failed or is none.
        self._mark_ended(CLOSED)
        step = self._queue.add(functools.partial(self._close_now, rows), undo=functools.partial(self._ended.remove, CLOSED))
        return self._queue.awaited(step, self._close_awaited(step))

    async def _close_awaited(self, step):
        try:
            return await self._queue.finish(step)
        except asyncio.CancelledError:
            while not self.is_closed():
                self.abort()
                # What is under way comes before.
                with contextlib.suppress(asyncio.CancelledError):
                    await self._queue.finish(self._queue.add(self._see_closed))
            raise

    async def _close_now(self, rows):
        try:
            if rows is not None and rows.error is not None:
                self.abort()
                await self._see_closed()
                rows.check()
            if self.is_closed():
                return True
            return await _pg_asyncio.run(self.get_connection(), super().close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        finally:
            if not self.is_closed():
                self._ended.remove(CLOSED)

    async def _see_closed(self):
        await _pg_asyncio.see_through(self.get_connection(), super().close_async, self.close_finish, GLib.PRIORITY_DEFAULT)

    def _close_failed(self):
        try:
            self._finish(None)
        except GLib.Error:
            pass

    def _end(self, error):
        if error is not None:
            self.abort(f'{type(error).__name__}: {error}'.replace('\0', '') if str(error) else type(error).__name__)

    def _check_sent(self):
        # Another stream of GIO's on top of this one closes it without these rows.
        if self._rows:
            n = len(self._rows)
            self._rows.clear()
            raise InterfaceError(f'the copy was closed before the last rows were sent: {n} are not in it')

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        self._end(error)
        if self.is_closed():
            self._check_sent()
            return
        try:
            self.close()
        except GLib.Error:
            if error is None:
                raise

    async def __aenter__(self):
        return self

    async def __aexit__(self, _kind, error, _traceback):
        self._end(error)
        if self.is_closed():
            self._check_sent()
            return
        try:
            await self.close()
        except GLib.Error:
            if error is None:
                raise


def _guard(name):
    """Of GIO's own calls: the rows before what is written go first."""
    method = converting(getattr(Pg.CopyOutputStream, name))

    @functools.wraps(method)
    def guarded(self, *args):
        if (self._rows or self._queue) and self._is_async():
            raise ProgrammingError('rows are waiting to be sent: await copy.write(b"") or copy.close() before')
        self._send_rows()
        value = method(self, *args)
        if name == 'close_async':
            self._mark_ended(CLOSED)
        return value
    setattr(CopyOutputStream, name, guarded)


for _name in 'close_async', 'flush', 'flush_async', 'splice', 'splice_async', 'write_all', 'write_all_async', 'write_async', 'write_bytes', 'write_bytes_async', 'write_row_async', 'write_columns_async':
    _guard(_name)
