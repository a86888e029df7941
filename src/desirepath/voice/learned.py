"""A model learned from rated texts: linear over hashed n-grams, calibrated, its quality measured by cross-validation.

Five experts, each a linear support vector machine (see `machine.py`; classes balanced, one against the rest) on rows
of length 1: characters by (1 + ln tf)·idf, words by the same, both by the same, both by (1 + ln tf)·√idf·√|r| and by
(1 + ln tf)·|r| with r the log-count ratio of naive Bayes (Wang & Manning 2012; the first is damped). Each expert's cost
C is chosen by inner cross-validation. Their out-of-fold margins are stacked (Wolpert 1992) and calibrated in one step,
a multinomial logistic regression on the experts' mean and on how far each is from it; the latter is shrunk, so that few
texts give nearly equal votes. Texts that say the same stay in one fold. The state is the class with the highest
probability × a factor per class that makes out-of-fold macro-F1 best. *Hints* are unrated texts as the lexicon layer
reads them: while ratings are few they teach too, together as much as `HINTED` ratings would. Of more than `STACKED`
classes (places, not states) only how sure one is matters: the experts' mean is calibrated, by one slope for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.cores import cores
from desirepath.eventlog.jit import kernel
from desirepath.voice import grams
from desirepath.voice.grams import Grams
from desirepath.voice.machine import normalised, separate
from desirepath.voice.quality import Quality, macro_f1
from desirepath.voice.texts import clean, folded, identical

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COSTS = (0.25, 0.6, 1.5)
FOLDS = 5
HINTED = 300.0
ENOUGH = 2_000  # ratings from which hints are not asked for
EXPERTS = ("characters", "words", "both", "damped", "ratio")
APART = 0.3  # how much of an expert's distance from the mean the calibration sees: less is a stronger ridge
STACKED = 5  # classes; with a slope for each class and expert of more of them, calibrating takes minutes
NEARLY = 0.001
LEAST = 20  # rated texts, and
LEAST_EACH = 5  # rated texts of a class, below which there is nothing to learn
_RIDGE = 0.1
_COMMON = 300  # from so many texts on, n-grams of one text alone are left out


@dataclass(frozen=True)
class Table:
    """The experts as one table: a row for each n-gram in use, and `2·E·C` columns: scale² and scale·weight of each."""

    place: NDArray[np.int32]  # column of the hash → row (0: not in use)
    rows: NDArray[np.float32]
    bias: Floats  # E·C

    def margins(self, counted: Grams) -> Floats:
        """Texts × (E·C): what each expert says for each class."""
        return _margins(counted.starts, counted.columns, counted.counts, self.place, self.rows, self.bias)


@dataclass(frozen=True)
class Hints:
    """Unrated texts with a guessed label each and how sure the guess is (0–1)."""

    texts: Sequence[str]
    labels: Ints
    sure: Floats


@dataclass(frozen=True)
class Lesson:
    """What is learned from: n-grams, classes as positions, and the weight of each text."""

    counted: Grams
    y: Ints
    weight: Floats

    def part(self, rows: Ints) -> Lesson:
        """These texts alone."""
        return Lesson(self.counted.rows(rows), self.y[rows], self.weight[rows])

    def __add__(self, other: Lesson | None) -> Lesson:
        if other is None:
            return self
        return Lesson(
            grams.both(self.counted, other.counted),
            np.concatenate([self.y, other.y]),
            np.concatenate([self.weight, other.weight]),
        )


@dataclass(frozen=True)
class Calibration:
    """From margins to probabilities: softmax of `slope·seen(margins) + offset`; a factor per class for the state."""

    slope: Floats  # classes × what is seen of the margins
    offset: Floats
    factor: Floats

    def probabilities(self, margins: Floats) -> Floats:
        """Texts × classes, from the experts' margins."""
        z = seen(margins, len(self.offset)) @ self.slope.T + self.offset
        z = np.exp(z - z.max(1, keepdims=True))
        return np.asarray(z / z.sum(1, keepdims=True))

    def classes(self, probabilities: Floats) -> Ints:
        """The position of the class that each text has."""
        return np.asarray((probabilities * self.factor).argmax(1), np.int64)


