# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server for tests, for "with"."""

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from ._pg_errors import convert

Pg = get_introspection_module('Pg')


@override
class TestServer(Pg.TestServer):
    """A PostgreSQL server of the program's own; "with Pg.TestServer() as server:" starts and stops it."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    @property
    def conninfo(self):
        """How to connect to it."""
        return self.get_conninfo()

    def up(self, cancellable=None):
        """Starts the server."""
        self._call(super().up, cancellable)

    def restart(self, cancellable=None):
        """Stops the server and starts it again."""
        self._call(super().restart, cancellable)

    def create_database(self, cancellable=None):
        """Creates a database and returns how to connect to it."""
        return self._call(super().create_database, cancellable)

    @staticmethod
    def _call(function, *args):
        try:
            return function(*args)
        except GLib.Error as error:
            raise convert(error) from None

    def __enter__(self):
        self.up()
        return self

    def __exit__(self, *_exception):
        self.down()
