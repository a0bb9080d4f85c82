"""A memory with a few episodes, and `engram serve` on it."""

import json
import os
import re
import signal
import subprocess
import urllib.request

HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202e"\'`${7*7}'
TOKEN = "a-token-of-this-test"


def episodes():
    """Tasks of three kinds, so that a map and patterns have something to show."""
    kinds = [
        ("web", "fix the flaky login test", "pytest", "TimeoutError: 1 of 20 failed"),
        ("databases", "move the invoices to the new database", "psql", "LockTimeout: table is locked"),
        ("ci", "make the nightly build faster", "make", "OutOfMemory: killed"),
    ]
    for number in range(12):
        domain, task, tool, error = kinds[number % 3]
        yield {
            "id": f"{domain}-{number}",
            "taskDescription": f"{task}, attempt {number}",
            "context": {"domain": domain, "language": "python"},
            "tags": [domain, "attempt"],
            "steps": [
                {"tool": tool, "action": "look", "result": {"kind": "error", "message": error}, "latency": 2.5},
                {"tool": "edit", "action": "mend what failed", "parameters": {"file": f"{domain}.py"},
                 "result": {"kind": "success", "output": "changed"}},
                {"tool": tool, "action": "look again", "result": {"kind": "success", "output": "all is well"}},
            ],
            "outcome": {"kind": "success", "verdict": f"it works since attempt {number}"}
            if number % 4 else {"kind": "failure", "reason": "no time was left"},
        }
    yield {
        "id": "hostile", "taskDescription": f"hostile page {HOSTILE}", "context": {"domain": HOSTILE[:40]},
        "metadata": {"note": HOSTILE}, "sessionID": "s",
        "steps": [{"tool": HOSTILE[:60], "action": HOSTILE, "result": {"kind": "error", "message": HOSTILE}}],
        "outcome": {"kind": "failure", "reason": HOSTILE},
    }


class Server:
    """Runs until it is closed."""

    def __init__(self, program, home, *arguments, token=None):
        environment = {"ENGRAM_HOME": home, "PATH": os.environ["PATH"]}
        for name in ("ENGRAM_MODEL_DIR", "OPENBLAS_CORETYPE", "XDG_CACHE_HOME", "HOME"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if token:
            environment["ENGRAM_HTTP_TOKEN"] = token
        self.token = token
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", *arguments], env=environment, stderr=subprocess.PIPE, text=True)
        self.lines = []
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"(https?://\S+:\d+)", line)
            if found:
                self.address = found.group(1)
                return
        raise RuntimeError("the server did not start: " + "".join(self.lines))

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path, method=method, data=None if body is None else json.dumps(body).encode())
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def fill(self):
        """Episodes, links, a history, patterns and feedback on one of them."""
        for episode in episodes():
            self.ask("POST", "/v1/episodes", episode)
        self.ask("POST", "/v1/relations", {"from": "web-3", "to": "web-0", "kind": "follows", "reason": HOSTILE})
        self.ask("PATCH", "/v1/episodes/web-0", {"supersededBy": "web-9"})
        for _ in range(600):
            if self.ask("GET", "/v1/patterns?kind=errorRecovery")["patterns"]:
                break
        for effect in ("helped", "hindered", "helped"):
            advice = self.ask("POST", "/v1/recommendations", {"task": "fix the flaky login test", "any": True})
            self.ask("POST", f"/v1/recommendations/{advice['recommendationID']}/feedback", {
                "patternID": advice["patterns"][0]["id"], "effect": effect})
        return advice["patterns"][0]["id"]

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.process.stderr.close()
