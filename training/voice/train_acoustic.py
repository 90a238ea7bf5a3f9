#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 3: trains the acoustic model (model.py): symbols to mel, with duration, pitch and energy.

training/voice/train_acoustic.py --out build/voice [--minutes 60]

Durations are those of align.py; pitch and energy of a symbol are the means over its frames (unvoiced
symbols take the pitch of the line between their neighbours). Now and then the sentences kept aside are
judged, with the averaged weights: mel distance, errors of durations and of F0; the best so far are kept.
Saves acoustic.pt every 250 steps, with a picture of a sentence never trained on, original above made;
goes on from there.
"""
import argparse
import math
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent))
import align  # noqa: E402
import model as acoustic  # noqa: E402
import run  # noqa: E402
import sound  # noqa: E402
import text  # noqa: E402


def spread_over(values, lasts):
    """The mean of [F] over the frames of each symbol, where there are any."""
    sums = torch.zeros(len(lasts)).index_add_(
        0, torch.repeat_interleave(torch.arange(len(lasts)), lasts), values)
    return sums / lasts.clamp(min=1)


def between(values, known):
    """[T]: where a value is not known, on the line between its neighbours'."""
    places = known.nonzero()[:, 0]
    at = torch.arange(len(values)).float()
    right = torch.searchsorted(places.float(), at).clamp(max=len(places) - 1)
    left = (right - 1).clamp(min=0)
    span = (places[right] - places[left]).clamp(min=1).float()
    part = ((at - places[left]) / span).clamp(0, 1)
    return values[places[left]] + part * (values[places[right]] - values[places[left]])


def log_f0_of(s, lasts):
    """[T] log F0 of each symbol, unvoiced ones between their neighbours."""
    f0 = s["f0"].float()[:int(lasts.sum())]
    logs = torch.where(f0 > 0, f0.clamp(min=1).log(), torch.zeros(()))
    share = spread_over((f0 > 0).float(), lasts)
    if not (share > 0.3).any():
        return torch.full((len(lasts),), math.log(180.0))
    return between(spread_over(logs, lasts) / share.clamp(min=1e-3), share > 0.3)


def add_targets(sentences, durations):
    for s in sentences:
        lasts = durations[s["name"]]
        s["frames"] = lasts
        s["log_f0"] = log_f0_of(s, lasts)
        energy = spread_over(s["energy"].float()[:int(lasts.sum())], lasts)
        s["symbol_energy"] = between(energy, lasts > 0)


def statistics_of(sentences):
    phonemes = [torch.tensor([text.is_phoneme(text.SYMBOLS[i]) for i in s["symbols"]])
                for s in sentences]
    log_f0 = torch.cat([s["log_f0"][p] for s, p in zip(sentences, phonemes)])
    energy = torch.cat([s["symbol_energy"][p] for s, p in zip(sentences, phonemes)])
    mel = torch.cat([s["mel"].float().flatten() for s in sentences])
    return {"log_f0_mean": log_f0.mean().item(), "log_f0_std": log_f0.std().item(),
            "mel_mean": mel.mean().item(), "mel_std": mel.std().item(),
            "energy_mean": energy.mean().item(), "energy_std": energy.std().item()}


