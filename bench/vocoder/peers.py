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


class DiffWaveLayer(nn.Module):
    def __init__(self, dilation):
        super().__init__()
        self.dilated_conv = nn.Conv1d(64, 128, 3, padding=dilation, dilation=dilation)
        self.diffusion_projection = nn.Linear(512, 64)
        self.conditioner_projection = nn.Conv1d(80, 128, 1)
        self.output_projection = nn.Conv1d(64, 128, 1)

    def forward(self, x, mel, step):
        y = self.dilated_conv(x + self.diffusion_projection(step).unsqueeze(-1))
        gate, filtered = torch.chunk(y + self.conditioner_projection(mel), 2, dim=1)
        out = self.output_projection(torch.sigmoid(gate) * torch.tanh(filtered))
        residual, skip = torch.chunk(out, 2, dim=1)
        return (x + residual) / math.sqrt(2.0), skip


class DiffWave(nn.Module):
    """Predicts the noise; six steps make the sound."""
    STEPS = 6

    def __init__(self):
        super().__init__()
        self.input_projection = nn.Conv1d(1, 64, 1)
        self.diffusion_embedding = nn.Module()
        self.diffusion_embedding.projection1 = nn.Linear(128, 512)
        self.diffusion_embedding.projection2 = nn.Linear(512, 512)
        self.spectrogram_upsampler = nn.Module()
        for name in ("conv1", "conv2"):
            conv = nn.ConvTranspose2d(1, 1, [3, 32], stride=[1, 16], padding=[1, 8])
            setattr(self.spectrogram_upsampler, name, conv)
        self.residual_layers = nn.ModuleList(DiffWaveLayer(2 ** (i % 10)) for i in range(30))
        self.skip_projection = nn.Conv1d(64, 64, 1)
        self.output_projection = nn.Conv1d(64, 1, 1)
        nn.init.normal_(self.output_projection.weight, 0, 1)  # So that the layers are heard.

    def predict(self, audio, mel, step):
        x = F.relu(self.input_projection(audio.unsqueeze(1)))
        phases = step * 10.0 ** (torch.arange(64) * 4.0 / 63.0)
        table = torch.cat([torch.sin(phases), torch.cos(phases)]).unsqueeze(0)
        embedded = F.silu(self.diffusion_embedding.projection1(table))
        embedded = F.silu(self.diffusion_embedding.projection2(embedded))
        mel = mel.unsqueeze(1)
        mel = F.leaky_relu(self.spectrogram_upsampler.conv1(mel), 0.4)
        mel = F.leaky_relu(self.spectrogram_upsampler.conv2(mel), 0.4).squeeze(1)
        total = 0
        for layer in self.residual_layers:
            x, skip = layer(x, mel, embedded)
            total = total + skip
        x = F.relu(self.skip_projection(total / math.sqrt(30)))
        return self.output_projection(x).squeeze(1)

    def forward(self, mel):
        audio = torch.randn(1, mel.shape[-1] * 256)
        for step in range(self.STEPS):  # What a sampler does between is nothing beside this.
            audio = (audio - 0.1 * self.predict(audio, mel, float(step))).clamp(-1, 1)
        return audio


class WaveGlowFlow(nn.Module):
    def __init__(self, half):
        super().__init__()
        self.start = nn.Conv1d(half, 256, 1)
        self.end = nn.Conv1d(256, 2 * half, 1)
        self.cond_layer = nn.Conv1d(640, 512 * 8, 1)
        self.in_layers = nn.ModuleList(
            nn.Conv1d(256, 512, 3, padding=2 ** i, dilation=2 ** i) for i in range(8))
        self.res_skip_layers = nn.ModuleList(
            nn.Conv1d(256, 512 if i < 7 else 256, 1) for i in range(8))

    def forward(self, x, mel):
        x = self.start(x)
        conditions = torch.chunk(self.cond_layer(mel), 8, dim=1)
        total = 0
        for i, condition in enumerate(conditions):
            tanh, gate = torch.chunk(self.in_layers[i](x) + condition, 2, dim=1)
            out = self.res_skip_layers[i](torch.tanh(tanh) * torch.sigmoid(gate))
            if i < 7:
                x = x + out[:, :256]
                out = out[:, 256:]
            total = total + out
        return self.end(total)


