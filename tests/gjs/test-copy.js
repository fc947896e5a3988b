// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const decode = blocks => blocks.map(block => new TextDecoder().decode(block)).join('');

test('blocking, there and back', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create table t (i int primary key, s text)');
    const copy = connection.copyIn('copy t from stdin');
    ok(copy instanceof Gio.OutputStream);
    copy.write('1\tä\n2');
    copy.write(new TextEncoder().encode('\tb\n'));
    copy.close();
    equal(copy.get_rowcount(), 2);
    equal([copy.rowcount, copy.statusMessage, copy.get_status_message()], [2, 'COPY 2', 'COPY 2']);
    equal(decode([...connection.copyOut('copy t to stdout')]), '1\tä\n2\tb\n');
    const again = connection.copyIn('copy t from stdin');
    again.write('1\ta\n');
    throws(() => again.close(), Pg.Error, /t_pkey/);
    throws(() => connection.copyIn('select 1'), Pg.Error, /COPY/);
    const binary = connection.copyIn('copy t from stdin (format binary)');
    throws(() => binary.write('text'), TypeError, /binary/);
    const early = () => {
        for (const block of connection.copyOut('copy (select generate_series(1, 1000000)) to stdout'))
            return block.length;
        return 0;
    };
    binary.abort('enough');
    equal(connection.execute('select 1').fetchone().get(0), 1);
    throws(() => binary.close(), Gio.IOErrorEnum, /enough/);
    const third = connection.copyIn('copy t from stdin');
    throws(() => third.write('\ud800'), Pg.Error, /surrogate/);
    throws(() => third.write([65, 10]), TypeError, /Uint8Array/);
    third.abort();
    throws(() => third.close(), Gio.IOErrorEnum, /given up/);
    ok(early() > 0);
    equal(connection.execute('select count(*) from t').fetchone().get(0), 2);
});

test('awaited, there and back', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (i int primary key, s text)');
    const lines = Array.from({length: 5000}, (_, i) => `${i}\t${'x'.repeat(100)}\n`);
    const copy = await connection.copyIn('copy t from stdin');
    for (let i = 0; i < lines.length; i += 100)
        await copy.write(lines.slice(i, i + 100).join(''));
    await copy.close();
    equal(copy.get_rowcount(), 5000);
    const blocks = [];
    for await (const block of await connection.copyOut('copy t to stdout'))
        blocks.push(block);
    equal(decode(blocks), lines.join(''));
    const again = await connection.copyIn('copy t from stdin');
    await again.write('1\ta\n');
    await rejects(again.close(), Pg.Error, /t_pkey/);
    // Other calls fail as long as it is open, and wait for the end that was asked for.
    const early = await connection.copyOut('copy t to stdout');
    await rejects(connection.execute('select count(*) from t'), Pg.Error, /copy is open/);
    equal((await early.read_bytes_async(3, GLib.PRIORITY_DEFAULT, null)).get_size(), 3);
    const closed = early.close();
    const count = connection.execute('select count(*) from t');
    await closed;
    equal((await (await count).fetchone()).get(0), 5000);
    // Once more is no error.
    for (const stream of [early, copy, again])
        equal(await stream.close(), true);
});

// Each call waits for the one before it: what was written first is loaded first, and all of it before the end.
test('not awaited, in order', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (n serial, i int4)');
    const loaded = async () => {
        const rows = [];
        for await (const [i] of (await connection.copyOut('copy (select i from t order by n) to stdout')).rows())
            rows.push(i);
        await connection.execute('truncate t');
        return rows;
    };
    const calls = {
        'write': (copy, i) => copy.write(`${i}\n`),
        'bytes': (copy, i) => copy.write(new TextEncoder().encode(`${i}\n`)),
        'writeColumns': (copy, i) => copy.writeColumns([new Int32Array([i])]),
        'writeRow': (copy, i) => copy.writeRow([i]),
        'write_bytes_async': (copy, i) => copy.write_bytes_async(new TextEncoder().encode(`${i}\n`), GLib.PRIORITY_DEFAULT, null),
    };
    const mixed = Object.values(calls);
    for (const [name, call] of [...Object.entries(calls).slice(0, -1), ['mixed', (copy, i) => mixed[(i * 7 + (i >> 3)) % mixed.length](copy, i)]]) {
        for (const n of [1, 2, 3, 100]) {
            const copy = await connection.copyIn('copy t (i) from stdin');
            const started = Array.from({length: n}, (_, i) => call(copy, i));
            started.push(copy.close());
            // Too late.
            const late = Promise.allSettled([copy.writeRow([-1]), copy.write('-2\n'), copy.writeColumns([[-3]])]);
            await Promise.all(started);
            equal((await late).map(({reason}) => /closed/.test(reason?.message)), [true, true, true]);
            equal(copy.get_rowcount(), n, name);
            equal(await loaded(), Array.from({length: n}, (_, i) => i), name);
        }
    }

    // GIO's own calls wait, too.
    for (const before of [1, 2, 3]) {
        const copy = await connection.copyIn('copy t (i) from stdin');
        const started = Array.from({length: before}, (_, i) => copy.write(`${i}\n`));
        await new Promise((resolve, reject) => {
            copy.close_async(GLib.PRIORITY_DEFAULT, null, (_copy, result) => {
                try {
                    resolve(copy.close_finish(result));
                } catch (error) {
                    reject(error);
                }
            });
            started.push(copy.writeRow([-1]).catch(error => error));
        });
        ok(/closed/.test((await Promise.all(started)).at(-1).message));
        equal(await loaded(), Array.from({length: before}, (_, i) => i));
    }

    // The caller has its array again at once.
    const copy = await connection.copyIn('copy t (i) from stdin');
    const block = new Uint8Array([0x30, 0x0a]);
    const started = [];
    for (let i = 0; i < 10; i++) {
        block[0] = 0x30 + i;
        started.push(copy.write(block));
    }
    throws(() => copy.setTypes(['int4']), Pg.Error, /waiting/);
    await Promise.all([...started, copy.close()]);
    equal(await loaded(), Array.from({length: 10}, (_, i) => i));
});

