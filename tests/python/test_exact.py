# SPDX-License-Identifier: LGPL-2.1-or-later
"""Nothing is rounded: values at the limits of their types, in both formats, there and back."""

import datetime
import decimal
import unittest

from support import Pg, ServerTest

INTEGERS = (-2**63, -2**63 + 1, -2**53 - 1, -1, 0, 2**53 + 1, 2**63 - 2, 2**63 - 1)

NUMERICS = ('0', '0.00', '9223372036854775808', '-0.1', '1e-1000', '1e1000', '1234567890' * 100 + '.' + '0000100200' * 100, 'NaN', 'Infinity', '-Infinity')

# What Python's own type holds, and what it does not.
TIMESTAMPS = ('0001-01-01 00:00:00', '1969-12-31 23:59:59.999999', '2024-02-29 12:34:56.000001', '9999-12-31 23:59:59.999999')
OTHER_TIMESTAMPS = ('4714-11-24 00:00:00 BC', '0001-12-31 23:59:59.999999 BC', '294276-12-31 23:59:59.999999', 'infinity', '-infinity')


class ExactTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute("SET TimeZone = 'UTC'")

    def check(self, sql_type, text, value):
        """The text is read as the value, and the value is sent as the text, in both formats."""
        for binary in (False, True):
            with self.subTest(type=sql_type, text=text[:40], binary=binary):
                cursor = self.connection.cursor()
                cursor.execute(f"SELECT '{text}'::{sql_type}", binary=binary)
                read = cursor.fetchone()[0]
                self.assertEqual(type(read), type(value))
                # Two of NaN are not equal, and two decimals of different scales are.
                self.assertEqual(str(read), str(value))
                cursor.execute(f'SELECT %s::{sql_type}::text, ARRAY[%s::{sql_type}], %s::{sql_type}::text', (value, read, str(value)), binary=binary)
                row = cursor.fetchone()
                self.assertEqual(row[0], text)
                self.assertEqual([str(item) for item in row[1]], [str(value)])

    def test_int8(self):
        for value in INTEGERS:
            self.check('int8', str(value), value)

    def test_int8_in_columns(self):
        for binary in (False, True):
            cursor = self.connection.cursor()
            cursor.execute('SELECT v FROM unnest(%s::int8[]) v', (list(INTEGERS),), binary=binary)
            self.assertEqual(tuple(row[0] for row in cursor.fetchall()), INTEGERS)

    def test_numeric(self):
        for text in NUMERICS:
            # With the scale that the server gives it.
            value = decimal.Decimal(text)
            if value.is_finite():
                text = format(value, 'f')
                value = decimal.Decimal(text)
            with decimal.localcontext() as context:
                context.prec = 5  # which is for arithmetic
                self.check('numeric', text, value)

    def test_timestamp(self):
        for text in TIMESTAMPS:
            self.check('timestamp', text, datetime.datetime.fromisoformat(text))
            self.check('timestamptz', text + '+00', datetime.datetime.fromisoformat(text + '+00:00'))

    def test_timestamp_beyond_python(self):
        for text in OTHER_TIMESTAMPS:
            self.check('timestamp', text, Pg.Timestamp.parse(text))


if __name__ == '__main__':
    unittest.main()
