"""Data sets by name: base vectors, queries that are not among them, and the truth; made once and kept."""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from truth import exact_neighbours
from vectors import read_vectors

NEIGHBOUR_COUNT = 10
SPLIT_SEED = 24301
# Part of each folder's name: a change of how data sets are made leaves old ones alone.
LAYOUT_VERSION = 1

Pair = tuple[np.ndarray, np.ndarray]


class DataError(Exception):
    """A data set that cannot be made; the text says why."""


@dataclass(frozen=True)
class DataSet:
    """A data set on disk, ready to be measured. `metric` is ip or l2."""

    name: str
    metric: str
    count: int
    dimension: int
    query_count: int
    unit_length: bool
    description: str
    folder: str

    @property
    def base_path(self) -> Path:
        return Path(self.folder) / "base.npy"

    @property
    def queries_path(self) -> Path:
        return Path(self.folder) / "queries.npy"

    @property
    def truth_path(self) -> Path:
        return Path(self.folder) / "truth.npy"


@dataclass(frozen=True)
class Maker:
    """What data sets are made with: the engram binary, the folder they are kept in, their size."""

    engram: Path
    data: Path
    smoke: bool

    @property
    def query_count(self) -> int:
        return 100 if self.smoke else 1000

    def build(self, folder: Path, *arguments: str) -> Path:
        """Runs `engram dataset build`, unless the folder is complete: its manifest is written last."""
        if not (folder / "manifest.json").exists():
            command = [str(self.engram), "dataset", "build", *arguments, "--output", str(folder)]
            if subprocess.run(command).returncode != 0:
                raise DataError(f"`{' '.join(command)}` failed")
        return folder

    def texts(self, name: str) -> tuple[np.ndarray, list[str]]:
        """The vectors and texts of `wordnet` or `debian`. The folder is the one run.sh uses."""
        size = "600" if self.smoke else "all"
        limit = ["--limit", size] if self.smoke else []
        folder = self.build(self.data / f"{name}-{size}", name, *limit)
        with open(folder / f"{name}.texts.jsonl", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
        vectors = read_vectors(folder / f"{name}.npy")
        if len(texts) != len(vectors):
            raise DataError(f"{folder}: {len(vectors)} vectors, {len(texts)} texts; remove it and run again")
        return vectors, texts


@dataclass(frozen=True)
class Recipe:
    """How a data set is made."""

    name: str
    metric: str
    description: str
    make: Callable[[Maker], Pair]


def distinct(vectors: np.ndarray, texts: list[str]) -> np.ndarray:
    """The vectors of the first of each equal texts: equally near neighbours would blur recall."""
    first = {text: row for row, text in reversed(list(enumerate(texts)))}
    return vectors[np.sort(np.fromiter(first.values(), dtype=np.int64))]


def held_out(vectors: np.ndarray, query_count: int) -> Pair:
    """Shuffles the rows by a seed; the first are the queries, the others the base."""
    if len(vectors) <= query_count + NEIGHBOUR_COUNT:
        raise DataError(f"{len(vectors)} vectors are too few to hold {query_count} out as queries")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(vectors))
    return vectors[order[query_count:]], vectors[order[:query_count]]


def _texts_of(*names: str) -> Callable[[Maker], Pair]:
    def make(maker: Maker) -> Pair:
        parts = [maker.texts(name) for name in names]
        vectors = np.concatenate([part[0] for part in parts])
        return held_out(distinct(vectors, [text for part in parts for text in part[1]]), maker.query_count)

    return make


def _out_of_distribution(maker: Maker) -> Pair:
    base = distinct(*maker.texts("wordnet"))
    _, queries = held_out(distinct(*maker.texts("debian")), maker.query_count)
    return np.random.default_rng(SPLIT_SEED).permutation(base), queries


def _gaussian(dimension: int) -> Recipe:
    count = 100_000 if dimension <= 128 else 50_000

    def make(maker: Maker) -> Pair:
        rows = 3000 if maker.smoke else count
        folder = maker.build(
            maker.data / f"gaussian-{rows}-{dimension}", "gaussian", "--count", str(rows), "--dimension",
            str(dimension), "--queries", str(maker.query_count), "--seed", "1",
        )
        return read_vectors(folder / "gaussian.npy"), read_vectors(folder / "gaussian.queries.npy")

    return Recipe(f"gaussian-{dimension}", "l2", "Gaussian clusters; queries drawn like the base", make)


