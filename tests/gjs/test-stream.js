// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const MANY = 'select generate_series(1, 100000000)';
const THREE = "select i, i::text || 'ä' as s from generate_series(1, 3) i";

async function collect(rows) {
    const all = [];
    for await (const row of rows)
        all.push(row);
    return all;
}

test('blocking', t => {
    const connection = t.openBlocking();
    for (const size of [1, 2, 1000]) {
        const rows = [...connection.stream('select i, nullif(i, 5), 9007199254740993::int8 from generate_series(1, $1) i', [1200], {size})];
        equal(rows.length, 1200);
        equal(rows[4], [5, null, 9007199254740993n]);
        equal(rows[1199], [1200, 1200, 9007199254740993n]);
    }
    const cursor = connection.cursor();
    equal([...cursor.stream(THREE)], [[1, '1ä'], [2, '2ä'], [3, '3ä']]);
    equal(cursor.get_rowcount(), 3);
    equal(cursor.dup_description().map(column => column.get_name()), ['i', 's']);
    equal([...cursor.stream('select 1 where false')], []);
    cursor.rowFactory = Pg.objectRow;
    equal([...cursor.stream(THREE, null, {size: 2})][2], {i: 3, s: '3ä'});
    cursor.rowFactory = Pg.scalarRow;
    equal([...cursor.stream(THREE, null, {size: 2})], [1, 2, 3]);
    cursor.rowFactory = null;
    for (const row of cursor.stream(MANY)) {
        if (row[0] === 700)
            break;
    }
    equal(connection.get_transaction_status(), Pg.TransactionStatus.INTRANS);
    equal(connection.execute('select 1').fetchone().get(0), 1);
    const open = cursor.stream(MANY);
    open.next();
    throws(() => connection.execute('select 1'), Pg.Error, /row stream/);
    open.return();
    connection.execute('select 1');
    throws(() => cursor.stream(THREE, null, {size: 0}), RangeError, /size/);
    throws(() => cursor.stream(THREE, null, {size: 1.5}), RangeError, /integer/);
    throws(() => cursor.stream(THREE, null, {chunk: 1}), TypeError, /chunk/);
    throws(() => [...cursor.stream('create table t ()')], Pg.Error, /CREATE TABLE/);
    const seen = [];
    throws(() => {
        for (const row of cursor.stream('select 6 / (3 - i) from generate_series(1, 5) i', null, {size: 1}))
            seen.push(row[0]);
    }, Pg.Error, /division/);
    equal(seen, [3, 6]);
});

test('awaited', async t => {
    const connection = await t.open();
    for (const size of [1, 2, 1000])
        equal((await collect(connection.stream('select i from generate_series(1, $1) i', [1200], {size}))).length, 1200);
    const cursor = connection.cursor();
    equal(await collect(cursor.stream(THREE)), [[1, '1ä'], [2, '2ä'], [3, '3ä']]);
    cursor.rowFactory = Pg.objectRow;
    equal((await collect(cursor.stream(THREE, null, {size: 2})))[2], {i: 3, s: '3ä'});
    cursor.rowFactory = Pg.argsRow((i, s) => `${i}:${s}`);
    equal(await collect(cursor.stream(THREE, null, {size: 2})), ['1:1ä', '2:2ä', '3:3ä']);
    cursor.rowFactory = null;
    for await (const row of cursor.stream(MANY)) {
        if (row[0] === 700)
            break;
    }
    equal(connection.get_transaction_status(), Pg.TransactionStatus.INTRANS);
    await connection.execute('select 1');
    const open = cursor.stream(MANY);
    await open.next();
    await rejects(connection.execute('select 1'), Pg.Error, /row stream/);
    await open.return();
    await connection.execute('select 1');
    await rejects(collect(cursor.stream('select 6 / (3 - i) from generate_series(1, 5) i')), Pg.Error, /division/);
    await connection.rollback();
    const sizes = [];
    for await (const rows of cursor.stream('select generate_series(1, 25)', null, {size: 10}).chunks())
        sizes.push(rows.length);
    equal(sizes, [10, 10, 5]);
    for await (const rows of cursor.stream(MANY).chunks()) {
        if (rows.length > 0)
            break;
    }
    await connection.execute('select 1');
    const cancellable = new Gio.Cancellable();
    await rejects((async () => {
        for await (const row of cursor.stream(MANY, null, {cancellable})) {
            if (row[0] === 10)
                cancellable.cancel();
        }
    })(), Gio.IOErrorEnum, /cancel/);
    await connection.rollback();
    ok((await (await connection.execute('select 1')).fetchone()).get(0) === 1);
});

await run();
