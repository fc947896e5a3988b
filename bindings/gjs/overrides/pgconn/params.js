// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Values of JavaScript as parameters of a statement.

const {GLib} = imports.gi;
const {typeName} = imports.overrides.pgconn.arguments;
const Composites = imports.overrides.pgconn.composites;
const Text = imports.overrides.pgconn.text;

const INT8_MIN = -(2n ** 63n);
const INT8_MAX = 2n ** 63n - 1n;

let Pg;

function init(namespace) {
    Pg = namespace;
}

var Json = class Json {
    constructor(value, oid) {
        this.text = JSON.stringify(value);
        this.oid = oid;
        if (this.text === undefined)
            throw new TypeError('there is no JSON for this value');
    }
};

function isPlainObject(value) {
    if (typeof value !== 'object' || value === null)
        return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}

const isInteger = value => Number.isSafeInteger(value) && !Object.is(value, -0);

function cannotSend(value, what) {
    if (value === undefined)
        return new TypeError(`${what} is undefined; SQL NULL is null`);
    const name = typeof value === 'object' ? value.constructor?.name ?? 'object' : typeof value;
    return new TypeError(`${what} is ${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}, which cannot be sent`);
}

const MAX_DIMENSIONS = 6;
const MAX_NESTING = 16;

// Whether there is a number in it that is no integer: then all of them are doubles.
function hasFraction(array, depth, what) {
    // One that contains itself, too.
    if (depth === MAX_DIMENSIONS)
        throw Text.pgError(Pg.Error.DATA, `${what} has more than ${MAX_DIMENSIONS} dimensions`);
    return array.some(element => (Array.isArray(element)
        ? hasFraction(element, depth + 1, what)
        : typeof element === 'number' && !isInteger(element)));
}

// Whether each element was assigned.
function isDense(array) {
    return !array.includes(undefined);
}

function addElements(params, array, doubles, what, depth) {
    if (array.length > 0 && isDense(array) && array.every(element => typeof element === 'number')) {
        if (doubles)
            params.add_double_array(array);
        else
            params.add_integer_array(array);
        return;
    }
    params.begin_array(0);
    for (const element of array) {
        if (Array.isArray(element))
            addElements(params, element, doubles, what, depth);
        else if (doubles && typeof element === 'number')
            params.add_double(element);
        else
            addValue(params, element, `an element of ${what}`, depth + 1);
    }
    params.end_array();
}

// An hstore or a value of a composite type: which of them, the library finds out.
function addDictionary(params, object, what, depth) {
    if (depth === MAX_NESTING)
        throw Text.pgError(Pg.Error.DATA, `${what} is nested more than ${MAX_NESTING} deep`);
    const {oid = 0, names = null} = Composites.typeOf(object) ?? {};
    params.begin_dictionary(oid);
    for (const [key, value] of names === null ? Object.entries(object) : names.map(name => [name, object[name]])) {
        params.add_key(Text.checkText(key, `a key of ${what}`));
        addValue(params, value, `the value of '${key}' in ${what}`, depth + 1);
    }
    params.end_dictionary();
}

// The types of the library, by the method that adds a value of them.
const METHODS = {
    Array: 'add_array',
    Numeric: 'add_numeric',
    Date: 'add_date',
    Time: 'add_time',
    Timestamp: 'add_timestamp',
    Interval: 'add_interval',
    Inet: 'add_inet',
    BitString: 'add_bit_string',
    Point: 'add_point',
    Range: 'add_range',
    Multirange: 'add_multirange',
    Record: 'add_record',
};

function addObject(params, value, what, depth) {
    if (Array.isArray(value)) {
        addElements(params, value, hasFraction(value, 0, what), what, depth);
    } else if (isPlainObject(value)) {
        addDictionary(params, value, what, depth);
    } else if (value instanceof Uint8Array) {
        params.add_bytes(new GLib.Bytes(value));
    } else if (value instanceof Date) {
        params.add_typed_text(Pg.OID_TIMESTAMPTZ, Text.instantToText(value, what));
    } else if (value instanceof Json) {
        params.add_typed_text(value.oid, value.text);
    } else if (value instanceof GLib.Bytes) {
        params.add_bytes(value);
    } else if (value instanceof GLib.DateTime) {
        params.add_timestamp(Pg.Timestamp.new_from_datetime(value));
    } else if (value instanceof GLib.Variant) {
        params.add_variant(value);
    } else {
        const name = Object.keys(METHODS).find(key => value instanceof Pg[key]);
        if (name !== undefined)
            params[METHODS[name]](value);
        else if (Composites.typeOf(value) !== undefined)
            addDictionary(params, value, what, depth);
        else
            throw cannotSend(value, what);
    }
}

function addValue(params, value, what, depth = 0) {
    switch (typeof value) {
    case 'boolean':
        params.add_boolean(value);
        return;
    case 'string':
        params.add_text(Text.checkText(value, what));
        return;
    case 'number':
        if (isInteger(value))
            params.add_integer(value);
        else
            params.add_double(value);
        return;
    case 'bigint':
        // Never less than a bigint; as text, which has room for any size.
        params.add_typed_text(value >= INT8_MIN && value <= INT8_MAX ? Pg.OID_INT8 : Pg.OID_NUMERIC, String(value));
        return;
    case 'object':
        if (value === null)
            params.add_null();
        else
            addObject(params, value, what, depth);
        return;
    default:
        throw cannotSend(value, what);
    }
}

// where: what comes before the name of a parameter in messages
function makeParams(values, where = '') {
    const params = Pg.Params.new();
    if (Array.isArray(values)) {
        // forEach() and the like leave out what was never assigned.
        for (const [index, value] of values.entries())
            addValue(params, value, `${where}parameter ${index + 1}`);
    } else if (isPlainObject(values)) {
        Object.entries(values).forEach(([name, value], index) => {
            Text.checkText(name, 'the name of a parameter');
            addValue(params, value, `${where}parameter '${name}'`);
            params.set_name(index, name);
        });
    } else {
        throw new TypeError(`${where}parameters must be an array, an object, a GLib.Variant, a Pg.Params or null, not ${typeName(values)}`);
    }
    return params;
}

// Which of the two methods of the library is meant, and its second argument.
function chooseExecute(query, params) {
    if (query instanceof Pg.Statement) {
        const [method, argument] = chooseArgument(params);
        return [method.replace('execute', 'execute_statement'), argument];
    }
    if (Array.isArray(query?.raw))
        throw new TypeError('execute() takes the statement as a string: the tag of a template is sql, connection.sql`…`');
    Text.checkText(query, 'the statement');
    return chooseArgument(params);
}

function chooseArgument(params) {
    if (params === null || params === undefined)
        return ['execute', null];
    if (params instanceof GLib.Variant)
        return ['execute', params];
    return ['execute_params', params instanceof Pg.Params ? params : makeParams(params)];
}

// The statement of a template: $1, $2, … in the places of its values.
function templateQuery(strings) {
    if (!Array.isArray(strings?.raw))
        throw new TypeError('sql is the tag of a template, connection.sql`…`: a statement in a string is executed by execute()');
    return strings.reduce((query, string, index) => {
        if (string === undefined)
            throw new SyntaxError('the template has an escape sequence that JavaScript does not know; a backslash is written \\\\');
        return `${query}${index === 0 ? '' : `$${index}`}${string}`;
    }, '');
}
