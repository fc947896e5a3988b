# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ranges, multiranges, records and arrays as Python's: bounds and elements that are values of Python, "in", and iteration."""

import datetime
import decimal
import enum
import ipaddress
import operator
import uuid

from gi.module import get_introspection_module
from gi.repository import GObject

from ._pg_classes import get_only_label
from ._pg_loaders import Parts, _get_element, load_elements, load_record, load_text
from ._pg_types import call_value, define_equality, restore

Pg = get_introspection_module('Pg')

_INT4_MAX, _INT8_MAX = 2**31 - 1, 2**63 - 1
#: Of these there are only ranges of the database's own.
_OTHERS = (float, datetime.time, datetime.timedelta, uuid.UUID, ipaddress.IPv4Address, ipaddress.IPv6Address)


#: Types of bounds, each of which holds the values of those before it.
_INTEGERS = (Pg.OID_INT4, Pg.OID_INT8, Pg.OID_NUMERIC)


def _common_type(types):
    """The one that holds the bounds of all of these types; None where there is none. 0 is no type yet, of an empty range or one without bounds."""
    types = set(types) - {0}
    if len(types) > 1:
        return max(types, key=_INTEGERS.index) if types <= set(_INTEGERS) else None
    return types.pop() if types else 0


def with_common_type(values):
    """Ranges and multiranges of a list that are of one type, as they are the elements of an array."""
    common = _common_type(value.get_element_type() for value in values if isinstance(value, (Pg.Range, Pg.Multirange)))
    if not common:
        return values
    return [type(value).parse(str(value), common) if isinstance(value, (Pg.Range, Pg.Multirange)) and value.get_element_type() != common else value
            for value in values]


def _bound(value):
    """The type and the text of a bound; an integer has all types that hold it, the smallest first."""
    if isinstance(value, bool):
        raise TypeError('a bool cannot be the bound of a range')
    if not isinstance(value, int) and getattr(getattr(value, 'dtype', None), 'kind', None) in ('i', 'u'):
        value = operator.index(value)  # one of NumPy's
    if isinstance(value, int):
        smallest = 0 if -_INT4_MAX <= value <= _INT4_MAX else 1 if -_INT8_MAX - 1 <= value <= _INT8_MAX else 2
        return _INTEGERS[smallest:], str(Pg.Numeric(value))
    if isinstance(value, (decimal.Decimal, Pg.Numeric)):
        return (Pg.OID_NUMERIC,), str(Pg.Numeric(value))
    if isinstance(value, (datetime.datetime, Pg.Timestamp)):
        value = Pg.Timestamp(value)
        return (Pg.OID_TIMESTAMPTZ if value.has_time_zone() else Pg.OID_TIMESTAMP,), str(value)
    if isinstance(value, (datetime.date, Pg.Date)):
        return (Pg.OID_DATE,), str(Pg.Date(value))
    if isinstance(value, str):
        return (), value
    if isinstance(value, enum.Enum):
        return (), get_only_label(value)
    if isinstance(value, _OTHERS):
        return None, str(value)
    gtype = getattr(type(value), '__gtype__', GObject.TYPE_INVALID)
    if not (gtype.is_a(GObject.TYPE_BOXED) and hasattr(value, 'to_string')):
        raise TypeError(f'a {type(value).__name__} cannot be the bound of a range')
    return (), str(value)


def _different(lower, upper):
    return TypeError(f'the bounds of a range are of different types: {type(lower).__name__} and {type(upper).__name__}')


def _range_new(cls, lower=None, upper=None, bounds='[)', empty=False, *, element_type=None):
    """Pg.Range(lower=None, upper=None, bounds='[)', empty=False, element_type=None).

    None is no bound on that side. The type of the bounds is theirs; element_type is its OID where they are texts, or are to be of another
    type, as integers of a numrange.
    """
    if bounds not in ('[]', '[)', '(]', '()'):
        raise ValueError(f"the bounds of a range are one of '[]', '[)', '(]' and '()', not {bounds!r}")
    made = [((), None) if value is None else _bound(value) for value in (lower, upper)]
    if element_type is None:
        types = [types for types, _text in made if types]
        if None in (made[0][0], made[1][0]):
            if lower is not None and upper is not None and type(lower) is not type(upper):
                raise _different(lower, upper)
            raise TypeError(f'a range of {type(upper if lower is None else lower).__name__} needs the element_type')
        common = [oid for oid in types[0] if all(oid in others for others in types)] if types else [0]
        if not common:
            raise _different(lower, upper)
        element_type = common[0]
    if empty:
        return cls.new_empty(element_type)
    return call_value(cls.new, element_type, made[0][1], made[1][1], bounds)


