// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the values of PostgreSQL's types are in JavaScript: one function for each type, whichever way its values are read.
// docs/types.md is the table of them.

const {GLib, GObject} = imports.gi;
const Composites = imports.overrides.pgconn.composites;
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
let known;

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
    known = new Set(Object.keys(Pg).filter(name => name.startsWith('OID_')).map(name => Pg[name]));
    getters = new Map(Object.entries({
        NUMERIC: 'dup_numeric', DATE: 'dup_date', TIME: 'dup_time', TIMETZ: 'dup_time', TIMESTAMP: 'dup_timestamp', INTERVAL: 'dup_interval',
        INET: 'dup_inet', CIDR: 'dup_inet', BIT: 'dup_bit_string', VARBIT: 'dup_bit_string', POINT: 'dup_point',
    }).map(([name, getter]) => [Pg[`OID_${name}`], getter]));
    for (const name of Object.keys(ranges)) {
        getters.set(Pg[`OID_${name}RANGE`], 'dup_range');
        getters.set(Pg[`OID_${name}MULTIRANGE`], 'dup_multirange');
    }
}

// The fields have types where the record came in binary form or is of a type that is known; otherwise they are texts. result, or a Pg.Load, knows types
// of the database.
function fieldsOf(record, result) {
    return Array.from({length: record.get_n_fields()}, (_, i) => {
        if (record.is_null(i))
            return null;
        const type = record.get_field_type(i);
        if (type === Pg.OID_RECORD || record.has_loader(i))
            return fromValue(record.get_value(i), result);
        const text = record.get_text(i);
        return text === null ? record.get_bytes(i).toArray().slice() : loadText(type, text, result);
    });
}

function arrayFromRecord(record) {
    return fieldsOf(record, null);
}

// An object where the fields have names.
function fromRecord(record, result) {
    const fields = fieldsOf(record, result);
    const info = record.get_type_info();
    return info === null ? fields : Composites.remember(Object.fromEntries(fields.map((field, i) => [record.get_field_name(i), field])), info.get_oid());
}

// The elements of a Pg.Array that loaders have read, or that have something in them that they have.
function loadedElementsOf(array, result) {
    let elements = Array.from({length: array.get_n_elements()}, (_, i) => fromValue(array.get_value(i), result));
    for (let dimension = array.get_n_dimensions() - 1; dimension > 0; dimension--) {
        const length = array.get_length(dimension);
        elements = Array.from({length: elements.length / length}, (_, i) => elements.slice(i * length, (i + 1) * length));
    }
    return elements;
}

function fromArray(array, result) {
    for (let dimension = 0; dimension < array.get_n_dimensions(); dimension++) {
        if (array.get_lower_bound(dimension) !== 1)
            return array;
    }
    return loadedElementsOf(array, result);
}

// JavaScript's value for one that a value of the library has in it.
function fromValue(value, result) {
    if (value instanceof Pg.Record)
        return fromRecord(value, result);
    if (value instanceof Pg.Array)
        return fromArray(value, result);
    return unwrap(value);
}

