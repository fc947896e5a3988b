// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Rows that are read while the server still sends them: chunks underneath, converted by columns, and rows one by one above.

const {Gio, GLib} = imports.gi;
const System = imports.system;
const {INT_MAX, checkCancellable, checkInteger, checkOptions} = imports.overrides.pgconn.arguments;
const Columns = imports.overrides.pgconn.columns;
const Params = imports.overrides.pgconn.params;
const Rows = imports.overrides.pgconn.rows;

// How many rows are read at a time.
const SIZE = 250;

// Left to itself the collector comes late, takes the longer, and hundreds of MiB until then. It is called after so many rows, and has no more than a tenth of
// the time, unless very many have come meanwhile.
const COLLECT_EVERY = 10000;
const COLLECT_AT_LEAST = 50000;
let nReleased = 0;
let collectAfter = 0;

let Pg;

// What stream() takes beside the statement and its parameters: options, or a cancellable alone.
function takeOptions(options) {
    if (options instanceof Gio.Cancellable)
        return {size: SIZE, cancellable: options};
    return checkOptions('stream()', options, {
        size: [SIZE, (name, value) => checkInteger(name, value, 1, INT_MAX)],
        cancellable: [null, (_name, value) => checkCancellable(value)],
    });
}

// Functions of a chunk, for the array of what its rows are made of, and of one of these, for the row; the second may be null. Without a row factory rows
// are arrays.
function rowMakers(cursor) {
    const factory = cursor.rowFactory;
    if (factory === null || factory === Pg.objectRow)
        return [chunk => release(chunk, factory === null ? Columns.toArrays : Columns.toObjects), null];
    if (factory instanceof Pg.RowFactory)
        return [chunk => [...chunk], Rows.newMaker(cursor, factory)];
    let make = null;
    return [chunk => {
        make ??= Rows.withChunk(cursor, factory, chunk);
        return release(chunk, Columns.toArrays);
    }, values => make(values)];
}

// The collector sees a small object, and not what it holds.
function release(chunk, valuesOf) {
    const values = valuesOf(chunk);
    chunk.run_dispose();
    nReleased += values.length;
    return values;
}

const isDue = () => nReleased >= COLLECT_AT_LEAST || nReleased >= COLLECT_EVERY && GLib.get_monotonic_time() >= collectAfter;

// Called where there are no rows: it would have to go through them, and to move them.
function collect() {
    const begin = GLib.get_monotonic_time();
    System.gc();
    const end = GLib.get_monotonic_time();
    collectAfter = end + 10 * (end - begin);
    nReleased = 0;
}

// In a turn of the main loop of its own, so that none takes long.
function collectLater() {
    return new Promise(resolve => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            collect();
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

function* iterate(cursor, start, [method, query, argument], {size, cancellable}) {
    const stream = (method === 'execute' ? start : cursor.stream_params).call(cursor, query, argument, size, cancellable);
    try {
        const [valuesOf, make] = rowMakers(cursor);
        for (let chunk = stream.next_chunk(cancellable); chunk !== null; chunk = stream.next_chunk(cancellable)) {
            const rows = valuesOf(chunk);
            for (let i = 0; i < rows.length; i++)
                yield make === null ? rows[i] : make(rows[i]);
            if (isDue())
                collect();
        }
    } finally {
        stream.close(null);
    }
}

// An asynchronous generator would take several promises for each row, and this takes one. read() resolves to the next rows, null at the end. See columns.js
// for what compile() is good for.
const newIterator = Columns.compile((read, make, close) => {
    let rows = [];
    let next = 0;
    let reading = null;
    let ended = null;

    const end = () => {
        rows = [];
        next = 0;
        ended ??= close();
        return ended;
    };
    const fail = error => end().then(() => {
        throw error;
    });
    const over = () => end().then(() => ({value: undefined, done: true}));
    const advance = () => {
        if (ended !== null)
            return over();
        // A call that comes before the last one's rows are there waits for them.
        // So that nothing keeps those that were given.
        rows = [];
        next = 0;
        reading ??= read().then(more => {
            reading = null;
            rows = more ?? [];
            next = 0;
            return more !== null;
        });
        return reading.then(more => more ? iterator.next() : over(), fail);
    };
    const iterator = {
        next() {
            if (next === rows.length)
                return advance();
            const row = rows[next++];
            if (make === null)
                return Promise.resolve({value: row, done: false});
            try {
                return Promise.resolve({value: make(row), done: false});
            } catch (error) {
                return fail(error);
            }
        },
        return(value) {
            return end().then(() => ({value, done: true}));
        },
        throw(error) {
            return fail(error);
        },
        [Symbol.asyncIterator]() {
            return this;
        },
        async *chunks() {
            try {
                let more;
                while ((more = await read()) !== null) {
                    yield make === null ? more : more.map(make);
                    more = null;
                }
            } finally {
                await end();
            }
        },
    };
    return iterator;
});

function iterateAsync(cursor, [method, query, argument], {size, cancellable}) {
    const start = method === 'execute' ? cursor.stream_async : cursor.stream_params_async;
    let stream = null, valuesOf = null, make = null;
    const read = async () => {
        if (stream === null) {
            stream = await start.call(cursor, query, argument, size, cancellable);
            [valuesOf, make] = rowMakers(cursor);
        }
        if (isDue())
            await collectLater();
        const chunk = await stream.next_chunk_async(cancellable);
        return chunk === null ? null : valuesOf(chunk);
    };
    const close = async () => {
        await stream?.close_async(null);
    };
    return newIterator(read, cursor.rowFactory === null || cursor.rowFactory === Pg.objectRow ? null : row => make(row), close);
}

function request(query, params) {
    const [method, argument] = Params.chooseExecute(query, params);
    return [method, query, argument];
}

function init(namespace, define, promisify) {
    Pg = namespace;

    const start = Pg.Cursor.prototype.stream;
    define(Pg.Cursor.prototype, {
        stream(query, params = null, options = null) {
            return iterate(this, start, request(query, params), takeOptions(options));
        },
    });
    promisify(Pg.AsyncRowStream.prototype, ['next_chunk', 'close']);
    promisify(Pg.AsyncCursor.prototype, ['stream', 'stream_params']);
    define(Pg.AsyncCursor.prototype, {
        stream(query, params = null, options = null) {
            return iterateAsync(this, request(query, params), takeOptions(options));
        },
    });
    for (const type of [Pg.Connection, Pg.AsyncConnection]) {
        define(type.prototype, {
            stream(query, params = null, options = null) {
                return this.cursor().stream(query, params, options);
            },
        });
    }
}
