"""What an import brought, in numbers: the answer of `ingest`, kept in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desirepath.intake.people import People


@dataclass(frozen=True)
class IngestSummary:
    """`accepted + quarantined = rows`; `reasons` count quarantined rows, `cells` unreadable cells of accepted rows.

    `customers` are distinct persons (as far as ids are linked) and `cases` distinct ids of events and feedback;
    `match_rate` is the share of the rows with a customer whose person is also known from another source (for feedback:
    from any event), None if there is no other.
    """

    source: str
    files: tuple[str, ...] = ()
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    events: int = 0
    feedback: int = 0
    metrics: int = 0
    keys: int = 0
    customers: int = 0
    cases: int = 0
    first: str | None = None
    last: str | None = None
    match_rate: float | None = None
    feedback_without_customer: int = 0
    assumptions: tuple[str, ...] = ()
    skipped_files: tuple[str, ...] = ()
    imports: tuple[int, ...] = ()
    replays: bool = False
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values; `first` and `last` are called `from` and `to`."""
        names = {"first": "from", "last": "to", "imports": "import"}
        plain = {names.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}
        plain["import"] = list(self.imports) if len(self.imports) != 1 else self.imports[0]
        return {k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}


def summed(
    parts: Sequence[IngestSummary], said: Sequence[str], people: People, match_rate: float | None
) -> IngestSummary:
    """One summary over all sources of an `ingest`; a customer or case of several sources counts once."""
    numbers = (
        "rows", "accepted", "quarantined", "duplicates", "events", "feedback", "metrics", "keys",
        "feedback_without_customer",
    )  # fmt: skip
    return IngestSummary(
        source=" + ".join(p.source for p in parts),
        files=tuple(dict.fromkeys(f for p in parts for f in p.files)),
        reasons=_added([p.reasons for p in parts]),
        cells=_added([p.cells for p in parts]),
        customers=people.customers(),
        cases=people.cases(),
        first=min((p.first for p in parts if p.first), default=None),
        last=max((p.last for p in parts if p.last), default=None),
        match_rate=match_rate,
        assumptions=tuple(dict.fromkeys([*said, *(a for p in parts for a in p.assumptions)])),
        skipped_files=tuple(dict.fromkeys(f for p in parts for f in p.skipped_files)),
        imports=tuple(i for p in parts for i in p.imports),
        dry_run=any(p.dry_run for p in parts),
        **{n: sum(getattr(p, n) for p in parts) for n in numbers},
    )


def _added(counts: list[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for key, n in count.items():
            total[key] = total.get(key, 0) + n
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
