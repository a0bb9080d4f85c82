"""Measures one library in a process of its own; started by runner.py.

Standard output carries JSON lines: what was built, each measurement, the size of the index. What the
library prints goes to standard error.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from peers import PEERS, Peer, Setting, Unsupported
from truth import recall

GOOD_ENOUGH = 0.9995
# With less of a processor than this, a pass is repeated; so many passes at most for each wanted.
CALM_SHARE = 0.95
PASSES_A_REPEAT = 4


def own_standard_output() -> TextIO:
    """Keeps standard output for this file; whatever else writes to it goes to standard error."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return own


def peak_resident_bytes() -> int:
    """The most memory this process held; `ru_maxrss` would count the parent's too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def timed_pass(peer: Peer, queries: np.ndarray, parameter: float) -> tuple[float, float]:
    """Seconds of one pass, and the share of them in which this process had a processor."""
    processor, start = time.process_time(), time.perf_counter()
    peer.search(queries, parameter)
    seconds = time.perf_counter() - start
    return seconds, (time.process_time() - processor) / seconds


def measure(peer: Peer, queries: np.ndarray, truth: np.ndarray, parameter: float, repeats: int) -> dict[str, Any]:
    """One pass for recall, which warms up too, then timed ones.

    A pass that had to wait for a processor tells of the machine, not of the library: it is repeated, and
    counts only if there are no others.
    """
    found = recall(peer.ids(peer.search(queries, parameter)), truth)
    passes: list[tuple[float, float]] = []
    calm: list[tuple[float, float]] = []
    while len(calm) < repeats and len(passes) < repeats * PASSES_A_REPEAT:
        passes.append(timed_pass(peer, queries, parameter))
        calm = [timed for timed in passes if timed[1] >= CALM_SHARE]
    used = calm or passes
    qps = len(queries) / statistics.median(seconds for seconds, _ in used)
    share = statistics.median(share for _, share in used)
    return {"param": parameter, "recall": round(found, 5), "qps": round(qps, 1), "cpu_share": round(share, 3)}


def saved_bytes(peer: Peer, folder: Path) -> int | None:
    """The size of the index's files. None where the library cannot save it."""
    folder.mkdir()
    try:
        peer.save(folder)
    except Exception as error:  # Any library's own error: only the size is lost.
        print(f"size unknown: {error}", file=sys.stderr)
        return None
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def run(options: argparse.Namespace, out: TextIO, scratch: Path) -> None:
    def emit(kind: str, **values: Any) -> None:
        out.write(json.dumps({"kind": kind} | values) + "\n")

    kind, make = PEERS[options.library]
    folder = Path(options.data)
    base, queries, truth = (np.load(folder / f"{name}.npy") for name in ("base", "queries", "truth"))
    queries, truth = queries[: kind.query_limit], truth[: kind.query_limit]
    peer = make(Setting(options.metric, options.unit_length, truth.shape[1], options.threads, scratch))
    try:
        start = time.perf_counter()
        peer.build(base)
        build_s = time.perf_counter() - start
    except (ImportError, Unsupported) as error:
        emit("missing" if isinstance(error, ImportError) else "unsupported", reason=str(error))
        return
    try:
        of_package = version(kind.package)
    except PackageNotFoundError:
        of_package = ""
    emit("built", build_s=round(build_s, 2), config=peer.config, version=of_package)
    for parameter in kind.parameters[:: options.every]:
        values = measure(peer, queries, truth, parameter, options.repeats)
        emit("point", peak_resident_bytes=peak_resident_bytes(), **values)
        if values["recall"] >= GOOD_ENOUGH:
            break
    emit("saved", index_bytes=saved_bytes(peer, scratch / "saved"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", required=True, choices=PEERS)
    parser.add_argument("--data", required=True, help="a folder with base.npy, queries.npy and truth.npy")
    parser.add_argument("--metric", required=True, choices=["ip", "l2"])
    parser.add_argument("--unit-length", action="store_true")
    parser.add_argument("--threads", type=int, required=True, help="threads that build")
    parser.add_argument("--repeats", type=int, required=True)
    parser.add_argument("--every", type=int, default=1, help="measure each n-th setting only")
    options = parser.parse_args()
    out = own_standard_output()
    with tempfile.TemporaryDirectory(prefix="engram-peers-") as scratch:
        run(options, out, Path(scratch))


if __name__ == "__main__":
    main()
