#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`syrinx serve` as its clients meet it.

    serve_test.py PROGRAM BUILD_FOLDER

OpenAI's own client for Node (build/npm, by tools/fetch_openai) asks for speech; a client of
Wyoming, written from its description, speaks with it; SIGTERM in the middle of an answer loses
nothing. Ends with 77 when only the client for Node was missing and all else was right.
"""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
KEY = "sk-test-of-the-server"


class Server:
    """A running `syrinx serve` on free ports."""

    def __init__(self, program, *options):
        self.log = []
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--wyoming-port", "0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "SYRINX_API_KEY": KEY})
        self.port, self.wyoming_port = self.announced(), self.announced()
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()

    def announced(self):
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)$", line.strip())
        assert found, f"instead of an address: {line!r} {self.process.stderr.read()}"
        return int(found.group(1))

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.reader.join(timeout=5)
        return code

    def ask(self, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST" if body else "GET", path, json.dumps(body) if body else None,
                           {"Authorization": f"Bearer {KEY}"})
        return connection.getresponse()


class Wyoming:
    """A client of Wyoming: JSON lines, then data, then payload."""

    def __init__(self, port):
        self.file = socket.create_connection(("127.0.0.1", port), timeout=60).makefile("rwb")

    def send(self, kind, data):
        body = json.dumps(data).encode()
        head = {"type": kind, "version": "1.5.4", "data_length": len(body)}
        self.file.write(json.dumps(head).encode() + b"\n" + body)
        self.file.flush()

    def read(self):
        head = json.loads(self.file.readline())
        data = dict(head.get("data") or {})
        if length := head.get("data_length"):
            data.update(json.loads(self.file.read(length)))
        return head["type"], data, self.file.read(head.get("payload_length") or 0)


def check_wyoming(server):
    client = Wyoming(server.wyoming_port)
    client.send("describe", {})
    kind, info, _ = client.read()
    assert kind == "info" and info["tts"][0]["voices"], info
    client.send("synthesize", {"text": "Hello there. Good day.", "voice": {"name": "rms"}})
    kind, audio_format, _ = client.read()
    assert kind == "audio-start" and audio_format["width"] == 2, (kind, audio_format)
    samples = 0
    while True:
        kind, data, payload = client.read()
        if kind == "audio-stop":
            break
        assert kind == "audio-chunk" and data == audio_format, (kind, data)
        samples += len(payload) // 2
    assert 1 < samples / audio_format["rate"] < 10, samples


def check_openai(server, build):
    modules = Path(build).parent / "npm"
    if not shutil.which("node") or not (modules / "node_modules" / "openai").exists():
        return False
    done = subprocess.run(["node", HERE / "openai_client.mjs", f"http://127.0.0.1:{server.port}",
                           KEY, modules], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return True


def check_drain(program):
    """Answers that have begun come to their end; the server then ends by itself."""
    server = Server(program)
    text = "This sentence is said while the server is told to end. " * 20
    answer = server.ask("/v1/audio/speech", {"input": text, "response_format": "pcm"})
    answer.read(1000)
    server.process.send_signal(signal.SIGTERM)
    rest = answer.read()
    assert answer.status == 200 and len(rest) > 20 * 2 * 24_000, len(rest)
    assert server.process.wait(timeout=60) == 0


def check_log(server):
    lines = [json.loads(line)["entry"] for line in server.log if line.startswith("{")]
    assert any(line["path"] == "/v1/audio/speech" and line.get("first_audio_ms", 0) > 0
               for line in lines), lines[:3]
    assert KEY not in "".join(server.log), "the key is in the log"


def check_refusals(program):
    """What cannot be served is said and ends with 2 or 6."""
    for options, code, word in ((["--host", "0.0.0.0"], 2, "key"),
                                (["--host", "nowhere"], 2, "key"),
                                (["--tls-cert", "x"], 2, "tls"), (["--keys", "/none"], 3, "/none")):
        done = subprocess.run([program, "serve", "--port", "0", *options], capture_output=True,
                              text=True, timeout=60, check=False,
                              env={k: v for k, v in os.environ.items() if k != "SYRINX_API_KEY"})
        assert done.returncode == code and word in done.stderr.lower(), (options, done)


def check_manners(server):
    """A caption in a manner has the times that were asked for; the server watches its memory."""
    def caption(**members):
        answer = server.ask("/v1/audio/speech/captioned", {"input": "You came at last.", **members})
        assert answer.status == 200, answer.status
        return json.loads(answer.read().splitlines()[0])
    plain = caption()
    sad = caption(emotion="sad", timestamp_granularities=["character", "viseme"])
    assert sad["end_s"] > 1.1 * plain["end_s"], (sad["end_s"], plain["end_s"])
    assert "".join(one["text"] for one in sad["characters"]) == "Youcameatlast", sad["characters"]
    assert len(sad["visemes"]) == len(plain["phonemes"]) and "words" not in sad
    refused = server.ask("/v1/audio/speech", {"input": "Hi.", "emotion": "hungry"})
    assert refused.status == 400 and b"afraid, angry" in refused.read()
    metrics = server.ask("/metrics").read().decode()
    assert re.search(r"^syrinx_memory_leaking 0$", metrics, re.MULTILINE), metrics


def main():
    program, build = sys.argv[1:3]
    folder = tempfile.TemporaryDirectory()
    server = Server(program, "--jobs", folder.name)
    check_wyoming(server)
    assert server.ask("/v1/audio/speech", {"input": "Hello."}).status == 200
    check_manners(server)
    had_client = check_openai(server, build)
    time.sleep(0.1)
    assert server.stop() == 0
    check_log(server)
    check_drain(program)
    check_refusals(program)
    if not had_client:
        print("OpenAI's client is not in build/npm (tools/fetch_openai): that part was skipped.")
        sys.exit(77)


if __name__ == "__main__":
    main()
