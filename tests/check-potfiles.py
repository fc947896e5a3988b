#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check that po/POTFILES names every source of the library that has translated messages, nothing else, each once and in order,
and that gettext finds the whole of each message.

Usage: check-potfiles.py [--update] [SOURCE-DIRECTORY]

With --update the list is written anew instead.
"""

import argparse
import pathlib
import re
import sys

INCLUDES_GETTEXT = re.compile(r'^\s*#\s*include\s*<glib/gi18n-lib\.h>', re.MULTILINE)
# gi18n.h translates with the program's catalogue, not the library's.
INCLUDES_WRONG_GETTEXT = re.compile(r'^\s*#\s*include\s*<(glib/gi18n\.h|libintl\.h)>', re.MULTILINE)
# xgettext does not know what a macro stands for, and takes the message to end before it: it is never translated.
MACRO_IN_MESSAGE = re.compile(r'\bN?_\s*\(\s*(?:"(?:\\.|[^"\\])*"\s*)+([A-Za-z]\w*)')

COMMENT = """\
# SPDX-License-Identifier: LGPL-2.1-or-later
"""


def read_sources(root):
    """Return the list as it should be, and what is wrong with the sources."""
    wanted = []
    problems = []
    for path in sorted(root.glob('pgconn/**/*.[ch]')):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding='utf-8')
        if INCLUDES_GETTEXT.search(text):
            wanted.append(name)
        if INCLUDES_WRONG_GETTEXT.search(text):
            problems.append(f'{name} includes a header of gettext other than <glib/gi18n-lib.h>')
        for match in MACRO_IN_MESSAGE.finditer(text):
            line = text.count('\n', 0, match.start(1)) + 1
            problems.append(f'{name}:{line}: a message with the macro {match[1]} in it cannot be translated')
    wanted.sort()
    if not wanted:
        problems.append('no source includes <glib/gi18n-lib.h>: is this the source directory?')
    return wanted, problems


def read_list(path):
    lines = path.read_text(encoding='utf-8').splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith('#')]


def compare(listed, wanted, root):
    problems = [f'po/POTFILES: {name} is not listed' for name in wanted if name not in listed]
    for name in listed:
        if not (root / name).is_file():
            problems.append(f'po/POTFILES: {name} is listed but does not exist')
        elif name not in wanted:
            problems.append(f'po/POTFILES: {name} is listed but does not include <glib/gi18n-lib.h>')
    problems += [f'po/POTFILES: {name} is listed more than once' for name in sorted({name for name in listed if listed.count(name) > 1})]
    if listed != sorted(listed):
        problems.append('po/POTFILES: the list is not sorted')
    return problems


def main():
    parser = argparse.ArgumentParser(description=' '.join(__doc__.split('\n\n')[0].split()))
    parser.add_argument('--update', action='store_true', help='write the list anew')
    parser.add_argument('root', nargs='?', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    args = parser.parse_args()

    potfiles = args.root / 'po' / 'POTFILES'
    wanted, problems = read_sources(args.root)
    if args.update:
        potfiles.write_text(COMMENT + ''.join(f'{name}\n' for name in wanted), encoding='utf-8')
    else:
        problems += compare(read_list(potfiles), wanted, args.root)
    for problem in problems:
        print(problem, file=sys.stderr)
    if any(problem.startswith('po/') for problem in problems):
        print('"tests/check-potfiles.py --update" writes the list anew.', file=sys.stderr)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
