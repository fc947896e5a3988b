# SPDX-License-Identifier: LGPL-2.1-or-later
"""What may hang or crash the interpreter is tried in another one, which is stopped when it takes too long."""

import os
import subprocess
import sys
import unittest

from support import ServerTest

# PyGObject keeps an object with attributes of its own by a toggle reference, which takes the interpreter's lock whenever the source of the
# connection is about to use the object. The other thread has that lock where it makes and drops connections.
TOGGLE_REFERENCES = '''
import sys
import threading

import gi
gi.require_version('Pg', '1.0')
from gi.repository import GLib, Pg

seen = 0
made = 0
over = threading.Event()
loop = GLib.MainLoop()


def on_notification(connection, _notification):
    global seen
    seen += 1


def on_executed(connection, result):
    connection.execute_finish(result)
    connection.commit_async(None, on_listening)


def on_listening(connection, result):
    connection.commit_finish(result)
    for function in make_connections, notify:
        threads.append(threading.Thread(target=function))
        threads[-1].start()
    GLib.timeout_add(1000, on_second)


def on_second():
    if seen <= 10 or made <= 10:
        return GLib.SOURCE_CONTINUE
    loop.quit()
    return GLib.SOURCE_REMOVE


def on_open(_source, result):
    global connection
    connection = Pg.AsyncConnection.open_finish(result)
    connection.attribute = 'kept'
    connection.connect('notification', on_notification)
    connection.execute_async('LISTEN c', None, None, on_executed)


def make_connections():
    global made
    while not over.is_set():
        another = Pg.AsyncConnection()
        another.attribute = made
        del another
        made += 1


def notify():
    sender = Pg.Connection.open(sys.argv[1], None)
    sender.set_autocommit(True, None)
    while not over.is_set():
        sender.execute('NOTIFY c', None, None)
    sender.close()


threads = []
Pg.AsyncConnection.open_async(sys.argv[1], None, on_open)
loop.run()
over.set()
for thread in threads:
    thread.join()
assert connection.attribute == 'kept'
connection.close()
print(seen, made)
'''

# A class of a program's own that is neither of the two connections: all that it has is what the base class has.
BARE_SUBCLASS = '''
import gi
gi.require_version('Pg', '1.0')
from gi.repository import Pg


class Bare(Pg.BaseConnection):
    pass


bare = Bare()
bare.cancel()
bare.close()
print('alive', bare.props.closed)
'''

PLAIN = "import sys\nsys.modules['gi.overrides.Pg'] = None\n"


class ThreadsTest(ServerTest):
    def run_python(self, program, *arguments, **environment):
        return subprocess.run([sys.executable, '-c', PLAIN + program, *arguments], env=os.environ | environment, capture_output=True, text=True,
                              timeout=300, check=False)

    def test_toggle_references(self):
        process = self.run_python(TOGGLE_REFERENCES, self.conninfo)
        self.assertEqual((process.returncode, process.stderr), (0, ''))
        seen, made = map(int, process.stdout.split())
        self.assertGreater(seen, 10)
        self.assertGreater(made, 10)

    def test_bare_subclass(self):
        process = self.run_python(BARE_SUBCLASS, G_DEBUG='gc-friendly')
        self.assertEqual((process.returncode, process.stdout), (0, 'alive True\n'), process.stderr)
        for name in 'cancel', 'close':
            self.assertRegex(process.stderr, f'CRITICAL .*: pg_base_connection_{name}: assertion .*driver != NULL')


if __name__ == '__main__':
    unittest.main()
