# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cursors as Python's iterators."""

import contextlib
import functools

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_arguments import check_fetch_size, check_integer, check_optional_boolean
from ._pg_columns import CHUNK
from ._pg_cursor_copy import WithAsyncCopy, WithCopy
from ._pg_errors import InterfaceError, ProgrammingError, call, converting
from ._pg_many import WithAsyncExecuteMany, WithExecuteMany
from ._pg_params import check_query, make_params
from ._pg_results import get_reader
from ._pg_rows import WithRowFactory, make_objects
from ._pg_streams import WithAsyncStream, WithStream
from ._pg_turns import Turn, in_turn, take_all

Pg = get_introspection_module('Pg')


_END = object()


class Gone(Exception):
    """Another thread has taken the row."""


class Ahead(list):
    """Rows that were read ahead, the last one first, and the function that makes them; None where they are made already.

    Whoever iterates has the list: another thread may have read those that follow, which are made by another function, before a row of it is made.
    """

    __slots__ = ('make',)

    def __init__(self, rows, make=None):
        super().__init__(rows)
        self.make = make


#: None at all; nothing is added to it.
NOTHING_AHEAD = Ahead(())


class _BaseCursor(WithRowFactory):
    """What both classes of cursors have in common."""

    _ahead = NOTHING_AHEAD
    _made_for = (None, None)
    _current_maker = None
    _sent = None  # the call of a pipeline that was made last, where it is awaited
    _copied = None  # the row count and the command tag of copy()
    _turn = contextlib.nullcontext()  # of one that blocks, its own
    _format = None  # what the format was before a call whose argument "binary" is in its place until the next one

    def __init__(self, connection=None, *, row_factory=None, **properties):
        """A cursor of a connection; the row factory is the connection's where there is no other."""
        super().__init__(connection=connection, **properties)
        self._begin(row_factory)

    def _begin(self, row_factory):
        """A new cursor has the row factory of its connection, if that is one of Python's: others the library has given it."""
        if isinstance(self.get_connection(), Pg.Connection):
            self._turn = Turn(self.get_connection())
        if row_factory is None:
            row_factory = getattr(self.get_connection(), '_row_factory', None)
        if row_factory is not None:
            self.row_factory = row_factory

    def __repr__(self):
        return f'<Pg.{type(self).__name__} [{"closed" if self.get_closed() else "open"}] of {self.get_connection()!r}>'

    @property
    def closed(self):
        return self.get_closed()

    @property
    def connection(self):
        return self.get_connection()

    @property
    def adapters(self):
        """What the cursor knows of types beyond PostgreSQL’s own: a Pg.AdaptersMap."""
        return self.get_adapters()

    @property
    def description(self):
        """The columns of the current result, or of stream(); None where it has no rows."""
        result = self.get_result()
        has_rows = self._described and not self.get_closed() if result is None else result.has_rows()
        return self.dup_description() if has_rows else None

    @property
    def rowcount(self):
        return self._copied[0] if self._copied is not None and self.get_status_message() is None else self.get_rowcount()

    @property
    def rownumber(self):
        """The index of the row that is fetched next; None where there are no rows."""
        number = self.get_rownumber()
        return None if number < 0 else number

    def get_rownumber(self):
        return super().get_rownumber() - len(self._ahead)

    @property
    def statusmessage(self):
        message = self.get_status_message()
        return self._copied[1] if self._copied is not None and message is None else message

    @property
    def arraysize(self):
        return self.get_arraysize()

    @arraysize.setter
    def arraysize(self, value):
        self.set_arraysize(value)

    @property
    def format(self):
        return self.get_format() if self._format is None else self._format

    @format.setter
    def format(self, value):
        self.set_format(value)
        self._format = None

    def close(self):
        self._end_stream()
        self._described = False
        self._copied = None
        self._made_for = (None, None)
        self._current_maker = None
        super().close()

    @property
    def query(self):
        """The last statement, as it was given, also where it has failed; parameters are not kept."""
        return self.get_query()

    def set_result(self, index):
        """Goes to one of the results, before its first row, from the last one on where the index is negative; returns the cursor."""
        check_integer('the index of set_result()', index)
        n_results = self._count_results()
        if not -n_results <= index < n_results:
            raise IndexError(f'index {index} is out of range: the number of results is {n_results}')
        self.select_result(index)
        return self

    def results(self):
        """Goes to one result after the other, from the first one on, and yields the cursor for each."""
        for index in range(self._count_results()):
            yield self.set_result(index)

    def _count_results(self):
        if self.get_result() is None:
            self._wait_for_result()
        return self.get_n_results()

    def setinputsizes(self, sizes):
        """Nothing: DB-API 2.0 wants it."""

    def setoutputsize(self, size, column=None):
        """Nothing: DB-API 2.0 wants it."""

    def nextset(self):
        """Goes to the next result; None where there is none."""
        if self.get_result() is None:
            self._wait_for_result()
        return self.next_result() or None

    def scroll(self, value, mode='relative'):
        """Moves to a row, counted from the current one or from the first ("absolute")."""
        modes = {'relative': Pg.ScrollMode.RELATIVE, 'absolute': Pg.ScrollMode.ABSOLUTE}
        if isinstance(mode, str):
            if mode not in modes:
                raise ValueError(f'the mode is "relative" or "absolute", not {mode!r}')
            mode = modes[mode]
        result = self._get_rows()
        check_integer('the offset of scroll()', value)
        target = value + (0 if mode == Pg.ScrollMode.ABSOLUTE else self.get_rownumber())
        if not 0 <= target < result.get_n_rows():
            raise IndexError(f'position {target} is out of range: the number of rows is {result.get_n_rows()}')
        self._settle()
        return self._move(target)

    def _prepare_execute(self, query, params, prepare, binary, takes_statement=False):
        """The query and the parameters for the library."""
        check_optional_boolean('prepare', prepare)
        check_optional_boolean('binary', binary)
        self._check_usable()
        if not takes_statement or not isinstance(query, Pg.Statement):
            query = check_query(query)
        if prepare is not None:
            self.set_prepare(Pg.Prepare.FORCE if prepare else Pg.Prepare.NEVER)
        else:
            self.set_prepare(Pg.Prepare.AUTO)
        if binary is not None:
            self._format = self.get_format()
            self.set_format(Pg.Format.BINARY if binary else Pg.Format.TEXT)
        if params is None or isinstance(params, (GLib.Variant, Pg.Params)):
            return query, params
        return query, make_params(params, self.get_adapters)

    def _check_usable(self):
        self._settle()
        self._described = False
        self._copied = None
        self._sent = None
        if self._format is not None:
            self.format = self._format
        if self.get_connection() is None:
            raise InterfaceError('the cursor has no connection: a connection makes cursors')

    def _check_open(self):
        if self.get_closed():
            raise InterfaceError('the cursor is closed')

    def _wait_for_result(self):
        """In a pipeline it comes later."""

    def _get_rows(self):
        """The current result, which has rows."""
        self._check_open()
        result = self.get_result()
        if result is None:
            self._wait_for_result()
            result = self.get_result()
        if result is None:
            raise ProgrammingError('no result available')
        if not result.has_rows():
            status = self.get_status_message()
            raise ProgrammingError('the last operation didn’t produce records '
                                   + ('(the query was empty)' if status is None else f'(command status: {status})'))
        return result

    def _move(self, position):
        return super().scroll(position, Pg.ScrollMode.ABSOLUTE)

    # Rows are read ahead, by columns. Those that nobody has seen yet are not fetched: _settle() gives them back.

    def _read_ahead(self):
        """Fetches some rows, more and more of them, for _ahead, where the last one comes first; whether there are any."""
        if self._ahead:
            # Another thread has done so.
            return True
        result = self._get_rows()
        start, end = self.get_rownumber(), result.get_n_rows()
        if start == end:
            return False
        stop = min(end, start + min(max(start, 4), CHUNK))
        reader = get_reader(result)
        maker = self._get_maker(result)
        factory = self.get_row_factory() if maker is None else None
        try:
            if factory is not None:
                # Users' code: not before somebody wants the row.
                stop = start + 1
                rows = make_objects(factory, result, start, stop)
            else:
                rows = reader.rows(result, start, stop)
        except Exception:
            if factory is not None:
                raise
            # One of the rows has a value that cannot be had; perhaps nobody will get there.
            stop = start + 1
            rows = [reader.row(result, start)]
        self._move(stop)
        rows.reverse()
        self._ahead = Ahead(rows, maker)
        return True

    def _get_maker(self, result):
        """The function that a row factory of Python's gives for a result; None where there is no such factory."""
        factory = self._row_factory
        if factory is None:
            return None
        if self._made_for != (result, factory):
            self._current_maker = factory(self)
            self._made_for = (result, factory)
        return self._current_maker

    def _set_row_factory(self, factory):
        self._settle()
        super()._set_row_factory(factory)
        self._made_for = (None, None)

    def _take(self, ahead):
        """The next row of what was read ahead, made; it stays where that fails."""
        try:
            values = ahead.pop()
        except IndexError:
            raise Gone from None
        if ahead.make is None:
            return values
        try:
            return ahead.make(values)
        except BaseException:
            if ahead is self._ahead and not self.get_closed():
                ahead.append(values)
            raise

    def _settle(self):
        if self._ahead:
            position = super().get_rownumber()
            # Whoever iterates has the list.
            n = len(take_all(self._ahead))
            self._ahead = NOTHING_AHEAD
            self._move(position - n)

    def _fetch_one(self):
        while True:
            try:
                return self._take(self._ahead) if self._ahead or self._read_ahead() else _END
            except Gone:
                pass

    def _fetch(self, size=None):
        # All rows at once, which are not made objects.
        self._settle()
        result = self._get_rows()
        start, stop = self.get_rownumber(), result.get_n_rows()
        if size is not None:
            stop = min(start + (size or self.get_arraysize()), stop)
        maker = self._get_maker(result)
        factory = self.get_row_factory() if maker is None else None
        if factory is not None:
            rows = make_objects(factory, result, start, stop)
        else:
            rows = get_reader(result).rows(result, start, stop)
            if maker is not None:
                rows = [maker(values) for values in rows]
        # A function of the user's may have done anything with the cursor.
        if self.get_result() is result:
            self._move(stop)
        return rows

    def __iter__(self):
        while self._ahead or self._read_ahead():
            ahead = self._ahead
            if ahead.make is None:
                while ahead:
                    try:
                        row = ahead.pop()
                    except IndexError:
                        break
                    yield row
            else:
                while ahead:
                    try:
                        row = self._take(ahead)
                    except Gone:
                        break
                    yield row

    def __next__(self):
        row = self._fetch_one()
        if row is _END:
            raise StopIteration
        return row

    def _fetch_one_or_none(self):
        row = self._fetch_one()
        return None if row is _END else row


