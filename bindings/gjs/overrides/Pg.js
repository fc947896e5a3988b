// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a JavaScript programmer expects of Pg beyond plain introspection: promises, iteration, and values of JavaScript.
// docs/javascript.md tells how it is used. A legacy module, as GJS wants of an override: it is loaded with the namespace.

const {GLib, Gio} = imports.gi;
const {
    UINT_MAX, checkArray, checkBoolean, checkCancellable, checkEnum, checkFunction, checkInteger, checkNameOrOid, checkOid, refuse,
} = imports.overrides.pgconn.arguments;
const Ahead = imports.overrides.pgconn.ahead;
const Calls = imports.overrides.pgconn.calls;
const Checks = imports.overrides.pgconn.checks;
const Collector = imports.overrides.pgconn.collector;
const Columns = imports.overrides.pgconn.columns;
const Copy = imports.overrides.pgconn.copy;
const Text = imports.overrides.pgconn.text;
const LargeObjects = imports.overrides.pgconn.largeobjects;
const Loaders = imports.overrides.pgconn.loaders;
const Many = imports.overrides.pgconn.many;
const Params = imports.overrides.pgconn.params;
const Pipelines = imports.overrides.pgconn.pipelines;
const Rows = imports.overrides.pgconn.rows;
const ServerCursors = imports.overrides.pgconn.servercursors;
const Settings = imports.overrides.pgconn.settings;
const Streams = imports.overrides.pgconn.streams;
const {inTurn, isBusy} = imports.overrides.pgconn.turns;
const Types = imports.overrides.pgconn.types;
const Values = imports.overrides.pgconn.values;

let Pg;

function define(object, members) {
    const isWatched = Calls.isWatched(object);
    for (const name of Reflect.ownKeys(members)) {
        const member = Object.getOwnPropertyDescriptor(members, name);
        // A constructor has no connection yet.
        if (isWatched && typeof member.value === 'function' && name !== '_init')
            member.value = Calls.watched(member.value);
        // What introspection has defined cannot be configured, but written.
        if (Object.getOwnPropertyDescriptor(object, name)?.configurable === false)
            object[name] = member.value;
        else
            Object.defineProperty(object, name, {...member, configurable: true, enumerable: false});
    }
}

function extendResults() {
    define(Pg.Row.prototype, {
        get(column) {
            const result = this.get_result();
            const {names} = Values.shapeOf(result);
            const index = typeof column === 'string' ? names.indexOf(column) : column;
            if (names[index] === undefined) {
                if (typeof index !== 'number')
                    refuse(TypeError, 'get() of a row', 'the name or the number of a column', column);
                throw new RangeError(typeof column === 'string'
                    ? `there is no column '${column}'`
                    : `there is no column ${column}: the row has ${names.length}`);
            }
            return Columns.valueOf(result, this, index);
        },
        toArray() {
            return Columns.valuesOf(this.get_result(), this);
        },
        toObject() {
            const result = this.get_result();
            const {names} = Values.shapeOf(result);
            return Object.fromEntries(Columns.valuesOf(result, this).map((value, index) => [names[index], value]));
        },
        // For JSON.stringify(), which sees nothing of an object of the library's.
        toJSON() {
            return this.toObject();
        },
        *[Symbol.iterator]() {
            yield* this.toArray();
        },
    });

    define(Pg.Result.prototype, {
        get n_rows() {
            return this.get_n_rows();
        },
        get n_columns() {
            return this.get_n_columns();
        },
        toArrays() {
            return Columns.toArrays(this);
        },
        toObjects() {
            return Columns.toObjects(this);
        },
        toJSON() {
            return this.toObjects();
        },
        *[Symbol.iterator]() {
            for (let i = 0, n = this.get_n_rows(); i < n; i++)
                yield this.get_item(i);
        },
    });
}

