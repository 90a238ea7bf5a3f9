# SPDX-License-Identifier: Apache-2.0
"""A linear model of readings: weights of each reading's own and weights of the parts of speech.

The score of a reading is its bias, plus its own weights of all features (none for a word's first
reading, against which the others are measured), plus the logarithm of the sum of exp over its
classes of the shared weights of the syntactic features. Softmax over a word's readings. Weights sit
in two hashed tables. Trained by L-BFGS on the weighted log loss with L2: convex but for the sums,
and deterministic.
"""
import numpy as np

OWN_BITS, SHARED_BITS = 19, 17
OWN, SHARED = 1 << OWN_BITS, 1 << SHARED_BITS


def buckets(features, key, bits):
    """Where the weights of `features` for a reading or class are. The engine has the same."""
    with np.errstate(over="ignore"):
        h = np.asarray(features, np.uint32) ^ np.uint32((key + 1) * 0x9E3779B1 & 0xFFFFFFFF)
        h = h ^ (h >> np.uint32(15))
        h = h * np.uint32(0x2C1B3C6D)
        h = h ^ (h >> np.uint32(12))
        h = h * np.uint32(0x297A2D39)
        h = h ^ (h >> np.uint32(15))
    return (h & np.uint32((1 << bits) - 1)).astype(np.int64)


class Problem:
    """Examples as one sparse matrix: a row for each (example, own reading or class) that matters."""

    def __init__(self, examples, words, balance):
        self.n_readings = 1 + max(r.number for group in words.values() for r in group)
        self.size = OWN + SHARED + self.n_readings
        columns, lengths = [], []
        self.slots = []    # (example, candidate, row or -1 of own, rows of classes)
        row = 0
        candidates_of = []
        for example in examples:
            rows = []
            if example.word is not None:
                group = words[example.word]
                union = sorted({c for r in group for c in r.classes})
                class_row = {}
                for c in union:
                    columns.append(OWN + buckets(example.syntactic, c, SHARED_BITS))
                    class_row[c] = row
                    row += 1
                for position, reading in enumerate(group):
                    own = -1
                    if position > 0:
                        both = example.syntactic + example.topical
                        columns.append(np.append(buckets(both, 64 + reading.number, OWN_BITS),
                                                 OWN + SHARED + reading.number))
                        own = row
                        row += 1
                    rows.append((own, [class_row[c] for c in reading.classes]))
                answer = [r.name for r in group].index(example.answer)
            else:
                for c in example.classes:
                    columns.append(OWN + buckets(example.syntactic, c, SHARED_BITS))
                    rows.append((-1, [row]))
                    row += 1
                answer = example.classes.index(example.answer)
            candidates_of.append((rows, answer))
        self.lengths = np.array([len(c) for c in columns])
        self.starts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        self.columns = np.concatenate(columns)
        self.rows = row
        self.arrange(candidates_of)
        self.weights = self.example_weights(examples, balance)

    def arrange(self, candidates_of):
        """Rows as arrays [example, candidate, class]; what is missing points one past the end."""
        n = len(candidates_of)
        self.own_row = np.full((n, 3), self.rows, np.int64)
        self.class_rows = np.full((n, 3, 3), -1, np.int64)
        self.exists = np.zeros((n, 3), bool)
        self.answer = np.zeros(n, np.int64)
        for i, (rows, answer) in enumerate(candidates_of):
            self.answer[i] = answer
            for k, (own, classes) in enumerate(rows):
                self.exists[i, k] = True
                if own >= 0:
                    self.own_row[i, k] = own
                self.class_rows[i, k, :len(classes)] = classes
        self.has_class = self.class_rows >= 0
        self.class_rows[~self.has_class] = self.rows
        self.shared = self.has_class.any(-1)

    @staticmethod
    def example_weights(examples, balance):
        counts, totals, kinds = {}, {}, {}
        for e in examples:
            if e.word is not None:
                counts[e.word, e.answer] = counts.get((e.word, e.answer), 0) + 1
                totals[e.word] = totals.get(e.word, 0) + 1
                kinds.setdefault(e.word, set()).add(e.answer)
        return np.array([
            0.5 if e.word is None else
            (totals[e.word] / len(kinds[e.word]) / counts[e.word, e.answer]) ** balance
            for e in examples])

    def scores(self, theta):
        row = np.append(np.add.reduceat(theta[self.columns], self.starts), 0.0)
        own = row[self.own_row]
        classes = np.where(self.has_class, row[self.class_rows], -np.inf)
        top = np.where(self.shared, classes.max(-1), 0.0)
        share = np.exp(classes - top[..., None])
        total = share.sum(-1)
        shared = np.where(self.shared, top + np.log(np.maximum(total, 1e-300)), 0.0)
        split = share / np.maximum(total, 1e-300)[..., None]
        return np.where(self.exists, own + shared, -np.inf), split

    def probabilities(self, theta):
        score, split = self.scores(theta)
        score = score - score.max(-1, keepdims=True)
        p = np.exp(score)
        return p / p.sum(-1, keepdims=True), split

    def loss(self, theta, penalty):
        p, split = self.probabilities(theta)
        n = np.arange(len(self.answer))
        value = -(self.weights * np.log(np.maximum(p[n, self.answer], 1e-300))).sum()
        value += 0.5 * (penalty * theta * theta).sum()
        g = p.copy()
        g[n, self.answer] -= 1
        g *= self.weights[:, None]
        g[~self.exists] = 0
        row = np.zeros(self.rows + 1)
        np.add.at(row, self.own_row, g)
        np.add.at(row, self.class_rows, g[..., None] * np.where(self.has_class, split, 0.0))
        gradient = np.bincount(self.columns, weights=np.repeat(row[:-1], self.lengths),
                               minlength=self.size)
        return value, gradient + penalty * theta


def minimise(function, theta, steps, memory=8):
    """L-BFGS with backtracking (Nocedal and Wright 2006, algorithm 7.4)."""
    value, gradient = function(theta)
    past = []
    for _ in range(steps):
        direction = -gradient
        alphas = []
        for s, y, rho in reversed(past):
            alpha = rho * (s @ direction)
            alphas.append(alpha)
            direction -= alpha * y
        if past:
            s, y, _ = past[-1]
            direction *= (s @ y) / (y @ y)
        for (s, y, rho), alpha in zip(past, reversed(alphas)):
            direction += s * (alpha - rho * (y @ direction))
        slope = gradient @ direction
        step = 1.0 if past else 1.0 / max(1.0, np.abs(gradient).sum() ** 0.5)
        while True:
            trial = theta + step * direction
            new_value, new_gradient = function(trial)
            if new_value <= value + 1e-4 * step * slope or step < 1e-8:
                break
            step /= 2
        s, y = trial - theta, new_gradient - gradient
        if s @ y > 1e-12:
            past = (past + [(s, y, 1 / (s @ y))])[-memory:]
        done = value - new_value < 1e-5 * abs(value)
        theta, value, gradient = trial, new_value, new_gradient
        if done:
            break
    return theta


def penalties(n_readings, own, shared, bias):
    return np.concatenate([np.full(OWN, own), np.full(SHARED, shared), np.full(n_readings, bias)])


def train(examples, words, settings):
    problem = Problem(examples, words, settings.balance)
    penalty = penalties(problem.n_readings, settings.own, settings.shared, settings.bias)
    return minimise(lambda theta: problem.loss(theta, penalty), np.zeros(problem.size),
                    settings.steps)
