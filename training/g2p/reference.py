#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says words by a model file, independently of the library: what its tests are held against.

    training/g2p/reference.py MODEL            makes 1,000 words up, prints word TAB phonemes
    training/g2p/reference.py MODEL WORD...    prints the phonemes of the words

The file's layout is in src/syrinx/stages/text/g2p/graphone_trie.h. The search is the library's (16
beginnings, ties go to the one found first), on dictionaries instead of tables.
"""
import random
import sys

CONSONANTS = ("B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH").split()
VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()
END, START, BEAM, DEPTH = 254, 255, 16, 7 * 16


class Model:
    """The graphones, and n-grams as tuples of symbols with their costs in sixteenths of a nat."""

    def __init__(self, data):
        assert data[:8] == b"SYXG2P01"
        self.order, count, at = data[8], data[9], 10
        self.by_letter, self.phones = {}, {}
        for symbol in range(count):
            letter, phones = chr(data[at]), data[at + 1]
            self.by_letter.setdefault(letter, []).append(symbol)
            self.phones[symbol] = data[at + 2:at + 2 + phones]
            at += 2 + phones
        self.chance, self.backoff = {}, {}
        parents = [()]
        children = [None]
        for n in range(1, self.order + 1):
            size = int.from_bytes(data[at:at + 4], "little")
            symbols, chances = data[at + 4:at + 4 + size], data[at + 4 + size:at + 4 + 2 * size]
            at += 4 + 2 * size
            counts = [size] if n == 1 else children
            owners = [p for p, c in zip(parents, counts) for _ in range(c)]
            grams = [owner + (symbol,) for owner, symbol in zip(owners, symbols)]
            self.chance.update(zip(grams, chances))
            if n < self.order:
                self.backoff.update(zip(grams, data[at:at + size]))
                children = data[at + size:at + 2 * size]
                at += 2 * size
            parents = grams

    def step(self, context, symbol):
        """The cost of a symbol after a context, how long an n-gram it took, the new context."""
        cost = 0
        for length in range(len(context), -1, -1):
            gram = context[len(context) - length:] + (symbol,)
            if gram in self.chance:
                return cost + self.chance[gram], length, gram[-(self.order - 1):]
            if length:
                cost += self.backoff[gram[:-1]]
        return None

    def say(self, word):
        beam = [(0, (), (START,))]  # Cost, symbols, context.
        for wanted in [self.by_letter[c] for c in word if c in self.by_letter] + [[END]]:
            steps = []
            for cost, said, context in beam:
                made = [(self.step(context, symbol), symbol) for symbol in wanted]
                made = [(one, symbol) for one, symbol in made if one is not None]
                made.sort(key=lambda m: (-m[0][1], m[1]))  # Longest n-grams first, as they are found.
                steps += [(cost + one[0], said + (symbol,), one[2]) for one, symbol in made]
            steps.sort(key=lambda s: s[0])
            beam, seen = [], set()
            for one in steps:
                if len(beam) == BEAM or one[0] > steps[0][0] + DEPTH:
                    break
                if one[2] not in seen:
                    seen.add(one[2])
                    beam.append(one)
        codes = [code for symbol in beam[0][1] if symbol < END for code in self.phones[symbol]]
        return " ".join(mended([name_of(code) for code in codes]))


def name_of(code):
    if code < len(CONSONANTS):
        return CONSONANTS[code]
    return VOWELS[(code - 24) // 3] + str((code - 24) % 3)


def mended(names):
    """One primary stress: the first; or else on the first secondary, or the first vowel."""
    vowels = [i for i, name in enumerate(names) if name[-1].isdigit()]
    primary = [i for i in vowels if names[i][-1] == "1"]
    for i in primary[1:]:
        names[i] = names[i][:-1] + "2"
    if vowels and not primary:
        best = next((i for i in vowels if names[i][-1] == "2"), vowels[0])
        names[best] = names[best][:-1] + "1"
    return names


def invented(count):
    """Words of English-like pieces, the same ones each time."""
    dice = random.Random(20)
    onsets = "b bl br c ch cl cr d dr f fl fr g gl gr h j k kn l m n p ph pl pr qu r s sc sh sk sl " \
             "sm sn sp st str sw t th tr tw v w wh wr y z".split()
    middles = "a ai au aw ay e ea ee ei ew i ie igh o oa oi oo ou ow oy u ue ui y".split()
    codas = "b ck ct d dge ff ft g ght l ld ll lm lt m mp n nce nd ng nk nt p pt r rd rk rn rt s sh " \
            "sk ss st t tch th ve x z".split()
    endings = ["", "", "", "e", "er", "ing", "ed", "ly", "tion", "able", "ous", "ish", "'s", "ism"]
    words = set()
    while len(words) < count:
        syllables = dice.randint(1, 3)
        parts = [dice.choice(onsets) + dice.choice(middles) + dice.choice([dice.choice(codas), ""])
                 for _ in range(syllables)]
        words.add("".join(parts) + dice.choice(endings))
    return sorted(words)


def main(arguments):
    with open(arguments[0], "rb") as file:
        model = Model(file.read())
    if not arguments[1:]:
        print("# Made by training/g2p/reference.py: invented words, as the model says them.")
    for word in arguments[1:] or invented(1000):
        print(f"{word}\t{model.say(word)}")


if __name__ == "__main__":
    main(sys.argv[1:])