@dataclass(frozen=True)
class Model:
    """A fitted model; `classes` are the labels it knows, ascending."""

    classes: Ints
    table: Table
    calibration: Calibration
    costs: Mapping[str, float]  # by expert
    quality: Quality

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Calibrated probabilities of the classes for clean or raw texts."""
        return self.of_counts(grams.count([folded(clean(t)) for t in texts]))

    def of_counts(self, counted: Grams) -> Floats:
        """The same for n-grams already counted."""
        return self.calibration.probabilities(self.table.margins(counted))

    def predict(self, texts: Sequence[str]) -> Ints:
        """The label of each text."""
        return self.classes[self.calibration.classes(self.probabilities(texts))]


def learnable(labels: Ints) -> bool:
    """Whether there are enough rated texts of at least two classes."""
    sizes = np.unique(labels, return_counts=True)[1]
    return len(labels) >= LEAST and int((sizes >= LEAST_EACH).sum()) >= 2


def fit(
    texts: Sequence[str],
    labels: Ints,
    *,
    hints: Hints | None = None,
    costs: Sequence[float] = COSTS,
    experts: Sequence[str] = EXPERTS,
    seed: int = 0,
) -> Model:
    """Learn from texts with their labels. Classes with fewer than `LEAST_EACH` texts are not learned."""
    labels = np.asarray(labels, np.int64)
    names, sizes = np.unique(labels, return_counts=True)
    names = names[sizes >= LEAST_EACH]
    if len(names) < 2:
        raise ValueError("a model needs texts of at least two classes")
    kept = np.flatnonzero(np.isin(labels, names))
    texts = [texts[i] for i in kept.tolist()]
    lesson = _lesson(texts, np.searchsorted(names, labels[kept]), np.ones(len(kept)))
    beside = _hinted(hints, names) if hints is not None and len(kept) < ENOUGH else None
    groups = np.asarray(identical(texts))
    parts = folds(lesson.y, groups, FOLDS, seed)
    tried = [_out_of_fold(lesson, beside, parts, dict.fromkeys(experts, cost), len(names)) for cost in costs]
    best = best_costs(tried, lesson.y, len(names))
    margins = np.concatenate([tried[c][:, i] for i, c in enumerate(best)], axis=1)
    chosen = {expert: costs[c] for expert, c in zip(experts, best, strict=True)}
    table = _fit(lesson + beside, chosen, len(names))
    calibration = _calibrate(margins, lesson.y, len(names))
    return Model(names, table, calibration, chosen, _quality(margins, lesson.y, names, groups, seed))


def best_costs(tried: Sequence[Floats], y: Ints, classes: int) -> list[int]:
    """For each expert, which of the costs tried makes its own out-of-fold macro-F1 best."""

    def reached(own: Floats) -> float:
        said = (own[:, 0] > 0).astype(np.int64) if classes == 2 else own.argmax(1)
        return macro_f1(y, said, classes)

    of = np.array([[reached(margins[:, i]) for margins in tried] for i in range(tried[0].shape[1])])
    return [int(c) for c in of.argmax(1)]


def teach(counted: Grams, y: Ints, cost: float, weights: Floats | None = None) -> Table:
    """The experts alone, from classes 0, 1, …: no calibration, nothing measured."""
    weights = np.ones(len(y)) if weights is None else weights
    return _fit(Lesson(counted, np.asarray(y, np.int64), weights), dict.fromkeys(EXPERTS, cost), int(y.max()) + 1)


def _lesson(texts: Sequence[str], y: Ints, weight: Floats) -> Lesson:
    return Lesson(grams.count([folded(clean(t)) for t in texts]), np.asarray(y, np.int64), weight)


def _hinted(hints: Hints, names: Ints) -> Lesson | None:
    rows = np.flatnonzero(np.isin(hints.labels, names) & (hints.sure > 0))
    if not len(rows):
        return None
    weight = hints.sure[rows] * min(1.0, HINTED / hints.sure[rows].sum())
    return _lesson([hints.texts[i] for i in rows.tolist()], np.searchsorted(names, hints.labels[rows]), weight)


def folds(y: Ints, groups: Ints, parts: int, seed: int) -> Ints:
    """The fold of each text: classes spread evenly, texts of one group together."""
    rng = np.random.default_rng(seed)
    out = np.empty(len(y), np.int64)
    order = rng.permutation(len(y))
    firsts = np.unique(groups[order], return_index=True)[1]
    heads = order[np.sort(firsts)]  # one text of each group, in random order
    fold_of = np.empty(int(groups.max()) + 1, np.int64)
    for label in np.unique(y):
        own = heads[y[heads] == label]
        fold_of[groups[own]] = (np.arange(len(own)) + rng.integers(parts)) % parts
    out[:] = fold_of[groups]
    return out


def _quality(margins: Floats, y: Ints, names: Ints, groups: Ints, seed: int) -> Quality:
    """Figures for texts never seen: calibration and factors, too, are fitted on the other folds."""
    again = folds(y, groups, FOLDS, seed + 1)
    probabilities = np.empty((len(y), len(names)))
    said = np.empty(len(y), np.int64)
    for part in range(FOLDS):
        test = again == part
        if not test.any():
            continue
        calibration = _calibrate(margins[~test], y[~test], len(names))
        probabilities[test] = calibration.probabilities(margins[test])
        said[test] = calibration.classes(probabilities[test])
    return Quality.of(y, said, probabilities, [int(n) for n in names])


def _out_of_fold(
    lesson: Lesson, beside: Lesson | None, parts: Ints, costs: Mapping[str, float], classes: int
) -> Floats:
    """Texts × experts × classes: what each expert says of texts that it did not learn from."""
    margins = np.zeros((len(lesson.y), len(costs), 1 if classes == 2 else classes))
    for part in range(FOLDS):
        test, train = np.flatnonzero(parts == part), np.flatnonzero(parts != part)
        if len(test):
            table = _fit(lesson.part(train) + beside, costs, classes)
            margins[test] = table.margins(lesson.counted.rows(test)).reshape(len(test), len(costs), -1)
    return margins


def voted(margins: Floats, classes: int) -> Floats:
    """The mean of the experts; of two classes the margin is the second's, and the first's is its opposite."""
    own = 1 if classes == 2 else classes
    mean = margins.reshape(len(margins), -1, own).mean(1)
    return np.hstack([-mean, mean]) if classes == 2 else mean


def seen(margins: Floats, classes: int) -> Floats:
    """What the calibration sees: the experts' mean for each class, and (of few classes) how far each is from it."""
    if classes > STACKED:
        return voted(margins, classes)
    own = 1 if classes == 2 else classes
    each = margins.reshape(len(margins), -1, own)
    if each.shape[1] == 1:
        return voted(margins, classes)
    apart = (each - each.mean(1, keepdims=True)).reshape(len(margins), -1)
    return np.hstack([voted(margins, classes), APART * apart])


