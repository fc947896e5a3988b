# SPDX-License-Identifier: LGPL-2.1-or-later
"""copy() of a cursor, as psycopg has it: a block in which one of the streams of _pg_copy.py is open."""

from gi.module import get_introspection_module

from ._pg_errors import ProgrammingError

Pg = get_introspection_module('Pg')


class _Copying:
    """What "with" begins and ends a COPY by. There is nothing on the server before it is entered."""

    def __init__(self, cursor, statement, params):
        self._cursor = cursor
        self._arguments = statement, params
        self._copy = None

    def _prepare(self):
        """The method of the connection that begins it, and the statement."""
        if self._arguments is None:
            raise TypeError('what copy() has returned is entered once: call it again')
        (statement, params), self._arguments = self._arguments, None
        cursor = self._cursor
        cursor._check_usable()
        cursor._check_open()
        cursor.clear_results()
        connection = cursor.get_connection()
        statement = connection._merge(statement, params)
        direction = Pg.copy_get_direction(statement)
        if direction == Pg.CopyDirection.NONE:
            raise ProgrammingError('copy() is for COPY … FROM STDIN and COPY … TO STDOUT, which this statement is none of')
        return connection.copy_in if direction == Pg.CopyDirection.IN else connection.copy_out, statement

    def _take(self, copy):
        copy._gives_blocks = True
        self._copy = copy
        return copy

    def _end(self):
        self._cursor._copied = self._copy.rowcount, self._copy.statusmessage


class _CopyingBlocking(_Copying):
    def __enter__(self):
        begin, statement = self._prepare()
        return self._take(begin(statement))

    def __exit__(self, *exception):
        try:
            return self._copy.__exit__(*exception)
        finally:
            self._end()


class _CopyingAwaited(_Copying):
    async def __aenter__(self):
        begin, statement = self._prepare()
        return self._take(await begin(statement))

    async def __aexit__(self, *exception):
        try:
            return await self._copy.__aexit__(*exception)
        finally:
            self._end()


def _hint(cls, statement, *names):
    """What would fail without a word about the block."""
    message = f'what copy() of a cursor returns is entered: “{statement} cursor.copy(…) as copy:” gives the stream'

    def get(_self, name):
        raise AttributeError(f'it has no {name}(): {message}')

    def misuse(*_args):
        raise TypeError(message)
    cls.__getattr__ = get
    for name in names:
        setattr(cls, name, misuse)


_hint(_CopyingBlocking, 'with', '__iter__', '__aiter__', '__await__', '__aenter__', '__aexit__')
_hint(_CopyingAwaited, 'async with', '__iter__', '__aiter__', '__await__', '__enter__', '__exit__')


class WithCopy:
    def copy(self, statement, params=None):
        """Begins a COPY FROM STDIN or TO STDOUT: "with cursor.copy(…) as copy:" gives the stream of copy_in() or copy_out() of the connection.

        In it read() gives a block of what has come, not all of it. After it the cursor has the row count and the command tag.
        """
        return _CopyingBlocking(self, statement, params)


class WithAsyncCopy:
    def copy(self, statement, params=None):
        """Begins a COPY FROM STDIN or TO STDOUT: "async with cursor.copy(…) as copy:" gives the stream of copy_in() or copy_out() of the connection.

        In it read() gives a block of what has come, not all of it. After it the cursor has the row count and the command tag.
        """
        return _CopyingAwaited(self, statement, params)
