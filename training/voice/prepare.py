#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 1: reads the recordings and writes everything that training looks at into one file.

training/voice/prepare.py --data ../shared/data/training/kathleen --out build/voice

The folder holds FLAC or WAV files and transcripts.tsv (name, tab, text). Sentences are split by
their number: every 18th is kept for checking and never trained on. Sound is 22,050 Hz, brought to one
level, silences at the ends cut to 0.1 s. Takes some minutes; does nothing when its file is there.
"""
import argparse
import sys
from pathlib import Path

import soundfile
import torch

sys.path.insert(0, str(Path(__file__).parent))
import run  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402

HELD_OUT_EVERY, LEVEL, QUIET, EDGE_S = 18, 0.08, 0.01, 0.1


def read(path):
    samples, rate = soundfile.read(path, dtype="float32")
    if rate != sound.RATE:
        sys.exit(f"{path}: {rate} Hz; the recordings must have {sound.RATE}")
    samples = torch.from_numpy(samples if samples.ndim == 1 else samples.mean(1))
    loud = samples.abs() > QUIET * samples.abs().max()
    first, last = loud.nonzero()[0].item(), loud.nonzero()[-1].item()
    edge = int(EDGE_S * sound.RATE)
    samples = samples[max(0, first - edge):last + edge]
    power = samples.square()
    speech = power[power > 0.01 * power.max()].mean().sqrt() if len(power) else power.sum()
    return (samples * (LEVEL / speech.clamp(min=1e-6))).clamp(-1, 1)


def features(samples, filters):
    samples = samples[:len(samples) // sound.HOP * sound.HOP]
    mel = sound.log_mel(samples[None], filters)[0]
    return {"sound": samples.half(), "mel": mel.half(), "f0": sound.find_f0(samples).half(),
            "energy": sound.energy_of(mel).half()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--most", type=int, help="only so many sentences")
    options = parser.parse_args()
    out = Path(options.out) / "data.pt"
    if out.exists():
        return print(f"{out} is there already")
    lines = (Path(options.data) / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    filters, sentences = sound.mel_filters(), []
    for i, line in enumerate(lines[:options.most]):
        name, written = line.split("\t")[:2]
        files = [p for p in Path(options.data).glob(name + ".*") if p.suffix in (".flac", ".wav")]
        if not files:
            sys.exit(f"{options.data} has no sound of the sentence {name}")
        line_symbols = text.symbols_of(options.program, written)
        sentences.append({"name": name, "text": written, "held_out": i % HELD_OUT_EVERY == 7,
                          "symbols": [text.IDS[s] for s in line_symbols],
                          **features(read(files[0]), filters)})
        if i % 50 == 49:
            print(f"{i + 1} of {len(lines)} sentences", flush=True)
    seconds = sum(len(s["sound"]) for s in sentences) / sound.RATE
    run.save(out, sentences)
    print(f"{out}: {len(sentences)} sentences, {seconds / 3600:.2f} h, "
          f"{sum(s['held_out'] for s in sentences)} kept for checking")


if __name__ == "__main__":
    main()
