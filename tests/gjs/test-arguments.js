// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Arguments that are wrong but likely: errors, where C has preconditions. A critical of GLib ends the program.

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

test('settings', t => {
    const connection = t.openBlocking();
    for (const [name, value] of [['prepareThreshold', -5], ['preparedMax', -5], ['timeout', -1], ['cancelTimeout', 0], ['timeout', 1.5]]) {
        const method = `set_${name.replace(/[A-Z]/, letter => `_${letter.toLowerCase()}`)}`;
        throws(() => {
            connection[name] = value;
        }, RangeError, /integer/);
        throws(() => connection[method](value), RangeError, /integer/);
        throws(() => connection[method](null), TypeError, /integer/);
    }
    for (const factory of [null, undefined, 7, GObject.TYPE_INT, Gio.Menu, Pg.BaseCursor, Pg.AsyncCursor]) {
        throws(() => connection.set_cursor_factory(factory), TypeError, /cursor factory/);
        if (factory) {
            throws(() => {
                connection.cursor_factory = factory;
            }, TypeError, /cursor factory/);
        }
    }
    for (const factory of [null, 7, Pg.Cursor, Pg.BaseServerCursor, Pg.AsyncServerCursor])
        throws(() => connection.set_server_cursor_factory(factory), TypeError, /server cursor factory/);
    connection.cursor_factory = Pg.Cursor;
    connection.set_cursor_factory(Pg.Cursor.$gtype);
});

test('cursors', t => {
    const cursor = t.openBlocking().execute('select * from generate_series(1, 3) a');
    for (const size of [0, -1, 1.5, 2 ** 32]) {
        throws(() => {
            cursor.arraysize = size;
        }, RangeError, /arraysize/);
        throws(() => cursor.set_arraysize(size), RangeError, /arraysize/);
    }
    throws(() => cursor.set_arraysize('1'), TypeError, /arraysize/);
    equal(cursor.fetchmany(0).map(row => row.toArray()), [[1]]);
    cursor.arraysize = 2;
    equal([cursor.arraysize, cursor.fetchmany().length], [2, 2]);
});

test('columns', t => {
    const result = t.openBlocking().execute('select 1::float8').get_result();
    for (const name of ['booleans', 'doubles', 'int64s', 'texts']) {
        // GJS frees what is not there otherwise.
        for (const args of [[0n, 0, -1], [0, 0n, -1], [0, 0, 1n], [GObject.TYPE_INT, 0, -1], []])
            throws(() => result[`dup_column_${name}`](...args), TypeError, /integer/);
        throws(() => result[`dup_column_${name}`](-1, 0, -1), RangeError, /column/);
    }
    equal(result.dup_column_doubles(0, 0, -1), [1]);
});

test('row factories', t => {
    const result = t.openBlocking().execute("select 'x' as label").get_result();
    const objects = Pg.RowFactory.new_object(Gio.SimpleAction);
    const scalar = Pg.RowFactory.new_scalar();
    for (const factory of [Pg.RowFactory.new_object(GObject.TYPE_INT), scalar.with_nested('state', objects), objects.with_nested('state', scalar),
        scalar.with_fields(['a'])]) {
        throws(() => factory.make_objects(result), Pg.Error, Pg.Error.INTERFACE);
        throws(() => factory.make_object(result.get_item(0)), Pg.Error, Pg.Error.INTERFACE);
    }
    throws(() => result.to_list_store(GObject.TYPE_INT), Pg.Error, Pg.Error.INTERFACE);
    throws(() => result.to_objects(GObject.TYPE_STRING), Pg.Error, Pg.Error.INTERFACE);
});

