# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pipelines: "with connection.pipeline():", in which execute() does not wait for the result."""

import logging

from gi.module import get_introspection_module
from gi.overrides import override
from gi.repository import GLib

from . import _pg_asyncio
from ._pg_errors import CancelledError, DbError, errors

Pg = get_introspection_module('Pg')

_log = logging.getLogger('pgconn')


def _is_first(failure, error):
    """Whether the failure of the end is to be seen, rather than the exception that has left the block."""
    aborted = errors.PipelineAborted
    return error is None or isinstance(error, aborted) and not isinstance(failure, aborted)


def _log_failure(failure, error):
    """Of the end, where it is not to be seen, unless it is what has left the block, or what that was cancelled by."""
    if isinstance(failure, CancelledError) or isinstance(error, DbError) and (failure.code, failure.message) == (error.code, error.message):
        return
    _log.warning('the pipeline failed: %s', failure.message)


class _BasePipeline:
    @classmethod
    def is_supported(cls):
        """Always."""
        return True

    @property
    def connection(self):
        return self.get_connection()

    @property
    def status(self):
        """Whether it is open, and whether a statement in it has failed: a Pg.PipelineStatus."""
        return self.get_status()


@override
class Pipeline(_BasePipeline, Pg.Pipeline):
    """Statements on a Pg.Connection that are sent without waiting for the results of those before them. "with" opens it and synchronizes it at its end.

    execute() returns when the statement is on its way. Its error is that of the call that fetches its rows or waits for it, and that of the synchronization.
    """

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    def __enter__(self):
        self.begin()
        return self

    def __exit__(self, _kind, error, _traceback):
        try:
            self.end()
        except GLib.Error as failure:
            if _is_first(failure, error):
                raise
            _log_failure(failure, error)


@override
class AsyncPipeline(_BasePipeline, Pg.AsyncPipeline):
    """Statements on a Pg.AsyncConnection that are sent without waiting for the results of those before them. "async with" opens it, and
    synchronizes it at its end.

    "await cursor.execute()" returns at once. The error of the statement is that of the call that fetches its rows, and also that of the synchronization.
    """

    __module__ = 'gi.overrides.Pg'  # where override() looks for it

    _counted = False

    async def begin(self):
        """Opens the pipeline."""
        connection = self.get_connection()
        await _pg_asyncio.run(connection, self.begin_async, self.begin_finish, undo=lambda _begun: (self.end_async, self.end_finish))
        self._counted = True
        connection._n_pipelines += 1

    async def sync(self):
        """Waits for the results of all that was executed; raises the first error there was. In autocommit mode all of it is committed."""
        await self._synchronize(self.sync_async, self.sync_finish)

    async def end(self):
        """Synchronizes the pipeline and closes it."""
        if self._counted:
            self._counted = False
            self.get_connection()._n_pipelines -= 1
        await self._synchronize(self.end_async, self.end_finish)

    async def _synchronize(self, start, finish):
        connection = self.get_connection()
        try:
            await _pg_asyncio.run(connection, start, finish)
        except BaseException:
            connection._sent.forget()
            raise
        connection._sent.check()

    async def __aenter__(self):
        await self.begin()
        return self

    async def __aexit__(self, _kind, error, _traceback):
        try:
            await self.end()
        except GLib.Error as failure:
            if _is_first(failure, error):
                raise
            _log_failure(failure, error)
