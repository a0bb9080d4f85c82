"""Exact search: `engram bench flat` beside Faiss's flat index, in turns, each round in a process of its own.

    python Benchmarks/Peers/flat.py --engram .build/release/engram --base base.fbin --queries queries.fbin --metric ip

Prints the least time of all rounds: of one query on one thread, and of all queries in one call.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from vectors import read_vectors

SINGLE_QUERIES = 100
BATCH_PASSES = 2
FIGURES = ("one query", "batch, 1 thread", "batch, all threads")


def faiss_seconds(options: argparse.Namespace) -> list[float]:
    """The median of single queries, and the least of the batches on one thread and on all."""
    import faiss

    base, queries = read_vectors(options.base), read_vectors(options.queries)
    kind = faiss.METRIC_INNER_PRODUCT if options.metric == "ip" else faiss.METRIC_L2
    index = faiss.IndexFlat(base.shape[1], kind)
    index.add(base)

    def timed(asked) -> float:
        start = time.perf_counter()
        index.search(asked, options.k)
        return time.perf_counter() - start

    faiss.omp_set_num_threads(1)
    rows = range(min(SINGLE_QUERIES, len(queries)))
    seconds = [statistics.median(timed(queries[row : row + 1]) for row in rows)]
    for threads in (1, options.threads):
        faiss.omp_set_num_threads(threads)
        seconds.append(min(timed(queries) for _ in range(BATCH_PASSES)))
    return seconds


def engram_seconds(options: argparse.Namespace) -> list[float]:
    """The same of Engram."""
    runs = []
    for threads in (1, options.threads):
        command = [
            options.engram, "bench", "flat", "--base", options.base, "--queries", options.queries, "--metric",
            options.metric, "--k", options.k, "--threads", threads, "--passes", BATCH_PASSES,
            "--format", "json",
        ]
        runs.append(json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout))
    return [min(run["p50_us"] for run in runs) / 1e6, runs[0]["batch_s"], runs[1]["batch_s"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engram", type=Path, default=Path(".build/release/engram"))
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--metric", choices=["ip", "l2"], default="ip")
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(faiss_seconds(options)))
        return
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(engram_seconds(options))
        worker = [sys.executable, *sys.argv, "--worker"]
        theirs.append(json.loads(subprocess.run(worker, check=True, stdout=subprocess.PIPE).stdout))
    for name, own, other in zip(FIGURES, map(min, zip(*ours)), map(min, zip(*theirs)), strict=True):
        print(f"{name:20} engram {own * 1e3:9.2f} ms   faiss {other * 1e3:9.2f} ms   {other / own:5.1f}x")


if __name__ == "__main__":
    main()