test('adapters and parameters', t => {
    const {adapters} = t.openBlocking();
    for (const format of [Pg.Format.AUTO, 99, null, undefined]) {
        throws(() => adapters.add_loader(Pg.OID_INT4, format, null), RangeError, /format/);
        throws(() => adapters.add_dumper(GObject.TYPE_OBJECT, 0, format, null), RangeError, /format/);
    }
    throws(() => adapters.add_loader_by_name('int4', Pg.Format.AUTO, null), Pg.Error, Pg.Error.INTERFACE);
    throws(() => new Pg.Params().set_name(0, 'a'), RangeError, /set_name/);
});

test('server cursors and large objects', t => {
    const connection = t.openBlocking();
    const cursor = connection.serverCursor('c');
    for (const size of [0, -1, 2 ** 31, 1.5])
        throws(() => cursor.set_itersize(size), RangeError, /itersize/);
    for (const name of ['itersize', 'arraysize']) {
        throws(() => {
            cursor[name] = 0;
        }, RangeError, /from 1/);
        cursor[name] = 5;
        equal([cursor[name], cursor[`get_${name}`]()], [5, 5]);
    }
    for (const [mode, type] of [[0, RangeError], [99, RangeError], [1.5, RangeError], [NaN, RangeError], [null, TypeError], ['r', TypeError], [1n, TypeError]]) {
        throws(() => connection.open_large_object(1, mode, null), type, /large object takes Pg\.LargeObjectMode\.READ, .*, not /);
        throws(() => connection.openLargeObject(1, mode), type, /large object takes/);
    }
});

test('options', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    const sets = [[1], [2]];
    const insert = 'select $1::int';
    const wrong = [[{retruning: true}, /'retruning'.*executeMany\(\) are returning/], [{returning: 'x'}, /returning takes true or false, not a string/],
        [5, /"options".*not a number/]];
    for (const [options, pattern] of wrong) {
        throws(() => blocking.cursor().executeMany(insert, sets, options), TypeError, pattern);
        await rejects(connection.cursor().executeMany(insert, sets, options), TypeError, pattern);
    }
    for (const options of [null, undefined, {}, {returning: undefined}, new Gio.Cancellable()])
        blocking.cursor().executeMany(insert, sets, options);
    const cancelled = new Gio.Cancellable();
    cancelled.cancel();
    await rejects(connection.cursor().executeMany(insert, sets, cancelled), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    throws(() => blocking.cursor().executeMany(insert, 'text'), TypeError, /"sets".*not a string/);

    for (const options of ['x', 5, []]) {
        throws(() => blocking.serverCursor('c', options), TypeError, /"options" of serverCursor\(\) takes an object/);
        throws(() => blocking.stream('select 1', null, options), TypeError, /"options" of stream\(\) takes an object/);
        throws(() => Pg.Connection.open(t.conninfo, options), TypeError, /options of open\(\) must be an object/);
    }
    throws(() => blocking.serverCursor('c', {size: 1}), TypeError, /options of serverCursor\(\) are scrollable, hold, itersize, fetchAhead, rowFactory/);
    throws(() => blocking.serverCursor('c', {hold: 'no'}), TypeError, /hold takes true or false/);
    throws(() => blocking.serverCursor('c', {itersize: '5'}), TypeError, /itersize/);
    throws(() => blocking.stream('select 1', null, {sise: 1}), TypeError, /options of stream\(\) are size, cancellable/);
    throws(() => blocking.stream('select 1', null, {cancellable: 1}), TypeError, /cancellable/);
    throws(() => Pg.Connection.open(t.conninfo, {rowFactories: null}), TypeError, /fetchTypes, rowFactory, cursorFactory, serverCursorFactory/);
    await rejects(Pg.AsyncConnection.open(t.conninfo, {rowFactories: null}), TypeError, /pipelining, rowFactory, cursorFactory, serverCursorFactory/);
    const other = await t.open({fetchTypes: true, row_factory: Pg.scalarRow, pipelining: false, cursorFactory: undefined});
    equal([other.fetch_types, other.pipelining, other.rowFactory === Pg.scalarRow], [true, false, true]);
});

