# SPDX-License-Identifier: Apache-2.0
"""What every step of the training shares: where it runs, how it starts again, pictures."""
import copy
import math
import os
import random
import struct
import zlib
from pathlib import Path

import torch


def device_of(wanted):
    return torch.device(wanted or ("cuda" if torch.cuda.is_available() else "cpu"))


def seed(number):
    random.seed(number)
    torch.manual_seed(number)


def save(path, state):
    """The file is the old one or the new one, never half."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)


def load(path):
    """What save() wrote, or nothing."""
    return torch.load(path, map_location="cpu") if Path(path).exists() else None


def best_of(state):
    """The acoustic model's weights to speak with; a checkpoint that was packed has no others."""
    return state.get("best", state["model"])


def cosine(step, steps, most, warm_up=500):
    """The learning rate of a step: up in a line, down in a half cosine to a twentieth."""
    if step < warm_up:
        return most * (step + 1) / warm_up
    part = min(1.0, (step - warm_up) / max(1, steps - warm_up))
    return most * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * part)))


def open_ended(step, most, warm_up=500, flat=4000):
    """A learning rate that needs no last step: up in a line, level, then down as one by the root of the
    step. With averaged weights one may stop at any time."""
    return most * min(1.0, (step + 1) / warm_up, (flat / max(1, step)) ** 0.5)


class Average:
    """The weights of a network, averaged over about the last tenth of its steps, 1,000 at most. They are
    what is judged and exported."""

    def __init__(self, net):
        self.state = {name: value.detach().clone() for name, value in net.state_dict().items()}

    @torch.no_grad()
    def follow(self, net, step):
        keep = min(0.999, (step + 1) / (step + 10))
        for name, value in net.state_dict().items():
            self.state[name].lerp_(value, 1 - keep)

    def of(self, net):
        """A copy of the network with the averages, for judging."""
        twin = copy.deepcopy(net).eval()
        twin.load_state_dict(self.state)
        return twin


def mixed(device):
    """bfloat16 where it multiplies matrices: the same on a GPU and, with AMX, many times as fast as
    float32 on a CPU."""
    return torch.autocast(device.type, torch.bfloat16)


def learn(optimiser, net, loss, rate, most=1.0):
    """One step of an optimiser at a rate, the gradient's norm `most` at most; gives that norm. A step
    whose gradient is not finite is left out."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(net.parameters(), most)
    if torch.isfinite(norm):
        optimiser.step()
    return norm.item()


def write_png(path, rows):
    """A grey picture of a [height, width] tensor, largest values white, row 0 at the bottom."""
    low, high = rows.min(), rows.max()
    grey = ((rows - low) / (high - low).clamp(min=1e-9) * 255).byte().flip(0)
    raw = b"".join(b"\0" + bytes(row.tolist()) for row in grey)

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    head = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
                           chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
