# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the values of every type are in Python: in text and in binary form, alone and in arrays."""

import copy
import datetime
import decimal
import enum
import functools
import ipaddress
import json
import math
import pickle
import unittest
import unittest.mock
import uuid
from datetime import date, time, timedelta, timezone

from gi.repository import GLib

from support import Pg, ServerTest

D = decimal.Decimal
UTC = timezone.utc


def moment(*args, tzinfo=None):
    return datetime.datetime(*args, tzinfo=tzinfo)


# The type, and texts of it with the values. A value that is a str is the same text in SQL.
CASES = {
    'bool': [('t', True), ('f', False)],
    'int2': [('-32768', -2**15), ('32767', 2**15 - 1)],
    'int4': [('-2147483648', -2**31), ('0', 0)],
    'int8': [('-9223372036854775808', -2**63), ('9007199254740993', 2**53 + 1)],
    'oid': [('4294967295', 2**32 - 1)],
    'xid': [('4294967295', 2**32 - 1)],
    'cid': [('7', 7)],
    'xid8': [('18446744073709551615', 2**64 - 1)],
    'float4': [('0.1', 0.10000000149011612), ('-Infinity', -math.inf), ('NaN', math.nan)],
    'float8': [('0.1', 0.1), ('1e300', 1e300), ('-0', -0.0), ('Infinity', math.inf), ('NaN', math.nan)],
    'numeric': [('1.500', D('1.500')), ('123456789012345678901234567890.1234567890', D('123456789012345678901234567890.1234567890')), ('NaN', D('NaN')),
                ('-Infinity', D('-Infinity')), ('1e-1000', D('1e-1000')), ('1e1000', D('1e1000'))],
    'text': [('', ''), ('tëxt ☃ "\\{},NULL', 'tëxt ☃ "\\{},NULL'), ('null', 'null'), (' ', ' ')],
    'varchar': [('a', 'a')],
    'char(4)': [('ab', 'ab  ')],
    'name': [('n', 'n')],
    '"char"': [('x', 'x')],
    'bytea': [('\\x00ff', b'\0\xff'), ('', b''), ('\\x5c', b'\\')],
    'date': [('2024-02-29', date(2024, 2, 29)), ('0001-01-01', date.min), ('9999-12-31', date.max), ('infinity', Pg.Date.new_infinity(False)),
             ('-infinity', Pg.Date.new_infinity(True)), ('0044-03-15 BC', Pg.Date.parse('0044-03-15 BC')), ('10000-01-01', Pg.Date.parse('10000-01-01'))],
    'time': [('00:00:00', time()), ('23:59:59.999999', time.max), ('24:00:00', Pg.Time.parse('24:00:00'))],
    'timetz': [('01:02:03.4+05:30', time(1, 2, 3, 400000, timezone(timedelta(hours=5, minutes=30)))), ('00:00:00+00', time(tzinfo=UTC)),
               ('12:00:00-15:59:59', time(12, tzinfo=timezone(-timedelta(hours=15, minutes=59, seconds=59)))),
               ('24:00:00+01', Pg.Time.parse('24:00:00+01'))],
    'timestamp': [('2024-02-29 01:02:03.000004', moment(2024, 2, 29, 1, 2, 3, 4)), ('0001-01-01', moment(1, 1, 1)),
                  ('9999-12-31 23:59:59.999999', moment(9999, 12, 31, 23, 59, 59, 999999)), ('infinity', Pg.Timestamp.new_infinity(False, False)),
                  ('0044-03-15 12:00:00 BC', Pg.Timestamp.parse('0044-03-15 12:00:00 BC')),
                  ('10000-01-01 00:00:00', Pg.Timestamp.parse('10000-01-01 00:00:00'))],
    'timestamptz': [('2024-02-29 01:02:03.4+05:30', moment(2024, 2, 28, 19, 32, 3, 400000, tzinfo=UTC)), ('0001-01-01 00:00:00+00', moment(1, 1, 1, tzinfo=UTC)),
                    ('-infinity', Pg.Timestamp.new_infinity(True, True)), ('infinity', Pg.Timestamp.new_infinity(False, True)),
                    ('0001-01-01 00:00:00+01', Pg.Timestamp.parse('0001-12-31 23:00:00+00 BC')),
                    ('9999-12-31 23:59:59-01', Pg.Timestamp.parse('10000-01-01 00:59:59+00'))],
    'interval': [('0', timedelta()), ('1 day 02:03:04.000005', timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=5)),
                 ('-1 hour', timedelta(hours=-1)), ('1 day -1 hour', timedelta(hours=23)), ('1 year 2 mons -3 days 04:05:06.7', Pg.Interval(14, -3, 14706700000)),
                 ('-1 mon', Pg.Interval(months=-1)), ('2147483647 days', Pg.Interval(days=2**31 - 1))],
    'uuid': [('00000000-0000-0000-0000-00000000000f', uuid.UUID(int=15))],
    'json': [('{"a": [1, 2.5, null, "ü\\"\\\\"]}', {'a': [1, 2.5, None, 'ü"\\']}), ('null', None), ('"{"', '{'), ('9007199254740993', 2**53 + 1)],
    'jsonb': [('{"a": [1, 2.5, null, "ü"]}', {'a': [1, 2.5, None, 'ü']}), ('[]', []), ('1' * 5000, int(D('1' * 5000)))],
    'inet': [('192.168.0.1', ipaddress.ip_address('192.168.0.1')), ('192.168.0.1/24', ipaddress.ip_interface('192.168.0.1/24')),
             ('::ffff:1.2.3.4', ipaddress.ip_address('::ffff:1.2.3.4')), ('fe80::1/64', ipaddress.ip_interface('fe80::1/64'))],
    'cidr': [('10.0.0.0/8', ipaddress.ip_network('10.0.0.0/8')), ('1.2.3.4/32', ipaddress.ip_network('1.2.3.4/32')), ('::/0', ipaddress.ip_network('::/0'))],
    'int4range': [('[1,5)', Pg.Range(1, 5)), ('(,)', Pg.Range(element_type=Pg.OID_INT4)), ('empty', Pg.Range(empty=True)), ('[1,]', Pg.Range(1, None))],
    'int8range': [('[1,9007199254740993)', Pg.Range(1, 2**53 + 1))],
    'numrange': [('(1.50,2]', Pg.Range(D('1.50'), D('2'), '(]'))],
    'daterange': [('[2024-02-29,infinity)', Pg.Range(date(2024, 2, 29), Pg.Date('infinity')))],
    'tsrange': [('["2024-02-29 01:02:03","2024-03-01 00:00:00"]', Pg.Range(moment(2024, 2, 29, 1, 2, 3), moment(2024, 3, 1), '[]'))],
    'tstzrange': [('["2024-02-29 01:00:00+01",)', Pg.Range(moment(2024, 2, 29, tzinfo=UTC)))],
    'int4multirange': [('{[1,3),[5,7)}', Pg.Multirange([Pg.Range(1, 3), Pg.Range(5, 7)])), ('{}', Pg.Multirange())],
    'datemultirange': [('{[2024-02-29,2024-03-01)}', Pg.Multirange([Pg.Range(date(2024, 2, 29), date(2024, 3, 1))]))],
    'nummultirange': [('{[1.5,2.5]}', Pg.Multirange([Pg.Range(D('1.5'), D('2.5'), '[]')]))],
    'bit(3)': [('101', Pg.BitString('101'))],
    'varbit': [('', Pg.BitString('')), ('10000000001', Pg.BitString('10000000001'))],
    'point': [('(1.5,-2)', Pg.Point(1.5, -2)), ('(0,-Infinity)', Pg.Point(0, -math.inf))],
    'int2vector': [('1 -2', [1, -2]), ('', [])],
    'oidvector': [('1 4294967295', [1, 2**32 - 1])],
    'box': [('(3,4),(1,2)', '(3,4),(1,2)')],
    'lseg': [('[(1,2),(3,4)]', '[(1,2),(3,4)]')],
    'path': [('((1,2),(3,4))', '((1,2),(3,4))')],
    'polygon': [('((1,2),(3,4))', '((1,2),(3,4))')],
    'line': [('{1,2,3}', '{1,2,3}')],
    'circle': [('<(1,2),3>', '<(1,2),3>')],
    'macaddr': [('08:00:2b:01:02:03', '08:00:2b:01:02:03')],
    'macaddr8': [('08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:05')],
    'xml': [('<a/>', '<a/>')],
    'tid': [('(1,2)', '(1,2)')],
    'pg_lsn': [('16/B374D848', '16/B374D848')],
    'pg_snapshot': [('10:20:10,14', '10:20:10,14')],
    'tsvector': [("'a' 'b':1A", "'a' 'b':1A")],
    'tsquery': [("'a' & 'b'", "'a' & 'b'")],
    'jsonpath': [('$."a"', '$."a"')],
    'refcursor': [('c', 'c')],
}
# Whose binary form says less than the text.
TEXT_CASES = {
    'money': [('$1.50', '$1.50')],
    'regclass': [('pg_class', 'pg_class')],
    'regtype': [('integer', 'integer')],
}


class TypesTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True, options='-c lc_monetary=C')

    def select(self, what, params=None, **keywords):
        return self.connection.execute('SELECT ' + what, params, **keywords).fetchone()[0]

    def assert_same(self, got, expected):
        self.assertIs(type(got), type(expected))
        if isinstance(expected, float):
            # NaN, and the sign of zero.
            self.assertEqual(repr(got), repr(expected))
        elif isinstance(expected, D):
            self.assertEqual(str(got), str(expected))
            self.assertEqual(got.as_tuple(), expected.as_tuple())
        elif isinstance(expected, (Pg.Interval, Pg.Timestamp, Pg.Time)):
            self.assertEqual(str(got), str(expected))
            self.assertEqual(got, expected)
        else:
            self.assertEqual(got, expected)
            if isinstance(expected, datetime.datetime | time):
                self.assertEqual(got.utcoffset(), expected.utcoffset())

    def check(self, kind, literal, expected, binary):
        if kind == 'numeric' and 'e' in literal:
            expected = D(format(expected, 'f'))
        value = "'" + literal.replace("'", "''") + "'::" + kind
        got = self.select(value, binary=binary)
        self.assert_same(got, expected)

        if kind in ('int2vector', 'oidvector'):
            return
        got = self.select(f'ARRAY[{value}, NULL]', binary=binary)
        self.assertIs(type(got), list)
        self.assert_same(got[0], expected)
        self.assertIsNone(got[1])
        got = self.select(f'ARRAY[[{value}, NULL], [{value}, {value}]]', binary=binary)
        self.assertEqual([len(inner) for inner in got], [2, 2])
        self.assert_same(got[1][1], expected)

    def test_types(self):
        for kind, cases in CASES.items():
            for literal, expected in cases:
                for binary in (False, True):
                    with self.subTest(kind, literal=literal[:40], binary=binary):
                        self.check(kind, literal, expected, binary)

    def test_types_of_text(self):
        for kind, cases in TEXT_CASES.items():
            for literal, expected in cases:
                with self.subTest(kind, literal=literal):
                    self.check(kind, literal, expected, False)

    def test_null(self):
        for kind in (*CASES, *TEXT_CASES):
            for binary in (False, True)[:2 if kind in CASES else 1]:
                with self.subTest(kind, binary=binary):
                    self.assertIsNone(self.select(f'NULL::{kind}', binary=binary))
                    if kind not in ('int2vector', 'oidvector'):
                        self.assertIsNone(self.select(f'NULL::{kind}[]', binary=binary))
                        self.assertEqual(self.select(f"'{{}}'::{kind}[]", binary=binary), [])

    def test_columns(self):
        # Many rows are read in another way.
        for kind, cases in CASES.items():
            literal, expected = cases[0]
            if kind == 'numeric':
                continue
            for binary in (False, True):
                with self.subTest(kind, binary=binary):
                    value = "'" + literal.replace("'", "''") + "'::" + kind
                    array = 'NULL' if kind in ('int2vector', 'oidvector') else f'CASE WHEN i <> 3 THEN ARRAY[{value}] END'
                    rows = self.connection.execute(f'SELECT CASE WHEN i <> 2 THEN {value} END, {array} FROM generate_series(1, 9) i', binary=binary).fetchall()
                    for i, (got, got_array) in enumerate(rows, 1):
                        if i == 2:
                            self.assertIsNone(got)
                        else:
                            self.assert_same(got, expected)
                        if i == 3 or array == 'NULL':
                            self.assertIsNone(got_array)
                        else:
                            self.assert_same(got_array[0], expected)

    def test_sessions_do_not_matter(self):
        # What a text means depends on settings of the session, the value does not.
        value = moment(2024, 2, 29, 1, 2, 3, tzinfo=UTC)
        for setting in ("TimeZone = 'Asia/Kolkata'", "TimeZone = 'America/St_Johns'", 'IntervalStyle = iso_8601', 'IntervalStyle = sql_standard',
                        'IntervalStyle = postgres_verbose', 'bytea_output = escape', 'extra_float_digits = 3'):
            self.connection.execute('SET ' + setting)
            for binary in (False, True):
                with self.subTest(setting, binary=binary):
                    got = self.select("timestamptz '2024-02-29 01:02:03+00'", binary=binary)
                    self.assertEqual((got, got.tzinfo), (value, UTC))
                    self.assertEqual(self.select("tstzrange('2024-02-29 01:02:03+00', NULL)", binary=binary), Pg.Range(value))
                    self.assertEqual(self.select("interval '-1 day -2 hours'", binary=binary), timedelta(days=-1, hours=-2))
                    self.assertEqual(self.select("interval '1 mon -2 hours'", binary=binary), Pg.Interval(1, 0, -7200000000))
                    self.assertEqual(self.select("'\\x00ff5c41'::bytea", binary=binary), b'\0\xff\\A')
                    self.assertEqual(self.select("ARRAY['\\x00ff5c41'::bytea]", binary=binary), [b'\0\xff\\A'])
                    self.assertEqual(self.select("'0.1'::float4", binary=binary), 0.10000000149011612)

    def test_records(self):
        self.assertEqual(self.select("ROW(1, NULL, 'a \"b', ROW('x'))", binary=False), ('1', None, 'a "b', '(x)'))
        # The binary form has the types of the fields.
        self.assertEqual(self.select("ROW(1, NULL, 'a \"b', ROW('x', date '2024-02-29'), ARRAY[1, NULL], '\\x00'::bytea, 1.50, 'infinity'::date)", binary=True),
                         (1, None, 'a "b', ('x', date(2024, 2, 29)), [1, None], b'\0', D('1.50'), Pg.Date('infinity')))
        cursor = self.connection.execute("SELECT ROW(i, date '2024-02-29') FROM generate_series(1, 5) i", binary=True)
        self.assertEqual(cursor.fetchall(), [((i, date(2024, 2, 29)),) for i in range(1, 6)])
        for binary in (False, True):
            # A row of one field that is NULL.
            self.assertEqual(self.select('ROW(NULL)', binary=binary), (None,))
            self.assertIsNone(self.select('NULL::record', binary=binary))
        self.assertEqual(self.select("ARRAY[ROW(1, 'a'), NULL]", binary=False), [('1', 'a'), None])

    def test_lower_bounds(self):
        for binary in (False, True):
            value = self.select("'[3:4][0:1]={{1,2},{3,NULL}}'::int[]", binary=binary)
            self.assertIs(type(value), Pg.Array)
            self.assertEqual((str(value), value.lower_bounds, len(value)), ('[3:4][0:1]={{1,2},{3,NULL}}', (3, 0), 2))
            self.assertEqual((list(value), value[1], value.to_python(), value.get_value(2)), ([[1, 2], [3, None]], [3, None], [[1, 2], [3, None]], 3))
            self.assertEqual(self.select('%s', [value], binary=binary), value)
            self.assertEqual(self.select("'[1:2]={2024-02-29,NULL}'::date[]", binary=binary), [date(2024, 2, 29), None])
            self.assertEqual(list(self.select("'[0:0]={2024-02-29}'::date[]", binary=binary)), [date(2024, 2, 29)])
            self.assertEqual(list(self.select("'[0:0]={(3,4),(1,2)}'::box[]", binary=binary)), ['(3,4),(1,2)'])

    def test_arrays(self):
        for binary in (False, True):
            with self.subTest(binary=binary):
                self.assertEqual(self.select("'{{{{{{1}}}}}}'::int[]", binary=binary), [[[[[[1]]]]]])
                self.assertEqual(self.select("ARRAY['', 'NULL', NULL, '{', '\"', '\\', ',', E'\\n', ' a b ']", binary=binary),
                                 ['', 'NULL', None, '{', '"', '\\', ',', '\n', ' a b '])
                self.assertEqual(self.select("ARRAY['(3,4),(1,2)'::box, NULL]", binary=binary), ['(3,4),(1,2)', None])
                self.assertEqual(self.select('ARRAY[int4range(1, 3), NULL]', binary=binary), [Pg.Range(1, 3), None])
                self.assertEqual(self.select('array(SELECT generate_series(1, 100000))', binary=binary), list(range(1, 100001)))

    def test_malformed_arrays(self):
        from gi.overrides._pg_loaders import get_loader
        load = get_loader(Pg.OID_TEXT_ARRAY)
        self.assertEqual(load('{"a\\"b","{"}'), ['a"b', '{'])
        for text in ('', '{', '}', '{a', '{"a}', '{"a"b}', '{{a},b}{', '{{a}', '{a}}', '{{a}}}', '{,"a"}', '{"a",}', '{{a},}', '{{a}{b}}', '{"a"{b}}', 'x{"a"}',
                     '{' * 7 + '"a"' + '}' * 7, '{' * 10000, '{"a\\', '[1:1]'):
            with self.subTest(text[:40]), self.assertRaises(ValueError):
                load(text)

    def test_json(self):
        self.addCleanup(Pg.set_json_loads, None)
        exact = '[1.10, 1e400, 12345678901234567890.5]'
        Pg.set_json_loads(functools.partial(json.loads, parse_float=D))
        for kind in ('json', 'jsonb'):
            self.assertEqual(self.select(f"'{exact}'::{kind}"), [D('1.10'), D('1e400'), D('12345678901234567890.5')])
            self.assertEqual(self.select(f"ARRAY['{exact}'::{kind}]"), [[D('1.10'), D('1e400'), D('12345678901234567890.5')]])
        Pg.set_json_loads(lambda text: text or 'nothing')
        rows = self.connection.execute("SELECT CASE WHEN i <> 2 THEN '[1]'::json END FROM generate_series(1, 9) i").fetchall()
        self.assertEqual(rows[:3], [('[1]',), (None,), ('[1]',)])
        Pg.set_json_loads(None)
        self.assertEqual(self.select("'[1]'::json"), [1])
        # How deep is too deep depends on the version of Python.
        with unittest.mock.patch('json.loads', side_effect=RecursionError), self.assertRaisesRegex(Pg.DataError, 'Python has no value'):
            self.select("'[[1]]'::json")

    def test_types_of_the_database(self):
        self.connection.execute("""CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TYPE mood AS ENUM ('sad', 'ok');
                                   CREATE TYPE pair AS (a int, "class" date, "b c" text); CREATE TYPE nested AS (p pair, m mood, l pair[], d positive);
                                   CREATE TYPE floatrange AS RANGE (subtype = float8, multirange_type_name = floatranges); CREATE TYPE single AS (x int)""")
        cases = [
            ('7::positive', 7, 7),
            ("'ok'::mood", 'ok', 'ok'),
            ("ARRAY['ok', NULL]::mood[]", '{ok,NULL}', ['ok', None]),
            ("(1, '2024-02-29', 'x')::pair", '(1,2024-02-29,x)', (1, date(2024, 2, 29), 'x')),
            ("ROW(NULL)::single", '()', (None,)),
            ("ARRAY[(1, NULL, 'x \"y')::pair, NULL]", '{"(1,,\\"x \\"\\"y\\")",NULL}', [(1, None, 'x "y'), None]),
            ("((1, NULL, NULL), 'sad', ARRAY[(2, NULL, '')::pair], 5)::nested", '("(1,,)",sad,"{""(2,,\\\\""\\\\"")""}",5)',
             ((1, None, None), 'sad', [(2, None, '')], 5)),
            ("'[1.5,2]'::floatrange", '[1.5,2]', Pg.Range('1.5', '2', '[]', element_type=Pg.OID_FLOAT8)),
            ("'{[1.5,2]}'::floatranges", '{[1.5,2]}', Pg.Multirange('{[1.5,2]}', element_type=Pg.OID_FLOAT8)),
        ]
        for what, text, _value in cases[1:]:
            self.assertEqual(self.select(what, binary=False), text)
            self.assertIsInstance(self.select(what, binary=True), (bytes, str))
        for name in ('mood', 'nested', 'floatrange', 'floatranges', 'single'):
            self.connection.fetch_type(name, None)
        for what, _text, value in cases:
            for binary in (False, True):
                with self.subTest(what, binary=binary):
                    self.assertEqual(self.select(what, binary=binary), value)
                    cursor = self.connection.execute(f'SELECT {what} FROM generate_series(1, 5)', binary=binary)
                    self.assertEqual(cursor.fetchall(), [(value,)] * 5)
        value = self.select("(1, '2024-02-29', 'x')::pair")
        self.assertEqual((value.a, value._fields, type(value).__name__), (1, ('a', '_1', 'b_c'), 'pair'))
        self.assertEqual(self.select("'[1.5,2]'::floatrange").lower, 1.5)

    def test_hstore(self):
        self.connection.execute('CREATE EXTENSION hstore')
        self.connection.fetch_type('hstore', None)
        for binary in (False, True):
            self.assertEqual(self.select("""'a=>1, "b \\"c,"=>NULL, ""=>""'::hstore""", binary=binary), {'a': '1', 'b "c,': None, '': ''})
            self.assertEqual(self.select("ARRAY['a=>1', '', NULL]::hstore[]", binary=binary), [{'a': '1'}, {}, None])

    def test_get_value(self):
        # What is in a GValue has to stay.
        result = self.connection.execute("SELECT 1.50, date '2024-02-29', int4range(1, 2), 'infinity'::timestamp, NULL").get_result()
        for _ in range(3):
            values = [result.get_value(0, i) for i in range(5)]
        row = result[0]
        self.assertEqual(values, [row.get_value(i) for i in range(5)])
        del result, row
        garbage = [Pg.Numeric(i) for i in range(1000)]
        self.assertEqual(values, [D('1.50'), date(2024, 2, 29), Pg.Range(1, 2), Pg.Timestamp('infinity'), None])
        del garbage
        self.assertEqual(self.select('ROW(1.5, ROW(2.5))', binary=True), (D('1.5'), (D('2.5'),)))
        bound = Pg.Range(D('1.5'), D('2.5')).get_lower_value()
        self.assertEqual(bound, D('1.5'))


