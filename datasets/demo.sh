#!/usr/bin/env bash
# The main job from end to end: import episodes and this repository's history, build the index, sync,
# ask questions, and measure.
# usage: demo.sh ENGRAM HOME
set -eu -o pipefail

engram=$(realpath "$1")
home=$2
here=$(cd "$(dirname "$0")" && pwd)
repository=$(dirname "$here")

bold=
plain=
if [ -t 1 ]; then
  bold=$'\033[1m'
  plain=$'\033[0m'
fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

rm -rf "$home"
export ENGRAM_HOME=$home

say "1. A memory"
"$engram" init

say "2. Episodes of agents' work, and this repository's own history"
"$engram" import jsonl "$here/episodes.jsonl"
if git -C "$repository" rev-parse --git-dir >/dev/null 2>&1; then
  "$engram" import git "$repository"
else
  echo "(no Git history here: the source tree is not a clone)"
fi

say "3. The vector index, built in bulk and carried to the cache"
"$engram" index build
"$engram" sync
"$engram" stats

say "4. Five questions"
ask() {
  say "? $*"
  "$engram" search "$@" --limit 3
}
ask "users are logged out at random after we deployed"
ask "the nightly backup looked fine but could not be restored"
ask "customer says we took the money twice"
ask "how did we find out why the build became slow"
ask "distances computed with matrix products" --domain Sources

say "5. The index against exact search"
"$engram" index verify

say "6. Questions in other words than the episodes' ($(wc -l <"$here/queries.jsonl") of them)"
"$engram" eval retrieval --queries "$here/queries.jsonl"
