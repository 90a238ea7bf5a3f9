#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/data/fastspeech: a small two-stage voice of random weights, and what PyTorch makes
of a sentence with it.

Usage: make_voice_golden.py FOLDER. Needs PyTorch; written with 1.13. The seed is fixed, so that the
files come out the same. The acoustic model is training/voice/model.py's. Weights are rounded to
float16 and kept so; everything is computed in float64, and results kept in float32.
"""
import json
import math
import sys
from pathlib import Path

import torch
from torch.nn.functional import leaky_relu

sys.path.insert(0, str(Path(__file__).parents[2] / "training/voice"))
import model as acoustic  # noqa: E402
from safetensors_writer import write  # noqa: E402

torch.manual_seed(9)
torch.set_grad_enabled(False)
FOLDER = Path(sys.argv[1])
CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH".split()
VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()
SYMBOLS = (list("^$ ,.?!") + CONSONANTS + [v + stress for v in VOWELS for stress in "012"])
# "Hello, world! It is."
SENTENCE = "^ HH AH0 L OW1 , W ER1 L D ! IH1 T / IH1 Z . $".replace("/", "\0").split()
SIZES = dict(hidden=32, heads=2, relative_window=3, filter=28, kernel=5, encoder_blocks=2,
             decoder_blocks=2, predictor_hidden=20, predictor_kernel=3, variance_kernel=3)
STATISTICS = dict(log_f0_mean=5.2, log_f0_std=0.25, mel_mean=-5.0, mel_std=2.0)
CONFIG = {"resblock": "2", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
          "upsample_initial_channel": 16, "resblock_kernel_sizes": [3],
          "resblock_dilation_sizes": [[1, 3]], "num_mels": 80, "n_fft": 1024, "hop_size": 256,
          "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000}


class Vocoder(torch.nn.Module):
    """HiFi-GAN's generator (Kong et al. 2020) with blocks of the second kind."""

    def __init__(self):
        super().__init__()
        channels = CONFIG["upsample_initial_channel"]
        self.conv_pre = torch.nn.Conv1d(80, channels, 7, padding=3)
        self.ups, self.resblocks = torch.nn.ModuleList(), torch.nn.ModuleList()
        for rate, kernel in zip(CONFIG["upsample_rates"], CONFIG["upsample_kernel_sizes"]):
            self.ups.append(torch.nn.ConvTranspose1d(channels, channels // 2, kernel, rate,
                                                     padding=(kernel - rate) // 2))
            channels //= 2
            block = torch.nn.Module()
            block.convs = torch.nn.ModuleList(
                torch.nn.Conv1d(channels, channels, 3, dilation=d, padding=d)
                for d in CONFIG["resblock_dilation_sizes"][0])
            self.resblocks.append(block)
        self.conv_post = torch.nn.Conv1d(channels, 1, 7, padding=3)

    def before_tanh(self, mel):
        x = self.conv_pre(mel.T[None])
        for up, block in zip(self.ups, self.resblocks):
            x = up(leaky_relu(x, 0.1))
            for conv in block.convs:
                x = x + conv(leaky_relu(x, 0.1))
        return self.conv_post(leaky_relu(x, 0.01))[0, 0]


def halved(module):
    """Rounds a module's parameters to float16 and computes in float64."""
    module.half().double().eval()
    return module


def keep(path, module):
    write(path, {name: value.half() for name, value in module.state_dict().items()})


def make_acoustic():
    made = acoustic.FastSpeech(acoustic.Sizes(**SIZES), len(SYMBOLS), 80, dropout=0)
    for predictor, level in ((made.duration, math.log(5.0)), (made.pitch, 0), (made.energy, 0)):
        predictor.out.weight.mul_(2.0)
        predictor.out.bias.fill_(level)
    for embedding in (made.pitch_embedding, made.energy_embedding):
        embedding.weight.mul_(3.0)
    made.mel.weight.mul_(2.0)
    return halved(made)


voice = make_acoustic()
vocoder = Vocoder()
for parameter in vocoder.parameters():
    parameter.mul_(1.5)
halved(vocoder)
ids = [SYMBOLS.index(" " if symbol == "\0" else symbol) for symbol in SENTENCE]
is_phoneme = [SYMBOLS[i][0].isalpha() for i in ids]
results = {"symbols": torch.tensor(ids, dtype=torch.int32)}
first_mel = None
for name, rate, semitones in (("plain", 1.0, 0.0), ("moved", 1.25, 4.0)):
    mel, frames, f0 = acoustic.speak(voice, ids, is_phoneme, STATISTICS, rate, semitones)
    first_mel = mel if first_mel is None else first_mel
    encoded = voice.encode(torch.tensor(ids)[None], torch.ones(1, len(ids), dtype=torch.bool))
    exact = voice.duration(encoded, torch.ones(1, len(ids), dtype=torch.bool))[0].expm1() / rate
    margin = ((exact.clamp(min=0).cumsum(0) + 0.5) % 1.0)
    assert torch.minimum(margin, 1 - margin).min() > 1e-3, "a duration too near to a half"
    results |= {name + ".mel": mel.float(), name + ".f0_hz": f0.float(),
                name + ".frames": torch.tensor(frames, dtype=torch.int32)}
loud = vocoder.before_tanh(first_mel).abs().max().item()
vocoder.conv_post.weight.mul_(0.5 / loud)
vocoder.conv_post.bias.mul_(0.5 / loud)
halved(vocoder)
results["plain.sound"] = vocoder.before_tanh(first_mel).tanh().float()

FOLDER.mkdir(parents=True, exist_ok=True)
keep(FOLDER / "acoustic.safetensors", voice)
keep(FOLDER / "vocoder.safetensors", vocoder)
write(FOLDER / "golden.safetensors", results)
(FOLDER / "vocoder.json").write_text(json.dumps(CONFIG, indent=1) + "\n")
(FOLDER / "voice.json").write_text(json.dumps({
    "acoustic": "fastspeech2", "version": 1, "name": "golden", "language": "en-US",
    "gender": "female", "licence": "Apache-2.0", "description": "Random weights, for tests",
    "phonemes": "arpabet", "symbols": SYMBOLS, "model": SIZES, "statistics": STATISTICS,
    "mel": {"convention": "hifigan", "sampling_rate": 22050}}, indent=1) + "\n")
print(f"{first_mel.shape[0]} frames:", results["plain.frames"].tolist(), loud)
