#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write Pg.pyi, the types of gi.repository.Pg: what the files Pg*.pyi.in say of the overrides, and the rest as introspection has it."""

import ast
import keyword
import re
import sys
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

BASIC = {
    'none': 'None', 'gboolean': 'bool', 'utf8': 'str', 'filename': 'str', 'gunichar': 'str', 'gdouble': 'float', 'gfloat': 'float', 'gpointer': 'Any',
    'GType': '_GType', 'GObject.Value': 'Any', 'GObject.Closure': 'Callable[..., Any]', 'GLib.Quark': 'int', 'GLib.TimeSpan': 'int',
    'GLib.DestroyNotify': 'Callable[..., Any]',
    **dict.fromkeys(('gint', 'guint', 'gint8', 'guint8', 'gint16', 'guint16', 'gint32', 'guint32', 'gint64', 'guint64', 'gsize', 'gssize', 'glong', 'gulong'),
                    'int'),
}
BYTES = ('guint8', 'gint8', 'gchar')


class Namespace:
    def __init__(self, gir, codes, hand):
        self.root = ET.parse(gir).getroot().find(CORE + 'namespace')
        self.callbacks = {element.get('name') for element in self.root.findall(CORE + 'callback')}
        self.codes = codes
        self.lines = hand.splitlines()
        self.hand = {node.name: node for node in ast.parse(hand).body if isinstance(node, ast.ClassDef)}
        self.generic = {name for name, node in self.hand.items() if any(isinstance(base, ast.Subscript) for base in node.bases)}
        self.names = set(self.hand)
        for node in ast.parse(hand).body:
            if isinstance(node, ast.FunctionDef):
                self.names.add(node.name)
            elif isinstance(node, ast.AnnAssign):
                self.names.add(node.target.id)

    # --- types ---

    def type_of(self, element, optional=None):
        array, kind = element.find(CORE + 'array'), element.find(CORE + 'type')
        if array is not None:
            inner = array.find(CORE + 'type')
            name = 'bytes' if inner is not None and inner.get('name') in BYTES else f'list[{self.type_of(array, False)}]'
        elif kind is None:
            raise SystemExit(f'no type in {ET.tostring(element)[:200]}')
        else:
            name = kind.get('name')
            if name in self.callbacks or name.endswith(('Func', 'Callback')):
                name = 'Callable[..., Any]'
            elif name in self.generic:
                name += '[Any]'
            elif name in BASIC:
                name = BASIC[name]
            elif name in ('GLib.List', 'GLib.SList', 'GLib.PtrArray'):
                name = f'list[{self.type_of(kind, False)}]'
        if optional is None:
            optional = element.get('nullable') == '1' or element.get('allow-none') == '1'
        return f'{name} | None' if optional and name not in ('Any', 'None') else name

    # --- functions ---

    def arguments(self, element):
        """The parameters as Python has them, and the types of what is returned."""
        parameters = [p for p in element.findall(f'{CORE}parameters/{CORE}parameter')]
        hidden, data = set(), set()
        returned = element.find(CORE + 'return-value')
        for array in [p.find(CORE + 'array') for p in [*parameters, returned]]:
            if array is not None and array.get('length') is not None:
                hidden.add(int(array.get('length')))
        for index, parameter in enumerate(parameters):
            if parameter.get('destroy') is not None:
                hidden.add(int(parameter.get('destroy')))
            if parameter.get('closure') is not None:
                (data if int(parameter.get('closure')) != index else set()).add(int(parameter.get('closure')))
        results = [] if returned.find(CORE + 'type') is not None and returned.find(CORE + 'type').get('name') == 'none' else [self.type_of(returned)]
        arguments = []
        for index, parameter in enumerate(parameters):
            if index in hidden or index in data:
                continue
            direction = parameter.get('direction', 'in')
            if direction != 'in':
                results.append(self.type_of(parameter, parameter.get('nullable') == '1'))
            if direction != 'out':
                optional = parameter.get('nullable') == '1' or parameter.get('allow-none') == '1'
                name = parameter.get('name')
                arguments.append([name + '_' if keyword.iskeyword(name) else name, self.type_of(parameter), optional])
        trailing = True
        texts = []
        for name, kind, optional in reversed(arguments):
            trailing = trailing and optional
            texts.insert(0, f'{name}: {kind}' + (' = ...' if trailing else ''))
        if data:
            texts.append('*user_data: Any')
        return texts, 'None' if not results else results[0] if len(results) == 1 else f'tuple[{", ".join(results)}]'

    def function(self, element, indent, own_class=None):
        name = element.get('shadows') or element.get('name')
        arguments, returned = self.arguments(element)
        kind = element.tag.removeprefix(CORE)
        lines = []
        if kind == 'constructor':
            lines.append('@classmethod')
            arguments.insert(0, 'cls')
            returned = 'Self'
        elif kind == 'method':
            arguments.insert(0, 'self')
        elif own_class is not None:
            lines.append('@staticmethod')
        lines.append(f'def {name}({", ".join(arguments)}) -> {returned}: ...')
        return [indent + line for line in lines]

    def functions(self, element, indent, skipped, own_class):
        lines = []
        for child in element:
            if (child.tag in (CORE + 'constructor', CORE + 'method', CORE + 'function') and child.get('introspectable') != '0'
                    and child.get('shadowed-by') is None and child.get('moved-to') is None):
                name = child.get('shadows') or child.get('name')
                if name not in skipped:
                    lines += self.function(child, indent, own_class)
        return lines

    # --- classes ---

    def said_of(self, name):
        """The names of the members that Pg.pyi.in has of a class, and of what is for the stub only among its bases."""
        node = self.hand.get(name)
        if node is None:
            return set()
        names = set()
        for item in node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names.add(item.name)
            elif isinstance(item, ast.AnnAssign):
                names.add(item.target.id)
        for base in node.bases:
            base = base.value if isinstance(base, ast.Subscript) else base
            if isinstance(base, ast.Name) and base.id.startswith('_'):
                names |= self.said_of(base.id)
        return names

    def class_members(self, element, parent):
        name = element.get('name')
        said = self.said_of(name)
        lines = []
        properties = [p for p in element.findall(CORE + 'property') if p.get('introspectable') != '0']
        if properties and 'props' not in said:
            base = parent if parent in ('GObject.Object', 'Gio.InputStream', 'Gio.OutputStream', 'Gio.IOStream') or parent in self.with_props else 'GObject.Object'
            lines.append(f'    class Props({base}.Props):')
            for p in properties:
                lines.append(f'        {p.get("name").replace("-", "_")}: {self.type_of(p)}')
            lines += ['    @property', '    def props(self) -> Props: ...']
            self.with_props.add(name)
        constructor = [p for p in properties if p.get('writable') == '1' and p.get('name') != 'parent']
        if constructor and '__init__' not in said and element.get('abstract') != '1':
            arguments = ', '.join(f'{p.get("name").replace("-", "_")}: {self.type_of(p)} = ...' for p in constructor)
            lines.append(f'    def __init__(self, *, {arguments}) -> None: ...')
        return lines + self.functions(element, '    ', said, name)

    def enumeration(self, element):
        lines = [f'class {element.get("name")}(GObject.{"GFlags" if element.tag == CORE + "bitfield" else "GEnum"}):']
        for member in element.findall(CORE + 'member'):
            lines.append(f'    {member.get("name").upper()}: {element.get("name")}')
        return lines + self.functions(element, '    ', set(), element.get('name'))

    def classes(self):
        """The lines of the classes that Pg.pyi.in does not have; those that it has get the members that it does not say."""
        self.with_props = set()
        more, lines = {}, []
        for element in self.root:
            kind, name = element.tag.removeprefix(CORE), element.get('name')
            if element.get('introspectable') == '0' or element.get(GLIB + 'is-gtype-struct-for'):
                continue
            if kind in ('enumeration', 'bitfield'):
                lines += ['', *self.enumeration(element)]
            elif kind in ('class', 'record'):
                parent = element.get('parent') or 'GObject.GBoxed'
                members = self.class_members(element, parent)
                if name in self.hand:
                    more[name] = members
                else:
                    bases = [parent, *(i.get('name') for i in element.findall(CORE + 'implements'))]
                    lines += ['', f'class {name}({", ".join(bases)}):', *(members or ['    ...'])]
        return more, lines

    # --- the errors of the server ---

    def error_classes(self):
        """One class for each condition, as _pg_errors.py has them."""
        enumeration = next(e for e in self.root.findall(CORE + 'enumeration') if e.get('name') == 'Error')
        taken = {node.targets[0].id for node in self.hand['_DbApi'].body}
        lines = []
        for member in enumeration.findall(CORE + 'member'):
            condition = member.get('name').upper()
            base = self.codes(condition, int(member.get('value')))
            name = ''.join(word.capitalize() for word in condition.split('_'))
            if name + 'Error' == base and int(member.get('value')) <= 1000:
                lines.append(f'    {name} = _{base}')
            else:
                name += '_' if name in taken else ''
                lines.append(f'    class {name}(_{base}): ...')
        return lines

    def write(self, output):
        more, generated = self.classes()
        text = []
        ends = {node.end_lineno: name for name, node in self.hand.items()}
        for number, line in enumerate(self.lines, 1):
            text.append(line)
            if number in ends:
                text += more.get(ends[number], [])
            if line.strip() == '# @ERRORS@':
                text[-1:] = self.error_classes()
        text += generated
        text.append('')
        for element in self.root.findall(CORE + 'constant'):
            text.append(f'{element.get("name")}: {self.type_of(element)}')
        for element in self.root.findall(CORE + 'function'):
            if element.get('introspectable') != '0' and element.get('name') not in self.names:
                text += self.function(element, '')
        with open(output, 'w', encoding='utf-8') as file:
            file.write('\n'.join(text) + '\n')


