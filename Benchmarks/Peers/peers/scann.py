"""ScaNN."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import PROBES, Peer


class Scann(Peer):
    """Anisotropic codes of 2 dimensions in a tree of 2√n leaves, the best 100 reordered exactly."""

    package = "scann"
    module = "scann"
    parameters = (*PROBES, 384)
    config = "tree, AH2, reorder 100"

    def build(self, base: np.ndarray) -> None:
        import scann

        leaves = int(2 * len(base) ** 0.5)
        distance = self.by_metric("dot_product", "squared_l2")
        builder = scann.scann_ops_pybind.builder(base, self.setting.k, distance)
        builder.set_n_training_threads(self.setting.threads)
        builder.tree(
            num_leaves=leaves, num_leaves_to_search=max(1, leaves // 10),
            training_sample_size=min(len(base), 250_000),
        )
        self.index = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100).build()

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return self.index.search_batched(queries, leaves_to_search=parameter, pre_reorder_num_neighbors=100)[0]

    def save(self, folder: Path) -> None:
        self.index.serialize(str(folder))
