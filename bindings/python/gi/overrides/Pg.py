# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python adds to the introspected library: its values, its exceptions, with and await, and the names of DB-API 2.0 and psycopg.

The guide is docs/python.md. All methods of the library stay reachable, under their names and with their arguments.
"""

import collections.abc
import contextlib
import functools
import logging
import urllib.parse

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib, GObject

from . import _pg_arrow  # noqa: F401, which adds methods
from . import _pg_asyncio, _pg_errors, _pg_ranges
from ._pg_adapters import register_composite, register_enum
from ._pg_arguments import (check_boolean, check_integer, check_oid, check_oids, check_optional_boolean, check_str, from_tristate, to_milliseconds,
                            to_tristate)
from ._pg_copy import CopyOutputStream, give_up
from ._pg_copy_input import CopyInputStream
from ._pg_cursors import AsyncClientCursor, AsyncCursor, ClientCursor, Cursor
from ._pg_dbapi import BINARY, DATETIME, NUMBER, ROWID, STRING, Binary, DateFromTicks, TimeFromTicks, TimestampFromTicks
from ._pg_errors import (CancelledError, DatabaseError, DataError, DbError, IntegrityError, InterfaceError, InternalError, NotSupportedError,
                         OperationalError, ProgrammingError, TimedOutError, Warning, call, errors)
from ._pg_info import ConnectionInfo
from ._pg_large_objects import LargeObject, parse_mode
from ._pg_loaders import set_json_loads
from ._pg_notifies import WithAsyncNotifies, WithNotifies
from ._pg_params import Json, Jsonb, check_query, check_text
from ._pg_pipelines import AsyncPipeline, Pipeline
from ._pg_results import Row
from ._pg_rows import WithRowFactory, args_row, class_row, dict_row, kwargs_row, namedtuple_row, scalar_row, tuple_row
from ._pg_server_cursors import AsyncServerCursor, ServerCursor
from ._pg_statements import Statement, check_statement
from ._pg_streams import SIZE, end, end_async
from ._pg_testing import TestServer
from ._pg_turns import begun

Pg = get_introspection_module('Pg')

__all__ = [
    'CancelledError', 'DatabaseError', 'DataError', 'DbError', 'IntegrityError', 'InterfaceError', 'InternalError', 'NotSupportedError', 'OperationalError',
    'ProgrammingError', 'TimedOutError', 'Warning', 'errors', 'ConnectionInfo', 'Json', 'Jsonb', 'Row', 'Cursor', 'AsyncCursor', 'ClientCursor', 'AsyncClientCursor', 'ServerCursor',
    'AsyncServerCursor', 'LargeObject', 'Statement', 'CopyInputStream', 'CopyOutputStream', 'Pipeline', 'AsyncPipeline', 'TestServer',
    'BINARY', 'DATETIME', 'NUMBER', 'ROWID', 'STRING', 'Binary', 'DateFromTicks', 'TimeFromTicks', 'TimestampFromTicks',
    'apilevel', 'threadsafety', 'paramstyle', 'connect', 'register_composite', 'register_enum', 'set_json_loads',
    'args_row', 'class_row', 'dict_row', 'kwargs_row', 'namedtuple_row', 'scalar_row', 'tuple_row',
]

_log = logging.getLogger('pgconn')

#: DB-API 2.0. Threads may share connections; %s and %(name)s stand for parameters, and so does PostgreSQL's own $1.
apilevel = '2.0'
threadsafety = 2
paramstyle = 'pyformat'


def _export(cls):
    __all__.append(cls.__name__)
    return override(cls)


# --- connections ---


def _quote_conninfo(value):
    return "'" + value.replace('\\', '\\\\').replace("'", "\\'") + "'"


def _merge_conninfo(conninfo, keywords):
    """A connection string with further keywords, which take the place of those in it."""
    if not isinstance(conninfo, str):
        raise TypeError(f'conninfo must be a str, not {type(conninfo).__name__}')
    for name, value in keywords.items():
        if isinstance(value, collections.abc.Iterable) and not isinstance(value, str):
            raise TypeError(f'{name} must be a str or a number, not {type(value).__name__}')
    keywords = {name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in keywords.items() if value is not None}
    for text in (conninfo, *keywords.values()):
        if '\0' in text:
            raise ProgrammingError('the connection string has a zero character ("\\0")')
    if not keywords:
        return conninfo
    if not conninfo.startswith(('postgresql://', 'postgres://')):
        return ' '.join([conninfo, *(f'{name}={_quote_conninfo(value)}' for name, value in keywords.items())]).strip()
    query = '&'.join(f'{name}={urllib.parse.quote(value, safe="")}' for name, value in keywords.items())
    # A password may have a question mark.
    authority = conninfo.find('@') + 1
    return conninfo + ('&' if '?' in conninfo[authority:] else '?') + query


def _isolation_level(value):
    if value is None:
        return Pg.IsolationLevel.DEFAULT
    # Of an integer in C others would be an OverflowError.
    level = None if isinstance(value, bool) or not isinstance(value, int) else next((level for level in _LEVELS if int(level) == value), None)
    if level is None:
        raise ValueError(f'{value!r} is not an isolation level: see Pg.IsolationLevel')
    return level


_LEVELS = [Pg.IsolationLevel.DEFAULT, Pg.IsolationLevel.READ_UNCOMMITTED, Pg.IsolationLevel.READ_COMMITTED, Pg.IsolationLevel.REPEATABLE_READ,
           Pg.IsolationLevel.SERIALIZABLE]


def _cancel_milliseconds(name, seconds):
    """The wait for the answer to a cancel request has an end."""
    milliseconds = to_milliseconds(name, seconds)
    if milliseconds == 0:
        raise ValueError(f'{name} cannot be 0 or None')
    return milliseconds


def _count(name, value):
    if value is None:
        return -1
    if check_integer(name, value) < 0:
        raise ValueError(f'{name} cannot be negative: {value}')
    return value


_OPTIONS = {
    'autocommit': lambda name, value: value is not None and check_boolean(name, value),
    'isolation_level': lambda _name, value: _isolation_level(value),
    'read_only': to_tristate,
    'deferrable': to_tristate,
    'prepare_threshold': _count,
    'prepared_max': _count,
    'timeout': to_milliseconds,
    'cancel_timeout': _cancel_milliseconds,
}


class _Connect:
    """connect(): on the class it opens a connection, as in psycopg; on a connection it is GObject's, for signals."""

    def __get__(self, connection, cls):
        if connection is not None:
            def connect_signal(signal, handler, *args):
                handler_id = connection._connect_signal(signal, handler, *args)
                connection._has_connected(signal, handler_id)
                return handler_id
            return connect_signal

        def connect(conninfo='', *args, **keywords):
            if isinstance(conninfo, GObject.Object):
                return GObject.Object.connect(conninfo, *args, **keywords)
            return cls._open(conninfo, *args, **keywords)
        return connect


