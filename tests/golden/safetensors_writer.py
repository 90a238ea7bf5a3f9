# SPDX-License-Identifier: Apache-2.0
"""Writes PyTorch's tensors as a safetensors file, without the library of that name."""
import json
import struct

import torch

KINDS = {torch.float16: "F16", torch.float32: "F32", torch.int32: "I32"}


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": KINDS[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
