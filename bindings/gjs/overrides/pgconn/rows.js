// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What becomes of a row: the row factories. One of JavaScript is a function of the cursor, called once for each result, that returns a function of
// the array of a row's values; or it is a Pg.RowFactory.

const {GObject} = imports.gi;
const {checkFunction, refuse} = imports.overrides.pgconn.arguments;
const Columns = imports.overrides.pgconn.columns;
const Text = imports.overrides.pgconn.text;

let Pg;

// The names of the columns of a cursor's result.
function namesOf(cursor) {
    const result = cursor.get_result() ?? cursor._chunk;
    if (!result?.has_rows())
        throw Text.pgError(Pg.Error.INTERFACE, 'the cursor has no result');
    return Array.from({length: result.get_n_columns()}, (_, i) => result.get_column(i).get_name());
}

function objectOf(names, values) {
    return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

const arrayRow = () => values => values;

// Of columns with the same name the last one counts.
const objectRow = cursor => {
    const names = namesOf(cursor);
    return values => objectOf(names, values);
};

const scalarRow = cursor => {
    if (namesOf(cursor).length === 0)
        throw Text.pgError(Pg.Error.PROGRAMMING, 'at least one column expected');
    return values => values[0];
};

// The constructor gets one object, of the values by the names of the columns: so GObject's takes properties.
const classRow = type => {
    checkFunction('classRow()', type, 'a class');
    return cursor => {
        const names = namesOf(cursor);
        return values => new type(objectOf(names, values));
    };
};

const argsRow = fn => {
    checkFunction('argsRow()', fn);
    return () => values => fn(...values);
};

function checkFactory(factory) {
    if (factory === null || factory === undefined)
        return null;
    if (typeof factory !== 'function' && !(factory instanceof Pg.RowFactory))
        refuse(TypeError, 'rowFactory', 'a function, a Pg.RowFactory or null', factory);
    return factory;
}

// A function is kept by the object's wrapper, as GObject has no use for it.
function defineRowFactory(prototype) {
    const accessor = {
        get() {
            return this._rowFactory ?? this.get_row_factory();
        },
        set(value) {
            const factory = checkFactory(value);
            this.set_row_factory(factory instanceof Pg.RowFactory ? factory : null);
            this._rowFactory = factory instanceof Pg.RowFactory ? null : factory;
            this._rowMaker = null;
        },
        configurable: true,
    };
    for (const name of ['rowFactory', 'row_factory', 'row-factory'])
        Object.defineProperty(prototype, name, accessor);
}

function newMaker(cursor, factory) {
    if (factory instanceof Pg.RowFactory) {
        const ofObjects = GObject.type_is_a(factory.get_value_type(), GObject.Object);
        if (ofObjects)
            return row => factory.make_object(row);
        return row => {
            const made = factory.make(row);
            // Whether what make() returns is left out, as it is marked, depends on the version of GJS.
            return Array.isArray(made) && made[0] === true ? made[1] : made;
        };
    }
    const make = factory(cursor);
    return Object.assign(row => make(row.toArray()), {ofArray: make});
}

// What makes rows of arrays; null where the row factory is none of JavaScript.
function arrayMakerOf(cursor) {
    return typeof cursor.rowFactory === 'function' ? makerOf(cursor).ofArray : null;
}

// What makes the rows of the cursor's result of Pg.Row objects; null where they are to be these.
function makerOf(cursor) {
    const factory = cursor.rowFactory;
    if (factory === null)
        return null;
    const result = cursor.get_result();
    if (cursor._rowMaker?.result !== result || cursor._rowMaker.factory !== factory)
        cursor._rowMaker = {result, factory, make: newMaker(cursor, factory)};
    return cursor._rowMaker.make;
}

// The next rows, so many of them or all that are left, made by a row factory of JavaScript's, which needs no Pg.Row; null where it has to be done in
// another way, which may be an error.
function fetchMade(cursor, size, cancellable) {
    const result = typeof cursor.rowFactory === 'function' && cancellable === null && !cursor.get_closed() ? cursor.get_result() : null;
    if (!result?.has_rows() || !(size === null || Number.isInteger(size) && size >= 0))
        return null;
    const start = cursor.get_rownumber();
    const left = result.get_n_rows() - start;
    const stop = start + (size === null ? left : Math.min(size || cursor.get_arraysize(), left));
    const make = arrayMakerOf(cursor);
    const rows = Array.from(Columns.arraysOf(result, start, stop), values => make(values));
    // A function of the user's may have done anything with the cursor.
    if (cursor.get_result() === result)
        cursor.scroll(stop, Pg.ScrollMode.ABSOLUTE);
    return rows;
}

// What a factory gives for rows with the columns of this chunk: the cursor has no result then.
function withChunk(cursor, factory, chunk) {
    cursor._chunk = chunk;
    try {
        return factory(cursor);
    } finally {
        cursor._chunk = null;
    }
}

// Rows that the cursor has just given. Where one cannot be made it gives them again.
function makeFetched(cursor, rows) {
    const result = cursor.get_result();
    try {
        const make = makerOf(cursor);
        return make === null ? rows : rows.map(row => make(row));
    } catch (error) {
        // Of a server-side cursor some may be gone, with the page that they came in.
        if (cursor.get_result() === result)
            Pg.BaseCursor.prototype.scroll.call(cursor, -Math.min(rows.length, result.get_n_rows()), Pg.ScrollMode.RELATIVE);
        throw error;
    }
}

function makeFetchedOne(cursor, row) {
    return row === null ? null : makeFetched(cursor, [row])[0];
}

// A new cursor has its connection's.
function inherit(connection, cursor) {
    if (connection._rowFactory)
        cursor.rowFactory = connection._rowFactory;
    return cursor;
}

function init(namespace) {
    Pg = namespace;
    Object.assign(Pg, {arrayRow, objectRow, scalarRow, classRow, argsRow});
    for (const type of [Pg.Connection, Pg.AsyncConnection, Pg.Cursor, Pg.AsyncCursor, Pg.ServerCursor, Pg.AsyncServerCursor])
        defineRowFactory(type.prototype);
}
