# SPDX-License-Identifier: LGPL-2.1-or-later
"""Large objects as files: Pg.Connection.large_object(), and those of an AsyncConnection, whose calls are awaited."""

import contextlib
import os

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_arguments import check_integer, check_range
from ._pg_errors import call, convert_class

Pg = get_introspection_module('Pg')

_BLOCK = 256 * 1024
_READ = Pg.LargeObjectMode.READ
_WRITE = Pg.LargeObjectMode.WRITE
_MODES = {'rb': _READ, 'r+b': _READ | _WRITE, 'rb+': _READ | _WRITE, 'wb': _WRITE, 'w+b': _READ | _WRITE, 'wb+': _READ | _WRITE, 'xb': None}


def parse_mode(oid, mode):
    """A Pg.LargeObjectMode, None to create it; and whether it is to be emptied."""
    if not isinstance(mode, str) or mode not in _MODES:
        raise ValueError(f'the mode is one of "rb", "r+b", "wb", "w+b" and "xb", not {mode!r}')
    if mode.startswith('w') and not oid:
        return None, False
    if mode.startswith('r') and not oid:
        raise ValueError(f'the mode {mode!r} is for a large object that there is: its OID cannot be {oid!r}')
    return _MODES[mode], mode.startswith('w')


# The streams are of classes that only the library knows; PyGObject makes one of each when it sees the first.
_converted = set()


def _convert(stream):
    cls = type(stream)
    if cls not in _converted:
        _converted.add(cls)
        convert_class(cls)
    return stream


@override
class LargeObject(Pg.LargeObject):
    """A large object as a file of bytes, which "with" closes. Of an AsyncConnection all calls but tell() are awaited."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    @property
    def oid(self):
        """The OID by which it is known in the database."""
        return self.get_oid()

    @property
    def closed(self):
        return self.is_closed()

    def readable(self):
        return bool(self.get_mode() & _READ)

    def writable(self):
        return bool(self.get_mode() & _WRITE)

    def seekable(self):
        return True

    def get_input_stream(self):
        """The stream of GIO's to read from."""
        return _convert(super().get_input_stream())

    def get_output_stream(self):
        """The stream of GIO's to write to."""
        return _convert(super().get_output_stream())

    def _is_async(self):
        return isinstance(self.get_connection(), Pg.AsyncConnection)

    def _run(self, start, finish, *args):
        return _pg_asyncio.run(self.get_connection(), start, finish, *args)

    def read(self, size=-1):
        """So many bytes, or all that are left where size is negative; fewer at the end, b'' there."""
        size = check_integer('size', size)
        if self._is_async():
            return self._read(size)
        stream = self.get_input_stream()
        blocks = []
        while size != 0:
            block = call(self.get_connection(), stream.read_bytes, _BLOCK if size < 0 else min(size, _BLOCK), None).get_data()
            if not block:
                break
            blocks.append(block)
            size -= len(block) if size > 0 else 0
        return b''.join(blocks)

    async def _read(self, size):
        stream = self.get_input_stream()
        start = self.tell()
        blocks = []
        try:
            while size != 0:
                n = _BLOCK if size < 0 else min(size, _BLOCK)
                block = (await self._run(stream.read_bytes_async, stream.read_bytes_finish, n, GLib.PRIORITY_DEFAULT)).get_data()
                if not block:
                    break
                blocks.append(block)
                size -= len(block) if size > 0 else 0
        except BaseException:
            # Nobody gets what has been read.
            with contextlib.suppress(GLib.Error):
                super().seek(start, GLib.SeekType.SET, None)
            raise
        return b''.join(blocks)

    def readinto(self, buffer):
        """Reads into a buffer, and returns how many bytes there were; for a Connection only."""
        data = self.read(len(memoryview(buffer).cast('B')))
        memoryview(buffer).cast('B')[:len(data)] = data
        return len(data)

    def write(self, data):
        """Writes all of it, and returns how many bytes these are."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f'a large object takes bytes, not {type(data).__name__}')
        data = bytes(data)
        if self._is_async():
            return self._write(data)
        if data:
            call(self.get_connection(), self.get_output_stream().write_all, data, None)
        return len(data)

    async def _write(self, data):
        stream = self.get_output_stream()
        written = 0
        while written < len(data):
            # The bytes have to live until the end of the call.
            block = GLib.Bytes.new(data[written:written + _BLOCK])
            written += await self._run(stream.write_bytes_async, stream.write_bytes_finish, block, GLib.PRIORITY_DEFAULT)
        return written

    def size(self):
        """How many bytes it has."""
        if self._is_async():
            return self._run(self.query_size_async, self.query_size_finish)
        return call(self.get_connection(), self.query_size, None)

    def seek(self, offset, whence=os.SEEK_SET):
        """Moves the position, and returns it."""
        offset = check_range('offset', offset, -2**63, 2**63 - 1)
        if whence not in (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END):
            raise ValueError(f'whence is 0, 1 or 2, not {whence!r}')
        if self._is_async():
            return self._seek(offset, whence)
        return self._seek_from(offset, whence, self.size() if whence == os.SEEK_END else 0)

    async def _seek(self, offset, whence):
        return self._seek_from(offset, whence, await self.size() if whence == os.SEEK_END else 0)

    def _seek_from(self, offset, whence, end):
        kind = GLib.SeekType.CUR if whence == os.SEEK_CUR else GLib.SeekType.SET
        call(self.get_connection(), super().seek, min(end + offset, 2**63 - 1), kind, None)
        return self.tell()

    def truncate(self, size=None):
        """Makes it so long, or as long as the position is far, and returns that."""
        size = self.tell() if size is None else check_range('size', size, 0, 2**63 - 1)
        if self._is_async():
            return self._truncate(size)
        call(self.get_connection(), super().truncate, size, None)
        return size

    async def _truncate(self, size):
        await self._run(self.truncate_async, self.truncate_finish, size)
        return size

    def flush(self):
        """Does nothing: what was written is with the server."""

    def close(self):
        """Closes it. It may be called more than once."""
        if self._is_async():
            return self._run(self.close_async, self.close_finish, GLib.PRIORITY_DEFAULT)
        return call(self.get_connection(), super().close, None)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        await self.close()
