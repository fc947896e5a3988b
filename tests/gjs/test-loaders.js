// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Loaders of what values have in them, and composite types as what the program has for them.

import GObject from 'gi://GObject';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

const SETUP = `
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN temper AS mood;
    CREATE TYPE mood_range AS RANGE (subtype = mood);
    CREATE TYPE place AS (x float8, label text, m mood);
    CREATE TYPE visit AS (p place, moods mood[], n int4);
    CREATE TYPE box_of_one AS (n int4);
    CREATE TYPE box_of_none AS ();
`;

function open(t) {
    const connection = t.openBlocking({autocommit: true});
    connection.execute(SETUP);
    for (const name of ['temper', 'mood_range', 'mood_multirange', 'visit', 'box_of_one', 'box_of_none'])
        connection.fetchType(name);
    return connection;
}

function openLoud(t) {
    const connection = open(t);
    connection.adapters.registerLoader('mood', text => ({loud: text}));
    connection.adapters.registerLoader('mood', bytes => ({loud: new TextDecoder().decode(bytes)}), Pg.Format.BINARY);
    return connection;
}

const OK = {loud: 'ok'};
const SAD = {loud: 'sad'};

// What body makes of a value in each format, by itself and in a column.
function check(connection, query, expected, body = value => value) {
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        const cursor = connection.cursor();
        cursor.format = format;
        equal(body(cursor.execute(`SELECT ${query}`).fetchone().get(0)), expected, `${query} in format ${format}`);
        cursor.execute(`SELECT ${query} FROM generate_series(1, 3)`);
        equal(cursor.get_result().toArrays().map(([value]) => body(value)), [expected, expected, expected], query);
    }
}

test('elements', t => {
    const connection = openLoud(t);
    check(connection, "ARRAY['ok', NULL, 'sad']::mood[]", [OK, null, SAD]);
    check(connection, "ARRAY[['ok', 'sad'], [NULL, 'ok']]::mood[]", [[OK, SAD], [null, OK]]);
    check(connection, "'{}'::mood[]", []);
    check(connection, "ARRAY['ok']::temper[]", [OK]);
    check(connection, 'NULL::mood[]', null);
    check(connection, "'[0:1]={ok,sad}'::mood[]", [[0], [OK, SAD]], value => [value.lowerBounds, [...value]]);
});

test('bounds', t => {
    const connection = openLoud(t);
    check(connection, "'[sad,ok)'::mood_range", [SAD, OK, '[)'], value => [value.lower, value.upper, value.bounds]);
    check(connection, "'[sad,)'::mood_range", [SAD, null], value => [value.lower, value.upper]);
    check(connection, "'{[sad,sad],[ok,)}'::mood_multirange", [SAD, OK], value => [...value].map(range => range.lower));
    check(connection, "ARRAY['[sad,ok)']::mood_range[]", [SAD], value => value.map(range => range.lower));
});

test('fields', t => {
    const connection = openLoud(t);
    check(connection, "ROW(ROW(1.5, 'here', 'ok'), ARRAY['sad', NULL], 7)::visit", {p: {x: 1.5, label: 'here', m: OK}, moods: [SAD, null], n: 7});
    check(connection, "ARRAY[ROW(1, 'here', 'ok'), NULL]::place[]", [{x: 1, label: 'here', m: OK}, null]);
    const cursor = connection.cursor();
    cursor.format = Pg.Format.BINARY;
    equal(cursor.execute("SELECT ROW(1, 'ok'::mood, ARRAY['sad']::mood[])").fetchone().get(0), [1, OK, [SAD]]);
});

test('a loader that throws in an array is an error of it', t => {
    const connection = open(t);
    for (const thrown of [new Error('no luck'), new TypeError('no luck'), 'no luck']) {
        connection.adapters.registerLoader('mood', () => {
            throw thrown;
        });
        for (const query of ["'ok'::mood", "ARRAY['ok']::mood[]", "ROW(1, 'x', 'ok')::place"])
            ok(/mood.*no luck/.test(throws(() => connection.execute(`SELECT ${query}`).fetchone().get(0), Pg.Error, Pg.Error.DATA).message));
    }
});

class Place {
    constructor({x, label}) {
        this.x = x;
        this.label = label;
    }

    to_string() {
        return `${this.x} ${this.label}`;
    }
}

const Thing = GObject.registerClass({
    Properties: {x: GObject.ParamSpec.double('x', null, null, GObject.ParamFlags.READWRITE, -10, 10, 0),
        label: GObject.ParamSpec.string('label', null, null, GObject.ParamFlags.READWRITE, null)},
}, class Thing extends GObject.Object {});

test('composite types', t => {
    const connection = open(t);
    const {adapters} = connection;
    connection.execute('CREATE TYPE spot AS (x float8, label text)');
    const info = connection.fetchType('spot');
    adapters.registerComposite(info, Place);
    check(connection, "ARRAY[ROW(1.5, 'here')]::spot[]", [new Place({x: 1.5, label: 'here'})]);
    check(connection, "ROW(1.5, 'here')::spot", true, value => value instanceof Place);
    adapters.registerComposite(info, Thing);
    check(connection, "ROW(1.5, 'here')::spot", [true, 1.5, 'here'], value => [value instanceof Thing, value.x, value.label]);
    adapters.registerComposite(info, ({x, label}) => `${label} ${x}`);
    check(connection, "ROW(1.5, 'here')::spot", 'here 1.5');
    adapters.registerComposite(info);
    check(connection, "ROW(1.5, 'here')::spot", {x: 1.5, label: 'here'});

    adapters.registerComposite(connection.fetchType('place'), ({x}) => x);
    adapters.registerComposite(connection.fetchType('visit'), fields => [fields.p, fields.moods, fields.n]);
    check(connection, "ROW(ROW(1.5, 'here', 'ok'), ARRAY['sad', NULL], 7)::visit", [1.5, ['sad', null], 7]);
});

test('defect 11: composite types of one NULL and of none', t => {
    const connection = open(t);
    for (const name of ['box_of_one', 'box_of_none'])
        connection.adapters.registerComposite(connection.fetchType(name), fields => Object.entries(fields));
    check(connection, 'ROW(NULL)::box_of_one', [['n', null]]);
    check(connection, 'ROW()::box_of_none', []);
    check(connection, 'ARRAY[ROW(NULL), NULL]::box_of_one[]', [[['n', null]], null]);
});

test('wrong arguments', t => {
    const {adapters} = open(t);
    const place = adapters.lookup_type_by_name('place');
    for (const loader of [7, 'text', undefined, {}])
        throws(() => adapters.registerLoader('mood', loader), TypeError, /loader/);
    throws(() => adapters.registerLoader('mood', text => text, Pg.Format.AUTO), RangeError, /format/);
    for (const info of [null, 7, 'place', adapters.lookup_type_by_name('mood')])
        throws(() => adapters.registerComposite(info, fields => fields), TypeError, /composite/);
    throws(() => adapters.registerComposite(place, 7), TypeError, /number/);
});

await run();
