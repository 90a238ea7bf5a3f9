# SPDX-License-Identifier: Apache-2.0
"""The vocoder: mel to sound, by a source and filters at the rate of the mel's frames.

ConvNeXt blocks (Vocos, Siuzdak 2023) read the mel. From their rows come F0 and voicing, and for each
frame two filters: one for pulses of that F0, one for noise (after Liu et al. 2020, "Neural Homomorphic
Vocoder"). Both are spectra that multiply the spectra of pulses and noise; the inverse STFT adds the
frames up. So the network never has to learn what a period is, and an hour of speech teaches it on a CPU.
src/syrinx/stages/vocoder/source_filter computes the same from the same tensors.
"""
import math

import torch
from torch import nn
from torch.nn import functional

import sound

BINS = sound.FFT // 2 + 1
MIDDLE_F0, LOWEST_F0, HIGHEST_F0, PULSE_TOP_HZ = 200.0, 60.0, 500.0, 10000.0


class Norm(nn.LayerNorm):
    """In float32 also where the layers around it multiply in bfloat16."""

    def forward(self, x):
        return super().forward(x.float())


class ConvNext(nn.Module):
    def __init__(self, dim, hidden, layers):
        super().__init__()
        self.dwconv = nn.Conv1d(dim, dim, 7, padding=3, groups=dim)
        self.norm = Norm(dim, eps=1e-6)
        self.pwconv1, self.pwconv2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.gamma = nn.Parameter(torch.full((dim,), 1.0 / layers))

    def forward(self, x):
        y = self.norm(self.dwconv(x).transpose(1, 2))
        y = self.gamma * self.pwconv2(functional.gelu(self.pwconv1(y)))
        return x + y.transpose(1, 2)


class Backbone(nn.Module):
    def __init__(self, bands, dim, hidden, layers):
        super().__init__()
        self.embed = nn.Conv1d(bands, dim, 7, padding=3)
        self.norm = Norm(dim, eps=1e-6)
        self.convnext = nn.ModuleList(ConvNext(dim, hidden, layers) for _ in range(layers))
        self.final_layer_norm = Norm(dim, eps=1e-6)

    def forward(self, mel):
        x = self.norm(self.embed(mel).transpose(1, 2)).transpose(1, 2)
        for block in self.convnext:
            x = block(x)
        return self.final_layer_norm(x.transpose(1, 2))


def envelope_matrix():
    """[513, 80]: the logarithm of each bin's magnitude, a line between the bands' middles."""
    centres = sound.band_centres()
    bins = torch.arange(BINS, dtype=torch.float64) * sound.RATE / sound.FFT
    right = torch.searchsorted(centres, bins).clamp(1, sound.BANDS - 1)
    part = ((bins - centres[right - 1]) / (centres[right] - centres[right - 1])).clamp(0, 1)
    rows = torch.zeros(BINS, sound.BANDS, dtype=torch.float64)
    rows.scatter_(1, right[:, None] - 1, 1 - part[:, None])
    return rows.scatter_add(1, right[:, None], part[:, None]).float()


def noise(begin, count):
    """[count]: white noise of unit power from the sample `begin` of an utterance on. A value is the
    hash of its place (the finalizer of SplitMix64), so that it is the same wherever one begins."""
    def shifted(x, by):  # Of 64 bits without a sign.
        return (x >> by) & ((1 << (64 - by)) - 1)

    x = (torch.arange(begin, begin + count) + 1) * -7046029254386353131
    x = (x ^ shifted(x, 30)) * -4658895280553007687
    x = (x ^ shifted(x, 27)) * -7723592293110705685
    top = shifted(x ^ shifted(x, 31), 40)
    return ((top.double() + 0.5) * 2.0**-23 - 1).float() * math.sqrt(3)


