#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a long book aloud, whole and killed on the way, and prints what that takes.

bench/read.py [--hours 10] [--kills 5] [--program build/release/bin/syrinx]

The book is made here, the same in every run: chapters of paragraphs of plain sentences, and two
speakers. It is read once without a break and once killed (SIGKILL) at moments that a fixed seed
chooses, and taken up again each time. Printed are the length, the time, the largest resident memory
of any process (VmHWM of /proc), and whether the two files are the same bytes. Exit code 1 if not.
"""
import argparse
import hashlib
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

CHARACTERS_PER_HOUR = 50_000  # Of this text, by the built-in voices.
WHO = ["The keeper", "A traveller", "My neighbour", "The old captain", "Her sister", "Nobody"]
DID = ["opened the window", "remembered the letter", "walked along the shore", "lit the lamp",
       "counted the ships", "waited for an answer", "closed the heavy book", "paid $3.50 for tea"]
WHEN = ["before the rain came", "on the 4th of May", "long after midnight", "while the bells rang",
        "as the tide went out", "in the year 1887", "without a word", "for the last time"]
MORE = ["It was cold.", "Was that wise?", "Nobody spoke; the clock struck nine.",
        "What a night!", "And so it went on...", "Dr. Lee had said so, twice."]


def book(characters):
    """Text of about that many characters, the same for the same number."""
    draw = random.Random(7)
    parts, size, chapter = [], 0, 0
    while size < characters:
        chapter += 1
        parts.append(f"Chapter {chapter}")
        for _ in range(24):
            sentences = []
            for _ in range(draw.randint(3, 7)):
                sentences.append(f"{draw.choice(WHO)} {draw.choice(DID)} {draw.choice(WHEN)}.")
                if draw.random() < 0.4:
                    sentences.append(draw.choice(MORE))
            text = " ".join(sentences)
            if draw.random() < 0.2:
                text = f"[{draw.choice(['Ann', 'Ben'])}] {text}"
            parts.append(text)
            size += len(text) + 2
            if size >= characters:
                break
    return "\n\n".join(parts) + "\n"


def command(program, text, out):
    return [program, "read", str(text), "-o", str(out), "--cast", "Ann=slt,Ben=rms", "--json",
            "--captions", f"{out}.vtt,{out}.json"]


def peak_kib(pid):
    """The largest resident memory so far, or 0 when the process is gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def run(arguments, kill_after_s=None):
    """Runs to the end or to its killing. Returns the report, or None when killed, and the peak."""
    start = time.monotonic()
    peak = 0
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            peak = max(peak, peak_kib(process.pid))
            if kill_after_s is not None and time.monotonic() - start >= kill_after_s:
                process.send_signal(signal.SIGKILL)
            time.sleep(0.05)
        if process.returncode == -signal.SIGKILL:
            return None, peak
        if process.returncode != 0:
            sys.exit(f"read: {' '.join(arguments)} ended with {process.returncode}")
        out.seek(0)
        return json.load(out), peak


def digest(path):
    whole = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=10.0)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--format", default="m4b")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        text = folder / "book.txt"
        text.write_text(book(int(options.hours * CHARACTERS_PER_HOUR)))
        whole, killed = folder / f"whole.{options.format}", folder / f"killed.{options.format}"
        report, peak = run(command(options.program, text, whole))
        print(f"read: {report['duration_s'] / 3600:.2f} h of speech, {report['sentences']} "
              f"sentences, {len(report['chapters'])} chapters, {report['loudness_lufs']:.1f} LUFS, "
              f"true peak {report['true_peak_dbtp']:.1f} dBTP")
        print(f"time: {report['total_s']:.0f} s in all, {report['speaking_s']:.0f} s of it "
              f"speaking (real-time factor {report['real_time_factor']:.4f})")
        print(f"memory: {peak / 1024:.1f} MiB resident at most")
        print(f"file: {whole.stat().st_size / 2**20:.1f} MiB", flush=True)
        draw = random.Random(11)
        moments = []
        for _ in range(options.kills):
            moments.append(draw.uniform(0.02, 0.3) * report["total_s"])
            gone, killed_peak = run(command(options.program, text, killed), moments[-1])
            peak = max(peak, killed_peak)
            if gone is not None:
                sys.exit("read: the run was over before it was killed; use more hours")
        resumed, killed_peak = run(command(options.program, text, killed))
        peak = max(peak, killed_peak)
        same = all(digest(f"{whole}{part}") == digest(f"{killed}{part}")
                   for part in ("", ".vtt", ".json"))
        print(f"killed {options.kills} times, after " +
              ", ".join(f"{moment:.1f}" for moment in moments) + " s of each run; the last went on "
              f"after sentence {resumed['resumed_sentences']} of {resumed['sentences']}")
        print(f"memory: {peak / 1024:.1f} MiB resident at most, killed runs included")
        print("the files are " + ("the same bytes" if same else "NOT THE SAME"))
        sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
