"""Intel's Scalable Vector Search."""

from pathlib import Path
from typing import Any

import numpy as np

from .base import Peer, Setting, Unsupported


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
