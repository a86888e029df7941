"""The voice of a workspace: what its feedback says, read once and asked many times.

`Voice` reads the lake, hears every piece of feedback, and answers: an overview, themes, verbatims, quality, what to
label next, and one row per feedback. Texts leave it masked unless originals are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desirepath.errors import DesirepathError
from desirepath.voice import decisions, placing, teaching
from desirepath.voice import said as lake_side
from desirepath.voice import themes as theming
from desirepath.voice.clauses import clauses
from desirepath.voice.hearing import Hearing, emotions_of, hear
from desirepath.voice.language import UNKNOWN
from desirepath.voice.privacy import mask
from desirepath.voice.said import Said
from desirepath.voice.states import STATES
from desirepath.voice.texts import clean, condition, state
from desirepath.voice.themes import Theme

if TYPE_CHECKING:
    from desirepath.database import Database
    from desirepath.lake import Lake
    from desirepath.voice.readers import Remembered

Strings = NDArray[np.object_]
Places = Mapping[str, str]


class Voice:
    """Everything said in a workspace; `places` are touchpoints by feedback id where a journey placed them."""

    def __init__(
        self,
        lake: Lake,
        database: Database,
        cache: Path,
        places: Places | None = None,
        reader: Remembered | None = None,
    ) -> None:
        self.lake, self.database, self.cache, self.reader = lake, database, cache, reader
        self._places = places or {}

    @cached_property
    def said(self) -> Said:
        """The feedback as it came."""
        return lake_side.read(self.lake)

    @cached_property
    def hearing(self) -> Hearing:
        """What was heard in it."""
        return hear(self.said, decisions.labels(self.database), self.cache, self.reader)

    @cached_property
    def ours(self) -> NDArray[np.bool_]:
        """What customers say about us."""
        return np.array([not a for a in self.said.about], bool) & ~self.said.company

    @cached_property
    def touchpoints(self) -> Strings:
        """Where each piece belongs: as placed or stated, else by what it talks about; None at the journey level."""
        known = [self._places.get(i) or t for i, t in zip(self.said.id, self.said.touchpoint, strict=True)]
        names = sorted({k for k in known if k})
        texts = [t if o else None for t, o in zip(self.said.text, self.ours, strict=True)]
        place = np.array([names.index(k) if k else -1 for k in known], np.int64)
        found = placing.by_talk(texts, place, self.cache)
        return np.array([names[p] if p >= 0 else None for p in found], object)

    @cached_property
    def themes(self) -> list[Theme]:
        """What people talk about."""
        said, heard = self.said, self.hearing.heard
        texts = [t if t and o and state(t) == "words" else "" for t, o in zip(said.text, self.ours, strict=True)]
        return theming.themes(
            texts,
            [str(tongue) for tongue in heard.language],
            heard.emotion,
            said.at,
            said.dated,
            list(self.touchpoints),
            decisions.edits(self.database),
        )

    def overview(self) -> dict[str, Any]:
        """How much was said, in which languages, how it was read, and how it feels."""
        said, heard, ours = self.said, self.hearing.heard, self.ours
        felt = heard.emotion[ours & ~np.isnan(heard.emotion)]
        tone = heard.tone[~np.isnan(heard.tone)]
        worded = np.array([state(t) == "words" for t in said.text], bool)
        return {
            "feedback": len(said),
            "about_us": int(ours.sum()),
            "competitors": dict(Counter(str(a) for a in said.about if a).most_common()),
            "company_words": int(said.company.sum()),
            "texts": asdict(condition(list(said.text))),
            "languages": _counts(heard.language[worded & ours]),
            "unknown_language": int((heard.language[worded & ours] == UNKNOWN).sum()),
            "kinds": _counts(said.kind[ours]),
            "layers": _counts(heard.layer[ours]),
            "nps_groups_against_score": self.nps_contradictions(),
            "unusable_scores": int((~np.isnan(said.score) & np.isnan(said.emotion)).sum()),
            "emotion": _rounded(felt.mean()) if len(felt) else None,
            "states": {name: int((heard.state[ours] == k).sum()) for k, name in enumerate(STATES)},
            "feelings": _counts(np.array([f for f in heard.feeling[ours] if f], object)),
            "tone_of_the_company": {"texts": len(tone), "mean": _rounded(tone.mean()) if len(tone) else None},
            "contradictions": self.contradictions(),
        }

    def contradictions(self, limit: int = 10) -> dict[str, Any]:
        """Scored texts whose words say the opposite, by the model as it reads texts it never saw; the surest first."""
        found: list[tuple[float, int]] = []
        heard = self.hearing.heard
        for name, known in self.hearing.learned.items():
            if known.lexicon is None:
                continue
            rows = np.flatnonzero(self.ours & (heard.language == name) & (heard.layer == "score"))
            rows = np.array([i for i in rows if state(self.said.text[i]) == "words"], np.int64)
            if len(rows):
                reading = known.lexicon.read([clean(self.said.text[i]) for i in rows])
                against = np.abs(reading.score) * (np.sign(reading.score) == -np.sign(heard.emotion[rows]))
                sure = against * (np.abs(heard.emotion[rows]) > 1) * (reading.hits > 1)
                found += [(float(s), int(i)) for s, i in zip(sure, rows, strict=True) if s > 0.6]
        found.sort(reverse=True)
        return {"n": len(found), "ids": [str(self.said.id[i]) for _, i in found[:limit]]}

    def nps_contradictions(self) -> list[dict[str, Any]]:
        """NPS answers whose source calls them promoter, passive or detractor against their score."""
        names = self.lake.dimensions("feedback")
        rows = np.flatnonzero((self.said.scale == "nps") & ~np.isnan(self.said.score))
        if not names or not len(rows):
            return []
        table = self.lake.arrow("feedback", ["import", "row", *(f"d_{n}" for n in names)]).read_all()
        table = table.sort_by([("import", "ascending"), ("row", "ascending")])
        found = []
        for name in names:
            stated = table[f"d_{name}"].to_pylist()
            for i in rows.tolist():
                group = _nps_group(stated[i])
                own = "promoter" if self.said.score[i] >= 9 else "detractor" if self.said.score[i] <= 6 else "passive"
                if group is not None and group != own:
                    found.append({"id": self.said.id[i], "score": self.said.score[i], "says": stated[i], "in": name})
        return found

    def verbatims(
        self,
        *,
        touchpoint: str | Sequence[str] | None = None,
        language: str | None = None,
        state_: str | None = None,
        theme: str | None = None,
        kind: str | None = None,
        source: str | None = None,
        search: str | None = None,
        period: tuple[int | None, int | None] = (None, None),
        limit: int = 20,
        offset: int = 0,
        originals: bool = False,
        aspects: bool = False,
    ) -> list[dict[str, Any]]:
        """Texts, masked, the strongest feelings first; with `aspects` cut into clauses of their own.

        `search` is looked for in the masked text, whatever its case; `period` is [from, to) in µs since 1970 UTC.
        """
        rows = self.rows(
            touchpoint=touchpoint, language=language, state_=state_, theme=theme, kind=kind, source=source,
            search=search, period=period,
        )  # fmt: skip
        return self.shown(rows[offset : offset + limit], originals=originals, aspects=aspects)

    def shown(self, rows: Sequence[int], *, originals: bool = False, aspects: bool = False) -> list[dict[str, Any]]:
        """The texts at these positions, as `verbatims` gives them."""
        found = [self._verbatim(i, originals) for i in rows]
        if aspects:
            for verbatim, parts in zip(found, self._aspects(rows, originals), strict=True):
                verbatim["aspects"] = parts
        return found

    def rows(
        self,
        *,
        ids: Sequence[str] | None = None,
        touchpoint: str | Sequence[str] | None = None,
        language: str | None = None,
        state_: str | None = None,
        theme: str | None = None,
        kind: str | None = None,
        source: str | None = None,
        search: str | None = None,
        period: tuple[int | None, int | None] = (None, None),
    ) -> list[int]:
        """The positions of the texts that `verbatims` shows for these conditions."""
        heard, said = self.hearing.heard, self.said
        chosen = self.ours & self._worded
        if ids is not None:
            chosen &= np.isin(said.id.astype(str), list(ids))
        if touchpoint is not None:
            chosen &= np.isin(self.touchpoints.astype(str), [touchpoint] if isinstance(touchpoint, str) else touchpoint)
        for asked, column in ((language, heard.language), (kind, said.kind), (source, said.source)):
            if asked is not None:
                chosen &= column == asked
        if state_ is not None:
            if state_ not in STATES:
                raise DesirepathError(f"there is no state {state_!r}", hint=f"use {', '.join(STATES)}")
            chosen &= heard.state == STATES.index(state_)
        for edge, within in zip(period, (np.greater_equal, np.less), strict=True):
            if edge is not None:
                chosen &= said.dated & within(said.at, edge)
        found: list[int] = np.flatnonzero(chosen).tolist()
        if theme is not None:
            own = set(self.theme(theme).rows)
            found = [i for i in found if i in own]
        if search:
            found = [i for i in found if search.casefold() in mask(clean(said.text[i])).casefold()]
        found.sort(key=lambda i: (-abs(np.nan_to_num(heard.emotion[i])) * heard.confidence[i], str(said.id[i])))
        return found

    @cached_property
    def _worded(self) -> NDArray[np.bool_]:
        """The texts that say something in words."""
        return np.array([state(text) == "words" for text in self.said.text], bool)

    def _aspects(self, rows: Sequence[int], originals: bool) -> list[list[dict[str, Any]]]:
        """The clauses of each text with their own emotion and the touchpoint that they talk about."""
        heard, learned = self.hearing.heard, self.hearing.learned
        cut = [[c.text.strip() for c in clauses(clean(self.said.text[i]))] for i in rows]
        parts = [part for own in cut for part in own]
        names = sorted({t for t in self.touchpoints if t})
        place = np.array([names.index(t) if t else -1 for t in self.touchpoints], np.int64)
        texts = [t if o else None for t, o in zip(self.said.text, self.ours, strict=True)]
        found = iter(placing.by_talk([*texts, *parts], np.append(place, np.full(len(parts), -1)))[len(place) :])
        out = []
        for i, own in zip(rows, cut, strict=True):
            felt = emotions_of(own, learned.get(str(heard.language[i])))
            out.append(
                [
                    {
                        "text": part if originals else mask(part),
                        "emotion": _rounded(e),
                        "touchpoint": names[p] if (p := int(next(found))) >= 0 else None,
                    }
                    for part, e in zip(own, felt, strict=True)
                ]
            )
        return out

    def _verbatim(self, i: int, originals: bool = False) -> dict[str, Any]:
        said, heard = self.said, self.hearing.heard
        text = clean(said.text[i])
        return {
            "id": said.id[i],
            "text": text if originals else mask(text),
            "source": said.source[i],
            "kind": said.kind[i],
            "at": str(np.datetime64(int(said.at[i]), "us")) + "Z" if said.dated[i] else None,
            "language": heard.language[i],
            "emotion": _rounded(heard.emotion[i]),
            "layer": heard.layer[i],
            "confidence": _rounded(heard.confidence[i]),
            "feeling": heard.feeling[i],
            "touchpoint": self.touchpoints[i],
        }

    def theme(self, id_: str) -> Theme:
        """A theme by its id or name."""
        for theme in self.themes:
            if id_ in (theme.id, theme.name):
                return theme
        raise DesirepathError(f"there is no theme {id_!r}", hint="desirepath voice DIR themes lists them")

    def themes_json(self) -> list[dict[str, Any]]:
        """The themes with masked quotes."""
        id_, text = self.said.id, self.said.text
        return [
            theming.to_json(t, [str(id_[i]) for i in t.typical], [mask(clean(text[i])) for i in t.typical])
            for t in self.themes
        ]

    def edit_theme(
        self, action: str, theme: str, *, name: str | None = None, into: str | None = None, author: str | None = None
    ) -> int:
        """Rename, merge or pin a theme; gives the number of the decision."""
        target = self.theme(into) if into is not None else None
        number = decisions.edit(self.database, action, self.theme(theme), name=name, into=target, author=author)
        self.__dict__.pop("themes", None)
        return number

    def undo_theme_edit(self, number: int) -> None:
        """Take a decision about a theme back."""
        decisions.undo_edit(self.database, number)
        self.__dict__.pop("themes", None)

    def unlabel(self, feedback: str) -> None:
        """Take the labels of a feedback back, and hear everything anew when next asked."""
        decisions.unlabel(self.database, feedback)
        for name in ("hearing", "themes", "touchpoints"):
            self.__dict__.pop(name, None)

    def quality(self) -> list[dict[str, Any]]:
        """Per language: texts, ratings, the layer that reads unrated texts, and its cross-validated figures."""
        return [
            {
                "language": known.language,
                "texts": known.texts,
                "rated": known.rated,
                "layer": known.layer,
                "model": asdict(known.model.quality) if known.model else None,
                "lexicon": None
                if known.lexicon is None
                else {"taught_by": known.lexicon.taught_by, "macro_f1": _rounded(known.lexicon_f1)},
            }
            for known in sorted(self.hearing.learned.values(), key=lambda k: -k.texts)
        ]

    def to_label(self, wanted: int = 20, language: str | None = None) -> list[dict[str, Any]]:
        """The texts whose label would help most, masked."""
        heard = self.hearing.heard
        texts = [t or "" for t in self.said.text]
        usable = self.ours & teaching.askable(texts) & np.array([state(t) == "words" for t in texts], bool)
        if language is not None:
            usable &= heard.language == language
        done = ~usable | (heard.layer == "label") | (heard.layer == "score")
        chosen = teaching.most_helpful(heard.confidence, done, wanted)
        return [self._verbatim(int(i)) for i in chosen]

    def label(self, given: Mapping[str, float], author: str | None = None) -> int:
        """Keep labels (−2 … +2 by feedback id) and hear everything anew when next asked."""
        unknown = [i for i in given if i not in set(self.said.id)]
        if unknown:
            raise DesirepathError(
                f"there is no feedback {unknown[0]!r}", hint="ids stand in `voice DIR score --out FILE`"
            )
        n = decisions.label(self.database, given, author)
        for name in ("hearing", "themes", "touchpoints"):
            self.__dict__.pop(name, None)
        return n

    def table(self) -> dict[str, list[Any]]:
        """One row per feedback: the columns of `voice score`."""
        heard = self.hearing.heard
        of: dict[int, list[str]] = {}
        for theme in self.themes:
            for i in theme.rows:
                of.setdefault(i, []).append(theme.name)
        return {
            "id": [str(i) for i in self.said.id],
            "language": [str(tongue) for tongue in heard.language],
            "emotion": _column(heard.emotion),
            "low": _column(heard.low),
            "high": _column(heard.high),
            "layer": [str(layer) for layer in heard.layer],
            "confidence": _column(heard.confidence),
            "feeling": list(heard.feeling),
            "touchpoint": list(self.touchpoints),
            "themes": ["; ".join(of[i]) if i in of else None for i in range(len(self.said))],
        }

    def score(self, path: Path) -> int:
        """Write one row per feedback as .csv or .parquet; gives how many."""
        import pyarrow as pa
        from pyarrow import csv, parquet

        texts, numbers = pa.string(), pa.float64()
        kinds = {"emotion": numbers, "low": numbers, "high": numbers, "confidence": numbers}
        table = pa.table({k: pa.array(v, kinds.get(k, texts)) for k, v in self.table().items()})
        ending = path.suffix.lower()
        if ending not in (".csv", ".parquet"):
            raise DesirepathError(
                f"cannot write {ending or 'a nameless format'}", where=str(path), hint="use .csv or .parquet"
            )
        try:
            csv.write_csv(table, path) if ending == ".csv" else parquet.write_table(table, path)
        except OSError as error:
            raise DesirepathError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
        return int(table.num_rows)


def _nps_group(stated: str | None) -> str | None:
    plain = (stated or "").strip().casefold().rstrip("s")
    return {"promoter": "promoter", "detractor": "detractor", "passive": "passive", "neutral": "passive"}.get(plain)


def _counts(values: Sequence[Any] | Strings) -> dict[str, int]:
    return {str(name): n for name, n in sorted(Counter(values).items(), key=lambda c: (-c[1], str(c[0])))}


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value), digits)


def _column(values: NDArray[np.float64]) -> list[float | None]:
    return [_rounded(v, 4) for v in values]
