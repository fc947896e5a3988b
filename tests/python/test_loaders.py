# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loaders of what values have in them, and composite types as what the program has for them."""

import asyncio
import collections
import dataclasses
import enum
import unittest

from gi.repository import GObject

from support import Pg, ServerTest

SETUP = """
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN temper AS mood;
    CREATE TYPE mood_range AS RANGE (subtype = mood);
    CREATE TYPE place AS (x float8, label text, m mood);
    CREATE TYPE visit AS (p place, moods mood[], n int4);
    CREATE TYPE box_of_one AS (n int4);
    CREATE TYPE box_of_none AS ();
"""


class Mood(enum.Enum):
    sad = 1
    ok = 2


@dataclasses.dataclass
class Place:
    x: float
    label: str
    m: Mood


class LoadersTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute(SETUP)
        self.adapters = self.connection.get_adapters()

    def value(self, query, **keywords):
        return self.connection.execute(query, **keywords).fetchone()[0]

    def check(self, query, expected):
        """In both formats, as one value and in a column of many."""
        for binary in (False, True):
            with self.subTest(query=query, binary=binary):
                value = self.value(f'SELECT {query}', binary=binary)
                self.assertEqual(value, expected)
                self.assertIs(type(value), type(expected))
                rows = self.connection.execute(f'SELECT {query} FROM generate_series(1, 30)', binary=binary).fetchall()
                self.assertEqual(rows, [(expected,)] * 30)


