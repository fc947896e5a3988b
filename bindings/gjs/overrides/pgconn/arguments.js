// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What arguments and options may be: introspection would make a number or a boolean of anything. Each check returns the value, and throws a TypeError that
// names the argument, or a RangeError where the type is right.

const {Gio} = imports.gi;

var UINT_MAX = 2 ** 32 - 1;
var INT_MAX = 2 ** 31 - 1;

function typeName(value) {
    if (value === null || value === undefined)
        return String(value);
    const name = Array.isArray(value) ? 'array' : typeof value;
    return `${/^[ao]/.test(name) ? 'an' : 'a'} ${name}`;
}

// RangeError: of the right type, but not one of the values.
function refuse(type, name, takes, value) {
    throw new type(`${name} takes ${takes}, not ${type === RangeError ? (typeof value === 'number' ? value : `this ${typeof value}`) : typeName(value)}`);
}

function checkBoolean(name, value) {
    if (typeof value !== 'boolean')
        refuse(TypeError, name, 'true or false', value);
    return value;
}

function checkInteger(name, value, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, unit = '') {
    const takes = `an integer from ${min} to ${max}${unit}`;
    if (typeof value !== 'number')
        refuse(TypeError, name, takes, value);
    if (!Number.isInteger(value) || value < min || value > max)
        refuse(RangeError, name, takes, value);
    return value;
}

function checkOid(name, value, min = 1) {
    return checkInteger(name, value, min, UINT_MAX);
}

// What a column, a type and the like is called by: its name or its number.
function checkNameOrOid(name, value) {
    if (typeof value !== 'string' && typeof value !== 'number')
        refuse(TypeError, name, 'a name or an OID', value);
    return typeof value === 'string' ? value : checkOid(name, value);
}

// One of an enumeration of the library.
function checkEnum(name, value, type, title) {
    if (typeof value !== 'number')
        refuse(TypeError, name, `a ${title}`, value);
    if (!Object.values(type).includes(value))
        refuse(RangeError, name, `a ${title}`, value);
    return value;
}

function checkArray(name, value, what = 'an array') {
    if (!Array.isArray(value))
        refuse(TypeError, name, what, value);
    return value;
}

function checkFunction(name, value, what = 'a function') {
    if (typeof value !== 'function')
        refuse(TypeError, name, what, value);
    return value;
}

function checkCancellable(value) {
    if (value === null || value === undefined)
        return null;
    if (!(value instanceof Gio.Cancellable))
        refuse(TypeError, 'cancellable', 'a Gio.Cancellable or null', value);
    return value;
}

// known: for each option its value where it is not given, and its check, a function of its name and a value
function checkOptions(what, options, known) {
    if (options !== null && options !== undefined && (typeof options !== 'object' || Array.isArray(options)))
        refuse(TypeError, `the argument "options" of ${what}`, 'an object', options);
    const checked = {};
    for (const name of Object.keys(options ?? {})) {
        if (!Object.hasOwn(known, name))
            throw new TypeError(`there is no option '${name}': the options of ${what} are ${Object.keys(known).join(', ')}`);
    }
    for (const [name, [otherwise, check]] of Object.entries(known)) {
        const value = options?.[name];
        checked[name] = value === undefined ? otherwise : check(name, value);
    }
    return checked;
}
