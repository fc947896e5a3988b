// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The streams of COPY: their calls are awaited where the connection's are.

const {GLib, Gio} = imports.gi;
const {UINT_MAX, checkArray, checkCancellable, checkInteger, checkOid, refuse} = imports.overrides.pgconn.arguments;
const Calls = imports.overrides.pgconn.calls;
const {collectIfDue, collectInTurn, unseen} = imports.overrides.pgconn.collector;
const Params = imports.overrides.pgconn.params;
const Text = imports.overrides.pgconn.text;
const {inTurn} = imports.overrides.pgconn.turns;

let Pg;

const BLOCK = 64 * 1024;
// So many rows are sent, or read, at a time.
const SENT_ROWS = 512;
const READ_ROWS = 1024;

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const CLOSED = 'the copy is closed';

const closedError = () => Text.pgError(Pg.Error.INTERFACE, CLOSED);

// What is called for each value is made in the global scope: see columns.js.
const compile = loop => new Function(`return ${loop}`)();

// The kind of all values of a column, and whether there are nulls: 'integer' up to 32 bits, 'long' up to 53, 'number', 'string', 'boolean', or 'other'.
const inspect = compile(values => {
    let kind = null, nulls = false;
    for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value === null) {
            nulls = true;
            continue;
        }
        let own = typeof value;
        if (own === 'number') {
            if ((value | 0) === value && !(value === 0 && 1 / value < 0))
                own = 'integer';
            else if (Number.isSafeInteger(value) && value !== 0)
                own = 'long';
        }
        if (kind === null)
            kind = own;
        else if (kind !== own) {
            const numbers = ['integer', 'long', 'number'];
            const rank = Math.max(numbers.indexOf(kind), numbers.indexOf(own));
            if (numbers.indexOf(kind) < 0 || numbers.indexOf(own) < 0)
                return ['other', nulls];
            kind = numbers[rank];
        }
    }
    return [kind ?? 'other', nulls];
});

const fillLongs = compile((values, low, high, upper) => {
    for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        low[2 * i + 1 - upper] = value >>> 0;
        high[2 * i + upper] = Math.floor(value / 0x100000000);
    }
});

const fillBits = compile((values, bits) => {
    for (let i = 0; i < values.length; i++) {
        if (values[i] !== null)
            bits[i >> 3] |= 1 << (i & 7);
    }
});

const toBytes = array => new GLib.Bytes(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));

function validityOf(values) {
    const bits = new Uint8Array(Math.ceil(values.length / 8));
    fillBits(values, bits);
    return new GLib.Bytes(bits);
}

const TYPED_ARRAYS = () => [[Int32Array, Pg.OID_INT4], [Float64Array, Pg.OID_FLOAT8], [BigInt64Array, Pg.OID_INT8], [Int16Array, Pg.OID_INT2],
    [Float32Array, Pg.OID_FLOAT4], [Uint32Array, Pg.OID_OID]];

function addTyped(columns, array) {
    for (const [type, oid] of TYPED_ARRAYS()) {
        if (array instanceof type) {
            columns.add_data(oid, toBytes(array), null);
            return;
        }
    }
    addArray(columns, Array.from(array), () => 'a value');
}

// what: the name of the value at a position, for an error.
function addArray(columns, values, what) {
    const [kind, nulls] = inspect(values);
    const validity = nulls && kind !== 'other' ? validityOf(values) : null;
    switch (kind) {
    case 'integer':
        columns.add_data(Pg.OID_INT4, toBytes(Int32Array.from(values)), validity);
        return;
    case 'long': {
        const low = new Uint32Array(values.length * 2);
        fillLongs(values, low, new Int32Array(low.buffer), LITTLE_ENDIAN ? 1 : 0);
        columns.add_data(Pg.OID_INT8, toBytes(low), validity);
        return;
    }
    case 'number':
        columns.add_data(Pg.OID_FLOAT8, toBytes(Float64Array.from(values)), validity);
        return;
    case 'boolean':
        columns.add_data(Pg.OID_BOOL, toBytes(Uint8Array.from(values)), validity);
        return;
    case 'string': {
        const text = `${values.map(value => value ?? '').join('\0')}\0`;
        if (/\p{Surrogate}/u.test(text))
            values.forEach((value, i) => value === null || Text.checkText(value, what(i)));
        columns.add_texts(new GLib.Bytes(new TextEncoder().encode(text)), values.length, validity);
        return;
    }
    default: {
        const params = Pg.Params.new();
        for (const [i, value] of values.entries())
            Params.addValue(params, value, what(i));
        columns.add_values(params);
    }
    }
}

