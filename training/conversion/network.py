# SPDX-License-Identifier: Apache-2.0
"""The conversion network: what is said, who is to say it, and the envelope that follows.

    content encoder   frames of a source -> 48 numbers a frame
    speaker encoder   voiced frames of a target, in any order -> 32 numbers
    decoder           content, speaker, pitch -> 24 cepstra a frame, normalised by the target's statistics

All convolutions look back only, so that the network streams with no delay of its own.
"""
import torch
from torch import nn

CEPSTRA = 24        # c1 to c24; c0 is the level.
INPUTS = 27         # c0 to c24 normalised, whether there is a pitch, and the normalised logarithm of F0.
CONTENT, SPEAKER, WIDTH = 48, 32, 128
DROPOUT = 0.1
ENCODER_DILATIONS, DECODER_DILATIONS = (1, 2, 4, 8, 16), (1, 2, 4)
STATISTICS = 3 * CEPSTRA + 2  # Means and deviations of voiced, means of unvoiced frames; log F0 and its.


class Block(nn.Module):
    """x + W2 relu(W1 * x), W1 over three frames, the last of them now."""

    def __init__(self, dilation):
        super().__init__()
        self.back = 2 * dilation
        self.conv = nn.Conv1d(WIDTH, WIDTH, 3, dilation=dilation)
        self.mix = nn.Conv1d(WIDTH, WIDTH, 1)

    def forward(self, x):
        inner = torch.relu(self.conv(nn.functional.pad(x, (self.back, 0))))
        return x + self.mix(nn.functional.dropout(inner, DROPOUT, self.training))


class Stack(nn.Module):
    def __init__(self, inputs, outputs, dilations):
        super().__init__()
        self.first = nn.Conv1d(inputs, WIDTH, 1)
        self.blocks = nn.ModuleList(Block(d) for d in dilations)
        self.last = nn.Conv1d(WIDTH, outputs, 1)

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.last(torch.relu(x))


class SpeakerEncoder(nn.Module):
    """Looks at each voiced frame by itself; the mean and the spread of what it sees, and the statistics of
    the voice, become the vector."""

    def __init__(self):
        super().__init__()
        self.frame = nn.Sequential(nn.Linear(CEPSTRA, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU())
        self.voice = nn.Sequential(nn.Linear(2 * WIDTH + STATISTICS, WIDTH), nn.ReLU(),
                                   nn.Linear(WIDTH, SPEAKER))

    def forward(self, frames, statistics):
        """[B, N, 24] and [B, STATISTICS] to [B, SPEAKER], of length 1."""
        seen = self.frame(frames)
        pooled = torch.cat([seen.mean(1), (seen.var(1, unbiased=False) + 1e-5).sqrt(), statistics], 1)
        return nn.functional.normalize(self.voice(pooled), dim=1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.content = Stack(INPUTS, CONTENT, ENCODER_DILATIONS)
        self.speaker = SpeakerEncoder()
        self.decoder = Stack(CONTENT + SPEAKER + 2, CEPSTRA, DECODER_DILATIONS)

    def forward(self, source, speaker, pitch):
        """[B, 27, T], [B, 32], [B, 2, T] to [B, 24, T]."""
        content = torch.tanh(self.content(source))
        vector = speaker[:, :, None].expand(-1, -1, source.shape[2])
        return self.decoder(torch.cat([content, vector, pitch], 1))
