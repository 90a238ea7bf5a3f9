# SPDX-License-Identifier: Apache-2.0
"""WordNet 3.0 as Debian's wordnet-base installs it: words with their tags, topics and examples."""
import re
from collections import defaultdict
from pathlib import Path

import penn

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
CONSONANT = "bcdfghjklmnpqrstvwxz"


def s_form(lemma):
    if re.search(r"(s|x|z|ch|sh)$", lemma):
        return lemma + "es"
    if re.search(f"[{CONSONANT}]y$", lemma):
        return lemma[:-1] + "ies"
    return lemma + "s"


def stem_before_vowel(lemma):
    """The stems that -ed and -ing may follow."""
    if lemma.endswith("ie"):
        return [lemma[:-1], lemma[:-2] + "y"]
    if lemma.endswith("e"):
        return [lemma[:-1]] if not re.search("(ee|oe|ye)$", lemma) else [lemma]
    if re.search(f"[{CONSONANT}][aeiou][bdgklmnprtvz]$", lemma) or lemma.endswith("uit"):
        return [lemma + lemma[-1], lemma]
    return [lemma]


def verb_forms(lemma, exceptions, pasts):
    forms = {lemma: {"VB", "VBP"}, s_form(lemma): {"VBZ"}}
    irregular = exceptions.get(lemma, [])
    for form in irregular:
        if form.endswith("ing"):
            forms.setdefault(form, set()).add("VBG")
        elif form.endswith("s") and not form.endswith("ss"):
            forms.setdefault(form, set()).add("VBZ")
        else:
            forms.setdefault(form, set()).update(pasts.get(form, {"VBD", "VBN"}))
    if lemma in penn.UNCHANGED:
        forms[lemma] |= {"VBD", "VBN"}
        irregular = [*irregular, lemma]
    for stem in stem_before_vowel(lemma):
        forms.setdefault(stem + "ing", set()).add("VBG")
        if not any(not form.endswith(("ing", "s")) for form in irregular):
            past = stem[:-1] + "ied" if re.search(f"[{CONSONANT}]y$", stem) else stem + "ed"
            forms.setdefault(past, set()).update({"VBD", "VBN"})
    return forms


def noun_forms(lemma, exceptions):
    forms = {lemma: {"NN"}}
    for form in exceptions.get(lemma, []) or [s_form(lemma)]:
        forms.setdefault(form, set()).add("NNS")
    return forms


def adjective_forms(lemma, exceptions):
    forms = {lemma: {"JJ"}}
    regular = []
    if len(lemma) <= 6:
        stem = lemma[:-1] + "i" if re.search(f"[{CONSONANT}]y$", lemma) else lemma.rstrip("e")
        regular = [stem + "er", stem + "est"]
    for form in exceptions.get(lemma, []) or regular:
        forms.setdefault(form, set()).add("JJS" if form.endswith("est") else "JJR")
    return forms


class WordNet:
    def __init__(self, folder="/usr/share/wordnet"):
        self.folder = Path(folder)
        self.tags = defaultdict(dict)    # Form -> {tag: count in SemCor, at least a half}.
        self.topic = {"n": {}, "v": {}}  # Lemma's form -> number of the lexicographer's file.
        self.forms_of = defaultdict(set)  # (pos, lemma) -> forms.
        self.examples = []               # (sentence, pos, lemmas of its synset)
        self.read()

    def exceptions(self, pos):
        found = defaultdict(list)
        for line in (self.folder / f"{FILES[pos]}.exc").read_text().splitlines():
            form, *lemmas = line.split()
            for lemma in lemmas:
                if form != lemma:
                    found[lemma].append(form)
        return found

    def counts(self):
        total = defaultdict(int)
        for line in (self.folder / "cntlist.rev").read_text().splitlines():
            key, _, count = line.split()
            lemma, rest = key.split("%")
            total[lemma, {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}[rest[0]]] += int(count)
        return total

    def read(self):
        counts, pasts = self.counts(), penn.irregular_pasts()
        for pos in FILES:
            lexnum, proper = self.read_data(pos)
            exceptions = self.exceptions(pos)
            for line in (self.folder / f"index.{FILES[pos]}").read_text().splitlines():
                if line.startswith(" "):
                    continue
                fields = line.split()
                lemma, offset = fields[0], fields[-int(fields[2])]
                if not re.fullmatch("[a-z][a-z']*", lemma):
                    continue
                self.add(pos, lemma, counts[lemma, pos], lexnum[offset],
                         lemma in proper, exceptions, pasts)

    def add(self, pos, lemma, count, lexnum, proper, exceptions, pasts):
        if pos == "v":
            forms = verb_forms(lemma, exceptions, pasts)
        elif pos == "n":
            forms = noun_forms(lemma, exceptions)
        elif pos == "a":
            forms = adjective_forms(lemma, exceptions)
        else:
            forms = {lemma: {"RB"}}
        if proper and pos == "n":
            forms = {lemma: {"NNP"}, s_form(lemma): {"NNPS"}}
        for form, tags in forms.items():
            self.forms_of[pos, lemma].add(form)
            if pos in self.topic:
                known = self.topic[pos].get(form)
                if known is None or count > known[1]:
                    self.topic[pos][form] = (lexnum, count)
            for tag in tags:
                self.tags[form][tag] = self.tags[form].get(tag, 0) + (count + 0.5) / len(forms)

    def read_data(self, pos):
        """The file number of each synset, and the words that are always written with a capital."""
        lexnum, capital, small = {}, set(), set()
        for line in (self.folder / f"data.{FILES[pos]}").read_text().splitlines():
            if line.startswith(" "):
                continue
            data, _, gloss = line.partition(" | ")
            fields = data.split()
            lexnum[fields[0]] = int(fields[1])
            words = [re.sub(r"\(.*\)", "", w) for w in fields[4:4 + 2 * int(fields[3], 16):2]]
            for word in words:
                (capital if word[0].isupper() else small).add(word.lower())
            for example in re.findall(r'"([^"]+)"', gloss):
                self.examples.append((example, pos, [word.lower() for word in words]))
        return lexnum, capital - small
