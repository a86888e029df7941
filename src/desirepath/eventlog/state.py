"""Which evidence a log was made from, in a form in which two states can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.evidence import Evidence
from desirepath.eventlog.hashing import hash_strings


@dataclass(frozen=True)
class State:
    """The imports with events and with facts about customers, each with what changes when its rows do; the links."""

    events: dict[str, str]
    customers: dict[str, str]
    links: str

    @classmethod
    def of(cls, lake: Evidence, links: pa.Table) -> State:
        """Of the lake as it is."""
        pairs = np.stack([hash_strings(links["id"]), hash_strings(links["person"])], axis=1)
        return cls(
            {str(i): stamp for i, stamp in lake.imports("events").items()},
            {str(i): stamp for i, stamp in lake.imports("customers").items()},
            f"{len(links)} {hashlib.sha256(pairs[np.lexsort(pairs.T)].tobytes()).hexdigest()[:20]}",
        )

    def to_json(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)

    @property
    def mark(self) -> str:
        """The same for the same state."""
        return hashlib.sha256(repr(sorted(self.to_json().items())).encode()).hexdigest()[:20]
