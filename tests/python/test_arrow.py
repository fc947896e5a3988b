# SPDX-License-Identifier: LGPL-2.1-or-later

import ctypes
import datetime
import gc
import unittest

from support import Pg, ServerTest

try:
    import nanoarrow
except ImportError:
    nanoarrow = None

UTC = datetime.timezone.utc

# A type, two values of it, what a reader of Arrow calls the type, and the values that it gives.
COLUMNS = [
    ('bool', 't', 'f', 'bool', True, False),
    ('int2', '-32768', '7', 'int16', -32768, 7),
    ('int4', '-2147483648', '7', 'int32', -2147483648, 7),
    ('int8', '9007199254740993', '-1', 'int64', 9007199254740993, -1),
    ('oid', '4294967295', '0', 'uint32', 4294967295, 0),
    ('float4', '1.5', '-0.25', 'float', 1.5, -0.25),
    ('float8', '0.1', '1e300', 'double', 0.1, 1e300),
    ('text', 'ünïcödé ☃', '', 'string', 'ünïcödé ☃', ''),
    ('numeric', '1.50', 'NaN', 'string', '1.50', 'NaN'),
    # This reader takes the bits of a negative decimal for those of a positive one: the unit tests have those.
    ('numeric(10,3)', '1234567.891', '0.5', 'decimal128(10, 3)', '1234567.891', '0.500'),
    ('bytea', '\\x0061', '\\x', 'binary', b'\0a', b''),
    ('date', '2024-02-29', '0001-01-01', 'date32', datetime.date(2024, 2, 29), datetime.date(1, 1, 1)),
    ('time', '12:34:56.789', '00:00', "time64('us')", datetime.time(12, 34, 56, 789000), datetime.time()),
    ('timestamp', '2024-02-29 12:34:56.789', '1969-12-31 23:59:59', "timestamp('us', '')", datetime.datetime(2024, 2, 29, 12, 34, 56, 789000),
     datetime.datetime(1969, 12, 31, 23, 59, 59)),
    ('timestamptz', '2024-02-29 12:34:56.789+00', '1970-01-01 01:00:00+01', "timestamp('us', 'UTC')",
     datetime.datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=UTC), datetime.datetime(1970, 1, 1, tzinfo=UTC)),
    ('interval', '1 day 02:03:04', '1 mon', 'string', '1 day 02:03:04', '1 mon'),
    ('uuid', 'd6a0e6b0-1234-4000-8000-0123456789ab', '00000000-0000-0000-0000-000000000000', 'fixed_size_binary(16)',
     bytes.fromhex('d6a0e6b01234400080000123456789ab'), bytes(16)),
    ('jsonb', '{"a": 1}', 'null', 'string', '{"a": 1}', 'null'),
    ('int4[]', '{1,NULL,3}', '{}', 'list<item: int32>', [1, None, 3], []),
    ('text[]', '{a,"b c"}', '{NULL}', 'list<item: string>', ['a', 'b c'], [None]),
    ('timestamptz[]', '{1970-01-01 00:00:00+00}', '{}', "list<item: timestamp('us', 'UTC')>", [datetime.datetime(1970, 1, 1, tzinfo=UTC)], []),
]


class ArrowTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute("SET TimeZone = 'UTC'")

    def test_capsules(self):
        """They have the names that are agreed upon, and free what nobody takes."""
        names = ctypes.pythonapi.PyCapsule_GetName
        names.argtypes, names.restype = [ctypes.py_object], ctypes.c_char_p
        result = self.connection.execute("SELECT i, 'text ' || i FROM generate_series(1, 1000) i").get_result()
        self.assertEqual([names(capsule) for capsule in result.__arrow_c_array__()], [b'arrow_schema', b'arrow_array'])
        capsule = result.__arrow_c_stream__(requested_schema=None)
        self.assertEqual(names(capsule), b'arrow_array_stream')
        del capsule
        gc.collect()

    def test_error(self):
        for value in ("'infinity'::date", "'{{1,2},{3,4}}'::int[]", "'NaN'::numeric(5,2)"):
            result = self.connection.execute(f'SELECT 1, {value}').get_result()
            for function in (result.__arrow_c_array__, result.__arrow_c_stream__):
                with self.assertRaisesRegex(Pg.DataError, 'Row 0, column 1'):
                    function()

    @unittest.skipIf(nanoarrow is None, 'needs the package nanoarrow')
    def test_reader(self):
        """Another's reader of Arrow gets the types and the values, from both formats."""
        for binary in (False, True):
            for kind, first, second, name, *expected in COLUMNS:
                with self.subTest(kind=kind, binary=binary):
                    self.connection.execute(f'CREATE TEMP TABLE one (v {kind})')
                    self.connection.execute('INSERT INTO one SELECT unnest(%s::text[])::' + kind, [[first, None, second] * 200])
                    result = self.connection.execute('SELECT v FROM one', binary=binary).get_result()
                    self.connection.execute('DROP TABLE one')
                    array = nanoarrow.Array(result)
                    self.assertIn(name, repr(array.schema.field(0)))
                    values = [row['v'] for row in array.to_pylist()]
                    if name.startswith('decimal'):
                        values = [None if value is None else str(value) for value in values]
                    self.assertEqual(values, [expected[0], None, expected[1]] * 200)
                    stream = nanoarrow.ArrayStream(result)
                    self.assertEqual(stream.read_all().to_pylist(), array.to_pylist())

    @unittest.skipIf(nanoarrow is None, 'needs the package nanoarrow')
    def test_outlives_result(self):
        result = self.connection.execute("SELECT i, NULLIF(i % 3, 0) > 1 AS b, NULLIF('text ' || i, 'text 7') AS t, ARRAY[i, NULL] AS a"
                                         " FROM generate_series(0, 999) i").get_result()
        self.assertEqual(nanoarrow.c_array(result).view().length, 1000)
        self.assertEqual(nanoarrow.Array(self.connection.execute('SELECT 1 WHERE false').get_result()).to_pylist(), [])
        array = nanoarrow.Array(result)
        del result
        gc.collect()
        self.assertEqual(array.to_pylist()[7], {'i': 7, 'b': False, 't': None, 'a': [7, None]})


if __name__ == '__main__':
    unittest.main()
