# SPDX-License-Identifier: LGPL-2.1-or-later
"""A cursor that several threads use: they wait for each other, or are told that they cannot."""

import sys
import threading
import time
import unittest

from gi.repository import GObject

from support import Pg, ServerTest, run_threads


class CursorThreads(ServerTest):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(autocommit=True)
        self.cursor = self.connection.cursor()

    def test_statements(self):
        """What each has executed counts; of the rows each gets a whole result, which may be another's."""
        self.connection.execute('CREATE TABLE t (i int)')
        sizes = {3, 53, 103, 153}
        seen = set()

        def work(n):
            for _ in range(50):
                self.cursor.execute('SELECT generate_series(1, %s)', [n])
                try:
                    seen.add(len(self.cursor.fetchall()))
                except Pg.ProgrammingError as error:
                    self.assertIn('no result available', str(error))
                self.cursor.execute('INSERT INTO t VALUES (%s)', [n])
                self.assertIsInstance(self.cursor.rowcount, int)
                list(self.cursor.description or [])
        errors = run_threads(*(lambda n=n: work(n) for n in sizes))
        self.assertEqual([error for error in errors if 'didn’t produce records' not in str(error)], [])
        self.assertLessEqual(seen, sizes | {0})

    def read_together(self):
        """The rows that threads have got which fetch 20000 in several ways."""
        self.cursor.execute('SELECT i FROM generate_series(1, 20000) i')
        rows = []

        def one_by_one():
            while (row := self.cursor.fetchone()) is not None:
                rows.append(row)

        def some():
            while more := self.cursor.fetchmany(7):
                rows.extend(more)
        self.assertEqual(run_threads(one_by_one, some, one_by_one, lambda: rows.extend(self.cursor)), [])
        return rows

    def test_rows(self):
        """Each row goes to one of them."""
        for factory in None, Pg.dict_row:
            self.cursor.row_factory = factory
            values = [row['i'] if factory else row[0] for row in self.read_together()]
            self.assertEqual(len(values), 20000)
            self.assertEqual(set(values), set(range(1, 20001)))

    def test_own_methods(self):
        """Those of the library, which Python only passes on, take turns with its own."""
        with self.connect() as connection:
            for cursor in self.cursor, connection.cursor('c'):
                def call(name):
                    # In a call of another cursor it is told that it would have to wait.
                    with connection.cursor()._turn, self.assertRaisesRegex(Pg.ProgrammingError, 'it cannot wait'):
                        getattr(cursor, name)()
                with cursor._turn:
                    for name in 'fetch_one', 'fetch_value', 'fetch_object', 'fetch_objects', 'get_query', 'get_row_factory', 'get_result', 'close':
                        self.assertEqual(run_threads(lambda: call(name)), [])

    def test_server_cursor(self):
        with self.connect() as connection, connection.cursor('c') as cursor:
            cursor.execute('SELECT generate_series(1, 3000)')
            cursor.itersize = 100
            rows = []

            def one_by_one():
                while (row := cursor.fetchone()) is not None:
                    rows.append(row)
            self.assertEqual(run_threads(one_by_one, lambda: rows.extend(cursor), one_by_one), [])
            self.assertEqual(sorted(rows), [(i,) for i in range(1, 3001)])

    def test_loops_of_server_cursor(self):
        """A page that one has loaded is not lost to another that begins to iterate."""
        with self.connect() as connection, connection.cursor('c') as cursor:
            cursor.execute('SELECT generate_series(1, 3000)')
            cursor.itersize = 10
            rows = []

            def in_turns():
                while row := cursor.fetchone():
                    rows.append(row)
                    for row in cursor:
                        rows.append(row)
                        break
            self.assertEqual(run_threads(in_turns, in_turns, in_turns), [])
            self.assertEqual(sorted(rows), [(i,) for i in range(1, 3001)])

    def test_pages_of_objects(self):
        """defect: who iterates may have made a row of a page by the maker of the next one, which another thread had loaded."""
        class Item(GObject.Object):
            i = GObject.Property(type=int)

        with self.connect() as connection, connection.cursor('c', row_factory=Pg.RowFactory.new_object(Item)) as cursor:
            cursor.execute('SELECT generate_series(1, 6) AS i')
            cursor.itersize = 3
            self.assertEqual(next(iter(cursor)).i, 1)
            ahead = cursor._ahead
            position = ahead.pop(0)
            self.assertEqual([cursor.fetchone().i for _ in range(2)], [2, 4])
            # As it is where another thread has loaded the next page before this one makes a row of the other.
            ahead.append(position)
            self.assertEqual(cursor._take(ahead).i, 3)

    def wait_for_user(self, thread):
        """Until another thread has the turn of the cursor."""
        while thread.is_alive() and self.cursor._turn._lock.acquire(False):
            self.cursor._turn._lock.release()
            time.sleep(0.001)

    def test_open_streams(self):
        """A thread that has one open does not wait for one that waits for its end."""
        self.connection.execute('CREATE TABLE t (i int)')

        def try_it():
            thread = threading.Thread(target=self.cursor.execute, args=['SELECT 1'])
            thread.start()
            self.wait_for_user(thread)
            with self.assertRaisesRegex(Pg.ProgrammingError, 'close that first'):
                self.cursor.execute('SELECT 2')
            return thread

        with self.connection.copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1,))
            thread = try_it()
        thread.join()
        with self.connection.cursor().copy('COPY t TO STDOUT'):
            thread = try_it()
        thread.join()
        rows = self.connection.stream('SELECT generate_series(1, 10000)', size=1)
        next(rows)
        thread = try_it()
        rows.close()
        thread.join()
        self.assertEqual(self.cursor.fetchall(), [(1,)])
        self.cursor.execute('SELECT 3')

    def test_open_stream_of_another_connection(self):
        """defect: it kept a thread from waiting for a cursor that had nothing to do with it."""
        other = self.connect(autocommit=True)
        other.execute('CREATE TABLE t (i int)')
        rows = other.stream('SELECT generate_series(1, 10000)', size=1)
        next(rows)
        with self.connect(autocommit=True).copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1,))
            begun, end = threading.Event(), threading.Event()

            def use():
                with self.cursor._turn:
                    begun.set()
                    end.wait(60)
            thread = threading.Thread(target=use)
            thread.start()
            begun.wait(60)
            ending = threading.Timer(0.1, end.set)
            ending.start()
            self.assertEqual(self.cursor.execute('SELECT 2').fetchall(), [(2,)])
            thread.join()
            ending.join()
        rows.close()

    def test_open_stream_before_another(self):
        """Also where what the thread has begun last is over."""
        self.connection.execute('CREATE TABLE t (i int)')
        rows = self.connection.stream('SELECT generate_series(1, 10000)', size=1)
        next(rows)
        thread = threading.Thread(target=self.cursor.execute, args=['SELECT 1'])
        thread.start()
        self.wait_for_user(thread)
        with self.connect(autocommit=True).copy_in('COPY t FROM STDIN') as copy:
            copy.write_row((1,))
        with self.assertRaisesRegex(Pg.ProgrammingError, 'close that first'):
            self.cursor.execute('SELECT 2')
        rows.close()
        thread.join()
        self.assertEqual(self.cursor.fetchall(), [(1,)])

    def test_stream_of_another(self):
        """Who reads on what another thread has begun does not wait for one that waits for its end."""
        rows = self.connection.stream('SELECT generate_series(1, 10000)', size=1)
        self.assertEqual(run_threads(lambda: next(rows)), [])
        self.assertEqual(next(rows), (2,))
        thread = threading.Thread(target=self.cursor.execute, args=['SELECT 1'])
        thread.start()
        self.wait_for_user(thread)
        with self.assertRaisesRegex(Pg.ProgrammingError, 'close that first'):
            self.cursor.execute('SELECT 2')
        with self.assertRaisesRegex(Pg.ProgrammingError, 'rows are being read'):
            self.connection.execute('SELECT 2')
        self.assertEqual(sum(1 for _row in rows), 9998)
        thread.join()
        self.assertEqual(self.cursor.fetchall(), [(1,)])

    def test_taken_meanwhile(self):
        """What others take of the rows that were read ahead is neither given again nor lost, however often they take turns."""
        interval = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, interval)
        sys.setswitchinterval(5e-5)
        for _round in range(3):
            self.assertEqual(sorted(self.read_together()), [(i,) for i in range(1, 20001)])

    def test_taken_objects(self):
        """Objects of a row factory are not compared with anything: their class may have its own idea of that."""
        class Item(GObject.Object):
            i = GObject.Property(type=int)

            def __eq__(self, other):
                return self.i == other.i
        self.cursor.row_factory = Pg.RowFactory.new_object(Item)
        self.cursor.execute('SELECT generate_series(1, 3) AS i')
        # As a thread that iterates does, and another one fetches before it has taken the row.
        self.cursor._read_ahead()
        self.assertEqual([item.i for item in self.cursor.fetchall()], [1, 2, 3])

    def test_in_a_call(self):
        """Two that are in calls of two cursors do not wait for each other."""
        other = self.connection.cursor()
        barrier = threading.Barrier(2)
        raised = []

        def factory(cursor):
            def make(values):
                barrier.wait(60)
                try:
                    (other if cursor is self.cursor else self.cursor).execute('SELECT 1')
                except Pg.ProgrammingError as error:
                    raised.append(str(error))
                barrier.wait(60)
                return values
            return make
        for cursor in self.cursor, other:
            cursor.execute('SELECT 5')
            cursor.row_factory = factory
        self.assertEqual(run_threads(self.cursor.fetchall, other.fetchall), [])
        self.assertEqual(len(raised), 2)
        self.assertIn('it cannot wait', raised[0])


if __name__ == '__main__':
    unittest.main()
