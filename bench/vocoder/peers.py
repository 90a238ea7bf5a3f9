# SPDX-License-Identifier: Apache-2.0
"""The published vocoder architectures in PyTorch, with random weights: what Syrinx is timed beside.

Shapes and names of the tensors are those of the published checkpoints, weight norm folded, so that
the same file runs here, in Syrinx, and (exported) in ONNX Runtime.
"""
import json
import math
from array import array
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

HIFIGAN = {
    "V1": dict(resblock="1", upsample_rates=[8, 8, 2, 2], upsample_kernel_sizes=[16, 16, 4, 4],
               upsample_initial_channel=512, resblock_kernel_sizes=[3, 7, 11],
               resblock_dilation_sizes=[[1, 3, 5]] * 3),
    "V2": dict(resblock="1", upsample_rates=[8, 8, 2, 2], upsample_kernel_sizes=[16, 16, 4, 4],
               upsample_initial_channel=128, resblock_kernel_sizes=[3, 7, 11],
               resblock_dilation_sizes=[[1, 3, 5]] * 3),
    "V3": dict(resblock="2", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16, 8],
               upsample_initial_channel=256, resblock_kernel_sizes=[3, 5, 7],
               resblock_dilation_sizes=[[1, 2], [2, 6], [3, 12]]),
}
LJ_MEL = dict(num_mels=80, n_fft=1024, hop_size=256, win_size=1024, sampling_rate=22050, fmin=0,
              fmax=8000)


def same_conv(channels, kernel, dilation):
    return nn.Conv1d(channels, channels, kernel, dilation=dilation,
                     padding=(kernel - 1) * dilation // 2)


class ResBlock(nn.Module):
    def __init__(self, channels, kernel, dilations, pairs):
        super().__init__()
        convs = nn.ModuleList(same_conv(channels, kernel, d) for d in dilations)
        if pairs:
            self.convs1 = convs
            self.convs2 = nn.ModuleList(same_conv(channels, kernel, 1) for _ in dilations)
        else:
            self.convs = convs
        self.pairs = pairs

    def forward(self, x):
        for i, conv in enumerate(self.convs1 if self.pairs else self.convs):
            y = conv(F.leaky_relu(x, 0.1))
            if self.pairs:
                y = self.convs2[i](F.leaky_relu(y, 0.1))
            x = x + y
        return x


class HifiGan(nn.Module):
    def __init__(self, c):
        super().__init__()
        width = c["upsample_initial_channel"]
        self.conv_pre = nn.Conv1d(80, width, 7, padding=3)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        self.kernels = len(c["resblock_kernel_sizes"])
        for rate, kernel in zip(c["upsample_rates"], c["upsample_kernel_sizes"]):
            self.ups.append(nn.ConvTranspose1d(width, width // 2, kernel, rate,
                                               padding=(kernel - rate) // 2))
            width //= 2
            for k, d in zip(c["resblock_kernel_sizes"], c["resblock_dilation_sizes"]):
                self.resblocks.append(ResBlock(width, k, d, c["resblock"] == "1"))
        self.conv_post = nn.Conv1d(width, 1, 7, padding=3)

    def forward(self, mel):
        x = self.conv_pre(mel)
        for i, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, 0.1))
            blocks = self.resblocks[i * self.kernels:(i + 1) * self.kernels]
            x = sum(block(x) for block in blocks) / self.kernels
        return torch.tanh(self.conv_post(F.leaky_relu(x)))


def enliven(model):
    """Random weights under which a signal neither dies nor explodes."""
    torch.manual_seed(1)
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2:
            nn.init.normal_(parameter, 0, 0.02)
            continue
        fan_in = parameter.shape[1] * parameter[0, 0].numel()
        if name.startswith("ups."):
            fan_in = parameter.shape[0] * 2
        gain = 0.5 if "resblocks" in name else 1.2
        nn.init.normal_(parameter, 0, gain / math.sqrt(fan_in))


def write_npy(path, tensor):
    """Float32 in C order, NumPy's format 1.0 (NumPy itself may not be there)."""
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }" % (tuple(tensor.shape),)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        file.write(array("f", tensor.reshape(-1).tolist()).tobytes())


def make_hifigan(folder, variant, frames):
    """Writes weights, config, ONNX graph, mel and PyTorch's own samples; returns model and mel."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = HifiGan(HIFIGAN[variant]).eval()
    enliven(model)
    torch.save({"generator": model.state_dict()}, folder / "generator.pt")
    (folder / "config.json").write_text(json.dumps({**HIFIGAN[variant], **LJ_MEL}))
    torch.manual_seed(2)
    mel = torch.randn(1, 80, frames) * 2 - 5
    write_npy(folder / "mel.npy", mel)
    with torch.no_grad():
        write_npy(folder / "expected.npy", model(mel).view(-1))
        torch.onnx.export(model, mel, str(folder / "model.onnx"), opset_version=13,
                          input_names=["mel"], output_names=["audio"])
    return model, mel
