#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cross-validates the homograph model on the labelled sentences and prints the table."""
import argparse
from collections import defaultdict
from types import SimpleNamespace

import data
import model

SETTINGS = SimpleNamespace(own=1.0, shared=2.0, bias=0.1, balance=0.5, steps=60)


def load(arguments):
    _, words = data.readings()
    examples = data.labelled(arguments.data)
    own = data.own()
    mine, others = data.from_wordnet(words)
    data.add_features(arguments.units, examples + own + mine + others)
    return words, examples, own, mine, others


def summary(results):
    """results: [(word, answer, chosen)] -> micro, balanced per reading, balanced per word."""
    right, total = defaultdict(int), defaultdict(int)
    for word, answer, chosen in results:
        total[word, answer] += 1
        right[word, answer] += answer == chosen
    recalls = {key: right[key] / total[key] for key in total}
    by_word = defaultdict(list)
    for (word, _), recall in recalls.items():
        by_word[word].append(recall)
    micro = sum(right.values()) / sum(total.values())
    return (micro, sum(recalls.values()) / len(recalls),
            sum(sum(r) / len(r) for r in by_word.values()) / len(by_word), recalls, total)


def run_fold(words, train_on, test_on, settings):
    theta = model.train(train_on, words, settings)
    seen = [e for e in test_on if e.syntactic]
    p, _ = model.Problem(seen, words, 0).probabilities(theta)
    chosen = [words[e.word][k].name for e, k in zip(seen, p.argmax(-1))]
    unseen = [(e.word, e.answer, "") for e in test_on if not e.syntactic]
    return [(e.word, e.answer, c) for e, c in zip(seen, chosen)] + unseen


def cross_validate(words, examples, extra, settings, folds, only=None):
    results = []
    for fold in range(folds) if only is None else range(only):
        train_on = [e for e in examples if e.fold(folds) != fold and e.syntactic] + extra
        results += run_fold(words, train_on, [e for e in examples if e.fold(folds) == fold],
                            settings)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", required=True, help="the program syrinx_text_units")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--words", action="store_true", help="also each reading")
    arguments = parser.parse_args()
    words, examples, own, mine, others = load(arguments)
    extra = [e for e in own + mine + others if e.syntactic]
    print(f"{len(examples)} labelled sentences of {len(words)} words; besides {len(own)} of our "
          f"own, {len(mine)} of WordNet, and {len(others)} of WordNet for other words")
    results = cross_validate(words, examples, extra, SETTINGS, arguments.folds)
    micro, per_reading, per_word, recalls, total = summary(results)
    print(f"{arguments.folds}-fold cross-validation: micro {100 * micro:.2f} %, balanced per "
          f"reading {100 * per_reading:.2f} %, mean over words {100 * per_word:.2f} %")
    if arguments.words:
        for key in sorted(recalls):
            print(f"{key[0]:14} {key[1]:24} {recalls[key]:6.3f} of {total[key]}")


if __name__ == "__main__":
    main()
