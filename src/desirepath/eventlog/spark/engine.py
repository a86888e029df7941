"""Opens the prepared partitions of a lake on a Spark, or has them prepared.

A note in the cache says where the newest ones of a notion are, and of which evidence; when the evidence has changed
they are prepared anew and the old ones removed, for a customer may have been erased.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from desirepath.errors import DesirepathError, WorkspaceError
from desirepath.eventlog.log import VERSION
from desirepath.eventlog.model import Notion
from desirepath.eventlog.spark.asking import Common
from desirepath.eventlog.spark.cluster import Cluster, Prepared
from desirepath.eventlog.spark.partition import Shape
from desirepath.eventlog.spark.preparing import Job, Source
from desirepath.eventlog.spark.session import explained, is_spark, opened
from desirepath.eventlog.state import State
from desirepath.lake.lock import held
from desirepath.progress import Progress, silent

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

EVENTS = 1 << 21
"""Events that a partition has at most, unless asked otherwise: it is prepared in the memory of one task."""
_FORMAT = 1
_PATIENCE_S = 86400.0
say = logging.getLogger("desirepath").warning


@dataclass
class Spark:
    """A Spark by its address, and where it finds and leaves things.

    `lake` is the folder of the lake as the executors reach it, `prepared` where prepared partitions are kept (both:
    as the driver does, unless given); `dimensions` are prepared whether a question
    needs them yet or not; `settings` are Spark's own.
    """

    address: str
    lake: str | None = None
    prepared: str | None = None
    events_a_partition: int = EVENTS
    dimensions: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session: SparkSession | None = None
        self._ours = False
        self._clusters: dict[str, Cluster] = {}

    @classmethod
    def of(cls, engine: str, settings: Mapping[str, Any], where: Path) -> Spark:
        """By the settings of a workspace, its section `[spark]`."""
        if not is_spark(engine):
            raise DesirepathError(
                f"there is no engine {engine!r}", where="--engine", hint="use local, spark, or spark://HOST:PORT"
            )
        unknown = settings.keys() - {"lake", "prepared", "events_a_partition", "dimensions", "conf"}
        if unknown:
            raise WorkspaceError(f"unknown setting: {', '.join(sorted(unknown))}", where=f"{where}, [spark]")
        given = {name: value for name, value in settings.items() if name not in ("conf", "dimensions")}
        dims = tuple(settings.get("dimensions", ()))
        return cls(engine, **given, dimensions=dims, settings={k: str(v) for k, v in settings.get("conf", {}).items()})

    @property
    def session(self) -> SparkSession:
        """Opened when first asked for."""
        if self._session is None:
            self._session, self._ours = opened(self.address, self.settings)
        return self._session

    def prepare(
        self,
        lake: Any,
        links: pa.Table,
        notion: Notion,
        cache: Path,
        *,
        dims: Collection[str] = (),
        progress: Progress = silent,
    ) -> Cluster:
        """What counts the lake's visible events by that notion; for the arguments see `eventlog.prepare`."""
        asked = {*dims, *self.dimensions} - {"event", "channel"}
        note = Note(cache / f"spark-{notion}.json")
        mark = f"{_FORMAT} {VERSION} {State.of(lake, links).mark}"
        with held(cache / f".spark-{notion}.lock", _PATIENCE_S, progress):
            known = note.read()
            if known is not None and known[0] == mark and asked <= set(known[1].shape.dims):
                prepared = known[1]
                if self._exists(prepared.path):
                    return self._cluster(prepared, links)
                say("the prepared partitions %s are gone; they are prepared again", prepared.path)
            if known is not None:
                asked |= set(known[1].shape.dims) if known[0] == mark else set()
            prepared = self._prepared(lake, links, notion, cache, tuple(sorted(asked)), progress)
            note.write(mark, prepared)
            if known is not None:
                self._remove(known[1])
        return self._cluster(prepared, links)

    def close(self) -> None:
        """Forget what was laid out, and stop Spark where nobody else uses it."""
        for cluster in self._clusters.values():
            cluster.close()
        self._clusters.clear()
        if self._session is not None and self._ours:
            self._session.stop()
        self._session = None

    def _prepared(
        self, lake: Any, links: pa.Table, notion: Notion, cache: Path, dims: tuple[str, ...], progress: Progress
    ) -> Prepared:
        root = str(Path(lake.root).resolve())
        source = Source(self.session, root, self.lake or f"file:{root}")
        folder = self.prepared or f"file:{(cache / 'spark').resolve()}"
        return Job.of(source, lake, links, notion, dims).run(folder, self.events_a_partition, progress)

    def _cluster(self, prepared: Prepared, links: pa.Table) -> Cluster:
        if prepared.id not in self._clusters:
            self._clusters[prepared.id] = Cluster(self.session, prepared, links)
        return self._clusters[prepared.id]

    def _remove(self, prepared: Prepared) -> None:
        """Whatever file system they lie on."""
        if prepared.id in self._clusters:
            self._clusters.pop(prepared.id).close()
        with explained(prepared.path):
            system, path = self._file_system(prepared.path)
            system.delete(path, True)

    def _exists(self, path: str) -> bool:
        with explained(path):
            system, at = self._file_system(path)
            return bool(system.exists(at))

    def _file_system(self, path: str) -> tuple[Any, Any]:
        context = self.session.sparkContext
        at = context._jvm.org.apache.hadoop.fs.Path(path)
        return at.getFileSystem(context._jsc.hadoopConfiguration()), at


@dataclass(frozen=True)
class Note:
    """A file that says what was prepared."""

    file: Path

    def read(self) -> tuple[str, Prepared] | None:
        """The mark of the evidence, and the partitions; None where nothing is noted."""
        try:
            said = json.loads(self.file.read_text("utf-8"))
            values = {name: tuple(known) for name, known in said["values"].items()}
            pairs = None if said["pairs"] is None else np.array(said["pairs"], np.int64)
            common = Common(said["first"], said["last"], pairs)
            shape = Shape(said["notion"], values)
            return said["mark"], Prepared(said["path"], said["id"], shape, common, said["events"], said["partitions"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, mark: str, prepared: Prepared) -> None:
        """Replace what was noted."""
        common, shape = prepared.common, prepared.shape
        said = {
            "mark": mark, "path": prepared.path, "id": prepared.id, "events": prepared.events,
            "partitions": prepared.partitions, "notion": shape.notion,
            "values": shape.values, "first": common.first, "last": common.last,
            "pairs": None if common.pairs is None else common.pairs.tolist(),
        }  # fmt: skip
        draft = self.file.with_suffix(".part")
        draft.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        draft.replace(self.file)


def forget(cache: Path) -> None:
    """Remove the prepared partitions of this cache, and say which lie where only Spark can remove them."""
    inside = cache / "spark"
    for file in cache.glob("spark-*.json"):
        known = Note(file).read()
        if known is not None and not known[1].path.startswith(f"file:{inside.resolve()}"):
            say("%s still holds the ids of customers who are erased: delete it there, too", known[1].path)
        file.unlink()
    shutil.rmtree(inside, ignore_errors=True)