def pulses(f0):
    """[B, F], 0 where there is no voice, to [B, 256 F]: a train of pulses of unit power, F0 moving in
    straight lines between the frames' borders. It is the sum of the cosines below 10 kHz. Every
    stretch of voice begins half way between two pulses."""
    f0 = f0.double()
    before, after = functional.pad(f0, (1, 0))[:, :-1], functional.pad(f0, (0, 1))[:, 1:]
    first = torch.where(before > 0, 0.5 * (before + f0), f0)
    last = torch.where(after > 0, 0.5 * (f0 + after), f0)
    cycles = torch.where(f0 > 0, 0.5 * (first + last) * sound.HOP / sound.RATE, torch.zeros_like(f0))
    ends = cycles.cumsum(1)
    begins = ends - cycles
    onset = (f0 > 0) & (before <= 0)
    voice_began = torch.where(onset, begins, torch.zeros_like(f0)).cummax(1).values
    t = torch.arange(sound.HOP, dtype=torch.float64, device=f0.device) / sound.RATE
    bend = (last - first) * sound.RATE / sound.HOP / 2
    phase = ((begins - voice_began + 0.5)[:, :, None] + first[:, :, None] * t +
             bend[:, :, None] * t.square())
    phase = phase - phase.round()  # -0.5 to 0.5.
    count = (PULSE_TOP_HZ / torch.maximum(first, last).clamp(min=1)).floor().clamp(min=1)[:, :, None]
    below = (math.pi * phase).sin()
    small = below.abs() < 1e-5
    ratio = ((2 * count + 1) * math.pi * phase).sin() / torch.where(small, torch.ones_like(below), below)
    total = torch.where(small, count.expand_as(ratio), 0.5 * (ratio - 1))
    return ((f0 > 0)[:, :, None] * total / (0.5 * count).sqrt()).flatten(1).float()


def spectra(signal):
    """[B, 256 F] to [B, 513, F]: of Hann windows around each frame, zeros outside."""
    edge = (sound.FFT - sound.HOP) // 2
    window = torch.hann_window(sound.FFT, device=signal.device)
    return torch.stft(functional.pad(signal, (edge, edge)), sound.FFT, sound.HOP, window=window,
                      center=False, return_complex=True)


def overlapped(spectrum):
    """[B, 513, F] to [B, 256 F]: the inverse, padded "same"."""
    window = torch.hann_window(sound.FFT, device=spectrum.device)
    frames = torch.fft.irfft(spectrum, sound.FFT, dim=1) * window[None, :, None]
    length = (frames.shape[2] - 1) * sound.HOP + sound.FFT

    def added(rows):
        return functional.fold(rows, (1, length), (1, sound.FFT), stride=(1, sound.HOP))[:, 0, 0]

    weight = added(window.square()[None, :, None].expand(1, -1, frames.shape[2]))
    edge = (sound.FFT - sound.HOP) // 2
    return added(frames)[:, edge:-edge] / weight[:, edge:-edge]


class SourceFilter(nn.Module):
    """The last layer gives, a frame: the logarithms of the pulses' filter and its phases, the
    logarithms of the noise's filter (all added to the mel's envelope), log F0 / 200 Hz, voicing."""

    def __init__(self, bands=sound.BANDS, dim=256, hidden=768, layers=6):
        super().__init__()
        self.backbone = Backbone(bands, dim, hidden, layers)
        self.head = nn.Linear(dim, 3 * BINS + 2)
        with torch.no_grad():
            self.head.weight.mul_(0.1)
            self.head.bias.zero_()
            self.head.bias[:BINS] = -0.5
            self.head.bias[2 * BINS:3 * BINS] = -1.5
        self.register_buffer("envelope", envelope_matrix(), persistent=False)

    def forward(self, mel, f0=None, begin=0):
        """[B, 80, F] to [B, 256 F], F0 and the logits of voicing [B, F]. Pulses follow `f0` where it
        is given, else what is predicted; the noise is that of an utterance from `begin` on."""
        rows = self.head(self.backbone(mel)).float().transpose(1, 2)
        level, phase, breath = rows[:, :3 * BINS].chunk(3, 1)
        log_f0, voicing = rows[:, -2], rows[:, -1]
        said = (MIDDLE_F0 * log_f0.exp()).clamp(LOWEST_F0, HIGHEST_F0)
        if f0 is None:
            f0 = torch.where(voicing > 0, said, torch.zeros_like(said)).detach()
        white = noise(begin, f0.shape[1] * sound.HOP).to(mel.device)
        envelope = self.envelope @ mel.float()
        size = (level + envelope).clamp(max=5).exp()
        voice = spectra(pulses(f0)) * torch.complex(size * phase.cos(), size * phase.sin())
        hiss = spectra(white[None]) * (breath + envelope).clamp(max=5).exp()
        return overlapped(voice + hiss), log_f0, voicing
