# SPDX-License-Identifier: LGPL-2.1-or-later
"""copy() of a cursor, and what becomes of rows that were written when something fails."""

import asyncio

from gi.repository import Gio, GLib

from support import Pg, ServerTest


class CursorCopy(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i int4, s text)')

    def all(self):
        return self.connection.execute('SELECT * FROM t').fetchall()

    def test_diagnostics(self):
        """defect: the errors of an asynchronous copy had none, as GIO makes the results of its streams' calls."""
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                await connection.execute('CREATE TABLE diagnosed (i int)')

                async def write():
                    async with connection.cursor().copy('COPY diagnosed FROM STDIN (FORMAT csv)') as copy:
                        await copy.write('1\nx\n')

                async def write_rows():
                    async with connection.cursor().copy('COPY diagnosed FROM STDIN') as copy:
                        await copy.write_rows([(1,), ('x',)])

                async def read():
                    async with connection.cursor().copy('COPY (SELECT 1 / (i - 50) FROM generate_series(1, 60) i) TO STDOUT') as copy:
                        while await copy.read():
                            pass
                for call, cls, context in ((write, Pg.errors.InvalidTextRepresentation, 'COPY diagnosed, line 2, column i: "x"'),
                                           (write_rows, Pg.errors.InvalidTextRepresentation, 'COPY diagnosed, line 2, column i: "x"'), (read, Pg.errors.DivisionByZero, None)):
                    with self.subTest(call.__name__), self.assertRaises(cls) as caught:
                        await call()
                    self.assertEqual((caught.exception.diag.sqlstate, caught.exception.diag.context), (cls.sqlstate, context))
        asyncio.run(main())

    def test_without_block(self):
        """What it returns says how it is used."""
        cursor = self.connect(autocommit=True).cursor()

        def copy():
            return cursor.copy('COPY (SELECT 1) TO STDOUT')
        with self.assertRaisesRegex(AttributeError, 'no read.*“with cursor.copy'):
            copy().read()
        with self.assertRaisesRegex(TypeError, '“with cursor.copy'):
            list(copy())
        with copy() as stream:
            self.assertEqual(stream.read(), b'1\n')

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                def copy():
                    return connection.cursor().copy('COPY (SELECT 1) TO STDOUT')
                with self.assertRaisesRegex(AttributeError, 'no read.*“async with cursor.copy'):
                    await copy().read()
                with self.assertRaisesRegex(TypeError, '“async with cursor.copy'):
                    await copy()
                with self.assertRaisesRegex(TypeError, '“async with cursor.copy'), copy():
                    pass
        asyncio.run(main())

    def test_in(self):
        cursor = self.connection.execute('SELECT 1')
        for name in 'text', 'binary':
            with cursor.copy(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                self.assertIsInstance(copy, Pg.CopyOutputStream)
                self.assertEqual((cursor.rowcount, cursor.statusmessage, cursor.description, cursor.rownumber), (-1, None, None, None))
                copy.set_types(['int4', 'text'])
                copy.write_row((1, 'a'))
                copy.write_rows((i, None) for i in range(2, 5))
            self.assertEqual((cursor.rowcount, cursor.statusmessage), (4, 'COPY 4'))
            with self.assertRaisesRegex(Pg.ProgrammingError, 'no result available'):
                cursor.fetchone()
        self.assertEqual(self.all(), [(1, 'a'), (2, None), (3, None), (4, None)] * 2)
        with cursor.copy('COPY t FROM STDIN WITH (NULL %s)', ['-']) as copy:
            self.assertIs(copy.connection, self.connection)
            copy.write('5\tb\n')
            copy.write(b'6\t-\n')
        self.assertEqual(self.all()[-2:], [(5, 'b'), (6, None)])
        # What comes next counts, and what is closed says nothing.
        cursor.execute('CREATE TABLE u ()')
        self.assertEqual((cursor.rowcount, cursor.statusmessage), (-1, 'CREATE TABLE'))
        with cursor.copy('COPY t FROM STDIN'):
            pass
        self.assertEqual(cursor.rowcount, 0)
        cursor.close()
        self.assertEqual((cursor.rowcount, cursor.statusmessage), (-1, None))

    def test_out(self):
        cursor = self.connection.cursor()
        query = "COPY (SELECT i, 'name of ' || i FROM generate_series(1, %s) AS i) TO STDOUT"
        expected = b''.join(b'%d\tname of %d\n' % (i, i) for i in range(1, 20001))
        with cursor.copy(query, [20000]) as copy:
            self.assertIsInstance(copy, Pg.CopyInputStream)
            blocks = []
            while block := copy.read():
                blocks.append(block)
            self.assertEqual(copy.read(), b'')
        self.assertGreater(len(blocks), 1)
        self.assertEqual(b''.join(blocks), expected)
        self.assertEqual((cursor.rowcount, cursor.statusmessage), (20000, 'COPY 20000'))
        with cursor.copy(query, [20000]) as copy:
            self.assertEqual(b''.join(copy), expected)
        with cursor.copy(query, [20000]) as copy:
            self.assertEqual(copy.read(-1), expected)
        with cursor.copy(query, [3]) as copy:
            self.assertEqual(copy.read_row(), (1, 'name of 1'))
            self.assertEqual(list(copy.rows()), [(2, 'name of 2'), (3, 'name of 3')])
            self.assertIsNone(copy.read_row())
        with cursor.copy(query, [3]) as copy:
            copy.set_types(['text', 'text'])
            self.assertEqual(copy.read_row(), ('1', 'name of 1'))
        self.assertEqual(cursor.execute('SELECT 1').fetchall(), [(1,)])

    def test_errors(self):
        cursor = self.connection.cursor()
        for statement in 'SELECT 1', '', 'SELECT 1; COPY t TO STDOUT', "COPY t; COPY t FROM STDIN", 'COPY t FROM STDIN; SELECT 1', "COPY t FROM '/nothing'":
            with self.subTest(statement), self.assertRaises(Pg.DbError), cursor.copy(statement):
                self.fail('it was entered')
            self.assertEqual(cursor.execute('SELECT 1').fetchall(), [(1,)])
        with self.assertRaises(TypeError):
            cursor.copy(7).__enter__()
        with self.assertRaises(Pg.ProgrammingError):
            cursor.copy('COPY (SELECT %s) TO STDOUT', []).__enter__()
        copying = cursor.copy('COPY t TO STDOUT')
        with copying:
            pass
        with self.assertRaisesRegex(TypeError, 'entered once'), copying:
            pass
        with self.assertRaises(ZeroDivisionError), cursor.copy('COPY t FROM STDIN') as copy:
            copy.write_row((1, 'a'))
            copy.write_row((1 // 0, 'a'))
        self.assertEqual((self.all(), cursor.rowcount, cursor.statusmessage), ([], -1, None))
        with self.assertRaises(Pg.errors.InvalidTextRepresentation), cursor.copy('COPY t FROM STDIN') as copy:
            copy.write('x\ty\n')
        with self.assertRaises(ZeroDivisionError), cursor.copy('COPY (SELECT generate_series(1, 10000000)) TO STDOUT') as copy:
            for _block in copy:
                raise ZeroDivisionError
        self.assertEqual(cursor.execute('SELECT 1').fetchall(), [(1,)])
        with self.assertRaises(ZeroDivisionError), cursor.copy('COPY t FROM STDIN') as copy:
            self.connection.close()
            raise ZeroDivisionError
        cursor.close()
        with self.assertRaisesRegex(Pg.InterfaceError, 'closed'):
            cursor.copy('COPY t FROM STDIN').__enter__()
        connection = self.connect()
        with connection.cursor('named') as cursor, self.assertRaises(Pg.NotSupportedError):
            cursor.copy('COPY t TO STDOUT')

    def test_direction(self):
        cursor = self.connection.cursor()
        with cursor.copy('COPY t FROM STDIN') as copy:
            for method in copy.read, copy.read_row, copy.read_rows, copy.rows, lambda: iter(copy):
                with self.assertRaisesRegex(Pg.ProgrammingError, 'copies the other way'):
                    method()
            copy.write_row((1, 'a'))
        with cursor.copy('COPY t TO STDOUT') as copy:
            for method in copy.write, copy.write_row, copy.write_rows:
                with self.assertRaisesRegex(Pg.ProgrammingError, 'copies the other way'):
                    method([])
            self.assertEqual(copy.read(), b'1\ta\n')

    def test_transaction(self):
        connection = self.connect()
        with connection.cursor() as cursor:
            with cursor.copy('COPY t FROM STDIN') as copy:
                copy.write_row((1, 'a'))
            self.assertEqual(self.all(), [])
        connection.commit()
        self.assertEqual(self.all(), [(1, 'a')])

    def test_async(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection, connection.cursor() as cursor:
                async with cursor.copy('COPY t FROM STDIN') as copy:
                    await copy.write_row((1, 'a'))
                    await copy.write('2\tb\n')
                    await copy.write_rows([(3, 'c')])
                self.assertEqual((cursor.rowcount, cursor.statusmessage), (3, 'COPY 3'))
                async with cursor.copy('COPY (SELECT * FROM t WHERE i > %s) TO STDOUT', [1]) as copy:
                    self.assertEqual(await copy.read_row(), (2, 'b'))
                    self.assertEqual([row async for row in copy.rows()], [(3, 'c')])
                async with cursor.copy('COPY (SELECT generate_series(1, 30000)) TO STDOUT') as copy:
                    blocks = [await copy.read()]
                    blocks.extend([block async for block in copy])
                self.assertEqual(b''.join(blocks).count(b'\n'), 30000)
                with self.assertRaises(ZeroDivisionError):
                    async with cursor.copy('COPY t FROM STDIN') as copy:
                        await copy.write_row((1 // 0, 'd'))
                with self.assertRaises(Pg.ProgrammingError):
                    async with cursor.copy('SELECT 1'):
                        pass
                with self.assertRaises(Pg.errors.UndefinedTable):
                    async with cursor.copy('COPY nothing TO STDOUT'):
                        pass
                await cursor.execute('SELECT count(*) FROM t')
                self.assertEqual(await cursor.fetchall(), [(3,)])
        asyncio.run(main())


class Waiting(ServerTest):
    """Rows are collected before they are sent."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i int4, s text)')

    def all(self):
        return self.connection.execute('SELECT i FROM t').fetchall()

    @staticmethod
    def fail_after(n, wrong=None):
        for i in range(n):
            yield (i,) if i == wrong else (i, 'a')
        raise ZeroDivisionError

    def test_iterable_raises(self):
        # As in psycopg the rows before are in the copy, for those who go on with it.
        for n in 0, 1, 511, 512, 513, 1500:
            for name in 'text', 'binary':
                with self.subTest(n=n, name=name):
                    with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        copy.write_row((-1, 'a'))
                        with self.assertRaises(ZeroDivisionError):
                            copy.write_rows(self.fail_after(n))
                        copy.write_row((n, 'end'))
                    self.assertEqual(self.all(), [(i,) for i in range(-1, n + 1)])
                    self.connection.execute('TRUNCATE t')
                    with self.assertRaises(ZeroDivisionError), self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        copy.write_rows(self.fail_after(n))
                    self.assertEqual(self.all(), [])

    def test_iterable_raises_after_half_a_row(self):
        with self.assertRaisesRegex(Pg.DataError, 'row 4: expected 2 values, got 1'), self.connection.copy_in('COPY t FROM STDIN') as copy:
            try:
                copy.write_rows(self.fail_after(10, wrong=3))
            except ZeroDivisionError:
                self.fail('the row that is no row went unnoticed')
        self.assertEqual(self.all(), [])

    def test_iterable_raises_awaited(self):
        async def rows(n):
            for row in self.fail_after(n):
                yield row

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                for n in 1, 513:
                    for make in self.fail_after, rows:
                        async with await connection.copy_in('COPY t FROM STDIN') as copy:
                            with self.assertRaises(ZeroDivisionError):
                                await copy.write_rows(make(n))
                            await copy.write_row((n, 'end'))
                        self.assertEqual(copy.rowcount, n + 1)
                        self.assertEqual(self.all(), [(i,) for i in range(n + 1)])
                        await connection.execute('TRUNCATE t')
        asyncio.run(main())

    def test_gio_closes(self):
        loop = GLib.MainLoop()
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write_row((1, 'a'))
        copy.close_async(GLib.PRIORITY_DEFAULT, None, lambda _copy, result: (copy.close_finish(result), loop.quit()))
        loop.run()
        self.assertEqual(self.all(), [(1,)])
        with self.assertRaisesRegex(Pg.InterfaceError, 'closed'):
            copy.write_row((2, 'b'))
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write_row((2, 'b'))
        copy.splice(Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b'3\tc\n')), Gio.OutputStreamSpliceFlags.CLOSE_TARGET, None)
        self.assertEqual(self.all(), [(1,), (2,), (3,)])

    def test_stream_on_top(self):
        # GIO's own code knows nothing of rows of Python's: what it drops is told.
        with self.assertRaisesRegex(Pg.InterfaceError, 'the last rows were sent'), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1, 'a'))
            Gio.DataOutputStream.new(copy).close(None)

    def test_gio_closes_awaited(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with await connection.copy_in('COPY t FROM STDIN') as copy:
                    await copy.write_row((1, 'a'))
                    with self.assertRaisesRegex(Pg.ProgrammingError, 'rows are waiting'):
                        copy.close_async(GLib.PRIORITY_DEFAULT, None, None)
                self.assertEqual(copy.rowcount, 1)
        asyncio.run(main())

    def test_zero_bytes(self):
        for name in 'text', 'binary':
            for row, message in ((2, 'a\0b'), 'row 3, column 2: a text with a zero character'), (('2\0', 'a'), 'row 3, column 1: a text with a zero character'):
                with self.subTest(row=row, name=name):
                    with self.assertRaisesRegex(Pg.DataError, message), self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                        copy.write_row((0, 'a'))
                        copy.write_rows([(1, 'a'), row])
            with self.assertRaisesRegex(Pg.DataError, 'column 2: a text with a zero character'), \
                    self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {name})') as copy:
                copy.write_columns([[1, 2], ['a', '\0']])
        self.assertEqual(self.all(), [])
