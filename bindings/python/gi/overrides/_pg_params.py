# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's values to parameters of a statement."""

import collections.abc
import datetime
import decimal
import enum
import ipaddress
import json
import operator
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib, GObject

from ._pg_classes import find_type, get_label
from ._pg_errors import DataError, ProgrammingError, convert
from ._pg_ranges import with_common_type
from ._pg_rows import to_identifier
from ._pg_types import split_timedelta

Pg = get_introspection_module('Pg')

_EPOCH_ORDINAL = datetime.date(2000, 1, 1).toordinal()
_EPOCH = datetime.datetime(2000, 1, 1)
_EPOCH_UTC = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)
_SECOND = datetime.timedelta(seconds=1)

_INT8_MIN, _INT8_MAX = -2**63, 2**63 - 1
_MAX_NESTING = 16


class Json:
    """Sends an object as json: json.dumps() makes its text, unless another function is given."""

    __slots__ = ('obj', 'dumps')
    _type = Pg.OID_JSON

    def __init__(self, obj, dumps=None):
        self.obj = obj
        self.dumps = dumps

    def __repr__(self):
        return f'{type(self).__name__}(…)'

    def _to_text(self):
        text = (self.dumps or json.dumps)(self.obj)
        return check_text(text.decode() if isinstance(text, bytes) else text)


class Jsonb(Json):
    """Sends an object as jsonb."""

    __slots__ = ()
    _type = Pg.OID_JSONB


def check_text(text):
    if '\0' in text:
        raise DataError('a text with a zero character ("\\0") cannot be sent: PostgreSQL does not store it in text')
    _check_characters(text, 'a text')
    return text


def _check_characters(text, what):
    try:
        text.encode()
    except UnicodeEncodeError:
        # Its message shows the text.
        raise DataError(f'{what} with half of a surrogate pair cannot be sent: that is not a character') from None


def check_query(query):
    """The query as str."""
    if isinstance(query, bytes):
        try:
            query = query.decode()
        except UnicodeDecodeError:
            raise ProgrammingError('the query is bytes that are not UTF-8') from None
    if isinstance(query, Pg.Statement):
        raise TypeError('the query should be a str or bytes: a prepared statement is for execute() of a cursor that is not the server’s')
    if not isinstance(query, str):
        raise TypeError(f'the query should be a str or bytes, not {type(query).__name__}')
    if '\0' in query:
        raise ProgrammingError('the query has a zero character ("\\0")')
    _check_characters(query, 'a query')
    return query


# --- one value: a function for each class of Python, called with the parameters, the value, and how deep it is in others ---


def _make(function, *args):
    try:
        return function(*args)
    except GLib.Error as error:
        raise DataError(error.message) from None


def _add_none(params, _value, _depth):
    params.add_null()


def _add_bool(params, value, _depth):
    params.add_boolean(value)


def _add_int(params, value, _depth):
    if _INT8_MIN <= value <= _INT8_MAX:
        params.add_integer(value)
    else:
        # str() refuses integers of thousands of digits.
        params.add_typed_text(Pg.OID_NUMERIC, format(decimal.Decimal(int(value)), 'f'))


def _add_float(params, value, _depth):
    params.add_double(value)


def _add_str(params, value, _depth):
    params.add_text(check_text(value))


def _add_bytes(params, value, _depth):
    params.add_bytes(GLib.Bytes.new(bytes(value)))


def _add_decimal(params, value, _depth):
    params.add_typed_text(Pg.OID_NUMERIC, 'NaN' if value.is_nan() else str(value))


