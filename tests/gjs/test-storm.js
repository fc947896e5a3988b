// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls of all kinds at random, which nobody awaits one by one: each of them ends. PGCONN_TEST_LONG=1 makes many more of them.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {Failure, run, sleep, test} from './tap.js';

const BLOCK = 200000;

function makeRandom(seed) {
    let state = seed;
    return n => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % n;
    };
}

const ascending = n => Array.from({length: n}, (_, i) => [i]);

function makeCalls(connection, random) {
    const objects = [], cursors = [];
    const any = list => list[random(list.length)];
    const cursor = connection.cursor();
    let copy = null;
    const slowly = async function* (n) {
        for (const set of ascending(n)) {
            if (set[0] % 700 === 5)
                await sleep(0);
            if (set[0] === 3)
                connection.execute('select 1').catch(() => {});
            yield set;
        }
    };
    const cancelledLater = call => {
        const cancellable = new Gio.Cancellable();
        const promise = call(cancellable);
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            cancellable.cancel();
            return GLib.SOURCE_REMOVE;
        });
        return promise;
    };
    return {
        execute: () => connection.execute('select $1', [1]),
        fail: () => connection.execute('select 1/0'),
        commit: () => connection.commit(),
        rollback: () => connection.rollback(),
        autocommit: () => connection.setAutocommit(random(2) === 0),
        prepare: () => connection.prepare('select 1').then(statement => statement.execute()),
        createLargeObject: () => connection.createLargeObject().then(object => objects.push(object)),
        write: () => any(objects)?.write(new Uint8Array(random(3) * BLOCK)),
        read: () => any(objects)?.read(),
        seek: () => any(objects)?.seek(0, random(3)),
        closeLargeObject: () => any(objects)?.close(),
        serverCursor: () => {
            const made = connection.serverCursor(`c${cursors.length}`, {itersize: 2});
            cursors.push(made);
            return made.execute('select generate_series(1, 10)');
        },
        fetch: () => any(cursors)?.fetchmany(3),
        next: () => any(cursors)?.[Symbol.asyncIterator]().next(),
        closeCursor: () => any(cursors)?.close(),
        many: () => cursor.executeMany('insert into t values ($1)', ascending(1 + random(2500))),
        manySlowly: () => connection.cursor().executeMany('insert into t values ($1)', slowly(1 + random(2500))),
        copyIn: async () => {
            copy = await connection.copyIn('copy t from stdin');
        },
        writeRow: () => copy?.writeRow([1]),
        closeCopy: () => copy?.close(),
        pipelined: () => connection.pipelined(() => [connection.execute('select 1'), connection.execute('select 2')]),
        pipelinedAwaited: () => connection.pipelined(async () => {
            await any(objects)?.write(new Uint8Array(BLOCK));
            any(objects)?.write(new Uint8Array(3)).catch(() => {});
            await connection.execute('select 2');
        }),
        stream: async () => {
            for await (const [i] of connection.stream('select generate_series(1, 300)')) {
                if (i === 200)
                    break;
            }
        },
        cancelled: () => cancelledLater(cancellable => connection.execute('select 1', null, cancellable)),
        cancelledWrite: () => cancelledLater(cancellable => any(objects)?.write(new Uint8Array(BLOCK * 2), cancellable)),
        cancel: () => connection.cancel(),
        turn: () => sleep(0),
        end: () => copy?.abort(),
    };
}

test('every call ends', async t => {
    const rounds = GLib.getenv('PGCONN_TEST_LONG') === '1' ? 500 : 15;
    for (let seed = 1; seed <= rounds; seed++) {
        const random = makeRandom(seed);
        const connection = await t.open({autocommit: random(2) === 0});
        await connection.execute('create temp table t (i int)');
        const {end, ...calls} = makeCalls(connection, random);
        const open = new Map();
        for (let i = 0, n = 5 + random(40); i < n; i++) {
            const name = Object.keys(calls)[random(Object.keys(calls).length)];
            const call = new Promise(resolve => resolve(calls[name]()));
            open.set(i, name);
            call.catch(() => {}).then(() => open.delete(i));
            if (random(4) === 0)
                await sleep(0);
        }
        // A copy that is open when all the others are over ends with this.
        for (let waited = 0; open.size > 0; waited++) {
            await sleep(5);
            end();
            if (waited > 6000)
                throw new Failure(`seed ${seed}: ${[...open.values()].join(', ')} did not end`);
        }
        await connection.close();
    }
});

await run();
