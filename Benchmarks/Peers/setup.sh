#!/usr/bin/env bash
# Makes a virtual environment with the libraries of requirements.txt; does nothing if it has them.
# usage: setup.sh FOLDER
# PYTHON names the interpreter (default: Debian's). A library that cannot be installed is told and left out.
set -eu -o pipefail

venv=${1:?usage: setup.sh FOLDER}
requirements=$(dirname "$0")/requirements.txt
python=${PYTHON:-/usr/bin/python3}
installed=$venv/requirements.installed

# Written when every line is in: a library that failed is tried again by the next run.
cmp --quiet "$requirements" "$installed" 2>/dev/null && exit 0

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
log=$venv/setup.log
: >"$log"
echo "installing the libraries of $requirements into $venv"
failed=()
while read -r requirement; do
  case $requirement in '' | '#'*) continue ;; esac
  # Without dependencies: they are lines of their own, and one that fails must not fail others.
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps "$requirement" >>"$log" 2>&1 </dev/null ||
    failed+=("$requirement")
done <"$requirements"

if [ ${#failed[@]} -gt 0 ]; then
  echo "not installed (see $log): ${failed[*]}" >&2
  "$venv/bin/python" -c 'import numpy' 2>/dev/null || {
    echo "without numpy nothing can be measured" >&2
    exit 1
  }
else
  cp "$requirements" "$installed"
fi
