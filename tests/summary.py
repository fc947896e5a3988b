#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what "meson test" ran, each TAP point by itself, and ends with one line: "N passed, N failed[, N skipped]".

Usage: summary.py TESTLOG.json [INTRO-TESTS.json]

The exit status is 0 if something ran and nothing failed.
"""

import json
import re
import sys

POINT = re.compile(r'^(?P<indent>\s*)(?P<no>not )?ok\b\s*\d*\s*(?:- )?(?P<name>.*?)\s*(?:(?<!\\)#\s*(?P<directive>skip|todo)\b.*)?$',
                   re.IGNORECASE)
PLAN = re.compile(r'^\s*1\.\.\d+')
ESCAPE = re.compile(r'\x1b\[[0-9;]*[A-Za-z]')
GOOD = ('OK', 'EXPECTEDFAIL')
TAIL = 100
LAST = 3


def short_name(name):
    """The test's own name out of "project:suite / name" or, as newer versions of Meson have it, "suite - project:name"."""
    return re.sub(r'^(.* / |.* - [^: ]*:)', '', name)


def tap_points(text):
    """Yields (name, outcome) for each leaf of a TAP stream; a point that closes a subtest stands for its children."""
    children = {}
    for line in text.splitlines():
        match = POINT.match(line)
        if not match:
            continue
        level = len(match['indent'].expandtabs())
        outcome = 'failed' if match['no'] else 'passed'
        if match['directive']:
            outcome = 'skipped'
        inner = [outcomes for deeper, outcomes in children.items() if deeper > level]
        for deeper in [deeper for deeper in children if deeper > level]:
            del children[deeper]
        children.setdefault(level, []).append(outcome)
        if inner and (outcome != 'failed' or any('failed' in outcomes for outcomes in inner)):
            continue
        yield match['name'] or 'unnamed', outcome


def outcomes_of(run):
    """The (name, outcome) pairs of one test program."""
    name = short_name(run['name'])
    result = run['result']
    text = run.get('stdout') or ''
    points = list(tap_points(text)) if any(PLAN.match(line) for line in text.splitlines()) else []
    if result == 'SKIP' and not any(outcome == 'failed' for _, outcome in points):
        return points or [(name, 'skipped')]
    # Meson is the judge of the program as a whole: a crash, a time-out or a wrong plan is a failure beside its points.
    if result not in GOOD and not any(outcome == 'failed' for _, outcome in points):
        points.append((f'{name}: {result.lower()}, exit status {run.get("returncode")}', 'failed'))
    elif result in GOOD and not points:
        points.append((name, 'passed'))
    return points


def count(pairs):
    totals = {'passed': 0, 'failed': 0, 'skipped': 0}
    for _, outcome in pairs:
        totals[outcome] += 1
    return totals


def line_of(totals):
    line = f'{totals["passed"]} passed, {totals["failed"]} failed'
    return line + f', {totals["skipped"]} skipped' if totals['skipped'] else line


def suites_by_name(path):
    """The first suite of each test, from meson's introspection data."""
    try:
        with open(path, encoding='utf-8') as stream:
            return {test['name']: test['suite'][0].rpartition(':')[2] for test in json.load(stream) if test['suite']}
    except (OSError, ValueError):
        return {}


def main(arguments):
    if not 2 <= len(arguments) <= 3:
        sys.stderr.write(__doc__)
        return 2
    suites = suites_by_name(arguments[2]) if len(arguments) == 3 else {}
    by_suite = {}
    every = []
    with open(arguments[1], encoding='utf-8') as stream:
        for line in stream:
            run = json.loads(line)
            pairs = outcomes_of(run)
            every += pairs
            suite = by_suite.setdefault(suites.get(short_name(run['name']), 'other'), {'pairs': [], 'seconds': 0.0})
            suite['pairs'] += pairs
            suite['seconds'] += run.get('duration') or 0
            failed = [point for point, outcome in pairs if outcome == 'failed']
            if failed:
                print(f'FAILED {run["name"]}')
                for point in failed:
                    print(f'  {point}')
                for kind in ('stdout', 'stderr'):
                    output = [ESCAPE.sub('', line) for line in (run.get(kind) or '').splitlines()]
                    # Without the good points, but the last ones: what hung or crashed came after them.
                    lines = [line for line in output[:-LAST] if not re.match(r'\s*ok\b', line)] + output[-LAST:]
                    if lines:
                        print(f'  {kind}:')
                        print('\n'.join('    ' + line for line in lines[-TAIL:]))
    for name, suite in sorted(by_suite.items()):
        print(f'  {name:<12} {line_of(count(suite["pairs"]))} in {suite["seconds"]:.1f} s')
    totals = count(every)
    print(line_of(totals))
    return 1 if totals['failed'] or not totals['passed'] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
