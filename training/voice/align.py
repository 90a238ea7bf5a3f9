#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 2: learns which frames each phoneme lasts, without an outside aligner.

training/voice/align.py --out build/voice [--steps 2000]

Two small networks bring symbols and frames into one space; how near they are makes a soft alignment.
Its loss is that of all monotonic paths together (the forward sum, computed as CTC), with a prior that
likes the diagonal: Badlani et al. 2021, "One TTS Alignment To Rule Them All". At the end the best path
(Kim et al. 2020, "Glow-TTS", monotonic alignment search) gives every symbol its frames; from there hidden
Markov models find the borders to the frame (hmm.py). Writes durations.pt, align.png and borders.png (a
mel with a line at every border); goes on from align.pt where it was stopped.
"""
import argparse
import math
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent))
import hmm  # noqa: E402
import run  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402

WIDTH, BLANK = 80, -1.0


class Aligner(nn.Module):
    def __init__(self, symbols=len(text.SYMBOLS), bands=sound.BANDS, hidden=192):
        super().__init__()
        self.embedding = nn.Embedding(symbols, hidden)
        self.keys = nn.Sequential(nn.Conv1d(hidden, 2 * hidden, 3, padding=1), nn.ReLU(),
                                  nn.Conv1d(2 * hidden, WIDTH, 1))
        self.queries = nn.Sequential(nn.Conv1d(bands, 2 * bands, 3, padding=1), nn.ReLU(),
                                     nn.Conv1d(2 * bands, bands, 1), nn.ReLU(),
                                     nn.Conv1d(bands, WIDTH, 1))

    def forward(self, symbols, mel):
        """[B, T] and [B, 80, F] to scores [B, F, T], higher where they fit."""
        keys = self.keys(self.embedding(symbols).transpose(1, 2))
        queries = self.queries(mel)
        distance = (queries.square().sum(1)[:, :, None] + keys.square().sum(1)[:, None, :] -
                    2 * queries.transpose(1, 2) @ keys)
        return -0.0005 * distance


def diagonal_prior(frames, symbols):
    """[F, T]: log of the beta-binomial distribution (Shih et al. 2021, RAD-TTS)."""
    at = torch.arange(1, frames + 1, dtype=torch.float64)[:, None]
    k = torch.arange(symbols, dtype=torch.float64)[None]
    n, a, b = symbols - 1, at, frames + 1 - at

    def log_beta(x, y):
        return torch.lgamma(x) + torch.lgamma(y) - torch.lgamma(x + y)

    choose = (math.lgamma(n + 1) - torch.lgamma(k + 1) - torch.lgamma(n - k + 1))
    return (choose + log_beta(k + a, n - k + b) - log_beta(a, b)).float()


def forward_sum(scores, frame_counts, symbol_counts):
    """Minus the mean log-probability of all monotonic paths; CTC whose blank hardly counts."""
    padded = functional.pad(scores, (1, 0), value=BLANK)
    past = torch.arange(padded.shape[2], device=scores.device)[None, None] > symbol_counts[:, None, None]
    log_probabilities = padded.masked_fill(past, -1e4).log_softmax(2).transpose(0, 1)
    targets = torch.arange(1, scores.shape[2] + 1, device=scores.device).expand(len(scores), -1)
    return functional.ctc_loss(log_probabilities.float(), targets, frame_counts, symbol_counts,
                               zero_infinity=True)


def best_path(scores):
    """[F, T] to the frames of each symbol: the best path that never goes back nor skips."""
    frames, count = scores.shape
    value = torch.full((count,), -math.inf, dtype=torch.float64)
    value[0] = scores[0, 0]
    stepped = torch.zeros(frames, count, dtype=torch.bool)
    for f in range(1, frames):
        before = torch.cat([value.new_full((1,), -math.inf), value[:-1]])
        stepped[f] = before > value
        value = torch.maximum(value, before) + scores[f]
    lasts, at = torch.zeros(count, dtype=torch.long), count - 1
    for f in range(frames - 1, -1, -1):
        lasts[at] += 1
        if at > 0 and (stepped[f, at] or f == at):
            at -= 1
    return lasts


def batches(sentences, size, generator):
    """Sentences of about the same length together, in an order that changes."""
    order = sorted(range(len(sentences)), key=lambda i: sentences[i]["mel"].shape[1])
    groups = [order[i:i + size] for i in range(0, len(order), size)]
    for i in torch.randperm(len(groups), generator=generator).tolist():
        yield [sentences[j] for j in groups[i]]


def stacked(batch, device):
    """Symbols, mel, prior and both counts of a batch."""
    symbol_counts = torch.tensor([len(s["symbols"]) for s in batch])
    frame_counts = torch.tensor([s["mel"].shape[1] for s in batch])
    symbols = torch.zeros(len(batch), int(symbol_counts.max()), dtype=torch.long)
    mel = torch.zeros(len(batch), sound.BANDS, int(frame_counts.max()))
    prior = torch.full((len(batch), mel.shape[2], symbols.shape[1]), -1e4)
    for i, s in enumerate(batch):
        symbols[i, :len(s["symbols"])] = torch.tensor(s["symbols"])
        mel[i, :, :s["mel"].shape[1]] = s["mel"].float()
        if "prior" not in s:
            s["prior"] = diagonal_prior(s["mel"].shape[1], len(s["symbols"])).half()
        prior[i, :s["prior"].shape[0], :s["prior"].shape[1]] = s["prior"].float()
    return [x.to(device) for x in (symbols, mel, prior, frame_counts, symbol_counts)]


def train(aligner, sentences, options, device):
    state = run.load(Path(options.out) / "align.pt")
    optimiser = torch.optim.AdamW(aligner.parameters(), lr=1e-3, weight_decay=1e-3)
    step, generator = 0, torch.Generator().manual_seed(options.seed)
    if state:
        aligner.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    began, total, counted = time.monotonic(), 0.0, 0
    while step < options.steps:
        for batch in batches(sentences, options.batch, generator):
            symbols, mel, prior, frame_counts, symbol_counts = stacked(batch, device)
            loss = forward_sum(aligner(symbols, mel) + prior, frame_counts, symbol_counts)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(aligner.parameters(), 1.0)
            for group in optimiser.param_groups:
                group["lr"] = run.cosine(step, options.steps, 1e-3, 200)
            optimiser.step()
            total, counted, step = total + loss.item(), counted + 1, step + 1
            if step % 100 == 0:
                print(f"step {step}  loss {total / counted:.4f}  "
                      f"{(time.monotonic() - began) / counted:.2f} s a step", flush=True)
                began, total, counted = time.monotonic(), 0.0, 0
                run.save(Path(options.out) / "align.pt",
                         {"model": aligner.state_dict(), "optimiser": optimiser.state_dict(),
                          "step": step})
            if step >= options.steps:
                break


@torch.no_grad()
def align_all(aligner, sentences, out, device):
    durations = {}
    for i, s in enumerate(sentences):
        symbols, mel, prior, _, _ = stacked([s], device)
        scores = (aligner(symbols, mel) + prior)[0].log_softmax(1).cpu().double()
        durations[s["name"]] = best_path(scores)
        if i == 0:
            run.write_png(Path(out) / "align.png", scores.T.clamp(min=-20))
    return durations


def report(sentences, durations, out):
    """A picture of the first sentence, and how long phonemes last."""
    mel = sentences[0]["mel"].float().repeat_interleave(2, 0).clone()
    ends = durations[sentences[0]["name"]].cumsum(0)[:-1]
    mel[:, ends.clamp(max=mel.shape[1] - 1)] = mel.max()
    run.write_png(Path(out) / "borders.png", mel)
    phonemes = torch.cat([durations[s["name"]][[text.is_phoneme(text.SYMBOLS[i]) for i in s["symbols"]]]
                          for s in sentences]).float()
    print(f"{len(durations)} sentences aligned; a phoneme lasts {phonemes.mean():.2f} frames, "
          f"{(phonemes == 1).float().mean():.1%} of them one frame, "
          f"{(phonemes > 40).float().mean():.2%} over 40")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=8, help="of the hidden Markov models")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device")
    options = parser.parse_args()
    run.seed(options.seed)
    device = run.device_of(options.device)
    sentences = run.load(Path(options.out) / "data.pt")
    if sentences is None:
        sys.exit(f"{options.out}/data.pt is missing: run prepare.py first")
    aligner = Aligner().to(device)
    train(aligner, sentences, options, device)
    guessed = align_all(aligner, sentences, options.out, device)
    durations = hmm.sharpened(sentences, guessed, options.rounds)
    run.save(Path(options.out) / "durations.pt", durations)
    report(sentences, durations, options.out)


if __name__ == "__main__":
    main()
