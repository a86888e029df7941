"""Texts grouped by what they are about: many clusterings that vote, so that another sample gives the same groups.

Two pictures of each text stand side by side: latent semantic analysis of its words and pairs of words (tf-idf,
truncated SVD), and the idf-weighted mean of word vectors learned from the same texts (positive pointwise mutual
information of words at most five apart, by SVD; Levy & Goldberg 2014). `VOTES` k-means runs with k to 2k groups cut
this space; the texts' memberships in all those groups are factored into k parts without negative weights (consensus
clustering by non-negative matrix factorisation, Li, Ding & Jordan 2007; started from the singular vectors, Boutsidis &
Gallopoulos 2008), and a text belongs to its heaviest part. A last k-means instead starts anywhere and ends elsewhere
with another sample.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
VOTES, ROUNDS = 20, 300
WIDTH, NEAR = 60, 5
RARE, COMMON = 3, 0.3  # stems of fewer texts, or of more than this share, say nothing


def groups(stems: Sequence[Sequence[str]], k: int, seed: int = 0) -> Ints:
    """A group 0 … k−1 for each text given by its stems; −1 for texts without any stem in use."""
    vocabulary, index = _vocabulary(stems)
    said = np.array([any(s in index for s in t) for t in stems])
    if said.sum() < max(2 * k, 10) or len(vocabulary) < 3:
        return np.where(said, 0, -1)
    kept = [stems[i] for i in np.flatnonzero(said).tolist()]
    out = np.full(len(stems), -1, np.int64)
    out[said] = _consensus(np.hstack([_latent(kept), _meant(kept, index)]), k, seed)
    return out


def _vocabulary(stems: Sequence[Sequence[str]]) -> tuple[list[str], dict[str, int]]:
    found = Counter(s for t in stems for s in set(t))
    most = max(COMMON * len(stems), RARE)
    vocabulary = sorted(s for s, n in found.items() if RARE <= n <= most)
    return vocabulary, {s: i for i, s in enumerate(vocabulary)}


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1))


def _reduced(matrix: sparse.spmatrix, width: int) -> tuple[Floats, Floats]:
    from sklearn.decomposition import TruncatedSVD

    if min(matrix.shape) < 2:  # nothing to reduce: so few words are all in use everywhere
        return np.asarray(matrix.toarray()), np.ones(matrix.shape[1])
    width = max(1, min(width, min(matrix.shape) - 1))
    reducer = TruncatedSVD(width, random_state=0, n_iter=4)
    return np.asarray(reducer.fit_transform(matrix)), np.asarray(reducer.singular_values_)


def _latent(stems: Sequence[Sequence[str]]) -> Floats:
    terms = [[*t, *(f"{a} {b}" for a, b in pairwise(t))] for t in stems]
    _, index = _vocabulary(terms)
    matrix = _weighted(terms, index)
    return _unit(_reduced(matrix, WIDTH)[0])


def _weighted(terms: Sequence[Sequence[str]], index: dict[str, int]) -> sparse.csr_matrix:
    """tf-idf with 1 + ln tf, rows of length 1."""
    from scipy import sparse

    counts = [Counter(index[t] for t in text if t in index) for text in terms]
    starts = np.concatenate([[0], np.cumsum([len(c) for c in counts])])
    columns = np.fromiter((j for c in counts for j in c), np.int64, starts[-1])
    tf = np.fromiter((n for c in counts for n in c.values()), float, starts[-1])
    idf = np.log((1 + len(terms)) / (1 + np.bincount(columns, minlength=len(index)))) + 1
    matrix = sparse.csr_matrix(((1 + np.log(tf)) * idf[columns], columns, starts), shape=(len(terms), len(index)))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(length > 0, length, 1)) @ matrix)


def _meant(stems: Sequence[Sequence[str]], index: dict[str, int]) -> Floats:
    from scipy import sparse

    ids = [np.array([index[s] for s in t if s in index], np.int64) for t in stems]
    size = len(index)
    pairs = [
        part
        for t in ids
        for d in range(min(NEAR, max(len(t) - 1, 0)) + 1)
        for part in ((t[: len(t) - d], t[d:]), (t[d:], t[: len(t) - d]))[: 1 if d == 0 else 2]
    ]
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    joint = sparse.coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size)).tocsr().tocoo()
    row = np.asarray(joint.sum(1)).ravel()
    column = row**0.75
    information = np.log(np.maximum(joint.data * column.sum() / (row[joint.row] * column[joint.col]), 1e-12))
    positive = sparse.csr_matrix((np.maximum(information, 0), (joint.row, joint.col)), shape=(size, size))
    vectors, singular = _reduced(positive, WIDTH)
    vectors = _unit(vectors / np.sqrt(np.maximum(singular, 1e-12)))
    uses = np.bincount(np.concatenate([np.unique(t) for t in ids]), minlength=size)
    idf = np.log((1 + len(stems)) / (1 + uses))
    mean = np.array([(vectors[np.unique(t)] * idf[np.unique(t), None]).sum(0) for t in ids])
    return _unit(mean - mean.mean(0))


def _consensus(space: Floats, k: int, seed: int) -> Ints:
    from sklearn.cluster import KMeans

    rng = np.random.default_rng(seed)
    votes = []
    different = _different(space)
    for vote in range(VOTES):
        many = int(rng.integers(k, 2 * k + 1))
        many = min(many, different)
        own = KMeans(many, n_init=1, random_state=seed * 1000 + vote).fit(space).labels_
        member = np.zeros((len(space), many))
        member[np.arange(len(space)), own] = 1 / np.sqrt(np.bincount(own, minlength=many)[own] + 1)
        votes.append(member)
    return _heaviest(np.hstack(votes), min(k, different), seed)


def _heaviest(votes: Floats, k: int, seed: int) -> Ints:
    """The heaviest of k parts that the votes are made of, for each text."""
    from scipy import sparse
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(), np.errstate(invalid="ignore"):  # what is left of an exact one may be below zero
        warnings.simplefilter("ignore", ConvergenceWarning)  # the heaviest part is settled long before the weights are
        parts = NMF(min(k, *votes.shape), init="nndsvd", max_iter=ROUNDS, random_state=seed)
        return np.asarray(parts.fit_transform(sparse.csr_matrix(votes)).argmax(axis=1), np.int64)


def _different(rows: Floats) -> int:
    """How many rows differ, but for what rounding does."""
    return len(np.unique(rows.round(9), axis=0))
