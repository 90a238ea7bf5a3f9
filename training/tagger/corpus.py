# SPDX-License-Identifier: Apache-2.0
"""The text that the tagger learns from, divided into units by the engine's own tokeniser."""
import csv
import json
import subprocess
from pathlib import Path

import penn

HERE = Path(__file__).parent
ENDINGS = ("ing", "ed", "ly", "s")


def units_of(program, lines):
    """[(lower-case text, shape)] of each line, as TaggedSentence divides it."""
    text = "\n".join(" ".join(line.split()) for line in lines) + "\n"
    run = subprocess.run([program], input=text.encode(), stdout=subprocess.PIPE, check=True)
    parsed = []
    for line in run.stdout.decode(errors="replace").split("\n")[:-1]:
        pairs = [unit.rsplit("\x01", 1) for unit in line.split(" ")] if line else []
        parsed.append([(word, int(shape)) for word, shape in pairs])
    return parsed


def key_of(word, shape):
    """What the model knows a unit by: numbers by their ending, everything else by its letters."""
    if shape != 3:
        return word
    if word[-1].isdigit():
        return "#"
    if word.endswith("s"):
        return "#s"
    return "#th" if word[-2:] in ("st", "nd", "rd", "th") else "#x"


def is_initial(units, position):
    if position == 0:
        return True
    word, shape = units[position - 1]
    return shape == 4 and word not in (",", "-", "'", "$", "%", "&")


def held_out():
    """{line of google_tn: tags}"""
    lines = {}
    for line in (HERE / "held_out_tags.tsv").read_text().splitlines():
        if not line.startswith("#"):
            number, tags = line.split("\t")
            lines[int(number)] = tags.split()
    return lines


def seed():
    """[(words, tags)]"""
    sentences = []
    for line in (HERE / "seed.txt").read_text().splitlines():
        if not line.startswith("#"):
            pairs = [pair.rsplit("_", 1) for pair in line.split()]
            assert all(tag in penn.INDEX for _, tag in pairs), line
            sentences.append(([word for word, _ in pairs], [tag for _, tag in pairs]))
    return sentences


def google_lines(data):
    with open(Path(data) / "text/google_tn/sentences.jsonl", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def homograph_lines(data):
    lines = []
    for path in sorted((Path(data) / "text/homographs/train").glob("*.tsv")):
        with open(path, encoding="utf-8", newline="") as file:
            lines += [row["sentence"] for row in csv.DictReader(file, delimiter="\t")]
    return lines
