# SPDX-License-Identifier: Apache-2.0
"""What is measured in a recording: its mel spectrogram, F0 and energy, one value a frame.

The mel is HiFi-GAN's (Kong et al. 2020): 80 bands of 0 to 8 kHz at 22,050 Hz, hop 256. F0 is found by
the autocorrelation of windows, divided by that of the window (Boersma 1993), and smoothed; good enough
to learn a voice's tune from, and free of other programs.
"""
import math

import torch

RATE, FFT, HOP, BANDS, TOP_HZ = 22050, 1024, 256, 80, 8000.0
LOWEST_F0, HIGHEST_F0 = 75.0, 450.0


def band_edges():
    """The 82 frequencies in Hz where triangles begin, have their tops and end (Slaney's mel)."""
    def to_hz(mel):
        return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)

    top = 15 + math.log(TOP_HZ / 1000) / math.log(6.4) * 27
    return [to_hz(top * i / (BANDS + 1)) for i in range(BANDS + 2)]


def band_centres():
    return torch.tensor(band_edges()[1:-1], dtype=torch.float64)


def mel_filters():
    """[80, 513]: Slaney's triangles of unit area (librosa.filters.mel)."""
    edges = band_edges()
    bins = torch.arange(FFT // 2 + 1) * RATE / FFT
    rows = []
    for low, middle, high in zip(edges, edges[1:], edges[2:]):
        up, down = (bins - low) / (middle - low), (high - bins) / (high - middle)
        rows.append(torch.minimum(up, down).clamp(min=0) * 2 / (high - low))
    return torch.stack(rows)


def magnitudes(sound, fft=FFT, hop=HOP):
    """[B, N] to [B, bins, frames], as HiFi-GAN pads: N // hop frames."""
    edge = (fft - hop) // 2
    padded = torch.nn.functional.pad(sound[:, None], (edge, edge), mode="reflect")[:, 0]
    window = torch.hann_window(fft, device=sound.device)
    spectrum = torch.stft(padded, fft, hop, window=window, center=False, return_complex=True)
    return (spectrum.real.square() + spectrum.imag.square() + 1e-9).sqrt()


def log_mel(sound, filters):
    """[B, N] to [B, 80, frames]."""
    return (filters.to(sound) @ magnitudes(sound)).clamp(min=1e-5).log()


def find_f0(sound):
    """[N] to the F0 in Hz of each of N // 256 frames, 0 where there is none."""
    frames, size = len(sound) // HOP, 1024
    edge = torch.zeros(size // 2)
    rows = torch.cat([edge, sound, edge]).unfold(0, size, HOP)[:frames]
    rows = rows - rows.mean(1, keepdim=True)
    window = torch.hann_window(size)

    def correlate(x):
        return torch.fft.irfft(torch.fft.rfft(x, 2 * size).abs().square())[..., :size]

    r, of_window = correlate(rows * window), correlate(window)
    shortest, longest = int(RATE / HIGHEST_F0), int(RATE / LOWEST_F0)
    lags = torch.arange(shortest, longest)
    strength = r[:, lags] / r[:, :1].clamp(min=1e-9) * (of_window[0] / of_window[lags])
    # Of octaves as strong, the higher: its period is the voice's, the longer ones hold several.
    favoured = strength - 0.02 * torch.log2(lags / shortest)
    best = favoured.argmax(1)
    peak = strength.gather(1, best[:, None])[:, 0]
    periods = lags[best] + between(strength, best)
    level = rows.square().mean(1).sqrt()
    voiced = (peak > 0.5) & (level > 0.03 * level.max())
    return median_of_5(torch.where(voiced, RATE / periods, torch.zeros(frames)))


def between(strength, best):
    """Where the parabola through each row's best value and its neighbours has its top: -0.5 to 0.5
    of a lag, 0 at the edges."""
    inside = (best > 0) & (best < strength.shape[1] - 1)
    at = best.clamp(1, strength.shape[1] - 2)[:, None]
    left, top, right = (strength.gather(1, at + i)[:, 0] for i in (-1, 0, 1))
    bend = left - 2 * top + right
    shift = torch.where(bend < 0, 0.5 * (left - right) / bend.clamp(max=-1e-9), torch.zeros(()))
    return torch.where(inside, shift.clamp(-0.5, 0.5), torch.zeros(()))


def median_of_5(f0):
    """Takes away single octave errors; a frame whose neighbours are mostly unvoiced is unvoiced."""
    padded = torch.nn.functional.pad(f0[None], (2, 2))[0]
    return padded.unfold(0, 5, 1).median(1).values


def energy_of(mel):
    """[80, F] to [F]: the logarithm of the root of the bands' power."""
    return 0.5 * (2 * mel).logsumexp(0)
