#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The voice of our own beside Flite's voices and the person it learned from (make voice-report).

    bench/voice.py --data ../shared/data [--program build/release/bin/syrinx] [--sentences 60]
                   [--out build/bench/voice]

Sentences that were never trained on (training/voice/held_out.txt) are spoken by every voice and
held beside their recordings: the word error rate of PocketSphinx, DNSMOS, artifacts, F0, lengths,
speed, memory. The recordings' own mels, made sound again, tell what the vocoder alone loses. Then
inputs that make such voices skip or repeat: one word, four hundred, numbers, names. Writes
report.json and index.html, with spectrograms side by side, into the folder; prints one table.
"""
import argparse
import base64
import html
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "src/syrinx/engines/tts/own_voice/kathleen"
VOICES = ("kathleen", "slt", "rms", "awb")
HUMAN, COPY, GRIFFIN_LIM = "recordings", "copy", "griffin-lim copy"
PICTURED, SKIPPED = 4, 77
NUMBERS = "In 1984, 3,207 people paid $12.50 each, which is 17% more than on May 4th, 1979."
ODD = {  # What is written; READ where other words are said.
    "one word": "Yes.",
    "two letters": "Oh, no!",
    "numbers": NUMBERS,
    "names": "Doctor Elizabeth Featherstone of Worcester met Mister Siegfried Kowalczyk in "
             "Albuquerque.",
    "no pauses": "the dog that chased the cat that ate the rat that lived in the house that Jack "
                 "built ran down to the river and swam across it and never came back to the house "
                 "again",
    "one word often": "No, no, no, no, no, no, no, no.",
}
READ = {NUMBERS: "In nineteen eighty four, three thousand two hundred seven people paid twelve "
                 "dollars and fifty cents each, which is seventeen percent more than on May "
                 "fourth, nineteen seventy nine."}
LONG_PARTS = ("The keeper of the light wrote down the weather every evening before supper.",
              "Nobody on the island could remember a colder winter than this one.",
              "Three ships had passed in the morning, and one of them had not come back.",
              "She carried the letters up the hill and put them under the door.")


def long_text(words=400):
    """Four sentences again and again, about so many words."""
    text = []
    while sum(len(t.split()) for t in text) < words:
        text.append(LONG_PARTS[len(text) % len(LONG_PARTS)])
    return " ".join(text)


def run(command, text=None, environment=None):
    """What a program printed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, check=False,
                          input=(text or "").encode(), env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        sys.exit(f"voice.py: {' '.join(map(str, command))}: {done.stderr.decode()}")
    return done.stdout.decode()


class Report:
    def __init__(self, options):
        self.options, self.out = options, Path(options.out)
        self.pool = ThreadPoolExecutor(options.threads)
        shutil.rmtree(self.out, ignore_errors=True)
        models = os.environ.get("SYRINX_MODELS", str(options.data / "models"))
        self.models = {"SYRINX_MODELS": models}
        recordings = options.data / "training/kathleen"
        texts = dict(line.split("\t")[:2] for line in
                     (recordings / "transcripts.tsv").read_text(encoding="utf-8").splitlines())
        wanted = (ROOT / "training/voice/held_out.txt").read_text().split()[:options.sentences]
        self.texts = {name: texts[name] for name in wanted}
        self.recordings = {name: recordings / f"{name}.flac" for name in wanted}
        self.made, self.spoken = {}, {}

    def path(self, speaker, name):
        folder = self.out / "sounds" / speaker.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.wav"

    def say(self, voice, name, text):
        path = self.path(voice, name)
        said = run([self.options.program, "say", "--json", "--voice", voice, "-o", path, "-f", "-"],
                   text)
        self.made[voice, name] = json.loads(said)
        self.spoken[voice, name] = READ.get(text, text)
        return path

    def copy(self, speaker, model, name):
        path = self.path(speaker, name)
        said = run([self.options.program, "vocode", self.recordings[name], "-m", *model, "-o",
                    path, "--json"])
        self.made[speaker, name] = json.loads(said)["utterances"][0]
        self.spoken[speaker, name] = self.texts[name]

    def speak_all(self):
        jobs = []
        own = [OWN / "vocoder.safetensors", "--config", OWN / "vocoder.json"]
        for name, text in self.texts.items():
            shutil.copy(self.recordings[name], self.path(HUMAN, name).with_suffix(".flac"))
            self.spoken[HUMAN, name] = text
            jobs += [self.pool.submit(self.say, voice, name, text) for voice in VOICES]
            jobs.append(self.pool.submit(self.copy, COPY, own, name))
            jobs.append(self.pool.submit(self.copy, GRIFFIN_LIM, ["griffin-lim"], name))
        odd = dict(list({**ODD, "four hundred words": long_text()}.items())[:self.options.odd])
        for name, text in odd.items():
            jobs += [self.pool.submit(self.say, voice, name, text) for voice in VOICES[:2]]
        for job in jobs:
            job.result()
        return list(odd)

    def sound(self, speaker, name):
        path = self.path(speaker, name)
        return path if path.exists() else path.with_suffix(".flac")

    def measure(self, speaker):
        """The figures of each of a speaker's sentences."""
        files = [self.sound(speaker, name) for name in self.texts]
        said = run([self.options.program, "measure", *files, "--json", "--groups",
                    "speech,opinion,artifacts,loudness"], environment=self.models)
        return dict(zip(self.texts, json.loads(said)["files"]))

    def hear(self, speaker):
        """The recogniser's words, by a program of ours that hands it the sounds there are."""
        names = [name for (who, name) in self.spoken if who == speaker]
        base = str(self.out / speaker.replace(" ", "-"))
        listing, index, heard = (Path(base + end) for end in (".txt", ".json", ".heard.json"))
        texts = [self.spoken[speaker, n] for n in names]
        # One line a sentence; the sound is found by its text.
        listing.write_text("".join(text + "\n" for text in texts))
        sounds = [str(self.sound(speaker, n)) for n in names]
        index.write_text(json.dumps(dict(zip(texts, sounds))))
        run([self.options.recogniser, "--speaker-command",
             f"{sys.executable} {Path(__file__).resolve()} --hand {index} {{text}} {{out}}",
             "--voices", speaker, "--data", self.options.data, "--sentences", listing,
             "--without-humans", "--json", heard])
        return dict(zip(names, json.loads(heard.read_text())["speakers"][0]["hearings"]))

    def memory_mb(self, voice):
        """The most that saying a sentence holds."""
        text = next(iter(self.texts.values()))
        said = run([sys.executable, "-c",
                    "import resource,subprocess,sys; subprocess.run(sys.argv[1:], check=True);"
                    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)",
                    self.options.program, "say", "-q", "--voice", voice, "-o",
                    self.path(voice, "memory"), text])
        return float(said.split()[-1])