def _range_bound(get, get_value):
    def bound(self):
        if self.has_loader():
            return Parts().value(get_value(self))
        text = get(self)
        return None if text is None else load_text(self.get_element_type(), text)
    return bound


def _range_key(self):
    return None if self.is_empty() else (self.lower, self.upper, self.is_lower_inclusive(), self.is_upper_inclusive())


def _range_equal(self, other):
    # That of another element type has the same values, too.
    if not isinstance(other, Pg.Range):
        return NotImplemented
    return Pg.Range.equal(self, other) if self.get_element_type() == other.get_element_type() else _range_key(self) == _range_key(other)


def _range_contains(self, value):
    if value is None or self.is_empty():
        return False
    lower, upper = self.lower, self.upper
    if lower is not None and not (lower <= value if self.is_lower_inclusive() else lower < value):
        return False
    return upper is None or (value <= upper if self.is_upper_inclusive() else value < upper)


def _range_repr(self):
    if self.is_empty():
        return 'Pg.Range(empty=True)'
    return f'Pg.Range({self.lower!r}, {self.upper!r}, {self.bounds!r})'


def _ordered(cls):
    def compared(decide):
        def method(self, other):
            if not isinstance(other, cls) or self.get_element_type() != other.get_element_type():
                return NotImplemented
            return decide(self.compare(other))
        return method
    cls.__lt__ = compared(lambda order: order < 0)
    cls.__le__ = compared(lambda order: order <= 0)
    cls.__gt__ = compared(lambda order: order > 0)
    cls.__ge__ = compared(lambda order: order >= 0)


def _init(self, *_args, **_keywords):
    pass


Pg.Range.__new__ = _range_new
Pg.Range.__init__ = _init
Pg.Range.lower = property(_range_bound(Pg.Range.get_lower, Pg.Range.get_lower_value), doc='The lower bound; None where there is none.')
Pg.Range.upper = property(_range_bound(Pg.Range.get_upper, Pg.Range.get_upper_value), doc='The upper bound; None where there is none.')
# PyGObject takes no reference of a boxed value in a GValue, and would have it freed.
Pg.Range.get_lower_value = lambda self: self.lower
Pg.Range.get_upper_value = lambda self: self.upper
Pg.Range.bounds = property(lambda self: ('[' if self.is_lower_inclusive() else '(') + (']' if self.is_upper_inclusive() else ')'),
                           doc='Which bounds are in the range: a bracket is one that is.')
Pg.Range.isempty = property(Pg.Range.is_empty)
Pg.Range.lower_inc = property(Pg.Range.is_lower_inclusive)
Pg.Range.upper_inc = property(Pg.Range.is_upper_inclusive)
Pg.Range.lower_inf = property(lambda self: not self.is_empty() and self.get_lower() is None)
Pg.Range.upper_inf = property(lambda self: not self.is_empty() and self.get_upper() is None)
Pg.Range.__contains__ = _range_contains
Pg.Range.__bool__ = lambda self: not self.is_empty()
define_equality(Pg.Range, _range_equal)
Pg.Range.__hash__ = lambda self: hash(_range_key(self))
Pg.Range.__str__ = Pg.Range.to_string
Pg.Range.__repr__ = _range_repr
Pg.Range.__reduce__ = lambda self: (restore, ('Range', 'parse', str(self), self.get_element_type()))
_ordered(Pg.Range)


# --- multiranges ---


def _multirange_new(cls, ranges=(), *, element_type=None):
    """Pg.Multirange(ranges=(), element_type=None): of a sequence of Pg.Range, or a text with the OID of the type of the bounds."""
    if isinstance(ranges, cls):
        return ranges
    if not isinstance(ranges, str):
        ranges = list(ranges)
        for item in ranges:
            if not isinstance(item, Pg.Range):
                raise TypeError(f'a Pg.Multirange is made of Pg.Range, not of {type(item).__name__}')
        if element_type is None:
            element_type = _common_type(item.get_element_type() for item in ranges)
            if element_type is None:
                raise TypeError('the ranges of a multirange are of different types')
        ranges = '{' + ','.join(map(str, ranges)) + '}'
    return call_value(cls.parse, ranges, element_type or 0)


