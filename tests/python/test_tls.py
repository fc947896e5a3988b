# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results over TLS whose records are larger than PostgreSQL's own, as a connection pooler sends them.

What does not fit in libpq's buffer is left in OpenSSL, where the socket does not show it: a connection that waits for the socket then waits for
ever when it was the end of the result.
"""

import os
import re
import select
import socket
import ssl
import threading
import time
import unittest

from gi.repository import GLib

from support import Pg

# Of an answer, what comes in a record of its own: no whole row of those below.
FIRST = 1000
ROW = 1000


class Proxy:
    """Ends TLS in front of a server, and sends its answers in records of up to 16 kB."""

    def __init__(self, server):
        directory = os.path.dirname(server.get_ca_file())
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(directory, 'server.crt'), os.path.join(directory, 'server.key'))
        host, port = re.search(r'host=(\S+) port=(\d+)', server.get_conninfo()).groups()
        self.path = f'{host}/.s.PGSQL.{port}'
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.conninfo = f'host=127.0.0.1 port={self.listener.getsockname()[1]} user=postgres dbname=postgres sslmode=require gssencmode=disable'
        self.threads = []
        self.start(self.accept)

    def start(self, function, *arguments):
        self.threads.append(threading.Thread(target=function, args=arguments))
        self.threads[-1].start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()

    def accept(self):
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            request = client.recv(16)
            if len(request) == 16:
                self.start(self.cancel, client, request)
                continue
            # SSLRequest
            client.sendall(b'S')
            self.start(self.serve, self.context.wrap_socket(client, server_side=True))

    def connect(self):
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.path)
        return server

    def cancel(self, client, request):
        with client, self.connect() as server:
            server.sendall(request)
            server.recv(1)

    def serve(self, client):
        """In turns: a question, its answer."""
        with client, self.connect() as server:
            while question := client.recv(65536):
                server.sendall(question)
                answer = b''
                if question[:1] == b'X':
                    return
                # ReadyForQuery
                while answer[-6:-1] != b'Z\0\0\0\5':
                    part = server.recv(1 << 20)
                    if not part:
                        return
                    answer += part
                client.sendall(answer[:FIRST])
                if answer[FIRST:]:
                    # To be read by itself.
                    time.sleep(0.002)
                    client.sendall(answer[FIRST:])


class FreeProxy(Proxy):
    """The same for what does not go in turns."""

    def serve(self, client):
        with client, self.connect() as server:
            while True:
                ready = [client] if client.pending() else select.select([client, server], [], [])[0]
                if client in ready:
                    data = client.recv(65536)
                    if not data:
                        return
                    server.sendall(data)
                if server in ready:
                    # All that it has to say.
                    time.sleep(0.005)
                    data = server.recv(1 << 20)
                    if not data:
                        return
                    client.sendall(data)


class RecordsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Pg.TestServer(flags=Pg.TestServerFlags.TLS)
        cls.server.up(None)
        cls.addClassCleanup(cls.server.down)

    def setUp(self):
        self.proxy = Proxy(self.server)
        self.addCleanup(self.proxy.close)

    def query(self, n_rows):
        return f"SELECT repeat('x', {ROW}) FROM generate_series(1, {n_rows})"

    def test_blocking(self):
        with Pg.connect(self.proxy.conninfo, autocommit=True, timeout=120) as connection:
            for n_rows in range(1, 70):
                with self.subTest(n_rows=n_rows):
                    self.assertEqual(connection.execute(self.query(n_rows)).fetchall(), [('x' * ROW,)] * n_rows)

    def test_copy_out_rows(self):
        """What has come is looked at between two calls that wait."""
        with Pg.connect(self.proxy.conninfo, autocommit=True, timeout=120) as connection:
            for n_rows in range(1, 150, 7):
                with self.subTest(n_rows=n_rows):
                    with connection.copy_out(f'COPY ({self.query(n_rows)}) TO STDOUT') as copy:
                        self.assertEqual(sum(len(row[0]) for row in copy.rows()), n_rows * ROW)

    def test_copy_out_rest(self):
        """What has come of the rest is dropped when it is closed early."""
        with Pg.connect(self.proxy.conninfo, autocommit=True, timeout=120) as connection:
            for n_rows in range(1, 150, 7):
                with self.subTest(n_rows=n_rows):
                    copy = connection.copy_out(f'COPY ({self.query(n_rows)}) TO STDOUT')
                    copy.read(1)
                    # The rest is in the socket.
                    time.sleep(0.02)
                    copy.close()
                    self.assertEqual(connection.execute('SELECT 5').fetchone(), (5,))

    def test_copy_in_error(self):
        """An error that is longer than libpq's buffer, while data is written."""
        proxy = FreeProxy(self.server)
        self.addCleanup(proxy.close)
        with Pg.connect(proxy.conninfo, autocommit=True, timeout=120) as connection:
            connection.execute('CREATE TEMPORARY TABLE t (s text)')
            connection.execute("CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS"
                               " $$ BEGIN RAISE EXCEPTION '%', repeat('x', new.s::int); END $$")
            connection.execute('CREATE TRIGGER fail BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pg_temp.fail()')
            for size in range(8000, 60000, 6501):
                with self.subTest(size=size):
                    with self.assertRaisesRegex(Pg.DatabaseError, 'x' * 100):
                        with connection.copy_in('COPY t FROM STDIN') as copy:
                            copy.write(f'{size}\n'.encode())
                            copy.flush()
                            for _ in range(8):
                                time.sleep(0.002)
                                copy.write(b'1\n' * 40000)
                    self.assertEqual(connection.execute('SELECT 5').fetchone(), (5,))

    def test_main_loop(self):
        loop = GLib.MainLoop()
        seen = []
        connections = []

        def on_execute(connection, result):
            try:
                rows = len(connection.execute_finish(result).get_result())
            except GLib.Error as error:
                rows = str(error)
            seen.append(rows)
            if seen == list(range(1, len(seen) + 1)) and len(seen) < 70:
                connection.execute_async(self.query(len(seen) + 1), None, None, on_execute)
            else:
                loop.quit()

        def on_open(_source, result):
            connections.append(Pg.AsyncConnection.open_finish(result))
            connections[0].set_timeout(120000)
            connections[0].execute_async(self.query(1), None, None, on_execute)
        Pg.AsyncConnection.open_async(self.proxy.conninfo, None, on_open)
        limit = GLib.timeout_add_seconds(300, loop.quit)
        loop.run()
        GLib.source_remove(limit)
        connections[0].close()
        self.assertEqual(seen, list(range(1, 71)))


if __name__ == '__main__':
    unittest.main()
