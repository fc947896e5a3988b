# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the other tests rely on: that the runner sees every kind of failure."""

import os
import signal
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def start(*modules):
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([HERE, os.path.join(HERE, 'fixtures'), os.environ.get('PYTHONPATH', '')]))
    return subprocess.Popen([sys.executable, os.path.join(HERE, 'tap_runner.py'), *modules], env=environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def run(*modules):
    with start(*modules) as process:
        stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


class TapRunnerTest(unittest.TestCase):
    def test_failures(self):
        process = run('failing')
        lines = [line for line in process.stdout.splitlines() if not line.startswith('#')]
        self.assertEqual(process.returncode, 1)
        self.assertEqual(lines[0], 'TAP version 13')
        self.assertEqual(lines[-1], '1..9')
        prefix = 'failing.Failing.test_'
        self.assertEqual(lines[1:-2], [
            f'not ok 1 - {prefix}assertion',
            f'not ok 2 - {prefix}callback',
            f'not ok 3 - {prefix}coroutine',
            f'not ok 4 - {prefix}error',
            f'not ok 5 - {prefix}finalizer',
            f'ok 6 - {prefix}passes',
            f'ok 7 - {prefix}skipped # SKIP no reason',
            f'not ok 8 - {prefix}subtest',
        ])
        self.assertRegex(lines[-2], 'not ok 9 - setUpClass')
        for reason in ('1 != 2', 'in a callback', 'never awaited', 'an error', 'in a finalizer', 'in setUpClass'):
            with self.subTest(reason):
                self.assertIn(reason, process.stdout)

    def test_module_that_cannot_be_imported(self):
        process = run('no_such_module')
        self.assertEqual(process.returncode, 1)
        self.assertIn('Bail out!', process.stdout)

    def test_no_tests(self):
        self.assertEqual(run('string').returncode, 1)

    def test_end_of_time(self):
        with start('hanging') as process:
            for line in process.stdout:
                if 'it hangs' in line:
                    break
            process.terminate()
            _, stderr = process.communicate()
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertIn('in hang_in_thread', stderr)
        self.assertIn('in test_hangs', stderr)
