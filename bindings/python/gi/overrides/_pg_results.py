# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results and rows as Python's sequences, and properties for the getters of plain objects."""

from gi.module import get_introspection_module
from gi.overrides import override

from . import _pg_adapters  # noqa: F401, which adds methods
from . import _pg_columns  # noqa: F401, the same
from ._pg_arguments import check_integer
from ._pg_params import check_text
from ._pg_values import Reader

Pg = get_introspection_module('Pg')


def _getters(cls, *names, **renamed):
    """Properties for getters."""
    for name in names:
        renamed[name] = 'get_' + name
    for name, getter in renamed.items():
        setattr(cls, name, property(getattr(cls, getter)))


# --- plain objects ---

_getters(Pg.Diagnostic, *(name[4:] for name in dir(Pg.Diagnostic) if name.startswith('get_')))
_getters(Pg.Notification, 'channel', 'payload', 'pid')
_getters(Pg.Column, 'name', 'type_display', 'table_oid', 'table_column', 'format', type_code='get_type_oid')

Pg.Diagnostic.__str__ = Pg.Diagnostic.to_string
Pg.Diagnostic.__repr__ = lambda self: f'<Pg.Diagnostic {self.sqlstate} {self.message_primary!r}>'
Pg.Notification.__eq__ = lambda self, other: Pg.Notification.equal(self, other) if isinstance(other, Pg.Notification) else NotImplemented
Pg.Notification.__ne__ = object.__ne__  # that of GObject's boxed values compares addresses
Pg.Notification.__hash__ = lambda self: Pg.Notification.hash(self)
Pg.Notification.__repr__ = lambda self: f'<Pg.Notification {self.channel!r} {self.payload!r} from {self.pid}>'


def _optional(getter):
    """A size of a column that is −1 where there is none."""
    def get(self):
        value = getter(self)
        return None if value < 0 else value
    return property(get)


Pg.Column.display_size = _optional(Pg.Column.get_display_size)
Pg.Column.internal_size = _optional(Pg.Column.get_internal_size)
Pg.Column.precision = _optional(Pg.Column.get_precision)
Pg.Column.scale = property(lambda self: self.get_scale() if self.has_scale() else None)
Pg.Column.null_ok = None


def _column_fields(self):
    return (self.name, self.type_code, self.display_size, self.internal_size, self.precision, self.scale, self.null_ok)


Pg.Column.__len__ = lambda self: 7
Pg.Column.__getitem__ = lambda self, index: _column_fields(self)[index]
Pg.Column.__iter__ = lambda self: iter(_column_fields(self))
Pg.Column.__repr__ = lambda self: f'<Pg.Column {self.name!r} {self.type_display}>'


# --- results ---


def get_reader(result):
    try:
        return result._reader
    except AttributeError:
        result._reader = reader = Reader(result)
        return reader


# PyGObject takes no reference of a boxed value in a GValue, and would have it freed.
Pg.Result.get_value = lambda self, row, column: get_reader(self).value(self, row, column)


_get_rows = Pg.Result.__getitem__


def _result_item(self, key):
    if isinstance(key, slice):
        return _get_rows(self, key)
    n_rows = self.get_n_rows()
    position = check_integer('the position of a row', key)
    if not -n_rows <= position < n_rows:
        raise IndexError(f'row {key} is out of range: the number of rows is {n_rows}')
    return self.get_item(position % n_rows)


Pg.Result.__getitem__ = _result_item


@override
class Row(Pg.Row):
    """A row as a sequence of values, which are also found by their columns' names."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def __len__(self):
        return self.get_n_columns()

    def __getitem__(self, key):
        result = self.get_result()
        reader = get_reader(result)
        if isinstance(key, str):
            column = self.find_column(check_text(key))
            if column < 0:
                raise KeyError(key)
            return reader.value(result, self.get_position(), column)
        if isinstance(key, slice):
            return reader.row(result, self.get_position())[key]
        key = check_integer('a column that is no name', key)
        n_columns = self.get_n_columns()
        column = key + n_columns if key < 0 else key
        if not 0 <= column < n_columns:
            raise IndexError(f'column {key} is out of range: the number of columns is {n_columns}')
        return reader.value(result, self.get_position(), column)

    def __iter__(self):
        result = self.get_result()
        return iter(get_reader(result).row(result, self.get_position()))

    def get_value(self, column):
        return self[column]

    def keys(self):
        """The names of the columns: dict(row) is a dictionary."""
        result = self.get_result()
        return [result.get_column(column).get_name() for column in range(len(self))]

    def __repr__(self):
        return f'<Pg.Row {tuple(self)!r}>'
