// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
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

test('iterators that are left', async t => {
    const connection = await t.open();
    const check = async () => equal((await (await connection.execute('select 1')).fetchone()).get(0), 1);
    let rows = connection.stream(MANY);
    equal(await rows.return('value'), {value: 'value', done: true});
    equal(await rows.next(), {value: undefined, done: true});
    for await (const chunk of rows.chunks())
        ok(chunk === null);
    await check();
    // Before it has begun.
    rows = connection.stream(MANY);
    const [first, left] = await Promise.all([rows.next(), rows.return()]);
    equal([first.done, left.done], [true, true]);
    equal((await rows.next()).done, true);
    await check();
    rows = connection.stream(MANY);
    await rows.next();
    await rejects(rows.throw(new Error('thrown in')), Error, /thrown in/);
    await check();
    rows = connection.stream(MANY).chunks();
    await rows.return();
    await check();
    // While it reads.
    rows = connection.stream('select i, pg_sleep(0.02) from generate_series(1, 100) i', null, {size: 1});
    await rows.next();
    const [late, value] = await Promise.all([rows.next(), rows.return(7)]);
    equal([late.done, value], [true, {value: 7, done: true}]);
    await check();
    // Both forms of one.
    rows = connection.stream('select generate_series(1, 100)', null, {size: 3});
    const chunks = rows.chunks();
    equal((await Promise.all([rows.next(), chunks.next()])).map(one => one.value), [[1], [[2], [3]]]);
    equal((await chunks.next()).value, [[4], [5], [6]]);
    await chunks.return();
    equal((await rows.next()).done, true);
    await check();
    rows = connection.stream(MANY);
    await rejects((async () => {
        for await (const row of rows)
            throw new Error(`row ${row[0]}`);
    })(), Error, /row 1/);
    await check();
    const blocking = t.openBlocking();
    const iterator = blocking.stream(MANY);
    equal(iterator.return().done, true);
    blocking.execute('select 1');
    throws(() => {
        for (const row of blocking.stream(MANY))
            throw new Error(`row ${row[0]}`);
    }, Error, /row 1/);
    blocking.execute('select 1');
});

test('the cursor is closed in a loop', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    for (const one of [blocking, connection]) {
        for (const [query, last] of [[MANY, 1], [MANY, 250], [MANY, 700], [THREE, 1], [THREE, 3]]) {
            const cursor = one.cursor();
            let number = 0;
            await rejects((async () => {
                for await ([number] of cursor.stream(query)) {
                    if (number === last) {
                        cursor.close();
                        // The connection is free.
                        equal((await (await one.execute('select 5')).fetchone()).get(0), 5);
                    }
                }
            })(), Pg.Error, /the cursor is closed/);
            equal(number, last);
        }
    }
    // While it reads, and while it begins.
    for (const isBegun of [true, false]) {
        const cursor = connection.cursor();
        const rows = cursor.stream('select i, pg_sleep(0.02) from generate_series(1, 100) i', null, {size: 1});
        if (isBegun)
            await rows.next();
        const next = rows.next();
        cursor.close();
        await rejects(next, Pg.Error, /the cursor is closed/);
        equal((await rows.next()).done, true);
        equal((await (await connection.execute('select 6')).fetchone()).get(0), 6);
    }
    // Not that of another.
    const cursor = connection.cursor();
    await collect(cursor.stream(THREE));
    const rows = connection.stream(MANY);
    await rows.next();
    cursor.close();
    equal((await rows.next()).value, [2]);
    await rows.return();
});

// One that is refused does not keep the first one from being closed.
test('the cursor is closed with a second stream that was refused', async t => {
    for (const connection of [t.openBlocking(), await t.open()]) {
        const cursor = connection.cursor();
        let n = 0;
        await rejects((async () => {
            for await (const _ of cursor.stream(MANY)) {
                if (++n === 2)
                    await rejects(collect(cursor.stream(THREE)), Pg.Error, /row stream/);
                if (n === 3)
                    cursor.close();
            }
        })(), Pg.Error, /the cursor is closed/);
        equal(n, 3);
        equal((await (await connection.execute('select 5')).fetchone()).get(0), 5);
    }
});

test('two at once', async t => {
    const connection = await t.open();
    const first = connection.stream(MANY);
    await first.next();
    await rejects(connection.stream(MANY).next(), Pg.Error, /row stream/);
    equal((await first.next()).value, [2]);
    await first.return();
    // Calls that do not wait for one another.
    const cursor = connection.cursor();
    // Slow enough for turns of the main loop between them.
    cursor.rowFactory = () => row => {
        for (const begin = GLib.get_monotonic_time(); GLib.get_monotonic_time() < begin + 50;)
            ;
        return row;
    };
    const rows = cursor.stream('select generate_series(1, 150)', null, {size: 100});
    const given = await Promise.all(Array.from({length: 200}, () => rows.next()));
    equal(given.slice(0, 150).map(({value}) => value[0]), Array.from({length: 150}, (_, i) => i + 1));
    ok(given.slice(150).every(({done, value}) => done && value === undefined));
    await connection.execute('select 1');
});

