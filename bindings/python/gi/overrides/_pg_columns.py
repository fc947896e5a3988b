# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows by whole columns: a call of the library for a thousand values, where one for each costs more than the value."""

import contextlib
import datetime
import functools
import gc
import itertools
import struct

from gi.module import get_introspection_module

from ._pg_loaders import get_cell_loader, get_loader, read_bytes

Pg = get_introspection_module('Pg')

# As they are in the library: what is made of its errors is made where they are handled.
_dup_column_bytes, _dup_column_calendar, _dup_column_data, _dup_column_texts = (
    Pg.Result.dup_column_bytes, Pg.Result.dup_column_calendar, Pg.Result.dup_column_data, Pg.Result.dup_column_texts)

#: So many rows are read at a time: what the columns of a part of the result share is then still in the processor's cache.
CHUNK = 1024

#: What memoryview.cast() calls the elements of Result.dup_column_data().
CODES = {
    Pg.OID_BOOL: '?', Pg.OID_INT2: 'h', Pg.OID_INT4: 'i', Pg.OID_INT8: 'q', Pg.OID_OID: 'I', Pg.OID_XID: 'I', Pg.OID_CID: 'I', Pg.OID_FLOAT4: 'f',
    Pg.OID_FLOAT8: 'd',
}

# Result.dup_column_calendar() gives the bytes that these take from a pickle, and how many that are.
_CALENDAR = {
    Pg.OID_DATE: (datetime.date, 4, ()),
    Pg.OID_TIME: (datetime.time, 6, ()),
    Pg.OID_TIMESTAMP: (datetime.datetime, 10, ()),
    Pg.OID_TIMESTAMPTZ: (datetime.datetime, 10, (itertools.repeat(datetime.timezone.utc),)),
}


def _takes_calendar():
    """Whether they do: all versions of Python can read the pickles of all others, but nobody has promised it."""
    fields = bytes([7, 232, 2, 29, 12, 34, 56, 12, 10, 20])
    value = datetime.datetime(2024, 2, 29, 12, 34, 56, 789012, tzinfo=datetime.timezone.utc)
    try:
        return (datetime.datetime(fields, value.tzinfo) == value and datetime.datetime(fields) == value.replace(tzinfo=None)
                and datetime.date(fields[:4]) == value.date() and datetime.time(fields[4:]) == value.time())
    except Exception:
        return False


if not _takes_calendar():
    _CALENDAR.clear()


@functools.lru_cache(maxsize=4)
def _unpacker(size, n):
    return struct.Struct(f'{size}s' * n)


def get_bytes(data):
    # PyGObject has None for the data of no bytes.
    return data.get_data() or b''


def _put_nulls(values, validity):
    if validity is None:
        return values
    # The digit of the first row is the last one.
    digits = format(int.from_bytes(get_bytes(validity), 'little'), f'0{len(values)}b')
    return [value if digit == '1' else None for value, digit in zip(values, reversed(digits))]


def _load_all(load, texts):
    try:
        return list(map(load, texts))
    except TypeError:
        return [None if text is None else load(text) for text in texts]


def make_column_reader(kind, column, lookup=None):
    """A function of a result, the position of a row and a number of rows, for the list of the values of the column at a position.

    They are the values that make_reader() gives. Where one cannot be had the function raises whatever there is to raise, and tells not which.
    """
    oid = kind.get_type_oid()
    load_cell = get_cell_loader(kind, lookup)
    if load_cell is not None and load_cell is not read_bytes:
        def read(result, first, n):
            return [load_cell(result, row, column) for row in range(first, first + n)]
    elif oid in CODES:
        code = CODES[oid]
        def read(result, first, n):
            data, validity = _dup_column_data(result, column, first, n)
            return _put_nulls(memoryview(get_bytes(data)).cast(code).tolist(), validity)
    elif oid in _CALENDAR:
        cls, size, more = _CALENDAR[oid]
        def read(result, first, n):
            data, validity = _dup_column_calendar(result, column, first, n)
            return _put_nulls(list(map(cls, _unpacker(size, n).unpack(get_bytes(data)), *more)), validity)
    elif load_cell is read_bytes:
        def read(result, first, n):
            data, offsets, validity = _dup_column_bytes(result, column, first, n)
            data = get_bytes(data)
            offsets = memoryview(get_bytes(offsets)).cast('i').tolist()
            return _put_nulls([data[start:end] for start, end in zip(offsets, offsets[1:])], validity)
    else:
        load = get_loader(oid, lookup)
        def read(result, first, n):
            texts = _dup_column_texts(result, column, first, n)
            return texts if load is None else _load_all(load, texts)
    return read


@contextlib.contextmanager
def collector_paused():
    """The collector would look through all the new rows again and again; there are no cycles in them."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
