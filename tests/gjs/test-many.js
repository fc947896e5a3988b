// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, sleep, test, throws, until} from './tap.js';

const INSERT = 'insert into t values ($1, $2)';

function* numbered(n, first = 0) {
    for (let i = 0; i < n; i++)
        yield [first + i, `name ${i}`];
}

function count(connection) {
    return connection.execute('select count(*) from t').fetchone().get(0);
}

test('blocking', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create table t (i bigint primary key, s text)');
    const cursor = connection.cursor();
    equal(cursor.executeMany(INSERT, [[1, 'a'], [2, null]]), cursor);
    equal(cursor.get_rowcount(), 2);
    equal(cursor.executeMany(INSERT, numbered(2500, 10)).get_rowcount(), 2500);
    equal(cursor.executeMany(INSERT, []).get_rowcount(), 0);
    equal(cursor.executeMany('insert into t (s, i) values (%(name)s, %(id)s)', [{id: -1, name: 'x'}, {name: 'y', id: -2}]).get_rowcount(), 2);
    equal(count(connection), 2504);
    cursor.executeMany('select $1::text', [[1], [2], [3]].map(([i]) => [String(i)]), {returning: true});
    equal(cursor.get_n_results(), 3);
    equal(cursor.fetchone().get(0), '1');
    throws(() => cursor.executeMany(INSERT, numbered(3000, 2000)), Pg.Error, /^set of parameters/);
    throws(() => cursor.executeMany(INSERT, [[1, 'a'], [2, 'b'], [3]]), Pg.Error, /set of parameters 3: /);
    throws(() => cursor.executeMany(INSERT, [[100000, 'a'], [100001, '\0']]), Pg.Error, /set of parameters 2: parameter 2 .*U\+0000/);
    throws(() => cursor.executeMany(INSERT, [[100000, 'a'], [undefined, 'b']]), TypeError, /set of parameters 2: parameter 1 is undefined/);
    throws(() => cursor.executeMany(INSERT, 5), TypeError, /iterable/);
    const failing = function* () {
        yield* numbered(2500, 200000);
        throw new RangeError('enough');
    };
    throws(() => cursor.executeMany(INSERT, failing()), RangeError, /enough/);
    equal(count(connection), 2504);
});

test('values', t => {
    const connection = t.openBlocking({autocommit: true});
    const cursor = connection.cursor();
    const columns = [
        [1, 2, null], [1, 2.5, -0], [2 ** 40, 1, null], [true, false, null], ['a', 'ä', null], [1n, 2n ** 70n, null],
        [new Date(0), new Date(1.7e12), null], [new Uint8Array([0, 255]), null, new Uint8Array()], [[1, 2], [], null],
        [Pg.jsonb({a: 1}), Pg.json([]), null], [1, 'a', true],
    ];
    for (const column of columns) {
        const query = typeof column[0] === 'string' || typeof column[1] === 'string' || Array.isArray(column[0]) ? 'select $1::text' : 'select $1';
        const expected = column.map(value => String(value === null ? null : connection.execute(query, [value]).fetchone().get(0)));
        cursor.executeMany(query, column.map(value => [value]), {returning: true});
        const found = [];
        do
            found.push(String(cursor.fetchone().get(0)));
        while (cursor.next_result());
        equal(found, expected);
    }
});

test('awaited', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temporary table t (i bigint primary key, s text)');
    const cursor = connection.cursor();
    equal((await cursor.executeMany(INSERT, numbered(2500))).get_rowcount(), 2500);
    const slowly = async function* (n, first) {
        for (const set of numbered(n, first)) {
            if (set[0] % 500 === 0)
                await connection;
            yield set;
        }
    };
    await cursor.executeMany(INSERT, slowly(2100, 10000));
    equal(cursor.get_rowcount(), 2100);
    await rejects(cursor.executeMany(INSERT, slowly(2500, 12000)), Pg.Error, /^set of parameters 1: /);
    const failing = async function* () {
        yield* numbered(2500, 200000);
        throw new RangeError('enough');
    };
    await rejects(cursor.executeMany(INSERT, failing()), RangeError, /enough/);
    equal((await (await connection.execute('select count(*) from t')).fetchone()).get(0), 4600);
});

