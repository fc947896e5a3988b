// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Errors for arguments that C has as a precondition, where it would only print a message, and for those that GJS itself does not survive.

const {GLib, GObject} = imports.gi;
const Settings = imports.overrides.pgconn.settings;

function checkInteger(name, value, min, max) {
    if (typeof value !== 'number')
        throw new TypeError(`${name} takes an integer, not a ${typeof value}`);
    if (!Number.isInteger(value) || value < min || value > max)
        throw new RangeError(`${name} takes an integer from ${min} to ${max}, not ${value}`);
}

function wrap(type, name, check) {
    const method = type.prototype[name];
    const value = function (...args) {
        check(this, ...args);
        return method.apply(this, args);
    };
    // What introspection has defined cannot be configured, but written.
    if (Object.getOwnPropertyDescriptor(type.prototype, name)?.configurable === false)
        type.prototype[name] = value;
    else
        Object.defineProperty(type.prototype, name, {value, configurable: true, writable: true});
}

// A property that is a number of rows.
function defineSize(type, name, max) {
    wrap(type, `set_${name}`, (_cursor, size) => checkInteger(name, size, 1, max));
    // Introspection would go past the method.
    Object.defineProperty(type.prototype, name, {
        get() {
            return this[`get_${name}`]();
        },
        set(size) {
            this[`set_${name}`](size);
        },
        configurable: true,
    });
}

function init(Pg) {
    const UINT_MAX = 2 ** 32 - 1;
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
        for (const name of ['prepareThreshold', 'preparedMax', 'timeout', 'cancelTimeout'])
            wrap(type, `set_${Settings.snakeCase(name)}`, (_connection, value) => Settings.check(name, value));
    }
    const checkMode = (_connection, _oid, mode) => {
        if (typeof mode !== 'number' || mode === 0 || (mode & ~(Pg.LargeObjectMode.READ | Pg.LargeObjectMode.WRITE)) !== 0)
            throw new RangeError('the mode of a large object is of Pg.LargeObjectMode: READ, WRITE or both');
    };
    wrap(Pg.Connection, 'open_large_object', checkMode);
    wrap(Pg.AsyncConnection, 'open_large_object_async', checkMode);
    for (const type of [Pg.Cursor, Pg.AsyncCursor, Pg.ServerCursor, Pg.AsyncServerCursor])
        defineSize(type, 'arraysize', UINT_MAX - 1);
    for (const type of [Pg.ServerCursor, Pg.AsyncServerCursor])
        defineSize(type, 'itersize', 2 ** 31 - 1);
    // GIO has no use for a buffer of no bytes, and its call would never end.
    const {read_bytes, read_bytes_async} = Pg.CopyInputStream.prototype;
    const none = () => new GLib.Bytes(new Uint8Array(0));
    Object.defineProperties(Pg.CopyInputStream.prototype, {
        read_bytes: {
            value(count, cancellable = null) {
                return count === 0 ? none() : read_bytes.call(this, count, cancellable);
            },
            configurable: true,
            writable: true,
        },
        read_bytes_async: {
            value(count, ...args) {
                return count === 0 && typeof args.at(-1) !== 'function' ? Promise.resolve(none()) : read_bytes_async.call(this, count, ...args);
            },
            configurable: true,
            writable: true,
        },
    });
    wrap(Pg.AdaptersMap, 'add_loader', (_map, _oid, format) => checkFormat(format));
    wrap(Pg.AdaptersMap, 'add_dumper', (_map, _type, _oid, format) => checkFormat(format));
    wrap(Pg.Params, 'set_name', (params, index) => checkInteger('set_name()', index, 0, params.get_n_params() - 1));
    // What has a number as an argument and gives an array: GJS 1.74 frees memory that is not there when it cannot convert the number, as of a BigInt.
    for (const name of ['booleans', 'doubles', 'int64s', 'texts']) {
        wrap(Pg.Result, `dup_column_${name}`, (_result, column, first, n) => {
            checkInteger('the column', column, 0, UINT_MAX);
            checkInteger('the first row', first, 0, UINT_MAX);
            checkInteger('the number of rows', n, -1, 2 ** 31 - 1);
        });
    }
}
