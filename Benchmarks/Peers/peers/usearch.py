"""USearch."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, Peer


class Usearch(Peer):
    package = "usearch"
    module = "usearch"
    config = "bf16 M=32"

    def build(self, base: np.ndarray) -> None:
        from usearch.index import Index

        self.index = Index(
            ndim=base.shape[1], metric=self.by_metric("ip", "l2sq"), dtype="bf16", connectivity=32,
            expansion_add=EF_CONSTRUCTION,
        )
        self.index.add(np.arange(len(base)), base, threads=self.setting.threads)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        self.index.expansion_search = parameter
        return self.index.search(queries, self.setting.k, threads=1).keys

    def save(self, folder: Path) -> None:
        self.index.save(str(folder / "index"))
