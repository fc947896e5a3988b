#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Runs the demonstration in C, Python and JavaScript on the database that DATABASE_URL names. Needs the library and its bindings on their paths, the C program in
# DEMO_C, and a Python with PyGObject in PYTHON; "./run demo" sets all that.

set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
demo_c=${DEMO_C:-$here/demo}
python=${PYTHON:-python3}
export DEMO_SCHEMA=pgconn_demo_$$

heading () { printf '\n== %s ==\n\n' "$1"; }

clean_up () {
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  "$demo_c" drop || true
}
trap clean_up EXIT

heading "Real data"
"$demo_c" setup
heading "C"
"$demo_c" show
heading "Python"
"$python" "$here/demo.py" show
heading "JavaScript"
gjs -m "$here/demo.js" show
heading "Notifications, each program idle in its main loop"
"$demo_c" notify &
c=$!
"$python" "$here/demo.py" notify &
py=$!
gjs -m "$here/demo.js" notify &
js=$!
wait "$c"
wait "$py"
wait "$js"
printf '\nThe schema %s is dropped.\n' "$DEMO_SCHEMA"