@override
class Cursor(WithStream, _BaseCursor, WithExecuteMany, WithCopy, Pg.Cursor):
    """Executes statements on a Pg.Connection and reads their rows, as tuples; iterating takes the rows that are left."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def execute(self, query, params=None, cancellable=None, *, prepare=None, binary=None):
        """Executes a statement and returns the cursor."""
        query, params = self._prepare_execute(query, params, prepare, binary, True)
        prepared, built = isinstance(query, Pg.Statement), isinstance(params, Pg.Params)
        if prepared:
            function = super().execute_statement_params if built else super().execute_statement
        else:
            function = super().execute_params if built else super().execute
        call(self.get_connection(), function, query, params, cancellable)
        return self

    def wait(self, cancellable=None):
        """Waits for the result of a statement that was executed in a pipeline, as all that fetches rows does; raises its error."""
        call(self.get_connection(), super().wait, cancellable)

    _wait_for_result = wait

    def execute_params(self, query, params=None, cancellable=None):
        """Executes a statement with Pg.Params."""
        self._check_usable()
        query = check_query(query)
        return call(self.get_connection(), super().execute_params, query, params, cancellable)

    def fetchone(self):
        """The next row; None after the last one."""
        return self._fetch_one_or_none()

    def fetchmany(self, size=0):
        """A list of the next rows: size of them, or arraysize, or as many as are left."""
        return self._fetch(check_fetch_size(size))

    def fetchall(self):
        """A list of the rows that are left."""
        return self._fetch()

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()


@override
class AsyncCursor(WithAsyncStream, _BaseCursor, WithAsyncExecuteMany, WithAsyncCopy, Pg.AsyncCursor):
    """Executes statements on a Pg.AsyncConnection and reads their rows, as tuples.

    The rows are in memory: they can be iterated with "for" as well as with "async for".
    """

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    async def execute(self, query, params=None, *, prepare=None, binary=None):
        """Executes a statement and returns the cursor."""
        query, params = self._prepare_execute(query, params, prepare, binary, True)
        name = 'execute' + ('_statement' if isinstance(query, Pg.Statement) else '') + ('_params' if isinstance(params, Pg.Params) else '')
        connection, start, finish = self.get_connection(), getattr(self, name + '_async'), getattr(self, name + '_finish')
        if connection._n_pipelines == 0:
            await _pg_asyncio.run(connection, start, finish, query, params)
        else:
            self._sent = await connection._sent.start(connection, start, finish, query, params)
        return self

    async def wait(self):
        """Waits for the result of a statement that was executed in a pipeline, as all that fetches rows does; raises its error."""
        sent = self._sent
        if sent is not None:
            await sent.wait()
            if sent is self._sent:
                self._sent = None

    def _wait_for_result(self):
        if self._sent is not None:
            if not self._sent.ended:
                raise ProgrammingError('the result has not come yet: await the fetch, or iterate with "async for"')
            self._sent.get()

    # What is in memory needs no turn of the event loop.

    async def fetchone(self):
        """The next row; None after the last one."""
        if self._sent is not None:
            await self.wait()
        return self._fetch_one_or_none()

    async def fetchmany(self, size=0):
        """A list of the next rows: size of them, or arraysize, or as many as are left."""
        if self._sent is not None:
            await self.wait()
        return self._fetch(check_fetch_size(size))

    async def fetchall(self):
        """A list of the rows that are left."""
        if self._sent is not None:
            await self.wait()
        return self._fetch()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._sent is not None:
            await self.wait()
        row = self._fetch_one()
        if row is _END:
            raise StopAsyncIteration
        return row

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        self.close()


class _ClientCursor:
    """The parameters are merged into the statements by the client."""

    def mogrify(self, query, params=None):
        """The statement with its parameters in it, as execute() sends it."""
        query = check_query(query)
        if params is not None and not isinstance(params, (GLib.Variant, Pg.Params)):
            params = make_params(params, self.get_adapters)
        function = super().mogrify_params if isinstance(params, Pg.Params) else super().mogrify
        return call(self.get_connection(), function, query, params)

    def mogrify_params(self, query, params=None):
        """The same with Pg.Params."""
        query = check_query(query)
        return call(self.get_connection(), super().mogrify_params, query, params)


@override
class ClientCursor(_ClientCursor, Pg.ClientCursor):
    """Executes statements on a Pg.Connection whose parameters the client has merged into their text: for what the server takes none for."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it


