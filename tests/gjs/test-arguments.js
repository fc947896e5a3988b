// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Arguments that are wrong but likely: errors, where C has preconditions. A critical of GLib ends the program.

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

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
    for (const mode of [0, 99, null, undefined])
        throws(() => connection.open_large_object(1, mode, null), RangeError, /large object/);
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
    await copy.close();
});

await run();
