#!/usr/bin/env bash
# Makes the virtual environment of a folder with a requirements.txt, in its .venv; does nothing if it is there.
# usage: python-environment.sh FOLDER
# PYTHON names the interpreter (default: Debian's).
set -eu -o pipefail

venv=$1/.venv
requirements=$1/requirements.txt
installed=$venv/requirements.installed

cmp --quiet "$requirements" "$installed" 2>/dev/null && exit 0
[ -x "$venv/bin/python" ] || "${PYTHON:-/usr/bin/python3}" -m venv "$venv"
echo "installing what $requirements names into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$requirements" </dev/null
cp "$requirements" "$installed"
