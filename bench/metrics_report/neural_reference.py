#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores files by the published recipes of DNSMOS, AECMOS and PLCMOS, without any of our code.

    neural_reference.py DATA NODE_MODULES

NumPy computes the features in double precision; onnxruntime-node 1.30 (installed with
`npm install --ignore-scripts onnxruntime-node@1.30.0`) runs the models under DATA/models. Prints
one line per score: measure, input, value. These numbers stand in oracles_neural.cc.
"""
import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

RUN = """
const ort = require(process.argv[2] + '/onnxruntime-node'), fs = require('fs');
(async () => {
  for (const job of JSON.parse(fs.readFileSync(process.argv[3]))) {
    const options = {intraOpNumThreads: 1, interOpNumThreads: 1};
    const session = await ort.InferenceSession.create(job.model, options);
    const feeds = {};
    for (const [name, {file, shape}] of Object.entries(job.inputs)) {
      const bytes = fs.readFileSync(file);
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      feeds[name] = new ort.Tensor('float32', values, shape);
    }
    const outputs = await session.run(feeds);
    console.log(JSON.stringify(Array.from(outputs[session.outputNames[0]].data)));
  }
})();
"""


class Runner:
    """Collects model runs and carries them out in one Node process."""

    def __init__(self, modules):
        self.modules, self.jobs = modules, []
        self.folder = tempfile.TemporaryDirectory()

    def add(self, model, **inputs):
        job = {"model": str(model), "inputs": {}}
        for name, values in inputs.items():
            file = f"{self.folder.name}/{len(self.jobs)}_{name}"
            np.ascontiguousarray(values, "<f4").tofile(file)
            job["inputs"][name] = {"file": file, "shape": list(values.shape)}
        self.jobs.append(job)
        return len(self.jobs) - 1

    def run(self):
        folder = Path(self.folder.name)
        (folder / "run.js").write_text(RUN)
        (folder / "jobs.json").write_text(json.dumps(self.jobs))
        command = ["node", folder / "run.js", self.modules, folder / "jobs.json"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in lines.splitlines()]


def read_flac(path):
    """16-bit mono, decoded by sox."""
    pcm = subprocess.run(["sox", path, "-t", "s16", "-L", "-"], check=True, capture_output=True)
    return np.frombuffer(pcm.stdout, "<i2").astype(np.float64) / 32768


def read_wav(path):
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert file.getnchannels() == 1
        return samples.astype(np.float64) / 32768, file.getframerate()


def hz_to_mel(hz):
    return hz / (200 / 3) if hz < 1000 else 15 + np.log(hz / 1000) / (np.log(6.4) / 27)


def mel_to_hz(mel):
    return mel * 200 / 3 if mel < 15 else 1000 * np.exp((mel - 15) * np.log(6.4) / 27)


def mel_filters(rate, size, bands):
    corners = [mel_to_hz(m) for m in np.linspace(0, hz_to_mel(rate / 2), bands + 2)]
    bins = np.arange(size // 2 + 1) * rate / size
    rows = []
    for begin, peak, end in zip(corners, corners[1:], corners[2:]):
        rise, fall = (bins - begin) / (peak - begin), (end - bins) / (end - peak)
        rows.append(np.maximum(0, np.minimum(rise, fall)) * 2 / (end - begin))
    return np.array(rows)


def relative_mel(samples, rate, size, hop, bands):
    padded = np.pad(samples, size // 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    count = 1 + (len(padded) - size) // hop
    frames = np.stack([padded[f * hop:f * hop + size] * window for f in range(count)])
    power = np.abs(np.fft.rfft(frames)) ** 2 @ mel_filters(rate, size, bands).T
    db = 10 * np.log10(np.maximum(power, 1e-10))
    db -= 10 * np.log10(max(power.max(), 1e-10))
    return (np.maximum(db, db.max() - 80) + 40) / 40


def add_dnsmos(runner, models, samples):
    length = int(9.01 * 16000)
    while len(samples) < length:
        samples = np.append(samples, samples)
    runs = []
    for hop in range(int(np.floor(len(samples) / 16000) - 9.01) + 1):
        window = samples[hop * 16000:int((hop + 9.01) * 16000)]
        if len(window) < length:
            continue
        mel = relative_mel(window[:-160], 16000, 321, 160, 120)
        runs.append((runner.add(models / "dnsmos/sig_bak_ovr.onnx", input_1=window[None]),
                     runner.add(models / "dnsmos/model_v8.onnx", input_1=mel[None])))
    return runs


def finish_dnsmos(runs, outputs):
    raw = np.array([outputs[p835] for p835, _ in runs])
    maps = ([-0.08397278, 1.22083953, 0.0052439], [-0.13166888, 1.60915514, -0.39604546],
            [-0.06766283, 1.11546468, 0.04602535])
    scores = [np.polyval(p, raw[:, i]).mean() for i, p in enumerate(maps)]
    return scores + [np.mean([outputs[p808] for _, p808 in runs])]


def add_aecmos(runner, model, rate, size, hidden, marker, signals, talks):
    length = min([20 * rate] + [len(s) for s in signals])
    rows = []
    for signal, talk in zip(signals, talks):
        mel = relative_mel(signal[:length], rate, size + 1, size // 2, 160)
        if marker:
            mel = np.concatenate([mel, np.full((20, 160), float(talk)), np.zeros((20, 160))])
        rows.append(mel)
    return runner.add(model, input=np.stack(rows)[None], h0=np.zeros((4, 1, hidden)))


def log_power(samples):
    window = np.hamming(513)[:-1]
    count = -(-(len(samples) + 256) // 256)
    padded = np.concatenate([np.zeros(256), samples, np.zeros(512)])
    power = np.abs(np.fft.rfft(np.stack([padded[256 * f:256 * f + 512] * window
                                         for f in range(count)]))) ** 2
    ten = np.log(10) / 10
    some = power > 0
    floor = np.log(power[some].min()) - 120 * ten if some.any() else -80 * ten
    return np.where(some, np.log(np.where(some, power, 1)), floor) / 20


def add_plcmos(runner, model, samples):
    features = log_power(samples)[None, None]
    if "v1" in model.name:
        return [runner.add(model, degraded_audio=features)]
    numbers = np.random.RandomState(23)
    return [runner.add(model, degraded_audio=features, rater_embed=numbers.normal(size=(1, 64)))
            for _ in range(15)]


AEC = "media/aec/"
SENT = "media/aec_other_outputs/"
FAR_END = "9mkQhVtzTEy2hDk-6u2Sww_farend_singletalk"
DOUBLE = "DMTgmZwtgUilp4omPK7-OQ_doubletalk"
SPEECH = ("models/plcmos/example/clean.wav", "models/plcmos/example/plc_poor.wav",
          "models/gtcrn/example/mix.wav", "models/gtcrn/example/enh_stream.wav",
          AEC + DOUBLE + "_mic.wav")


def main(data, modules):
    models, runner, results = data / "models", Runner(modules), []
    for name in SPEECH:
        samples, rate = read_wav(data / name)
        assert rate == 16000
        results.append(("dnsmos", name, add_dnsmos(runner, models, samples)))
    for stem, scene in ((FAR_END, "st"), (DOUBLE, "dt")):
        for sent in (AEC + stem + "_mic.wav", SENT + stem + "_processed.wav"):
            signals = [read_wav(data / p)[0] for p in (AEC + stem + "_lpb.wav",
                                                       AEC + stem + "_mic.wav", sent)]
            talks = (1, 0 if scene == "st" else 1, 1)
            for run, rate, size, hidden, marker in (("1663915512", 16000, 512, 64, True),
                                                    ("1663829550", 16000, 512, 64, False)):
                model = models / f"aecmos/Run_{run}_Stage_0.onnx"
                results.append((f"aecmos {run}", sent, add_aecmos(
                    runner, model, rate, size, hidden, marker, signals, talks)))
    kathleen = sorted((data / "speech/kathleen").glob("*.flac"))[:3]
    signals = [read_flac(p) for p in kathleen]
    model = models / "aecmos/Run_1668423760_Stage_0.onnx"
    names = " ".join(str(p.relative_to(data)) for p in kathleen)
    results.append(("aecmos 1668423760", names,
                    add_aecmos(runner, model, 48000, 1536, 96, True, signals, (1, 1, 1))))
    for name in ("clean", "plc_good", "plc_poor"):
        path = f"models/plcmos/example/{name}.wav"
        for version in ("v2", "v1_nonintrusive"):
            runs = add_plcmos(runner, models / f"plcmos/plcmos_{version}.onnx",
                              read_wav(data / path)[0])
            results.append((f"plcmos {version}", path, runs))
    report(results, runner.run())


def report(results, outputs):
    for measure, name, runs in results:
        if measure == "dnsmos":
            scores = finish_dnsmos(runs, outputs)
        elif measure.startswith("aecmos"):
            scores = outputs[runs][:2]
        else:
            scores = [np.mean([outputs[run] for run in runs])]
        print(measure, name, *(f"{score:.5f}" for score in scores))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
