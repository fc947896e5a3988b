# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rows of values through COPY."""

import array
import asyncio
import datetime
import decimal
import enum
import uuid

from gi.repository import Gio, GLib

from support import Pg, ServerTest

Mood = enum.Enum('Mood', 'sad happy')


class CopyRowsTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i int, s text)')

    def formats(self):
        for name in 'text', 'binary':
            with self.subTest(format=name):
                yield name
                self.connection.execute('TRUNCATE t')

    def test_there_and_back(self):
        rows = [(i, None if i % 7 == 0 else f'tab\t{i}\n\\ä') for i in range(1, 3001)]
        for name in self.formats():
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                for row in rows:
                    self.assertIsNone(copy.write_row(row))
            self.assertEqual(copy.rowcount, 3000)
            with self.connection.copy_out(f'COPY t TO STDOUT (FORMAT {name})') as copy:
                self.assertEqual(list(copy.rows()), rows)
            with self.connection.copy_out(f'COPY t TO STDOUT (FORMAT {name})') as copy:
                self.assertEqual(copy.read_row(), rows[0])
                self.assertEqual(copy.read_row(), rows[1])
                with self.assertRaises(Pg.ProgrammingError):
                    copy.read(10)
                self.assertEqual(sum(1 for row in copy.rows()), 2998)
                self.assertIsNone(copy.read_row())
            with self.connection.copy_out(f'COPY t TO STDOUT (FORMAT {name})') as copy:
                result = copy.read_rows()
                self.assertEqual((result.get_n_rows(), result.get_column(1).name), (3000, 's'))

    def test_wrong_reason(self):
        """defect: a reason that is none took the rows out of a copy that went on."""
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write_row((1, 'a'))
        for reason in 5, b'enough':
            with self.assertRaisesRegex(TypeError, 'reason must be a str'):
                copy.abort(reason)
        copy.write_row((2, 'b'))
        copy.close()
        self.assertEqual(self.connection.execute('SELECT i FROM t ORDER BY i').fetchall(), [(1,), (2,)])

    def test_after_the_end(self):
        for end, message in (lambda copy: copy.close(), 'closed'), (lambda copy: copy.abort(), 'given up'):
            for begun in (False, True):
                with self.subTest(message, begun=begun):
                    copy = self.connection.copy_in('COPY t FROM STDIN')
                    if begun:
                        copy.write_row((1, 'a'))
                    kept = copy.write_row
                    end(copy)
                    for function in kept, copy.write_row:
                        with self.assertRaisesRegex(Pg.InterfaceError, message):
                            function((2, 'b'))
                    with self.assertRaisesRegex(Pg.InterfaceError, message):
                        copy.write_rows([(2, 'b')])
                    with self.assertRaisesRegex(Pg.InterfaceError, message):
                        copy.set_types(['int4', 'text'])
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write_row((3, 'c'))
        kept = copy.write_row
        del copy
        with self.assertRaisesRegex(Pg.InterfaceError, 'given up'):
            kept((4, 'd'))
        self.assertEqual(self.connection.execute('SELECT * FROM t').fetchall(), [(1, 'a')])

    def test_after_the_end_awaited(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                for end, message in (lambda copy: copy.close(), 'closed'), (lambda copy: copy.abort(), 'given up'):
                    copy = await connection.copy_in('COPY t FROM STDIN')
                    await copy.write_row((1, 'a'))
                    kept = copy.write_row
                    ending = end(copy)
                    if ending is not None:
                        ending = asyncio.ensure_future(ending)
                        await asyncio.sleep(0)
                        while not ending.done():
                            # Also while it ends.
                            if copy._ended:
                                with self.assertRaisesRegex(Pg.InterfaceError, message):
                                    await kept((2, 'b'))
                            await asyncio.sleep(0.001)
                        await ending
                    for function in kept, copy.write_row:
                        with self.assertRaisesRegex(Pg.InterfaceError, message):
                            await function((2, 'b'))
                    with self.assertRaisesRegex(Pg.InterfaceError, message):
                        await copy.write_rows([(2, 'b')])
                cursor = await connection.execute('SELECT * FROM t')
                self.assertEqual(await cursor.fetchall(), [(1, 'a')])
        asyncio.run(main())

    def test_no_rows(self):
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            for row in 'ab', b'ab', bytearray(2), {1: 'a', 2: 'b'}, {1, 'a'}, frozenset((1, 'a')):
                with self.subTest(row):
                    with self.assertRaisesRegex(TypeError, f'a row is a sequence of values, not {type(row).__name__}'):
                        copy.write_row(row)
                    with self.assertRaisesRegex(TypeError, f'a row is a sequence of values, not {type(row).__name__}'):
                        copy.write_rows([row])
            copy.write_row([1, 'a'])
            copy.write_rows([[2, 'b'], (3, 'c'), iter((4, 'd'))])
        self.assertEqual(copy.rowcount, 4)

    def test_wrong_width(self):
        """It is an error of the call, and of the copy where it leaves the block."""
        for name in self.formats():
            with self.subTest(name):
                for write in (lambda copy: copy.write_row((3,))), (lambda copy: copy.write_rows([(2, 'b'), (3,), (4, 'd')])):
                    with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        copy.write_row((1, 'a'))
                        with self.assertRaisesRegex(Pg.DataError, 'row [23]: expected 2 values, got 1'):
                            write(copy)
                        copy.write_row((5, 'e'))
                    self.assertIn(copy.rowcount, (2, 3))
                    with self.assertRaises(Pg.DataError), self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        copy.write_row((1, 'a'))
                        write(copy)
                self.assertEqual([i for (i,) in self.connection.execute('SELECT i FROM t').fetchall()], [1, 5, 1, 2, 5])
                self.connection.execute('TRUNCATE t')

    def test_no_columns(self):
        self.connection.execute('CREATE TABLE u ()')
        for name in self.formats():
            with self.connection.copy_in(f'COPY u FROM STDIN (FORMAT {name})') as copy:
                copy.write_row(())
                copy.write_rows(() for _ in range(1000))
                with self.assertRaises(Pg.DataError):
                    copy.write_row((1,))
            self.assertEqual(copy.rowcount, 1001)

    def test_types(self):
        zone = datetime.timezone(datetime.timedelta(hours=2))
        row = (1, 70000, 2.5, decimal.Decimal('1.50'), 'x\\', b'\0\n\\', True, datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30),
               datetime.datetime(2024, 2, 29, 12, 30, tzinfo=zone), [1, None, 70000], uuid.UUID(int=5), 'happy', Pg.Jsonb({'a': ['\n']}), None,
               datetime.timedelta(days=1, seconds=2))
        self.connection.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')")
        self.connection.execute('CREATE TABLE many (a int2, b int8, c float4, d numeric, e text, f bytea, g bool, h date, i timestamp, j timestamptz, k int4[],'
                                ' l uuid, m mood, n jsonb, o int, p interval)')
        for name in self.formats():
            with self.connection.copy_in(f'COPY many FROM STDIN (FORMAT {name})') as copy:
                copy.write_row(row)
                copy.write_row(list(row))
                copy.write_row([None] * 16)
            first, second, third = self.connection.execute('SELECT * FROM many').fetchall()
            self.assertEqual(first[:13], row[:13])
            self.assertEqual(first[13:], ({'a': ['\n']}, None, row[15]))
            self.assertEqual(second, first)
            self.assertEqual(third, (None,) * 16)
            with self.connection.copy_out(f'COPY many TO STDOUT (FORMAT {name})') as copy:
                self.assertEqual(list(copy.rows()), [first, second, third])
            self.connection.execute('TRUNCATE many')

    def test_columns(self):
        n = 2000
        numbers = array.array('i', range(n))
        texts = [None if i % 3 == 0 else str(i) for i in range(n)]
        for name in self.formats():
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                copy.write_columns([numbers, texts])
                copy.write_columns((range(n, n + 2), ['a', 'b']))
                copy.write_columns([array.array('h', [5]), ['c']])
                copy.write_columns([[], []])
            self.assertEqual(copy.rowcount, n + 3)
            rows = self.connection.execute('SELECT * FROM t').fetchall()
            self.assertEqual(rows, [*zip(numbers, texts), (n, 'a'), (n + 1, 'b'), (5, 'c')])
        for columns, error in (([numbers], Pg.DataError), ([numbers, texts[:5]], Pg.DataError), ([[1], ['a\0b']], Pg.DataError), (['a', 'b'], TypeError),
                               ([[1], ['\ud800']], Pg.DataError), ([[object()], ['a']], Pg.ProgrammingError)):
            with self.assertRaises(error), self.connection.copy_in('COPY t FROM STDIN') as copy:
                copy.write_columns(columns)
        self.assertEqual(self.ask('SELECT count(*) FROM t')[0][0], 0)

    def test_many_rows(self):
        rows = [[i, str(i)] for i in range(5000)]
        for name in self.formats():
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                copy.write_row((-1, None))
                copy.write_rows(rows)
                copy.write_rows(iter([]))
                copy.write_rows((i, 'end') for i in range(2))
            self.assertEqual(self.connection.execute('SELECT * FROM t').fetchall(), [(-1, None), *map(tuple, rows), (0, 'end'), (1, 'end')])
        with self.assertRaisesRegex(Pg.DataError, 'row 3001: expected 2 values, got 3'), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_rows([(1, 'a')] * 3000 + [(1, 2, 3)])

        async def stream():
            for i in range(2700):
                yield i, 'async'

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with await connection.copy_in('COPY t FROM STDIN') as copy:
                    await copy.write_rows(stream())
                    await copy.write_rows(rows)
                self.assertEqual(copy.rowcount, 7700)

        asyncio.run(main())

    def test_dropped(self):
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write_row((1, 'a'))
        del copy
        self.assertEqual(self.ask('SELECT count(*) FROM t')[0][0], 0)
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_numpy(self):
        try:
            import numpy
        except ImportError:
            self.skipTest('NumPy is not there')
        for name in self.formats():
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                copy.write_columns([numpy.arange(5), numpy.array(['a'] * 5)])
                copy.write_columns([numpy.arange(10, dtype='>i4')[::2], numpy.array(list('abcde'), dtype=object)])
            self.assertEqual(copy.rowcount, 10)

    def test_defect_10_order(self):
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            for i in range(0, 3000, 3):
                copy.write_row((i, 'row'))
                copy.write(f'{i + 1}\tbytes\n')
                copy.write_columns([[i + 2], ['columns']])
            copy.write_row((3000, 'row'))
            copy.splice(Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b'3001\tspliced\n')), Gio.OutputStreamSpliceFlags.NONE, None)
            copy.write_row((3002, 'row'))
        self.assertEqual([row[0] for row in self.connection.execute('SELECT i FROM t').fetchall()], list(range(3003)))

    def test_errors(self):
        with self.assertRaisesRegex(Pg.DataError, 'row 3: expected 2 values, got 1'), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1, 'a'))
            copy.write_row((2, 'b'))
            copy.write_row((3,))
        with self.assertRaisesRegex(Pg.ProgrammingError, 'row 2, column 2:'), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1, 'a'))
            copy.write_row((2, object()))
        with self.assertRaisesRegex(Pg.DataError, 'row 2, column 1'), self.connection.copy_in('COPY t FROM STDIN (FORMAT binary)') as copy:
            copy.write_row((1, 'a'))
            copy.write_row((2**40, 'b'))
        with self.assertRaises(Pg.ProgrammingError), self.connection.copy_in('COPY t FROM STDIN CSV') as copy:
            copy.write_row((1, 'a'))
        with self.assertRaises(Pg.errors.InvalidTextRepresentation), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_row(('x', 'a'))
        with self.assertRaises(ZeroDivisionError), self.connection.copy_in('COPY t FROM STDIN') as copy:
            for i in range(2000):
                copy.write_row((i, 1 // (1500 - i)))
        self.assertEqual(self.ask('SELECT count(*) FROM t')[0][0], 0)
        with self.connection.copy_out('COPY t TO STDOUT CSV') as copy, self.assertRaises(Pg.ProgrammingError):
            copy.read_row()
        with self.connection.copy_out('COPY (SELECT generate_series(1, 100)) TO STDOUT') as copy:
            self.assertEqual(len(copy.read(5)), 5)
            with self.assertRaises(Pg.ProgrammingError):
                copy.read_row()
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_defect_place_of_a_value(self):
        sql = "COPY (SELECT i, CASE WHEN i = 1501 THEN 'x' ELSE '2000-01-02' END AS s FROM generate_series(1, 2000) i) TO STDOUT"
        place = r'row 1501 of the copy, column 2 \(“s”\): '

        async def read():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection, await connection.copy_out(sql) as copy:
                copy.set_types(['int4', 'date'])
                return [row async for row in copy.rows()]

        with self.connection.copy_out(sql) as copy, self.assertRaisesRegex(Pg.DataError, f'{place}Python has no value for the date x: set_types'):
            copy.set_types(['int4', 'date'])
            list(copy.rows())
        with self.assertRaisesRegex(Pg.DataError, f'{place}Python has no value for the date x: set_types'):
            asyncio.run(read())
        # What the library finds is told in the same way.
        with self.connection.copy_out(sql.replace('2000-01-02', '7')) as copy, self.assertRaisesRegex(Pg.DataError, f'(?i){place}'):
            copy.set_types(['int4', 'int4'])
            while copy.read_row() is not None:
                pass

    def test_set_types(self):
        with self.connection.copy_out("COPY (SELECT '1', '{a}') TO STDOUT") as copy:
            copy.set_types(['int4', 'text[]'])
            self.assertEqual(copy.read_row(), (1, ['a']))
        with self.connection.copy_out("COPY (SELECT '1', '5') TO STDOUT") as copy:
            copy.set_types([Pg.OID_INT4, Pg.OID_FLOAT8])
            self.assertEqual(copy.read_row(), (1, 5.0))
            for types in ['int4'], ['int4', 'nothing'], [23, 'text'], [1.5, None]:
                with self.assertRaises((Pg.DataError, Pg.ProgrammingError, TypeError)):
                    copy.set_types(types)
        with self.connection.copy_in('COPY t FROM STDIN (FORMAT binary)') as copy:
            copy.set_types(['int4', 'varchar'])
            copy.write_row((1, 'x'))
            with self.assertRaises(Pg.ProgrammingError):
                copy.set_types(['int4', 'text'])
        self.assertEqual(copy.rowcount, 1)

    def test_params(self):
        with self.connection.copy_out("COPY (SELECT %s::int, %s) TO STDOUT", (5, "it's\\")) as copy:
            self.assertEqual(list(copy.rows()), [(5, "it's\\")])
        with self.connection.copy_out("COPY (SELECT '%s', 5 %% 3) TO STDOUT WITH (NULL %(n)s)", {'n': 'x'}) as copy:
            self.assertEqual(copy.read(), b'%s\t2\n')
        with self.connection.copy_out("COPY (SELECT 5 % 3) TO STDOUT") as copy:
            self.assertEqual(copy.read(), b'2\n')
        with self.assertRaises(Pg.ProgrammingError):
            self.connection.copy_out('COPY (SELECT %s, %s) TO STDOUT', (1,))

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with await connection.copy_out('COPY (SELECT %s::int) TO STDOUT', [5]) as copy:
                    self.assertEqual(await copy.read_row(), (5,))

        asyncio.run(main())

    def test_empty(self):
        for name in self.formats():
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                pass
            self.assertEqual(copy.rowcount, 0)
            with self.connection.copy_out(f'COPY t TO STDOUT (FORMAT {name})') as copy:
                self.assertIsNone(copy.read_row())
                self.assertEqual(list(copy.rows()), [])

    def test_async(self):
        rows = [(i, f'x\n{i}') for i in range(2000)]

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                for name in 'text', 'binary':
                    async with await connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        for row in rows:
                            await copy.write_row(row)
                        await copy.write_columns([[5], ['end']])
                        await copy.write_row((6, None))
                        with self.assertRaises(Pg.ProgrammingError):
                            copy.write_bytes(GLib.Bytes.new(b'x'), None)
                        with self.assertRaises(Pg.DataError):
                            await copy.write_row((7,))
                    self.assertEqual(copy.rowcount, 2002)
                    async with await connection.copy_out(f'COPY t TO STDOUT (FORMAT {name})') as copy:
                        self.assertEqual(await copy.read_row(), rows[0])
                        self.assertEqual([row async for row in copy.rows()], [*rows[1:], (5, 'end'), (6, None)])
                        self.assertIsNone(await copy.read_row())
                    result = await (await connection.copy_out('COPY t TO STDOUT')).read_rows()
                    self.assertEqual(result.get_n_rows(), 2002)
                    await connection.execute('TRUNCATE t')
                with self.assertRaises(Pg.errors.InvalidTextRepresentation):
                    async with await connection.copy_in('COPY t FROM STDIN') as copy:
                        await copy.write_row(('x', 'y'))

        asyncio.run(main())
