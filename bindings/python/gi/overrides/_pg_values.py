# SPDX-License-Identifier: LGPL-2.1-or-later
"""The values of results to Python's."""

from gi.repository import GLib

from ._pg_columns import CHUNK, collector_paused, make_column_reader
from ._pg_errors import DataError, convert, raise_interrupt
from ._pg_loaders import load_again, make_reader


# Of fewer rows than these each is read by itself.
_FEW = 4


class Reader:
    """Reads the values of results with these columns. It keeps no result: a result may keep it."""

    __slots__ = ('_readers', '_column_readers')

    def __init__(self, result):
        kinds = [result.get_column(column) for column in range(result.get_n_columns())]
        self._readers = [make_reader(kind, column, result.lookup_type) for column, kind in enumerate(kinds)]
        self._column_readers = [make_column_reader(kind, column, result.lookup_type) for column, kind in enumerate(kinds)]

    def value(self, result, row, column):
        try:
            return self._readers[column](result, row)
        except GLib.Error as error:
            raise convert(error) from None
        except (ArithmeticError, ValueError) as error:
            try:
                return load_again(result, row, column)
            except (GLib.Error, ValueError):
                raise _no_value(result, row, column) from error

    def row(self, result, row):
        try:
            return tuple([read(result, row) for read in self._readers])
        except Exception:
            raise_interrupt()
            # Again, for the error that names the value.
            return tuple([self.value(result, row, column) for column in range(len(self._readers))])

    def rows(self, result, start, stop):
        if stop - start < _FEW:
            return [self.row(result, row) for row in range(start, stop)]
        if not self._readers:
            return [()] * (stop - start)
        rows = []
        with collector_paused():
            for first in range(start, stop, CHUNK):
                n = min(CHUNK, stop - first)
                rows.extend(zip(*[self._column(result, column, first, n) for column in range(len(self._readers))]))
        return rows

    def _column(self, result, column, first, n):
        try:
            return self._column_readers[column](result, first, n)
        except Exception:
            raise_interrupt()
            # One by one, as some values are not of the usual kind, or for the error that names the value.
            return [self.value(result, row, column) for row in range(first, first + n)]


def _no_value(result, row, column):
    kind = result.get_column(column)
    text = result.dup_text(row, column)
    text = text if len(text) <= 60 else text[:59] + '…'
    first = getattr(result, '_copy_row', None)
    if first is None:
        place = f'row {row}, column {column}'
        advice = f'cursor.get_result()[{row}].dup_text({column}) is its text, as is a cast to text in the query'
    else:
        # As the library says it of such a result.
        place = f'row {first + row} of the copy, column {column + 1}'
        advice = 'set_types() with text for the column, called before, gives its text, as does a cast to text in the query that is copied'
    return DataError(f'{place} (“{kind.get_name()}”): Python has no value for the {kind.get_type_display()} {text}: {advice}')
