// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const plain = rows => JSON.stringify(rows);

test('rows, blocking, there and back', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create table t (i int8, s text, f float8, b bool)');
    const rows = Array.from({length: 1500}, (_, i) => [i % 5 === 0 ? null : i * 10 ** (i % 10), i % 7 === 0 ? null : `tab\t${i}\n\\ä`, i / 4, i % 2 === 0]);
    for (const format of ['text', 'binary']) {
        const copy = connection.copyIn(`copy t from stdin (format ${format})`);
        for (const row of rows)
            copy.writeRow(row);
        copy.close();
        equal(copy.get_rowcount(), 1500);
        equal(plain([...connection.copyOut(`copy t to stdout (format ${format})`).rows()]), plain(rows));
        const out = connection.copyOut(`copy t to stdout (format ${format})`);
        const result = out.readRows();
        equal(result.n_rows, 1500);
        equal(result.get_column(1).get_name(), 's');
        out.close();
        connection.execute('truncate t');
    }
    for (const row of connection.copyOut('copy (select generate_series(1, 1000000)) to stdout').rows()) {
        equal(row[0], 1);
        break;
    }
    equal(connection.execute('select 1').fetchone().get(0), 1);
});

test('columns', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create table t (i int4, s text)');
    for (const format of ['text', 'binary']) {
        const copy = connection.copyIn(`copy t from stdin (format ${format})`);
        copy.writeColumns([new Int32Array([1, 2]), ['a', null]]);
        copy.writeRow([3, 'c']);
        copy.writeColumns([new BigInt64Array([4n]), ['d']]);
        if (format === 'text')
            copy.write('5\te\n');
        else
            copy.writeRow([5, 'e']);
        copy.writeColumns([new Uint8Array([6]), ['f']]);
        copy.writeColumns([[], []]);
        copy.close();
        equal(plain([...connection.copyOut('copy t to stdout').rows()]), plain([[1, 'a'], [2, null], [3, 'c'], [4, 'd'], [5, 'e'], [6, 'f']]));
        connection.execute('truncate t');
    }
});

test('parameters', async t => {
    const connection = t.openBlocking({autocommit: true});
    equal(plain([...connection.copyOut('copy (select %s::int, %s) to stdout', [5, "it's\\"]).rows()]), plain([[5, "it's\\"]]));
    const other = await t.open({autocommit: true});
    for await (const row of (await other.copyOut('copy (select $1::int) to stdout', [6])).rows())
        equal(plain(row), '[6]');
});

test('rows that are refused', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute('create table t (i int4, s text)');
    const copy = connection.copyIn('copy t from stdin (format binary)');
    copy.writeRow([1, 'a']);
    throws(() => copy.writeRow([1]), Pg.Error, /row 2: expected 2 values, got 1/);
    throws(() => copy.writeRow('ab'), TypeError, /array/);
    throws(() => copy.writeRow([1, 'a'], 'junk'), TypeError, /^cancellable takes/);
    throws(() => copy.writeColumns([[1], ['\ud800']]), Pg.Error, /surrogate/);
    throws(() => copy.writeColumns([5, 6]), TypeError, /column 1/);
    throws(() => copy.setTypes(['int4']), Pg.Error, /types of 2 columns/);
    copy.writeRow([2 ** 40, 'b']);
    throws(() => copy.close(), Pg.Error, /row 2, column 1/);
    copy.abort();
    throws(() => connection.copyIn('copy t from stdin csv').writeColumns([[1], ['a']]), Pg.Error, /bytes/);
    ok(true);
});

test('rows, awaited', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table t (i int4, s text)');
    const copy = await connection.copyIn('copy t from stdin (format binary)');
    for (let i = 0; i < 1200; i++)
        await copy.writeRow([i, `s${i}`]);
    await copy.writeColumns([[1200], [null]]);
    await copy.writeRow([1201, 'end']);
    await rejects(copy.writeRow([1]), Pg.Error, /expected 2 values/);
    await rejects(copy.writeRow([1, 'a'], 'junk'), TypeError, /^cancellable takes/);
    await copy.close();
    equal(copy.get_rowcount(), 1202);
    let n = 0;
    for await (const [i, s] of (await connection.copyOut('copy t to stdout')).rows()) {
        equal(i, n++);
        equal(s, i === 1200 ? null : i === 1201 ? 'end' : `s${i}`);
    }
    equal(n, 1202);
    const out = await connection.copyOut("copy (select '5', '{1}') to stdout");
    out.setTypes(['int4', 'int4[]']);
    equal(plain((await out.readRows()).toArrays()), '[[5,[1]]]');
    await out.close();
});

