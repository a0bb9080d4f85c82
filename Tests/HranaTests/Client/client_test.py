"""Asks `engram serve --hrana` with libSQL's own Python clients.

usage: client_test.py ENGRAM
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

import libsql
import turso_serverless

ENGRAM = sys.argv.pop(1)
TOKEN = "write-token-of-the-test"
READ_TOKEN = "read-token-of-the-test"


class Server:
    """A server on a home of its own, and on a port that was free."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="engram-hrana-")
        for name, token in (("token", TOKEN), ("read-token", READ_TOKEN)):
            path = os.path.join(self.home.name, name)
            with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(token)
        self.process = subprocess.Popen(
            [
                ENGRAM, "serve", "--home", os.path.join(self.home.name, "home"), "--port", "0",
                "--hrana", "--token-file", os.path.join(self.home.name, "token"),
                "--hrana-read-token-file", os.path.join(self.home.name, "read-token"),
            ],
            stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self.url = re.search(r"http://\S+", self._first_line()).group(0)

    def _first_line(self):
        lines = []
        found = threading.Event()

        def read(stream):
            for line in stream:
                lines.append(line)
                if "http://" in line:
                    found.set()

        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=read, args=(stream,), daemon=True).start()
        if not found.wait(120):
            raise RuntimeError("the server did not start: " + "".join(lines))
        return next(line for line in lines if "http://" in line)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.home.cleanup()


def setUpModule():
    global server
    server = Server()
    connection = connect()
    connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data)")
    connection.commit()
    connection.close()


def tearDownModule():
    server.stop()


def connect(token=TOKEN, **options):
    return turso_serverless.connect(server.url, auth_token=token, **options)


def post(path, body, token=TOKEN):
    """The status and the body of an answer."""
    request = urllib.request.Request(
        server.url + path, data=json.dumps(body).encode(), method="POST",
        headers={"Content-Type": "application/json"} | ({"Authorization": "Bearer " + token} if token else {}))
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Clean(unittest.TestCase):
    def setUp(self):
        connection = connect(isolation_level=None)
        connection.execute("DELETE FROM things")
        connection.close()


