# SPDX-License-Identifier: LGPL-2.1-or-later
"""executemany(): the sets of parameters in chunks, each handed over column by column, so that no value costs a call of the library."""

import array
import collections.abc
import datetime
import decimal
import itertools
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib

from . import _pg_asyncio, _pg_params
from ._pg_arguments import check_boolean, check_iterable
from ._pg_errors import DataError, ProgrammingError, call

Pg = get_introspection_module('Pg')

# So many sets of parameters are in memory at once.
CHUNK = 1000
_SETS = 'sequences or mappings'


# --- columns: a function for each class, which returns whether it can; else the values are added one by one, and what is wrong is named ---


def _fill(values, nulls, value):
    return [value if is_null else other for other, is_null in zip(values, nulls)] if nulls is not None else values


def _bytes(data):
    return None if data is None else GLib.Bytes.new(data)


def _int_column(batch, values, nulls):
    try:
        data = array.array('q', _fill(values, nulls, 0))
    except OverflowError:
        return False
    batch.add_integer_column(_bytes(data.tobytes()), 8, _bytes(nulls))
    return True


def _float_column(batch, values, nulls):
    batch.add_double_column(_bytes(array.array('d', _fill(values, nulls, 0)).tobytes()), _bytes(nulls))
    return True


def _bool_column(batch, values, nulls):
    batch.add_boolean_column(_bytes(bytes(_fill(values, nulls, False))), _bytes(nulls))
    return True


def _text_column(batch, oid, texts, nulls):
    try:
        data = ('\0'.join(texts) + '\0').encode()
    except UnicodeEncodeError:
        return False
    if data.count(b'\0') != len(texts):
        return False
    batch.add_text_column(oid, _bytes(data), _bytes(nulls))
    return True


def _str_column(batch, values, nulls):
    return _text_column(batch, 0, _fill(values, nulls, ''), nulls)


def _made_column(oid, make):
    def add(batch, values, nulls):
        return _text_column(batch, oid, ['' if value is None else make(value) for value in values], nulls)
    return add


def _decimal_column(batch, values, nulls):
    if any(value is not None and value.is_nan() for value in values):
        return False
    return _text_column(batch, Pg.OID_NUMERIC, ['' if value is None else str(value) for value in values], nulls)


def _datetime_column(batch, values, nulls):
    aware = {value.utcoffset() is not None for value in values if value is not None}
    if len(aware) != 1:
        return False
    return _text_column(batch, Pg.OID_TIMESTAMPTZ if aware.pop() else Pg.OID_TIMESTAMP,
                        ['' if value is None else value.isoformat(' ') if value.tzinfo is None or value.utcoffset() is not None
                         else value.replace(tzinfo=None).isoformat(' ') for value in values], nulls)


_COLUMNS = {
    int: _int_column, float: _float_column, bool: _bool_column, str: _str_column, decimal.Decimal: _decimal_column,
    datetime.datetime: _datetime_column, datetime.date: _made_column(Pg.OID_DATE, datetime.date.isoformat),
    uuid.UUID: _made_column(Pg.OID_UUID, str), bytes: _made_column(Pg.OID_BYTEA, lambda value: '\\x' + value.hex()),
}


def _add_values(batch, values, get_adapters, which, start):
    params = Pg.Params.new()
    params.get_adapters = get_adapters
    index = 0
    try:
        for index, value in enumerate(values):
            _pg_params._add(params, value, 0)
    except (DataError, ProgrammingError) as error:
        raise type(error)(f'set of parameters {start + index + 1}: parameter {which}: {error}') from error.__cause__
    batch.add_column(params)


def _add_column(batch, values, get_adapters, which, start):
    kinds = set(map(type, values))
    nulls = None
    if type(None) in kinds and len(kinds) == 2:
        kinds.discard(type(None))
        nulls = bytes([value is None for value in values])
    if len(kinds) == 1:
        add = _COLUMNS.get(*kinds)
        if add is not None and add(batch, values, nulls):
            return
    _add_values(batch, values, get_adapters, which, start)


# --- chunks ---


def _make_batch(rows, get_adapters, start):
    """A batch of some sets of parameters, the first of which is the one with this number, from 0."""
    batch = Pg.ParamsBatch.new()
    kinds = set(map(type, rows))
    if kinds <= {tuple, list} and len(set(map(len, rows))) == 1 and len(rows[0]) > 0:
        for index, values in enumerate(zip(*rows)):
            _add_column(batch, values, get_adapters, index + 1, start)
        return batch
    if kinds == {dict} and rows[0] and all(row.keys() == rows[0].keys() for row in rows):
        for index, name in enumerate(rows[0]):
            _add_column(batch, [row[name] for row in rows], get_adapters, repr(name), start)
            batch.set_column_name(index, _pg_params.check_text(name))
        return batch
    for index, row in enumerate(rows):
        try:
            batch.add_set(row if isinstance(row, Pg.Params) else _pg_params.make_params(row, get_adapters))
        except (DataError, ProgrammingError, TypeError) as error:
            raise type(error)(f'set of parameters {start + index + 1}: {error}') from error.__cause__
    return batch


