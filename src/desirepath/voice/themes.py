"""Themes: what people talk about, language by language, named by their own words, the same from run to run.

Texts are grouped by `clusters.py`. A group's terms are its words ranked by the log-likelihood ratio against the rest
(Dunning 1993); the first three, each by its commonest form, are its name. A theme *grows* when its share in the newest
quarter of the period is significantly higher than before (two-sided p < 0.01, pooled), and is *new* when it hardly was
there before. What a person decided (a name, a merge, a pin) is kept with the terms the theme had, and holds for the
theme whose terms are most alike, so it survives recomputation. Themes of several languages are called *alike* when most
of what is placed of both belongs to one touchpoint.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath.voice.clusters import groups
from desirepath.voice.words import stem, words

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TERMS, VERBATIMS = 12, 5
LEAST_TEXTS = 30  # texts of a language, below which there are no themes
LEAST_THEME = 5
MOST = 12_000  # texts that are grouped; the others join the group whose terms they share
ALIKE = 0.3  # cosine of the terms from which a theme is the one that a decision was made about
_NEWEST = 0.25
_SURE = 2.576


@dataclass(frozen=True)
class Edit:
    """A person's decision about a theme, with the terms it had."""

    action: str  # rename | merge | pin
    language: str
    terms: Mapping[str, float]
    name: str | None = None
    into: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Theme:
    """A theme; `rows` are positions of feedback, `typical` the most typical of them, best first."""

    id: str
    language: str
    name: str
    terms: Mapping[str, float]
    rows: tuple[int, ...]
    typical: tuple[int, ...]
    emotion: float | None
    share: float  # of the language's texts
    growing: bool = False
    new: bool = False
    pinned: bool = False
    touchpoints: Mapping[str, int] | None = None
    months: Mapping[str, int] | None = None
    alike: tuple[str, ...] = ()


def themes(
    texts: Sequence[str],
    languages: Sequence[str],
    emotion: Floats,
    at: Ints,
    dated: NDArray[np.bool_],
    places: Sequence[str | None],
    edits: Sequence[Edit] = (),
    k: int | None = None,
) -> list[Theme]:
    """The themes of all languages, the largest first."""
    found: list[Theme] = []
    for language in sorted(set(languages) - {"unknown"}):
        rows = np.array([i for i, tongue in enumerate(languages) if tongue == language and texts[i]], np.int64)
        if len(rows) >= LEAST_TEXTS:
            said = [words(texts[i], language) for i in rows]
            own = _of_language(language, rows, said, k)
            own = _edited(own, [e for e in edits if e.language == language])
            found += [_measured(t, emotion, at, dated, places, rows) for t in own]
    return _across(sorted(found, key=lambda t: (-len(t.rows), t.id)))


def how_many(texts: int) -> int:
    """How many themes a set of texts is cut into where nobody says: √(n/20), between 3 and 24."""
    return max(3, min(24, round(math.sqrt(texts / 20))))


def _of_language(language: str, rows: Ints, said: Sequence[Sequence[str]], k: int | None) -> list[Theme]:
    stems = [[stem(w, language) for w in text] for text in said]
    step = max(1, math.ceil(len(rows) / MOST))
    group = np.full(len(rows), -1, np.int64)
    sample = np.arange(0, len(rows), step)
    group[sample] = groups([stems[i] for i in sample], k or how_many(len(sample)))
    shown = _forms(said, stems)
    terms = {g: _terms(stems, group, g) for g in sorted(set(group.tolist()) - {-1})}
    if step > 1:
        for i in np.setdiff1d(np.arange(len(rows)), sample):
            scored = {g: sum(t.get(s, 0.0) for s in set(stems[i])) for g, t in terms.items()}
            best = max(scored, key=lambda g: scored[g], default=-1)
            group[i] = best if best >= 0 and scored[best] > 0 else -1
    out = []
    for g, own in terms.items():
        members = np.flatnonzero(group == g)
        if len(members) >= LEAST_THEME and own:
            fit = [sum(own.get(s, 0.0) for s in set(stems[i])) / math.sqrt(5 + len(stems[i])) for i in members]
            order = np.argsort(-np.array(fit), kind="stable")
            forms = [shown[s] for s in list(own)[:3]]
            out.append(
                Theme(
                    id=f"{language}:{'-'.join(list(own)[:3])}",
                    language=language,
                    name=", ".join(forms),
                    terms=own,
                    rows=tuple(int(rows[members[j]]) for j in order),
                    typical=tuple(int(rows[members[j]]) for j in order[:VERBATIMS]),
                    emotion=None,
                    share=len(members) / len(rows),
                )
            )
    return out


def _forms(said: Sequence[Sequence[str]], stems: Sequence[Sequence[str]]) -> dict[str, str]:
    uses: dict[str, Counter[str]] = {}
    for text, roots in zip(said, stems, strict=True):
        for word, root in zip(text, roots, strict=True):
            uses.setdefault(root, Counter())[word] += 1
    return {root: min(found, key=lambda w: (-found[w], w)) for root, found in uses.items()}


