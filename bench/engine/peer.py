"""What the peers have in common: the lake's files, a place of their own, and W7 by computing all again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from bench.engine.workload import files


class Peer:
    """An engine that answers by its methods `w0` … `w6`; `lacks` says what of an answer it has not."""

    lacks: ClassVar[dict[str, str]] = {}

    def __init__(self, folder: Path, question: str) -> None:
        self.question = question
        self.files = files(folder, question)
        self.place = folder / "peers" / ("after" if question == "W7" else "base") / type(self).__module__

    def before(self) -> None:
        """Make ready for a run; not timed."""

    def w1(self) -> Any:
        raise NotImplementedError

    def w2(self) -> Any:
        raise NotImplementedError

    def w0(self) -> Any:
        raise NotImplementedError

    def w7(self) -> Any:
        self.w0()
        return {"W1": self.w1(), "W2": self.w2()}
