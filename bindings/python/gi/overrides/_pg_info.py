# SPDX-License-Identifier: LGPL-2.1-or-later
"""connection.info: what psycopg has there, of what the library knows without asking the server."""

import re

from gi.module import get_introspection_module

from ._pg_errors import OperationalError

Pg = get_introspection_module('Pg')

_PAIR = re.compile(r"(\w+)='((?:[^'\\]|\\.)*)'", re.DOTALL)


def _parameter(name):
    return property(lambda self: self.get_parameters().get(name, ''), doc=f'The setting {name!r} of the connection; "" where it has none.')


class ConnectionInfo:
    """What a connection is connected to."""

    __slots__ = ('_connection',)

    #: The name of the server.
    vendor = 'PostgreSQL'
    #: Python’s name of the encoding: the library has all text as UTF-8.
    encoding = 'utf-8'

    def __init__(self, connection):
        self._connection = connection

    @property
    def dsn(self):
        """The connection string, without the password."""
        conninfo = self._connection.conninfo
        if conninfo is None:
            raise OperationalError('the connection is not open')
        return conninfo

    def get_parameters(self):
        """The settings that were given, or that the environment says, by their names, without the password."""
        return {name: re.sub(r'\\(.)', r'\1', value, flags=re.DOTALL) for name, value in _PAIR.findall(self.dsn)}

    host = _parameter('host')
    hostaddr = _parameter('hostaddr')
    dbname = _parameter('dbname')
    user = _parameter('user')
    options = _parameter('options')

    @property
    def port(self):
        """The port; of several, for several hosts, the first one."""
        return int(self.get_parameters().get('port', '').split(',')[0] or 5432)

    @property
    def transaction_status(self):
        """The Pg.TransactionStatus."""
        return self._connection.transaction_status

    @property
    def pipeline_status(self):
        """The Pg.PipelineStatus."""
        return self._connection.pipeline_status

    @property
    def server_version(self):
        """The version of the server, such as 150020 for 15.20."""
        return self._connection.server_version

    @property
    def backend_pid(self):
        """The process ID of the server’s process."""
        return self._connection.backend_pid

    def __repr__(self):
        return f'<Pg.ConnectionInfo {self.dsn!r}>'
