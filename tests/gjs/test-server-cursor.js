// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const NUMBERS = 'select i from generate_series(1, $1::int) as i';
const numbers = (from, to) => Array.from({length: to - from + 1}, (_, i) => from + i);
const values = rows => Array.from(rows, row => row.get(0));

test('blocking', t => {
    const connection = t.openBlocking();
    const cursor = connection.serverCursor('c', {itersize: 10, scrollable: true});
    ok(cursor.execute(NUMBERS, [25]) === cursor);
    equal(cursor.fetchone().get('i'), 1);
    equal(values(cursor.fetchmany(3)), [2, 3, 4]);
    for (const row of cursor) {
        if (row.get(0) === 7)
            break;
    }
    equal(cursor.rownumber, 7);
    equal(cursor.fetchone().get(0), 8);
    equal(values(cursor), numbers(9, 25));
    equal(values(cursor), []);
    cursor.scroll(-1);
    equal(values(cursor.fetchall()), [25]);
    cursor.scroll(110);
    equal(cursor.rownumber, 25);
    cursor.scroll(3, Pg.ScrollMode.ABSOLUTE);
    equal(cursor.fetchone().get(0), 4);
    cursor.close();
    throws(() => cursor.fetchone(), Pg.Error, /closed/);
    equal(connection.execute('select count(*) from pg_cursors').fetchone().get(0), 0);
    throws(() => connection.serverCursor('c', {itersise: 3}), TypeError, /itersise/);
    throws(() => connection.serverCursor('c', {itersize: 0}), RangeError, /itersize/);
    throws(() => connection.serverCursor('c', {hold: 1}), TypeError, /hold/);
    throws(() => connection.serverCursor('a\u0000b'), Pg.Error, /name of the cursor/);
});

test('pages, at exact multiples too', t => {
    const connection = t.openBlocking();
    for (const n of [0, 9, 10, 11, 20]) {
        const cursor = connection.serverCursor('c', {itersize: 10});
        equal(values(cursor.execute(NUMBERS, [n])), numbers(1, n));
        cursor.close();
    }
});

test('row factories', t => {
    const connection = t.openBlocking();
    const cursor = connection.serverCursor('c', {rowFactory: Pg.scalarRow, itersize: 2});
    cursor.execute(NUMBERS, [5]);
    equal(cursor.fetchone(), 1);
    equal([...cursor], [2, 3, 4, 5]);
    cursor.execute(NUMBERS, [3]);
    cursor.rowFactory = () => ([value]) => {
        if (value === 2)
            throw new RangeError('two');
        return value;
    };
    throws(() => cursor.fetchmany(3), RangeError, /two/);
    equal(cursor.fetchone(), 1);
    throws(() => cursor.fetchone(), RangeError, /two/);
    cursor.rowFactory = null;
    equal(values(cursor), [2, 3]);
});

test('held', t => {
    const connection = t.openBlocking();
    const cursor = connection.serverCursor('c', {hold: true, fetchAhead: true, itersize: 2});
    cursor.execute(NUMBERS, [5]);
    connection.commit();
    equal(values(cursor), [1, 2, 3, 4, 5]);
    cursor.close();
    const other = connection.serverCursor('c').execute(NUMBERS, [5]);
    connection.commit();
    throws(() => other.fetchone(), Pg.Error, /does not exist/);
});

test('awaited', async t => {
    const connection = await t.open();
    const cursor = connection.serverCursor('c', {itersize: 10, scrollable: true});
    ok(await cursor.execute(NUMBERS, [25]) === cursor);
    equal((await cursor.fetchone()).get('i'), 1);
    equal(values(await cursor.fetchmany(3)), [2, 3, 4]);
    for await (const row of cursor) {
        if (row.get(0) === 7)
            break;
    }
    equal(cursor.rownumber, 7);
    equal((await cursor.fetchone()).get(0), 8);
    const rest = [];
    for await (const row of cursor)
        rest.push(row.get(0));
    equal(rest, numbers(9, 25));
    await cursor.scroll(-2);
    equal(values(await cursor.fetchall()), [24, 25]);
    await cursor.scroll(3, Pg.ScrollMode.ABSOLUTE);
    equal((await cursor.fetchone()).get(0), 4);
    await cursor.close();
    await rejects(cursor.fetchone(), Pg.Error, /closed/);
    equal((await (await connection.execute('select count(*) from pg_cursors')).fetchone()).get(0), 0);
});