def spectral_vectors(count: int, dimension: int, seed: int) -> np.ndarray:
    """Vectors shaped like embeddings: unit length, few strong directions, many weak ones.

    A mixture of Gaussians in a latent space of at most 96 dimensions (a cluster for 100 vectors) is
    mapped by a random matrix whose singular values fall like i^-0.4; noise of a tenth of the
    vector's length fills the other directions.
    """
    generator = np.random.default_rng(seed)
    latent = min(96, dimension)
    centres = generator.standard_normal((max(1, count // 100), latent), dtype=np.float32)
    vectors = centres[generator.integers(len(centres), size=count)]
    vectors += 0.7 * generator.standard_normal((count, latent), dtype=np.float32)
    directions, _ = np.linalg.qr(generator.standard_normal((dimension, latent)))
    scales = np.arange(1, latent + 1) ** -0.4
    vectors = vectors @ (directions * scales).T.astype(np.float32)
    length = np.sqrt(np.square(vectors).sum(axis=1).mean())
    noise = generator.standard_normal((count, dimension), dtype=np.float32)
    vectors += noise * np.float32(0.1 * length / np.sqrt(dimension))
    return unit_length(vectors)


def _spectral(dimension: int) -> Recipe:
    def make(maker: Maker) -> Pair:
        count = 3000 if maker.smoke else 50_000
        return held_out(spectral_vectors(count + maker.query_count, dimension, seed=1), maker.query_count)

    description = "a latent mixture mapped with a power-law spectrum, plus noise; unit length"
    return Recipe(f"spectral-{dimension}", "ip", description, make)


NAMED = {
    recipe.name: recipe
    for recipe in (
        Recipe("wordnet-384", "ip", "WordNet's words and definitions", _texts_of("wordnet")),
        Recipe("debian-384", "ip", "descriptions of Debian packages, equal ones once", _texts_of("debian")),
        Recipe("text-384", "ip", "WordNet and Debian descriptions together", _texts_of("wordnet", "debian")),
        Recipe("wordnet-debian-ood", "ip", "base WordNet, queries Debian descriptions", _out_of_distribution),
    )
}
FAMILIES = {"gaussian": _gaussian, "spectral": _spectral}
NAMES = [*NAMED, "gaussian-DIMENSION", "spectral-DIMENSION"]


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """The vectors scaled to length 1; a zero vector stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def _own_file(path: Path, queries: Path | None, metric: str) -> Recipe:
    """A file of the user's. Its cached copy is known by path, size and time of change."""

    def make(maker: Maker) -> Pair:
        if queries is None:
            return held_out(read_vectors(path), maker.query_count)
        return read_vectors(path), read_vectors(queries)

    files = [path] if queries is None else [path, queries]
    for file in files:
        if not file.is_file():
            raise DataError(f"no data set and no file is named {file}; data sets: {', '.join(NAMES)}")
    marks = "".join(f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns};" for file in files)
    digest = hashlib.sha256(f"{marks}{metric}".encode()).hexdigest()[:12]
    source = "a random sample held out" if queries is None else queries.name
    return Recipe(f"{path.stem}-{digest}", metric, f"{path.name}, queries: {source}", make)


def recipe_of(name: str, queries: Path | None, metric: str | None) -> Recipe:
    """The recipe of a data set's name, or of a file of vectors."""
    family = re.fullmatch(r"(gaussian|spectral)-([1-9]\d{0,4})", name)
    named = FAMILIES[family[1]](int(family[2])) if family else NAMED.get(name)
    if named is None:
        return _own_file(Path(name), queries, metric or "ip")
    if queries is not None or metric is not None:
        raise DataError(f"{name} has queries and a metric of its own; give those with a file of vectors only")
    return named


def prepare(recipe: Recipe, maker: Maker) -> DataSet:
    """Makes the files of a data set, unless they are there. The description is written last."""
    suffix = "-smoke" if maker.smoke else ""
    folder = maker.data / "peers" / f"{recipe.name}{suffix}-v{LAYOUT_VERSION}"
    described = folder / "dataset.json"
    if described.exists():
        return DataSet(**json.loads(described.read_text()) | {"folder": str(folder)})
    base, queries = recipe.make(maker)
    if base.shape[1] != queries.shape[1]:
        raise DataError(f"base vectors have dimension {base.shape[1]}, queries {queries.shape[1]}")
    if len(base) < NEIGHBOUR_COUNT:
        raise DataError(f"{len(base)} base vectors are fewer than the {NEIGHBOUR_COUNT} neighbours asked for")
    metric = recipe.metric
    if metric == "cosine":  # The same order as the inner product of vectors of unit length.
        base, queries, metric = unit_length(base), unit_length(queries), "ip"
    lengths = np.linalg.norm(base, axis=1)
    data_set = DataSet(
        name=recipe.name + suffix, metric=metric, count=len(base), dimension=base.shape[1],
        query_count=len(queries), unit_length=bool(np.abs(lengths - 1).max() < 1e-3),
        description=recipe.description, folder=str(folder),
    )
    folder.mkdir(parents=True, exist_ok=True)
    np.save(data_set.base_path, np.ascontiguousarray(base, dtype=np.float32))
    np.save(data_set.queries_path, np.ascontiguousarray(queries, dtype=np.float32))
    np.save(data_set.truth_path, exact_neighbours(base, queries, metric, NEIGHBOUR_COUNT))
    part = described.with_suffix(".part")
    part.write_text(json.dumps(asdict(data_set), indent=2) + "\n")
    os.replace(part, described)
    return data_set
