#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 2: trains the conversion network on one text in several voices.

training/conversion/train.py --out build/conversion --steps 6000

Reads OUT/data.pt, writes OUT/network.pt every few minutes and goes on from it. A source and a target are
drawn for each example; both are moved to a longer or shorter vocal tract and coloured at random, so that
four voices become many. What is learnt is the target's frame that dynamic time warping found beside the
source's, in cepstra normalised by the target's own statistics; and, so that the speaker vector tells
voices apart, two samples of one voice are to be nearer to each other than to the others' of the batch.
"""
import argparse
import functools
import math
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "voice"))
import network  # noqa: E402
import run  # noqa: E402

FRAMES, BATCH, SAMPLE, MOST_KEPT_ASIDE = 320, 24, 256, 20
BANDS, TOP_HZ = 40, 8000.0
MOST_LOG_WARP, COLOUR, SCALING = 0.2, 0.8, 0.15  # Of guises.
INPUT_NOISE, SPEAKER_NOISE = 0.3, 0.12


def mel(hz):
    return 2595 * math.log10(1 + hz / 700)


@functools.lru_cache(maxsize=None)
def warping(ratio):
    """The engine's warped(), as a matrix on 25 cepstra."""
    step = mel(TOP_HZ) / (BANDS + 1)
    cosines = torch.tensor([[math.sqrt((1 if d == 0 else 2) / BANDS) * math.cos(math.pi * d * (b + .5) / BANDS)
                             for b in range(BANDS)] for d in range(25)])
    move = torch.zeros(BANDS, BANDS)
    for band in range(BANDS):
        hz = 700 * (10 ** (step * (band + 1) / 2595) - 1) / ratio
        at = min(max(mel(min(hz, TOP_HZ)) / step - 1, 0.0), BANDS - 1.0)
        low = min(int(at), BANDS - 2)
        move[band, low] += 1 - (at - low)
        move[band, low + 1] += at - low
    return cosines @ move @ cosines.T


