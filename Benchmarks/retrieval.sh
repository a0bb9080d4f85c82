#!/usr/bin/env bash
# Measures by which mode questions with known answers are answered best; see README.md beside this file.
# usage: retrieval.sh ENGRAM [SET...]
# A set: agents, wordnet-8000, wordnet, debian. Default: all of them.
# ENGRAM_BENCH_SMOKE=1 takes small sets and keeps no results: seconds instead of minutes.
set -eu -o pipefail

engram=$(realpath "${1:?usage: retrieval.sh ENGRAM [SET...]}")
sets=("${@:2}")
[ ${#sets[@]} -gt 0 ] || sets=(agents wordnet-8000 wordnet debian)
cd "$(dirname "$0")/.."
here=Benchmarks
data=$here/.data
results=$here/results
questions=2000
if [ "${ENGRAM_BENCH_SMOKE:-}" = 1 ]; then
  results=$data/smoke-results
  sets=(agents wordnet-600)
  questions=20
fi
mkdir -p "$results"
commit=$(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)
stamp="\"date\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"commit\":\"$commit\""

# A manifest is written last, so a folder that has one is complete. Of those that an older version made, which
# has no episodes, the set is made anew.
build() { # folder, arguments of `engram dataset build`
  if [ ! -f "$1/manifest.json" ] || [ ! -f "$1/$2.episodes.jsonl" ]; then
    "$engram" dataset build "${@:2}" --output "$1" >&2
  fi
}

for set in "${sets[@]}"; do
  files=()
  case $set in
  agents) files=(--episodes datasets/episodes.jsonl --queries datasets/queries.jsonl) ;;
  wordnet | debian | wordnet-[0-9]* | debian-[0-9]*)
    name=${set%%-*}
    limit=()
    folder=$data/$name-all
    if [ "$set" != "$name" ]; then
      limit=(--limit "${set#*-}")
      folder=$data/$set
    fi
    build "$folder" "$name" "${limit[@]}"
    if [ ! -f "$folder/$name.questions.jsonl" ]; then
      # Debian's containers fetch no translations, and long descriptions are kept as such.
      echo "retrieval.sh: $set has no questions: apt keeps no long descriptions here;" \
        "fetch them with 'apt-get -o Acquire::Languages=en update'" >&2
      continue
    fi
    files=(--episodes "$folder/$name.episodes.jsonl" --vectors "$folder/$name.npy"
      --queries "$folder/$name.questions.jsonl" --limit "$questions")
    ;;
  *)
    echo "retrieval.sh: '$set' is no set; expected agents, wordnet, wordnet-COUNT, debian or debian-COUNT" >&2
    exit 64
    ;;
  esac
  "$engram" eval retrieval "${files[@]}" --mode vector --mode text --mode hybrid --format json |
    sed -u "s|^{|{\"dataset\":\"$set\",$stamp,|" | tee -a "$results/retrieval.jsonl"
done | python3 "$here/retrieval_table.py"
