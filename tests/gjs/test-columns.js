// SPDX-License-Identifier: LGPL-2.1-or-later

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

// Values of every kind that has a way of its own, of some that have none, and odd ones amid the usual.
const VALUES = {
    bool: ['t', 'f'],
    int2: ['0', '-32768', '32767'],
    int4: ['0', '-2147483648', '2147483647'],
    int8: [
        '0', '-1', '9007199254740991', '-9007199254740991', '9007199254740992', '-9007199254740992', '9223372036854775807', '-9223372036854775808',
    ],
    oid: ['0', '4294967295'],
    xid: ['7'],
    float4: ['0', '-0', '0.1', '3.4028235e38', 'NaN', '-Infinity'],
    float8: ['0', '-0', '0.1', '5e-324', 'NaN', 'Infinity'],
    numeric: ['0', '1.50', 'NaN'],
    text: ['', 'plain', 'ünïcödé ☃ 𝄞'],
    bytea: ['\\x', '\\x00ff61'],
    date: ['2024-02-29', 'infinity'],
    time: ['12:34:56.7', '24:00:00'],
    timestamp: ['2024-02-29 12:34:56.789', '-infinity'],
    timestamptz: [
        '2024-02-29 12:34:56.789+00', '2024-02-29 12:34:56.123456+00', '1970-01-01 00:00:00+00', '1969-12-31 23:59:59.999999+00',
        '1969-12-31 23:59:59.999+00', '0001-01-01 00:00:00+00', '0044-03-15 12:00:00.000001+00 BC', '9999-12-31 23:59:59.999999+00',
        '275760-09-13 00:00:00+00',
    ],
    interval: ['1 day', '1 year -3 days 04:05:06.7'],
    uuid: ['d6a0e6b0-1234-4000-8000-0123456789ab'],
    json: ['{"a": [1, null]}', '1.5', 'null'],
    jsonb: ['[]'],
    inet: ['10.1.2.3'],
    'int4[]': ['{}', '{1,NULL,3}'],
    int4range: ['[1,5)', 'empty'],
};
const ODD = {timestamptz: ['infinity', '-infinity', '275760-09-13 00:00:00.000001+00', '294276-12-31 00:00:00+00']};

function check(connection, kind, values, nulls, format) {
    const texts = Array.from({length: 30}, () => values).flat().map((text, i) => (nulls && i % 3 === 0 ? null : text));
    const list = texts.map(text => (text === null ? 'NULL' : `'${text}'`)).join(', ');
    const cursor = connection.cursor();
    cursor.set_format(format);
    cursor.execute(`SELECT v::${kind} AS v FROM unnest(ARRAY[${list}]::text[]) v`);
    const result = cursor.get_result();
    const single = Array.from(result, row => row.toArray());
    equal(single.map(([value]) => value === null), texts.map(text => text === null || text === 'null'), kind);
    equal(result.toArrays(), single, `${kind} in format ${format}`);
    equal(result.toObjects(), single.map(([v]) => ({v})), `${kind} in format ${format}`);
}

for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
    test(`the same values as cells have, ${format === Pg.Format.TEXT ? 'text' : 'binary'}`, t => {
        const connection = t.openBlocking();
        connection.execute("SET TimeZone = 'UTC'");
        for (const [kind, values] of Object.entries(VALUES)) {
            check(connection, kind, values, false, format);
            check(connection, kind, values, true, format);
        }
        for (const [kind, values] of Object.entries(ODD))
            check(connection, kind, [...VALUES[kind], ...values], true, format);
    });
}

test('defect: an instant far away that a Number of microseconds holds was another millisecond', t => {
    const connection = t.openBlocking();
    connection.execute("SET TimeZone = 'UTC'");
    for (const [text, ...fraction] of [
        ['5000-01-01 00:00:00.001008', 1, 8], ['5000-01-01 00:00:00.003024', 3, 24], ['4713-01-01 00:00:00.001008 BC', 1, 8], ['200000-01-01 00:00:00.1008', 100, 800],
    ]) {
        const result = connection.execute(`SELECT v::timestamptz FROM unnest(array_fill('${text}'::text, array[3])) v`).get_result();
        const [date] = result.get_item(2).toArray();
        equal([date.getUTCMilliseconds(), date.microseconds], fraction, text);
        equal(result.toArrays(), [[date], [date], [date]], text);
    }
});

// The bits of others are those of objects in the engine.
test('defect: a NaN of any bits is one', t => {
    const connection = t.openBlocking();
    connection.execute('create temp table t (a float8, b float4, c point)');
    const nan8 = [0xff, 0xfb, 0, 0, 0x12, 0x34, 0x56, 0x78];
    const nan4 = [0xff, 0xff, 0xff, 0xff];
    const copy = connection.copyIn('copy t from stdin (format binary)');
    copy.write(Uint8Array.from([
        ...new TextEncoder().encode('PGCOPY\n'), 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 3, 0, 0, 0, 8, ...nan8, 0, 0, 0, 4, ...nan4, 0, 0, 0, 16, ...nan8, ...nan8, 0xff, 0xff,
    ]));
    copy.close();
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    cursor.execute('select * from t');
    const result = cursor.get_result();
    equal([0, 1].map(column => result.dup_column_numbers(column, 0, -1)[0]), [[NaN], [NaN]]);
    equal([0, 1].map(column => result.dup_column_doubles(column, 0, -1)), [[NaN], [NaN]]);
    equal(result.toArrays()[0].slice(0, 2), [NaN, NaN]);
    const point = result.get_item(0).get('c');
    equal([point.get_x(), point.get_y()], [NaN, NaN]);
    cursor.execute('select array[a, b] from t');
    equal(cursor.get_result().toArrays(), [[[NaN, NaN]]]);
    equal([...connection.copyOut('copy t (a, b) to stdout (format binary)').rows()], [[NaN, NaN]]);
});

