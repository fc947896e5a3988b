# SPDX-License-Identifier: LGPL-2.1-or-later
"""Types of the database, and functions of Python's that read and write values."""

import decimal
import dataclasses
import enum
import unittest

from gi.repository import GLib, GObject

from support import Pg, ServerTest

SETUP = """
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TYPE place AS (x float8, label text, cost numeric);
    CREATE TYPE visit AS (p place, m mood);
"""


class Mood(enum.Enum):
    sad = 1
    ok = 2


class Thing(GObject.Object):
    def __init__(self, text):
        super().__init__()
        self.text = text


class Other(Thing):
    pass


class Adapters(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute(SETUP)

    def value(self, query, params=None, **keywords):
        return self.connection.execute(query, params, **keywords).fetchone()[0]

    def test_fetch_type(self):
        info = self.connection.fetch_type('mood')
        self.assertEqual((info.get_name(), info.get_schema(), info.get_labels()), ('mood', 'public', ['sad', 'ok']))
        self.assertEqual(self.connection.fetch_type(info.get_oid()).get_name(), 'mood')
        self.assertIn('mood', repr(info))
        with self.assertRaises(Pg.errors.UndefinedObject):
            self.connection.fetch_type('nobody')

    def test_look_up(self):
        self.connection.set_fetch_types(True)
        cursor = self.connection.execute("SELECT ROW(1, 'x', NULL)::place")
        self.assertEqual(cursor.description[0].type_display, 'place')
        self.assertEqual(self.connection.get_adapters().lookup_type_by_name('place').get_field_name(1), 'label')

    def test_loader(self):
        class Own:
            def __init__(self, text):
                self.text = text

        adapters = self.connection.get_adapters()
        adapters.register_loader('jsonb', Own)
        value = self.value("""SELECT '{"a": 1}'::jsonb""")
        self.assertIs(type(value), Own)
        self.assertEqual(value.text, '{"a": 1}')
        self.assertIsNone(self.value('SELECT NULL::jsonb'))
        self.assertEqual([type(row[0]) for row in self.connection.execute("SELECT '1'::jsonb FROM generate_series(1, 1000)")], [Own] * 1000)
        for result in (None, True, 2**40, 2**100, 1.5, 'x', 'a\0b', [1], {'a': 1}, decimal.Decimal(1)):
            with self.subTest(result=result):
                adapters.register_loader(Pg.OID_INT4, lambda text, result=result: result)
                self.assertEqual(self.value('SELECT 1'), result)
        adapters.register_loader(Pg.OID_INT4, lambda data: data[::-1], Pg.Format.BINARY)
        self.assertEqual(self.value('SELECT 1', binary=True), b'\1\0\0\0')
        adapters.register_loader(Pg.OID_INT4, None)
        self.assertEqual(self.value('SELECT 1'), 1)
        with self.assertRaisesRegex(Pg.DatabaseError, 'nobody'):
            adapters.register_loader('nobody', str)

    def test_loader_that_raises(self):
        self.connection.get_adapters().register_loader(Pg.OID_INT4, lambda text: 1 // int(text))
        cursor = self.connection.execute("SELECT n, 'x' FROM generate_series(0, 1) AS n")
        result = cursor.get_result()
        with self.assertRaisesRegex(Pg.DataError, 'int4.*ZeroDivisionError'):
            cursor.fetchall()
        self.assertEqual(result.get_value(1, 0), 1)
        self.assertEqual(result.get_value(0, 1), 'x')
        self.assertEqual(self.value("SELECT 'fine'"), 'fine')

    def test_loader_by_introspection(self):
        adapters = self.connection.get_adapters()
        adapters.add_loader(Pg.OID_INT4, Pg.Format.TEXT, lambda load, *_: load.set_value(load.get_bytes().get_data().decode() + '!'))
        self.assertEqual(self.value('SELECT 1'), '1!')

        def fail(load, *_):
            raise GLib.Error('of its own', 'test', 1)
        adapters.add_loader(Pg.OID_INT4, Pg.Format.TEXT, fail)
        with self.assertRaisesRegex(Pg.DataError, 'of its own'):
            self.value('SELECT 1')

    def test_scopes(self):
        older = self.connection.cursor()
        self.connection.get_adapters().register_loader(Pg.OID_INT4, lambda text: 'loaded')
        self.assertEqual(older.execute('SELECT 1').fetchone(), (1,))
        self.assertEqual(self.value('SELECT 1'), 'loaded')
        older.get_adapters().register_loader(Pg.OID_INT4, lambda text: 'own')
        self.assertEqual(older.execute('SELECT 1').fetchone(), ('own',))
        self.assertEqual(self.value('SELECT 1'), 'loaded')

    def test_enum_mapping(self):
        self.connection.execute("CREATE TYPE state AS ENUM ('not begun', 'in-work', 'done')")
        info = self.connection.fetch_type('state')

        class State(enum.Enum):
            NEW = 1
            WORK = 2
            done = 3
            more = 4

        class Number(enum.IntEnum):
            NEW = 1
            WORK = 2
            done = 3

        mapping = {'NEW': 'not begun', 'WORK': 'in-work'}
        query = "SELECT ARRAY['not begun', NULL, 'done']::state[], 'in-work'::state, %s::text, %s::text, %s::text"
        for cls in State, Number:
            for made in {cls[name]: label for name, label in mapping.items()}, [(cls[name], label) for name, label in mapping.items()]:
                for binary in False, True:
                    with self.subTest(cls=cls, made=type(made), binary=binary):
                        self.assertIs(Pg.register_enum(info, self.connection, cls, mapping=made), cls)
                        row = self.connection.execute(query, [cls.NEW, cls.WORK, cls.done], binary=binary).fetchone()
                        self.assertEqual(row, ([cls.NEW, None, cls.done], cls.WORK, 'not begun', 'in-work', 'done'))
                        self.assertIs(row[1], cls.WORK)
        for mapping, error in (({State.NEW: 'nothing', State.WORK: 'in-work'}, Pg.ProgrammingError), ({State.NEW: 'not begun'}, Pg.ProgrammingError),
                               ({'NEW': 'not begun'}, TypeError), ('NEW', ValueError)):
            with self.subTest(mapping=mapping), self.assertRaises(error):
                Pg.register_enum(info, self.connection, State, mapping=mapping)
        with self.assertRaises(TypeError):
            Pg.register_enum(info, self.connection, Pg.Format, mapping={})

    def test_enum_of_gobject(self):
        self.connection.execute("CREATE TYPE format AS ENUM ('binary', 'auto', 'text')")
        info = self.connection.fetch_type('format')
        # As a class, and as a GType.
        for cls in Pg.Format, Pg.Format.__gtype__:
            with self.subTest(cls=cls):
                connection = self.connect(autocommit=True)
                adapters = connection.get_adapters()
                self.assertIs(adapters.register_enum(connection.fetch_type('format'), cls), cls)
                for binary in False, True:
                    cursor = connection.execute("SELECT 'text'::format, 'binary'::format", binary=binary)
                    row = cursor.fetchone()
                    self.assertEqual(row, (Pg.Format.TEXT, Pg.Format.BINARY))
                    self.assertIsInstance(row[0], Pg.Format)
                self.assertEqual(connection.execute('SELECT %s::format::text', [Pg.Format.AUTO]).fetchone(), ('auto',))
        with self.assertRaisesRegex(TypeError, 'nicks'):
            Pg.register_enum(info, self.connection, Pg.Format, mapping={Pg.Format.TEXT: 'text'})

    def test_enum_made(self):
        self.connection.execute("CREATE TYPE \"some mood\" AS ENUM ('so so', 'good')")
        cls = Pg.register_enum(self.connection.fetch_type('"some mood"'), self.connection)
        self.assertTrue(issubclass(cls, enum.Enum))
        self.assertEqual((cls.__name__, list(cls.__members__)), ('some_mood', ['so so', 'good']))
        self.assertEqual(self.connection.execute('SELECT \'so so\'::"some mood", %s::text', [cls.good]).fetchone(), (cls['so so'], 'good'))

    def test_enum_without_member(self):
        self.connection.execute("CREATE TYPE light AS ENUM ('red', 'green')")
        Pg.register_enum(self.connection.fetch_type('light'), self.connection)
        # Made anew, it has the loader of the former one.
        self.connection.execute("DROP TYPE light; CREATE TYPE light AS ENUM ('red', 'amber')")
        self.connection.fetch_type('light')
        self.assertEqual(self.value("SELECT 'red'::light").name, 'red')
        with self.assertRaisesRegex(Pg.DataError, 'the label “amber” has no member in light'):
            self.value("SELECT 'amber'::light")
        cls = Pg.register_enum(self.connection.fetch_type('light'), self.connection)
        self.assertIs(self.value("SELECT 'amber'::light"), cls.amber)

    def test_composite_names(self):
        self.connection.execute('CREATE TYPE "a pair" AS ("a b" int, "1st" int, _u int, "class" int, "größe" int, "a-b" int)')
        Pg.register_composite(self.connection.fetch_type('"a pair"'), self.connection)
        for binary in False, True:
            value = self.connection.execute('SELECT ROW(1, 2, 3, 4, 5, 6)::"a pair"', binary=binary).fetchone()[0]
            self.assertEqual((type(value).__name__, value._fields), ('a_pair', ('a_b', 'f1st', 'f_u', '_3', 'größe', '_5')))
            self.assertEqual((value.a_b, value.f1st, value.f_u, tuple(value)), (1, 2, 3, (1, 2, 3, 4, 5, 6)))
            self.assertEqual(self.connection.execute('SELECT %s', [value]).fetchone(), (value,))

        @dataclasses.dataclass
        class Pair:
            a_b: int
            f1st: int

        self.connection.execute('CREATE TYPE two AS ("a b" int, "1st" int)')
        Pg.register_composite(self.connection.fetch_type('two'), self.connection, Pair)
        self.assertEqual(self.connection.execute('SELECT %s', [Pair(1, 2)]).fetchone(), (Pair(1, 2),))

    def test_enum(self):
        info = self.connection.fetch_type('mood')
        self.connection.get_adapters().register_enum(info, Mood)
        for binary in (False, True):
            self.assertIs(self.value("SELECT 'ok'::mood", binary=binary), Mood.ok)
        self.assertEqual(self.value("SELECT ARRAY['ok', NULL, 'sad']::mood[]"), [Mood.ok, None, Mood.sad])
        self.assertIs(self.value('SELECT %s::mood', [Mood.sad]), Mood.sad)
        self.connection.execute("ALTER TYPE mood ADD VALUE 'angry'")
        with self.assertRaisesRegex(Pg.DataError, 'mood'):
            self.value("SELECT 'angry'::mood")
        with self.assertRaisesRegex(Pg.ProgrammingError, 'angry'):
            self.connection.get_adapters().register_enum(self.connection.fetch_type('mood'), Mood)

    def test_dumper(self):
        adapters = self.connection.get_adapters()
        adapters.register_dumper(Thing, lambda thing: thing.text, Pg.OID_TEXT)
        self.assertEqual(self.value('SELECT %s', [Thing('a')]), 'a')
        self.assertEqual(self.value('SELECT %s', [Other('b')]), 'b')
        adapters.register_dumper(Other, lambda other: 1 // 0)
        with self.assertRaisesRegex(Pg.DataError, 'Other.*ZeroDivisionError'):
            self.value('SELECT %s', [Other('b')])
        adapters.register_dumper(Thing, None)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'Thing'):
            self.value('SELECT %s', [Thing('a')])
        with self.assertRaises(TypeError):
            adapters.register_dumper(dict, str)


class AsyncAdapters(ServerTest):
    def test_fetch_type(self):
        import asyncio

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                await connection.execute(SETUP)
                info = await connection.fetch_type('place')
                self.assertEqual((await connection.fetch_type(info.get_oid())).get_name(), 'place')
                cursor = await connection.execute("SELECT ROW(1, 'x', NULL)::place")
                self.assertEqual(cursor.description[0].type_display, 'place')
        asyncio.run(main())


if __name__ == '__main__':
    unittest.main()
