// SPDX-License-Identifier: LGPL-2.1-or-later
// cancel() when no call runs: between two rows, two blocks of a copy, two sets of parameters.

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const MANY = 'select generate_series(1, 100000000)';

async function value(connection, sql) {
    return (await (await connection.execute(sql)).fetchone()).get(0);
}

test('stream', async t => {
    const connection = await t.open();
    for (const size of [1, 100]) {
        const read = async () => {
            for await (const [number] of connection.stream(MANY, null, {size})) {
                if (number === 1)
                    await connection.cancelSafe(60_000);
                ok(number <= 100, 'it goes on');
            }
        };
        await rejects(read(), Pg.Error, Pg.Error.QUERY_CANCELED);
        equal(connection.get_transaction_status(), Pg.TransactionStatus.INERROR);
        await connection.rollback();
        equal(await value(connection, 'select 5 from pg_sleep(0.1)'), 5);
    }
});

test('copy', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temporary table item (id int)');
    const target = await connection.copyIn('copy item from stdin');
    await target.writeRow([1]);
    connection.cancel();
    await rejects(target.close(), Pg.Error, Pg.Error.QUERY_CANCELED);
    const read = async () => {
        for await (const block of await connection.copyOut(`copy (${MANY}) to stdout`)) {
            ok(block.length > 0, 'no data');
            connection.cancel();
        }
    };
    await rejects(read(), Pg.Error, Pg.Error.QUERY_CANCELED);
    equal(await value(connection, 'select count(*)::int from item'), 0);
});

test('many sets of parameters', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create temporary table item (id int)');
    function* sets() {
        for (let i = 0; i < 5000; i++) {
            if (i === 1700)
                connection.cancel();
            yield [i];
        }
    }
    await rejects(connection.cursor().executeMany('insert into item values ($1)', sets()), Pg.Error, Pg.Error.QUERY_CANCELED);
    equal(await value(connection, 'select count(*)::int from item'), 0);
});

test('blocking', t => {
    const connection = t.openBlocking({autocommit: true});
    throws(() => {
        for (const [number] of connection.stream(MANY, null, {size: 10})) {
            if (number === 3)
                connection.cancel_safe(60_000, null);
        }
    }, Pg.Error, Pg.Error.QUERY_CANCELED);
    equal(connection.execute('select 5 from pg_sleep(0.1)').fetchone().get(0), 5);
});

await run();
