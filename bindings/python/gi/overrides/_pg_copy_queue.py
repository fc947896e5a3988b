# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls of an asynchronous copy, which run in the order in which they were made, whether somebody waits for them or not."""

import asyncio
import collections.abc
import functools

from ._pg_errors import CancelledError, ProgrammingError


class _Step:
    """A call: run() makes a coroutine that does it."""

    __slots__ = ('run', 'stays', 'undo', 'waiters', 'ended', 'value', 'error')

    def __init__(self, run, stays, undo):
        self.run = run
        self.stays = stays  # also where nobody waits for it any more
        self.undo = undo  # what it has changed before its turn; None where that is nothing
        self.waiters = []
        self.ended = False
        self.value = self.error = None

    def check(self):
        """Raises the error, once."""
        error, self.error = self.error, None
        try:
            if error is not None:
                raise error
        finally:
            del error


class Awaited(collections.abc.Coroutine):
    """What is awaited of a call. A task that is cancelled before its first step does not begin a coroutine: here the queue is told."""

    __slots__ = ('_coroutine', '_withdraw')

    def __init__(self, coroutine, withdraw):
        self._coroutine = coroutine
        self._withdraw = withdraw  # None once it has begun

    def send(self, value):
        self._withdraw = None
        return self._coroutine.send(value)

    def throw(self, *error):
        withdraw, self._withdraw = self._withdraw, None
        if withdraw is not None:
            withdraw()
        return self._coroutine.throw(*error)

    def __await__(self):
        # It begins with that.
        self._withdraw = None
        return self._coroutine.__await__()


class Queue:
    """One call runs at a time, in the task that waits for it, or, where nobody does, for one behind it: what is not awaited neither is lost nor holds others up."""

    __slots__ = ('_steps', '_running', '_task')

    def __init__(self):
        self._steps = collections.deque()  # the first one may be running
        self._running = False
        self._task = None

    def __bool__(self):
        return bool(self._steps)

    def add(self, run, stays=False, undo=None):
        """Adds a call, the last one, and returns what finish() waits for."""
        step = _Step(run, stays, undo)
        self._steps.append(step)
        return step

    def add_next(self, run):
        """Adds one behind the one that runs."""
        self._steps.insert(1, _Step(run, True, None))

    def awaited(self, step, coroutine):
        """The coroutine, which waits for a call; the call is none where the coroutine does not begin."""
        return Awaited(coroutine, functools.partial(self._withdraw, step))

    def finish(self, step):
        """Waits until a call has ended, and gives what it does. Where the task is cancelled before its turn the call is none."""
        return self.awaited(step, self._finish(step))

    async def _finish(self, step):
        try:
            while not step.ended:
                if self._running and self._task is asyncio.current_task():
                    raise ProgrammingError('what a call of the copy runs waits for another call of the copy, which comes after it')
                if self._running:
                    await self._wait(step)
                elif self._steps[0] is not step and self._steps[0].waiters:
                    # Whoever waits for that one runs it: it is not to be cancelled with this task.
                    self._hand_over()
                    await self._wait(step)
                else:
                    await self._run_first(step)
        except BaseException:
            self._withdraw(step)
            raise
        self._hand_over()
        step.check()
        return step.value

    def _withdraw(self, step):
        """Nobody waits for a call any more."""
        if not step.ended and not step.stays and not (self._running and self._steps[0] is step):
            self._steps.remove(step)
            if step.undo is not None:
                step.undo()
        self._hand_over()

    @staticmethod
    async def _wait(step):
        waiter = asyncio.get_running_loop().create_future()
        step.waiters.append(waiter)
        try:
            await waiter
        finally:
            step.waiters.remove(waiter)

    async def _run_first(self, wanted):
        first = self._steps[0]
        self._running, self._task = True, asyncio.current_task()
        try:
            first.value = await first.run()
        except Exception as error:
            first.error = error
        except BaseException:
            # Whoever waits for it was not cancelled.
            first.error = CancelledError('the call was cancelled, with the task of one behind it') if first is not wanted else None
            raise
        finally:
            self._running, self._task = False, None
            self._steps.popleft()
            first.ended = True
            for waiter in first.waiters:
                if not waiter.done():
                    waiter.set_result(None)
            # The exception keeps this frame.
            del first, wanted

    def _hand_over(self):
        """Wakes one of those who wait, to run the next one, unless one is awake already."""
        if self._running:
            return
        waiters = next((step.waiters for step in self._steps if step.waiters), None)
        if waiters is not None and not any(waiter.done() for waiter in waiters):
            waiters[0].set_result(None)
