"""Reads vectors from .npy, .fbin and .fvecs files."""

from pathlib import Path

import numpy as np


class VectorFileError(Exception):
    """A file that does not hold vectors; the text names the file and the cause."""


def read_vectors(path: Path) -> np.ndarray:
    """Returns the rows of a file as float32, rows × dimension.

    .npy: any real type; .fbin: rows (u32), dimension (u32), values (f32); .fvecs: each row as
    dimension (i32) and values (f32).
    """
    readers = {".npy": _read_npy, ".fbin": _read_fbin, ".fvecs": _read_fvecs}
    reader = readers.get(path.suffix)
    if reader is None:
        raise VectorFileError(f"{path}: expected a name that ends in {', '.join(readers)}")
    try:
        rows = reader(path)
    except (OSError, ValueError) as error:
        raise VectorFileError(f"{path}: {error}") from error
    if rows.ndim != 2 or 0 in rows.shape:
        raise VectorFileError(f"{path}: holds an array of shape {rows.shape}; expected rows × dimension")
    if rows.dtype.kind not in "fiu":
        raise VectorFileError(f"{path}: holds values of type {rows.dtype}; expected real numbers")
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    if not np.isfinite(rows).all():
        raise VectorFileError(f"{path}: holds values that are not finite")
    return rows


def _read_npy(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _read_fbin(path: Path) -> np.ndarray:
    header = np.fromfile(path, dtype="<u4", count=2)
    if len(header) < 2:
        raise ValueError("is shorter than its header")
    rows, dimension = int(header[0]), int(header[1])
    values = np.fromfile(path, dtype="<f4", offset=8)
    if len(values) != rows * dimension:
        raise ValueError(f"holds {len(values)} values; its header says {rows} × {dimension}")
    return values.reshape(rows, dimension)


def _read_fvecs(path: Path) -> np.ndarray:
    words = np.fromfile(path, dtype="<i4")
    if len(words) == 0 or words[0] <= 0 or len(words) % (words[0] + 1) != 0:
        raise ValueError("does not hold whole rows")
    rows = words.reshape(-1, words[0] + 1)
    if (rows[:, 0] != words[0]).any():
        raise ValueError("has rows of different dimensions")
    return rows[:, 1:].view("<f4")
