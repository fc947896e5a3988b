# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library as introspection gives it, without the override: for those who write bindings, and for programs that want no more."""

import sys
import threading
import unittest

# Found before the one of the sources or an installed one, and no override.
sys.modules['gi.overrides.Pg'] = None

import gi  # noqa: E402

gi.require_version('Pg', '1.0')
from gi.repository import Gio, GLib, Pg  # noqa: E402


class PlainTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Pg.TestServer.new(Pg.TestServerFlags.NONE)
        cls.server.up(None)
        cls.addClassCleanup(cls.server.down)

    def setUp(self):
        self.connection = Pg.Connection.open(self.server.get_conninfo(), None)
        self.addCleanup(self.connection.close)

    def test_without_the_override(self):
        self.assertFalse(hasattr(Pg, 'connect'))

    def test_execute(self):
        cursor = self.connection.execute('SELECT $1 + 1, NULL, ARRAY[1, NULL]', GLib.Variant('(x)', (2**40,)), None)
        row = cursor.fetch_one(None)
        self.assertEqual(row.get_int64(0), 2**40 + 1)
        self.assertEqual([row.get_value(i) for i in range(2)], [2**40 + 1, None])
        self.assertEqual(row.dup_variant().unpack(), (2**40 + 1, None, [1, None]))
        self.assertIsNone(cursor.fetch_one(None))
        self.assertEqual([column.get_name() for column in cursor.dup_description()], ['?column?', '?column?', 'array'])

    def test_rows(self):
        result = self.connection.execute('SELECT generate_series(1, 3)', None, None).get_result()
        self.assertEqual(len(result), 3)
        self.assertEqual([row.get_int64(0) for row in result], [1, 2, 3])
        self.assertEqual(result[-1].get_int64(0), 3)
        cursor = self.connection.execute('SELECT generate_series(1, 5)', None, None)
        self.assertEqual([row.get_int64(0) for row in cursor.fetch_many(2, None)], [1, 2])
        self.assertEqual([row.get_int64(0) for row in cursor.fetch_all(None)], [3, 4, 5])

    def test_params(self):
        params = Pg.Params.new()
        params.add_int64_array([1, 2**62])
        params.add_strv(['a', 'b'])
        params.add_bytes(GLib.Bytes.new(b'\0\xff'))
        cursor = self.connection.execute_params('SELECT %s::text, %s::text, %s::text', params, None)
        self.assertEqual([cursor.fetch_one(None).dup_text(i) for i in range(1)], ['{1,4611686018427387904}'])

    def test_values(self):
        cursor = self.connection.execute("""SELECT 1.50, date 'infinity', timestamptz '2024-02-29 12:00+02', interval '1 mon 2 days', time '24:00',
                                                   inet '10.0.0.1/8', int4range(1, 5), '{[1,3)}'::int4multirange, point '(1,2.5)', bit '101',
                                                   '[0:1]={7,NULL}'::int[], ROW(1, NULL, 'x'), NULL::date""", None, None)
        row = cursor.fetch_one(None)
        self.assertEqual((row.dup_numeric(0).to_string(), row.dup_numeric(0).get_scale()), ('1.50', 2))
        self.assertTrue(row.dup_date(1).is_infinite())
        self.assertEqual(row.dup_timestamp(2).to_datetime().to_unix(), 1709200800)
        self.assertEqual((row.dup_interval(3).get_months(), row.dup_interval(3).get_days()), (1, 2))
        self.assertEqual(tuple(row.dup_time(4).get_hms()), (24, 0, 0, 0))
        self.assertEqual((row.dup_inet(5).dup_address().to_string(), row.dup_inet(5).get_prefix_length()), ('10.0.0.1', 8))
        self.assertEqual((row.dup_range(6).get_lower_value(), row.dup_range(6).get_upper()), (1, '5'))
        self.assertEqual(row.dup_multirange(7).get_range(0).to_string(), '[1,3)')
        self.assertEqual((row.dup_point(8).get_x(), row.dup_point(8).get_y()), (1, 2.5))
        self.assertEqual((row.dup_bit_string(9).get_length(), row.dup_bit_string(9).get_bit(1)), (3, False))
        array = row.dup_array(10)
        self.assertEqual((array.get_lower_bound(0), array.get_n_elements(), array.is_null(1), array.get_value(0)), (0, 2, True, 7))
        record = row.dup_record(11)
        self.assertEqual((record.get_n_fields(), record.is_null(1), record.get_text(2)), (3, True, 'x'))
        self.assertIsNone(row.dup_date(12))
        self.assertTrue(Pg.Numeric.parse('1.5').equal(Pg.Numeric.parse('1.50')))
        self.assertEqual(Pg.Numeric.parse('1.5').hash(), Pg.Numeric.parse('1.50').hash())
        self.assertLess(Pg.Date.new_from_ymd(2024, 2, 29).compare(Pg.Date.new_infinity(False)), 0)
        self.assertEqual(Pg.Interval.new(1, 2, 3).to_string(), '1 mon 2 days 00:00:00.000003')
        with self.assertRaises(GLib.Error) as caught:
            Pg.Date.parse('x')
        self.assertTrue(caught.exception.matches(Pg.error_quark(), Pg.Error.DATA))

    def test_errors(self):
        with self.assertRaises(GLib.Error) as caught:
            self.connection.execute('SELECT 1/0', None, None)
        self.assertTrue(caught.exception.matches(Pg.error_quark(), Pg.Error.DIVISION_BY_ZERO))
        self.assertEqual(Pg.error_get_sqlstate(caught.exception), '22012')
        self.assertEqual(self.connection.dup_last_diagnostic().get_message_primary(), 'division by zero')
        self.assertEqual(self.connection.props.transaction_status, Pg.TransactionStatus.INERROR)
        self.connection.rollback(None)
        self.connection.set_autocommit(True, None)
        self.assertTrue(self.connection.props.autocommit)

    def test_tristate(self):
        self.assertEqual([int(value) for value in (Pg.Tristate.DEFAULT, Pg.Tristate.OFF, Pg.Tristate.ON)], [-1, 0, 1])
        self.assertEqual(self.connection.props.read_only, Pg.Tristate.DEFAULT)
        self.connection.execute('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', None, None)
        self.connection.commit(None)
        seen = []
        for value in Pg.Tristate.DEFAULT, False, True, Pg.Tristate.OFF, Pg.Tristate.ON:
            self.connection.set_read_only(value, None)
            seen.append(self.connection.execute('SHOW transaction_read_only', None, None).fetch_one(None).dup_text(0))
            self.connection.rollback(None)
        self.assertEqual(seen, ['on', 'off', 'on', 'off', 'on'])

    def test_cancellable(self):
        cancellable = Gio.Cancellable()
        timer = threading.Timer(0.2, cancellable.cancel)
        timer.start()
        with self.assertRaises(GLib.Error) as caught:
            self.connection.execute('SELECT pg_sleep(300)', None, cancellable)
        timer.join()
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_main_loop(self):
        loop = GLib.MainLoop()
        seen = []

        def on_execute(connection, result):
            seen.append(connection.execute_finish(result).get_result()[0].get_int64(0))
            loop.quit()

        def on_open(_source, result):
            Pg.AsyncConnection.open_finish(result).execute_async('SELECT 5', None, None, on_execute)
        Pg.AsyncConnection.open_async(self.server.get_conninfo(), None, on_open)
        limit = GLib.timeout_add_seconds(30, loop.quit)
        loop.run()
        GLib.source_remove(limit)
        self.assertEqual(seen, [5])


if __name__ == '__main__':
    unittest.main()
