// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the values of every type are in JavaScript: in text and in binary form, alone and in arrays; and the library's value types as objects.

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

const date = text => Pg.Date.parse(text);
const time = text => Pg.Time.parse(text);
const timestamp = text => Pg.Timestamp.parse(text);
const interval = text => Pg.Interval.parse(text);
const numeric = text => Pg.Numeric.parse(text);
const utc = (...args) => new Date(Date.UTC(...args));

// The type, and texts of it with the values.
const CASES = {
    'bool': [['t', true], ['f', false]],
    'int2': [['-32768', -32768]],
    'int4': [['2147483647', 2147483647]],
    'int8': [['9007199254740991', Number.MAX_SAFE_INTEGER], ['9007199254740992', 9007199254740992n], ['-9223372036854775808', -(2n ** 63n)]],
    'oid': [['4294967295', 4294967295]],
    'xid': [['4294967295', 4294967295]],
    'cid': [['7', 7]],
    'xid8': [['18446744073709551615', 2n ** 64n - 1n], ['5', 5]],
    'float4': [['0.1', Math.fround(0.1)], ['-Infinity', -Infinity], ['NaN', NaN]],
    'float8': [['0.1', 0.1], ['-0', -0], ['1e300', 1e300], ['NaN', NaN]],
    'numeric': [['1.500', numeric('1.500')], ['123456789012345678901234567890.1234567890', numeric('123456789012345678901234567890.1234567890')],
        ['NaN', numeric('NaN')], ['-Infinity', numeric('-Infinity')]],
    'text': [['', ''], ['tëxt ☃ "\\{},NULL', 'tëxt ☃ "\\{},NULL'], ['null', 'null'], [' ', ' ']],
    'varchar': [['a', 'a']],
    'char(4)': [['ab', 'ab  ']],
    'name': [['n', 'n']],
    '"char"': [['x', 'x']],
    'bytea': [['\\x00ff', new Uint8Array([0, 255])], ['', new Uint8Array(0)]],
    'date': [['2024-02-29', date('2024-02-29')], ['infinity', date('infinity')], ['0044-03-15 BC', date('0044-03-15 BC')], ['10000-01-01', date('10000-01-01')]],
    'time': [['12:34:56.789', time('12:34:56.789')], ['24:00:00', time('24:00:00')]],
    'timetz': [['01:02:03+05:30', time('01:02:03+05:30')], ['12:00:00-15:59:59', time('12:00:00-15:59:59')]],
    'timestamp': [['2024-02-29 01:02:03.000004', timestamp('2024-02-29 01:02:03.000004')], ['-infinity', timestamp('-infinity')],
        ['0044-03-15 12:00:00 BC', timestamp('0044-03-15 12:00:00 BC')]],
    'timestamptz': [['2024-02-29 12:00:00.25+01', utc(2024, 1, 29, 11, 0, 0, 250)], ['1969-12-31 23:59:59.999999+00', new Pg.PreciseDate(-1, 999)],
        ['0044-03-15 00:00:00+00 BC', new Date('-000043-03-15T00:00:00Z')], ['infinity', Pg.Timestamp.new_infinity(false, true)],
        ['294276-01-01 00:00:00+00', timestamp('294276-01-01 00:00:00+00')]],
    'interval': [['1 year 2 mons -3 days 04:05:06.7', interval('1 year 2 mons -3 days +04:05:06.7')], ['-1 hour', interval('-01:00:00')]],
    'uuid': [['5f0c8a4e-0000-4000-8000-00000000abcd', '5f0c8a4e-0000-4000-8000-00000000abcd']],
    'json': [['{"a": [1, null, "x"]}', {a: [1, null, 'x']}], ['"{"', '{']],
    'jsonb': [['{"a": [1, null, "x"]}', {a: [1, null, 'x']}], ['[]', []]],
    'inet': [['192.168.0.1', Pg.Inet.parse('192.168.0.1')], ['fe80::1/64', Pg.Inet.parse('fe80::1/64')]],
    'cidr': [['10.0.0.0/8', Pg.Inet.parse_cidr('10.0.0.0/8')]],
    'int4range': [['[1,5)', Pg.Range.from(1, 5)], ['empty', Pg.Range.new_empty(Pg.OID_INT4)], ['(,)', Pg.Range.from(null, null, '()', Pg.OID_INT4)]],
    'int8range': [['[1,9007199254740993)', Pg.Range.from(1, 9007199254740993n)]],
    'numrange': [['(1.50,2]', Pg.Range.from('1.50', '2', '(]', Pg.OID_NUMERIC)]],
    'daterange': [['[2024-02-29,infinity)', Pg.Range.from(date('2024-02-29'), date('infinity'))]],
    'tsrange': [['["2024-02-29 01:02:03","2024-03-01 00:00:00"]', Pg.Range.from(timestamp('2024-02-29 01:02:03'), timestamp('2024-03-01 00:00:00'), '[]')]],
    'int4multirange': [['{[1,3),[5,7)}', Pg.Multirange.parse('{[1,3),[5,7)}', Pg.OID_INT4)], ['{}', Pg.Multirange.parse('{}', Pg.OID_INT4)]],
    'datemultirange': [['{[2024-02-29,2024-03-01)}', Pg.Multirange.parse('{[2024-02-29,2024-03-01)}', Pg.OID_DATE)]],
    'bit(3)': [['101', Pg.BitString.parse('101')]],
    'varbit': [['', Pg.BitString.parse('')]],
    'point': [['(1.5,-2)', Pg.Point.new(1.5, -2)]],
    'int2vector': [['1 -2', [1, -2]], ['', []]],
    'oidvector': [['1 4294967295', [1, 4294967295]]],
    'box': [['(3,4),(1,2)', '(3,4),(1,2)']],
    'lseg': [['[(1,2),(3,4)]', '[(1,2),(3,4)]']],
    'path': [['((1,2),(3,4))', '((1,2),(3,4))']],
    'polygon': [['((1,2),(3,4))', '((1,2),(3,4))']],
    'line': [['{1,2,3}', '{1,2,3}']],
    'circle': [['<(1,2),3>', '<(1,2),3>']],
    'macaddr': [['08:00:2b:01:02:03', '08:00:2b:01:02:03']],
    'xml': [['<a/>', '<a/>']],
    'tid': [['(1,2)', '(1,2)']],
    'pg_lsn': [['16/B374D848', '16/B374D848']],
    'tsvector': [["'a' 'b':1A", "'a' 'b':1A"]],
    'jsonpath': [['$."a"', '$."a"']],
};
const FORMATS = [Pg.Format.TEXT, Pg.Format.BINARY];