function makeColumns(values) {
    const columns = Pg.CopyColumns.new();
    checkArray('writeColumns()', values, 'an array of columns').forEach((column, i) => {
        if (ArrayBuffer.isView(column) && !(column instanceof DataView))
            addTyped(columns, column);
        else if (Array.isArray(column))
            addArray(columns, column, row => `row ${row + 1} of column ${i + 1}`);
        else
            throw new TypeError(`column ${i + 1} is neither an array nor a typed array`);
    });
    return columns;
}

function makeRowColumns(rows, width, nBefore) {
    const columns = Pg.CopyColumns.new();
    for (let i = 0; i < width; i++)
        addArray(columns, rows.map(row => row[i]), row => `row ${nBefore + row + 1}, column ${i + 1}`);
    return columns;
}

const isAsync = stream => stream.get_connection() instanceof Pg.AsyncConnection;

function encode(stream, data) {
    if (data instanceof Uint8Array)
        return data;
    if (typeof data !== 'string')
        refuse(TypeError, 'write() of a copy', 'a string or a Uint8Array', data);
    if (stream.is_binary())
        throw new TypeError('the format of the copy is binary: it takes a Uint8Array, not a string');
    return new TextEncoder().encode(Text.checkText(data, 'the data'));
}

function setTypes(stream, types) {
    checkArray('setTypes()', types, 'an array of names or of OIDs');
    if (types.every(type => typeof type === 'string'))
        stream.set_type_names(types.map(type => Text.checkText(type, 'the name of a type')));
    else if (types.every(type => typeof type === 'number'))
        stream.set_types(types.map(type => checkOid('the OID of a type', type, 0)));
    else
        throw new TypeError('the types of the columns are all names or all OIDs');
}

