#!/usr/bin/env python3
"""What many nodes and many episodes cost, and how long they wait: a model with a seed, and no network.

    python3 Benchmarks/fleet.py                     # 1,000 nodes, 100,000,000 episodes
    python3 Benchmarks/fleet.py --nodes 100 --episodes 10000000 --shards 1,4,16

Sizes and times of one machine come from Benchmarks/Log.md; times of networks and prices are parameters. The note that
explains it, with the printed table, is the article "A fleet" of the documentation of Engram.
"""

import argparse
import math
import random

# One machine, measured (Benchmarks/Log.md says when and on what).
INSERTS_A_SECOND = 6_700  # eight tasks, durable, each episode a transaction of its own
SEARCH_MS_AT = (117_659, 0.41)  # hybrid, p50, without embedding the words
VECTOR_DIMENSIONS = 384
SEGMENT_BYTES_A_VECTOR = 378 * 2**20 / 116_659  # WordNet's index, edges and their codes included
EMBEDDING_BYTES = 4 * VECTOR_DIMENSIONS + 120  # a row of the store, and one of the cache

HOURS = 24 * 30


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def search_ms(episodes):
    """A walk takes steps with the logarithm of what it walks in; the rest of a search takes as long as ever."""
    base, milliseconds = SEARCH_MS_AT
    return milliseconds * (0.5 + 0.5 * math.log(max(episodes, 2)) / math.log(base))


def latency(rng, median, spread):
    """Log-normal: most are near the median, and some take several times as long."""
    return median * math.exp(spread * rng.gauss(0, 1))


def fan_out(rng, shards, episodes, options):
    """Searches over all shards, each as slow as its slowest shard, by a node that has caches of all: what they hold
    needs no network but the question whether there is news."""
    own = search_ms(episodes)
    times = []
    for _ in range(options.searches):
        slowest = 0.0
        for _ in range(shards):
            news = latency(rng, options.round_trip_ms, options.spread)
            slowest = max(slowest, news + latency(rng, own, options.search_spread))
        times.append(slowest)
    return times


def order_statistic(median, spread, shards, share):
    """The same without drawing: the slowest of n is below t with the chance that one is, to the power n."""
    from statistics import NormalDist

    return median * math.exp(spread * NormalDist().inv_cdf(share ** (1 / shards)))


def queue_ms(rng, writes_a_second, seconds=60):
    """One writer a shard: writes come by chance, and are done one after the other."""
    service = 1 / INSERTS_A_SECOND
    if writes_a_second >= INSERTS_A_SECOND:
        return math.inf, math.inf
    clock = free = 0.0
    waits = []
    count = min(200_000, int(writes_a_second * seconds) + 1)
    for _ in range(count):
        clock += rng.expovariate(writes_a_second)
        free = max(free, clock) + service
        waits.append((free - clock) * 1000)
    return percentile(waits, 0.5), percentile(waits, 0.99)


