# SPDX-License-Identifier: Apache-2.0
"""Writes the tagger's model as src/syrinx/stages/text/tagger/tagger_model.cc reads it."""
import math
import struct
from collections import defaultdict

import numpy as np

import penn

MAGIC = b"SYTG0001"
WORST_QUARTERS = 40  # Tags less likely than e^-10 of the likeliest are left out.


def option_class(shares, tag_share):
    """A word's tags and how far each is below the likeliest, in quarters of a nat."""
    likelihood = shares / tag_share
    likelihood = likelihood / likelihood.max()
    options = []
    for tag in np.flatnonzero(likelihood > 0):
        quarters = round(-4 * math.log(likelihood[tag]))
        if quarters <= WORST_QUARTERS:
            options.append((int(tag), quarters))
    return tuple(options)


def endings(model, vocabulary):
    """Shares of tags by ending ("~ing"), from the words that are rare, each counted once."""
    sums = defaultdict(lambda: [0, 0.0])
    for word, index in vocabulary.ids.items():
        if not word[0].isalpha() or vocabulary.counts[index] > 3 or word in vocabulary.closed:
            continue
        for size in range(0, min(4, len(word.encode())) + 1):
            ending = word.encode()[len(word.encode()) - size:]
            sums[ending][0] += 1
            sums[ending][1] = sums[ending][1] + model.word_tag[index]
    return {b"~" + ending: total / count for ending, (count, total) in sums.items()
            if count >= 20 or not ending}


def words_to_keep(vocabulary, net):
    kept = {}
    for word, index in vocabulary.ids.items():
        if len(word.encode()) > 60 or word.startswith("~"):
            continue
        known = word in net.tags and (vocabulary.counts[index] > 0)
        if vocabulary.counts[index] >= 3 or known or word in vocabulary.closed:
            kept[word] = index
    return kept


def write(path, model, vocabulary, net):
    entries = {}
    for word, index in words_to_keep(vocabulary, net).items():
        noun = net.topic["n"].get(word, (0, 0))[0]
        verb = net.topic["v"].get(word, (0, 0))[0]
        entries[word.encode()] = (option_class(model.word_tag[index], model.tag_share), noun, verb)
    for ending, shares in endings(model, vocabulary).items():
        entries[ending] = (option_class(shares, model.tag_share), 0, 0)
    entries[b"~mark"] = (((penn.INDEX["SYM"], 0),), 0, 0)
    classes = sorted({entry[0] for entry in entries.values()})
    number = {options: index for index, options in enumerate(classes)}
    assert len(classes) < 65536
    out = [MAGIC, model.transitions.astype("<f4").tobytes(), model.shape.astype("<f4").tobytes(),
           struct.pack("<H", len(classes))]
    for options in classes:
        out.append(bytes([len(options)]) + b"".join(bytes(option) for option in options))
    out.append(struct.pack("<I", len(entries)))
    before = b""
    for word in sorted(entries):
        options, noun, verb = entries[word]
        shared = 0
        while shared < min(len(before), len(word)) and before[shared] == word[shared]:
            shared += 1
        out.append(bytes([shared, len(word) - shared]) + word[shared:] +
                   struct.pack("<HBB", number[options], noun, verb))
        before = word
    data = b"".join(out)
    with open(path, "wb") as file:
        file.write(data)
    print(f"{path}: {len(data)} bytes, {len(entries)} words, {len(classes)} classes")
