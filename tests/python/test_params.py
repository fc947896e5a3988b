# SPDX-License-Identifier: LGPL-2.1-or-later
"""Parameters of the database's own types, and values of Python that are easily sent as something else."""

import collections
import datetime
import decimal
import enum
import ipaddress
import unittest

from support import Pg, ServerTest

SETUP = """
    CREATE EXTENSION hstore;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN years AS int4 CHECK (VALUE >= 0);
    CREATE TYPE place AS (x float8, "the label" text, cost numeric);
    CREATE TYPE visit AS (p place, m mood[], tags hstore, boxes box[], age years);
    CREATE TYPE span AS RANGE (subtype = interval);
    CREATE TABLE kept (h hstore, m mood, p place, v visit, s span, b box[], y years, vs visit[], ms mood[], hs hstore[])
"""


class Mood(enum.Enum):
    sad = 1
    ok = 2


class NumberMood(enum.IntEnum):
    sad = 1
    ok = 2


class TextMood(str, enum.Enum):
    sad = 'SAD'
    ok = 'OK'


class Place:
    def __init__(self, *values):
        self.x, self.label, self.cost = values


class Params(ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = ('hstore', 'mood', 'place', 'visit', 'span', 'years')

    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute(SETUP)

    def fetch_types(self):
        for name in self.types:
            self.connection.fetch_type(name)

    def value(self, query, params=None, **keywords):
        return self.connection.execute(query, params, **keywords).fetchone()[0]

    def test_round_trip(self):
        # What was read can be sent back, wherever it stands, in every format of the results.
        self.fetch_types()
        values = {
            'h': """'a=>1, "b \\"c,"=>NULL, ""=>""'""",
            'm': "'ok'",
            'p': """'(1.5,"a ""b"", \\\\c(",)'""",
            'v': "ROW(ROW(1, 'x,y', 1.10), '{sad,NULL}', 'a=>b', '{(2,2),(1,1);(4,4),(3,3)}', 7)::visit",
            's': "'[1 day,2 days)'",
            'b': "'{(2,2),(1,1);(4,4),(3,3)}'",
            'y': '7',
            'vs': "ARRAY[ROW(NULL, NULL, NULL, NULL, NULL)::visit, NULL]",
            'ms': "'{{sad,ok},{ok,NULL}}'",
            'hs': "ARRAY['a=>1', '', NULL]::hstore[]",
        }
        for binary in (False, True):
            for name, literal in values.items():
                with self.subTest(name=name, binary=binary):
                    self.connection.execute('TRUNCATE kept')
                    self.connection.execute(f'INSERT INTO kept ({name}) VALUES ({literal})')
                    value = self.value(f'SELECT {name} FROM kept', binary=binary)
                    cast = '::box[]' if name == 'b' else ''
                    self.connection.execute(f'INSERT INTO kept ({name}) VALUES (%s{cast})', [value])
                    self.assertEqual(self.value(f'SELECT count(DISTINCT {name}::text) FROM kept'), 1)
                    self.assertEqual(self.value(f'SELECT count(*) FROM kept WHERE {name} IS NULL'), 0)

    def test_hstore(self):
        with self.assertRaisesRegex(Pg.ProgrammingError, 'parameter 1: .*fetch the type first.*Pg.Jsonb'):
            self.value('SELECT %s', [{'a': '1'}])
        self.connection.fetch_type('hstore')
        self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [{'a': '1', 'b': None}]), 'hstore')
        for value in ({}, {'a': None}, {'"': '\\', '': 'NULL', '=>': ',', "'": '\n'}):
            for form in ('%s', '%t', '%b'):
                with self.subTest(value=value, form=form):
                    self.assertEqual(self.value(f'SELECT {form}', [value]), value)
        self.assertEqual(self.value('SELECT %(a)s', {'a': [{'a': '1'}, None, {}]}), [{'a': '1'}, None, {}])
        with self.assertRaisesRegex(Pg.DataError, 'the value of the key “a” of an hstore is not text'):
            self.value('SELECT %s', [{'a': 1}])
        with self.assertRaisesRegex(Pg.ProgrammingError, 'a key of the type int'):
            self.value('SELECT %s', [{1: 'a'}])
        with self.assertRaises(Pg.DataError):
            self.value('SELECT %s', [{'a\0': 'b'}])
        endless = {}
        endless['a'] = endless
        with self.assertRaisesRegex(Pg.DataError, 'nested'):
            self.value('SELECT %s', [endless])

    def test_composite(self):
        self.fetch_types()
        place = self.value("SELECT '(1.5,a,2.50)'::place")
        self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [place]), 'place')
        self.assertEqual(self.value('SELECT %s', [place]), place)
        self.assertEqual(self.value('SELECT %s', [[place, None, place]]), [place, None, place])
        self.assertEqual(self.value('SELECT %s::place', [(1.5, 'a', 2)]), (1.5, 'a', decimal.Decimal(2)))
        self.assertEqual(self.value('SELECT %s::place', [{'cost': 2, 'x': 1, 'the label': None}]), (1.0, None, decimal.Decimal(2)))
        self.assertEqual(self.value('SELECT %s::place[]', [[{'cost': 2, 'x': 1, 'the label': '"'}, None]]), [(1.0, '"', decimal.Decimal(2)), None])
        self.assertEqual(self.value('SELECT CAST(%s AS place[])', [[(1, '"', 2)]]), [(1.0, '"', decimal.Decimal(2))])
        self.assertEqual(self.value('SELECT (%s::visit).p', [{'p': place, 'm': ['sad', None], 'tags': {'a': 'b'}, 'boxes': None, 'age': 7}]), place)
        with self.assertRaisesRegex(Pg.DataError, 'no value for the field “the label” of the type place'):
            self.value('SELECT %s::place', [{'cost': 2, 'x': 1}])
        with self.assertRaisesRegex(Pg.DataError, '“y”, which is no field of the type place'):
            self.value('SELECT %s::place', [{'cost': 2, 'x': 1, 'the label': '', 'y': 1}])

        # One of another connection, to which the type is not known, is a record as any tuple is.
        other = self.connect(autocommit=True)
        self.assertEqual(other.execute('SELECT %s::place', [place]).fetchone()[0], '(1.5,a,2.50)')
        Other = collections.namedtuple('Other', 'x y z')
        self.assertEqual(self.value('SELECT %s::place', [Other(1, 'a', 2)]), (1.0, 'a', decimal.Decimal(2)))

    def test_registered_composite(self):
        self.fetch_types()
        self.connection.execute('CREATE TYPE spot AS (x float8, label text, cost numeric)')
        self.connection.get_adapters().register_composite(self.connection.fetch_type('spot'), Place)
        spot = self.value("SELECT '(1.5,a,2.50)'::spot")
        self.assertIs(type(spot), Place)
        spot.label = 'b'
        self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [spot]), 'spot')
        self.assertEqual(self.value('SELECT %s::text', [spot]), '(1.5,b,2.50)')
        self.assertEqual(self.value('SELECT %s::text', [[spot, None]]), '{"(1.5,b,2.50)",NULL}')
        del spot.cost
        with self.assertRaisesRegex(Pg.DataError, 'spot.*cost'):
            self.value('SELECT %s', [spot])
        with self.assertRaisesRegex(Pg.ProgrammingError, 'the type Place cannot be sent'):
            self.connect().execute('SELECT %s', [spot])

    def test_defect_enum_mixins(self):
        info = self.connection.fetch_type('mood')
        for cls, plain in ((Mood, 'ok'), (NumberMood, 2), (TextMood, 'OK')):
            with self.subTest(cls=cls.__name__):
                # As the model has it: by its value if that is one of Python's own types, else by its name.
                self.assertEqual(self.connect().execute('SELECT %s', [cls.ok]).fetchone()[0], plain)
                self.connection.get_adapters().register_enum(info, cls)
                self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [cls.ok]), 'mood')
                self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [[cls.ok, None]]), 'mood[]')
                self.assertIs(self.value('SELECT %s', [cls.sad]), cls.sad)
                self.assertEqual(self.value('SELECT %s', [[[cls.sad], [None]]]), [[cls.sad], [None]])
                self.assertEqual(self.value('SELECT %s::mood::text', [cls.ok]), 'ok')
        with self.assertRaisesRegex(Pg.DataError, 'no name'):
            self.value('SELECT %s', [enum.Flag('Flags', 'a')(0)])

    def test_defect_box_list(self):
        boxes = ['(2,2),(1,1)', '(4,4),(3,3)']
        self.assertEqual(self.value('SELECT %s::box[]', [boxes]), boxes)
        self.assertEqual(self.value('SELECT CAST($1 AS box[])', [boxes]), boxes)
        self.assertEqual(self.value('SELECT %s::text[]', [boxes]), boxes)

    def test_defect_timedelta_sign(self):
        second, day = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
        for value, parts in ((-second, (0, -1_000_000)), (-day, (-1, 0)), (-day - second, (-1, -1_000_000)), (day - second, (0, 86_399_000_000)),
                             (day + second, (1, 1_000_000)), (-datetime.timedelta.resolution, (0, -1)), (datetime.timedelta.min, (-999_999_999, 0)),
                             (datetime.timedelta.max, (999_999_999, 86_399_999_999))):
            with self.subTest(value=value):
                sent = self.connection.execute('SELECT %s', [value]).get_result().dup_interval(0, 0)
                self.assertEqual((sent.months, sent.days, sent.microseconds), (0, *parts))
                made = Pg.Interval(value)
                self.assertEqual((made.days, made.microseconds), parts)
        # The night of the change to summer time has one hour less.
        self.connection.execute("SET TIME ZONE 'Europe/Berlin'")
        moment = datetime.datetime(2024, 3, 31, 12, tzinfo=datetime.timezone.utc)
        self.assertEqual(self.value('SELECT %s + %s', [moment, -second]), moment - second)

    def test_defect_address_zone(self):
        for value in (ipaddress.ip_address('fe80::1%eth0'), ipaddress.ip_interface('fe80::1%eth0/64')):
            with self.subTest(value=value):
                with self.assertRaisesRegex(Pg.DataError, 'eth0'):
                    self.value('SELECT %s', [value])
                with self.assertRaisesRegex(ValueError, 'zone'):
                    Pg.Inet(value)
        self.assertEqual(self.value('SELECT %s', [ipaddress.ip_address('fe80::1')]), ipaddress.ip_address('fe80::1'))

    def test_what_loaders_have_read(self):
        # A loader says what a value is in Python; what it is to the server stays as it was.
        self.fetch_types()
        for name in ('timestamp', 'interval', 'int4'):
            self.connection.get_adapters().register_loader(name, lambda text: ('own', text))
        for literal in ("'[\"2024-01-01 00:00:00\",\"2024-02-01 00:00:00\")'::tsrange", "'{[1,3),[5,7)}'::int4multirange", "'[\"1 day\",\"2 days\")'::span",
                        "'[0:1]={1,2}'::int4[]"):
            for binary in (False, True):
                with self.subTest(literal=literal, binary=binary):
                    value = self.value(f'SELECT {literal}', binary=binary)
                    self.assertIn(type(value), (Pg.Range, Pg.Multirange, Pg.Array))
                    self.assertTrue(self.value(f'SELECT %s = {literal}', [value]))

    def test_numbers_of_others(self):
        """NumPy's numbers are of no class of Python's; what is needed of them is what these have."""
        class Kind:
            def __init__(self, kind, itemsize=8):
                self.kind, self.itemsize = kind, itemsize

        class Number:
            shape = ()

            def __init__(self, value, dtype):
                self._value, self.dtype = value, dtype

        class Integer(Number):
            def __index__(self):
                return self._value

        class Float(Number):
            def __float__(self):
                return self._value

        class Bool(Number):
            def __bool__(self):
                return self._value
        five, large = Integer(5, Kind('i')), Integer(2**63, Kind('u'))
        self.assertEqual(self.connection.execute('SELECT %s, %s, %s, %s, %s', [five, large, Float(1.5, Kind('f')), Float(0.1, Kind('f', 4)), Bool(True, Kind('b', 1))])
                         .fetchone(), (5, 2**63, 1.5, 0.10000000149011612, True))
        self.assertEqual(self.value('SELECT pg_typeof(%s)::text', [Float(0.1, Kind('f', 2))]), 'real')
        self.assertEqual(self.value('SELECT %s', [[five, 2**40, None]]), [5, 2**40, None])
        self.assertEqual(self.value('SELECT %s', [Pg.Range(five, 7)]), Pg.Range(5, 7))
        cursor = self.connection.cursor()
        cursor.executemany('SELECT %s::int8', [(five,), (Integer(6, Kind('i', 1)),)], returning=True)
        self.assertEqual([each.fetchone() for each in cursor.results()], [(5,), (6,)])
        for wrong in Integer(5, Kind('M')), Integer(5, Kind(7)), Integer(5, None), Float(1.5, Kind('c')):
            with self.assertRaisesRegex(Pg.ProgrammingError, 'cannot be sent'):
                self.value('SELECT %s', [wrong])
        array = Integer(5, Kind('i'))
        array.shape = (1,)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'Integer cannot be sent'):
            self.value('SELECT %s', [array])

    def test_ranges_of_several_types(self):
        D = decimal.Decimal
        for ranges, expected in (([Pg.Range(1, 2), Pg.Range(2**40, 2**41)], 'int8range[]'), ([Pg.Range(1, 2), None, Pg.Range(D('1.5'), None)], 'numrange[]'),
                                 ([Pg.Range(empty=True), Pg.Range(1, 2), Pg.Range(None, None)], 'int4range[]'),
                                 ([Pg.Multirange([Pg.Range(1, 2)]), Pg.Multirange([Pg.Range(7, 9), Pg.Range(2**40, None)])], 'int8multirange[]')):
            self.assertEqual(self.connection.execute('SELECT pg_typeof($1)::text, $1', [ranges]).fetchone(), (expected, ranges))
        with self.assertRaisesRegex(Pg.DataError, 'different types'):
            self.value('SELECT %s', [[Pg.Range(1, 2), Pg.Range(datetime.date(2024, 2, 29), None)]])
        with self.assertRaisesRegex(TypeError, 'different types'):
            Pg.Multirange([Pg.Range(1, 2), Pg.Range(datetime.date(2024, 2, 29), None)])

    def test_ranges_of_enums(self):
        Mood = enum.Enum('Mood', 'sad happy')
        self.connection.execute("CREATE TYPE feeling AS ENUM ('sad', 'happy'); CREATE TYPE feelings AS RANGE (subtype = feeling)")
        self.assertEqual(self.value("SELECT (%s::feelings)::text", [Pg.Range(Mood.sad, Mood.happy, '[]')]), '[sad,happy]')
        Mood = enum.Enum('Mood', 'low high')
        Pg.register_enum(self.connection.fetch_type('feeling'), self.connection, Mood, mapping={Mood.low: 'sad', Mood.high: 'happy'})
        self.assertEqual(self.value("SELECT (%s::feelings)::text", [Pg.Range(Mood.low, Mood.high)]), '[sad,happy)')

    def test_infinite_interval(self):
        infinite = Pg.Interval('infinity')
        if self.connection.get_server_version() >= 170000:
            self.assertEqual(self.value('SELECT %s', [infinite]), infinite)
            self.assertEqual(self.value('SELECT %s', [[infinite, None]]), [infinite, None])
        else:
            with self.assertRaisesRegex(Pg.errors.InvalidDatetimeFormat, 'interval.*infinity'):
                self.value('SELECT %s', [infinite])
        with self.assertRaisesRegex(Pg.DataError, 'infinite.*text format'):
            self.value('SELECT %b', [infinite])


if __name__ == '__main__':
    unittest.main()
