// SPDX-License-Identifier: LGPL-2.1-or-later

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const SERIES = 'select g from generate_series(1, 250) g';
const NUMBERS = Array.from({length: 250}, (_, i) => i + 1);

test('for … of', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    equal(cursor.rowcount, 250);
    for (let i = 0; i < 2; i++)
        equal(Array.from(cursor, row => row.get(0)), NUMBERS);
    equal(Array.from(cursor.get_result(), row => row.get('g')), NUMBERS);
    equal(cursor.get_result().n_rows, 250);
    equal(cursor.rownumber, 0);
    equal(Array.from(t.openBlocking().execute(SERIES), row => row.get(0)), NUMBERS);
});

test('for await … of', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    const seen = [];
    for await (const row of cursor) {
        seen.push(row.get(0));
        if (seen.length === 130)
            break;
    }
    equal(cursor.rownumber, 130);
    seen.push((await cursor.fetchone()).get(0));
    for await (const row of cursor)
        seen.push(row.get(0));
    equal(seen, NUMBERS);
    for await (const row of cursor)
        throw new Error(`one more: ${row.get(0)}`);
});

test('rows in the order of the calls', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    const seen = [];
    for await (const row of cursor) {
        seen.push(row.get(0));
        equal(cursor.rownumber, row.get(0));
        if (row.get(0) % 40 === 0)
            seen.push((await cursor.fetchone()).get(0), ...(await cursor.fetchmany(3)).map(one => one.get(0)));
        if (seen.length > 200) {
            cursor.scroll(-10);
            break;
        }
    }
    equal(seen, NUMBERS.slice(0, seen.length));
    equal((await cursor.fetchone()).get(0), seen.length - 9);

    // Not awaited one by one, over the end.
    cursor.scroll(95, Pg.ScrollMode.ABSOLUTE);
    const rows = cursor[Symbol.asyncIterator]();
    const next = () => rows.next().then(({value}) => value.get(0));
    const fetch = () => cursor.fetchone().then(row => row.get(0));
    equal(await Promise.all([next(), fetch(), next(), next(), fetch(), next(), next(), fetch()]), [96, 97, 98, 99, 100, 101, 102, 103]);
    cursor.scroll(249, Pg.ScrollMode.ABSOLUTE);
    equal((await Promise.all([rows.next(), rows.next(), rows.next()])).map(({done}) => done), [false, true, true]);
});

test('closed in a loop', async t => {
    const doNothing = async () => {};
    const loops = {
        'for await': async (cursor, body) => {
            for await (const row of cursor)
                body(row);
        },
        'for': (cursor, body) => {
            for (const row of cursor)
                body(row);
            return doNothing();
        },
    };
    for (const connection of [await t.open(), t.openBlocking()]) {
        for (const [name, loop] of Object.entries(loops)) {
            for (const factory of [null, Pg.scalarRow, Pg.RowFactory.new_scalar()]) {
                for (const last of [1, 3, 250]) {
                    const cursor = await connection.execute(SERIES);
                    cursor.rowFactory = factory;
                    let n = 0;
                    await rejects((async () => {
                        await loop(cursor, () => {
                            if (++n === last)
                                cursor.close();
                        });
                    })(), Pg.Error, /the cursor is closed/);
                    equal(n, last, name);
                }
            }
        }
    }
});

test('an exception ends for await', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    await rejects((async () => {
        for await (const row of cursor) {
            if (row.get(0) === 3)
                throw new RangeError('enough');
        }
    })(), RangeError, /enough/);
    equal((await cursor.fetchone()).get(0), 4);
});

test('for await while another statement is executed with the cursor', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    for await (const row of cursor) {
        equal(row.get(0), 1);
        await cursor.execute('select 5');
        break;
    }
    equal((await cursor.fetchone()).get(0), 5);
    // Not left: those of the other.
    await cursor.execute(SERIES);
    const seen = [];
    for await (const row of cursor) {
        seen.push(row.get(0));
        if (row.get(0) === 2)
            await cursor.execute('select 7 union all select 8');
    }
    equal(seen, [1, 2, 7, 8]);
});

