"""Tests of what the figures rest on: truth, fronts, held-out queries, files. Standard library and numpy only."""

import json
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

from data import DataError, distinct, held_out, recipe_of, spectral_vectors
from front import pareto_front, rate_at
from measurements import Point, Series, read_lines, write_lines
from plot import plot
from report import table
from truth import exact_neighbours, recall
from vectors import VectorFileError, read_vectors

ABOUT = {
    "dataset": "small", "date": "today", "commit": "none", "processor": "some <processor> & more", "threads": 2,
    "metric": "ip", "count": 1000, "dimension": 8, "query_count": 10, "unit_length": True, "description": "a set",
}


def series_of(name: str, package: str, *points: tuple[float, float]) -> Series:
    found = [Point(row, recall, qps, 1.0) for row, (recall, qps) in enumerate(points)]
    return Series(name, package, config="R=1", version="1", build_s=1.5, index_bytes=2**20, points=found)


class FrontTests(unittest.TestCase):
    def test_points_beaten_in_both_are_left_out(self):
        points = [(0.9, 100.0), (0.95, 50.0), (0.94, 40.0), (0.95, 45.0), (0.99, 10.0)]
        self.assertEqual(pareto_front(points), [(0.9, 100.0), (0.95, 50.0), (0.99, 10.0)])

    def test_between_points_the_logarithm_is_linear(self):
        self.assertAlmostEqual(rate_at([(0.9, 1000.0), (1.0, 10.0)], 0.95).qps, 100.0)

    def test_a_measured_recall_gives_its_own_rate(self):
        points = [(0.9, 1000.0), (0.95, 300.0), (1.0, 10.0)]
        for recall_wanted, qps in points:
            rate = rate_at(points, recall_wanted)
            self.assertAlmostEqual(rate.qps, qps)
            self.assertFalse(rate.at_least)

    def test_a_recall_below_the_fastest_setting_is_a_bound(self):
        rate = rate_at([(0.97, 500.0), (0.99, 100.0)], 0.9)
        self.assertEqual((rate.qps, rate.at_least), (500.0, True))

    def test_a_recall_not_reached_has_no_rate(self):
        self.assertIsNone(rate_at([(0.9, 1000.0), (0.98, 10.0)], 0.99))
        self.assertIsNone(rate_at([], 0.9))


class TruthTests(unittest.TestCase):
    def test_neighbours_are_those_of_a_plain_sort(self):
        generator = np.random.default_rng(7)
        base = generator.standard_normal((400, 12), dtype=np.float32) + 50
        queries = generator.standard_normal((300, 12), dtype=np.float32) + 50
        wide, asked = base.astype(np.float64), queries.astype(np.float64)
        plain = {"l2": ((asked[:, None] - wide) ** 2).sum(2), "ip": -(asked @ wide.T)}
        for metric, distances in plain.items():
            expected = np.argsort(distances, axis=1, kind="stable")[:, :10]
            np.testing.assert_array_equal(exact_neighbours(base, queries, metric, 10), expected)

    def test_recall_counts_shared_rows_whatever_their_order(self):
        truth = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
        self.assertEqual(recall(np.array([[4, 3, 2, 1], [5, 6, -1, -1]]), truth), 0.75)


