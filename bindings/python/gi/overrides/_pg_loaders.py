# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the values of PostgreSQL's types are in Python: one function for each type, whichever way its values are read.

Python's own type where it holds the value exactly, otherwise the library's, otherwise the text. docs/types.md is the table of them.
"""

import collections
import datetime
import decimal
import functools
import ipaddress
import json
import re
import struct
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib

from ._pg_arguments import check_callable
from ._pg_classes import remember_class
from ._pg_rows import to_identifier
from ._pg_types import call_value

Pg = get_introspection_module('Pg')

# As they are in the library: what is made of their errors is made here.
_parse_array, _parse_bitstring, _parse_date, _parse_interval, _parse_multirange, _parse_point, _parse_range, _parse_record, _parse_time, _parse_timestamp = (
    cls.parse for cls in (Pg.Array, Pg.BitString, Pg.Date, Pg.Interval, Pg.Multirange, Pg.Point, Pg.Range, Pg.Record, Pg.Time, Pg.Timestamp))

_UTC = datetime.timezone.utc

_OIDS = {name[len('OID_'):]: getattr(Pg, name) for name in dir(Pg) if name.startswith('OID_')}

#: The type of the elements by that of the array.
ELEMENTS = {oid: _OIDS[name[:-len('_ARRAY')]] for name, oid in _OIDS.items() if name.endswith('_ARRAY')}

_KNOWN = set(_OIDS.values())

_RANGE_ELEMENTS = {'INT4': Pg.OID_INT4, 'INT8': Pg.OID_INT8, 'NUM': Pg.OID_NUMERIC, 'DATE': Pg.OID_DATE, 'TS': Pg.OID_TIMESTAMP,
                   'TSTZ': Pg.OID_TIMESTAMPTZ}


# --- numbers and bytes ---


def _load_float4(text):
    # The text of a float4 is the shortest one that is read as the same float4; the value is that of the float4.
    return struct.unpack('f', struct.pack('f', float(text)))[0]


_ESCAPED = re.compile(rb'\\(?:([0-7]{3})|(\\))')


def _load_bytes(text):
    if text.startswith('\\x'):
        return bytes.fromhex(text[2:])
    # bytea_output = escape
    return _ESCAPED.sub(lambda match: match[2] or bytes([int(match[1], 8) & 0xff]), text.encode('ascii'))


# --- dates and times ---


def to_native(value):
    """Python's own value for one of the library's, or the value itself where Python has none that is the same."""
    try:
        return value.to_python()
    except OverflowError:
        return value


def _load_date(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return to_native(call_value(_parse_date, text))


def _load_time(text):
    try:
        # Newer versions of Python read 24:00 as 00:00.
        return datetime.time.fromisoformat(text) if text[:2] != '24' else call_value(_parse_time, text)
    except ValueError:
        return to_native(call_value(_parse_time, text))


def _load_timestamp(text):
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return to_native(call_value(_parse_timestamp, text))


def _load_timestamptz(text):
    try:
        value = datetime.datetime.fromisoformat(text)
        if value.tzinfo is _UTC:
            return value
        if value.tzinfo is not None:
            return value.astimezone(_UTC)
    except (ValueError, OverflowError):
        pass
    # A text without an offset is infinity, or not known to be UTC.
    value = call_value(_parse_timestamp, text)
    if value.is_infinite():
        return Pg.Timestamp.new_infinity(text.startswith('-'), True)
    if not value.has_time_zone():
        raise ValueError('there is no time zone in it')
    return to_native(value)


def _load_interval(text):
    return to_native(call_value(_parse_interval, text))


# --- JSON ---


def _long_int(text):
    # int() refuses texts of thousands of digits.
    return int(decimal.Decimal(text))


def _load_json(text):
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError('it is nested too deeply') from None
    except ValueError:
        return json.loads(text, parse_int=_long_int)


def set_json_loads(loads):
    """Sets the function that makes a value of the text of a json or jsonb one, for all connections; None for json.loads().

    functools.partial(json.loads, parse_float=decimal.Decimal) reads the numbers exactly.
    """
    if loads is not None:
        check_callable('loads', loads)

    def load(text):
        # Columns are read by functions that raise a TypeError for NULL.
        if text is None:
            raise TypeError
        return loads(text)

    _LOADERS[Pg.OID_JSON] = _LOADERS[Pg.OID_JSONB] = _load_json if loads is None else load


# --- networks ---


def _load_inet(text):
    return ipaddress.ip_interface(text) if '/' in text else ipaddress.ip_address(text)


# --- records ---


def load_record(record):
    """The tuple of a Pg.Record's fields, which has their names where they are known."""
    return Parts().record(record)


# --- arrays ---