class Nested(LoadersTest):
    def setUp(self):
        super().setUp()
        for name in ('mood', 'temper', 'mood_range', 'mood_multirange', 'visit', 'box_of_one', 'box_of_none'):
            self.connection.fetch_type(name)
        self.adapters.register_enum(self.connection.fetch_type('mood'), Mood)

    def test_arrays(self):
        self.check("ARRAY['ok', NULL, 'sad']::mood[]", [Mood.ok, None, Mood.sad])
        self.check("ARRAY[['ok', 'sad'], [NULL, 'ok']]::mood[]", [[Mood.ok, Mood.sad], [None, Mood.ok]])
        self.check("'{}'::mood[]", [])
        self.check("ARRAY['ok']::temper[]", [Mood.ok])
        self.check('NULL::mood[]', None)

    def test_array_with_bounds(self):
        for binary in (False, True):
            value = self.value("SELECT '[0:1]={ok,sad}'::mood[]", binary=binary)
            self.assertIs(type(value), Pg.Array)
            self.assertEqual(value.lower_bounds, (0,))
            self.assertEqual(list(value), [Mood.ok, Mood.sad])
            self.assertEqual(value[0], Mood.ok)
            self.assertEqual(value.get_value(1), Mood.sad)

    def test_ranges(self):
        for binary in (False, True):
            with self.subTest(binary=binary):
                value = self.value("SELECT '[sad,ok)'::mood_range", binary=binary)
                self.assertEqual((value.lower, value.upper, value.bounds), (Mood.sad, Mood.ok, '[)'))
                self.assertEqual(str(value), '[sad,ok)')
                value = self.value("SELECT '[sad,)'::mood_range", binary=binary)
                self.assertEqual((value.lower, value.upper), (Mood.sad, None))
                value = self.value("SELECT '{[sad,sad],[ok,)}'::mood_multirange", binary=binary)
                self.assertEqual([item.lower for item in value], [Mood.sad, Mood.ok])
                values = self.value("SELECT ARRAY['[sad,ok)', 'empty']::mood_range[]", binary=binary)
                self.assertEqual([item.lower for item in values], [Mood.sad, None])
                self.assertTrue(values[1].isempty)

    def test_composites(self):
        for binary in (False, True):
            with self.subTest(binary=binary):
                value = self.value("SELECT ROW(ROW(1.5, 'here', 'ok'), ARRAY['sad', NULL], 7)::visit", binary=binary)
                self.assertEqual(type(value).__name__, 'visit')
                self.assertEqual((value.p.x, value.p.label, value.p.m), (1.5, 'here', Mood.ok))
                self.assertEqual((value.moods, value.n), ([Mood.sad, None], 7))
                values = self.value("SELECT ARRAY[ROW(1, 'here', 'ok'), NULL]::place[]", binary=binary)
                self.assertEqual((values[0].x, values[0].m, values[1]), (1.0, Mood.ok, None))
        # Nothing tells the types of the fields in text.
        self.assertEqual(self.value("SELECT ROW(1, 'ok'::mood, ARRAY['sad']::mood[])", binary=True), (1, Mood.ok, [Mood.sad]))

    def test_other_types(self):
        self.adapters.register_loader(Pg.OID_NUMERIC, lambda text: 'n' + text)
        self.assertEqual(self.value('SELECT ARRAY[1.5, 2]', binary=False), ['n1.5', 'n2'])
        value = self.value('SELECT numrange(1, 2)', binary=False)
        self.assertEqual((value.lower, value.upper), ('n1', 'n2'))
        self.assertEqual(self.value('SELECT int4range(1, 2)').lower, 1)
        self.assertEqual(self.value('SELECT ARRAY[1, 2]'), [1, 2])

    def test_kept(self):
        """What a loader gives is what there is, whatever it is."""
        made = Pg.Array('{1,2}', Pg.OID_INT4)
        self.adapters.register_loader(Pg.OID_JSONB, lambda text: made)
        for query, read in (("SELECT '1'::jsonb", lambda value: value), ("SELECT ARRAY['1']::jsonb[]", lambda value: value[0])):
            value = read(self.value(query, binary=False))
            self.assertIs(type(value), Pg.Array)
            self.assertEqual(value, made)

    def test_failure(self):
        self.adapters.register_loader('mood', lambda text: 1 // 0)
        cursor = self.connection.execute("SELECT ARRAY['ok']::mood[], ROW(NULL, NULL, 'ok')::place", binary=False)
        for column in range(2):
            with self.assertRaisesRegex(Pg.DataError, 'mood.*ZeroDivisionError'):
                cursor.get_result().get_value(0, column)
            self.assertIn('ok', cursor.get_result().dup_text(0, column))


class Composites(LoadersTest):
    def register(self, name, factory=None, context=None):
        info = self.connection.fetch_type(name)
        Pg.register_composite(info, self.connection if context is None else context, factory)
        return info

    def test_named_tuple(self):
        self.register('place')
        value = self.value("SELECT ROW(1.5, 'here', 'ok')::place")
        self.assertEqual((type(value).__name__, value._fields, value), ('place', ('x', 'label', 'm'), (1.5, 'here', 'ok')))

    def test_factories(self):
        Pair = collections.namedtuple('Pair', 'a b c')
        for factory in (Place, Pair, lambda *fields: Place(*fields), lambda x, label, m: {'x': x, 'label': label, 'm': m}):
            self.register('place', factory)
            self.check("ROW(1.5, 'here', NULL)::place", factory(1.5, 'here', None))
            self.check("ARRAY[ROW(1.5, 'here', NULL), NULL]::place[]", [factory(1.5, 'here', None), None])

    def test_nested(self):
        self.adapters.register_enum(self.connection.fetch_type('mood'), Mood)
        self.register('place', Place)
        self.register('visit', lambda *fields: fields)
        self.check("ROW(ROW(1, 'x', 'ok'), ARRAY['sad'], 7)::visit", (Place(1.0, 'x', Mood.ok), [Mood.sad], 7))

    def test_defect_11_composite_of_one_null_and_of_none(self):
        self.register('box_of_one', lambda *fields: fields)
        self.register('box_of_none', lambda *fields: fields)
        self.check('ROW(NULL)::box_of_one', (None,))
        self.check('ROW(3)::box_of_one', (3,))
        self.check('ROW()::box_of_none', ())
        self.check('ARRAY[ROW(NULL), NULL]::box_of_one[]', [(None,), None])

    def test_failures(self):
        self.register('place', lambda x: x)
        with self.assertRaisesRegex(Pg.DataError, 'place.*TypeError'):
            self.value("SELECT ROW(1, 'x', NULL)::place")
        info = self.connection.fetch_type('place')
        with self.assertRaisesRegex(Pg.ProgrammingError, 'not a composite'):
            Pg.register_composite(self.connection.fetch_type('mood'), self.connection)
        with self.assertRaises(TypeError):
            Pg.register_composite(None, self.connection)
        with self.assertRaises(TypeError):
            Pg.register_composite(info, self.connection, 7)

    def test_scopes(self):
        cursor = self.connection.cursor()
        Pg.register_composite(self.connection.fetch_type('place'), cursor, lambda *fields: 'own')
        self.assertEqual(cursor.execute('SELECT ROW(1, NULL, NULL)::place').fetchone(), ('own',))
        self.assertEqual(self.value('SELECT ROW(1, NULL, NULL)::place'), (1.0, None, None))

    def test_asynchronous(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                Pg.register_composite(await connection.fetch_type('place'), connection, Place)
                cursor = await connection.execute("SELECT ROW(1.5, 'here', NULL)::place")
                self.assertEqual(await cursor.fetchone(), (Place(1.5, 'here', None),))
        asyncio.run(main())


class Arguments(LoadersTest):
    def test_interrupts(self):
        for kind in (KeyboardInterrupt, SystemExit):
            calls = []

            def load(text, kind=kind, calls=calls):
                calls.append(text)
                # Once, as who presses the key does.
                if len(calls) == 1:
                    raise kind('enough')
                return int(text)
            for query in ('SELECT 1', 'SELECT n FROM generate_series(1, 100) AS n', 'SELECT ARRAY[1, 2]'):
                self.adapters.register_loader(Pg.OID_INT4, load)
                cursor = self.connection.execute(query, binary=False)
                with self.subTest(query=query, kind=kind), self.assertRaisesRegex(kind, 'enough'):
                    cursor.fetchall()
                calls.clear()
                cursor.get_result()
            self.adapters.register_loader(Pg.OID_INT4, None)
            self.assertEqual(self.value('SELECT 1'), 1)

    def test_interrupt_of_a_dumper(self):
        class Thing(GObject.Object):
            pass

        def dump(_thing):
            raise KeyboardInterrupt
        self.adapters.register_dumper(Thing, dump)
        with self.assertRaises(KeyboardInterrupt):
            self.connection.execute('SELECT %s', [Thing()])
        self.assertEqual(self.value('SELECT 1'), 1)

    def test_wrong_arguments(self):
        adapters = self.adapters
        for loader in (7, 'int', b''):
            with self.assertRaisesRegex(TypeError, 'function'):
                adapters.register_loader(Pg.OID_INT4, loader)
            with self.assertRaisesRegex(TypeError, 'function'):
                adapters.register_dumper(GObject.Object, loader)
        with self.assertRaises(ValueError):
            adapters.register_loader(Pg.OID_INT4, int, Pg.Format.AUTO)
        with self.assertRaises(ValueError):
            adapters.register_dumper(GObject.Object, str, 0, Pg.Format.AUTO)
        with self.assertRaises(TypeError):
            adapters.register_loader(None, int)
        int4 = self.connection.fetch_type('int4')
        for cls in (Mood, Pg.Format):
            with self.assertRaisesRegex(Pg.ProgrammingError, 'int4 is not an enum|integer is not an enum'):
                adapters.register_enum(int4, cls)
        for cls in (7, dict):
            with self.assertRaises(TypeError):
                adapters.register_enum(self.connection.fetch_type('mood'), cls)
        with self.assertRaises(TypeError):
            adapters.register_enum(None, Mood)


if __name__ == '__main__':
    unittest.main()
