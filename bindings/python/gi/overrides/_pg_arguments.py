# SPDX-License-Identifier: LGPL-2.1-or-later
"""Arguments that are of a wrong type: exceptions that name them and say what they can be."""

import operator

from gi.module import get_introspection_module

Pg = get_introspection_module('Pg')


def check_boolean(name, value):
    if not isinstance(value, bool):
        raise TypeError(f'{name} must be True or False, not {_describe(value)}')
    return value


def check_optional_boolean(name, value):
    if value is not None and not isinstance(value, bool):
        raise TypeError(f'{name} must be True, False or None, not {_describe(value)}')
    return value


def check_integer(name, value):
    """What stands for an integer, as NumPy's do, is one; a bool is none."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or not hasattr(value, '__index__'):
        raise TypeError(f'{name} must be an int, not {_describe(value)}')
    return operator.index(value)


def check_range(name, value, least, most):
    """An integer that C has a type for."""
    value = check_integer(name, value)
    if not least <= value <= most:
        raise ValueError(f'{name} must be from {least} to {most}, not {value}')
    return value


def check_oid(name, value):
    return check_range(name, value, 0, 2**32 - 1)


def check_oids(oids):
    if isinstance(oids, (str, bytes)):
        raise TypeError(f'the types must be a sequence of OIDs, not {_describe(oids)}')
    return [check_oid('an OID', oid) for oid in check_iterable('the types', oids, 'OIDs')]


def check_iterable(name, value, of):
    if getattr(type(value), '__iter__', None) is None and not hasattr(type(value), '__getitem__'):
        raise TypeError(f'{name} must be an iterable of {of}, not {_describe(value)}')
    return value


def check_callable(name, value):
    if not callable(value):
        raise TypeError(f'{name} must be a function or a class, not {_describe(value)}')
    return value


def check_str(name, value):
    if not isinstance(value, str):
        raise TypeError(f'{name} must be a str, not {_describe(value)}')
    return value


def _describe(value):
    return value if value is None or isinstance(value, bool) else type(value).__name__


def to_tristate(name, value):
    if isinstance(value, Pg.Tristate):
        return value
    if check_optional_boolean(name, value) is None:
        return Pg.Tristate.DEFAULT
    return Pg.Tristate.ON if value else Pg.Tristate.OFF


def from_tristate(value):
    return None if value == Pg.Tristate.DEFAULT else value == Pg.Tristate.ON


def to_milliseconds(name, seconds):
    """0 is any time; a time that is too short to be one is the shortest one."""
    if seconds is None:
        return 0
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise TypeError(f'{name} must be a number of seconds or None, not {_describe(seconds)}')
    if not 0 <= seconds < 2**32 / 1000:
        raise ValueError(f'{name} must be from 0 to 4294967 seconds, not {seconds}')
    return max(round(seconds * 1000), 1 if seconds > 0 else 0)


def check_fetch_size(size):
    """That of fetchmany(): 0 for arraysize."""
    if size is None:
        return 0
    size = check_integer('the size for fetchmany()', size)
    if size < 0:
        raise ValueError(f'the size for fetchmany() cannot be negative: {size}')
    return min(size, 2**32 - 1)