def _fit(lesson: Lesson, costs: Mapping[str, float], classes: int) -> Table:
    counted, y = lesson.counted, lesson.y
    found = np.bincount(counted.columns, minlength=1 << grams.BITS)
    used = np.flatnonzero(found > (1 if len(y) >= _COMMON else 0))
    place = np.zeros(1 << grams.BITS, np.int32)
    place[used] = np.arange(1, len(used) + 1)
    rows = _compressed(counted, place)
    words = used >= 1 << (grams.BITS - 1)
    rarity = np.log((1 + len(y)) / (1 + found[used])) + 1
    heads = [1] if classes == 2 else range(classes)
    ratio = {head: np.abs(_log_ratio(rows, y == head, len(used))) for head in heads}

    def machine(of: tuple[str, int]) -> tuple[Floats, Floats, float]:
        expert, head = of
        scale = _scale(expert, rarity, words, ratio[head])
        return scale, *_machine(rows, scale, y == head, lesson.weight * costs[expert])

    with ThreadPoolExecutor(cores()) as pool:
        machines = list(pool.map(machine, product(costs, heads)))
    columns = [column for scale, weight, _ in machines for column in (scale**2, scale * weight)]
    table = np.zeros((len(used) + 1, len(columns)), np.float32)
    table[1:] = np.array(columns).T
    return Table(place, table, np.array([bias for _, _, bias in machines]))


def _scale(expert: str, rarity: Floats, words: NDArray[np.bool_], ratio: Floats) -> Floats:
    """By what an expert multiplies the column of each n-gram."""
    if expert in ("characters", "words"):
        return rarity * (words if expert == "words" else ~words)
    return {"both": rarity, "damped": np.sqrt(rarity * ratio), "ratio": ratio}[expert]


def _compressed(counted: Grams, place: NDArray[np.int32]) -> Grams:
    """Only the n-grams in use, their columns counted from 0, and 1 + ln tf in place of the counts."""
    at = place[counted.columns]
    kept = at > 0
    starts = np.concatenate([[0], np.cumsum(kept)])[counted.starts].astype(np.int64)
    return Grams(starts, at[kept] - 1, (1 + np.log(counted.counts[kept])).astype(np.float32))


def _log_ratio(rows: Grams, own: NDArray[np.bool_], width: int) -> Floats:
    """Naive Bayes: how much more often an n-gram stands in texts of the class, as a logarithm (add-one)."""
    of_own = np.repeat(own, np.diff(rows.starts))
    inside = np.bincount(rows.columns[of_own], minlength=width) + 1.0
    outside = np.bincount(rows.columns[~of_own], minlength=width) + 1.0
    return np.asarray(np.log(inside / (own.sum() + 2) / (outside / ((~own).sum() + 2))))