@override
class AsyncClientCursor(_ClientCursor, Pg.AsyncClientCursor):
    """Executes statements on a Pg.AsyncConnection whose parameters the client has merged into their text."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it


def _settle_first(cls, *names):
    """The library's own methods know nothing of rows that were read ahead."""
    def wrap(method):
        @functools.wraps(method)
        def settled(self, *args, **keywords):
            self._settle()
            return method(self, *args, **keywords)
        return settled

    for name in names:
        setattr(cls, name, wrap(converting(getattr(cls, name))))


_FETCHES = 'fetch_one', 'fetch_many', 'fetch_all', 'fetch_value', 'fetch_object', 'fetch_objects'
_EXECUTES = 'execute_many', 'execute_batch', 'execute_statement', 'execute_statement_params', 'stream_params'

_settle_first(Cursor, 'close', 'next_result', 'select_result', *_FETCHES, *_EXECUTES)
_settle_first(AsyncCursor, 'close', 'next_result', 'select_result', 'execute_async', 'execute_params_async', 'stream_async',
              *(f'{name}_async' for name in (*_FETCHES, *_EXECUTES)))

# Of several threads one at a time; iteration takes its turn for many rows at a time.
for _name in (*_FETCHES, *_EXECUTES, 'execute', 'execute_params', 'executemany', 'wait', '_wait_for_result', 'fetchmany', 'fetchall', 'scroll', 'nextset',
              'next_result', 'set_result', 'select_result', 'clear_results', 'close', '_read_ahead', '_settle', 'get_result', 'get_n_results', 'get_query',
              'get_row_factory', 'set_row_factory', 'get_rowcount', 'get_status_message', 'get_rownumber', 'dup_description', '_begin_stream', '_end_stream'):
    setattr(Cursor, _name, in_turn(getattr(Cursor, _name)))
