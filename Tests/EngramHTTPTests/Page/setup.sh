#!/usr/bin/env bash
# Makes a virtual environment with what drives a browser; does nothing if it is there.
# usage: setup.sh [FOLDER]
# PYTHON names the interpreter (default: Debian's).
set -eu -o pipefail

here=$(cd "$(dirname "$0")" && pwd)
venv=${1:-$here/.venv}
requirements=$here/requirements.txt
installed=$venv/requirements.installed

cmp --quiet "$requirements" "$installed" 2>/dev/null && exit 0
[ -x "$venv/bin/python" ] || "${PYTHON:-/usr/bin/python3}" -m venv "$venv"
echo "installing what drives a browser into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$requirements" </dev/null
cp "$requirements" "$installed"
