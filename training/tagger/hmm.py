# SPDX-License-Identifier: Apache-2.0
"""A hidden Markov model over Penn tags, trained by expectation maximisation from a dictionary.

The score of word w with tag t is P(t|w) / P(t), which is P(w|t) up to a factor of the word's own.
"""
import numpy as np

import penn

T = len(penn.TAGS)
START = penn.INDEX["."]
SHAPES = 3  # Lower, capital, all capitals; numbers and marks have one shape.
PROPER = [penn.INDEX["NNP"], penn.INDEX["NNPS"]]


class Corpus:
    """Sentences as arrays, padded, in batches of like length."""

    def __init__(self, sentences, batch_units=60000):
        # Each: (word ids, shapes 0..2 or -1, initial flags, None or an array of allowed tags [n, T])
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][0]))
        self.batches, batch = [], []
        for index in order:
            longest = len(sentences[index][0])
            if batch and longest * (len(batch) + 1) > batch_units:
                self.batches.append(self.pad([sentences[i] for i in batch]))
                batch = []
            batch.append(index)
        if batch:
            self.batches.append(self.pad([sentences[i] for i in batch]))

    @staticmethod
    def pad(sentences):
        n, length = len(sentences), max(len(s[0]) for s in sentences)
        words = np.zeros((n, length), np.int64)
        shapes = np.full((n, length), -1, np.int64)
        initial = np.zeros((n, length), np.int64)
        used = np.zeros((n, length), bool)
        allowed = {}
        for row, (ids, shape, first, limits) in enumerate(sentences):
            words[row, :len(ids)], shapes[row, :len(ids)] = ids, shape
            initial[row, :len(ids)], used[row, :len(ids)] = first, True
            for position, mask in (limits or {}).items():
                allowed[row, position] = mask
        return words, shapes, initial, used, allowed


class Hmm:
    def __init__(self, dictionary, closed, seed_transitions):
        self.dictionary = dictionary  # [V, T] P(t|w) as the dictionary sees it; rows sum to 1.
        self.closed = closed          # [V] whether the dictionary is to be believed.
        self.word_tag = dictionary.copy()
        self.seed = seed_transitions
        self.transitions = self.normal(seed_transitions + 0.02)
        self.tag_share = np.full(T, 1 / T)
        self.shape = np.zeros((2, SHAPES, T))
        self.shape[0, 0], self.shape[0, 1], self.shape[0, 2] = 0.96, 0.03, 0.01
        self.shape[1, 0], self.shape[1, 1], self.shape[1, 2] = 0.10, 0.88, 0.02
        self.shape[0, :, PROPER] = (0.03, 0.90, 0.07)
        self.shape[1, :, PROPER] = (0.02, 0.90, 0.08)

    @staticmethod
    def normal(counts):
        return counts / counts.sum(-1, keepdims=True)

    def scores(self, words, shapes, initial, used, allowed):
        score = (self.word_tag / self.tag_share)[words]
        factor = np.where((shapes >= 0)[..., None], self.shape[initial, np.maximum(shapes, 0)], 1.0)
        score = score * factor
        for (row, position), mask in allowed.items():
            limited = score[row, position] * mask
            if limited.sum() > 0:
                score[row, position] = limited
        score[~used] = 1.0
        return score / score.max(-1, keepdims=True)

    def posteriors(self, batch, count=None):
        """Tag probabilities [n, length, T]; adds transition counts to `count`."""
        used = batch[3]
        score = self.scores(*batch)
        n, length, _ = score.shape
        forward = np.empty_like(score)
        forward[:, 0] = score[:, 0] * self.transitions[START]
        forward[:, 0] /= forward[:, 0].sum(-1, keepdims=True)
        for i in range(1, length):
            step = (forward[:, i - 1] @ self.transitions) * score[:, i]
            forward[:, i] = step / np.maximum(step.sum(-1, keepdims=True), 1e-300)
        backward = np.ones((n, T))
        result = np.empty_like(score)
        for i in range(length - 1, -1, -1):
            both = forward[:, i] * backward
            result[:, i] = both / np.maximum(both.sum(-1, keepdims=True), 1e-300)
            if i == 0:
                break
            out = score[:, i] * backward
            if count is not None:
                pair = forward[:, i - 1, :, None] * self.transitions * out[:, None, :]
                pair /= np.maximum(pair.sum((1, 2), keepdims=True), 1e-300)
                count += pair[used[:, i]].sum(0)
            backward = out @ self.transitions.T
            backward /= np.maximum(backward.max(-1, keepdims=True), 1e-300)
            backward[~used[:, i]] = 1.0
        return result

    def iterate(self, corpus, seed_weight, trust_open, trust_closed):
        count = np.zeros((T, T))
        word_tag = np.zeros_like(self.word_tag)
        shape = np.zeros_like(self.shape)
        for batch in corpus.batches:
            words, shapes, initial, used, _ = batch
            result = self.posteriors(batch, count)
            count[START] += result[:, 0].sum(0)
            np.add.at(word_tag, words[used], result[used])
            cased = used & (shapes >= 0)
            np.add.at(shape, (initial[cased], shapes[cased]), result[cased])
        seen = word_tag.sum(-1, keepdims=True)
        trust = np.where(self.closed[:, None], 5 + trust_closed * seen, 3 + trust_open * seen)
        self.word_tag = (word_tag + trust * self.dictionary) / (seen + trust)
        self.tag_share = self.normal(word_tag.sum(0) + 1)
        self.transitions = self.normal(count + seed_weight * self.seed + 0.02)
        shape += 0.5
        self.shape = shape / shape.sum(1, keepdims=True)
