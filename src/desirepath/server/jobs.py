"""Long work in the background: one job after another, in the order asked for, with progress, stopped on request.

The table `jobs` is the queue. Whoever serves the workspace first works it off (a lock of the system's says who); a job
that was under way when the server ended is begun again, since all that jobs do is done as a whole or not at all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import delete, select, update

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.lake.lock import LakeBusyError, held
from desirepath.progress import Progress, silent
from desirepath.server.problems import RefusedError

LOOK_S = 1.0
"""How often the worker looks by itself."""
TELL_S = 0.25
"""Progress is told at most this often."""
ATTEMPTS = 3
KEPT = 500
"""As many finished jobs are remembered."""

State = Literal["waiting", "running", "done", "failed", "cancelled"]
log = logging.getLogger("desirepath.jobs")


@dataclass(frozen=True)
class Job:
    """A job as it stands. `done` of `total` (None: nobody knows) of `what`; `problem` is {detail, hint, where}."""

    id: int
    kind: str
    state: State
    what: str | None
    done: float | None
    total: float | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    author: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None


@dataclass(frozen=True)
class Task:
    """What the work of a job gets."""

    params: dict[str, Any]
    author: str | None
    progress: Progress


Work = Callable[[Task], dict[str, Any]]


class StoppedError(KeyboardInterrupt):
    """Ends work from within its progress."""


class Jobs:
    """The jobs of one workspace; `works` says what each kind does, `tell` hears of every change."""

    def __init__(
        self, database: Database, folder: Path, works: dict[str, Work], *, tell: Callable[[Job], None],
        look: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.database, self.works = database, works
        self._lock_file = folder / ".jobs.lock"
        self._tell, self._look = tell, look
        self._now: dict[int, tuple[str, float, float | None]] = {}
        self._cancelled: set[int] = set()
        self._wake, self._ended = threading.Event(), threading.Event()
        self._users = 0
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    # Asking

    def add(self, kind: str, params: dict[str, Any], author: str | None = None) -> Job:
        """A new job, done when its turn comes."""
        with self.database.begin() as session:
            row = tables.Job(kind=kind, params=params, state="waiting", author=author)
            session.add(row)
            session.flush()
            job = self._job(row)
        self._tell(job)
        self._wake.set()
        return job

    def get(self, id_: int) -> Job:
        """A job as it stands."""
        with self.database.read() as session:
            row = session.get(tables.Job, id_)
            if row is None:
                raise RefusedError(404, "there is no such job")
            return self._job(row)

    def list(self, limit: int = 50) -> tuple[Job, ...]:
        """The newest jobs first."""
        with self.database.read() as session:
            rows = session.scalars(select(tables.Job).order_by(tables.Job.id.desc()).limit(limit))
            return tuple(self._job(row) for row in rows)

    def cancel(self, id_: int) -> Job:
        """Stops a job, at once or as soon as its work looks up; nothing of it is kept."""
        if self.get(id_).state == "waiting":
            self._change(id_, "cancelled", only="waiting", finished=tables.now())
        self._cancelled.add(id_)
        self._wake.set()
        return self.get(id_)

    # Working

    def start(self) -> None:
        """Begins to work, unless somebody here has; every `start` needs its `stop`."""
        with self._starting:
            self._users += 1
            if self._users == 1:
                self._ended.clear()
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Ends work; what is under way is done again next time."""
        with self._starting:
            self._users -= 1
            if self._users == 0 and self._thread is not None:
                self._ended.set()
                self._wake.set()
                self._thread.join()
                self._thread = None

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with held(self._lock_file, 0, silent):
                    self._again()
                    self._work_off()
            except LakeBusyError:
                self._ended.wait(LOOK_S)  # another server of this workspace is at work
            except Exception:
                log.exception("the worker failed and goes on")
                self._ended.wait(LOOK_S)

    def _again(self) -> None:
        """What was under way when a server ended waits again; what ended it time and again has failed."""
        problem = {"detail": f"the server ended {ATTEMPTS} times during this", "hint": "look at the server's log"}
        running = update(tables.Job).where(tables.Job.state == "running")
        with self.database.begin() as session:
            session.execute(
                running.where(tables.Job.attempts >= ATTEMPTS).values(
                    state="failed", problem=problem, finished=tables.now()
                )
            )
            session.execute(running.values(state="waiting"))

    def _work_off(self) -> None:
        while not self._ended.is_set():
            self._wake.clear()
            self._look()
            with self.database.read() as session:
                query = select(tables.Job.id).where(tables.Job.state == "waiting").order_by(tables.Job.id).limit(1)
                id_ = session.scalar(query)
            if id_ is None:
                self._wake.wait(LOOK_S)
            else:
                self._do(id_)

    def _do(self, id_: int) -> None:
        with self.database.begin() as session:
            row = session.get(tables.Job, id_, with_for_update=True)
            if row is None or row.state != "waiting":
                return
            row.state, row.started, row.attempts = "running", tables.now(), row.attempts + 1
            kind, task = row.kind, Task(row.params, row.author, self._progress(id_))
        try:
            self._now[id_] = ("", 0, None)
            self._tell(self.get(id_))
            result = self.works[kind](task)
            self._change(id_, "done", result=result, finished=tables.now())
        except StoppedError:
            if self._ended.is_set() and id_ not in self._cancelled:
                self._change(id_, "waiting", started=None, attempts=0)
            else:
                self._change(id_, "cancelled", finished=tables.now())
        except DesirepathError as error:
            problem = {"detail": error.what, "hint": error.hint, "where": error.where}
            self._change(id_, "failed", problem=problem, finished=tables.now())
        except Exception as error:
            log.exception("job %s (%s) failed", id_, kind)
            problem = {"detail": f"something went wrong ({type(error).__name__})", "hint": "look at the server's log"}
            self._change(id_, "failed", problem=problem, finished=tables.now())
        finally:
            self._now.pop(id_, None)
            self._cancelled.discard(id_)
            self._forget()

    def _progress(self, id_: int) -> Progress:
        told = 0.0

        def progress(what: str, done: float, total: float | None) -> None:
            nonlocal told
            if self._ended.is_set() or id_ in self._cancelled:
                raise StoppedError
            self._now[id_] = (what, done, total)
            if time.monotonic() - told >= TELL_S:
                told = time.monotonic()
                self._tell(self.get(id_))

        return progress

    def _change(self, id_: int, state: State, *, only: State = "running", **values: Any) -> None:
        change = update(tables.Job).where(tables.Job.id == id_, tables.Job.state == only)
        with self.database.begin() as session:
            session.execute(change.values(state=state, **values))
        self._tell(replace(self.get(id_), what=None, done=None, total=None))

    def _forget(self) -> None:
        finished = tables.Job.state.in_(("done", "failed", "cancelled"))
        with self.database.begin() as session:
            oldest = select(tables.Job.id).where(finished).order_by(tables.Job.id.desc()).offset(KEPT).limit(1)
            if (last := session.scalar(oldest)) is not None:
                session.execute(delete(tables.Job).where(finished, tables.Job.id <= last))

    def _job(self, row: tables.Job) -> Job:
        what, done, total = self._now.get(row.id, (None, None, None)) if row.state == "running" else (None, None, None)
        return Job(
            row.id, row.kind, cast(State, row.state), what, done, total, row.result, row.problem, row.author,
            row.created, row.started, row.finished,
        )  # fmt: skip
