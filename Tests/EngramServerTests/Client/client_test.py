"""`engram mcp` over stdio, and `engram serve` over HTTP, as the protocol's own client sees them.

usage: client_test.py PROGRAM

The client checks each structured result against the tool's output schema, and each message against the
version that was negotiated.
"""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "engram"
MODES = ("auto", "legacy", "2026-07-28")

# The client and asyncio's debug mode tell of what is slow; a shared machine is.
logging.disable(logging.WARNING)


def environment(home):
    variables = {"ENGRAM_HOME": home}
    for name in ("ENGRAM_MODEL_DIR", "OPENBLAS_CORETYPE", "XDG_CACHE_HOME"):
        if name in os.environ:
            variables[name] = os.environ[name]
    return variables


def server(home):
    return StdioServerParameters(command=PROGRAM, args=["mcp"], env=environment(home))


class ClientTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="engram-mcp-")
        self.addCleanup(folder.cleanup)
        self.home = os.path.join(folder.name, "home")

    def client(self, mode, **options):
        return Client(server(self.home), mode=mode, read_timeout_seconds=60, **options)

    async def call(self, client, tool, **arguments):
        result = await client.call_tool(tool, arguments)
        self.assertFalse(result.is_error, f"{tool}: {result.content}")
        self.assertEqual(json.loads(result.content[0].text), result.structured_content)
        return result.structured_content

    async def refused(self, client, tool, **arguments):
        result = await client.call_tool(tool, arguments)
        self.assertTrue(result.is_error, f"{tool}: {result.content}")
        return result.content[0].text

    async def test_negotiates(self):
        versions = {"auto": "2026-07-28", "legacy": "2025-11-25", "2026-07-28": "2026-07-28"}
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.client(mode) as client:
                    self.assertEqual(client.protocol_version, versions[mode])
                    tools = (await client.list_tools()).tools
                    self.assertLessEqual(len(tools), 16)
                    for tool in tools:
                        hints = tool.annotations
                        self.assertIsNotNone(tool.output_schema, tool.name)
                        for hint in ("read_only", "destructive", "idempotent", "open_world"):
                            self.assertIsNotNone(getattr(hints, hint + "_hint"), tool.name)

    async def test_every_tool(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.client(mode) as client:
                    used = await self.use_every_tool(client)
                    names = {tool.name for tool in (await client.list_tools()).tools}
                    self.assertEqual(used, names)

    async def use_every_tool(self, client):
        used = set()

        async def call(tool, **arguments):
            used.add(tool)
            return await self.call(client, tool, **arguments)

        started = await call(
            "start_episode", taskDescription="Fix the flaky login test", taskType="debugging",
            context={"domain": "web", "language": "python"}, tags=["auth"])
        episode = started["episode"]["id"]
        await call(
            "log_steps", episodeID=episode,
            steps=[
                {"tool": "pytest", "action": "run the tests", "result": {"kind": "error", "message": "1 failed"}},
                {"tool": "edit", "action": "raise the timeout", "result": {"kind": "success", "output": "ok"}},
            ])
        await call("checkpoint", episodeID=episode, label="edited")
        resumed = await call("resume", episodeID=episode, agentID="ben")
        self.assertEqual(resumed["nextStepNumber"], 3)
        await call("complete_episode", episodeID=episode, outcome={"kind": "success", "verdict": "a timeout"})
        found = await call("search_memory", query="sign-in check is unreliable")
        self.assertIn(episode, [hit["episode"]["id"] for hit in found["hits"]])
        self.assertEqual((await call("get_episode", episodeID=episode))["episode"]["agentID"], "ben")
        self.assertEqual((await call("list_episodes", limit=1))["episodes"][0]["id"], episode)
        await call("update_episode", episodeID=episode, metadata={"ticket": "WEB-41"})
        recorded = await call(
            "record_episode", taskDescription="Roll back the release", outcome={"kind": "failure", "reason": "disk"})
        # What was completed is learned from in the background.
        for _ in range(100):
            recommended = await call("recommend", task="flaky login test", context={"domain": "web"})
            if recommended["patterns"]:
                break
            await asyncio.sleep(0.1)
        await call(
            "give_feedback", recommendationID=recommended["recommendationID"],
            patternID=recommended["patterns"][0]["id"], effect="helped")
        self.assertTrue((await call("search_patterns", query="timeout"))["patterns"])
        self.assertTrue((await call("get_playbook", task="flaky login test"))["playbook"]["steps"])
        self.assertEqual((await call("memory_status"))["problems"], [])
        ids = [episode, recorded["episode"]["id"]]
        self.assertEqual((await call("forget", episodeIDs=ids))["episodes"], 2)
        return used

    async def test_resources_and_prompts(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.client(mode) as client:
                    started = await self.call(client, "start_episode", taskDescription="Sort the invoices")
                    uri = started["episode"]["uri"]
                    listed = await client.list_resources()
                    self.assertIn(uri, [str(resource.uri) for resource in listed.resources])
                    self.assertEqual(len((await client.list_resource_templates()).resource_templates), 2)
                    read = await client.read_resource(uri)
                    self.assertEqual(json.loads(read.contents[0].text)["taskDescription"], "Sort the invoices")
                    with self.assertRaises(MCPError) as missing:
                        await client.read_resource("engram://episode/nobody")
                    code = -32002 if mode == "legacy" else -32602
                    self.assertEqual(missing.exception.error.code, code)
                    prompts = (await client.list_prompts()).prompts
                    self.assertEqual([p.name for p in prompts], ["recall-before-task", "reflect-after-task"])
                    recall = await client.get_prompt("recall-before-task", {"task": "sort invoices"})
                    self.assertIn("Sort the invoices", recall.messages[0].content.text)
                    reflect = await client.get_prompt(
                        "reflect-after-task", {"episodeID": started["episode"]["id"]})
                    self.assertIn("complete_episode", reflect.messages[0].content.text)
                    completed = await client.complete(
                        types.PromptReference(type="ref/prompt", name="reflect-after-task"),
                        {"name": "episodeID", "value": started["episode"]["id"][:20]})
                    self.assertIn(started["episode"]["id"], completed.completion.values)

    async def test_bad_input(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.client(mode) as client:
                    self.assertIn("did you mean 'query'?", await self.refused(client, "search_memory", querry="x"))
                    self.assertIn("limit: is 0", await self.refused(client, "search_memory", query="x", limit=0))
                    self.assertIn("nobody", await self.refused(client, "get_episode", episodeID="nobody"))
                    with self.assertRaises(MCPError) as unknown:
                        await client.call_tool("frobnicate", {})
                    self.assertEqual(unknown.exception.error.code, -32602)
                    with self.assertRaises(MCPError):
                        await client.get_prompt("nothing")
                    huge = "x" * (40 << 20)
                    with self.assertRaises((MCPError, TimeoutError)):
                        # The answer cannot name the request: it was too long to be read.
                        await client.call_tool("search_memory", {"query": huge}, read_timeout_seconds=3)
                    await self.call(client, "memory_status")

    async def test_concurrent_calls(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.client(mode) as client:
                    started = await asyncio.gather(*[
                        self.call(client, "start_episode", taskDescription=f"the task {n} of {mode}")
                        for n in range(40)
                    ])
                    ids = {one["episode"]["id"] for one in started}
                    self.assertEqual(len(ids), 40)
                    found = await asyncio.gather(*[
                        self.call(client, "search_memory", query=f"the task {n} of {mode}", limit=100)
                        for n in range(40)
                    ])
                    for one in found:
                        self.assertTrue(ids <= {hit["episode"]["id"] for hit in one["hits"]})

    async def test_progress_and_cancellation(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                told = []

                async def progress(done, total, message):
                    told.append(done)

                async with self.client(mode) as client:
                    await client.call_tool(
                        "start_episode", {"taskDescription": "with progress"}, progress_callback=progress)
                    self.assertEqual(told, sorted(set(told)))
                    self.assertTrue(told)
                    with self.assertRaises(TimeoutError):
                        async with asyncio.timeout(0.0001):
                            await client.call_tool("search_memory", {"query": "given up"})
                    await self.call(client, "memory_status")

    async def test_subscriptions(self):
        async with self.client("2026-07-28") as client:
            started = await self.call(client, "start_episode", taskDescription="Watch me")
            uri = started["episode"]["uri"]
            async with client.listen(resource_subscriptions=[uri]) as stream:
                await self.call(client, "update_episode", episodeID=started["episode"]["id"], tags=["seen"])
                event = await asyncio.wait_for(anext(aiter(stream)), 20)
                self.assertEqual(event.uri, uri)
        heard = asyncio.Event()

        async def handle(message):
            root = getattr(message, "root", message)
            if getattr(root, "method", "") == "notifications/resources/updated":
                heard.set()

        async with self.client("legacy", message_handler=handle) as client:
            await client.subscribe_resource(uri)
            await self.call(client, "update_episode", episodeID=started["episode"]["id"], tags=["again"])
            await asyncio.wait_for(heard.wait(), 20)

    def run_raw(self, lines):
        process = subprocess.Popen(
            [PROGRAM, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | environment(self.home))
        output, errors = process.communicate(b"".join(line + b"\n" for line in lines), timeout=60)
        return process.returncode, [json.loads(line) for line in output.splitlines()], errors

    def test_malformed_frames(self):
        ping = b'{"jsonrpc":"2.0","id":"ping","method":"ping"}'
        bad = [b"{", b"\xff\xfe", b"[]", b"7", b'{"jsonrpc":"2.0","id":1}', b"[" * 100000]
        status, answers, errors = self.run_raw([*bad, ping])
        self.assertEqual(status, 0, errors)
        self.assertEqual(errors, b"")
        codes = sorted(answer["error"]["code"] for answer in answers if "error" in answer)
        self.assertEqual(codes, [-32700, -32700, -32700, -32600, -32600, -32600])
        self.assertIn({"jsonrpc": "2.0", "id": "ping", "result": {}}, answers)

    def test_what_was_asked_before_the_end_is_answered(self):
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        lines = [
            json.dumps({
                "jsonrpc": "2.0", "id": n, "method": "tools/call",
                "params": {"name": "start_episode", "arguments": {"taskDescription": f"task {n}"}, "_meta": meta},
            }).encode()
            for n in range(10)
        ]
        status, answers, errors = self.run_raw(lines)
        self.assertEqual((status, errors), (0, b""))
        self.assertEqual({answer["id"] for answer in answers}, set(range(10)))
        self.assertEqual(self.stored(), 10)

    def stored(self):
        run = subprocess.run(
            [PROGRAM, "stats", "--format", "json", "--home", self.home], capture_output=True, check=True)
        return json.loads(run.stdout)["episodes"]

    def test_a_killed_client_leaves_nothing_behind(self):
        # A client of its own process group is killed in the middle; the server must end by itself.
        code = f"""
import json, subprocess, sys
p = subprocess.Popen([{PROGRAM!r}, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(p.pid, flush=True)
meta = {{"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {{}}}}
n = 0
while True:
    n += 1
    request = {{"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": {{"name": "start_episode",
        "arguments": {{"taskDescription": f"task {{n}}"}}, "_meta": meta}}}}
    p.stdin.write((json.dumps(request) + "\\n").encode()); p.stdin.flush()
    answer = json.loads(p.stdout.readline())
    assert not answer["result"]["isError"], answer
    print("stored", flush=True)
"""
        client = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | environment(self.home))
        pid = int(client.stdout.readline())
        acknowledged = 0
        while acknowledged < 20:
            self.assertEqual(client.stdout.readline(), b"stored\n")
            acknowledged += 1
        os.kill(client.pid, signal.SIGKILL)
        acknowledged += client.communicate()[0].count(b"stored")
        for _ in range(200):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                break
            with open(f"/proc/{pid}/stat") as status:
                if status.read().rpartition(")")[2].split()[0] == "Z":
                    break
            time.sleep(0.1)
        else:
            self.fail("the server outlived its client by 20 s")
        self.assertGreaterEqual(self.stored(), acknowledged)

    def test_sigterm_ends_it_cleanly(self):
        process = subprocess.Popen(
            [PROGRAM, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | environment(self.home))
        process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
        process.stdin.flush()
        self.assertIn(b'"result":{}', process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        process.stdin.close()
        process.stdout.close()


class HTTPClientTest(ClientTest):
    """The same over streamable HTTP, but for what is of stdio alone."""

    test_malformed_frames = None
    test_what_was_asked_before_the_end_is_answered = None
    test_a_killed_client_leaves_nothing_behind = None
    test_sigterm_ends_it_cleanly = None
    token = "a-token-that-nobody-guesses"

    def setUp(self):
        super().setUp()
        self.server = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True,
            env=os.environ | environment(self.home))
        self.addCleanup(self.end)
        line = self.server.stderr.readline()
        self.assertIn(" at http://127.0.0.1:", line)
        self.url = line.split()[-1]

    def end(self):
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(30), 0, self.server.stderr.read())
        self.server.stderr.close()

    def client(self, mode, **options):
        return Client(self.url + "/mcp", mode=mode, read_timeout_seconds=60, **options)

    async def test_a_server_that_ends_lets_go_of_streams(self):
        async with self.client("2026-07-28") as client:
            async with client.listen(resources_list_changed=True):
                self.server.send_signal(signal.SIGTERM)
                self.assertEqual(await asyncio.to_thread(self.server.wait, 20), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