test('fetch', async t => {
    const cursor = await (await t.open()).execute(SERIES);
    equal((await cursor.fetchone()).toArray(), [1]);
    equal((await cursor.fetchmany(2)).map(row => row.get(0)), [2, 3]);
    equal((await cursor.fetchall()).map(row => row.get(0)), NUMBERS.slice(3));
    equal(await cursor.fetchone(), null);
    equal(await cursor.fetchmany(5), []);
    equal(await cursor.fetchall(), []);
});

test('fetch, blocking', async t => {
    const cursor = t.openBlocking().execute(SERIES);
    equal(cursor.fetchone().toArray(), [1]);
    equal(cursor.fetchmany(2).map(row => row.get(0)), [2, 3]);
    equal(cursor.fetchall().map(row => row.get(0)), NUMBERS.slice(3));
    equal(cursor.fetchone(), null);
    equal(cursor.fetchall(), []);
});

test('whole results', async t => {
    const result = (await (await t.open()).execute("values (1, 'a'), (2, null)")).get_result();
    equal(result.toArrays(), [[1, 'a'], [2, null]]);
    equal(result.toObjects(), [{column1: 1, column2: 'a'}, {column1: 2, column2: null}]);
    equal(result.get_n_items(), 2);
    ok(result.get_item(0) instanceof Pg.Row);
    equal(JSON.stringify({all: result, last: result.get_item(1)}),
        '{"all":[{"column1":1,"column2":"a"},{"column1":2,"column2":null}],"last":{"column1":2,"column2":null}}');
});

test('a statement without rows', async t => {
    const cursor = await (await t.open()).execute('create temp table item (id int)');
    equal(cursor.rowcount, -1);
    throws(() => [...cursor], Pg.Error, Pg.Error.PROGRAMMING);
    await rejects(cursor.fetchone(), Pg.Error, Pg.Error.PROGRAMMING);
    await rejects((async () => {
        for await (const row of cursor)
            throw new Error(`${row}`);
    })(), Pg.Error, Pg.Error.PROGRAMMING);
    await cursor.execute('insert into item values (1), (2)');
    equal(cursor.rowcount, 2);
    equal([...await cursor.execute('select 1 where false')], []);
});

test('several results', async t => {
    const cursor = await (await t.open()).execute('select 1; select 2');
    equal(cursor.get_n_results(), 2);
    equal(cursor.get_result().toArrays(), [[1]]);
    equal(cursor.next_result(), true);
    equal(cursor.get_result().toArrays(), [[2]]);
    equal(cursor.next_result(), false);
});

test('a cursor of its own', async t => {
    const connection = await t.open();
    const cursor = connection.cursor();
    equal(await cursor.execute('select $1::text', ['a']) === cursor, true);
    equal((await cursor.fetchone()).get(0), 'a');
    const blocking = t.openBlocking().cursor();
    equal(blocking.execute('select $1::text', ['a']).fetchone().get(0), 'a');
    await rejects(cursor.execute('select $1', [undefined]), TypeError, /undefined/);
    cursor.close();
    await rejects(cursor.execute('select 1'), Pg.Error, Pg.Error.INTERFACE);
});

test('rows outlive cursor and connection', async t => {
    const connection = await t.open();
    const cursor = await connection.execute("select 1, 'a'::text, '\\x01'::bytea");
    const [row] = await cursor.fetchall();
    const result = cursor.get_result();
    cursor.close();
    await connection.close();
    equal(row.toArray(), [1, 'a', new Uint8Array([1])]);
    equal(result.toArrays(), [[1, 'a', new Uint8Array([1])]]);
    equal(cursor.get_result(), null);
});

await run();
