"""hnswlib."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, Peer, Setting


class Hnswlib(Peer):
    package = "hnswlib"
    module = "hnswlib"

    def __init__(self, setting: Setting, degree: int):
        super().__init__(setting)
        self.degree = degree
        self.config = f"M={degree}"

    def build(self, base: np.ndarray) -> None:
        import hnswlib

        self.index = hnswlib.Index(space=self.setting.metric, dim=base.shape[1])
        self.index.init_index(max_elements=len(base), ef_construction=EF_CONSTRUCTION, M=self.degree)
        self.index.add_items(base, num_threads=self.setting.threads)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        self.index.set_ef(parameter)
        return self.index.knn_query(queries, self.setting.k, num_threads=1)[0]

    def save(self, folder: Path) -> None:
        self.index.save_index(str(folder / "index"))
