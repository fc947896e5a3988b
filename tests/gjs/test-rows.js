// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gio from 'gi://Gio';
import Pg from 'gi://Pg?version=1.0';
import {equal, ok, rejects, run, test, throws} from './tap.js';

const flags = GObject.ParamFlags.READWRITE;

const Artist = GObject.registerClass({
    GTypeName: 'TestArtist',
    Properties: {
        'name': GObject.ParamSpec.string('name', '', '', flags, ''),
        'born': GObject.ParamSpec.int('born', '', '', flags, -3000, 3000, 0),
    },
}, class Artist extends GObject.Object {});

const Track = GObject.registerClass({
    GTypeName: 'TestTrack',
    Properties: {
        'track-number': GObject.ParamSpec.int('track-number', '', '', flags, 1, 99, 1),
        'title': GObject.ParamSpec.string('title', '', '', flags, ''),
        'price': GObject.ParamSpec.boxed('price', '', '', flags, Pg.Numeric),
        'artists': GObject.ParamSpec.object('artists', '', '', flags, Gio.ListModel),
    },
}, class Track extends GObject.Object {});

const TRACKS = "select * from (values (1, 'one', 2.5), (2, null, 3)) as v (track_number, title, price)";

test('the factories of JavaScript', t => {
    const connection = t.openBlocking();
    const fetch = (factory, query) => {
        const cursor = connection.cursor();
        cursor.rowFactory = factory;
        return cursor.execute(query).fetchall();
    };
    equal(fetch(Pg.arrayRow, 'select 1, null, 3'), [[1, null, 3]]);
    equal(fetch(Pg.objectRow, 'select 1 as a, 2 as b, 3 as a'), [{a: 3, b: 2}]);
    equal(fetch(Pg.scalarRow, 'select generate_series(1, 3)'), [1, 2, 3]);
    equal(fetch(Pg.argsRow(Math.max), 'select 4, 9, 5'), [9]);
    equal(fetch(Pg.arrayRow, 'select from generate_series(1, 2)'), [[], []]);
    equal(fetch(Pg.objectRow, 'select from generate_series(1, 2)'), [{}, {}]);
    equal(fetch(Pg.objectRow, 'select 1 as a where false'), []);
    throws(() => fetch(Pg.scalarRow, 'select from generate_series(1, 2)'), Pg.Error, /at least one column expected/);
    const [track] = fetch(Pg.classRow(Track), "select 5 as track_number, 'five' as title");
    ok(track instanceof Track);
    equal([track.track_number, track.title], [5, 'five']);
    class Point {
        constructor({x, y}) {
            this.sum = x + y;
        }
    }
    equal(fetch(Pg.classRow(Point), 'select 1 as x, 2 as y')[0].sum, 3);
    equal(fetch(null, 'select 1')[0] instanceof Pg.Row, true);
});

test('a factory is called once for each result', t => {
    const cursor = t.openBlocking().cursor();
    let calls = 0;
    cursor.rowFactory = () => {
        calls++;
        return values => values[0] * 10;
    };
    cursor.execute('select generate_series(1, 5)');
    equal(cursor.fetchone(), 10);
    equal(cursor.fetchmany(2), [20, 30]);
    equal(cursor.fetchall(), [40, 50]);
    equal(cursor.fetchone(), null);
    equal([...cursor], [10, 20, 30, 40, 50]);
    equal(calls, 1);
    equal(cursor.execute('select 6').fetchall(), [60]);
    equal(calls, 2);
});

test('connections and their cursors', async t => {
    const connection = t.openBlocking({rowFactory: Pg.objectRow});
    ok(connection.rowFactory === Pg.objectRow);
    equal(connection.execute('select 1 as a').fetchone(), {a: 1});
    equal(connection.sql`select ${2} as a`.fetchone(), {a: 2});
    const before = connection.cursor();
    connection.rowFactory = Pg.scalarRow;
    equal(before.execute('select 1 as a').fetchone(), {a: 1});
    equal(connection.cursor().execute('select 1 as a').fetchone(), 1);
    connection.rowFactory = null;
    equal(connection.execute('select 1').fetchone() instanceof Pg.Row, true);
    throws(() => {
        connection.rowFactory = 'object';
    }, TypeError, /rowFactory/);

    const other = await t.open({rowFactory: Pg.scalarRow});
    equal(await (await other.execute('select 1')).fetchone(), 1);
    equal(await (await other.sql`select ${2}::int`).fetchall(), [2]);
    equal(await (await other.cursor().execute('select 3')).fetchmany(), [3]);
    await rejects(Pg.AsyncConnection.open('', {rowFactory: 5}), TypeError, /rowFactory/);
});

test('null is a row', async t => {
    const connection = await t.open({rowFactory: Pg.scalarRow});
    const cursor = await connection.execute('select nullif(i, 2) from generate_series(1, 3) i');
    const seen = [];
    for await (const value of cursor)
        seen.push(value);
    equal(seen, [1, null, 3]);
    equal([...cursor], [1, null, 3]);
});

