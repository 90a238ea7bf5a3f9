# SPDX-License-Identifier: Apache-2.0
"""What is learned with a mean error is too near to the mean: the mels lack contrast, and sound muffled.

Here their global variance (Toda, Black and Tokuda 2007) is given back, of each cosine term of a frame: the
deviation of the recordings over that of the model's mels, made with the recordings' own durations, pitch
and energy, over sentences kept aside. The last layer's weights do it, so that nothing else needs to know.
"""
import math

import torch

import sound

QUIET = 5.5  # Of what is a pause: so far below the loudest frame, in mean logarithms.
FREE_TERMS, MOST, MOST_FINE, FINE = 4, 2.0, 1.3, 48  # The first terms are right as they are.


def cosines():
    """[80, 80], orthonormal: term by band."""
    terms, bands = torch.arange(sound.BANDS)[:, None], torch.arange(sound.BANDS)[None] + 0.5
    rows = (math.pi / sound.BANDS * terms * bands).cos() * math.sqrt(2 / sound.BANDS)
    rows[0] /= math.sqrt(2)
    return rows


def measured(sentences):
    """Of sentences with their "made" mels: the factor of each term, and the mean of each band."""
    recorded, made = [], []
    for s in sentences:
        frames = min(s["mel"].shape[1], s["made"].shape[1])
        real = s["mel"][:, :frames].float()
        loud = real.mean(0) > real.mean(0).max() - QUIET
        recorded.append(cosines() @ real[:, loud])
        made.append(cosines() @ s["made"][:, :frames].float()[:, loud])
    recorded, made = torch.cat(recorded, 1), torch.cat(made, 1)
    return recorded.std(1) / made.std(1).clamp(min=1e-6), cosines().T @ made.mean(1)


def given_back(state, statistics, factors, mean, power):
    """The acoustic model's weights so that its mels spread around `mean` by the factors to a power."""
    factors = (factors ** power).clamp(1, MOST)
    factors[FINE:] = factors[FINE:].clamp(max=MOST_FINE)
    factors[:FREE_TERMS] = 1
    change = cosines().T @ torch.diag(factors) @ cosines()
    middle = (mean - statistics["mel_mean"]) / statistics["mel_std"]
    return {**state, "mel.weight": change @ state["mel.weight"],
            "mel.bias": change @ (state["mel.bias"] - middle) + middle}
