// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A runner of tests in TAP, with a PostgreSQL server for each program and a database for each test.
//
//   import {test, run, equal} from './tap.js';
//
//   test('what it shows', async t => {
//       const connection = await t.open();
//       equal((await connection.execute('select 1')).rowcount, 1);
//   });
//   await run();
//
// Meson sets G_DEBUG=fatal-warnings: a promise that is rejected without anybody looking, an exception in a callback and a critical of GLib end the
// program, and so the run fails. Assertions belong into the test's own function or into what it awaits.

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';

const TIMEOUT = 120;

const tests = [];
let server = null;

export class Failure extends Error {}

class Skip extends Error {}

// Ends the test, which is neither passed nor failed.
export function skip(reason) {
    throw new Skip(reason);
}

function show(value) {
    if (typeof value === 'bigint')
        return `${value}n`;
    if (Object.is(value, -0))
        return '-0';
    if (typeof value === 'number' || value === undefined)
        return String(value);
    if (value instanceof Date)
        return `${value.constructor.name}(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`;
    if (value instanceof Uint8Array)
        return `bytes[${Array.from(value).join(' ')}]`;
    if (typeof value?.to_string === 'function')
        return `${value.constructor.name.replace('_', '.')}(${value.to_string()})`;
    if (Array.isArray(value))
        return `[${value.map(show).join(', ')}]`;
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
        return `{${Object.entries(value).map(([k, v]) => `${k}: ${show(v)}`).join(', ')}}`;
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

// Also the types must be the same: 1 is not 1n, a Date is not its text.
export function equal(actual, expected, message = '') {
    if (show(actual) !== show(expected))
        throw new Failure(`${message}${message ? ': ' : ''}got ${show(actual)}, expected ${show(expected)}`);
}

export function ok(value, message = 'not true') {
    if (!value)
        throw new Failure(message);
}

function checkError(error, expected) {
    if (error === null)
        throw new Failure(`no error; expected ${expected.join(' ')}`);
    const [type, detail] = expected;
    const fits = error instanceof GLib.Error && typeof detail === 'number' ? error.matches(type, detail)
        : error instanceof type && (detail === undefined || detail.test(error.message));
    if (!fits)
        throw new Failure(`another error: ${error} ${error.stack}`);
    return error;
}

// throws(function, domain, code) or throws(function, class, pattern): the error.
export function throws(body, ...expected) {
    let caught = null;
    try {
        body();
    } catch (error) {
        caught = error;
    }
    return checkError(caught, expected);
}

export async function rejects(promise, ...expected) {
    let caught = null;
    try {
        await promise;
    } catch (error) {
        caught = error;
    }
    return checkError(caught, expected);
}

export function sleep(milliseconds) {
    return new Promise(resolve => {
        GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

// Runs the main loop until the condition holds; the test's time limit ends it.
export async function until(condition) {
    while (!condition())
        await sleep(5);
}

class Test {
    #conninfo = null;
    #connections = [];

    get conninfo() {
        return this.#conninfo ??= server.create_database(null);
    }

    async open(options = null) {
        const connection = await Pg.AsyncConnection.open(this.conninfo, options);
        this.#connections.push(connection);
        return connection;
    }

    openBlocking(options = null) {
        const connection = Pg.Connection.open(this.conninfo, options);
        this.#connections.push(connection);
        return connection;
    }

    // Another program of JavaScript, in which warnings are not fatal: what it prints on both outputs, and whether it succeeded.
    async script(name, args = [], environment = {}) {
        const launcher = new Gio.SubprocessLauncher({flags: Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_MERGE});
        launcher.setenv('G_DEBUG', 'gc-friendly', true);
        for (const [variable, value] of Object.entries(environment))
            launcher.setenv(variable, value, true);
        const folder = Gio.File.new_for_uri(import.meta.url).get_parent();
        const child = launcher.spawnv(['gjs', '-m', folder.resolve_relative_path(name).get_path(), ...args]);
        const output = await new Promise((resolve, reject) => {
            child.communicate_utf8_async(null, null, (_child, result) => {
                try {
                    resolve(child.communicate_utf8_finish(result)[1]);
                } catch (error) {
                    reject(error);
                }
            });
        });
        return [output, child.get_successful()];
    }

    finish() {
        for (const connection of this.#connections)
            connection.close();
    }
}

export function test(name, body) {
    tests.push({name, body});
}

function withTimeout(promise) {
    let source = 0;
    const timeout = new Promise((_resolve, reject) => {
        source = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, TIMEOUT, () => {
            source = 0;
            reject(new Failure(`not finished after ${TIMEOUT} s`));
            return GLib.SOURCE_REMOVE;
        });
    });
    return Promise.race([promise, timeout]).finally(() => {
        if (source !== 0)
            GLib.source_remove(source);
    });
}

function startServer() {
    server = Pg.TestServer.new(Pg.TestServerFlags.NONE);
    try {
        server.up(null);
    } catch (error) {
        if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND) || GLib.getenv('PGCONN_TEST_REQUIRE_SERVER') !== null)
            throw error;
        print(`1..0 # SKIP ${error.message}`);
        System.exit(0);
    }
}

export async function run({needsServer = true} = {}) {
    if (needsServer)
        startServer();
    print('TAP version 13');
    print(`1..${tests.length}`);

    let failed = 0;
    for (const [index, {name, body}] of tests.entries()) {
        const t = new Test();
        try {
            await withTimeout(body(t));
            print(`ok ${index + 1} - ${name}`);
        } catch (error) {
            if (error instanceof Skip) {
                print(`ok ${index + 1} - ${name} # SKIP ${error.message}`);
                continue;
            }
            failed++;
            print(`not ok ${index + 1} - ${name}`);
            for (const line of `${error}\n${error.stack}`.trim().split('\n'))
                print(`# ${line}`);
        } finally {
            t.finish();
        }
    }
    // A rejection that nobody looks at is reported when the main loop runs again.
    await sleep(0);
    server?.down();
    System.exit(failed === 0 ? 0 : 1);
}