function select(connection, what, format) {
    const cursor = connection.cursor();
    cursor.set_format(format);
    return cursor.execute(`select ${what}`).fetchone().toArray();
}

function checkType(connection, format, type, cases) {
    const isVector = type === 'int2vector' || type === 'oidvector';
    for (const [text, expected] of cases) {
        const value = `'${text.replaceAll("'", "''")}'::${type}`;
        equal(select(connection, value, format), [expected], value);
        if (!isVector)
            equal(select(connection, `array[${value}, null], array[[${value}], [null::${type}]]`, format), [[expected, null], [[expected], [null]]], value);
    }
    equal(select(connection, `null::${type}`, format), [null], type);
    if (!isVector)
        equal(select(connection, `null::${type}[], '{}'::${type}[]`, format), [null, []], type);
}

for (const [name, format] of [['text', Pg.Format.TEXT], ['binary', Pg.Format.BINARY]]) {
    test(`types in ${name}`, async t => {
        const connection = t.openBlocking({autocommit: true});
        for (const [type, cases] of Object.entries(CASES))
            checkType(connection, format, type, cases);
    });
}

test('settings of the session do not matter', async t => {
    const connection = t.openBlocking({autocommit: true});
    for (const setting of ["timezone = 'America/St_Johns'", 'intervalstyle = iso_8601', 'intervalstyle = sql_standard', 'intervalstyle = postgres_verbose',
        'bytea_output = escape']) {
        connection.execute(`set ${setting}`);
        for (const format of FORMATS) {
            equal(select(connection, "timestamptz '2024-02-29 00:00:00+00', interval '1 mon -2 hours', '\\x00ff5c41'::bytea, array['\\x00ff5c41'::bytea]", format),
                [utc(2024, 1, 29), interval('1 mon -02:00:00'), new Uint8Array([0, 255, 92, 65]), [new Uint8Array([0, 255, 92, 65])]], setting);
        }
    }
});

