// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Errors for arguments that C has as a precondition, where it would only print a message, and for those that GJS itself does not survive.

const {GLib, GObject} = imports.gi;
const {INT_MAX, UINT_MAX, checkBoolean, checkEnum, checkInteger, refuse} = imports.overrides.pgconn.arguments;
const Settings = imports.overrides.pgconn.settings;
const Text = imports.overrides.pgconn.text;

let define;

function redefine(type, name, value) {
    define(type.prototype, {[name]: value});
}

function wrap(type, name, check) {
    const method = type.prototype[name];
    redefine(type, name, function (...args) {
        check(this, ...args);
        return method.apply(this, args);
    });
}

// A property and its method: introspection would take anything, and go past the method.
function defineProperty(type, name, check) {
    const [getter, setter] = ['get', 'set'].map(verb => `${verb}_${Settings.snakeCase(name)}`);
    const set = type.prototype[setter];
    redefine(type, setter, function (value) {
        return set.call(this, check(name, value));
    });
    for (const form of [name, Settings.snakeCase(name), Settings.kebabCase(name)]) {
        Object.defineProperty(type.prototype, form, {
            get() {
                return this[getter]();
            },
            set(value) {
                this[setter](value);
            },
            configurable: true,
        });
    }
}

function init(Pg, defineMembers) {
    define = defineMembers;
    const checkFormat = format => {
        if (format !== Pg.Format.TEXT && format !== Pg.Format.BINARY)
            throw new RangeError('the format is Pg.Format.TEXT or Pg.Format.BINARY');
    };

    const wrapFactory = (type, kind, base) => {
        wrap(type, `set_${kind}_factory`, (_connection, factory) => {
            const gtype = factory?.$gtype ?? factory;
            let fits = false;
            try {
                fits = GObject.type_is_a(gtype, base) && !GObject.type_test_flags(gtype, GObject.TypeFlags.ABSTRACT);
            } catch {
                // It is no type at all.
            }
            if (!fits)
                throw new TypeError(`the ${kind.replace('_', ' ')} factory is ${base.name.replace('_', '.')} or a class derived from it`);
        });
    };
    wrapFactory(Pg.Connection, 'cursor', Pg.Cursor);
    wrapFactory(Pg.AsyncConnection, 'cursor', Pg.AsyncCursor);
    wrapFactory(Pg.Connection, 'server_cursor', Pg.ServerCursor);
    wrapFactory(Pg.AsyncConnection, 'server_cursor', Pg.AsyncServerCursor);
    for (const type of [Pg.Connection, Pg.AsyncConnection]) {
        for (const name of ['prepareThreshold', 'preparedMax', 'timeout', 'cancelTimeout', 'fetchTypes'])
            defineProperty(type, name, Settings.check);
        const suffix = type === Pg.Connection ? '' : '_async';
        for (const name of ['autocommit', 'isolationLevel', 'readOnly', 'deferrable']) {
            const method = `set_${Settings.snakeCase(name)}${suffix}`;
            const set = type.prototype[method];
            redefine(type, method, function (value, ...args) {
                const call = () => set.call(this, Settings.check(name, value), ...args);
                return type === Pg.Connection || typeof args.at(-1) === 'function' ? call() : new Promise(resolve => resolve(call()));
            });
        }
        // The constructor.
        const {_init} = type.prototype;
        const own = [['conninfo', (name, value) => value === null ? value : Text.checkText(value, name)], ...type === Pg.Connection ? [] : [['pipelining', checkBoolean]]];
        redefine(type, '_init', function (properties, ...args) {
            const checked = typeof properties === 'object' && properties !== null ? Settings.checkProperties(properties, own) : properties;
            _init.call(this, ...checked === undefined ? [] : [checked], ...args);
        });
    }
    const defineConstructor = (type, connectionType) => {
        const {_init} = type.prototype;
        redefine(type, '_init', function (properties, ...args) {
            const connection = properties?.connection;
            if (connection !== undefined && connection !== null && !(connection instanceof connectionType))
                refuse(TypeError, 'connection', `a ${connectionType.name.replace('_', '.')}`, connection);
            _init.call(this, ...properties === undefined ? [] : [properties], ...args);
        });
    };
    for (const [type, connectionType] of [[Pg.Cursor, Pg.Connection], [Pg.AsyncCursor, Pg.AsyncConnection], [Pg.ServerCursor, Pg.Connection],
        [Pg.AsyncServerCursor, Pg.AsyncConnection]])
        defineConstructor(type, connectionType);
    const checkMode = (_connection, _oid, mode) => {
        const {READ, WRITE} = Pg.LargeObjectMode;
        if (![READ, WRITE, READ | WRITE].includes(mode))
            refuse(typeof mode === 'number' ? RangeError : TypeError, 'the mode of a large object', 'Pg.LargeObjectMode.READ, WRITE or both', mode);
    };
    wrap(Pg.Connection, 'open_large_object', checkMode);
    wrap(Pg.AsyncConnection, 'open_large_object_async', checkMode);
    const rows = max => (name, value) => checkInteger(name, value, 1, max);
    const defineCursor = type => {
        defineProperty(type, 'arraysize', rows(UINT_MAX - 1));
        defineProperty(type, 'format', (name, value) => checkEnum(name, value, Pg.Format, 'Pg.Format'));
        defineProperty(type, 'prepare', (name, value) => checkEnum(name, value, Pg.Prepare, 'Pg.Prepare'));
    };
    for (const type of [Pg.Cursor, Pg.AsyncCursor, Pg.ServerCursor, Pg.AsyncServerCursor])
        defineCursor(type);
    for (const type of [Pg.ServerCursor, Pg.AsyncServerCursor]) {
        defineProperty(type, 'itersize', rows(INT_MAX));
        defineProperty(type, 'scrollable', Settings.checkTristate);
        defineProperty(type, 'hold', checkBoolean);
        defineProperty(type, 'fetchAhead', checkBoolean);
    }
    defineProperty(Pg.AsyncConnection, 'pipelining', checkBoolean);
    wrap(Pg.Params, 'add_boolean', (_params, value) => checkBoolean('add_boolean()', value));
    // GIO has no use for a buffer of no bytes, and its call would never end.
    const {read_bytes, read_bytes_async} = Pg.CopyInputStream.prototype;
    const none = () => new GLib.Bytes(new Uint8Array(0));
    const checkCount = count => checkInteger('the number of bytes', count, 0, INT_MAX);
    redefine(Pg.CopyInputStream, 'read_bytes', function (count, cancellable = null) {
        checkCount(count);
        return count === 0 ? none() : read_bytes.call(this, count, cancellable);
    });
    redefine(Pg.CopyInputStream, 'read_bytes_async', function (count, ...args) {
        const call = () => read_bytes_async.call(this, checkCount(count), ...args);
        return typeof args.at(-1) === 'function' ? call() : new Promise(resolve => resolve(count === 0 ? none() : call()));
    });
    wrap(Pg.AdaptersMap, 'add_loader', (_map, _oid, format) => checkFormat(format));
    wrap(Pg.AdaptersMap, 'add_dumper', (_map, _type, _oid, format) => checkFormat(format));
    wrap(Pg.AdaptersMap, 'add_type', (_map, info) => info instanceof Pg.TypeInfo || refuse(TypeError, 'add_type()', 'a Pg.TypeInfo', info));
    for (const name of ['dup_text', 'is_null'])
        wrap(Pg.Row, name, (_row, column) => checkInteger('the column', column, 0, UINT_MAX));
    wrap(Pg.Params, 'set_name', (params, index) => checkInteger('set_name()', index, 0, params.get_n_params() - 1));
    // What has a number as an argument and gives an array: GJS 1.74 frees memory that is not there when it cannot convert the number, as of a BigInt.
    for (const name of ['booleans', 'bytes', 'data', 'doubles', 'int64s', 'texts']) {
        wrap(Pg.Result, `dup_column_${name}`, (_result, column, first, n) => {
            checkInteger('the column', column, 0, UINT_MAX);
            checkInteger('the first row', first, 0, UINT_MAX);
            checkInteger('the number of rows', n, -1, 2 ** 31 - 1);
        });
    }
}
