# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loaders and dumpers that are functions of Python, and Python's enums for those of the database."""

import collections.abc
import enum

from gi.module import get_introspection_module
from gi.repository import GLib, GObject

from ._pg_arguments import check_oid
from ._pg_checks import check_format
from ._pg_classes import remember_class, remember_labels
from ._pg_errors import ProgrammingError, convert, keep_interrupt
from ._pg_loaders import Kept, Parts, get_tuple_class
from ._pg_rows import to_identifier

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
    if isinstance(value, (Pg.Array, Pg.Record)):
        value = Kept(value)
    return GObject.Value(GObject.TYPE_PYOBJECT, value)


def _fail(error):
    # Another exception would only be printed.
    if not isinstance(error, Exception):
        keep_interrupt(error)
    message = error.message if isinstance(error, GLib.Error) else error
    return GLib.Error(f'{type(error).__name__}: {message}', _QUARK, 0)


def _check_function(function, what):
    if function is not None and not callable(function):
        raise TypeError(f'a {what} is a function or None, not {type(function).__name__}')


_add_loader, _add_loader_by_name, _add_dumper = Pg.AdaptersMap.add_loader, Pg.AdaptersMap.add_loader_by_name, Pg.AdaptersMap.add_dumper


def _set_loader(adapters, kind, format, load):
    """Lets a function of a Pg.Load read the values of a type."""
    def call(request, *_):
        try:
            value = load(request)
            # None is what no value is.
            if value is not None:
                value = _make_value(value)
        except BaseException as error:
            raise _fail(error) from error
        request.set_value(GObject.Value(GObject.TYPE_STRING) if value is None else value)

    check_format(format)
    if not isinstance(kind, str):
        kind = check_oid('a type that is no name', kind)
    try:
        if isinstance(kind, str):
            _add_loader_by_name(adapters, kind, format, None if load is None else call)
        else:
            _add_loader(adapters, kind, format, None if load is None else call)
    except GLib.Error as error:
        raise convert(error) from None


def _register_loader(self, kind, load, format=Pg.Format.TEXT):
    """Reads the values of a type, given by its OID or its name, by a function: of a str in text format, of bytes in binary.

    It is so wherever they are, in arrays, composite types and ranges too. What the function raises is a DataError of the value; a KeyboardInterrupt or
    SystemExit is raised. None for the library's own way.
    """
    _check_function(load, 'loader')

    def read(request):
        data = request.get_bytes().get_data() or b''
        return load(data.decode() if format == Pg.Format.TEXT else data)

    _set_loader(self, kind, format, None if load is None else read)


def _register_dumper(self, cls, dump, oid=0, format=Pg.Format.TEXT):
    """Writes the objects of a class that is one of GObject's, and of those derived from it, by a function that returns a str or bytes.

    None for the library's own way.
    """
    _check_function(dump, 'dumper')
    check_format(format)
    oid = check_oid('oid', oid)
    gtype = GObject.type_from_name(cls) if isinstance(cls, str) else getattr(cls, '__gtype__', GObject.TYPE_INVALID)
    if gtype == GObject.TYPE_INVALID:
        raise TypeError(f'{cls!r} is not a class of GObject')

    def call(value, *_):
        try:
            data = dump(value)
            return GLib.Bytes.new(data.encode() if isinstance(data, str) else bytes(data))
        except BaseException as error:
            raise _fail(error) from error

    _add_dumper(self, gtype, oid, format, None if dump is None else call)


_register_genum = Pg.AdaptersMap.register_enum


def _map_labels(info, cls, mapping):
    """The member for each label; those that a mapping does not name are the members of their names."""
    if mapping is not None and not isinstance(mapping, collections.abc.Mapping):
        mapping = dict(mapping)
    members = {}
    labels = info.get_labels()
    for member, label in (mapping or {}).items():
        if not isinstance(member, cls):
            raise TypeError(f'the mapping of an enum is from members of {cls.__name__} to labels, not from {type(member).__name__}')
        if label not in labels:
            raise ProgrammingError(f'the enum {info.get_sql_name()} has no label {label!r}')
        members[label] = member
    for label in labels:
        if label not in members and label not in cls.__members__:
            raise ProgrammingError(f'the label “{label}” of the enum {info.get_sql_name()} has no member in {cls.__name__}')
        members.setdefault(label, cls.__members__.get(label))
    return members


