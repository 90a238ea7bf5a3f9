#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast Syrinx's vocoders are, next to ONNX Runtime and PyTorch, on the same weights and mels.

    bench/vocoder.py [--program build/release/bin/syrinx_vocoder_bench] [--json FILE] [--rounds N]
                     [--seconds S] [--threads N] [--simd amx,avx512,avx2]
                     [--models V1,V2,V3,Vocos,MelGAN,MBMelGAN,WaveGlow,DiffWave]

Real-time factor: seconds of work per second of sound, the median of all rounds, with random weights
of the published shapes. Engines take turns, PyTorch in this process between runs of the other two,
so that a machine whose speed drifts drifts for all: quote ratios within one run. SNR is that of the
samples against PyTorch's in float32, the same for all; of WaveGlow and DiffWave, which draw noise,
against our own in float32 from the same noise (the tests hold those against their references').
GMAC/s: products of the model's layers in a second, as one would count them on paper; three passes
of bfloat16, and minimal filtering, multiply more or less often than that.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "vocoder"))


def time_torch(model, mel, rounds, seconds):
    import torch
    factors = []
    with torch.no_grad():
        model(mel)
        for _ in range(rounds):
            start = time.perf_counter()
            model(mel)
            factors.append((time.perf_counter() - start) / seconds)
    return factors


def run_ours(program, folder, rounds, threads, simd):
    environment = {**os.environ, "SYRINX_SIMD": simd}
    done = subprocess.run([program, folder, str(rounds), str(threads)], env=environment,
                          stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def products_of(model, mel):
    """Multiplications of a number with a weight in one pass, counted layer by layer."""
    import torch
    total = 0

    def count(layer, given, made):
        nonlocal total
        if isinstance(layer, torch.nn.Linear):
            total += made.numel() * layer.in_features
        elif isinstance(layer, (torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d)):
            total += given[0].numel() * layer.weight[0].numel()
        elif isinstance(layer, torch.nn.Conv1d):
            total += made.numel() * layer.weight[0].numel()

    hooks = [layer.register_forward_hook(count) for layer in model.modules()]
    with torch.no_grad():
        model(mel)
    for hook in hooks:
        hook.remove()
    return total


def write_reference(program, folder):
    """Our own samples without AMX, where float32 is float32."""
    environment = {**os.environ, "SYRINX_SIMD": "avx2"}
    subprocess.run([program, folder, "reference"], env=environment, check=True)


def measure(options, folder):
    try:
        import peers
        import torch
        torch.set_num_threads(options.threads)
    except ImportError as missing:
        sys.exit(f"vocoder.py: {missing}: run 'tools/setup bench' first, which installs PyTorch")
    report = {}
    for name in options.models.split(","):
        where = os.path.join(folder, name)
        hop_s = 256 / (peers.OTHERS[name][-1] if name in peers.OTHERS else 22050)
        frames = round(options.seconds / hop_s)
        make = (peers.make_hifigan if name in peers.HIFIGAN else
                peers.make_melgan if name in peers.MELGANS else peers.make_other)
        model, mel = make(where, name, frames)
        if not os.path.exists(os.path.join(where, "expected.npy")):
            write_reference(options.program, where)
        rows = {}
        for _ in range(options.turns):
            for simd in options.simd.split(","):
                for one in run_ours(options.program, where, options.rounds, options.threads, simd):
                    row = rows.setdefault(one["engine"], {"factors": []})
                    row["factors"] += one["real_time_factors"]
                    row["memory_mib"] = round(one["memory_mib"], 1)
                    row["snr_db"] = round(one.get("snr_db", 0), 1)
            row = rows.setdefault("PyTorch " + torch.__version__, {"factors": []})
            row["factors"] += time_torch(model, mel, options.rounds, frames * hop_s)
        products = products_of(model, mel) / (frames * hop_s) / 1e9
        report[name] = {engine: summarise(row, products) for engine, row in rows.items()}
    return report


def summarise(row, products):
    factors = row.pop("factors")
    factor = statistics.median(factors)
    return {"real_time_factor": round(factor, 5), "fastest": round(min(factors), 5),
            "gmac_per_s": round(products / factor, 1), **row, "rounds": len(factors)}


def print_table(report, options):
    print(f"Vocoding {options.seconds:g} s of sound on {options.threads} threads "
          "(medians; random weights of the published shapes)")
    print(f"  {'':8} {'RTF':>9} {'fastest':>9} {'GMAC/s':>7} {'SNR dB':>7} {'MiB':>7} "
          f"{'faster than ORT':>16}")
    for name, rows in report.items():
        peer = rows.get("ONNX Runtime")
        for engine, row in rows.items():
            ratio = f"{peer['real_time_factor'] / row['real_time_factor']:.1f}x" if peer else "-"
            print(f"  {name:8} {row['real_time_factor']:9.5f} {row['fastest']:9.5f} "
                  f"{row['gmac_per_s']:7.0f} {row.get('snr_db') or '-':>7} "
                  f"{row.get('memory_mib', '-'):>7} {ratio:>16}  {engine}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx_vocoder_bench")
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--simd", default="amx,avx512,avx2")
    parser.add_argument("--models", default="V1,V2,V3,Vocos,MelGAN,MBMelGAN,WaveGlow,DiffWave")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measure(options, folder)
    print_table(report, options)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
