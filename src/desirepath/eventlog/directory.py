"""The ids of persons, for logs in which a case is not a person."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from desirepath.eventlog.building import named
from desirepath.eventlog.staging import Staged
from desirepath.eventlog.texts import Texts


def directory(staged: Staged) -> tuple[Any, pa.Array]:
    """The ids of all persons by hash."""
    hashes = np.concatenate([chunk.people[0] for chunk in staged.chunks] or [np.empty(0, np.uint64)])
    texts = Texts.joined([chunk.people[1] for chunk in staged.chunks])
    unique = np.unique(hashes)
    return unique, named(hashes, texts, unique).arrow()
