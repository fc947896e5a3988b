# SPDX-License-Identifier: LGPL-2.1-or-later

import datetime
import decimal
import enum
import ipaddress
import math
import unittest
import uuid
from datetime import timezone

from gi.repository import GLib

from support import Pg, ServerTest

D = decimal.Decimal


class Number(enum.IntEnum):
    SEVEN = 7


class ValuesTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def select(self, what, params=None, **keywords):
        return self.connection.execute('SELECT ' + what, params, **keywords).fetchone()[0]

    def check(self, value, kind=None, expected=None, placeholder='%s'):
        """That a value comes back as it was sent, in both formats, and what type the server took it for."""
        expected = value if expected is None else expected
        for binary in (False, True):
            with self.subTest(value=value, binary=binary):
                got = self.select(placeholder, [value], binary=binary)
                self.assertEqual(got, expected)
                self.assertIs(type(got), type(expected))
        if kind is not None:
            self.assertEqual(self.select('pg_typeof(%s)::text', [value]), kind)

    def test_none(self):
        for kind in ('int', 'text', 'bytea', 'date', 'timestamptz', 'numeric', 'jsonb', 'uuid', 'bool', 'float8', 'int[]', 'interval'):
            self.assertIsNone(self.select('%s::' + kind, [None]))

    def test_bool(self):
        self.check(True, 'boolean')
        self.check(False, 'boolean')

    def test_int(self):
        for value, kind in ((0, 'smallint'), (-2**15, 'smallint'), (2**15, 'integer'), (-2**31, 'integer'), (2**31, 'bigint'), (2**63 - 1, 'bigint'),
                            (-2**63, 'bigint')):
            self.check(value, kind)
        self.check(Number.SEVEN, 'smallint', 7)
        for value in (2**63, -2**63 - 1, 10**100, 10**5000):
            self.check(value, 'numeric', D(value))
        self.assertEqual(self.select("left('abc', %s)", [2]), 'ab')
        self.assertEqual(self.select("oid '4294967295'"), 2**32 - 1)

    def test_float(self):
        for value in (0.0, 0.1, 1e300, -5e-324, math.inf, -math.inf):
            self.check(value, 'double precision')
        self.assertTrue(math.isnan(self.select('%s', [math.nan])))
        for binary in (False, True):
            self.assertEqual(self.select('0.1::float4', binary=binary), 0.10000000149011612)
            self.assertEqual(self.select('3.4028235e38::float4', binary=binary), 3.4028234663852886e+38)
            self.assertEqual(self.select("'-Infinity'::float4", binary=binary), -math.inf)

    def test_decimal(self):
        for value in ('0', '1.50', '-0.000000000000000000001', '12345678901234567890.123456789012345678901234567890', '0E-10', 'Infinity', '-Infinity'):
            self.check(D(value), 'numeric')
            self.assertEqual(str(self.select('%s', [D(value)])), str(D(value)) if 'E' not in value else '0E-10')
        self.assertEqual(self.select('%s', [D('1E+3')]), 1000)
        self.assertTrue(self.select('%s', [D('NaN')]).is_nan())
        self.assertTrue(self.select('%s', [D('sNaN')]).is_qnan())

    def test_str(self):
        for value in ('', 'text', 'ünïcödé ☃ 𝄞', "it's", '\\', '%s $1', '\x01\x7f'):
            self.check(value, None, placeholder='%s::text')
        self.assertEqual(self.select('%s::date', ['2020-01-02']), datetime.date(2020, 1, 2))
        self.assertEqual(self.select("'ab'::char(4)"), 'ab  ')
        with self.assertRaises(Pg.DataError):
            self.select('%s::text', ['\ud800'])

    def test_bytes(self):
        for value in (b'', b'\0', bytes(range(256)), b"\\'"):
            self.check(value, 'bytea')
        self.check(bytearray(b'a\0'), 'bytea', b'a\0')
        self.check(memoryview(b'abc')[1:], 'bytea', b'bc')
        self.check(GLib.Bytes.new(b'a\0'), 'bytea', b'a\0')

    def test_date(self):
        for value in (datetime.date.min, datetime.date(2000, 1, 1), datetime.date(2024, 2, 29), datetime.date.max):
            self.check(value, 'date')

    def test_naive_datetime(self):
        for value in (datetime.datetime.min, datetime.datetime(1999, 12, 31, 23, 59, 59, 999999), datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
                      datetime.datetime.max):
            self.check(value, 'timestamp without time zone')

    def test_aware_datetime(self):
        minute = datetime.timedelta(minutes=1)
        for value in (datetime.datetime(1, 1, 1, tzinfo=timezone.utc), datetime.datetime.max.replace(tzinfo=timezone.utc),
                      datetime.datetime(2024, 2, 29, 1, 2, 3, 4, timezone(330 * minute)),
                      datetime.datetime(2024, 2, 29, 1, 2, 3, 4, timezone(-datetime.timedelta(hours=1, seconds=7)))):
            self.check(value, 'timestamp with time zone')
            self.assertEqual(self.select('%s', [value]).tzinfo, timezone.utc)
        self.connection.execute("SET TimeZone = 'Asia/Kolkata'")
        value = datetime.datetime(2024, 2, 29, tzinfo=timezone.utc)
        self.check(value)
        # Before the year 1 in UTC, which only the server can hold.
        early = datetime.datetime(1, 1, 1, tzinfo=timezone(60 * minute))
        self.assertEqual(self.select("%s = timestamptz '0001-01-01 00:00:00+01'", [early]), True)

    def test_datestyle(self):
        # The server's text is read right, whatever the style; the binary form has none.
        date, time = datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5)
        instant = time.replace(tzinfo=timezone.utc)
        self.connection.execute("SET TimeZone = 'UTC'; CREATE TYPE dated AS (day date, at timestamptz, days date[], span daterange)")
        self.connection.fetch_type('dated')
        for style in ('ISO', 'German', 'SQL, MDY', 'SQL, DMY', 'Postgres, MDY', 'Postgres, DMY'):
            self.connection.execute(f"SET DateStyle = '{style}'")
            for what, value in (("date '2020-01-02'", date), ("timestamp '2020-01-02 03:04:05'", time), ("ARRAY[date '2020-01-02', NULL]", [date, None]),
                                ("timestamptz '2020-01-02 03:04:05+00'", instant), ("ARRAY[timestamptz '2020-01-02 03:04:05+00']", [instant]),
                                ("date '0044-03-15 BC'", Pg.Date('0044-03-15 BC')), ("ARRAY[date '0044-03-15 BC']", [Pg.Date('0044-03-15 BC')]),
                                ("daterange('2020-01-02', NULL)", Pg.Range(date, None)), ("ARRAY[daterange('2020-01-02', NULL)]", [Pg.Range(date, None)]),
                                ("datemultirange(daterange('2020-01-02', NULL))", Pg.Multirange([Pg.Range(date, None)])),
                                ("ROW('2020-01-02', '2020-01-02 03:04:05+00', ARRAY[date '2020-01-02'], daterange('2020-01-02', NULL))::dated",
                                 (date, instant, [date], Pg.Range(date, None)))):
                with self.subTest(style=style, what=what):
                    self.assertEqual(self.select(what, binary=True), value)
                    self.assertEqual(self.select(what, binary=False), value)
                    if not isinstance(value, tuple):
                        self.assertEqual(self.select('%s', [value], binary=True), value)
                    # As it was read it can be sent.
                    self.assertIs(self.select(f'{what} = %s', [self.select(what, binary=False)]), True)

    def test_time_and_interval_are_sent(self):
        day = datetime.timedelta(days=1)
        for style in ('postgres', 'iso_8601', 'sql_standard', 'postgres_verbose'):
            self.connection.execute(f'SET IntervalStyle = {style}')
            for value, text in ((datetime.timedelta(), '0'), (-day + datetime.timedelta(microseconds=3), '-86400 seconds +3 microseconds'),
                                (day * 400, '400 days'), (datetime.timedelta.min, '-999999999 days')):
                self.assertIs(self.select(f"%s = interval '{text}'", [value]), True, (style, value))
        self.assertEqual(self.select('%s::text', [datetime.time(1, 2, 3, 4)]), '01:02:03.000004')
        self.assertEqual(self.select('pg_typeof(%s)::text', [datetime.time(1, tzinfo=timezone.utc)]), 'time with time zone')

    def test_uuid(self):
        self.check(uuid.uuid4(), 'uuid')

    def test_json(self):
        value = {'a': [1, 2.5, None, 'ü"\\'], 'b': {}}
        self.assertEqual(self.select('%s', [Pg.Jsonb(value)]), value)
        self.assertEqual(self.select('%s', [Pg.Json(value)]), value)
        self.assertEqual(self.select('pg_typeof(%s)::text', [Pg.Jsonb(value)]), 'jsonb')
        self.assertEqual(self.select('pg_typeof(%s)::text', [Pg.Json(value)]), 'json')
        self.assertEqual(self.select('%s', [Pg.Jsonb(value, dumps=lambda _value: b'[7]')]), [7])
        self.assertIs(self.select("%s = 'null'::jsonb", [Pg.Jsonb(None)]), True)
        self.assertEqual(self.select("ARRAY['[1]'::jsonb, NULL]"), [[1], None])
        self.assertNotIn('b', repr(Pg.Jsonb('b'))[5:])

    def test_lists(self):
        now = datetime.datetime(2024, 2, 29, 1, 2, 3, 4, timezone.utc)
        for value, kind in (([1, 2], 'smallint[]'), ([1, 70000, None], 'integer[]'), ([1, 2**40], 'bigint[]'), ([True, None, False], 'boolean[]'),
                            ([1.5, math.inf], 'double precision[]'), ([1.5, None], 'double precision[]'), ([D(1), 2], 'numeric[]'),
                            ([D('1.50'), None], 'numeric[]'), ([b'\0', b'', None, b'"\\'], 'bytea[]'), ([datetime.date(1, 1, 1)], 'date[]'),
                            ([now, None], 'timestamp with time zone[]'), ([now.replace(tzinfo=None)], 'timestamp without time zone[]'),
                            ([uuid.UUID(int=5)], 'uuid[]'), ([[1, 2], [3, None]], 'smallint[]'), ([[[b'a', None]]], 'bytea[]'),
                            ([datetime.time(1, 2, 3, 4)], 'time without time zone[]'), ([datetime.timedelta(1)], 'interval[]')):
            self.check(value, kind, expected=[D(1), D(2)] if kind == 'numeric[]' and 2 in value else None)
        # As text has no type, a list of it has none: the place where it stands decides.
        for value in (['', 'a', None, 'NULL', 'null', '{}', ',', '"', '\\', ' b ', 'ü\n'], [['a'], [None]], []):
            self.check(value, None, placeholder='%s::text[]')
            self.check(value, None, placeholder='%b')
        self.assertIs(self.select('%s::uuid = ANY(%s)', [str(uuid.UUID(int=5)), [str(uuid.UUID(int=5))]]), True)
        self.check([1, 2**63], 'numeric[]', [D(1), D(2**63)])
        self.check([], None, placeholder='%s::int[]')
        self.check([None, None], None, placeholder='%s::int[]')
        self.assertEqual(self.select('pg_typeof(%s)::text', [[Pg.Jsonb({'a': '"'})]]), 'jsonb[]')
        self.assertEqual(self.select('%s', [[Pg.Jsonb({'a': '"'})]]), [{'a': '"'}])
        self.assertEqual(self.select('1 = ANY(%s)', [[1, 2]]), True)
        self.assertEqual(self.select("ARRAY['(1,2),(3,4)'::box]"), ['(3,4),(1,2)'])

    def test_lists_that_cannot_be_sent(self):
        recursive = []
        recursive.append(recursive)
        for value in ([1, 'a'], [1, 1.5], [True, 1], [[1], [1, 2]], [[1], 2], [[1], None], [1, [2]], [[], [1]], [(1,), 1], [[[[[[[1]]]]]]], recursive):
            with self.subTest(str(value)), self.assertRaisesRegex(Pg.DataError, '^parameter 2: '):
                self.select('%s, %s', [1, value])
        with self.assertRaisesRegex(Pg.DataError, 'int2, text'):
            self.select('%s', [[1, 'a']])
        with self.assertRaises(Pg.ProgrammingError):
            self.select('%s', [[object()]])

    def test_values_that_cannot_be_sent(self):
        for value in (object(), {'a': 1}, {1}, range(3), 1j, [{}], ({1},)):
            kind = 'dictionary' if value in ({'a': 1}, [{}]) else type(value[0] if isinstance(value, (list, tuple)) else value).__name__
            with self.subTest(value):
                with self.assertRaisesRegex(Pg.ProgrammingError, f'^parameter 2: .* {kind} cannot be sent'):
                    self.select('%s, %s', [1, value])
                with self.assertRaisesRegex(Pg.ProgrammingError, f"^parameter 'b': .* {kind} cannot be sent"):
                    self.select('%(a)s, %(b)s', {'a': 1, 'b': value})
        for value in ('a\0b', ['a\0b'], ('a\0b',), '\ud800'):
            with self.subTest(value), self.assertRaisesRegex(Pg.DataError, '^parameter 2: a text with '):
                self.select('%s, %s', [1, value])
        with self.assertRaisesRegex(Pg.ProgrammingError, 'Jsonb'):
            self.select('%s', [{}])

    def test_tuples(self):
        self.connection.execute('CREATE TYPE pair AS (id int, names text[])')
        value = (1, ['a "b"', None, '(,)'])
        self.assertEqual(self.select('(%s::pair).names', [value]), value[1])
        self.assertEqual(self.select('%s::pair::text', [(None, None)]), '(,)')
        self.assertEqual(self.select('array_length(%s::pair[], 1)', [[value, (2, []), None]]), 3)
        self.assertEqual(self.select('((%s::pair[])[2]).id', [[value, (2, [])]]), 2)

    def test_enums(self):
        class Color(enum.Enum):
            red = 1

        class Word(str, enum.Enum):
            A = 'a'

        self.connection.execute("CREATE TYPE color AS ENUM ('red', 'green')")
        self.assertEqual(self.select('%s::color::text', [Color.red]), 'red')
        self.assertEqual(self.select('%s::text', [Word.A]), 'a')
        self.assertEqual(self.select('%s::color[]::text', [[Color.red, None]]), '{red,NULL}')

    def test_addresses(self):
        for text, kind in (('127.0.0.1', 'inet'), ('::1', 'inet'), ('10.0.0.0/8', 'cidr'), ('2001:db8::/32', 'cidr')):
            value = (ipaddress.ip_network if '/' in text else ipaddress.ip_address)(text)
            self.check(value, kind)
        for text in ('10.1.2.3/8', '::1/64'):
            self.check(ipaddress.ip_interface(text), 'inet')
        self.assertEqual(self.select('%s', [[ipaddress.ip_address('::1'), None]]), [ipaddress.ip_address('::1'), None])

    def test_times(self):
        for value in (datetime.time.min, datetime.time.max, datetime.time(1, 2, 3, 4, timezone(datetime.timedelta(hours=-3, seconds=-7)))):
            self.check(value)

        class ByDate(datetime.tzinfo):
            def utcoffset(self, when):
                return None if when is None else datetime.timedelta()

        for value in (datetime.time(1, tzinfo=ByDate()), datetime.time(1, tzinfo=timezone(datetime.timedelta(microseconds=1))),
                      datetime.time(1, tzinfo=timezone(datetime.timedelta(hours=23)))):
            with self.subTest(value), self.assertRaisesRegex(Pg.DataError, '^parameter 1: '):
                self.select('%s', [value])

    def test_boxed_values(self):
        for value, kind in ((Pg.Interval.new(14, -3, 1), 'interval'), (Pg.BitString.parse('101'), 'bit varying'), (Pg.Point.new(1.5, -2), 'point'),
                            (Pg.Time.parse('24:00:00'), 'time without time zone'), (Pg.Inet.parse('::1/64'), 'inet'),
                            (Pg.Range.parse('[1,5)', Pg.OID_INT4), 'int4range'), (Pg.Multirange.parse('{[1,5)}', Pg.OID_INT8), 'int8multirange')):
            self.assertEqual(self.select('%s::text', [value]), value.to_string())
            self.assertEqual(self.select('pg_typeof(%s)::text', [value]), kind)
            self.assertEqual(self.select('array_length(%s, 1)', [[value, None]]), 2)
        self.assertEqual(self.select('%s::text', [Pg.Array.parse('[0:1]={1,NULL}', Pg.OID_INT4)]), '[0:1]={1,NULL}')

    def test_values_of_the_library(self):
        for value, kind, expected in (
                (Pg.Numeric.parse('1.50'), 'numeric', D('1.50')), (Pg.Date.new_from_ymd(2020, 1, 2), 'date', datetime.date(2020, 1, 2)),
                (Pg.Timestamp.parse('2020-01-02 03:04:05'), 'timestamp without time zone', datetime.datetime(2020, 1, 2, 3, 4, 5)),
                (GLib.DateTime.new_utc(2020, 1, 2, 3, 4, 5), 'timestamp with time zone', datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc)),
                (GLib.Variant('x', 7), 'smallint', 7), (GLib.Variant('ai', [7]), 'smallint[]', [7])):
            self.check(value, kind, expected)
        infinity = Pg.Date.new_infinity(False)
        self.assertIs(self.select("%s = 'infinity'::date", [infinity]), True)
        self.assertIs(self.select("%s = ARRAY['infinity'::date]", [[infinity]]), True)
        self.assertEqual([str(value) for value in (Pg.Numeric.parse('1.50'), infinity, Pg.Timestamp.parse('2020-01-02 03:04:05'))],
                         ['1.50', 'infinity', '2020-01-02 03:04:05'])


if __name__ == '__main__':
    unittest.main()
