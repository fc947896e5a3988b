// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The calls of a connection, of whatever object, are carried out in the order in which they were asked for, awaited or not.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, until} from './tap.js';

const {CANCELLED, CLOSED} = Gio.IOErrorEnum;
const bytes = (length, start = 0) => Uint8Array.from({length}, (_, i) => (i + start) % 251);
const values = cursor => cursor.get_result().toArrays().map(([value]) => value);

test('a large object', async t => {
    const connection = await t.open();
    const object = await connection.createLargeObject();
    const size = oid => connection.sql`select length(lo_get(${oid}))`.then(values);
    const order = [];
    const note = (promise, name) => promise.then(() => order.push(name), error => order.push(`${name}: ${error.message}`));
    // In blocks, of which all come before what was asked for behind them.
    equal(await Promise.all([
        object.write(bytes(600000)), size(object.oid), object.write(bytes(3)), size(object.oid), object.seek(-5, GLib.SeekType.END), object.read(), object.close(),
        connection.commit(),
    ].map((promise, i) => {
        note(promise, i);
        return promise;
    })), [undefined, [600000], undefined, [600003], 599998, new Uint8Array([...bytes(2, 599998), ...bytes(3)]), true, true]);
    equal(order, [0, 1, 2, 3, 4, 5, 6, 7]);

    // What was asked for after its end finds none.
    const again = await connection.openLargeObject(object.oid, Pg.LargeObjectMode.WRITE);
    const settled = await Promise.allSettled([again.write(bytes(300000)), again.write(bytes(1)), connection.rollback(), again.write(bytes(1))]);
    equal(settled.map(({status}) => status), ['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    ok(/not open any more/.test(settled[3].reason.message));
    equal(await size(object.oid), [600003]);

    // In a pipeline as well.
    const third = await connection.openLargeObject(object.oid, Pg.LargeObjectMode.WRITE);
    equal(await connection.pipelined(() => [third.write(bytes(700000)), third.write(bytes(1)), size(object.oid), connection.commit()]),
        [undefined, undefined, [700001], true]);
});

test('a cursor of the server\'s', async t => {
    const connection = await t.open();
    const cursor = connection.serverCursor('c', {itersize: 2, rowFactory: Pg.scalarRow});
    const rows = cursor[Symbol.asyncIterator]();
    const settled = await Promise.allSettled([
        cursor.execute('select generate_series(1, 99)').then(() => 'executed'), rows.next().then(({value}) => value), cursor.fetchmany(2), cursor.fetchmany(3),
        connection.commit(), cursor.fetchmany(4),
    ]);
    equal(settled.slice(0, 5).map(({value}) => value), ['executed', 1, [2, 3], [4, 5, 6], true]);
    ok(settled[5].reason.matches(Pg.Error, Pg.Error.INVALID_CURSOR_NAME), String(settled[5].reason));
    await connection.rollback();
    // Two of them, and what is in the library's own form.
    const [a, b] = ['a', 'b'].map(name => connection.serverCursor(name, {itersize: 1, rowFactory: Pg.scalarRow}));
    const committed = new Promise((resolve, reject) => {
        Promise.all([a, b].map(one => one.execute('select generate_series(1, 3)')).concat([a, b, a].map(one => one.fetchone()))).catch(reject);
        connection.commit_async(null, (_connection, result) => {
            try {
                resolve(connection.commit_finish(result));
            } catch (error) {
                reject(error);
            }
        });
    });
    equal(await committed, true);
});

test('a copy that is closed', async t => {
    const connection = await t.open();
    await connection.execute('create table t (i int)');
    const copy = await connection.copyIn('copy t from stdin');
    for (let i = 0; i < 1200; i++)
        copy.writeRow([i]);
    copy.write('-1\n');
    equal((await Promise.all([copy.close(), connection.commit(), connection.execute('select count(*)::int from t').then(values)])).slice(1), [true, [1201]]);
    const other = await connection.copyIn('copy t from stdin');
    const spliced = other.splice_async(Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(bytes(0))), Gio.OutputStreamSpliceFlags.CLOSE_TARGET, GLib.PRIORITY_DEFAULT, null);
    await Promise.all([spliced, connection.commit()]);
    // What fails does not keep the others.
    const broken = await connection.copyIn('copy t from stdin');
    const settled = await Promise.allSettled([broken.write('x\n'), broken.close(), connection.rollback(), connection.execute('select count(*)::int from t').then(values)]);
    equal(settled.map(({status, value}) => value ?? status), ['fulfilled', 'rejected', true, [1201]]);
    const out = await connection.copyOut('copy t to stdout');
    equal((await Promise.all([out.readRows(3).then(({n_rows}) => n_rows), out.close(), connection.rollback()])), [3, true, true]);
});

test('many sets of parameters', async t => {
    const connection = await t.open();
    await connection.execute('create table t (i int primary key)');
    const sets = async function* (first) {
        for (let i = first; i < first + 1500; i++)
            yield [i];
    };
    const cursor = connection.cursor();
    const object = await connection.createLargeObject();
    // The batch goes on in parts, while others wait that wait for each other.
    equal((await Promise.all([
        object.write(bytes(300000)), object.write(bytes(1)), cursor.executeMany('insert into t values ($1)', Array.from({length: 2500}, (_, i) => [i])),
        object.write(bytes(300000)), object.write(bytes(1)), object.size(), connection.execute('select count(*)::int from t').then(values), connection.commit(),
    ])).slice(5), [600002, [2500], true]);
    const late = [object.size().catch(error => error.code), cursor.executeMany('insert into t values ($1)', sets(2500))];
    equal(await late[0], CLOSED);
    await late[1];
    equal((await Promise.all([connection.commit(), connection.execute('select count(*)::int from t').then(values)])), [true, [4000]]);
});

test('calls that wait are cancelled, and the connection is closed', async t => {
    const [connection, other] = [await t.open(), t.openBlocking({autocommit: true})];
    await connection.execute('create table t (i int)');
    await connection.commit();
    const object = await connection.createLargeObject();
    other.execute('select pg_advisory_lock(1)');
    connection.execute('select pg_advisory_lock_shared(1)').catch(() => {});
    const cancellable = new Gio.Cancellable();
    const writes = [object.write(bytes(10)), object.write(bytes(10))];
    const calls = [connection.execute('insert into t values (1)', null, cancellable), connection.execute('insert into t values (2)'), connection.commit(cancellable)];
    const seen = Promise.allSettled(calls);
    cancellable.cancel();
    // Before what they wait for is over.
    for (const call of [calls[0], calls[2]])
        await rejects(call, Gio.IOErrorEnum, CANCELLED);
    other.execute('select pg_advisory_unlock(1)');
    await Promise.all(writes);
    equal((await seen).map(({status}) => status), ['rejected', 'fulfilled', 'rejected']);
    equal(await connection.execute('select i from t').then(values), [2]);

    const waiting = [object.write(bytes(600000)), object.write(bytes(1)), connection.execute('select 1'), connection.commit()];
    const settled = Promise.allSettled(waiting);
    await connection.close();
    equal((await settled).map(({reason}) => reason?.code), [CLOSED, CLOSED, CLOSED, CLOSED]);
});

// What does not wait for anything is not kept from going out with others.
test('statements behind a call that is handed over', async t => {
    const [connection, other] = [await t.open({autocommit: true}), t.openBlocking({autocommit: true})];
    const cursor = connection.serverCursor('c', {hold: true, itersize: 1, rowFactory: Pg.scalarRow});
    await cursor.execute('select generate_series(1, 2)');
    const state = () => other.execute('select query from pg_stat_activity where pid = $1', [connection.backend_pid]).fetchone().get(0);
    other.execute('select pg_advisory_lock(1)');
    const calls = [cursor.fetchone(), connection.execute('select pg_advisory_lock_shared(1)'), cursor.fetchone(), connection.execute('select 3').then(values)];
    await until(() => /advisory/.test(state()));
    other.execute('select pg_advisory_unlock(1)');
    const [first, , second, third] = await Promise.all(calls);
    equal([first, second, third], [1, 2, [3]]);
});

await run();
