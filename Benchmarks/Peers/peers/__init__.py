"""The libraries Engram is measured against: a class for each, with the settings it is run with.

Settings are usual ones for embeddings of some hundred dimensions, tuned to no data set, and equal where
libraries share them (HNSW: efConstruction 200). Every library gets all queries in one call
with one thread where it has such a call, which spares it Python's share of the time.
"""

from collections.abc import Callable

from .base import Peer, Setting, Unsupported
from .exact import ExactScan
from .faiss import FaissFlat, FaissFlatBatch, FaissHNSW, FaissHNSWSQ8, FaissIVFPQFastScan
from .hnswlib import Hnswlib
from .ngt import NGT
from .rabitqlib import Rabitqlib
from .scann import Scann
from .svs import ScalableVectorSearch
from .usearch import Usearch
from .voyager import Voyager
from .vsag import Vsag

__all__ = ["PEERS", "Peer", "Setting", "Unsupported"]

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
    "faiss-flat": (FaissFlat, FaissFlat),
    "faiss-flat-batch": (FaissFlatBatch, FaissFlatBatch),
    "exact": (ExactScan, ExactScan),
}
