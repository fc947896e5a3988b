# SPDX-License-Identifier: LGPL-2.1-or-later
"""Exceptions for arguments that C has as a precondition, where it would only print a message: g_return_if_fail()."""

import functools

from gi.module import get_introspection_module
from gi.repository import GObject

from ._pg_arguments import check_range
from ._pg_errors import converting

Pg = get_introspection_module('Pg')

_UINT_MAX = 2**32 - 1


def check_format(format):
    if format not in (Pg.Format.TEXT, Pg.Format.BINARY):
        raise ValueError('the format is Pg.Format.TEXT or Pg.Format.BINARY')


def _cursor_format(_self, format, *_):
    if format not in (Pg.Format.AUTO, Pg.Format.TEXT, Pg.Format.BINARY):
        raise ValueError(f'the format is of Pg.Format: AUTO, TEXT or BINARY, not {format!r}')


def _integer(what, least, most):
    def check(_self, value, *_):
        check_range(what, value, least, most)
    return check


def _cursor_factory(what, blocking, asynchronous):
    def check(self, cls, *_):
        base = asynchronous if isinstance(self, Pg.AsyncConnection) else blocking
        gtype = cls if isinstance(cls, GObject.GType) else getattr(cls, '__gtype__', GObject.TYPE_INVALID)
        if not isinstance(gtype, GObject.GType) or not gtype.is_a(base) or gtype.is_abstract():
            raise TypeError(f'the {what} is Pg.{base.__name__} or a class derived from it, not {cls!r}')
    return check


def _large_object_mode(_self, _oid, mode=None, *_):
    if mode not in (Pg.LargeObjectMode.READ, Pg.LargeObjectMode.WRITE, Pg.LargeObjectMode.READ | Pg.LargeObjectMode.WRITE):
        raise ValueError('the mode of a large object is of Pg.LargeObjectMode: READ, WRITE or both')


def _set_name(self, index, *_):
    if not 0 <= index < self.get_n_params():
        raise IndexError(f'there is no parameter {index}: their number is {self.get_n_params()}')


def _checked(cls, name, check):
    method = converting(getattr(cls, name))

    @functools.wraps(method)
    def checked(self, *args):
        if args:
            check(self, *args)
        return method(self, *args)
    setattr(cls, name, checked)


_checked(Pg.BaseConnection, 'set_prepare_threshold', _integer('prepare_threshold', -1, 2**31 - 1))
_checked(Pg.BaseConnection, 'set_prepared_max', _integer('prepared_max', -1, 2**31 - 1))
_checked(Pg.BaseConnection, 'set_timeout', _integer('timeout', 0, _UINT_MAX))
_checked(Pg.BaseConnection, 'set_cancel_timeout', _integer('cancel_timeout', 1, _UINT_MAX))
_checked(Pg.BaseConnection, 'set_cursor_factory', _cursor_factory('cursor factory', Pg.Cursor, Pg.AsyncCursor))
_checked(Pg.BaseConnection, 'set_server_cursor_factory', _cursor_factory('server cursor factory', Pg.ServerCursor, Pg.AsyncServerCursor))
_checked(Pg.Connection, 'open_large_object', _large_object_mode)
_checked(Pg.AsyncConnection, 'open_large_object_async', _large_object_mode)
_checked(Pg.BaseServerCursor, 'set_itersize', _integer('itersize', 1, 2**31 - 1))
_checked(Pg.BaseCursor, 'set_format', _cursor_format)
_checked(Pg.BaseCursor, 'set_arraysize', _integer('arraysize', 1, _UINT_MAX - 1))
_checked(Pg.AdaptersMap, 'add_loader', lambda _self, _oid, format=Pg.Format.TEXT, *_: check_format(format))
_checked(Pg.AdaptersMap, 'add_dumper', lambda _self, _type, _oid=0, format=Pg.Format.TEXT, *_: check_format(format))
_checked(Pg.Params, 'set_name', _set_name)
