#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 1: one text in several voices, as frames, and which frames belong together.

training/conversion/prepare.py --data ../shared/data/training/kathleen --out build/conversion

The recordings of DATA (a transcripts.tsv beside the sounds) are one voice; `syrinx say` speaks the same
sentences with each of --voices. All are analysed by the engine, and each pair of renderings of a
sentence is aligned by dynamic time warping over cepstra normalised per voice. OUT/data.pt has the rest.
"""
import argparse
import itertools
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

COMPARED = 17  # c1 to c16, as the engine's exemplars are compared.


def sentences_of(data, count):
    rows = [line.split("\t") for line in (data / "transcripts.tsv").read_text(encoding="utf-8").splitlines()]
    return [(name, text) for name, text in rows if (data / f"{name}.flac").exists()][:count]


def speak(program, voice, text, path):
    if not path.exists():
        subprocess.run([program, "say", "--voice", voice, "-q", "-o", path, "--", text], check=True,
                       stdin=subprocess.DEVNULL)


def analyse(program, paths, out):
    """Per path a [frames, 26] array: F0 in Hz, then 25 cepstra."""
    subprocess.run([program, out], input="\n".join(map(str, paths)) + "\n", text=True, check=True)
    raw, place, rows = out.read_bytes(), 0, []
    for _ in paths:
        count, = struct.unpack_from("<I", raw, place)
        rows.append(np.frombuffer(raw, "<f4", count * 26, place + 4).reshape(count, 26).copy())
        place += 4 + 4 * 26 * count
    return rows


def normalised(rows, mean, deviation):
    """What frames are aligned by: normalised cepstra, the level, and whether there is a pitch."""
    level = (rows[:, 1:2] - mean[0]) / 12
    voiced = 2.0 * (rows[:, :1] > 0)
    return np.concatenate([(rows[:, 2:1 + COMPARED] - mean[1:COMPARED]) / deviation[1:COMPARED],
                           4 * np.clip(level, -1.5, 1.5), voiced], 1).astype(np.float32)


def align(a, b):
    """For each frame of a, the first and last frame of b on the path of least cost."""
    cost = np.sqrt(np.maximum((a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T, 0))
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf, np.float32)
    total[0, 0] = 0
    for diagonal in range(rows + columns - 1):  # All cells of a diagonal at once.
        i = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        j = diagonal - i
        before = np.minimum(np.minimum(total[i, j + 1], total[i + 1, j]), total[i, j])
        total[i + 1, j + 1] = cost[i, j] + before
    first, last = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
    i, j = rows, columns
    last[i - 1] = first[i - 1] = j - 1
    while i > 1 or j > 1:
        step = np.argmin([total[i - 1, j - 1], total[i - 1, j], total[i, j - 1]])
        i, j = i - (step != 2), j - (step != 1)
        first[i - 1] = j - 1
        last[i - 1] = max(last[i - 1], j - 1)
    return first, last


def statistics(rows):
    voiced = np.concatenate([r[r[:, 0] > 0] for r in rows])
    return voiced[:, 1:].mean(0), voiced[:, 1:].std(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="build/conversion")
    parser.add_argument("--voices", default="slt,rms,awb")
    parser.add_argument("--sentences", type=int, default=600)
    parser.add_argument("--syrinx", default="build/release/bin/syrinx")
    parser.add_argument("--frames", default="build/release/bin/syrinx_voice_cepstra")
    options = parser.parse_args()
    data, out = Path(options.data), Path(options.out)
    sentences = sentences_of(data, options.sentences)
    if not sentences:
        sys.exit(f"{data} has no transcripts.tsv with sounds beside it")
    voices = [v for v in options.voices.split(",") if v]
    names = [data.name, *voices]
    jobs, paths = [], {data.name: [data / f"{name}.flac" for name, _ in sentences]}
    for voice in voices:
        (out / voice).mkdir(parents=True, exist_ok=True)
        paths[voice] = [out / voice / f"{name}.wav" for name, _ in sentences]
        jobs += [(voice, text, path) for (_, text), path in zip(sentences, paths[voice])]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: speak(options.syrinx, *job), jobs))
        frames = dict(zip(names, pool.map(
            lambda name: analyse(options.frames, paths[name], out / f"{name}.frames"), names)))
    usual = {name: statistics(rows) for name, rows in frames.items()}
    pairs = list(itertools.combinations(range(len(names)), 2))
    aligned = {}
    for k in range(len(sentences)):
        plain = [normalised(frames[name][k], *usual[name]) for name in names]
        for a, b in pairs:
            aligned[k, a, b], aligned[k, b, a] = align(plain[a], plain[b]), align(plain[b], plain[a])
        print(f"\raligned {k + 1} of {len(sentences)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    torch.save({"voices": names, "frames": frames, "aligned": aligned}, out / "data.pt")
    hours = sum(len(r) for rows in frames.values() for r in rows) * 0.005 / 3600
    print(f"{out / 'data.pt'}: {len(sentences)} sentences in {len(names)} voices, {hours:.2f} hours")


if __name__ == "__main__":
    main()
