// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Parameters of the types of the database.

import Pg from 'gi://Pg?version=1.0';
import {equal, rejects, run, test, throws} from './tap.js';

const TYPES = ['hstore', 'mood', 'place', 'visit'];

function openWithTypes(t) {
    const connection = t.openBlocking();
    connection.execute(`create extension hstore;
                        create type mood as enum ('sad', 'ok');
                        create type place as (x float8, "the label" text, cost numeric);
                        create type visit as (p place, m mood[], tags hstore, boxes box[]);
                        create table kept (h hstore, m mood, p place, v visit, vs visit[], ms mood[], hs hstore[])`);
    for (const name of TYPES)
        connection.fetch_type(name, null);
    return connection;
}

test('what was read can be sent back', t => {
    const connection = openWithTypes(t);
    const values = {
        h: `'a=>1, "b \\"c,"=>NULL, ""=>""'`,
        m: "'ok'",
        p: `'(1.5,"a ""b"", \\\\c(",)'`,
        v: "row(row(1, 'x,y', 1.10), '{sad,NULL}', 'a=>b', '{(2,2),(1,1);(4,4),(3,3)}')::visit",
        vs: 'array[row(null, null, null, null)::visit, null]',
        ms: "'{{sad,ok},{ok,NULL}}'",
        hs: "array['a=>1', '', null]::hstore[]",
    };
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        for (const [name, literal] of Object.entries(values)) {
            connection.execute('truncate kept');
            connection.execute(`insert into kept (${name}) values (${literal})`);
            const cursor = connection.cursor();
            cursor.set_format(format);
            const value = cursor.execute(`select ${name} from kept`).fetchone().get(0);
            connection.execute(`insert into kept (${name}) values ($1)`, [value]);
            equal(connection.execute(`select count(distinct ${name}::text), count(*) filter (where ${name} is null) from kept`).fetchone().toArray(), [1, 0]);
        }
    }
});

test('an object is an hstore', t => {
    const connection = openWithTypes(t);
    const select = (what, value) => connection.execute(`select ${what}`, [value]).fetchone().get(0);
    equal(select('pg_typeof($1)::text', {a: '1', b: null}), 'hstore');
    for (const form of ['%s', '%t', '%b']) {
        for (const value of [{}, {a: null}, {'': 'NULL', '"': '\\', '=>': ','}])
            equal(select(form, value), value);
    }
    equal(select('$1', [{a: '1'}, null, {}]), [{a: '1'}, null, {}]);
    throws(() => select('$1', {a: 1}), Pg.Error, Pg.Error.DATA);
    const endless = {};
    endless.a = endless;
    throws(() => select('$1', endless), Pg.Error, Pg.Error.DATA);
});

test('an object is a value of the composite type that it is cast to', t => {
    const connection = openWithTypes(t);
    const select = (what, value) => connection.execute(`select ${what}`, [value]).fetchone().get(0);
    const place = select('$1::place', {cost: 2, x: 1, 'the label': null});
    equal(`${place.cost}`, '2');
    equal([place.x, place['the label']], [1, null]);
    equal(select('($1::visit).p', {p: place, m: ['sad'], tags: {a: 'b'}, boxes: ['(2,2),(1,1)', '(4,4),(3,3)']}).x, 1);
    equal(select('cast($1 as place[])', [{cost: 2, x: 1, 'the label': '"'}, null])[0]['the label'], '"');
    // One that was read says itself what it is.
    equal(select('pg_typeof($1)::text', place), 'place');
    equal(select('pg_typeof($1)::text', [place, null]), 'place[]');
    equal(select('$1::box[]', ['(2,2),(1,1)', '(4,4),(3,3)']), ['(2,2),(1,1)', '(4,4),(3,3)']);
    throws(() => select('$1::place', {cost: 2, x: 1}), Pg.Error, Pg.Error.DATA);
    throws(() => select('$1::place', {cost: 2, x: 1, 'the label': '', y: 1}), Pg.Error, Pg.Error.DATA);
});

test('an object of a class that is registered is sent as what it was read of', t => {
    const connection = openWithTypes(t);
    class Place {
        constructor({x, 'the label': label, cost}) {
            Object.assign(this, {x, 'the label': label, cost, other: 1});
        }
    }
    connection.get_adapters().registerComposite(connection.fetch_type('place', null), Place);
    const place = connection.execute("select '(1,a,2)'::place").fetchone().get(0);
    equal(place instanceof Place, true);
    place.x = 5;
    equal(connection.execute('select $1', [place]).fetchone().get(0).x, 5);
    connection.execute('insert into kept (p) values ($1)', [place]);
    throws(() => connection.execute('select $1', [new Place({})]), TypeError);
});

test('an object of which nothing is known is refused', async t => {
    const connection = await t.open();
    const error = await rejects(connection.execute('select $1', [{a: '1'}]), Pg.Error, Pg.Error.PROGRAMMING);
    equal(/fetch the type first.*Pg\.jsonb/.test(error.message), true);
});

await run();
