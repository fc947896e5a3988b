# SPDX-License-Identifier: LGPL-2.1-or-later
"""COPY TO STDOUT: the streams of Pg.Connection.copy_out(), and those of an AsyncConnection, whose calls are awaited."""

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_arguments import check_integer, check_range
from ._pg_columns import CHUNK
from ._pg_copy import CLOSED, CopyOutputStream, CopyStream
from ._pg_errors import InterfaceError, ProgrammingError
from ._pg_turns import in_turn, take_all, thread
from ._pg_values import Reader

Pg = get_introspection_module('Pg')

_BLOCK = 64 * 1024
_MOST = 16 * 1024 * 1024


@override
class CopyInputStream(CopyStream, Pg.CopyInputStream):
    """The data of a COPY TO STDOUT; iteration gives it in blocks of bytes, rows not always whole; rows() gives rows."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    _ahead = ()  # rows that were read, the last one first
    _kept = b''  # what a call that was cancelled has read; the same of rows
    _kept_rows = None
    _next_row = 1  # the number in the copy of the first row that comes next
    _reader = None
    _gives_blocks = False  # by read() without a size

    def _check_open(self):
        if self.is_closed():
            raise InterfaceError(CLOSED)

    def _check_bytes(self):
        self._check_open()
        if self._ahead or self._kept_rows is not None:
            raise ProgrammingError('rows of this copy were read ahead: bytes cannot be read after them')

    @in_turn
    def read(self, size=None, cancellable=None):
        """So many bytes, or fewer; all that are left where size is negative, or not given, which is a block of a cursor's copy(). b'' at the end."""
        connection = self.get_connection()
        self._check_bytes()
        if size is None:
            size = _BLOCK if self._gives_blocks else -1
        # There is memory for so many before they come.
        size = min(check_integer('size', size), _MOST)
        if self._is_async():
            return self._read(connection, size)
        if size == 0:
            return b''
        if size > 0:
            return self._call(self.read_bytes, size, cancellable).get_data() or b''
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

    @in_turn
    def read_rows(self, max_rows=0, cancellable=None):
        """A Pg.Result of at most so many rows, of all that are left where that is 0; of no rows at the end.

        What an awaited call has read that was cancelled then comes with the next one, whole.
        """
        self._check_open()
        max_rows = check_range('max_rows', max_rows, 0, 2**32 - 1)
        if self._is_async():
            return self._read_rows(max_rows)
        return self._number(self._call(super().read_rows, max_rows, cancellable))

    def _number(self, rows):
        """For errors of its values, which name the row."""
        rows._copy_row = self._next_row
        self._next_row += rows.get_n_rows()
        return rows

    async def _read_rows(self, max_rows):
        rows, self._kept_rows = self._kept_rows, None
        if rows is None:
            rows = await _pg_asyncio.run(self.get_connection(), self.read_rows_async, self.read_rows_finish, max_rows, give_back=self._keep_rows)
        return self._number(rows)

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
        while self._ahead and self._mark in thread.marks or self._read_ahead():
            try:
                return self._ahead.pop()
            except IndexError:
                # To another thread.
                pass
        return None

    @in_turn
    def _read_ahead(self):
        """Reads some rows behind those of _ahead where there are none, or this thread has made no call yet; whether there are any."""
        if not self._ahead or self._mark not in thread.marks:
            # Whoever iterates has the list that is there.
            rows = self._load(self.read_rows(CHUNK))
            rows.reverse()
            rows += take_all(self._ahead or [])
            self._ahead = rows
        return bool(self._ahead)

    async def _read_row(self):
        if not self._ahead:
            self._ahead = self._load(await self.read_rows(CHUNK))
            self._ahead.reverse()
        return self._ahead.pop() if self._ahead else None

    def rows(self):
        """The rows that are left, tuples."""
        return self._rows_async() if self._is_async() else self._rows_blocking()

    def _rows_blocking(self):
        while True:
            self._check_open()
            if not self._read_ahead():
                return
            ahead, mark = self._ahead, self._mark
            while ahead and mark in thread.marks:
                try:
                    row = ahead.pop()
                except IndexError:
                    break
                yield row

    async def _rows_async(self):
        self._check_open()
        while (row := await self._read_row()) is not None:
            yield row
            while self._ahead:
                yield self._ahead.pop()

    @in_turn
    def set_types(self, types):
        """Says as which types, names or OIDs, the values of the rows that follow are read, instead of the server's."""
        self._set_types(types, super().set_types, self.set_type_names)
        self._reader = None

    # --- the end ---

    @in_turn
    def close(self, cancellable=None):
        """Ends the copy; before its end that drops the rest."""
        connection = self.get_connection()
        if self._is_async():
            return _pg_asyncio.run(connection, self.close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        return self._call(super().close, cancellable)

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
