# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loaders and dumpers that are functions of Python, and Python's enums for those of the database."""

import enum

from gi.module import get_introspection_module
from gi.repository import GLib, GObject

from ._pg_errors import ProgrammingError, convert
from ._pg_loaders import _make_array_loader

Pg = get_introspection_module('Pg')

_QUARK = 'pg-python'


def _make_value(value):
    """What the library keeps of a value: its own type for it where it has one, otherwise the object itself."""
    kind = type(value)
    if kind is bool:
        return GObject.Value(GObject.TYPE_BOOLEAN, value)
    if kind is int and -2**63 <= value < 2**63:
        return GObject.Value(GObject.TYPE_INT64, value)
    if kind is float:
        return GObject.Value(GObject.TYPE_DOUBLE, value)
    if kind is str and '\0' not in value:
        return GObject.Value(GObject.TYPE_STRING, value)
    return GObject.Value(GObject.TYPE_PYOBJECT, value)


def _fail(error):
    # Another exception would only be printed.
    return GLib.Error(f'{type(error).__name__}: {error}', _QUARK, 0)


def _register_loader(self, kind, load, format=Pg.Format.TEXT):
    """Reads the values of a type, given by its OID or its name, by a function: of a str in text format, of bytes in binary.

    What it raises is a DataError of the value. None for the library's own way.
    """
    def call(request, *_):
        data = request.get_bytes().get_data() or b''
        try:
            value = load(data.decode() if format == Pg.Format.TEXT else data)
            # None is what no value is.
            if value is not None:
                value = _make_value(value)
        except Exception as error:
            raise _fail(error) from error
        request.set_value(GObject.Value(GObject.TYPE_STRING) if value is None else value)

    try:
        if isinstance(kind, str):
            self.add_loader_by_name(kind, format, None if load is None else call)
        else:
            self.add_loader(kind, format, None if load is None else call)
    except GLib.Error as error:
        raise convert(error) from None


def _register_dumper(self, cls, dump, oid=0, format=Pg.Format.TEXT):
    """Writes the objects of a class that is one of GObject's, and of those derived from it, by a function that returns a str or bytes.

    None for the library's own way.
    """
    gtype = GObject.type_from_name(cls) if isinstance(cls, str) else getattr(cls, '__gtype__', GObject.TYPE_INVALID)
    if gtype == GObject.TYPE_INVALID:
        raise TypeError(f'{cls!r} is not a class of GObject')

    def call(value, *_):
        try:
            data = dump(value)
            return GLib.Bytes.new(data.encode() if isinstance(data, str) else bytes(data))
        except Exception as error:
            raise _fail(error) from error

    self.add_dumper(gtype, oid, format, None if dump is None else call)


_register_genum = Pg.AdaptersMap.register_enum


def _register_enum(self, info, cls):
    """Reads the values of an enum of the database as members of a class of enum.Enum, by their names, or as values of an enum of GObject.

    info is what fetch_type() returns. Members of enum.Enum are sent as their names in any case.
    """
    if not (isinstance(cls, type) and issubclass(cls, enum.Enum)):
        try:
            return _register_genum(self, info, cls)
        except GLib.Error as error:
            raise convert(error) from None
    labels = info.get_labels()
    if labels is None:
        raise ProgrammingError(f'the type {info.get_sql_name()} is not an enum')
    for label in labels:
        if label not in cls.__members__:
            raise ProgrammingError(f'the label “{label}” of the enum {info.get_sql_name()} has no member in {cls.__name__}')
    self.add_type(info)
    load = cls.__members__.__getitem__
    for format in (Pg.Format.TEXT, Pg.Format.BINARY):
        self.register_loader(info.get_oid(), load if format == Pg.Format.TEXT else lambda data: load(data.decode()), format)
    self.register_loader(info.get_array_oid(), _make_array_loader(info.get_oid(), load, info.get_delimiter()))


Pg.AdaptersMap.register_loader = _register_loader
Pg.AdaptersMap.register_dumper = _register_dumper
Pg.AdaptersMap.register_enum = _register_enum
Pg.TypeInfo.__repr__ = lambda self: f'<Pg.TypeInfo {self.get_sql_name()} {self.get_oid()}>'