test('booleans and enumerations', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    const cursor = blocking.cursor();
    const server = blocking.serverCursor('c');
    const assign = (object, name, value) => () => {
        object[name] = value;
    };
    for (const value of ['no', 1, null, undefined, {}]) {
        for (const [object, name] of [[blocking, 'fetchTypes'], [connection, 'pipelining'], [server, 'hold'], [server, 'fetch_ahead'], [server, 'fetch-ahead']])
            throws(assign(object, name, value), TypeError, /takes true or false/);
        throws(() => server.set_hold(value), TypeError, /hold/);
        throws(() => connection.set_pipelining(value), TypeError, /pipelining/);
        throws(() => blocking.set_autocommit(value, null), TypeError, /autocommit/);
        throws(() => new Pg.Connection({conninfo: t.conninfo, autocommit: value}), TypeError, /autocommit/);
        throws(() => new Pg.AsyncConnection({conninfo: t.conninfo, pipelining: value}), TypeError, /pipelining/);
        throws(() => Pg.Params.new().add_boolean(value), TypeError, /add_boolean/);
    }
    await rejects(connection.set_autocommit_async('no', null), TypeError, /autocommit/);
    for (const [object, name] of [[cursor, 'format'], [cursor, 'prepare'], [server, 'format']]) {
        for (const [value, type] of [['x', TypeError], [true, TypeError], [null, TypeError], [99, RangeError]]) {
            throws(assign(object, name, value), type, new RegExp(`${name} takes a Pg\\.`));
            throws(() => object[`set_${name}`](value), type, new RegExp(`${name} takes a Pg\\.`));
        }
    }
    throws(assign(server, 'scrollable', 'no'), TypeError, /scrollable/);
    throws(() => new Pg.Connection({conninfo: t.conninfo, readOnly: 'no'}), TypeError, /readOnly/);
    equal(new Pg.Connection({conninfo: t.conninfo, readOnly: true, isolation_level: 'serializable'}).isolationLevel, Pg.IsolationLevel.SERIALIZABLE);
    server.scrollable = true;
    server.hold = true;
    cursor.format = Pg.Format.BINARY;
    equal([server.scrollable, server.get_hold(), cursor.get_format()], [Pg.Tristate.ON, true, Pg.Format.BINARY]);
});

test('arguments', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    for (const name of ['sql', 'fetchType', 'prepare', 'execute', 'copyIn', 'copyOut', 'openLargeObject', 'unlinkLargeObject']) {
        for (const value of [null, undefined, {}, true]) {
            throws(() => blocking[name](value), TypeError, /tag of a template|takes|must be/);
            await rejects(connection[name](value), TypeError, /tag of a template|takes|must be/);
        }
    }
    throws(() => blocking.sql('select 1'), TypeError, /execute\(\)/);
    throws(() => blocking.sql(['select 1']), TypeError, /execute\(\)/);
    throws(() => blocking.execute`select ${1}`, TypeError, /connection\.sql/);
    throws(() => blocking.fetchType(1.5), RangeError, /1\.5/);
    for (const any of [blocking, connection])
        throws(() => any.cursor(5), TypeError, /cursor\(\).*serverCursor\(\)/);
    for (const types of ['int4', ['int4'], [null], 5])
        throws(() => blocking.prepare('select $1', types), TypeError, /types?"? of prepare\(\)/);
    equal(blocking.prepare('select $1', null).parameterNames, ['text']);
    for (const wrong of [5, {}, 'x']) {
        for (const call of [c => c.execute('select 1', null, wrong), c => c.commit(wrong), c => c.setReadOnly(true, wrong), c => c.fetchType(23, wrong),
            c => c.copyIn('copy t from stdin', null, wrong), c => c.createLargeObject(0, wrong), c => c.cursor().execute('select 1', [1], wrong),
            c => c.cursor().fetchall(wrong), c => c.serverCursor('c').fetchone(wrong)]) {
            throws(() => call(blocking), TypeError, /cancellable takes a Gio.Cancellable or null/);
            await rejects(call(connection), TypeError, /cancellable takes a Gio.Cancellable or null/);
        }
    }
    // What was never assigned is no value.
    // eslint-disable-next-line no-sparse-arrays
    for (const values of [[, 1], [[1, , 2]]])
        throws(() => blocking.execute('select $1, $2', values), TypeError, /undefined/);
    const rows = blocking.execute('select 1');
    throws(() => rows.scroll(0, 'absolute'), TypeError, /mode of scroll\(\)/);
    throws(() => rows.scroll('0'), TypeError, /offset of scroll\(\)/);
    rows.scroll(1);
    equal(rows.rownumber, 1);
    for (const make of [Pg.classRow, Pg.argsRow])
        throws(() => make(5), TypeError, /takes a/);
    throws(() => blocking.adapters.registerLoader(null, String), TypeError, /registerLoader\(\)/);
    throws(() => blocking.adapters.registerLoader('int4', 5), TypeError, /a loader takes a function or null/);
});