def value(figures, group, name):
    found = figures.get(group, {}).get(name, {})
    return found.get("value") if isinstance(found, dict) else None


def mean(values):
    known = [v for v in values if v is not None]
    return statistics.fmean(known) if known else None


def middle(values):
    known = [v for v in values if v is not None]
    return statistics.median(known) if known else None


def artifact_share(figures):
    """Of the sound's time, what has an artifact."""
    spans = sorted((a["begin_s"], a["end_s"]) for a in figures["artifacts"].get("list", []))
    covered, reached = 0.0, 0.0
    for begin, end in spans:
        covered += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return min(1.0, covered / max(figures["duration_s"], 1e-9))


def speech_s(figures):
    """How long somebody speaks in a sound."""
    active = value(figures, "speech", "activity")
    return figures["duration_s"] * active if active is not None else None


def semitones(high, low):
    return 12 * math.log2(high / low) if high and low else None


def row_of(report, speaker, measured, heard, recorded):
    words = sum(heard[n]["words"] for n in report.texts)
    made = [report.made.get((speaker, n), {}) for n in report.texts]
    ratios = [speech_s(measured[n]) / speech_s(recorded[n]) for n in report.texts
              if speech_s(measured[n]) and speech_s(recorded[n])]

    def over(get):
        return [get(measured[n]) for n in report.texts]

    return {
        "speaker": speaker,
        "wer_percent": 100 * sum(heard[n]["errors"] for n in report.texts) / words,
        "dnsmos_p808": mean(over(lambda f: value(f, "opinion", "dnsmos_p808"))),
        "dnsmos_overall": mean(over(lambda f: value(f, "opinion", "dnsmos_overall"))),
        "artifact_percent": 100 * mean(over(artifact_share)),
        "f0_median_hz": middle(over(lambda f: value(f, "speech", "f0_median"))),
        "f0_span_semitones": mean(over(lambda f: semitones(value(f, "speech", "f0_high"),
                                                           value(f, "speech", "f0_low")))),
        "length_ratio": mean(ratios),
        "length_ratio_deviation": statistics.pstdev(ratios) if ratios else None,
        "mcd_db": mean([m.get("mel_cepstral_distortion_db") for m in made]),
        "lsd_db": mean([m.get("log_spectral_distance_db") for m in made]),
        "real_time_factor": mean([m.get("real_time_factor") for m in made]),
        "first_audio_ms": middle([1000 * m["first_audio_s"] for m in made if "first_audio_s" in m]),
    }


COLUMNS = (("speaker", "speaker", "{}"), ("WER %", "wer_percent", "{:.1f}"),
           ("P.808", "dnsmos_p808", "{:.2f}"), ("DNSMOS", "dnsmos_overall", "{:.2f}"),
           ("artif. %", "artifact_percent", "{:.2f}"), ("F0 Hz", "f0_median_hz", "{:.0f}"),
           ("span st", "f0_span_semitones", "{:.1f}"), ("length", "length_ratio", "{:.2f}"),
           ("+-", "length_ratio_deviation", "{:.2f}"), ("MCD dB", "mcd_db", "{:.2f}"),
           ("LSD dB", "lsd_db", "{:.2f}"), ("RTF", "real_time_factor", "{:.4f}"),
           ("first ms", "first_audio_ms", "{:.0f}"), ("MB", "memory_mb", "{:.0f}"))
