#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Batches of `syrinx serve` outlive their server.

    serve_batches_test.py PROGRAM

A server is killed (SIGKILL) twice in the middle of a batch and of a long text. What was finished is
not made again, what was not is made, and every result is the bytes that a direct request gives, or
that `syrinx read` makes of the text.
"""
import hashlib
import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ITEMS = 60
SENTENCES = 60


class Server:
    """A running `syrinx serve` on a free port."""

    def __init__(self, program, folder, *options):
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--no-log", "--jobs", str(folder / "jobs"),
             "--config", str(folder / "config"), "--max-wait", "60", *options],
            stdout=subprocess.PIPE, text=True,
            env={k: v for k, v in os.environ.items() if k != "SYRINX_API_KEY"})
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)$", line.strip()).group(1))

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, (method, path, answer.status, content[:500])
        return content

    def json(self, method, path, body=None):
        return json.loads(self.ask(method, path, body))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0


def request_of(number):
    return {"input": f"Request number {number} is said here.", "response_format": "mp3",
            "voice": ("slt", "rms")[number % 2]}


def wait_for(what, holds):
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError(f"{what} did not happen within a minute")


def check_batch(program, folder):
    lines = "\n".join(json.dumps({"custom_id": f"item-{i}", "method": "POST",
                                  "url": "/v1/audio/speech", "body": request_of(i)})
                      for i in range(ITEMS))
    server = Server(program, folder)
    batch = server.json("POST", "/v1/batches", lines)["id"]
    done = [0]
    for _ in range(2):
        before = done[-1]
        wait_for("progress", lambda: server.json("GET", f"/v1/batches/{batch}")
                 ["request_counts"]["completed"] >= before + 4)
        items = server.json("GET", f"/v1/batches/{batch}/items")["data"]
        done.append(sum(item["status"] == "completed" for item in items))
        written = written_files(folder, batch)
        server.kill()
        server = Server(program, folder)
    wait_for("the end", lambda: server.json("GET", f"/v1/batches/{batch}")["status"] == "completed")
    assert done[-1] < ITEMS, "the server was killed too late to show anything"
    after = written_files(folder, batch)
    again = [name for name, stamp in written.items() if after[name] != stamp]
    # What the last moment before the kill finished may not have been noted: two workers' items.
    assert len(again) <= 2, f"made again: {again}"
    made = server.json("GET", "/v1/stats")["batches"]["items_completed"]
    assert made <= ITEMS - done[-1], (made, done)
    check_results(server, batch)
    server.stop()


def written_files(folder, batch):
    place = folder / "jobs" / "results" / batch
    return {path.name: path.stat().st_mtime_ns for path in place.glob("[0-9]*")}


def check_results(server, batch):
    archive = tarfile.open(fileobj=io.BytesIO(server.ask("GET", f"/v1/batches/{batch}/output")))
    index = json.load(archive.extractfile("index.json"))
    assert index["batch"]["request_counts"]["completed"] == ITEMS
    for item in index["items"]:
        sound = archive.extractfile(item["result"]["file"]).read()
        assert hashlib.sha256(sound).hexdigest() == item["result"]["sha256"], item
        direct = server.ask("POST", "/v1/audio/speech", json.dumps(request_of(item["number"])))
        assert sound == direct, f"item {item['number']} is not what a direct request gives"


def check_reading(program, folder):
    text = " ".join(f"This is sentence {i} of a text that is read aloud." for i in
                    range(SENTENCES))
    server = Server(program, folder)
    batch = server.json("POST", "/v1/batches", json.dumps(
        {"input": text, "response_format": "wav", "voice": "rms"}))["id"]
    for share in (0.1, 0.4):
        wait_for("progress", lambda: server.json("GET", f"/v1/batches/{batch}")["progress"] > share)
        assert server.json("GET", f"/v1/batches/{batch}")["eta_s"] is not None
        server.kill()
        server = Server(program, folder)
        at_least = server.json("GET", f"/v1/batches/{batch}")
        assert at_least["status"] == "in_progress", at_least
    wait_for("the end", lambda: server.json("GET", f"/v1/batches/{batch}")["status"] == "completed")
    sound = server.ask("GET", f"/v1/batches/{batch}/items/0")
    server.stop()
    (folder / "text.txt").write_text(text)
    subprocess.run([program, "read", folder / "text.txt", "-o", folder / "text.wav", "--voice",
                    "rms", "-q"], check=True, timeout=120)
    assert sound == (folder / "text.wav").read_bytes(), "the file is not what `syrinx read` makes"


def check_warming(program, folder):
    requests = folder / "warm.jsonl"
    requests.write_text("\n".join(json.dumps(request_of(i)) for i in range(4)))
    server = Server(program, folder, "--cache", "50", "--cache-folder", str(folder / "cache"),
                    "--warm", str(requests))
    wait_for("warmth", lambda: server.json("GET", "/v1/stats")["cache"]["entries"] == 4)
    before = server.json("GET", "/v1/stats")["cache"]["hits"]
    server.ask("POST", "/v1/audio/speech", json.dumps(request_of(3)))
    assert server.json("GET", "/v1/stats")["cache"]["hits"] == before + 1
    server.stop()


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_batch(program, folder)
        check_reading(program, folder)
        check_warming(program, folder)


if __name__ == "__main__":
    main()
