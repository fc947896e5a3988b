# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library's value types as Python's: made of Python's own values and texts, printed, compared, hashed, copied, and made Python's own values.

A value is of one of these where Python has no type for it, or none that holds it exactly. docs/types.md says which those are.
"""

import datetime
import decimal
import ipaddress

from gi.module import get_introspection_module
from gi.repository import GLib

Pg = get_introspection_module('Pg')

EPOCH_ORDINAL = datetime.date(2000, 1, 1).toordinal()
EPOCH = datetime.datetime(2000, 1, 1)
EPOCH_UTC = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)
_DAY_MICROSECONDS = 86_400_000_000


def call_value(function, *args):
    """Calls a function of the library that makes a value of another."""
    try:
        return function(*args)
    except GLib.Error as error:
        raise ValueError(error.message) from None


def _cannot_make(cls, args):
    kinds = ', '.join(type(arg).__name__ for arg in args)
    return TypeError(f'Pg.{cls.__name__} cannot be made of {kinds or "nothing"}')


def no_native(value):
    return OverflowError(f'Python has no value for {value}')


def _init(self, *_args, **_keywords):
    # __new__() has done it.
    pass


def restore(name, method, *args):
    """For pickle and copy."""
    return getattr(getattr(Pg, name), method)(*args)


def define_equality(cls, equal):
    """Both operators, by the function of the first: PyGObject's own "!=" of a boxed type compares addresses."""
    def not_equal(self, other):
        result = equal(self, other)
        return result if result is NotImplemented else not result

    cls.__eq__ = equal
    cls.__ne__ = not_equal


def _define(cls, new, native_types=(), to_python=None, ordered=True):
    """What all of them have. A native value is compared with as the library's value that is made of it."""
    equal, to_string, native_hash = cls.equal, cls.to_string, cls.hash

    def coerce(self, other):
        if isinstance(other, cls):
            return other
        if isinstance(other, native_types) and not isinstance(other, bool):
            try:
                return new(cls, other)
            except (TypeError, ValueError, OverflowError):
                pass
        return None

    def is_equal(self, other):
        other = coerce(self, other)
        return NotImplemented if other is None else equal(self, other)

    def __hash__(self):
        # What is equal has to have one hash.
        if native_types:
            try:
                return hash(self.to_python())
            except OverflowError:
                pass
        return native_hash(self)

    cls.__new__ = new
    cls.__init__ = _init
    cls.__str__ = lambda self: to_string(self) or ''
    cls.__repr__ = lambda self: f'Pg.{cls.__name__}({str(self)!r})'
    cls.__reduce__ = lambda self: (restore, (cls.__name__, 'parse', str(self)))
    define_equality(cls, is_equal)
    cls.__hash__ = __hash__
    if to_python is not None:
        cls.to_python = to_python
    if ordered:
        def compared(decide):
            def method(self, other):
                other = coerce(self, other)
                return NotImplemented if other is None else decide(self.compare(other))
            return method
        cls.__lt__ = compared(lambda order: order < 0)
        cls.__le__ = compared(lambda order: order <= 0)
        cls.__gt__ = compared(lambda order: order > 0)
        cls.__ge__ = compared(lambda order: order >= 0)


def _one(cls, args):
    if len(args) != 1:
        raise _cannot_make(cls, args)
    return args[0]


# --- numbers ---


def _numeric_new(cls, *args):
    """Pg.Numeric(value): of an int, a decimal.Decimal or a text."""
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, int):
        # str() refuses integers of thousands of digits.
        value = decimal.Decimal(int(value))
    if isinstance(value, decimal.Decimal):
        value = 'NaN' if value.is_nan() else format(value, 'f') if value.is_finite() else str(value)
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _numeric_to_python(self):
    """The decimal.Decimal, with all digits."""
    return decimal.Decimal(self.to_string())


_define(Pg.Numeric, _numeric_new, (int, decimal.Decimal), _numeric_to_python)
Pg.Numeric.__hash__ = lambda self: Pg.Numeric.hash(self) if self.is_nan() else hash(self.to_python())
Pg.Numeric.__int__ = lambda self: int(self.to_python())
Pg.Numeric.__float__ = lambda self: self.to_double()
Pg.Numeric.__bool__ = lambda self: bool(self.to_python())


# --- dates and times ---