test('records', async t => {
    const connection = t.openBlocking({autocommit: true});
    equal(select(connection, "row(1, null, 'a \"b', row('x')), row(null), null::record", Pg.Format.TEXT), [['1', null, 'a "b', '(x)'], [null], null]);
    equal(select(connection, "array[row(1, 'a'), null]", Pg.Format.TEXT), [[['1', 'a'], null]]);
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    equal(cursor.execute("select row(i, 'a'), '\\x01'::bytea from generate_series(1, 3) i").get_result().toArrays(),
        [1, 2, 3].map(i => [[i, 'a'], new Uint8Array([1])]));
    // The binary form has the types of the fields.
    equal(select(connection, "row(1, null, 'a \"b', row('x', date '2024-02-29'), array[1, null], '\\x00'::bytea, 1.50), null::record", Pg.Format.BINARY),
        [[1, null, 'a "b', ['x', date('2024-02-29')], [1, null], new Uint8Array([0]), numeric('1.50')], null]);
});

test('lower bounds', async t => {
    const connection = t.openBlocking({autocommit: true});
    for (const format of FORMATS) {
        const [value, plain] = select(connection, "'[3:4][0:1]={{1,2},{3,NULL}}'::int[], '[1:2]={2024-02-29,NULL}'::date[]", format);
        ok(value instanceof Pg.Array);
        equal([`${value}`, value.lowerBounds, value.length, [...value], value.at(-1)],
            ['[3:4][0:1]={{1,2},{3,NULL}}', [3, 0], 2, [[1, 2], [3, null]], [3, null]]);
        equal(plain, [date('2024-02-29'), null]);
        equal(connection.execute('select $1', [value]).fetchone().get(0), value);
    }
});

test('types of the database', async t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute(`create domain positive as int check (value > 0); create type mood as enum ('sad', 'ok');
                        create type pair as (a int, "b c" text); create type nested as (p pair, m mood, l pair[], d positive);
                        create type floatrange as range (subtype = float8, multirange_type_name = floatranges); create extension hstore`);
    for (const name of ['mood', 'nested', 'floatrange', 'floatranges', 'hstore'])
        connection.fetch_type(name, null);
    for (const format of FORMATS) {
        equal(select(connection, "7::positive, 'ok'::mood, array['ok', null]::mood[], (1, 'x \"y')::pair, array[(1, null)::pair, null]", format),
            [7, 'ok', ['ok', null], {'a': 1, 'b c': 'x "y'}, [{'a': 1, 'b c': null}, null]]);
        equal(select(connection, "((1, null), 'sad', array[(2, '')::pair], 5)::nested", format),
            [{p: {'a': 1, 'b c': null}, m: 'sad', l: [{'a': 2, 'b c': ''}], d: 5}]);
        const cursor = connection.cursor();
        cursor.set_format(format);
        equal(cursor.execute("select (i, 'x')::pair, array['ok']::mood[] from generate_series(1, 2) i").get_result().toArrays(),
            [1, 2].map(i => [{'a': i, 'b c': 'x'}, ['ok']]));
        const [range, ranges] = select(connection, "'[1.5,2]'::floatrange, '{[1.5,2]}'::floatranges", format);
        equal([range.lower, range.bounds, ranges.at(0).upper], [1.5, '[]', 2]);
        equal(select(connection, `'a=>1, "b \\"c, "=>NULL, ""=>""'::hstore, array['a=>1', '', null]::hstore[]`, format),
            [{'': '', 'a': '1', 'b "c, ': null}, [{a: '1'}, {}, null]]);
    }
});