// "Array Input and Output Syntax" in the PostgreSQL manual.
function arrayFromText(text, decode, delimiter) {
    let at = 0;
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

// An array whose lower bounds are not all 1 is a Pg.Array: an Array has none.
function arrayLoader(elementType, load, delimiter) {
    return text => (text.startsWith('[')
        ? Pg.Array.parse(text, elementType)
        : arrayFromText(text, load ?? (element => element), delimiter));
}

// The elements of a Pg.Array.
function elementsOf(array) {
    if (array.has_loader())
        return loadedElementsOf(array, null);
    const text = array.to_string();
    const elementType = array.get_element_type();
    const load = arrayLoader(elementType, textLoader(elementType), elementType === Pg.OID_BOX ? ';' : ',');
    return load(text.startsWith('[') ? text.slice(text.indexOf('=') + 1) : text);
}

// A function that makes JavaScript's value of the exact text of a value that is not NULL, as dup_text() gives it; undefined where the text itself
// is the value. The result knows types of the database.
function textLoader(oid, result = null) {
    const elementType = elementTypes.get(oid);
    if (elementType !== undefined)
        return arrayLoader(elementType, textLoaders.get(elementType), elementType === Pg.OID_BOX ? ';' : ',');
    if (textLoaders.has(oid) || known.has(oid))
        return textLoaders.get(oid);
    const info = result?.lookup_type(oid) ?? null;
    return info === null ? undefined : typeLoader(info, result);
}

function loadText(oid, text, result = null) {
    const load = textLoader(oid, result);
    return load === undefined ? text : load(text);
}

// What a loader of the program's gives, or a value of an enum of GObject.
function readLoaded(source, ...position) {
    const read = source.get_value(...position);
    // Whether what get_value() returns is left out, as it is marked, depends on the version of GJS. No loader gives an array: see makeLoader().
    return unwrap(Array.isArray(read) && read[0] === true ? read[1] : read);
}

// A GValue holds objects that have no class of their own: all others are in one of these.
const LOADED = Symbol('loaded');

function unwrap(value) {
    return typeof value === 'object' && value !== null && LOADED in value ? value[LOADED] : value;
}

// The method of a result or row for the values of a type that has others in it; undefined for all others.
function partsGetterName(oid, result) {
    const kind = known.has(oid) ? undefined : result?.lookup_type(oid)?.get_kind();
    if (elementTypes.has(oid) || kind === Pg.TypeKind.ARRAY)
        return 'dup_array';
    if (oid === Pg.OID_RECORD || kind === Pg.TypeKind.COMPOSITE)
        return 'dup_record';
    if (getters.get(oid) === 'dup_range' || kind === Pg.TypeKind.RANGE)
        return 'dup_range';
    if (getters.get(oid) === 'dup_multirange' || kind === Pg.TypeKind.MULTIRANGE)
        return 'dup_multirange';
    return undefined;
}

// What reads a value with something in it that a loader reads; undefined where that is not known of the type.
function nestedReader(oid, result) {
    const getter = partsGetterName(oid, result);
    if (getter === undefined)
        return undefined;
    const map = {dup_array: fromArray, dup_record: fromRecord}[getter] ?? (value => value);
    return (source, ...position) => mapLoaded(source, source[getter](...position), map);
}

// The method whose value's text textLoader() can read, where it can not read that of the result as the session's DateStyle is not ISO; undefined where
// there is none.
function datedGetterName(oid, result) {
    return oid === Pg.OID_TIMESTAMPTZ ? 'dup_timestamp' : partsGetterName(oid, result);
}

function mapLoaded(source, value, map) {
    return value === null ? null : map(value, source instanceof Pg.Row ? source.get_result() : source);
}

// The loader that a function of the Pg.Load is.
function wrapLoader(read) {
    return request => {
        let value;
        try {
            value = read(request);
        } catch (error) {
            // GJS makes a GError of an Error only.
            throw Text.pgError(Pg.Error.DATA, error instanceof Error || error instanceof GLib.Error ? error.message : String(error));
        }
        request.set_value(['string', 'boolean', 'number'].includes(typeof value) || value === null ? value : {[LOADED]: value});
    };
}

// One that is given the text of a value, or its bytes.
function makeLoader(load, format) {
    return wrapLoader(request => {
        const bytes = request.get_bytes().toArray();
        return load(format === Pg.Format.TEXT ? new TextDecoder().decode(bytes) : bytes.slice());
    });
}

// One of a composite type: what a class, or a function, makes of one object with the fields.
function makeCompositeLoader(factory) {
    const isClass = /^class\b/.test(Function.prototype.toString.call(factory)) || factory.prototype instanceof GObject.Object;
    return wrapLoader(request => {
        const fields = fromRecord(request.dup_record(), request);
        const value = isClass ? new factory(fields) : factory(fields);
        return typeof value === 'object' && value !== null ? Composites.remember(value, Composites.typeOf(fields).oid, Object.keys(fields)) : value;
    });
}

function typeLoader(info, result) {
    const elementType = info.get_element_oid();
    switch (info.get_kind()) {
    case Pg.TypeKind.ARRAY:
        return arrayLoader(elementType, textLoader(elementType, result), result.lookup_type(elementType)?.get_delimiter() ?? ',');
    case Pg.TypeKind.RANGE:
        return text => Pg.Range.parse(text, elementType);
    case Pg.TypeKind.MULTIRANGE:
        return text => Pg.Multirange.parse(text, elementType);
    case Pg.TypeKind.COMPOSITE:
        return compositeLoader(info, result);
    case Pg.TypeKind.DOMAIN:
        return textLoader(info.get_base_oid(), result);
    case Pg.TypeKind.BASE:
        return info.get_name() === 'hstore' ? hstoreFromText : undefined;
    default:
        return undefined;
    }
}

// An object of the fields, by their names.
function compositeLoader(info, result) {
    const fields = Array.from({length: info.get_n_fields()}, (_, i) => [info.get_field_name(i), textLoader(info.get_field_type(i), result)]);
    return text => {
        const record = Pg.Record.parse(text);
        // The text of a record of no field is that of one field that is NULL.
        if (record.get_n_fields() !== fields.length && !(fields.length === 0 && text === '()'))
            throw Text.pgError(Pg.Error.DATA, 'a record has another number of fields than its type');
        return Composites.remember(Object.fromEntries(fields.map(([name, load], i) => {
            const field = record.get_text(i);
            return [name, field === null || load === undefined ? field : load(field)];
        })), info.get_oid());
    };
}

function hstoreFromText(text) {
    const pair = /"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|NULL)(?:, |$)/sy;
    const unescape = part => part.replace(/\\(.)/gs, '$1');
    const pairs = [];
    while (pair.lastIndex < text.length) {
        const match = pair.exec(text);
        if (match === null)
            throw Text.pgError(Pg.Error.DATA, 'the text of an hstore is malformed');
        pairs.push([unescape(match[1]), match[2] === undefined ? null : unescape(match[2])]);
    }
    return Object.fromEntries(pairs);
}

// A function of a result or row and the positions that its getters take, for those types whose text is not enough, and for NULL; undefined for
// all others.
function cellLoader(column, result = null) {
    if (column.has_loader())
        return readLoaded;
    const oid = column.get_type_oid();
    const readNested = column.has_nested_loader() ? nestedReader(oid, result) : undefined;
    if (readNested !== undefined)
        return readNested;
    if (oid !== Pg.OID_BYTEA) {
        if (column.get_format() !== Pg.Format.BINARY)
            return undefined;
        // The fields have types then, which the text has not.
        if (oid === Pg.OID_RECORD) {
            return (source, ...position) => {
                return mapLoaded(source, source.dup_record(...position), fromRecord);
            };
        }
        // Of a type that the library does not know there is no text.
        if (known.has(oid) || (result?.lookup_type(oid) ?? null) !== null)
            return undefined;
    }
    return readBytes;
}

// A copy: what toArray() gives has a toString() of its own, for old programs.
function readBytes(source, ...position) {
    return source.dup_bytes(...position)?.toArray().slice() ?? null;
}

// The method of a result or row that gives the value that textLoader() makes, in one call and whatever the session's DateStyle; undefined where there
// is none.
function getterName(oid) {
    return getters.get(oid);
}
