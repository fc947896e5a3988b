// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, sleep, test, until} from './tap.js';

const value = async (connection, query) => (await (await connection.execute(query)).fetchone()).get(0);

test('notifications by channel while idle', async t => {
    const connection = await t.open({autocommit: true});
    const other = await t.open({autocommit: true});
    const jobs = [];
    const all = [];
    connection.connect('notification::jobs', (_connection, notification) => jobs.push(notification.get_payload()));
    connection.connect('notification', (_connection, notification) => all.push([notification.get_channel(), notification.get_pid()]));
    await connection.execute('listen jobs; listen "Ünïcode"');
    await other.execute("select pg_notify('jobs', 'one')");
    await other.execute("select pg_notify('Ünïcode', 'two')");
    await other.execute("select pg_notify('jobs', 'ä😀')");
    await until(() => all.length === 3);
    equal(jobs, ['one', 'ä😀']);
    equal(all, [['jobs', other.backend_pid], ['Ünïcode', other.backend_pid], ['jobs', other.backend_pid]]);
});

test('notifications of a blocking connection', async t => {
    const connection = t.openBlocking({autocommit: true});
    const seen = [];
    connection.connect('notification', (_connection, notification) => seen.push(notification.get_payload()));
    connection.attach(null);
    connection.execute('listen jobs');
    await (await t.open({autocommit: true})).execute("select pg_notify('jobs', 'x')");
    await until(() => seen.length === 1);
    equal(seen, ['x']);
});

test('notices', async t => {
    const connection = await t.open();
    const notices = [];
    connection.connect('notice', (_connection, diagnostic) => notices.push([diagnostic.get_severity_nonlocalized(), diagnostic.get_message_primary()]));
    await connection.execute("do $$ begin raise notice 'first'; raise warning 'second'; end $$");
    await until(() => notices.length === 2);
    equal(notices, [['NOTICE', 'first'], ['WARNING', 'second']]);
});

test('a handler that executes', async t => {
    const connection = await t.open({autocommit: true});
    const answers = [];
    connection.connect('notification', () => answers.push(value(connection, 'select 42')));
    await connection.execute('listen jobs');
    await connection.execute("select pg_notify('jobs', g::text) from generate_series(1, 3) g");
    await until(() => answers.length === 3);
    equal(await Promise.all(answers), [42, 42, 42]);
});

test('a handler of a blocking connection that executes', async t => {
    const connection = t.openBlocking({autocommit: true});
    const answers = [];
    connection.connect('notice', () => answers.push(connection.execute('select 42').fetchone().get(0)));
    connection.execute("do $$ begin raise notice 'x'; end $$");
    equal(answers, [42]);
});

test('a handler that closes', async t => {
    const connection = await t.open({autocommit: true});
    let calls = 0;
    connection.connect('notification', () => {
        calls++;
        connection.close();
    });
    await connection.execute('listen jobs');
    const executes = await Promise.allSettled([
        connection.execute("select pg_notify('jobs', g::text) from generate_series(1, 3) g"),
        connection.execute('select pg_sleep(60)'),
    ]);
    equal(executes[1].status, 'rejected');
    ok(executes[1].reason.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED), `${executes[1].reason}`);
    await sleep(20);
    ok(calls >= 1);
    equal(connection.closed, true);
    equal(connection.broken, false);
    await rejects(connection.execute('select 1'), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('a handler that throws', async t => {
    const [output, successful] = await t.script('fixtures/handler-throws.js', [t.conninfo]);
    ok(successful, output);
    ok(output.includes('from the handler'), output);
    ok(output.includes('calls 3, then 42'), output);
});

await run();
