// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Rows that are read while the server still sends them: chunks underneath, converted by columns, and rows one by one above.

const {Gio, GLib} = imports.gi;
const {INT_MAX, checkCancellable, checkInteger, checkOptions} = imports.overrides.pgconn.arguments;
const {collectIfDue, collectInTurn, unseen} = imports.overrides.pgconn.collector;
const Columns = imports.overrides.pgconn.columns;
const Params = imports.overrides.pgconn.params;
const Rows = imports.overrides.pgconn.rows;
const Text = imports.overrides.pgconn.text;
const {giveTurn} = imports.overrides.pgconn.turns;

// How many rows are read at a time.
const SIZE = 500;

// A loop over rows that are there already is one long stretch of work for the main loop: after so long, in microseconds, it has a turn. The clock is looked
// at after so many rows.
const STRETCH = 1000;
const LOOK_EVERY = 32;

// Of a chunk that is not read by its columns: the result.
const CHUNK_OBJECTS = 1;

// That it is iterable, and disposed of by "await using" where the engine has that.
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

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
function rowMakers(cursor, factory) {
    if (factory instanceof Pg.RowFactory)
        return [rowsOf, Rows.newMaker(cursor, factory)];
    if (factory === null || factory === Pg.objectRow)
        return [newRelease(factory === null ? Columns.arrayReader : Columns.objectReader), null];
    let make = null;
    const release = newRelease(Columns.arrayReader);
    return [source => {
        make ??= Rows.withChunk(cursor, factory, chunkOf(source));
        return release(source);
    }, values => make(values)];
}

const chunkOf = source => (source instanceof Pg.ChunkReader ? source.get_chunk() : source);

function rowsOf(source) {
    unseen.objects += CHUNK_OBJECTS + source.get_n_rows();
    return [...chunkOf(source)];
}

// All chunks have the columns of the first one. What is given is a chunk, or the reader that has it.
function newRelease(newReader) {
    let valuesOf = null;
    return source => {
        valuesOf ??= newReader(chunkOf(source));
        if (valuesOf.isWhole && source instanceof Pg.ChunkReader)
            return valuesOf(source);
        const chunk = chunkOf(source);
        const values = valuesOf(chunk);
        chunk.run_dispose();
        unseen.objects += CHUNK_OBJECTS;
        return values;
    };
}

// Ends a stream when its cursor is closed; gives a function to call when it has ended otherwise. There may be others, which the server refuses.
function whenClosed(cursor, end) {
    const streams = cursor._streams ??= new Set();
    streams.add(end);
    return () => streams.delete(end);
}

function* iterate(cursor, factory, start, [method, query, argument], {size, cancellable}) {
    const stream = (method === 'execute' ? start : cursor.stream_params).call(cursor, query, argument, size, cancellable);
    let isClosed = false;
    const forget = whenClosed(cursor, () => {
        isClosed = true;
        stream.close(null);
    });
    try {
        const [valuesOf, make] = rowMakers(cursor, factory);
        for (let chunk = stream.next_chunk(cancellable); chunk !== null; chunk = stream.next_chunk(cancellable)) {
            const rows = valuesOf(chunk);
            for (let i = 0; i < rows.length; i++) {
                yield make === null ? rows[i] : make(rows[i]);
                if (isClosed)
                    throw Text.closedError();
            }
            collectIfDue();
        }
    } finally {
        forget();
        stream.close(null);
    }
}

