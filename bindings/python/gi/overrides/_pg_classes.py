# SPDX-License-Identifier: LGPL-2.1-or-later
"""Classes of Python whose values are of types of the database: which types those are."""

import weakref

# A class may stand for a type in several databases, and in one for several.
_NAMES = weakref.WeakKeyDictionary()
# What the members of an enum are sent as, by the type's name, where that is not their own names.
_LABELS = weakref.WeakKeyDictionary()


def _get_name(info):
    return f'{info.get_schema()}.{info.get_name()}'


def remember_labels(cls, info, labels):
    """Members of an enum are sent as these labels of the type, by the names of the members."""
    _LABELS.setdefault(cls, {})[_get_name(info)] = labels


def get_label(member, info):
    return _LABELS.get(type(member), {}).get(_get_name(info), {}).get(member.name, member.name)


def get_only_label(member):
    """The label of a member where no type is known: its name, unless all types of its class have another one."""
    labels = {mapping.get(member.name, member.name) for mapping in _LABELS.get(type(member), {}).values()}
    return labels.pop() if len(labels) == 1 else member.name


def remember_class(cls, info):
    """Values of the class are sent as values of the type, over connections that know it."""
    _NAMES.setdefault(cls, set()).add(_get_name(info))


def find_type(cls, adapters):
    """The Pg.TypeInfo of a class; None where the map knows none, or several."""
    names = _NAMES.get(cls)
    if not names or adapters is None:
        return None
    found = [info for info in map(adapters.lookup_type_by_name, names) if info is not None]
    return found[0] if len(found) == 1 else None
