#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every step of the training for a few steps on sentences that the built-in voice says, then
speaks with what came out and holds Syrinx's vocoder against PyTorch's.

    smoke_test.py SYRINX
"""
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SENTENCES = ["The birch canoe slid on the smooth planks.", "Glue the sheet to the blue background.",
             "It is easy to tell the depth of a well.", "Four hours of steady work faced us, Tom.",
             "Rice is often served in round bowls.", "The juice of lemons makes fine punch!",
             "Is the box thrown beside the truck?", "The hogs were fed corn and garbage.",
             "A rod is used to catch pink salmon."]


def recordings(program, folder):
    lines = []
    for i, sentence in enumerate(SENTENCES):
        subprocess.run([program, "say", "-q", "-s", "22050", "-o", folder / f"s{i}.wav", sentence],
                       check=True)
        lines.append(f"s{i}\t{sentence}\n")
    (folder / "transcripts.tsv").write_text("".join(lines), encoding="utf-8")


def step(name, *options):
    done = subprocess.run([sys.executable, HERE / name, *map(str, options)], capture_output=True,
                          text=True)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    print(done.stdout, end="", flush=True)
    return done.stdout


def hold_against_torch(program, out, voice):
    """SNR in dB of Syrinx's samples, PyTorch's being right."""
    sys.path.insert(0, str(HERE))
    import numpy
    import torch
    import run
    import vocoder
    net = vocoder.SourceFilter().eval()
    state = run.load(out / "vocoder.pt")["average"]
    net.load_state_dict({name: tensor.half().float() for name, tensor in state.items()})
    mel = run.load(out / "data.pt")[0]["mel"].float()
    numpy.save(out / "mel.npy", mel.numpy())
    with torch.no_grad():
        right = net(mel[None])[0][0].double().numpy()
    whole = vocoded(program, out, voice)
    streamed = vocoded(program, out, voice, "--stream", 7)
    assert (whole == streamed).all(), "streamed, the samples are other ones"
    assert whole.shape == right.shape, f"{whole.shape} samples, PyTorch makes {right.shape}"
    return 10 * math.log10((right**2).sum() / ((right - whole)**2).sum())


def vocoded(program, out, voice, *options):
    """Syrinx's samples of mel.npy."""
    import soundfile
    subprocess.run([program, "vocode", "-q", out / "mel.npy", "-m", voice / "vocoder.safetensors",
                    "--config", voice / "vocoder.json", "-o", out / "made.wav", "--encoding",
                    "float32", *map(str, options)], check=True)
    return soundfile.read(out / "made.wav", dtype="float32")[0]


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        recordings(program, out)
        step("prepare.py", "--data", out, "--out", out, "--program", program)
        step("align.py", "--out", out, "--steps", 80, "--batch", 4, "--rounds", 3)
        step("train_acoustic.py", "--out", out, "--steps", 4, "--batch", 2)
        resumed = step("train_acoustic.py", "--out", out, "--steps", 6, "--batch", 2)
        assert "from step 4" in resumed, resumed
        step("train_vocoder.py", "--out", out, "--steps", 4, "--alone", 2, "--batch", 2)
        step("train_vocoder.py", "--out", out, "--steps", 5, "--alone", 2, "--batch", 2,
             "--fine-tune")
        voice = out / "tried"
        step("checkpoints.py", "--pack", "--out", out, "--folder", out / "kept")
        taken_up = out / "taken_up"
        taken_up.mkdir()
        for name in ("data.pt", "durations.pt"):
            (taken_up / name).symlink_to(out / name)
        step("checkpoints.py", "--unpack", "--out", taken_up, "--folder", out / "kept")
        resumed = step("train_vocoder.py", "--out", taken_up, "--steps", 6, "--batch", 2, "--fine-tune")
        assert "from step 5" in resumed, resumed
        step("export.py", "--out", out, "--to", voice, "--name", "tried", "--gain-db", 0)
        for name in ("acoustic.png", "vocoder.png", "align.png", "borders.png"):
            assert (out / name).read_bytes().startswith(b"\x89PNG"), name
        said = subprocess.run([program, "say", "--json", "--voice", f"{voice}/", "-o",
                               out / "said.wav", "Hello there."], capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr
        assert json.loads(said.stdout)["sample_rate_hz"] == 22050
        snr_db = hold_against_torch(program, out, voice)
        print(f"Syrinx's vocoder against PyTorch's: {snr_db:.1f} dB")
        assert snr_db > 60, snr_db


if __name__ == "__main__":
    main()