// An asynchronous generator would take several promises for each row, and this takes one. read() resolves to the next rows, null at the end. See columns.js
// for what compile() is good for.
const newIterator = Columns.compile((read, make, close, setBreak, giveTurn, now, STRETCH, LOOK_EVERY, prototype) => {
    let rows = [];
    let next = 0;
    // So many of the rows may be given before the clock is looked at.
    let stop = 0;
    let begin = 0;
    // Calls that could not be answered at once, the eldest first: [what gives the value, what resolves the promise].
    const waiting = [];
    let ended = null;
    // What the next call fails with.
    let failure = null;

    const take = more => {
        rows = more;
        next = 0;
        stop = Math.min(rows.length, LOOK_EVERY);
    };
    const goOn = () => {
        stop = Math.min(rows.length, stop + LOOK_EVERY);
    };
    const end = () => {
        take([]);
        ended ??= close();
        return ended;
    };
    const fail = error => end().then(() => {
        throw error;
    });
    const over = () => {
        const error = failure;
        failure = null;
        return error === null ? end().then(() => ({value: undefined, done: true})) : fail(error);
    };
    setBreak(error => {
        if (ended === null) {
            failure = error;
            end().catch(() => {});
        }
    });
    const readUnlessEnded = async () => {
        try {
            return ended === null ? await read() : null;
        } catch (error) {
            // It was left meanwhile: that is no error.
            if (ended !== null)
                return null;
            throw error;
        }
    };
    const readMore = async () => {
        // So that nothing keeps those that were given.
        take([]);
        const more = await readUnlessEnded();
        begin = now();
        if (more === null)
            end();
        else if (ended === null)
            take(more);
    };
    const rest = async () => {
        await giveTurn();
        begin = now();
        goOn();
    };
    const giveRow = () => {
        const row = rows[next];
        // So that the collector does not move those that nobody has any more.
        rows[next++] = undefined;
        return {value: make === null ? row : make(row), done: false};
    };
    const giveChunk = () => {
        const chunk = next === 0 ? rows : rows.slice(next);
        take([]);
        return {value: make === null ? chunk : chunk.map(make), done: false};
    };
    const serve = async () => {
        while (waiting.length > 0) {
            const [give, resolve] = waiting[0];
            try {
                while (next === stop && ended === null)
                    await (next === rows.length ? readMore() : rest());
                resolve(next < stop ? give() : over());
            } catch (error) {
                resolve(fail(error));
            }
            // Only now: a call that comes meanwhile is a later one.
            waiting.shift();
        }
    };
    const wait = give => new Promise(resolve => {
        waiting.push([give, resolve]);
        if (waiting.length === 1)
            serve();
    });
    const isReady = () => {
        if (next === stop && next < rows.length && now() - begin < STRETCH)
            goOn();
        return next < stop;
    };
    return {
        __proto__: prototype,
        next() {
            if (waiting.length > 0 || next === stop && !isReady())
                return wait(giveRow);
            try {
                return Promise.resolve(giveRow());
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
        // What is left of a chunk that next() has begun comes first.
        async *chunks() {
            try {
                let chunk;
                while (!(chunk = await wait(giveChunk)).done) {
                    yield chunk.value;
                    chunk = null;
                }
            } finally {
                await end();
            }
        },
    };
});

// A function for a promise of the reader when it has the next chunk, or of null at the end.
function newChunkReader(stream, cancellable) {
    const reader = Pg.ChunkReader.new(stream);
    let settle = null;
    reader.connect('answered', () => settle());
    return () => new Promise((resolve, reject) => {
        settle = () => {
            try {
                resolve(reader.finish() ? reader : null);
            } catch (error) {
                reject(error);
            }
        };
        reader.read(cancellable);
    });
}

function iterateAsync(cursor, [method, query, argument], {size, cancellable}) {
    const start = method === 'execute' ? cursor.stream_async : cursor.stream_params_async;
    const [valuesOf, make] = rowMakers(cursor, cursor.rowFactory);
    let started = null, stream = null, nextChunk = null, forget = null;
    const read = async () => {
        if (stream === null) {
            if (started === null) {
                started = start.call(cursor, query, argument, size, cancellable);
                forget = whenClosed(cursor, () => breakOff(Text.closedError()));
            }
            stream = await started;
        }
        await collectInTurn();
        nextChunk ??= newChunkReader(stream, cancellable);
        const reader = await nextChunk();
        return reader === null ? null : valuesOf(reader);
    };
    let breakOff;
    // That it could not be started is the error of read().
    const close = async () => {
        forget?.();
        await (stream ?? await started?.catch(() => null))?.close_async(null);
    };
    const setBreak = fn => {
        breakOff = fn;
    };
    return newIterator(read, make, close, setBreak, giveTurn, GLib.get_monotonic_time, STRETCH, LOOK_EVERY, AsyncIteratorPrototype);
}

function request(query, params) {
    const [method, argument] = Params.chooseExecute(query, params);
    return [method, query, argument];
}

function init(namespace, define, promisify) {
    Pg = namespace;

    const {close} = Pg.BaseCursor.prototype;
    define(Pg.BaseCursor.prototype, {
        _isClosed: false,
        _streams: null,
        close() {
            close.call(this);
            this._isClosed = true;
            for (const end of [...this._streams ?? []])
                end();
        },
    });
    const start = Pg.Cursor.prototype.stream;
    define(Pg.Cursor.prototype, {
        stream(query, params = null, options = null) {
            return iterate(this, this.rowFactory, start, request(query, params), takeOptions(options));
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
