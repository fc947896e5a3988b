# SPDX-License-Identifier: LGPL-2.1-or-later
"""COPY: the streams of Pg.Connection.copy_in() and copy_out(), and those of an AsyncConnection, whose calls are awaited."""

import collections.abc
import functools
import itertools
import weakref

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_columns import CHUNK
from ._pg_copy_columns import make_columns, make_row_columns
from ._pg_errors import DataError, InterfaceError, ProgrammingError, call, convert, converting
from ._pg_values import Reader

Pg = get_introspection_module('Pg')

_BLOCK = 64 * 1024
#: So many rows are sent at a time: they are still in the processor’s cache then.
_ROWS = 512
#: What can be iterated over, but is no row.
_NO_ROWS = (str, bytes, bytearray, memoryview, collections.abc.Mapping, set, frozenset)
_CLOSED = 'the copy is closed'
_GIVEN_UP = 'the copy was given up'


class _Done:
    """What is awaited of a call that has nothing to wait for."""

    def __await__(self):
        return iter(())


_DONE = _Done()


def _width_error(n, width, row):
    return DataError(f'row {n}: expected {width} values, got {len(row)}')


def _make_row(row):
    if row.__class__ is tuple:
        return row
    if row.__class__ is not list and isinstance(row, _NO_ROWS):
        raise TypeError(f'a row is a sequence of values, not {type(row).__name__}')
    return tuple(row)


def _make_write_row(copy):
    """What is called for each row: it looks nothing up in the stream, and does not keep it."""
    rows, ended, width, done = copy._rows, copy._ended, copy._width, _DONE if copy._awaited else None
    append, limit = rows.append, _ROWS
    # A stream that is dropped gives its copy up.
    ref = weakref.ref(copy, lambda _copy: ended.append(_GIVEN_UP))

    def write_row(row, cancellable=None):
        if ended:
            raise InterfaceError(ended[0])
        if row.__class__ is not tuple:
            row = _make_row(row)
        if len(row) != width:
            raise _width_error(ref()._sent + len(rows) + 1, width, row)
        append(row)
        if len(rows) < limit:
            return done
        copy = ref()
        return copy._send_rows(cancellable) if done is None else copy._send_rows_async()
    return write_row


def give_up(copy):
    """What a copy to the server is undone by."""
    copy.abort()
    return _pg_asyncio.close(copy)


class _Stream:
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
        types = list(types)
        if all(isinstance(kind, str) for kind in types):
            function = set_names
        elif all(isinstance(kind, int) for kind in types):
            function = set_oids
        else:
            raise TypeError('the types of the columns are all names or all OIDs')
        try:
            function(types)
        except GLib.Error as error:
            raise convert(error) from None