// What cursors have as properties.
function extendOutcomes() {
    for (const type of [Pg.CopyInputStream, Pg.CopyOutputStream, Pg.Result]) {
        define(type.prototype, {
            get rowcount() {
                return type === Pg.Result ? this.get_affected_rows() : this.get_rowcount();
            },
            get statusMessage() {
                return this.get_status_message();
            },
        });
    }
}

function extendCursors() {
    define(Pg.BaseCursor.prototype, {
        // All rows of the current result, as often as one likes; what was fetched does not matter, and nothing is.
        *[Symbol.iterator]() {
            if (this instanceof Pg.Cursor)
                this.wait();
            const result = this.get_result();
            if (!result?.has_rows())
                throw Text.pgError(Pg.Error.PROGRAMMING, 'the last statement has given no rows');
            const makeOfArray = Rows.arrayMakerOf(this);
            const make = makeOfArray ?? Rows.makerOf(this);
            for (const row of makeOfArray === null ? result : Columns.arraysOf(result)) {
                yield make === null ? row : make(row);
                if (this._isClosed)
                    throw Text.closedError();
            }
        },
    });

    const {scroll} = Pg.BaseCursor.prototype;
    define(Pg.BaseCursor.prototype, {
        scroll(offset, mode = Pg.ScrollMode.RELATIVE) {
            checkInteger('the offset of scroll()', offset);
            checkEnum('the mode of scroll()', mode, Pg.ScrollMode, 'Pg.ScrollMode');
            return scroll.call(this, offset, mode);
        },
    });

    const execute = Pg.Cursor.prototype.execute;
    define(Pg.Cursor.prototype, {
        execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            Collector.noteResult();
            (method === 'execute' ? execute : this[method]).call(this, query, argument, checkCancellable(cancellable));
            return this;
        },
        executeMany: Many.executeMany,
        fetchone(cancellable = null) {
            return Rows.makeFetchedOne(this, this.fetch_one(checkCancellable(cancellable)));
        },
        fetchmany(size = 0, cancellable = null) {
            checkInteger('the argument "size" of fetchmany()', size, 0, UINT_MAX);
            return Rows.fetchMade(this, size, cancellable) ?? Rows.makeFetched(this, this.fetch_many(size, checkCancellable(cancellable)));
        },
        fetchall(cancellable = null) {
            return Rows.fetchMade(this, null, cancellable) ?? Rows.makeFetched(this, this.fetch_all(checkCancellable(cancellable)));
        },
    });

    for (const type of [Pg.ClientCursor, Pg.AsyncClientCursor]) {
        const {mogrify, mogrify_params} = type.prototype;
        define(type.prototype, {
            mogrify(query, params = null) {
                const [method, argument] = Params.chooseExecute(query, params);
                return (method === 'execute' ? mogrify : mogrify_params).call(this, query, argument);
            },
        });
    }

    // Its rows are here: a call waits for nothing but a loop that asks for the end of them.
    const whenFree = (cursor, start, cancellable) => isBusy(cursor) ? inTurn(cursor, start, cancellable) : start();
    promisify(Pg.AsyncCursor.prototype, ['execute', 'execute_params', 'execute_statement', 'execute_statement_params', 'execute_many', 'execute_batch']);
    const fetches = promisify(Pg.AsyncCursor.prototype, ['fetch_one', 'fetch_many', 'fetch_all'], whenFree);
    const fetch = (cursor, name, make, ...args) => {
        const cancellable = args.at(-1);
        return whenFree(cursor, async () => make(cursor, await fetches[name].apply(cursor, args)), cancellable);
    };
    define(Pg.AsyncCursor.prototype, {
        async execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            Collector.noteResult();
            await this[`${method}_async`](query, argument, checkCancellable(cancellable));
            return this;
        },
        executeMany: Many.executeManyAsync,
        async fetchone(cancellable = null) {
            return await fetch(this, 'fetch_one', Rows.makeFetchedOne, checkCancellable(cancellable));
        },
        async fetchmany(size = 0, cancellable = null) {
            checkInteger('the argument "size" of fetchmany()', size, 0, UINT_MAX);
            return await fetch(this, 'fetch_many', Rows.makeFetched, size, checkCancellable(cancellable));
        },
        async fetchall(cancellable = null) {
            return await fetch(this, 'fetch_all', Rows.makeFetched, checkCancellable(cancellable));
        },
    });
}

