// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Iteration over cursors, which takes several rows at a time. Those that it has not given yet are put back before anything else moves the cursor, so that
// rows come in the order in which they are asked for, whoever asks.

const {Gio, GLib} = imports.gi;
const Calls = imports.overrides.pgconn.calls;
const Rows = imports.overrides.pgconn.rows;
const {giveTurn, inTurn, isBusy} = imports.overrides.pgconn.turns;

// So many rows of a cursor that has all of them here are taken at a time; then the main loop has a turn.
const SIZE = 100;

// What moves a cursor, in which case no rows may be on their way, and what gives it another result.
const FETCHES = ['fetch_one', 'fetch_many', 'fetch_all', 'fetch_value', 'fetch_object', 'fetch_objects', 'fetch_page', 'scroll'];
const CHANGES = [
    'execute', 'execute_params', 'execute_statement', 'execute_statement_params', 'execute_many', 'execute_batch', 'stream', 'stream_params',
    'next_result', 'select_result', 'close',
];

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

let Pg;
let scroll, getRownumber, fetchMany, fetchPage, awaitPage;

// Rows of the cursor's result that count as fetched; those from next on are not given yet.
function take(cursor, result, next, end) {
    cursor._ahead = {result, next, end};
}

function isAtHand(cursor) {
    const ahead = cursor._ahead;
    return ahead !== null && ahead.next < ahead.end;
}

function putBack(cursor) {
    const ahead = cursor._ahead;
    cursor._ahead = null;
    if (ahead !== null && ahead.next < ahead.end && cursor.get_result() === ahead.result)
        scroll.call(cursor, ahead.next - ahead.end, Pg.ScrollMode.RELATIVE);
}

function giveRow(cursor) {
    const make = Rows.makerOf(cursor);
    const ahead = cursor._ahead;
    const row = ahead.result.get_item(ahead.next++);
    try {
        return make === null ? row : make(row);
    } catch (error) {
        // Unless the function has moved the cursor itself.
        if (cursor._ahead === ahead)
            ahead.next--;
        throw error;
    }
}

function* iterate(cursor) {
    try {
        for (;;) {
            if (!isAtHand(cursor)) {
                const [page, first] = fetchPage.call(cursor, 0, null);
                if (page === null)
                    return;
                take(cursor, page, first, page.get_n_rows());
            }
            yield giveRow(cursor);
        }
    } finally {
        putBack(cursor);
    }
}

// Of the cursor's own result, what is left; whether that is anything.
function takeNow(cursor) {
    const result = cursor.get_result();
    const first = result?.has_rows() ? getRownumber.call(cursor) : 0;
    const n = Math.min(SIZE, (result?.get_n_rows() ?? 0) - first);
    if (n <= 0)
        return false;
    scroll.call(cursor, n, Pg.ScrollMode.RELATIVE);
    take(cursor, result, first, first + n);
    return true;
}

// Waits for an answer of the library, and gives what finish() makes of it.
async function load(cursor, start, size, finish) {
    cursor._isLoading = true;
    try {
        return await new Promise((resolve, reject) => {
            start.call(cursor, size, null, (_cursor, result) => {
                try {
                    resolve(finish(result));
                } catch (error) {
                    reject(error);
                }
            });
        });
    } finally {
        cursor._isLoading = false;
    }
}

// What says that there are no more rows, or that there is an error.
async function awaitNone(cursor) {
    await load(cursor, fetchMany, 1, result => cursor.fetch_many_finish(result));
}

async function awaitRows(cursor) {
    const [page, first] = await load(cursor, awaitPage, 0, result => cursor.fetch_page_finish(result));
    if (page !== null)
        take(cursor, page, first, page.get_n_rows());
}

class AsyncRows {
    constructor(cursor, now, later, turns) {
        this._cursor = cursor;
        this._now = now;
        this._load = later;
        this._isBusy = turns.isBusy;
        this._inTurn = turns.inTurn;
        this._isOver = false;
        this._turn = null;
    }

    _end() {
        this._isOver = true;
        putBack(this._cursor);
    }

