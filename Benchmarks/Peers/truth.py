"""The exact nearest neighbours: what recall is measured against."""

import numpy as np

QUERIES_AT_A_TIME = 256


def exact_neighbours(base: np.ndarray, queries: np.ndarray, metric: str, k: int) -> np.ndarray:
    """Returns the row numbers of the k nearest base vectors of each query, nearest first.

    A matrix product in float32 finds 3k + 20 candidates a query; their distances are then computed
    in float64, so that rounding in the product (squared Euclidean cancels) decides nothing.
    """
    k = min(k, len(base))
    candidate_count = min(len(base), 3 * k + 20)
    squares = np.einsum("ij,ij->i", base, base) if metric == "l2" else None
    neighbours = np.empty((len(queries), k), dtype=np.int32)
    for start in range(0, len(queries), QUERIES_AT_A_TIME):
        part = queries[start : start + QUERIES_AT_A_TIME]
        distances = part @ base.T
        distances *= -1 if squares is None else -2
        if squares is not None:
            distances += squares
        candidates = np.argpartition(distances, candidate_count - 1, axis=1)[:, :candidate_count]
        for row, ids in enumerate(candidates):
            neighbours[start + row] = _nearest(base, part[row], np.sort(ids), metric, k)
    return neighbours


def _nearest(base: np.ndarray, query: np.ndarray, ids: np.ndarray, metric: str, k: int) -> np.ndarray:
    """The k nearest of the rows `ids`; of equally near ones the lower row number comes first."""
    rows = base[ids].astype(np.float64)
    if metric == "l2":
        distances = np.square(rows - query).sum(axis=1)
    else:
        distances = -(rows @ query.astype(np.float64))
    return ids[np.argsort(distances, kind="stable")[:k]]


def recall(answers: np.ndarray, truth: np.ndarray) -> float:
    """The share of the true neighbours that is among the answers; both queries × k row numbers."""
    found = sum(len(np.intersect1d(got, wanted)) for got, wanted in zip(answers, truth, strict=True))
    return found / truth.size