test('not awaited, with errors', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (i int4)');
    // An error is that of its own call: the next ones are run.
    const copy = await connection.copyIn('copy t from stdin');
    const results = await Promise.allSettled([copy.writeRow([1]), copy.writeColumns([[2], [3]]), copy.writeRow([4, 5]), copy.write('6\n'),
        copy.writeColumns([7]), copy.writeRow([8]), copy.close(), copy.close()]);
    equal(results.map(({status}) => status === 'fulfilled'), [true, false, false, true, false, true, true, true]);
    equal(copy.get_rowcount(), 3);
    // With a row that cannot be sent, the copy is over: for all that come after.
    const broken = await connection.copyIn('copy t from stdin');
    const after = await Promise.allSettled([broken.writeRow([1]), broken.writeRow(['\ud800']), broken.writeColumns([[2]]), broken.write('3\n'),
        broken.close()]);
    equal(after.map(({status}) => status === 'fulfilled'), [true, true, false, false, false]);
    ok(/row 2, column 1.*surrogate/.test(after[2].reason.message), after[2].reason.message);
    await rejects(broken.writeRow([4]), Pg.Error, /given up/);
    // Given up while calls wait.
    const left = await connection.copyIn('copy t from stdin');
    const waiting = Array.from({length: 10}, (_, i) => left.write(`${i}\n`));
    left.abort();
    equal((await Promise.allSettled([...waiting, left.close()])).at(-1).status, 'rejected');
    equal((await (await connection.execute('select count(*) from t')).fetchone()).get(0), 3);
});

test('many, not awaited', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (i int4)');
    for (const call of [(copy, i) => copy.writeRow([i]), (copy, i) => copy.write(`${i}\n`)]) {
        const copy = await connection.copyIn('copy t from stdin');
        const started = Array.from({length: 5000}, (_, i) => call(copy, i));
        started.push(copy.close());
        await Promise.all(started);
        equal(copy.get_rowcount(), 5000);
    }
});

test('how many rows', async t => {
    for (const connection of [t.openBlocking(), await t.open()]) {
        await connection.execute('create temp table t (i int)');
        const copy = await connection.copyIn('copy t from stdin');
        await copy.writeColumns([[1, 2, 3]]);
        equal([copy.rowcount, copy.statusMessage], [-1, null]);
        await copy.close();
        equal([copy.rowcount, copy.statusMessage], [3, 'COPY 3']);
        const out = await connection.copyOut('copy t to stdout');
        equal(out.rowcount, -1);
        for await (const _ of out.rows())
            continue;
        equal([out.rowcount, out.statusMessage], [3, 'COPY 3']);
        const cursor = await connection.execute('update t set i = 5 where i < 3');
        equal([cursor.rowcount, cursor.statusMessage, cursor.get_result().rowcount, cursor.get_result().statusMessage], [2, 'UPDATE 2', 2, 'UPDATE 2']);
    }
});

// As a cursor that is closed in a loop.
test('closed in a loop', async t => {
    for (const connection of [t.openBlocking({autocommit: true}), await t.open({autocommit: true})]) {
        for (const rows of [true, false]) {
            for (const isAwaited of [true, false]) {
                const out = await connection.copyOut('copy (select generate_series(1, 100000)) to stdout');
                let n = 0;
                const loop = async () => {
                    for await (const _ of rows ? out.rows() : out) {
                        n++;
                        const closed = out.close();
                        if (isAwaited)
                            await closed;
                    }
                };
                const error = await rejects(loop(), Pg.Error, /^the copy is closed$/);
                ok(error.matches(Pg.Error, Pg.Error.INTERFACE));
                equal(n, 1);
            }
        }
        equal((await connection.execute('select 1')).rowcount, 1);
    }
});

await run();
