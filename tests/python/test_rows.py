# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import dataclasses
import decimal
import unittest
import weakref

from gi.repository import Gio, GLib, GObject

from support import Pg, ServerTest, is_dead

TRACKS = "SELECT * FROM (VALUES (1, 'one', 2.5), (2, NULL, 3)) AS v (track_number, title, price)"


class Artist(GObject.Object):
    __gtype_name__ = 'TestArtist'
    name = GObject.Property(type=str)
    born = GObject.Property(type=int)


class Track(GObject.Object):
    __gtype_name__ = 'TestTrack'
    track_number = GObject.Property(type=int, minimum=1, maximum=99, default=1)
    title = GObject.Property(type=str)
    price = GObject.Property(type=Pg.Numeric)
    artist = GObject.Property(type=Artist)
    artists = GObject.Property(type=Gio.ListModel)


@dataclasses.dataclass
class Item:
    track_number: int
    title: str
    price: decimal.Decimal


class PlainFactoriesTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def fetch(self, factory, query=TRACKS):
        return self.connection.cursor(row_factory=factory).execute(query).fetchall()

    def test_default(self):
        self.assertIs(self.connection.row_factory, Pg.tuple_row)
        cursor = self.connection.cursor()
        self.assertIs(cursor.row_factory, Pg.tuple_row)
        self.assertEqual(self.fetch(Pg.tuple_row, 'SELECT 1, 2'), [(1, 2)])
        cursor.row_factory = Pg.dict_row
        cursor.row_factory = None
        self.assertIs(cursor.row_factory, Pg.tuple_row)

    def test_dict(self):
        self.assertEqual(self.fetch(Pg.dict_row), [{'track_number': 1, 'title': 'one', 'price': decimal.Decimal('2.5')},
                                                   {'track_number': 2, 'title': None, 'price': 3}])
        self.assertEqual(self.fetch(Pg.dict_row, 'SELECT 1 AS a, 2 AS b, 3 AS a'), [{'a': 3, 'b': 2}])
        self.assertEqual(self.fetch(Pg.dict_row, 'SELECT FROM generate_series(1, 2)'), [{}, {}])
        self.assertEqual(self.fetch(Pg.dict_row, 'SELECT 1 AS a WHERE false'), [])

    def test_scalar(self):
        self.assertEqual(self.fetch(Pg.scalar_row), [1, 2])
        with self.assertRaisesRegex(Pg.ProgrammingError, 'at least one column expected'):
            self.fetch(Pg.scalar_row, 'SELECT FROM generate_series(1, 2)')

    def test_null_does_not_end_an_iteration(self):
        query = 'SELECT nullif(i, 2) FROM generate_series(1, 3) i'
        cursor = self.connection.cursor(row_factory=Pg.scalar_row).execute(query)
        self.assertEqual(list(cursor), [1, None, 3])
        cursor.execute(query)
        self.assertEqual([next(cursor), next(cursor), next(cursor)], [1, None, 3])
        self.assertRaises(StopIteration, next, cursor)

    def test_namedtuple(self):
        first = self.fetch(Pg.namedtuple_row)[0]
        self.assertEqual((first.track_number, first.title), (1, 'one'))
        self.assertIsInstance(first, tuple)
        row = self.fetch(Pg.namedtuple_row, 'SELECT 1 AS "a b", 2 AS "1x", 3 AS _u, 4, 5 AS "größe", 6 AS "x²"')[0]
        self.assertEqual(row._fields, ('a_b', 'f1x', 'f_u', 'f_column_', 'größe', 'x_'))
        self.assertEqual(self.fetch(Pg.namedtuple_row, 'SELECT'), [()])
        self.assertIs(type(self.fetch(Pg.namedtuple_row)[0]), type(first))
        row = self.fetch(Pg.namedtuple_row, 'SELECT 1 AS a, 2 AS a, 3 AS class, 4 AS b')[0]
        self.assertEqual(row._asdict(), {'a': 1, '_1': 2, '_2': 3, 'b': 4})

    def test_class(self):
        self.assertEqual(self.fetch(Pg.class_row(Item)), [Item(1, 'one', decimal.Decimal('2.5')), Item(2, None, decimal.Decimal(3))])
        self.assertRaises(TypeError, self.fetch, Pg.class_row(Item), 'SELECT 1 AS other')

    def test_args_and_kwargs(self):
        self.assertEqual(self.fetch(Pg.args_row(max), 'SELECT 3, 7, 5'), [7])
        self.assertEqual(self.fetch(Pg.kwargs_row(lambda **keywords: sorted(keywords.items())), 'SELECT 2 AS b, 1 AS a'), [[('a', 1), ('b', 2)]])

    def test_one_of_ones_own(self):
        calls = []

        def factory(cursor):
            calls.append([column.name for column in cursor.description])
            return lambda values: sum(values)
        cursor = self.connection.cursor(row_factory=factory).execute('SELECT i, i * 10 FROM generate_series(1, 500) i')
        self.assertEqual(cursor.fetchone(), 11)
        self.assertEqual(cursor.fetchmany(2), [22, 33])
        self.assertEqual(next(cursor), 44)
        self.assertEqual(sum(1 for row in cursor), 496)
        self.assertEqual(calls, [['i', '?column?']])
        cursor.execute('SELECT 5 AS x')
        self.assertEqual(cursor.fetchall(), [5])
        self.assertEqual(calls[1:], [['x']])

    def test_results(self):
        cursor = self.connection.cursor(row_factory=Pg.dict_row).execute('SELECT 1 AS a; SELECT 2 AS b')
        self.assertEqual(cursor.fetchall(), [{'a': 1}])
        self.assertTrue(cursor.nextset())
        self.assertEqual(cursor.fetchall(), [{'b': 2}])

    def test_without_a_result(self):
        cursor = self.connection.cursor()
        for factory in (Pg.dict_row, Pg.scalar_row, Pg.namedtuple_row, Pg.class_row(Item), Pg.kwargs_row(dict)):
            self.assertRaises(Pg.InterfaceError, factory(cursor), (1,))
            self.assertRaises(Pg.ProgrammingError, self.connection.cursor(row_factory=factory).fetchone)
        cursor.execute('CREATE TEMP TABLE t ()')
        self.assertRaises(Pg.InterfaceError, Pg.dict_row(cursor), (1,))

    def test_change(self):
        cursor = self.connection.execute('SELECT i AS n FROM generate_series(1, 9) i')
        rows = iter(cursor)
        self.assertEqual(next(rows), (1,))
        cursor.row_factory = Pg.dict_row
        self.assertEqual(cursor.rownumber, 1)
        self.assertEqual(next(rows), {'n': 2})
        cursor.row_factory = Pg.scalar_row
        self.assertEqual(cursor.fetchmany(2), [3, 4])
        self.assertEqual(list(rows), [5, 6, 7, 8, 9])

    def test_failure(self):
        def make(number):
            if number == failing:
                raise ArithmeticError('no')
            return number * 10
        failing = 3
        cursor = self.connection.cursor(row_factory=Pg.args_row(make)).execute('SELECT generate_series(1, 5)')
        self.assertRaises(ArithmeticError, cursor.fetchall)
        self.assertEqual(cursor.rownumber, 0)
        self.assertEqual([cursor.fetchone(), next(cursor)], [10, 20])
        for _ in range(2):
            self.assertRaises(ArithmeticError, cursor.fetchone)
            self.assertRaises(ArithmeticError, next, iter(cursor))
            self.assertRaises(ArithmeticError, cursor.fetchmany, 2)
            self.assertEqual(cursor.rownumber, 2)
        failing = 0
        self.assertEqual(cursor.fetchall(), [30, 40, 50])
        self.assertEqual(self.connection.execute('SELECT 1').fetchone(), (1,))

    def test_wrong(self):
        for factory in ('dict', 5, Pg.RowFactory.new_dict(), Pg.RowFactory.new_scalar()):
            with self.assertRaises(TypeError):
                self.connection.row_factory = factory
        self.assertRaises(TypeError, self.connect, row_factory=5)

    def test_connection(self):
        connection = self.connect(row_factory=Pg.dict_row)
        self.assertIs(connection.row_factory, Pg.dict_row)
        before = connection.cursor()
        connection.row_factory = Pg.scalar_row
        self.assertEqual(before.execute('SELECT 1 AS a').fetchone(), {'a': 1})
        self.assertEqual(connection.execute('SELECT 1 AS a').fetchone(), 1)
        params = Pg.Params.new()
        params.add_int64(8)
        self.assertEqual(connection.execute_params('SELECT %s', params).fetchone(), 8)
        self.assertEqual(connection.cursor(row_factory=Pg.tuple_row).execute('SELECT 1 AS a').fetchone(), (1,))
        connection.row_factory = None
        self.assertEqual(connection.execute('SELECT 1 AS a').fetchone(), (1,))

    def test_async(self):
        async def run():
            async with await Pg.AsyncConnection.connect(self.conninfo, row_factory=Pg.dict_row) as connection:
                cursor = await connection.execute('SELECT generate_series(1, 3) AS a')
                rows = [await cursor.fetchone()]
                async for row in cursor:
                    rows.append(row)
                cursor.row_factory = Pg.scalar_row
                await cursor.execute('SELECT NULL')
                return rows, [row async for row in cursor]
        self.assertEqual(asyncio.run(run()), ([{'a': 1}, {'a': 2}, {'a': 3}], [None]))

    def test_nothing_is_kept(self):
        cursor = self.connection.cursor(row_factory=Pg.dict_row).execute('SELECT 1')
        self.assertEqual(len(cursor.fetchall()), 1)
        result, reference = weakref.ref(cursor.get_result()), weakref.ref(cursor)
        cursor.close()
        self.assertTrue(is_dead(result))
        del cursor
        self.assertTrue(is_dead(reference))


class ObjectsTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def test_list_store(self):
        store = self.connection.execute(TRACKS).get_result().to_list_store(Track)
        self.assertIsInstance(store, Gio.ListStore)
        self.assertEqual(store.get_item_type(), Track.__gtype__)
        self.assertEqual([(track.track_number, track.title, str(track.price)) for track in store], [(1, 'one', '2.5'), (2, None, '3')])
        self.assertIsInstance(store[0], Track)

    def test_objects(self):
        tracks = self.connection.execute(TRACKS).get_result().to_objects(Track)
        self.assertEqual([track.title for track in tracks], ['one', None])

    def test_row_factory(self):
        factory = Pg.RowFactory.new_object(Track)
        self.connection.row_factory = factory
        cursor = self.connection.execute(TRACKS)
        self.assertEqual(cursor.row_factory, factory)
        first = cursor.fetchone()
        self.assertIsInstance(first, Track)
        self.assertEqual([track.track_number for track in cursor], [2])
        self.assertIsNone(cursor.fetchone())
        cursor.execute(TRACKS)
        self.assertEqual([track.title for track in cursor.fetchall()], ['one', None])
        cursor.scroll(1, 'absolute')
        self.assertEqual([track.track_number for track in cursor.fetchmany(5)], [2])

    def test_class_row(self):
        tracks = self.connection.cursor(row_factory=Pg.class_row(Track)).execute('SELECT 5 AS track_number, NULL AS title').fetchall()
        self.assertEqual([(track.track_number, track.title) for track in tracks], [(5, None)])

    def test_misfit(self):
        with self.assertRaisesRegex(Pg.InterfaceError, 'TestTrack has no such property') as caught:
            self.connection.execute('SELECT 1 AS nothing').get_result().to_list_store(Track)
        self.assertIn('“nothing”', str(caught.exception))
        cursor = self.connection.cursor(row_factory=Pg.RowFactory.new_object(Track))
        cursor.execute('SELECT generate_series(98, 100) AS track_number')
        self.assertRaisesRegex(Pg.DataError, '^Row 2, column 0', cursor.fetchall)
        self.assertEqual(cursor.rownumber, 0)
        self.assertEqual([next(cursor).track_number, cursor.fetchone().track_number], [98, 99])
        self.assertRaises(Pg.DataError, next, cursor)
        self.assertEqual(cursor.rownumber, 2)

    def test_tree(self):
        query = """SELECT 7 AS track_number, ROW('Ada', 1815) AS artist, array_agg(ROW(1900 + i, 'artist ' || i) ORDER BY i) AS artists
                   FROM generate_series(1, 3) i"""
        artists = Pg.RowFactory.new_object(Artist).with_fields(['born', 'name'])
        artist = Pg.RowFactory.new_object(Artist).with_fields(['name', 'born'])
        self.connection.row_factory = Pg.RowFactory.new_object(Track).with_nested('artists', artists).with_nested('artist', artist)
        for binary in (False, True):
            track = self.connection.cursor(binary=binary).execute(query).fetchone()
            self.assertEqual((track.artist.name, track.artist.born), ('Ada', 1815))
            self.assertEqual([(artist.name, artist.born) for artist in track.artists], [(f'artist {i}', 1900 + i) for i in (1, 2, 3)])

    def test_func(self):
        def make(row, *_data):
            if row[0] == 2:
                raise GLib.Error('unlucky', 'test-domain', 1)
            return Track(track_number=row[0])
        factory = Pg.RowFactory.new_func(Track, make)
        cursor = self.connection.cursor(row_factory=factory).execute('SELECT generate_series(1, 3)')
        self.assertEqual(cursor.fetchone().track_number, 1)
        self.assertRaisesRegex(GLib.Error, 'unlucky', cursor.fetchone)
        self.assertEqual(cursor.rownumber, 1)
        cursor.scroll(1)
        self.assertEqual(cursor.fetchone().track_number, 3)

    def test_closure(self):
        factory = Pg.RowFactory.new_closure(Track, lambda row: Track(track_number=row[0] + 1))
        cursor = self.connection.cursor(row_factory=factory).execute('SELECT generate_series(1, 3)')
        self.assertEqual([track.track_number for track in cursor.fetchall()], [2, 3, 4])

    def test_objects_die(self):
        store = self.connection.execute(TRACKS).get_result().to_list_store(Track)
        references = [weakref.ref(track) for track in store]
        del store
        for reference in references:
            self.assertTrue(is_dead(reference))


if __name__ == '__main__':
    unittest.main()
