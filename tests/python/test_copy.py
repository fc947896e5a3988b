# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio

from gi.repository import Gio, GLib

from support import Pg, ServerTest


class CopyTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.connection.execute('CREATE TABLE t (i int PRIMARY KEY, s text)')

    def count(self):
        return self.ask('SELECT count(*) FROM t')[0][0]

    def test_in_and_out(self):
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            self.assertIsInstance(copy, Pg.CopyOutputStream)
            self.assertIsInstance(copy, Gio.OutputStream)
            self.assertIs(copy.get_connection(), self.connection)
            copy.write('1\tä\n2')
            copy.write(b'\tb\n')
            copy.write(bytearray(b'3\t\\N\n'))
            self.assertEqual(copy.rowcount, -1)
        self.assertEqual((copy.rowcount, copy.statusmessage), (3, 'COPY 3'))
        with self.connection.copy_out('COPY t TO STDOUT (FORMAT csv)') as copy:
            self.assertEqual(copy.read(0), b'')
            self.assertEqual(copy.read(), '1,ä\n2,b\n3,\n'.encode())
            self.assertEqual(copy.rowcount, 3)
        self.assertEqual(b''.join(self.connection.copy_out('COPY t TO STDOUT')), '1\tä\n2\tb\n3\t\\N\n'.encode())

    def test_closed(self):
        self.connection.execute("INSERT INTO t SELECT i, 'a' FROM generate_series(1, 3) i")
        closed = self.assertRaisesRegex(Pg.InterfaceError, '^the copy is closed$')
        with self.connection.copy_out('COPY t TO STDOUT') as copy:
            self.assertEqual(copy.read_row(), (1, 'a'))
        for call in copy.read, copy.read_row, copy.read_rows, lambda: next(copy.rows()), lambda: next(iter(copy)):
            with closed:
                call()

        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                async with connection.cursor().copy('COPY t TO STDOUT') as copy:
                    self.assertEqual(await copy.read_row(), (1, 'a'))
                for call in copy.read, copy.read_row, copy.read_rows, copy.rows().__anext__, copy.__aiter__().__anext__:
                    with closed:
                        await call()
        asyncio.run(main())

    def test_large(self):
        lines = ''.join(f'{i}\t{"x" * 100}\n' for i in range(20000))
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write(lines)
        self.assertEqual(b''.join(self.connection.copy_out('COPY t TO STDOUT')).decode(), lines)
        # A loop that is left.
        for block in self.connection.copy_out('COPY t TO STDOUT'):
            self.assertGreater(len(block), 0)
            break
        del block
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_exception_loads_nothing(self):
        with self.assertRaises(ZeroDivisionError), self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write('1\ta\n')
            1 / 0
        self.assertEqual(self.count(), 0)
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_dropped(self):
        copy = self.connection.copy_in('COPY t FROM STDIN')
        copy.write('1\ta\n')
        del copy
        self.assertEqual(self.count(), 0)
        self.assertEqual(self.connection.execute('SELECT 1').fetchall(), [(1,)])

    def test_errors(self):
        with self.assertRaises(Pg.errors.UniqueViolation) as caught, self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write('1\ta\n1\tb\n')
        self.assertEqual(caught.exception.diag.get_constraint_name(), 't_pkey')
        for statement in 'SELECT 1', 'COPY t TO STDOUT', 'COPY t FROM STDIN; SELECT 1':
            with self.assertRaises(Pg.ProgrammingError):
                self.connection.copy_in(statement)
        with self.assertRaises(Pg.ProgrammingError):
            self.connection.copy_out('COPY t FROM STDIN')
        with self.assertRaises(TypeError), self.connection.copy_in('COPY t FROM STDIN (FORMAT binary)') as copy:
            copy.write('text')
        for data in 5, [10], None:
            with self.assertRaises(TypeError), self.connection.copy_in('COPY t FROM STDIN') as copy:
                copy.write(data)
        with self.connection.copy_in('COPY t FROM STDIN') as copy, self.assertRaises(Pg.ProgrammingError):
            self.connection.execute('SELECT 1')
        self.assertEqual(self.count(), 0)

    def test_async(self):
        async def main():
            async with await Pg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                async with await connection.copy_in('COPY t FROM STDIN') as copy:
                    for i in range(5000):
                        await copy.write(f'{i}\t{"x" * 100}\n')
                self.assertEqual(copy.rowcount, 5000)
                copy = await connection.copy_out('COPY t TO STDOUT')
                self.assertEqual(sum([len(block) async for block in copy]), sum(len(f'{i}\t\n') + 100 for i in range(5000)))
                with self.assertRaises(ZeroDivisionError):
                    async with await connection.copy_in('COPY t FROM STDIN') as copy:
                        await copy.write('6000\ta\n')
                        1 / 0
                with self.assertRaises(Pg.errors.UniqueViolation):
                    async with await connection.copy_in('COPY t FROM STDIN') as copy:
                        await copy.write('1\ta\n')
                async with await connection.copy_out('COPY t TO STDOUT') as copy:
                    self.assertEqual(await copy.read(0), b'')
                    self.assertEqual(await copy.read(3), b'0\tx')
                cursor = await connection.execute('SELECT count(*) FROM t')
                self.assertEqual(await cursor.fetchall(), [(5000,)])

        asyncio.run(main())

    def test_splice(self):
        source = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b'1\ta\n2\tb\n'))
        target = self.connection.copy_in('COPY t FROM STDIN')
        target.splice(source, Gio.OutputStreamSpliceFlags.CLOSE_TARGET, None)
        self.assertEqual(target.rowcount, 2)
        memory = Gio.MemoryOutputStream.new_resizable()
        memory.splice(self.connection.copy_out('COPY t TO STDOUT'), Gio.OutputStreamSpliceFlags.CLOSE_TARGET, None)
        self.assertEqual(memory.steal_as_bytes().get_data(), b'1\ta\n2\tb\n')
