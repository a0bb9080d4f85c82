"""What is asked of a library's index, and the settings that several share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

LIST_SIZES = (10, 12, 16, 20, 26, 32, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400, 520, 640, 800)
PROBES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
EF_CONSTRUCTION = 200


class Unsupported(Exception):
    """The library cannot do what is asked, such as a metric or a processor."""


@dataclass(frozen=True)
class Setting:
    """What an index is built for. `metric` is ip or l2; `threads` build."""

    metric: str
    unit_length: bool
    k: int
    threads: int
    scratch: Path


class Peer(ABC):
    """An index of another library."""

    package: ClassVar[str]
    """The name of its package in PyPI; the plot's colour goes with it."""
    module: ClassVar[str]
    """What to import."""
    parameters: ClassVar[Sequence[float]] = LIST_SIZES
    """What searches are measured with, fastest first."""
    query_limit: ClassVar[int | None] = None
    """Measured on the first so many queries, where all would take too long."""
    config: str = ""
    """The settings of the build, to be read by people."""

    def __init__(self, setting: Setting):
        self.setting = setting

    @abstractmethod
    def build(self, base: np.ndarray) -> None:
        """Builds the index with the setting's threads. This call is what `build_s` measures."""

    @abstractmethod
    def search(self, queries: np.ndarray, parameter: Any) -> Any:
        """Searches all queries on one thread. This call is what `qps` measures."""

    @staticmethod
    def ids(answers: Any) -> np.ndarray:
        """Row numbers, queries × k, from what `search` gave; not timed. Missing ones are -1."""
        return np.asarray(answers).astype(np.int64)

    def save(self, folder: Path) -> None:
        """Writes the index into a folder: the size of its files is the size of the index."""
        raise Unsupported("no way to tell the size of the index")

    def by_metric(self, ip: Any, l2: Any) -> Any:
        return ip if self.setting.metric == "ip" else l2


def padded(rows: Sequence[Sequence[int]], k: int) -> np.ndarray:
    """Row numbers of answers of different lengths, filled up with -1."""
    ids = np.full((len(rows), k), -1, dtype=np.int64)
    for row, found in enumerate(rows):
        ids[row, : len(found)] = found[:k]
    return ids
