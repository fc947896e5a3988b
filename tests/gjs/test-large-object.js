// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const bytes = (length, start = 0) => Uint8Array.from({length}, (_, i) => (i + start) % 251);

test('blocking', t => {
    const connection = t.openBlocking();
    const object = connection.createLargeObject();
    ok(object instanceof Gio.IOStream);
    ok(object.oid > 0);
    object.write(bytes(300000));
    equal(object.size(), 300000);
    object.seek(299998, GLib.SeekType.SET, null);
    equal(object.read(), bytes(2, 299998));
    object.seek(-1, GLib.SeekType.END, null);
    equal(object.read(10), bytes(1, 299999));
    object.resize(3);
    object.seek(0, GLib.SeekType.SET, null);
    equal(object.read(), bytes(3));
    throws(() => object.write('text'), TypeError, /Uint8Array/);
    object.close();
    throws(() => object.read(), Gio.IOErrorEnum);
    const reader = connection.openLargeObject(object.oid);
    throws(() => reader.write(bytes(1)), Gio.IOErrorEnum, /reading only/);
    connection.unlinkLargeObject(object.oid);
    connection.commit();
    throws(() => connection.openLargeObject(object.oid), Pg.Error, /does not exist/);
});

test('awaited', async t => {
    const connection = await t.open();
    const object = await connection.createLargeObject();
    await object.write(bytes(600000));
    equal(await object.size(), 600000);
    object.seek(599998, GLib.SeekType.SET, null);
    equal(await object.read(), bytes(2, 599998));
    object.seek(5, GLib.SeekType.SET, null);
    equal(await object.read(3), bytes(3, 5));
    await object.resize(3);
    equal(await object.size(), 3);
    throws(() => object.seek(0, GLib.SeekType.END, null), Gio.IOErrorEnum, /does not block/);
    await object.close();
    await rejects(object.read(), Gio.IOErrorEnum);
    const reader = await connection.openLargeObject(object.oid);
    equal(await reader.read(), bytes(3));
    await rejects(reader.write(bytes(1)), Gio.IOErrorEnum, /reading only/);
    await connection.unlinkLargeObject(object.oid);
    await connection.commit();
    await rejects(reader.read(), Gio.IOErrorEnum, /not open any more/);
});

test('numbers that are none', async t => {
    for (const connection of [t.openBlocking(), await t.open()]) {
        const object = await connection.createLargeObject();
        await object.write(bytes(10));
        // What is awaited is rejected.
        const refuses = connection instanceof Pg.Connection ? throws : async (call, ...expected) => await rejects(call(), ...expected);
        for (const name of ['read', 'resize']) {
            await refuses(() => object[name]('x'), TypeError, new RegExp(`${name}\\(\\)`));
            await refuses(() => object[name](null), TypeError, new RegExp(`${name}\\(\\)`));
            await refuses(() => object[name](1.5), RangeError, new RegExp(`${name}\\(\\)`));
        }
        await refuses(() => object.resize(-1), RangeError, /-1/);
        throws(() => object.seek('x', GLib.SeekType.SET, null), TypeError, /seek\(\)/);
        throws(() => object.seek(NaN, GLib.SeekType.SET, null), RangeError, /seek\(\)/);
        equal(await object.size(), 10);
        object.seek(3, GLib.SeekType.SET, null);
        equal(await object.read(undefined), bytes(7, 3));
        await object.close();
    }
});

await run();