function checkTypes(types) {
    return checkArray('the argument "types" of prepare()', types ?? [], 'an array of OIDs or null').map(type => checkOid('a type of prepare()', type, 0));
}

function extendStatements() {
    const list = (n, get) => Array.from({length: n}, (_, index) => get(index));
    define(Pg.Statement.prototype, {
        get query() {
            return this.get_query();
        },
        get closed() {
            return this.get_closed();
        },
        get parameters() {
            return list(this.get_n_parameters(), index => this.get_parameter_type(index));
        },
        get parameterNames() {
            return list(this.get_n_parameters(), index => this.get_parameter_type_name(index));
        },
        get description() {
            return list(this.get_n_columns(), index => this.get_column(index));
        },
        // Promises where the connection's calls are.
        execute(params = null, cancellable = null) {
            return this.get_connection().cursor().execute(this, params, cancellable);
        },
        close(cancellable = null) {
            const connection = this.get_connection();
            if (!(connection instanceof Pg.AsyncConnection))
                return connection.close_statement(this, checkCancellable(cancellable));
            return new Promise(resolve => resolve(connection.close_statement_async(this, checkCancellable(cancellable))));
        },
    });

    const {prepare} = Pg.Connection.prototype;
    define(Pg.Connection.prototype, {
        prepare(query, types = null, cancellable = null) {
            return prepare.call(this, Text.checkText(query, 'the statement'), checkTypes(types), checkCancellable(cancellable));
        },
    });
    define(Pg.AsyncConnection.prototype, {
        async prepare(query, types = null, cancellable = null) {
            return await this.prepare_async(Text.checkText(query, 'the statement'), checkTypes(types), checkCancellable(cancellable));
        },
    });
}

// Whether a call of it is one of the connection, which comes after those before it. A part of a batch belongs to what goes on.
function isQueued(prototype, name) {
    if (prototype === Pg.AsyncConnection.prototype)
        return name !== 'cancel_safe' && name !== 'close';
    return prototype === Pg.AsyncPipeline.prototype || prototype === Pg.AsyncCursor.prototype && name !== 'execute_batch' && !name.startsWith('fetch');
}

// Promises where the callback is left out. What when() is, a call of that form is given to it: see turns.js. Gives the methods by their names, without that.
function promisify(prototype, names, when = null) {
    const methods = {};
    for (const name of names) {
        const {length} = prototype[`${name}_async`];
        define(prototype, {[`${name}_finish`]: Collector.counted(prototype[`${name}_finish`])});
        Gio._promisify(prototype, `${name}_async`, `${name}_finish`);
        const counted = Collector.counted(prototype[`${name}_async`]);
        const method = methods[name] = isQueued(prototype, name) ? Calls.queued(counted, length, ['sync', 'end'].includes(name)) : counted;
        define(prototype, {
            [`${name}_async`]: when === null ? method : function (...args) {
                const cancellable = args.at(-1) instanceof Gio.Cancellable ? args.at(-1) : null;
                return args.length === length ? method.apply(this, args) : when(this, () => method.apply(this, args), cancellable);
            },
        });
    }
    return methods;
}

// Properties whose changes are made by methods: introspection cannot write them, as that could not fail.
// change() gets the name of the method, the value, and what takes it.
function defineSettings(prototype, change) {
    const same = value => value;
    const flag = value => value === Pg.Tristate.DEFAULT ? null : value === Pg.Tristate.ON;
    for (const [name, read] of [['autocommit', same], ['isolationLevel', same], ['readOnly', flag], ['deferrable', flag]]) {
        defineSetting(prototype, name, read, (connection, value) => {
            change(connection, `set${name[0].toUpperCase()}${name.slice(1)}`, value);
        });
    }
}