class BoxedTest(unittest.TestCase):
    """The value types of the library as objects of Python."""

    def test_numeric(self):
        value = Pg.Numeric('1.50')
        self.assertEqual((str(value), repr(value)), ('1.50', "Pg.Numeric('1.50')"))
        self.assertEqual(Pg.Numeric(D('1.5')), value)
        self.assertEqual(Pg.Numeric(10**5000), 10**5000)
        self.assertEqual(Pg.Numeric(7), 7)
        self.assertEqual(hash(Pg.Numeric(7)), hash(7))
        self.assertEqual(hash(value), hash(D('1.50')))
        self.assertEqual({value: 1}[D('1.5')], 1)
        self.assertNotEqual(value, '1.50')
        self.assertLess(D('1.4'), value)
        self.assertGreater(Pg.Numeric('NaN'), Pg.Numeric('Infinity'))
        self.assertEqual(len({Pg.Numeric('NaN'), Pg.Numeric(D('NaN'))}), 1)
        self.assertEqual((int(Pg.Numeric('7.9')), float(value), bool(Pg.Numeric('0.00')), value.to_python()), (7, 1.5, False, D('1.50')))
        self.assertEqual(str(Pg.Numeric(D('1E+3'))), '1000')
        for bad in ('x', '', '1,5'):
            with self.assertRaises(ValueError):
                Pg.Numeric(bad)
        for bad in ((), (1, 2), (None,), (1.5,), (b'1',)):
            with self.assertRaises(TypeError):
                Pg.Numeric(*bad)

    def test_date(self):
        self.assertEqual(Pg.Date(2024, 2, 29), date(2024, 2, 29))
        self.assertEqual(date(2024, 2, 29), Pg.Date(date(2024, 2, 29)))
        self.assertEqual(hash(Pg.Date(2024, 2, 29)), hash(date(2024, 2, 29)))
        self.assertEqual(Pg.Date('2024-02-29').to_python(), date(2024, 2, 29))
        values = [Pg.Date('infinity'), date(2024, 1, 1), Pg.Date('0044-03-15 BC'), date.min, Pg.Date('-infinity')]
        self.assertEqual([str(value) for value in sorted(values)], ['-infinity', '0044-03-15 BC', '0001-01-01', '2024-01-01', 'infinity'])
        self.assertEqual(str(Pg.Date(-1, 1, 1)), '0001-01-01 BC')
        for text in ('infinity', '-infinity', '0001-12-31 BC', '10000-01-01'):
            with self.assertRaises(OverflowError):
                Pg.Date(text).to_python()
        with self.assertRaises(TypeError):
            Pg.Date(moment(2024, 1, 1))
        with self.assertRaises(TypeError):
            Pg.Date('infinity') < 7
        self.assertNotEqual(Pg.Date(2024, 1, 1), moment(2024, 1, 1))
        for bad in ((2023, 2, 29), (2024, 13, 1)):
            with self.assertRaises(ValueError):
                Pg.Date(*bad)

    def test_time(self):
        self.assertEqual(Pg.Time(1, 2, 3, 4), time(1, 2, 3, 4))
        self.assertEqual(Pg.Time(time(1, tzinfo=UTC)), time(1, tzinfo=UTC))
        self.assertEqual(hash(Pg.Time(1, 2, 3, 4)), hash(time(1, 2, 3, 4)))
        self.assertEqual(str(Pg.Time(time(1, 2, 3, 4, timezone(-timedelta(hours=1, seconds=7))))), '01:02:03.000004-01:00:07')
        self.assertGreater(Pg.Time('24:00:00'), time.max)
        self.assertNotEqual(Pg.Time('01:00:00'), time(1, tzinfo=UTC))
        with self.assertRaises(TypeError):
            Pg.Time('01:00:00') < time(1, tzinfo=UTC)
        with self.assertRaises(OverflowError):
            Pg.Time('24:00:00').to_python()
        with self.assertRaises(ValueError):
            Pg.Time(25, 0, 0, 0)

    def test_timestamp(self):
        for value in (moment(2024, 2, 29, 1, 2, 3, 4), moment(2024, 2, 29, tzinfo=timezone(timedelta(hours=1))), moment(1, 1, 1)):
            self.assertEqual(Pg.Timestamp(value), value)
            self.assertEqual(Pg.Timestamp(value).to_python(), value)
            self.assertEqual(hash(Pg.Timestamp(value)), hash(value))
        self.assertEqual(Pg.Timestamp(GLib.DateTime.new_utc(2024, 2, 29, 0, 0, 0)), moment(2024, 2, 29, tzinfo=UTC))
        self.assertLess(moment(9999, 1, 1), Pg.Timestamp('infinity'))
        self.assertNotEqual(Pg.Timestamp('2024-01-01 00:00:00'), moment(2024, 1, 1, tzinfo=UTC))
        with self.assertRaises(TypeError):
            Pg.Timestamp('infinity') < moment(2024, 1, 1, tzinfo=UTC)
        for value in (Pg.Timestamp('infinity'), Pg.Timestamp('0044-03-15 00:00:00 BC'), Pg.Timestamp('10000-01-01 00:00:00')):
            with self.assertRaises(OverflowError):
                value.to_python()

    def test_interval(self):
        value = Pg.Interval(months=14, days=-3, microseconds=5)
        self.assertEqual((value.months, value.days, value.microseconds), (14, -3, 5))
        self.assertEqual(repr(value), "Pg.Interval('1 year 2 mons -3 days +00:00:00.000005')")
        self.assertEqual(Pg.Interval(repr(value)[13:-2]), value)
        self.assertEqual(Pg.Interval(), timedelta())
        for span in (timedelta.min, timedelta.max, timedelta(days=-1, microseconds=3)):
            self.assertEqual(Pg.Interval(span), span)
            self.assertEqual(Pg.Interval(span).to_python(), span)
            self.assertEqual(hash(Pg.Interval(span)), hash(span))
        # As in PostgreSQL.
        self.assertEqual(Pg.Interval(months=1), timedelta(days=30))
        self.assertEqual(hash(Pg.Interval(months=1)), hash(timedelta(days=30)))
        self.assertLess(timedelta(days=29), Pg.Interval(months=1))
        for big in (Pg.Interval(months=2**31 - 1), Pg.Interval(months=1)):
            with self.assertRaises(OverflowError):
                big.to_python()
        self.assertEqual(hash(Pg.Interval(months=2**31 - 1)), hash(Pg.Interval(days=30, months=2**31 - 2)))

    def test_inet(self):
        for value in (ipaddress.ip_address('1.2.3.4'), ipaddress.ip_interface('1.2.3.4/8'), ipaddress.ip_network('1.0.0.0/8'), ipaddress.ip_address('::1')):
            self.assertEqual(Pg.Inet(value).to_python(), value)
        self.assertEqual(str(Pg.Inet('1.2.3.4/8')), '1.2.3.4/8')
        self.assertLess(Pg.Inet('1.2.3.4'), Pg.Inet('::1'))
        with self.assertRaises(ValueError):
            Pg.Inet('1.2.3')

    def test_bit_string(self):
        value = Pg.BitString('1010')
        self.assertEqual((len(value), list(value), int(value), value[0], value[-1], str(value[1:3])), (4, [True, False, True, False], 10, True, False, '01'))
        self.assertEqual(Pg.BitString([1, 0, 1, 0]), value)
        self.assertEqual(bytes(value), b'\xa0')
        self.assertEqual(int(Pg.BitString('')), 0)
        self.assertIn(True, value)
        with self.assertRaises(IndexError):
            value[4]
        with self.assertRaises(ValueError):
            Pg.BitString('2')
        for bad in (b'\xa0', [2], ['1'], 5):
            with self.assertRaises(TypeError):
                Pg.BitString(bad)

    def test_point(self):
        x, y = value = Pg.Point(1, 2.5)
        self.assertEqual((x, y, value.x, value.y, value[1], len(value), str(value)), (1.0, 2.5, 1.0, 2.5, 2.5, 2, '(1,2.5)'))
        self.assertEqual(Pg.Point((1, 2.5)), Pg.Point('(1,2.5)'))
        self.assertEqual(repr(value), 'Pg.Point(1.0, 2.5)')
        self.assertEqual(hash(Pg.Point(1, 2.5)), hash(value))

    def test_range(self):
        value = Pg.Range(1, 5)
        self.assertEqual((value.lower, value.upper, value.bounds, value.lower_inc, value.upper_inc, value.lower_inf, value.upper_inf, value.isempty),
                         (1, 5, '[)', True, False, False, False, False))
        self.assertEqual((str(value), repr(value)), ('[1,5)', "Pg.Range(1, 5, '[)')"))
        self.assertEqual([x for x in range(7) if x in value], [1, 2, 3, 4])
        self.assertEqual([x for x in range(7) if x in Pg.Range(1, 5, '(]')], [2, 3, 4, 5])
        self.assertEqual([x for x in range(7) if x in Pg.Range(None, 3, '[]')], [0, 1, 2, 3])
        self.assertIn(D('1.5'), value)
        self.assertNotIn(None, value)
        self.assertTrue(value)
        empty = Pg.Range(empty=True)
        self.assertEqual((bool(empty), empty.isempty, 1 in empty, empty.lower, empty.lower_inf, repr(empty)), (False, True, False, None, False, 'Pg.Range(empty=True)'))
        unbounded = Pg.Range(None, None, '[]')
        self.assertEqual((unbounded.lower_inc, unbounded.upper_inc, unbounded.lower_inf, unbounded.upper_inf, 7 in unbounded), (False, False, True, True, True))
        # The type of the bounds.
        for args, oid in (((1, 5), Pg.OID_INT4), ((1, 2**31), Pg.OID_INT8), ((1, 2**63), Pg.OID_NUMERIC), ((1, D('2.5')), Pg.OID_NUMERIC),
                          ((date.min, None), Pg.OID_DATE), ((None, moment(1, 1, 1)), Pg.OID_TIMESTAMP), ((moment(1, 1, 1, tzinfo=UTC),), Pg.OID_TIMESTAMPTZ)):
            self.assertEqual(Pg.Range(*args).get_element_type(), oid)
        self.assertEqual(Pg.Range(1, 5, element_type=Pg.OID_NUMERIC).lower, D(1))
        self.assertEqual(Pg.Range('2024-02-29', None, element_type=Pg.OID_DATE).lower, date(2024, 2, 29))
        # Of another type, the same values.
        wide = Pg.Range(1, 5, element_type=Pg.OID_INT8)
        self.assertEqual(wide, value)
        self.assertEqual(hash(wide), hash(value))
        self.assertNotEqual(Pg.Range(1, 5, '[]'), value)
        self.assertLess(Pg.Range(None, 1), value)
        self.assertLess(empty, Pg.Range(None, 1, element_type=empty.get_element_type()))
        with self.assertRaises(TypeError):
            value < wide
        for bad in ((1, 5, '<>'), (5, 1), (1, 5, '')):
            with self.assertRaises(ValueError):
                Pg.Range(*bad)
        for bad in ((1, date.min), (True, False), (moment(1, 1, 1), moment(1, 1, 1, tzinfo=UTC))):
            with self.assertRaises(TypeError):
                Pg.Range(*bad)

    def test_range_bounds(self):
        mood = enum.Enum('Mood', 'sad ok')
        for bad in object(), {}, [], (1,), b'1', Pg.Params():
            for keywords in {}, {'element_type': Pg.OID_TEXT}:
                with self.subTest(bad, **keywords), self.assertRaisesRegex(TypeError, f'^a {type(bad).__name__} cannot be the bound of a range'):
                    Pg.Range(None, bad, **keywords)
        self.assertEqual((str(Pg.Range(mood.sad, mood.ok)), str(Pg.Range(None, mood.ok, element_type=Pg.OID_TEXT))), ('[sad,ok)', '(,ok)'))
        with self.assertRaisesRegex(TypeError, 'different types: int and float'):
            Pg.Range(1, 2.5)
        with self.assertRaisesRegex(TypeError, 'a range of float needs the element_type'):
            Pg.Range(1.5, 2.5)
        self.assertEqual(str(Pg.Range(1, 2.5, element_type=Pg.OID_FLOAT8)), '[1,2.5)')
        self.assertEqual(Pg.Range(time(1, 2), None, element_type=Pg.OID_TIME).lower, time(1, 2))
        self.assertEqual(str(Pg.Range(Pg.Interval('1 day'), element_type=Pg.OID_INTERVAL)), '["1 day",)')

    def test_multirange(self):
        value = Pg.Multirange([Pg.Range(1, 3), Pg.Range(5, 7)])
        self.assertEqual((len(value), value[0], value[-1], list(value)), (2, Pg.Range(1, 3), Pg.Range(5, 7), [Pg.Range(1, 3), Pg.Range(5, 7)]))
        self.assertEqual(str(value[1:]), '{[5,7)}')
        self.assertTrue(2 in value and 3 not in value and Pg.Range(5, 7) in value and Pg.Range(5, 6) not in value)
        self.assertTrue(value)
        self.assertFalse(Pg.Multirange())
        self.assertEqual(Pg.Multirange('{[1,3),[5,7)}', element_type=Pg.OID_INT8), value)
        self.assertEqual(hash(Pg.Multirange('{[1,3),[5,7)}', element_type=Pg.OID_INT8)), hash(value))
        with self.assertRaises(IndexError):
            value[2]
        with self.assertRaises(TypeError):
            Pg.Multirange([1])
        with self.assertRaises(TypeError):
            Pg.Multirange([Pg.Range(1, 2), Pg.Range(date.min)])

    def test_record(self):
        value = Pg.Record.parse('(1,,"a b")')
        self.assertEqual((tuple(value), len(value), value[2], value[-1], str(value)), (('1', None, 'a b'), 3, 'a b', 'a b', '(1,,"a b")'))
        self.assertEqual(value, Pg.Record.parse('(1,,"a b")'))
        self.assertEqual(hash(value), hash(Pg.Record.parse('(1,,"a b")')))

    def test_array(self):
        value = Pg.Array('[0:1]={1,2}', Pg.OID_INT4)
        self.assertEqual(value, Pg.Array.parse('[0:1]={1,2}', Pg.OID_INT4))
        self.assertNotEqual(value, Pg.Array('{1,2}', Pg.OID_INT4))
        self.assertEqual(hash(value), hash(Pg.Array('[0:1]={1,2}', Pg.OID_INT4)))
        self.assertEqual((value[0], value[-1], list(reversed(value)), 2 in value), (1, 2, [2, 1], True))
        self.assertLess(value, Pg.Array('[0:1]={1,3}', Pg.OID_INT4))
        self.assertEqual(eval(repr(value)), value)
        with self.assertRaises(ValueError):
            Pg.Array('{x}', Pg.OID_INT4)

    def test_unequal(self):
        for make, other in (
                (lambda: Pg.Numeric('1.50'), D('1.5')), (lambda: Pg.Date('2024-02-29'), datetime.date(2024, 2, 29)), (lambda: Pg.Date('infinity'), None),
                (lambda: Pg.Time('24:00:00'), None), (lambda: Pg.Timestamp('infinity'), None), (lambda: Pg.Interval('1 mon'), None),
                (lambda: Pg.Inet('10.0.0.1'), None), (lambda: Pg.BitString('101'), None), (lambda: Pg.Point(1, 2), None), (lambda: Pg.Range(1, 5), None),
                (lambda: Pg.Multirange([Pg.Range(1, 5)]), None), (lambda: Pg.Record.parse('(1)'), None), (lambda: Pg.Array('{1}', Pg.OID_INT4), None)):
            value = make()
            with self.subTest(value=value):
                self.assertIs(value != make(), False)
                self.assertIs(value == make(), True)
                self.assertIs(value != object(), True)
                self.assertIs(value == object(), False)
                if other is not None:
                    self.assertIs(value != other, False)
                    self.assertIs(other != value, False)
        self.assertIs(Pg.Interval('1 mon') != Pg.Interval('2 mons'), True)
        self.assertIs(Pg.Range(1, 5) != Pg.Range(1, 6), True)

    def test_copies(self):
        for value in (Pg.Numeric('1.50'), Pg.Date('infinity'), Pg.Time('24:00:00+01'), Pg.Timestamp('2024-01-01 00:00:00+00'), Pg.Timestamp.new_infinity(True, True),
                      Pg.Interval(1, 2, 3), Pg.Inet('::1/64'), Pg.Inet(ipaddress.ip_network('10.0.0.0/8')), Pg.BitString('101'), Pg.Point(1, 2),
                      Pg.Range(1, 5), Pg.Range(date.min, empty=True), Pg.Array('[0:1]={1,2}', Pg.OID_INT4), Pg.Multirange([Pg.Range(1, 5)])):
            with self.subTest(repr(value)):
                for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
                    self.assertEqual((made, str(made), hash(made)), (value, str(value), hash(value)))


if __name__ == '__main__':
    unittest.main()
