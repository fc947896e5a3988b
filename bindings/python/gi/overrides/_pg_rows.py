# SPDX-License-Identifier: LGPL-2.1-or-later
"""What becomes of a row: the row factories.

A row factory is called with a cursor, once for each result, and returns a function that makes a row of the tuple of its values.
"""

import collections
import functools
import operator
import types

from gi.module import get_introspection_module
from gi.repository import GObject

from ._pg_arguments import check_callable
from ._pg_errors import InterfaceError, ProgrammingError

Pg = get_introspection_module('Pg')


def _names(cursor):
    """The names of the columns; None where there are no rows."""
    columns = None if cursor.get_closed() else cursor.description
    return None if columns is None else [column.get_name() for column in columns]


def _no_result(_values):
    raise InterfaceError('the cursor doesn’t have a result')


def tuple_row(_cursor):
    """Rows are tuples, which they are unless something else is asked for."""
    return tuple


def dict_row(cursor):
    """Rows are dictionaries; of columns with the same name the last one counts."""
    names = _names(cursor)
    return _no_result if names is None else lambda values: dict(zip(names, values))


def scalar_row(cursor):
    """Rows are the values of the first column."""
    names = _names(cursor)
    if names is None:
        return _no_result
    if not names:
        raise ProgrammingError('at least one column expected')
    return operator.itemgetter(0)


def to_identifier(name):
    """The name that Python has for a column or a field: what cannot stand in one is an underscore."""
    name = ''.join(c if ('a' + c).isidentifier() else '_' for c in name)
    return name if name[:1].isidentifier() and not name.startswith('_') else 'f' + name


@functools.lru_cache(512)
def _make_namedtuple(*names):
    return collections.namedtuple('Row', [to_identifier(name) for name in names], rename=True)._make


def namedtuple_row(cursor):
    """Rows are named tuples; what cannot stand in a name is an underscore in it.

    A column whose name is a keyword of Python, or that of a column before it, is _0, _1, … by its position, from 0.
    """
    names = _names(cursor)
    return _no_result if names is None else _make_namedtuple(*names)


def class_row(cls):
    """Rows are objects of a class, which gets the values as keyword arguments by the names of the columns: a dataclass, a GObject, any."""
    return kwargs_row(cls)


def kwargs_row(function):
    """Rows are what a function returns for the values as keyword arguments."""
    check_callable('what makes a row', function)

    def kwargs_row(cursor):
        names = _names(cursor)
        return _no_result if names is None else lambda values: function(**dict(zip(names, values)))
    return kwargs_row


def args_row(function):
    """Rows are what a function returns for the values as positional arguments."""
    check_callable('what makes a row', function)

    def args_row(_cursor):
        return lambda values: function(*values)
    return args_row


class WithRowFactory:
    """The row_factory of a connection or a cursor: one of Python's, which is kept here, or a Pg.RowFactory of objects, which the library has."""

    _row_factory = None

    # In annotations, as Pg.Cursor[Book], for type checkers.
    __class_getitem__ = classmethod(types.GenericAlias)

    @property
    def row_factory(self):
        return self._row_factory or self.get_row_factory() or tuple_row

    @row_factory.setter
    def row_factory(self, factory):
        self._set_row_factory(factory)

    def _set_row_factory(self, factory):
        if isinstance(factory, Pg.RowFactory):
            if not factory.get_value_type().is_a(GObject.Object):
                raise TypeError('of the library’s row factories only those of objects are for Python: see Pg.tuple_row, Pg.dict_row and Pg.scalar_row')
            self._row_factory = None
            self.set_row_factory(factory)
        elif factory is None or callable(factory):
            self._row_factory = None if factory is tuple_row else factory
            self.set_row_factory(None)
        else:
            raise TypeError(f'a row factory is a function or a Pg.RowFactory, not {type(factory).__name__}')


def make_objects(factory, result, start, stop):
    """What a Pg.RowFactory makes of some rows."""
    if start == 0 and stop == result.get_n_rows():
        return factory.make_objects(result)
    return [factory.make_object(result.get_item(position)) for position in range(start, stop)]
