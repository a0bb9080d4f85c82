"""The libraries Engram is measured against: a class for each, with the settings it is run with.

Settings are those the libraries' own documents recommend for embeddings of some hundred dimensions, and
equal where libraries share them (HNSW: efConstruction 200). Every library gets all queries in one call
with one thread where it has such a call, which spares it Python's share of the time.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

LIST_SIZES = (10, 12, 16, 20, 26, 32, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400, 520, 640, 800)
PROBES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
EPSILONS = (-0.05, -0.03, -0.01, 0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)
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


class Usearch(Peer):
    package = "usearch"
    module = "usearch"
    config = "bf16 M=32"

    def build(self, base: np.ndarray) -> None:
        from usearch.index import Index

        self.index = Index(
            ndim=base.shape[1], metric=self.by_metric("ip", "l2sq"), dtype="bf16", connectivity=32,
            expansion_add=EF_CONSTRUCTION,
        )  # fmt: skip
        self.index.add(np.arange(len(base)), base, threads=self.setting.threads)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        self.index.expansion_search = parameter
        return self.index.search(queries, self.setting.k, threads=1).keys

    def save(self, folder: Path) -> None:
        self.index.save(str(folder / "index"))


class ScalableVectorSearch(Peer):
    """Intel's Vamana. `codes`: f32, lvq8 or lvq4x8; the LVQ ones run on Intel's processors only."""

    package = "scalable-vs"
    module = "svs"

    def __init__(self, setting: Setting, codes: str):
        super().__init__(setting)
        self.codes = codes
        self.config = f"Vamana {codes} R=64"

    def build(self, base: np.ndarray) -> None:
        import svs

        parameters = svs.VamanaBuildParameters(
            alpha=self.by_metric(0.95, 1.2), graph_max_degree=64, window_size=128
        )
        distance = self.by_metric(svs.DistanceType.MIP, svs.DistanceType.L2)
        threads = self.setting.threads
        self.index = svs.Vamana.build(parameters, self.loader(base), distance, num_threads=threads)
        self.index.num_threads = 1

    def loader(self, base: np.ndarray) -> Any:
        import svs

        if self.codes == "f32":
            return base
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as information:
            if "GenuineIntel" not in information.read():
                raise Unsupported("the library offers LVQ on Intel's processors only")
        path = str(self.setting.scratch / "base.fvecs")
        svs.write_vecs(base, path)
        data = svs.VectorDataLoader(path, svs.DataType.float32, dims=base.shape[1])
        if self.codes == "lvq8":
            return svs.LVQLoader(data, 8, 0)
        return svs.LVQLoader(data, 4, 8, strategy=svs.LVQStrategy.Turbo)

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        self.index.search_window_size = parameter
        return self.index.search(queries, self.setting.k)[0]

    def save(self, folder: Path) -> None:
        self.index.save(*(str(folder / part) for part in ("config", "graph", "data")))


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
        )  # fmt: skip
        self.index = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100).build()

    def search(self, queries: np.ndarray, parameter: int) -> Any:
        return self.index.search_batched(queries, leaves_to_search=parameter, pre_reorder_num_neighbors=100)[0]

    def save(self, folder: Path) -> None:
        self.index.serialize(str(folder))


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
        )  # fmt: skip
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


# By the name given to --libraries, in the order they run.
PEERS: dict[str, tuple[type[Peer], Callable[[Setting], Peer]]] = {
    "rabitqlib-R32": (Rabitqlib, lambda setting: Rabitqlib(setting, 32)),
    "rabitqlib-R64": (Rabitqlib, lambda setting: Rabitqlib(setting, 64)),
    "faiss-hnsw": (FaissHNSW, FaissHNSW),
    "faiss-hnsw-sq8": (FaissHNSWSQ8, FaissHNSWSQ8),
    "faiss-ivfpqfs": (FaissIVFPQFastScan, FaissIVFPQFastScan),
    "hnswlib-M16": (Hnswlib, lambda setting: Hnswlib(setting, 16)),
    "hnswlib-M32": (Hnswlib, lambda setting: Hnswlib(setting, 32)),
    "usearch-bf16": (Usearch, Usearch),
    "svs-f32": (ScalableVectorSearch, lambda setting: ScalableVectorSearch(setting, "f32")),
    "svs-lvq8": (ScalableVectorSearch, lambda setting: ScalableVectorSearch(setting, "lvq8")),
    "svs-lvq4x8": (ScalableVectorSearch, lambda setting: ScalableVectorSearch(setting, "lvq4x8")),
    "vsag-sq8": (Vsag, lambda setting: Vsag(setting, "sq8_uniform")),
    "vsag-fp32": (Vsag, lambda setting: Vsag(setting, "fp32")),
    "scann": (Scann, Scann),
    "voyager": (Voyager, Voyager),
    "ngt": (NGT, NGT),
    "exact": (ExactScan, ExactScan),
}