def row(shards, options):
    rng = random.Random(options.seed * 1_000_003 + shards)
    held = options.episodes / shards
    # Each node works in some namespaces, whose shards it follows.
    followed = min(shards, options.namespaces_a_node)
    followers = options.nodes * followed / shards
    new_a_day = options.nodes * options.new_a_day
    changes_a_day = new_a_day * options.changes_an_episode / shards
    writes_a_second = new_a_day * options.writes_an_episode / shards / 86_400 * options.peak
    wait50, wait99 = queue_ms(rng, writes_a_second)
    rtt50 = options.round_trip_ms
    write99 = order_statistic(rtt50, options.spread, 1, 0.99) + wait99

    vectors = held * options.vectors_an_episode
    segment = vectors * SEGMENT_BYTES_A_VECTOR
    # Vectors and segments of all that a node follows; a thousand episodes at hand.
    cache = followed * vectors * (SEGMENT_BYTES_A_VECTOR + EMBEDDING_BYTES)
    # Changes with their records, once to each follower, and each segment again when it is merged.
    change_bytes = changes_a_day * options.change_bytes * followers
    merge_bytes = (
        new_a_day / shards * options.vectors_an_episode * SEGMENT_BYTES_A_VECTOR
        * options.merges * followers
    )
    times = fan_out(rng, shards, held, options)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)

    rows_written = new_a_day * 30 * options.rows_an_episode
    news = options.nodes * options.searches_a_day * followed * 30
    rows_read = (changes_a_day * shards * 30 * followers * options.rows_a_change) + news * 2
    storage = options.episodes * options.episode_bytes / 1e9
    money = (
        rows_written / 1e6 * options.price_written
        + rows_read / 1e9 * options.price_read
        + storage * options.price_storage
    )
    return [
        f"{shards}", f"{held:,.0f}", f"{followers:,.0f}", f"{writes_a_second:,.1f}",
        f"{wait99:,.2f}", f"{write99:,.1f}", f"{segment / 1e9:,.1f}", f"{cache / 1e9:,.1f}",
        f"{(change_bytes + merge_bytes) * shards / options.nodes / 1e9:,.2f}",
        f"{p50:,.1f}", f"{p99:,.1f}", f"{order_statistic(rtt50, options.spread, shards, 0.99):,.1f}",
        f"{money:,.0f}",
    ]


HEAD = [
    "shards", "episodes each", "followers", "writes/s at peak", "queue p99 ms", "write p99 ms",
    "segments GB", "cache of a node GB", "GB a node a day", "all shards p50 ms", "p99 ms",
    "p99 of asking alone ms", "$ a month",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])

    def number(name, value, text):
        parser.add_argument(
            "--" + name, type=type(value), default=value, help=f"{text} (default: {value})")

    number("seed", 1, "of what is left to chance")
    number("nodes", 1_000, "machines with a cache")
    number("episodes", 100_000_000, "stored in all")
    number("new-a-day", 200, "episodes that a node adds")
    number("searches-a-day", 2_000, "searches of a node")
    number("namespaces-a-node", 2, "namespaces, and so shards, that a node works in")
    number("writes-an-episode", 4, "requests: start, two of steps, completion")
    number("changes-an-episode", 8, "entries of the change log, learning included")
    number("rows-an-episode", 30, "rows written with indexes: episode, steps, tags, vector, log")
    number("rows-a-change", 6, "rows read to carry a change")
    number("vectors-an-episode", 1.3, "long episodes are embedded in parts")
    number("episode-bytes", 6_000, "in the store, vector and indexes included")
    number("change-bytes", 3_000, "of a change with its record on the wire")
    number("merges", 3, "times that a vector is merged into a larger segment")
    number("peak", 5, "the busiest hour, in mean ones")
    number("round-trip-ms", 15.0, "of a request to a primary, median")
    number("spread", 0.5, "of its logarithm")
    number("search-spread", 0.4, "of the logarithm of a search's time")
    number("searches", 20_000, "searches over all shards that are drawn")
    number("price-written", 1.0, "dollars for a million rows written")
    number("price-read", 1.0, "dollars for a thousand million rows read")
    number("price-storage", 0.5, "dollars for a GB of storage a month")
    parser.add_argument(
        "--shards", default="1,8,32,128,512", help="numbers of shards (default: 1,8,32,128,512)")
    options = parser.parse_args()
    try:
        counts = [int(text) for text in options.shards.split(",")]
    except ValueError:
        parser.error(f"--shards is '{options.shards}'; expected whole numbers with commas between")
    for name in ("nodes", "episodes", "namespaces_a_node", "searches"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} is {getattr(options, name)}; expected 1 or more")
    if min(counts) < 1:
        parser.error("--shards: expected 1 or more")
    print(f"{options.nodes:,} nodes, {options.episodes:,} episodes, seed {options.seed}\n")
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---:|" * len(HEAD))
    for count in counts:
        print("| " + " | ".join(row(count, options)) + " |")


if __name__ == "__main__":
    main()
