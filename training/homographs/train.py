#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the homograph model on everything and writes its file, and a few answers to hold it to."""
import argparse
import struct

import numpy as np

import cross_validate
import data
import model

MAGIC = b"SYHG0001"
GOLDEN_EVERY = 5


def quantised(weights, limit, kind):
    scale = float(np.abs(weights).max()) / limit
    return np.float32(scale), np.round(weights / scale).astype(kind)


def text(value):
    encoded = value.encode()
    return bytes([len(encoded)]) + encoded


def table(words, bias):
    out = [struct.pack("<I", len(words))]
    for word in sorted(words):
        out.append(text(word) + bytes([len(words[word])]))
        for reading in words[word]:
            mask = sum(1 << c for c in reading.classes)
            out.append(text(reading.name) + bytes([mask]) + text(reading.american) +
                       text(reading.british) +
                       struct.pack("<Hf", reading.number, bias[reading.number]))
    return b"".join(out)


def write(path, words, theta):
    """The file's bytes; returns the weights as the engine will have them."""
    own_scale, own = quantised(theta[:model.OWN], 127, "<i1")
    shared_scale, shared = quantised(theta[model.OWN:model.OWN + model.SHARED], 32767, "<i2")
    bias = theta[model.OWN + model.SHARED:].astype(np.float32)
    content = b"".join([MAGIC, table(words, bias), struct.pack("<Bf", model.OWN_BITS, own_scale),
                        own.tobytes(), struct.pack("<Bf", model.SHARED_BITS, shared_scale),
                        shared.tobytes()])
    with open(path, "wb") as file:
        file.write(content)
    print(f"{path}: {len(content)} bytes, {len(words)} words")
    return np.concatenate([own * float(own_scale), shared * float(shared_scale), bias])


def write_golden(path, examples, words, theta):
    """Our own sentences with what the trainer makes of them."""
    p, _ = model.Problem(examples, words, 0).probabilities(theta)
    with open(path, "w", encoding="utf-8") as file:
        file.write("# Sentences of ours, the word between asterisks; the reading that the trainer\n"
                   "# chooses with the weights as they ship, and its probability.\n")
        for example, row in list(zip(examples, p))[::GOLDEN_EVERY]:
            best = int(row.argmax())
            file.write(f"{example.before}*{example.written}*{example.after}\t"
                       f"{words[example.word][best].name}\t{row[best]:.5f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", required=True, help="the program syrinx_text_units")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--output", required=True)
    parser.add_argument("--golden", required=True)
    arguments = parser.parse_args()
    words, examples, own, mine, others = cross_validate.load(arguments)
    everything = [e for e in examples + own + mine + others if e.syntactic]
    theta = model.train(everything, words, cross_validate.SETTINGS)
    shipped = write(arguments.output, words, theta)
    write_golden(arguments.golden, own, words, shipped)
    for name, weights in (("trained", theta), ("as shipped", shipped)):
        seen = [e for e in examples if e.syntactic]
        p, _ = model.Problem(seen, words, 0).probabilities(weights)
        right = sum(words[e.word][k].name == e.answer for e, k in zip(seen, p.argmax(-1)))
        print(f"{name}: {right} of {len(seen)} of the sentences that it was trained on")


if __name__ == "__main__":
    main()
