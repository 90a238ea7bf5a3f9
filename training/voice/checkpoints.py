#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small copies of what was trained, to be kept in the repository and carried on anywhere.

training/voice/checkpoints.py --pack | --unpack [--out build/voice] [--folder training/checkpoints]

--pack writes acoustic.pt and vocoder.pt (and the judges) in float16 and without the optimisers' memory,
each under 16 MB; --unpack puts them where training goes on from them. Data and durations come from
prepare.py and align.py again.
"""
import argparse
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import run  # noqa: E402

MOST_BYTES = 16_000_000


def converted(state, to):
    """The floating tensors of a nested dict in another precision."""
    if isinstance(state, dict):
        return {name: converted(value, to) for name, value in state.items()}
    return state.to(to) if torch.is_tensor(state) and state.is_floating_point() else state


def packed_acoustic(state):
    return {"model": run.best_of(state), **{name: state[name] for name in ("step", "statistics", "figures")}}


def packed_vocoder(state):
    return {"model": state["average"], **{name: state[name] for name in ("step", "figures", "judges")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--pack", action="store_true")
    way.add_argument("--unpack", action="store_true")
    parser.add_argument("--out", default="build/voice")
    parser.add_argument("--folder", default="training/checkpoints")
    options = parser.parse_args()
    out, folder = Path(options.out), Path(options.folder)
    for name, pack in (("acoustic.pt", packed_acoustic), ("vocoder.pt", packed_vocoder)):
        state = run.load((out if options.pack else folder) / name)
        if state is None:
            sys.exit(f"there is no {(out if options.pack else folder) / name}")
        to = folder / name if options.pack else out / name
        run.save(to, converted(pack(state), torch.half) if options.pack else converted(state, torch.float))
        if options.pack and to.stat().st_size > MOST_BYTES:
            sys.exit(f"{to} has {to.stat().st_size} bytes, more than {MOST_BYTES}")
        print(f"{to}: step {state['step']}, {to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
