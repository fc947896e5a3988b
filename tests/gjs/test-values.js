// SPDX-License-Identifier: LGPL-2.1-or-later

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

const utc = (...args) => new Date(Date.UTC(...args));

// What a query of one column gives.
const CASES = [
    ['NULL', [['null', null], ['null::int', null], ['null::bytea', null], ['null::int[]', null], ['null::jsonb', null], ['null::timestamptz', null]]],
    ['bool', [['true', true], ['false', false]]],
    ['integers', [['1::int2', 1], ["'-2147483648'::int4", -2147483648], ['4294967295::oid', 4294967295]]],
    ['int8', [
        ['1::int8', 1], ['9007199254740991', Number.MAX_SAFE_INTEGER], ['9007199254740992', 9007199254740992n], ['9007199254740993', 9007199254740993n],
        ['-9007199254740991', Number.MIN_SAFE_INTEGER], ['-9007199254740993', -9007199254740993n], ['9223372036854775807', 2n ** 63n - 1n],
        ["'-9223372036854775808'::int8", -(2n ** 63n)],
    ]],
    ['floats', [
        ['1.5::float8', 1.5], ['0.1::float8', 0.1], ['0.1::float4', Math.fround(0.1)], ["'NaN'::float8", NaN], ["'-Infinity'::float4", -Infinity],
        ["'-0'::float8", -0], ["'5e-324'::float8", 5e-324], ["'1.7976931348623157e308'::float8", Number.MAX_VALUE],
    ]],
    ['text', [["'tëxt 😀'", 'tëxt 😀'], ["''", ''], ["'a'::varchar", 'a'], ["'ab'::char(4)", 'ab  '], ["'n'::name", 'n'], ["'x'::\"char\"", 'x']]],
    ['bytea', [["'\\x00ff'::bytea", new Uint8Array([0, 255])], ["''::bytea", new Uint8Array(0)]]],
    ['timestamptz', [
        ["'2024-02-29 12:00:00+02'::timestamptz", utc(2024, 1, 29, 10)],
        ["'2024-02-29 12:00:00.25+00'::timestamptz", utc(2024, 1, 29, 12, 0, 0, 250)],
        ["'2024-02-29 12:00:00.123456+00'::timestamptz", new Pg.PreciseDate(Date.UTC(2024, 1, 29, 12, 0, 0, 123), 456)],
        ["'1969-12-31 23:59:59.999999+00'::timestamptz", new Pg.PreciseDate(-1, 999)],
        ["'0001-01-01 00:00:00+00'::timestamptz", new Date('0001-01-01T00:00:00Z')],
        ["'0044-03-15 00:00:00+00 BC'::timestamptz", new Date('-000043-03-15T00:00:00Z')],
        ["'12345-01-01 00:00:00+00'::timestamptz", new Date('+012345-01-01T00:00:00Z')],
    ]],
    ['JSON', [
        ['\'{"a": [1, null, "x"]}\'::jsonb', {a: [1, null, 'x']}], ["'null'::json", null], ["'[]'::jsonb", []], ["'5'::json", 5], ['\'"s"\'::json', 's'],
    ]],
    ['arrays', [
        ['array[1, 2, null]', [1, 2, null]], ["'{}'::int[]", []], ['array[[1, 2], [3, 4]]', [[1, 2], [3, 4]]],
 ['array[9007199254740993, 1]', [9007199254740993n, 1]],
        ["array['a,b', 'c\"d', null, 'NULL', '', '{}', 'e\\f', ' g ']", ['a,b', 'c"d', null, 'NULL', '', '{}', 'e\\f', ' g ']], ['array[true, false]', [true, false]],
        ["array['NaN', 'Infinity', '1.5']::float8[]", [NaN, Infinity, 1.5]], ["array[0.1]::float4[]", [Math.fround(0.1)]],
        ["array['\\x0001'::bytea, '']", [new Uint8Array([0, 1]), new Uint8Array(0)]], ["array['2024-02-29 12:00:00+00'::timestamptz]", [utc(2024, 1, 29, 12)]],
        ["array['{\"a\": \"b\\\"\"}'::jsonb]", [{a: 'b"'}]],
        ["array['(1,2),(3,4)'::box, '(1,2),(3,4)']", ['(3,4),(1,2)', '(3,4),(1,2)']],
    ]],
    ['types of text', [["'5f0c8a4e-0000-4000-8000-00000000abcd'::uuid", '5f0c8a4e-0000-4000-8000-00000000abcd']]],
];

for (const [name, values] of CASES) {
    test(name, async t => {
        const connection = t.openBlocking({autocommit: true});
        for (const timezone of ['UTC', 'Australia/Lord_Howe', 'Europe/Amsterdam']) {
            connection.execute(`set timezone to '${timezone}'`);
            for (const [query, expected] of values) {
                const actual = connection.execute(`select ${query}`).fetchone().get(0);
                if (expected instanceof RegExp)
                    ok(expected.test(actual), `${query}: ${actual}`);
                else
                    equal(actual, expected, query);
            }
        }
    });
}

