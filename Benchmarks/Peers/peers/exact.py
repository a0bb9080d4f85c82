"""The exact scan: no index."""

import numpy as np

from .base import Peer


class ExactScan(Peer):
    """Every distance by a matrix-vector product: the speed without an index."""

    package = "numpy"
    module = "numpy"
    parameters = (0,)
    query_limit = 100
    config = "exact scan"

    def build(self, base: np.ndarray) -> None:
        self.base = base
        self.squares = self.by_metric(None, np.einsum("ij,ij->i", base, base))

    def search(self, queries: np.ndarray, parameter: int) -> list[np.ndarray]:
        return [self.nearest(query) for query in queries]

    def nearest(self, query: np.ndarray) -> np.ndarray:
        distances = self.base @ query
        distances = -distances if self.squares is None else self.squares - 2 * distances
        near = np.argpartition(distances, self.setting.k)[: self.setting.k]
        return near[np.argsort(distances[near])]
