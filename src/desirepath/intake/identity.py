"""Who is who: ids that key tables join become one person, by rules that do not depend on the order of arrival.

Ids joined by pairs form components (union–find). A component that keeps the rules is one person. In one that does not,
its pairs are taken in a fixed order (decisions by hand first, then by the types of their ids, then by the ids) and a
pair is refused if the person would get more ids of a type than `LIMITS` allows; two different ids of an identifying
type are two people (after Segment Unify and PostHog). Events keep their own ids, so that every
merge can be undone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import select

from desirepath.database.database import Database
from desirepath.database.tables import LinkDecision, now
from desirepath.errors import DesirepathError
from desirepath.lake.lake import Lake

BLOCKED = re.compile(r"[0-]*|-1|null|anonymous|guest|undefined|nan|none", re.IGNORECASE)
"""Values that identify nobody, whatever their type (Segment Unify)."""

PRIORITY = ("customer", "email", "phone", "loyalty")
"""Which id names the person, and whose pairs come first; other types follow by the alphabet."""


@dataclass(frozen=True)
class Rules:
    """How many different ids of a type one person may have; types that are not named may have `others`."""

    limits: Mapping[str, int] = field(default_factory=lambda: {"customer": 1, "loyalty": 1, "email": 5, "phone": 5})
    others: int = 100

    def limit(self, key_type: str) -> int:
        """The limit of one type."""
        return self.limits.get(key_type, self.others)


@dataclass(frozen=True)
class Refusal:
    """A pair that was not followed, and why."""

    a: str
    b: str
    reason: str


@dataclass(frozen=True)
class Persons:
    """`links` (id, person) of all ids whose person is called otherwise; `refused` pairs in the order of the ids."""

    links: pa.Table
    refused: tuple[Refusal, ...]


def links(lake: Lake, database: Database) -> pa.Table:
    """(id, person): only ids whose person differs from themselves, by the id."""
    return resolve(lake, database).links


def resolve(lake: Lake, database: Database, rules: Rules | None = None) -> Persons:
    """All persons of the visible key tables and the decisions made by hand."""
    reader = lake.arrow("keys", ["a", "b"])
    pairs = pa.Table.from_batches(list(reader), schema=reader.schema)
    return join(pairs, decisions(database), rules or Rules())


def decisions(database: Database) -> list[tuple[str, str, str]]:
    """The decisions made by hand that stand, in the order in which they were made."""
    with database.read() as session:
        made = session.scalars(select(LinkDecision).where(LinkDecision.undone.is_(None)).order_by(LinkDecision.id))
        return [(d.decision, d.a, d.b) for d in made]


def decide(
    database: Database, decision: str, a: str, b: str, *, reason: str | None = None, author: str | None = None
) -> int:
    """Notes that two ids are one person (`merge`) or are not (`split`); the number of the decision."""
    if decision not in ("merge", "split"):
        raise DesirepathError(f"'{decision}' is no decision about two ids", hint="merge or split")
    if a == b:
        raise DesirepathError("an id cannot be merged with itself or split from itself", where=a)
    with database.begin() as session:
        row = LinkDecision(decision=decision, a=min(a, b), b=max(a, b), reason=reason, author=author)
        session.add(row)
        session.flush()
        return row.id


def undo(database: Database, number: int) -> None:
    """Takes a decision back."""
    with database.begin() as session:
        row = session.get(LinkDecision, number)
        if row is None or row.undone is not None:
            raise DesirepathError(f"there is no decision {number} to take back")
        row.undone = now()


def join(pairs: pa.Table, decisions: list[tuple[str, str, str]], rules: Rules) -> Persons:
    """Persons from pairs (columns a, b) and decisions (merge or split, a, b), whatever their order."""
    by_hand = {(min(a, b), max(a, b)): kind for kind, a, b in decisions}
    extra = pa.table(
        {
            "a": pa.array([a for (a, _), kind in by_hand.items() if kind == "merge"], pa.string()),
            "b": pa.array([b for (_, b), kind in by_hand.items() if kind == "merge"], pa.string()),
        }
    )
    given = pa.concat_tables([pairs.select(["a", "b"]).cast(extra.schema), extra])
    a, b = (given.column(c).combine_chunks() for c in ("a", "b"))
    ids = pc.unique(pa.concat_arrays([a, b])).sort()
    left, right = (pc.index_in(x, ids).to_numpy(zero_copy_only=False) for x in (a, b))
    edges = np.unique(np.sort(np.stack([left, right], axis=1), axis=1), axis=0) if len(left) else np.zeros((0, 2), int)
    edges = edges[edges[:, 0] != edges[:, 1]]
    names = ids.to_pylist()
    blocked = np.array([BLOCKED.fullmatch(_value(n)) is not None for n in names], dtype=bool)
    split = {(min(x, y), max(x, y)) for (x, y), kind in by_hand.items() if kind == "split"}
    barred = blocked[edges].any(axis=1) if len(edges) else np.zeros(0, bool)
    refused = [Refusal(names[i], names[j], "a value that identifies nobody") for i, j in edges[barred]]
    edges = edges[~barred]
    labels = _components(edges, len(names))
    kept = _keep_rules(edges, labels, names, rules, by_hand, split, refused)
    labels = _components(kept, len(names))
    return Persons(_links(ids, labels, names), tuple(sorted(refused, key=lambda r: (r.a, r.b))))


def _components(edges: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges[:, 0], edges[:, 1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64) if n else np.zeros(0, np.int64)


def _keep_rules(
    edges: NDArray[np.int64],
    labels: NDArray[np.int64],
    names: list[str],
    rules: Rules,
    by_hand: Mapping[tuple[str, str], str],
    split: set[tuple[str, str]],
    refused: list[Refusal],
) -> NDArray[np.int64]:
    """The pairs that are followed: all of them where a component keeps the rules, some where it does not."""
    suspect = _suspects(labels, names, rules)
    suspect |= {int(labels[i]) for pair in split for i in _positions(names, pair)}
    inside = np.isin(labels[edges[:, 0]], list(suspect)) if len(edges) else np.zeros(0, bool)
    kept = [edges[~inside]]
    order = sorted(
        ((names[i], names[j]) for i, j in edges[inside]),
        key=lambda p: (by_hand.get(p) != "merge", sorted((_rank(p[0]), _rank(p[1]))), p),
    )
    forest = _Forest(rules, split)
    index = {n: i for i, n in enumerate(names)} if order else {}
    for pair in order:
        reason = forest.join(*pair, by_hand.get(pair) == "merge")
        if reason is None:
            kept.append(np.array([[index[pair[0]], index[pair[1]]]], dtype=np.int64))
        else:
            refused.append(Refusal(*pair, reason))
    return np.concatenate(kept)


def _suspects(labels: NDArray[np.int64], names: list[str], rules: Rules) -> set[int]:
    kinds = [_type(n) for n in names]
    suspect: set[int] = set()
    for kind in set(kinds):
        mine = labels[np.array([k == kind for k in kinds])]
        component, count = np.unique(mine, return_counts=True)
        suspect |= {int(c) for c in component[count > rules.limit(kind)]}
    return suspect


class _Forest:
    """Union–find that refuses a union against the rules."""

    def __init__(self, rules: Rules, split: set[tuple[str, str]]) -> None:
        self.rules = rules
        self.split = split
        self.members: dict[str, set[str]] = {}

    def join(self, a: str, b: str, by_hand: bool) -> str | None:
        """Joins the persons of two ids, or says why not. A decision by hand overrules the limits."""
        one, other = (self.members.setdefault(x, {x}) for x in (a, b))
        if one is other:
            return None
        if any((min(x, y), max(x, y)) in self.split for x in one for y in other) and not by_hand:
            return "split by hand"
        counts = Counter(map(_type, one | other))
        for kind in sorted(counts):
            here = max(Counter(map(_type, one))[kind], Counter(map(_type, other))[kind])
            if not by_hand and counts[kind] > self.rules.limit(kind) and counts[kind] > here:
                limit = self.rules.limit(kind)
                return f"two persons with a {kind} id of their own" if limit == 1 else f"more than {limit} {kind} ids"
        one |= other
        for member in other:
            self.members[member] = one
        return None


def _links(ids: pa.Array, labels: NDArray[np.int64], names: list[str]) -> pa.Table:
    rank = np.array([_rank(n)[0] for n in names], dtype=np.int64)
    kinds = np.array([_type(n) for n in names], dtype=object)
    order = np.lexsort((np.arange(len(names)), kinds.astype(str), rank, labels))
    first = np.ones(len(order), bool)
    first[1:] = labels[order][1:] != labels[order][:-1]
    head = order[first]
    person = np.empty(len(names), dtype=np.int64)
    person[order] = head[np.cumsum(first) - 1]
    other = pa.array(person != np.arange(len(names)))
    return pa.table({"id": ids.filter(other), "person": ids.take(pa.array(person)).filter(other)})


def _positions(names: list[str], pair: tuple[str, str]) -> list[int]:
    return [i for i, n in enumerate(names) if n in pair]


def _type(canonical: str) -> str:
    found = re.match(r"([a-z][a-z0-9_]*):", canonical)
    return found.group(1) if found else "customer"


def _value(canonical: str) -> str:
    return canonical.partition(":")[2] if _type(canonical) != "customer" else canonical


def _rank(canonical: str) -> tuple[int, str]:
    kind = _type(canonical)
    return (PRIORITY.index(kind) if kind in PRIORITY else len(PRIORITY)), kind
