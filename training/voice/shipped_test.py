#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `syrinx say` speaks with a voice against PyTorch with the same weights, from the text to the
samples.

    shipped_test.py SYRINX FOLDER
"""
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import soundfile
import torch

sys.path.insert(0, str(Path(__file__).parent))
import model as acoustic  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402
import vocoder  # noqa: E402

SENTENCES = ["The birch canoe slid on the smooth planks.", "Is the box thrown beside the truck?",
             "Yes!", "Dr. Smith paid $3.50 on May 4th, and went home."]
TYPES = {"F16": torch.float16, "F32": torch.float32}


def read_safetensors(path):
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    tensors = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(raw[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).float()
    return tensors


def networks(folder):
    """The acoustic model, the vocoder and the settings of a voice."""
    settings = json.loads((folder / "voice.json").read_text())
    spoken = acoustic.FastSpeech(acoustic.Sizes(**settings["model"]), len(settings["symbols"]), sound.BANDS)
    sounding = vocoder.SourceFilter()
    spoken.load_state_dict(read_safetensors(folder / "acoustic.safetensors"))
    sounding.load_state_dict(read_safetensors(folder / "vocoder.safetensors"))
    return spoken.eval(), sounding.eval(), settings


@torch.no_grad()
def torch_says(program, voice, sentence):
    """The samples of a sentence, float64."""
    spoken, sounding, settings = voice
    line = text.symbols_of(program, sentence)
    mel, _, _ = acoustic.speak(spoken, [settings["symbols"].index(s) for s in line],
                               [text.is_phoneme(s) for s in line], settings["statistics"])
    return sounding(mel.T[None])[0][0].double()


def syrinx_says(program, folder, sentence, scratch):
    made = Path(scratch) / "said.wav"
    subprocess.run([program, "say", "-q", "--voice", f"{folder}/", "--encoding", "float32", "-o", made,
                    sentence], check=True)
    samples, rate = soundfile.read(made, dtype="float64")
    assert rate == sound.RATE, rate
    return torch.from_numpy(samples)


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    voice = networks(folder)
    with tempfile.TemporaryDirectory() as scratch:
        for sentence in SENTENCES:
            right = torch_says(program, voice, sentence)
            made = syrinx_says(program, folder, sentence, scratch)
            assert made.shape == right.shape, f"{sentence} {made.shape}, PyTorch {right.shape}"
            snr_db = 10 * math.log10(right.square().sum() / (right - made).square().sum())
            print(f"{sentence} {len(made) / sound.RATE:.2f} s, {snr_db:.1f} dB to PyTorch's")
            assert snr_db > 60, snr_db


if __name__ == "__main__":
    main()
