// SPDX-License-Identifier: LGPL-2.1-or-later
//
// executeMany(): the sets of parameters in chunks, each handed over column by column, so that no value costs a call of the library.

const {Gio, GLib} = imports.gi;
const {checkBoolean, checkCancellable, checkOptions, refuse} = imports.overrides.pgconn.arguments;
const Calls = imports.overrides.pgconn.calls;
const Collector = imports.overrides.pgconn.collector;
const Params = imports.overrides.pgconn.params;
const Text = imports.overrides.pgconn.text;
const Turns = imports.overrides.pgconn.turns;

// So many sets of parameters are in memory at once.
const CHUNK = 1000;

let Pg;

function init(namespace) {
    Pg = namespace;
}

// --- columns: a function for each kind of values, which returns whether it can; else the values are added one by one ---

const fill = (values, value) => values.map(other => other ?? value);
const isInteger = value => Number.isSafeInteger(value) && !Object.is(value, -0);
const toBytes = data => new GLib.Bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

function addNumbers(batch, values, nulls) {
    const numbers = nulls === null ? values : fill(values, 0);
    if (!numbers.every(isInteger))
        batch.add_double_column(toBytes(Float64Array.from(numbers)), nulls);
    else if (numbers.every(number => number === (number | 0)))
        batch.add_integer_column(toBytes(Int32Array.from(numbers)), 4, nulls);
    else
        batch.add_integer_column(toBytes(BigInt64Array.from(numbers, BigInt)), 8, nulls);
}

function addTexts(batch, oid, texts, nulls) {
    batch.add_text_column(oid, new GLib.Bytes(new TextEncoder().encode(`${texts.join('\0')}\0`)), nulls);
}

// Whether all values can be sent as a column of this kind, and have been.
const COLUMNS = {
    boolean(batch, values, nulls) {
        batch.add_boolean_column(new GLib.Bytes(Uint8Array.from(values, Number)), nulls);
    },
    number: addNumbers,
    string(batch, values, nulls, what) {
        values.forEach((value, index) => value === null || Text.checkText(value, what(index)));
        addTexts(batch, 0, fill(values, ''), nulls);
    },
    date(batch, values, nulls, what) {
        addTexts(batch, Pg.OID_TIMESTAMPTZ, values.map((value, index) => value === null ? '' : Text.instantToText(value, what(index))), nulls);
    },
};

function kindOf(value) {
    if (value === null)
        return 'null';
    return value instanceof Date ? 'date' : typeof value;
}

function addColumn(batch, values, what) {
    const kinds = new Set(values.map(kindOf));
    const hasNulls = kinds.delete('null');
    const add = kinds.size === 1 ? COLUMNS[[...kinds][0]] : undefined;
    if (add !== undefined) {
        add(batch, values, hasNulls ? new GLib.Bytes(Uint8Array.from(values, value => value === null ? 1 : 0)) : null, what);
        return;
    }
    const params = Pg.Params.new();
    values.forEach((value, index) => Params.addValue(params, value, what(index)));
    batch.add_column(params);
}

// --- chunks ---

const sameKeys = (keys, row) => {
    const others = Object.keys(row);
    return others.length === keys.length && keys.every(key => Object.hasOwn(row, key));
};

// A batch of some sets of parameters, the first of which is the one with this number, from 0.
function makeBatch(rows, start) {
    const batch = Pg.ParamsBatch.new();
    const first = rows[0];
    const whatOf = name => index => `set of parameters ${start + index + 1}: parameter ${name}`;
    if (Array.isArray(first) && first.length > 0 && rows.every(row => Array.isArray(row) && row.length === first.length)) {
        for (let column = 0; column < first.length; column++)
            addColumn(batch, rows.map(row => row[column]), whatOf(column + 1));
    } else if (rows.length > 0 && rows.every(Params.isPlainObject) && rows.every(row => sameKeys(Object.keys(first), row))) {
        Object.keys(first).forEach((name, column) => {
            Text.checkText(name, 'the name of a parameter');
            addColumn(batch, rows.map(row => row[name]), whatOf(`'${name}'`));
            batch.set_column_name(column, name);
        });
    } else {
        rows.forEach((row, index) => batch.add_set(row instanceof Pg.Params ? row : Params.makeParams(row, `set of parameters ${start + index + 1}: `)));
    }
    return batch;
}

// What gives the sets, and whether it is over: then it is not to be closed.
class Source {
    constructor(iterator) {
        this._iterator = iterator;
        this._isOver = false;
    }

    take() {
        const rows = [];
        while (rows.length < CHUNK && !this._isOver) {
            this._isOver = true;
            const {done, value} = this._iterator.next();
            if (done)
                break;
            this._isOver = false;
            rows.push(value);
        }
        return rows;
    }

    // After an error, which is the one to report. Gives a promise where the iterator's return() does.
    leave() {
        try {
            const left = this._isOver ? undefined : this._iterator.return?.();
            return left instanceof Promise ? left.catch(() => {}) : left;
        } catch {
            return undefined;
        }
    }
}

// The asynchronous ones that a batch waits for.
const awaited = new Set();

