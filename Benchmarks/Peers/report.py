"""The Markdown table of a run."""

from collections.abc import Callable
from typing import Any

import engram
from front import Rate, rate_at
from measurements import Series, measured

RECALLS = (0.90, 0.95, 0.99, 0.999)
BUSY_BELOW, THREADS_ABOVE = 0.9, 1.1


def table(about: dict[str, Any], every: list[Series]) -> str:
    """The whole report of a run."""
    sections = [_heading(about), _rates(every), _ratios(every), _missing(every), _notes(every)]
    return "\n\n".join(section for section in sections if section) + "\n"


def lower(rates: list[Rate | None]) -> Rate | None:
    """The lower of two runs; None if one of them did not reach the recall."""
    reached = [rate for rate in rates if rate is not None]
    return min(reached, key=lambda rate: rate.qps) if reached and len(reached) == len(rates) else None


def _heading(about: dict[str, Any]) -> str:
    return (
        f"# {about['dataset']}: {about['count']:,} × {about['dimension']}, metric {about['metric']}\n\n"
        f"{about['description']}. {about['query_count']:,} queries, 10 neighbours each. "
        f"{about['processor']}, build with {about['threads']} threads, search with 1. "
        f"Commit {about['commit']}, {about['date']}."
    )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _grid(header: list[str], rows: list[list[str]]) -> str:
    alignment = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(map(_row, [header, alignment, *rows]))


def _rates(every: list[Series]) -> str:
    header = ["index", *(f"q/s at {recall:g}" for recall in RECALLS)]
    header += ["best recall", "build s", "index MiB", "peak RSS MiB"]
    ours = [series for series in measured(every) if series.package == engram.PACKAGE]
    others = [series for series in measured(every) if series.package != engram.PACKAGE]
    others.sort(key=_speed, reverse=True)
    return _grid(header, [_rate_cells(series) for series in ours + others])


def _speed(series: Series) -> tuple[float, ...]:
    rates = [rate_at(series.curve, recall) for recall in (0.95, 0.90)]
    return tuple(rate.qps if rate else 0 for rate in rates)


def _rate_cells(series: Series) -> list[str]:
    return [
        label(series),
        *(_rate(rate_at(series.curve, recall)) for recall in RECALLS),
        f"{max(point.recall for point in series.points):.4f}",
        "-" if series.build_s is None else f"{series.build_s:.1f}",
        _mebibytes(series.index_bytes),
        _mebibytes(series.peak_resident_bytes),
    ]


def label(series: Series) -> str:
    """The name of a series with its settings, for people."""
    if series.package == engram.PACKAGE:
        return series.name.replace("engram", "Engram")
    return f"{series.package} {series.config}"


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "-"
    return f"{'≥ ' if rate.at_least else ''}{rate.qps:,.0f}"


def _mebibytes(count: int | None) -> str:
    return "-" if count is None else f"{count / 2**20:,.0f}"


def _ratios(every: list[Series]) -> str:
    """Engram, the lower of its runs, against the fastest other library at each recall."""
    rows = [_ratio_cells(every, recall) for recall in RECALLS]
    return _grid(["recall@10", "Engram q/s, lower run", "best other q/s", "best other", "ratio"], rows)


def _ratio_cells(every: list[Series], recall: float) -> list[str]:
    ours = lower([rate_at(s.curve, recall) for s in every if s.package == engram.PACKAGE])
    others = [(rate_at(s.curve, recall), s) for s in measured(every) if s.package != engram.PACKAGE]
    reached = [(rate, series) for rate, series in others if rate is not None]
    best, name = max(reached, key=lambda pair: pair[0].qps, default=(None, None))
    ratio = f"{ours.qps / best.qps:.2f}" if ours and best else "-"
    return [f"{recall:g}", _rate(ours), _rate(best), label(name) if name else "-", ratio]


def _missing(every: list[Series]) -> str:
    lines = [f"- {s.name} ({s.package}): {s.status}, {s.reason}" for s in every if s.status != "measured"]
    return "\n".join(["Not measured, or not to the end:", "", *lines]) if lines else ""


def _notes(every: list[Series]) -> str:
    """What makes figures doubtful: a busy machine, or a library that searched on more than one thread."""
    busy = _names(every, lambda share: share < BUSY_BELOW)
    threads = _names(every, lambda share: share > THREADS_ABOVE)
    notes = []
    if busy:
        notes.append(f"Waited for a processor in at least half of its settings (a busy machine): {busy}.")
    if threads:
        notes.append(f"Used more processor time than one thread has: {threads}.")
    return "\n".join(notes)


def _names(every: list[Series], doubtful: Callable[[float], bool]) -> str:
    def is_doubtful(series: Series) -> bool:
        shares = [point.cpu_share for point in series.points if point.cpu_share is not None]
        return len(shares) > 0 and 2 * sum(map(doubtful, shares)) >= len(shares)

    return ", ".join(series.name for series in every if is_doubtful(series))
