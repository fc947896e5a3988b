# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pg.pyi, the stub for type checkers, has what the module has, and nothing else; mypy, where there is one, reads it as typing_checks.py says."""

import ast
import importlib.util
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import gi

gi.require_version('Pg', '1.0')
from gi.repository import GObject, Pg  # noqa: E402

STUB = pathlib.Path(os.environ['PGCONN_STUB']) if 'PGCONN_STUB' in os.environ else None
HERE = pathlib.Path(__file__).parent

#: What is not for programs: the fields of C's structures, and what PyGObject has for those who derive classes.
_HIDDEN = {'parent_instance', 'parent_class', 'priv', 'props', 'g_type_instance', 'connect_data'}
#: Of what has no name of its own.
_SPECIAL = {f'__{name}__' for name in ('enter', 'exit', 'aenter', 'aexit', 'iter', 'next', 'aiter', 'anext', 'len', 'getitem', 'contains', 'int', 'float', 'bytes',
                                       'bool', 'lt', 'le', 'gt', 'ge', 'arrow_c_array', 'arrow_c_stream')}


def _is_public(name):
    return name in _SPECIAL or not name.startswith(('_', 'do_')) and name not in _HIDDEN


class Stub:
    def __init__(self, text):
        self.module = ast.parse(text)
        self.names = self._collect(self.module.body)

    @staticmethod
    def _collect(body):
        """Lists of definitions by their names."""
        names = {}
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.AnnAssign):
                names.setdefault(node.target.id, []).append(node)
            elif isinstance(node, ast.Assign):
                names.setdefault(node.targets[0].id, []).append(node)
        return names

    def members(self, node):
        """Those of a class, and of its bases in the stub."""
        names = self._collect(node.body)
        for base in node.bases:
            base = base.value if isinstance(base, ast.Subscript) else base
            if isinstance(base, ast.Name) and isinstance(self.names.get(base.id, [None])[0], ast.ClassDef):
                names = {**self.members(self.names[base.id][0]), **names}
        return names


def _own(cls):
    """What the library and its override have added to the classes of GObject and GIO."""
    names = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith(('gi.repository.Pg', 'gi.overrides.Pg', 'gi.overrides._pg')):
            names.update((name, value) for name, value in vars(base).items() if _is_public(name))
    for base in cls.__mro__:
        if base.__module__.startswith(('gi.repository.G', 'gi.overrides.G', 'gi._gi')):
            # These have got the errors of the override.
            names = {name: value for name, value in names.items() if not hasattr(base, name) or not hasattr(value, '__wrapped__')}
    return {name: value for name, value in names.items() if value is not None or name == 'null_ok'}


