// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Very many rows in JavaScript, read while the server still sends them: the memory, and what they do to the main loop.
//
// bench-stream.js [--rows N] [--size N] [--conninfo CONNINFO]: chunks of the override's own size without --size

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import PgBench from 'gi://PgBench?version=1.0';
import System from 'system';

const options = {rows: 10000000, size: undefined, conninfo: null};
for (let i = 0; i + 1 < ARGV.length; i += 2) {
    const name = ARGV[i].slice(2);
    options[name] = name === 'conninfo' ? ARGV[i + 1] : Number(ARGV[i + 1]);
}

const context = GLib.MainContext.default();

function wait(promise) {
    let value, failed = null, isOver = false;
    promise.then(resolved => {
        value = resolved;
    }, error => {
        failed = error;
    }).finally(() => {
        isOver = true;
    });
    while (!isOver)
        context.iteration(true);
    if (failed !== null)
        throw failed;
    return value;
}

let server = null;
if (options.conninfo === null) {
    server = new Pg.TestServer();
    server.up(null);
    options.conninfo = server.get_conninfo();
}
const query = n => `select generate_series(1, ${n})::int8, 'the name of an item', 1.25::float8, timestamptz '2024-02-29 12:00:00.25+00'`;
const connection = wait(Pg.AsyncConnection.open(options.conninfo));

async function count(nRows, read) {
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    const {size} = options;
    const n = await read(cursor.stream(query(nRows), null, size === undefined ? {} : {size}));
    if (n !== nRows)
        throw new Error(`${n} rows`);
}

function watch(label, work) {
    const watcher = new PgBench.Watch();
    System.gc();
    const begin = GLib.get_monotonic_time();
    watcher.start();
    wait(work());
    watcher.stop();
    print(`# ${label}: ${((GLib.get_monotonic_time() - begin) / 1e6).toFixed(1)} s, ${watcher.dup_report()}`);
}

// read() gets what stream() has given.
function measure(label, nRows, read) {
    watch(`${nRows} rows, JavaScript, ${label}`, () => count(nRows, read));
}

// What the machine does to a main loop without any rows, that is as busy, beside a server that is: what is read above can be no better.
async function giveTurns(seconds) {
    const rest = connection.execute('select pg_sleep(0) from generate_series(1, 1000000000)');
    const end = GLib.get_monotonic_time() + seconds * 1e6;
    while (GLib.get_monotonic_time() < end) {
        await new Promise(resolve => {
            GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
                resolve();
                return GLib.SOURCE_REMOVE;
            });
        });
    }
    connection.cancel();
    await rest.catch(() => {});
    await connection.rollback();
}

measure('chunks()', options.rows, async stream => {
    let n = 0;
    for await (const rows of stream.chunks())
        n += rows.length;
    return n;
});
measure('for await', options.rows, async stream => {
    let n = 0;
    // eslint-disable-next-line no-unused-vars
    for await (const row of stream)
        n++;
    return n;
});
watch('nothing but turns of the main loop', () => giveTurns(options.rows / 500000));
wait(connection.close());
server?.down();
