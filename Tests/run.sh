#!/usr/bin/env bash
# Runs the tests, and names those that failed once more at the end: a log of thousands of lines hides them.
# usage: run.sh [ARGUMENT of swift test]...
# SWIFT names the tool (default: swift).
set -eu -o pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
"${SWIFT:-swift}" test "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" -ne 0 ]; then
  echo "what failed:"
  # Swift Testing marks an issue with a cross, and its comments with an arrow.
  grep --text --extended-regexp '✘|↳|(error|fatal error): |signal code' "$log" |
    grep --text --invert-match '↳ T' | tail -n 100 || echo "no test said so; see above"
fi
exit "$status"
