"""Texts as hashed n-grams of characters and words, counted per text in compiled code (one pass, no dictionary).

Alphabets: character n-grams inside the word, its borders included, and word n-grams. Scripts without spaces (Han,
kana, Thai): character n-grams of the run, punctuation included, and n-grams of jieba's words (Han). Every n-gram is
hashed (64 bit, FNV-1a over code points, finished as in MurmurHash3) into 2^`BITS` columns: characters in the lower
half, words in the upper one.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from desirepath.eventlog.jit import kernel, wrapping

BITS = 21
SPACE, LETTER, RUNNING, MARK = 0, 1, 2, 3
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3040, 0x30FF),
             (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134F))  # fmt: skip


@dataclass(frozen=True)
class Grams:
    """Counts of n-grams as a sparse matrix in rows: text i holds `columns[starts[i]:starts[i+1]]`, ascending."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def rows(self, chosen: NDArray[np.int64]) -> Grams:
        """These texts alone, in this order."""
        sizes = (self.starts[1:] - self.starts[:-1])[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        take = np.repeat(self.starts[:-1][chosen] - starts[:-1], sizes) + np.arange(starts[-1])
        return Grams(starts, self.columns[take], self.counts[take])


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point is: space, letter of an alphabet, character of an unspaced script, or a mark."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for code in range(0x20000):
        category = unicodedata.category(chr(code))
        if category[0] in "LMN":
            kinds[code] = LETTER
        elif category[0] in "PS":
            kinds[code] = MARK
    for first, last in _UNSPACED:
        kinds[first : last + 1] = np.where(kinds[first : last + 1] == MARK, MARK, RUNNING)
    return kinds


def code_points(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """All texts as one array of code points, and where each begins."""
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(t) for t in texts], out=starts[1:])
    data = "".join(texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(data, np.uint32) if data else np.zeros(0, np.uint32), starts


def count(texts: Sequence[str], bits: int = BITS) -> Grams:
    """The n-grams of each (folded) text."""
    codes, starts = code_points(texts)
    words, word_starts = code_points([_segmented(t) for t in texts])
    with wrapping():
        sizes, columns, counts = _count(codes, starts, words, word_starts, _kinds(), bits)
    return Grams(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), columns, counts)


def both(first: Grams, second: Grams) -> Grams:
    """The texts of the first, then those of the second."""
    return Grams(
        np.concatenate([first.starts, second.starts[1:] + first.starts[-1]]),
        np.concatenate([first.columns, second.columns]),
        np.concatenate([first.counts, second.counts]),
    )


def _segmented(text: str) -> str:
    """The words of a text with Han characters, spaces between them; nothing for other texts."""
    if text.isascii() or not _HAN.search(text):
        return ""
    import rjieba

    return " ".join(rjieba.cut(text))


_HAN = re.compile("[\u3400-\u9fff]")
CHARACTERS, RUNS, WORDS = 6, 5, 3
"""The longest n-grams: characters of a word, characters of an unspaced run, words."""

_SEED = 0xCBF29CE484222325
_PRIME = 0x100000001B3


@kernel
def _finish(h: np.uint64, bits: int) -> np.int32:
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    return np.int32(h >> np.uint64(65 - bits))


