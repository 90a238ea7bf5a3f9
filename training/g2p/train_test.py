#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains on a dictionary of made-up words whose spelling says all, twice, and looks at the result.

    train_test.py TRAIN_G2P
"""
import itertools
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LETTERS = {"b": "B", "d": "D", "k": "K", "m": "M", "s": "S", "t": "T",
           "a": "AE1", "i": "IH1", "o": "AA1"}


def dictionary():
    for letters in itertools.product("bdkmst", "aio", "bdkmst", "aio", "bdkmst"):
        word = "".join(letters)
        phones = [LETTERS[c] for c in word]
        phones[3] = phones[3].replace("1", "0")
        yield f"{word} {' '.join(phones)}"


def train(program, source, out):
    done = subprocess.run([program, source, out, "4"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, [(out / name).read_bytes() for name in ("english.g2p", "english.words")]


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "words.dict"
        source.write_text("\n".join(dictionary()) + "\n", encoding="utf-8")
        printed, first = train(program, source, Path(folder) / "a")
        _, second = train(program, source, Path(folder) / "b")
        assert first == second, "the same dictionary made other bytes"
        held_out = re.search(r"held out +(\d+) words: right ([\d.]+) %", printed)
        assert int(held_out[1]) > 100, printed
        assert float(held_out[2]) > 99, printed
        failed = subprocess.run([program, "/nowhere", folder], capture_output=True, text=True)
        assert failed.returncode == 1 and "no dictionary" in failed.stderr, failed.stderr
    print("train_g2p learns a regular spelling, and makes the same bytes twice.")


if __name__ == "__main__":
    main()