test('as text and as JSON', async t => {
    const connection = t.openBlocking();
    const row = connection.execute(`select 1.50 as n, date '2024-02-29' as d, interval '1 mon' as i, int4range(1, 3) as r, point '(1,2)' as p,
                                    inet '10.0.0.1/8' as a, array[date '2024-02-29'] as l, row(1, null) as c`).fetchone();
    equal(JSON.stringify(row.toObject()),
        '{"n":"1.50","d":"2024-02-29","i":"1 mon","r":"[1,3)","p":"(1,2)","a":"10.0.0.1/8","l":["2024-02-29"],"c":["1",null]}');
    equal(row.toArray().slice(0, 6).map(value => `${value}`), ['1.50', '2024-02-29', '1 mon', '[1,3)', '(1,2)', '10.0.0.1/8']);
    equal(JSON.stringify(Pg.Record.parse('(1,,"a b")')), '["1",null,"a b"]');
});

test('nothing becomes a number or a string by accident', async () => {
    for (const value of [Pg.Numeric.from(5), date('2024-01-01'), interval('1 day'), Pg.Point.new(1, 2), Pg.Range.from(1, 2), timestamp('infinity')]) {
        for (const body of [() => value + 1, () => `${1 + value}`, () => value < 5, () => Number(value), () => value == '5'])
            throws(body, TypeError, /neither a number nor a string/);
        equal(String(value), value.to_string());
    }
});

test('Pg.Numeric', async () => {
    equal(Pg.Numeric.from('1.50').toNumber(), 1.5);
    equal(Pg.Numeric.from(10n ** 40n).toBigInt(), 10n ** 40n);
    equal(Pg.Numeric.from('-7.00').toBigInt(), -7n);
    equal(Pg.Numeric.from(0.1), numeric('0.1'));
    equal(Pg.Numeric.from(1e300).toBigInt(), 10n ** 300n);
    equal(Pg.Numeric.from(NaN).toNumber(), NaN);
    throws(() => Pg.Numeric.from('1.5').toBigInt(), RangeError, /1\.5 is not an integer/);
    throws(() => Pg.Numeric.from('NaN').toBigInt(), RangeError);
    throws(() => Pg.Numeric.from('x'), Pg.Error, Pg.Error.DATA);
    for (const value of [null, undefined, true, {}])
        throws(() => Pg.Numeric.from(value), TypeError, /Pg\.Numeric cannot be made of/);
    equal([numeric('2'), numeric('10'), numeric('-1')].sort((a, b) => a.compare(b)), [numeric('-1'), numeric('2'), numeric('10')]);
});

test('dates and times', async () => {
    const day = date('2024-02-29');
    equal([day.year, day.month, day.day], [2024, 2, 29]);
    equal([date('infinity').year, date('0044-03-15 BC').year], [null, -44]);
    equal(Pg.Date.from({year: 2024, month: 2, day: 29}), day);
    equal(Pg.Date.from('2024-02-29'), day);
    throws(() => Pg.Date.from({year: 2023, month: 2, day: 29}), Pg.Error, Pg.Error.DATA);
    throws(() => Pg.Date.from({year: 2023}), TypeError);
    throws(() => Pg.Date.from(new Date(0)), TypeError);
    const noon = time('12:01:02.000003+01');
    equal([noon.hour, noon.minute, noon.second, noon.microsecond, noon.offset, time('12:00:00').offset], [12, 1, 2, 3, 3600, null]);
    equal(Pg.Timestamp.from(new Pg.PreciseDate(0, 7)), timestamp('1970-01-01 00:00:00.000007+00'));
    equal(Pg.Timestamp.from(GLib.DateTime.new_utc(2024, 2, 29, 0, 0, 0)), timestamp('2024-02-29 00:00:00+00'));
    equal(timestamp('1970-01-01 00:00:00.000007+00').toDate(), new Pg.PreciseDate(0, 7));
    throws(() => timestamp('1970-01-01 00:00:00').toDate(), RangeError, /no time zone/);
    throws(() => Pg.Timestamp.new_infinity(false, true).toDate(), RangeError, /a Date cannot be infinity/);
    throws(() => Pg.Timestamp.from(5), TypeError);
});