// Rows that the loop has asked for together with others are not its own.
test('rows in the order of the calls', async t => {
    const blocking = t.openBlocking().serverCursor('c', {itersize: 10, scrollable: true}).execute(NUMBERS, [100]);
    const cursor = await (await t.open()).serverCursor('c', {itersize: 10, scrollable: true}).execute(NUMBERS, [100]);
    const seen = [];
    for (const row of blocking) {
        seen.push(row.get(0));
        equal(blocking.rownumber, row.get(0));
        if (row.get(0) % 4 === 0)
            seen.push(blocking.fetchone().get(0), ...values(blocking.fetchmany(7)));
        if (row.get(0) === 40)
            break;
    }
    equal(seen, numbers(1, seen.length));
    seen.length = 0;
    for await (const row of cursor) {
        seen.push(row.get(0));
        equal([cursor.rownumber, cursor.get_rownumber()], [row.get(0), row.get(0)]);
        if (row.get(0) % 4 === 0)
            seen.push((await cursor.fetchone()).get(0), ...values(await cursor.fetchmany(7)), (await cursor.fetch_one_async(null)).get(0));
        if (row.get(0) === 40)
            break;
    }
    equal(seen, numbers(1, seen.length));

    for (const one of [blocking, cursor]) {
        await one.scroll(0, Pg.ScrollMode.ABSOLUTE);
        const moves = [[3, -2], [3, 20], [25, 0]];
        seen.length = 0;
        for await (const row of one) {
            seen.push(row.get(0));
            if (row.get(0) === moves[0]?.[0])
                await one.scroll(moves.shift()[1]);
            if (moves.length === 0)
                break;
        }
        equal(seen, [1, 2, 3, 2, 3, 24, 25]);
    }
});

test('calls that do not wait', async t => {
    const cursor = await (await t.open()).serverCursor('c', {itersize: 4}).execute(NUMBERS, [10]);
    const rows = cursor[Symbol.asyncIterator]();
    const value = ({value: row, done}) => done ? null : row.get(0);
    const [first, second] = [rows.next(), rows.next()];
    // While the server is asked.
    const third = cursor.fetchone();
    equal((await Promise.all([first, second])).map(value), [1, 2]);
    equal((await third).get(0), 3);
    const calls = [rows.next().then(value), cursor.rownumber];
    equal(await Promise.all(calls), [4, 4]);
    equal((await Promise.all(Array.from({length: 5}, () => rows.next()))).map(value), [5, 6, 7, 8, 9]);
    // Two who share them.
    const other = cursor[Symbol.asyncIterator]();
    equal((await Promise.all([other.next(), rows.next(), other.next()])).map(value), [10, null, null]);
    await rejects(rows.throw(new Error('thrown in')), Error, /thrown in/);

    await cursor.execute(NUMBERS, [10]);
    const left = cursor[Symbol.asyncIterator]();
    const late = left.next();
    equal(await left.return(7), {value: 7, done: true});
    equal(await late, {value: undefined, done: true});
    equal((await cursor.fetchone()).get(0), 1);
});

