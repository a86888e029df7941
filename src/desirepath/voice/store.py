"""Learned models kept in the workspace's cache with the fingerprint of what they learned from; rebuilt at any time.

A model is used again while its ratings are the same, or where they only grew, by less than `ENOUGH_CHANGED`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desirepath import __version__
from desirepath.voice import grams, learned
from desirepath.voice.learned import Calibration, Model, Table
from desirepath.voice.quality import Quality

ENOUGH_CHANGED = 0.1
MOST_KEPT = 8  # answers of one sort that stay in the cache
MADE = f"{__version__} {grams.BITS} {learned.EXPERTS} {learned.APART} {learned.STACKED} {learned.COSTS}"
"""Another make is made anew."""


def fingerprint(texts: Sequence[str], labels: NDArray[np.int64]) -> str:
    """What a model learned from, as one word."""
    digest = hashlib.sha256(MADE.encode())
    for text, label in zip(texts, labels.tolist(), strict=True):
        digest.update(f"{label}\0{text}\1".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def find(folder: Path, name: str, texts: Sequence[str], labels: NDArray[np.int64]) -> Model | None:
    """The kept model of a language, if what it learned from is still nearly all there is."""
    path = folder / f"voice-{name}.npz"
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as data:
            meta = json.loads(str(data["meta"]))
            n = int(meta["rated"])
            if not n <= len(texts) < n * (1 + ENOUGH_CHANGED) + 1:
                return None
            if meta["fingerprint"] != fingerprint(texts[:n], labels[:n]):
                return None
            place = np.zeros(1 << grams.BITS, np.int32)
            place[data["used"]] = np.arange(1, len(data["used"]) + 1)
            quality = meta["quality"]
            quality["classes"] = tuple(quality["classes"])
            quality["confusion"] = tuple(tuple(row) for row in quality["confusion"])
            return Model(
                data["classes"],
                Table(place, data["rows"], data["bias"]),
                Calibration(data["slope"], data["offset"], data["factor"]),
                dict(meta["costs"]),
                Quality(**quality),
            )
    except (OSError, ValueError, KeyError, EOFError):
        return None  # a damaged cache is made anew


def keep(folder: Path, name: str, model: Model, texts: Sequence[str], labels: NDArray[np.int64]) -> None:
    """Keep a model."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = {
        "rated": len(texts),
        "fingerprint": fingerprint(texts, labels),
        "costs": dict(model.costs),
        "quality": asdict(model.quality),
    }
    fresh = folder / f"voice-{name}.part.npz"
    with fresh.open("wb") as file:
        np.savez(
            file,
            meta=np.array(json.dumps(meta)),
            classes=model.classes,
            used=np.flatnonzero(model.table.place),
            rows=model.table.rows,
            bias=model.table.bias,
            slope=model.calibration.slope,
            offset=model.calibration.offset,
            factor=model.calibration.factor,
        )
    fresh.replace(folder / f"voice-{name}.npz")


def key(feedback: str, labels: Mapping[str, float], reader: str) -> str:
    """What all that was heard rests on, as one word."""
    asked = json.dumps([MADE, feedback, sorted(labels.items()), reader])
    return hashlib.sha256(asked.encode()).hexdigest()[:24]


def find_columns(folder: Path, what: str, name: str) -> dict[str, NDArray[Any]] | None:
    """Columns kept under a key; texts come back as objects, empty ones as None."""
    path = folder / f"{what}-{name}.npz"
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as data:
            return {n: _objects(data[n]) if data[n].dtype.kind == "U" else data[n] for n in data.files}
    except (OSError, ValueError, KeyError, EOFError):
        return None  # a damaged cache is made anew


def keep_columns(folder: Path, what: str, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Keep columns under a key; the oldest ones go."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob(f"{what}-*.npz"), key=lambda p: p.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    fresh = folder / f"{what}-{name}.part"
    plain = {n: _strings(c) if c.dtype == object else c for n, c in columns.items()}
    with fresh.open("wb") as file:
        np.savez(file, **plain)  # type: ignore[arg-type]
    fresh.replace(folder / f"{what}-{name}.npz")


def _strings(values: NDArray[Any]) -> NDArray[Any]:
    return np.array(["" if v is None else str(v) for v in values], np.str_)


def _objects(values: NDArray[Any]) -> NDArray[Any]:
    return np.array([v or None for v in values.tolist()], object)