// The classes of the cursors to come: these or some derived from them.
function defineCursorFactories(prototype, type, serverType) {
    const same = gtype => gtype;
    defineSetting(prototype, 'cursorFactory', same, (connection, factory) => connection.set_cursor_factory(factory ?? type));
    defineSetting(prototype, 'serverCursorFactory', same, (connection, factory) => connection.set_server_cursor_factory(factory ?? serverType));
}

// Under the names that a property has in GJS.
function defineSetting(prototype, name, read, write) {
    const accessor = {
        get() {
            return read(this[`get_${Settings.snakeCase(name)}`]());
        },
        set(value) {
            write(this, value);
        },
        configurable: true,
    };
    for (const form of [name, Settings.snakeCase(name), Settings.kebabCase(name)])
        Object.defineProperty(prototype, form, accessor);
}

const FACTORIES = [
    ['rowFactory', (_name, factory) => Rows.checkFactory(factory)],
    ['cursorFactory', (_name, factory) => factory],
    ['serverCursorFactory', (_name, factory) => factory],
];

// The arguments of open(): properties for the construction may be left out.
function openArguments(conninfo, options, cancellable, own = []) {
    if (options instanceof Gio.Cancellable)
        return openArguments(conninfo, null, options, own);
    const {row_factory, cursor_factory, server_cursor_factory, ...settings} = Settings.checkOptions(options, [...own, ...FACTORIES]);
    return [{...settings, conninfo: Text.checkText(conninfo, 'the connection string')}, checkCancellable(cancellable),
        {row_factory, cursor_factory, server_cursor_factory}];
}

function checkKind(kind) {
    const checked = checkNameOrOid('fetchType()', kind);
    return typeof checked === 'string' ? Text.checkText(checked, 'the name of the type') : checked;
}

// With a name it would be another one.
function checkNoName(args) {
    if (args.length > 0)
        throw new TypeError('cursor() takes no argument: a cursor of the server\'s, which has a name, is made by serverCursor()');
}

function extendConnection() {
    const {cursor, execute, set_autocommit, set_isolation_level, set_read_only, set_deferrable} = Pg.Connection.prototype;

    define(Pg.Connection, {
        open(conninfo, options = null, cancellable = null) {
            const [properties, canceller, factories] = openArguments(conninfo, options, cancellable);
            const connection = Object.assign(new Pg.Connection(properties), factories);
            connection.init(canceller);
            return connection;
        },
    });
    define(Pg.Connection.prototype, {
        execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            Collector.noteResult();
            return Rows.inherit(this, (method === 'execute' ? execute : this.execute_params).call(this, query, argument, checkCancellable(cancellable)));
        },
        cursor(...args) {
            checkNoName(args);
            return Rows.inherit(this, cursor.call(this));
        },
        sql(strings, ...values) {
            return this.execute(Params.templateQuery(strings), values.length === 0 ? null : values);
        },
        fetchType(kind, cancellable = null) {
            const fetch = typeof checkKind(kind) === 'string' ? this.fetch_type : this.fetch_type_by_oid;
            return fetch.call(this, kind, checkCancellable(cancellable));
        },
        cancelSafe(timeout = 0, cancellable = null) {
            return this.cancel_safe(Settings.checkMilliseconds('timeout', timeout), checkCancellable(cancellable));
        },
        setAutocommit(autocommit, cancellable = null) {
            return set_autocommit.call(this, Settings.check('autocommit', autocommit), checkCancellable(cancellable));
        },
        setIsolationLevel(level, cancellable = null) {
            return set_isolation_level.call(this, Settings.check('isolationLevel', level), checkCancellable(cancellable));
        },
        setReadOnly(readOnly, cancellable = null) {
            return set_read_only.call(this, Settings.check('readOnly', readOnly), checkCancellable(cancellable));
        },
        setDeferrable(deferrable, cancellable = null) {
            return set_deferrable.call(this, Settings.check('deferrable', deferrable), checkCancellable(cancellable));
        },
    });
    defineCursorFactories(Pg.Connection.prototype, Pg.Cursor, Pg.ServerCursor);
    defineSettings(Pg.Connection.prototype, (connection, method, value) => connection[method](value));
    for (const name of ['commit', 'rollback']) {
        const original = Pg.Connection.prototype[name];
        define(Pg.Connection.prototype, {
            [name](cancellable = null) {
                return original.call(this, checkCancellable(cancellable));
            },
        });
    }
}

