# SPDX-License-Identifier: LGPL-2.1-or-later
"""COPY: the streams of Pg.Connection.copy_in() and copy_out(), and those of an AsyncConnection, whose calls are awaited."""

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_errors import call

Pg = get_introspection_module('Pg')

_BLOCK = 64 * 1024


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


@override
class CopyOutputStream(_Stream, Pg.CopyOutputStream):
    """The data for a COPY FROM STDIN. "with" loads them at its end; after an exception nothing is loaded."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

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
        call(connection, self.write_all, data, cancellable)
        return None

    async def _write(self, connection, data):
        while data:
            data = data[await _pg_asyncio.run(connection, self.write_async, self.write_finish, data, GLib.PRIORITY_DEFAULT):]

    def close(self, cancellable=None):
        """Ends the copy: when it has succeeded all rows are loaded."""
        connection = self.get_connection()
        if self._is_async():
            return _pg_asyncio.run(connection, self.close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        return call(connection, super().close, cancellable)

    def _end(self, error):
        if error is not None:
            self.abort(f'{type(error).__name__}: {error}'.replace('\0', '') if str(error) else type(error).__name__)

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        self._end(error)
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
        self._end(error)
        if self.is_closed():
            return
        try:
            await self.close()
        except GLib.Error:
            if error is None:
                raise


@override
class CopyInputStream(_Stream, Pg.CopyInputStream):
    """The data of a COPY TO STDOUT; iteration gives it in blocks of bytes, rows not always whole."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def read(self, size=-1, cancellable=None):
        """So many bytes, or fewer; all that are left where size is negative. b'' at the end."""
        connection = self.get_connection()
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
        if size > 0:
            block = await _pg_asyncio.run(connection, self.read_bytes_async, self.read_bytes_finish, size, GLib.PRIORITY_DEFAULT)
            return block.get_data() or b''
        blocks = []
        while block := await self._read(connection, _BLOCK):
            blocks.append(block)
        return b''.join(blocks)

    def close(self, cancellable=None):
        """Ends the copy; before its end that cancels the statement."""
        connection = self.get_connection()
        if self._is_async():
            return _pg_asyncio.run(connection, self.close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        return call(connection, super().close, cancellable)

    def __iter__(self):
        while block := self.read(_BLOCK):
            yield block

    async def __aiter__(self):
        while block := await self._read(self.get_connection(), _BLOCK):
            yield block

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if not self.is_closed():
            self.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        if not self.is_closed():
            await self.close()
