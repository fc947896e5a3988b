#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes corpus/copy.txt: rows of COPY as the server sends them, in both formats.
#
#   _build/tests/pg-with-server -- tests/fuzz/make-copy-corpus.sh > copy.txt
#
# The lines "hostile/..." and "found/..." of the corpus are not from here; keep them.
set -e

echo '# SPDX-License-Identifier: LGPL-2.1-or-later'

n=0
add ()
{
  columns=$1
  for format in text binary; do
    case $format in text) first=$((columns * 2));; binary) first=$((columns * 2 + 1));; esac
    hex=$(psql -XqAt "$DATABASE_URL" -c "COPY ($2) TO STDOUT (FORMAT $format)" | od -An -v -tx1 | tr -d ' \n')
    printf 'copy/%s/%d %02x05%s\n' "$format" "$n" "$first" "$hex"
  done
  n=$((n + 1))
}

add 1 "SELECT 1"
add 1 "SELECT 1 WHERE false"
add 2 "VALUES ('a', NULL), (NULL, '')"
add 0 "SELECT FROM generate_series(1, 3)"
add 1 "SELECT E'tab\\t line\\n return\\r back\\\\ bell\\b feed\\f \\v'"
add 3 "VALUES ('\\N', '\\.', 'NULL'), ('\\\\N', '\\\\.', '')"
add 4 "SELECT 32767::int2, -1::int4, 9223372036854775807, 1.5::float8"
add 3 "SELECT '\\x00ff5c0a'::bytea, ARRAY['a\\', NULL], (1, E'x\\ty')"
add 2 "SELECT repeat('ä', 200), '2024-02-29'::date"
add 1 "SELECT repeat('x', i) FROM generate_series(0, 40) i"