test('a row that cannot be made is fetched again', async t => {
    let bad = 3;
    const make = n => {
        if (n === bad)
            throw new RangeError('no');
        return n * 10;
    };
    const query = 'select generate_series(1, 5)';
    const blocking = t.openBlocking({rowFactory: Pg.argsRow(make)}).execute(query);
    throws(() => blocking.fetchall(), RangeError, /no/);
    equal(blocking.rownumber, 0);
    equal([blocking.fetchone(), blocking.fetchone()], [10, 20]);
    throws(() => blocking.fetchone(), RangeError, /no/);
    equal(blocking.rownumber, 2);

    const connection = await t.open({rowFactory: Pg.argsRow(make)});
    const cursor = await connection.execute(query);
    const seen = [];
    await rejects((async () => {
        for await (const value of cursor)
            seen.push(value);
    })(), RangeError, /no/);
    equal(seen, [10, 20]);
    equal(cursor.rownumber, 2);
    bad = 0;
    equal(blocking.fetchall(), [30, 40, 50]);
    equal(await cursor.fetchall(), [30, 40, 50]);
    equal((await (await connection.execute('select 1')).fetchone()), 10);
});

test('a list of objects', t => {
    const connection = t.openBlocking();
    const result = connection.execute(TRACKS).get_result();
    const store = result.to_list_store(Track);
    ok(store instanceof Gio.ListStore);
    equal(Array.from(store, track => [track.track_number, track.title, String(track.price)]), [[1, 'one', '2.5'], [2, null, '3']]);
    equal(result.to_objects(Track).map(track => track instanceof Track), [true, true]);
    throws(() => result.to_list_store(Artist), Pg.Error, /“track_number”.*: TestArtist has no such property/);
});

test('the factories of the library', t => {
    const connection = t.openBlocking();
    const cursor = connection.execute(TRACKS);
    cursor.rowFactory = Pg.RowFactory.new_object(Track);
    equal(cursor.fetchone().title, 'one');
    cursor.rowFactory = Pg.RowFactory.new_dict();
    equal(cursor.fetchone().recursiveUnpack(), {track_number: 2, title: null, price: '3'});
    cursor.rowFactory = Pg.RowFactory.new_scalar();
    equal([...cursor], [1, 2]);
    cursor.execute('select 1.50');
    equal(String(cursor.fetchone()), '1.50');
    cursor.rowFactory = Pg.RowFactory.new_tuple();
    equal(cursor.execute("select 1, 'x'").fetchone().recursiveUnpack(), [1, 'x']);
    cursor.rowFactory = Pg.RowFactory.new_closure(GObject.TYPE_STRING, row => `<${row.get(0)}>`);
    equal(cursor.execute('select 7').fetchall(), ['<7>']);
});

test('the function of a factory of the library', t => {
    const connection = t.openBlocking();
    const store = rows => Pg.RowFactory.new_func(Track, row => {
        if (row.get(0) === 3)
            throw new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.FAILED, 'unlucky');
        return new Track({trackNumber: row.get(0) + 10});
    }).make_list_store(connection.execute(`select generate_series(1, ${rows})`).get_result());
    equal(Array.from(store(2), track => track.track_number), [11, 12]);
    throws(() => store(3), GLib.Error, /unlucky/);
});

test('objects in objects', t => {
    const connection = t.openBlocking();
    const artists = Pg.RowFactory.new_object(Artist).with_fields(['name', 'born']);
    connection.rowFactory = Pg.RowFactory.new_object(Track).with_nested('artists', artists);
    const track = connection.execute(`select 7 as track_number, array_agg(row('artist ' || i, 1900 + i) order by i) as artists
                                      from generate_series(1, 2) i`).fetchone();
    equal(Array.from(track.artists, artist => [artist.name, artist.born]), [['artist 1', 1901], ['artist 2', 1902]]);
});

test('many rows by columns', t => {
    const cursor = t.openBlocking().execute("select i as n, 'name ' || i as name from generate_series(1, 2500) i");
    const all = cursor.get_result().toObjects();
    cursor.rowFactory = Pg.objectRow;
    equal(cursor.fetchmany(10), all.slice(0, 10));
    equal([cursor.fetchone(), cursor.get_rownumber()], [all[10], 11]);
    cursor.arraysize = 7;
    equal(cursor.fetchmany(), all.slice(11, 18));
    throws(() => cursor.fetchmany(-1), RangeError, /fetchmany\(\).*-1/);
    equal([cursor.fetchmany(1e6).length, cursor.get_rownumber()], [2482, 2500]);
    equal([cursor.fetchall(), cursor.fetchmany(5)], [[], []]);
    equal([...cursor], all);
    cursor.scroll(2000, Pg.ScrollMode.ABSOLUTE);
    cursor.rowFactory = () => ([n]) => {
        if (n === 2400)
            throw new Error('not this one');
        return n;
    };
    throws(() => cursor.fetchall(), Error, /not this one/);
    equal(cursor.get_rownumber(), 2000);
    cursor.close();
    throws(() => cursor.fetchall(), Pg.Error, Pg.Error.INTERFACE);
});

await run();