def _connecting(name):
    """A method of GObject's that connects a signal."""
    method = getattr(GObject.Object, name)

    @functools.wraps(method)
    def connect(self, signal, handler, *args, **keywords):
        handler_id = method(self, signal, _pg_errors.Handler(handler) if callable(handler) else handler, *args, **keywords)
        self._has_connected(signal, handler_id)
        return handler_id
    return connect


def _setting(name, from_library=None):
    """A property that is changed by a method, which can fail."""
    def get(self):
        value = getattr(self, 'get_' + name)()
        return value if from_library is None else from_library(value)

    def set(self, value):
        self._assign(name, value)
    return property(get, set)


def _plain_setting(name, to_library, from_library):
    """A property that is changed at once."""
    def get(self):
        return from_library(getattr(self, 'get_' + name)())

    def set(self, value):
        getattr(self, 'set_' + name)(to_library(name, value))
    return property(get, set)


def _from_count(value):
    return None if value < 0 else value


def _from_milliseconds(value):
    return value / 1000 if value > 0 else None


def _factory_setting(kind):
    """The class of the cursors to come; None for the library's."""
    def get(self):
        return getattr(self, f'get_{kind}_factory')().pytype

    def set(self, factory):
        base = getattr(self, f'_{kind}_class')
        getattr(self, f'set_{kind}_factory')(base if factory is None else factory)
    return property(get, set)


def _getter(name, doc):
    return property(lambda self: getattr(self, name)(), doc=doc)


