"""Measures how soon `engram mcp` answers after it was started.

usage: cold_start.py PROGRAM [HOME]

The first answer is that to `initialize`, which needs neither the memory nor its model; a search follows at once. A
HOME that is given is copied, and never written to; without one a home of 1,000 episodes is made. Ends with status 1
when the median of the first answers is above the bound.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 11
FIRST_ANSWER_MILLISECONDS_MAX = 200
QUERY = "a large cat"


class Client:
    def __init__(self, program, home, environment):
        self.start = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "mcp", "--home", home], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment,
        )
        self.number = 0

    def send(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method, parameters):
        """The result, and the milliseconds since the program was started."""
        self.number += 1
        self.send({"id": self.number, "method": method, "params": parameters})
        while True:
            answer = json.loads(self.process.stdout.readline())
            if answer.get("id") == self.number:
                return answer["result"], (time.perf_counter() - self.start) * 1e3

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def measure(program, home, environment):
    client = Client(program, home, environment)
    try:
        _, first = client.ask(
            "initialize",
            {
                "protocolVersion": "2025-11-25", "capabilities": {},
                "clientInfo": {"name": "cold_start", "version": "1"},
            },
        )
        client.send({"method": "notifications/initialized"})
        result, search = client.ask(
            "tools/call", {"name": "search_memory", "arguments": {"query": QUERY, "limit": 3}}
        )
    finally:
        client.close()
    return first, search, result["structuredContent"]


def made_home(program, folder, environment):
    home = str(folder / "home")
    lines = "\n".join(
        json.dumps({"id": f"e{number}", "taskDescription": f"feed the large cat of house {number}"})
        for number in range(1000)
    )
    subprocess.run(
        [program, "import", "jsonl", "-", "--home", home], input=lines.encode(), check=True,
        stdout=subprocess.DEVNULL, env=environment,
    )
    return home


def main():
    program = sys.argv[1]
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if len(sys.argv) > 2:
            home = str(folder / "home")
            shutil.copytree(sys.argv[2], home)
        else:
            home = made_home(program, folder, environment)
        runs = [measure(program, home, environment) for _ in range(RUNS)]
        # A model that cannot be there: the search goes by words, and says so.
        nothing = {**environment, "ENGRAM_MODEL_DIR": str(folder / "no-model")}
        _, without, answer = measure(program, home, nothing)
    for title, values in [("initialize", [run[0] for run in runs]), ("search", [run[1] for run in runs])]:
        print(
            f"{title:<12} median {statistics.median(values):7.1f} ms   "
            f"min {min(values):7.1f}   max {max(values):7.1f}   ({RUNS} starts)"
        )
    print(f"{'no model':<12} search {without:7.1f} ms   mode {answer['mode']}: {answer.get('note')}")
    if answer["mode"] != "text" or not answer.get("note"):
        sys.exit("a search without a model did not say that it goes by words")
    if statistics.median(run[0] for run in runs) > FIRST_ANSWER_MILLISECONDS_MAX:
        sys.exit(f"expected the first answer within {FIRST_ANSWER_MILLISECONDS_MAX} ms")


if __name__ == "__main__":
    main()
