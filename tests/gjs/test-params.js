// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

// What the server takes each value for, and its text there.
const CASES = [
    ['booleans', [[true, 'boolean', 'true'], [false, 'boolean', 'false']]],
    ['integers by their size', [
        [0, 'smallint', '0'], [-32768, 'smallint', '-32768'], [32768, 'integer', '32768'], [-2147483648, 'integer', '-2147483648'],
        [2147483648, 'bigint', '2147483648'], [Number.MAX_SAFE_INTEGER, 'bigint', '9007199254740991'],
        [Number.MIN_SAFE_INTEGER, 'bigint', '-9007199254740991'],
    ]],
    ['other numbers', [
        [1.5, 'double precision', '1.5'], [0.1, 'double precision', '0.1'], [-0, 'double precision', '-0'], [2 ** 53, 'double precision', '9.007199254740992e+15'],
        [1e300, 'double precision', '1e+300'], [NaN, 'double precision', 'NaN'], [-Infinity, 'double precision', '-Infinity'],
        [5e-324, 'double precision', '5e-324'],
    ]],
    ['BigInts of any size', [
        [0n, 'bigint', '0'], [2n ** 53n + 1n, 'bigint', '9007199254740993'], [2n ** 63n - 1n, 'bigint', '9223372036854775807'],
        [-(2n ** 63n), 'bigint', '-9223372036854775808'], [2n ** 63n, 'numeric', '9223372036854775808'], [-(10n ** 100n), 'numeric', `-1${'0'.repeat(100)}`],
    ]],
    ['bytes', [[new Uint8Array([0, 255, 10]), 'bytea', '\\x00ff0a'], [new Uint8Array(0), 'bytea', '\\x'], [new GLib.Bytes([1]), 'bytea', '\\x01']]],
    ['dates', [
        [new Date(0), 'timestamp with time zone', '1970-01-01 00:00:00+00'],
        [new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 999)), 'timestamp with time zone', '2024-02-29 23:59:59.999+00'],
        [new Date('-000001-03-01T00:00:00Z'), 'timestamp with time zone', '0002-03-01 00:00:00+00 BC'],
        [new Date('+012345-01-01T00:00:00Z'), 'timestamp with time zone', '12345-01-01 00:00:00+00'],
        [new Pg.PreciseDate(-1, 7), 'timestamp with time zone', '1969-12-31 23:59:59.999007+00'],
        [GLib.DateTime.new_utc(2024, 1, 2, 3, 4, 5), 'timestamp with time zone', '2024-01-02 03:04:05+00'],
    ]],
    ['the types of the library', [
        [Pg.Numeric.parse('1.50'), 'numeric', '1.50'], [Pg.Date.parse('2024-02-29'), 'date', '2024-02-29'],
        [Pg.Timestamp.parse('2024-02-29 01:02:03'), 'timestamp without time zone', '2024-02-29 01:02:03'],
        [GLib.Variant.new_int64(5), 'smallint', '5'], [Pg.Time.parse('24:00:00'), 'time without time zone', '24:00:00'],
        [Pg.Interval.new(14, -3, 1), 'interval', '1 year 2 mons -3 days +00:00:00.000001'], [Pg.Inet.parse('::1/64'), 'inet', '::1/64'],
        [Pg.Inet.parse_cidr('10.0.0.0/8'), 'cidr', '10.0.0.0/8'], [Pg.BitString.parse('101'), 'bit varying', '101'],
        [Pg.Point.new(1.5, -2), 'point', '(1.5,-2)'], [Pg.Range.parse('[1,5)', Pg.OID_INT4), 'int4range', '[1,5)'],
        [Pg.Multirange.parse('{[1,5)}', Pg.OID_INT8), 'int8multirange', '{[1,5)}'],
        [Pg.Array.parse('[0:1]={1,NULL}', Pg.OID_INT4), 'integer[]', '[0:1]={1,NULL}'],
    ]],
    ['JSON', [
        [Pg.json({a: [1, null]}), 'json', '{"a":[1,null]}'], [Pg.jsonb({a: [1, null]}), 'jsonb', '{"a": [1, null]}'], [Pg.json(null), 'json', 'null'],
        [Pg.json('a"b\u00e9'), 'json', '"a\\"b\u00e9"'],
    ]],
    ['arrays', [
        [[1, 2], 'smallint[]', '{1,2}'], [[1, 70000], 'integer[]', '{1,70000}'], [[1, 2n ** 40n], 'bigint[]', '{1,1099511627776}'],
        [[2n ** 64n, 1], 'numeric[]', '{18446744073709551616,1}'], [[1, 1.5], 'double precision[]', '{1,1.5}'], [[1.5, 2], 'double precision[]', '{1.5,2}'],
        [[null, 1], 'smallint[]', '{NULL,1}'], [[null, 1.5, 2], 'double precision[]', '{NULL,1.5,2}'], [[[1], [1.5]], 'double precision[]', '{{1},{1.5}}'],
        [[0n], 'bigint[]', '{0}'],
        [[true, false, null], 'boolean[]', '{t,f,NULL}'], [[[1, 2], [3, null]], 'smallint[]', '{{1,2},{3,NULL}}'],
        [[new Date(0)], 'timestamp with time zone[]', '{"1970-01-01 00:00:00+00"}'], [[new Uint8Array([1, 2])], 'bytea[]', '{"\\\\x0102"}'],
        [[Pg.jsonb({a: 1})], 'jsonb[]', '{"{\\"a\\": 1}"}'], [[Pg.Numeric.parse('1.0')], 'numeric[]', '{1.0}'], [[Pg.Date.parse('2024-01-01')], 'date[]', '{2024-01-01}'],
    ]],
];