class _BaseConnection(WithRowFactory):
    """What both classes of connections have in common."""

    connect = _Connect()
    connect_after, connect_data, connect_object, connect_object_after = map(_connecting, ('connect_after', 'connect_data', 'connect_object',
                                                                                          'connect_object_after'))
    Warning = Warning
    _stream = None

    def _connect_signal(self, signal, handler, *args):
        return GObject.Object.connect(self, signal, _pg_errors.Handler(handler) if callable(handler) else handler, *args)

    autocommit = _setting('autocommit')
    isolation_level = _setting('isolation_level', lambda value: None if value == Pg.IsolationLevel.DEFAULT else value)
    read_only = _setting('read_only', from_tristate)
    deferrable = _setting('deferrable', from_tristate)

    #: After how many executions a statement is prepared; None: never.
    prepare_threshold = _plain_setting('prepare_threshold', _count, _from_count)
    #: How many statements are kept prepared; None: any number.
    prepared_max = _plain_setting('prepared_max', _count, _from_count)
    #: How long a call may take, in seconds; None: any time. The GObject property, props.timeout, is in milliseconds.
    timeout = _plain_setting('timeout', to_milliseconds, _from_milliseconds)
    #: How long the server may take to answer a cancel request, in seconds.
    cancel_timeout = _plain_setting('cancel_timeout', _cancel_milliseconds, _from_milliseconds)

    #: The class of the cursors to come: Pg.Cursor or Pg.AsyncCursor, whichever is the connection's, or a subclass of it.
    cursor_factory = _factory_setting('cursor')
    #: The class of the cursors of the server's to come, which cursor() makes with a name: Pg.ServerCursor or Pg.AsyncServerCursor, or a subclass of it.
    server_cursor_factory = _factory_setting('server_cursor')

    adapters = _getter('get_adapters', 'What its new cursors know of types beyond PostgreSQL’s own: a Pg.AdaptersMap.')
    closed = _getter('get_closed', 'Whether nothing can be run on the connection: it was closed, or lost.')
    broken = _getter('get_broken', 'Whether the connection was lost.')
    conninfo = _getter('dup_conninfo', 'What it is connected to, as keywords and values without a password.')
    pipeline_status = _getter('get_pipeline_status', 'The Pg.PipelineStatus: whether a pipeline is open, and whether a statement in it has failed.')
    transaction_status = _getter('get_transaction_status', 'The Pg.TransactionStatus.')
    server_version = _getter('get_server_version', 'The version of the server, such as 150020 for 15.20.')
    backend_pid = _getter('get_backend_pid', 'The process ID of the server’s process.')

    @property
    def info(self):
        """What it is connected to: a Pg.ConnectionInfo."""
        return ConnectionInfo(self)

    def __repr__(self):
        state = 'closed' if self.closed else self.transaction_status.value_nick
        where = '' if self.conninfo is None else ' (' + ' '.join(f'{name}={value}' for name, value in self.info.get_parameters().items()
                                                                   if name in ('host', 'port', 'user', 'dbname')) + ')'
        pipeline = '' if self.pipeline_status == Pg.PipelineStatus.OFF else ', in a pipeline'
        return f'<Pg.{type(self).__name__} [{state}{pipeline}]{where}>'

    def get_fd(self):
        """The socket's descriptor."""
        return call(self, super().get_fd)

    fileno = get_fd

    def cursor(self, name='', *, binary=None, row_factory=None, scrollable=None, withhold=False):
        """A new cursor; binary asks for results in binary form or in text, where None leaves it to the library. The row factory is the connection's
        where there is no other.

        With a name it is a cursor of the server's, a ServerCursor or AsyncServerCursor, with SCROLL or NO SCROLL and WITH HOLD as asked for."""
        check_optional_boolean('binary', binary)
        if name is not None and check_str('name', name):
            cursor = call(self, super().server_cursor, check_text(name))
            cursor._set_up(scrollable, withhold)
        else:
            if scrollable is not None or withhold:
                raise TypeError('scrollable and withhold are for a server-side cursor, which has a name')
            cursor = call(self, super().cursor)
        cursor._begin(row_factory)
        if binary is not None:
            cursor.set_format(Pg.Format.BINARY if binary else Pg.Format.TEXT)
        return cursor

    def _merge(self, statement, params):
        """The statement with its parameters in it."""
        return self._merging_class(self).mogrify(statement, params)

    @classmethod
    def _make(cls, conninfo, keywords):
        """A connection that is not open, and belongs to the main context of the time."""
        row_factory = keywords.pop('row_factory', None)
        factories = {name: keywords.pop(name, None) for name in ('cursor_factory', 'server_cursor_factory')}
        if keywords.get('cancel_timeout', 0) is None:
            del keywords['cancel_timeout']
        options = {name: convert(name, keywords.pop(name)) for name, convert in _OPTIONS.items() if name in keywords}
        connection = cls(conninfo=_merge_conninfo(conninfo, keywords), **options)
        connection.row_factory = row_factory
        # It takes what comes from now on.
        connection._inbox  # noqa: B018
        for name, factory in factories.items():
            setattr(connection, name, factory)
        return connection


