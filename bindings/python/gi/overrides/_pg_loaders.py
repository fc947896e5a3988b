# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the values of PostgreSQL's types are in Python: one function for each type, whichever way its values are read.

docs/types.md is the table of them.
"""

import datetime
import decimal
import json
import struct
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib

Pg = get_introspection_module('Pg')

_EPOCH_ORDINAL = datetime.date(2000, 1, 1).toordinal()
_EPOCH = datetime.datetime(2000, 1, 1)
_EPOCH_UTC = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)

#: The type of the elements by that of the array.
ELEMENTS = {getattr(Pg, name): getattr(Pg, name[:-len('_ARRAY')]) for name in dir(Pg) if name.startswith('OID_') and name.endswith('_ARRAY')}


def _parse(cls, text):
    try:
        return cls.parse(text)
    except GLib.Error as error:
        raise ValueError(error.message) from None


def _date(value):
    days = value.get_days()
    if value.is_infinite() or not 1 <= days + _EPOCH_ORDINAL <= datetime.date.max.toordinal():
        raise OverflowError
    return datetime.date.fromordinal(days + _EPOCH_ORDINAL)


def _datetime(value):
    if value.is_infinite():
        raise OverflowError
    return (_EPOCH_UTC if value.has_time_zone() else _EPOCH) + value.get_microseconds() * _MICROSECOND


def _float4(text):
    # The text of a float4 is the shortest one that is read as the same float4; the value is that of the float4.
    return struct.unpack('f', struct.pack('f', float(text)))[0]


_LOADERS = {
    Pg.OID_BOOL: 't'.__eq__,
    Pg.OID_INT2: int,
    Pg.OID_INT4: int,
    Pg.OID_INT8: int,
    Pg.OID_OID: int,
    Pg.OID_FLOAT4: _float4,
    Pg.OID_FLOAT8: float,
    Pg.OID_NUMERIC: decimal.Decimal,
    Pg.OID_DATE: lambda text: _date(_parse(Pg.Date, text)),
    Pg.OID_TIMESTAMP: lambda text: _datetime(_parse(Pg.Timestamp, text)),
    Pg.OID_TIMESTAMPTZ: lambda text: _datetime(_parse(Pg.Timestamp, text)),
    Pg.OID_UUID: uuid.UUID,
    Pg.OID_JSON: json.loads,
    Pg.OID_JSONB: json.loads,
}


def get_loader(oid):
    """A function that makes Python's value of the exact text of a value that is not NULL, as Result.dup_text() gives it.

    None where the text itself is the value. The function raises ValueError or OverflowError for a text that it makes nothing of.
    """
    return _LOADERS.get(oid)


def _read_bytes(result, row, column):
    data = result.dup_bytes(row, column)
    # PyGObject has None for the data of no bytes.
    return None if data is None else data.get_data() or b''


def _read_date(result, row, column):
    value = result.dup_date(row, column)
    return None if value is None else _date(value)


def _read_timestamp(result, row, column):
    value = result.dup_timestamp(row, column)
    return None if value is None else _datetime(value)


_CELL_LOADERS = {
    Pg.OID_BYTEA: _read_bytes,
    Pg.OID_DATE: _read_date,
    Pg.OID_TIMESTAMP: _read_timestamp,
    Pg.OID_TIMESTAMPTZ: _read_timestamp,
}


def _map_elements(values, depth, function):
    if depth > 1:
        return [_map_elements(value, depth - 1, function) for value in values]
    return [None if value is None else function(value) for value in values]


def _make_array_loader(element_type):
    function = bytes if element_type == Pg.OID_BYTEA else _FROM_ELEMENT.get(element_type)

    def read(result, row, column):
        variant = result.dup_variant(row, column)
        values = variant.unpack()
        if values is None or function is None:
            return values
        return _map_elements(values, variant.get_type_string().count('a') - (element_type == Pg.OID_BYTEA), function)
    return read


# What GVariant.unpack() gives for an element is the value already, but of these.
_FROM_ELEMENT = {oid: _LOADERS[oid] for oid in (Pg.OID_NUMERIC, Pg.OID_DATE, Pg.OID_TIMESTAMP, Pg.OID_TIMESTAMPTZ, Pg.OID_UUID, Pg.OID_JSON, Pg.OID_JSONB)}


def get_cell_loader(kind):
    """A function of a result, the position of a row and that of a column, for the values of a Pg.Column, and for NULL, which is None.

    None where get_loader() on the text is all there is to it.
    """
    oid = kind.get_type_oid()
    if oid in ELEMENTS:
        return _make_array_loader(ELEMENTS[oid])
    return _CELL_LOADERS.get(oid)


def make_reader(kind, column):
    """A function of a result and the position of a row, for the values of the column at a position."""
    load_cell = get_cell_loader(kind)
    if load_cell is not None:
        return lambda result, row: load_cell(result, row, column)

    load = get_loader(kind.get_type_oid())
    dup_text = Pg.Result.dup_text
    if load is None:
        return lambda result, row: dup_text(result, row, column)

    def read(result, row):
        text = dup_text(result, row, column)
        return None if text is None else load(text)
    return read
