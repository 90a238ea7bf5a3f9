#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`wrk` against `syrinx serve`: /healthz as fast as it can, and speech by many connections at once.

    serve_wrk_test.py PROGRAM

Holds that nothing fails but what is told to come again (429), and that the server ends in order
afterwards; no speed is asked for. Ends with 77 where there is no wrk.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "wrk_speech.lua"


def wrk(*arguments):
    done = subprocess.run(["wrk", *arguments], capture_output=True, text=True, timeout=120,
                          check=True)
    return done.stdout


def check_health(address):
    said = wrk("-t", "1", "-c", "50", "-d", "2s", f"{address}/healthz")
    assert int(re.search(r"(\d+) requests in", said).group(1)) > 100, said
    assert "Non-2xx" not in said and "Socket errors" not in said, said


def check_speech(address):
    said = wrk("-t", "2", "-c", "60", "-d", "5s", "--timeout", "60s", "-s", str(SCRIPT), address)
    counts = json.loads(said.strip().splitlines()[-1])
    assert counts["spoken"] > 0, counts
    for kind in ("other", "empty", "connect", "read", "write", "timeout"):
        assert counts[kind] == 0, counts
    return counts


def main():
    if not shutil.which("wrk"):
        print("serve_wrk_test: there is no wrk; `tools/setup test` installs it.")
        sys.exit(77)
    server = subprocess.Popen(
        [sys.argv[1], "serve", "--port", "0", "--no-log"], stdout=subprocess.PIPE, text=True,
        env={k: v for k, v in os.environ.items() if k != "SYRINX_API_KEY"})
    address = server.stdout.readline().removeprefix("Listening on ").strip()
    try:
        check_health(address)
        print(check_speech(address))
        check_health(address)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(timeout=60)
    assert code == 0, code


if __name__ == "__main__":
    main()
