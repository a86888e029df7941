"""A Spark session, opened when it is first needed, and what to say when that fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from desirepath.errors import DesirepathError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",  # partitions stay as they were asked for
}


def is_spark(engine: str) -> bool:
    """Whether this names a Spark: an address of a cluster, or `spark` for the one that Spark's own settings name."""
    return engine in ("spark", "yarn") or engine.startswith(("spark://", "k8s://", "local["))


def opened(engine: str, settings: Mapping[str, str]) -> tuple[SparkSession, bool]:
    """A session on that cluster with an SQL configuration of its own, and whether Spark was started for it.

    A Spark that this process runs already is used as it is.
    """
    try:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DesirepathError(
            "PySpark is not installed", where=f"engine {engine}", hint="pip install 'desirepath[spark]', and Java 17"
        ) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("desirepath")
    if engine != "spark":
        builder = builder.master(engine)
    for key, value in settings.items():
        builder = builder.config(key, value)
    with explained(engine):
        ours = SparkContext._active_spark_context is None
        session = builder.getOrCreate().newSession()
    for key, value in _SETTINGS.items():
        session.conf.set(key, value)
    return session, ours


@contextmanager
def explained(where: str) -> Iterator[None]:
    """What Spark says, as an error for the person who asked."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise DesirepathError(f"Spark failed: {_said(error)}", where=where, hint=_hint(error)) from error


def _said(error: Any) -> str:
    """The lines that tell: what a worker's Python raised, else the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    raised = [line for line in lines if "Error" in line and not line.startswith(("at ", "File ", "py4j."))]
    return "; ".join(dict.fromkeys([*raised[:1], *raised[-1:]])) or (lines or [type(error).__name__])[0]


def _hint(error: Any) -> str:
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text:
        return "Spark needs Java 17 or newer: set JAVA_HOME"
    if "No module named 'desirepath'" in text or "No module named 'numba'" in text:
        return "the executors' Python needs desirepath: see the guide, Spark"
    if "stopped SparkContext" in text or "unresponsive" in text:
        return "is the address right, and does the cluster run?"
    return "Spark's own log says more"