def _date_new(cls, *args):
    """Pg.Date(value): of a datetime.date or a text; Pg.Date(year, month, day), where the year before 1 is −1."""
    if len(args) == 3:
        return call_value(cls.new_from_ymd, *args)
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return cls.new_from_days(value.toordinal() - EPOCH_ORDINAL)
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _date_to_python(self):
    """The datetime.date; OverflowError for infinity, years before 1 and those after 9999."""
    ordinal = self.get_days() + EPOCH_ORDINAL
    if self.is_infinite() or not 1 <= ordinal <= datetime.date.max.toordinal():
        raise no_native(self)
    return datetime.date.fromordinal(ordinal)


def _time_new(cls, *args):
    """Pg.Time(value): of a datetime.time or a text; Pg.Time(hour, minute, second, microsecond=0)."""
    if len(args) in (3, 4):
        return call_value(cls.new, *args, *[0] * (4 - len(args)))
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, datetime.time):
        microseconds = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
        offset = value.utcoffset()
        if offset is None:
            if value.tzinfo is not None:
                raise ValueError('a time whose offset depends on the date has none')
            return call_value(cls.new_from_microseconds, microseconds)
        if offset.microseconds:
            raise ValueError('an offset has no fraction of a second in PostgreSQL')
        return call_value(cls.new_with_offset, microseconds, offset // datetime.timedelta(seconds=1))
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _time_to_python(self):
    """The datetime.time, aware where there is an offset; OverflowError for 24:00."""
    hour, minute, second, microsecond = self.get_hms()
    if hour == 24:
        raise no_native(self)
    zone = datetime.timezone(datetime.timedelta(seconds=self.get_offset())) if self.has_offset() else None
    return datetime.time(hour, minute, second, microsecond, zone)


def _timestamp_new(cls, *args):
    """Pg.Timestamp(value): of a datetime.datetime, with a time zone where it is aware, of a GLib.DateTime, or of a text.

    Pg.Timestamp(year, month, day, hour, minute, second, microsecond=0), without a time zone, within Python's years.
    """
    if len(args) in (6, 7):
        args = (datetime.datetime(*args),)
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, datetime.datetime):
        if value.utcoffset() is None:
            return cls.new_from_microseconds((value.replace(tzinfo=None) - EPOCH) // MICROSECOND, False)
        return cls.new_from_microseconds((value - EPOCH_UTC) // MICROSECOND, True)
    if isinstance(value, GLib.DateTime):
        return cls.new_from_datetime(value)
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _timestamp_to_python(self):
    """The datetime.datetime, in UTC where there is a time zone; OverflowError for infinity, years before 1 and those after 9999."""
    if self.is_infinite():
        raise no_native(self)
    try:
        return (EPOCH_UTC if self.has_time_zone() else EPOCH) + self.get_microseconds() * MICROSECOND
    except OverflowError:
        raise no_native(self) from None


def split_timedelta(value):
    """The days and microseconds of a datetime.timedelta, of one sign: in a zone with summer time −1 s is not −1 day and 86399 s."""
    days, microseconds = value.days, value.seconds * 1_000_000 + value.microseconds
    if days < 0 and microseconds > 0:
        days, microseconds = days + 1, microseconds - _DAY_MICROSECONDS
    return days, microseconds


def _interval_new(cls, *args, months=0, days=0, microseconds=0):
    """Pg.Interval(value): of a datetime.timedelta or a text; Pg.Interval(months=0, days=0, microseconds=0)."""
    if len(args) in (0, 3):
        months, days, microseconds = args or (months, days, microseconds)
        return call_value(cls.new, months, days, microseconds)
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, datetime.timedelta):
        return call_value(cls.new, 0, *split_timedelta(value))
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _interval_to_python(self):
    """The datetime.timedelta, in which a day has 24 hours; OverflowError where there are months, and for infinity."""
    if self.get_months() != 0 or self.is_infinite():
        raise no_native(self)
    try:
        return datetime.timedelta(days=self.get_days(), microseconds=self.get_microseconds())
    except OverflowError:
        raise no_native(self) from None


def _interval_hash(self):
    # Equal are those of the same length, where a month has 30 days and a day 24 hours.
    if self.is_infinite():
        return Pg.Interval.hash(self)
    days = self.get_months() * 30 + self.get_days()
    try:
        return hash(datetime.timedelta(days=days, microseconds=self.get_microseconds()))
    except OverflowError:
        return hash(days * _DAY_MICROSECONDS + self.get_microseconds())


_define(Pg.Date, _date_new, (datetime.date,), _date_to_python)
_define(Pg.Time, _time_new, (datetime.time,), _time_to_python)
_define(Pg.Timestamp, _timestamp_new, (datetime.datetime,), _timestamp_to_python)
_define(Pg.Interval, _interval_new, (datetime.timedelta,), _interval_to_python)
Pg.Interval.__hash__ = _interval_hash
Pg.Interval.months = property(Pg.Interval.get_months)
Pg.Interval.days = property(Pg.Interval.get_days)
Pg.Interval.microseconds = property(Pg.Interval.get_microseconds)

# With and without a time zone are two types, which are not in one order: Python's own are not, either.
for _cls, _has in ((Pg.Timestamp, Pg.Timestamp.has_time_zone), (Pg.Time, Pg.Time.has_offset)):
    def _same_kind(method, has=_has, cls=_cls):
        def compare(self, other):
            if isinstance(other, (datetime.datetime, datetime.time)):
                if has(self) != (other.utcoffset() is not None):
                    return NotImplemented
            elif isinstance(other, cls) and has(self) != has(other):
                return NotImplemented
            return method(self, other)
        return compare
    for _name in ('__lt__', '__le__', '__gt__', '__ge__'):
        setattr(_cls, _name, _same_kind(getattr(_cls, _name)))

# The infinities have no text that says whether there is a time zone.
_timestamp_reduce = Pg.Timestamp.__reduce__
Pg.Timestamp.__reduce__ = lambda self: ((restore, ('Timestamp', 'new_infinity', self.get_microseconds() < 0, self.has_time_zone()))
                                        if self.is_infinite() else _timestamp_reduce(self))


# --- networks ---


def _inet_new(cls, *args):
    """Pg.Inet(value): of an address, an interface or a network of the module ipaddress, or a text."""
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return call_value(cls.parse_cidr, str(value))
    if isinstance(value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        value = str(value)
    if not isinstance(value, str):
        raise _cannot_make(cls, args)
    return call_value(cls.parse, value)


def _inet_to_python(self):
    """The network of the module ipaddress for a cidr; for an inet its address, or, with a mask, its interface."""
    text = self.to_string()
    if self.is_cidr():
        return ipaddress.ip_network(text)
    return ipaddress.ip_interface(text) if '/' in text else ipaddress.ip_address(text)


_define(Pg.Inet, _inet_new, (), _inet_to_python)
Pg.Inet.__reduce__ = lambda self: (restore, ('Inet', 'parse_cidr' if self.is_cidr() else 'parse', str(self)))


# --- bits and points ---


def _bit_string_new(cls, *args):
    """Pg.BitString(value): of a text of 0 and 1, or of values that are 0 or 1, as False and True are. Those of bytes are no bits."""
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if not isinstance(value, str):
        try:
            bits = list(value)
        except TypeError:
            raise _cannot_make(cls, args) from None
        if isinstance(value, (bytes, bytearray, memoryview)) or not all(bit in (0, 1) for bit in bits):
            raise _cannot_make(cls, args)
        value = ''.join('1' if bit else '0' for bit in bits)
    return call_value(cls.parse, value)


def _bit_string_item(self, index):
    if isinstance(index, slice):
        return Pg.BitString(str(self)[index])
    length = self.get_length()
    position = index + length if index < 0 else index
    if not 0 <= position < length:
        raise IndexError(f'bit {index} is out of range: the number of bits is {length}')
    return self.get_bit(position)


_define(Pg.BitString, _bit_string_new)
Pg.BitString.__len__ = lambda self: self.get_length()
Pg.BitString.__getitem__ = _bit_string_item
Pg.BitString.__iter__ = lambda self: (bit == '1' for bit in str(self))
Pg.BitString.__int__ = lambda self: int(str(self) or '0', 2)
Pg.BitString.__bytes__ = lambda self: self.get_bytes().get_data() or b''
Pg.BitString.__bool__ = lambda self: self.get_length() > 0


def _point_new(cls, *args):
    """Pg.Point(x, y); Pg.Point(value): of a pair of numbers or a text."""
    if len(args) == 2:
        return cls.new(*args)
    value = _one(cls, args)
    if isinstance(value, cls):
        return value
    if isinstance(value, str):
        return call_value(cls.parse, value)
    try:
        x, y = value
    except (TypeError, ValueError):
        raise _cannot_make(cls, args) from None
    return cls.new(x, y)


_define(Pg.Point, _point_new, ordered=False)
Pg.Point.x = property(Pg.Point.get_x)
Pg.Point.y = property(Pg.Point.get_y)
Pg.Point.__len__ = lambda self: 2
Pg.Point.__iter__ = lambda self: iter((self.get_x(), self.get_y()))
Pg.Point.__getitem__ = lambda self, index: (self.get_x(), self.get_y())[index]
Pg.Point.__repr__ = lambda self: f'Pg.Point({self.get_x()!r}, {self.get_y()!r})'
