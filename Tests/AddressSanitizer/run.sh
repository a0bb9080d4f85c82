#!/usr/bin/env bash
# Runs tests under AddressSanitizer; fails if it reports a wrong access, as on a failed test.
# usage: run.sh [REGULAR-EXPRESSION of tests]; by default those of files, the cache and the syncs, which use
# pointers into maps that come and go.
set -eu -o pipefail

filter=${1:-'PlatformTests|CacheTests|SyncTests'}
cd "$(dirname "$0")/../.."
scratch=.build-address
swift build --build-tests --sanitize=address --scratch-path "$scratch"
# What is still allocated at the end is not looked for: the Swift runtime keeps much to the end on purpose.
ASAN_OPTIONS="detect_leaks=0 exitcode=66 ${ASAN_OPTIONS:-}" \
  "$scratch/debug/EngramPackageTests.xctest" --testing-library swift-testing --filter "$filter"
