"""The small commands that change a journey document, and what each does to it.

`apply` is pure: document and operations in, new document and the operations that take it all back out. Parts are
addressed by their ids and places by the neighbour they come after, never by an index, so that commands of people who
work at the same time still mean what they meant. `was` is what somebody saw when the change began: where something else
is there by now, nothing is changed and `ConflictError` holds both. What a card rests on is a list that several people
attach to and take away from: of it, each change does what it added and took away, whatever else is there by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from desirepath.errors import JourneyError, did_you_mean
from desirepath.journey import faults, model
from desirepath.journey.model import Journey
from desirepath.yaml import Document

PartName = Literal["journey", "stage", "touchpoint", "card", "persona", "lane"]
Listed = Literal["stage", "touchpoint", "card", "persona", "lane"]
_LISTS: dict[str, str] = {p: f"{p}s" for p in ("stage", "touchpoint", "card", "persona", "lane")}
_MODELS: dict[str, type[model.Part]] = {
    "journey": Journey,
    "stage": model.Stage,
    "touchpoint": model.Touchpoint,
    "card": model.Card,
    "persona": model.Persona,
    "lane": model.Lane,
}
_HELD = {"id", *_LISTS.values()}
"""Fields that `set` leaves alone: ids are for good, and lists are changed part by part."""
_GATHERED = {("card", "evidence")}
"""Lists that several people add to and take away from at once."""
_IN_STAGE = ("touchpoint", "card")


class _Op(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Set(_Op):
    """Sets a field of a part; with `key`, one entry of a field that has several (a language, a persona)."""

    op: Literal["set"]
    part: PartName
    id: str
    field: str
    key: str | None = None
    value: JsonValue = Field(None, description="null takes the value away (the default holds then)")
    was: JsonValue = Field(None, description="What was there when the change began; null for nothing")


class Add(_Op):
    """Adds a part: `value` is all of it, its `id` included."""

    op: Literal["add"]
    part: Listed
    value: dict[str, JsonValue]
    stage: str | None = Field(None, description="Where touchpoints and cards go")
    after: str | None = Field(None, description="null: first; left out, or no longer there: last")


class Remove(_Op):
    """Removes a part; one that is gone already is no fault. With `was`, only as long as it is still like that."""

    op: Literal["remove"]
    part: Listed
    id: str
    was: dict[str, JsonValue] | None = None


class Move(_Op):
    """Moves a part after another one, a touchpoint or card also to another stage, a card also to another lane."""

    op: Literal["move"]
    part: Listed
    id: str
    stage: str | None = Field(None, description="null: the stage it is in")
    lane: str | None = Field(None, description="null: the lane it is in")
    after: str | None = Field(None, description="null: first; left out, or no longer there: last")


class Replace(_Op):
    """Puts a whole document in the place of another one, as restoring a version does."""

    op: Literal["replace"]
    value: dict[str, JsonValue]
    was: dict[str, JsonValue]


Op = Annotated[Set | Add | Remove | Move | Replace, Field(discriminator="op")]


class ConflictError(JourneyError):
    """Somebody else has changed the same thing: what is there now (`now`) and what was wanted instead (`wanted`)."""

    def __init__(self, what: str, op: Set | Remove | Move | Replace, now: Any, wanted: Any) -> None:
        self.op, self.now, self.wanted = op, now, wanted
        self.by: str | None = None
        """Who changed it, where that is known."""
        super().__init__(what, hint="look at both, and make the change again on what is there now")


def apply(journey: Journey, ops: Sequence[Op]) -> tuple[Journey, tuple[Op, ...]]:
    """The journey after the operations, and the operations that lead back; all of them are done, or none."""
    document = dump(journey)
    inverse: list[Op] = []
    for op in ops:
        document, back = _DO[op.op](document, op)
        inverse[:0] = back
    try:
        return Journey.model_validate(document), tuple(inverse)
    except ValidationError as error:
        raise faults.explain(error, Document("the change", document)) from None


def dump(part: model.Part) -> dict[str, Any]:
    """The part as JSON values, without what is as by default."""
    return part.model_dump(mode="json", exclude_defaults=True)


def touches(op: Op, id_: str) -> bool:
    """Whether an operation concerns the part with this id."""
    return isinstance(op, Replace) or (op.value.get("id") if isinstance(op, Add) else op.id) == id_


_Document = dict[str, Any]
_Done = tuple[_Document, list[Op]]


class _Found(NamedTuple):
    part: dict[str, Any]
    siblings: list[dict[str, Any]]
    stage: str | None

    @property
    def after(self) -> str | None:
        place = next(i for i, part in enumerate(self.siblings) if part is self.part)
        return self.siblings[place - 1]["id"] if place else None


def _set(document: _Document, op: Set) -> _Done:
    found = _find(document, op.part, op.id)
    if found is None:
        raise _gone(op, op.value)
    part, field = found.part, _field(op)
    now = _value(op, part)
    wanted = _usual(op, op.value)
    if _same(now, wanted):
        return document, []
    if not _same(now, _usual(op, op.was)):
        if (both := _gathered(op, now)) is not None:
            return _set(document, op.model_copy(update={"value": both, "was": now}))
        name = f"{op.part} '{op.id}'" if op.part != "journey" else "the journey"
        raise ConflictError(f"the {field} of {name} was changed by somebody else", op, now, wanted)
    if op.key is not None:
        entries = {k: v for k, v in (part.get(field) or {}).items() if k != op.key}
        if wanted is not None:
            entries[op.key] = wanted
        _put(part, field, entries or None)
    else:
        _put(part, field, wanted)
    return document, [op.model_copy(update={"value": now, "was": wanted})]


def _add(document: _Document, op: Add) -> _Done:
    id_ = op.value.get("id")
    if not isinstance(id_, str):
        raise JourneyError(f"the new {op.part} has no id", hint="give it one of its own, up to 80 characters")
    siblings = _list(document, op.part, op.stage)
    _insert(siblings, deepcopy(op.value), op.after, "after" in op.model_fields_set)
    return document, [Remove(op="remove", part=op.part, id=id_)]


def _remove(document: _Document, op: Remove) -> _Done:
    found = _find(document, op.part, op.id)
    if found is None:
        return document, []
    if op.was is not None and not _same_part(op.part, found.part, op.was):
        raise ConflictError(f"the {op.part} '{op.id}' was changed by somebody else", op, found.part, None)
    restore: list[Op] = [Add(op="add", part=op.part, value=found.part, stage=found.stage, after=found.after)]
    restore += _let_go(document, op.part, found.part)
    found.siblings[:] = [part for part in found.siblings if part is not found.part]
    return document, restore


def _move(document: _Document, op: Move) -> _Done:
    found = _find(document, op.part, op.id)
    if found is None:
        raise _gone(op, {"stage": op.stage, "lane": op.lane})
    if op.after == op.id:
        raise JourneyError(f"the {op.part} '{op.id}' cannot come after itself")
    if op.stage is not None and op.part not in _IN_STAGE:
        raise JourneyError(f"a {op.part} lies in no stage")
    if op.lane is not None and op.part != "card":
        raise JourneyError(f"a {op.part} lies in no lane")
    back: dict[str, Any] = {"op": "move", "part": op.part, "id": op.id, "after": found.after}
    if op.stage is not None:
        back["stage"] = found.stage
    if op.lane is not None:
        back["lane"] = found.part["lane"]
    there = _list(document, op.part, op.stage or found.stage)
    found.siblings[:] = [part for part in found.siblings if part is not found.part]
    _insert(there, found.part, op.after, "after" in op.model_fields_set)
    if op.lane is not None:
        found.part["lane"] = op.lane
    return document, [Move.model_validate(back)]


def _replace(document: _Document, op: Replace) -> _Done:
    if op.value.get("id") != document["id"]:
        raise JourneyError(f"the id of a journey is for good: {document['id']}")
    if not _same_part("journey", document, op.was):
        raise ConflictError("the journey was changed by somebody else", op, document, op.value)
    return deepcopy(op.value), [Replace(op="replace", value=document, was=op.value)]


_DO: dict[str, Callable[[_Document, Any], _Done]] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "replace": _replace,
}


# Finding and putting parts


def _find(document: _Document, part: str, id_: str) -> _Found | None:
    if part == "journey":
        return _Found(document, [document], None) if document["id"] == id_ else None
    for siblings, stage in _lists(document, part):
        for one in siblings:
            if one["id"] == id_:
                return _Found(one, siblings, stage)
    return None


def _lists(document: _Document, part: str) -> Iterator[tuple[list[dict[str, Any]], str | None]]:
    if part not in _IN_STAGE:
        yield document.setdefault(_LISTS[part], []), None
        return
    for stage in document.get("stages", []):
        yield stage.setdefault(_LISTS[part], []), stage["id"]


def _list(document: _Document, part: str, stage: str | None) -> list[dict[str, Any]]:
    """The list that a part goes into."""
    if part in _IN_STAGE and stage is None:
        raise JourneyError(f"a {part} lies in a stage", hint="say which `stage`")
    if part not in _IN_STAGE and stage is not None:
        raise JourneyError(f"a {part} lies in no stage")
    for siblings, in_stage in _lists(document, part):
        if in_stage == stage:
            return siblings
    known = [s["id"] for s in document.get("stages", [])]
    raise JourneyError(f"there is no stage '{stage}'", hint=did_you_mean(str(stage), known) or f"known: {known}")


def _insert(siblings: list[dict[str, Any]], part: dict[str, Any], after: str | None, first_if_none: bool) -> None:
    ids = [one["id"] for one in siblings]
    if after is None and first_if_none:
        siblings.insert(0, part)
    else:
        siblings.insert(ids.index(after) + 1 if after in ids else len(ids), part)


def _let_go(document: _Document, part: str, gone: dict[str, Any]) -> list[Op]:
    """Takes away what refers to a part that goes; gives what restores it."""
    if part == "persona":
        return list(_let_go_of_persona(document, gone["id"]))
    if part == "lane":
        return list(_let_go_of_lane(document, gone))
    if part == "touchpoint":
        return list(_let_go_of_touchpoints(document, {gone["id"]}, None))
    if part == "stage":
        ids = {touchpoint["id"] for touchpoint in gone.get("touchpoints", [])}
        return list(_let_go_of_touchpoints(document, ids, gone["id"]))
    return []


def _let_go_of_touchpoints(document: _Document, ids: set[str], except_in: str | None) -> Iterator[Op]:
    for cards, stage in _lists(document, "card"):
        for card in cards:
            if stage != except_in and card.get("touchpoint") in ids:
                yield _restoring("card", card, "touchpoint")
                del card["touchpoint"]


def _let_go_of_persona(document: _Document, persona: str) -> Iterator[Op]:
    for cards, _ in _lists(document, "card"):
        for card in cards:
            if card.get("persona") == persona:
                yield _restoring("card", card, "persona")
                del card["persona"]
    for touchpoints, _ in _lists(document, "touchpoint"):
        for touchpoint in touchpoints:
            for field in ("assumed_emotion", "assumed_feeling"):
                if persona in touchpoint.get(field, {}):
                    yield _restoring("touchpoint", touchpoint, field, persona)
                    entries = {k: v for k, v in touchpoint[field].items() if k != persona}
                    _put(touchpoint, field, entries or None)


def _let_go_of_lane(document: _Document, lane: dict[str, Any]) -> Iterator[Op]:
    held = sum(card["lane"] == lane["id"] for cards, _ in _lists(document, "card") for card in cards)
    if held:
        raise JourneyError(f"the lane '{lane['id']}' still holds {held} cards", hint="move or remove them first")
    for other in document.get("lanes", []):
        if other.get("after") == lane["id"]:
            before = other["after"]
            _put(other, "after", lane.get("after"))
            yield Set(op="set", part="lane", id=other["id"], field="after", value=before, was=other.get("after"))


def _restoring(part: PartName, of: dict[str, Any], field: str, key: str | None = None) -> Set:
    value = of[field] if key is None else of[field][key]
    return Set(op="set", part=part, id=of["id"], field=field, key=key, value=value, was=None)


# Values


def _field(op: Set) -> str:
    known = [name for name in _MODELS[op.part].model_fields if name not in _HELD]
    if op.field not in known:
        hint = did_you_mean(op.field, known) or f"known: {', '.join(known)}"
        raise JourneyError(f"a {op.part} has no '{op.field}' that can be set", hint=hint)
    return op.field


def _value(op: Set, part: dict[str, Any]) -> Any:
    value = part.get(op.field)
    if op.key is None or value is None:
        return value
    if not isinstance(value, dict):
        raise JourneyError(f"the {op.field} of '{op.id}' is not one by '{op.key}'", hint="set it as a whole")
    return value.get(op.key)


def _usual(op: Set, value: Any) -> Any:
    """The value as the document would hold it: absent where it is as by default."""
    if op.key is not None or value is None:
        return value
    default = _MODELS[op.part].model_fields[op.field].get_default(call_default_factory=True)
    return None if value == default or (value == [] and default == ()) else value


def _gathered(op: Set, now: Any) -> list[Any] | None:
    """What is there now with what a change added and without what it took away; None where it is no such list."""
    lists: list[Any] = [each or [] for each in (now, op.was, op.value)]
    if (op.part, op.field) not in _GATHERED or op.key is not None or not all(isinstance(each, list) for each in lists):
        return None
    there, before, after = lists
    kept = [piece for piece in there if piece in after or piece not in before]
    return kept + [piece for piece in after if piece not in before and piece not in there]


def _put(part: dict[str, Any], field: str, value: Any) -> None:
    if value is None:
        part.pop(field, None)
    else:
        part[field] = value


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b) if isinstance(a, bool) or isinstance(b, bool) else bool(a == b)


def _same_part(part: str, a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether both are the same part, however much of what is by default they spell out."""
    if a == b:
        return True
    try:
        kind = _MODELS[part]
        return bool(kind.model_validate(a) == kind.model_validate(b))
    except ValidationError:
        return False


def _gone(op: Set | Move, wanted: Any) -> ConflictError:
    return ConflictError(f"the {op.part} '{op.id}' is not there any more", op, None, wanted)
