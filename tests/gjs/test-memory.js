// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';
import {equal, ok, run, test} from './tap.js';

const SIZE = 1024;
const N = 200000;
const SELECT = `select convert_to(repeat('x', ${SIZE}), 'UTF8') from generate_series(1, ${N})`;
const COPY = `copy (select repeat('x', ${SIZE - 1}) from generate_series(1, ${N})) to stdout`;
const MIB = 1024 * 1024;

// What is resident, in MiB.
function resident() {
    const [, bytes] = GLib.file_get_contents('/proc/self/statm');
    return Number(new TextDecoder().decode(bytes).split(' ')[1]) * 4096 / MIB;
}

// About 200 MiB go through work(), which gives how many bytes there were.
async function check(work) {
    const begin = resident();
    equal(await work(), N * SIZE);
    System.gc();
    const more = resident() - begin;
    ok(more < 130, `${more} MiB more`);
}

test('defect: bytes were never freed where their length was asked for', async t => {
    const connection = await t.open();
    const cursor = connection.cursor();
    cursor.set_format(Pg.Format.BINARY);
    await check(async () => {
        let n = 0;
        for await (const rows of cursor.stream(SELECT).chunks()) {
            for (const [bytes] of rows)
                n += bytes.length;
        }
        return n;
    });
    await check(async () => {
        let n = 0;
        await cursor.execute(`${SELECT.replace(N, 1000)}`);
        for (let i = 0; i < N / 1000; i++) {
            for (const [bytes] of cursor.get_result().toArrays())
                n += bytes.length;
            if (i % 10 === 0)
                System.gc();
        }
        return n;
    });
    await check(async () => {
        let n = 0;
        for await (const block of await connection.copyOut(COPY))
            n += block.length;
        return n;
    });
    await check(async () => {
        let n = 0;
        for await (const [text] of (await connection.copyOut(COPY)).rows())
            n += text.length + 1;
        return n;
    });
});

test('results that a script is done with, without a turn of the main loop', async t => {
    const connection = t.openBlocking();
    await check(() => {
        let n = 0;
        for (let i = 0; i < N / 100; i++)
            n += connection.execute(`select repeat('x', ${SIZE}) from generate_series(1, 100)`).rowcount * SIZE;
        return n;
    });
});

test('defect: 200 results were kept, however large they were', async t => {
    const select = `select repeat('x', ${SIZE}) from generate_series(1, 3000)`;
    const blocking = t.openBlocking();
    const connection = await t.open();
    for (const execute of [() => blocking.execute(select), async () => await connection.execute(select)]) {
        System.gc();
        const begin = resident();
        let most = 0;
        for (let i = 0; i < 150; i++) {
            const result = execute();
            if (result instanceof Promise)
                await result;
            most = Math.max(most, resident() - begin);
        }
        ok(most < 250, `${most} MiB more`);
    }
});

test('defect: blocks of a large object were kept until the collector came by itself', async t => {
    for (const connection of [await t.open(), t.openBlocking()]) {
        const object = await connection.createLargeObject();
        await object.write(new Uint8Array(MIB));
        const begin = resident();
        let most = 0;
        for (let i = 0; i < 200; i++) {
            await object.seek(0);
            equal((await object.read()).length, MIB);
            most = Math.max(most, resident() - begin);
        }
        ok(most < 80, `${most} MiB more`);
    }
});

await run();