test('the binary format gives the same', async t => {
    const connection = t.openBlocking({autocommit: true});
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    const query = `select null, true, 9007199254740993, 1.20, 0.1::float4, 'x'::text, '\\x00'::bytea, array[1, null], '{"a":1}'::jsonb,
                   '2024-02-29 12:00:00.123456+00'::timestamptz, '2024-02-29'::date, array['a"b'], '2024-01-01 00:00:00'::timestamp`;
    const binary = cursor.execute(query).fetchone().toArray();
    equal(cursor.get_result().get_column(2).get_format(), Pg.Format.BINARY);
    equal(binary, connection.execute(query).fetchone().toArray());
});

test('what a Date cannot hold is a Pg.Timestamp', async t => {
    const connection = t.openBlocking();
    for (const text of ['infinity', '-infinity', '294276-01-01 00:00:00+00']) {
        const value = connection.execute(`select '${text}'::timestamptz`).fetchone().get(0);
        ok(value instanceof Pg.Timestamp);
        equal(`${value}`, text);
        ok(value.has_time_zone());
        equal(connection.execute('select $1::text', [value]).fetchone().get(0), text);
    }
});

test('microseconds go there and back', async t => {
    const connection = t.openBlocking();
    const text = '2024-02-29 12:00:00.123456+00';
    const date = connection.execute(`select '${text}'::timestamptz`).fetchone().get(0);
    ok(date instanceof Date);
    equal(date.getTime(), Date.UTC(2024, 1, 29, 12, 0, 0, 123));
    equal(date.microseconds, 456);
    equal(date.toISOString(), '2024-02-29T12:00:00.123456Z');
    equal(JSON.stringify(date), '"2024-02-29T12:00:00.123456Z"');
    equal(connection.execute(`select $1 = '${text}'`, [date]).fetchone().get(0), true);
    date.setUTCHours(13);
    equal(date.microseconds, 0);
});

test('bytea_output = escape', async t => {
    const connection = t.openBlocking();
    connection.execute("set bytea_output to 'escape'");
    const all = Uint8Array.from({length: 256}, (_, i) => i);
    equal(connection.execute('select $1, array[$1]', [all]).fetchone().toArray(), [all, [all]]);
});

test('a DateStyle that can be misread is read right', async t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute("set datestyle to 'SQL, DMY'");
    equal(connection.execute("select '2024-02-01'::date, '2024-02-01'::timestamp").fetchone().toArray(),
        [Pg.Date.parse('2024-02-01'), Pg.Timestamp.parse('2024-02-01 00:00:00')]);
    connection.execute("set timezone to 'UTC'; create type dated as (day date, at timestamptz, days date[], span daterange)");
    connection.fetchType('dated');
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        const cursor = connection.cursor();
        cursor.format = format;
        cursor.execute(`select array['2024-02-01'::date, null], array['2024-02-01'::timestamp], array['2024-02-01 00:00:00.000001'::timestamptz], daterange('2024-02-01', null),
                               row('2024-02-01', '2024-02-01', array['2024-02-01'::date], daterange('2024-02-01', null))::dated from generate_series(1, 2)`);
        const day = Pg.Date.parse('2024-02-01'), instant = new Date('2024-02-01T00:00:00Z');
        const rows = [cursor.fetchone().toArray(), cursor.get_result().toArrays()[1]];
        for (const [days, times, [precise], span, dated] of rows) {
            equal(days, [day, null]);
            equal(times, [Pg.Timestamp.parse('2024-02-01 00:00:00')]);
            equal([precise.getTime(), precise.microseconds], [instant.getTime(), 1]);
            equal(span.lower, day);
            equal([dated.day, dated.at, dated.days, dated.span.lower], [day, instant, [day], day]);
        }
    }
});

test('columns', async t => {
    const connection = t.openBlocking();
    const row = connection.execute('select 1 as a, 2 as "B c", 3 as __proto__, 4 as a').fetchone();
    equal(row.get('a'), 1);
    equal(row.get('B c'), 2);
    equal(row.get(3), 4);
    equal([...row], [1, 2, 3, 4]);
    const object = row.toObject();
    equal(Object.keys(object), ['a', 'B c', '__proto__']);
    equal(Object.getPrototypeOf(object) === Object.prototype, true);
    equal(Object.getOwnPropertyDescriptor(object, '__proto__').value, 3);
    throws(() => row.get('b'), RangeError, /no column 'b'/);
    throws(() => row.get(4), RangeError, /no column 4: the row has 4/);
    throws(() => row.get(-1), RangeError);
});

await run();
