// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Cursors of the server's: serverCursor() of a connection.

const {INT_MAX, UINT_MAX, checkBoolean, checkCancellable, checkEnum, checkInteger, checkOptions} = imports.overrides.pgconn.arguments;
const Calls = imports.overrides.pgconn.calls;
const Params = imports.overrides.pgconn.params;
const Rows = imports.overrides.pgconn.rows;
const Settings = imports.overrides.pgconn.settings;
const Text = imports.overrides.pgconn.text;

let Pg;

function takeOptions(options) {
    return checkOptions('serverCursor()', options, {
        scrollable: [undefined, Settings.checkTristate],
        hold: [undefined, checkBoolean],
        itersize: [undefined, (name, value) => checkInteger(name, value, 1, INT_MAX)],
        fetchAhead: [undefined, checkBoolean],
        rowFactory: [null, (_name, value) => Rows.checkFactory(value)],
    });
}

function checkScroll(offset, mode) {
    checkInteger('the offset of scroll()', offset);
    checkEnum('the mode of scroll()', mode, Pg.ScrollMode, 'Pg.ScrollMode');
}

function makeCursor(connection, make, name, options) {
    const {rowFactory, ...given} = takeOptions(options);
    const cursor = Rows.inherit(connection, make.call(connection, Text.checkText(name, 'the name of the cursor')));
    // The others are as the class has them.
    for (const [option, value] of Object.entries(given)) {
        if (value !== undefined)
            cursor[`set_${Settings.snakeCase(option)}`](value);
    }
    if (rowFactory !== null)
        cursor.rowFactory = rowFactory;
    return cursor;
}

function extend(namespace, define, promisify) {
    Pg = namespace;
    const {server_cursor} = Pg.Connection.prototype;
    const {server_cursor: async_server_cursor} = Pg.AsyncConnection.prototype;
    const {close, execute, scroll} = Pg.ServerCursor.prototype;

    define(Pg.Connection.prototype, {
        serverCursor(name, options = null) {
            return makeCursor(this, server_cursor, name, options);
        },
    });
    define(Pg.AsyncConnection.prototype, {
        serverCursor(name, options = null) {
            return makeCursor(this, async_server_cursor, name, options);
        },
    });

    define(Pg.ServerCursor.prototype, {
        execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            (method === 'execute' ? execute : this.execute_params).call(this, query, argument, checkCancellable(cancellable));
            return this;
        },
        fetchone(cancellable = null) {
            return Rows.makeFetchedOne(this, this.fetch_one(checkCancellable(cancellable)));
        },
        fetchmany(size = 0, cancellable = null) {
            checkInteger('the argument "size" of fetchmany()', size, 0, UINT_MAX);
            return Rows.makeFetched(this, this.fetch_many(size, checkCancellable(cancellable)));
        },
        fetchall(cancellable = null) {
            return Rows.makeFetched(this, this.fetch_all(checkCancellable(cancellable)));
        },
        scroll(offset, mode = Pg.ScrollMode.RELATIVE, cancellable = null) {
            checkScroll(offset, mode);
            return scroll.call(this, offset, mode, checkCancellable(cancellable));
        },
        close(cancellable = null) {
            return close.call(this, checkCancellable(cancellable));
        },
    });

    // One at a time, in their order.
    const calls = promisify(Pg.AsyncServerCursor.prototype, [
        'execute', 'execute_params', 'fetch_one', 'fetch_many', 'fetch_all', 'fetch_page', 'scroll', 'close',
    ], Calls.inOrder);
    const call = (cursor, name, make, ...args) => Calls.inOrder(cursor, async () => make(cursor, await calls[name].apply(cursor, args)), args.at(-1));
    define(Pg.AsyncServerCursor.prototype, {
        async execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            return await call(this, method, cursor => cursor, query, argument, checkCancellable(cancellable));
        },
        async fetchone(cancellable = null) {
            return await call(this, 'fetch_one', Rows.makeFetchedOne, checkCancellable(cancellable));
        },
        async fetchmany(size = 0, cancellable = null) {
            checkInteger('the argument "size" of fetchmany()', size, 0, UINT_MAX);
            return await call(this, 'fetch_many', Rows.makeFetched, size, checkCancellable(cancellable));
        },
        async fetchall(cancellable = null) {
            return await call(this, 'fetch_all', Rows.makeFetched, checkCancellable(cancellable));
        },
        async scroll(offset, mode = Pg.ScrollMode.RELATIVE, cancellable = null) {
            checkScroll(offset, mode);
            return await this.scroll_async(offset, mode, checkCancellable(cancellable));
        },
        async close(cancellable = null) {
            return await this.close_async(checkCancellable(cancellable));
        },
    });
    if (Symbol.asyncDispose) {
        define(Pg.AsyncServerCursor.prototype, {
            [Symbol.asyncDispose]() {
                return this.close();
            },
        });
    }
}