def _machine(rows: Grams, scale: Floats, own: NDArray[np.bool_], cost: Floats) -> tuple[Floats, float]:
    """One support vector machine on scaled rows of length 1, both sides of equal weight: its weights and bias."""
    if own.all() or not own.any():
        return np.zeros(len(scale)), 1.0 if own.all() else -1.0
    values = normalised(rows.starts, rows.columns, rows.counts, scale)
    both, mine = cost.sum(), cost[own].sum()
    balanced = np.where(own, both / (2 * mine), both / (2 * (both - mine)))
    return separate(rows.starts, rows.columns, values, own, cost * balanced, len(scale))


def _calibrate(margins: Floats, y: Ints, classes: int) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    known = seen(margins, classes)
    spread = float(known[:, :classes].std()) or 1.0
    if classes > STACKED:
        same, base = _tied(known / spread, y)
        return Calibration(np.eye(classes) * same / spread, base, np.ones(classes))
    fitted = LogisticRegression(C=10.0, solver="newton-cholesky", max_iter=200).fit(known / spread, y)
    slope, offset = fitted.coef_ / spread, fitted.intercept_
    if len(fitted.classes_) == 2 and classes == 2:
        slope, offset = np.vstack([0 * slope, slope]), np.array([0.0, offset[0]])
    elif len(fitted.classes_) < classes:  # a class that these texts lack
        full, base = np.zeros((classes, known.shape[1])), np.full(classes, -30.0)
        two = len(fitted.classes_) == 2
        full[fitted.classes_] = np.vstack([0 * slope, slope]) if two else slope
        base[fitted.classes_] = np.array([0.0, offset[0]]) if two else offset
        slope, offset = full, base
    calibration = Calibration(np.asarray(slope), np.asarray(offset), np.ones(classes))
    return Calibration(calibration.slope, calibration.offset, _factors(calibration.probabilities(margins), y, classes))


def _tied(known: Floats, y: Ints) -> tuple[float, Floats]:
    """One slope for all classes and an offset for each, the likeliest with a weak ridge: texts × classes, and y."""
    texts, classes = known.shape
    own = np.zeros((texts, classes))
    own[np.arange(texts), y] = 1.0

    def cost(at: Floats) -> tuple[float, Floats]:
        z = at[0] * known + at[1:]
        z -= z.max(1, keepdims=True)
        total = np.log(np.exp(z).sum(1, keepdims=True))
        off = np.exp(z - total) - own
        ridge = _RIDGE * at
        down = np.concatenate([[float((off * known).sum())], off.sum(0)]) + ridge
        return float((own * (total - z)).sum() + 0.5 * at @ ridge), down

    from scipy.optimize import minimize

    found = minimize(cost, np.concatenate([[1.0], np.zeros(classes)]), jac=True, method="L-BFGS-B")
    return float(found.x[0]), found.x[1:]


def _factors(probabilities: Floats, y: Ints, classes: int) -> Floats:
    """The factor of each class that makes macro-F1 best, found class by class on a smoothed grid.

    Of the steps within `NEARLY` of the best the smallest is taken: what noise chose would do harm on other texts.
    """
    steps = np.arange(-10, 11) * 0.1
    chosen = np.zeros(classes)
    logs = np.log(np.maximum(probabilities, 1e-12))
    for _ in range(2):
        for k in range(classes):
            tried = []
            for step in steps:
                logs[:, k] += step
                tried.append(macro_f1(y, logs.argmax(1), classes))
                logs[:, k] -= step
            smooth = np.convolve(np.pad(tried, 2, mode="edge"), np.ones(5) / 5, "valid")
            good = np.flatnonzero(smooth >= smooth.max() - NEARLY)
            best = steps[good[np.abs(steps[good]).argmin()]]
            logs[:, k] += best
            chosen[k] += best
    return np.exp(chosen)


@kernel
def _margins(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    counts: NDArray[np.float32],
    place: NDArray[np.int32],
    rows: NDArray[np.float32],
    bias: Floats,
) -> Floats:
    texts, heads = starts.size - 1, bias.size
    out = np.empty((texts, heads))
    dot, square = np.empty(heads), np.empty(heads)
    for t in range(texts):
        dot[:] = 0
        square[:] = 0
        for i in range(starts[t], starts[t + 1]):
            row = place[columns[i]]
            if row > 0:
                tf = 1 + np.log(counts[i]) if counts[i] > 1 else 1.0
                for h in range(heads):
                    square[h] += tf * tf * rows[row, 2 * h]
                    dot[h] += tf * rows[row, 2 * h + 1]
        for h in range(heads):
            out[t, h] = (dot[h] / np.sqrt(square[h]) if square[h] > 0 else 0.0) + bias[h]
    return out
