"""The best that was measured at each recall."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]


@dataclass(frozen=True)
class Rate:
    """Queries a second at a recall. `at_least`: the fastest setting measured has a higher recall."""

    qps: float
    at_least: bool = False


def pareto_front(points: Iterable[Point]) -> list[Point]:
    """The (recall, q/s) points that no other beats in both, by rising recall: q/s falls along it."""
    front: list[Point] = []
    for recall, qps in sorted(points, key=lambda point: (-point[0], -point[1])):
        if not front or qps > front[-1][1]:
            front.append((recall, qps))
    return front[::-1]


def rate_at(points: Iterable[Point], recall: float) -> Rate | None:
    """q/s at a recall: the logarithm of q/s is linear between neighbouring points of the front.

    None where no setting reached the recall.
    """
    front = pareto_front(points)
    if not front or front[-1][0] < recall:
        return None
    if front[0][0] >= recall:
        return Rate(front[0][1], at_least=front[0][0] > recall)
    for (low, fast), (high, slow) in pairwise(front):
        if low <= recall <= high:
            share = (recall - low) / (high - low)
            return Rate(math.exp((1 - share) * math.log(fast) + share * math.log(slow)))
    return None
