# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import datetime
import decimal
import dis
import itertools
import sys
import uuid

from gi.repository import GLib

from support import Pg, ServerTest

INSERT = 'INSERT INTO t VALUES (%s, %s)'


class ManyTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i bigint PRIMARY KEY, s text)')
        self.cursor = self.connection.cursor()

    def count(self):
        return self.ask('SELECT count(*) FROM t')[0][0]

    def test_sequences(self):
        self.assertIsNone(self.cursor.executemany(INSERT, [(i, f'name {i}') for i in range(10)]))
        self.assertEqual((self.cursor.rowcount, self.cursor.statusmessage, self.cursor.description), (10, 'INSERT 0 1', None))
        with self.assertRaisesRegex(Pg.ProgrammingError, 'no result available'):
            self.cursor.fetchone()
        # More than a chunk, of a generator.
        self.cursor.executemany(INSERT, ((i, None if i % 3 else 'ä') for i in range(10, 3510)))
        self.assertEqual(self.cursor.rowcount, 3500)
        self.assertEqual(self.ask('SELECT count(*), count(s), max(s) FROM t WHERE i >= 10'), [(3500, 1166, 'ä')])
        # As many as a chunk has, and none.
        self.cursor.executemany(INSERT, [(-i, '') for i in range(1, 2001)])
        self.assertEqual(self.cursor.rowcount, 2000)
        self.cursor.executemany(INSERT, [])
        self.assertEqual(self.cursor.rowcount, 0)
        self.cursor.executemany('SELECT 1', [], returning=True)
        self.assertEqual(self.cursor.rowcount, -1)
        self.cursor.executemany('SELECT 1', [(), []])
        self.assertEqual(self.cursor.rowcount, 2)

    def test_mappings(self):
        query = 'INSERT INTO t (s, i) VALUES (%(name)s, %(id)s)'
        self.cursor.executemany(query, [{'id': i, 'name': str(i), 'other': None} for i in range(5)])
        self.cursor.executemany(query, [{'id': 10, 'name': 'x'}, {'name': 'y', 'id': 11}, {'id': 12, 'name': 'z', 'more': 1}])
        self.assertEqual(self.count(), 8)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'query parameter missing: name'):
            self.cursor.executemany(query, [{'id': 20}])
        params = Pg.Params.new()
        params.add_int64(100)
        params.add_text('params')
        self.cursor.executemany(INSERT, [params])
        self.cursor.executemany(INSERT, GLib.Variant('a(xs)', [(101, 'a'), (102, 'b')]))
        self.assertEqual(self.count(), 11)

    def test_returning(self):
        self.cursor.executemany('INSERT INTO t VALUES (%s, %s) RETURNING i * 2, s', [(1, 'a'), (2, 'b'), (3, 'c')], returning=True)
        rows = self.cursor.fetchall()
        while self.cursor.nextset():
            self.assertEqual(self.cursor.rowcount, 1)
            rows += self.cursor.fetchall()
        self.assertEqual(rows, [(2, 'a'), (4, 'b'), (6, 'c')])

    def test_values(self):
        """Each value arrives as it would by itself, whatever else is in its column."""
        zone = datetime.timezone(datetime.timedelta(hours=2))
        columns = [
            [0, 1, -1], [32768, 2**31, 5], [2**63, 1, 2], [True, False, None], [1.5, float('inf'), -0.0], [1, 2.5, None], ['a', 'ä', ''],
            [decimal.Decimal('1.50'), decimal.Decimal('1E+5'), None], [decimal.Decimal('NaN'), decimal.Decimal(1), 2],
            [datetime.datetime(2024, 2, 29, 12, 0, 0, 5), datetime.datetime(1, 1, 1), None],
            [datetime.datetime(2024, 2, 29, tzinfo=zone), datetime.datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=datetime.timezone.utc), None],
            [datetime.date(2024, 2, 29), datetime.date(1, 1, 1), None], [uuid.UUID(int=5), None, uuid.UUID(int=6)],
            [b'', b'\0\xff', None], [[1, 2], [], None], [Pg.Jsonb({'a': 1}), None, Pg.Jsonb([])], [None, None, None],
            [datetime.time(1, 2, 3), None, datetime.time(0)], [datetime.timedelta(days=1, seconds=5), None, datetime.timedelta(0)],
        ]
        for column in columns:
            with self.subTest(column=column):
                query = 'SELECT %s::text' if column[0] is None or isinstance(column[0], (str, list)) else 'SELECT %s'
                self.cursor.executemany(query, [(value,) for value in column], returning=True)
                found = self.cursor.fetchall()
                while self.cursor.nextset():
                    found += self.cursor.fetchall()
                expected = [self.connection.execute(query, (value,)).fetchone() if value is not None else (None,) for value in column]
                self.assertEqual(str(found), str(expected))

    def test_errors(self):
        self.connection.execute(INSERT, (1500, 'taken'))
        with self.assertRaisesRegex(Pg.errors.UniqueViolation, '^set of parameters 1501: ') as caught:
            self.cursor.executemany(INSERT, ((i, 'x') for i in range(5000)))
        self.assertEqual(caught.exception.sqlstate, '23505')
        self.assertEqual(self.count(), 1)
        with self.assertRaisesRegex(Pg.DataError, r'^set of parameters 1003: parameter 2: .*zero character'):
            self.cursor.executemany(INSERT, ((i, '\0' if i == 1002 else '') for i in range(1200)))
        with self.assertRaisesRegex(Pg.DataError, r'set of parameters 2: parameter 2: .*surrogate'):
            self.cursor.executemany(INSERT, [(1, ''), (2, '\ud800')])
        with self.assertRaisesRegex(Pg.ProgrammingError, 'has 2 placeholders but 1 parameters'):
            self.cursor.executemany(INSERT, [(1,), (2,)])
        with self.assertRaisesRegex(Pg.ProgrammingError, '^set of parameters 2: '):
            self.cursor.executemany(INSERT, [(1, 'a'), (2,)])
        with self.assertRaisesRegex(TypeError, 'set of parameters 2: .*got int'):
            self.cursor.executemany(INSERT, [(1, 'a'), 5])
        with self.assertRaises(TypeError):
            self.cursor.executemany(INSERT, 5)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'one statement'):
            self.cursor.executemany('SELECT 1; SELECT 2', [()])
        self.assertEqual(self.count(), 1)

    def test_exception_in_iterable(self):
        def sets():
            for i in range(2500):
                yield i, 'x'
            1 / 0
        with self.assertRaises(ZeroDivisionError):
            self.cursor.executemany(INSERT, sets())
        self.assertEqual(self.count(), 0)

        def asks():
            for i in range(2500):
                yield i, 'x'
            self.connection.execute('SELECT 1')
        with self.assertRaisesRegex(Pg.ProgrammingError, 'many sets of parameters'):
            self.cursor.executemany(INSERT, asks())
        self.assertEqual(self.count(), 0)
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_another(self):
        """defect: a batch of the same cursor that was begun before the end of another was mixed with it, and half of that one was committed."""
        def sets(n):
            for i in range(1500):
                if i == n:
                    with self.assertRaisesRegex(Pg.InterfaceError, 'another batch of executemany'):
                        self.cursor.executemany(INSERT, ((-1 - j, 'x') for j in range(1500 if n == 1200 else 1)))
                    with self.assertRaises(ZeroDivisionError):
                        self.cursor.executemany(INSERT, (1 // 0 for j in range(1)))
                yield i, 'x'
        for n in 1200, 1201:
            self.cursor.executemany(INSERT, sets(n))
            self.assertEqual((self.cursor.rowcount, self.count()), (1500, 1500))
            self.connection.execute('TRUNCATE t')

    def test_endless(self):
        """What has no end is read no further than the server gets, and ends with its error."""
        self.connection.execute('ALTER TABLE t ADD CHECK (i < 3000)')
        with self.assertRaisesRegex(Pg.errors.CheckViolation, '^set of parameters 3001: '):
            self.cursor.executemany(INSERT, ((i, 'x' * 1000) for i in itertools.count()))
        self.assertEqual(self.count(), 0)

        def sets():
            for number in itertools.count():
                taken[0] = number
                yield number, 'x' * 10000
        taken = [0]
        self.connection.set_timeout(300)
        with self.assertRaises(Pg.TimedOutError):
            self.cursor.executemany('SELECT length(%s::text), pg_sleep(CASE WHEN %s = 5 THEN 600 ELSE 0 END)', ((text, i) for i, text in sets()))
        self.connection.set_timeout(0)
        # A chunk waits, the next one is there already.
        self.assertLess(taken[0], 6000)
        self.assertEqual(self.count(), 0)

    def interrupted(self, n):
        """Interrupts executemany() itself before its nth call or jump back, where Python sees a signal; whether there is one."""
        codes, n_seen = [type(self.cursor).executemany.__wrapped__.__code__, type(self.cursor)._execute_parts.__code__], 0

        def trace(frame, event, _arg):
            nonlocal n_seen
            if frame.f_code not in codes:
                return None
            frame.f_trace_opcodes = True
            name = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            if event == 'opcode' and ('CALL' in name or 'JUMP_BACKWARD' in name or 'JUMP_ABSOLUTE' in name):
                n_seen += 1
                if n_seen == n:
                    sys.settrace(None)
                    raise KeyboardInterrupt
            return trace
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            self.cursor.executemany(INSERT, ((i, 'x') for i in range(2500)))
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    def test_interrupted(self):
        """Wherever that is, all or nothing was done, and the connection goes on."""
        n, counts = 1, set()
        while self.interrupted(n):
            counts.add(self.count())
            self.connection.execute('TRUNCATE t')
            n += 1
        self.assertGreater(n, 10)
        self.assertEqual(counts, {0, 2500})

    def test_transaction(self):
        connection = self.connect()
        connection.cursor().executemany(INSERT, [(i, 'x') for i in range(10)])
        connection.rollback()
        self.assertEqual(self.count(), 0)
        connection.cursor().executemany(INSERT, [(i, 'x') for i in range(10)])
        connection.commit()
        self.assertEqual(self.count(), 10)


class AsyncManyTest(ServerTest):
    def run_in(self, function):
        async def run():
            connection = await Pg.AsyncConnection.connect(self.conninfo, autocommit=True)
            await connection.execute('CREATE TEMPORARY TABLE t (i bigint PRIMARY KEY, s text)')
            await function(connection, connection.cursor())
            self.assertEqual((await (await connection.execute('SELECT 1')).fetchall()), [(1,)])
            await connection.close()
        asyncio.run(run())

    @staticmethod
    async def count(connection):
        return (await (await connection.execute('SELECT count(*) FROM t')).fetchone())[0]

    def test_iterables(self):
        async def body(connection, cursor):
            await cursor.executemany(INSERT, ((i, 'x') for i in range(2500)))
            self.assertEqual(cursor.rowcount, 2500)

            async def sets():
                for i in range(3000, 5100):
                    if i % 500 == 0:
                        await asyncio.sleep(0.001)
                    yield i, None
            await cursor.executemany(INSERT + ' RETURNING i', sets(), returning=True)
            self.assertEqual(cursor.get_n_results(), 2100)
            self.assertEqual(await cursor.fetchall(), [(3000,)])
            self.assertEqual(await self.count(connection), 4600)
            with self.assertRaisesRegex(Pg.errors.UniqueViolation, '^set of parameters 1001: '):
                await cursor.executemany(INSERT, ((5100 + i if i < 1000 else 0, 'x') for i in range(2500)))
            self.assertEqual(await self.count(connection), 4600)
        self.run_in(body)

    def test_endless(self):
        """What has no end is read no further than the server gets, and ends with its error, or when the call is cancelled."""
        async def body(connection, cursor):
            async def sets(query_fails):
                for number in itertools.count():
                    taken[0] = number
                    yield number, 'x' * (1000 if query_fails else 10000)
            taken = [0]
            await connection.execute('ALTER TABLE t ADD CHECK (i < 3000)')
            for iterable in sets(True), ((i, 'x' * 1000) for i in itertools.count()):
                with self.assertRaisesRegex(Pg.errors.CheckViolation, '^set of parameters 3001: '):
                    await cursor.executemany(INSERT, iterable)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(cursor.executemany('SELECT pg_sleep(CASE WHEN $1 = 5 THEN 600 ELSE 0 END), length($2)', sets(False)), 0.3)
            self.assertLess(taken[0], 6000)
            self.assertEqual(await self.count(connection), 0)
        self.run_in(body)

    def test_iterable_that_waits(self):
        """An iterable that waits for the connection, which waits for it, is told so."""
        async def body(connection, cursor):
            async def sets(n):
                for i in range(n):
                    yield i, 'x'
                await connection.execute('SELECT 1')
            for n in 1, 1500:
                with self.assertRaisesRegex(Pg.ProgrammingError, 'the iterable of executemany'):
                    await cursor.executemany(INSERT, sets(n))

            # defect: a call that the iterable had another task make waited for the batch, and the batch for the iterable.
            async def asks(n):
                for i in range(n):
                    yield i, 'x'
                await asyncio.gather(connection.execute('SELECT 1'), connection.cursor().executemany(INSERT, [(-1, 'x')]))

            async def starts():
                tasks.append(asyncio.ensure_future(connection.execute('SELECT 1')))
                for i in range(1500):
                    yield i, 'x'
                await tasks[-1]
            tasks = []
            for iterable in asks(1), asks(1500), starts():
                with self.assertRaisesRegex(Pg.ProgrammingError, 'the iterable of executemany'):
                    await asyncio.wait_for(cursor.executemany(INSERT, iterable), 60)
            self.assertEqual(await self.count(connection), 0)

            async def outlived():
                async def later():
                    await over.wait()
                    await connection.execute('SELECT 1')
                tasks.append(asyncio.ensure_future(later()))
                tasks.append(asyncio.ensure_future(elsewhere.execute('SELECT 1')))
                for i in range(1500):
                    yield i, 'x'
                between.set()

            async def other():
                # Who is not waited for may wait.
                await between.wait()
                await connection.execute('SELECT 1')
            over, between, elsewhere = asyncio.Event(), asyncio.Event(), await Pg.AsyncConnection.connect(self.conninfo)
            tasks = [asyncio.ensure_future(other())]
            await cursor.executemany(INSERT, outlived())
            over.set()
            await asyncio.gather(*tasks)
            self.assertEqual(await self.count(connection), 1500)
            await elsewhere.close()
        self.run_in(body)

    def test_another(self):
        """defect: a batch of the same cursor that was begun while another waited for its iterable was mixed with it, and half of that one was committed."""
        async def body(connection, cursor):
            async def sets():
                for i in range(1500):
                    if i == 1200:
                        waits.set()
                        await others
                    yield i, 'x'

            async def other(n):
                await waits.wait()
                await cursor.executemany(INSERT, ((-1 - j, 'x') for j in range(n)))
            waits = asyncio.Event()
            others = asyncio.gather(other(1), other(1500), return_exceptions=True)
            await cursor.executemany(INSERT, sets())
            for error in await others:
                self.assertIsInstance(error, Pg.InterfaceError)
                self.assertRegex(str(error), 'another batch of executemany')
            self.assertEqual((cursor.rowcount, await self.count(connection)), (1500, 1500))
        self.run_in(body)

    def test_exception_and_cancellation(self):
        async def body(connection, cursor):
            async def fails():
                for i in range(2500):
                    yield i, 'x'
                raise ZeroDivisionError
            with self.assertRaises(ZeroDivisionError):
                await cursor.executemany(INSERT, fails())

            async def hangs():
                for i in range(2500):
                    yield i, 'x'
                await asyncio.sleep(600)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(cursor.executemany(INSERT, hangs()), 0.5)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(cursor.executemany('SELECT pg_sleep(%s), %s::int', ((600 if i == 1500 else 0, i) for i in range(3000))), 0.5)
            self.assertEqual(await self.count(connection), 0)
        self.run_in(body)
