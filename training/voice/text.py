# SPDX-License-Identifier: Apache-2.0
"""From written sentences to the symbols that the acoustic model knows, by `syrinx text`.

A line is `^`, the phonemes of each word in ARPABET, a space or the mark behind a word between words,
and `$`: what src/syrinx/stages/acoustic/fastspeech/phoneme_line.cc makes of the same text.
"""
import json
import subprocess

VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()
CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH".split()
MARKS = [",", ".", "?", "!"]
SYMBOLS = ["^", "$", " "] + MARKS + CONSONANTS + [v + s for v in VOWELS for s in "012"]
IDS = {symbol: i for i, symbol in enumerate(SYMBOLS)}
BY_WEIGHT = "?!.…:;—–,"
ENDS = "?!.…"


def mark_of(written):
    """The symbol of what is written between words, or nothing."""
    found = [BY_WEIGHT.find(c) for c in written if c in BY_WEIGHT]
    if not found:
        return None
    mark = BY_WEIGHT[min(found)]
    return mark if mark in IDS else "." if mark in ENDS else ","


def symbols_of(program, text):
    """All sentences of a text as one line of symbols."""
    said = subprocess.run([program, "text", "--phonemes", "arpabet", "--json", "-f", "-"],
                          input=text, capture_output=True, text=True, check=True).stdout
    line = ["^"]
    for sentence in json.loads(said)["sentences"]:
        for token in sentence["tokens"]:
            after_word = line[-1] not in ("^", " ", *MARKS)
            if not token["words"]:
                mark = mark_of(token["written"])
                if mark and after_word:
                    line.append(mark)
                continue
            for word in token["words"]:
                if line[-1] not in ("^", " ", *MARKS):
                    line.append(" ")
                line += word["phonemes"].split()
    return line + ["$"]


def is_phoneme(symbol):
    """Whether a symbol must sound for a frame at least."""
    return symbol not in ("^", "$", " ", *MARKS)
