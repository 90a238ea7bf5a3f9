#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/data/layers/layers.safetensors: what PyTorch's layers make of small inputs.

Usage: make_layer_golden.py OUTPUT. Needs PyTorch; written with 1.13. The seed is fixed, so that
the file comes out the same. Weights and inputs are rounded to float16 before they are used, and
kept so; outputs are computed in float64 and kept in float32.
"""
import json
import struct
import sys

import torch

torch.manual_seed(20)
torch.set_grad_enabled(False)
ROWS, CHANNELS, HEADS, WINDOW, HIDDEN = 13, 20, 2, 3, 9
kept = {}


def halved(name, tensor):
    """A float16 value of the file, as the double that it stands for."""
    kept[name] = tensor.to(torch.float16)
    return kept[name].to(torch.float64)


def result(name, tensor):
    kept[name] = tensor.to(torch.float32)


def take_weights(module, prefix):
    """Rounds a module's parameters and keeps them under `prefix`."""
    module.double().eval()
    for name, parameter in module.named_parameters():
        parameter.copy_(halved(prefix + name, parameter))
    return module


def relative_attention(module, x, near_keys, near_values):
    """Shaw, Uszkoreit and Vaswani 2018, as Glow-TTS and VITS have it, by plain loops."""
    width = CHANNELS // HEADS
    q, k, v = torch.nn.functional.linear(x, module.in_proj_weight, module.in_proj_bias).chunk(3, 1)
    out = torch.zeros_like(q)
    for head in range(HEADS):
        part = slice(head * width, (head + 1) * width)
        for row in range(ROWS):
            scores = torch.zeros(ROWS, dtype=torch.float64)
            for key in range(ROWS):
                near = k[key, part]
                if abs(key - row) <= WINDOW:
                    near = near + near_keys[key - row + WINDOW]
                scores[key] = q[row, part] @ near / width**0.5
            weights = scores.softmax(0)
            for key in range(ROWS):
                value = v[key, part]
                if abs(key - row) <= WINDOW:
                    value = value + near_values[key - row + WINDOW]
                out[row, part] += weights[key] * value
    return module.out_proj(out)


def write(path):
    header, data = {}, b""
    for name, tensor in kept.items():
        raw = tensor.contiguous().numpy().tobytes()
        kind = "F16" if tensor.dtype == torch.float16 else "F32"
        header[name] = {"dtype": kind, "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


x = halved("x", torch.randn(ROWS, CHANNELS))

linear = take_weights(torch.nn.Linear(CHANNELS, 7), "linear.")
result("linear.out", linear(x))

attention = torch.nn.MultiheadAttention(CHANNELS, HEADS, batch_first=True)
attention.in_proj_bias.copy_(torch.randn(3 * CHANNELS) * 0.3)
attention.out_proj.bias.copy_(torch.randn(CHANNELS) * 0.3)
attention.in_proj_weight.mul_(2)
take_weights(attention, "attention.")
result("attention.out", attention(x[None], x[None], x[None])[0][0])
left_out = torch.zeros(1, ROWS, dtype=torch.bool)
left_out[0, 3] = left_out[0, 10:] = True
result("attention.masked", attention(x[None], x[None], x[None], key_padding_mask=left_out)[0][0])
near_keys = halved("attention.near_keys", torch.randn(2 * WINDOW + 1, CHANNELS // HEADS))
near_values = halved("attention.near_values", torch.randn(2 * WINDOW + 1, CHANNELS // HEADS))
result("attention.relative", relative_attention(attention, x, near_keys, near_values))

lstm = take_weights(torch.nn.LSTM(CHANNELS, HIDDEN, batch_first=True, bidirectional=True), "lstm.")
result("lstm.out", lstm(x[None])[0][0])

layer_norm = torch.nn.LayerNorm(CHANNELS, eps=1e-5)
layer_norm.weight.copy_(torch.randn(CHANNELS))
layer_norm.bias.copy_(torch.randn(CHANNELS))
result("layer_norm.out", take_weights(layer_norm, "layer_norm.")(x))

group_norm = torch.nn.GroupNorm(4, CHANNELS, eps=1e-5)
group_norm.weight.copy_(torch.randn(CHANNELS))
group_norm.bias.copy_(torch.randn(CHANNELS))
result("group_norm.out", take_weights(group_norm, "group_norm.")(x.T[None])[0].T)

convolution = take_weights(torch.nn.Conv1d(CHANNELS, 6, 3, padding=1), "batch_norm.conv.")
batch_norm = torch.nn.BatchNorm1d(6)
batch_norm.weight.copy_(torch.randn(6))
batch_norm.bias.copy_(torch.randn(6))
take_weights(batch_norm, "batch_norm.")
batch_norm.running_mean = halved("batch_norm.mean", torch.randn(6))
batch_norm.running_var = halved("batch_norm.variance", torch.rand(6) + 0.2)
result("batch_norm.out", batch_norm(convolution(x.T[None]))[0].T)

embedding = take_weights(torch.nn.Embedding(5, 6), "embedding.")
result("embedding.out", embedding(torch.tensor([4, 0, 2, 2, 1])))

write(sys.argv[1])
