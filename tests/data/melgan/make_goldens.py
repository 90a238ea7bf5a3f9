#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the files beside it: small MelGANs with random weights and what PyTorch makes of a mel.

    tests/data/melgan/make_goldens.py

The networks are PyTorch's own modules in the order of the papers (Kumar et al. 2019; Yang et al.
2020), under the tensor names of the three published codes, with weight norm where these have it:
an implementation that shares nothing with Syrinx's.
"""
import math
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn.utils import weight_norm

HERE = Path(__file__).parent
BANDS, CHANNELS = 6, 16


class Residual(nn.Module):
    def __init__(self, channels, dilation, inner, outer, causal):
        super().__init__()
        self.inner, self.outer = inner, outer
        if causal:
            stack = [nn.LeakyReLU(0.2), Causal(channels, channels, 3, dilation)]
        else:
            stack = [nn.LeakyReLU(0.2), nn.ReflectionPad1d(dilation),
                     weight_norm(nn.Conv1d(channels, channels, 3, dilation=dilation))]
        stack += [nn.LeakyReLU(0.2), weight_norm(nn.Conv1d(channels, channels, 1))]
        setattr(self, inner, nn.Sequential(*stack))
        setattr(self, outer, weight_norm(nn.Conv1d(channels, channels, 1)))

    def forward(self, x):
        return getattr(self, self.outer)(x) + getattr(self, self.inner)(x)


class ResidualList(nn.Module):
    """seungwonpark's: all residual layers of a stage in one module."""

    def __init__(self, channels, stacks):
        super().__init__()
        layers = [Residual(channels, 3 ** j, "inner_part", "outer_part", False)
                  for j in range(stacks)]
        self.blocks = nn.ModuleList(layer.inner_part for layer in layers)
        self.shortcuts = nn.ModuleList(layer.outer_part for layer in layers)

    def forward(self, x):
        for block, shortcut in zip(self.blocks, self.shortcuts):
            x = shortcut(x) + block(x)
        return x


class Causal(nn.Module):
    def __init__(self, inputs, outputs, taps, dilation=1):
        super().__init__()
        self.pad = nn.ReflectionPad1d((taps - 1) * dilation)
        self.conv = weight_norm(nn.Conv1d(inputs, outputs, taps, dilation=dilation))

    def forward(self, x):
        return self.conv(self.pad(x))[:, :, :x.shape[-1]]


class CausalUp(nn.Module):
    def __init__(self, channels, rate):
        super().__init__()
        self.rate = rate
        self.pad = nn.ReplicationPad1d((1, 0))
        self.deconv = weight_norm(nn.ConvTranspose1d(channels, channels // 2, 2 * rate, rate))

    def forward(self, x):
        return self.deconv(self.pad(x))[:, :, self.rate:-self.rate]


def outer(inputs, outputs, causal):
    if causal:
        return [Causal(inputs, outputs, 7)]
    return [nn.ReflectionPad1d(3), weight_norm(nn.Conv1d(inputs, outputs, 7))]


def network(rates, stacks, residual, outputs=1, causal=False):
    width = CHANNELS
    layers = outer(BANDS, width, causal)
    for rate in rates:
        up = CausalUp(width, rate) if causal else weight_norm(nn.ConvTranspose1d(
            width, width // 2, 2 * rate, rate, rate // 2 + rate % 2, rate % 2))
        layers += [nn.LeakyReLU(0.2), up]
        width //= 2
        if residual is ResidualList:
            layers.append(ResidualList(width, stacks))
        else:
            layers += [Residual(width, 3 ** j, *residual, causal) for j in range(stacks)]
    return nn.Sequential(*layers, nn.LeakyReLU(0.2), *outer(width, outputs, causal), nn.Tanh())


def join(bands):
    """The synthesis filter bank of 62 taps for four bands, with its zeros between the samples."""
    taps, cutoff = 62, 0.142
    t = torch.arange(taps + 1, dtype=torch.float64) - taps / 2
    low = torch.sin(math.pi * cutoff * t) / (math.pi * t)
    low[taps // 2] = cutoff
    low = low * torch.kaiser_window(taps + 1, periodic=False, beta=9.0, dtype=torch.float64)
    filters = torch.stack([2 * low * torch.cos((2 * k + 1) * math.pi / 8 * t
                                               - (-1) ** k * math.pi / 4) for k in range(4)])
    spread = torch.zeros(4, 4, 4)
    for k in range(4):
        spread[k, k, 0] = 4
    x = nn.functional.conv_transpose1d(bands, spread, stride=4)
    return nn.functional.conv1d(x, filters.float().unsqueeze(0), padding=taps // 2)


def enliven(model):
    for name, parameter in model.named_parameters():
        if name.endswith("weight_g"):
            parameter.data *= 1.5 + 0.5 * torch.rand_like(parameter)


def save(name, model, wrap, run, frames, mean=-2.0, spread=1.0):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    enliven(model)
    torch.save(wrap(model.state_dict()), folder / "generator.pt",
               _use_new_zipfile_serialization=False)
    mel = torch.randn(1, BANDS, frames).clamp(-2.9, 2.9) * spread + mean
    with torch.no_grad():
        samples = run(mel).reshape(-1)
    numpy.save(folder / "mel.npy", mel[0].numpy())
    numpy.save(folder / "expected.npy", samples.numpy())
    print(name, samples.shape[0], "samples, rms", float(samples.square().mean().sqrt()))


def within(root, model):
    holder = nn.Module()
    setattr(holder, root, model)
    return holder


def main():
    torch.manual_seed(11)
    net = network([4, 3], 3, ("block", "shortcut"))
    save("descript", within("model", net), dict, net, 30)

    net = network([4, 2, 2], 2, ResidualList)
    save("seungwonpark", within("generator", net),
         lambda state: {"model_g": state, "epoch": 3}, lambda mel: net((mel + 5) / 5), 30, -5, 2)

    net = network([3, 2], 3, ("stack", "skip_layer"), outputs=4)
    mean, scale = torch.rand(BANDS) - 2.5, torch.rand(BANDS) + 0.5
    save("multi_band", within("melgan", net), lambda state: {"model": {"generator": state}},
         lambda mel: join(net((mel - mean[:, None]) / scale[:, None])), 30)
    numpy.save(HERE / "multi_band" / "stats.npy", torch.stack([mean, scale]).numpy())

    net = network([4, 2], 2, ("stack", "skip_layer"), causal=True)
    save("causal", within("melgan", net), lambda state: {"model": {"generator": state}}, net, 30,
         0, 1)


if __name__ == "__main__":
    main()
