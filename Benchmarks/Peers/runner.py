"""Runs Engram and the libraries, each in a process of its own, one after the other."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import engram
from data import DataSet
from measurements import Point, Series
from peers import PEERS

WORKER = Path(__file__).with_name("worker.py")
LOG_TAIL_BYTES = 4000


@dataclass(frozen=True)
class Run:
    """What all libraries of a run have in common."""

    engram: Path
    data_set: DataSet
    threads: int
    repeats: int
    every: int
    """Each n-th search setting is measured."""
    seconds_max: float
    """A library that takes longer is stopped; what it measured until then is kept."""
    logs: Path


def measure_engram(run: Run, name: str) -> Series:
    """Builds and searches with Engram."""
    series = Series(name, engram.PACKAGE, version=_version(run.engram))
    command = engram.command(run.engram, run.data_set, run.threads, run.every)
    _follow(command, run, series, lambda line: engram.take(series, line))
    return series


def measure_peer(run: Run, name: str) -> Series:
    """Builds and searches with a library, if it is there."""
    kind, _ = PEERS[name]
    series = Series(name, kind.package)
    if importlib.util.find_spec(kind.module) is None:
        series.status, series.reason = "missing", f"no Python module {kind.module}"
        return series
    data_set = run.data_set
    command = [
        sys.executable, str(WORKER), "--library", name, "--data", data_set.folder, "--metric", data_set.metric,
        "--threads", str(run.threads), "--repeats", str(run.repeats), "--every", str(run.every),
        *(["--unit-length"] if data_set.unit_length else []),
    ]
    _follow(command, run, series, lambda line: _take(series, line))
    return series


def _take(series: Series, line: dict[str, Any]) -> None:
    """Adds a line of worker.py to its series."""
    match line.pop("kind"):
        case "point":
            series.peak_resident_bytes = line.pop("peak_resident_bytes")
            series.points.append(Point(**line))
        case "built":
            series.build_s, series.config, series.version = line["build_s"], line["config"], line["version"]
        case "saved":
            series.index_bytes = line["index_bytes"]
        case "missing" | "unsupported" as status:
            series.status, series.reason = status, line["reason"]


def _follow(command: list[str], run: Run, series: Series, take: Callable[[dict[str, Any]], None]) -> None:
    """Runs a command, gives each JSON line it prints to `take`, and notes how it ended."""
    log_path = run.logs / f"{series.name.replace(' ', '-')}.log"
    with open(log_path, "wb") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
            env=os.environ | _environment(series.package),
        )
        assert child.stdout is not None
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            child.kill()

        timer = threading.Timer(run.seconds_max, stop)
        timer.start()
        try:
            for line in child.stdout:
                peak = _peak_resident_bytes(child.pid)
                take(json.loads(line))
                if series.package == engram.PACKAGE and peak:
                    series.peak_resident_bytes = peak
            code = child.wait()
        except BaseException:
            child.kill()
            child.wait()
            raise
        finally:
            timer.cancel()
            child.stdout.close()
    if code != 0:
        series.status = "failed"
        reason = f"stopped after {run.seconds_max:.0f} s" if stopped.is_set() else _reason(code, log_path)
        series.reason = reason


def _environment(package: str) -> dict[str, str]:
    """The exact scan's only threads are those of numpy's BLAS."""
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"} if package == "numpy" else {}


def _reason(code: int, log_path: Path) -> str:
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    tail = log_path.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip().splitlines()
    return tail[-1] if tail else f"exit status {code}"


def _peak_resident_bytes(pid: int) -> int | None:
    """The most memory a process held so far. None once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    peaks = [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")]
    return peaks[0] if peaks else None


def _version(binary: Path) -> str:
    answer = subprocess.run([binary, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return answer.stdout.strip()
