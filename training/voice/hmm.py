# SPDX-License-Identifier: Apache-2.0
"""Sharpens an alignment: which frames each symbol lasts, by hidden Markov models trained in turns.

Each phoneme is three states, of which the middle one may be passed over; what may be silent (spaces,
marks, the ends) is one state that all share and that may last no frame at all. A state's frames are a
Gaussian of cepstra and their slopes, full covariance. A round estimates the Gaussians from the
alignment and finds the best path anew (Viterbi training, Juang and Rabiner 1990); a dozen rounds take
a minute or two. Runs on the CPU.
"""
import math

import torch
from torch.nn import functional

import text

CEPSTRA, STATES, BATCH = 16, 3, 32
STAY, MOVE, LEAP = math.log(0.6), math.log(0.35), math.log(0.05)
STAY_SILENT, LEAVE_SILENCE = math.log(0.9), math.log(0.1)


def sounds(sentences):
    """The model of each symbol: 0 is silence; stresses share one unless they are heard often."""
    counts = {}
    for s in sentences:
        for i in s["symbols"]:
            counts[i] = counts.get(i, 0) + 1
    names, model_of = ["silence"], {}
    for i, symbol in enumerate(text.SYMBOLS):
        name = "silence"
        if text.is_phoneme(symbol):
            name = symbol if counts.get(i, 0) > 150 or symbol[-1] not in "012" else symbol[:-1] + "1"
        if name not in names:
            names.append(name)
        model_of[i] = names.index(name)
    return model_of, len(names)


def features(mel):
    """[80, F] to [F, 32]: cepstra and their slopes over five frames."""
    at = torch.arange(mel.shape[0]) + 0.5
    dct = torch.cos(math.pi / mel.shape[0] * torch.arange(CEPSTRA)[:, None] * at) / mel.shape[0]
    cepstra = dct @ mel.float().clamp(min=-9)
    padded = functional.pad(cepstra[None], (2, 2), mode="replicate")[0]
    slopes = (2 * (padded[:, 4:] - padded[:, :-4]) + padded[:, 3:-1] - padded[:, 1:-3]) / 10
    return torch.cat([cepstra, slopes]).T


class Line:
    """The states of one sentence, from left to right."""

    def __init__(self, symbols, model_of):
        self.models, self.owners, self.leap = [], [], []
        for i, symbol in enumerate(symbols):
            model = model_of[symbol]
            for k in range(STATES if model else 1):
                self.models.append(1 + (model - 1) * STATES + k if model else 0)
                self.owners.append(i)
                # Two states on: over a phoneme's middle, or over what may be silent.
                self.leap.append(k == 2 or (k == 0 and i > 1 and model_of[symbols[i - 1]] == 0))
        self.silent = [m == 0 for m in self.models]

    def first_guess(self, lasts):
        """The state of each frame, a symbol's frames shared out evenly."""
        at, states = 0, []
        for i, count in enumerate(lasts.tolist()):
            own = self.owners.count(i)
            states += [at + min(own - 1, f * own // max(1, count)) for f in range(count)]
            at += own
        return torch.tensor(states)


def gaussians(frames, labels, count):
    """Mean, the root of the inverse covariance and the constant of each state. Few frames lean on all."""
    everything = torch.cov(frames.T)
    means, roots, constants = [], [], []
    for k in range(count):
        mine = frames[labels == k]
        weight = len(mine) / (len(mine) + 100)
        mean = mine.mean(0) if len(mine) else frames.mean(0)
        own = torch.cov(mine.T) if len(mine) > 2 else everything
        spread = weight * own + (1 - weight) * everything + 1e-6 * torch.eye(len(mean))
        root = torch.linalg.inv(torch.linalg.cholesky(spread.double()))
        means.append(mean)
        roots.append(root.float())
        constants.append(root.diagonal().log().sum().float())
    return torch.stack(means), torch.stack(roots), torch.stack(constants)


def likelihoods(frames, model):
    """[F, 32] to [F, states], as logarithms. As a convolution: PyTorch's fast product on CPUs."""
    means, roots, constants = model
    weight = roots.flatten(0, 1)[:, :, None]
    offset = (roots @ means[:, :, None])[:, :, 0].flatten()
    away = functional.conv1d(frames.T[None], weight)[0] - offset[:, None]
    return (constants[:, None] - 0.5 * away.square().unflatten(0, (len(means), -1)).sum(1)).T


def best_paths(lines, heard):
    """For sentences at once: the best state of every frame."""
    longest, width = max(len(h) for h in heard), max(len(line.models) for line in lines)
    scores = torch.full((len(lines), longest, width), -1e9)
    stay = torch.full((len(lines), width), STAY)
    move, leap = torch.full_like(stay, MOVE), torch.full_like(stay, -1e9)
    for b, (line, h) in enumerate(zip(lines, heard)):
        n, silent = len(line.models), torch.tensor(line.silent)
        scores[b, :len(h), :n] = h[:, line.models]
        stay[b, :n] = torch.where(silent, STAY_SILENT, STAY)
        move[b, 1:n] = torch.where(silent[:-1], LEAVE_SILENCE, MOVE)
        leap[b, :n] = torch.where(torch.tensor(line.leap), torch.tensor(LEAP), torch.tensor(-1e9))
    value = torch.full((len(lines), width), -1e9)
    value[:, 0] = scores[:, 0, 0]
    came = torch.zeros(longest, len(lines), width, dtype=torch.uint8)
    for f in range(1, longest):
        ways = torch.stack([value + stay, functional.pad(value, (1, 0), value=-1e9)[:, :-1] + move,
                            functional.pad(value, (2, 0), value=-1e9)[:, :-2] + leap])
        best = ways.max(0)
        came[f], value = best.indices, best.values + scores[:, f]
    paths = []
    for b, (line, h) in enumerate(zip(lines, heard)):
        at, path, steps = len(line.models) - 1, [], came[:, b].numpy()
        for f in range(len(h) - 1, -1, -1):
            path.append(at)
            at -= int(steps[f, at])
        paths.append(torch.tensor(path[::-1]))
    return paths


def sharpened(sentences, durations, rounds):
    """The durations after so many rounds."""
    model_of, models = sounds(sentences)
    lines = [Line(s["symbols"], model_of) for s in sentences]
    rows = [features(s["mel"]) for s in sentences]
    paths = [line.first_guess(durations[s["name"]]) for line, s in zip(lines, sentences)]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    everything = torch.cat(rows)
    for turn in range(rounds):
        labels = torch.cat([torch.tensor(line.models)[path] for line, path in zip(lines, paths)])
        model = gaussians(everything, labels, 1 + STATES * (models - 1))
        total = 0.0
        for first in range(0, len(order), BATCH):
            group = order[first:first + BATCH]
            heard = [likelihoods(rows[i], model) for i in group]
            found = best_paths([lines[i] for i in group], heard)
            for i, path, h in zip(group, found, heard):
                paths[i] = path
                total += h[torch.arange(len(h)), torch.tensor(lines[i].models)[path]].sum().item()
        print(f"round {turn + 1}: {total / len(everything):.3f} a frame", flush=True)
    lasts = {}
    for s, line, path in zip(sentences, lines, paths):
        owners = torch.tensor(line.owners)[path]
        lasts[s["name"]] = torch.bincount(owners, minlength=len(s["symbols"]))
    return lasts