@functools.lru_cache
def _get_tokens(delimiter):
    pattern = r'(?:(\{)|(\})|(DELIMITER)|"([^"\\]*(?:\\.[^"\\]*)*)"|([^{}"\\DELIMITER]+))'
    return re.compile(pattern.replace('DELIMITER', re.escape(delimiter)), re.DOTALL)


_ESCAPE = re.compile(r'\\(.)', re.DOTALL)
_MAX_DEPTH = 6


def _malformed():
    return ValueError('the text of an array is malformed')


def _load_nested(text, at, load, tokens):
    """The array that begins at a position, by "Array Input and Output Syntax" in the PostgreSQL manual."""
    outer, stack, array = None, [], None
    # Whether an element may come next, and whether a delimiter or the end may.
    element, end = True, False
    while True:
        match = tokens.match(text, at)
        if match is None:
            raise _malformed()
        at = match.end()
        opening, closing, delimiter, quoted, bare = match.groups()
        if opening is not None:
            if not element or len(stack) == _MAX_DEPTH:
                raise _malformed()
            inner = []
            if array is None:
                outer = inner
            else:
                array.append(inner)
            stack.append(array)
            array = inner
            element, end = True, True
        elif closing is not None:
            if not end or array is None:
                raise _malformed()
            array = stack.pop()
            element, end = False, True
            if array is None:
                if at != len(text):
                    raise _malformed()
                return outer
        elif delimiter is not None:
            if not end or not array:
                raise _malformed()
            element, end = True, False
        else:
            if not element or array is None:
                raise _malformed()
            if bare is None:
                array.append(load(_ESCAPE.sub(r'\1', quoted) if '\\' in quoted else quoted))
            else:
                array.append(None if bare == 'NULL' else load(bare))
            element, end = False, True


def _make_array_loader(element_type, load, delimiter):
    load = load or (lambda text: text)
    tokens = _get_tokens(delimiter)

    def load_array(text):
        if text[:1] == '[':
            # Some lower bound is not 1: a list has none.
            return call_value(_parse_array, text, element_type)
        if text == '{}':
            return []
        if '"' not in text and text[:1] == '{' and text[-1:] == '}' and text.count('{') == text.count('}') == 1:
            return [None if part == 'NULL' else load(part) for part in text[1:-1].split(delimiter)]
        return _load_nested(text, 0, load, tokens)
    return load_array


def load_elements(array):
    """The nested list of a Pg.Array."""
    if array.has_loader():
        return Parts().elements(array)
    element_type = array.get_element_type()
    text = str(array)
    load = _make_array_loader(element_type, get_loader(element_type), ';' if element_type == Pg.OID_BOX else ',')
    return load(text.partition('=')[2] if text.startswith('[') else text)


# --- the table ---

_LOADERS = {
    Pg.OID_BOOL: 't'.__eq__,
    Pg.OID_BYTEA: _load_bytes,
    Pg.OID_FLOAT4: _load_float4,
    Pg.OID_FLOAT8: float,
    Pg.OID_NUMERIC: decimal.Decimal,
    Pg.OID_DATE: _load_date,
    Pg.OID_TIME: _load_time,
    Pg.OID_TIMETZ: _load_time,
    Pg.OID_TIMESTAMP: _load_timestamp,
    Pg.OID_TIMESTAMPTZ: _load_timestamptz,
    Pg.OID_INTERVAL: _load_interval,
    Pg.OID_UUID: uuid.UUID,
    Pg.OID_JSON: _load_json,
    Pg.OID_JSONB: _load_json,
    Pg.OID_INET: _load_inet,
    Pg.OID_CIDR: ipaddress.ip_network,
    Pg.OID_BIT: lambda text: call_value(_parse_bitstring, text),
    Pg.OID_VARBIT: lambda text: call_value(_parse_bitstring, text),
    Pg.OID_POINT: lambda text: call_value(_parse_point, text),
    Pg.OID_RECORD: lambda text: load_record(call_value(_parse_record, text)),
}
for _name in ('INT2', 'INT4', 'INT8', 'OID', 'XID', 'CID', 'XID8'):
    _LOADERS[_OIDS[_name]] = int
for _name in ('INT2VECTOR', 'OIDVECTOR'):
    _LOADERS[_OIDS[_name]] = lambda text: [int(part) for part in text.split()]
for _name, _oid in _RANGE_ELEMENTS.items():
    _LOADERS[_OIDS[_name + 'RANGE']] = lambda text, oid=_oid: call_value(_parse_range, text, oid)
    _LOADERS[_OIDS[_name + 'MULTIRANGE']] = lambda text, oid=_oid: call_value(_parse_multirange, text, oid)