def _multirange_item(self, index):
    if isinstance(index, slice):
        return Pg.Multirange(list(self)[index], element_type=self.get_element_type())
    length = self.get_n_ranges()
    position = index + length if index < 0 else index
    if not 0 <= position < length:
        raise IndexError(f'range {index} is out of range: the number of ranges is {length}')
    return self.get_range(position)


def _multirange_equal(self, other):
    if not isinstance(other, Pg.Multirange):
        return NotImplemented
    return list(self) == list(other)


Pg.Multirange.__new__ = _multirange_new
Pg.Multirange.__init__ = _init
Pg.Multirange.__len__ = lambda self: self.get_n_ranges()
Pg.Multirange.__getitem__ = _multirange_item
Pg.Multirange.__iter__ = lambda self: (self.get_range(position) for position in range(self.get_n_ranges()))
Pg.Multirange.__contains__ = lambda self, value: value in list(self) if isinstance(value, Pg.Range) else any(value in item for item in self)
define_equality(Pg.Multirange, _multirange_equal)
Pg.Multirange.__hash__ = lambda self: hash(tuple(self))
Pg.Multirange.__str__ = Pg.Multirange.to_string
Pg.Multirange.__repr__ = lambda self: f'Pg.Multirange({list(self)!r})'
Pg.Multirange.__reduce__ = lambda self: (restore, ('Multirange', 'parse', str(self), self.get_element_type()))
_ordered(Pg.Multirange)


# --- records ---


def _record_item(self, index):
    return tuple(self)[index]


Pg.Record.__len__ = lambda self: self.get_n_fields()
Pg.Record.__getitem__ = _record_item
Pg.Record.get_value = _record_item
Pg.Record.__iter__ = lambda self: iter(load_record(self))
define_equality(Pg.Record, lambda self, other: Pg.Record.equal(self, other) if isinstance(other, Pg.Record) else NotImplemented)
Pg.Record.__hash__ = lambda self: Pg.Record.hash(self)
Pg.Record.__str__ = lambda self: self.to_string() or repr(self)
Pg.Record.__repr__ = lambda self: f'<Pg.Record {tuple(self)!r}>'


# --- arrays ---


def _array_new(cls, text=None, element_type=None):
    """Pg.Array(text, element_type): of a text with the OID of the type of the elements."""
    if not isinstance(text, str) or element_type is None:
        raise TypeError('Pg.Array is made of a text and the OID of the type of its elements: a list is sent as it is')
    return call_value(cls.parse, text, element_type)


def _array_value(self, position):
    if self.has_loader():
        return Parts().value(_get_element(self, position))
    text = self.dup_text(position)
    return None if text is None else load_text(self.get_element_type(), text)


Pg.Array.__new__ = _array_new
Pg.Array.__init__ = _init
Pg.Array.lower_bounds = property(lambda self: tuple(self.get_lower_bound(dimension) for dimension in range(self.get_n_dimensions())),
                                 doc='The subscript of the first element in each dimension, as PostgreSQL counts.')
Pg.Array.to_python = lambda self: load_elements(self)
Pg.Array.get_value = _array_value
Pg.Array.__len__ = lambda self: self.get_length(0)
Pg.Array.__getitem__ = lambda self, index: load_elements(self)[index]
Pg.Array.__iter__ = lambda self: iter(load_elements(self))
define_equality(Pg.Array, lambda self, other: Pg.Array.equal(self, other) if isinstance(other, Pg.Array) else NotImplemented)
Pg.Array.__hash__ = lambda self: Pg.Array.hash(self)
Pg.Array.__str__ = lambda self: self.to_string() or ''
Pg.Array.__repr__ = lambda self: f'Pg.Array({str(self)!r}, {self.get_element_type()})'
Pg.Array.__reduce__ = lambda self: (restore, ('Array', 'parse', str(self), self.get_element_type()))
_ordered(Pg.Array)