def _register_enum(self, info, cls=None, mapping=None):
    """Reads the values of an enum of the database as members of a class of enum.Enum, by their names, or as values of an enum of GObject.

    info is what fetch_type() returns. Members of such a class are sent as values of the enum of the database, whatever else they are: those of an IntEnum too.
    A mapping, of members to labels, or pairs of them, is for labels that are not the names of members. Without a class one is made of the labels.
    Returns the class.
    """
    _check_info(info)
    is_gtype = isinstance(cls, GObject.GType) or getattr(cls, '__gtype__', None) is not None
    # An enum of GObject may be a class of enum.Enum besides.
    if cls is not None and (is_gtype or not (isinstance(cls, type) and issubclass(cls, enum.Enum))):
        if not is_gtype:
            raise TypeError(f'the enum must be a class of enum.Enum, an enum of GObject or None, not {cls!r}')
        if mapping is not None:
            raise TypeError('the mapping is for a class of enum.Enum: an enum of GObject has nicks')
        try:
            _register_genum(self, info, cls)
        except GLib.Error as error:
            raise convert(error) from None
        return cls
    if info.get_kind() != Pg.TypeKind.ENUM:
        raise ProgrammingError(f'the type {info.get_sql_name()} is not an enum')
    if cls is None:
        cls = enum.Enum(to_identifier(info.get_name()), info.get_labels())
    members = _map_labels(info, cls, mapping)
    self.add_type(info)
    remember_class(cls, info)
    remember_labels(cls, info, {member.name: label for label, member in members.items()})

    def load(request):
        label = request.dup_text()
        if label not in members:
            raise ValueError(f'the label “{label}” has no member in {cls.__name__}')
        return members[label]

    for format in (Pg.Format.TEXT, Pg.Format.BINARY):
        _set_loader(self, info.get_oid(), format, load)
    return cls


def _register_composite(self, info, factory=None):
    """Reads the values of a composite type of the database as what a function, or a class, makes of their fields, in their order.

    info is what fetch_type() returns. Without a factory they are named tuples, which those of every type that the map knows are. The objects of a class
    are sent as values of the type: one that is not a tuple has attributes by the names of the fields.
    """
    _check_info(info)
    if info.get_kind() != Pg.TypeKind.COMPOSITE:
        raise ProgrammingError(f'the type {info.get_sql_name()} is not a composite type')
    if factory is None:
        factory = get_tuple_class(info)
    elif not callable(factory):
        raise TypeError(f'the factory of a composite type is a function or a class, not {type(factory).__name__}')
    self.add_type(info)
    if isinstance(factory, type):
        remember_class(factory, info)
    for format in (Pg.Format.TEXT, Pg.Format.BINARY):
        _set_loader(self, info.get_oid(), format, lambda request: factory(*Parts(request.lookup_type).record(request.dup_record())))


def _check_info(info):
    if not isinstance(info, Pg.TypeInfo):
        raise TypeError(f'the info must be a Pg.TypeInfo, as fetch_type() returns it, not {type(info).__name__}')


def _get_adapters(context):
    if context is None:
        return Pg.AdaptersMap.get_default()
    if isinstance(context, Pg.AdaptersMap):
        return context
    if not isinstance(context, (Pg.BaseConnection, Pg.BaseCursor)):
        raise TypeError(f'the context must be a connection, a cursor, a Pg.AdaptersMap or None, not {type(context).__name__}')
    return context.get_adapters()


def register_enum(info, context=None, enum=None, *, mapping=None):
    """Reads the values of an enum of the database as members of a class, which is returned: see Pg.AdaptersMap.register_enum().

    The context is a connection, a cursor or a Pg.AdaptersMap; without one it is so for all connections that are made later.
    """
    _check_info(info)
    return _get_adapters(context).register_enum(info, enum, mapping)


def register_composite(info, context=None, factory=None):
    """Reads the values of a composite type as what a function or a class makes of the fields: see Pg.AdaptersMap.register_composite().

    The context is a connection, a cursor or a Pg.AdaptersMap; without one it is so for all connections that are made later.
    """
    _check_info(info)
    _get_adapters(context).register_composite(info, factory)


Pg.AdaptersMap.register_loader = _register_loader
Pg.AdaptersMap.register_dumper = _register_dumper
Pg.AdaptersMap.register_enum = _register_enum
Pg.AdaptersMap.register_composite = _register_composite
Pg.TypeInfo.__repr__ = lambda self: f'<Pg.TypeInfo {self.get_sql_name()} {self.get_oid()}>'