class AsyncSource extends Source {
    constructor(iterator, connection) {
        super(iterator);
        this._connection = connection;
        this._isAsked = false;
        this._isLeft = false;
        this._interrupt = null;
    }

    async _takeRows() {
        const rows = [];
        while (rows.length < CHUNK && !this._isOver && !this._isLeft) {
            this._isOver = this._isAsked = true;
            const {done, value} = await this._iterator.next();
            this._isAsked = false;
            if (done)
                break;
            this._isOver = false;
            rows.push(value);
        }
        return rows;
    }

    // The iterable may never answer: the cancellable, cancel() and close() do not wait for it.
    async takeAsync(cancellable) {
        let unwatch = () => {};
        try {
            return await new Promise((resolve, reject) => {
                this._interrupt = error => {
                    this._isLeft = true;
                    reject(error);
                };
                awaited.add(this);
                unwatch = Turns.watchCancellable(cancellable, this._interrupt);
                this._takeRows().then(resolve, reject);
            });
        } finally {
            unwatch();
            awaited.delete(this);
        }
    }

    leave() {
        if (!this._isAsked || !this._isLeft)
            return super.leave();
        // It answers when it likes, or never.
        this._isOver = false;
        super.leave();
        return undefined;
    }

    interrupt(connection, error) {
        if (this._connection === connection)
            this._interrupt(error);
    }
}

// What waits for an iterable waits no longer.
function interrupt(connection, error) {
    for (const source of [...awaited])
        source.interrupt(connection, error);
}

function cancel(connection) {
    interrupt(connection, Text.pgError(Pg.Error.QUERY_CANCELED, 'executeMany() was canceled while it waited for its iterable'));
}

function close(connection) {
    interrupt(connection, new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED, 'the connection was closed while executeMany() waited for its iterable'));
}

// The flags, and the cancellable, which may take the place of the options.
function optionsOf(options, cancellable) {
    if (options instanceof Gio.Cancellable)
        return optionsOf(null, options);
    const {returning} = checkOptions('executeMany()', options, {returning: [false, checkBoolean]});
    return [returning ? Pg.ExecuteManyFlags.RETURNING : Pg.ExecuteManyFlags.NONE, checkCancellable(cancellable)];
}

function iteratorOf(sets, symbol) {
    if (typeof sets === 'string' || typeof sets?.[symbol] !== 'function')
        refuse(TypeError, 'the argument "sets" of executeMany()', 'an array or another iterable of the sets of parameters', sets);
    return sets[symbol]();
}

function executeMany(query, sets, options = null, canceller = null) {
    Text.checkText(query, 'the statement');
    const [flags, cancellable] = optionsOf(options, canceller);
    if (sets instanceof GLib.Variant) {
        this.execute_many(query, sets, flags, cancellable);
        return this;
    }
    const source = new Source(iteratorOf(sets, Symbol.iterator));
    let start = 0, isOpen = false;
    try {
        for (let more = true; more;) {
            const rows = source.take();
            more = rows.length === CHUNK;
            const batch = makeBatch(rows, start);
            // A call that fails leaves nothing open, unless that is another's.
            isOpen = false;
            this.execute_batch(start === 0 ? query : null, batch, flags | (more ? Pg.ExecuteManyFlags.MORE : 0), cancellable);
            isOpen = more;
            start += rows.length;
        }
    } catch (error) {
        if (isOpen)
            this.execute_batch(null, null, Pg.ExecuteManyFlags.ABORT, null);
        source.leave();
        throw error;
    }
    return this;
}

async function executeSets(cursor, query, source, takesTime, flags, cancellable) {
    let start = 0, isOpen = false;
    try {
        for (let more = true; more;) {
            const rows = takesTime ? await source.takeAsync(cancellable) : source.take();
            // The sets are many objects, after which the collector comes.
            Collector.noteObjects(rows.length);
            more = rows.length === CHUNK;
            const batch = makeBatch(rows, start);
            isOpen = false;
            await cursor.execute_batch_async(start === 0 ? query : null, batch, flags | (more ? Pg.ExecuteManyFlags.MORE : 0), cancellable);
            isOpen = more;
            start += rows.length;
        }
    } catch (error) {
        if (isOpen)
            await cursor.execute_batch_async(null, null, Pg.ExecuteManyFlags.ABORT, null);
        throw error;
    }
}

async function executeManyAsync(query, sets, options = null, canceller = null) {
    Text.checkText(query, 'the statement');
    const [flags, cancellable] = optionsOf(options, canceller);
    if (sets instanceof GLib.Variant) {
        await this.execute_many_async(query, sets, flags, cancellable);
        return this;
    }
    const connection = this.get_connection();
    const takesTime = typeof sets?.[Symbol.asyncIterator] === 'function';
    const iterator = iteratorOf(sets, takesTime ? Symbol.asyncIterator : Symbol.iterator);
    const source = takesTime ? new AsyncSource(iterator, connection) : new Source(iterator);
    const release = Calls.engage(connection, takesTime);
    try {
        await Turns.inOrder(connection, null, () => executeSets(this, query, source, takesTime, flags, cancellable), cancellable, true).finally(release);
    } catch (error) {
        await source.leave();
        throw error;
    }
    return this;
}