function extendOutput(define) {
    const prototype = Pg.CopyOutputStream.prototype;
    const {abort, close, close_async: closeStream, write_bytes_async: writeBytesAsync, write_columns: writeColumns,
        write_columns_async: writeColumnsAsync} = prototype;

    // While rows are collected, or calls wait, an operation of the stream's is pending: so whatever GIO does with it, closing too, is an error, unless it is
    // called here, and what is before has gone first.
    const hold = stream => {
        if (stream._held || !(stream._rows?.length > 0 || stream._calls > 0))
            return;
        try {
            stream._held = stream.set_pending();
        } catch (error) {
            // Another one is, which nobody has awaited.
            if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.PENDING))
                throw error;
        }
    };
    const release = stream => {
        if (stream._held)
            stream.clear_pending();
        stream._held = false;
    };
    // The collected rows, and how many were before them; null without any.
    const takeRows = stream => {
        if (!(stream._rows?.length > 0))
            return null;
        const taken = {rows: stream._rows, nBefore: stream._sent};
        stream._sent += stream._rows.length;
        stream._rows = [];
        return taken;
    };
    // After an error they are lost, and with them the copy.
    const convertRows = (stream, {rows, nBefore}) => {
        try {
            return makeRowColumns(rows, stream._width, nBefore);
        } catch (error) {
            stream.abort(error.message);
            throw error;
        }
    };
    const sendRows = (stream, cancellable) => {
        const taken = takeRows(stream);
        if (taken === null)
            return;
        release(stream);
        writeColumns.call(stream, convertRows(stream, taken), cancellable);
    };
    // Calls that nobody has awaited are run one after the other, in their order: each waits for the one before it, whether that fails or not. It is async so
    // that an error which nobody takes is still reported: the chain takes its own only.
    const enqueue = async (stream, start) => {
        const call = async () => {
            release(stream);
            try {
                return await start();
            } finally {
                stream._calls--;
                if (!stream.is_closed())
                    hold(stream);
            }
        };
        stream._calls = (stream._calls ?? 0) + 1;
        const result = stream._calls > 1 ? stream._last.then(call) : call();
        stream._last = result.catch(() => {});
        return await result;
    };
    const sendTaken = async (stream, taken, cancellable) => {
        if (taken !== null)
            await writeColumnsAsync.call(stream, convertRows(stream, taken), cancellable);
    };
    const sendRowsAsync = (stream, cancellable) => {
        const taken = takeRows(stream);
        return enqueue(stream, () => sendTaken(stream, taken, cancellable));
    };
    // From the call on nothing more is collected, unless the stream stays open.
    const enqueueClose = (stream, start) => {
        stream._ended ??= CLOSED;
        return Calls.hold(stream, enqueue(stream, async () => {
            try {
                return await start();
            } finally {
                if (!stream.is_closed() && stream._ended === CLOSED)
                    stream._ended = null;
            }
        }));
    };
    const checkEnded = stream => {
        if (stream._ended)
            throw Text.pgError(Pg.Error.INTERFACE, stream._ended);
    };
    const collect = (stream, row) => {
        checkEnded(stream);
        if (!Array.isArray(row))
            refuse(TypeError, 'writeRow()', 'an array of values', row);
        if (!stream._rows) {
            stream._width = stream.get_n_columns();
            if (stream._width === 0)
                throw Text.pgError(Pg.Error.PROGRAMMING, 'rows without columns can only be written as bytes');
            stream._rows = [];
            stream._sent ??= 0;
        }
        if (row.length !== stream._width) {
            throw Text.pgError(Pg.Error.DATA,
                `row ${stream._sent + stream._rows.length + 1}: expected ${stream._width} values, got ${row.length}`);
        }
        stream._rows.push(row.slice());
        // At its end a call does it.
        if (!stream._calls)
            hold(stream);
        return stream._rows.length >= SENT_ROWS;
    };
    const writeData = async (stream, data, cancellable) => {
        const encoded = encode(stream, data);
        // What waits is not the caller's any more.
        const bytes = encoded === data ? data.slice() : encoded;
        const taken = takeRows(stream);
        await enqueue(stream, async () => {
            await sendTaken(stream, taken, cancellable);
            for (let written = 0; written < bytes.length;)
                written += await writeBytesAsync.call(stream, bytes.subarray(written), GLib.PRIORITY_DEFAULT, cancellable);
        });
    };

    const toColumns = columns => columns instanceof Pg.CopyColumns ? columns : makeColumns(columns);
    const count = (stream, columns) => {
        stream._sent = (stream._sent ?? 0) + columns.get_n_rows();
    };
    const writeAsync = async (stream, columns, cancellable) => {
        checkCancellable(cancellable);
        const made = toColumns(columns);
        const taken = takeRows(stream);
        count(stream, made);
        await enqueue(stream, async () => {
            await sendTaken(stream, taken, cancellable);
            await writeColumnsAsync.call(stream, made, cancellable);
        });
    };

    const closeAsync = async (stream, cancellable) => {
        checkCancellable(cancellable);
        const taken = takeRows(stream);
        return await enqueueClose(stream, async () => {
            await sendTaken(stream, taken, cancellable);
            // As GIO's close(); its close_async() says that it is an error.
            return stream.is_closed() || await closeStream.call(stream, GLib.PRIORITY_DEFAULT, cancellable);
        });
    };

    define(prototype, {
        write(data, cancellable = null) {
            if (isAsync(this))
                return writeData(this, data, checkCancellable(cancellable));
            const bytes = encode(this, data);
            sendRows(this, checkCancellable(cancellable));
            this.write_all(bytes, cancellable);
            return undefined;
        },
        // Rows are collected, and sent many at a time.
        writeRow(row, cancellable = null) {
            this._awaited ??= isAsync(this);
            if (!this._awaited) {
                checkCancellable(cancellable);
                if (collect(this, row))
                    sendRows(this, cancellable);
                return undefined;
            }
            try {
                checkCancellable(cancellable);
                return collect(this, row) ? sendRowsAsync(this, cancellable) : Promise.resolve();
            } catch (error) {
                return Promise.reject(error);
            }
        },
        // Arrays or typed arrays, all of one length.
        writeColumns(columns, cancellable = null) {
            if (isAsync(this))
                return writeAsync(this, columns, cancellable);
            const made = toColumns(columns);
            sendRows(this, checkCancellable(cancellable));
            count(this, made);
            writeColumns.call(this, made, cancellable);
            return undefined;
        },
        setTypes(types) {
            if (this.is_closed())
                this._ended ??= CLOSED;
            checkEnded(this);
            if ((this._rows?.length > 0 || this._calls > 0) && isAsync(this))
                throw Text.pgError(Pg.Error.PROGRAMMING, 'rows are waiting to be sent: the types of the columns are set before, or after "await copy.write(\'\')"');
            sendRows(this, null);
            setTypes(this, types);
        },
        abort(reason = null) {
            if (reason !== null)
                Text.checkText(reason, 'the reason of abort()');
            this._rows = null;
            release(this);
            if (!this._ended || !this.is_closed())
                this._ended = 'the copy was given up';
            abort.call(this, reason);
        },
        close(cancellable = null) {
            if (isAsync(this))
                return closeAsync(this, cancellable);
            sendRows(this, checkCancellable(cancellable));
            try {
                return close.call(this, cancellable);
            } finally {
                if (this.is_closed())
                    this._ended ??= CLOSED;
            }
        },
    });

    // Of GIO's own calls, and the library's: the rows before go first.
    const isClosing = (name, flags) => /^close/.test(name) || /^splice/.test(name) && (flags & Gio.OutputStreamSpliceFlags.CLOSE_TARGET) !== 0;
    for (const name of ['flush', 'splice', 'write_all', 'write_bytes', 'write_row', 'write_columns']) {
        const method = prototype[name];
        define(prototype, {
            [name](...args) {
                sendRows(this, null);
                return method.apply(this, args);
            },
        });
    }
    for (const name of ['close_async', 'flush_async', 'splice_async', 'write_all_async', 'write_async', 'write_bytes_async', 'write_row_async', 'write_columns_async']) {
        const method = prototype[name];
        define(prototype, {
            [name](...args) {
                if (!(this._rows?.length > 0 || this._calls > 0)) {
                    const result = method.apply(this, args);
                    return result instanceof Promise && isAsync(this) && isClosing(name, args[1]) ? Calls.hold(this, result) : result;
                }
                if (!isAsync(this)) {
                    sendRows(this, null);
                    return method.apply(this, args);
                }
                const taken = takeRows(this);
                const add = isClosing(name, args[1]) ? enqueueClose : enqueue;
                const callback = args.at(-1);
                if (typeof callback !== 'function') {
                    return add(this, async () => {
                        await sendTaken(this, taken, null);
                        return await method.apply(this, args);
                    });
                }
                add(this, async () => {
                    // What goes wrong with the rows is an error of this call, too.
                    await sendTaken(this, taken, null).catch(() => {});
                    await new Promise(resolve => {
                        method.call(this, ...args.slice(0, -1), (...given) => {
                            resolve();
                            callback(...given);
                        });
                    });
                });
                return undefined;
            },
        });
    }
}

