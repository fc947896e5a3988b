#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later

# test-bench-smoke.sh PROGRAM…: runs each with tiny counts; each prints a header and lines that end with ratios.

echo "1..$#"
n=0
for program in "$@"; do
  n=$((n + 1))
  name=${program##*/}
  case $name in
    bench-copy | bench-copy-rows | bench-many | bench-objects | bench-rows | bench-server-cursor | bench-stream | bench-types) more='--rows 50' ;;
    bench-idle) more='--connections 5' ;;
    bench-large-objects) more='--blocks 8' ;;
    *) more= ;;
  esac
  # shellcheck disable=SC2086
  output=$("$program" --rounds 3 --batch 2 $more)
  status=$?
  if [ "$status" -eq 77 ]; then
    echo "ok $n - $name # SKIP no PostgreSQL server programs"
    continue
  fi
  printf '%s\n' "$output" | sed 's/^/# /'
  header=$(printf '%s\n' "$output" | grep -c 'budget$')
  lines=$(printf '%s\n' "$output" | grep -c '[0-9]\.[0-9]\{3\} \+[0-9]\+\.[0-9]\{3\}\( \+[0-9.]\+\( \+over\)\?\)\?$')
  total=$(printf '%s\n' "$output" | grep -c .)
  if [ "$status" -eq 0 ] && [ "$header" -eq 1 ] && [ "$lines" -ge 4 ] && [ "$total" -eq $((lines + 1)) ]; then
    echo "ok $n - $name prints ratios"
  else
    echo "not ok $n - $name prints ratios: status $status, $header header(s), $lines line(s) with ratios of $total"
  fi
done