ODD_COLUMNS = (("input", "input", "{}"), ("voice", "voice", "{}"), ("words", "words", "{}"),
               ("heard", "heard_words", "{}"), ("errors", "errors", "{}"),
               ("s", "seconds", "{:.1f}"),
               ("words/s", "words_a_second", "{:.2f}"))


def cells(row, columns):
    return [form.format(row[key]) if row.get(key) is not None else "-" for _, key, form in columns]


def print_table(rows, columns):
    lines = [[title for title, _, _ in columns]] + [cells(row, columns) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                        for i, (cell, w) in enumerate(zip(line, widths))))


def html_table(rows, columns):
    head = "".join(f"<th>{html.escape(title)}</th>" for title, _, _ in columns)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells(row, columns))
                   + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def picture(report, speaker, name):
    path = report.out / "picture.png"
    run([report.options.program, "spectrogram", report.sound(speaker, name), "-o", path, "--width",
         420, "--height", 260, "--max-hz", 8000])
    coded = base64.b64encode(path.read_bytes()).decode()
    return (f'<figure><img alt="spectrogram" src="data:image/png;base64,{coded}">'
            f"<figcaption>{html.escape(speaker)}</figcaption></figure>")


def write_page(report, rows, odd_rows, speakers):
    shown = "".join(f"<h3>{html.escape(report.texts[n])}</h3><div>" +
                    "".join(picture(report, s, n) for s in speakers) + "</div>"
                    for n in list(report.texts)[:PICTURED])
    (report.out / "index.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>The voice of our own</title>"
        "<style>body{font:15px sans-serif;margin:2em}td,th{padding:.2em .7em;text-align:right}"
        "td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:.3em}"
        "</style><h1>The voice of our own</h1>"
        f"<p>{len(report.texts)} sentences that it was not trained on. "
        "Recordings: the person it learned from. Copies: the recordings' mels made sound again.</p>"
        f"{html_table(rows, COLUMNS)}<h2>Long and odd inputs</h2>"
        f"{html_table(odd_rows, ODD_COLUMNS)}"
        f"<h2>Spectrograms, 0 to 8 kHz</h2>{shown}</html>\n", encoding="utf-8")


def odd_row(report, voice, name, heard):
    seconds = report.made[voice, name]["duration_s"]
    return {"input": name, "voice": voice, "words": heard["words"],
            "heard_words": len(heard["heard"].split()), "errors": heard["errors"],
            "seconds": seconds, "words_a_second": heard["words"] / seconds}


def make(options):
    report = Report(options)
    odd = report.speak_all()
    speakers = [HUMAN, COPY, GRIFFIN_LIM, *VOICES]
    heard = dict(zip(speakers, report.pool.map(report.hear, speakers)))
    measured = dict(zip(speakers, report.pool.map(report.measure, speakers)))
    rows = [row_of(report, s, measured[s], heard[s], measured[HUMAN]) for s in speakers]
    for row in rows:
        if row["speaker"] in VOICES:
            row["memory_mb"] = report.memory_mb(row["speaker"])
    odd_rows = [odd_row(report, v, n, heard[v][n]) for n in odd for v in VOICES[:2]]
    print_table(rows, COLUMNS)
    print()
    print_table(odd_rows, ODD_COLUMNS)
    write_page(report, rows, odd_rows, speakers)
    figures = {"sentences": len(report.texts), "speakers": rows, "odd_inputs": odd_rows}
    (report.out / "report.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(f"\n{report.out}/index.html has the spectrograms, report.json the figures.")


def hand_over(index, text, out):
    """Of the recogniser's program: puts the sound of a text where it wants it."""
    shutil.copyfile(json.loads(Path(index).read_text())[text], out)


def main():
    if sys.argv[1:2] == ["--hand"]:
        return hand_over(*sys.argv[2:5])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--recogniser", default="build/release/bin/syrinx_intelligibility")
    parser.add_argument("--data", type=Path,
                        default=Path(os.environ.get("SYRINX_DATA", "../shared/data")))
    parser.add_argument("--out", default="build/bench/voice")
    parser.add_argument("--sentences", type=int, default=60)
    parser.add_argument("--odd", type=int, default=99, help="long and odd inputs, at most")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    if not (options.data / "training/kathleen/transcripts.tsv").exists():
        print(f"voice.py: {options.data} has no training/kathleen")
        sys.exit(1 if os.environ.get("SYRINX_REQUIRE_DATA") == "1" else SKIPPED)
    make(options)


if __name__ == "__main__":
    main()
