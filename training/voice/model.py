# SPDX-License-Identifier: Apache-2.0
"""The acoustic model of a two-stage voice: phonemes to a mel spectrogram.

FastSpeech 2 (Ren et al. 2021, "FastSpeech 2: Fast and High-Quality End-to-End Text to Speech"):
an encoder of feed-forward transformer blocks, predictors of duration, pitch and energy for each
phoneme, a length regulator, a decoder of the same blocks and a linear layer to the mel. Where it
departs from the paper it follows what trains well on an hour of speech: norms stand before the
layers (Xiong et al. 2020), keys and values know how far they are (Shaw et al. 2018), pitch is one
number a phoneme, embedded by a convolution (FastPitch, Lancucki 2021), and there is no post-net.

src/syrinx/stages/acoustic/fastspeech computes the same from the same tensors. Shapes: B sentences,
T phonemes or F frames, H = hidden.
"""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass
class Sizes:
    """As "model" in voice.json."""
    hidden: int = 192
    heads: int = 2
    relative_window: int = 4
    filter: int = 384
    kernel: int = 5
    encoder_blocks: int = 4
    decoder_blocks: int = 4
    predictor_hidden: int = 192
    predictor_kernel: int = 3
    variance_kernel: int = 3


def positions(count, hidden, like):
    """[count, hidden]: sines, then cosines (Vaswani et al. 2017, 3.5)."""
    rates = torch.exp(torch.arange(hidden // 2, dtype=torch.float64) * (-math.log(10000.0) / (hidden // 2)))
    angles = torch.arange(count, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1).to(like)


class Norm(nn.LayerNorm):
    """In float32 also where the layers around it multiply in bfloat16."""

    def forward(self, x):
        return super().forward(x.float())


class Conv(nn.Conv1d):
    """Over rows: [B, T, in] to [B, T, out], as long as before."""

    def __init__(self, channels, out, kernel):
        super().__init__(channels, out, kernel, padding=kernel // 2)

    def forward(self, x):
        if self.kernel_size == (1,):
            return functional.linear(x, self.weight[:, :, 0], self.bias)
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


class Attention(nn.Module):
    """Self-attention whose keys and values have something besides for those near them."""

    def __init__(self, s):
        super().__init__()
        self.heads, self.window, self.width = s.heads, s.relative_window, s.hidden // s.heads
        self.query, self.key = nn.Linear(s.hidden, s.hidden), nn.Linear(s.hidden, s.hidden)
        self.value, self.out = nn.Linear(s.hidden, s.hidden), nn.Linear(s.hidden, s.hidden)
        if self.window > 0:
            near = (2 * self.window + 1, self.width)
            self.near_keys = nn.Parameter(torch.randn(near) * self.width**-0.5)
            self.near_values = nn.Parameter(torch.randn(near) * self.width**-0.5)

    def forward(self, x, mask):
        def split(rows):  # [B, T, H] to [B, heads, T, width]
            return rows.unflatten(2, (self.heads, self.width)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = q @ k.transpose(2, 3)
        if self.window > 0:
            scores = scores + self.spread(q @ self.near_keys.T)
        scores = scores / self.width**0.5
        weights = scores.masked_fill(~mask[:, None, None, :], -math.inf).softmax(3)
        made = weights @ v
        if self.window > 0:
            made = made + self.gathered(weights) @ self.near_values
        return self.out(made.transpose(1, 2).flatten(2))

    def spread(self, near):
        """[.., T, 2w+1], by offset of the key, to [.., T, T], by key: rows laid one after the other and
        cut one value shorter stand a value further right each."""
        count, w = near.shape[2], self.window
        laid = functional.pad(near, (0, count)).flatten(2)[:, :, :count * (count + 2 * w)]
        return laid.unflatten(2, (count, count + 2 * w))[:, :, :, w:w + count]

    def gathered(self, weights):
        """[.., T, T], by key, to [.., T, 2w+1], by offset of the key: the way back."""
        count, w = weights.shape[3], self.window
        laid = functional.pad(functional.pad(weights, (w, w)).flatten(2), (0, count))
        return laid.unflatten(2, (count, count + 2 * w + 1))[:, :, :, :2 * w + 1]


class Dropout(nn.Module):
    """As nn.Dropout; a random byte decides, which a CPU draws eight times as fast as a float."""

    def __init__(self, share):
        super().__init__()
        self.dropped = round(256 * share)

    def forward(self, x):
        if not self.training or self.dropped == 0:
            return x
        words = torch.empty((x.numel() + 7) // 8, dtype=torch.long, device=x.device)
        words.random_(-2**63, None)
        kept = words.view(torch.uint8)[:x.numel()].view(x.shape) >= self.dropped
        return x * (kept.to(x.dtype) * (256 / (256 - self.dropped)))


class Block(nn.Module):
    """Attention, then two convolutions, each added to what came in."""

    def __init__(self, s, dropout):
        super().__init__()
        self.norm1, self.norm2 = Norm(s.hidden), Norm(s.hidden)
        self.attention = Attention(s)
        self.conv1, self.conv2 = Conv(s.hidden, s.filter, s.kernel), Conv(s.filter, s.hidden, 1)
        self.dropout = Dropout(dropout)

    def forward(self, x, mask):
        x = x + self.dropout(self.attention(self.norm1(x), mask))
        inner = self.conv1(self.norm2(x) * mask[:, :, None]).relu()
        return x + self.dropout(self.conv2(self.dropout(inner)))


class Stack(nn.Module):
    """Encoder or decoder: positions, blocks, a norm."""

    def __init__(self, s, blocks, dropout):
        super().__init__()
        self.blocks = nn.ModuleList(Block(s, dropout) for _ in range(blocks))
        self.norm = Norm(s.hidden)

    def forward(self, x, mask):
        x = x + positions(x.shape[1], x.shape[2], x)
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) * mask[:, :, None]


class Predictor(nn.Module):
    """One number for each phoneme. Learns by heart sooner than the rest: it forgets more."""

    def __init__(self, s, dropout):
        super().__init__()
        self.conv1 = Conv(s.hidden, s.predictor_hidden, s.predictor_kernel)
        self.norm1 = Norm(s.predictor_hidden)
        self.conv2 = Conv(s.predictor_hidden, s.predictor_hidden, s.predictor_kernel)
        self.norm2 = Norm(s.predictor_hidden)
        self.out = nn.Linear(s.predictor_hidden, 1)
        self.dropout = Dropout(3 * dropout)

    def forward(self, x, mask):
        x = self.dropout(self.norm1(self.conv1(x).relu())) * mask[:, :, None]
        x = self.dropout(self.norm2(self.conv2(x).relu()))
        return self.out(x)[:, :, 0].float() * mask


class FastSpeech(nn.Module):
    def __init__(self, sizes, symbols, bands, dropout=0.1):
        super().__init__()
        self.embedding = nn.Embedding(symbols, sizes.hidden)
        self.encoder = Stack(sizes, sizes.encoder_blocks, dropout)
        self.duration, self.pitch, self.energy = (Predictor(sizes, dropout) for _ in range(3))
        self.pitch_embedding = Conv(1, sizes.hidden, sizes.variance_kernel)
        self.energy_embedding = Conv(1, sizes.hidden, sizes.variance_kernel)
        self.decoder = Stack(sizes, sizes.decoder_blocks, dropout)
        self.mel = nn.Linear(sizes.hidden, bands)

    def encode(self, symbols, mask):
        return self.encoder(self.embedding(symbols), mask)

    def vary(self, x, mask, pitch=None, energy=None, pitch_shift=0.0):
        """Adds pitch and energy, given or predicted. Both are normalised over the training data:
        the logarithm of F0, the energy. Returns the rows and both as predicted."""
        predicted_pitch = self.pitch(x, mask)
        used = predicted_pitch + pitch_shift if pitch is None else pitch
        x = x + self.pitch_embedding((used * mask)[:, :, None]) * mask[:, :, None]
        predicted_energy = self.energy(x, mask)
        used = predicted_energy if energy is None else energy
        x = x + self.energy_embedding((used * mask)[:, :, None]) * mask[:, :, None]
        return x, predicted_pitch, predicted_energy

    def decode(self, x, mask):
        """Frames [B, F, H] to a normalised mel [B, F, bands]."""
        return self.mel(self.decoder(x, mask)).float() * mask[:, :, None]


def frames_of(log_durations, is_phoneme, rate=1.0):
    """How many frames each phoneme of one sentence lasts at a tempo. `log_durations` are
    log(frames + 1). The sentence as a whole is rounded once: what one phoneme is given too much the
    next ones lose. A phoneme lasts a frame at least; a mark or a boundary may last none."""
    end, placed, frames = 0.0, 0, []
    for value, phoneme in zip(log_durations.double().tolist(), is_phoneme):
        end += max(0.0, math.expm1(value)) / rate
        count = max(1 if phoneme else 0, math.floor(end + 0.5) - placed)
        placed += count
        frames.append(count)
    return frames


@torch.no_grad()
def speak(model, symbols, is_phoneme, statistics, rate=1.0, semitones=0.0):
    """One sentence: the mel [F, bands], the frames and the F0 in Hz of each symbol. `statistics` as
    in voice.json: of the logarithm of F0 and of the mel's values."""
    model.eval()
    symbols = torch.as_tensor(symbols)[None]
    mask = torch.ones(symbols.shape, dtype=torch.bool)
    x = model.encode(symbols, mask)
    frames = frames_of(model.duration(x, mask)[0], is_phoneme, rate)
    shift = semitones * math.log(2) / 12 / statistics["log_f0_std"]
    x, pitch, _ = model.vary(x, mask, pitch_shift=shift)
    f0 = ((pitch[0] + shift) * statistics["log_f0_std"] + statistics["log_f0_mean"]).exp()
    x = x.repeat_interleave(torch.tensor(frames), dim=1)
    mel = model.decode(x, torch.ones(x.shape[:2], dtype=torch.bool))[0]
    return mel * statistics["mel_std"] + statistics["mel_mean"], frames, f0
