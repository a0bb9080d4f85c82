"""The plot of recall against queries a second, as SVG."""

import math
from typing import Any
from xml.sax.saxutils import escape

import engram
from front import Point, pareto_front
from measurements import Series, measured
from report import label

WIDTH, HEIGHT = 1000, 600
LEFT, RIGHT, TOP, BOTTOM = 80, 290, 56, 64
RECALL_TICKS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995)
RECALL_MIN, RECALL_MAX = 0.5, 0.9997
# Paul Tol's "bright" and "muted" schemes: told apart by the colour-blind, readable on white and on black.
COLOURS = ("#4477aa", "#228833", "#aa3377", "#ccaa22", "#44aabb", "#cc6677", "#8866cc", "#999933", "#bb7744", "#888888")
OWN_COLOUR = "#ee4433"
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2")
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #222 }
  .title { font-size: 16px; font-weight: 600 }
  .back { fill: #fff }
  .grid { stroke: #ddd; stroke-width: 1 }
  .frame { stroke: #888; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .back { fill: #161616 } .grid { stroke: #333 }
  }
"""


def _stretched(recall: float) -> float:
    """Where a recall lies on the axis: every tenfold of the missing share is equally wide."""
    return -math.log10(1 - min(max(recall, RECALL_MIN), RECALL_MAX))


class Axes:
    """From recall and q/s to the picture."""

    def __init__(self, points: list[Point]):
        recalls = [recall for recall, _ in points] or [RECALL_MIN]
        rates = [qps for _, qps in points if qps > 0] or [1, 10]
        lowest = max((tick for tick in RECALL_TICKS if tick <= min(recalls)), default=RECALL_MIN)
        self.low, self.high = _stretched(lowest), _stretched(RECALL_MAX)
        self.bottom, self.top = math.log10(min(rates)) - 0.05, math.log10(max(rates)) + 0.05

    def x(self, recall: float) -> float:
        share = (_stretched(recall) - self.low) / (self.high - self.low)
        return LEFT + max(0, share) * (WIDTH - LEFT - RIGHT)

    def y(self, qps: float) -> float:
        share = (math.log10(qps) - self.bottom) / (self.top - self.bottom)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    @property
    def recall_ticks(self) -> list[float]:
        return [tick for tick in RECALL_TICKS if _stretched(tick) >= self.low]

    @property
    def rate_ticks(self) -> list[float]:
        decades = range(math.floor(self.bottom), math.ceil(self.top) + 1)
        ticks = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
        return [tick for tick in ticks if self.bottom <= math.log10(tick) <= self.top]


def plot(about: dict[str, Any], every: list[Series]) -> str:
    """A line for each index through the Pareto front of its settings; the slow exact scan is left out."""
    shown = [series for series in measured(every) if series.package != "numpy"]
    lines = {series.name: [p for p in pareto_front(series.curve) if p[0] >= RECALL_MIN] for series in shown}
    axes = Axes([point for line in lines.values() for point in line])
    parts = [_head(about), _grid(axes)]
    for place, (series, (colour, dash)) in enumerate(zip(shown, _strokes(shown), strict=True)):
        parts.append(_line(axes, series, lines[series.name], colour, dash))
        parts.append(_legend(place, series, colour, dash))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _strokes(shown: list[Series]) -> list[tuple[str, str]]:
    """A colour for each library, a dash for each of its indexes."""
    others = list(dict.fromkeys(series.package for series in shown if series.package != engram.PACKAGE))
    colours = {package: COLOURS[place % len(COLOURS)] for place, package in enumerate(others)}
    colours[engram.PACKAGE] = OWN_COLOUR
    seen: dict[str, int] = {}
    strokes = []
    for series in shown:
        place = seen.setdefault(series.package, 0)
        seen[series.package] += 1
        strokes.append((colours[series.package], DASHES[place % len(DASHES)]))
    return strokes


def _head(about: dict[str, Any]) -> str:
    title = f"{about['dataset']}: {about['count']:,} × {about['dimension']}, {about['metric']}, 10 neighbours"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n"
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>\n'
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>\n'
        f'<text x="{LEFT}" y="42">one query thread; up and to the right is better</text>'
    )


def _text(x: float, y: float, text: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _grid(axes: Axes) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for tick in axes.recall_ticks:
        x = axes.x(tick)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        parts.append(_text(x, bottom + 18, f"{tick:g}"))
    for tick in axes.rate_ticks:
        y = axes.y(tick)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{tick:,.0f}", "end"))
    middle = (TOP + bottom) / 2
    parts.append(f'<path class="frame" d="M{LEFT} {TOP}V{bottom}H{right}"/>')
    across = "recall@10 (share of the true ten nearest; stretched towards 1)"
    parts.append(_text((LEFT + right) / 2, HEIGHT - 20, across))
    parts.append(_text(18, middle, "queries a second", more=f' transform="rotate(-90 18 {middle:.1f})"'))
    return "\n".join(parts)


def _line(axes: Axes, series: Series, line: list[Point], colour: str, dash: str) -> str:
    width = 2.5 if series.package == engram.PACKAGE else 1.5
    path = " ".join(f"{axes.x(recall):.1f},{axes.y(qps):.1f}" for recall, qps in line)
    name = escape(label(series))
    marks = "".join(
        f'<circle cx="{axes.x(recall):.1f}" cy="{axes.y(qps):.1f}" r="{width + 0.8:g}">'
        f"<title>{name}: recall {recall:.4f}, {qps:,.0f} q/s</title></circle>"
        for recall, qps in line
    )
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
        f' stroke-dasharray="{dash or "none"}"/>\n<g fill="{colour}">{marks}</g>'
    )


def _legend(place: int, series: Series, colour: str, dash: str) -> str:
    x, y = WIDTH - RIGHT + 20, TOP + 10 + place * 22
    return (
        f'<path d="M{x} {y}h28" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash or "none"}"/>\n'
        + _text(x + 36, y + 4, label(series), "start")
    )
