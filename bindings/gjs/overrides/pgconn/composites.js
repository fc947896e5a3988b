// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The composite types that objects were read of: they are sent as values of the same, by what they have then under the names of the fields.

const types = new WeakMap();

// names: those of the fields, of an object of a class; all that a plain object has. Returns the object.
function remember(object, oid, names = null) {
    types.set(object, {oid, names});
    return object;
}

// undefined for any other object.
function typeOf(object) {
    return types.get(object);
}
