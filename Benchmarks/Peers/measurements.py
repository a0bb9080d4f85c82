"""What a run measures, and its form as JSON lines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Point:
    """One search setting: recall@10 and queries a second, the median of the passes."""

    param: float
    recall: float
    qps: float
    cpu_share: float | None = None
    """Processor time of the passes through their wall time: 1 is one thread that is never kept waiting."""


@dataclass
class Series:
    """An index of one library with all its search settings."""

    name: str
    package: str
    config: str = ""
    version: str = ""
    status: str = "measured"
    """measured, missing, unsupported or failed."""
    reason: str = ""
    build_s: float | None = None
    index_bytes: int | None = None
    peak_resident_bytes: int | None = None
    points: list[Point] = field(default_factory=list)

    @property
    def curve(self) -> list[tuple[float, float]]:
        """(recall, q/s) of every setting."""
        return [(point.recall, point.qps) for point in self.points]


def _about_series(series: Series) -> dict[str, Any]:
    return {key.name: getattr(series, key.name) for key in fields(series) if key.name != "points"}


def write_lines(path: Path, about: dict[str, Any], series: Series) -> None:
    """Appends a line for each measurement, or one that tells why there is none."""
    with open(path, "a", encoding="utf-8") as lines:
        for measured in [asdict(point) for point in series.points] or [{}]:
            lines.write(json.dumps(about | _about_series(series) | measured) + "\n")


def read_lines(path: Path) -> tuple[dict[str, Any], list[Series]]:
    """What a run had in common and its series, from the file that `write_lines` wrote."""
    own = {key.name for key in fields(Series)} - {"points"}
    of_point = {key.name for key in fields(Point)}
    about: dict[str, Any] = {}
    every: dict[str, Series] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        about = {key: value for key, value in values.items() if key not in own | of_point}
        series = every.setdefault(values["name"], Series(**{key: values[key] for key in own}))
        if "qps" in values:
            series.points.append(Point(**{key: values[key] for key in of_point}))
    return about, list(every.values())


def measured(every: Iterable[Series]) -> list[Series]:
    """The series with at least one measurement, even if the library failed later."""
    return [series for series in every if series.points]
