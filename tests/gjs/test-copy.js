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
    equal(copy.get_status_message(), 'COPY 2');
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

await run();
