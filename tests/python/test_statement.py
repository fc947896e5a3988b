# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import datetime
import decimal

from support import Pg, ServerTest


class StatementTest(ServerTest):
    def test_statement(self):
        connection = self.connect(autocommit=True)
        connection.execute('CREATE TABLE t (a bigint, b numeric, c double precision, d text[], e timestamptz, f jsonb)')
        statement = connection.prepare('INSERT INTO t VALUES (%(a)s, %(b)s, %(c)s, %(d)s, %(e)s, %(f)s) RETURNING *')
        self.assertEqual(statement.parameter_names, ['int8', 'numeric', 'float8', 'text[]', 'timestamptz', 'jsonb'])
        self.assertEqual(statement.parameters[0], Pg.OID_INT8)
        self.assertEqual([column.name for column in statement.description], list('abcdef'))
        self.assertIs(statement.connection, connection)
        values = {'a': 1, 'b': 2**70, 'c': 3, 'd': ['x', None], 'e': datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), 'f': Pg.Jsonb([1])}
        for _ in range(2):
            row = statement.execute(values).fetchone()
            self.assertEqual(row[:5], (1, 2**70, 3.0, ['x', None], values['e']))
            connection.execute('DEALLOCATE ALL')
        self.assertEqual(connection.cursor().execute(statement, dict(values, b=decimal.Decimal('1.50'), c=None)).fetchone()[1:3], (decimal.Decimal('1.50'), None))
        for wrong in (dict(values, a='x'), ):
            with self.assertRaises(Pg.DataError):
                statement.execute(wrong)
        for wrong in (dict(values, a=True), {'a': 1}, [1], dict(values, d=5)):
            with self.assertRaises(Pg.ProgrammingError):
                statement.execute(wrong)
        with self.assertRaises(Pg.DataError):
            statement.execute(dict(values, a=2**63))
        statement.close()
        self.assertTrue(statement.closed)
        with self.assertRaises(Pg.InterfaceError):
            statement.execute(values)
        with self.assertRaises(Pg.ProgrammingError):
            connection.prepare('SELEKT')
        self.assertEqual(connection.prepare('SELECT %s', [Pg.OID_INT4]).parameter_names, ['int4'])
        self.assertIsNone(connection.prepare('DELETE FROM t').description)

    def test_closed_connection(self):
        connection = self.connect()
        statement, other = connection.prepare('SELECT 1'), connection.prepare('SELECT 2')
        connection.close()
        statement.close()
        statement.close()
        lost = self.connect()
        kept = lost.prepare('SELECT 1')
        with self.connect(autocommit=True) as killer:
            killer.execute('SELECT pg_terminate_backend(%s, 5000)', [lost.backend_pid])
        kept.close()
        self.assertTrue(lost.closed)
        with self.assertRaises(Pg.DbError):
            other.execute()

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                statement = await connection.prepare('SELECT 1')
            await statement.close()
        asyncio.run(main())

    def test_async(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                statement = await connection.prepare('SELECT %s::int8, %s::numeric')
                self.assertEqual(statement.parameter_names, ['int8', 'numeric'])
                cursor = await statement.execute([1, 2])
                self.assertEqual(await cursor.fetchone(), (1, decimal.Decimal(2)))
                with self.assertRaises(Pg.ProgrammingError):
                    await statement.execute([True, 1])
                await statement.close()
        asyncio.run(main())


PREPARED = 'SELECT count(*) FROM pg_prepared_statements'


class AutomaticTest(ServerTest):
    """What is prepared by itself: None of prepare_threshold is never, and of prepared_max as many as there are."""

    def test_settings(self):
        connection = self.connect(autocommit=True)

        def check(expected):
            self.assertEqual(connection.execute(PREPARED, prepare=False).fetchone(), (expected,))
        for number in range(7):
            self.assertEqual(connection.execute('SELECT %s::int', [number]).fetchone(), (number,))
            check(1 if number >= 5 else 0)
        connection.execute('SELECT 1', prepare=True)
        check(2)
        connection.prepare_threshold = None
        for _ in range(7):
            connection.execute('SELECT 2')
            connection.execute('SELECT 3', prepare=True)
        check(2)
        connection.prepare_threshold, connection.prepared_max = 0, None
        for number in range(150):
            self.assertEqual(connection.execute(f'SELECT {number}').fetchone(), (number,))
        check(151)
        connection.prepared_max = 10
        for _ in range(100):
            connection.execute('SELECT 0')
        check(10)
        connection.prepared_max = 0
        for _ in range(7):
            connection.execute('SELECT 4', prepare=True)
        self.assertLessEqual(connection.execute(PREPARED, prepare=False).fetchone()[0], 10)

    def test_async(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async def check(expected):
                    self.assertEqual(await (await connection.execute(PREPARED, prepare=False)).fetchone(), (expected,))
                for number in range(7):
                    await connection.execute('SELECT %s::int', [number])
                    await check(1 if number >= 5 else 0)
                connection.prepare_threshold = None
                for _ in range(7):
                    await connection.execute('SELECT 3', prepare=True)
                await check(1)
                connection.prepare_threshold, connection.prepared_max = 0, None
                for number in range(150):
                    await connection.execute(f'SELECT {number}')
                await check(151)
                connection.prepared_max = 10
                for _ in range(100):
                    await connection.execute('SELECT 0')
                await check(10)
        asyncio.run(main())
