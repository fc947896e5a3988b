# SPDX-License-Identifier: LGPL-2.1-or-later

import asyncio
import io
import os
import random
import shutil
import unittest

from gi.repository import Gio, GLib

from support import Pg, ServerTest

DATA = random.Random(5).randbytes(600_000)


class LargeObjectTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def test_file(self):
        with self.connection.large_object(mode='wb') as file:
            self.assertIsInstance(file, Gio.IOStream)
            self.assertEqual(file.write(DATA), len(DATA))
            oid = file.oid
        self.assertTrue(file.closed)
        self.connection.commit()
        with self.connection.large_object(oid) as file:
            self.assertEqual((file.readable(), file.writable(), file.seekable()), (True, False, True))
            self.assertEqual(file.size(), len(DATA))
            self.assertEqual(file.read(10), DATA[:10])
            self.assertEqual(file.tell(), 10)
            self.assertEqual(file.read(), DATA[10:])
            self.assertEqual(file.read(), b'')
            self.assertEqual(file.seek(-5, os.SEEK_END), len(DATA) - 5)
            self.assertEqual(file.read(100), DATA[-5:])
            self.assertEqual(file.seek(7), 7)
            self.assertEqual(file.seek(3, os.SEEK_CUR), 10)
            buffer = bytearray(4)
            self.assertEqual(file.readinto(buffer), 4)
            self.assertEqual(bytes(buffer), DATA[10:14])
            with self.assertRaises(GLib.Error):
                file.write(b'x')
            with self.assertRaises(ValueError):
                file.seek(0, 3)

    def test_closed(self):
        """defect: it said that its transaction had ended."""
        file = self.connection.large_object(mode='w+b')
        lost = self.connection.large_object(mode='w+b')
        file.close()
        for call in file.read, file.size, file.truncate, lambda: file.write(b'x'), lambda: file.seek(0), lambda: file.readinto(bytearray(1)):
            with self.assertRaisesRegex(Pg.OperationalError, '^the large object is closed$'):
                call()
        self.connection.commit()
        with self.assertRaisesRegex(Pg.OperationalError, 'not open any more'):
            lost.read()
        with self.assertRaisesRegex(Pg.OperationalError, '^the large object is closed$'):
            file.read()

    def test_refused(self):
        for mode in 'rb', 'r+b', 'rb+':
            with self.subTest(mode), self.assertRaisesRegex(ValueError, 'OID cannot be 0'):
                self.connection.large_object(mode=mode)
        with self.connection.large_object(mode='wb') as file:
            file.write(b'0123')
            with self.assertRaisesRegex(ValueError, 'not -1'):
                file.truncate(-1)
            self.assertEqual(file.size(), 4)

    def test_modes(self):
        with self.connection.large_object(mode='w+b') as file:
            file.write(b'0123456789')
            self.assertEqual(file.truncate(6), 6)
        with self.connection.large_object(file.oid, 'r+b') as again:
            self.assertEqual(again.read(), b'012345')
            again.seek(2)
            again.write(b'xx')
            self.assertEqual(again.truncate(), 4)
        with self.connection.large_object(file.oid) as again:
            self.assertEqual(again.read(), b'01xx')
        with self.connection.large_object(file.oid, 'wb') as again:
            self.assertEqual(again.size(), 0)
            with self.assertRaises(TypeError):
                again.write('text')
        with self.connection.large_object(file.oid + 1, 'xb') as new:
            self.assertEqual(new.oid, file.oid + 1)
        with self.assertRaises(ValueError):
            self.connection.large_object(file.oid, 'r')
        self.connection.unlink_large_object(file.oid)
        with self.assertRaises(Pg.errors.UndefinedObject):
            self.connection.large_object(file.oid)

    def test_copyfileobj(self):
        with self.connection.large_object(mode='wb') as file:
            shutil.copyfileobj(io.BytesIO(DATA), file)
        target = io.BytesIO()
        with self.connection.large_object(file.oid) as file:
            shutil.copyfileobj(file, target)
        self.assertEqual(target.getvalue(), DATA)

    def test_transactions(self):
        file = self.connection.large_object(mode='wb')
        file.write(b'0123')
        self.connection.commit()
        with self.assertRaises(GLib.Error) as caught:
            file.write(b'4')
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))
        file.close()
        self.connection.autocommit = True
        with self.assertRaises(Pg.ProgrammingError):
            self.connection.large_object(mode='wb')


class AsyncLargeObjectTest(ServerTest):
    def test_file(self):
        async def run():
            async with await Pg.AsyncConnection.connect(self.conninfo) as connection:
                async with await connection.large_object(mode='w+b') as file:
                    self.assertEqual(await file.write(DATA), len(DATA))
                    self.assertEqual(await file.size(), len(DATA))
                    self.assertEqual(await file.seek(-5, os.SEEK_END), len(DATA) - 5)
                    self.assertEqual(await file.read(), DATA[-5:])
                    self.assertEqual(await file.seek(10), 10)
                    self.assertEqual(await file.read(5), DATA[10:15])
                    self.assertEqual(await file.truncate(3), 3)
                async with await connection.large_object(file.oid) as file:
                    self.assertEqual(await file.read(), DATA[:3])
                await connection.unlink_large_object(file.oid)
                with self.assertRaises(Pg.errors.UndefinedObject):
                    await connection.large_object(file.oid)
                await connection.rollback()
        asyncio.run(run())


if __name__ == '__main__':
    unittest.main()