def get_loader(oid, lookup=None):
    """A function that makes Python's value of the exact text of a value that is not NULL, as Result.dup_text() gives it.

    None where the text itself is the value. The function raises ValueError for a text that it makes nothing of, and TypeError for None, or another
    exception. lookup is Result.lookup_type(), which knows types of the database.
    """
    element_type = ELEMENTS.get(oid)
    if element_type is not None:
        return _make_array_loader(element_type, _LOADERS.get(element_type), ';' if element_type == Pg.OID_BOX else ',')
    if oid in _LOADERS or oid in _KNOWN or lookup is None:
        return _LOADERS.get(oid)
    info = lookup(oid)
    return None if info is None else _make_type_loader(info, lookup)


def load_text(oid, text):
    """The value of a text."""
    load = get_loader(oid)
    return text if load is None else load(text)


# --- types of the database ---


@functools.lru_cache
def _make_tuple_class(name, fields):
    # A name that is a keyword, or there before, is _0, _1, … by its position.
    return collections.namedtuple(to_identifier(name), [to_identifier(field) for field in fields], rename=True)


def get_tuple_class(info):
    """The named tuple of a composite type."""
    cls = _make_tuple_class(info.get_name(), tuple(info.get_field_name(position) for position in range(info.get_n_fields())))
    remember_class(cls, info)
    return cls


def _make_composite_loader(info, lookup):
    fields = range(info.get_n_fields())
    cls = get_tuple_class(info)
    loads = [get_loader(info.get_field_type(position), lookup) for position in fields]

    def load_composite(text):
        record = call_value(_parse_record, text)
        if record.get_n_fields() != len(loads):
            # The text of a record of no field is that of one field that is NULL.
            if loads or text != '()':
                raise ValueError('it has another number of fields than its type')
            return cls()
        texts = [record.get_text(position) for position in fields]
        return cls(*[text if text is None or load is None else load(text) for text, load in zip(texts, loads)])
    return load_composite


_PAIR = re.compile(r'\s*"([^"\\]*(?:\\.[^"\\]*)*)"=>(?:"([^"\\]*(?:\\.[^"\\]*)*)"|NULL)(?:,|$)', re.DOTALL)


def _load_hstore(text):
    pairs, at = {}, 0
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None:
            raise ValueError('the text of an hstore is malformed')
        key, value = match.groups()
        pairs[_ESCAPE.sub(r'\1', key)] = None if value is None else _ESCAPE.sub(r'\1', value)
        at = match.end()
    return pairs


def _make_type_loader(info, lookup):
    kind, element_type = info.get_kind(), info.get_element_oid()
    if kind == Pg.TypeKind.ARRAY:
        element = lookup(element_type)
        return _make_array_loader(element_type, get_loader(element_type, lookup), ',' if element is None else element.get_delimiter())
    if kind == Pg.TypeKind.RANGE:
        return lambda text: call_value(_parse_range, text, element_type)
    if kind == Pg.TypeKind.MULTIRANGE:
        return lambda text: call_value(_parse_multirange, text, element_type)
    if kind == Pg.TypeKind.COMPOSITE:
        return _make_composite_loader(info, lookup)
    if kind == Pg.TypeKind.DOMAIN:
        return get_loader(info.get_base_oid(), lookup)
    if kind == Pg.TypeKind.BASE and info.get_name() == 'hstore':
        return _load_hstore
    return None


# --- what has something in it that a loader reads ---


class Kept:
    """What a loader has given, where the library's own value of the type would not be kept as it is."""

    __slots__ = ('value',)

    def __init__(self, value):
        self.value = value


_get_element, _get_field = Pg.Array.get_value, Pg.Record.get_value


class Parts:
    """What is in values of the library: by loaders where there are some, by the texts otherwise. For one value: it keeps the result."""

    __slots__ = ('_lookup', '_loads')

    def __init__(self, lookup=None):
        self._lookup = lookup
        self._loads = {}

    def value(self, value):
        """Python's for what the library has in a GValue."""
        if isinstance(value, Pg.Record):
            return self.record(value)
        if isinstance(value, Pg.Array):
            return self.array(value)
        if isinstance(value, (Pg.Range, Pg.Multirange)):
            # PyGObject takes no reference of a boxed value in a GValue: what the value is in has it, for the time being.
            return value.ref()
        return value.value if type(value) is Kept else value

    def text(self, oid, text):
        if oid not in self._loads:
            self._loads[oid] = get_loader(oid, self._lookup)
        load = self._loads[oid]
        return text if load is None else load(text)

    def record(self, record):
        values = [self._field(record, position) for position in range(record.get_n_fields())]
        info = record.get_type_info()
        return tuple(values) if info is None else get_tuple_class(info)(*values)

    def _field(self, record, position):
        if record.is_null(position):
            return None
        oid = record.get_field_type(position)
        if oid == Pg.OID_RECORD or record.has_loader(position):
            return self.value(_get_field(record, position))
        text = record.get_text(position)
        if text is None:
            return record.get_bytes(position).get_data() or b''
        return self.text(oid, text)

    def array(self, array):
        """The nested list, or the array itself where some lower bound is not 1."""
        dimensions = range(array.get_n_dimensions())
        return self.elements(array) if all(array.get_lower_bound(dimension) == 1 for dimension in dimensions) else array.ref()

    def elements(self, array):
        values = [self.value(_get_element(array, position)) for position in range(array.get_n_elements())]
        for dimension in range(array.get_n_dimensions() - 1, 0, -1):
            length = array.get_length(dimension)
            values = [values[start:start + length] for start in range(0, len(values), length)]
        return values