class Voices:
    """The frames of all voices, and random moments of them."""

    def __init__(self, data):
        self.names = data["voices"]
        self.rows = [[torch.from_numpy(r) for r in data["frames"][name]] for name in self.names]
        self.aligned = data["aligned"]
        self.count = len(self.rows[0])
        self.first_kept = self.count - min(MOST_KEPT_ASIDE, self.count // 4)  # Learnt from up to here.
        self.voiced, self.unvoiced, self.pitch = [], [], []
        for sentences in self.rows:
            whole = torch.cat(sentences[:self.first_kept])
            voiced = whole[whole[:, 0] > 0]
            # As the engine learns a voice: what is 35 dB below loud is not speech.
            loud = (voiced[:, 1] / math.sqrt(BANDS)).quantile(0.9)
            heard = whole[:, 1] / math.sqrt(BANDS) > loud - 8
            self.voiced.append(voiced[voiced[:, 1] / math.sqrt(BANDS) > loud - 8][:, 1:])
            self.unvoiced.append(whole[heard & (whole[:, 0] == 0)][:, 1:].mean(0, keepdim=True))
            logs = voiced[:, 0].log()
            self.pitch.append((logs.mean(), logs.std()))

    def some(self, voice, frames=SAMPLE):
        return self.voiced[voice][torch.randint(len(self.voiced[voice]), (frames,))]


class Guise:
    """A voice as if its vocal tract and its colour were others'."""

    def __init__(self, voices, voice, change=True):
        self.voice = voice
        log_warp = (torch.randint(29, ()).item() / 14 - 1) * MOST_LOG_WARP if change else 0.0
        self.matrix = warping(math.exp(log_warp)) if change else torch.eye(25)
        self.colour = torch.zeros(25)
        if change:
            self.colour[1:9] = COLOUR * torch.randn(8) / torch.arange(1, 9).sqrt()
            self.matrix = self.matrix * (SCALING * torch.randn(25, 1)).exp()
        sample = self.of(voices.some(voice, 600))
        self.mean, self.deviation = sample.mean(0), sample.std(0)
        self.unvoiced = self.of(voices.unvoiced[voice])[0]
        log_f0, spread = voices.pitch[voice]
        self.log_f0 = log_f0 + (0.2 * (torch.rand(()) - 0.5) - log_warp if change else 0.0)
        self.spread = spread

    def of(self, cepstra):
        return cepstra @ self.matrix.T + self.colour

    def normal(self, cepstra):
        return (self.of(cepstra) - self.mean) / self.deviation

    def statistics(self):
        return torch.cat([self.mean[1:], self.deviation[1:], self.unvoiced[1:],
                          torch.stack([self.log_f0 - 5, self.spread * 4])])


def source_rows(guise, rows, voices):
    """[T, 26] to the encoder's [27, T]."""
    log_f0, spread = voices.pitch[guise.voice]
    voiced = rows[:, 0] > 0
    melody = torch.where(voiced, (rows[:, 0].clamp(min=1).log() - log_f0) / spread, torch.zeros(()))
    normal = guise.normal(rows[:, 1:]).clamp(-6, 6)
    return torch.cat([normal, voiced[:, None], melody[:, None].clamp(-4, 4)], 1).T


def target_rows(guise, rows, first, last):
    """The mean of the target's frames beside each of the source's, normalised: [25, T], and which of them
    have a pitch."""
    sums = torch.cat([torch.zeros(1, 25), guise.normal(rows[:, 1:]).cumsum(0)])
    first, last = first.long(), last.long() + 1
    mean = (sums[last] - sums[first]) / (last - first)[:, None]
    return mean.T, rows[(first + last - 1) // 2, 0] > 0


def example(voices, source, target, sentence, change=True):
    a, b = Guise(voices, source, change), Guise(voices, target, change)
    rows = voices.rows[source][sentence]
    if source == target:
        first = last = torch.arange(len(rows))
    else:
        first, last = (torch.from_numpy(x) for x in voices.aligned[sentence, source, target])
    wanted, voiced = target_rows(b, voices.rows[target][sentence], first, last)
    both = voiced & (rows[:, 0] > 0)
    spread = b.spread
    log_f0 = torch.where(rows[:, 0] > 0, b.log_f0 + spread * (rows[:, 0].clamp(min=1).log() -
                         voices.pitch[source][0]) / voices.pitch[source][1] - 5, torch.zeros(()))
    pitch = torch.stack([log_f0, (rows[:, 0] > 0).float()])
    return {"source": source_rows(a, rows, voices), "wanted": wanted[1:], "both": both.float(), "pitch": pitch,
            "guise": b}


def cut(tensor, at, length=FRAMES):
    piece = tensor[..., at:at + length]
    return nn.functional.pad(piece, (0, length - piece.shape[-1]))


def batch_of(voices):
    items = []
    while len(items) < BATCH:
        source, target = torch.randint(len(voices.names), (2,)).tolist()
        one = example(voices, source, target, torch.randint(voices.first_kept, ()).item())
        at = torch.randint(max(1, one["both"].shape[0] - FRAMES), ()).item()
        items.append({key: cut(one[key], at) for key in ("source", "wanted", "both", "pitch")} |
                     {"guise": one["guise"]})
    guises = [item["guise"] for item in items]
    whole = {key: torch.stack([item[key] for item in items]) for key in ("source", "wanted", "both", "pitch")}
    for name in ("one", "other"):
        whole[name] = torch.stack([g.of(voices.some(g.voice))[:, 1:] for g in guises])
    whole["statistics"] = torch.stack([g.statistics() for g in guises])
    whole["deviation"] = torch.stack([g.deviation[1:] for g in guises])
    return whole


def distance(made, batch):
    """What the cepstra miss, in dB, over frames with a pitch in both (the engine's distortion_db())."""
    apart = (made.float() - batch["wanted"]) * batch["deviation"][:, :, None]
    db = 10 / math.log(10) * ((apart * apart).sum(1) / BANDS + 1e-6).sqrt()
    return (db * batch["both"]).sum() / batch["both"].sum().clamp(min=1)


def loss_of(net, batch):
    one = net.speaker(batch["one"], batch["statistics"])
    near = nn.functional.normalize(one + SPEAKER_NOISE * torch.randn_like(one), dim=1)
    source = batch["source"].clone()
    source[:, :25] += INPUT_NOISE * torch.randn_like(source[:, :25])
    # The other sample sees no statistics, so that frames alone must tell the voice.
    other = net.speaker(batch["other"], torch.zeros_like(batch["statistics"]))
    made = net(source, near, batch["pitch"])
    alike = 8 * other @ one.T
    told = nn.functional.cross_entropy(alike, torch.arange(len(alike)))
    return distance(made, batch) + 0.1 * told, told


@torch.no_grad()
def judge(net, voices, sentences, strange=False):
    """dB off on sentences, voices as they are: by the network, and by what statistics alone would say. Where
    the first voice is strange, only its pairs."""
    net.eval()
    sums = {"network": 0.0, "statistics": 0.0, "pairs": 0}
    state = torch.random.get_rng_state()
    torch.manual_seed(1)
    for source in range(len(voices.names)):
        for target in range(len(voices.names)):
            if source == target or (strange and 0 not in (source, target)):
                continue
            for sentence in sentences:
                one = example(voices, source, target, sentence, change=False)
                guise = one["guise"]
                batch = {key: one[key][None] for key in ("source", "wanted", "both", "pitch")}
                batch["deviation"] = guise.deviation[None, 1:]
                vector = net.speaker(guise.of(voices.some(target))[None, :, 1:], guise.statistics()[None])
                sums["network"] += distance(net(batch["source"], vector, batch["pitch"]), batch).item()
                sums["statistics"] += distance(batch["source"][:, 1:25], batch).item()
                sums["pairs"] += 1
    torch.random.set_rng_state(state)
    return {name: sums[name] / sums["pairs"] for name in ("network", "statistics")}


def score(figures):
    return figures.get("stranger", figures)["network"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/conversion")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--stranger", help="prepare.py's OUT for a voice that nothing is learnt from: "
                        "what serves it best is kept")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    options = parser.parse_args()
    out = Path(options.out)
    data = run.load(out / "data.pt")
    if data is None:
        sys.exit(f"{out / 'data.pt'} is missing: run prepare.py first")
    run.seed(7)
    voices, net = Voices(data), network.Network()
    stranger = Voices(run.load(Path(options.stranger) / "data.pt")) if options.stranger else None
    best = None
    optimiser = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-2)
    average, step, begun = run.Average(net), 0, time.time()
    former = run.load(out / "network.pt")
    if former:
        net.load_state_dict(former["model"])
        average.state, step, best = former["average"], former["step"], former.get("best")
        if "optimiser" in former:
            optimiser.load_state_dict(former["optimiser"])
        run.seed(step)
    losses = []
    while step < options.steps and time.time() - begun < options.seconds:
        batch = batch_of(voices)
        with run.mixed(torch.device("cpu")):
            loss, told = loss_of(net, batch)
        run.learn(optimiser, net, loss, run.cosine(step, options.steps, options.rate, 200), 1.0)
        step += 1
        average.follow(net, step)
        losses.append((loss.item(), told.item()))
        if step % 100 == 0:
            mean = [sum(row) / len(losses) for row in zip(*losses)]
            losses.clear()
            pace = (time.time() - begun) / 60
            print(f"{step}: loss {mean[0]:.3f}, speakers {mean[1]:.3f} ({pace:.1f} min)", flush=True)
        if step % 250 == 0 or step == options.steps:
            figures = {"step": step, **judge(average.of(net), voices, range(voices.first_kept, voices.count, 4))}
            text = f"{step}: kept aside {figures['network']:.2f} dB, statistics {figures['statistics']:.2f} dB"
            if stranger:
                figures["stranger"] = judge(average.of(net), stranger, range(stranger.count), strange=True)
                text += "; a stranger {network:.2f} dB, statistics {statistics:.2f} dB".format(**figures["stranger"])
            print(text, flush=True)
            if best is None or score(figures) < score(best["figures"]):
                best = {"model": {name: value.clone() for name, value in average.state.items()},
                        "figures": figures}
            run.save(out / "network.pt", {"model": net.state_dict(), "average": average.state, "step": step,
                                          "optimiser": optimiser.state_dict(), "best": best,
                                          "voices": voices.names})


if __name__ == "__main__":
    main()