for _name, _class in _pg_errors.DBAPI.items():
    setattr(_BaseConnection, _name, _class)


@_export
class Connection(WithNotifies, _BaseConnection, Pg.Connection):
    """A connection whose calls block until they are done.

    "with connection:" ends the transaction, by COMMIT or, after an exception, ROLLBACK, and closes the connection.
    """

    _cursor_class = Cursor
    _server_cursor_class = ServerCursor
    _merging_class = ClientCursor

    @classmethod
    def open(cls, conninfo='', cancellable=None, **keywords):
        """Connects to a server: see Pg.connect()."""
        connection = cls._make(conninfo, keywords)
        call(connection, connection.init, cancellable)
        return connection

    _open = open

    def _assign(self, name, value):
        getattr(self, 'set_' + name)(value)

    def execute(self, query, params=None, cancellable=None, *, prepare=None, binary=None):
        """Executes a statement on a new cursor, and returns that."""
        return self.cursor(binary=binary).execute(query, params, cancellable, prepare=prepare)

    def execute_params(self, query, params=None, cancellable=None):
        """Executes a statement with Pg.Params on a new cursor, and returns that."""
        cursor = self.cursor()
        cursor.execute_params(query, params, cancellable)
        return cursor

    def stream(self, query, params=None, size=SIZE, cancellable=None, *, binary=None):
        """Iterates over the rows of a statement while the server still sends them: Cursor.stream() on a new cursor."""
        return self.cursor(binary=binary).stream(query, params, size, cancellable)

    def prepare(self, query, types=(), cancellable=None):
        """Prepares a statement, and returns it; types are the OIDs of those of its first parameters, where the server is not to find them."""
        query = check_query(query)
        return call(self, super().prepare, query, check_oids(types), cancellable)

    def close_statement(self, statement, cancellable=None):
        """Drops a prepared statement on the server."""
        call(self, super().close_statement, check_statement(statement), cancellable)

    def copy_in(self, statement, params=None, cancellable=None):
        """Begins a COPY FROM STDIN, and returns a stream to write to, which "with" closes. Parameters are merged into the statement."""
        return begun(call(self, super().copy_in, self._merge(statement, params), cancellable))

    def copy_out(self, statement, params=None, cancellable=None):
        """Begins a COPY TO STDOUT, and returns a stream to read from. Parameters are merged into the statement, as ClientCursor does it."""
        return begun(call(self, super().copy_out, self._merge(statement, params), cancellable))

    def large_object(self, oid=0, mode='rb', cancellable=None):
        """Opens a large object as a file of bytes: "rb", "r+b", "wb" or "w+b", which empty it, or make a new one without an OID, or "xb", which makes one."""
        oid = check_oid('oid', oid)
        kind, empties = parse_mode(oid, mode)
        if kind is None:
            return call(self, super().create_large_object, oid, cancellable)
        file = call(self, super().open_large_object, oid, kind, cancellable)
        if empties:
            file.truncate(0)
        return file

    def unlink_large_object(self, oid, cancellable=None):
        """Deletes a large object."""
        call(self, super().unlink_large_object, check_oid('oid', oid), cancellable)

    def commit(self, cancellable=None):
        """Commits the transaction, if there is one."""
        call(self, super().commit, cancellable)

    def rollback(self, cancellable=None):
        """Rolls the transaction back, if there is one."""
        call(self, super().rollback, cancellable)

    def set_autocommit(self, value, cancellable=None):
        call(self, super().set_autocommit, check_boolean('autocommit', value), cancellable)

    def set_isolation_level(self, value, cancellable=None):
        call(self, super().set_isolation_level, _isolation_level(value), cancellable)

    def set_read_only(self, value, cancellable=None):
        call(self, super().set_read_only, to_tristate('read_only', value), cancellable)

    def set_deferrable(self, value, cancellable=None):
        call(self, super().set_deferrable, to_tristate('deferrable', value), cancellable)

    def fetch_type(self, kind, cancellable=None):
        """The Pg.TypeInfo of a type of the database, by its name or OID; connection.adapters knows it then."""
        by_name = isinstance(kind, str)
        kind = check_text(kind) if by_name else check_oid('a type that is no name', kind)
        return call(self, super().fetch_type if by_name else super().fetch_type_by_oid, kind, cancellable)

    def cancel_safe(self, *, timeout=30.0, cancellable=None):
        """Cancels what another thread does on the connection, and waits for its end, so many seconds at most."""
        call(self, super().cancel_safe, to_milliseconds('timeout', timeout), cancellable)

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _traceback):
        if self.closed:
            return
        end(self)
        try:
            if kind is None:
                self.commit()
            else:
                with _rollback_logged():
                    self.rollback()
        finally:
            self.close()