class Turso(Clean):
    def setUp(self):
        super().setUp()
        self.connection = connect()
        self.addCleanup(self.connection.close)

    def test_values_come_back(self):
        values = [
            None, 0, 2**63 - 1, -(2**63), 0.1, 5e-324, 1.7976931348623157e308, "", "é 😀 \0 \"\\\n",
            b"", b"\0\xff", bytes(range(256)) * 1000,
        ]
        for value in values:
            self.assertEqual(self.connection.execute("SELECT ?", (value,)).fetchone(), (value,))
        self.assertEqual(math.copysign(1, self.connection.execute("SELECT ?", (-0.0,)).fetchone()[0]), -1)

    def test_names(self):
        row = self.connection.execute("SELECT :a AS x, :b", {"a": 1, "b": 2}).fetchone()
        self.assertEqual(row, (1, 2))

    def test_counts_and_row_ids(self):
        cursor = self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        first = cursor.lastrowid
        self.assertEqual(cursor.rowcount, 1)
        cursor = self.connection.execute("INSERT INTO things (name) VALUES ('b')")
        self.assertEqual(cursor.lastrowid, first + 1)
        self.assertEqual(self.connection.execute("UPDATE things SET data = 1").rowcount, 2)

    def test_transactions(self):
        other = connect()
        self.addCleanup(other.close)
        self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        self.assertTrue(self.connection.in_transaction)
        count = "SELECT count(*) FROM things"
        self.assertEqual(other.execute(count).fetchone(), (0,))
        self.connection.rollback()
        self.assertEqual(other.execute(count).fetchone(), (0,))
        with self.connection:
            self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        self.assertEqual(other.execute(count).fetchone(), (1,))

    def test_closing_undoes(self):
        other = connect()
        other.execute("INSERT INTO things (name) VALUES ('a')")
        other.close()
        self.assertEqual(self.connection.execute("SELECT count(*) FROM things").fetchone(), (0,))

    def test_many(self):
        self.connection.executemany(
            "INSERT INTO things (name) VALUES (?)", [(f"n{number}",) for number in range(50)])
        self.connection.commit()
        rows = self.connection.execute("SELECT name FROM things ORDER BY id").fetchall()
        self.assertEqual(rows, [(f"n{number}",) for number in range(50)])

    def test_script(self):
        self.connection.executescript(
            "INSERT INTO things (name) VALUES ('a'); INSERT INTO things (name) VALUES ('b;c'); -- end")
        self.assertEqual(
            self.connection.execute("SELECT name FROM things ORDER BY id").fetchall(), [("a",), ("b;c",)])

    def test_large_results(self):
        rows = self.connection.execute(
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 50000) "
            "SELECT x, 'text ' || x FROM c").fetchall()
        self.assertEqual(len(rows), 50_000)
        self.assertEqual(rows[-1], (50_000, "text 50000"))

    def test_errors(self):
        self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        with self.assertRaises(turso_serverless.IntegrityError):
            self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        # The statement failed, not the transaction.
        self.assertTrue(self.connection.in_transaction)
        self.connection.commit()
        for sql in ("SELEC 1", "SELECT missing", "SELECT * FROM nothing", "ATTACH 'x' AS y", "VACUUM INTO 'x'"):
            with self.assertRaises(turso_serverless.OperationalError, msg=sql):
                self.connection.execute(sql)
        self.assertEqual(self.connection.execute("SELECT count(*) FROM things").fetchone(), (1,))

    def test_tokens(self):
        reader = connect(READ_TOKEN, isolation_level=None)
        self.addCleanup(reader.close)
        self.assertEqual(reader.execute("SELECT count(*) FROM things").fetchone(), (0,))
        for sql in ("INSERT INTO things (name) VALUES ('a')", "DROP TABLE things", "PRAGMA query_only = 0"):
            with self.assertRaises(turso_serverless.OperationalError, msg=sql):
                reader.execute(sql)
        for token in ("another-token-of-somebody", None):
            with self.assertRaisesRegex(turso_serverless.Error, "401"):
                connect(token).execute("SELECT 1")

    def test_concurrency(self):
        failures = []

        def work(client):
            try:
                own = connect(isolation_level=None)
                for number in range(25):
                    own.execute("INSERT INTO things (name) VALUES (?)", (f"{client}-{number}",))
                own.close()
            except Exception as error:  # Told by the test itself.
                failures.append(error)

        threads = [threading.Thread(target=work, args=(client,)) for client in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(self.connection.execute("SELECT count(*) FROM things").fetchone(), (200,))

    def test_the_memory_sees_what_is_written(self):
        before = self.connection.execute("SELECT max(sequence) FROM changes").fetchone()[0] or 0
        self.connection.execute(
            "INSERT INTO episodes (id, task_description, start_time, tags) VALUES (?, ?, 0, '[\"by-sql\"]')",
            ("by-sql", "written by SQL"))
        self.connection.commit()
        rows = self.connection.execute(
            "SELECT kind, record_id FROM changes WHERE sequence > ?", (before,)).fetchall()
        self.assertIn(("episode", "by-sql"), rows)
        self.assertEqual(self.connection.execute("SELECT name FROM tags").fetchall(), [("by-sql",)])
        request = urllib.request.Request(
            server.url + "/v1/episodes/by-sql", headers={"Authorization": "Bearer " + TOKEN})
        with urllib.request.urlopen(request) as answer:
            self.assertIn("written by SQL", answer.read().decode())
        with self.assertRaises(turso_serverless.OperationalError):
            self.connection.execute("INSERT INTO changes (kind, record_id, operation) VALUES ('a', 'b', 'c')")


class LibSQL(Clean):
    def setUp(self):
        super().setUp()
        self.connection = libsql.connect(database=server.url, auth_token=TOKEN)

    def test_values_come_back(self):
        # It sends whole numbers of more than 32 bits as floats, but reads them whole.
        for value in (None, 2**31 - 1, 0.1, "é 😀", b"\0\xff" * 1000):
            self.assertEqual(self.connection.execute("SELECT ?", (value,)).fetchone(), (value,))
        whole = self.connection.execute("SELECT 9223372036854775807").fetchone()
        self.assertEqual(whole, (2**63 - 1,))

    def test_transactions(self):
        self.connection.execute("INSERT INTO things (name) VALUES (?)", ("a",))
        self.connection.rollback()
        self.assertEqual(self.connection.execute("SELECT count(*) FROM things").fetchone(), (0,))
        self.connection.execute("INSERT INTO things (name) VALUES (?)", ("a",))
        self.connection.commit()
        self.assertEqual(connect().execute("SELECT name FROM things").fetchall(), [("a",)])

    def test_batch(self):
        self.connection.executescript(
            "INSERT INTO things (name) VALUES ('a'); INSERT INTO things (name) VALUES ('b');")
        self.connection.executemany("INSERT INTO things (name) VALUES (?)", [("c",), ("d",)])
        self.connection.commit()
        self.assertEqual(self.connection.execute("SELECT count(*) FROM things").fetchone(), (4,))

    def test_errors(self):
        with self.assertRaises(Exception):
            self.connection.execute("SELECT missing FROM things").fetchall()
        self.connection.execute("INSERT INTO things (name) VALUES ('a')")
        self.connection.commit()
        with self.assertRaisesRegex(Exception, "UNIQUE"):
            self.connection.execute("INSERT INTO things (name) VALUES ('a')")

    def test_wrong_token(self):
        with self.assertRaises(Exception):
            libsql.connect(database=server.url, auth_token="another-token").execute("SELECT 1").fetchall()


class Wire(Clean):
    def test_versions(self):
        for path in ("/v2", "/v3"):
            with urllib.request.urlopen(server.url + path) as answer:
                self.assertEqual(answer.status, 200)

    def test_statuses(self):
        ask = {"requests": [{"type": "execute", "stmt": {"sql": "SELECT 1"}}]}
        self.assertEqual(post("/v2/pipeline", ask)[0], 200)
        self.assertEqual(post("/v3/pipeline", ask, token=None)[0], 401)
        self.assertEqual(post("/v3/pipeline", {"baton": "none", "requests": []})[0], 400)
        status, body = post("/v3/pipeline", {"requests": [{"type": "fly"}]})
        self.assertEqual(status, 400)
        self.assertIn("requests[0].type", body)
        self.assertEqual(post("/v3/nothing", {})[0], 404)


if __name__ == "__main__":
    unittest.main(verbosity=1)
