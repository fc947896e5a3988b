// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Types of the database, and functions of JavaScript's that read values.

import Pg from 'gi://Pg?version=1.0';
import {equal, ok, run, test, throws} from './tap.js';

const SETUP = `
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TYPE place AS (x float8, label text);
    CREATE TYPE visit AS (p place, m mood);
`;

const value = (connection, query) => connection.execute(query).fetchone().get(0);

test('types are fetched', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute(SETUP);
    const info = connection.fetchType('mood');
    equal([info.get_name(), info.get_schema(), info.get_labels()], ['mood', 'public', ['sad', 'ok']]);
    equal(connection.fetchType(info.get_oid()).get_name(), 'mood');
    throws(() => connection.fetchType('nobody'), Pg.Error, Pg.Error.UNDEFINED_OBJECT);
    equal(connection.fetchType('visit').get_field_name(1), 'm');
});

test('types are looked up', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.execute(SETUP);
    connection.fetch_types = true;
    equal(connection.execute("SELECT ROW(1, 'x')::place").get_result().get_column(0).get_type_display(), 'place');
});

test('types are fetched without blocking', async t => {
    const connection = await t.open();
    await connection.execute(SETUP);
    const info = await connection.fetchType('place');
    equal((await connection.fetchType(info.get_oid())).get_name(), 'place');
});

test('loaders', t => {
    const connection = t.openBlocking({autocommit: true});
    const adapters = connection.adapters;
    for (const loaded of ['x', true, 1, 1.5, null, 2n ** 70n, [1, [2]], {a: 1}, new Date(0)]) {
        adapters.registerLoader('int4', () => loaded);
        equal(value(connection, 'SELECT 1'), loaded);
    }
    adapters.registerLoader(Pg.OID_INT4, text => `${text}!`);
    equal(value(connection, 'SELECT 1'), '1!');
    equal(value(connection, 'SELECT NULL::int4'), null);
    equal(connection.execute('SELECT n::int4 FROM generate_series(1, 3) n').get_result().toArrays(), [['1!'], ['2!'], ['3!']]);
    adapters.registerLoader(Pg.OID_INT4, null);
    equal(value(connection, 'SELECT 1'), 1);
    adapters.add_loader(Pg.OID_INT4, Pg.Format.TEXT, load => load.set_value('plain'));
    equal(value(connection, 'SELECT 1'), 'plain');
    throws(() => adapters.registerLoader('nobody', text => text), Pg.Error, Pg.Error.UNDEFINED_OBJECT);
});

test('a loader that throws is an error of its value', t => {
    const connection = t.openBlocking({autocommit: true});
    connection.adapters.registerLoader(Pg.OID_INT4, text => {
        if (text === '0')
            throw new Error('no luck');
        return text;
    });
    const result = connection.execute("SELECT n, 'x' FROM generate_series(0, 1) AS n").get_result();
    let error = null;
    try {
        result.get_value(0, 0);
    } catch (e) {
        error = e;
    }
    ok(error.matches(Pg.Error, Pg.Error.DATA) && /int4.*no luck/.test(error.message));
    // GJS gives what the function returns or leaves it out.
    const alone = read => (Array.isArray(read) ? read[1] : read);
    equal([alone(result.get_value(1, 0)), alone(result.get_value(0, 1))], ['1', 'x']);
    equal(value(connection, "SELECT 'fine'"), 'fine');
});

await run();