def _get_flags(returning):
    return Pg.ExecuteManyFlags.RETURNING if check_boolean('returning', returning) else Pg.ExecuteManyFlags.NONE


class _Parts:
    """What executemany() takes its sets from, and whether the server waits for more of them."""

    def __init__(self, source, cancellable):
        self.source = source
        self.cancellable = cancellable
        self.is_open = False


class WithExecuteMany:
    """executemany() of a cursor that blocks."""

    def executemany(self, query, params_seq, cancellable=None, *, returning=False):
        """Executes a statement with each of many sets of parameters, which any iterable gives; its rows are kept where returning is true.

        In autocommit mode nothing is done where one fails. rowcount is the sum; with returning nextset() goes from one result to the next.
        """
        self._check_usable()
        query = _pg_params.check_query(query)
        flags, connection = _get_flags(returning), self.get_connection()
        if isinstance(params_seq, GLib.Variant):
            call(connection, self.execute_many, query, params_seq, flags, cancellable)
            return
        parts = _Parts(iter(check_iterable('params_seq', params_seq, _SETS)), cancellable)
        # The loop is elsewhere: an interrupt in its jump back is not one in this "try" in Python 3.13.
        try:
            self._execute_parts(parts, query, flags)
        except BaseException:
            if parts.is_open:
                self.execute_batch(None, None, Pg.ExecuteManyFlags.ABORT, None)
            raise

    def _execute_parts(self, parts, query, flags):
        connection, start, more = self.get_connection(), 0, True
        while more:
            rows = list(itertools.islice(parts.source, CHUNK))
            more = len(rows) == CHUNK
            batch = _make_batch(rows, self.get_adapters, start)
            # Before the last part, too: an interrupt may come before the call.
            parts.is_open = parts.is_open or more
            try:
                call(connection, self.execute_batch, query if start == 0 else None, batch, flags | Pg.ExecuteManyFlags.MORE if more else flags, parts.cancellable)
            except (GLib.Error, TypeError):
                # A call that fails leaves nothing open, unless that is another's; an interrupt may come after it.
                parts.is_open = False
                raise
            start += len(rows)


async def _take(source, n):
    """At most so many of an asynchronous iterator's."""
    rows = []
    async for row in source:
        rows.append(row)
        if len(rows) == n:
            break
    return rows


def _aiter(iterable):
    """aiter(), which Python has since 3.10."""
    return type(iterable).__aiter__(iterable)


class WithAsyncExecuteMany:
    """executemany() of a cursor whose calls are awaited."""

    async def executemany(self, query, params_seq, *, returning=False):
        """Executes a statement with each of many sets of parameters, which any iterable gives, or any asynchronous one."""
        self._check_usable()
        query = _pg_params.check_query(query)
        flags, connection = _get_flags(returning), self.get_connection()
        if isinstance(params_seq, GLib.Variant):
            await _pg_asyncio.run(connection, self.execute_many_async, self.execute_many_finish, query, params_seq, flags)
            return
        is_async = isinstance(params_seq, collections.abc.AsyncIterable)
        source, start, more, is_open = _aiter(params_seq) if is_async else iter(check_iterable('params_seq', params_seq, _SETS)), 0, True, False
        abort = self.execute_batch_async, self.execute_batch_finish, None, None, Pg.ExecuteManyFlags.ABORT
        with _pg_asyncio.batch(connection) as feeding:
            try:
                while more:
                    if is_async:
                        with feeding():
                            rows = await _take(source, CHUNK)
                    else:
                        rows = list(itertools.islice(source, CHUNK))
                    more = len(rows) == CHUNK
                    batch = _make_batch(rows, self.get_adapters, start)
                    # A call that fails leaves nothing open, unless that is another's.
                    is_open = False
                    await _pg_asyncio.run(connection, self.execute_batch_async, self.execute_batch_finish, query if start == 0 else None, batch,
                                          flags | Pg.ExecuteManyFlags.MORE if more else flags, undo=(lambda _done: abort) if more else None)
                    is_open = more
                    start += len(rows)
            except BaseException:
                if is_open:
                    await _pg_asyncio.run(connection, *abort)
                raise
