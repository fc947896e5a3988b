#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later

# run.sh [--no-callgrind | --only-callgrind]: runs all measurements of this build directory, and prints one table. It builds nothing.
#
# Times are medians, "×" the medians of ratios to the first line of each group, in the same run; a line over its budget says so. The last groups are the
# instructions of one operation in the client, which do not depend on what else the machine does; they need valgrind.

here=$(cd "$(dirname "$0")" && pwd)

if [ "$1" != --only-callgrind ]; then
  "$here/bench-execute" || exit
  "$here/bench-params" --no-header || exit
  "$here/bench-rows" --no-header --rounds 15 || exit
  "$here/bench-stream" --no-header --rounds 15 --many 10000000 || exit
  "$here/bench-copy" --no-header --rounds 15 || exit
  "$here/bench-copy-rows" --no-header --rounds 15 || exit
  "$here/bench-many" --no-header --rounds 15 || exit
  "$here/bench-pipeline" --no-header --rounds 15 || exit
  "$here/bench-server-cursor" --no-header --rounds 15 || exit
  "$here/bench-large-objects" --no-header --rounds 15 || exit
  "$here/bench-types" --no-header || exit
  (
    export PYTHONPATH="@SOURCE@/bindings/python${PYTHONPATH:+:$PYTHONPATH}" GJS_PATH='@SOURCE@/bindings/gjs'
    export GI_TYPELIB_PATH="$here/../../pgconn:$here" LD_LIBRARY_PATH="$here/../../pgconn:$here"
    '@PYTHON@' '@SOURCE@/tests/bench/bench-columns.py' --no-header
    '@PYTHON@' '@SOURCE@/tests/bench/bench-copy.py' --no-header
    '@PYTHON@' '@SOURCE@/tests/bench/bench-many.py' --no-header
    '@GJS@' -m '@SOURCE@/tests/bench/bench-columns.js' --no-header
    '@PYTHON@' '@SOURCE@/tests/bench/bench-stream.py'
    '@GJS@' -m '@SOURCE@/tests/bench/bench-stream.js'
  )
  "$here/bench-objects" --no-header --rounds 15 || exit
  "$here/bench-idle" || exit
  [ "$1" != --no-callgrind ] || exit 0
  command -v valgrind >/dev/null || exit 0
fi
# One server for all that follows.
[ -n "$DATABASE_URL" ] || exec "$here/../pg-with-server" -- "$here/run.sh" --only-callgrind

output=$(mktemp) || exit
trap 'rm -f "$output"' EXIT

# collected NAME ITERATIONS: the instructions of a whole run
collected ()
{
  valgrind --tool=callgrind --callgrind-out-file="$output" \
    "$here/bench-execute" --conninfo "$DATABASE_URL" --only "$1" --iterations "$2" >/dev/null 2>&1 </dev/null || return
  sed -n 's/^summary: \([0-9]*\).*/\1/p' "$output"
}

# line TITLE LABEL NAME FIRST: of the iterations that the second run has more, divided by their number; FIRST is that of the group's first line, or 0
line ()
{
  few=$(collected "$3" 500)
  many=$(collected "$3" 1500)
  per=$(((${many:-0} - ${few:-0}) / 1000))
  first=$4
  [ "$first" -ne 0 ] || first=$per
  awk -v title="$1" -v label="$2" -v per="$per" -v first="$first" \
    'BEGIN { printf "%-34s %-28s %10s %10d %7s %7.3f\n", title, label, "", per, "", (first > 0 ? per / first : 0) }'
}

title='prepared, 1 row, instructions'
line "$title" 'libpq' raw 0
raw=$per
line "$title" 'PgConnection' blocking "$raw"
line "$title" 'libpq, GSource, GTask' raw-loop "$raw"
line "$title" 'PgAsyncConnection' async "$raw"
title='prepared, 1 parameter, instr.'
line "$title" 'libpq' raw-param 0
raw=$per
line "$title" 'PgConnection, GVariant' blocking-param "$raw"
line "$title" 'PgConnection, PgParams' blocking-params "$raw"