def _add_datetime(params, value, _depth):
    if value.utcoffset() is None:
        params.add_timestamp(Pg.Timestamp.new_from_microseconds((value.replace(tzinfo=None) - _EPOCH) // _MICROSECOND, False))
    else:
        params.add_timestamp(Pg.Timestamp.new_from_microseconds((value - _EPOCH_UTC) // _MICROSECOND, True))


def _add_date(params, value, _depth):
    params.add_date(Pg.Date.new_from_days(value.toordinal() - _EPOCH_ORDINAL))


def _add_time(params, value, _depth):
    microseconds = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    offset = value.utcoffset()
    if value.tzinfo is None:
        params.add_time(Pg.Time.new_from_microseconds(microseconds))
    elif offset is None:
        raise DataError('a time whose offset from UTC depends on the date cannot be sent')
    elif offset % _SECOND:
        raise DataError('a time whose offset from UTC has a fraction of a second cannot be sent')
    else:
        params.add_time(_make(Pg.Time.new_with_offset, microseconds, offset // _SECOND))


def _add_timedelta(params, value, _depth):
    params.add_interval(Pg.Interval.new(0, *split_timedelta(value)))


def _add_uuid(params, value, _depth):
    params.add_uuid(str(value))


def _add_address(params, value, _depth):
    if getattr(value, 'scope_id', None) is not None:
        raise DataError(f'an address with a zone, “%{value.scope_id}”, cannot be sent: PostgreSQL does not store it')
    params.add_inet(_make(Pg.Inet.parse, str(value)))


def _add_network(params, value, _depth):
    params.add_inet(_make(Pg.Inet.parse_cidr, str(value)))


def _add_json(params, value, _depth):
    params.add_typed_text(value._type, value._to_text())


def _add_enum(params, value, depth):
    # Of a class that was registered it is a label. Of another it is what its class is besides, as IntEnum is an int, or else its name.
    info = find_type(type(value), _get_adapters(params))
    if info is not None and value.name is not None:
        params.add_typed_text(info.get_oid(), get_label(value, info))
        return
    add = _find(type(value))
    if add is not _add_enum:
        add(params, value, depth)
    elif value.name is None:
        raise DataError(f'a value of {type(value).__name__} that has no name cannot be sent')
    else:
        params.add_text(check_text(value.name))


def _check_depth(depth):
    # One that contains itself, too.
    if depth == _MAX_NESTING:
        raise DataError(f'lists and tuples are nested more than {_MAX_NESTING} deep')


def _add_list(params, value, depth):
    kinds = set(map(type, value))
    if kinds == {int}:
        try:
            params.add_integer_array(value)
            return
        except OverflowError:
            pass
    elif kinds == {float}:
        params.add_double_array(value)
        return
    elif not kinds.isdisjoint(_RANGES):
        value = with_common_type(value)
    _check_depth(depth)
    params.begin_array(0)
    for element in value:
        _add(params, element, depth + 1)
    params.end_array()


def _find_scalar(value):
    """What adds a number of NumPy's, or of what has the same interface, which is of no class of Python's; None where it is none."""
    kind = getattr(getattr(value, 'dtype', None), 'kind', None)
    return _SCALARS.get(kind) if isinstance(kind, str) and getattr(value, 'shape', None) == () else None


def _add_scalar_float(params, value, _depth):
    if value.dtype.itemsize < 8:
        params.add_typed_text(Pg.OID_FLOAT4, repr(float(value)))
    else:
        params.add_double(float(value))


_RANGES = frozenset((Pg.Range, Pg.Multirange))
_SCALARS = {
    'b': lambda params, value, _depth: params.add_boolean(bool(value)),
    'i': lambda params, value, depth: _add_int(params, operator.index(value), depth),
    'u': lambda params, value, depth: _add_int(params, operator.index(value), depth),
    'f': _add_scalar_float,
}


def _add_fields(params, oid, values, depth):
    _check_depth(depth)
    params.begin_record(oid)
    for value in values:
        _add(params, value, depth + 1)
    params.end_record()


def _add_tuple(params, value, depth):
    # A named tuple may be one of a type of the database.
    info = None if type(value) is tuple else find_type(type(value), _get_adapters(params))
    _add_fields(params, 0 if info is None or info.get_n_fields() != len(value) else info.get_oid(), value, depth)


def _get_field(value, name):
    try:
        return getattr(value, name)
    except AttributeError:
        if name.isidentifier():
            raise
        return getattr(value, to_identifier(name))


def _add_composite(params, value, info, depth):
    names = [info.get_field_name(position) for position in range(info.get_n_fields())]
    try:
        values = value if isinstance(value, tuple) else [_get_field(value, name) for name in names]
    except AttributeError as error:
        raise DataError(f'an object cannot be sent as {info.get_sql_name()}: {error}') from None
    _add_fields(params, info.get_oid(), values, depth)


def _add_dict(params, value, depth):
    _check_depth(depth)
    params.begin_dictionary(0)
    for key, element in value.items():
        if not isinstance(key, str):
            raise ProgrammingError(f'a dict with a key of the type {type(key).__name__} cannot be sent: wrap it in Pg.Jsonb() to send JSON')
        params.add_key(check_text(key))
        _add(params, element, depth + 1)
    params.end_dictionary()


def _get_adapters(params):
    return None if params.get_adapters is None else params.get_adapters()


def _add_object(params, value, _depth):
    adapters = _get_adapters(params)
    if adapters is not None:
        params.set_adapters(adapters)
    try:
        params.add_value(GObject.Value(type(value), value))
    except GLib.Error as error:
        raise convert(error) from None


def _adder(name, make=None):
    method = getattr(Pg.Params, name)

    def add(params, value, _depth):
        method(params, value if make is None else make(value))
    return add


_ADDERS = {
    type(None): _add_none, bool: _add_bool, int: _add_int, float: _add_float, str: _add_str, bytes: _add_bytes, bytearray: _add_bytes,
    memoryview: _add_bytes, list: _add_list, tuple: _add_tuple, dict: _add_dict, decimal.Decimal: _add_decimal,
    datetime.datetime: _add_datetime, datetime.date: _add_date, datetime.time: _add_time, datetime.timedelta: _add_timedelta,
    uuid.UUID: _add_uuid, enum.Enum: _add_enum, Json: _add_json,
    ipaddress.IPv4Address: _add_address, ipaddress.IPv6Address: _add_address, ipaddress.IPv4Network: _add_network,
    ipaddress.IPv6Network: _add_network,
    GLib.Variant: _adder('add_variant'), GLib.Bytes: _adder('add_bytes'), GLib.DateTime: _adder('add_timestamp', Pg.Timestamp.new_from_datetime),
    Pg.Array: _adder('add_array'), Pg.Numeric: _adder('add_numeric'), Pg.Date: _adder('add_date'),
    Pg.Time: _adder('add_time'), Pg.Timestamp: _adder('add_timestamp'),
    Pg.Interval: _adder('add_interval'), Pg.Inet: _adder('add_inet'), Pg.BitString: _adder('add_bit_string'), Pg.Point: _adder('add_point'),
    GObject.Object: _add_object, GObject.GEnum: _add_object,
    Pg.Range: _adder('add_range'), Pg.Multirange: _adder('add_multirange'), Pg.Record: _adder('add_record'),
}


def _find(cls):
    """The function for a class, by the nearest of its bases; it stays in no table, as classes come and go."""
    for base in cls.__mro__:
        if base in _ADDERS:
            return _ADDERS[base]
    return None


def _add(params, value, depth):
    cls = type(value)
    add = _ADDERS.get(cls)
    if add is None:
        add = _add_enum if isinstance(value, enum.Enum) else _find(cls)
    # What a composite type is read as may be of any class.
    info = None if add is not None else find_type(cls, _get_adapters(params))
    if info is not None:
        _add_composite(params, value, info, depth)
        return
    add = add or _find_scalar(value)
    if add is None:
        raise ProgrammingError(f'a value of the type {cls.__name__} cannot be sent')
    else:
        add(params, value, depth)


def make_params(values, get_adapters=None, what='parameter'):
    """Pg.Params of a sequence or a mapping. get_adapters gives the cursor's map, for objects that have a dumper in it; what is what errors call a value."""
    params = Pg.Params.new()
    params.get_adapters = get_adapters
    if isinstance(values, collections.abc.Mapping):
        names = list(values)
    elif isinstance(values, collections.abc.Sequence) and not isinstance(values, (str, bytes, bytearray, memoryview)):
        names = None
    else:
        raise TypeError(f'query parameters should be a sequence or a mapping, got {type(values).__name__}')

    index = 0
    try:
        for index, value in enumerate(values if names is None else values.values()):
            _add(params, value, 0)
    except (DataError, ProgrammingError) as error:
        which = index + 1 if names is None else repr(names[index])
        raise type(error)(f'{what} {which}: {error}') from error.__cause__
    if names is not None:
        for index, name in enumerate(names):
            params.set_name(index, check_text(name))
    return params