// What has no end is read no further than the server gets, and ends with its error, or when the call is cancelled.
test('without an end', async t => {
    const blocking = t.openBlocking({autocommit: true});
    const connection = await t.open({autocommit: true});
    const waits = 'select pg_sleep(case when $1 = 5 then 600 else 0 end), length($2)';
    let taken = 0;
    const sets = function* () {
        for (taken = 0; ; taken++)
            yield [taken, 'x'.repeat(5000)];
    };
    const slowly = async function* () {
        yield* sets();
    };
    blocking.execute('create table t (i bigint check (i < 3000), s text)');
    throws(() => blocking.cursor().executeMany(INSERT, sets()), Pg.Error, /^set of parameters 3001: /);
    await rejects(connection.cursor().executeMany(INSERT, sets()), Pg.Error, /^set of parameters 3001: /);
    await rejects(connection.cursor().executeMany(INSERT, slowly()), Pg.Error, /^set of parameters 3001: /);
    equal(count(blocking), 0);
    blocking.timeout = 300;
    throws(() => blocking.cursor().executeMany(waits, sets()), Gio.IOErrorEnum);
    blocking.timeout = 0;
    ok(taken < 10000);
    for (const endless of [sets(), slowly()]) {
        const cancellable = new Gio.Cancellable();
        GLib.timeout_add(GLib.PRIORITY_DEFAULT, 300, () => cancellable.cancel());
        await rejects(connection.cursor().executeMany(waits, endless, cancellable), Gio.IOErrorEnum);
        ok(taken < 10000);
    }
    equal((await (await connection.execute('select 1')).fetchone()).get(0), 1);
});

// Whatever the iterable does when it is left.
test('another batch of the same cursor', async t => {
    const blocking = t.openBlocking({autocommit: true});
    const connection = await t.open({autocommit: true});
    const cursor = connection.cursor();
    const busy = /^the cursor is executing another batch of executemany\(\): wait for its end first$/;
    blocking.execute('create table t (i bigint primary key, s text)');
    // Each after the other.
    const ended = [];
    await Promise.all([
        cursor.executeMany(INSERT, numbered(1500)).then(() => ended.push(1)), cursor.executeMany(INSERT, [[-1, 'x']]).then(() => ended.push(2)),
        cursor.executeMany(INSERT, numbered(10)).catch(error => ended.push(error.matches(Pg.Error, Pg.Error.UNIQUE_VIOLATION))),
        cursor.execute('delete from t where i < 0 returning i').then(one => ended.push(one.get_result().toArrays())),
    ]);
    equal(ended, [1, 2, true, [[-1]]]);
    equal(count(blocking), 1500);

    const own = blocking.cursor();
    const nested = function* () {
        yield* numbered(1200, 2000);
        throws(() => own.executeMany(INSERT, [[-1, 'x']]), Pg.Error, busy);
        yield* numbered(300, 3200);
    };
    own.executeMany(INSERT, nested());
    equal(count(blocking), 3000);
});

test('the first error is the one', async t => {
    const connection = await t.open({autocommit: true});
    const blocking = t.openBlocking({autocommit: true});
    let left = 0;
    const sets = (next, asynchronous) => ({[asynchronous ? Symbol.asyncIterator : Symbol.iterator]: () => ({
        next,
        return() {
            left++;
            throw new Error('it was left');
        },
    })});
    const malformed = () => ({value: ['x'], done: false});
    const broken = () => {
        throw new RangeError('enough');
    };
    throws(() => blocking.cursor().executeMany('select $1::int', sets(malformed, false)), Pg.Error, /^set of parameters 1: /);
    await rejects(connection.cursor().executeMany('select $1::int', sets(malformed, false)), Pg.Error, /^set of parameters 1: /);
    await rejects(connection.cursor().executeMany('select $1::int', sets(async () => malformed(), true)), Pg.Error, /^set of parameters 1: /);
    equal(left, 3);
    // An iterator that has thrown is over.
    throws(() => blocking.cursor().executeMany('select $1::int', sets(broken, false)), RangeError, /enough/);
    await rejects(connection.cursor().executeMany('select $1::int', sets(async () => broken(), true)), RangeError, /enough/);
    equal(left, 3);
    equal([blocking, connection].map(one => one.get_transaction_status()), [Pg.TransactionStatus.IDLE, Pg.TransactionStatus.IDLE]);
});

