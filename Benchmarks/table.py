"""Prints measurements of `engram bench ann --format json`, a line each on standard input, as a table."""

import json
import sys


def main():
    last = None
    for line in sys.stdin:
        if last is None:
            print("    L    recall@10        q/s    p50 us    p99 us   distances    hops")
        last = json.loads(line)
        print(
            f"{last['param']:5d} {last['recall']:12.4f} {last['qps']:10.0f} {last['p50_us']:9.1f} "
            f"{last['p99_us']:9.1f} {last['distance_evaluations']:11.0f} {last['hops']:7.1f}",
            flush=True,
        )
    if last is None:
        sys.exit("table.py: no measurement came in")
    print(
        f"build {last['build_s']:.1f} s, index {last['index_bytes'] / 2**20:.1f} MiB, "
        f"resident {last['resident_bytes'] / 2**20:.0f} MiB"
    )


main()
