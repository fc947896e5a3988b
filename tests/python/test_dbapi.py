# SPDX-License-Identifier: LGPL-2.1-or-later
"""What DB-API 2.0 and psycopg have besides: types, constructors, queries as bytes, and connection.info."""

import asyncio
import datetime
import unittest

from support import Pg, ServerTest


class DbApiTest(ServerTest):
    def test_module(self):
        self.assertEqual((Pg.apilevel, Pg.threadsafety, Pg.paramstyle), ('2.0', 2, 'pyformat'))
        with self.connect() as connection:
            for name in ('Warning', 'Error', 'InterfaceError', 'DatabaseError', 'DataError', 'OperationalError', 'IntegrityError', 'InternalError',
                         'ProgrammingError', 'NotSupportedError'):
                self.assertTrue(issubclass(getattr(connection, name), Exception), name)
            self.assertIs(connection.Error, Pg.DbError)
            self.assertIs(connection.Warning, Pg.Warning)

    def test_type_objects(self):
        with self.connect() as connection:
            for kind, columns in ((Pg.STRING, "'a'::text, 'a'::varchar, 'a'::char(3)"), (Pg.BINARY, "'a'::bytea"), (Pg.ROWID, '1::oid'),
                                  (Pg.NUMBER, '1::int2, 1, 1::int8, 1::float4, 1::float8, 1::numeric'),
                                  (Pg.DATETIME, "now(), now()::timestamp, now()::date, now()::time, now()::timetz, interval '1 day'")):
                codes = [column.type_code for column in connection.execute('SELECT ' + columns).description]
                for other in Pg.STRING, Pg.BINARY, Pg.ROWID, Pg.NUMBER, Pg.DATETIME:
                    self.assertEqual([code == other for code in codes], [other is kind] * len(codes), (kind, other))
                    self.assertEqual([other != code for code in codes], [other is not kind] * len(codes), (kind, other))
        self.assertNotEqual(Pg.STRING, 'text')
        with self.assertRaises(TypeError):
            hash(Pg.NUMBER)
        self.assertEqual(repr(Pg.NUMBER), 'Pg.NUMBER')

    def test_constructors(self):
        with self.connect() as connection:
            row = connection.execute('SELECT %s, %s, %s, %s', [Pg.Date(2024, 2, 29), Pg.Time(12, 34, 56), Pg.Timestamp(2024, 2, 29, 12, 34, 56),
                                                               Pg.Binary(bytearray(b'\0a'))]).fetchone()
            self.assertEqual(row, (datetime.date(2024, 2, 29), datetime.time(12, 34, 56), datetime.datetime(2024, 2, 29, 12, 34, 56), b'\0a'))
            utc = datetime.timezone.utc
            row = connection.execute('SELECT %s, %s, %s', [Pg.DateFromTicks(86399), Pg.TimeFromTicks(3600.5), Pg.TimestampFromTicks(1709210096)]).fetchone()
            self.assertEqual(row, (datetime.date(1970, 1, 1), datetime.time(1, 0, 0, 500000), datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=utc)))
        for call in lambda: Pg.Date(2024, 2, 30), lambda: Pg.Time(25, 0, 0), lambda: Pg.Timestamp(2024, 13, 1, 0, 0, 0):
            with self.assertRaises(ValueError):
                call()
        with self.assertRaises(TypeError):
            Pg.Binary('text')

    def test_bytes_queries(self):
        with self.connect() as connection:
            self.assertEqual(connection.execute('SELECT %s, \'ü\''.encode(), [1]).fetchone(), (1, 'ü'))
            cursor = connection.cursor()
            cursor.executemany(b'SELECT %s::int', [(1,), (2,)], returning=True)
            self.assertEqual(cursor.fetchall(), [(1,)])
            self.assertEqual(cursor.execute(b'SELECT 1').query, 'SELECT 1')
            self.assertEqual(list(connection.stream(b'SELECT 2')), [(2,)])
            self.assertEqual(connection.prepare(b'SELECT 3').execute().fetchall(), [(3,)])
            self.assertEqual(Pg.ClientCursor(connection).mogrify(b'SELECT %s', [4]), 'SELECT 4')
            self.assertEqual(connection.cursor('c').execute(b'SELECT 5').fetchall(), [(5,)])
            self.assertEqual(connection.copy_out(b'COPY (SELECT 6) TO STDOUT').read(), b'6\n')
            with self.assertRaisesRegex(Pg.ProgrammingError, 'UTF-8'):
                connection.execute(b"SELECT '\xff'")
            with self.assertRaisesRegex(TypeError, 'str or bytes, not int'):
                connection.execute(3)

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                self.assertEqual(await (await connection.execute(b'SELECT %s', [1])).fetchone(), (1,))
                self.assertEqual([row async for row in connection.stream(b'SELECT 2')], [(2,)])
                cursor = connection.cursor()
                await cursor.executemany(b'SELECT %s::int', [(1,)], returning=True)
                self.assertEqual(await cursor.fetchall(), [(1,)])
                self.assertEqual(await (await (await connection.prepare(b'SELECT 3')).execute()).fetchone(), (3,))
        asyncio.run(main())

    def test_info(self):
        with self.connect(application_name="it's \\ here", options='-c work_mem=1MB') as connection:
            info = connection.info
            with connection.cursor(row_factory=Pg.scalar_row) as cursor:
                self.assertEqual(info.dbname, cursor.execute('SELECT current_database()').fetchone())
                self.assertEqual(info.user, cursor.execute('SELECT current_user').fetchone())
                self.assertEqual(info.port, int(cursor.execute('SHOW port').fetchone()))
                self.assertEqual(info.server_version, int(cursor.execute('SHOW server_version_num').fetchone()))
                self.assertEqual(info.backend_pid, cursor.execute('SELECT pg_backend_pid()').fetchone())
            parameters = info.get_parameters()
            self.assertEqual(parameters['application_name'], "it's \\ here")
            self.assertEqual((info.options, info.vendor, info.encoding, info.hostaddr), ('-c work_mem=1MB', 'PostgreSQL', 'utf-8', ''))
            self.assertIn(info.host, self.conninfo)
            self.assertEqual(info.dsn, connection.conninfo)
            self.assertEqual((info.transaction_status, info.pipeline_status), (Pg.TransactionStatus.INTRANS, Pg.PipelineStatus.OFF))
            self.assertIsInstance(info, Pg.ConnectionInfo)
            self.assertIs(connection.adapters, connection.get_adapters())
            self.assertTrue(Pg.Pipeline.is_supported())
            self.assertTrue(Pg.AsyncPipeline.is_supported())


if __name__ == '__main__':
    unittest.main()
