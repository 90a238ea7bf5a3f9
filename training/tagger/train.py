#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the tagger and writes its model file. See README.md beside."""
import argparse
import sys

import numpy as np

import corpus
import model_file
import penn
import wordnet
from hmm import T, Corpus, Hmm

OPEN = ("NN", "NNS", "NNP", "NNPS", "JJ", "VB", "VBP", "VBZ", "VBD", "VBN", "VBG", "RB", "FW")
POS_TAGS = {"n": ("NN", "NNS", "NNP", "NNPS"), "v": ("VB", "VBP", "VBZ", "VBD", "VBN", "VBG", "MD"),
            "a": ("JJ", "JJR", "JJS"), "r": ("RB", "RBR", "RBS", "RP")}


def guess_by_ending(word):
    """Shares of the tags of a word that no dictionary has."""
    if word.endswith("ing"):
        return {"VBG": 0.5, "NN": 0.25, "JJ": 0.1, "NNP": 0.15}
    if word.endswith("ed"):
        return {"VBN": 0.4, "VBD": 0.3, "JJ": 0.2, "NNP": 0.1}
    if word.endswith("ly"):
        return {"RB": 0.7, "JJ": 0.1, "NNP": 0.15, "NN": 0.05}
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return {"NNS": 0.5, "NNP": 0.3, "VBZ": 0.05, "NNPS": 0.05, "NN": 0.1}
    if word.endswith(("ic", "al", "ous", "ive", "able", "ible", "ish", "ian", "ese", "less", "ful")):
        return {"JJ": 0.65, "NN": 0.15, "NNP": 0.2}
    return {"NN": 0.42, "NNP": 0.4, "JJ": 0.1, "VB": 0.02, "VBP": 0.02, "FW": 0.04}


def dictionary_row(word, net, closed):
    row = np.zeros(T)
    if word in closed:
        shares = closed[word]
    elif word in penn.MARKS:
        shares = {penn.MARKS[word]: 1}
    elif word in ("#", "#s", "#th", "#x"):
        shares = {"#": {"CD": 1}, "#s": {"NNS": 0.8, "CD": 0.2}, "#th": {"JJ": 0.9, "CD": 0.1},
                  "#x": {"CD": 0.5, "NN": 0.2, "NNP": 0.2, "JJ": 0.1}}[word]
    elif not any(c.isalnum() for c in word):
        shares = {"SYM": 1}
    elif word in net.tags:
        shares = dict(net.tags[word])
        total = sum(shares.values())
        shares["NNP"] = shares.get("NNP", 0) + 0.03 * total + 0.02
        if "VBN" in shares:
            shares["JJ"] = shares.get("JJ", 0) + 0.05 * total
        if "VBG" in shares:
            shares["NN"] = shares.get("NN", 0) + 0.10 * total
            shares["JJ"] = shares.get("JJ", 0) + 0.03 * total
        if "JJR" in shares and word not in closed:
            shares["RBR"] = shares.get("RBR", 0) + 0.1 * total
    elif len(word) == 1:
        shares = {"NNP": 0.7, "NN": 0.2, "FW": 0.1}
    else:
        shares = guess_by_ending(word)
    for tag, share in shares.items():
        row[penn.INDEX[tag]] = share
    return row / row.sum()


class Vocabulary:
    def __init__(self, net):
        self.net, self.closed = net, penn.closed_classes()
        self.ids, self.rows, self.counts = {}, [], []

    def id(self, word, count=1):
        index = self.ids.get(word)
        if index is None:
            index = self.ids[word] = len(self.rows)
            self.rows.append(dictionary_row(word, self.net, self.closed))
            self.counts.append(0)
        self.counts[index] += count
        return index


def as_arrays(units, vocabulary, limits=None):
    ids = [vocabulary.id(corpus.key_of(word, shape)) for word, shape in units]
    shapes = [shape if shape < 3 and word[0] != "'" and word != "n't" else -1
              for word, shape in units]
    first = [int(corpus.is_initial(units, i)) for i in range(len(units))]
    return ids, shapes, first, limits


def example_limits(units, pos, lemmas, net):
    forms = set().union(*(net.forms_of.get((pos, lemma), {lemma}) for lemma in lemmas))
    found = [i for i, (word, _) in enumerate(units) if word in forms]
    if len(found) != 1:
        return None
    mask = np.zeros(T)
    mask[[penn.INDEX[tag] for tag in POS_TAGS[pos]]] = 1
    return {found[0]: mask}


def load(arguments, net, vocabulary):
    units_of = lambda lines: corpus.units_of(arguments.units, lines)
    held = corpus.held_out()
    sentences = []
    google = corpus.google_lines(arguments.data)
    for number, units in enumerate(units_of(google)):
        if units and number not in held:
            sentences.append(as_arrays(units[:120], vocabulary))
    for units in units_of(corpus.homograph_lines(arguments.data)):
        sentences.append(as_arrays(units[:120], vocabulary))
    examples = net.examples
    for units, (_, pos, lemmas) in zip(units_of([e[0] for e in examples]), examples):
        if len(units) > 1:
            sentences.append(as_arrays(units[:120], vocabulary,
                                       example_limits(units[:120], pos, lemmas, net)))
    test = {number: as_arrays(units, vocabulary)
            for number, units in zip(held, units_of([google[n] for n in held]))}
    return sentences, test


def seed_counts(vocabulary):
    transitions = np.zeros((T, T))
    sentences = []
    for words, tags in corpus.seed():
        previous = penn.INDEX["."]
        limits = {}
        for i, (word, tag) in enumerate(zip(words, tags)):
            transitions[previous, penn.INDEX[tag]] += 1
            previous = penn.INDEX[tag]
            limits[i] = np.eye(T)[previous]
            vocabulary.id(word.lower())
    return transitions


def accuracy(model, test, held, wrong=None, names=None):
    right = total = 0
    for number, sentence in test.items():
        result = model.posteriors(Corpus.pad([sentence]))[0].argmax(-1)
        for i, tag in enumerate(held[number]):
            total += 1
            good = penn.TAGS[result[i]] == tag
            right += good
            if not good and wrong is not None:
                wrong.append((number, names[sentence[0][i]], tag, penn.TAGS[result[i]]))
    return right / total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", required=True, help="the program syrinx_text_units")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--output", required=True)
    parser.add_argument("--iterations", type=int, default=4)
    parser.add_argument("--seed-weight", type=float, default=60)
    parser.add_argument("--trust-open", type=float, default=0.3)
    parser.add_argument("--trust-closed", type=float, default=2)
    arguments = parser.parse_args()
    net = wordnet.WordNet()
    vocabulary = Vocabulary(net)
    transitions = seed_counts(vocabulary)
    sentences, test = load(arguments, net, vocabulary)
    held = corpus.held_out()
    closed = np.array([w in vocabulary.closed or not w[0].isalpha() for w in vocabulary.ids])
    model = Hmm(np.array(vocabulary.rows), closed, transitions)
    training = Corpus(sentences)
    names = list(vocabulary.ids)
    for step in range(arguments.iterations):
        model.iterate(training, arguments.seed_weight, arguments.trust_open, arguments.trust_closed)
        print(f"iteration {step + 1}: held-out accuracy {accuracy(model, test, held):.4f}",
              file=sys.stderr, flush=True)
    wrong = []
    accuracy(model, test, held, wrong, names)
    for miss in wrong:
        print(*miss, file=sys.stderr)
    model_file.write(arguments.output, model, vocabulary, net)


if __name__ == "__main__":
    main()
