#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check that what libpq leaves with its TLS library is never forgotten: one function reads from the connection, one sends what waits.

Usage: check-libpq.py [SOURCE-DIRECTORY]
"""

import pathlib
import re
import sys

# A call, and the function that alone may make it.
CALLS = {
    'PQconsumeInput': 'pg_trip_consume',
    'PQflush': 'pg_trip_flush',
}
FUNCTION = re.compile(r'^(\w+) \([^;]*?\)\n\{\n(.*?)^\}\n', re.MULTILINE | re.DOTALL)


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    callers = {call: [] for call in CALLS}

    for path in sorted(root.glob('pgconn/**/*.c')):
        for name, body in FUNCTION.findall(path.read_text(encoding='utf-8')):
            for call in CALLS:
                callers[call] += [name] * len(re.findall(rf'\b{call} \(', body))
    problems = [f'{call}() is called by {", ".join(found) or "nobody"}: {CALLS[call]}() is to call it, and nobody else'
                for call, found in callers.items() if found != [CALLS[call]]]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
