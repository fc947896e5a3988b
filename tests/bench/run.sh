#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later

# run.sh [--no-callgrind]: runs all measurements of this build directory, and prints one table. It builds nothing.
#
# Times are medians, "×" the medians of ratios to the first line of each group, in the same run; a line over its budget says so. The last group are the
# instructions of one operation in the client, which do not depend on what else the machine does; it needs valgrind.

here=$(cd "$(dirname "$0")" && pwd)
"$here/bench-execute" || exit
"$here/bench-rows" --no-header --rounds 15 || exit

[ "$1" != --no-callgrind ] && command -v valgrind >/dev/null || exit 0

output=$(mktemp) || exit
trap 'rm -f "$output"' EXIT

# collected NAME ITERATIONS: the instructions of a whole run
collected ()
{
  "$here/../pg-with-server" -- sh -c '
    valgrind --tool=callgrind --callgrind-out-file="$1" "$2" --conninfo "$DATABASE_URL" --only "$3" --iterations "$4"' \
    - "$output" "$here/bench-execute" "$1" "$2" >/dev/null 2>&1 || return
  sed -n 's/^summary: \([0-9]*\).*/\1/p' "$output"
}

# line TITLE LABEL NAME FIRST: the operations of a run more, divided by their number; FIRST is that of the group, or 0
line ()
{
  few=$(collected "$3" 500)
  many=$(collected "$3" 1500)
  per=$(((${many:-0} - ${few:-0}) / 1000))
  first=$4
  [ "$first" -ne 0 ] || first=$per
  # awk does not count the bytes of µ and × as columns; all of these texts are ASCII.
  awk -v title="$1" -v label="$2" -v per="$per" -v first="$first" \
    'BEGIN { printf "%-34s %-28s %10s %10d %7s %7.3f\n", title, label, "", per, "", first > 0 ? per / first : 0 }'
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
