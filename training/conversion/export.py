#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Step 3: writes the network as `syrinx convert --network-weights FILE` takes it, and as it ships.

training/conversion/export.py --out build/conversion --to src/syrinx/stages/voice/network/conversion.safetensors

What the network says is duller than a voice: the mean of what might be. The spread of each term over all
frames kept aside is given back (global variance, Toda, Black and Tokuda 2007), as far as --spread says.
"""
import argparse
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "voice"))
import export as voice_export  # noqa: E402  (training/voice's: this file is never imported)
import network  # noqa: E402
import run  # noqa: E402
import train  # noqa: E402

MOST_SPREAD = 1.6


@torch.no_grad()
def lost_spread(net, voices):
    """[24]: the deviation of what is wanted over that of what is made, and the mean of what is made."""
    made, wanted = [], []
    for source in range(len(voices.names)):
        for target in range(len(voices.names)):
            for sentence in range(voices.first_kept, voices.count):
                if source == target:
                    continue
                one = train.example(voices, source, target, sentence, change=False)
                guise, both = one["guise"], one["both"] > 0
                vector = net.speaker(guise.of(voices.some(target))[None, :, 1:], guise.statistics()[None])
                made.append(net(one["source"][None], vector, one["pitch"][None])[0][:, both])
                wanted.append(one["wanted"][:, both])
    made, wanted = torch.cat(made, 1), torch.cat(wanted, 1)
    return wanted.std(1) / made.std(1), made.mean(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="build/conversion")
    parser.add_argument("--to", required=True)
    parser.add_argument("--spread", type=float, default=0.5, help="how much of it is given back; 1: all, 0: nothing")
    options = parser.parse_args()
    state, data = run.load(Path(options.out) / "network.pt"), run.load(Path(options.out) / "data.pt")
    if state is None or data is None:
        sys.exit(f"{options.out} lacks network.pt or data.pt: run prepare.py and train.py first")
    net = network.Network()
    net.load_state_dict(state["best"]["model"])
    run.seed(1)
    factors, mean = lost_spread(net.eval(), train.Voices(data))
    factors = factors.clamp(1, MOST_SPREAD) ** options.spread
    weights = net.state_dict()
    weights["decoder.last.weight"] = weights["decoder.last.weight"] * factors[:, None, None]
    weights["decoder.last.bias"] = (weights["decoder.last.bias"] - mean) * factors + mean
    voice_export.write_safetensors(Path(options.to), voice_export.halved(weights))
    figures = state["best"]["figures"]
    print(f"{options.to}: step {figures['step']}, {Path(options.to).stat().st_size / 1e6:.1f} MB, spread by "
          f"{factors.min():.2f} to {factors.max():.2f}; {figures}")


if __name__ == "__main__":
    main()
