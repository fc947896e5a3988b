# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's values to parameters, and the values of results to Python's."""

import collections.abc
import datetime
import decimal
import json
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib

from ._pg_columns import CHUNK, collector_paused, make_column_reader
from ._pg_errors import DataError, ProgrammingError, convert
from ._pg_loaders import load_again, make_reader

Pg = get_introspection_module('Pg')

_EPOCH_ORDINAL = datetime.date(2000, 1, 1).toordinal()
_EPOCH = datetime.datetime(2000, 1, 1)
_EPOCH_UTC = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)

_BOOL, _BYTEA, _INT8, _INT2, _INT4, _OID, _JSON = 16, 17, 20, 21, 23, 26, 114
_FLOAT4, _FLOAT8, _DATE, _TIME, _TIMESTAMP, _TIMESTAMPTZ, _INTERVAL, _TIMETZ = 700, 701, 1082, 1083, 1114, 1184, 1186, 1266
_NUMERIC, _UUID, _JSONB = 1700, 2950, 3802

# The array types, by element type, of what has a type of its own in Python.
_ARRAYS = {
    _BOOL: 1000, _BYTEA: 1001, _INT2: 1005, _INT4: 1007, 25: 1009, _INT8: 1016, _FLOAT4: 1021, _FLOAT8: 1022, _OID: 1028, _TIMESTAMP: 1115,
    _DATE: 1182, _TIME: 1183, _TIMESTAMPTZ: 1185, _INTERVAL: 1187, _NUMERIC: 1231, _TIMETZ: 1270, _JSON: 199, _UUID: 2951, _JSONB: 3807,
}


class Json:
    """Sends an object as json: json.dumps() makes its text, unless another function is given."""

    __slots__ = ('obj', 'dumps')
    _type = _JSON

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
    _type = _JSONB


# --- parameters ---


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
    if not isinstance(query, str):
        raise TypeError(f'the query should be a str, got {type(query).__name__}')
    if '\0' in query:
        raise ProgrammingError('the query has a zero character ("\\0")')
    _check_characters(query, 'a query')


def _int_type(value):
    if -0x8000 <= value <= 0x7fff:
        return _INT2
    if -0x80000000 <= value <= 0x7fffffff:
        return _INT4
    if -0x8000000000000000 <= value <= 0x7fffffffffffffff:
        return _INT8
    return _NUMERIC


def _int_text(value):
    # str() refuses integers of thousands of digits.
    return str(int(value)) if _int_type(value) != _NUMERIC else format(decimal.Decimal(int(value)), 'f')


def _interval_text(value):
    # Each field has its sign, whatever the session's IntervalStyle.
    return f'{value.days:+d} day {value.seconds:+d} second {value.microseconds:+d} microsecond'


