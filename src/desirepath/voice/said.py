"""The feedback of a workspace as the voice reads it: columns in order of arrival, texts whole, scores as emotion."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desirepath.voice.scores import emotions

if TYPE_CHECKING:
    from desirepath.lake import Lake

Strings = NDArray[np.object_]
COLUMNS = [
    "import", "row", "id", "at", "customer", "case", "touchpoint", "kind", "text", "score", "scale", "language",
    "about", "author", "source",
]  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Columns of equal length; None where there is nothing."""

    id: Strings
    at: NDArray[np.int64]  # µs, 0 where undated
    dated: NDArray[np.bool_]
    touchpoint: Strings  # as stated by the source
    kind: Strings
    text: Strings
    score: NDArray[np.float64]
    scale: Strings
    language: Strings  # as stated by the source
    about: Strings  # None: us
    company: NDArray[np.bool_]  # the company's own words
    source: Strings
    emotion: NDArray[np.float64]  # by the score; NaN where none

    def __len__(self) -> int:
        return len(self.id)

    def where(self, mask: NDArray[np.bool_]) -> Said:
        """The rows that the mask keeps."""
        return Said(**{f.name: getattr(self, f.name)[mask] for f in fields(self)})


def read(lake: Lake) -> Said:
    """All feedback of the lake."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = lake.arrow("feedback", COLUMNS).read_all().sort_by([("import", "ascending"), ("row", "ascending")])

    def texts(name: str) -> Strings:
        return np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=object)

    score = table["score"].to_numpy(zero_copy_only=False).astype(np.float64)
    scale = texts("scale")
    return Said(
        id=texts("id"),
        at=pc.fill_null(table["at"].cast(pa.int64()), 0).to_numpy(),
        dated=table["at"].is_valid().to_numpy(zero_copy_only=False),
        touchpoint=texts("touchpoint"),
        kind=texts("kind"),
        text=texts("text"),
        score=score,
        scale=scale,
        language=texts("language"),
        about=texts("about"),
        company=np.asarray(texts("author") == "company", bool),
        source=texts("source"),
        emotion=emotions(score, scale),
    )
