// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The methods that "using" and "await using" call at the end of a block. Engines that know these words are younger than the oldest GJS that the library is
// for, which would not even parse them: the methods are called by name.

import './fixtures/symbols.js';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, skip, test, throws} from './tap.js';

const {OFF} = Pg.PipelineStatus;
const isNative = typeof Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype))[Symbol.asyncDispose] === 'function';
const dispose = object => object[Symbol.dispose]();
const disposeAsync = object => object[Symbol.asyncDispose]();

test('connections', async t => {
    const connection = t.openBlocking();
    dispose(connection);
    equal(connection.closed, true);
    dispose(connection);
    const other = await t.open();
    ok(disposeAsync(other) instanceof Promise);
    await disposeAsync(other);
    equal(other.closed, true);
});

test('cursors', async t => {
    const [connection, other] = [t.openBlocking(), await t.open()];
    const count = () => connection.execute('select count(*)::int from pg_cursors').fetchone().get(0);
    for (const cursor of [connection.cursor(), other.cursor(), connection.serverCursor('c')]) {
        await cursor.execute('select 1');
        dispose(cursor);
        equal(cursor.closed, true);
        dispose(cursor);
    }
    equal(count(), 0);
    const cursor = await other.serverCursor('c').execute('select 1');
    await disposeAsync(cursor);
    equal(cursor.closed, true);
    await disposeAsync(cursor);
    equal((await (await other.execute('select count(*)::int from pg_cursors')).fetchone()).get(0), 0);
});

test('pipelines', async t => {
    const [connection, other] = [t.openBlocking({autocommit: true}), await t.open({autocommit: true})];
    const pipeline = connection.pipeline();
    dispose(pipeline);
    pipeline.begin();
    connection.execute('select 1');
    dispose(pipeline);
    equal(connection.pipelineStatus, OFF);
    dispose(pipeline);
    pipeline.begin();
    connection.execute('select nope');
    throws(() => dispose(pipeline), Pg.Error, Pg.Error.UNDEFINED_COLUMN);
    equal(connection.pipelineStatus, OFF);

    const awaited = other.pipeline();
    await disposeAsync(awaited);
    await awaited.begin();
    other.execute('select nope');
    await rejects(disposeAsync(awaited), Pg.Error, Pg.Error.UNDEFINED_COLUMN);
    equal(other.pipelineStatus, OFF);
    await disposeAsync(awaited);
});

test('iterators of streams', async t => {
    if (!isNative)
        skip('iterators have no such methods here');
    const rows = (await t.open()).stream('select generate_series(1, 100000000)');
    await rows.next();
    await disposeAsync(rows);
    equal((await rows.next()).done, true);
});

await run();
