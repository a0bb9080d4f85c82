"""Prints evaluations of `engram eval retrieval --format json`, a line each on standard input, as a table."""

import json
import sys

MEASURES = [
    ("recall@1", "recallAt1"),
    ("recall@5", "recallAt5"),
    ("recall@10", "recallAt10"),
    ("NDCG@10", "ndcgAt10"),
    ("MRR", "meanReciprocalRank"),
]
HEAD = ["set", "questions", "mode"] + [name for name, _ in MEASURES] + ["p50 µs", "p99 µs"]


def losses(lines):
    """Where hybrid is not better than both others, in words."""
    found = []
    by_set = {}
    for line in lines:
        by_set.setdefault(line["dataset"], {})[line["mode"]] = line
    for name, modes in by_set.items():
        for measure, key in MEASURES:
            best = max(modes[mode][key] for mode in ("vector", "text"))
            if modes["hybrid"][key] <= best:
                found.append(f"{name}: {measure} {modes['hybrid'][key]:.3f}, the better of the others {best:.3f}")
    return found


def main():
    lines = []
    print("| " + " | ".join(HEAD) + " |")
    print("|---|---|---|" + "---:|" * (len(HEAD) - 3))
    for text in sys.stdin:
        line = json.loads(text)
        lines.append(line)
        cells = [line["dataset"], f"{line['queryCount']:,}", line["mode"]]
        cells += [f"{line[key]:.3f}" for _, key in MEASURES]
        cells += [f"{line[key]:,.0f}" for key in ("latencyMicrosecondsP50", "latencyMicrosecondsP99")]
        print("| " + " | ".join(cells) + " |", flush=True)
    if not lines:
        sys.exit("retrieval_table.py: no evaluation came in")
    found = losses(lines)
    for loss in found:
        print(f"hybrid does not win: {loss}")
    if not found:
        print("hybrid wins by every measure on every set")


main()