function extendAsyncConnection() {
    const {cursor} = Pg.AsyncConnection.prototype;

    promisify(Pg.AsyncConnection.prototype, [
        'execute', 'execute_params', 'commit', 'rollback', 'set_autocommit', 'set_isolation_level', 'set_read_only', 'set_deferrable',
        'cancel_safe', 'close', 'prepare', 'close_statement', 'copy_in', 'copy_out', 'fetch_type', 'fetch_type_by_oid',
    ]);
    Gio._promisify(Pg.AsyncConnection, 'open_async', 'open_finish');

    define(Pg.AsyncConnection, {
        open(conninfo, options = null, cancellable = null) {
            return new Promise((resolve, reject) => {
                const [properties, canceller, factories] = openArguments(conninfo, options, cancellable, [['pipelining', checkBoolean]]);
                const connection = Object.assign(new Pg.AsyncConnection(properties), factories);
                connection.init_async(GLib.PRIORITY_DEFAULT, canceller, (_source, result) => {
                    try {
                        connection.init_finish(result);
                        resolve(connection);
                    } catch (error) {
                        reject(error);
                    }
                });
            });
        },
    });
    define(Pg.AsyncConnection.prototype, {
        async execute(query, params = null, cancellable = null) {
            const [method, argument] = Params.chooseExecute(query, params);
            Collector.noteResult();
            return Rows.inherit(this, await this[`${method}_async`](query, argument, checkCancellable(cancellable)));
        },
        cursor(...args) {
            checkNoName(args);
            return Rows.inherit(this, cursor.call(this));
        },
        async sql(strings, ...values) {
            return await this.execute(Params.templateQuery(strings), values.length === 0 ? null : values);
        },
        async commit(cancellable = null) {
            return await Calls.synchronize(Calls.sectionOf(this), this.commit_async(checkCancellable(cancellable)));
        },
        async rollback(cancellable = null) {
            return await this.rollback_async(checkCancellable(cancellable));
        },
        async fetchType(kind, cancellable = null) {
            const fetch = typeof checkKind(kind) === 'string' ? this.fetch_type_async : this.fetch_type_by_oid_async;
            return await fetch.call(this, kind, checkCancellable(cancellable));
        },
        async setAutocommit(autocommit, cancellable = null) {
            return await this.set_autocommit_async(Settings.check('autocommit', autocommit), checkCancellable(cancellable));
        },
        async setIsolationLevel(level, cancellable = null) {
            return await this.set_isolation_level_async(Settings.check('isolationLevel', level), checkCancellable(cancellable));
        },
        async setReadOnly(readOnly, cancellable = null) {
            return await this.set_read_only_async(Settings.check('readOnly', readOnly), checkCancellable(cancellable));
        },
        async setDeferrable(deferrable, cancellable = null) {
            return await this.set_deferrable_async(Settings.check('deferrable', deferrable), checkCancellable(cancellable));
        },
        async cancelSafe(timeout = 0, cancellable = null) {
            return await this.cancel_safe_async(Settings.checkMilliseconds('timeout', timeout), checkCancellable(cancellable));
        },
        async close(cancellable = null) {
            return await this.close_async(checkCancellable(cancellable));
        },
    });
    for (const [name, interrupt] of [['cancel', Many.cancel], ['cancel_safe_async', Many.cancel], ['close_async', Many.close]]) {
        const original = Pg.AsyncConnection.prototype[name];
        define(Pg.AsyncConnection.prototype, {
            [name](...args) {
                const result = original.apply(this, args);
                interrupt(this);
                return result;
            },
        });
    }
    defineCursorFactories(Pg.AsyncConnection.prototype, Pg.AsyncCursor, Pg.AsyncServerCursor);
    defineSettings(Pg.AsyncConnection.prototype, (_connection, method) => {
        throw new TypeError(`an assignment cannot wait: use "await connection.${method}()"`);
    });
}

