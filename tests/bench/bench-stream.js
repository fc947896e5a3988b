// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Very many rows in JavaScript, read while the server still sends them: the memory, and how late a source of 60 Hz is in the same main loop.
//
// bench-stream.js [--rows N] [--size N] [--conninfo CONNINFO]

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';

const PERIOD = 16;
const options = {rows: 10000000, size: 1000, conninfo: null};
for (let i = 0; i + 1 < ARGV.length; i += 2) {
    const name = ARGV[i].slice(2);
    options[name] = name === 'conninfo' ? ARGV[i + 1] : Number(ARGV[i + 1]);
}

function resident() {
    const [, bytes] = GLib.file_get_contents('/proc/self/statm');
    return Number(new TextDecoder().decode(bytes).split(' ')[1]) * 4096;
}

let server = null;
if (options.conninfo === null) {
    server = new Pg.TestServer();
    server.up(null);
    options.conninfo = server.get_conninfo();
}
const query = n => `select generate_series(1, ${n})::int8, 'the name of an item', 1.25::float8, timestamptz '2024-02-29 12:00:00.25+00'`;
const connection = await Pg.AsyncConnection.open(options.conninfo);

// count() gets what stream() has given.
async function measure(label, nRows, size, count) {
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    System.gc();
    const first = resident();
    let largest = first, late = 0, last = GLib.get_monotonic_time();
    const source = GLib.timeout_add(GLib.PRIORITY_DEFAULT, PERIOD, () => {
        const now = GLib.get_monotonic_time();
        late = Math.max(late, now - last - PERIOD * 1000);
        last = now;
        largest = Math.max(largest, resident());
        return GLib.SOURCE_CONTINUE;
    });
    const begin = GLib.get_monotonic_time();
    const n = await count(cursor.stream(query(nRows), null, {size}));
    GLib.source_remove(source);
    if (n !== nRows)
        throw new Error(`${n} rows`);
    print(`# ${n} rows, JavaScript, ${label}: ${((GLib.get_monotonic_time() - begin) / 1e6).toFixed(1)} s, ` +
        `${((largest - first) / 2 ** 20).toFixed(1)} MiB more at most, main loop late by ${(late / 1000).toFixed(2)} ms at most`);
}

await measure('chunks()', options.rows, options.size, async stream => {
    let n = 0;
    for await (const rows of stream.chunks())
        n += rows.length;
    return n;
});
await measure('for await', Math.ceil(options.rows / 10), 250, async stream => {
    let n = 0;
    // eslint-disable-next-line no-unused-vars
    for await (const row of stream)
        n++;
    return n;
});
await connection.close();
server?.down();
