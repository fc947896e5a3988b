# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs docs/examples/list/list.py, and shows its list where GTK and an X server without a screen are installed."""

import os
import shutil
import subprocess
import sys
import unittest

import gi

from support import ServerTest

EXAMPLE = os.path.join(os.environ['G_TEST_SRCDIR'], os.pardir, 'docs', 'examples', 'list', 'list.py')

ROWS = [
    'John Coltrane | A Love Supreme | 1965 | 15:03 | Acknowledgement, Resolution',
    'Miles Davis | Kind of Blue | 1959 | 24:45 | So What, Freddie Freeloader, Blue in Green',
    'The Dave Brubeck Quartet | Time Out | 1959 | 12:08 | Blue Rondo à la Turk, Take Five',
    ' | Unreleased |  |  | ',
]

# Prints what is in the labels of the window, and quits.
SHOW = """
import importlib.util, os, sys
specification = importlib.util.spec_from_file_location('example', sys.argv[1])
example = importlib.util.module_from_spec(specification)
specification.loader.exec_module(example)
application = example.make_application(example.fetch_albums(os.environ['DATABASE_URL']))
from gi.repository import GLib, Gtk

def labels(widget):
    if isinstance(widget, Gtk.Label) and isinstance(widget.get_parent().get_parent().get_parent(), Gtk.ListView):
        yield widget.get_label()
    child = widget.get_first_child()
    while child is not None:
        yield from labels(child)
        child = child.get_next_sibling()

def look():
    seen = [label for window in application.get_windows() for label in labels(window)]
    if len(seen) < 20:
        return True
    print(*seen, sep='\\n')
    application.quit()
    return False

GLib.timeout_add(100, look)
GLib.timeout_add_seconds(60, application.quit)
application.run()
"""


def has_gtk():
    try:
        gi.Repository.get_default().require('Gtk', '4.0', 0)
        return True
    except gi.RepositoryError:
        return False


class ListTest(ServerTest):
    def run_python(self, *arguments, **environment):
        return subprocess.run([sys.executable, *arguments], env={**os.environ, 'DATABASE_URL': self.conninfo, **environment}, check=True,
                              stdout=subprocess.PIPE, encoding='utf-8', timeout=120).stdout

    def test_print(self):
        self.assertEqual(self.run_python(EXAMPLE, '--print').splitlines(), ROWS)

    def test_show(self):
        if shutil.which('Xvfb') is None or not has_gtk():
            self.skipTest('GTK 4 or Xvfb is not installed')
        reader, writer = os.pipe()
        server = subprocess.Popen(['Xvfb', '-displayfd', str(writer), '-screen', '0', '800x300x24'], pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        try:
            with open(reader, encoding='ascii') as pipe:
                display = pipe.readline().strip()
            if not display:
                self.skipTest('Xvfb does not start')
            output = self.run_python('-c', SHOW, EXAMPLE, DISPLAY=':' + display, GDK_BACKEND='x11', GSK_RENDERER='cairo', G_DEBUG='')
        finally:
            server.terminate()
            server.wait()
        self.assertEqual(sorted(output.splitlines()), sorted(label for row in ROWS for label in row.split(' | ')))


if __name__ == '__main__':
    unittest.main()
