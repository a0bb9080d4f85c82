"""VSAG."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, Peer, Setting, padded


class Vsag(Peer):
    """HGraph. Its Python package takes one query a call."""

    package = "pyvsag"
    module = "pyvsag"

    def __init__(self, setting: Setting, codes: str):
        super().__init__(setting)
        self.codes = codes
        self.config = f"HGraph {codes} R=64"

    def build(self, base: np.ndarray) -> None:
        import pyvsag

        pyvsag.set_logger_off()
        parameters = {
            "dtype": "float32",
            "metric_type": self.setting.metric,
            "dim": base.shape[1],
            "index_param": {
                "base_quantization_type": self.codes,
                "max_degree": 64,
                "ef_construction": EF_CONSTRUCTION,
                "build_thread_count": self.setting.threads,
                "use_reorder": self.codes != "fp32",
                "precise_quantization_type": "fp32",
            },
        }
        self.index = pyvsag.Index("hgraph", json.dumps(parameters))
        self.index.build(base.ravel(), np.arange(len(base), dtype=np.int64), len(base), base.shape[1])

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        parameters = json.dumps({"hgraph": {"ef_search": parameter}})
        return [self.index.knn_search(query, self.setting.k, parameters) for query in queries]

    @staticmethod
    def ids(answers: Any) -> np.ndarray:
        rows = [next(part for part in answer if np.asarray(part).dtype.kind in "iu") for answer in answers]
        return padded(rows, max(map(len, rows)))

    def save(self, folder: Path) -> None:
        self.index.save(str(folder / "index"))
