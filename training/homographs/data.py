# SPDX-License-Identifier: Apache-2.0
"""What the homograph model learns from: sentences, the reading of one word in each, its features."""
import csv
import hashlib
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "tagger"))
import wordnet  # noqa: E402  (found beside, in ../tagger)

CLASSES = "NVAPZ"
WORDNET_CLASSES = {"n": "NP", "v": "VZ", "a": "A"}


class Reading:
    def __init__(self, number, word, name, classes, american, british):
        self.number, self.word, self.name = number, word, name
        self.classes = [] if classes == "-" else [CLASSES.index(c) for c in classes]
        self.american, self.british = american, british


# Homographs whose forms in -s are said in one way, or are in the table themselves.
NO_PLURAL = set("close house mouth live use lead wind tear bow row sow abuse content present "
                "mobile minute invalid live perfect wound axes recount resume expose".split())


def with_s(word, pronunciation):
    """A word and its pronunciation, each with the ending -s."""
    last = pronunciation.split()[-1]
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        sound = " IH0 Z"
    else:
        sound = " S" if last in ("P", "T", "K", "F", "TH") else " Z"
    return wordnet.s_form(word), pronunciation + sound


def plurals(words):
    """The readings of forms in -s, of words that are a noun in one reading and a verb in another."""
    for word, group in sorted(words.items()):
        classes = [{CLASSES[c] for c in reading.classes} for reading in group]
        pair = len(group) == 2 and "N" in classes[0] and classes[1] == {"V"}
        if not pair or word in NO_PLURAL or wordnet.s_form(word) in words:
            continue
        for reading, form_class in zip(group, "PZ"):
            form, american = with_s(word, reading.american)
            british = with_s(word, reading.british)[1] if reading.british else ""
            yield form, f"{form}_{'nou' if form_class == 'P' else 'vrb'}", form_class, american, british


def readings():
    """[Reading], those of a word together, and {word: [Reading]}."""
    found, words = [], {}
    for line in (HERE / "readings.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        fields = line.split("\t") + [""]
        reading = Reading(len(found), *fields[:5])
        found.append(reading)
        words.setdefault(reading.word, []).append(reading)
    for fields in list(plurals(words)):
        reading = Reading(len(found), *fields)
        found.append(reading)
        words.setdefault(reading.word, []).append(reading)
    for group in words.values():
        if not all(reading.classes for reading in group):
            for reading in group:
                reading.classes = []
    return found, words


class Example:
    def __init__(self, before, written, after, word, answer, classes=None):
        self.before, self.written, self.after = before, written, after
        self.word, self.answer = word, answer  # `answer`: name of a reading, or a class's index
        self.classes = classes                 # of words without readings: the classes to tell apart
        self.syntactic, self.topical = (), ()

    def line(self):
        clean = [" ".join(part.replace("\t", " ").split(" ")) for part in
                 (self.before, self.written, self.after)]
        return "\t".join(part.replace("\n", " ").replace("\r", " ") for part in clean)

    def fold(self, folds):
        text = (self.before + self.written + self.after).encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:4], "little") % folds


def labelled(data):
    """The training part of WikipediaHomographData."""
    examples = []
    for path in sorted((Path(data) / "text/homographs/train").glob("*.tsv")):
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                text = row["sentence"].encode()  # Its offsets count bytes.
                parts = text[:int(row["start"])], text[int(row["start"]):int(row["end"])], \
                    text[int(row["end"]):]
                examples.append(Example(*(part.decode() for part in parts),
                                        row["homograph"], row["wordid"]))
    return examples


def own():
    """Sentences that we wrote for rare readings."""
    found, _ = readings()
    word_of = {reading.name: reading.word for reading in found}
    examples = []
    for line in (HERE / "own_sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, sentences = line.split(": ", 1)
        for sentence in sentences.split(" | "):
            before, written, after = sentence.split("*")
            examples.append(Example(before, written, after, word_of[name], name))
    return examples


def classes_of_forms(net):
    """{form: set of classes} of words that can be of several."""
    classes = {}
    for (pos, lemma), forms in net.forms_of.items():
        if pos not in WORDNET_CLASSES:
            continue
        for form in forms:
            tags = net.tags[form]
            if form == lemma:
                classes.setdefault(form, set()).add(WORDNET_CLASSES[pos][0])
            elif pos == "n" and "NNS" in tags:
                classes.setdefault(form, set()).add("P")
            elif pos == "v" and "VBZ" in tags:
                classes.setdefault(form, set()).add("Z")
    return {form: found for form, found in classes.items() if len(found & set("NVA")) > 1 or
            found == set("PZ")}


def from_wordnet(words):
    """Examples of WordNet's glosses: a word whose part of speech the synset tells. Homographs among
    them become examples of their one reading of that class; others teach the shared part."""
    net = wordnet.WordNet()
    ambiguous = classes_of_forms(net)
    examples, mine = [], []
    for sentence, pos, lemmas in net.examples:
        if pos not in WORDNET_CLASSES:
            continue
        forms = set().union(*(net.forms_of.get((pos, lemma), set()) for lemma in lemmas))
        tokens = sentence.split(" ")
        for i, token in enumerate(tokens):
            bare = token.strip(".,;:!?()'").lower()
            if bare not in forms or bare not in ambiguous or bare not in token.lower():
                continue
            start = token.lower().index(bare)
            before = " ".join(tokens[:i] + [token[:start]]) if i else token[:start]
            after = " ".join([token[start + len(bare):]] + tokens[i + 1:])
            written = token[start:start + len(bare)]
            allowed = ambiguous[bare] & set(WORDNET_CLASSES[pos])
            if len(allowed) != 1:
                continue
            answer = allowed.pop()
            matching = [r for r in words.get(bare, []) if CLASSES.index(answer) in r.classes]
            if len(matching) == 1:
                mine.append(Example(before, written, after, bare, matching[0].name))
            elif bare not in words:
                examples.append(Example(before, written, after, None, CLASSES.index(answer),
                                        sorted(CLASSES.index(c) for c in ambiguous[bare])))
            break
    return mine, examples


def add_features(program, examples):
    """Lets the engine find the features; returns the examples whose word it sees."""
    text = "\n".join(example.line() for example in examples) + "\n"
    run = subprocess.run([program, "--homographs"], input=text.encode(), stdout=subprocess.PIPE,
                         check=True)
    at = 0
    for example in examples:
        syntactic, topical = struct.unpack_from("<II", run.stdout, at)
        numbers = struct.unpack_from(f"<{syntactic + topical}I", run.stdout, at + 8)
        example.syntactic, example.topical = numbers[:syntactic], numbers[syntactic:]
        at += 8 + 4 * (syntactic + topical)
    assert at == len(run.stdout)
