#!/usr/bin/env bash
# Runs tests under ThreadSanitizer; fails on the first report of a race as on a failed test.
# usage: run.sh [REGULAR-EXPRESSION of tests]
set -eu -o pipefail

filter=${1:-VamanaTests|VectorMathTests}
cd "$(dirname "$0")/../.."
scratch=.build-thread
swift build --build-tests --sanitize=thread --scratch-path "$scratch"

clang=$(dirname "$(realpath "$(command -v swift)")")/clang
edges=$PWD/$scratch/mutex_edges.so
"$clang" -O1 -Wall -Wextra -Werror -shared -fPIC Tests/ThreadSanitizer/mutex_edges.c -ldl -o "$edges"

# Straight from the program, so that nothing else is loaded with the library.
TSAN_OPTIONS="exitcode=66 ${TSAN_OPTIONS:-}" LD_PRELOAD=$edges \
  "$scratch/debug/EngramPackageTests.xctest" --testing-library swift-testing --filter "$filter"
