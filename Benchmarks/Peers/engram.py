"""How Engram is run: the one place that knows the options of `engram bench ann`."""

from pathlib import Path
from typing import Any

from data import DataSet
from measurements import Point, Series

PACKAGE = "engram"
FIRST, LAST = "engram (first)", "engram (last)"
LIST_SIZES = (10, 12, 16, 20, 26, 32, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400, 520, 640, 800)


def command(binary: Path, data_set: DataSet, threads: int, every: int) -> list[str]:
    """Builds with all threads, searches on one, prints a JSON line for each list size."""
    sizes = ",".join(map(str, LIST_SIZES[::every]))
    return [
        str(binary), "bench", "ann", "--base", str(data_set.base_path), "--queries", str(data_set.queries_path),
        "--truth", str(data_set.truth_path), "--metric", data_set.metric, "--k", "10", "--threads", "1",
        "--build-threads", str(threads), "--list-sizes", sizes, "--format", "json",
    ]


def take(series: Series, line: dict[str, Any]) -> None:
    """Adds a line that `engram bench ann` printed to its series."""
    series.config = line["config"]
    series.build_s = round(line["build_s"], 2)
    series.index_bytes = line["index_bytes"]
    series.points.append(Point(line["param"], round(line["recall"], 5), round(line["qps"], 1)))