test('Pg.Interval', async () => {
    const value = interval('1 year 2 mons -3 days +04:05:06.7');
    equal([value.months, value.days, value.microseconds], [14, -3, 14706700000]);
    equal(Pg.Interval.from({months: 14, days: -3, microseconds: 14706700000}), value);
    equal(Pg.Interval.from({microseconds: -5}).microseconds, -5);
    equal(Pg.Interval.from({microseconds: 2n ** 63n - 1n}).microseconds, 2n ** 63n - 1n);
    equal(Pg.Interval.from({}), interval('00:00:00'));
    equal(Pg.Interval.from('-1 day'), interval('-1 day'));
    throws(() => Pg.Interval.from({months: 1.5}), TypeError);
    throws(() => Pg.Interval.from(null), TypeError);
    throws(() => Pg.Interval.from({foo: 1}), TypeError, /Pg\.Interval has no part 'foo'/);
    throws(() => Pg.Interval.from({days: 1, hours: 1}), TypeError, /'hours'/);
    throws(() => Pg.Date.from({year: 2024, month: 1, day: 1, hour: 1}), TypeError, /'hour'/);
});

test('Pg.Inet, Pg.BitString, Pg.Point', async () => {
    const inet = Pg.Inet.parse('10.0.0.1/8');
    equal([inet.address, inet.prefixLength, inet.isCidr], ['10.0.0.1', 8, false]);
    equal([...Pg.BitString.parse('101')], [true, false, true]);
    equal(Pg.BitString.parse('101').length, 3);
    const [x, y] = Pg.Point.new(1, 2.5);
    equal([x, y, Pg.Point.new(1, 2.5).y], [1, 2.5, 2.5]);
});

test('Pg.Range', async () => {
    const range = Pg.Range.from(1, 5);
    equal([range.lower, range.upper, range.bounds, range.isEmpty, range.get_element_type()], [1, 5, '[)', false, Pg.OID_INT4]);
    equal([0, 1, 4, 5, 4n].map(value => range.contains(value)), [false, true, true, false, true]);
    equal([1, 5].map(value => Pg.Range.from(1, 5, '(]').contains(value)), [false, true]);
    equal(Pg.Range.from(1, 2n ** 40n).upper, 2 ** 40);
    equal(Pg.Range.from(1, 2n ** 60n).get_element_type(), Pg.OID_INT8);
    equal(Pg.Range.from(1, 1.5).get_element_type(), Pg.OID_NUMERIC);
    equal(Pg.Range.from(1, numeric('2.5')).contains(2.4), true);
    equal([Pg.Range.from(null, 5).lower, Pg.Range.from(null, 5).contains(-1000), Pg.Range.new_empty(Pg.OID_INT4).contains(1)], [null, true, false]);
    const days = Pg.Range.from(date('2024-01-01'), date('infinity'));
    ok(days.contains(date('9999-01-01')) && !days.contains(date('infinity')) && !days.contains(date('2023-12-31')));
    const moments = Pg.Range.from(new Date(0), new Pg.PreciseDate(5, 7));
    equal([new Date(5), new Pg.PreciseDate(5, 6), new Pg.PreciseDate(5, 7)].map(value => moments.contains(value)), [true, true, false]);
    throws(() => days.contains(5), TypeError);
    throws(() => Pg.Range.from(1, date('2024-01-01')), TypeError, /int4 and date/);
    throws(() => Pg.Range.from(5, 1), Pg.Error, Pg.Error.DATA);
    throws(() => Pg.Range.from({}, 1), TypeError);
    const multirange = Pg.Multirange.parse('{[1,3),[5,7)}', Pg.OID_INT4);
    equal([multirange.length, multirange.at(-1), [...multirange], multirange.contains(2), multirange.contains(3)],
        [2, Pg.Range.from(5, 7), [Pg.Range.from(1, 3), Pg.Range.from(5, 7)], true, false]);
    equal(multirange.at(2), undefined);
});

await run();
