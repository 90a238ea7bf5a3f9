#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes pitched.safetensors of tests/data/fastspeech: an acoustic model that has learned pitch.

Usage: make_pitch_golden.py FOLDER, after make_voice_golden.py. Needs PyTorch; written with 1.13;
takes a minute or two on one core. A model of a few thousand weights learns the mels of voiced
buzzes of known F0, so that a test can measure in its sound whether a semitone asked for is a
semitone heard. Its predictors say the same of every phoneme: 12 frames, the mean F0.
"""
import json
import math
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "training/voice"))
import model as acoustic  # noqa: E402
from safetensors_writer import write  # noqa: E402

FOLDER = Path(sys.argv[1])
RATE, FFT, HOP, BANDS = 22050, 1024, 256, 80
LOG_F0_MEAN, LOG_F0_STD, MEL_MEAN, MEL_STD = math.log(200.0), 0.25, -5.0, 2.0
FRAMES = 12  # Of each phoneme.
SIZES = dict(hidden=24, heads=2, relative_window=0, filter=128, kernel=1, encoder_blocks=1,
             decoder_blocks=1, predictor_hidden=4, predictor_kernel=1, variance_kernel=1)


def mel_filters():
    """[80, 513]: Slaney's triangles of unit area, 0 to 8000 Hz (librosa.filters.mel)."""
    def to_hz(mel):
        return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)

    top = 15 + math.log(8.0) / math.log(6.4) * 27
    edges = [to_hz(top * i / (BANDS + 1)) for i in range(BANDS + 2)]
    bins = torch.arange(FFT // 2 + 1) * RATE / FFT
    rows = []
    for low, middle, high in zip(edges, edges[1:], edges[2:]):
        up, down = (bins - low) / (middle - low), (high - bins) / (high - middle)
        rows.append(torch.minimum(up, down).clamp(min=0) * 2 / (high - low))
    return torch.stack(rows)


def buzz_mels(f0_hz):
    """[N] to [N, FRAMES, 80]: steady voices, harmonics 6 dB an octave down."""
    time = torch.arange(FRAMES * HOP + FFT - HOP) / RATE
    sound = torch.zeros(len(f0_hz), len(time))
    for k in range(1, 51):
        heard = (k * f0_hz < 8000).float() * 0.1 / k
        phase = 2 * math.pi * k * k / 50  # Not all peaks at once.
        sound += heard[:, None] * torch.sin(2 * math.pi * k * f0_hz[:, None] * time + phase)
    spectrum = torch.stft(sound, FFT, HOP, window=torch.hann_window(FFT), center=False,
                          return_complex=True).abs()
    return (mel_filters() @ spectrum).clamp(min=1e-5).log().transpose(1, 2)


torch.manual_seed(3)
torch.set_num_threads(1)
symbols = json.loads((FOLDER / "voice.json").read_text())["symbols"]
voice = acoustic.FastSpeech(acoustic.Sizes(**SIZES), len(symbols), BANDS, dropout=0)
voice.embedding.weight.data.zero_()  # Which phoneme it is does not matter.
voice.embedding.weight.requires_grad = False
pitches = torch.linspace(-1.2, 1.2, 121)
mels = (buzz_mels((pitches * LOG_F0_STD + LOG_F0_MEAN).exp()) - MEL_MEAN) / MEL_STD
STEPS, BATCH, LENGTH = 3000, 16, 6  # Of the sentence that the test says, too.
optimiser = torch.optim.Adam(voice.parameters(), lr=4e-3)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 8e-3, total_steps=STEPS)
for step in range(STEPS):
    ids = torch.randint(0, len(symbols), (BATCH, LENGTH))
    at = torch.randint(0, len(pitches), (BATCH, 1)).expand(BATCH, LENGTH)
    mask = torch.ones(BATCH, LENGTH, dtype=torch.bool)
    x, _, _ = voice.vary(voice.encode(ids, mask), mask, pitch=pitches[at],
                         energy=torch.zeros(BATCH, LENGTH))
    made = voice.decode(x.repeat_interleave(FRAMES, 1),
                        torch.ones(BATCH, LENGTH * FRAMES, dtype=torch.bool))
    loss = (made - mels[at].flatten(1, 2)).square().mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    schedule.step()
    if step % 250 == 249:
        print(step + 1, f"{loss.item():.5f}", flush=True)

with torch.no_grad():
    for predictor, level in ((voice.duration, math.log(FRAMES + 1)), (voice.pitch, 0.0),
                             (voice.energy, 0.0)):
        predictor.out.weight.zero_()
        predictor.out.bias.fill_(level)
write(FOLDER / "pitched.safetensors",
      {name: value.half() for name, value in voice.state_dict().items()})
settings = json.loads((FOLDER / "voice.json").read_text())
settings["name"], settings["model"] = "pitched", SIZES
settings["statistics"] = dict(log_f0_mean=LOG_F0_MEAN, log_f0_std=LOG_F0_STD, mel_mean=MEL_MEAN,
                              mel_std=MEL_STD)
(FOLDER / "pitched.json").write_text(json.dumps(settings, indent=1) + "\n")