def _parameters(node):
    """Names, each with whether it can be left out; *name and **name."""
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    optional = [False] * (len(positional) - len(arguments.defaults)) + [True] * len(arguments.defaults)
    found = [(argument.arg, default) for argument, default in zip(positional, optional)]
    if arguments.vararg is not None:
        found.append(('*' + arguments.vararg.arg, True))
    found += [(argument.arg, default is not None) for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    if arguments.kwarg is not None:
        found.append(('**' + arguments.kwarg.arg, True))
    return found


def _signature(function):
    marks = {inspect.Parameter.VAR_POSITIONAL: '*', inspect.Parameter.VAR_KEYWORD: '**'}
    return [(marks.get(p.kind, '') + p.name, p.kind in marks or p.default is not p.empty) for p in inspect.signature(function).parameters.values()]


@unittest.skipIf(STUB is None, 'the build says by PGCONN_STUB where the stub is')
class NamesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub(STUB.read_text(encoding='utf-8'))

    def check_function(self, where, value, nodes):
        value = getattr(value, '__func__', value)
        if not inspect.isfunction(value) or hasattr(value, '__wrapped__'):
            return
        expected = _signature(value)
        if len(nodes) == 1:
            self.assertEqual(_parameters(nodes[0]), expected, where)
        else:
            # One that takes any names is told by all of them.
            found = {name for node in nodes for name, _optional in _parameters(node)}
            missing = {name for name, _optional in expected if not name.startswith('*')} - found
            self.assertEqual(missing, set(), where)
            if not any(name.startswith('**') for name, _optional in expected):
                self.assertEqual(found, {name for name, _optional in expected}, where)
        self.assertEqual(any(isinstance(node, ast.AsyncFunctionDef) for node in nodes), inspect.iscoroutinefunction(value), where)

    def test_module(self):
        there = {name for name in dir(Pg) if not name.startswith('_') and not (name.endswith('Class') and name != 'ErrorClass')}
        said = {name for name in self.stub.names if not name.startswith('_')}
        self.assertEqual(sorted(there - said), [])
        self.assertEqual(sorted(said - there), [])
        for name in there:
            value, nodes = getattr(Pg, name), self.stub.names[name]
            self.assertEqual(isinstance(value, type), isinstance(nodes[0], ast.ClassDef), name)
            if isinstance(nodes[0], ast.FunctionDef):
                self.check_function(name, value, nodes)

    def test_members(self):
        n_checked = 0
        for name, [node, *_] in self.stub.names.items():
            if name.startswith('_') or not isinstance(node, ast.ClassDef):
                continue
            cls = getattr(Pg, name)
            said = {member: nodes for member, nodes in self.stub.members(node).items() if _is_public(member) and member != 'Props'}
            there = _own(cls)
            # Of a class that is for both kinds of connections the stub makes two.
            awaited = self.stub.names.get('_Async' + name)
            if awaited is not None:
                there = {member: value for member, value in there.items() if member in said or member not in self.stub.members(awaited[0])}
                if name == 'CopyOutputStream':
                    # They only say that they are of the other one.
                    del there['__iter__'], there['__aiter__']
            if issubclass(cls, (GObject.GEnum, GObject.GFlags)) and name != 'Error':
                there.update((member, value) for member, value in vars(cls).items() if member.isupper())
            with self.subTest(cls=name):
                # Those of GIO or of GLib, which are told with other arguments, are there as well.
                self.assertEqual(sorted(member for member in said if not hasattr(cls, member) and member not in ('message', 'domain', 'code')), [])
                self.assertEqual(sorted(there.keys() - said.keys()), [])
                for member, value in there.items():
                    nodes = said[member]
                    if isinstance(nodes[0], ast.ClassDef) or member == 'connect':
                        continue
                    is_property = not isinstance(nodes[0], (ast.FunctionDef, ast.AsyncFunctionDef)) or any(
                        isinstance(item, ast.Name) and item.id == 'property' for item in nodes[0].decorator_list)
                    value = inspect.getattr_static(cls, member)
                    self.assertEqual(not is_property, callable(getattr(value, '__func__', value)) and not isinstance(value, type), f'{name}.{member}')
                    if not is_property:
                        self.check_function(f'{name}.{member}', value, nodes)
                        n_checked += 1
        self.assertGreater(n_checked, 700)

    def test_errors(self):
        said = self.stub.members(self.stub.names['_Errors'][0])
        there = {name for name in dir(Pg.errors) if not name.startswith('_')}
        self.assertEqual(there | {'lookup'}, {name for name in said if not name.startswith('_')})
        for name, [node, *_] in said.items():
            if isinstance(node, ast.ClassDef):
                self.assertEqual(getattr(Pg.errors, name).__bases__[0].__name__, node.bases[0].id[1:], name)


_CONFIG = """
[mypy]
strict = True
allow_untyped_defs = True
allow_incomplete_defs = True
allow_untyped_calls = True
allow_subclassing_any = True
no_error_summary = True
cache_dir = {folder}/cache

[mypy-demo]
# It knows that an error of the server's has a diagnostic.
strict_optional = False
"""


class GenericTest(unittest.TestCase):
    def test_in_annotations(self):
        """As the stub has it the classes are generic: with and without a type they are the same."""
        for cls in Pg.Connection, Pg.AsyncConnection, Pg.Cursor, Pg.AsyncServerCursor:
            self.assertIs(cls[int].__origin__, cls)

        class MyCursor(Pg.Cursor[int]):
            pass
        self.assertTrue(issubclass(MyCursor, Pg.Cursor))
        self.assertTrue(MyCursor.__gtype__.is_a(Pg.Cursor))


@unittest.skipIf(STUB is None or importlib.util.find_spec('mypy') is None, 'there is no mypy')
class TypingTest(unittest.TestCase):
    def test_mypy(self):
        with tempfile.TemporaryDirectory() as folder:
            stubs = pathlib.Path(folder, 'gi-stubs')
            (stubs / 'repository').mkdir(parents=True)
            # Of GLib and the others nothing is known.
            for path in stubs, stubs / 'repository':
                (path / '__init__.pyi').write_text('from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n', encoding='utf-8')
            (stubs / 'repository' / 'Pg.pyi').write_bytes(STUB.read_bytes())
            config = pathlib.Path(folder, 'mypy.ini')
            config.write_text(_CONFIG.format(folder=folder), encoding='utf-8')
            demo = HERE.parent.parent / 'docs' / 'examples' / 'demo' / 'demo.py'
            result = subprocess.run([sys.executable, '-m', 'mypy', '--config-file', str(config), str(HERE / 'typing_checks.py'), str(demo)],
                                    env={**os.environ, 'PYTHONPATH': folder, 'MYPYPATH': ''}, capture_output=True, text=True, timeout=170, check=False)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ('', '', 0))


if __name__ == '__main__':
    unittest.main()
