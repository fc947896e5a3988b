#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check what the library shows to the outside.

The symbols that it exports are the functions of its GIR and the functions that register types, nothing more and nothing less; and no
installed header includes libpq's, a private one, or one that is not installed.

Usage: check-symbols.py LIBRARY GIR BUILD-DIRECTORY [NM]
"""

import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

GIR = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
ALLOWED_FOREIGN = re.compile(r'^(glib|glib-object|gio/gio)\.h$')


def exported_symbols(library, nm):
    output = subprocess.run([nm, '--dynamic', '--defined-only', '--format=posix', library], check=True, capture_output=True, text=True).stdout
    symbols = set()
    for line in output.splitlines():
        name, kind = line.split()[:2]
        if kind not in 'AN' and not name.startswith(('__asan', '__ubsan', '__lsan', '_fini', '_init', '__bss_start', '_edata', '_end')):
            symbols.add(name)
    return symbols


def gir_symbols(gir):
    """Return the functions of the GIR, and those that register a type or a domain."""
    root = ElementTree.parse(gir).getroot()
    functions = set()
    registering = set()
    for element in root.iter():
        if element.tag in (GIR + 'function', GIR + 'method', GIR + 'constructor', GIR + 'function-inline', GIR + 'method-inline'):
            functions.add(element.get(C + 'identifier'))
        get_type = element.get(GLIB + 'get-type')
        if get_type not in (None, 'intern'):
            registering.add(get_type)
        for attribute in (GLIB + 'ref-func', GLIB + 'unref-func', 'copy-function', 'free-function'):
            if element.get(attribute):
                functions.add(element.get(attribute))
    return functions, registering


def check_headers(build):
    problems = []
    installed = json.loads((build / 'meson-info' / 'intro-installed.json').read_text())
    headers = {}
    for source, destination in installed.items():
        if destination.endswith('.h'):
            headers['pgconn/' + re.split(r'/pgconn[^/]*/(?:pgconn/)?', destination)[-1]] = pathlib.Path(source)
    if not any(name.endswith('/pgconn.h') for name in headers):
        problems.append(f'pgconn.h is not among the installed headers: {", ".join(sorted(headers))}')
    for name, source in sorted(headers.items()):
        if name.endswith('-private.h'):
            problems.append(f'{name} is private, and installed')
        for included in INCLUDE.findall(source.read_text()):
            if included not in headers and not ALLOWED_FOREIGN.match(included):
                problems.append(f'{name} includes {included}, which is neither one of the installed headers nor GLib\'s')
    return problems, len(headers)


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    library, gir, build = sys.argv[1:4]
    nm = sys.argv[4] if len(sys.argv) == 5 else 'nm'
    exported = exported_symbols(library, nm)
    functions, registering = gir_symbols(gir)
    wanted = functions | registering
    problems = [f'{symbol} is exported, and not in the GIR' for symbol in sorted(exported - wanted)]
    problems += [f'{symbol} is in the GIR, and not exported' for symbol in sorted(wanted - exported)]
    if len(wanted) < 100:
        problems.append(f'the GIR has only {len(wanted)} functions')
    header_problems, n_headers = check_headers(pathlib.Path(build))
    problems += header_problems
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f'{len(exported)} symbols and {n_headers} headers: nothing too much and nothing missing')


if __name__ == '__main__':
    main()