@contextlib.contextmanager
def _rollback_logged():
    """The exception that made the rollback necessary is the one to be seen."""
    try:
        yield
    except GLib.Error as error:
        _log.warning('ROLLBACK failed: %s', error)


class _Closing:
    """What is to be done after a close that has begun already."""

    __slots__ = ('_connection',)

    def __init__(self, connection):
        self._connection = connection

    def __await__(self):
        connection = self._connection
        return _pg_asyncio.run(connection, connection.close_async, connection.close_finish).__await__()


@_export
class AsyncConnection(WithAsyncNotifies, _BaseConnection, Pg.AsyncConnection):
    """A connection whose calls are awaited, on any asyncio event loop.

    "async with connection:" ends the transaction, by COMMIT or, after an exception, ROLLBACK, and closes the connection. A task that is
    cancelled cancels the statement on the server; the connection can be used again. In a program with a GLib.MainLoop the methods whose
    names end in _async and _finish are used as those of any GObject.
    """

    _cursor_class = AsyncCursor
    _server_cursor_class = AsyncServerCursor
    _merging_class = AsyncClientCursor
    _n_pipelines = 0  # that are open

    @functools.cached_property
    def _sent(self):
        return _pg_asyncio.Sent()

    @classmethod
    async def _open(cls, conninfo='', **keywords):
        _pg_asyncio.prepare()
        pipelining = keywords.pop('pipelining', None)
        connection = cls._make(conninfo, keywords)
        if pipelining is not None:
            connection.pipelining = pipelining
        await _pg_asyncio.run(connection, connection.init_async, connection.init_finish, GLib.PRIORITY_DEFAULT,
                              undo=lambda _opened: (connection.close_async, connection.close_finish))
        return connection

    #: Whether statements that are started without waiting for each other, as by asyncio.gather(), share a round trip.
    pipelining = _plain_setting('pipelining', check_boolean, bool)

    def _assign(self, name, value):
        raise AttributeError(f"'{name}' cannot be assigned on an AsyncConnection: await connection.set_{name}({value!r})")

    async def execute(self, query, params=None, *, prepare=None, binary=None):
        """Executes a statement on a new cursor, and returns that."""
        return await self.cursor(binary=binary).execute(query, params, prepare=prepare)

    def stream(self, query, params=None, size=SIZE, *, binary=None):
        """Iterates over the rows of a statement, with "async for", while the server still sends them: AsyncCursor.stream() on a new cursor."""
        return self.cursor(binary=binary).stream(query, params, size)

    async def prepare(self, query, types=()):
        """Prepares a statement, and returns it; types are the OIDs of those of its first parameters, where the server is not to find them."""
        query = check_query(query)
        return await _pg_asyncio.run(self, self.prepare_async, self.prepare_finish, query, check_oids(types),
                                     undo=lambda statement: (self.close_statement_async, self.close_statement_finish, statement))

    async def close_statement(self, statement):
        """Drops a prepared statement on the server."""
        await _pg_asyncio.run(self, self.close_statement_async, self.close_statement_finish, check_statement(statement))

    async def copy_in(self, statement, params=None):
        """Begins a COPY FROM STDIN, and returns a stream to write to, which "async with" closes. Parameters are merged into the statement."""
        return await _pg_asyncio.run(self, self.copy_in_async, self.copy_in_finish, self._merge(statement, params), undo=give_up)

    async def copy_out(self, statement, params=None):
        """Begins a COPY TO STDOUT, and returns a stream to read from. Parameters are merged into the statement, as ClientCursor does it."""
        return await _pg_asyncio.run(self, self.copy_out_async, self.copy_out_finish, self._merge(statement, params), undo=_pg_asyncio.close)

    async def large_object(self, oid=0, mode='rb'):
        """Opens a large object as a file of bytes: "rb", "r+b", "wb" or "w+b", which empty it, or make a new one without an OID, or "xb", which makes one."""
        oid = check_oid('oid', oid)
        kind, empties = parse_mode(oid, mode)
        if kind is None:
            return await _pg_asyncio.run(self, self.create_large_object_async, self.create_large_object_finish, oid, undo=_pg_asyncio.close)
        file = await _pg_asyncio.run(self, self.open_large_object_async, self.open_large_object_finish, oid, kind, undo=_pg_asyncio.close)
        if empties:
            try:
                await file.truncate(0)
            except BaseException:
                await _pg_asyncio.see_through(self, *_pg_asyncio.close(file))
                raise
        return file

    async def unlink_large_object(self, oid):
        """Deletes a large object."""
        await _pg_asyncio.run(self, self.unlink_large_object_async, self.unlink_large_object_finish, check_oid('oid', oid))

    async def commit(self):
        """Commits the transaction, if there is one."""
        await _pg_asyncio.run(self, self.commit_async, self.commit_finish)

    async def rollback(self):
        """Rolls the transaction back, if there is one."""
        await _pg_asyncio.run(self, self.rollback_async, self.rollback_finish)

    async def fetch_type(self, kind):
        """The Pg.TypeInfo of a type of the database, by its name or OID; connection.adapters knows it then."""
        if isinstance(kind, str):
            return await _pg_asyncio.run(self, self.fetch_type_async, self.fetch_type_finish, check_text(kind))
        kind = check_oid('a type that is no name', kind)
        return await _pg_asyncio.run(self, self.fetch_type_by_oid_async, self.fetch_type_by_oid_finish, kind)

    async def set_autocommit(self, value):
        await _pg_asyncio.run(self, self.set_autocommit_async, self.set_autocommit_finish, check_boolean('autocommit', value))

    async def set_isolation_level(self, value):
        await _pg_asyncio.run(self, self.set_isolation_level_async, self.set_isolation_level_finish, _isolation_level(value))

    async def set_read_only(self, value):
        await _pg_asyncio.run(self, self.set_read_only_async, self.set_read_only_finish, to_tristate('read_only', value))

    async def set_deferrable(self, value):
        await _pg_asyncio.run(self, self.set_deferrable_async, self.set_deferrable_finish, to_tristate('deferrable', value))

    async def cancel_safe(self, *, timeout=30.0):
        """Cancels what the connection does, and waits for its end, so many seconds at most."""
        await _pg_asyncio.run(self, self.cancel_safe_async, self.cancel_safe_finish, to_milliseconds('timeout', timeout))

    def close(self):
        """Closes the connection at once. Awaited, it returns when the calls that this made fail have failed."""
        if not self.closed:
            _pg_asyncio.forget(self.get_fd())
        super().close()
        return _Closing(self)

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, _error, _traceback):
        if self.closed:
            return
        try:
            await end_async(self)
            if kind is None:
                await self.commit()
            else:
                with _rollback_logged():
                    await self.rollback()
        finally:
            await self.close()


def connect(conninfo='', *, cancellable=None, **keywords):
    """Connects to a server and returns a Pg.Connection.

    The keywords are those of a connection string, which they are added to, and autocommit, isolation_level, read_only, deferrable,
    prepare_threshold, prepared_max, timeout, cancel_timeout, row_factory, cursor_factory and server_cursor_factory. A keyword that is None is as
    if it were not given.
    """
    return Connection.open(conninfo, cancellable, **keywords)


_functions = _pg_errors.convert_namespace(globals())
globals().update(_functions)
__all__.extend(_functions)