test('more rows than are read at a time', t => {
    const result = t.openBlocking().execute("SELECT i, 'n' || i AS name, NULLIF(i % 3, 0) AS rest FROM generate_series(0, 2999) i").get_result();
    const expected = Array.from({length: 3000}, (_, i) => [i, `n${i}`, i % 3 || null]);
    equal(result.toArrays(), expected);
    equal(result.toObjects(), expected.map(([i, name, rest]) => ({i, name, rest})));
});

test('no columns, no rows', t => {
    const connection = t.openBlocking();
    equal(connection.execute('SELECT FROM generate_series(1, 3)').get_result().toArrays(), [[], [], []]);
    equal(connection.execute('SELECT FROM generate_series(1, 3)').get_result().toObjects(), [{}, {}, {}]);
    equal(connection.execute('SELECT 1 WHERE false').get_result().toArrays(), []);
});

test('names of columns are only names', t => {
    const result = t.openBlocking().execute('SELECT 1 AS "__proto__", 2 AS constructor, 3 AS a, 4 AS a').get_result();
    const [row] = result.toObjects();
    equal(Object.getPrototypeOf(row) === Object.prototype, true);
    equal(Object.entries(row), [['__proto__', 1], ['constructor', 2], ['a', 4]]);
});

test('columns of the library', t => {
    const connection = t.openBlocking();
    const result = connection.execute("SELECT * FROM (VALUES (1::int8, 1.5::float8, true, 'x'), (2, -1, false, NULL)) v").get_result();
    equal(result.dup_column_int64s(0, 0, -1), [1, 2]);
    equal(result.dup_column_doubles(1, 0, -1), [1.5, -1]);
    equal(result.dup_column_booleans(2, 0, -1), [true, false]);
    equal(result.dup_column_texts(3, 0, -1), ['x', null]);
    equal(result.dup_column_texts(3, 1, 5), [null]);
    equal(result.dup_column_texts(3, 2, -1), []);
    equal(result.dup_column_numbers(1, 0, -1).slice(0, 1), [[1.5, -1]]);
    const [numbers, nulls] = connection.execute('SELECT nullif(i, 2)::int8 FROM generate_series(1, 3) i').get_result().dup_column_numbers(0, 0, -1);
    equal([numbers, nulls], [[1, 0, 3], [1]]);
    const [data, validity] = result.dup_column_data(0, 0, -1);
    equal(Array.from(new BigInt64Array(data.toArray().buffer)), [1n, 2n]);
    equal(validity, null);
    throws(() => result.dup_column_int64s(3, 0, -1), Pg.Error, Pg.Error.DATA);
    throws(() => result.dup_column_texts(4, 0, -1), Pg.Error, Pg.Error.INTERFACE);
});

// Rows that are read one after the other are read ahead, by columns.
test('rows in and out of order', t => {
    const connection = t.openBlocking();
    const result = connection.execute(`select i::int4 as n, 9007199254740993 + i::int8 as big, 'text ' || i as name, array[i] as list, json_build_object('n', i) as doc,
        nullif(i % 3, 0)::float8 as ratio from generate_series(1, 3000) i`).get_result();
    const expected = result.toArrays();
    equal(Array.from(result, row => row.toArray()), expected);
    equal(Array.from(result, row => [...row]), expected);
    equal(Array.from(result, row => row.toObject()), result.toObjects());
    equal(Array.from(result, row => [row.get(0), row.get('big'), row.get(2), row.get('list'), row.get(4), row.get('ratio')]), expected);
    equal(Array.from(result, row => [row.get('ratio'), row.toArray()[3]]), expected.map(row => [row[5], row[3]]));
    for (const position of [2999, 5, 6, 7, 8, 2, 1000, 1001, 1002, 0, 1, 2, 3]) {
        equal(result.get_item(position).toArray(), expected[position]);
        equal(result.get_item(position).get('doc'), expected[position][4]);
    }
    const rows = [...result];
    equal(rows.reverse().map(row => row.toArray()), expected.reverse());
});

test('what a row gives is not shared', t => {
    const result = t.openBlocking().execute('select array[i] as list from generate_series(1, 20) i').get_result();
    for (const row of result) {
        const first = row.get('list');
        first.push('mine');
        const second = row.toArray()[0];
        const third = row.get('list');
        equal([second.length, third.length, second === third], [1, 1, false]);
    }
});

test('a value that cannot be had is an error of its row alone', t => {
    const connection = t.openBlocking();
    connection.adapters.registerLoader('int4', text => {
        if (text === '50')
            throw new Error('no luck');
        return Number(text);
    });
    const cursor = connection.execute('select i::int4 as n from generate_series(1, 100) i');
    const seen = [];
    for (const row of cursor) {
        try {
            seen.push(row.get('n'));
        } catch (error) {
            ok(/Row 49.*no luck/.test(error.message), error.message);
        }
    }
    equal(seen, Array.from({length: 100}, (_, i) => i + 1).filter(n => n !== 50));
    cursor.rowFactory = Pg.arrayRow;
    const before = [];
    ok(/Row 49.*no luck/.test(throws(() => {
        for (const [n] of cursor)
            before.push(n);
    }, Pg.Error, Pg.Error.DATA).message));
    equal(before.length, 49);
});

await run();