// What was given is in the message.
test('every other argument', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    const cursor = blocking.execute('select 1 as a, null as b');
    const [row] = cursor;
    const result = cursor.get_result();
    const given = [[undefined, 'undefined'], [null, 'null'], [5, 'a number'], [5n, 'a bigint'], [[], 'an array'], [() => {}, 'a function'], [true, 'a boolean'], [Symbol('s'), 'a symbol']];
    for (const [value, name] of given) {
        const saysWhat = what => new RegExp(`${what}.*, not ${name}$`);
        throws(() => blocking.execute(value), TypeError, saysWhat('^the statement must be a string'));
        throws(() => Pg.Connection.open(value), TypeError, saysWhat('^the connection string must be a string'));
        throws(() => blocking.serverCursor(value), TypeError, saysWhat('^the name of the cursor must be a string'));
        throws(() => blocking.adapters.registerComposite(value), TypeError, saysWhat('^registerComposite\\(\\) takes'));
        throws(() => blocking.adapters.add_type(value), TypeError, saysWhat('^add_type\\(\\) takes a Pg.TypeInfo'));
        for (const make of [Pg.Numeric, Pg.Date, Pg.Timestamp]) {
            const one = make.from(make === Pg.Numeric ? 1 : '2020-01-01 00:00:00'.slice(0, make === Pg.Date ? 10 : 19));
            for (const method of ['compare', 'equal'])
                throws(() => one[method](value), TypeError, saysWhat(`^${method}\\(\\) of a Pg\\.`));
        }
        if (typeof value !== 'number') {
            throws(() => row.get(value), TypeError, saysWhat('^get\\(\\) of a row takes the name or the number'));
            for (const method of ['dup_text', 'is_null'])
                throws(() => row[method](value), TypeError, saysWhat('^the column takes an integer'));
            for (const method of ['dup_column_bytes', 'dup_column_data'])
                throws(() => result[method](value, 0, -1), TypeError, saysWhat('^the column takes an integer'));
        }
        if (value !== undefined && value !== null && !Array.isArray(value))
            throws(() => blocking.execute('select 1', value), TypeError, saysWhat('^parameters must be'));
        if (value !== undefined && value !== null) {
            throws(() => blocking.prepare('select 1').close(value), TypeError, saysWhat('^cancellable takes'));
            throws(() => new Pg.Connection({conninfo: value}), TypeError, saysWhat('^conninfo must be'));
            throws(() => new Pg.Cursor({connection: value}), TypeError, saysWhat('^connection takes a Pg.Connection'));
            throws(() => new Pg.AsyncClientCursor({connection: value}), TypeError, saysWhat('^connection takes a Pg.AsyncConnection'));
            throws(() => new Pg.ServerCursor({connection: value, name: 'c'}), TypeError, saysWhat('^connection takes a Pg.Connection'));
            if (typeof value !== 'number') {
                throws(() => Pg.Range.from(1, 2, '[)', value), TypeError, saysWhat('^the type of the bounds takes'));
                throws(() => blocking.cancelSafe(value), TypeError, saysWhat('^timeout takes'));
                await rejects(connection.cancelSafe(value), TypeError, saysWhat('^timeout takes'));
            }
        }
    }
    throws(() => new Pg.AsyncCursor({connection: blocking}), TypeError, /^connection takes a Pg.AsyncConnection, not an object$/);
    throws(() => row.get(2), RangeError, /no column 2/);
    throws(() => Pg.Interval.from([]), TypeError, /Array/);
    throws(() => Pg.Range.from(1, 2, '[)', -1), RangeError, /-1/);
    equal([row.dup_text(0), row.is_null(1), Pg.Range.from(1, 2, '[)', Pg.OID_INT8).lower, blocking.cancelSafe(1000)], ['1', true, 1, true]);
    blocking.cancelSafe();
});

