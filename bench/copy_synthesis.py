#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copy synthesis: real speech, analysed into the mels of the published HiFi-GAN V2 (LJSpeech) and
made again by `syrinx vocode`, held against the original by `syrinx measure --ref`.

    bench/copy_synthesis.py --data ../shared/data [--program build/release/bin/syrinx]
                            [--json FILE] [--pages FOLDER] [--files N] [--precision fp32]

Prints the medians per speaker (ljspeech is the one that the model was trained on) and writes for
one recording of each a page with both spectrograms, their difference and players.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

SPEAKERS = ("ljspeech", "kathleen", "matthes", "kerstin")
FIGURES = {  # name in the report -> heading
    "pesq_wide_band": "PESQ wb", "visqol_speech": "ViSQOL", "stoi": "STOI",
    "f0_rmse_cents": "F0 cents"}


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        said = done.stderr.decode()
        raise SystemExit(f"copy_synthesis.py: {' '.join(map(str, command))}: {said}")
    return json.loads(done.stdout) if done.stdout else None


def measure(options, recording, copy):
    made = run([options.program, "vocode", recording, "-m",
                options.data / "models/hifigan_lj_v2/generator_v2", "-o", copy, "--json",
                "--precision", options.precision])["utterances"][0]
    report = run([options.program, "measure", copy, "--ref", recording, "--groups", "level",
                  "--json"])["files"][0]["reference"]
    row = {"mel dB": made["mel_distance_db"], "LSD dB": made["log_spectral_distance_db"],
           "MCD dB": made["mel_cepstral_distortion_db"]}
    for name, heading in FIGURES.items():
        row[heading] = report.get(name, {}).get("value")
    return row


def median(values):
    known = [v for v in values if v is not None]
    return round(statistics.median(known), 3) if known else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--pages", type=Path, help="write a page for each speaker here")
    parser.add_argument("--files", type=int, default=5, help="recordings of each speaker")
    parser.add_argument("--precision", default="fp32")
    options = parser.parse_args()
    report = {}
    with tempfile.TemporaryDirectory() as folder:
        for speaker in SPEAKERS:
            recordings = sorted((options.data / "speech" / speaker).glob("*.flac"))
            rows = []
            for recording in recordings[:options.files]:
                copy = Path(folder) / f"{recording.stem}.wav"
                rows.append(measure(options, recording, copy))
                if options.pages and len(rows) == 1:
                    options.pages.mkdir(parents=True, exist_ok=True)
                    run([options.program, "compare", recording, copy, "-o",
                         options.pages / f"{speaker}.html", "--json"])
            if rows:
                report[speaker] = {key: median(row[key] for row in rows) for key in rows[0]}
    headings = list(next(iter(report.values())))
    print(f"Copy synthesis with HiFi-GAN V2, {options.precision} (medians)")
    print("  " + " " * 10 + "".join(f"{heading:>10}" for heading in headings))
    for speaker, row in report.items():
        print(f"  {speaker:10}" + "".join(
            f"{'-' if row[h] is None else format(row[h], '.2f'):>10}" for h in headings))
    if options.pages:
        print(f"Pages with spectrograms and players: {options.pages}/*.html")
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