def _timestamp(value):
    if value.utcoffset() is None:
        return Pg.Timestamp.new_from_microseconds((value.replace(tzinfo=None) - _EPOCH) // _MICROSECOND, False)
    return Pg.Timestamp.new_from_microseconds((value - _EPOCH_UTC) // _MICROSECOND, True)


def _decimal_text(value):
    return 'NaN' if value.is_nan() else str(value)


def _type_and_text(value):
    """The type of an element of an array, and its text."""
    if isinstance(value, bool):
        return _BOOL, 't' if value else 'f'
    if isinstance(value, int):
        return _int_type(value), _int_text(value)
    if isinstance(value, float):
        return _FLOAT8, repr(float(value))
    if isinstance(value, str):
        return 25, check_text(value)
    if isinstance(value, decimal.Decimal):
        return _NUMERIC, _decimal_text(value)
    if isinstance(value, datetime.datetime):
        timestamp = _timestamp(value)
        return (_TIMESTAMPTZ if timestamp.has_time_zone() else _TIMESTAMP), timestamp.to_string()
    if isinstance(value, datetime.date):
        return _DATE, value.isoformat()
    if isinstance(value, datetime.time):
        return (_TIME if value.utcoffset() is None else _TIMETZ), value.isoformat()
    if isinstance(value, datetime.timedelta):
        return _INTERVAL, _interval_text(value)
    if isinstance(value, uuid.UUID):
        return _UUID, str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _BYTEA, '\\x' + bytes(value).hex()
    if isinstance(value, Json):
        return value._type, value._to_text()
    if isinstance(value, Pg.Numeric):
        return _NUMERIC, value.to_string()
    if isinstance(value, Pg.Date):
        return _DATE, value.to_string()
    if isinstance(value, Pg.Timestamp):
        return (_TIMESTAMPTZ if value.has_time_zone() else _TIMESTAMP), value.to_string()
    raise _cannot_send(value)


def _cannot_send(value):
    hint = ': wrap it in Pg.Jsonb() to send JSON' if isinstance(value, dict) else ''
    return ProgrammingError(f'a value of the type {type(value).__name__} cannot be sent{hint}')


def _join_types(a, b):
    if a is None or a == b:
        return b
    integers = (_INT2, _INT4, _INT8, _NUMERIC)
    if a in integers and b in integers:
        return max(a, b, key=integers.index)
    raise DataError('a list of values of different types cannot be sent')


def _write_array(values, texts, element_type, depth=0):
    """Appends the text of an array to texts; returns its element type, None for one of nothing but None."""
    if depth == 6:
        raise DataError('a list of more than six dimensions cannot be sent')
    texts.append('{')
    lists = isinstance(values[0], list) if values else False
    for index, value in enumerate(values):
        if index > 0:
            texts.append(',')
        if isinstance(value, list) != lists or (lists and len(value) != len(values[0])):
            raise DataError('the lists in a list have different lengths')
        if lists:
            element_type = _write_array(value, texts, element_type, depth + 1)
        elif value is None:
            texts.append('NULL')
        else:
            value_type, text = _type_and_text(value)
            element_type = _join_types(element_type, value_type)
            texts.append('"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"')
    texts.append('}')
    return element_type


def _add_list(params, value):
    texts = []
    element_type = _write_array(value, texts, None)
    # The server decides what an empty list is.
    params.add_typed_text(0 if element_type is None else _ARRAYS[element_type], ''.join(texts))


def _add(params, value):
    if value is None:
        params.add_null()
    elif isinstance(value, bool):
        params.add_boolean(value)
    elif isinstance(value, int):
        # The smallest type that holds the value: PostgreSQL widens by itself but does not narrow.
        kind = _int_type(value)
        if kind == _INT2:
            params.add_int16(value)
        elif kind == _INT4:
            params.add_int32(value)
        elif kind == _INT8:
            params.add_int64(value)
        else:
            params.add_typed_text(_NUMERIC, _int_text(value))
    elif isinstance(value, str):
        params.add_text(check_text(value))
    elif isinstance(value, float):
        params.add_double(value)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        params.add_bytes(GLib.Bytes.new(bytes(value)))
    elif isinstance(value, list):
        _add_list(params, value)
    elif isinstance(value, datetime.datetime):
        params.add_timestamp(_timestamp(value))
    elif isinstance(value, datetime.date):
        params.add_date(Pg.Date.new_from_days(value.toordinal() - _EPOCH_ORDINAL))
    elif isinstance(value, GLib.Variant):
        params.add_variant(value)
    elif isinstance(value, GLib.Bytes):
        params.add_bytes(value)
    elif isinstance(value, GLib.DateTime):
        params.add_timestamp(Pg.Timestamp.new_from_datetime(value))
    elif isinstance(value, Pg.Numeric):
        params.add_numeric(value)
    elif isinstance(value, Pg.Date):
        params.add_date(value)
    elif isinstance(value, Pg.Timestamp):
        params.add_timestamp(value)
    else:
        params.add_typed_text(*_type_and_text(value))


def make_params(values):
    """Pg.Params of a sequence or a mapping."""
    params = Pg.Params.new()
    if isinstance(values, collections.abc.Mapping):
        for index, (name, value) in enumerate(values.items()):
            check_text(name)
            _add(params, value)
            params.set_name(index, name)
    elif isinstance(values, collections.abc.Sequence) and not isinstance(values, (str, bytes, bytearray, memoryview)):
        for value in values:
            _add(params, value)
    else:
        raise TypeError(f'query parameters should be a sequence or a mapping, got {type(values).__name__}')
    return params


# --- results ---


# Of fewer rows than these each is read by itself.
_FEW = 4


class Reader:
    """Reads the values of results with these columns. It keeps no result: a result may keep it."""

    __slots__ = ('_readers', '_column_readers')

    def __init__(self, result):
        kinds = [result.get_column(column) for column in range(result.get_n_columns())]
        self._readers = [make_reader(kind, column) for column, kind in enumerate(kinds)]
        self._column_readers = [make_column_reader(kind, column) for column, kind in enumerate(kinds)]

    def value(self, result, row, column):
        try:
            return self._readers[column](result, row)
        except GLib.Error as error:
            raise convert(error) from None
        except (ArithmeticError, ValueError) as error:
            try:
                return load_again(result, row, column)
            except (GLib.Error, ValueError):
                raise _no_value(result, row, column) from error

    def row(self, result, row):
        try:
            return tuple([read(result, row) for read in self._readers])
        except Exception:
            # Again, for the error that names the value.
            return tuple([self.value(result, row, column) for column in range(len(self._readers))])

    def rows(self, result, start, stop):
        if stop - start < _FEW:
            return [self.row(result, row) for row in range(start, stop)]
        if not self._readers:
            return [()] * (stop - start)
        rows = []
        with collector_paused():
            for first in range(start, stop, CHUNK):
                n = min(CHUNK, stop - first)
                rows.extend(zip(*[self._column(result, column, first, n) for column in range(len(self._readers))]))
        return rows

    def _column(self, result, column, first, n):
        try:
            return self._column_readers[column](result, first, n)
        except Exception:
            # One by one, as some values are not of the usual kind, or for the error that names the value.
            return [self.value(result, row, column) for row in range(first, first + n)]


def _no_value(result, row, column):
    kind = result.get_column(column)
    text = result.dup_text(row, column)
    text = text if len(text) <= 60 else text[:59] + '…'
    return DataError(f'row {row}, column {column} (“{kind.get_name()}”): Python has no value for the {kind.get_type_display()} {text}: '
                     f'cursor.get_result()[{row}].dup_text({column}) is its text, as is a cast to text in the query')
