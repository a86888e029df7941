"""Language models of one's own that read texts which no rating teaches about: each text is read once, and remembered.

What a model said lies in the workspace's cache by the digest of the text, so that a map of the same evidence is the
same again and waits for nobody; a model that does not answer leaves its texts to the layer below until something
changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from desirepath.errors import DesirepathError, WorkspaceError

Floats = NDArray[np.float64]


class UnreachableError(DesirepathError):
    """The reader does not answer, or not in the agreed form."""


class Reader(Protocol):
    """Whoever can say how customers feel who wrote some texts."""

    @property
    def layer(self) -> str:
        """What such emotions are called."""

    @property
    def name(self) -> str:
        """Another name for whatever may say something else."""

    @property
    def error(self) -> float:
        """Standard deviation of one text's emotion."""

    @property
    def batch(self) -> int:
        """How many texts are read at once."""

    def read(self, texts: Sequence[str]) -> Floats:
        """The emotion of each text, −2 … +2; NaN where there is no usable answer."""


@dataclass(frozen=True)
class Remembered:
    """A reader with a memory in a folder. One that is `asked` no more says what it said before."""

    reader: Reader
    folder: Path
    asked: bool = True

    @property
    def silent(self) -> Remembered:
        """The same, not to be asked any more."""
        return replace(self, asked=False)

    @property
    def mark(self) -> str:
        """Changes when the reader is another or has said more."""
        return f"{self.reader.name} {len(self._said)}"

    def read(self, texts: Sequence[str]) -> Floats:
        """The emotion of each text; what is new is asked, and kept answer by answer."""
        keys = [_digest(text) for text in texts]
        fresh = dict(zip(keys, texts, strict=True))
        open_ = [key for key in fresh if key not in self._said] if self.asked else []
        for first in range(0, len(open_), self.reader.batch):
            batch = open_[first : first + self.reader.batch]
            self._keep(batch, self.reader.read([fresh[key] for key in batch]))
        return np.array([self._said.get(key, np.nan) for key in keys], np.float64)

    @cached_property
    def _file(self) -> Path:
        return self.folder / f"voice-said-{hashlib.sha256(self.reader.name.encode()).hexdigest()[:16]}.jsonl"

    @cached_property
    def _said(self) -> dict[str, float]:
        found: dict[str, float] = {}
        if self._file.exists():
            for line in self._file.read_text("utf-8").splitlines():
                try:
                    key, value = json.loads(line)
                    found[str(key)] = float(value)
                except (ValueError, TypeError):
                    continue  # cut short when a process was killed
        return found

    def _keep(self, keys: Sequence[str], values: Floats) -> None:
        usable = {k: v for k, v in zip(keys, values.tolist(), strict=True) if not np.isnan(v)}
        self._said.update(usable)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write("".join(f"\n{json.dumps([k, v])}" for k, v in usable.items()))


def named(asked: Mapping[str, Any], workspace: Path, cache: Path) -> Remembered | None:
    """The reader that the settings of a workspace name, if they name one; a folder may be given from there."""
    folder, endpoint = asked.get("folder"), asked.get("endpoint", False)
    if folder and endpoint:
        raise WorkspaceError(
            "[voice] names a folder and an endpoint", hint="leave one of them", where=str(workspace / "desirepath.toml")
        )
    if folder:
        from desirepath.voice.folder import Folder

        return Remembered(Folder(workspace / str(folder)), cache)
    if endpoint:
        from desirepath.voice.endpoint import Endpoint

        return Remembered(Endpoint.from_environment(), cache)
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
