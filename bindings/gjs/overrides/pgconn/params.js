// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Values of JavaScript as parameters of a statement.

const {GLib} = imports.gi;
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

function integerOid(value) {
    if (value >= -(2 ** 15) && value < 2 ** 15)
        return Pg.OID_INT2;
    if (value >= -(2 ** 31) && value < 2 ** 31)
        return Pg.OID_INT4;
    return value >= INT8_MIN && value <= INT8_MAX ? Pg.OID_INT8 : Pg.OID_NUMERIC;
}

function bytesToText(bytes) {
    let text = '\\x';
    for (const byte of bytes)
        text += byte.toString(16).padStart(2, '0');
    return text;
}

// What an element of an array is to the server: the kind that all of them must have, and its text.
function elementText(value, what) {
    switch (typeof value) {
    case 'boolean':
        return ['boolean', value ? 't' : 'f'];
    case 'number':
        if (isInteger(value))
            return ['integer', String(value)];
        return ['double', Object.is(value, -0) ? '-0' : String(value)];
    case 'bigint':
        return ['integer', String(value)];
    case 'string':
        return ['text', Text.checkText(value, what)];
    default:
        if (value instanceof Date)
            return ['timestamptz', Text.instantToText(value, what)];
        if (value instanceof Uint8Array)
            return ['bytea', bytesToText(value)];
        if (value instanceof Json)
            return [value.oid === Pg.OID_JSON ? 'json' : 'jsonb', value.text];
        if (value instanceof Pg.Numeric)
            return ['numeric', value.to_string()];
        if (value instanceof Pg.Date)
            return ['date', value.to_string()];
        if (value instanceof Pg.Timestamp)
            return [value.has_time_zone() ? 'timestamptz' : 'timestamp', value.to_string()];
        throw cannotSend(value, what);
    }
}

function cannotSend(value, what) {
    if (value === undefined)
        return new TypeError(`${what} is undefined; SQL NULL is null`);
    if (isPlainObject(value))
        return new TypeError(`${what} is an object; to send it as JSON wrap it in Pg.json() or Pg.jsonb()`);
    return new TypeError(`${what} is a ${typeof value === 'object' ? value.constructor?.name ?? 'object' : typeof value}, which cannot be sent`);
}

const MAX_DIMENSIONS = 6;

// The text form of an array: "Array Input and Output Syntax" in the PostgreSQL manual.
function addArray(params, array, what) {
    const sizes = [];
    let kind = null;
    let oid = Pg.OID_INT2;

    function widen(value) {
        const wider = integerOid(value);
        const order = [Pg.OID_INT2, Pg.OID_INT4, Pg.OID_INT8, Pg.OID_NUMERIC];
        if (order.indexOf(wider) > order.indexOf(oid))
            oid = wider;
    }

    function literal(elements, depth) {
        if (depth === MAX_DIMENSIONS)
            throw Text.pgError(Pg.Error.DATA, `${what} has more than ${MAX_DIMENSIONS} dimensions`);
        sizes[depth] ??= elements.length;
        if (sizes[depth] !== elements.length)
            throw Text.pgError(Pg.Error.DATA, `${what} has inner arrays of different lengths`);

        const parts = [];
        for (const element of elements) {
            if (Array.isArray(element)) {
                parts.push(literal(element, depth + 1));
                continue;
            }
            sizes[depth + 1] ??= -1;
            if (sizes[depth + 1] !== -1)
                throw Text.pgError(Pg.Error.DATA, `${what} mixes arrays with other elements`);
            if (element === null) {
                parts.push('NULL');
                continue;
            }

            const [elementKind, text] = elementText(element, `an element of ${what}`);
            if (elementKind === 'integer')
                widen(element);
            if (kind === null || kind === 'integer' && elementKind === 'double')
                kind = elementKind;
            else if (kind !== elementKind && !(kind === 'double' && elementKind === 'integer'))
                throw new TypeError(`${what} has elements of different types: ${kind} and ${elementKind}`);
            parts.push(`"${text.replace(/["\\]/g, '\\$&')}"`);
        }
        return `{${parts.join(',')}}`;
    }

    const text = literal(array, 0);
    const oids = {
        boolean: Pg.OID_BOOL_ARRAY,
        double: Pg.OID_FLOAT8_ARRAY,
        text: Pg.OID_TEXT_ARRAY,
        timestamptz: Pg.OID_TIMESTAMPTZ_ARRAY,
        timestamp: Pg.OID_TIMESTAMP_ARRAY,
        date: Pg.OID_DATE_ARRAY,
        bytea: Pg.OID_BYTEA_ARRAY,
        json: Pg.OID_JSON_ARRAY,
        jsonb: Pg.OID_JSONB_ARRAY,
        numeric: Pg.OID_NUMERIC_ARRAY,
        integer: {
            [Pg.OID_INT2]: Pg.OID_INT2_ARRAY,
            [Pg.OID_INT4]: Pg.OID_INT4_ARRAY,
            [Pg.OID_INT8]: Pg.OID_INT8_ARRAY,
            [Pg.OID_NUMERIC]: Pg.OID_NUMERIC_ARRAY,
        }[oid],
    };
    // Without an element the place where it stands gives the type. An array with a dimension of no elements is written {}.
    params.add_typed_text(kind === null ? 0 : oids[kind], sizes.includes(0) ? '{}' : text);
}

