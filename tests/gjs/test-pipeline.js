// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, sleep, test, throws} from './tap.js';

const {OFF, ON, ABORTED} = Pg.PipelineStatus;
const value = cursor => cursor.get_result().toArrays()[0][0];

test('awaited', async t => {
    for (const autocommit of [true, false]) {
        const connection = await t.open({autocommit});
        await connection.execute('create temp table t (i int unique)');
        const pipeline = connection.pipeline();
        equal([pipeline.status, pipeline.get_connection() === connection], [OFF, true]);
        await pipeline.begin();
        equal([pipeline.status, connection.pipelineStatus], [ON, ON]);
        const calls = [];
        for (let i = 0; i < 300; i++)
            calls.push(connection.execute('insert into t values ($1) returning i', [i]));
        await pipeline.sync();
        equal((await Promise.all(calls)).map(value), Array.from(calls.keys()));
        // What is awaited comes without a synchronization.
        equal(value(await connection.execute('select count(*)::int from t')), 300);
        await pipeline.end();
        equal([pipeline.status, connection.pipelineStatus], [OFF, OFF]);
        await rejects(pipeline.end(), Pg.Error, Pg.Error.PROGRAMMING);
        for (const name of ['begin', 'sync', 'end'])
            await rejects(pipeline[name](5), TypeError, /cancellable/);
    }
});

test('errors, awaited', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temp table t (i int unique)');
    const pipeline = connection.pipeline();
    await pipeline.begin();
    const calls = ['insert into t values (1)', 'select 1/0', 'select 2'].map(statement => connection.execute(statement));
    const settled = Promise.allSettled(calls);
    await rejects(pipeline.sync(), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    const [first, second, third] = await settled;
    equal(first.status, 'fulfilled');
    ok(second.reason.matches(Pg.Error, Pg.Error.DIVISION_BY_ZERO));
    ok(third.reason.matches(Pg.Error, Pg.Error.PIPELINE_ABORTED));
    equal(pipeline.status, ON);
    equal(value(await connection.execute('select count(*)::int from t')), 0);
    await pipeline.end();
});

