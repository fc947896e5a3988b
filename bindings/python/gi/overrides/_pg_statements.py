# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prepared statements."""

from gi.module import get_introspection_module
from gi.overrides import override

from ._pg_errors import OperationalError

Pg = get_introspection_module('Pg')


def check_statement(statement):
    if not isinstance(statement, Pg.Statement):
        raise TypeError(f'statement must be a Pg.Statement, as prepare() returns it, not {type(statement).__name__}')
    return statement


@override
class Statement(Pg.Statement):
    """A statement that connection.prepare() has prepared: what it takes and what it gives is known before it is executed."""

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    query = property(Pg.Statement.get_query)
    connection = property(Pg.Statement.get_connection)
    closed = property(Pg.Statement.get_closed)

    @property
    def parameters(self):
        """The OIDs of the types of its parameters."""
        return [self.get_parameter_type(index) for index in range(self.get_n_parameters())]

    @property
    def parameter_names(self):
        """The names of these types; None where the connection does not know one."""
        return [self.get_parameter_type_name(index) for index in range(self.get_n_parameters())]

    @property
    def description(self):
        """Its columns; None where there are none."""
        return [self.get_column(index) for index in range(self.get_n_columns())] or None

    def execute(self, params=None, *, binary=None):
        """Executes it on a new cursor, and returns that; of an AsyncConnection it is awaited."""
        return self.connection.cursor(binary=binary).execute(self, params)

    def close(self):
        """Drops it on the server, unless the connection is closed; of an AsyncConnection it is awaited."""
        connection = self.connection
        if isinstance(connection, Pg.AsyncConnection):
            return self._close()
        try:
            connection.close_statement(self)
        except OperationalError:
            # It has gone with its session.
            if not connection.closed:
                raise
        return None

    async def _close(self):
        try:
            await self.connection.close_statement(self)
        except OperationalError:
            if not self.connection.closed:
                raise

    def __repr__(self):
        return f'<Pg.Statement {self.query!r}>'
