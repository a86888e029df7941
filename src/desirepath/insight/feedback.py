"""What customers said, as columns: whose it is, when, about which place, and its score as emotion.

A score maps linearly from the worst answer of its scale (−2) to the best (+2); a score outside its scale, or without
one, has no emotion (NaN). Only words about us by customers are here; the others are counted. Customers are persons:
ids are resolved through the links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from desirepath.lake import Lake
from desirepath.lake.schema import SCALES

COLUMNS = [
    "import", "row", "id", "at", "customer", "case", "touchpoint", "kind", "score", "scale", "about", "author",
    "source",
]  # fmt: skip
OWN_WORDS = "company"
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
    cluster: NDArray[np.int64]  # answers of one customer (else of one case) share a number

    def __len__(self) -> int:
        return len(self.id)

    def where(self, mask: NDArray[np.bool_]) -> Feedback:
        """The rows that the mask keeps."""
        return Feedback(**{f.name: getattr(self, f.name)[mask] for f in fields(self)})


def bounds(scale: str | None) -> tuple[float, float] | None:
    """The worst and the best answer of a scale; an own scale is written `WORST..BEST`."""
    if scale is None or scale in SCALES:
        return SCALES.get(scale or "")
    number = r"([+-]?\d+(?:\.\d+)?)"
    own = re.fullmatch(rf"\s*{number}\s*\.\.\s*{number}\s*", scale)
    if own is None or float(own[1]) == float(own[2]):
        return None
    return float(own[1]), float(own[2])


def emotions(score: NDArray[np.float64], scale: Strings) -> NDArray[np.float64]:
    """−2 … +2 for each score on its scale; NaN without score or scale, and outside the scale."""
    found = np.full(len(score), np.nan)
    for name in {s for s in scale if s is not None}:
        ends = bounds(name)
        if ends is not None:
            rows = scale == name
            found[rows] = -2 + 4 * (score[rows] - ends[0]) / (ends[1] - ends[0])
    found[~(np.abs(found) <= 2)] = np.nan
    return found


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