    _give() {
        try {
            const item = {value: giveRow(this._cursor), done: false};
            return this._turn === null ? Promise.resolve(item) : this._turn.then(() => item);
        } catch (error) {
            this._end();
            return Promise.reject(error);
        }
    }

    _takeTurn() {
        const turn = giveTurn().then(() => {
            if (this._turn === turn)
                this._turn = null;
        });
        this._turn = turn;
    }

    next() {
        const cursor = this._cursor;
        if (this._isOver)
            return Promise.resolve({value: undefined, done: true});
        // What others have asked for comes first.
        if (!this._isBusy(cursor)) {
            if (!isAtHand(cursor) && this._now(cursor))
                this._takeTurn();
            if (isAtHand(cursor))
                return this._give();
        }
        return this._inTurn(cursor, () => this._loadNext());
    }

    async _loadNext() {
        const cursor = this._cursor;
        try {
            if (!this._isOver && !isAtHand(cursor) && !this._now(cursor))
                await this._load(cursor);
        } catch (error) {
            // It was left meanwhile: that is no error.
            if (!this._isOver) {
                this._end();
                throw error;
            }
        }
        if (!this._isOver && isAtHand(cursor))
            return await this._give();
        if (!this._isOver)
            this._end();
        return {value: undefined, done: true};
    }

    return(value) {
        this._end();
        return Promise.resolve({value, done: true});
    }

    throw(error) {
        this._end();
        return Promise.reject(error);
    }
}
Object.setPrototypeOf(AsyncRows.prototype, AsyncIteratorPrototype);

function redefine(define, prototype, name, prepare) {
    const method = prototype[name];
    define(prototype, {
        [name](...args) {
            prepare(this);
            return method.apply(this, args);
        },
    });
    // What makes promises of callbacks counts the arguments.
    Object.defineProperty(prototype[name], 'length', {value: method.length});
}

function prepareFetch(cursor) {
    if (cursor._isLoading)
        throw new GLib.Error(Gio.io_error_quark(), Gio.IOErrorEnum.PENDING, 'another call of the cursor has not ended yet');
    putBack(cursor);
}

// Before anything else takes methods of the cursors.
function init(namespace, define) {
    Pg = namespace;
    ({scroll, get_rownumber: getRownumber} = Pg.BaseCursor.prototype);
    fetchMany = Pg.AsyncCursor.prototype.fetch_many_async;
    fetchPage = Pg.ServerCursor.prototype.fetch_page;
    awaitPage = Pg.AsyncServerCursor.prototype.fetch_page_async;

    define(Pg.BaseCursor.prototype, {_ahead: null, _isLoading: false});
    for (const {prototype} of [Pg.BaseCursor, Pg.AsyncCursor, Pg.ServerCursor, Pg.AsyncServerCursor]) {
        for (const [names, prepare] of [[FETCHES, prepareFetch], [CHANGES, putBack]]) {
            for (const name of [...names, ...names.map(verb => `${verb}_async`)]) {
                if (Object.hasOwn(prototype, name))
                    redefine(define, prototype, name, prepare);
            }
        }
    }
    for (const {prototype} of [Pg.AsyncCursor, Pg.ServerCursor, Pg.AsyncServerCursor]) {
        define(prototype, {
            get_rownumber() {
                const rownumber = getRownumber.call(this);
                return isAtHand(this) && rownumber >= 0 ? rownumber - (this._ahead.end - this._ahead.next) : rownumber;
            },
            get rownumber() {
                return this.get_rownumber();
            },
        });
    }
    define(Pg.AsyncCursor.prototype, {
        // The rows that have not been fetched yet.
        [Symbol.asyncIterator]() {
            return new AsyncRows(this, takeNow, awaitNone, {isBusy, inTurn});
        },
    });
    define(Pg.ServerCursor.prototype, {
        [Symbol.iterator]() {
            return iterate(this);
        },
    });
    define(Pg.AsyncServerCursor.prototype, {
        [Symbol.iterator]: undefined,
        [Symbol.asyncIterator]() {
            return new AsyncRows(this, () => false, awaitRows, {isBusy: Calls.isBusy, inTurn: Calls.inOrder});
        },
    });
}