@kernel
def _grams_of(
    codes: NDArray[np.uint32], start: int, end: int, kinds: NDArray[np.uint8], bits: int, out: NDArray[np.int32]
) -> int:
    """Write the columns of one text's n-grams to `out`; gives how many."""
    prime, border, half = np.uint64(_PRIME), np.uint64(1), np.int32(1 << (bits - 1))
    n = 0
    h1 = h2 = np.uint64(0)  # the hashes of the two words before
    before = 0
    i = start
    while i < end:
        kind = kinds[codes[i]]
        if kind == SPACE:
            i += 1
            continue
        j = i + 1
        if kind == LETTER:
            while j < end and kinds[codes[j]] == LETTER:
                j += 1
            for a in range(i - 1, j):  # i - 1 and j stand for the word's borders
                h = np.uint64(_SEED) ^ np.uint64(7)
                for b in range(a, min(a + CHARACTERS, j + 1)):
                    c = border if b < i or b == j else np.uint64(codes[b])
                    h = (h ^ c) * prime
                    if b > a:
                        out[n] = _finish(h, bits)
                        n += 1
        elif kind == RUNNING:
            while j < end and kinds[codes[j]] != SPACE and kinds[codes[j]] != LETTER:
                j += 1
            for a in range(i, j):
                h = np.uint64(_SEED) ^ np.uint64(11)
                for b in range(a, min(a + RUNS, j)):
                    h = (h ^ np.uint64(codes[b])) * prime
                    out[n] = _finish(h, bits)
                    n += 1
            before = 0
            i = j
            continue
        w = np.uint64(_SEED) ^ np.uint64(13)
        for a in range(i, j):
            w = (w ^ np.uint64(codes[a])) * prime
        out[n] = _finish(w, bits) + half
        n += 1
        if before >= 1:
            out[n] = _finish((w ^ (h1 * np.uint64(3))) * prime, bits) + half
            n += 1
        if before >= 2:
            out[n] = _finish(((w ^ (h1 * np.uint64(3))) * prime ^ (h2 * np.uint64(5))) * prime, bits) + half
            n += 1
        h2, h1 = h1, w
        before += 1
        i = j
    return n


@kernel
def _words_of(codes: NDArray[np.uint32], start: int, end: int, bits: int, out: NDArray[np.int32], n: int) -> int:
    """Write the columns of n-grams of words between spaces; gives how many columns there are now."""
    prime, half = np.uint64(_PRIME), np.int32(1 << (bits - 1))
    h1 = np.uint64(0)
    before = 0
    i = start
    while i < end:
        if codes[i] == 32:
            i += 1
            continue
        w = np.uint64(_SEED) ^ np.uint64(17)
        while i < end and codes[i] != 32:
            w = (w ^ np.uint64(codes[i])) * prime
            i += 1
        out[n] = _finish(w, bits) + half
        n += 1
        if before:
            out[n] = _finish((w ^ (h1 * np.uint64(3))) * prime, bits) + half
            n += 1
        h1 = w
        before = 1
    return n


@kernel
def _most(starts: NDArray[np.int64], words: NDArray[np.int64]) -> int:
    longest = 0
    for i in range(starts.size - 1):
        longest = max(longest, starts[i + 1] - starts[i] + words[i + 1] - words[i])
    return longest * (CHARACTERS + WORDS + 1) + 16


@kernel
def _count(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    words: NDArray[np.uint32],
    word_starts: NDArray[np.int64],
    kinds: NDArray[np.uint8],
    bits: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    texts = starts.size - 1
    sizes = np.zeros(texts, np.int64)
    room = codes.size * 8 + 16
    columns = np.empty(room, np.int32)
    counts = np.empty(room, np.float32)
    buffer = np.empty(_most(starts, word_starts), np.int32)
    filled = 0
    for t in range(texts):
        n = _grams_of(codes, starts[t], starts[t + 1], kinds, bits, buffer)
        n = _words_of(words, word_starts[t], word_starts[t + 1], bits, buffer, n)
        found = np.sort(buffer[:n])
        if filled + n > columns.size:
            columns = np.concatenate((columns, np.empty(columns.size + n, np.int32)))
            counts = np.concatenate((counts, np.empty(counts.size + n, np.float32)))
        first = filled
        for k in range(n):
            if k > 0 and found[k] == found[k - 1]:
                counts[filled - 1] += np.float32(1)
            else:
                columns[filled] = found[k]
                counts[filled] = np.float32(1)
                filled += 1
        sizes[t] = filled - first
    return sizes, columns[:filled].copy(), counts[:filled].copy()