for (const [name, values] of CASES) {
    test(name, async t => {
        const connection = await t.open({autocommit: true});
        await connection.execute("set timezone to 'UTC'");
        for (const [value, type, text] of values) {
            const cursor = await connection.execute('select pg_typeof($1)::text, $1::text', [value]);
            equal((await cursor.fetchone()).toArray(), [type, text]);
        }
    });
}

test('text and NULL take their type from the place', async t => {
    const connection = await t.open();
    const cursor = await connection.execute('select $1::date + 1, $2::text, coalesce($3, 5), $4::int[], $5::text is null, $6::text[]',
        ['2024-02-28', 'tëxt 😀', null, [], null, [null]]);
    equal((await cursor.fetchone()).toArray(), [Pg.Date.parse('2024-02-29'), 'tëxt 😀', 5, [], true, [null]]);
    equal((await (await connection.execute('select $1::int[]', [[[], []]])).fetchone()).get(0), []);
    const texts = ['a', null, 'NULL', '', 'b,c', '{}', '"\\'];
    equal((await (await connection.execute('select $1::text[], array_length($2::uuid[], 1)', [texts, ['01234567-89ab-cdef-0123-456789abcdef']])).fetchone()).toArray(),
        [texts, 1]);
});

test('placeholders', async t => {
    const connection = t.openBlocking();
    const row = (...args) => connection.execute(...args).fetchone().toArray();
    equal(row('select %s || %s', ['a', 'b']), ['ab']);
    equal(row('select %(x)s || %(y)s || %(x)s', {x: 'a', y: 'b'}), ['aba']);
    equal(row('select %(x)s::text', Object.assign(Object.create(null), {x: 'a'})), ['a']);
    equal(row("select $2::text, $1::text, '%'", ['a', 'b']), ['b', 'a', '%']);
    equal(row('select %s + 1', GLib.Variant.new_tuple([GLib.Variant.new_int32(1)])), [2]);
    const params = Pg.Params.new();
    params.add_text('x');
    equal(row('select $1::text', params), ['x']);
    equal(row('select 1', []), [1]);
    equal(row('select 1', undefined), [1]);
});

