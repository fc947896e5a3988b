#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write, from data/types.txt, the public header of OIDs or the private table of codecs."""

import re
import sys

OID_HEAD = """\
/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Generated from data/types.txt by gen-types.py: do not edit. */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif
"""

OID = """
/**
 * PG_OID_{upper}:
 *
 * The OID of the type `{name}`.
 *
 * See the catalogue `pg_type` in the PostgreSQL manual.
 *
 * Since: 1.0
 */
#define PG_OID_{upper} ({oid})
"""

TABLE_HEAD = """\
/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Generated from data/types.txt by gen-types.py: do not edit. */
#include <pgconn/types/pg-codec-ops-private.h>

"""

# Below it are the OIDs that PostgreSQL gives to its own types by hand, which never change.
FIRST_GENERATED_OID = 10000


def fail(number, message):
    sys.exit(f'types.txt:{number}: {message}')


def read(path):
    rows = []
    seen = set()
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f, 1):
            if line.startswith('#') or not line.strip():
                continue
            fields = line.split()
            if len(fields) != 5:
                fail(number, 'not five fields')
            name, oid, array, delimiter, codec = fields
            if not re.fullmatch('[a-z][a-z0-9_]*', name):
                fail(number, 'not a name')
            if delimiter not in ',;':
                fail(number, 'not a delimiter')
            oid = int(oid)
            array = 0 if array == '-' else int(array)
            for o in (oid, array):
                if o in seen:
                    fail(number, f'OID {o} is there twice')
                if not 0 <= o < FIRST_GENERATED_OID:
                    fail(number, f'OID {o} is not one of the fixed ones')
            seen |= {oid, array} - {0}
            subtype = codec.partition(':')[2]
            if subtype and subtype not in (row[0] for row in rows):
                fail(number, f'the type {subtype} is not above it')
            rows.append((name, oid, array, delimiter, None if codec == '-' else codec))
    return rows


def sql_name(name):
    # The type that SQL calls char is bpchar; this one is always quoted.
    return '"char"' if name == 'char' else name


def oids(rows):
    text = OID_HEAD
    for name, oid, array, _, _ in rows:
        text += OID.format(upper=name.upper(), name=sql_name(name), oid=oid)
        if array:
            text += OID.format(upper=name.upper() + '_ARRAY', name=sql_name(name) + '[]', oid=array)
    return text


def table(rows):
    text = TABLE_HEAD
    entries = []
    by_name = {name: oid for name, oid, _, _, _ in rows}
    for name, oid, array, delimiter, codec in rows:
        quoted = sql_name(name).replace('"', '\\"')
        ops, _, subtype = (codec or '').partition(':')
        ops = f'&pg_codec_ops_{ops}' if ops else 'NULL'
        subtype = by_name[subtype] if subtype else 0
        entries.append((oid, f'{{ "{quoted}", {oid}, {array}, 0, {subtype}, \'{delimiter}\', {ops} }}'))
        if array:
            entries.append((array, f'{{ "{quoted}[]", {array}, 0, {oid}, 0, \',\', &pg_codec_ops_array }}'))
    entries.sort()
    text += 'const PgCodec pg_codecs[] = {\n'
    for _, entry in entries:
        text += f'  {entry},\n'
    text += '};\n\nconst guint pg_n_codecs = G_N_ELEMENTS (pg_codecs);\n\n'
    text += '/* By OID: one more than the index of its row; 0 where there is none. */\n'
    index = [0] * (entries[-1][0] + 1)
    for i, (oid, _) in enumerate(entries, 1):
        index[oid] = i
    ctype = 'guint8' if len(entries) < 256 else 'guint16'
    text += f'static const {ctype} index_by_oid[] = {{\n'
    for i in range(0, len(index), 32):
        text += '  ' + ','.join(str(n) for n in index[i:i + 32]) + ',\n'
    text += """};

const PgCodec *
pg_codec_lookup (guint32 type)
{
  if (type >= G_N_ELEMENTS (index_by_oid) || index_by_oid[type] == 0)
    return NULL;
  return &pg_codecs[index_by_oid[type] - 1];
}
"""
    return text


def main(kind, source, output):
    text = {'oids': oids, 'table': table}[kind](read(source))
    with open(output, 'w', encoding='utf-8') as f:
        f.write(text)


if __name__ == '__main__':
    main(*sys.argv[1:])
