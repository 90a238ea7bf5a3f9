#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 4: trains the vocoder (vocoder.py): mel to sound.

training/voice/train_vocoder.py --out build/voice [--steps 200000 --alone 5000]

The first steps learn from spectra alone; then the judges join. With --fine-tune the mels are those
that the acoustic model makes of the recordings' own durations, pitch and energy, so that the vocoder
learns what it will be given. Saves vocoder.pt every 1,000 steps, with the mel distance of the
sentences kept aside and a picture of one; goes on from there.
"""
import argparse
import math
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import model as acoustic  # noqa: E402
import run  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402
import train_acoustic  # noqa: E402
import vocoder  # noqa: E402

SEGMENT = 32  # Frames.


def draw(sentences, size, generator, device):
    """Segments of sound and mel that lie on the same frames."""
    sounds, mels = [], []
    while len(sounds) < size:
        s = sentences[int(torch.randint(len(sentences), (1,), generator=generator))]
        frames = s["made"].shape[1] if "made" in s else s["mel"].shape[1]
        if frames <= SEGMENT:
            continue
        at = int(torch.randint(frames - SEGMENT, (1,), generator=generator))
        mels.append((s["made"] if "made" in s else s["mel"])[:, at:at + SEGMENT])
        sounds.append(s["sound"][at * sound.HOP:(at + SEGMENT) * sound.HOP])
    return (torch.stack(sounds).float().to(device, non_blocking=True),
            torch.stack(mels).float().to(device, non_blocking=True))


@torch.no_grad()
def add_made_mels(sentences, out, device):
    """What the acoustic model makes with everything else as recorded."""
    state, durations = run.load(out / "acoustic.pt"), run.load(out / "durations.pt")
    if state is None:
        sys.exit(f"{out} has no acoustic.pt: run train_acoustic.py first")
    train_acoustic.add_targets(sentences, durations)
    net = acoustic.FastSpeech(acoustic.Sizes(), len(text.SYMBOLS), sound.BANDS).to(device).eval()
    net.load_state_dict(state["model"])
    statistics = state["statistics"]
    for s in sentences:
        _, made = train_acoustic.losses(net, train_acoustic.stacked([s], statistics, device))
        s["made"] = (made[0].T * statistics["mel_std"] + statistics["mel_mean"]).cpu().half()


@torch.no_grad()
def judge(net, kept, filters, device, picture):
    net.eval()
    distance = 0.0
    for i, s in enumerate(kept):
        made = net(s["mel"].float()[None].to(device))
        mel = sound.log_mel(made, filters)[0].cpu()
        distance += (mel - s["mel"].float()).abs().mean().item() / len(kept)
        if i == 0:
            run.write_png(picture, torch.cat([mel, s["mel"].float()], 0))
    net.train()
    db = distance * 20 / math.log(10)
    print(f"  kept aside: mel {db:.2f} dB", flush=True)
    return {"mel_db": db}


class Training:
    def __init__(self, options, device):
        self.net, self.judges = vocoder.Vocos().to(device), vocoder.Judges().to(device)
        both = dict(lr=options.rate, betas=(0.8, 0.9), weight_decay=0.0)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), **both)
        self.judging = torch.optim.AdamW(self.judges.parameters(), **both)
        self.options, self.device, self.step = options, device, 0
        self.filters = sound.mel_filters().to(device)

    def parts(self):
        return {"model": self.net, "judges": self.judges, "optimiser": self.optimiser,
                "judging": self.judging}

    def restore(self, state):
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.step = state["step"]

    def state(self, figures):
        return {"step": self.step, "figures": figures,
                **{name: part.state_dict() for name, part in self.parts().items()}}

    def teach_judges(self, real, made):
        loss = vocoder.judges_loss(self.judges(real), self.judges(made.detach()))
        self.judging.zero_grad()
        loss.backward()
        self.judging.step()
        return loss.item()

    def learn(self, real, mel):
        for optimiser in (self.optimiser, self.judging):
            for group in optimiser.param_groups:
                group["lr"] = run.cosine(self.step, self.options.steps, self.options.rate)
        made = self.net(mel)
        losses = {}
        distance = (sound.log_mel(made, self.filters) - sound.log_mel(real, self.filters)).abs().mean()
        total = 45 * distance
        if self.step < self.options.alone:
            total = total + 10 * vocoder.spectral_loss(real, made)
        else:
            losses["judges"] = self.teach_judges(real, made)
            with torch.no_grad():
                seen = self.judges(real)
            adversarial, features = vocoder.made_losses(seen, self.judges(made))
            total = total + adversarial + 2 * features
            losses |= {"adversarial": adversarial.item(), "features": features.item()}
        self.optimiser.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 10.0)
        self.optimiser.step()
        self.step += 1
        return {"mel": distance.item(), **losses}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--steps", type=int, default=200000)
    parser.add_argument("--alone", type=int, default=5000, help="steps without judges")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long, saved")
    parser.add_argument("--fine-tune", action="store_true")
    options = parser.parse_args()
    out, device = Path(options.out), run.device_of(options.device)
    run.seed(options.seed)
    sentences = run.load(out / "data.pt")
    if sentences is None:
        sys.exit(f"{out}/data.pt is missing: run prepare.py first")
    if options.fine_tune:
        add_made_mels(sentences, out, device)
    kept = [s for s in sentences if s["held_out"]]
    sentences = [s for s in sentences if not s["held_out"]]
    training = Training(options, device)
    state = run.load(out / "vocoder.pt")
    if state:
        training.restore(state)
    count = sum(p.numel() for p in training.net.parameters())
    print(f"{count / 1e6:.1f} million weights, on {device}, from step {training.step}", flush=True)
    generator = torch.Generator().manual_seed(options.seed + training.step)
    began = last = time.monotonic()
    done = training.step >= options.steps
    while not done:
        parts = training.learn(*draw(sentences, options.batch, generator, device))
        step = training.step
        done = step >= options.steps or time.monotonic() - began > 60 * options.minutes
        if step % 100 == 0:
            print(f"step {step}  " + "  ".join(f"{k} {v:.3f}" for k, v in parts.items()) +
                  f"  {(time.monotonic() - last) / 100:.3f} s a step", flush=True)
            last = time.monotonic()
        if step % 1000 == 0 or done:
            figures = judge(training.net, kept, training.filters, device, out / "vocoder.png")
            run.save(out / "vocoder.pt", training.state(figures))


if __name__ == "__main__":
    main()
