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
    equal(await object.seek(-2, GLib.SeekType.END), 1);
    equal(await object.read(), bytes(2, 1));
    equal(await object.seek(-1, GLib.SeekType.CUR), 2);
    await rejects(object.seek(-4, GLib.SeekType.END), Gio.IOErrorEnum, /no such position/);
    equal([await object.seek(1), object.tell()], [1, 1]);
    // What is GIO's own says what there is.
    throws(() => Gio.Seekable.prototype.seek.call(object, 0, GLib.SeekType.END, null), Gio.IOErrorEnum, /pg_large_object_seek_async/);
    await object.close();
    await rejects(object.read(), Gio.IOErrorEnum);
    const reader = await connection.openLargeObject(object.oid);
    equal(await reader.read(), bytes(3));
    await rejects(reader.write(bytes(1)), Gio.IOErrorEnum, /reading only/);
    await connection.unlinkLargeObject(object.oid);
    await connection.commit();
    await rejects(reader.read(), Gio.IOErrorEnum, /not open any more/);
});

test('not awaited one by one', async t => {
    const connection = await t.open();
    const object = await connection.createLargeObject();
    const block = bytes(5);
    const writes = [object.write(block), object.write(bytes(300000, 5)), object.write('x'), object.size()];
    block.fill(255);
    const [first, second, third, size] = await Promise.allSettled(writes);
    equal([first.status, second.status, third.reason instanceof TypeError, size.value], ['fulfilled', 'fulfilled', true, 300005]);
    equal(await Promise.all([object.seek(0), object.read(3), object.read(300000).then(read => read.length), object.seek(-2, GLib.SeekType.END), object.read(), object.resize(7).then(() => 'resized'),
        object.seek(0, GLib.SeekType.END), object.seek(-9, GLib.SeekType.END).catch(error => error.code), object.seek(-3, GLib.SeekType.CUR), object.read(10), object.close()]),
    [0, bytes(3), 300000, 300003, bytes(2, 300003), 'resized', 7, Gio.IOErrorEnum.INVALID_ARGUMENT, 4, bytes(3, 4), true]);
    await rejects(object.read(), Gio.IOErrorEnum);
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
        await refuses(() => object.seek('x', GLib.SeekType.SET, null), TypeError, /seek\(\)/);
        await refuses(() => object.seek(NaN, GLib.SeekType.SET, null), RangeError, /seek\(\)/);
        equal(await object.size(), 10);
        object.seek(3, GLib.SeekType.SET, null);
        equal(await object.read(undefined), bytes(7, 3));
        await object.close();
    }
});

test('a cancellable, and nothing else in its place', async t => {
    for (const connection of [t.openBlocking(), await t.open()]) {
        const object = await connection.createLargeObject();
        const refuses = connection instanceof Pg.Connection ? throws : async (call, ...expected) => await rejects(call(), ...expected);
        const cancelled = new Gio.Cancellable();
        cancelled.cancel();
        await object.write(bytes(10), new Gio.Cancellable());
        await object.seek(0);
        const calls = [
            cancellable => object.read(5, cancellable), cancellable => object.write(bytes(3), cancellable), cancellable => object.size(cancellable),
            cancellable => object.resize(1, cancellable), ...Object.values(GLib.SeekType).map(whence => cancellable => object.seek(5, whence, cancellable)),
        ];
        for (const call of calls) {
            await refuses(() => call('junk'), TypeError, /^cancellable takes a Gio.Cancellable or null, not a string$/);
            await refuses(() => call(cancelled), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        }
        await refuses(() => object.close(5), TypeError, /^cancellable takes/);
        // Nothing of it was done.
        equal([await object.size(undefined), await object.read(-1, new Gio.Cancellable())], [10, bytes(10)]);
        await object.close(null);
    }
});

await run();
