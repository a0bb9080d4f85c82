#!/usr/bin/env bash
# Runs every micro benchmark on the smallest sizes, so that none of them rots. Prints no figures: they would
# mean nothing.
set -eu -o pipefail

cd "$(dirname "$0")"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The program itself, without the tool that compares its runs: half as much to build.
swift build --configuration release --product VectorIndex
if ! ENGRAM_BENCH_SMOKE=1 .build/release/VectorIndex >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
# A benchmark that fails ends the program without a word: the last one must have run.
if ! grep -q '^Debug results for search ' "$log"; then
  cat "$log" >&2
  echo "the micro benchmarks ended before the last of them" >&2
  exit 1
fi
echo "$(grep -c '^Debug results for ' "$log") micro benchmarks ran"
