"""What a finding or a card rests on, a line a piece: the measured number, its count, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desirepath.locale import numbers, say
from desirepath.render.figures import name_of
from desirepath.render.view import Figure

Piece = Mapping[str, Any]
_ENDS = {"value": "", "low": "_low", "high": "_high"}


def evidence(pieces: Iterable[Piece], language: str) -> tuple[Figure, ...]:
    """A figure a piece; one with a `measure` is spelled out, others (`{verbatim: 812}`) stand as they are."""
    return tuple(_measured(p, language) if "measure" in p else _reference(p, language) for p in pieces)


def _reference(piece: Piece, language: str) -> Figure:
    text = " · ".join(f"{key}: {value}" for key, value in piece.items())
    return Figure("evidence", say("frame.evidence", language), text)


def _measured(piece: Piece, language: str) -> Figure:
    measure = str(piece["measure"])
    write = _writer(piece)
    value = piece.get("value", piece.get("median_s"))
    return Figure(
        "evidence",
        name_of("measure", measure, language),
        write(value, language),
        _count(piece, write, language),
        definition=_comparison(piece, write, language),
    )


def _writer(piece: Piece) -> Any:
    if "median_s" in piece:
        return numbers.duration
    return numbers.score if piece["measure"] == "emotion" else numbers.percent


def _count(piece: Piece, write: Any, language: str) -> str:
    if "hits" in piece:
        return say("line.out_of", language, part=piece["hits"], whole=piece["n"])
    low, high = (piece.get(key, piece.get(f"{key}_s")) for key in ("low", "high"))
    if low is None or high is None:
        return say("line.n", language, n=piece["n"])
    return say("line.estimate", language, low=write(low, language), high=write(high, language), n=piece["n"])


def _comparison(piece: Piece, write: Any, language: str) -> str:
    baseline = piece.get("baseline", piece.get("baseline_s"))
    if baseline is None:
        return ""
    where, value = name_of("compare", str(piece.get("compared_with", "")), language), write(baseline, language)
    n = piece.get("baseline_n")
    key = "line.compared" if n is None else "line.compared_n"
    parts = [say(key, language, where=where, value=value, n=n)]
    if piece.get("difference_low") is not None:
        ends = {name: write(piece[f"difference{end}"], language) for name, end in _ENDS.items()}
        parts.append(say("line.difference", language, **ends))
    return " · ".join(parts)
