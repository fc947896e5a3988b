// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import System from 'system';
import {equal, ok, rejects, run, sleep, test, throws, until} from './tap.js';

const value = async (connection, query, params = null) => (await (await connection.execute(query, params)).fetchone()).get(0);

test('open and close', async t => {
    const connection = await Pg.AsyncConnection.open(t.conninfo);
    ok(connection instanceof Pg.AsyncConnection);
    equal(connection.closed, false);
    ok(connection.server_version >= 90000);
    equal(await value(connection, 'select pg_backend_pid()'), connection.backend_pid);
    await connection.close();
    equal(connection.closed, true);
    equal(connection.broken, false);
    await rejects(connection.execute('select 1'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
    await connection.close();
});

test('open and close, blocking', async t => {
    const connection = Pg.Connection.open(t.conninfo);
    ok(connection instanceof Pg.Connection);
    equal(connection.execute('select pg_backend_pid()').fetchone().get(0), connection.backend_pid);
    connection.close();
    equal(connection.closed, true);
    throws(() => connection.execute('select 1'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('options of open', async t => {
    const connection = await t.open({autocommit: true, prepareThreshold: 0, readOnly: true, deferrable: null});
    equal(connection.autocommit, true);
    equal(connection.prepareThreshold, 0);
    equal(connection.readOnly, true);
    equal(connection.read_only, true);
    equal(connection.deferrable, null);
    equal(t.openBlocking({autocommit: true}).autocommit, true);
    await rejects(Pg.AsyncConnection.open(t.conninfo, {autocomit: true}), Error, /autocomit/);
    throws(() => Pg.Connection.open(t.conninfo, {autocomit: true}), Error, /autocomit/);
});

test('open fails', async t => {
    const missing = `${t.conninfo} dbname=missing`;
    const error = await rejects(Pg.AsyncConnection.open(missing), Pg.Error, Pg.Error.INVALID_CATALOG_NAME);
    equal(error.sqlstate, '3D000');
    throws(() => Pg.Connection.open(missing), Pg.Error, Pg.Error.INVALID_CATALOG_NAME);
    await rejects(Pg.AsyncConnection.open('nonsense'), Pg.Error, Pg.Error.PROGRAMMING);
    await rejects(Pg.AsyncConnection.open('dbname=a\0b'), Pg.Error, Pg.Error.DATA);
    throws(() => Pg.Connection.open(`${t.conninfo}\0`), Pg.Error, Pg.Error.DATA);
});

test('open is cancelled', async t => {
    const cancellable = new Gio.Cancellable();
    cancellable.cancel();
    await rejects(Pg.AsyncConnection.open(t.conninfo, null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    await rejects(Pg.AsyncConnection.open(t.conninfo, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    throws(() => Pg.Connection.open(t.conninfo, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
});

test('the methods of introspection', async t => {
    const connection = await Pg.AsyncConnection.open_async(t.conninfo, null);
    const cursor = await connection.execute_async('select $1 + 1', GLib.Variant.new_tuple([GLib.Variant.new_int32(41)]), null);
    equal((await cursor.fetch_one_async(null)).get_int64(0), 42);
    await connection.rollback_async(null);
    await connection.set_autocommit_async(true, null);

    const result = await new Promise(resolve => connection.execute_async('select 7', null, null, (_source, r) => resolve(r)));
    equal(connection.execute_finish(result).get_result().get_item(0).get_int64(0), 7);
    await connection.close_async(null);
});

test('commit and rollback', async t => {
    const connection = await t.open();
    const other = await t.open({autocommit: true});
    await connection.execute('create table item (id int primary key)');
    await connection.commit();
    await connection.execute('insert into item values (1)');
    equal(connection.transaction_status, Pg.TransactionStatus.INTRANS);
    equal(await value(other, 'select count(*) from item'), 0);
    await connection.rollback();
    equal(connection.transaction_status, Pg.TransactionStatus.IDLE);
    equal(await value(connection, 'select count(*) from item'), 0);
    await connection.execute('insert into item values (2)');
    await connection.commit();
    equal(await value(other, 'select array_agg(id) from item'), [2]);
});

test('commit and rollback, blocking', async t => {
    const connection = t.openBlocking();
    connection.execute('create table item (id int primary key)');
    connection.commit();
    connection.execute('insert into item values (1)');
    connection.rollback();
    equal(connection.execute('select count(*) from item').fetchone().get(0), 0);
});

test('commit of a failed transaction', async t => {
    const connection = await t.open();
    await rejects(connection.execute('select 1/0'), Pg.Error, Pg.Error.DIVISION_BY_ZERO);
    await rejects(connection.execute('select 1'), Pg.Error, Pg.Error.IN_FAILED_SQL_TRANSACTION);
    await rejects(connection.commit(), Pg.Error, Pg.Error.TRANSACTION_ROLLED_BACK);
    equal(await value(connection, 'select 1'), 1);
});

test('settings', async t => {
    const connection = await t.open();
    await connection.setIsolationLevel(Pg.IsolationLevel.SERIALIZABLE);
    await connection.setReadOnly(true);
    await connection.setDeferrable(false);
    equal(connection.isolationLevel, Pg.IsolationLevel.SERIALIZABLE);
    equal(connection.deferrable, false);
    equal(await value(connection, 'show transaction_isolation'), 'serializable');
    equal(await value(connection, 'show transaction_read_only'), 'on');
    await rejects(connection.setAutocommit(true), Pg.Error, Pg.Error.PROGRAMMING);
    throws(() => (connection.autocommit = true), TypeError, /await connection.setAutocommit\(\)/);
    await connection.rollback();
    await connection.setAutocommit(true);
    equal(connection.autocommit, true);
});

test('settings, blocking', async t => {
    const connection = t.openBlocking();
    connection.readOnly = true;
    equal(connection.get_read_only(), Pg.Tristate.ON);
    connection.isolation_level = Pg.IsolationLevel.REPEATABLE_READ;
    equal(connection.execute('show transaction_isolation').fetchone().get(0), 'repeatable read');
    throws(() => (connection.autocommit = true), Pg.Error, Pg.Error.PROGRAMMING);
    connection.rollback();
    connection.readOnly = null;
    connection.autocommit = true;
    connection.execute('select 1');
    equal(connection.transaction_status, Pg.TransactionStatus.IDLE);
});

const WRONG_SETTINGS = [
    ['autocommit', ['no', 1, 0, null, undefined, {}], []],
    ['isolationLevel', [null, undefined, true, [], {}], ['x', '', 'serialisable', -1, 5, 1.5, NaN]],
    ['readOnly', ['yes', 'x', {}, []], [2, -2, 0.5, NaN]],
    ['deferrable', ['no', 1n], [2, NaN]],
    ['prepareThreshold', ['5', null], [-2, 0.5, 2 ** 31]],
    ['preparedMax', ['5', true], [-2, Infinity]],
    ['timeout', ['abc', '1', null, undefined, true, {}], [0.5, -1, NaN, Infinity, 2 ** 32]],
    ['cancelTimeout', ['abc', null], [0.5, -1, 0, 2 ** 32]],
];

function* wrongSettings() {
    for (const [name, types, ranges] of WRONG_SETTINGS) {
        for (const wrong of types) {
            const type = wrong === null ? 'null' : Array.isArray(wrong) ? 'array' : typeof wrong;
            yield [name, wrong, TypeError, new RegExp(`^${name} takes .*, not .*${type}$`)];
        }
        for (const wrong of ranges)
            yield [name, wrong, RangeError, new RegExp(`^${name} takes .*, not ${typeof wrong === 'number' ? wrong : 'this string'}$`)];
    }
}

test('wrong settings are refused', async t => {
    const [connection, blocking] = [await t.open({timeout: 60000}), t.openBlocking({timeout: 60000})];
    const names = WRONG_SETTINGS.map(([name]) => name);
    const before = names.map(name => blocking[name]);
    for (const [name, wrong, ...error] of wrongSettings()) {
        await rejects(Pg.AsyncConnection.open(t.conninfo, {[name]: wrong}), ...error);
        throws(() => Pg.Connection.open(t.conninfo, {[name]: wrong}), ...error);
        throws(() => (blocking[name] = wrong), ...error);
        const method = `set${name[0].toUpperCase()}${name.slice(1)}`;
        if (blocking[method] === undefined) {
            throws(() => (connection[name] = wrong), ...error);
        } else {
            throws(() => blocking[method](wrong), ...error);
            await rejects(connection[method](wrong), ...error);
            throws(() => (connection[name] = wrong), TypeError, /an assignment cannot wait/);
        }
    }
    equal(names.map(name => blocking[name]), before);
    equal(names.map(name => connection[name]), before);
    throws(() => (blocking['isolation-level'] = 'x'), RangeError, /isolationLevel/);
    throws(() => (blocking.isolation_level = 'x'), RangeError, /isolationLevel/);
    await rejects(connection.cancelSafe('abc'), TypeError, /^timeout takes .*, not a string$/);
    await rejects(connection.cancelSafe(-1), RangeError, /^timeout takes/);
});

test('wrong options are refused', async t => {
    for (const options of [{autocomit: true}, {conninfo: ''}, {closed: false}, {constructor: 1}, 'autocommit', true, {readOnly: true, read_only: false}]) {
        await rejects(Pg.AsyncConnection.open(t.conninfo, options), TypeError, /option/);
        throws(() => Pg.Connection.open(t.conninfo, options), TypeError, /option/);
    }
});

test('the values of the settings', async t => {
    const connection = t.openBlocking({isolationLevel: 'Repeatable-Read', 'read-only': Pg.Tristate.ON, deferrable: undefined,
        prepare_threshold: -1, preparedMax: 0, timeout: 0, cancel_timeout: 1});
    equal(connection.isolationLevel, Pg.IsolationLevel.REPEATABLE_READ);
    equal([connection.readOnly, connection.deferrable], [true, null]);
    equal([connection.prepareThreshold, connection.preparedMax, connection.timeout, connection.cancelTimeout], [-1, 0, 0, 1]);
    equal(connection.execute('show transaction_isolation').fetchone().get(0), 'repeatable read');
    connection.rollback();

    for (const [level, expected] of [
        ['default', Pg.IsolationLevel.DEFAULT], ['serializable', Pg.IsolationLevel.SERIALIZABLE], ['READ_COMMITTED', Pg.IsolationLevel.READ_COMMITTED],
        ['read uncommitted', Pg.IsolationLevel.READ_UNCOMMITTED], ['repeatable read', Pg.IsolationLevel.REPEATABLE_READ],
        [Pg.IsolationLevel.SERIALIZABLE, Pg.IsolationLevel.SERIALIZABLE], [Pg.IsolationLevel.DEFAULT, Pg.IsolationLevel.DEFAULT],
    ]) {
        connection.isolationLevel = level;
        equal(connection.isolation_level, expected, String(level));
    }
    for (const [value, expected] of [[true, true], [null, null], [false, false], [undefined, null], [Pg.Tristate.ON, true], [Pg.Tristate.OFF, false],
        [Pg.Tristate.DEFAULT, null]]) {
        connection.readOnly = value;
        connection.setDeferrable(value);
        equal([connection.readOnly, connection.deferrable], [expected, expected], String(value));
    }
    connection.timeout = 2 ** 32 - 1;
    equal(connection.get_timeout(), 2 ** 32 - 1);

    const other = await t.open({isolation_level: 'serializable'});
    equal(await value(other, 'show transaction_isolation'), 'serializable');
    await other.rollback();
    await other.setIsolationLevel('read committed');
    equal(await value(other, 'show transaction_isolation'), 'read committed');
    other.timeout = 2500;
    equal(other.timeout, 2500);
});

test('the diagnostic of an error', async t => {
    const connection = await t.open({autocommit: true});
    await connection.execute('create table item (id int constraint item_id_unique unique)');
    await connection.execute('insert into item values (1)');
    const error = await rejects(connection.execute('insert into item values ($1)', [1]), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    ok(error instanceof Pg.Error);
    ok(error instanceof GLib.Error);
    ok(error.message.includes('item_id_unique'));
    equal(error.sqlstate, '23505');
    equal(Pg.error_get_sqlstate(error), '23505');
    equal(error.diagnostic.get_constraint_name(), 'item_id_unique');
    equal(error.diagnostic.get_table_name(), 'item');
    equal(Pg.error_get_diagnostic(error).get_schema_name(), 'public');

    const blocking = t.openBlocking();
    const same = throws(() => blocking.execute('insert into item values (1)'), Pg.Error, Pg.Error.UNIQUE_VIOLATION);
    equal(same.diagnostic.get_constraint_name(), 'item_id_unique');
});

test('the diagnostic of an error of the client', async t => {
    const connection = await t.open();
    const error = await rejects(connection.execute('select $1', []), Pg.Error, Pg.Error.PROGRAMMING);
    equal(error.diagnostic, null);
    equal(error.sqlstate, null);
});

test('50 executes at once keep their order', async t => {
    const connection = await t.open();
    await connection.execute('create temp table log (position serial, value int)');
    const cursors = await Promise.all(Array.from({length: 50},
        (_, i) => connection.execute('insert into log (value) values ($1) returning position, value', [i])));
    equal(cursors.map(cursor => cursor.get_result().toArrays()[0]), Array.from({length: 50}, (_, i) => [i + 1, i]));
});

test('one of many fails alone', async t => {
    const connection = await t.open({autocommit: true});
    const outcomes = await Promise.allSettled(['select 1', 'select 1/0', 'select \0', 'select 4'].map(query => connection.execute(query)));
    equal(outcomes.map(outcome => outcome.status), ['fulfilled', 'rejected', 'rejected', 'fulfilled']);
});

test('cancel a statement that runs', async t => {
    const connection = await t.open({autocommit: true});
    const cancellable = new Gio.Cancellable();
    const begin = GLib.get_monotonic_time();
    const promise = rejects(connection.execute('select pg_sleep(300)', null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    await sleep(100);
    cancellable.cancel();
    await promise;
    ok(GLib.get_monotonic_time() - begin < 60_000_000, 'the cancelling took too long');
    equal(connection.transaction_status, Pg.TransactionStatus.IDLE);
    equal(await value(connection, 'select 42'), 42);
});

test('cancel a statement that waits', async t => {
    const connection = await t.open({autocommit: true, pipelining: false});
    await connection.execute('create table item (id int)');
    const cancellable = new Gio.Cancellable();
    const first = connection.execute('select pg_sleep(0.3)');
    const second = rejects(connection.execute('insert into item values (1)', null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    const third = value(connection, 'select count(*) from item');
    cancellable.cancel();
    await Promise.all([first, second]);
    equal(await third, 0);
});

test('cancelled before', async t => {
    const connection = await t.open({autocommit: true});
    const cancellable = new Gio.Cancellable();
    cancellable.cancel();
    await rejects(connection.execute('select 1', null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    equal(await value(connection, 'select 42'), 42);
});

test('cancelSafe', async t => {
    const connection = await t.open({autocommit: true});
    const promise = rejects(connection.execute('select pg_sleep(300)'), Pg.Error, Pg.Error.QUERY_CANCELED);
    // A request does not reach a statement that the server still reads.
    const other = t.openBlocking({autocommit: true});
    await until(() => other.execute('select 1 from pg_stat_activity where pid = $1 and wait_event = $2', [connection.backend_pid, 'PgSleep']).fetchone() !== null);
    await connection.cancelSafe(60000);
    await promise;
    equal(await value(connection, 'select 42'), 42);
});

test('close while a statement runs', async t => {
    const connection = await t.open({autocommit: true});
    const promise = rejects(connection.execute('select pg_sleep(60)'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
    await connection.close();
    await promise;
});

test('a connection that is lost', async t => {
    const connection = await t.open({autocommit: true});
    const other = await t.open({autocommit: true});
    const lost = new Promise(resolve => connection.connect('disconnected', (_connection, error) => resolve(error)));
    await other.execute('select pg_terminate_backend($1)', [connection.backend_pid]);
    const error = await lost;
    ok(error.matches(Pg.Error, Pg.Error.ADMIN_SHUTDOWN), `${error}`);
    equal(connection.closed, true);
    equal(connection.broken, true);
    await rejects(connection.execute('select 1'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('the garbage collector takes what is left', async t => {
    const keeper = await t.open({autocommit: true});
    for (let i = 0; i < 5; i++) {
        let connection = await Pg.AsyncConnection.open(t.conninfo);
        connection.connect('notification', () => {});
        let rows = await (await connection.execute('select generate_series(1, 200)')).fetchall();
        equal(rows.length, 200);
        rows = null;
        // Nobody waits for these.
        connection.execute('select pg_sleep(0.05)').catch(() => {});
        connection = null;
        System.gc();
        await sleep(20);
        System.gc();
    }
    equal(await value(keeper, 'select 42'), 42);
});

test('garbage is collected between the rows', async t => {
    const connection = await t.open();
    let sum = 0;
    for await (const row of await connection.execute('select generate_series(1, 300)')) {
        sum += row.get(0);
        if (sum % 10 === 0)
            System.gc();
    }
    equal(sum, 45150);
    equal(await value(connection, 'select 42'), 42);
});

await run();
