#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 5: writes what was trained as a two-stage voice that `syrinx say --voice FOLDER` speaks with.

training/voice/export.py --out build/voice --to build/voice/kathleen --name kathleen

voice.json, acoustic.safetensors and vocoder.safetensors (float16), vocoder.json, and card.json: who
spoke, under which licence, on what it was trained, for how long, with which figures.
"""
import argparse
import json
import math
import struct
import subprocess
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import model as acoustic  # noqa: E402
import run  # noqa: E402
import sound  # noqa: E402
import spread  # noqa: E402
import text  # noqa: E402
import train_vocoder  # noqa: E402
import vocoder  # noqa: E402

FAULTS = ["Little training: a little dull and rough beside the recordings (P.808 in the report).",
          "Phases smear faintly in a tenth of the time, as the artifact detectors hear it.",
          "Pitch moves less than the speaker's; sentences sound much alike."]
KINDS = {torch.float16: "F16", torch.float32: "F32"}


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in sorted(tensors.items()):
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": KINDS[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def halved(state):
    return {name: tensor.half() for name, tensor in state.items()}


def louder(state, gain_db):
    """The vocoder's weights so that all it makes is so much louder: filters are logarithms."""
    state = {name: tensor.clone() for name, tensor in state.items()}
    bins = vocoder.BINS
    for filter_rows in (slice(0, bins), slice(2 * bins, 3 * bins)):
        state["head.bias"][filter_rows] += gain_db * math.log(10) / 20
    return state


def contrasted(spoken, options):
    """The acoustic model's weights, with the spread of its mels given back, and by which factors."""
    weights, sentences = run.best_of(spoken), run.load(Path(options.out) / "data.pt")
    kept = [s for s in sentences if s["held_out"]]
    if options.spread == 0 or not kept:
        return weights, []
    train_vocoder.add_made_mels(kept, Path(options.out), torch.device("cpu"))
    factors, mean = spread.measured(kept)
    return (spread.given_back(weights, spoken["statistics"], factors, mean, options.spread),
            [round(f, 3) for f in factors.tolist()])


def settings_of(options, statistics):
    mel = {"convention": "hifigan", "sampling_rate": sound.RATE, "n_fft": sound.FFT,
           "hop_size": sound.HOP, "win_size": sound.FFT, "num_mels": sound.BANDS, "fmin": 0,
           "fmax": int(sound.TOP_HZ)}
    return {"acoustic": "fastspeech2", "version": 1, "name": options.name, "language": "en-US",
            "gender": "female", "licence": options.licence, "description": options.description,
            "phonemes": "arpabet", "symbols": text.SYMBOLS, "model": vars(acoustic.Sizes()),
            "statistics": {k: v for k, v in statistics.items() if not k.startswith("energy")},
            "mel": mel}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--to", required=True)
    parser.add_argument("--name", default="kathleen")
    parser.add_argument("--licence", default="CC0-1.0")
    parser.add_argument("--description", default="Trained on 0.95 h of Kathleen's recordings")
    parser.add_argument("--gain-db", type=float, default=1.0, help="louder than the training data is")
    parser.add_argument("--spread", type=float, default=1.5,
                        help="how much of the mels' lost variance is given back; 1: all, 0: nothing")
    parser.add_argument("--report", help="report.json of bench/voice.py, whose figures the card repeats")
    options = parser.parse_args()
    out, to = Path(options.out), Path(options.to)
    spoken, sounding = run.load(out / "acoustic.pt"), run.load(out / "vocoder.pt")
    if spoken is None or sounding is None:
        sys.exit(f"{out} lacks acoustic.pt or vocoder.pt: train both first")
    to.mkdir(parents=True, exist_ok=True)
    best, factors = contrasted(spoken, options)
    write_safetensors(to / "acoustic.safetensors", halved(best))
    write_safetensors(to / "vocoder.safetensors", halved(louder(sounding["average"], options.gain_db)))
    settings = settings_of(options, spoken["statistics"])
    (to / "voice.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    head = {"n_mels": sound.BANDS, **settings["mel"]}
    (to / "vocoder.json").write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True,
                            cwd=Path(__file__).parent).stdout.strip()
    card = {"speaker": options.name, "licence": options.licence, "recipe_commit": commit,
            "data": options.description,
            "acoustic": {"steps": spoken["figures"]["step"], "kept_aside": spoken["figures"],
                         "spread": options.spread, "spread_of_terms": factors},
            "vocoder": {"steps": sounding["step"], "kept_aside": sounding["figures"]},
            "known_faults": FAULTS}
    if options.report:
        report = json.loads(Path(options.report).read_text(encoding="utf-8"))
        card["report"] = {row["speaker"]: row for row in report["speakers"]
                          if row["speaker"] in ("recordings", "copy", options.name, "slt")}
    (to / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    size = sum(f.stat().st_size for f in to.iterdir()) / 1e6
    print(f"{to}: {size:.1f} MB; try: syrinx say --voice {to}/ \"Hello.\"")


if __name__ == "__main__":
    main()