// calls: those that are run in turn.
function extendInput(define, calls) {
    const prototype = Pg.CopyInputStream.prototype;
    const {close, read_rows: readRows} = prototype;
    const closeInputAsync = async (stream, cancellable) => {
        checkCancellable(cancellable);
        stream._isClosed = true;
        try {
            return await Calls.hold(stream, inTurn(stream, () => stream.is_closed() || calls.close.call(stream, GLib.PRIORITY_DEFAULT, cancellable), cancellable));
        } finally {
            stream._isClosed = stream.is_closed();
        }
    };
    const closeInput = (stream, cancellable) => {
        try {
            return close.call(stream, checkCancellable(cancellable));
        } finally {
            stream._isClosed = stream.is_closed();
        }
    };
    const readRowsAsync = async (stream, maxRows, cancellable) => {
        return await stream.read_rows_async(checkInteger('readRows()', maxRows, 0, UINT_MAX), checkCancellable(cancellable));
    };

    // Whether it is closed by close() a loop knows after each row, of GIO's calls after each part.
    const checkOpen = stream => {
        if (stream._isClosed || stream.is_closed())
            throw closedError();
    };
    function* giveRows(stream, result) {
        const rows = result.toArrays();
        result.run_dispose();
        unseen.objects++;
        for (const row of rows) {
            yield row;
            if (stream._isClosed)
                throw closedError();
        }
        checkOpen(stream);
    }
    const takeBlock = bytes => {
        const block = bytes.toArray();
        unseen.objects += 2;
        unseen.bytes += block.length;
        return block;
    };
    // Who leaves the loop has no use for the rest.
    function* iterateRows(stream) {
        try {
            for (let result; (result = readRows.call(stream, READ_ROWS, null)).get_n_rows() > 0; collectIfDue())
                yield* giveRows(stream, result);
        } finally {
            stream.close();
        }
    }
    async function* iterateRowsAsync(stream) {
        try {
            for (let result; (result = await stream.read_rows_async(READ_ROWS, null)).get_n_rows() > 0; await collectInTurn())
                yield* giveRows(stream, result);
        } finally {
            await stream.close();
        }
    }

    define(prototype, {
        // A Pg.Result of at most so many rows, of all that are left where that is 0; of none at the end.
        readRows(maxRows = 0, cancellable = null) {
            if (isAsync(this))
                return readRowsAsync(this, maxRows, cancellable);
            return readRows.call(this, checkInteger('readRows()', maxRows, 0, UINT_MAX), checkCancellable(cancellable));
        },
        // For a loop: the rows that are left, arrays of values.
        rows() {
            return isAsync(this) ? iterateRowsAsync(this) : iterateRows(this);
        },
        setTypes(types) {
            setTypes(this, types);
        },
        close(cancellable = null) {
            return isAsync(this) ? closeInputAsync(this, cancellable) : closeInput(this, cancellable);
        },
        * [Symbol.iterator]() {
            try {
                for (let block; (block = takeBlock(this.read_bytes(BLOCK, null))).length > 0; collectIfDue()) {
                    yield block;
                    checkOpen(this);
                }
            } finally {
                this.close();
            }
        },
        async * [Symbol.asyncIterator]() {
            try {
                for (let block; (block = takeBlock(await this.read_bytes_async(BLOCK, GLib.PRIORITY_DEFAULT, null))).length > 0; await collectInTurn()) {
                    yield block;
                    checkOpen(this);
                }
            } finally {
                await this.close();
            }
        },
    });
}

// The server takes no parameters for COPY.
function merge(cursor, statement, params) {
    return params === null ? Text.checkText(statement, 'the statement') : cursor.mogrify(statement, params);
}

function extendConnections(define) {
    for (const [name, camel] of [['copy_in', 'copyIn'], ['copy_out', 'copyOut']]) {
        const original = Pg.Connection.prototype[name];
        define(Pg.Connection.prototype, {
            [camel](statement, params = null, cancellable = null) {
                return original.call(this, merge(new Pg.ClientCursor({connection: this}), statement, params), checkCancellable(cancellable));
            },
        });
        define(Pg.AsyncConnection.prototype, {
            async [camel](statement, params = null, cancellable = null) {
                return await this[`${name}_async`](merge(new Pg.AsyncClientCursor({connection: this}), statement, params), checkCancellable(cancellable));
            },
        });
    }
}

function init(namespace, define, promisify) {
    Pg = namespace;
    promisify(Pg.CopyOutputStream.prototype, ['close', 'flush', 'write_bytes', 'splice', 'write_row', 'write_columns']);
    extendOutput(define);
    extendInput(define, promisify(Pg.CopyInputStream.prototype, ['close', 'read_bytes', 'read_rows'], inTurn));
    extendConnections(define);
}