class WaveGlow(nn.Module):
    def __init__(self):
        super().__init__()
        self.upsample = nn.ConvTranspose1d(80, 80, 1024, stride=256)
        self.WN = nn.ModuleList()
        self.convinv = nn.ModuleList()
        channels = 8
        for flow in range(12):
            if flow > 0 and flow % 4 == 0:
                channels -= 2
            mixing = nn.Module()
            mixing.conv = nn.Conv1d(channels, channels, 1, bias=False)
            nn.init.orthogonal_(mixing.conv.weight[:, :, 0])  # As published: keeps the energy.
            self.convinv.append(mixing)
            self.WN.append(WaveGlowFlow(channels // 2))

    def forward(self, mel):
        mel = self.upsample(mel)[:, :, :-768]
        mel = mel.unfold(2, 8, 8).permute(0, 2, 1, 3).flatten(2).transpose(1, 2)
        x = 0.6 * torch.randn(1, 4, mel.shape[-1])
        for flow in reversed(range(12)):
            half = x.shape[1] // 2
            shift, scale = torch.chunk(self.WN[flow](x[:, :half], mel), 2, dim=1)
            x = torch.cat([x[:, :half], (x[:, half:] - shift) / torch.exp(scale)], dim=1)
            x = F.conv1d(x, torch.inverse(self.convinv[flow].conv.weight[:, :, 0]).unsqueeze(-1))
            if flow > 0 and flow % 4 == 0:
                x = torch.cat([0.6 * torch.randn(1, 2, x.shape[-1]), x], dim=1)
        return x.transpose(1, 2).flatten(1)


class ConvNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.dwconv = nn.Conv1d(512, 512, 7, padding=3, groups=512)
        self.norm = nn.LayerNorm(512, eps=1e-6)
        self.pwconv1 = nn.Linear(512, 1536)
        self.pwconv2 = nn.Linear(1536, 512)
        self.gamma = nn.Parameter(torch.full((512,), 0.1))

    def forward(self, x):
        y = self.norm(self.dwconv(x).transpose(1, 2))
        y = self.gamma * self.pwconv2(F.gelu(self.pwconv1(y)))
        return x + y.transpose(1, 2)


class Vocos(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Module()
        self.backbone.embed = nn.Conv1d(100, 512, 7, padding=3)
        self.backbone.norm = nn.LayerNorm(512, eps=1e-6)
        self.backbone.convnext = nn.ModuleList(ConvNeXt() for _ in range(8))
        self.backbone.final_layer_norm = nn.LayerNorm(512, eps=1e-6)
        self.head = nn.Module()
        self.head.out = nn.Linear(512, 1026)

    def forward(self, mel):
        x = self.backbone.embed(mel)
        x = self.backbone.norm(x.transpose(1, 2)).transpose(1, 2)
        for layer in self.backbone.convnext:
            x = layer(x)
        x = self.head.out(self.backbone.final_layer_norm(x.transpose(1, 2))).transpose(1, 2)
        magnitude, phase = torch.chunk(x, 2, dim=1)
        magnitude = torch.exp(magnitude).clamp(max=100)
        spectrum = magnitude * (torch.cos(phase) + 1j * torch.sin(phase))
        return torch.istft(spectrum, 1024, 256, 1024, torch.hann_window(1024), center=True)


class MelganResidual(nn.Module):
    def __init__(self, channels, dilation, inner, outer):
        super().__init__()
        self.inner, self.outer = inner, outer
        setattr(self, inner, nn.Sequential(
            nn.LeakyReLU(0.2), nn.ReflectionPad1d(dilation),
            nn.Conv1d(channels, channels, 3, dilation=dilation), nn.LeakyReLU(0.2),
            nn.Conv1d(channels, channels, 1)))
        setattr(self, outer, nn.Conv1d(channels, channels, 1))

    def forward(self, x):
        return getattr(self, self.outer)(x) + getattr(self, self.inner)(x)


def melgan_layers(width, rates, stacks, outputs, names):
    layers = [nn.ReflectionPad1d(3), nn.Conv1d(80, width, 7)]
    for rate in rates:
        layers += [nn.LeakyReLU(0.2), nn.ConvTranspose1d(width, width // 2, 2 * rate, rate,
                                                         rate // 2 + rate % 2, rate % 2)]
        width //= 2
        layers += [MelganResidual(width, 3 ** j, *names) for j in range(stacks)]
    return nn.Sequential(*layers, nn.LeakyReLU(0.2), nn.ReflectionPad1d(3),
                         nn.Conv1d(width, outputs, 7), nn.Tanh())


class MelGan(nn.Module):
    """descriptinc/melgan-neurips."""

    def __init__(self):
        super().__init__()
        self.model = melgan_layers(512, [8, 8, 2, 2], 3, 1, ("block", "shortcut"))

    def forward(self, mel):
        return self.model(mel)


class MultiBandMelGan(nn.Module):
    """kan-bayashi/ParallelWaveGAN's multi_band_melgan.v2, with its filter bank of 62 taps."""

    def __init__(self):
        super().__init__()
        self.melgan = melgan_layers(384, [8, 4, 2], 4, 4, ("stack", "skip_layer"))
        t = torch.arange(63, dtype=torch.float64) - 31
        low = torch.sin(math.pi * 0.142 * t) / (math.pi * t)
        low[31] = 0.142
        low = low * torch.kaiser_window(63, periodic=False, beta=9.0, dtype=torch.float64)
        filters = [2 * low * torch.cos((2 * k + 1) * math.pi / 8 * t - (-1) ** k * math.pi / 4)
                   for k in range(4)]
        self.filters = torch.stack(filters).float().unsqueeze(0)
        self.spread = torch.zeros(4, 4, 4)
        for k in range(4):
            self.spread[k, k, 0] = 4

    def forward(self, mel):
        x = F.conv_transpose1d(self.melgan(mel), self.spread, stride=4)
        return F.conv1d(x, self.filters, padding=31)


MELGANS = {"MelGAN": MelGan, "MBMelGAN": MultiBandMelGan}


def make_melgan(folder, name, frames):
    """As make_hifigan, without a config: the tensors tell all."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = MELGANS[name]().eval()
    torch.manual_seed(1)
    for parameter in model.parameters():
        if parameter.dim() < 2:
            nn.init.normal_(parameter, 0, 0.02)
        else:
            nn.init.normal_(parameter, 0, 1.1 / math.sqrt(parameter.shape[1] * parameter.shape[2]))
    torch.save(model.state_dict(), folder / "generator.pt")
    mel = torch.randn(1, 80, frames) * 0.8 - (2 if name == "MelGAN" else 0)
    write_npy(folder / "mel.npy", mel)
    with torch.no_grad():
        write_npy(folder / "expected.npy", model(mel).view(-1))
        torch.onnx.export(model, mel, str(folder / "model.onnx"), opset_version=13,
                          input_names=["mel"], output_names=["audio"])
    return model, mel


# name -> model, what the checkpoint wraps it in, bands, the mel's mean and spread, sample rate.
OTHERS = {"DiffWave": (DiffWave, "model", 80, 0.5, 0.1, 22050),
          "WaveGlow": (WaveGlow, None, 80, -5, 2, 22050),
          "Vocos": (Vocos, None, 100, -1, 2, 24000)}


def make_other(folder, name, frames):
    """The same for the other families, without an ONNX graph and, as they draw noise, samples."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    make, wrapper, bands, mean, spread, _ = OTHERS[name]
    torch.manual_seed(1)
    model = make().eval()
    state = model.state_dict()
    torch.save({wrapper: state} if wrapper else state, folder / "generator.pt")
    mel = torch.randn(1, bands, frames) * spread + mean
    write_npy(folder / "mel.npy", mel)
    if name == "Vocos":
        with torch.no_grad():
            write_npy(folder / "expected.npy", model(mel).view(-1))
    return model, mel
