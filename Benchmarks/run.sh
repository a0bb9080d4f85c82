#!/usr/bin/env bash
# Measures recall against speed on Gaussian clusters and on WordNet; see README.md beside this file.
# usage: run.sh ENGRAM
# ENGRAM_BENCH_SMOKE=1 takes small sets and keeps no results: seconds instead of minutes.
set -eu -o pipefail

engram=$(realpath "${1:?usage: run.sh ENGRAM}")
cd "$(dirname "$0")/.."
here=Benchmarks
data=$here/.data
results=$here/results
threads=$(nproc)
clusters=100000
cluster_queries=1000
synsets=all
synset_queries=1000
cache_operations=50000
cache_inserts=1000000
stored=100000
sync_episodes=100000
list_sizes=10,12,16,20,26,32,40,52,64,80,100,130,160,200,260,320,400
if [ "${ENGRAM_BENCH_SMOKE:-}" = 1 ]; then
  results=$data/smoke-results
  rm -rf "$results"
  clusters=5000
  cluster_queries=200
  synsets=600
  synset_queries=100
  cache_operations=500
  cache_inserts=5000
  stored=500
  list_sizes=10,26,80
  sync_episodes=2000
fi

# The machine and the moment, put before the keys of each measurement.
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1 | tr -d '"\\|&')
commit=$(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)
stamp="\"date\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"commit\":\"$commit\",\"processor\":\"$processor\""

# A manifest is written last, so a folder that has one is complete.
build() { # folder, arguments of `engram dataset build`
  [ -f "$1/manifest.json" ] || "$engram" dataset build "${@:2}" --output "$1"
}

measure() { # data set, metric, base, queries
  mkdir -p "$results"
  echo "$1, metric $2, build with $threads threads, search with 1"
  "$engram" bench ann --base "$3" --queries "$4" --metric "$2" --build-threads "$threads" \
    --list-sizes "$list_sizes" --format json |
    sed -u "s|^{|{\"dataset\":\"$1\",\"metric\":\"$2\",$stamp,|" |
    tee -a "$results/$1.jsonl" | python3 "$here/table.py"
}

folder=$data/gaussian-$clusters
build "$folder" gaussian --count "$clusters" --dimension 128 --queries "$cluster_queries" --seed 1
measure "gaussian-$clusters-128" l2 "$folder/gaussian.npy" "$folder/gaussian.queries.npy"

folder=$data/wordnet-$synsets
limit=()
[ "$synsets" = all ] || limit=(--limit "$synsets")
build "$folder" wordnet "${limit[@]}"
python3 "$here/split.py" "$folder/wordnet.npy" "$synset_queries" "$folder/base.fbin" \
  "$folder/queries.fbin"
measure "wordnet-$synsets-384" ip "$folder/base.fbin" "$folder/queries.fbin"

echo "cache, one thread"
mkdir -p "$results"
"$engram" bench cache --input datasets/episodes.jsonl --operations "$cache_operations" \
  --inserts "$cache_inserts" --folder "$data" --format json |
  sed -u "s|^{|{\"dataset\":\"episodes\",$stamp,|" | tee -a "$results/cache.jsonl" | cut -c1-300

echo "durable store of $stored episodes"
"$engram" bench store --count "$stored" --operations $((stored < 1000 ? 50 : 1000)) \
  --folder "$data" --format json |
  sed -u "s|^{|{$stamp,|" | tee -a "$results/store.jsonl"

echo "sync of $sync_episodes episodes"
"$engram" bench sync --episodes "$sync_episodes" --format json |
  sed -u "s|^{|{$stamp,|" | tee -a "$results/sync.jsonl"

echo "results in $results"