@override
class CopyOutputStream(_Stream, Pg.CopyOutputStream):
    """The data for a COPY FROM STDIN. "with" loads them at its end; after an exception nothing is loaded."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    _rows = None  # not sent yet; None before the first
    _sent = 0
    _ended = ()  # why it takes no more rows
    _write_row = None

    def _encode(self, data):
        if isinstance(data, str):
            if self.is_binary():
                raise TypeError('the format of the copy is binary: it takes bytes, not str')
            return data.encode()
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f'a copy takes bytes or str, not {type(data).__name__}')
        return bytes(data)

    def write(self, data, cancellable=None):
        """Writes all of it: str, sent as UTF-8, or bytes."""
        connection = self.get_connection()
        data = self._encode(data)
        if self._is_async():
            return self._write(connection, data)
        self._send_rows(cancellable)
        call(connection, super().write_all, data, cancellable)
        return None

    async def _write(self, connection, data):
        await self._send_rows_async()
        while data:
            data = data[await _pg_asyncio.run(connection, super().write_async, self.write_finish, data, GLib.PRIORITY_DEFAULT):]

    # --- rows ---

    def _mark_ended(self, reason):
        if self._ended == ():
            self._ended = []
        self._ended.append(reason)

    def _check_ended(self):
        if self._ended:
            raise InterfaceError(self._ended[0])

    def _begin_rows(self):
        self._awaited = self._is_async()
        self._width = self.get_n_columns()
        if self._width == 0:
            raise ProgrammingError('rows without columns can only be written as bytes')
        self._rows, self._ended = [], []

    def write_row(self, row, cancellable=None):
        """Writes a row, a sequence of values. Rows are collected, and sent many at a time."""
        self._check_ended()
        if self._rows is None:
            self._begin_rows()
        if self._write_row is None:
            self._write_row = self.write_row = _make_write_row(self)
        return self._write_row(row, cancellable)

    def write_rows(self, rows, cancellable=None):
        """Writes rows, sequences of values, of any iterable; where it is awaited also of an asynchronous one."""
        self._check_ended()
        if self._rows is None:
            self._begin_rows()
        if self._awaited:
            return self._write_rows(rows)
        iterator = map(_make_row, rows)
        while True:
            self._send_rows(cancellable)
            if not self._collect(iterator):
                return None

    async def _write_rows(self, rows):
        if hasattr(rows, '__aiter__'):
            async for row in rows:
                await self.write_row(row)
            return
        iterator = map(_make_row, rows)
        while True:
            await self._send_rows_async()
            if not self._collect(iterator):
                return

    def _collect(self, iterator):
        """Takes the next rows; whether there are any. Those before one that cannot be had are rows of the copy."""
        try:
            self._rows.extend(itertools.islice(iterator, _ROWS))
        finally:
            if self._rows:
                self._check_widths()
        return bool(self._rows)

    def _check_widths(self):
        if set(map(len, self._rows)) != {self._width}:
            n, wrong = next((n, row) for n, row in enumerate(self._rows) if len(row) != self._width)
            del self._rows[n:]
            raise _width_error(self._sent + n + 1, self._width, wrong)

    def write_columns(self, columns, cancellable=None):
        """Writes many rows, given by whole columns: lists, or arrays of numbers as those of array.array and NumPy, all of one length."""
        if isinstance(columns, Pg.CopyColumns):
            made = columns
        else:
            made = self._make(make_columns, columns)
        if self._is_async():
            return self._write_columns(made)
        self._send_rows(cancellable)
        call(self.get_connection(), super().write_columns, made, cancellable)
        self._sent += made.get_n_rows()
        return None

    async def _write_columns(self, columns):
        await self._send_rows_async()
        await _pg_asyncio.run(self.get_connection(), self.write_columns_async, self.write_columns_finish, columns)
        self._sent += columns.get_n_rows()

    def _make(self, function, *args):
        connection = self.get_connection()
        try:
            return function(*args, not self.is_binary(), connection.get_adapters)
        except GLib.Error as error:
            raise convert(error) from None

    def _take_rows(self):
        rows = self._rows[:]
        self._rows.clear()
        try:
            return self._make(make_row_columns, rows, self._sent)
        except BaseException as error:
            # The rows of this call and of some before are lost.
            self.abort(f'{type(error).__name__}: {error}'.replace('\0', ''))
            raise

    def _send_rows(self, cancellable=None):
        if self._rows:
            for columns in self._take_rows():
                call(self.get_connection(), super().write_columns, columns, cancellable)
                self._sent += columns.get_n_rows()

    async def _send_rows_async(self):
        if self._rows:
            for columns in self._take_rows():
                await _pg_asyncio.run(self.get_connection(), self.write_columns_async, self.write_columns_finish, columns)
                self._sent += columns.get_n_rows()

    def set_types(self, types):
        """Says as which types, names or OIDs, the values of the rows are sent in the format binary, instead of the table's."""
        if self._rows:
            raise ProgrammingError('the types of the columns are set before the first row')
        self._check_ended()
        self._set_types(types, super().set_types, self.set_type_names)

    # --- the end ---

    def abort(self, reason=None):
        """Ends the copy so that nothing is loaded."""
        if self._rows:
            self._rows.clear()
        self._mark_ended(_GIVEN_UP)
        super().abort(reason)

    def close(self, cancellable=None):
        """Ends the copy: when it has succeeded all rows are loaded."""
        connection = self.get_connection()
        if self._is_async():
            return self._close()
        try:
            self._send_rows(cancellable)
        except BaseException:
            self._close_failed()
            raise
        return self._finish(cancellable)

    def _finish(self, cancellable):
        try:
            return call(self.get_connection(), super().close, cancellable)
        finally:
            if self.is_closed():
                self._mark_ended(_CLOSED)

    async def _close(self):
        try:
            while self._rows:
                await self._send_rows_async()
        except BaseException:
            self.abort()
            await _pg_asyncio.see_through(self.get_connection(), *_pg_asyncio.close(self))
            raise
        self._mark_ended(_CLOSED)
        try:
            return await _pg_asyncio.run(self.get_connection(), super().close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        finally:
            if not self.is_closed():
                self._ended.pop()

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
        if self._rows and self._awaited:
            raise ProgrammingError('rows are waiting to be sent: await copy.write(b"") or copy.close() before')
        self._send_rows()
        if name == 'close_async':
            self._mark_ended(_CLOSED)
        return method(self, *args)
    setattr(CopyOutputStream, name, guarded)


for _name in 'close_async', 'flush', 'flush_async', 'splice', 'splice_async', 'write_all', 'write_all_async', 'write_async', 'write_bytes', 'write_bytes_async':
    _guard(_name)


@override
class CopyInputStream(_Stream, Pg.CopyInputStream):
    """The data of a COPY TO STDOUT; iteration gives it in blocks of bytes, rows not always whole; rows() gives rows."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    _ahead = ()  # rows that were read, the last one first
    _kept = b''  # what a call that was cancelled has read; the same of rows
    _kept_rows = None
    _reader = None
    _gives_blocks = False  # by read() without a size

    def _check_open(self):
        if self.is_closed():
            raise InterfaceError(_CLOSED)

    def _check_bytes(self):
        self._check_open()
        if self._ahead or self._kept_rows is not None:
            raise ProgrammingError('rows of this copy were read ahead: bytes cannot be read after them')

    def read(self, size=None, cancellable=None):
        """So many bytes, or fewer; all that are left where size is negative, or not given, which is a block of a cursor's copy(). b'' at the end."""
        connection = self.get_connection()
        self._check_bytes()
        if size is None:
            size = _BLOCK if self._gives_blocks else -1
        if self._is_async():
            return self._read(connection, size)
        if size == 0:
            return b''
        if size > 0:
            return call(connection, self.read_bytes, size, cancellable).get_data() or b''
        blocks = []
        while block := self.read(_BLOCK, cancellable):
            blocks.append(block)
        return b''.join(blocks)

    async def _read(self, connection, size):
        if size == 0:
            return b''
        if self._kept and size > 0:
            data, self._kept = self._kept[:size], self._kept[size:]
            return data
        if size > 0:
            block = await _pg_asyncio.run(connection, self.read_bytes_async, self.read_bytes_finish, size, GLib.PRIORITY_DEFAULT,
                                          give_back=self._keep)
            return block.get_data() or b''
        blocks = []
        try:
            while block := await self._read(connection, _BLOCK):
                blocks.append(block)
        except BaseException:
            self._kept = b''.join(blocks) + self._kept
            raise
        return b''.join(blocks)

    def _keep(self, block):
        self._kept = block.get_data() or b''

    # --- rows ---

    def read_rows(self, max_rows=0, cancellable=None):
        """A Pg.Result of at most so many rows, of all that are left where that is 0; of no rows at the end.

        What an awaited call has read that was cancelled then comes with the next one, whole.
        """
        self._check_open()
        if self._is_async():
            return self._read_rows(max_rows)
        return call(self.get_connection(), super().read_rows, max_rows, cancellable)

    async def _read_rows(self, max_rows):
        rows, self._kept_rows = self._kept_rows, None
        if rows is not None:
            return rows
        return await _pg_asyncio.run(self.get_connection(), self.read_rows_async, self.read_rows_finish, max_rows, give_back=self._keep_rows)

    def _keep_rows(self, rows):
        if rows.get_n_rows() > 0:
            self._kept_rows = rows

    def _load(self, result):
        n_rows = result.get_n_rows()
        if self._reader is None:
            self._reader = Reader(result)
        return self._reader.rows(result, 0, n_rows) if n_rows > 0 else []

    def read_row(self):
        """The next row, a tuple; None at the end."""
        self._check_open()
        if self._is_async():
            return self._read_row()
        if not self._ahead:
            self._ahead = self._load(self.read_rows(CHUNK))
            self._ahead.reverse()
        return self._ahead.pop() if self._ahead else None

    async def _read_row(self):
        if not self._ahead:
            self._ahead = self._load(await self.read_rows(CHUNK))
            self._ahead.reverse()
        return self._ahead.pop() if self._ahead else None

    def rows(self):
        """The rows that are left, tuples."""
        return self._rows_async() if self._is_async() else self._rows_blocking()

    def _rows_blocking(self):
        while (row := self.read_row()) is not None:
            yield row
            while self._ahead:
                yield self._ahead.pop()

    async def _rows_async(self):
        self._check_open()
        while (row := await self._read_row()) is not None:
            yield row
            while self._ahead:
                yield self._ahead.pop()

    def set_types(self, types):
        """Says as which types, names or OIDs, the values of the rows that follow are read, instead of the server's."""
        self._set_types(types, super().set_types, self.set_type_names)
        self._reader = None

    # --- the end ---

    def close(self, cancellable=None):
        """Ends the copy; before its end that drops the rest."""
        connection = self.get_connection()
        if self._is_async():
            return _pg_asyncio.run(connection, self.close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        return call(connection, super().close, cancellable)

    def __iter__(self):
        while block := self.read(_BLOCK):
            yield block

    async def __aiter__(self):
        self._check_bytes()
        while block := await self._read(self.get_connection(), _BLOCK):
            yield block

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        if self.is_closed():
            return
        try:
            self.close()
        except GLib.Error:
            if error is None:
                raise

    async def __aenter__(self):
        return self

    async def __aexit__(self, _kind, error, _traceback):
        if self.is_closed():
            return
        try:
            await self.close()
        except GLib.Error:
            if error is None:
                raise


def _refuse(cls, which, *names):
    """The methods of the other class, as copy() of a cursor may give either."""
    def add(name):
        def method(self, *_args, **_keywords):
            raise ProgrammingError(f'{name}() is not for {which}, which copies the other way')
        setattr(cls, name, method)

    for name in names:
        add(name)


_refuse(CopyOutputStream, 'COPY … FROM STDIN', 'read', 'read_row', 'read_rows', 'rows', '__iter__', '__aiter__')
_refuse(CopyInputStream, 'COPY … TO STDOUT', 'write', 'write_row', 'write_rows', 'write_columns')
