# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cursors of the server's: Pg.Connection.cursor(name), and those of an AsyncConnection, whose calls are awaited."""

from gi.module import get_introspection_module
from gi.overrides import override

from . import _pg_asyncio
from ._pg_arguments import check_boolean, check_fetch_size, check_integer, check_range, check_str, from_tristate, to_tristate
from ._pg_cursors import _FETCHES, NOTHING_AHEAD, Ahead, Gone, _BaseCursor, _settle_first
from ._pg_results import get_reader
from ._pg_errors import InterfaceError, NotSupportedError, call
from ._pg_params import check_query, check_text
from ._pg_rows import make_objects
from ._pg_turns import in_turn, take_all

Pg = get_introspection_module('Pg')

_ALL = 2**32 - 1
_MODES = {'relative': Pg.ScrollMode.RELATIVE, 'absolute': Pg.ScrollMode.ABSOLUTE}


class _Made:
    """A row that a fetch had taken when it was cancelled, or failed."""

    __slots__ = ('row',)

    def __init__(self, row):
        self.row = row


class _MakerOfSome:
    """Makes the rows that are not made yet."""

    __slots__ = ('_make',)

    def __init__(self, make):
        self._make = make

    def __call__(self, values):
        return values.row if type(values) is _Made else values if self._make is None else self._make(values)


class _BaseServerCursor(_BaseCursor):
    """What both classes have in common: rows come in pages, of which those that nobody has seen yet are in _ahead."""

    _n_executed = 0
    _described = False  # by stream(), which it does not have

    def __init__(self, connection=None, name=None, *, row_factory=None, scrollable=None, withhold=False, **properties):
        """A cursor of a connection, by its name; the row factory is the connection's where there is no other."""
        super().__init__(connection, row_factory=row_factory, name=None if name is None else check_text(check_str('name', name)), **properties)
        self._set_up(scrollable, withhold)

    def _set_up(self, scrollable, withhold):
        if scrollable is not None:
            self.set_scrollable(to_tristate('scrollable', scrollable))
        if check_boolean('withhold', withhold):
            self.set_hold(True)

    @property
    def name(self):
        """The name of the cursor in its session."""
        return self.get_name()

    @property
    def scrollable(self):
        """Whether it can go backwards; None where the server decides."""
        return from_tristate(self.get_scrollable())

    @property
    def withhold(self):
        """Whether it outlasts its transaction."""
        return self.get_hold()

    @property
    def itersize(self):
        """How many rows the server is asked for at once by iteration."""
        return self.get_itersize()

    @itersize.setter
    def itersize(self, value):
        if not 0 < check_integer('itersize', value) < 2**31:
            raise ValueError(f'itersize must be from 1 to 2147483647, not {value}')
        self.set_itersize(value)

    def __repr__(self):
        state = 'closed' if self.get_closed() else 'open'
        return f'<Pg.{type(self).__name__} {self.get_name()!r} [{state}]>'

    def _prepare_execute(self, query, params, binary):
        prepared = super()._prepare_execute(query, params, None, binary)
        self._ahead = NOTHING_AHEAD
        self._n_executed += 1
        return prepared

    def _settle(self):
        if self._ahead:
            # Whoever iterates has the list.
            ahead = self._ahead
            rows = take_all(ahead)
            self._ahead = Ahead([values for values in rows if type(values) is _Made], ahead.make)
            # Those that came last can be had again without asking the server.
            self._unread(len(rows) - len(self._ahead))

    def _unread(self, n):
        if n > 0:
            Pg.BaseCursor.scroll(self, -n, Pg.ScrollMode.RELATIVE)

    def _drop_made(self):
        """After _settle(): how many rows that came before the last ones are given up with that."""
        n = len(self._ahead)
        self._ahead = NOTHING_AHEAD
        return n

    def _give_back(self, rows):
        """Rows that were made are the next ones again."""
        if rows:
            ahead = self._ahead
            make = ahead.make if type(ahead.make) is _MakerOfSome else _MakerOfSome(ahead.make)
            self._ahead = Ahead([*take_all(ahead), *map(_Made, reversed(rows))], make)

    def _get_maker(self, result):
        factory = self._row_factory
        if factory is None:
            return None
        if self._made_for != (self._n_executed, factory):
            self._current_maker = factory(self)
            self._made_for = (self._n_executed, factory)
        return self._current_maker

    def _take_page(self, page, start):
        """Puts the rows of a page into _ahead; whether there are any."""
        if page is None:
            return False
        positions = range(start, page.get_n_rows())
        reader = get_reader(page)
        maker = self._get_maker(page)
        factory = self.get_row_factory() if maker is None else None
        if factory is not None:
            # Users' code: not before somebody wants the row.
            ahead = Ahead(positions, lambda position: make_objects(factory, page, position, position + 1)[0])
        else:
            try:
                ahead = Ahead(reader.rows(page, start, page.get_n_rows()), maker)
            except Exception:
                # One of the rows has a value that cannot be had; perhaps nobody will get there.
                make = maker or (lambda values: values)
                ahead = Ahead(positions, lambda position: make(reader.row(page, position)))
        ahead.reverse()
        self._ahead = ahead
        return True

    def _check_size(self, size):
        return check_fetch_size(size) or self.get_arraysize()

    def _take_some(self, rows, size):
        """Adds rows that are at hand, up to so many in all."""
        ahead = self._ahead
        n_before = len(rows)
        try:
            while ahead and len(rows) < size:
                rows.append(self._take(ahead))
        except Gone:
            # To another thread.
            pass
        except BaseException:
            # Those of this page that could be made are not lost either.
            if ahead is self._ahead:
                self._settle()
                self._unread(len(rows) - n_before)
                del rows[n_before:]
            raise

    def _get_connection(self):
        connection = self.get_connection()
        if connection is None:
            raise InterfaceError('the cursor has no connection: a connection makes cursors')
        return connection

    def executemany(self, *_args, **_keywords):
        raise NotSupportedError('a server-side cursor has one query: executemany() is none of its calls')

    def copy(self, *_args, **_keywords):
        raise NotSupportedError('a server-side cursor has one query: copy() is none of its calls')

    def stream(self, *_args, **_keywords):
        raise NotSupportedError('a server-side cursor is iterated over, which asks for itersize rows at a time: stream() is none of its calls')