# --- the class of DB-API 2.0 for each condition ---


def read_error_classes(path):
    """pg-sqlstate.c has the classes of SQLSTATE."""
    with open(path, encoding='utf-8') as file:
        classes = dict(re.findall(r'\{ "(\w\w)", PG_ERROR_CLASS_(\w+) \}', file.read()))
    letters = {'F': 'OPERATIONAL', 'H': 'OPERATIONAL', 'P': 'PROGRAMMING', 'X': 'INTERNAL'}
    own = {'CLIENT_INTERNAL': 'INTERNAL', 'OUTCOME_UNKNOWN': 'OPERATIONAL', 'TRANSACTION_ROLLED_BACK': 'OPERATIONAL', 'PIPELINE_ABORTED': 'OPERATIONAL'}

    def find(condition, code):
        if 0 < code <= 1000:
            found = own.get(condition, condition)
        else:
            digits = ''
            while code > 0:
                code, digit = divmod(code, 36)
                digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[digit] + digits
            digits = digits.rjust(5, '0')
            found = classes.get(digits[:2]) or letters.get(digits[0], 'DATABASE')
        return ''.join(word.capitalize() for word in found.split('_')) + 'Error'
    return find


def main(output, gir, sqlstates, *hand):
    texts = []
    for path in hand:
        with open(path, encoding='utf-8') as file:
            texts.append(file.read())
    Namespace(gir, read_error_classes(sqlstates), '\n'.join(texts)).write(output)


if __name__ == '__main__':
    main(*sys.argv[1:])
