"""rabitqlib."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, Peer, Setting


class Rabitqlib(Peer):
    """SymphonyQG: a graph whose neighbours' RaBitQ codes are scanned in batches, from its authors' library."""

    package = "rabitqlib"
    module = "rabitqlib"

    def __init__(self, setting: Setting, degree: int):
        super().__init__(setting)
        self.degree = degree
        self.config = f"SymphonyQG R={degree}"

    def build(self, base: np.ndarray) -> None:
        import rabitqlib

        self.index = rabitqlib.SymqgIndex(base.shape[1], self.degree, self.setting.metric)
        self.index.build(base, EF_CONSTRUCTION, self.setting.threads)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return self.index.search_batch(queries, self.setting.k, parameter, 1)

    @staticmethod
    def ids(answers: Any) -> np.ndarray:
        return next(part for part in answers if part.dtype.kind in "iu").astype(np.int64)

    def save(self, folder: Path) -> None:
        self.index.save(str(folder / "index"))
