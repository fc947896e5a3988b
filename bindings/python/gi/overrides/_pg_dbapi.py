# SPDX-License-Identifier: LGPL-2.1-or-later
"""What DB-API 2.0 wants of a module besides: objects that stand for kinds of types, and constructors of values."""

import datetime
import numbers

from gi.module import get_introspection_module

Pg = get_introspection_module('Pg')


class TypeObject:
    """Equals the type_code of each column of its kind."""

    __slots__ = ('_name', '_oids')

    def __init__(self, name, *oids):
        self._name = name
        self._oids = frozenset(oids)

    def __eq__(self, other):
        if isinstance(other, TypeObject):
            return self._oids == other._oids
        return other in self._oids if isinstance(other, int) else NotImplemented

    # It equals several type codes, which have hashes of their own.
    __hash__ = None

    def __repr__(self):
        return f'Pg.{self._name}'


BINARY = TypeObject('BINARY', Pg.OID_BYTEA)
DATETIME = TypeObject('DATETIME', Pg.OID_TIMESTAMP, Pg.OID_TIMESTAMPTZ, Pg.OID_DATE, Pg.OID_TIME, Pg.OID_TIMETZ, Pg.OID_INTERVAL)
NUMBER = TypeObject('NUMBER', Pg.OID_INT2, Pg.OID_INT4, Pg.OID_INT8, Pg.OID_FLOAT4, Pg.OID_FLOAT8, Pg.OID_NUMERIC)
ROWID = TypeObject('ROWID', Pg.OID_OID)
STRING = TypeObject('STRING', Pg.OID_TEXT, Pg.OID_VARCHAR, Pg.OID_BPCHAR)


def Binary(data):
    """The bytes of an object, for a bytea."""
    return bytes(memoryview(data))


# Of ticks the date and the time are those in UTC.


def DateFromTicks(ticks):
    """The date of so many seconds since 1970, in UTC."""
    return TimestampFromTicks(ticks).date()


def TimeFromTicks(ticks):
    """The time of day of so many seconds since 1970, in UTC."""
    return TimestampFromTicks(ticks).time()


def TimestampFromTicks(ticks):
    """The point in time of so many seconds since 1970."""
    if not isinstance(ticks, numbers.Real):
        raise TypeError(f'ticks must be a number of seconds, not {type(ticks).__name__}')
    return datetime.datetime.fromtimestamp(ticks, datetime.timezone.utc)
