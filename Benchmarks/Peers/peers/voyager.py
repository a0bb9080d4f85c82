"""Voyager."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, Peer


class Voyager(Peer):
    package = "voyager"
    module = "voyager"
    config = "M=32"

    def build(self, base: np.ndarray) -> None:
        import voyager

        space = self.by_metric(voyager.Space.InnerProduct, voyager.Space.Euclidean)
        self.index = voyager.Index(space, base.shape[1], M=32, ef_construction=EF_CONSTRUCTION)
        self.index.add_items(base, num_threads=self.setting.threads)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return self.index.query(queries, self.setting.k, num_threads=1, query_ef=parameter)[0]

    def save(self, folder: Path) -> None:
        self.index.save(str(folder / "index"))
