#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A TAP test of summary.py."""

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('summary', os.path.join(HERE, 'summary.py'))
summary = importlib.util.module_from_spec(spec)
spec.loader.exec_module(summary)

TAP = 'TAP version 13\n# random seed: R02S\n1..4\nok 1 /a/one\nok 2 /a/two # SKIP no server\nnot ok 3 /a/three\n# noise\nok 4 /a/four\n'
NESTED = 'TAP version 14\n# Subtest: a\n    ok 1 one\n    not ok 2 two\n    1..2\nnot ok 1 a\nok 2 b\n1..2\n'
NESTED_GOOD = '# Subtest: a\n    ok 1 one\n    # Subtest: deep\n        ok 1 x\n        ok 2 y\n        1..2\n    ok 2 deep\n    1..2\nok 1 a\n1..1\n'

CASES = [
    # name, runs, last line, exit status
    ('points-are-counted', [('OK', 0, TAP)], '2 passed, 1 failed, 1 skipped', 1),
    ('subtest-stands-for-its-points', [('FAIL', 1, NESTED)], '2 passed, 1 failed', 1),
    ('nested-subtests', [('OK', 0, NESTED_GOOD)], '3 passed, 0 failed', 0),
    ('program-without-points', [('OK', 0, 'ok then, no plan'), ('FAIL', 1, None)], '1 passed, 1 failed', 1),
    ('crash-after-good-points', [('ERROR', -11, '1..3\nok 1 /a\nok 2 /b\n')], '2 passed, 1 failed', 1),
    ('time-out', [('TIMEOUT', -15, None)], '0 passed, 1 failed', 1),
    ('failed-point-and-exit-status', [('ERROR', 1, '1..1\nnot ok 1 /a\n')], '0 passed, 1 failed', 1),
    ('leak-after-good-points', [('ERROR', 99, '1..1\nok 1 /a\n')], '1 passed, 1 failed', 1),
    ('program-skipped', [('SKIP', 77, None), ('OK', 0, None)], '1 passed, 0 failed, 1 skipped', 0),
    ('everything-skipped', [('SKIP', 0, '1..0 # SKIP no gjs\n')], '0 passed, 0 failed, 1 skipped', 1),
    ('unexpected-pass', [('UNEXPECTEDPASS', 0, None)], '0 passed, 1 failed', 1),
    ('nothing-ran', [], '0 passed, 0 failed', 1),
]


NAMES = {
    'plain': 'plain',
    'pgconn:unit / result': 'result',
    'pgconn:server+slow / with-server': 'with-server',
    'server - pgconn:with-server': 'with-server',
    'unit - pgconn:a-b': 'a-b',
}


def run_case(runs):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'testlog.json')
        with open(path, 'w', encoding='utf-8') as stream:
            for number, (result, returncode, stdout) in enumerate(runs):
                entry = {'name': f'pgconn:unit / t{number}', 'result': result, 'returncode': returncode, 'duration': 0.5}
                if stdout is not None:
                    entry['stdout'] = stdout
                stream.write(json.dumps(entry) + '\n')
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = summary.main(['summary.py', path])
        return output.getvalue().splitlines(), status


def main():
    failures = 0
    print(f'1..{len(CASES) + 2}')
    for number, (name, runs, line, status) in enumerate(CASES, 1):
        lines, got_status = run_case(runs)
        got = (lines[-1], got_status)
        good = got == (line, status)
        failures += not good
        print(f'{"ok" if good else "not ok"} {number} /pg/summary/{name}')
        if not good:
            print(f'# expected {(line, status)}, got {got}')
    got = {name: summary.short_name(name) for name in NAMES}
    print(f'{"ok" if got == NAMES else "not ok"} {len(CASES) + 1} /pg/summary/names-of-either-form')
    failures += got != NAMES
    shown, _ = run_case([('TIMEOUT', -15, ''.join(f'ok {n} /a/{n}\n' for n in range(1, 10)) + '# in /a/10\n')])
    good = '    ok 9 /a/9' in shown and '    # in /a/10' in shown and '    ok 1 /a/1' not in shown
    failures += not good
    print(f'{"ok" if good else "not ok"} {len(CASES) + 2} /pg/summary/time-out-shows-the-last-points')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
