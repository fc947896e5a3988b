# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittest tests of modules and reports each as a line of TAP.

tap_runner.py MODULE…

A test also fails through what Python prints and forgets: an exception in a callback from C or in a finalizer, a coroutine that is never
awaited. One that expects such an exception collects it with collected_exceptions().

A run that Meson ends because its time is up, or that GLib ends, says where each of its threads is.
"""

import contextlib
import faulthandler
import gc
import importlib
import signal
import sys
import traceback
import unittest
import warnings

_stray = []


def _on_unraisable(unraisable):
    _stray.append(''.join(traceback.format_exception(type(unraisable.exc_value), unraisable.exc_value, unraisable.exc_traceback))
                  + f'in {unraisable.object!r}\n')


def _on_exception(kind, error, trace):
    _stray.append(''.join(traceback.format_exception(kind, error, trace)))


@contextlib.contextmanager
def collected_exceptions():
    """Collects the texts of the exceptions of callbacks, which do not fail the test then."""
    gc.collect()
    before = _stray[:]
    _stray.clear()
    collected = []
    try:
        yield collected
    finally:
        gc.collect()
        collected.extend(_stray)
        _stray[:] = before


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self._problems = []
        self.failed = 0

    def startTest(self, test):
        super().startTest(test)
        self._problems = []
        self._skip = None
        _stray.clear()

    def _add(self, error):
        self._problems.append(''.join(traceback.format_exception(*error)))

    def addError(self, test, err):
        self._add(err)
        if not isinstance(test, unittest.TestCase):
            # setUpClass and the like, for which no test is started.
            self.stopTest(test)

    def addFailure(self, _test, err):
        self._add(err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._problems.append(f'{subtest.id()}\n')
            self._add(err)

    def addSkip(self, _test, reason):
        self._skip = reason

    def stopTest(self, test):
        if isinstance(test, unittest.TestCase):
            gc.collect()
            self._problems.extend(_stray)
        else:
            self.testsRun += 1
            self._skip = None
        name = test.id().replace('#', ' ')
        if self._problems:
            self.failed += 1
            print(f'not ok {self.testsRun} - {name}')
            for line in ''.join(self._problems).splitlines():
                print(f'# {line}')
        elif self._skip is not None:
            print(f'ok {self.testsRun} - {name} # SKIP {self._skip}')
        else:
            print(f'ok {self.testsRun} - {name}')
        sys.stdout.flush()
        self._problems = []


def main(names):
    faulthandler.enable()
    for number in (signal.SIGTERM, signal.SIGTRAP):
        faulthandler.register(number, chain=True)
    sys.unraisablehook = _on_unraisable
    sys.excepthook = _on_exception
    print('TAP version 13')
    result = TapResult()
    try:
        suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(name)) for name in names)
        with warnings.catch_warnings():
            warnings.simplefilter('error')
            # PyGObject's own, and of what a newer Python says of it.
            warnings.filterwarnings('default', module='gi($|[.](?!overrides[.](Pg|_pg)))')
            suite.run(result)
    except BaseException:
        print('Bail out! ' + traceback.format_exc().strip().splitlines()[-1])
        traceback.print_exc()
        return 1
    print(f'1..{result.testsRun}')
    return 1 if result.failed or not result.testsRun else 0


if __name__ == '__main__':
    # The one module, also to those that import it.
    sys.modules['tap_runner'] = sys.modules['__main__']
    sys.exit(main(sys.argv[1:]))
