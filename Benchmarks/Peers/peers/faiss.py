"""Some of the indexes of Faiss."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import EF_CONSTRUCTION, PROBES, Peer, Unsupported


class Faiss(Peer):
    """What Faiss's kinds of index have in common."""

    package = "faiss-cpu"
    module = "faiss"

    def make(self, base: np.ndarray, metric: int) -> Any:
        raise NotImplementedError

    def build(self, base: np.ndarray) -> None:
        import faiss

        faiss.omp_set_num_threads(self.setting.threads)
        self.index = self.make(base, self.by_metric(faiss.METRIC_INNER_PRODUCT, faiss.METRIC_L2))
        self.index.train(base)
        self.index.add(base)
        faiss.omp_set_num_threads(1)

    def save(self, folder: Path) -> None:
        import faiss

        faiss.write_index(self.index, str(folder / "index"))


class FaissHNSW(Faiss):
    config = "HNSW M=32"

    def make(self, base: np.ndarray, metric: int) -> Any:
        import faiss

        index = faiss.IndexHNSWFlat(base.shape[1], 32, metric)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        return index

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        self.index.hnsw.efSearch = parameter
        return self.index.search(queries, self.setting.k)[1]


class FaissHNSWSQ8(FaissHNSW):
    config = "HNSW-SQ8 M=32"

    def make(self, base: np.ndarray, metric: int) -> Any:
        import faiss

        index = faiss.IndexHNSWSQ(base.shape[1], faiss.ScalarQuantizer.QT_8bit, 32, metric)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        return index


class FaissIVFPQFastScan(Faiss):
    """4-bit product codes of 4 dimensions scanned in registers, the best 200 reordered exactly."""

    parameters = PROBES
    config = "IVF-PQ fast scan, refined"

    def make(self, base: np.ndarray, metric: int) -> Any:
        import faiss

        if base.shape[1] % 4 != 0:
            raise Unsupported("a dimension that 4 does not divide")
        lists = int(4 * len(base) ** 0.5)
        self.config = f"IVF{lists},PQ{base.shape[1] // 4}x4fs,RFlat"
        return faiss.index_factory(base.shape[1], self.config, metric)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        import faiss

        faiss.extract_index_ivf(self.index).nprobe = parameter
        self.index.k_factor = 20
        return self.index.search(queries, self.setting.k)[1]


class FaissFlat(Faiss):
    """The exact index: every query scans all vectors."""

    parameters = (0,)
    query_limit = 200
    config = "Flat, one query a call"

    def make(self, base: np.ndarray, metric: int) -> Any:
        import faiss

        return faiss.IndexFlat(base.shape[1], metric)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return np.vstack([self.index.search(queries[row : row + 1], self.setting.k)[1] for row in range(len(queries))])


class FaissFlatBatch(FaissFlat):
    """The same, all queries in one call: a product of matrices."""

    query_limit = None
    config = "Flat, all queries in one call"

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return self.index.search(queries, self.setting.k)[1]