// A call of the same connection would wait for the batch, and the batch for it: whoever makes it, as nothing tells.
test('an asynchronous iterable has the connection to itself', async t => {
    const connection = await t.open();
    const other = await t.open({autocommit: true});
    const refused = /^executeMany\(\) has the connection until it is over, .*asynchronous iterable.*: await executeMany\(\) first$/;
    await connection.setAutocommit(true);
    await connection.execute('create table t (i bigint primary key, s text)');
    const calling = async function* (n, at, call) {
        for (const set of numbered(n)) {
            if (set[0] === at)
                await call();
            yield set;
        }
    };
    const statement = await connection.prepare('select 1');
    const cursor = connection.cursor();
    const calls = [
        () => connection.execute('select 1'), () => connection.cursor().execute('select $1', [1]), () => connection.commit(), () => statement.execute(),
        () => connection.createLargeObject(), () => cursor.executeMany(INSERT, [[-1, 'x']]), () => connection.stream('select 1').next(),
        () => connection.fetchType('int4'), () => connection.pipeline().begin(), () => sleep(1).then(() => connection.execute('select 1')),
        async () => connection.commit_async(null, () => {}),
    ];
    for (const call of calls) {
        for (const [n, at] of [[1500, 1200], [5, 2]]) {
            const error = await rejects(connection.cursor().executeMany(INSERT, calling(n, at, call)), Pg.Error, refused);
            ok(error.matches(Pg.Error, Pg.Error.PROGRAMMING));
        }
    }
    equal((await (await connection.execute('select count(*) from t')).fetchone()).get(0), 0);
    // The rows of a cursor of the server's, by themselves and through a generator; those of a client's are here, and another connection is free.
    const server = connection.serverCursor('c', {hold: true, rowFactory: Pg.arrayRow});
    await server.execute("select i, 'x' from generate_series(1, 1500) i");
    await rejects(connection.cursor().executeMany(INSERT, server), Pg.Error, refused);
    const through = async function* () {
        for await (const row of server)
            yield row;
    };
    await rejects(connection.cursor().executeMany(INSERT, through()), Pg.Error, refused);
    await server.close();
    const client = await connection.execute("select i, 'x' from generate_series(1, 1500) i");
    await other.execute('select 1');
    const both = async function* () {
        for await (const row of client) {
            await other.execute('select 1');
            yield row.toArray();
        }
    };
    equal((await connection.cursor().executeMany(INSERT, both())).get_rowcount(), 1500);
    // One that handles the error goes on.
    await connection.execute('delete from t');
    const handled = calling(1500, 1200, () => connection.execute('select 1').catch(() => {}));
    equal((await connection.cursor().executeMany(INSERT, handled)).get_rowcount(), 1500);
    // Whose end it is in, the others go on; and what was asked for before comes before.
    await connection.execute('delete from t');
    const before = connection.sql`insert into t values (3, 'before')`;
    const left = async function* () {
        try {
            yield* numbered(10);
        } finally {
            await connection.execute('delete from t where i = 3').catch(() => {});
        }
    };
    await rejects(connection.cursor().executeMany(INSERT, left()), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    await before;
    equal((await connection.execute('select i, s from t')).get_result().toArrays(), [[3, 'before']]);
    let isLeft = false;
    const malformed = {[Symbol.asyncIterator]: () => ({
        next: async () => ({value: [1], done: false}),
        return: async () => {
            await connection.execute('delete from t');
            isLeft = true;
        },
    })};
    await rejects(connection.cursor().executeMany(INSERT, malformed), Pg.Error, /2 placeholders/);
    ok(isLeft);
    // Of a pipeline the end waits.
    equal(await connection.pipelined(() => [connection.cursor().executeMany(INSERT, calling(1500, -1)).then(one => one.rowcount)]), [1500]);
});

test('a batch whose iterable never answers can be ended', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (i bigint primary key, s text)');
    const ways = [
        [() => connection.cancel(), Pg.Error, Pg.Error.QUERY_CANCELED],
        [() => connection.cancelSafe(), Pg.Error, Pg.Error.QUERY_CANCELED],
        [cancellable => cancellable.cancel(), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED],
    ];
    for (const [end, ...expected] of ways) {
        let isWaiting = false;
        const sets = async function* () {
            yield* numbered(1200);
            await sleep(1);
            isWaiting = true;
            await new Promise(() => {});
        };
        const cancellable = new Gio.Cancellable();
        const batch = connection.cursor().executeMany(INSERT, sets(), cancellable);
        await until(() => isWaiting);
        await end(cancellable);
        await rejects(batch, ...expected);
        equal((await (await connection.execute('select count(*) from t')).fetchone()).get(0), 0);
    }
    // Before anything is sent it ends as well.
    const cancelled = new Gio.Cancellable();
    GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
        cancelled.cancel();
        return GLib.SOURCE_REMOVE;
    });
    const never = {[Symbol.asyncIterator]: () => ({next: () => new Promise(() => {})})};
    await rejects(connection.cursor().executeMany(INSERT, never, cancelled), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    const unsent = connection.cursor().executeMany(INSERT, never);
    connection.cancel();
    await rejects(unsent, Pg.Error, Pg.Error.QUERY_CANCELED);
    // The end of a pipeline that the iterable itself waits for.
    const pipeline = connection.pipeline();
    await pipeline.begin();
    let ended = null;
    const ending = connection.cursor().executeMany(INSERT, {[Symbol.asyncIterator]: () => ({
        next: () => {
            ended = pipeline.end();
            return ended;
        },
    })});
    connection.cancel();
    await rejects(ending, Pg.Error, Pg.Error.QUERY_CANCELED);
    await ended;
    // And the connection is closed.
    for (const first of [0, 1200]) {
        const another = await t.open({autocommit: true});
        await another.execute('create temp table t (i bigint primary key, s text)');
        let isWaiting = false;
        const sets = async function* () {
            yield* numbered(first);
            isWaiting = true;
            await new Promise(() => {});
        };
        const batch = rejects(another.cursor().executeMany(INSERT, sets()), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
        await until(() => isWaiting);
        await another.close();
        await batch;
        await rejects(another.execute('select 1'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
    }
});

await run();
