// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which error pipelined() throws where several calls have failed, and whose calls it knows.

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, sleep, test} from './tap.js';

const value = cursor => cursor.get_result().toArrays()[0][0];
const ignore = () => {};

test('the first error, not what it has led to', async t => {
    const connection = await t.open();
    const divided = [Pg.Error, Pg.Error.DIVISION_BY_ZERO];
    const broken = () => connection.execute('select 1/0');
    const after = () => connection.execute('select 5');
    const handled = promise => {
        promise.catch(ignore);
    };
    for (const body of [
        () => {
            broken();
            connection.commit();
            after();
        },
        pipeline => {
            broken();
            pipeline.sync();
            after();
        },
        () => {
            broken();
            connection.commit();
            return after();
        },
        () => [broken(), connection.commit(), after()],
        () => {
            handled(broken());
            connection.commit();
            return [after(), after()];
        },
        async () => {
            broken();
            connection.commit();
            await after();
        },
        async pipeline => {
            broken();
            connection.commit();
            after();
            await pipeline.sync();
        },
        async () => {
            broken();
            connection.commit();
            await Promise.all([1, 2].map(async () => value(await after())));
        },
    ]) {
        await rejects(connection.pipelined(body), ...divided);
        equal(connection.pipelineStatus, Pg.PipelineStatus.OFF);
        await connection.rollback();
    }

    const pipeline = connection.pipeline();
    await pipeline.begin();
    broken();
    connection.commit();
    after();
    await rejects(pipeline.end(), ...divided);
    await connection.rollback();

    // Handled is what was to be: the next one is the first.
    await rejects(connection.pipelined(async () => {
        broken();
        await connection.commit().catch(ignore);
        after();
    }), Pg.Error, Pg.Error.IN_FAILED_SQL_TRANSACTION);
    await connection.rollback();

    // The function's own exception comes before all of them.
    await rejects(connection.pipelined(() => {
        broken();
        connection.commit();
        throw new RangeError('mine');
    }), RangeError, /mine/);
    await connection.rollback();
    equal(value(await after()), 5);
});

// What fails without being awaited, as the only call of a pipeline.
const CALLS = {
    'commit': connection => connection.commit(5),
    'rollback': connection => connection.rollback(5),
    'setAutocommit': connection => connection.setAutocommit('yes'),
    'setIsolationLevel': connection => connection.setIsolationLevel('none'),
    'setReadOnly': connection => connection.setReadOnly('yes'),
    'setDeferrable': connection => connection.setDeferrable('yes'),
    'copyIn': connection => connection.copyIn('copy nope from stdin'),
    'copyOut': connection => connection.copyOut('copy nope to stdout'),
    'openLargeObject': connection => connection.openLargeObject(123456),
    'unlinkLargeObject': connection => connection.unlinkLargeObject(123456),
    'createLargeObject': connection => connection.createLargeObject(-1),
    'fetchType': connection => connection.fetchType('nope'),
    'prepare': connection => connection.prepare('select nope'),
    'execute': connection => connection.execute('select nope'),
    'execute_async': connection => connection.execute_async('select nope', null, null),
    'cursor.execute': connection => connection.cursor().execute('select nope'),
    'cursor.executeMany': connection => connection.cursor().executeMany('select $1::int / 0', [[1]]),
    'cursor.fetchone': connection => connection.cursor().fetchone(),
    'AsyncClientCursor.execute': connection => new Pg.AsyncClientCursor({connection}).execute('select nope'),
    'serverCursor.execute': connection => connection.serverCursor('c').execute('select nope'),
    'serverCursor.fetchall': connection => connection.serverCursor('c').fetchall(),
    'stream': connection => connection.stream('select nope').next(),
    'stream.chunks': connection => connection.stream('select nope').chunks().next(),
    'cancelSafe': connection => connection.cancelSafe(-1),
};

test('calls of all kinds that nobody awaits', async t => {
    const [output] = await t.script('fixtures/pipelined-calls.js', [t.conninfo, JSON.stringify(Object.fromEntries(Object.entries(CALLS).map(([name, call]) => [name, String(call)])))]);
    // Each is thrown, and GJS has nothing to say of any.
    equal(output, Object.keys(CALLS).map(name => `${name}: thrown\n`).join(''));
});

test('calls of what was opened before', async t => {
    const connection = await t.open({autocommit: false});
    const object = await connection.createLargeObject();
    const statement = await connection.prepare('select 1 / $1::int');
    const server = await connection.serverCursor('c').execute('select 1 / (2 - i) from generate_series(1, 5) as i');
    for (const call of [
        () => object.write('text'),
        () => object.resize(-1),
        () => statement.execute([0]),
        () => server.fetchall(),
    ]) {
        await connection.execute('savepoint s');
        const error = await connection.pipelined(() => {
            call();
        }).then(() => null, reason => reason);
        ok(error !== null, String(call));
        await connection.execute('rollback to s');
    }
});

test('many sets of parameters, in several parts', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temporary table t (i int primary key)');
    const sets = Array.from({length: 2500}, (_, i) => [i]);
    await rejects(connection.pipelined(() => {
        connection.cursor().executeMany('insert into t values ($1)', [...sets, [5]]);
    }), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    await connection.pipelined(() => {
        connection.cursor().executeMany('insert into t values ($1)', sets);
    });
    equal(value(await connection.execute('select count(*)::int from t')), 2500);
});

test('the session ends in a pipeline', async t => {
    const other = t.openBlocking({autocommit: true});
    for (const end of [connection => other.execute('select pg_terminate_backend($1)', [connection.get_backend_pid()]), connection => connection.close()]) {
        const connection = await t.open();
        const error = await connection.pipelined(() => {
            connection.execute('select pg_sleep(60)');
            connection.execute('select 1');
            connection.copyIn('copy nope from stdin');
            end(connection);
            connection.execute('select 2');
        }).then(() => null, reason => reason);
        ok(/administrator command|closed/.test(error?.message), String(error));
    }
});

test('begin() that is not awaited', async t => {
    const connection = await t.open({autocommit: true});
    const pipeline = connection.pipeline();
    pipeline.begin();
    connection.execute('select $1', [1, 2]);
    await rejects(pipeline.end(), Pg.Error, /2 parameters/);
    // Twice is an error of the second one.
    await pipeline.begin();
    await rejects(pipeline.begin(), Pg.Error, /begun already/);
    connection.execute('select $1', [1, 2]);
    await rejects(pipeline.end(), Pg.Error, /2 parameters/);
    await sleep(0);
});

await run();