// Each waits for those before it, and has its own rows and its own error.
test('calls that are not awaited one by one', async t => {
    const connection = await t.open();
    const cursor = connection.serverCursor('c', {itersize: 4, scrollable: true});
    const rows = cursor[Symbol.asyncIterator]();
    const get = row => row === null ? null : row.get(0);
    equal(await Promise.all([
        cursor.execute(NUMBERS, [30]).then(one => one === cursor),
        cursor.fetchone().then(get),
        cursor.fetchmany(3).then(values),
        rows.next().then(({value}) => get(value)),
        cursor.fetch_one_async(null).then(get),
        rows.next().then(({value}) => get(value)),
        cursor.scroll(-2).then(() => 'scrolled'),
        cursor.fetchone().then(get),
        cursor.scroll(28, Pg.ScrollMode.ABSOLUTE).then(() => 'scrolled'),
        rows.next().then(({value}) => get(value)),
        cursor.fetchall().then(values),
        cursor.fetchone().then(get),
        rows.next().then(({done}) => done),
    ]), [true, 1, [2, 3, 4], 5, 6, 7, 'scrolled', 6, 'scrolled', 29, [30], null, true]);

    // The error, or the end, of one is not that of the others.
    cursor.rowFactory = () => ([value]) => {
        if (value === 3)
            throw new RangeError('three');
        return value;
    };
    const cancellable = new Gio.Cancellable();
    const cancelled = Gio.Cancellable.new();
    cancelled.cancel();
    const settled = Promise.allSettled([
        cursor.scroll(0, Pg.ScrollMode.ABSOLUTE), cursor.fetchmany(2), cursor.fetchone(), cursor.fetchone(cancellable), cursor.fetchmany(2, cancelled), cursor.fetchmany(NaN),
        cursor.scroll(1), cursor.fetchmany(2),
    ]);
    cancellable.cancel();
    equal((await settled).map(({value, reason}) => reason === undefined ? value : reason instanceof GLib.Error ? reason.code : reason.name),
        [undefined, [1, 2], 'RangeError', Gio.IOErrorEnum.CANCELLED, Gio.IOErrorEnum.CANCELLED, 'RangeError', undefined, [4, 5]].map((one, i) => i === 0 || i === 6 ? true : one));
    const closed = [cursor.fetchone(), cursor.close(), cursor.fetchone()];
    equal(await closed[0], 6);
    await closed[1];
    await rejects(closed[2], Pg.Error, /closed/);
    equal((await (await connection.execute('select count(*) from pg_cursors')).fetchone()).get(0), 0);
});

// It does not wait for the one that runs.
test('a call that waits is cancelled', async t => {
    const [connection, other] = [await t.open(), t.openBlocking({autocommit: true})];
    const cursor = await connection.serverCursor('c', {itersize: 1}).execute('select i, pg_advisory_lock_shared(i) from generate_series(1, 3) as i');
    other.execute('select pg_advisory_lock(1)');
    const order = [];
    const note = name => [() => order.push(name), error => order.push(`${name}: ${error.code}`)];
    const cancellable = new Gio.Cancellable();
    const calls = [cursor.fetchone().then(...note('first')), cursor.fetchone(cancellable).then(...note('second')), cursor.fetchone().then(...note('third'))];
    cancellable.cancel();
    await calls[1];
    equal(order, [`second: ${Gio.IOErrorEnum.CANCELLED}`]);
    other.execute('select pg_advisory_unlock(1)');
    await Promise.all(calls);
    equal(order.slice(1), ['first', 'third']);
    // The one that runs: those behind it are not cancelled with it, and find the transaction as it is.
    other.execute('select pg_advisory_lock(3)');
    const running = cursor.fetchone(cancellable).catch(error => error);
    ok((await running).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
    const again = new Gio.Cancellable();
    const last = [cursor.fetchone(again), cursor.fetchone()];
    const seen = Promise.allSettled(last);
    GLib.idle_add(GLib.PRIORITY_LOW, () => {
        again.cancel();
        return GLib.SOURCE_REMOVE;
    });
    const [first, second] = await seen;
    ok(first.reason.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), String(first.reason));
    ok(second.reason.matches(Pg.Error, Pg.Error.IN_FAILED_SQL_TRANSACTION), String(second.reason));
    other.execute('select pg_advisory_unlock_all()');
});

test('the session ends while calls wait', async t => {
    const other = t.openBlocking({autocommit: true});
    const connection = await t.open();
    const cursor = await connection.serverCursor('c').execute('select pg_sleep(60) from generate_series(1, 3)');
    const settled = Promise.allSettled([cursor.fetchone(), cursor.fetchmany(2), cursor.scroll(1), cursor.close(), cursor.fetchone()]);
    other.execute('select pg_terminate_backend($1)', [connection.get_backend_pid()]);
    const [first, ...rest] = await settled;
    ok(/administrator command|closed/.test(first.reason.message), first.reason.message);
    ok(rest.every(({reason}, i) => i === 2 || /closed/.test(reason?.message)), rest.map(({reason}) => String(reason)).join());
});

