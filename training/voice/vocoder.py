# SPDX-License-Identifier: Apache-2.0
"""The vocoder: mel to sound, and the networks that it learns against.

Vocos (Siuzdak 2023): ConvNeXt blocks at the rate of the mel's frames, a spectrum for each frame, the
inverse STFT. Nothing runs at the sample rate, so that it trains and speaks on a CPU. src/syrinx/stages/
vocoder/vocos computes the same from the same tensors. The discriminators are those of HiFi-GAN over
periods (Kong et al. 2020) and of UnivNet over spectra (Jang et al. 2021), smaller.
"""
import torch
from torch import nn
from torch.nn import functional

import sound


class ConvNext(nn.Module):
    def __init__(self, dim, hidden, layers):
        super().__init__()
        self.dwconv = nn.Conv1d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
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
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.convnext = nn.ModuleList(ConvNext(dim, hidden, layers) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, mel):
        x = self.norm(self.embed(mel).transpose(1, 2)).transpose(1, 2)
        for block in self.convnext:
            x = block(x)
        return self.final_layer_norm(x.transpose(1, 2))


class Head(nn.Module):
    """The spectrum of each frame, and the sound: padding "same", a hop for each frame."""

    def __init__(self, dim, fft, hop):
        super().__init__()
        self.fft, self.hop = fft, hop
        self.out = nn.Linear(dim, fft + 2)

    def forward(self, x):
        level, phase = self.out(x).float().transpose(1, 2).chunk(2, 1)
        size = level.exp().clamp(max=100.0)
        return self.inverse(torch.complex(size * phase.cos(), size * phase.sin()))

    def inverse(self, spectrum):
        window = torch.hann_window(self.fft, device=spectrum.device)
        frames = torch.fft.irfft(spectrum, self.fft, dim=1) * window[None, :, None]
        length = (frames.shape[2] - 1) * self.hop + self.fft

        def added(rows):
            return functional.fold(rows, (1, length), (1, self.fft), stride=(1, self.hop))[:, 0, 0]

        weight = added(window.square()[None, :, None].expand(1, -1, frames.shape[2]))
        edge = (self.fft - self.hop) // 2
        return added(frames)[:, edge:-edge] / weight[:, edge:-edge].clamp(min=1e-11)


class Vocos(nn.Module):
    def __init__(self, bands=sound.BANDS, dim=256, hidden=768, layers=8):
        super().__init__()
        self.backbone = Backbone(bands, dim, hidden, layers)
        self.head = Head(dim, sound.FFT, sound.HOP)

    def forward(self, mel):
        """[B, 80, F] to [B, 256 F]."""
        return self.head(self.backbone(mel))


def normed(layer):
    return nn.utils.weight_norm(layer)


class Judge(nn.Module):
    """A tower of convolutions; gives every layer's output, the last of one channel."""

    def __init__(self, layers, last):
        super().__init__()
        self.layers, self.last = nn.ModuleList(layers), last

    def forward(self, x):
        seen = []
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), 0.1)
            seen.append(x)
        return seen + [self.last(x)]


def period_judge():
    widths = [1, 16, 64, 128, 256]
    layers = [normed(nn.Conv2d(a, b, (5, 1), (3, 1), (2, 0))) for a, b in zip(widths, widths[1:])]
    return Judge(layers, normed(nn.Conv2d(widths[-1], 1, (3, 1), 1, (1, 0))))


def spectrum_judge():
    steps = [(1, 1), (1, 2), (1, 2), (1, 2)]
    layers = [normed(nn.Conv2d(1 if i == 0 else 24, 24, (3, 9), step, (1, 4)))
              for i, step in enumerate(steps)]
    return Judge(layers, normed(nn.Conv2d(24, 1, 3, 1, 1)))


class Judges(nn.Module):
    PERIODS = (2, 3, 5, 7, 11)
    SPECTRA = ((1024, 120), (2048, 240), (512, 50))

    def __init__(self):
        super().__init__()
        self.periods = nn.ModuleList(period_judge() for _ in self.PERIODS)
        self.spectra = nn.ModuleList(spectrum_judge() for _ in self.SPECTRA)

    def forward(self, x):
        """[B, N] to what each tower saw, layer by layer."""
        seen = []
        for period, judge in zip(self.PERIODS, self.periods):
            padded = functional.pad(x, (0, -x.shape[1] % period))
            seen.append(judge(padded.unflatten(1, (-1, period))[:, None]))
        for (fft, hop), judge in zip(self.SPECTRA, self.spectra):
            seen.append(judge(sound.magnitudes(x, fft, hop)[:, None].transpose(2, 3)))
        return seen


def judges_loss(real, made):
    """Hinge loss of the judges."""
    return sum(functional.relu(1 - r[-1]).mean() + functional.relu(1 + m[-1]).mean()
               for r, m in zip(real, made)) / len(real)


def made_losses(real, made):
    """Of the vocoder: what the judges say, and how differently they see (feature matching)."""
    adversarial = sum(functional.relu(1 - m[-1]).mean() for m in made) / len(made)
    features = sum((a - b).abs().mean() for r, m in zip(real, made)
                   for a, b in zip(r[:-1], m[:-1])) / len(made)
    return adversarial, features


def spectral_loss(real, made):
    """Spectral convergence and log distance at three resolutions (Yamamoto et al. 2020)."""
    total = 0.0
    for fft, hop in ((1024, 120), (2048, 240), (512, 50)):
        r, m = sound.magnitudes(real, fft, hop), sound.magnitudes(made, fft, hop)
        total = total + ((r - m).norm() / r.norm().clamp(min=1e-6) +
                         (r.clamp(min=1e-5).log() - m.clamp(min=1e-5).log()).abs().mean())
    return total / 3
