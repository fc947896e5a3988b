#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# test-pg-with-server.sh PG-WITH-SERVER: a TAP test of the wrapper.

wrapper=$1
folder=$(mktemp -d) || exit 99
trap 'rm -rf -- "$folder"' EXIT
number=0

# report CONDITION-STATUS NAME
report () {
  number=$((number + 1))
  if [ "$1" = 0 ]; then
    echo "ok $number /pg/with-server/$2"
  else
    echo "not ok $number /pg/with-server/$2"
    sed 's/^/# /' "$folder"/* 2>/dev/null
  fi
}

# The socket's directory out of …?host=%2Ftmp%2Fname&…
socket_directory () {
  sed -e 's/.*host=//' -e 's/&.*//' -e 's/%2F/\//g' "$1"
}

"$wrapper" -- sh -c 'printf "%s\n" "$DATABASE_URL"; cat; test -d "$(printf "%s\n" "$DATABASE_URL" | sed -e "s/.*host=//" -e "s/&.*//" -e "s/%2F/\//g")"' \
  >"$folder/url" 2>"$folder/stderr" <<INPUT
from standard input
INPUT
report $? command-runs-while-server-is-up
grep -q '^postgresql://[^ ]*/[^ ?]\{1,\}?.*host=%2F' "$folder/url"
report $? database-url-is-an-uri
grep -qx 'from standard input' "$folder/url"
report $? standard-streams-are-the-callers
directory=$(head -n 1 "$folder/url" >"$folder/first" && socket_directory "$folder/first")
[ -n "$directory" ] && [ ! -e "$directory" ]
report $? server-is-gone-afterwards

"$wrapper" sh -c 'exit 42'
[ $? = 42 ]
report $? exit-status-is-the-commands

"$wrapper" -- sh -c 'kill -USR1 $$'
[ $? = 138 ]
report $? signal-becomes-exit-status

"$wrapper" "$folder/no-such-program" 2>"$folder/stderr"
[ $? = 127 ]
report $? missing-command

"$wrapper" 2>"$folder/stderr"
[ $? = 125 ]
report $? no-command

for signal in TERM INT; do
  rm -f "$folder"/*
  "$wrapper" -- sh -c 'trap "exit 7" TERM; trap "exit 8" INT; printf "%s\n" "$DATABASE_URL" >"$1/part"; mv "$1/part" "$1/up"
    n=0; while [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done' sh "$folder" </dev/null &
  process=$!
  n=0
  while [ ! -e "$folder/up" ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done
  directory=$(socket_directory "$folder/up")
  [ -d "$directory" ]
  report $? "server-is-up-before-sig$(echo $signal | tr A-Z a-z)"
  kill -$signal $process
  wait $process
  status=$?
  { [ $signal = TERM ] && [ $status = 7 ]; } || { [ $signal = INT ] && [ $status = 8 ]; }
  report $? "sig$(echo $signal | tr A-Z a-z)-is-passed-on"
  [ ! -e "$directory" ]
  report $? "server-is-gone-after-sig$(echo $signal | tr A-Z a-z)"
done

echo "1..$number"
