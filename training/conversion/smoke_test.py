#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every step of the recipe for a few steps on sentences that built-in voices say, holds what the
engine makes with the weights against PyTorch, and lets the program convert with them.

    smoke_test.py SYRINX SYRINX_VOICE_CEPSTRA
"""
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LEAST_SNR_DB = 70
SENTENCES = ["The birch canoe slid on the smooth planks.", "Glue the sheet to the blue background.",
             "It is easy to tell the depth of a well.", "Rice is often served in round bowls.",
             "The juice of lemons makes fine punch!"]


def step(name, *options):
    done = subprocess.run([sys.executable, HERE / name, *map(str, options)], capture_output=True, text=True)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    print(done.stdout, end="", flush=True)
    return done.stdout


def hold_against_torch(frames_program, weights, folder):
    """SNR in dB of the engine's cepstra, PyTorch's of the same file being right."""
    sys.path.insert(0, str(HERE))
    import numpy
    import torch
    import network
    net = network.Network().eval()
    raw = weights.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    state = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(raw[8 + size + begin:8 + size + end], "<f2").astype("f4")
        state[name] = torch.from_numpy(values.reshape(entry["shape"]))
    net.load_state_dict(state)
    torch.manual_seed(3)
    speaker = torch.nn.functional.normalize(torch.randn(1, network.SPEAKER), dim=1)
    rows = torch.randn(300, network.INPUTS + 1)
    voiced = (torch.arange(300) % 60 < 40).float()
    rows[:, 25] = voiced
    rows[:, 26] *= voiced
    rows[:, 27] = 5 + 0.3 * rows[:, 27]
    (folder / "in").write_bytes(speaker.numpy().tobytes() + rows.numpy().astype("<f4").tobytes())
    subprocess.run([frames_program, "--run", weights, folder / "in", folder / "made"], check=True)
    made = numpy.fromfile(folder / "made", "<f4").reshape(300, network.CEPSTRA)
    pitch = torch.stack([(rows[:, 27] - 5) * voiced, voiced])
    with torch.no_grad():
        right = net(rows[:, :network.INPUTS].T[None], speaker, pitch[None])[0].T.numpy()
    return 10 * math.log10((right**2).sum() / ((right - made)**2).sum())


def main():
    program, frames_program = (Path(path).resolve() for path in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name), Path(name) / "out"
        data = folder / "kathleen"
        data.mkdir()
        for i, sentence in enumerate(SENTENCES):
            subprocess.run([program, "say", "-q", "--voice", "kathleen", "-o", data / f"s{i}.flac", sentence],
                           check=True)
        (data / "transcripts.tsv").write_text(
            "".join(f"s{i}\t{text}\n" for i, text in enumerate(SENTENCES)), encoding="utf-8")
        step("prepare.py", "--data", data, "--out", out, "--voices", "rms", "--syrinx", program,
             "--frames", frames_program)
        step("train.py", "--out", out, "--steps", 6)
        assert "8: kept aside" in step("train.py", "--out", out, "--steps", 8), "it did not go on"
        weights = out / "conversion.safetensors"
        step("export.py", "--out", out, "--to", weights)
        snr = hold_against_torch(frames_program, weights, folder)
        print(f"{snr:.1f} dB from PyTorch's cepstra")
        assert snr >= LEAST_SNR_DB, f"{snr} dB is too little"
        subprocess.run([program, "convert", data / "s0.flac", "-o", folder / "like.wav", "-q", "--like",
                        out / "rms" / "s0.wav", "--network", "1", "--network-weights", weights], check=True)
        subprocess.run([program, "convert", data / "s0.flac", "-o", folder / "plain.wav", "-q",
                        "--like", out / "rms" / "s0.wav"], check=True)
        assert (folder / "like.wav").read_bytes() != (folder / "plain.wav").read_bytes()


if __name__ == "__main__":
    main()
