"""Makes requests of the served OpenAPI document, right and wrong ones, and checks what is answered.

usage: openapi_test.py PROGRAM [EXAMPLES]
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
TOKEN = "a-token-that-is-long-enough-for-this-test"


def ask(address, method, path, body=None):
    request = urllib.request.Request(
        address + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def address_of(server):
    line = server.stdout.readline()
    if " at http" not in line:
        sys.exit("the server did not start: " + line)
    return line.rsplit(" at ", 1)[1].strip()


def fill(address):
    """Records that reads find."""
    for number in range(3):
        episode = {
            "id": f"e{number}",
            "taskDescription": f"fix the pump {number}",
            "outcome": {"kind": "success"},
            "steps": [
                {"tool": tool, "action": "look", "result": {"kind": "success"}}
                for tool in ("grep", "edit", "pytest")
            ],
        }
        ask(address, "POST", "/v1/episodes", episode)
    ask(address, "POST", "/v1/learning", {})


def main():
    program = sys.argv[1]
    examples = sys.argv[2] if len(sys.argv) > 2 else "8"
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "ENGRAM_HTTP_TOKEN": TOKEN}
        server = subprocess.Popen(
            [program, "serve", "--home", home, "--port", "0"],
            stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, env=environment,
        )
        try:
            address = address_of(server)
            fill(address)
            start = time.monotonic()
            run = subprocess.run(
                [
                    pathlib.Path(sys.executable).parent / "st", "run", address + "/v1/openapi.json",
                    "--header", "Authorization: Bearer " + TOKEN,
                    "--checks", "all",
                    # Its place takes the check of the hooks.
                    "--exclude-checks", "positive_data_acceptance",
                    # This server has no folder for them.
                    "--exclude-path", "/v1/store/backups",
                    # The same requests each time.
                    "--generation-deterministic",
                    "--max-examples", examples, "--phases", "examples,coverage,fuzzing,stateful",
                    "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all",
                    "--request-timeout", "60", "--warnings", "off",
                ],
                cwd=home, env={**environment, "PYTHONPATH": str(HERE), "SCHEMATHESIS_HOOKS": "hooks"},
                timeout=600,
            )
            print(f"took {time.monotonic() - start:.0f} s")
            if ask(address, "GET", "/healthz") != {"status": "ok"}:
                sys.exit("the server is not well")
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=60)
            except subprocess.TimeoutExpired:
                server.kill()
        if server.returncode != 0:
            sys.exit(f"the server ended with status {server.returncode}")
        sys.exit(run.returncode)


if __name__ == "__main__":
    main()