// A call that comes in the microtasks between the turn of the main loop and the row of the call before it.
test('calls are answered in their order', async t => {
    const connection = await t.open();
    const cursor = connection.cursor();
    // Slow enough for a turn of the main loop after the rows that are given at a time.
    cursor.rowFactory = () => ([value]) => {
        for (const begin = GLib.get_monotonic_time(); GLib.get_monotonic_time() < begin + 60;)
            ;
        return value;
    };
    const turn = () => new Promise(resolve => GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
    for (const isEarly of [false, true]) {
        for (let hops = 0; hops < 12; hops++) {
            const rows = cursor.stream('select generate_series(1, 100)', null, {size: 100});
            for (let i = 1; i <= 32; i++)
                equal((await rows.next()).value, i);
            const settled = [];
            const call = async () => {
                const {value} = await rows.next();
                settled.push(value);
                return value;
            };
            const early = isEarly ? turn() : null;
            const first = call();
            await (early ?? turn());
            for (let i = 0; i < hops; i++)
                await null;
            equal(await Promise.all([first, call()]), [33, 34]);
            equal(settled, [33, 34]);
            await rows.return();
        }
    }
});

test('chunks after single rows', async t => {
    const connection = await t.open();
    const cursor = connection.cursor();
    for (const [factory, first] of [[null, [1]], [Pg.scalarRow, 1], [() => ([value]) => value, 1]]) {
        cursor.rowFactory = factory;
        // Of the first chunk, of the second, a whole one.
        for (const n of [1, 40, 100, 101, 150]) {
            const rows = cursor.stream('select generate_series(1, 250)', null, {size: 100});
            const all = [];
            for (let i = 0; i < n; i++)
                all.push((await rows.next()).value);
            equal(all[0], first);
            const sizes = [];
            for await (const chunk of rows.chunks()) {
                sizes.push(chunk.length);
                all.push(...chunk);
            }
            equal(sizes, [n % 100 === 0 ? 0 : 100 - n % 100, ...n <= 100 ? [100] : [], 50].filter(size => size > 0));
            equal(all.map(Number), Array.from({length: 250}, (_, i) => i + 1));
            equal((await rows.next()).done, true);
        }
    }
    // A chunk that is asked for does not overtake rows that are.
    cursor.rowFactory = null;
    const rows = cursor.stream('select generate_series(1, 5)', null, {size: 3});
    const chunks = rows.chunks();
    equal((await Promise.all([rows.next(), rows.next(), chunks.next(), rows.next()])).map(({value}) => value), [[1], [2], [[3]], [4]]);
    equal((await chunks.next()).value, [[5]]);
    equal((await chunks.next()).done, true);
    await connection.execute('select 1');
});

test('the row factory of when it was called', async t => {
    const connection = await t.open();
    const cursor = connection.cursor();
    cursor.rowFactory = Pg.scalarRow;
    const rows = cursor.stream('select 1');
    cursor.rowFactory = null;
    equal(await collect(rows), [1]);
    await rejects(collect(Object.assign(connection.cursor(), {rowFactory: () => {
        throw new Error('no factory');
    }}).stream(MANY)), Error, /no factory/);
    await connection.execute('select 1');
});

// What the body of a loop does with the rows of one chunk takes long.
test('the main loop has its turns', async t => {
    const connection = await t.open();
    let turns = 0;
    const source = GLib.timeout_add(GLib.PRIORITY_DEFAULT, 1, () => {
        turns++;
        return GLib.SOURCE_CONTINUE;
    });
    const before = [];
    for await (const [number] of connection.stream('select generate_series(1, 1000)', null, {size: 1000})) {
        if (number % 500 === 1)
            before.push(turns);
        for (const begin = GLib.get_monotonic_time(); GLib.get_monotonic_time() < begin + 50;)
            ;
    }
    GLib.source_remove(source);
    ok(before[1] > before[0]);
});

// Of whole columns, of a column that has to be read by its cells, with and without others that cannot be read whole.
test('values', async t => {
    const connection = await t.open();
    const column = "case i when 2 then 'infinity' when 3 then null else '2024-02-29 12:00:00.25+00' end::timestamptz";
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        for (const [more, value] of [['', []], [', 1.5::numeric', ['1.5']], [", '\\x00ff'::bytea", ['0,255']]]) {
            const cursor = connection.cursor();
            cursor.set_format(format);
            for (const size of [1, 3, 10]) {
                const rows = await collect(cursor.stream(`select i, nullif(i::text, '4'), ${column}${more} from generate_series(1, 5) i`, null, {size}));
                equal(rows.map(row => row.slice(0, 2)), [[1, '1'], [2, '2'], [3, '3'], [4, null], [5, '5']]);
                equal(rows.map(row => row[2] === null ? null : row[2] instanceof Date ? row[2].toISOString() : String(row[2])),
                    ['2024-02-29T12:00:00.250Z', 'infinity', null, '2024-02-29T12:00:00.250Z', '2024-02-29T12:00:00.250Z']);
                ok(rows.every(row => row.length === 3 + value.length && String(row.slice(3)) === String(value)));
            }
        }
    }
});

// So many that the collector is called.
test('very many rows', async t => {
    const connection = await t.open();
    const query = "select i, i::text, i::float8, nullif(i, 7)::int8, 1.5::numeric, '\\x00ff'::bytea from generate_series(1, $1) i";
    const cursor = connection.cursor();
    for (const format of [Pg.Format.TEXT, Pg.Format.BINARY]) {
        cursor.set_format(format);
        let n = 0;
        for await (const rows of cursor.stream(query, [20000], {size: 500}).chunks()) {
            for (const [i, text, float, integer, , bytes] of rows) {
                n++;
                ok(i === n && text === String(n) && float === n && integer === (n === 7 ? null : n) && bytes[1] === 255);
            }
        }
        equal(n, 20000);
    }
    const blocking = t.openBlocking();
    let sum = 0;
    for (const [i] of blocking.stream(query, [20000], {size: 100}))
        sum += i;
    equal(sum, 200010000);
    blocking.rowFactory = Pg.objectRow;
    sum = 0;
    for (const row of blocking.stream('select i, i as __proto__ from generate_series(1, 1000) i', null, {size: 100}))
        sum += row.i + Object.getOwnPropertyDescriptor(row, '__proto__').value;
    equal(sum, 1001000);
});

await run();
