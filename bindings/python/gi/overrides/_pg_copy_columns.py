# SPDX-License-Identifier: LGPL-2.1-or-later
"""Columns of values to those of a COPY: a call of the library for each column, rather than one for each value."""

import array
import datetime
import decimal
import uuid

from gi.module import get_introspection_module
from gi.repository import GLib

from ._pg_arguments import check_iterable
from ._pg_errors import DataError, ProgrammingError
from ._pg_params import check_text, make_params

Pg = get_introspection_module('Pg')

_NONE = type(None)

#: What the numbers of a buffer are, by struct's letter and size. Those that are missing go by Python's own.
_BUFFERS = {
    ('?', 1): Pg.OID_BOOL, ('h', 2): Pg.OID_INT2, ('i', 4): Pg.OID_INT4, ('l', 4): Pg.OID_INT4, ('l', 8): Pg.OID_INT8, ('q', 8): Pg.OID_INT8,
    ('I', 4): Pg.OID_OID, ('L', 4): Pg.OID_OID, ('f', 4): Pg.OID_FLOAT4, ('d', 8): Pg.OID_FLOAT8,
}

#: The text of values that go as text where the format is text.
_TEXTS = {
    bytes: lambda value: '\\x' + value.hex(),
    datetime.date: datetime.date.isoformat,
    datetime.datetime: lambda value: value.isoformat(' '),
    decimal.Decimal: str,
    uuid.UUID: str,
}


def _validity(values):
    """The bitmap of those that are not None."""
    digits = ''.join(['0' if value is None else '1' for value in values])
    return GLib.Bytes.new(int(digits[::-1], 2).to_bytes((len(values) + 7) // 8, 'little'))


def _fill(values, has_none, filler):
    return [filler if value is None else value for value in values] if has_none else values


def _add_texts(columns, texts, validity):
    try:
        data = ('\0'.join(texts) + '\0').encode()
    except UnicodeEncodeError:
        # Its message shows the text.
        raise DataError('a text with half of a surrogate pair cannot be sent: that is not a character') from None
    try:
        columns.add_texts(GLib.Bytes.new(data), len(texts), validity)
    except GLib.Error:
        for text in texts:
            check_text(text)
        raise


def _add_values(columns, values, as_text, get_adapters):
    """Adds a list or tuple of Python's values."""
    kinds = set(map(type, values))
    has_none = _NONE in kinds
    if has_none:
        kinds.discard(_NONE)
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind is int:
            try:
                data = array.array('q', _fill(values, has_none, 0))
            except OverflowError:
                pass
            else:
                columns.add_data(Pg.OID_INT8, GLib.Bytes.new(data.tobytes()), _validity(values) if has_none else None)
                return
        elif kind is str:
            _add_texts(columns, _fill(values, has_none, ''), _validity(values) if has_none else None)
            return
        elif kind is float:
            columns.add_data(Pg.OID_FLOAT8, GLib.Bytes.new(array.array('d', _fill(values, has_none, 0.0)).tobytes()),
                             _validity(values) if has_none else None)
            return
        elif kind is bool:
            columns.add_data(Pg.OID_BOOL, GLib.Bytes.new(bytes(_fill(values, has_none, False))), _validity(values) if has_none else None)
            return
        elif as_text and kind in _TEXTS:
            text = _TEXTS[kind]
            _add_texts(columns, ['' if value is None else text(value) for value in values], _validity(values) if has_none else None)
            return
    columns.add_values(make_params(values, get_adapters))


def _add_buffer(columns, view):
    """Whether the numbers of a buffer were added as they are."""
    kind = _BUFFERS.get((view.format.lstrip('@='), view.itemsize))
    if kind is None or view.ndim != 1:
        return False
    columns.add_data(kind, GLib.Bytes.new(view.tobytes()), None)
    return True


def _add_column(columns, values, as_text, get_adapters):
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(f'a column is a sequence of values, not {type(values).__name__}')
    if not isinstance(values, (list, tuple)):
        try:
            view = memoryview(values)
        except (TypeError, ValueError, BufferError):
            pass
        else:
            if _add_buffer(columns, view):
                return
        # NumPy's scalars are none of Python's.
        values = values.tolist() if hasattr(values, 'tolist') else list(check_iterable('a column', values, 'values'))
    if not values:
        columns.add_values(Pg.Params.new())
        return
    _add_values(columns, values, as_text, get_adapters)


def make_columns(values, as_text, get_adapters):
    """Pg.CopyColumns of whole columns."""
    columns = Pg.CopyColumns.new()
    for index, column in enumerate(check_iterable('columns', values, 'columns'), 1):
        try:
            _add_column(columns, column, as_text, get_adapters)
        except (DataError, ProgrammingError) as error:
            raise type(error)(f'column {index}: {error}') from error.__cause__
    return columns


def _make_each(rows, n_before, get_adapters):
    """The same row by row, for the error that names the row, and for rows without columns."""
    for n, row in enumerate(rows, n_before + 1):
        try:
            make_params(row, get_adapters, 'column')
        except (DataError, ProgrammingError) as error:
            raise type(error)(f'row {n}, {error}') from error.__cause__


def make_row_columns(rows, n_before, as_text, get_adapters):
    """A list of Pg.CopyColumns of rows, which are tuples of one length."""
    columns = Pg.CopyColumns.new()
    try:
        for values in zip(*rows):
            _add_values(columns, values, as_text, get_adapters)
    except GLib.Error:
        _make_each(rows, n_before, get_adapters)
        raise
    return [columns]
