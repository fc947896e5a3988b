// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Many rows in JavaScript: by whole columns, made by a row factory, and as objects of the library.
//
// bench-columns.js [--rows N] [--rounds N] [--conninfo CONNINFO] [--no-header]: times are medians, "×" the medians of ratios to the first line of the
// same round. GJS has no clock of the processor's time.

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';

const options = {rows: 100000, rounds: 9, conninfo: null};
const header = !System.programArgs.includes('--no-header');
const given = System.programArgs.filter(argument => argument !== '--no-header');
for (let i = 0; i + 1 < given.length; i += 2)
    options[given[i].slice(2)] = given[i] === '--conninfo' ? given[i + 1] : Number(given[i + 1]);

const SELECT = 'SELECT id, name, ratio, at FROM bench_columns';

const server = options.conninfo === null ? new Pg.TestServer() : null;
server?.up(null);
const connection = Pg.Connection.open(options.conninfo ?? server.get_conninfo(), {autocommit: true});
connection.execute('SET client_min_messages = warning; DROP TABLE IF EXISTS bench_columns');
connection.execute(`CREATE UNLOGGED TABLE bench_columns AS SELECT i::int4 AS id, 'name of ' || i AS name, i * 1.25::float8 AS ratio,
    timestamptz '2024-02-29 12:00:00.25+00' + i * interval '1 minute' AS at FROM generate_series(1, ${options.rows}) i`);
connection.execute('VACUUM ANALYZE bench_columns');

function cursorOf(format, rowFactory = null) {
    const cursor = connection.cursor();
    cursor.set_format(format);
    cursor.rowFactory = rowFactory;
    return cursor.execute(SELECT);
}

const select = format => cursorOf(format).get_result();

const {TEXT, BINARY} = Pg.Format;
const contestants = [
    ['not decoded, binary', () => ({length: select(BINARY).get_n_rows()})],
    ['toArrays(), text', () => select(TEXT).toArrays()],
    ['toArrays(), binary', () => select(BINARY).toArrays()],
    ['toObjects(), binary', () => select(BINARY).toObjects()],
    ['for … of cursor, arrayRow', () => Array.from(cursorOf(BINARY, Pg.arrayRow))],
    ['fetchall(), objectRow', () => cursorOf(BINARY, Pg.objectRow).fetchall()],
    ['rows, one by one, binary', () => Array.from(select(BINARY), row => row.toArray())],
];

const median = numbers => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const times = contestants.map(() => []);
for (let round = 0; round < options.rounds; round++) {
    const order = contestants.map((_, i) => i);
    for (const i of round % 2 === 0 ? order : order.reverse()) {
        const start = GLib.get_monotonic_time();
        const rows = contestants[i][1]();
        times[i].push(GLib.get_monotonic_time() - start);
        if (rows.length !== options.rows)
            throw new Error(`${rows.length} rows instead of ${options.rows}`);
    }
}
if (header)
    print(`${'work'.padEnd(34)} ${'by'.padEnd(28)} ${'wall µs'.padStart(10)} ${''.padStart(10)} ${'wall ×'.padStart(7)}`);
contestants.forEach(([label], i) => {
    const ratio = median(times[i].map((time, round) => time / Math.max(times[0][round], 1)));
    const wall = median([...times[i]]);
    print(`${`${options.rows} rows x 4, JavaScript`.padEnd(34)} ${label.padEnd(28)} ${wall.toFixed(2).padStart(10)} ${''.padStart(10)} ${ratio.toFixed(3).padStart(7)}`);
});
connection.close();
server?.down();