function addValue(params, value, what) {
    switch (typeof value) {
    case 'boolean':
        params.add_boolean(value);
        return;
    case 'string':
        params.add_text(Text.checkText(value, what));
        return;
    case 'number':
        if (!isInteger(value))
            params.add_double(value);
        else if (integerOid(value) === Pg.OID_INT2)
            params.add_int16(value);
        else if (integerOid(value) === Pg.OID_INT4)
            params.add_int32(value);
        else
            params.add_int64(value);
        return;
    case 'bigint':
        // Never less than a bigint; as text, which has room for any size.
        params.add_typed_text(value >= INT8_MIN && value <= INT8_MAX ? Pg.OID_INT8 : Pg.OID_NUMERIC, String(value));
        return;
    case 'object':
        break;
    default:
        throw cannotSend(value, what);
    }

    if (value === null)
        params.add_null();
    else if (Array.isArray(value))
        addArray(params, value, what);
    else if (value instanceof Uint8Array)
        params.add_bytes(new GLib.Bytes(value));
    else if (value instanceof GLib.Bytes)
        params.add_bytes(value);
    else if (value instanceof Date)
        params.add_typed_text(Pg.OID_TIMESTAMPTZ, Text.instantToText(value, what));
    else if (value instanceof Json)
        params.add_typed_text(value.oid, value.text);
    else if (value instanceof Pg.Numeric)
        params.add_numeric(value);
    else if (value instanceof Pg.Date)
        params.add_date(value);
    else if (value instanceof Pg.Timestamp)
        params.add_timestamp(value);
    else if (value instanceof GLib.DateTime)
        params.add_timestamp(Pg.Timestamp.new_from_datetime(value));
    else if (value instanceof GLib.Variant)
        params.add_variant(value);
    else
        throw cannotSend(value, what);
}

function makeParams(values) {
    const params = Pg.Params.new();
    if (Array.isArray(values)) {
        values.forEach((value, index) => addValue(params, value, `parameter ${index + 1}`));
    } else if (isPlainObject(values)) {
        Object.entries(values).forEach(([name, value], index) => {
            Text.checkText(name, 'the name of a parameter');
            addValue(params, value, `parameter '${name}'`);
            params.set_name(index, name);
        });
    } else {
        throw new TypeError('parameters must be an array, an object, a GLib.Variant, a Pg.Params or null');
    }
    return params;
}

// Which of the two methods of the library is meant, and its second argument.
function chooseExecute(query, params) {
    Text.checkText(query, 'the statement');
    if (params === null || params === undefined)
        return ['execute', null];
    if (params instanceof GLib.Variant)
        return ['execute', params];
    return ['execute_params', params instanceof Pg.Params ? params : makeParams(params)];
}

// The statement of a template: $1, $2, … in the places of its values.
function templateQuery(strings) {
    return strings.reduce((query, string, index) => {
        if (string === undefined)
            throw new SyntaxError('the template has an escape sequence that JavaScript does not know; a backslash is written \\\\');
        return `${query}${index === 0 ? '' : `$${index}`}${string}`;
    }, '');
}
