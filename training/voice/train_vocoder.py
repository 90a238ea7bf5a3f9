#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 4: trains the vocoder (vocoder.py): mel to sound.

training/voice/train_vocoder.py --out build/voice [--minutes 60] [--alone 3000]

The first steps learn from spectra alone, and from the recordings' F0; then the judges join, some of them
at a step, and pulses follow the F0 that the vocoder itself hears in the mel. With --fine-tune the mels
are those that the acoustic model makes of the recordings' own durations, pitch and energy, so that the
vocoder learns what it will be given. Saves vocoder.pt every 500 steps, with figures of the sentences kept
aside, a picture and the sound of one; goes on from there.
"""
import argparse
import math
import sys
import time
from pathlib import Path

import soundfile
import torch
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent))
import judges as judging  # noqa: E402
import model as acoustic  # noqa: E402
import run  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402
import train_acoustic  # noqa: E402
import vocoder  # noqa: E402

SEGMENT = 48  # Frames.
MEL_WEIGHT, F0_WEIGHT, JUDGES_RATE = 5.0, 1.0, 3e-4
JUDGED = 12  # Of the sentences kept aside.


def draw(sentences, size, generator, device):
    """Segments of sound, mel and F0 that lie on the same frames."""
    parts = {"sound": [], "mel": [], "f0": []}
    while len(parts["mel"]) < size:
        s = sentences[int(torch.randint(len(sentences), (1,), generator=generator))]
        mel = s.get("made", s["mel"])
        if mel.shape[1] <= SEGMENT:
            continue
        at = int(torch.randint(mel.shape[1] - SEGMENT, (1,), generator=generator))
        parts["mel"].append(mel[:, at:at + SEGMENT])
        parts["f0"].append(s["f0"][at:at + SEGMENT])
        parts["sound"].append(s["sound"][at * sound.HOP:(at + SEGMENT) * sound.HOP])
    return [torch.stack(part).float().to(device) for part in parts.values()]


@torch.no_grad()
def add_made_mels(sentences, out, device):
    """What the acoustic model makes with everything else as recorded."""
    state, durations = run.load(out / "acoustic.pt"), run.load(out / "durations.pt")
    if state is None:
        sys.exit(f"{out} has no acoustic.pt: run train_acoustic.py first")
    train_acoustic.add_targets(sentences, durations)
    net = acoustic.FastSpeech(acoustic.Sizes(), len(text.SYMBOLS), sound.BANDS).to(device).eval()
    net.load_state_dict(run.best_of(state))
    statistics = state["statistics"]
    for s in sentences:
        batch = train_acoustic.stacked([s], statistics, device)
        with run.mixed(device):
            _, made = train_acoustic.losses(net, batch)
        s["made"] = (made[0, :s["mel"].shape[1]].T * statistics["mel_std"] + statistics["mel_mean"]).cpu().half()


def f0_losses(log_f0, voicing, f0):
    """How far F0 and voicing are from those of the recording."""
    voiced = (f0 > 0).float()
    gap = (log_f0 - (f0.clamp(min=1) / vocoder.MIDDLE_F0).log()).abs()
    return ((gap * voiced).sum() / voiced.sum().clamp(min=1),
            functional.binary_cross_entropy_with_logits(voicing, voiced))


@torch.no_grad()
def judge(net, kept, filters, out):
    """Of the averaged network, whole sentences: mel distance, F0 and voicing."""
    sums = {"mel_db": 0.0, "f0_cents": 0.0, "voicing_errors": 0.0}
    for i, s in enumerate(kept[:JUDGED]):
        mel, f0 = s.get("made", s["mel"]).float(), s["f0"].float()
        made, log_f0, voicing = (x.cpu() for x in net(mel[None].to(filters.device)))
        heard = sound.log_mel(made, filters.cpu())[0]
        frames = heard.shape[1]
        gap, _ = f0_losses(log_f0, voicing, f0[None, :frames])
        wrong = ((voicing[0] > 0) != (f0[:frames] > 0)).float().mean()
        for name, value in (("mel_db", (heard - s["mel"].float()[:, :frames]).abs().mean() * 20 / math.log(10)),
                            ("f0_cents", gap * 1200 / math.log(2)), ("voicing_errors", wrong)):
            sums[name] += value.item() / min(JUDGED, len(kept))
        if i == 0:
            both = (made, s["sound"].float()[None, :made.shape[1]])
            run.write_png(out / "vocoder.png", torch.cat([sound.magnitudes(x)[0].log() for x in both]))
            soundfile.write(out / "vocoder.wav", made[0].clamp(-1, 1).numpy(), sound.RATE)
    print("  kept aside: " + ", ".join(f"{k} {v:.3f}" for k, v in sums.items()), flush=True)
    return sums


class Training:
    def __init__(self, options, device):
        self.net, self.judges = vocoder.SourceFilter().to(device), judging.Judges().to(device)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), betas=(0.8, 0.99), weight_decay=0.0)
        self.judging = torch.optim.AdamW(self.judges.parameters(), betas=(0.8, 0.99), weight_decay=0.0)
        self.average = run.Average(self.net)
        self.options, self.device, self.step = options, device, 0
        self.filters = sound.mel_filters().to(device)

    def restore(self, state):
        """What a checkpoint lacks begins anew."""
        self.net.load_state_dict(state["model"])
        self.average.state = {k: v.float() for k, v in state.get("average", state["model"]).items()}
        for name in ("judges", "optimiser", "judging"):
            if name in state:
                getattr(self, name).load_state_dict(state[name])
        self.step = state["step"]

    def state(self, figures):
        return {"step": self.step, "figures": figures, "model": self.net.state_dict(),
                "average": self.average.state, "judges": self.judges.state_dict(),
                "optimiser": self.optimiser.state_dict(), "judging": self.judging.state_dict()}

    def against_judges(self, real, made, losses):
        """What some judges add to the loss, after they have learned from this step themselves."""
        towers = self.judges.draw(self.options.towers)
        with run.mixed(self.device):
            seen, seen_made = self.judges(real, towers), self.judges(made.detach(), towers)
            loss = judging.judges_loss(seen, seen_made)
        run.learn(self.judging, self.judges, loss, run.open_ended(self.step, JUDGES_RATE, 300), 10.0)
        seen = [[layer.detach() for layer in tower] for tower in seen]
        with run.mixed(self.device):
            adversarial, features = judging.made_losses(seen, self.judges(made, towers))
        losses |= {"judges": loss.item(), "adversarial": adversarial.item(), "features": features.item()}
        return self.options.judges_weight * (adversarial + 2 * features)

    def learn(self, real, mel, f0):
        judged = self.step >= self.options.alone
        follows_itself = judged and self.step % 4 > 0
        begin = int(torch.randint(10**6, (1,)))
        with run.mixed(self.device):
            made, log_f0, voicing = self.net(mel, None if follows_itself else f0, begin)
        gap, unsure = f0_losses(log_f0, voicing, f0)
        spectral = judging.spectral_loss(real, made)
        distance = (sound.log_mel(made, self.filters) - sound.log_mel(real, self.filters)).abs().mean()
        losses = {"spectral": spectral.item(), "mel": distance.item(), "f0": gap.item(),
                  "voicing": unsure.item()}
        total = spectral + MEL_WEIGHT * distance + F0_WEIGHT * (2 * gap + unsure)
        rate = run.open_ended(self.step, self.options.rate, 300)
        if judged:
            total = total + self.against_judges(real, made, losses)
        losses["norm"] = run.learn(self.optimiser, self.net, total, rate, 10.0)
        self.step += 1
        self.average.follow(self.net, self.step)
        return losses


def options_of():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--steps", type=int, default=200000)
    parser.add_argument("--alone", type=int, default=3000, help="steps before the judges join")
    parser.add_argument("--towers", type=int, default=2, help="judges that look at a step")
    parser.add_argument("--judges-weight", type=float, default=1.0, help="beside the spectra's")
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long, saved")
    parser.add_argument("--fine-tune", action="store_true", help="on the acoustic model's mels")
    return parser.parse_args()


def main():
    options = options_of()
    out, device = Path(options.out), run.device_of(options.device)
    run.seed(options.seed)
    sentences = run.load(out / "data.pt")
    if sentences is None:
        sys.exit(f"{out}/data.pt is missing: run prepare.py first")
    if options.fine_tune:
        add_made_mels(sentences, out, device)
    kept = [s for s in sentences if s["held_out"]]
    sentences = [s for s in sentences if not s["held_out"]]
    training, state = Training(options, device), run.load(out / "vocoder.pt")
    if state:
        training.restore(state)
    count = sum(p.numel() for p in training.net.parameters())
    print(f"{count / 1e6:.1f} million weights, {len(sentences)} sentences, on {device}, from step "
          f"{training.step}", flush=True)
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
        if step % 500 == 0 or done:
            figures = judge(training.average.of(training.net), kept, training.filters, out)
            run.save(out / "vocoder.pt", training.state(figures))


if __name__ == "__main__":
    main()
