# SPDX-License-Identifier: LGPL-2.1-or-later
"""A copy or a stream that several threads use: their calls take turns, and whoever has made one is refused what would wait for its end."""

import queue
import sys
import threading
import unittest

from support import Pg, ServerTest, run_threads


class CopyThreads(ServerTest):
    def setUp(self):
        super().setUp()
        interval = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, interval)
        sys.setswitchinterval(5e-5)
        self.connection = self.connect()
        self.connection.execute('CREATE TABLE t (i int)')
        self.connection.commit()

    def rows(self):
        return [i for (i,) in self.connection.execute('SELECT i FROM t ORDER BY i')]

    def test_write(self):
        for format in 'text', 'binary':
            def one_by_one(start):
                for i in range(start, start + 3000):
                    copy.write_row((i,))

            def many(start):
                copy.write_rows((i,) for i in range(start, start + 3000))

            def columns(start):
                for i in range(start, start + 3000, 300):
                    copy.write_columns([list(range(i, i + 300))])
            with self.connection.copy_in(f'COPY t FROM STDIN (FORMAT {format})') as copy:
                errors = run_threads(*(lambda n=n, write=write: write(3000 * n) for n, write in enumerate([one_by_one, many, columns, one_by_one, many])))
                self.assertEqual(errors, [])
            self.assertEqual(copy.rowcount, 15000)
            self.assertEqual(self.rows(), list(range(15000)))
            self.connection.rollback()

    def test_read(self):
        for format in 'text', 'binary':
            rows = []

            def one_by_one():
                while (row := copy.read_row()) is not None:
                    rows.append(row)

            def some():
                while (result := copy.read_rows(50)).get_n_rows() > 0:
                    rows.extend((row[0],) for row in result)
            with self.connection.copy_out(f'COPY (SELECT generate_series(1, 20000)) TO STDOUT (FORMAT {format})') as copy:
                if format == 'text':
                    copy.set_types(['int4'])
                self.assertEqual(run_threads(one_by_one, lambda: rows.extend(copy.rows()), some, one_by_one), [])
            self.assertEqual(sorted(rows), [(i,) for i in range(1, 20001)])

    def test_read_bytes(self):
        blocks = []
        with self.connection.copy_out('COPY (SELECT generate_series(1, 20000)) TO STDOUT') as copy:
            self.assertEqual(run_threads(*[lambda: blocks.extend(copy)] * 3), [])
        self.assertEqual(sum(map(len, blocks)), len(''.join(f'{i}\n' for i in range(1, 20001))))

    def test_closed_meanwhile(self):
        """A row whose call has not failed is in the copy."""
        written = []

        def write(start, begun):
            for i in range(start, start + 100000):
                try:
                    copy.write_row((i,))
                except Pg.InterfaceError:
                    return
                written.append(i)
                if i == start + 700:
                    begun.release()

        def close():
            for _writer in range(2):
                begun.acquire()
            copy.close()
        for _round in range(3):
            begun = threading.Semaphore(0)
            written.clear()
            copy = self.connection.copy_in('COPY t FROM STDIN')
            self.assertEqual(run_threads(lambda: write(0, begun), lambda: write(100000, begun), close), [])
            self.assertEqual(self.rows(), sorted(written))
            self.connection.rollback()

    def test_iterable_waits(self):
        """What write_rows() iterates over may wait for a thread that writes, too."""
        rows = queue.SimpleQueue()

        def produce():
            copy.write_row((1,))
            rows.put((2,))
            copy.write_row((3,))
            rows.put(None)
        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            self.assertEqual(run_threads(lambda: copy.write_rows(iter(rows.get, None)), produce), [])
        self.assertEqual(self.rows(), [1, 2, 3])

    def test_of_another(self):
        """Who goes on with what another thread has begun, and has more rows at hand, does not wait for itself."""
        def begin(function):
            begun = []
            self.assertEqual(run_threads(lambda: begun.append(function())), [])
            return begun[0]

        def refused(pattern):
            self.connection.timeout = 60
            with self.assertRaisesRegex(Pg.ProgrammingError, pattern):
                self.connection.execute('SELECT 1')
            self.connection.timeout = None

        def first(rows):
            next(rows)
            return rows
        rows = begin(lambda: first(self.connection.stream('SELECT generate_series(1, 3000)', size=1000)))
        self.assertEqual(next(rows), (2,))
        refused('rows are being read')
        self.assertEqual(list(rows), [(i,) for i in range(3, 3001)])

        for read in Pg.CopyInputStream.read_row, lambda copy: next(copy.rows()):
            copy = begin(lambda: self.connection.copy_out('COPY (SELECT generate_series(1, 300000)) TO STDOUT (FORMAT binary)'))
            self.assertEqual(begin(copy.read_row), (1,))
            self.assertEqual(read(copy), (2,))
            refused('a copy is open')
            self.assertEqual(sum(1 for _row in copy.rows()), 300000 - 2)
            copy.close()

        for write in (lambda copy: copy.write_row((2,))), (lambda copy: copy.write_rows([(2,)])):
            copy = begin(lambda: self.connection.copy_in('COPY t FROM STDIN'))
            self.assertEqual(run_threads(lambda: copy.write_row((1,))), [])
            write(copy)
            refused('a copy is open')
            copy.close()
            self.assertEqual(self.rows(), [1, 2])
            self.connection.rollback()


if __name__ == '__main__':
    unittest.main()