def _terms(stems: Sequence[Sequence[str]], group: Ints, g: int) -> dict[str, float]:
    """The group's words by log-likelihood ratio against the other texts, weights of length 1."""
    inside, everywhere = Counter[str](), Counter[str]()
    n, size = 0, 0
    for text, own in zip(stems, group, strict=True):
        everywhere.update(set(text))
        n += 1
        if own == g:
            inside.update(set(text))
            size += 1
    scored = {w: _ratio(c, size, everywhere[w], n) for w, c in inside.items() if c >= 2 or size < 20}
    best = sorted((w for w in scored if scored[w] > 0), key=lambda w: (-scored[w], w))[:TERMS]
    length = math.sqrt(sum(scored[w] ** 2 for w in best)) or 1.0
    return {w: round(scored[w] / length, 4) for w in best}


def _ratio(inside: int, size: int, everywhere: int, n: int) -> float:
    """Dunning's 2·log-likelihood ratio; 0 where the word is no commoner inside."""
    outside, rest = everywhere - inside, n - size
    if size == 0 or rest == 0 or inside / size <= outside / rest:
        return 0.0
    p, p1, p2 = everywhere / n, inside / size, outside / rest

    def log_likelihood(k: int, m: int, q: float) -> float:
        q = min(max(q, 1e-12), 1 - 1e-12)
        return k * math.log(q) + (m - k) * math.log(1 - q)

    return 2 * (
        log_likelihood(inside, size, p1) + log_likelihood(outside, rest, p2)
        - log_likelihood(inside, size, p) - log_likelihood(outside, rest, p)
    )  # fmt: skip


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """How alike two lists of terms are, 0 … 1."""
    length = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return sum(v * b.get(w, 0.0) for w, v in a.items()) / length if length else 0.0


def _nearest(found: Sequence[Theme], terms: Mapping[str, float]) -> Theme | None:
    best = max(found, key=lambda t: cosine(t.terms, terms), default=None)
    return best if best is not None and cosine(best.terms, terms) >= ALIKE else None


def _edited(found: list[Theme], edits: Sequence[Edit]) -> list[Theme]:
    """The decisions in the order in which they were made."""
    for edit in edits:
        theme = _nearest(found, edit.terms)
        if theme is None:
            continue
        others = [t for t in found if t is not theme]
        if edit.action == "rename" and edit.name:
            found = [*others, replace(theme, name=edit.name)]
        elif edit.action == "pin":
            found = [*others, replace(theme, pinned=True)]
        elif edit.action == "merge" and edit.into is not None:
            target = _nearest(others, edit.into)
            if target is not None:
                rows = target.rows + tuple(r for r in theme.rows if r not in set(target.rows))
                grown = replace(target, rows=rows, share=target.share + theme.share)
                found = [*(t for t in others if t is not target), grown]
    return found


def _measured(
    theme: Theme, emotion: Floats, at: Ints, dated: NDArray[np.bool_], places: Sequence[str | None], every: Ints
) -> Theme:
    rows = np.array(theme.rows, np.int64)
    felt = emotion[rows][~np.isnan(emotion[rows])]
    growing, new = _trend(rows, every, at, dated)
    placed = Counter(p for i in theme.rows if (p := places[i]) is not None)
    months = Counter(str(np.datetime64(int(at[i]), "us").astype("datetime64[M]")) for i in rows if dated[i])
    return replace(
        theme,
        emotion=float(felt.mean()) if len(felt) else None,
        growing=growing,
        new=new,
        touchpoints=dict(placed.most_common(5)),
        months=dict(sorted(months.items())),
    )


def _trend(rows: Ints, every: Ints, at: Ints, dated: NDArray[np.bool_]) -> tuple[bool, bool]:
    """Whether the theme's share is higher in the newest quarter of the texts' time, and whether it is new there."""
    times = at[every[dated[every]]]
    if len(times) < LEAST_TEXTS:
        return False, False
    border = times.min() + (1 - _NEWEST) * (times.max() - times.min())
    own = at[rows[dated[rows]]]
    late, late_all = int((own >= border).sum()), int((times >= border).sum())
    early, early_all = len(own) - late, len(times) - late_all
    if not late_all or not early_all:
        return False, False
    pooled = (late + early) / (late_all + early_all)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / late_all + 1 / early_all))
    risen = spread > 0 and (late / late_all - early / early_all) / spread > _SURE
    return risen, risen and late >= LEAST_THEME and early <= 0.1 * late


def _across(found: list[Theme]) -> list[Theme]:
    """Themes of other languages that are mostly said at the same touchpoint."""
    main = {t.id: place for t in found if (place := _main_place(t)) is not None}
    return [
        replace(
            t,
            alike=tuple(
                o.id for o in found if o.language != t.language and t.id in main and main.get(o.id) == main[t.id]
            ),
        )
        for t in found
    ]


def _main_place(theme: Theme) -> str | None:
    placed = theme.touchpoints or {}
    best = max(placed, key=lambda p: placed[p], default=None)
    return best if best is not None and placed[best] >= 5 and placed[best] > 0.5 * sum(placed.values()) else None


def to_json(theme: Theme, quoted: Sequence[str], quotes: Sequence[str]) -> dict[str, Any]:
    """The theme as plain values; `quoted` are the ids of its typical texts, `quotes` these texts, masked."""
    return {
        "id": theme.id, "language": theme.language, "name": theme.name, "size": len(theme.rows),
        "share": round(theme.share, 4), "emotion": None if theme.emotion is None else round(theme.emotion, 3),
        "growing": theme.growing, "new": theme.new, "pinned": theme.pinned, "terms": list(theme.terms),
        "touchpoints": dict(theme.touchpoints or {}), "months": dict(theme.months or {}), "alike": list(theme.alike),
        "verbatims": list(quotes), "quoted": list(quoted),
    }  # fmt: skip
