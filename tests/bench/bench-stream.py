# SPDX-License-Identifier: LGPL-2.1-or-later
"""Very many rows in Python, read while the server still sends them: the memory, and how late a source of 60 Hz is in the same main loop.

bench-stream.py [--rows N] [--size N] [--conninfo CONNINFO]
"""

import argparse
import asyncio
import os
import selectors
import time

import gi

gi.require_version('Pg', '1.0')
from gi.repository import Pg  # noqa: E402

PERIOD = 1 / 60


def resident():
    with open('/proc/self/statm') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGESIZE')


class Selector(selectors.DefaultSelector):
    """Knows what the longest turn of the event loop has worked, whatever else the machine does: a source that is due waits for no more than that."""

    begin = None
    longest = 0

    def select(self, timeout=None):
        if self.begin is not None:
            self.longest = max(self.longest, time.thread_time() - self.begin)
        events = super().select(timeout)
        self.begin = time.thread_time()
        return events


def report(label, n_rows, begin, growth, late=None, longest=None):
    print(f'# {n_rows} rows, Python, {label}: {time.monotonic() - begin:.1f} s, {growth / 2**20:.1f} MiB more at most'
          + ('' if late is None else f', main loop late by {late * 1000:.2f} ms at most, longest turn {longest * 1000:.2f} ms of work'), flush=True)


def read(conninfo, query, options):
    with Pg.connect(conninfo) as connection:
        first = largest = resident()
        begin = time.monotonic()
        n = 0
        for row in connection.stream(query, size=options.size, binary=True):
            n += 1
            if row[0] % 100000 == 0:
                largest = max(largest, resident())
        assert n == options.rows
        report('for', n, begin, largest - first)


async def read_async(conninfo, query, options, selector):
    async with await Pg.AsyncConnection.connect(conninfo) as connection:
        first = largest = resident()
        late = 0

        async def tick():
            nonlocal late, largest
            while True:
                due = time.monotonic() + PERIOD
                await asyncio.sleep(PERIOD)
                late = max(late, time.monotonic() - due)
                largest = max(largest, resident())

        ticking = asyncio.ensure_future(tick())
        selector.longest = 0
        begin = time.monotonic()
        n = 0
        async for _row in connection.stream(query, size=options.size, binary=True):
            n += 1
        ticking.cancel()
        assert n == options.rows
        report('async for', n, begin, largest - first, late, selector.longest)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rows', type=int, default=10000000)
    parser.add_argument('--size', type=int, default=1000)
    parser.add_argument('--conninfo')
    options = parser.parse_args()
    query = f"SELECT generate_series(1, {options.rows})::int8, 'the name of an item', 1.25::float8, timestamptz '2024-02-29 12:00:00.25+00'"
    server = None if options.conninfo else Pg.TestServer()
    if server is not None:
        server.up()
    try:
        conninfo = options.conninfo or server.conninfo
        read(conninfo, query, options)
        selector = Selector()
        loop = asyncio.SelectorEventLoop(selector)
        loop.run_until_complete(read_async(conninfo, query, options, selector))
        loop.close()
    finally:
        if server is not None:
            server.down()


if __name__ == '__main__':
    main()
