// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The demonstration in JavaScript. demo.c, which also says what it does, and demo.py are the same program in C and Python.
//
//   gjs -m demo.js show|notify

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';

const LANGUAGES = 3;
const LANGUAGE = 'JavaScript';

async function open(options) {
    const conn = await Pg.AsyncConnection.open(GLib.getenv('DATABASE_URL') ?? '', options);
    await conn.execute("SELECT set_config('search_path', $1, false)", [GLib.getenv('DEMO_SCHEMA')]);
    await conn.commit();
    return conn;
}

function sleep(milliseconds) {
    return new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
}

function printStep(what, outcome, start) {
    const milliseconds = (GLib.get_monotonic_time() - start) / 1000;
    print(`${what.padEnd(44)} ${milliseconds.toFixed(1).padStart(9)} ms   ${outcome}`);
}

function printResult(cursor) {
    const result = cursor.get_result();
    const columns = [...Array(result.get_n_columns()).keys()];
    const lines = [columns.map(column => result.get_column(column).get_name())];
    for (const row of cursor)
        lines.push(row.toArray().map(value => value === null ? 'NULL' : `${value}`));
    const widths = columns.map(column => Math.max(...lines.map(line => line[column].length)));
    lines.splice(1, 0, widths.map(width => '-'.repeat(width)));
    for (const line of lines)
        print(line.map((cell, column) => `  ${cell.padEnd(widths[column])}`).join('').trimEnd());
}

function versions(conn) {
    const libpq = Pg.Capabilities.get_default().libpq_version;
    const gjs = System.version;
    print(`pgconn ${Pg.MAJOR_VERSION}.${Pg.MINOR_VERSION}.${Pg.MICRO_VERSION}, ` +
        `PostgreSQL ${Math.floor(conn.server_version / 10000)}.${conn.server_version % 10000}, ` +
        `libpq ${Math.floor(libpq / 10000)}.${libpq % 10000}, GJS ${Math.floor(gjs / 10000)}.${Math.floor(gjs / 100) % 100}.${gjs % 100}\n`);
}

async function queries(conn) {
    const start = GLib.get_monotonic_time();
    const countries = await conn.execute('SELECT code, name, numeric_code FROM country WHERE name LIKE $1 ORDER BY name', ['Ne%']);
    const between = GLib.get_monotonic_time();
    const characters = await conn.sql`SELECT category, count(*) AS characters, max(length(name)) AS longest_name FROM character
        WHERE category = ANY (${['Sc', 'Sm', 'Zs']}) GROUP BY category ORDER BY category`;
    const end = GLib.get_monotonic_time();

    printResult(countries);
    print('');
    printResult(characters);
    print('');
    const shift = GLib.get_monotonic_time() - end;
    printStep('query with a text parameter', '', start + shift + (end - between));
    printStep('query with an array parameter', '', between + shift);
}

async function rollback(conn) {
    const start = GLib.get_monotonic_time();
    const deleted = await conn.execute('DELETE FROM currency');
    await conn.rollback();
    const counted = await conn.execute('SELECT count(*) FROM currency');
    await conn.commit();
    const [[count]] = counted;
    printStep('transaction that is rolled back', `${deleted.rowcount} deleted, ${count} there after the rollback`, start);
}

async function violation(conn) {
    const start = GLib.get_monotonic_time();
    let error = null;
    try {
        await conn.execute('INSERT INTO country (code, name) VALUES ($1, $2)', ['NL', 'Netherlands again']);
    } catch (e) {
        error = e;
    }
    if (!error?.matches(Pg.Error, Pg.Error.UNIQUE_VIOLATION))
        throw error ?? new Error('the second Netherlands were not refused');
    await conn.rollback();
    const diagnostic = Pg.error_get_diagnostic(error);
    printStep('unique violation', `${diagnostic.get_sqlstate()}, constraint ${diagnostic.get_constraint_name()}`, start);
}

async function cancel(conn) {
    const start = GLib.get_monotonic_time();
    const cancellable = new Gio.Cancellable();
    sleep(200).then(() => cancellable.cancel());
    let error = null;
    try {
        await conn.execute('SELECT pg_sleep(60)', null, cancellable);
    } catch (e) {
        error = e;
    }
    if (!error?.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
        throw error ?? new Error('the statement was not cancelled');
    await conn.rollback();
    printStep('60 second statement, cancelled after 200 ms', error.message, start);
}

async function show() {
    const conn = await open({});
    versions(conn);
    await queries(conn);
    await rollback(conn);
    await violation(conn);
    await cancel(conn);
    await conn.close();
}

async function notify() {
    const conn = await open({autocommit: true});
    let received = 0;
    const done = new Promise(resolve => {
        conn.connect('notification::demo', (_conn, notification) => {
            if (notification.get_pid() === conn.backend_pid)
                return;
            print(`${LANGUAGE.padEnd(12)} received  ${notification.get_payload()}`);
            if (++received === LANGUAGES - 1)
                resolve();
        });
    });
    await conn.execute('LISTEN demo');
    await conn.execute('INSERT INTO ready VALUES ($1)', [LANGUAGE]);
    for (;;) {
        const [[ready]] = await conn.execute('SELECT count(*) FROM ready');
        if (ready === LANGUAGES)
            break;
        await sleep(20);
    }
    // All listen: from here on this program is idle, but for its own notification.
    await sleep(900);
    await conn.execute("SELECT pg_notify('demo', $1)", [`greetings from ${LANGUAGE}`]);
    await done;
    await conn.close();
}

const loop = new GLib.MainLoop(null, false);
const verbs = {show, notify};
const verb = verbs[ARGV[0]];
let status = 0;
if (verb === undefined) {
    printerr('usage: gjs -m demo.js show|notify');
    System.exit(2);
}
verb().catch(error => {
    logError(error);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);