class DataTests(unittest.TestCase):
    def test_queries_are_held_out_at_random_and_the_same_each_time(self):
        vectors = np.arange(500, dtype=np.float32).reshape(-1, 1)
        base, queries = held_out(vectors, 100)
        self.assertEqual(sorted(np.concatenate([base, queries]).ravel()), list(range(500)))
        self.assertGreater(np.abs(np.diff(queries.ravel())).mean(), 50)
        np.testing.assert_array_equal(queries, held_out(vectors, 100)[1])

    def test_equal_texts_count_once(self):
        vectors = np.arange(5, dtype=np.float32).reshape(-1, 1)
        self.assertEqual(distinct(vectors, ["a", "b", "a", "c", "b"]).ravel().tolist(), [0, 1, 3])

    def test_spectral_vectors_have_unit_length_and_few_strong_directions(self):
        vectors = spectral_vectors(2000, 128, seed=3)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
        strengths = np.linalg.svd(vectors, compute_uv=False) ** 2
        self.assertGreater(strengths[:32].sum() / strengths.sum(), 0.5)
        np.testing.assert_array_equal(vectors, spectral_vectors(2000, 128, seed=3))

    def test_a_name_that_is_no_data_set_is_told(self):
        for name in ("wordnet", "gaussian-0", "nowhere.npy"):
            with self.assertRaises(DataError):
                recipe_of(name, None, None)
        with self.assertRaises(DataError):
            recipe_of("wordnet-384", None, "l2")


class FileTests(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def test_every_format_gives_the_same_rows(self):
        rows = np.arange(12, dtype=np.float32).reshape(4, 3)
        np.save(self.folder / "rows.npy", rows)
        (self.folder / "rows.fbin").write_bytes(np.array([4, 3], "<u4").tobytes() + rows.tobytes())
        dimensions = np.full((4, 1), 3, "<i4").view("<f4")
        np.hstack([dimensions, rows]).tofile(self.folder / "rows.fvecs")
        for name in ("rows.npy", "rows.fbin", "rows.fvecs"):
            np.testing.assert_array_equal(read_vectors(self.folder / name), rows)

    def test_a_broken_file_is_told_by_name(self):
        (self.folder / "short.fbin").write_bytes(np.array([4, 3], "<u4").tobytes() + b"\0" * 8)
        (self.folder / "text.npy").write_text("no vectors")
        for name in ("short.fbin", "text.npy", "absent.npy", "name.txt"):
            with self.assertRaisesRegex(VectorFileError, name):
                read_vectors(self.folder / name)

    def test_measurements_written_are_read_back(self):
        every = [series_of("engram (first)", "engram", (0.9, 100.0), (0.99, 20.0)), series_of("x", "peer", (0.8, 9.0))]
        every.append(Series("y", "other", status="missing", reason="no module"))
        for series in every:
            write_lines(self.folder / "lines.jsonl", ABOUT, series)
        self.assertEqual(read_lines(self.folder / "lines.jsonl"), (ABOUT, every))
        for line in (self.folder / "lines.jsonl").read_text().splitlines():
            self.assertEqual(json.loads(line)["dataset"], "small")


class ReportTests(unittest.TestCase):
    def setUp(self):
        self.every = [
            series_of("engram (first)", "engram", (0.90, 1000.0), (0.99, 400.0)),
            series_of("slow", "slow", (0.90, 100.0), (0.9995, 50.0)),
            series_of("fast", "fast & <furious>", (0.90, 800.0), (0.95, 200.0)),
            Series("gone", "gone", status="missing", reason="no module"),
            series_of("engram (last)", "engram", (0.90, 600.0), (0.99, 500.0)),
        ]

    def test_the_ratio_is_the_lower_run_against_the_best_other(self):
        report = table(ABOUT, self.every)
        self.assertIn("| 0.9 | 600 | 800 | fast & <furious> R=1 | 0.75 |", report)
        self.assertIn("| 0.999 | - | 50 | slow R=1 | - |", report)
        self.assertIn("- gone (gone): missing, no module", report)

    def test_the_plot_is_well_formed_and_has_a_line_for_each_index(self):
        picture = ElementTree.fromstring(plot(ABOUT, self.every))
        lines = picture.findall("{http://www.w3.org/2000/svg}polyline")
        self.assertEqual(len(lines), 4)

    def test_a_run_without_measurements_still_has_a_report(self):
        nothing = [Series("gone", "gone", status="missing", reason="no module")]
        self.assertIn("gone", table(ABOUT, nothing))
        ElementTree.fromstring(plot(ABOUT, nothing))


if __name__ == "__main__":
    unittest.main()
