"""What customers said, as columns: whose it is, when, about which place, and its score as emotion.

A score maps linearly from the worst answer of its scale (−2) to the best (+2); a score outside its scale, or without
one, has no emotion (NaN). Only words about us by customers are here; the others are counted. Customers are persons:
ids are resolved through the links.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.lake import Lake
from desirepath.voice.scores import bounds, emotions

COLUMNS = [
    "import", "row", "id", "at", "customer", "case", "touchpoint", "kind", "score", "scale", "about", "author",
    "source",
]  # fmt: skip
OWN_WORDS = "company"
__all__ = ["Feedback", "bounds", "columns", "emotions", "read"]
Strings = NDArray[np.object_]


@dataclass(frozen=True)
class Feedback:
    """Columns of equal length, in the order of arrival; texts are None where there is nothing."""

    id: Strings
    at: NDArray[np.int64]  # µs, 0 where undated
    dated: NDArray[np.bool_]
    customer: Strings
    case: Strings
    touchpoint: Strings  # as stated by the source
    kind: Strings
    score: NDArray[np.float64]  # NaN where none
    scale: Strings
    source: Strings
    emotion: NDArray[np.float64]  # −2 … +2, NaN where none
    error: NDArray[np.float64]  # variance of the emotion's error: 0 of a score, more of words
    layer: Strings  # what gave the emotion: score, or how words were read; None where there is none
    text: Strings  # None until the voice was heard
    cluster: NDArray[np.int64]  # answers of one customer (else of one case) share a number

    def __len__(self) -> int:
        return len(self.id)

    def where(self, mask: NDArray[np.bool_]) -> Feedback:
        """The rows that the mask keeps."""
        return Feedback(**{f.name: getattr(self, f.name)[mask] for f in fields(self)})


def read(lake: Lake, links: pa.Table) -> tuple[Feedback, dict[str, int]]:
    """The lake's feedback about us by customers, and how much of it (and beside it) there is."""
    return columns(lake.arrow("feedback", COLUMNS).read_all(), links)


def columns(table: pa.Table, links: pa.Table) -> tuple[Feedback, dict[str, int]]:
    """Columns from rows as the lake holds them (see `lake.schema.FEEDBACK`)."""
    table = table.sort_by([("import", "ascending"), ("row", "ascending")])
    about_us = pc.fill_null(pc.equal(table["about"], ""), True)
    ours = pc.fill_null(pc.equal(table["author"], OWN_WORDS), False)
    kept = table.filter(pc.and_(about_us, pc.invert(ours)))
    persons = _persons(kept["customer"], links)
    score = kept["score"].to_numpy(zero_copy_only=False).astype(np.float64)
    scale = _texts(kept["scale"])
    emotion = emotions(score, scale)
    dated = kept["at"].is_valid().to_numpy(zero_copy_only=False)
    feedback = Feedback(
        id=_texts(kept["id"]),
        at=pc.fill_null(kept["at"].cast(pa.int64()), 0).to_numpy(),
        dated=dated,
        customer=_texts(persons),
        case=_texts(kept["case"]),
        touchpoint=_texts(kept["touchpoint"]),
        kind=_texts(kept["kind"]),
        score=score,
        scale=scale,
        source=_texts(kept["source"]),
        emotion=emotion,
        error=np.zeros(len(emotion)),
        layer=np.array([None if missing else "score" for missing in np.isnan(emotion)], object),
        text=np.full(len(emotion), None, object),
        cluster=_clusters(persons, kept["case"]),
    )
    counts = {
        "total": table.num_rows,
        "competitors": pc.sum(pc.invert(about_us)).as_py() or 0,
        "own_words": pc.sum(pc.and_(about_us, ours)).as_py() or 0,
        "undated": int((~dated).sum()),
        "without_customer": persons.null_count,
        "unusable_score": int((~np.isnan(score) & np.isnan(emotion)).sum()),
    }
    return feedback, counts


def _persons(ids: pa.ChunkedArray, links: pa.Table) -> pa.ChunkedArray:
    found = pc.index_in(ids, links["id"].combine_chunks().cast(pa.string()))
    return pc.coalesce(links["person"].cast(pa.string()).take(found), ids)


def _clusters(persons: pa.ChunkedArray, cases: pa.ChunkedArray) -> NDArray[np.int64]:
    own = pa.array([f"row:{i}" for i in range(len(persons))], pa.string())
    named = [pc.binary_join_element_wise(pa.scalar(f"{k}:"), c, "") for k, c in (("p", persons), ("c", cases))]
    keys = pc.coalesce(*named, pa.chunked_array([own]))
    codes = pc.dictionary_encode(keys.combine_chunks()).indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)


def _texts(column: pa.ChunkedArray) -> Strings:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)