def stacked(batch, statistics, device):
    """Padded to few different lengths: a CPU plans its products anew for each."""
    counts = [len(s["symbols"]) for s in batch]
    frames = [int(s["frames"].sum()) for s in batch]
    longest, most_frames = -(-max(counts) // 16) * 16, -(-max(frames) // 64) * 64
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    rows = {name: torch.zeros(len(batch), longest) for name in ("frames", "pitch", "energy")}
    mel = torch.zeros(len(batch), most_frames, sound.BANDS)
    for i, (s, n, f) in enumerate(zip(batch, counts, frames)):
        ids[i, :n] = torch.tensor(s["symbols"])
        rows["frames"][i, :n] = s["frames"].float()
        rows["pitch"][i, :n] = (s["log_f0"] - statistics["log_f0_mean"]) / statistics["log_f0_std"]
        rows["energy"][i, :n] = ((s["symbol_energy"] - statistics["energy_mean"]) /
                                 statistics["energy_std"])
        mel[i, :f] = (s["mel"].float().T[:f] - statistics["mel_mean"]) / statistics["mel_std"]
    mask = torch.arange(longest)[None] < torch.tensor(counts)[:, None]
    frame_mask = torch.arange(most_frames)[None] < torch.tensor(frames)[:, None]
    return [x.to(device) for x in (ids, mask, rows["frames"], rows["pitch"], rows["energy"], mel,
                                   frame_mask)]


def regulated(x, frames, longest):
    """Each symbol's row as often as it has frames, padded to the longest of the batch."""
    made = [row.repeat_interleave(count.long(), 0) for row, count in zip(x, frames)]
    return torch.stack([functional.pad(m, (0, 0, 0, longest - len(m))) for m in made])


def losses(net, batch):
    ids, mask, frames, pitch, energy, mel, frame_mask = batch
    hidden = net.encode(ids, mask)
    said = net.duration(hidden, mask)
    x, said_pitch, said_energy = net.vary(hidden, mask, pitch, energy)
    made = net.decode(regulated(x, frames, mel.shape[1]), frame_mask)

    def over(error, where):
        return (error * where).sum() / where.sum()

    return {"mel": over((made - mel).abs().mean(2), frame_mask),
            "duration": over((said - (frames + 1).log()).square(), mask),
            "pitch": over((said_pitch - pitch).square(), mask),
            "energy": over((said_energy - energy).square(), mask)}, made


def total_of(parts):
    return parts["mel"] + 0.2 * parts["duration"] + 0.1 * parts["pitch"] + 0.1 * parts["energy"]


@torch.no_grad()
def judge(net, kept, statistics, device, picture):
    """Prints how far the sentences kept aside are from their recordings, by their own durations."""
    sums, frame_error, semitones = {}, 0.0, 0.0
    for i, s in enumerate(kept):
        batch = stacked([s], statistics, device)
        with run.mixed(device):
            parts, made = losses(net, batch)
            hidden = net.encode(batch[0], batch[1])
            log_frames = net.duration(hidden, batch[1])[0, :len(s["symbols"])].cpu()
            _, pitch, _ = net.vary(hidden, batch[1])
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + value.item() / len(kept)
        said = torch.tensor(acoustic.frames_of(
            log_frames, [text.is_phoneme(text.SYMBOLS[i]) for i in s["symbols"]]))
        frame_error += (said - s["frames"]).abs().float().mean().item() / len(kept)
        gap = (pitch - batch[3])[0, :len(s["symbols"])].abs().mean().item() * statistics["log_f0_std"]
        semitones += 12 / math.log(2) * gap / len(kept)
        if i == 0:
            run.write_png(picture, torch.cat([made[0].T.cpu(), batch[5][0].T.cpu()], 0))
    db = sums["mel"] * statistics["mel_std"] * 20 / math.log(10)
    print(f"  kept aside: mel {db:.2f} dB, durations {frame_error:.2f} frames, pitch "
          f"{semitones:.2f} semitones, losses " +
          ", ".join(f"{k} {v:.3f}" for k, v in sums.items()), flush=True)
    return {"mel_db": db, "duration_frames": frame_error, "pitch_semitones": semitones,
            "loss": sums["mel"] + 0.02 * (frame_error + semitones)}


class Training:
    def __init__(self, options, device, statistics):
        self.net = acoustic.FastSpeech(acoustic.Sizes(), len(text.SYMBOLS), sound.BANDS,
                                       options.dropout).to(device)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
        self.average, self.best, self.figures = run.Average(self.net), None, {"loss": math.inf}
        self.options, self.device, self.statistics, self.step = options, device, statistics, 0

    def restore(self, state):
        """What a checkpoint lacks begins anew."""
        self.net.load_state_dict(state["model"])
        self.average.state = {k: v.float() for k, v in state.get("average", state["model"]).items()}
        if "optimiser" in state:
            self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.figures = state["step"], state["figures"]
        self.best = run.best_of(state)

    def learn(self, group):
        with run.mixed(self.device):
            parts, _ = losses(self.net, stacked(group, self.statistics, self.device))
            loss = total_of(parts)
        run.learn(self.optimiser, self.net, loss, run.open_ended(self.step, self.options.rate, 500, 2000))
        self.step += 1
        self.average.follow(self.net, self.step)
        return parts

    def judge_and_save(self, kept, out):
        """Keeps what the sentences kept aside say is the best."""
        figures = {"step": self.step, "loss": -1.0}
        if kept:
            figures |= judge(self.average.of(self.net), kept, self.statistics, self.device,
                             out / "acoustic.png")
        if figures["loss"] < self.figures["loss"]:
            self.figures = figures
            self.best = {k: v.clone() for k, v in self.average.state.items()}
        run.save(out / "acoustic.pt",
                 {"model": self.net.state_dict(), "optimiser": self.optimiser.state_dict(),
                  "average": self.average.state, "best": self.best, "figures": self.figures,
                  "step": self.step, "statistics": self.statistics})


def options_of():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--steps", type=int, default=30000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long, saved")
    return parser.parse_args()


def main():
    options = options_of()
    out, device = Path(options.out), run.device_of(options.device)
    run.seed(options.seed)
    sentences, durations = run.load(out / "data.pt"), run.load(out / "durations.pt")
    if sentences is None or durations is None:
        sys.exit(f"{out} lacks data.pt or durations.pt: run prepare.py, then align.py")
    add_targets(sentences, durations)
    kept = [s for s in sentences if s["held_out"]]
    sentences = [s for s in sentences if not s["held_out"]]
    state = run.load(out / "acoustic.pt")
    training = Training(options, device, state["statistics"] if state else statistics_of(sentences))
    if state:
        training.restore(state)
    count = sum(p.numel() for p in training.net.parameters())
    print(f"{count / 1e6:.1f} million weights, {len(sentences)} sentences, {len(kept)} kept aside, "
          f"on {device}, from step {training.step}", flush=True)
    generator = torch.Generator().manual_seed(options.seed + training.step)
    began = last = time.monotonic()
    done = training.step >= options.steps
    while not done:
        for group in align.batches(sentences, options.batch, generator):
            parts = training.learn(group)
            step = training.step
            done = step >= options.steps or time.monotonic() - began > 60 * options.minutes
            if step % 100 == 0:
                print(f"step {step}  " + "  ".join(f"{k} {v.item():.3f}" for k, v in parts.items()) +
                      f"  {(time.monotonic() - last) / 100:.3f} s a step", flush=True)
                last = time.monotonic()
            if step % 250 == 0 or done:
                training.judge_and_save(kept, out)
            if done:
                return


if __name__ == "__main__":
    main()