test('the template', async t => {
    const connection = await t.open();
    const name = "Robert'); drop table item; --";
    const cursor = await connection.sql`select ${name}::text, ${2} + 1, 5 % ${3}, '%'`;
    equal((await cursor.fetchone()).toArray(), [name, 3, 2, '%']);
    equal((await (await connection.sql`select '%s', 1`).fetchone()).toArray(), ['%s', 1]);
    const blocking = t.openBlocking();
    equal(blocking.sql`select ${[1, 2]}::int[]`.fetchone().get(0), [1, 2]);
    await rejects(connection.sql`select '\u'`, SyntaxError, /escape/);
    await rejects(connection.sql`select '\0'`, Pg.Error, Pg.Error.DATA);
});

const REFUSED = [
    ['undefined', undefined, TypeError, /^parameter 1 is undefined; SQL NULL is null$/],
    ['an object', {a: 1}, Pg.Error, Pg.Error.PROGRAMMING],
    ['an object in an array', [{a: 1}], Pg.Error, Pg.Error.PROGRAMMING],
    ['undefined in an object', {a: undefined}, TypeError, /^the value of 'a' in parameter 1 is undefined; SQL NULL is null$/],
    ['U+0000 in a key', {'a\0': 'b'}, Pg.Error, Pg.Error.DATA],
    ['an instance', new Map(), TypeError, /^parameter 1 is a Map, which/],
    ['a function', () => {}, TypeError, /^parameter 1 is a function, which/],
    ['a symbol', Symbol('x'), TypeError, /^parameter 1 is a symbol, which/],
    ['U+0000 in a string', 'a\0b', Pg.Error, Pg.Error.DATA],
    ['U+0000 in an array', ['a\0b'], Pg.Error, Pg.Error.DATA],
    ['half a character', 'a\ud800', Pg.Error, Pg.Error.DATA],
    ['an invalid date', new Date(NaN), Pg.Error, Pg.Error.DATA],
    ['elements of two types', [1, 'a'], Pg.Error, Pg.Error.DATA],
    ['a BigInt beside a fraction', [1.5, 2n], Pg.Error, Pg.Error.DATA],
    ['undefined in an array', [1, undefined], TypeError, /^an element of parameter 1 is undefined/],
    ['a ragged array', [[1], [2, 3]], Pg.Error, Pg.Error.DATA],
    ['an array beside a value', [[1], 2], Pg.Error, Pg.Error.DATA],
    ['a value beside an array', [null, [1]], Pg.Error, Pg.Error.DATA],
    ['seven dimensions', [[[[[[[1]]]]]]], Pg.Error, Pg.Error.DATA],
];

for (const [name, value, ...error] of REFUSED) {
    test(`${name} is refused`, async t => {
        const connection = await t.open({autocommit: true});
        const blocking = t.openBlocking();
        await rejects(connection.execute('select $1', [value]), ...error);
        throws(() => blocking.execute('select $1', [value]), ...error);
        equal((await (await connection.execute('select 1')).fetchone()).get(0), 1);
    });
}

test('what cannot be parameters is refused', async t => {
    const connection = await t.open();
    for (const params of ['abc', 5, new Date(), new Set([1]), true])
        await rejects(connection.execute('select 1', params), TypeError, /parameters must be/);
    for (const query of [5, null, undefined])
        await rejects(connection.execute(query), TypeError, /the statement must be a string/);
    await rejects(connection.execute('select 1 \0 from nowhere'), Pg.Error, Pg.Error.DATA);
    await rejects(connection.execute('select %(a)s', {'a\0': 1}), Pg.Error, Pg.Error.DATA);
    throws(() => Pg.json(undefined), TypeError);
    throws(() => Pg.json(10n), TypeError);
    throws(() => new Pg.PreciseDate(0, 1000), RangeError);
});

test('the secret is not in the message', async t => {
    const connection = await t.open();
    const error = await rejects(connection.execute('select $1', ['secret\0']), Pg.Error, Pg.Error.DATA);
    equal(error.message.includes('secret'), false);
});

