# SPDX-License-Identifier: LGPL-2.1-or-later

import array
import datetime
import gc
import unittest

from gi.repository import GLib

from support import Pg, ServerTest

# Values of every kind that has a way of its own, and of some that have none.
VALUES = {
    'bool': ['t', 'f'],
    'int2': ['0', '-32768', '32767'],
    'int4': ['0', '-2147483648', '2147483647'],
    'int8': ['0', '-9223372036854775808', '9223372036854775807', '9007199254740993'],
    'oid': ['0', '4294967295'],
    'xid': ['7'],
    'float4': ['0', '-0', '0.1', '3.4028235e38', '1e-45', 'NaN', '-Infinity'],
    'float8': ['0', '-0', '0.1', '123456.789', '0.30000000000000004', '5e-324', '1.7976931348623157e308', 'NaN', 'Infinity'],
    'numeric': ['0', '1.50', '-0.000000001', '12345678901234567890.5', 'NaN'],
    'text': ['', 'plain', 'ünïcödé ☃ 𝄞', "it's \\ \t"],
    'varchar(8)': ['', 'abc'],
    'char(4)': ['ab'],
    'name': ['pg_class'],
    '"char"': ['x'],
    'bytea': ['\\x', '\\x00ff61', '\\x' + '61' * 1000],
    'date': ['2024-02-29', '0001-01-01', '9999-12-31'],
    'time': ['00:00:00', '23:59:59.999999', '12:34:56.7'],
    'timetz': ['12:34:56+05:30'],
    'timestamp': ['2024-02-29 12:34:56.789', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999'],
    'timestamptz': ['2024-02-29 12:34:56.789+05:30', '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00', '1883-11-18 12:00:00-05'],
    'interval': ['1 day', '-3 days 04:05:06.7', '00:00:00'],
    'uuid': ['d6a0e6b0-1234-4000-8000-0123456789ab'],
    'json': ['{"a": [1, null]}', '1.50', '"x"', 'null'],
    'jsonb': ['{"a": [1, null]}', 'null'],
    'inet': ['10.1.2.3', '::1/64'],
    'cidr': ['10.0.0.0/8'],
    'bit(3)': ['101'],
    'int4[]': ['{}', '{1,NULL,3}', '{{1,2},{3,4}}'],
    'text[]': ['{a,NULL,"b c"}'],
    'int4range': ['[1,5)', 'empty'],
    'point': ['(1,2)'],
    'pg_lsn': ['16/B374D848'],
}

# What Python's own types do not have: in the midst of what they have.
ODD = {
    'date': ['infinity', '-infinity', '10000-01-01', '0044-03-15 BC'],
    'time': ['24:00:00'],
    'timestamp': ['infinity', '10000-01-01 00:00:00', '294276-12-31 00:00:00', '0044-03-15 12:00:00 BC'],
    'timestamptz': ['-infinity', '10000-01-01 00:00:00+00', '294276-12-31 00:00:00+00', '0044-03-15 12:00:00+00 BC'],
    'interval': ['1 year 2 mons', '178956970 years'],
}


class ColumnsTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)

    def check(self, kind, values, session=''):
        """That all rows at once are the rows one by one, in both formats, with and without NULL."""
        if session:
            self.connection.execute(session)
        for nulls in (False, True):
            some = [value if not nulls or index % 3 else None for index, value in enumerate(values * 40)]
            for binary in (False, True):
                with self.subTest(kind=kind, nulls=nulls, binary=binary, session=session):
                    cursor = self.connection.execute(f'SELECT v::{kind} FROM unnest(%s::text[]) v', [some], binary=binary)
                    together = cursor.fetchall()
                    cursor.scroll(0, 'absolute')
                    single = [tuple(cursor.get_result()[index]) for index in range(len(some))]
                    self.assertEqual(list(map(repr, together)), list(map(repr, single)))
                    self.assertEqual([type(row[0]) for row in together], [type(row[0]) for row in single])
                    # JSON's null is None too.
                    self.assertEqual([row[0] is None for row in together], [value is None or value == 'null' for value in some])
                    self.assertEqual(list(map(repr, cursor)), list(map(repr, together)))

    def test_same_values(self):
        for kind, values in VALUES.items():
            self.check(kind, values)

    def test_odd_values(self):
        for kind, values in ODD.items():
            self.check(kind, [*VALUES[kind], *values])

    def test_sessions(self):
        for session in ("SET DateStyle = 'SQL, DMY'", "SET DateStyle = 'German'; SET TimeZone = 'UTC'"):
            for kind in ('date', 'timestamp'):
                self.check(kind, ['2024-02-29' if kind == 'date' else '2024-02-29 12:34:56.789'], session)
        self.check('timestamptz', VALUES['timestamptz'][:1], "RESET DateStyle; SET TimeZone = 'America/St_Johns'")
        self.check('bytea', ['\\x00ff5c'], "SET bytea_output = 'escape'")
        self.check('float8', ['0.1'], 'SET extra_float_digits = -5')
        self.check('interval', ['1 day 02:03:04'], "SET IntervalStyle = 'iso_8601'")

    def test_many_columns_and_rows(self):
        cursor = self.connection.execute('SELECT i, i::text, i * 1.5::float8, NULLIF(i % 3, 0) FROM generate_series(0, 4999) i')
        rows = cursor.fetchall()
        self.assertEqual(rows, [(i, str(i), i * 1.5, i % 3 or None) for i in range(5000)])
        self.assertEqual(cursor.fetchall(), [])

    def test_no_columns(self):
        self.assertEqual(self.connection.execute('SELECT FROM generate_series(1, 20)').fetchall(), [()] * 20)

    def test_collector_is_as_it_was(self):
        for enabled in (True, False):
            (gc.enable if enabled else gc.disable)()
            try:
                self.connection.execute('SELECT i FROM generate_series(1, 100) i').fetchall()
                self.assertEqual(gc.isenabled(), enabled)
            finally:
                gc.enable()

    # --- reading ahead ---

    def numbers(self, n=1000):
        return self.connection.execute('SELECT i FROM generate_series(0, %s) i', [n - 1])

    def test_position_while_iterating(self):
        cursor = self.numbers()
        for expected, (value,) in enumerate(cursor):
            self.assertEqual(value, expected)
            self.assertEqual(cursor.rownumber, expected + 1)
        self.assertEqual(expected, 999)
        self.assertIsNone(cursor.fetchone())

    def test_left_early(self):
        for stop in (0, 1, 3, 4, 5, 100, 998):
            cursor = self.numbers()
            for value, in cursor:
                if value == stop:
                    break
            self.assertEqual(cursor.rownumber, stop + 1)
            self.assertEqual(cursor.fetchone(), (stop + 1,))
            self.assertEqual(cursor.fetchmany(2), [(value,) for value in range(stop + 2, min(stop + 4, 1000))])

    def test_other_calls_while_iterating(self):
        cursor = self.numbers(100)
        rows = iter(cursor)
        self.assertEqual(next(rows), (0,))
        self.assertEqual(next(cursor), (1,))
        self.assertEqual(cursor.fetchone(), (2,))
        self.assertEqual(cursor.fetchmany(2), [(3,), (4,)])
        self.assertEqual(next(rows), (5,))
        cursor.scroll(-3)
        self.assertEqual(next(rows), (3,))
        cursor.scroll(50, 'absolute')
        self.assertEqual(next(rows), (50,))
        self.assertEqual(cursor.fetch_one()[0], 51)
        self.assertEqual([row[0] for row in cursor.fetch_many(2)], [52, 53])
        self.assertEqual(next(rows), (54,))
        cursor.scroll(-1)
        self.assertEqual(next(rows), (54,))
        self.assertEqual(cursor.fetch_value().value, GLib.Variant('(mi)', (55,)))
        self.assertEqual(len(cursor.fetchall()), 44)
        self.assertEqual(list(rows), [])

    def test_another_statement_while_iterating(self):
        cursor = self.numbers(100)
        rows = iter(cursor)
        for _ in range(20):
            next(rows)
        cursor.execute("VALUES ('a'), ('b')")
        self.assertEqual(list(rows), [('a',), ('b',)])
        cursor.execute('SELECT 1; SELECT i FROM generate_series(1, 20) i')
        rows = iter(cursor)
        self.assertEqual(next(rows), (1,))
        self.assertTrue(cursor.nextset())
        self.assertEqual(next(rows), (1,))
        self.assertEqual(next(rows), (2,))
        cursor.select_result(0)
        self.assertEqual(list(rows), [(1,)])

    def test_closed_while_iterating(self):
        cursor = self.numbers(100)
        rows = iter(cursor)
        next(rows)
        cursor.close()
        with self.assertRaises(Pg.InterfaceError):
            next(rows)

    def test_value_that_cannot_be_had(self):
        """It is no error before the row is reached."""
        Pg.set_json_loads(lambda text: 1 // (len(text) < 5))
        self.addCleanup(Pg.set_json_loads, None)
        cursor = self.connection.execute("SELECT (CASE WHEN i = 12 THEN '[1, 2, 3]' ELSE '1' END)::json FROM generate_series(0, 20) i")
        for _ in range(12):
            self.assertEqual(cursor.fetchone(), (1,))
        with self.assertRaisesRegex(Pg.DataError, 'row 12'):
            cursor.fetchone()
        self.assertEqual(cursor.rownumber, 12)
        with self.assertRaisesRegex(Pg.DataError, 'row 12'):
            cursor.fetchall()
        cursor.scroll(13, 'absolute')
        self.assertEqual(len(cursor.fetchall()), 8)

    # --- the library's own functions ---

    def test_library(self):
        result = self.connection.execute("SELECT * FROM (VALUES (1::int8, 1.5::float8, true, 'x', '\\x01'::bytea),"
                                         " (2, -1, false, NULL, NULL)) v").get_result()
        self.assertEqual(result.dup_column_int64s(0, 0, -1), [1, 2])
        self.assertEqual(result.dup_column_doubles(1, 0, -1), [1.5, -1.0])
        self.assertEqual(result.dup_column_booleans(2, 0, -1), [True, False])
        self.assertEqual(result.dup_column_texts(3, 0, -1), ['x', None])
        self.assertEqual(result.dup_column_texts(3, 1, 5), [None])
        self.assertEqual(result.dup_column_texts(3, 2, -1), [])
        data, validity = result.dup_column_data(0, 0, -1)
        self.assertEqual(array.array('q', data.get_data()), array.array('q', [1, 2]))
        self.assertIsNone(validity)
        data, offsets, validity = result.dup_column_bytes(4, 0, -1)
        self.assertEqual((data.get_data(), validity.get_data()), (b'\x01', b'\x01'))
        self.assertEqual(list(array.array('i', offsets.get_data())), [0, 1, 1])
        with self.assertRaisesRegex(GLib.Error, 'Row 1, column 3'):
            self.connection.execute("VALUES (1, 2, 3, 4), (1, 2, 3, NULL)").get_result().dup_column_int64s(3, 0, -1)

    def test_calendar(self):
        """What datetime takes from its pickles is what the library gives; without that the values come another, slower way."""
        value = datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)
        result = self.connection.execute('SELECT %s, %s::date, %s::time', [value, value.date(), value.time()]).get_result()
        for column, expected in enumerate((value, value.date(), value.time())):
            data, _validity = result.dup_column_calendar(column, 0, -1)
            self.assertEqual(data.get_data(), expected.__reduce_ex__(2)[1][0])


if __name__ == '__main__':
    unittest.main()
