#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `syrinx fx` is, next to sox and ffmpeg, on the same sound in the same run.

    bench/fx.py [--program build/release/bin/syrinx] [--json FILE] [--runs N] [--minutes M]

Every figure is of a whole process, reading and writing a WAV file of int16, start-up included:
wall-clock seconds, seconds of processor time, real-time factor (processor seconds per second of
sound) and the largest resident memory. The sound is the program's own speech at 48 kHz, in mono.
The programs take turns, so that a machine whose speed drifts drifts for all; the median is what to
quote. Only the ratios within one run compare.

Wall-clock time holds our wait for the disk: the program's file is on it when it ends, where sox and
ffmpeg leave theirs to the system; processor time compares the work. Memory below this script's own,
about 20 MiB, shows as that.

The jobs are alike, not equal: our compressor, de-esser and limiter do more (the limiter looks ahead
and keeps true peaks; sox and ffmpeg know samples only), and no two reverberators are the same.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

TEXT = "The source of the huge river is the clear spring. Kick the ball straight and follow. " * 8
RATE_HZ = 48_000

# label -> program -> what it is asked for; a program without it does not take part.
JOBS = {
    "gain": {
        "syrinx": ["--gain", "-3"],
        "sox": ["vol", "-3dB"],
        "ffmpeg": "volume=-3dB"},
    "high pass": {
        "syrinx": ["--highpass", "80"],
        "sox": ["highpass", "80"],
        "ffmpeg": "highpass=f=80"},
    "four-band equaliser": {
        "syrinx": ["--eq", "peak:1000:+3:1,peak:3000:-2:2,lowshelf:120:-2,highshelf:8000:+2"],
        "sox": ["equalizer", "1000", "1q", "3", "equalizer", "3000", "2q", "-2",
                "bass", "-2", "120", "treble", "2", "8000"],
        "ffmpeg": "equalizer=f=1000:t=q:w=1:g=3,equalizer=f=3000:t=q:w=2:g=-2,"
                  "bass=g=-2:f=120,treble=g=2:f=8000"},
    "compressor": {
        "syrinx": ["--compress=-24,3"],
        "sox": ["compand", "0.005,0.12", "6:-24,-24,0,-16"],
        "ffmpeg": "acompressor=threshold=-24dB:ratio=3:attack=5:release=120"},
    "compressor, equaliser, limiter": {
        "syrinx": ["--compress=-24,3", "--eq", "peak:3000:+3:1,lowshelf:120:-2", "--limit"],
        "sox": ["compand", "0.005,0.12", "6:-24,-24,0,-16", "equalizer", "3000", "1q", "3",
                "bass", "-2", "120", "compand", "0.001,0.08", "-1.1,-1,0,-1", "0", "-1", "0.005"],
        "ffmpeg": "acompressor=threshold=-24dB:ratio=3:attack=5:release=120,"
                  "equalizer=f=3000:t=q:w=1:g=3,bass=g=-2:f=120,alimiter=limit=0.891:level=0"},
    "reverberation": {
        "syrinx": ["--reverb=1.5"],
        "sox": ["reverb", "50"]},
}


def commands(job, program, source, target):
    """name -> command for the programs that are here and can do the job."""
    found = {"syrinx": [program, "fx", "-q", source, "-o", target, *JOBS[job]["syrinx"]]}
    if shutil.which("sox") and "sox" in JOBS[job]:
        found["sox"] = ["sox", "-D", "-V1", source, target, *JOBS[job]["sox"]]
    if shutil.which("ffmpeg") and "ffmpeg" in JOBS[job]:
        found["ffmpeg"] = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", source,
                           "-af", JOBS[job]["ffmpeg"], target]
    return found


def make_speech(program, path, minutes):
    """Writes so many minutes of 48 kHz speech."""
    piece = path + ".piece.wav"
    say = [program, "say", "-q", "--sample-rate", str(RATE_HZ), "-o", piece, TEXT]
    subprocess.run(say, check=True)
    with wave.open(piece) as given:
        frames = given.readframes(given.getnframes())
    os.remove(piece)
    wanted = int(minutes * 60 * RATE_HZ)
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        while wanted > 0:  # Piece by piece: what this process held would count as its children's.
            out.writeframes(frames[:wanted * 2])
            wanted -= len(frames) // 2


def run_once(command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - start
    child.returncode = status
    if status != 0:
        sys.exit(f"fx.py: {' '.join(command)} failed with status {status}")
    return {"wall_s": wall_s, "cpu_s": usage.ru_utime + usage.ru_stime,
            "memory_mib": usage.ru_maxrss / 1024}


def measure(program, runs, minutes):
    report = {}
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "speech.wav")
        target = os.path.join(folder, "out.wav")
        make_speech(program, source, minutes)
        for job in JOBS:
            found = commands(job, program, source, target)
            collected = {name: [] for name in found}
            for turn in range(runs + 1):
                for name, command in found.items():
                    result = run_once(command)
                    if turn > 0:  # The first turn warms the caches.
                        collected[name].append(result)
            report[job] = {name: summarise(results, minutes * 60)
                           for name, results in collected.items()}
    return report


def summarise(runs, sound_s):
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return {"wall_s": round(middle["wall_s"], 4), "cpu_s": round(middle["cpu_s"], 4),
            "real_time_factor": round(middle["cpu_s"] / sound_s, 6),
            "memory_mib": round(middle["memory_mib"], 1), "runs": len(runs)}


def print_table(report, minutes):
    print(f"Shaping {minutes:g} minutes of 48 kHz speech (medians of whole processes)")
    print(f"  {'':34} {'wall s':>8} {'cpu s':>8} {'RTF':>9} {'MiB':>6}  {'our time to theirs':>18}")
    for job, rows in report.items():
        for name, row in rows.items():
            ratio = rows["syrinx"]["wall_s"] / row["wall_s"]
            shown = "" if name == "syrinx" else f"{ratio:18.2f}"
            print(f"  {job if name == 'syrinx' else '':34.34} {row['wall_s']:8.3f} "
                  f"{row['cpu_s']:8.3f} {row['real_time_factor']:9.5f} {row['memory_mib']:6.1f}  "
                  f"{shown} {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    report = measure(options.program, options.runs, options.minutes)
    print_table(report, options.minutes)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