test('several reads at once', async t => {
    const connection = await t.open({autocommit: true});
    const open = () => connection.copyOut('copy (select i from generate_series(1, 5000) as i) to stdout');
    const column = result => result.toArrays().map(([i]) => i);
    const range = (from, to) => Array.from({length: to - from + 1}, (_, i) => from + i);
    const copy = await open();
    const cancellable = new Gio.Cancellable();
    const calls = [copy.readRows(1), copy.readRows(2000), copy.readRows(5, cancellable), copy.readRows('x'), copy.read_rows_async(10, null), copy.readRows(), copy.readRows(), copy.close(), copy.close(),
        copy.readRows(1)];
    cancellable.cancel();
    const settled = await Promise.allSettled(calls);
    equal(settled.slice(0, 2).map(({value}) => plain(column(value))), [plain([1]), plain(range(2, 2001))]);
    ok(settled[2].reason.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
    ok(settled[3].reason instanceof TypeError);
    equal(settled.slice(4, 7).map(({value}) => plain(column(value))), [plain(range(2002, 2011)), plain(range(2012, 5000)), '[]']);
    equal(settled.slice(7, 9).map(({value}) => value), [true, true]);
    ok(/closed/.test(settled[9].reason.message));
    // Bytes.
    const bytes = await open();
    const blocks = await Promise.all([3, 4, 2].map(n => bytes.read_bytes_async(n, GLib.PRIORITY_DEFAULT, null)).concat(bytes.close()));
    equal(blocks.slice(0, 3).map(block => new TextDecoder().decode(block.toArray())).join(''), '1\n2\n3\n4\n5'.slice(0, 9));
    // Two loops share them.
    const shared = await open();
    const seen = [];
    const loop = async () => {
        for await (const [i] of shared.rows())
            seen.push(i);
    };
    await Promise.allSettled([loop(), loop()]);
    equal(plain(seen.sort((a, b) => a - b)), plain(range(1, 5000)));
    await connection.execute('select 1');
});

test('rows after the end', async t => {
    const blocking = t.openBlocking({autocommit: true});
    blocking.execute('create table t (i int4, s text)');
    const connection = await t.open({autocommit: true});
    for (const [end, message] of [['close', /closed/], ['abort', /given up/]]) {
        for (const begun of [false, true]) {
            const copy = blocking.copyIn('copy t from stdin');
            if (begun)
                copy.writeRow([1, 'a']);
            copy[end]();
            equal(throws(() => copy.writeRow([2, 'b']), Pg.Error, Pg.Error.INTERFACE).message.match(message) !== null, true);
            throws(() => copy.setTypes(['int4', 'text']), Pg.Error, Pg.Error.INTERFACE);

            const other = await connection.copyIn('copy t from stdin');
            if (begun)
                await other.writeRow([3, 'c']);
            const ending = other[end]();
            await ending;
            equal((await rejects(other.writeRow([4, 'd']), Pg.Error, Pg.Error.INTERFACE)).message.match(message) !== null, true);
        }
    }
    equal(plain([...blocking.copyOut('copy t to stdout').rows()]), plain([[1, 'a'], [3, 'c']]));
});

// However the stream is closed, the rows that were collected are loaded, or it is an error.
test('rows before calls of GIO', async t => {
    const blocking = t.openBlocking({autocommit: true});
    const connection = await t.open({autocommit: true});
    blocking.execute('create table t (i int4)');
    const TARGET = Gio.OutputStreamSpliceFlags.CLOSE_TARGET;
    const source = text => Gio.MemoryInputStream.new_from_bytes(new TextEncoder().encode(text));
    const called = (copy, name, ...args) => new Promise((resolve, reject) => {
        copy[`${name}_async`](...args, (_copy, result) => {
            try {
                resolve(copy[`${name}_finish`](result));
            } catch (error) {
                reject(error);
            }
        });
    });
    const P = GLib.PRIORITY_DEFAULT;
    const ends = {
        'close_async': copy => copy.close_async(P, null),
        'close_async with a callback': copy => called(copy, 'close', P, null),
        'splice_async': copy => copy.splice_async(source('7\n'), TARGET, P, null),
        'splice_async with a callback': copy => called(copy, 'splice', source('7\n'), TARGET, P, null),
        'write_bytes_async': async copy => {
            await copy.write_bytes_async(new TextEncoder().encode('7\n'), P, null);
            await copy.close_async(P, null);
        },
        'flush_async': async copy => {
            await copy.flush_async(P, null);
            await copy.close();
        },
    };
    for (const [name, end] of Object.entries(ends)) {
        for (const one of [blocking, connection]) {
            const copy = await one.copyIn('copy t from stdin');
            for (const i of [1, 2, 3])
                await copy.writeRow([i]);
            await end(copy);
            equal(copy.get_rowcount(), /splice|write/.test(name) ? 4 : 3, name);
            throws(() => copy.setTypes(['int4']), Pg.Error, Pg.Error.INTERFACE);
            // What comes too late is not lost in silence.
            if (one === blocking)
                throws(() => copy.writeRow([8]), GLib.Error, /closed/);
            else
                await rejects(copy.writeRow([8]), GLib.Error, /closed/);
        }
    }
    const spliced = blocking.copyIn('copy t from stdin');
    spliced.writeRow([1]);
    spliced.splice(source('7\n'), TARGET, null);
    equal(spliced.get_rowcount(), 2);

    // A row that cannot be sent is an error of the call that closes.
    for (const end of [ends['close_async'], ends['close_async with a callback'], ends['splice_async'], ends['splice_async with a callback']]) {
        const copy = await connection.copyIn('copy t from stdin');
        await copy.writeRow(['x']);
        await copy.writeRow(['\ud800']);
        await rejects(end(copy), GLib.Error, /surrogate/);
    }
    // What GIO does by itself knows nothing of the rows.
    for (const one of [blocking, connection]) {
        const copy = await one.copyIn('copy t from stdin');
        const around = Gio.BufferedOutputStream.new(copy);
        await copy.writeRow([1]);
        throws(() => around.close(null), Gio.IOErrorEnum, Gio.IOErrorEnum.PENDING);
        copy.abort();
    }
    // Not awaited.
    const copy = await connection.copyIn('copy t from stdin');
    const calls = Array.from({length: 1500}, (_, i) => copy.writeRow([i]));
    calls.push(copy.close());
    await Promise.all(calls);
    equal(copy.get_rowcount(), 1500);
});

await run();