function extendAdaptersMap() {
    define(Pg.AdaptersMap.prototype, {
        // Reads the values of a type, by its OID or name, by a function of a text, or of a Uint8Array in binary format; null for the library's own way.
        registerLoader(kind, load, format = Pg.Format.TEXT) {
            checkNameOrOid('registerLoader()', kind);
            if (load !== null)
                checkFunction('a loader', load, 'a function or null');
            if (format !== Pg.Format.TEXT && format !== Pg.Format.BINARY)
                throw new RangeError('the format of a loader is Pg.Format.TEXT or Pg.Format.BINARY');
            const loader = load === null ? null : Loaders.makeLoader(load, format);
            if (typeof kind === 'string')
                this.add_loader_by_name(kind, format, loader);
            else
                this.add_loader(kind, format, loader);
        },
        // Reads the values of a composite type, which is what fetchType() gives, as what a class or a function makes of one object with the fields by
        // their names; null for that object.
        registerComposite(info, factory = null) {
            if (!(info instanceof Pg.TypeInfo) || info.get_kind() !== Pg.TypeKind.COMPOSITE)
                refuse(TypeError, 'registerComposite()', 'the Pg.TypeInfo of a composite type, as fetchType() gives it', info);
            if (factory !== null)
                checkFunction('what makes something of a composite type', factory, 'a class, a function or null');
            this.add_type(info);
            for (const format of [Pg.Format.TEXT, Pg.Format.BINARY])
                this.add_loader(info.get_oid(), format, factory === null ? null : Loaders.makeCompositeLoader(factory));
        },
    });
}

// Where the engine has "using".
function addDisposal() {
    const close = Pg.BaseConnection.prototype.close;
    if (Symbol.dispose) {
        define(Pg.BaseConnection.prototype, {[Symbol.dispose]: close});
        define(Pg.BaseCursor.prototype, {[Symbol.dispose]: Pg.BaseCursor.prototype.close});
    }
    if (Symbol.asyncDispose) {
        define(Pg.AsyncConnection.prototype, {
            [Symbol.asyncDispose]() {
                return this.close();
            },
        });
    }
}

function _init() {
    Pg = this;
    for (const module of [Calls, Text, Params, Many, Settings, Loaders, Columns, Rows])
        module.init(Pg);

    // Registers the domain, so that errors of the library are Pg.Error from the first one on.
    Pg.error_quark();
    define(Pg.Error.prototype, {
        get sqlstate() {
            return Pg.error_get_sqlstate(this);
        },
        get diagnostic() {
            return Pg.error_get_diagnostic(this);
        },
    });

    Pg.PreciseDate = Text.PreciseDate;
    Pg.json = value => new Params.Json(value, Pg.OID_JSON);
    Pg.jsonb = value => new Params.Json(value, Pg.OID_JSONB);
    Types.init(Pg, define);

    extendResults();
    extendOutcomes();
    Ahead.init(Pg, define);
    extendCursors();
    extendConnection();
    extendAsyncConnection();
    extendStatements();
    Copy.init(Pg, define, promisify);
    ServerCursors.extend(Pg, define, promisify);
    LargeObjects.extend(Pg, define, promisify);
    extendAdaptersMap();
    Streams.init(Pg, define, promisify);
    Pipelines.extend(Pg, define, promisify);
    addDisposal();
    // Around all that is above.
    Checks.init(Pg, define);
}
