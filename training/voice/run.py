# SPDX-License-Identifier: Apache-2.0
"""What every step of the training shares: where it runs, how it starts again, pictures."""
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


def cosine(step, steps, most, warm_up=500):
    """The learning rate of a step: up in a line, down in a half cosine to a twentieth."""
    if step < warm_up:
        return most * (step + 1) / warm_up
    part = min(1.0, (step - warm_up) / max(1, steps - warm_up))
    return most * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * part)))


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