_DUPS = {Pg.TypeKind.ARRAY: 'dup_array', Pg.TypeKind.COMPOSITE: 'dup_record', Pg.TypeKind.RANGE: 'dup_range',
         Pg.TypeKind.MULTIRANGE: 'dup_multirange'}
_DUPS_BY_OID = {Pg.OID_RECORD: 'dup_record', **dict.fromkeys(ELEMENTS, 'dup_array'),
                **{_OIDS[name + 'RANGE']: 'dup_range' for name in _RANGE_ELEMENTS},
                **{_OIDS[name + 'MULTIRANGE']: 'dup_multirange' for name in _RANGE_ELEMENTS}}
_DUP = {name: getattr(Pg.Result, name) for name in ('dup_array', 'dup_record', 'dup_range', 'dup_multirange')}


def _get_dup(oid, lookup):
    """The method of Pg.Result for the values of a type that has others in it, or None."""
    info = None if oid in _DUPS_BY_OID or lookup is None else lookup(oid)
    return _DUP.get(_DUPS_BY_OID.get(oid) if info is None else _DUPS.get(info.get_kind()))


def _make_nested_reader(oid, lookup):
    dup = _get_dup(oid, lookup)
    if dup is None:
        return None

    def read(result, row, column):
        value = dup(result, row, column)
        return None if value is None else Parts(result.lookup_type).value(value)
    return read


# --- what is more than its text ---


_dup_bytes, _dup_text, _get_value = Pg.Result.dup_bytes, Pg.Result.dup_text, Pg.Result.get_value


def read_bytes(result, row, column):
    data = _dup_bytes(result, row, column)
    # PyGObject has None for the data of no bytes.
    return None if data is None else data.get_data() or b''




def read_loaded(result, row, column):
    # What a loader of the program's gives, or a value of an enum of GObject.
    value = _get_value(result, row, column)
    return value.value if type(value) is Kept else value


def read_record(result, row, column):
    # In binary form the fields have types, which the text has not.
    record = result.dup_record(row, column)
    return None if record is None else Parts(result.lookup_type).record(record)


def get_cell_loader(kind, lookup=None):
    """A function of a result, the position of a row and that of a column, for the values of a Pg.Column, and for NULL, which is None.

    None where get_loader() on the text is all there is to it.
    """
    oid = kind.get_type_oid()
    if kind.has_loader():
        return read_loaded
    if kind.has_nested_loader():
        read_nested = _make_nested_reader(oid, lookup)
        if read_nested is not None:
            return read_nested
    if oid == Pg.OID_BYTEA:
        return read_bytes
    if kind.get_format() != Pg.Format.BINARY:
        return None
    if oid == Pg.OID_RECORD:
        return read_record
    # Of a type that the library does not know there is no text then.
    return read_bytes if oid not in _KNOWN and (lookup is None or lookup(oid) is None) else None


def load_again(result, row, column):
    """The value of a date or time, or with some in it, whose text get_loader() makes nothing of: what it means depends on the session's DateStyle."""
    oid = result.get_column(column).get_type_oid()
    dup = _get_dup(oid, result.lookup_type)
    if dup is not None:
        return get_loader(oid, result.lookup_type)(dup(result, row, column).to_string())
    if oid == Pg.OID_DATE:
        return to_native(result.dup_date(row, column))
    if oid in (Pg.OID_TIMESTAMP, Pg.OID_TIMESTAMPTZ):
        return to_native(result.dup_timestamp(row, column))
    raise ValueError


def make_reader(kind, column, lookup=None):
    """A function of a result and the position of a row, for the values of the column at a position."""
    load_cell = get_cell_loader(kind, lookup)
    if load_cell is not None:
        return lambda result, row: load_cell(result, row, column)

    load = get_loader(kind.get_type_oid(), lookup)
    if load is None:
        return lambda result, row: _dup_text(result, row, column)

    def read(result, row):
        text = _dup_text(result, row, column)
        return None if text is None else load(text)
    return read