test('arguments of a copy', async t => {
    const blocking = t.openBlocking({autocommit: true});
    blocking.execute('create table t (i int4, s text)');
    const connection = await t.open({autocommit: true});
    const copy = blocking.copyIn('copy t from stdin');
    const other = await connection.copyIn('copy t from stdin');
    for (const value of [null, undefined, 5, 'int4']) {
        throws(() => copy.setTypes(value), TypeError, /setTypes\(\) takes an array/);
        throws(() => copy.writeColumns(value), TypeError, /writeColumns\(\) takes an array/);
        throws(() => copy.writeRow(value), TypeError, /writeRow\(\) takes an array/);
        await rejects(other.writeColumns(value), TypeError, /writeColumns\(\) takes an array/);
        await rejects(other.writeRow(value), TypeError, /writeRow\(\) takes an array/);
    }
    throws(() => copy.setTypes([1.5, 2]), RangeError, /OID/);
    await rejects(other.write(5), TypeError, /write\(\)/);
    // eslint-disable-next-line no-sparse-arrays
    throws(() => copy.writeColumns([[, 1], ['a', 'b']]), TypeError, /row 1 of column 1 is undefined/);
    copy.close();
    await other.close();
    const read = blocking.copyOut('copy (select 1) to stdout');
    for (const [n, type] of [['x', TypeError], [null, TypeError], [-1, RangeError], [1.5, RangeError]])
        throws(() => read.readRows(n), type, /readRows\(\)/);
    read.close();
});

test('streams', t => {
    const connection = t.openBlocking();
    const copy = connection.copyOut('copy (select 1) to stdout');
    equal(copy.read_bytes(0, null).get_size(), 0);
    equal(new TextDecoder().decode(copy.read_bytes(100, null).toArray()), '1\n');
    copy.close();
    ok(connection.execute('select 1').fetchone() !== null);
    throws(() => connection.copyOut(null), TypeError, /statement/);
    ok(throws(() => connection.copyIn(''), GLib.Error) instanceof GLib.Error);
});

test('streams without blocking', async t => {
    const connection = await t.open();
    const copy = await connection.copyOut('copy (select 1) to stdout');
    equal((await copy.read_bytes_async(0, GLib.PRIORITY_DEFAULT, null)).get_size(), 0);
    equal((await copy.read_bytes_async(100, GLib.PRIORITY_DEFAULT, null)).get_size(), 2);
    for (const [count, type] of [['x', TypeError], [null, TypeError], [-1, RangeError], [NaN, RangeError], [2 ** 31, RangeError]])
        await rejects(copy.read_bytes_async(count, GLib.PRIORITY_DEFAULT, null), type, /^the number of bytes takes/);
    await copy.close();
    const statement = await connection.prepare('select 1');
    await rejects(statement.close(5), TypeError, /^cancellable takes/);
});

await run();
