#!/usr/bin/env bash
# Runs tests under ThreadSanitizer; fails if it reports a race, as on a failed test.
# usage: run.sh [REGULAR-EXPRESSION of tests]; by default those of an index under threads.
#
# Nothing is suppressed, so two kinds of reports remain that are no races of ours. Both come from the Swift
# runtime, whose reference counts the sanitizer cannot see:
# - an array changed in place (say, IndexCore.install after saveManifest) once the thread that held a copy has let
#   go of it: the count orders them;
# - the shared storage of all empty arrays, where Array(unsafeUninitializedCapacity: 0) writes a zero over a zero.
set -eu -o pipefail

filter=${1:-CollectionConcurrencyTests}
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
