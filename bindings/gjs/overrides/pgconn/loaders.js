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

// A session whose DateStyle is not ISO sends other texts, which mean different days to different readers: those are errors.
const dateFromText = text => (/^\d{4,}-\d\d-\d\d$/.test(text) ? text : Pg.Date.parse(text).to_string());
const timestampFromText = text => (/^\d{4,}-\d\d-\d\d \d/.test(text) ? text : Pg.Timestamp.parse(text).to_string());

let textDecoders;
let elementTypes;

function init(namespace) {
    Pg = namespace;
    textDecoders = new Map([
        [Pg.OID_BOOL, text => text === 't'],
        [Pg.OID_INT2, Number],
        [Pg.OID_INT4, Number],
        [Pg.OID_OID, Number],
        [Pg.OID_INT8, integerFromText],
        [Pg.OID_FLOAT4, text => Math.fround(Number(text))],
        [Pg.OID_FLOAT8, Number],
        [Pg.OID_BYTEA, bytesFromText],
        [Pg.OID_JSON, JSON.parse],
        [Pg.OID_JSONB, JSON.parse],
        [Pg.OID_DATE, dateFromText],
        [Pg.OID_TIMESTAMP, timestampFromText],
        [Pg.OID_TIMESTAMPTZ, Text.instantFromText],
    ].map(([oid, decode]) => [oid, text => decode(text)]));
    elementTypes = new Map(Object.keys(Pg)
        .filter(name => /^OID_.*_ARRAY$/.test(name))
        .map(name => [Pg[name], Pg[name.slice(0, -'_ARRAY'.length)]]));
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
    const decode = textDecoders.get(elementType ?? oid);
    if (elementType === undefined)
        return decode;
    return text => arrayFromText(text, decode ?? (element => element), elementType === Pg.OID_BOX ? ';' : ',');
}

// A function of a result or row and the positions that its getters take, for those types whose text is not enough, and for NULL; undefined for
// all others.
function cellLoader(column) {
    if (column.get_type_oid() !== Pg.OID_BYTEA)
        return undefined;
    // A copy: what toArray() gives has a toString() of its own, for old programs.
    return (source, ...position) => source.dup_bytes(...position)?.toArray().slice() ?? null;
}