test('a client cursor', async t => {
    const connection = await t.open({cursorFactory: Pg.AsyncClientCursor});
    equal(connection.cursorFactory === Pg.AsyncClientCursor.$gtype, true);
    const cursor = connection.cursor();
    ok(cursor instanceof Pg.AsyncClientCursor && cursor instanceof Pg.AsyncCursor);
    await cursor.execute('set application_name to %s; select current_setting($$application_name$$), %s, %s', ["it's \\", -5, null]);
    ok(cursor.next_result());
    equal((await cursor.fetchone()).toArray(), ["it's \\", -5, null]);
    equal(cursor.mogrify('select %(a)s, %(b)s', {a: 1, b: 'x'}), "select 1, 'x'");
    equal(cursor.mogrify('select 5 % 2'), 'select 5 % 2');
    throws(() => cursor.mogrify('select %s', []), Pg.Error);
    throws(() => cursor.mogrify('select %s', ['a\0b']), Pg.Error);
    const result = await connection.execute('select %s', ["a'b"]);
    equal((await result.fetchone()).get(0), "a'b");
    throws(() => {
        connection.cursorFactory = Pg.Cursor;
    }, TypeError);
    throws(() => {
        connection.cursorFactory = 5;
    }, TypeError);
    connection.cursorFactory = null;
    ok(!(connection.cursor() instanceof Pg.AsyncClientCursor));

    const blocking = t.openBlocking();
    const other = new Pg.ClientCursor({connection: blocking});
    equal(other.execute('notify x, %s; select %s', ["it's", 'y']).next_result(), true);
    equal(other.fetchone().get(0), 'y');
    blocking.cursorFactory = Pg.ClientCursor;
    ok(blocking.cursor() instanceof Pg.ClientCursor);
});

test('a prepared statement', async t => {
    const connection = await t.open();
    const statement = await connection.prepare('select %s::int8 as a, %s::numeric::text');
    equal(statement.parameterNames, ['int8', 'numeric']);
    equal(statement.parameters, [Pg.OID_INT8, Pg.OID_NUMERIC]);
    equal(statement.description.map(column => column.get_name()), ['a', 'text']);
    equal((await (await statement.execute([5, 6])).fetchone()).toArray(), [5, '6']);
    equal((await (await connection.cursor().execute(statement, [7n, '1.50'])).fetchone()).toArray(), [7, '1.50']);
    await rejects(statement.execute([true, 1]), Pg.Error);
    await rejects(statement.execute([1]), Pg.Error);
    await statement.close();
    ok(statement.closed);
    await rejects(statement.execute([1, 2]), Pg.Error);
    await rejects(connection.prepare('selekt'), Pg.Error);

    const blocking = t.openBlocking();
    const other = blocking.prepare('select $1', [Pg.OID_INT4]);
    equal(other.parameterNames, ['int4']);
    equal(other.execute([5]).fetchone().get(0), 5);
    throws(() => other.execute([true]), Pg.Error);
    other.close();
});

// -1 of prepareThreshold is never, and of preparedMax as many as there are.
test('what is prepared by itself', async t => {
    const connection = await t.open({autocommit: true});
    const blocking = t.openBlocking({autocommit: true});
    const force = connection.cursor();
    force.prepare = Pg.Prepare.FORCE;
    for (const one of [connection, blocking]) {
        const counter = one.cursor();
        counter.prepare = Pg.Prepare.NEVER;
        const check = async expected => {
            await counter.execute('select count(*) from pg_prepared_statements');
            equal((await counter.fetchone()).get(0), expected);
        };
        for (let i = 0; i < 7; i++) {
            await one.execute('select $1::int', [i]);
            await check(i >= 5 ? 1 : 0);
        }
        one.prepareThreshold = -1;
        for (let i = 0; i < 7; i++)
            await one.execute('select 3');
        if (one === connection)
            await force.execute('select 4');
        await check(1);
        one.prepareThreshold = 0;
        one.preparedMax = -1;
        for (let i = 0; i < 150; i++)
            await one.execute(`select ${i}`);
        await check(151);
        one.preparedMax = 10;
        for (let i = 0; i < 100; i++)
            await one.execute('select 0');
        await check(10);
    }
});

await run();
