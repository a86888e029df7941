"""What changed between two journey documents: parts added, removed, moved and changed, by their ids.

A part has moved when it lies in another stage, or when it is not among the most parts that kept their order (the
longest increasing subsequence of the old places).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from desirepath.journey.model import Journey, Part
from desirepath.texts import pick

Kind = Literal["added", "removed", "moved", "changed"]
PartName = Literal["journey", "stage", "touchpoint", "card", "persona", "lane"]


@dataclass(frozen=True)
class Place:
    """Where a part lies: the stage's id (None for what lies in no stage) and the place in its list, from 1."""

    stage: str | None
    number: int


@dataclass(frozen=True)
class Change:
    """One change. Of a changed part `field`, `old` and `new` are given, of a moved one both places."""

    kind: Kind
    part: PartName
    id: str
    name: str
    field: str | None = None
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class _Placed:
    part: Part
    name: str
    place: Place


def diff(old: Journey, new: Journey) -> tuple[Change, ...]:
    """All changes: of the journey itself, then stages, touchpoints, cards, personas and lanes."""
    return (
        *_changed("journey", new.id, pick(new.title), old, new, skip={"stages", "personas", "lanes"}),
        *_parts("stage", _of(old.stages), _of(new.stages), skip={"touchpoints", "cards"}),
        *_parts("touchpoint", _inside(old, "touchpoints"), _inside(new, "touchpoints")),
        *_parts("card", _inside(old, "cards"), _inside(new, "cards")),
        *_parts("persona", _of(old.personas), _of(new.personas)),
        *_parts("lane", _of(old.lanes), _of(new.lanes)),
    )


def describe(changes: Sequence[Change]) -> str:
    """The changes in English, one a line."""
    return "\n".join(map(_sentence, changes)) or "Nothing changed."


def _of(parts: Sequence[Any], stage: str | None = None) -> dict[str, _Placed]:
    return {
        part.id: _Placed(part, pick(part.text if hasattr(part, "text") else part.name), Place(stage, number))
        for number, part in enumerate(parts, start=1)
    }


def _inside(journey: Journey, field: str) -> dict[str, _Placed]:
    placed: dict[str, _Placed] = {}
    for stage in journey.stages:
        placed |= _of(getattr(stage, field), stage.id)
    return placed


def _parts(
    part: PartName, old: dict[str, _Placed], new: dict[str, _Placed], skip: set[str] | None = None
) -> Iterator[Change]:
    for id_, gone in old.items():
        if id_ not in new:
            yield Change("removed", part, id_, gone.name, old=gone.part)
    for id_, come in new.items():
        if id_ not in old:
            yield Change("added", part, id_, come.name, new=come.part)
    moved = _moved(old, new)
    for id_, now in new.items():
        if id_ in old:
            before = old[id_]
            if id_ in moved:
                yield Change("moved", part, id_, now.name, old=before.place, new=now.place)
            yield from _changed(part, id_, now.name, before.part, now.part, skip=skip or set())


def _changed(part: PartName, id_: str, name: str, old: Part, new: Part, *, skip: set[str]) -> Iterator[Change]:
    for field in type(new).model_fields:
        before, now = getattr(old, field), getattr(new, field)
        if field not in skip and before != now:
            yield Change("changed", part, id_, name, field=field, old=before, new=now)


def _moved(old: dict[str, _Placed], new: dict[str, _Placed]) -> set[str]:
    both = [id_ for id_ in new if id_ in old]
    moved = {id_ for id_ in both if old[id_].place.stage != new[id_].place.stage}
    for stage in {new[id_].place.stage for id_ in both}:
        stayed = [id_ for id_ in both if id_ not in moved and new[id_].place.stage == stage]
        kept = _longest_increasing([old[id_].place.number for id_ in stayed])
        moved |= {id_ for position, id_ in enumerate(stayed) if position not in kept}
    return moved


def _longest_increasing(numbers: list[int]) -> set[int]:
    """The positions of one longest increasing subsequence of distinct numbers (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        pile = bisect_left(tails, number)
        before.append(ends[pile - 1] if pile else -1)
        tails[pile:] = [number, *tails[pile + 1 :]]
        ends[pile:] = [position, *ends[pile + 1 :]]
    kept: set[int] = set()
    position = ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept


def _sentence(change: Change) -> str:
    what = f"{change.part} '{change.name}'" + ("" if change.part == "journey" else f" ({change.id})")
    match change.kind:
        case "added" | "removed":
            return f"{change.kind.capitalize()} {what}"
        case "moved" if change.old.stage != change.new.stage:
            return f"Moved {what} from stage {change.old.stage} to {change.new.stage}"
        case "moved":
            return f"Moved {what} from place {change.old.number} to {change.new.number}"
    return f"Changed {what}: {change.field} {_shown(change.old)} → {_shown(change.new)}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case tuple() | dict() if not value:
            return "nothing"
        case str():
            return f"'{value}'"
        case Part():
            said = ((name, getattr(value, name)) for name in type(value).model_fields)
            return "{" + ", ".join(f"{name}: {_shown(v)}" for name, v in said if v) + "}"
        case tuple():
            return ", ".join(map(_shown, value))
        case dict():
            return "{" + ", ".join(f"{k}: {_shown(v)}" for k, v in value.items()) + "}"
        case float():
            return f"{value:g}"
    return str(value)