test('a function, awaited', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temp table t (i int unique)');
    const cursors = await connection.pipelined(pipeline => {
        equal(pipeline.status, ON);
        return [1, 2, 3].map(i => connection.execute('insert into t values ($1) returning i', [i]));
    });
    equal(cursors.map(value), [1, 2, 3]);
    equal(await connection.pipelined(async () => value(await connection.execute('select 4'))), 4);
    equal(await connection.pipelined(() => 'nothing'), 'nothing');
    equal(await connection.pipelined(async () => value(await new Pg.AsyncCursor({connection}).execute('select 5'))), 5);

    // All or nothing, and the error is the statement's own.
    const twice = [4, 1].map(i => ['insert into t values ($1)', [i]]);
    let error = await rejects(connection.pipelined(() => twice.map(args => connection.execute(...args))), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    equal(error.diagnostic.get_constraint_name(), 't_i_key');
    error = await rejects(connection.pipelined(async () => {
        for (const args of twice)
            await connection.execute(...args);
    }), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    await rejects(connection.pipelined(() => {
        throw new RangeError('mine');
    }), RangeError, /mine/);
    await rejects(connection.pipelined(() => [connection.execute('select $1', [undefined]), connection.execute('select 1')]), TypeError, /undefined/);
    await rejects(connection.pipelined(), TypeError, /pipelined\(\) takes a function/);
    equal([connection.pipelineStatus, value(await connection.execute('select count(*)::int from t'))], [OFF, 3]);
});

// What was not executed does not hide why.
test('the error of a function that awaits another statement', async t => {
    const connection = await t.open({autocommit: true});
    const broken = () => {
        connection.execute('select nope').catch(() => {});
    };
    for (const body of [
        () => [connection.execute('select 1')],
        () => [1, connection.execute('select 1'), connection.execute('select 2')],
        () => connection.execute('select 1'),
        async () => value(await connection.execute('select 1')),
    ]) {
        await rejects(connection.pipelined(() => {
            broken();
            return body();
        }), Pg.Error, Pg.Error.UNDEFINED_COLUMN);
        equal(connection.pipelineStatus, OFF);
    }

    // The function's own exceptions come before it, also late ones.
    const mine = () => {
        throw new RangeError('mine');
    };
    for (const body of [
        mine,
        () => connection.execute('select 1').catch(mine),
        () => [connection.execute('select 1'), connection.execute('select 2').catch(mine)],
        () => [connection.execute('select 1'), sleep(20).then(mine)],
    ]) {
        await rejects(connection.pipelined(() => {
            broken();
            return body();
        }), RangeError, /mine/);
        equal(connection.pipelineStatus, OFF);
    }

    // end() has nothing to say where a synchronization has said it.
    await rejects(connection.pipelined(async pipeline => {
        broken();
        const late = connection.execute('select 1');
        await Promise.allSettled([late, pipeline.sync()]);
        return [late];
    }), Pg.Error, Pg.Error.PIPELINE_ABORTED);
    equal(value(await connection.execute('select 1')), 1);
});

// Nothing is printed, and no error is lost.
test('a call that nobody awaits', async t => {
    const [output] = await t.script('fixtures/pipelined-unawaited.js', [t.conninfo]);
    equal(output, `all returned: column "nope" does not exist
one not awaited: column "nope" does not exist
not the first: column "nope" does not exist
a parameter: parameter 1 is undefined; SQL NULL is null
their number: the query has 1 placeholders but 2 parameters were passed
a cursor: column "nope" does not exist
a type: there is no type “nope”
handled: 1
handled later: 2
told by sync(): 3
sync(): column "nope" does not exist
begin() and end(): column "nope" does not exist
begin() and end(): the query has 1 placeholders but 2 parameters were passed
awaited in the end: the query has 1 placeholders but 2 parameters were passed
`);
});

test('the last call of a pipeline, which nobody awaits, has many sets of parameters', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temporary table t (i int primary key)');
    await rejects(connection.pipelined(() => {
        connection.cursor().executeMany('insert into t values ($1)', [[5], [5]]);
    }), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
});

// Which have their own ends.
test('pipelines in each other', async t => {
    const connection = await t.open({autocommit: true});
    const outer = connection.pipelined(async () => {
        connection.execute('select $1', [1, 2]);
        equal(await connection.pipelined(() => 5), 5);
        await rejects(connection.pipelined(() => {
            connection.execute('select $1', [1, 2, 3]);
        }), Pg.Error, /3 parameters/);
    });
    await rejects(outer, Pg.Error, /2 parameters/);
    equal(value(await connection.execute('select 1')), 1);
});

// The end of each was waited for by what the other one waited for.
test('pipelines at the same time', async t => {
    for (const autocommit of [true, false]) {
        const connection = await t.open({autocommit});
        const pairs = Array.from({length: 20}, (_, i) => connection.pipelined(() => [connection.execute('select $1::int', [i]), connection.execute('select 0')]));
        equal((await Promise.all(pairs)).map(([one]) => value(one)), Array.from(pairs.keys()));
        let inner = null;
        equal(await connection.pipelined(() => {
            inner = connection.pipelined(async () => value(await connection.execute('select 6')));
            return 5;
        }), 5);
        equal([await inner, connection.pipelineStatus], [6, OFF]);
        await rejects(connection.pipelined(() => {
            connection.pipelined(async () => {
                await connection.execute('select nope');
            });
        }), Pg.Error, Pg.Error.UNDEFINED_COLUMN);
    }
});

test('blocking', t => {
    for (const autocommit of [true, false]) {
        const connection = t.openBlocking({autocommit});
        connection.execute('create temp table t (i int unique)');
        const pipeline = connection.pipeline();
        pipeline.begin();
        const cursors = [];
        for (let i = 0; i < 300; i++)
            cursors.push(connection.execute('insert into t values ($1) returning i', [i]));
        pipeline.sync();
        equal(cursors.map(cursor => cursor.fetchone().get(0)), Array.from(cursors.keys()));
        // Each way to the rows waits for them.
        const [one, many, all, loop, waited, made] = Array.from({length: 6}, () => connection.execute('select generate_series(1, 2)'));
        made.rowFactory = Pg.scalarRow;
        equal(made.fetchall(), [1, 2]);
        equal([one.fetchone().get(0), many.fetchmany(2).length, all.fetchall().length, [...loop].length], [1, 2, 2, 2]);
        waited.wait();
        equal(value(waited), 1);
        throws(() => waited.wait(5), TypeError, /cancellable/);
        pipeline.end();
        throws(() => pipeline.sync(), Pg.Error, Pg.Error.PROGRAMMING);
        throws(() => pipeline.begin('x'), TypeError, /cancellable/);
    }
});

test('errors, blocking', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create temp table t (i int unique)');
    const pipeline = connection.pipeline();
    pipeline.begin();
    connection.execute('insert into t values (1)');
    const failed = connection.execute('select 1/0');
    const after = connection.execute('select 2');
    throws(() => failed.fetchone(), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    equal(pipeline.status, ABORTED);
    throws(() => [...after], Pg.Error, Pg.Error.PIPELINE_ABORTED);
    throws(() => pipeline.end(), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    equal(connection.pipelineStatus, OFF);

    equal(connection.pipelined(({status}) => [status, connection.execute('select 5')]).map(one => one instanceof Pg.Cursor ? value(one) : one), [ON, 5]);
    throws(() => connection.pipelined(() => {
        connection.execute('insert into t values (2)');
        connection.execute('select 1/0');
    }), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    throws(() => connection.pipelined(() => {
        connection.execute('select 1/0');
        throw new RangeError('mine');
    }), RangeError, /mine/);
    throws(() => connection.pipelined(() => {
        connection.execute('select 1/0');
        return connection.execute('select 2').fetchone();
    }), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    throws(() => connection.pipelined(() => {
        connection.execute('select 1/0');
        try {
            connection.execute('select 2').fetchone();
        } catch {
            throw new RangeError('mine');
        }
    }), RangeError, /mine/);
    throws(() => connection.pipelined('x'), TypeError, /pipelined\(\) takes a function/);
    // An async function is not called at all; of a promise nothing is known before.
    let called = 0;
    throws(() => connection.pipelined(async () => {
        called++;
        await sleep(1);
    }), TypeError, /Pg\.AsyncConnection/);
    equal([called, connection.pipelineStatus], [0, OFF]);
    throws(() => connection.pipelined(() => sleep(1)), TypeError, /Pg\.AsyncConnection/);
    equal([connection.pipelineStatus, value(connection.execute('select count(*)::int from t'))], [OFF, 0]);
});

// The stream has the connection at the end: the pipeline must be over with it all the same, or what comes then would never be committed.
const SERIES = "select repeat('x', 10000) from generate_series(1, 500)";
const STREAMS = {
    rows: connection => {
        const rows = connection.stream(SERIES);
        const first = rows.next();
        return first instanceof Promise ? first.then(() => rows) : rows;
    },
    copyOut: connection => connection.copyOut(`copy (${SERIES}) to stdout`),
    copyIn: connection => connection.copyIn('copy t from stdin'),
};

const count = connection => value(connection.execute('select count(*)::int from t'));

test('a stream is open at the end, awaited', async t => {
    const [connection, other] = [await t.open({autocommit: true}), t.openBlocking({autocommit: true})];
    await connection.execute('create table t (i int)');
    for (const [name, open] of Object.entries(STREAMS)) {
        let stream;
        await connection.pipelined(async () => {
            stream = await open(connection);
        });
        if (name !== 'copyIn') {
            for await (const _ of stream)
                continue;
        }
        await stream.close?.();
        equal(connection.pipelineStatus, OFF, name);
        await connection.execute('insert into t values (1)');
        equal(count(other), 1, name);
        await connection.execute('truncate t');
    }
});

test('a stream is open at the end, blocking', t => {
    const [connection, other] = [t.openBlocking({autocommit: true}), t.openBlocking({autocommit: true})];
    connection.execute('create table t (i int)');
    for (const [name, open] of Object.entries(STREAMS)) {
        let stream;
        connection.pipelined(() => {
            stream = open(connection);
        });
        if (name !== 'copyIn') {
            for (const _ of stream)
                continue;
        }
        stream.close?.();
        equal(connection.pipelineStatus, OFF, name);
        connection.execute('insert into t values (1)');
        equal(count(other), 1, name);
        connection.execute('truncate t');
    }
});

test('cancelling', async t => {
    const connection = await t.open({autocommit: true});
    const cancellable = new Gio.Cancellable();
    const pipeline = connection.pipeline();
    await pipeline.begin();
    const sleeping = rejects(connection.execute('select pg_sleep(60)', null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    const after = rejects(connection.execute('select 1'), Pg.Error, Pg.Error.PIPELINE_ABORTED);
    cancellable.cancel();
    await sleeping;
    await rejects(pipeline.end(), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    await after;
    equal(value(await connection.execute('select 1')), 1);
});

await run();
