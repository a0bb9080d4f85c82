"""Measures Engram against other libraries on one data set: a table, a plot, and JSON lines of all measurements.

usage: python3 Benchmarks/Peers --engram .build/release/engram --dataset wordnet-384
"""

import argparse
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import engram
from data import NAMES, DataError, DataSet, Maker, prepare, recipe_of
from measurements import Series, read_lines, write_lines
from peers import PEERS
from plot import plot
from report import table
from runner import Run, measure_engram, measure_peer
from vectors import VectorFileError

BENCHMARKS = Path(__file__).resolve().parent.parent
SMOKE_EVERY = 6


def positive(text: str) -> int:
    """A whole number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def names_of_libraries(text: str) -> list[str]:
    """Names of libraries, separated by commas; `none` for Engram alone."""
    names = [] if text == "none" else text.split(",")
    for name in names:
        if name not in PEERS:
            raise argparse.ArgumentTypeError(f"no library is named {name!r}; there are {', '.join(PEERS)}")
    return names


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="Benchmarks/Peers", description=__doc__.split("\n\n")[0])
    parser.add_argument("--engram", type=Path, help="the engram binary")
    parser.add_argument("--dataset", default="wordnet-384", help=f"{', '.join(NAMES)}, or a file of vectors")
    parser.add_argument("--queries", type=Path, help="a file of queries; without it 1,000 vectors are held out")
    parser.add_argument("--metric", choices=["ip", "l2", "cosine"], help="of a file of vectors; default ip")
    parser.add_argument("--libraries", type=names_of_libraries, default=list(PEERS), metavar="NAME,...",
                        help=f"default: all of {','.join(PEERS)}; or none")
    parser.add_argument("--threads", type=positive, default=os.cpu_count(), help="threads that build")
    parser.add_argument("--seconds-max", type=positive, default=3600, help="time limit of one library")
    parser.add_argument("--from-lines", type=Path, metavar="FILE",
                        help="measure nothing: make table and plot again from a file of JSON lines")
    options = parser.parse_args()
    if options.from_lines is None:
        if options.engram is None:
            parser.error("--engram is missing: give the path of the binary")
        if not os.access(options.engram, os.X_OK):
            parser.error(f"--engram {options.engram}: is not there or cannot be run")
    return options


def describe(data_set: DataSet, threads: int) -> dict[str, Any]:
    """The machine, the moment and the data: keys of every line."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as information:
        models = [line.split(":", 1)[1].strip() for line in information if line.startswith("model name")]
    commit = subprocess.run(
        ["git", "-C", BENCHMARKS, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    about = {key: value for key, value in asdict(data_set).items() if key not in ("folder", "name")}
    return {
        "dataset": data_set.name,
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit or "unknown",
        "processor": models[0] if models else "unknown processor",
        "threads": threads,
    } | about


def measure(run: Run, libraries: list[str], about: dict[str, Any], lines: Path) -> list[Series]:
    """Engram, every library, and Engram again: a machine that slows down shows in the difference."""
    lines.unlink(missing_ok=True)
    every: list[Series] = []
    for name in [engram.FIRST, *libraries, engram.LAST]:
        own = name in (engram.FIRST, engram.LAST)
        series = measure_engram(run, name) if own else measure_peer(run, name)
        write_lines(lines, about, series)
        every.append(series)
        said = f"{len(series.points)} settings, build {series.build_s} s" if series.points else ""
        print(f"{name}: {' '.join(filter(None, [series.status, said, series.reason]))}", flush=True)
    return every


def failures(every: list[Series], smoke: bool) -> list[str]:
    """What must not be: Engram failed, or (of a small set, where it is certain) a recall is too low."""
    least = {engram.PACKAGE: 0.98, "numpy": 0.999} if smoke else {}
    wrong = [f"{s.name}: {s.reason}" for s in every if s.package == engram.PACKAGE and s.status != "measured"]
    for series in every:
        best = max((point.recall for point in series.points), default=None)
        if best is not None and best < least.get(series.package, 0):
            wrong.append(f"{series.name}: recall {best} at best; expected {least[series.package]}")
    return wrong


def write_report(about: dict[str, Any], every: list[Series], lines: Path) -> None:
    """Table and plot beside the file of JSON lines."""
    report = table(about, every)
    lines.with_suffix(".md").write_text(f"{report}\n![recall against q/s]({lines.stem}.svg)\n", encoding="utf-8")
    lines.with_suffix(".svg").write_text(plot(about, every), encoding="utf-8")
    print(f"\n{report}\n{lines}, .md and .svg")


def main() -> int:
    options = read_arguments()
    if options.from_lines is not None:
        write_report(*read_lines(options.from_lines), options.from_lines)
        return 0
    smoke = os.environ.get("ENGRAM_BENCH_SMOKE") == "1"
    data = BENCHMARKS / ".data"
    results = data / "smoke-results" / "peers" if smoke else BENCHMARKS / "results" / "peers"
    try:
        recipe = recipe_of(options.dataset, options.queries, options.metric)
        data_set = prepare(recipe, Maker(options.engram.resolve(), data, smoke))
    except (DataError, VectorFileError, OSError) as error:
        print(f"Benchmarks/Peers: {error}", file=sys.stderr)
        return 1
    logs = data / "peers-logs"
    for folder in (results, logs):
        folder.mkdir(parents=True, exist_ok=True)
    run = Run(
        engram=options.engram.resolve(), data_set=data_set, threads=options.threads, repeats=3,
        every=SMOKE_EVERY if smoke else 1, seconds_max=60 if smoke else options.seconds_max, logs=logs,
    )
    lines = results / f"{data_set.name}.jsonl"
    about = describe(data_set, options.threads)
    print(f"{data_set.name}: {data_set.count} × {data_set.dimension}, {data_set.query_count} queries", flush=True)
    every = measure(run, options.libraries, about, lines)
    write_report(about, every, lines)
    wrong = failures(every, smoke)
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
