// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the values of PostgreSQL's types are in JavaScript: one function for each type, whichever way its values are read.
// docs/types.md is the table of them.

const Text = imports.overrides.pgconn.text;

let Pg;

function integerFromText(text) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
}

function bytesFromText(text) {
    const bytes = [];
    if (text.startsWith('\\x')) {
        for (let i = 2; i < text.length; i += 2)
            bytes.push(parseInt(text.slice(i, i + 2), 16));
    } else {
        // bytea_output = escape
        for (const [, octal, escaped, plain] of text.matchAll(/\\([0-7]{3})|\\(\\)|([^\\])/g))
            bytes.push(octal ? parseInt(octal, 8) : (escaped ?? plain).charCodeAt(0));
    }
    return Uint8Array.from(bytes);
}

let textLoaders;
let elementTypes;
let getters;

function init(namespace) {
    Pg = namespace;
    const boxed = (name, ...args) => text => Pg[name].parse(text, ...args);
    const integers = text => (text === '' ? [] : text.split(' ').map(Number));
    textLoaders = new Map(Object.entries({
        BOOL: text => text === 't',
        INT2: Number, INT4: Number, OID: Number, XID: Number, CID: Number,
        INT8: integerFromText, XID8: integerFromText,
        INT2VECTOR: integers, OIDVECTOR: integers,
        FLOAT4: text => Math.fround(Number(text)),
        FLOAT8: Number,
        NUMERIC: boxed('Numeric'),
        BYTEA: bytesFromText,
        BIT: boxed('BitString'), VARBIT: boxed('BitString'),
        JSON: JSON.parse, JSONB: JSON.parse,
        DATE: boxed('Date'),
        TIME: boxed('Time'), TIMETZ: boxed('Time'),
        TIMESTAMP: boxed('Timestamp'),
        TIMESTAMPTZ: Text.instantFromText,
        INTERVAL: boxed('Interval'),
        INET: boxed('Inet'),
        CIDR: text => Pg.Inet.parse_cidr(text),
        POINT: boxed('Point'),
        RECORD: text => arrayFromRecord(Pg.Record.parse(text)),
    }).map(([name, load]) => [Pg[`OID_${name}`], text => load(text)]));
    const ranges = {INT4: 'INT4', INT8: 'INT8', NUM: 'NUMERIC', DATE: 'DATE', TS: 'TIMESTAMP', TSTZ: 'TIMESTAMPTZ'};
    for (const [name, element] of Object.entries(ranges)) {
        textLoaders.set(Pg[`OID_${name}RANGE`], boxed('Range', Pg[`OID_${element}`]));
        textLoaders.set(Pg[`OID_${name}MULTIRANGE`], boxed('Multirange', Pg[`OID_${element}`]));
    }
    elementTypes = new Map(Object.keys(Pg)
        .filter(name => /^OID_.*_ARRAY$/.test(name))
        .map(name => [Pg[name], Pg[name.slice(0, -'_ARRAY'.length)]]));
    getters = new Map([[Pg.OID_NUMERIC, 'dup_numeric'], [Pg.OID_DATE, 'dup_date'], [Pg.OID_TIMESTAMP, 'dup_timestamp']]);
}

// The fields have types where the record came in binary form; otherwise they are texts.
function arrayFromRecord(record) {
    return Array.from({length: record.get_n_fields()}, (_, i) => {
        if (record.is_null(i))
            return null;
        const type = record.get_field_type(i);
        if (type === Pg.OID_RECORD)
            return arrayFromRecord(record.get_value(i));
        const text = record.get_text(i);
        return text === null ? record.get_bytes(i).toArray().slice() : loadText(type, text);
    });
}

// "Array Input and Output Syntax" in the PostgreSQL manual. Lower bounds other than 1 are dropped: an Array has none.
function arrayFromText(text, decode, delimiter) {
    let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
    const malformed = () => Text.pgError(Pg.Error.DATA, 'the text of an array is malformed');

    function element() {
        if (text[at] === '{')
            return array();
        let value = '';
        if (text[at] === '"') {
            for (at++; text[at] !== '"'; at++) {
                if (text[at] === '\\')
                    at++;
                if (at >= text.length)
                    throw malformed();
                value += text[at];
            }
            at++;
            return decode(value);
        }
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== '}')
            at++;
        value = text.slice(start, at);
        return value === 'NULL' ? null : decode(value);
    }

    function array() {
        const elements = [];
        if (text[at++] !== '{')
            throw malformed();
        if (text[at] === '}') {
            at++;
            return elements;
        }
        for (;;) {
            elements.push(element());
            const end = text[at++];
            if (end === '}')
                return elements;
            if (end !== delimiter)
                throw malformed();
        }
    }

    const elements = array();
    if (at !== text.length)
        throw malformed();
    return elements;
}

// A function that makes JavaScript's value of the exact text of a value that is not NULL, as dup_text() gives it; undefined where the text itself
// is the value.
function textLoader(oid) {
    const elementType = elementTypes.get(oid);
    if (elementType === undefined)
        return textLoaders.get(oid);
    const load = textLoaders.get(elementType) ?? (text => text);
    return text => arrayFromText(text, load, elementType === Pg.OID_BOX ? ';' : ',');
}

function loadText(oid, text) {
    const load = textLoader(oid);
    return load === undefined ? text : load(text);
}

// What a loader of the program's gives, or a value of an enum of GObject.
function readLoaded(source, ...position) {
    const value = source.get_value(...position)[1];
    return typeof value === 'object' && value !== null && LOADED in value ? value[LOADED] : value;
}

// A GValue holds objects that have no class of their own: all others are in one of these.
const LOADED = Symbol('loaded');

// The loader that a function is: it is given the text of a value, or its bytes.
function makeLoader(load, format) {
    return request => {
        const bytes = request.get_bytes().toArray();
        const value = load(format === Pg.Format.TEXT ? new TextDecoder().decode(bytes) : bytes.slice());
        request.set_value(['string', 'boolean', 'number'].includes(typeof value) || value === null ? value : {[LOADED]: value});
    };
}

// A function of a result or row and the positions that its getters take, for those types whose text is not enough, and for NULL; undefined for
// all others.
function cellLoader(column) {
    if (column.has_loader())
        return readLoaded;
    const binary = column.get_format() === Pg.Format.BINARY;
    // Of a type that the library does not know there is no text in binary form.
    if (column.get_type_oid() !== Pg.OID_BYTEA && !(binary && !isKnown(column.get_type_oid())))
        return undefined;
    // A copy: what toArray() gives has a toString() of its own, for old programs.
    return (source, ...position) => source.dup_bytes(...position)?.toArray().slice() ?? null;
}

let known;

function isKnown(oid) {
    known ??= new Set(Object.keys(Pg).filter(name => name.startsWith('OID_')).map(name => Pg[name]));
    return known.has(oid);
}

// The method of a result or row that gives the value that textLoader() makes, in one call and whatever the session's DateStyle; undefined where there
// is none.
function getterName(oid) {
    return getters.get(oid);
}
