"""NGT."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import Peer, Unsupported, padded

EPSILONS = (-0.05, -0.03, -0.01, 0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)


class NGT(Peer):
    """ANNG. Its Python package takes one query a call; the quantized graph needs NGT's own tools."""

    package = "ngt"
    module = "ngtpy"
    parameters = EPSILONS
    config = "ANNG E=20"

    def build(self, base: np.ndarray) -> None:
        import ngtpy

        if self.setting.metric == "ip" and not self.setting.unit_length:
            raise Unsupported("the inner product of vectors that are not of unit length")
        self.path = self.setting.scratch / "ngt"
        ngtpy.create(
            str(self.path), base.shape[1], distance_type=self.by_metric("Normalized Cosine", "L2"),
            edge_size_for_creation=20, edge_size_for_search=60,
        )
        self.index = ngtpy.Index(str(self.path))
        self.index.batch_insert(base, self.setting.threads)

    def search(self, queries: np.ndarray, parameter: float) -> Any:
        k = self.setting.k
        return [self.index.search(query, k, epsilon=parameter, with_distance=False) for query in queries]

    @staticmethod
    def ids(answers: Any) -> np.ndarray:
        return padded(answers, max(map(len, answers)))

    def save(self, folder: Path) -> None:
        self.index.save()
        self.path.rename(folder / "index")
