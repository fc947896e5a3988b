// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Very many rows in JavaScript, read while the server still sends them: the memory, how late a source of 60 Hz is in the same main loop, and, as other
// programs make it late too, the work of the thread in the longest turn of the main loop. To judge that by, how late the source is in a loop that has nothing
// else to do while another process reads the same rows: so late is it made by the machine.
//
// bench-stream.js [--rows N] [--size N] [--conninfo CONNINFO]

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';

const PERIOD = 16;
// read: the process is the other one, which only reads, in this way.
const options = {rows: 10000000, size: 1000, conninfo: null, read: null};
for (let i = 0; i + 1 < ARGV.length; i += 2) {
    const name = ARGV[i].slice(2);
    options[name] = name === 'conninfo' || name === 'read' ? ARGV[i + 1] : Number(ARGV[i + 1]);
}

const decoder = new TextDecoder();

function numbers(path) {
    return decoder.decode(GLib.file_get_contents(path)[1]).split(' ').map(Number);
}

function resident() {
    return numbers('/proc/self/statm')[1] * 4096;
}

// What the thread has worked, in nanoseconds. The kernel brings that up to date when it is asked for the other file.
function work() {
    GLib.file_get_contents('/proc/self/stat');
    return numbers('/proc/thread-self/schedstat')[0];
}

function iterate(promise, turn) {
    let value, failed = null, isOver = false;
    promise.then(resolved => {
        value = resolved;
    }, error => {
        failed = error;
    }).finally(() => {
        isOver = true;
    });
    while (!isOver)
        turn();
    if (failed !== null)
        throw failed;
    return value;
}

const context = GLib.MainContext.default();
const wait = promise => iterate(promise, () => context.iteration(true));

// The longest turn's work, in nanoseconds.
function waitMeasured(promise) {
    let longest = 0, before = work();
    iterate(promise, () => {
        context.iteration(true);
        const now = work();
        longest = Math.max(longest, now - before);
        before = now;
    });
    return longest;
}

let server = null;
if (options.conninfo === null) {
    server = new Pg.TestServer();
    server.up(null);
    options.conninfo = server.get_conninfo();
}
const query = n => `select generate_series(1, ${n})::int8, 'the name of an item', 1.25::float8, timestamptz '2024-02-29 12:00:00.25+00'`;
const connection = wait(Pg.AsyncConnection.open(options.conninfo));

async function count(nRows, size, read) {
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    const n = await read(cursor.stream(query(nRows), null, {size}));
    if (n !== nRows)
        throw new Error(`${n} rows`);
}

// How late a source is at most while the promise is not settled, in microseconds; tick() is called each time.
function lateness(promise, tick) {
    let late = 0, last = GLib.get_monotonic_time();
    const source = GLib.timeout_add(GLib.PRIORITY_DEFAULT, PERIOD, () => {
        const now = GLib.get_monotonic_time();
        late = Math.max(late, now - last - PERIOD * 1000);
        last = now;
        tick();
        return GLib.SOURCE_CONTINUE;
    });
    wait(promise);
    GLib.source_remove(source);
    return late;
}

function readElsewhere(label, nRows, size) {
    const child = Gio.Subprocess.new(['gjs', '-m', GLib.filename_from_uri(import.meta.url)[0], '--read', label, '--rows', `${nRows}`, '--size', `${size}`,
        '--conninfo', options.conninfo], Gio.SubprocessFlags.NONE);
    return new Promise((resolve, reject) => {
        child.wait_check_async(null, (_child, result) => {
            try {
                resolve(child.wait_check_finish(result));
            } catch (error) {
                reject(error);
            }
        });
    });
}

// read() gets what stream() has given.
function measure(label, nRows, size, read) {
    if (options.read !== null) {
        if (options.read === label)
            wait(count(options.rows, options.size, read));
        return;
    }
    System.gc();
    const first = resident();
    let largest = first;
    const begin = GLib.get_monotonic_time();
    const late = lateness(count(nRows, size, read), () => {
        largest = Math.max(largest, resident());
    });
    const end = GLib.get_monotonic_time();
    const noise = lateness(readElsewhere(label, nRows, size), () => {});
    // By itself: reading the files makes work for the collector.
    const longest = waitMeasured(count(Math.ceil(nRows / 10), size, read));
    print(`# ${nRows} rows, JavaScript, ${label}: ${((end - begin) / 1e6).toFixed(1)} s, ` +
        `${((largest - first) / 2 ** 20).toFixed(1)} MiB more at most, main loop late by ${(late / 1000).toFixed(2)} ms at most, ` +
        `one without work by ${(noise / 1000).toFixed(2)} ms, longest turn ${(longest / 1e6).toFixed(2)} ms of work`);
}

measure('chunks()', options.rows, options.size, async stream => {
    let n = 0;
    for await (const rows of stream.chunks())
        n += rows.length;
    return n;
});
measure('for await', Math.ceil(options.rows / 10), 250, async stream => {
    let n = 0;
    // eslint-disable-next-line no-unused-vars
    for await (const row of stream)
        n++;
    return n;
});
wait(connection.close());
server?.down();
