# SPDX-License-Identifier: Apache-2.0
"""What the vocoder learns against: distances of spectra, and the judges.

The judges are those of HiFi-GAN over periods (Kong et al. 2020) and of UnivNet over spectra (Jang et
al. 2021), smaller.
"""
import torch
from torch import nn
from torch.nn import functional

import sound


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
    steps = [(1, 2), (1, 2), (1, 2), (1, 1)]
    layers = [normed(nn.Conv2d(1 if i == 0 else 24, 24, (3, 9), step, (1, 4)))
              for i, step in enumerate(steps)]
    return Judge(layers, normed(nn.Conv2d(24, 1, 3, 1, 1)))


class Judges(nn.Module):
    PERIODS = (2, 3, 5, 7, 11)
    SPECTRA = ((1024, 256), (2048, 512), (512, 128))

    def __init__(self):
        super().__init__()
        self.periods = nn.ModuleList(period_judge() for _ in self.PERIODS)
        self.spectra = nn.ModuleList(spectrum_judge() for _ in self.SPECTRA)

    def forward(self, x, towers):
        """[B, N] to what some of the towers saw, layer by layer. Periods come first."""
        seen = []
        for tower in towers:
            if tower < len(self.PERIODS):
                period = self.PERIODS[tower]
                padded = functional.pad(x, (0, -x.shape[1] % period))
                seen.append(self.periods[tower](padded.unflatten(1, (-1, period))[:, None]))
            else:
                fft, hop = self.SPECTRA[tower - len(self.PERIODS)]
                heights = sound.magnitudes(x, fft, hop)[:, None].transpose(2, 3)
                seen.append(self.spectra[tower - len(self.PERIODS)](heights))
        return seen

    def draw(self, count):
        """Which towers look at a step: so many, at random."""
        return torch.randperm(len(self.PERIODS) + len(self.SPECTRA))[:count].tolist()


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
    for fft in (512, 1024, 2048):
        r, m = sound.magnitudes(real, fft, fft // 4), sound.magnitudes(made, fft, fft // 4)
        total = total + ((r - m).norm() / r.norm().clamp(min=1e-6) +
                         (r.clamp(min=1e-4).log() - m.clamp(min=1e-4).log()).abs().mean())
    return total / 3
