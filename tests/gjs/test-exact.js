// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Nothing is rounded: values at the limits of their types, in both formats, there and back.

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test} from './tap.js';

// What the text is read as in both formats, and what is sent for it is the text again.
function check(connection, type, text, expected) {
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        const cursor = connection.cursor();
        cursor.set_format(format);
        const value = cursor.execute(`select '${text}'::${type}`).fetchone().get(0);
        equal(value, expected, `${type} ${text.slice(0, 40)}`);
        equal(typeof value, typeof expected);
        equal(connection.execute(`select $1::${type}::text`, [value]).fetchone().get(0), text);
        equal(connection.execute(`select array['${text}'::${type}]`).fetchone().get(0), [expected]);
    }
}

test('int8: a number while that is exact, then a BigInt', async t => {
    const connection = t.openBlocking({autocommit: true});
    for (const integer of [-(2n ** 63n), -(2n ** 63n) + 1n, -(2n ** 53n) - 1n, -(2n ** 53n), 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 2n, 2n ** 63n - 1n])
        check(connection, 'int8', `${integer}`, integer);
    for (const integer of [Number.MIN_SAFE_INTEGER, -1, 0, 1, Number.MAX_SAFE_INTEGER])
        check(connection, 'int8', `${integer}`, integer);
});

test('numeric: all digits and the scale', async t => {
    const connection = t.openBlocking({autocommit: true});
    const long = `${'1234567890'.repeat(100)}.${'0000100200'.repeat(100)}`;
    for (const text of ['0', '0.00', '9223372036854775808', '-0.1', long, 'NaN', 'Infinity', '-Infinity']) {
        check(connection, 'numeric', text, Pg.Numeric.from(text));
        equal(`${connection.execute(`select '${text}'::numeric`).fetchone().get(0)}`, text);
    }
});

test('timestamptz: microseconds of a Date, and what a Date cannot be', async t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute("set timezone to 'UTC'");
    check(connection, 'timestamptz', '2024-02-29 12:34:56.000001+00', new Pg.PreciseDate(Date.UTC(2024, 1, 29, 12, 34, 56), 1));
    check(connection, 'timestamptz', '1969-12-31 23:59:59.999999+00', new Pg.PreciseDate(-1, 999));
    check(connection, 'timestamptz', '1970-01-01 00:00:00.001+00', new Date(1));
    check(connection, 'timestamptz', '294276-12-31 23:59:59.999999+00', Pg.Timestamp.parse('294276-12-31 23:59:59.999999+00'));
    for (const negative of [false, true])
        check(connection, 'timestamptz', negative ? '-infinity' : 'infinity', Pg.Timestamp.new_infinity(negative, true));
});

test('timestamp: a Pg.Timestamp', async t => {
    const connection = t.openBlocking({autocommit: true});
    for (const text of ['4714-11-24 00:00:00 BC', '0001-12-31 23:59:59.999999 BC', '2024-02-29 12:34:56.000001', '294276-12-31 23:59:59.999999', 'infinity']) {
        check(connection, 'timestamp', text, Pg.Timestamp.parse(text));
        ok(connection.execute(`select '${text}'::timestamp`).fetchone().get(0) instanceof Pg.Timestamp);
    }
});

await run();