@override
class ServerCursor(_BaseServerCursor, Pg.ServerCursor):
    """A cursor of the server's on a Pg.Connection. Iterating takes the rows that are left, itersize at a time."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def execute(self, query, params=None, cancellable=None, *, binary=None):
        """Declares the cursor for a query, and returns it."""
        query, params = self._prepare_execute(query, params, binary)
        function = super().execute_params if isinstance(params, Pg.Params) else super().execute
        call(self.get_connection(), function, query, params, cancellable)
        return self

    def execute_params(self, query, params=None, cancellable=None):
        """Declares the cursor for a query with Pg.Params."""
        self._check_usable()
        query = check_query(query)
        self._ahead = NOTHING_AHEAD
        self._n_executed += 1
        return call(self.get_connection(), super().execute_params, query, params, cancellable)

    def _load(self, size):
        # Another thread may have done so.
        return bool(self._ahead) or self._take_page(*call(self._get_connection(), self.fetch_page, size, None))

    def fetchone(self):
        """The next row; None after the last one."""
        return self._next(1, None)

    def _next(self, size, end):
        while self._ahead or self._load(size):
            try:
                return self._take(self._ahead)
            except Gone:
                # To another thread.
                pass
        return end

    def fetchmany(self, size=0):
        """A list of the next rows: size of them, or arraysize, or as many as are left."""
        size = self._check_size(size)
        rows = []
        try:
            while len(rows) < size and (self._ahead or self._load(size - len(rows))):
                self._take_some(rows, size)
        except BaseException:
            self._give_back(rows)
            raise
        return rows

    def fetchall(self):
        """A list of the rows that are left."""
        rows = []
        try:
            while self._ahead or self._load(_ALL):
                self._take_some(rows, _ALL)
        except BaseException:
            self._give_back(rows)
            raise
        return rows

    def scroll(self, value, mode='relative', cancellable=None):
        """Moves the position by so many rows, or to a row ("absolute"), and not beyond the ends."""
        value = check_range('the offset of scroll()', value, -2**63, 2**63 - 1)
        mode = _get_mode(mode)
        self._settle()
        n = self._drop_made()
        call(self._get_connection(), Pg.ServerCursor.scroll, self, max(value - n, -2**63) if mode == Pg.ScrollMode.RELATIVE else value, mode, cancellable)

    def close(self, cancellable=None):
        """Closes the cursor, on the server too."""
        self._ahead = NOTHING_AHEAD
        self._made_for = (None, None)
        self._current_maker = None
        return call(self._get_connection(), Pg.ServerCursor.close, self, cancellable)

    def __iter__(self):
        while self._ahead or self._load(0):
            ahead = self._ahead
            while ahead:
                try:
                    row = self._take(ahead)
                except Gone:
                    break
                yield row

    def __next__(self):
        row = self._next(0, self)
        if row is self:
            raise StopIteration
        return row

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()


@override
class AsyncServerCursor(_BaseServerCursor, Pg.AsyncServerCursor):
    """A cursor of the server's on a Pg.AsyncConnection. "async for" takes the rows that are left, itersize at a time."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def _run(self, name, *args):
        return _pg_asyncio.run(self._get_connection(), getattr(self, name + '_async'), getattr(self, name + '_finish'), *args)

    async def execute(self, query, params=None, *, binary=None):
        """Declares the cursor for a query, and returns it."""
        query, params = self._prepare_execute(query, params, binary)
        await self._run('execute_params' if isinstance(params, Pg.Params) else 'execute', query, params)
        return self

    async def _load(self, size):
        return self._take_page(*await _pg_asyncio.run(self._get_connection(), self.fetch_page_async, self.fetch_page_finish, size,
                                                      give_back=self._give_page_back))

    def _give_page_back(self, page_and_start):
        page, start = page_and_start
        if page is not None:
            self._unread(page.get_n_rows() - start)

    async def fetchone(self):
        """The next row; None after the last one."""
        return self._take(self._ahead) if self._ahead or await self._load(1) else None

    async def fetchmany(self, size=0):
        """A list of the next rows: size of them, or arraysize, or as many as are left."""
        size = self._check_size(size)
        rows = []
        try:
            while len(rows) < size and (self._ahead or await self._load(size - len(rows))):
                self._take_some(rows, size)
        except BaseException:
            self._give_back(rows)
            raise
        return rows

    async def fetchall(self):
        """A list of the rows that are left."""
        rows = []
        try:
            while self._ahead or await self._load(_ALL):
                self._take_some(rows, _ALL)
        except BaseException:
            self._give_back(rows)
            raise
        return rows

    async def scroll(self, value, mode='relative'):
        """Moves the position by so many rows, or to a row ("absolute"), and not beyond the ends."""
        value = check_range('the offset of scroll()', value, -2**63, 2**63 - 1)
        mode = _get_mode(mode)
        self._settle()
        n = self._drop_made()
        await self._run('scroll', max(value - n, -2**63) if mode == Pg.ScrollMode.RELATIVE else value, mode)

    async def close(self):
        """Closes the cursor, on the server too."""
        self._ahead = NOTHING_AHEAD
        self._made_for = (None, None)
        self._current_maker = None
        await self._run('close')

    async def __aiter__(self):
        while self._ahead or await self._load(0):
            ahead = self._ahead
            while ahead:
                yield self._take(ahead)

    async def __anext__(self):
        if self._ahead or await self._load(0):
            return self._take(self._ahead)
        raise StopAsyncIteration

    # What _BaseCursor has for rows that are in memory.
    __iter__ = None
    __next__ = None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        await self.close()


def _get_mode(mode):
    if isinstance(mode, str) and mode in _MODES:
        return _MODES[mode]
    if isinstance(mode, Pg.ScrollMode):
        return mode
    raise ValueError(f'the mode is "relative" or "absolute", not {mode!r}')


_settle_first(ServerCursor, *_FETCHES)
_settle_first(AsyncServerCursor, *(f'{name}_async' for name in _FETCHES))

# Of several threads one at a time.
for _name in (*_FETCHES, 'execute', 'execute_params', '_load', '_settle', 'fetchone', 'fetchmany', 'fetchall', 'scroll', 'close', '__next__', 'get_result',
              'get_query', 'get_row_factory', 'set_row_factory', 'get_rowcount', 'get_status_message', 'get_rownumber', 'dup_description'):
    setattr(ServerCursor, _name, in_turn(getattr(ServerCursor, _name)))
