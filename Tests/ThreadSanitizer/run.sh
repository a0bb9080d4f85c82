#!/usr/bin/env bash
# Runs tests under ThreadSanitizer; fails if it reports a race, as on a failed test.
# usage: run.sh [REGULAR-EXPRESSION of tests]
set -eu -o pipefail

filter=${1:-VamanaTests|VectorMathTests}
cd "$(dirname "$0")/../.."
scratch=.build-thread
# Optimized: a debug build takes ten times as long to run.
swift build --build-tests --sanitize=thread --scratch-path "$scratch" -Xswiftc -O -Xcc -O2

clang=$(dirname "$(realpath "$(command -v swift)")")/clang
edges=$PWD/$scratch/mutex_edges.so
"$clang" -O1 -Wall -Wextra -Werror -shared -fPIC Tests/ThreadSanitizer/mutex_edges.c -ldl -o "$edges"

# Straight from the program, so that nothing else is loaded with the library.
TSAN_OPTIONS="exitcode=66 ${TSAN_OPTIONS:-}" LD_PRELOAD=$edges \
  "$scratch/debug/EngramPackageTests.xctest" --testing-library swift-testing --filter "$filter"
