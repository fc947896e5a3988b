# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results for pyarrow, polars, pandas, DuckDB and whatever else knows "The Arrow PyCapsule Interface"."""

import ctypes

from gi.module import get_introspection_module
from gi.repository import GLib

from ._pg_errors import convert

Pg = get_introspection_module('Pg')

_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


def _structure(name, n_before):
    """A structure of the Arrow C data interface: of its fields only the release function is looked at, and all of them are 64 bits or pointers."""
    return type(name, (ctypes.Structure,), {'_fields_': [('before', n_before), ('release', ctypes.c_void_p), ('private_data', ctypes.c_void_p)]})


class _SchemaFields(ctypes.Structure):
    _fields_ = [('strings', ctypes.c_void_p * 3), ('numbers', ctypes.c_int64 * 2), ('pointers', ctypes.c_void_p * 2)]


class _ArrayFields(ctypes.Structure):
    _fields_ = [('numbers', ctypes.c_int64 * 5), ('pointers', ctypes.c_void_p * 3)]


class _StreamFields(ctypes.Structure):
    _fields_ = [('functions', ctypes.c_void_p * 3)]


_STRUCTURES = {
    b'arrow_schema': _structure('_Schema', _SchemaFields),
    b'arrow_array': _structure('_Array', _ArrayFields),
    b'arrow_array_stream': _structure('_Stream', _StreamFields),
}

# The structures of capsules that live, by their addresses.
_structures = {}

_python = ctypes.PyDLL(None)
_new_capsule = _python.PyCapsule_New
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_new_capsule.restype = ctypes.py_object
# Of a capsule that is being destroyed no new reference may be made: here it is an address.
_get_name = _python.PyCapsule_GetName
_get_name.argtypes = [ctypes.c_void_p]
_get_name.restype = ctypes.c_void_p
_get_pointer = _python.PyCapsule_GetPointer
_get_pointer.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
_get_pointer.restype = ctypes.c_void_p


def _release(structure):
    # A consumer that has moved the structure away has left no release function.
    if structure.release:
        _RELEASE(structure.release)(ctypes.addressof(structure))


@ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
def _destroy(capsule):
    _release(_structures.pop(_get_pointer(capsule, _get_name(capsule))))


# The capsules call it, and may live longer than this module.
ctypes.pythonapi.Py_IncRef(ctypes.py_object(_destroy))


def _make_capsules(export, *names):
    structures = [_STRUCTURES[name]() for name in names]
    try:
        export(*[ctypes.addressof(structure) for structure in structures])
    except GLib.Error as error:
        raise convert(error) from None
    capsules = []
    for name, structure in zip(names, structures):
        address = ctypes.addressof(structure)
        _structures[address] = structure
        capsules.append(_new_capsule(address, name, ctypes.cast(_destroy, ctypes.c_void_p)))
    return tuple(capsules)


def _arrow_c_array(self, requested_schema=None):
    """All rows as a struct array, in capsules for its schema and for itself. Another schema than the result's own is left to the consumer."""
    return _make_capsules(self.export_arrow, b'arrow_schema', b'arrow_array')


def _arrow_c_stream(self, requested_schema=None):
    """All rows as a stream of one struct array, in a capsule. Another schema than the result's own is left to the consumer."""
    return _make_capsules(self.export_arrow_stream, b'arrow_array_stream')[0]


Pg.Result.__arrow_c_array__ = _arrow_c_array
Pg.Result.__arrow_c_stream__ = _arrow_c_stream
