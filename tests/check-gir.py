#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check the GIR for what g-ir-scanner does not look at.

Every asynchronous call has a cancellable, a callback after it, and its finish function in its own class, which throws; none sits on a boxed type or
an interface. Every public symbol is documented and says since when it is there. No signal has a method's or a property's name.

Usage: check-gir.py GIR
"""

import sys
import xml.etree.ElementTree as ElementTree

GIR = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

CALLABLES = [GIR + tag for tag in ('function', 'method', 'constructor')]
CONTAINERS = [GIR + tag for tag in ('class', 'interface', 'record', 'union', 'enumeration', 'bitfield')]
MEMBERS = [GIR + 'property', GLIB + 'signal', GIR + 'virtual-method']
# Taken: GObject's own, see "Names" in the design.
RESERVED = {'connect', 'disconnect', 'notify'}


class Checker:
    def __init__(self):
        self.problems = []
        self.n_symbols = 0
        self.n_async = 0

    def complain(self, what, problem):
        self.problems.append(f'{what}: {problem}')

    def check_documented(self, element, name):
        self.n_symbols += 1
        if element.find(GIR + 'doc') is None:
            self.complain(name, 'is not documented')
        if element.get('version') is None:
            self.complain(name, 'does not say since when it is there')

    def check_async(self, container, element, name):
        self.n_async += 1
        parameters = element.findall(f'{GIR}parameters/{GIR}parameter')
        names = [parameter.get('name') for parameter in parameters]
        types = [node.get('name') if (node := parameter.find(GIR + 'type')) is not None else None for parameter in parameters]
        if names[-3:] != ['cancellable', 'callback', 'user_data'] or types[-3:-1] != ['Gio.Cancellable', 'Gio.AsyncReadyCallback']:
            self.complain(name, f'does not end with cancellable, callback and user_data: {", ".join(names)}')
        elif any(parameters[i].get('nullable') != '1' for i in (-3, -2)):
            self.complain(name, 'its cancellable and its callback are not nullable')
        if 'io_priority' in names:
            self.complain(name, 'has an io_priority')
        if container.tag != GIR + 'class':
            self.complain(name, 'sits on something that is not a class')
        finish = name[:-len('_async')] + '_finish'
        found = [other for tag in CALLABLES for other in container.findall(tag) if other.get(C + 'identifier') == finish]
        if not found:
            self.complain(name, f'there is no {finish} in {container.get("name")}')
        elif found[0].get('throws') != '1':
            self.complain(finish, 'cannot fail')
        elif 'result' not in [p.get('name') for p in found[0].findall(f'{GIR}parameters/{GIR}parameter')]:
            self.complain(finish, 'has no result')

    def check_callable(self, container, element):
        name = element.get(C + 'identifier')
        if element.get('moved-to') is not None:
            return
        self.check_documented(element, name)
        if element.get('introspectable') == '0':
            self.complain(name, 'cannot be introspected')
        if element.get('name') in RESERVED:
            self.complain(name, 'has a name that GObject has taken')
        if name.endswith('_async'):
            self.check_async(container, element, name)
        for value in element.findall(f'{GIR}parameters/{GIR}parameter') + element.findall(GIR + 'return-value'):
            if value.get('name', 'return value') in ('user_data', 'data'):
                continue
            if value.find(GIR + 'doc') is None and not (value.tag == GIR + 'return-value' and value.find(f'{GIR}type[@name="none"]') is not None):
                self.complain(name, f'{value.get("name", "its return value")} is not documented')

    def check_container(self, container):
        name = container.get(C + 'type') or container.get('name')
        # The structure of a class is the class's.
        if container.get(GLIB + 'is-gtype-struct-for') is not None:
            return
        self.check_documented(container, name)
        members = {tag: {e.get('name').replace('-', '_') for e in container.findall(tag)} for tag in CALLABLES + MEMBERS}
        for signal in members[GLIB + 'signal']:
            if signal in members[GIR + 'method'] or signal in members[GIR + 'property'] or signal in RESERVED:
                self.complain(f'{name}::{signal}', 'has the name of a method or a property')
        for both in members[GIR + 'method'] & members[GIR + 'property']:
            self.complain(f'{name}:{both}', 'a method has the name of a property')
        for tag in MEMBERS:
            for member in container.findall(tag):
                self.check_documented(member, f'{name}:{member.get("name")}')
        for member in container.findall(GIR + 'member'):
            if member.find(GIR + 'doc') is None:
                self.complain(member.get(C + 'identifier'), 'is not documented')

    def check(self, namespace):
        for container in namespace:
            if container.tag in CONTAINERS:
                self.check_container(container)
                for tag in CALLABLES:
                    for element in container.findall(tag):
                        self.check_callable(container, element)
            elif container.tag in CALLABLES:
                self.check_callable(namespace, container)
            elif container.tag in (GIR + 'constant', GIR + 'callback', GIR + 'alias', GIR + 'function-macro'):
                self.check_documented(container, container.get(C + 'type') or container.get(C + 'identifier') or container.get('name'))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    checker = Checker()
    checker.check(ElementTree.parse(sys.argv[1]).getroot().find(GIR + 'namespace'))
    if checker.n_symbols < 100 or checker.n_async < 10:
        checker.complain(sys.argv[1], f'has only {checker.n_symbols} symbols, {checker.n_async} of them asynchronous')
    for problem in checker.problems:
        print(problem, file=sys.stderr)
    if checker.problems:
        sys.exit(1)
    print(f'{checker.n_symbols} symbols, {checker.n_async} of them asynchronous: in order')


if __name__ == '__main__':
    main()