test('closed in a loop', async t => {
    const blocking = t.openBlocking();
    const connection = await t.open();
    for (const one of [blocking, connection]) {
        const cursor = await one.serverCursor('c', {itersize: 10}).execute(NUMBERS, [100]);
        const seen = [];
        await rejects((async () => {
            for await (const row of cursor) {
                seen.push(row.get(0));
                if (row.get(0) === 3)
                    await cursor.close();
            }
        })(), Pg.Error, /the cursor is closed/);
        equal(seen, [1, 2, 3]);
        equal((await (await one.execute('select count(*) from pg_cursors')).fetchone()).get(0), 0);
    }
});

test('two at a time', async t => {
    const connection = await t.open();
    const collect = async (name, from) => {
        const cursor = connection.serverCursor(name, {itersize: 7});
        await cursor.execute('select i from generate_series($1::int, $2::int) as i', [from, from + 50]);
        const rows = [];
        for await (const row of cursor)
            rows.push(row.get(0));
        return rows;
    };
    const [a, b] = await Promise.all([collect('a', 1), collect('b', 1001)]);
    equal(a, numbers(1, 51));
    equal(b, numbers(1001, 1051));
});

test('classes of one\'s own', async t => {
    const Backwards = GObject.registerClass(class TestBackwards extends Pg.ServerCursor {
        constructor(properties) {
            super({itersize: 3, ...properties});
        }

        execute(query, params = null, cancellable = null) {
            return super.execute(`select * from (${query}) as t order by 1 desc`, params, cancellable);
        }
    });
    const blocking = t.openBlocking({serverCursorFactory: Backwards});
    equal(blocking.serverCursorFactory === Backwards.$gtype, true);
    equal(blocking.cursorFactory === Pg.Cursor.$gtype, true);
    const cursor = blocking.serverCursor('c', {scrollable: true});
    ok(cursor instanceof Backwards);
    equal([cursor.name, cursor.scrollable, cursor.connection === blocking], ['c', Pg.Tristate.ON, true]);
    equal(cursor.execute('select generate_series(1, 5)').fetchall().map(row => row.get(0)), [5, 4, 3, 2, 1]);
    const made = new Backwards({connection: blocking, name: 'd'});
    equal([made.name, made.itersize], ['d', 3]);
    equal(made.execute('select generate_series(1, 2)').fetchall().map(row => row.get(0)), [2, 1]);
    blocking.serverCursorFactory = null;
    ok(!(blocking.serverCursor('e') instanceof Backwards));
    throws(() => {
        blocking.serverCursorFactory = Pg.Cursor;
    }, TypeError, /server cursor factory/);

    const Own = GObject.registerClass(class TestOwn extends Pg.AsyncServerCursor {});
    const connection = await t.open();
    connection.serverCursorFactory = Own;
    const awaited = connection.serverCursor('c');
    ok(awaited instanceof Own);
    await awaited.execute('select generate_series(1, 3)');
    equal((await awaited.fetchall()).map(row => row.get(0)), [1, 2, 3]);
});

test('scrolling by what is no number', async t => {
    const blocking = t.openBlocking().serverCursor('c', {scrollable: true}).execute(NUMBERS, [5]);
    const cursor = await (await t.open()).serverCursor('c', {scrollable: true}).execute(NUMBERS, [5]);
    for (const [offset, type] of [['x', TypeError], [null, TypeError], [NaN, RangeError], [1.9, RangeError]]) {
        throws(() => blocking.scroll(offset), type, /scroll\(\)/);
        await rejects(cursor.scroll(offset), type, /scroll\(\)/);
    }
    equal(blocking.fetchone().get(0), 1);
    equal((await cursor.fetchone()).get(0), 1);
});

await run();
