"""Work in the background: in turn, told as it goes, stopped on request, and done again when the server ended."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from desirepath.database import tables
from desirepath.errors import DesirepathError
from desirepath.server import jobs as module
from desirepath.server.jobs import Job, Jobs, Task
from desirepath.workspace import Workspace


class Bench:
    """Jobs whose work waits until it is let go."""

    def __init__(self, workspace: Workspace) -> None:
        self.told: list[Job] = []
        self.go, self.done = threading.Event(), list[Any]()
        works = {"wait": self.wait, "fail": self.fail, "break": self.break_}
        self.jobs = Jobs(workspace.database, workspace.folder, works, tell=self.told.append)

    def wait(self, task: Task) -> dict[str, Any]:
        while not self.go.is_set():
            task.progress("waiting", 1, 2)
            time.sleep(0.01)
        self.done.append(task.params["n"])
        return {"n": task.params["n"]}

    def fail(self, task: Task) -> dict[str, Any]:
        raise DesirepathError("the file is damaged", where="a.csv", hint="fetch it again")

    def break_(self, task: Task) -> dict[str, Any]:
        raise ZeroDivisionError

    def until(self, job: Job, *states: str) -> Job:
        deadline = time.monotonic() + 120
        while (now := self.jobs.get(job.id)).state not in states:
            assert time.monotonic() < deadline, now
            time.sleep(0.01)
        return now


@pytest.fixture
def bench(workspace: Workspace) -> Bench:
    return Bench(workspace)


def test_one_after_another_in_the_order_asked_for(bench: Bench) -> None:
    bench.go.set()
    asked = [bench.jobs.add("wait", {"n": n}, "Ada") for n in range(3)]
    bench.jobs.start()
    ended = [bench.until(job, "done") for job in asked]
    bench.jobs.stop()
    assert bench.done == [0, 1, 2] and [job.result for job in ended] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert [job.id for job in bench.jobs.list()] == [job.id for job in reversed(asked)]


def test_its_progress_is_told(bench: Bench) -> None:
    bench.jobs.start()
    job = bench.jobs.add("wait", {"n": 1})
    bench.until(job, "running")
    deadline = time.monotonic() + 120
    while not any(told.what == "waiting" and (told.done, told.total) == (1, 2) for told in bench.told):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    bench.go.set()
    bench.until(job, "done")
    bench.jobs.stop()
    assert [told.state for told in bench.told if told.id == job.id][-1] == "done"


def test_a_job_that_is_cancelled_stops_and_the_next_one_begins(bench: Bench) -> None:
    bench.jobs.start()
    first, second, third = (bench.jobs.add("wait", {"n": n}) for n in range(3))
    bench.until(first, "running")
    assert bench.jobs.cancel(second.id).state == "cancelled"
    bench.jobs.cancel(first.id)
    bench.until(first, "cancelled")
    bench.go.set()
    bench.until(third, "done")
    bench.jobs.stop()
    assert bench.done == [2] and bench.jobs.cancel(third.id).state == "done"


def test_a_fault_of_people_is_explained_and_one_of_ours_is_logged(bench: Bench) -> None:
    bench.jobs.start()
    theirs = bench.until(bench.jobs.add("fail", {}), "failed")
    ours = bench.until(bench.jobs.add("break", {}), "failed")
    bench.jobs.stop()
    assert theirs.problem == {"detail": "the file is damaged", "hint": "fetch it again", "where": "a.csv"}
    assert ours.problem is not None and "ZeroDivisionError" in ours.problem["detail"]


def test_what_was_under_way_when_the_server_ended_is_done_again(bench: Bench, workspace: Workspace) -> None:
    bench.jobs.start()
    job = bench.jobs.add("wait", {"n": 7})
    bench.until(job, "running")
    bench.jobs.stop()
    assert bench.jobs.get(job.id).state == "waiting"
    with workspace.database.begin() as session:  # as after kill -9
        session.get_one(tables.Job, job.id).state = "running"
    bench.go.set()
    bench.jobs.start()
    bench.until(job, "done")
    bench.jobs.stop()
    assert bench.done == [7]


def test_what_ends_the_server_time_and_again_is_given_up(bench: Bench, workspace: Workspace) -> None:
    job = bench.jobs.add("wait", {"n": 7})
    with workspace.database.begin() as session:
        row = session.get_one(tables.Job, job.id)
        row.state, row.attempts = "running", module.ATTEMPTS
    bench.jobs.start()
    problem = bench.until(job, "failed").problem
    bench.jobs.stop()
    assert problem is not None and "3 times" in problem["detail"] and bench.done == []


def test_two_servers_of_one_workspace_do_nothing_twice(bench: Bench, workspace: Workspace) -> None:
    other = Bench(workspace)
    bench.go.set()
    other.go.set()
    bench.jobs.start()
    other.jobs.start()
    asked = [(bench if n % 2 else other).jobs.add("wait", {"n": n}) for n in range(6)]
    for job in asked:
        bench.until(job, "done")
    bench.jobs.stop()
    other.jobs.stop()
    assert sorted(bench.done + other.done) == [0, 1, 2, 3, 4, 5]


def test_only_so_many_are_remembered(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    bench.go.set()
    bench.jobs.start()
    asked = [bench.jobs.add("wait", {"n": n}) for n in range(4)]
    bench.until(asked[-1], "done")
    bench.jobs.stop()
    assert [job.id for job in bench.jobs.list()] == [asked[3].id, asked[2].id]


def test_an_import_that_is_cancelled_leaves_nothing(ada: Any, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desirepath.intake import pipeline

    reached, go = threading.Event(), threading.Event()
    ready = pipeline.Run.summary

    def slow(self: Any, *given: Any, **named: Any) -> Any:
        reached.set()
        go.wait(120)
        self.progress("nearly done", 1, 1)
        return ready(self, *given, **named)

    monkeypatch.setattr(pipeline.Run, "summary", slow)
    upload = ada.post("/api/uploads").json()["id"]
    clicks = "user_id,event,timestamp\nu7,home,2026-03-04 10:00:00\n"
    ada.put(f"/api/uploads/{upload}/file", params={"name": "more.csv"}, content=clicks)
    job = ada.post(f"/api/uploads/{upload}/import", json={}).json()
    assert reached.wait(120)
    ada.post(f"/api/jobs/{job['id']}/cancel")
    go.set()
    deadline = time.monotonic() + 120
    while ada.get(f"/api/jobs/{job['id']}").json()["state"] != "cancelled":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert [source["name"] for source in ada.get("/api/sources").json()] == ["clicks"]
    assert [e["action"] for e in ada.get("/api/audit").json()][:2] == ["job_cancelled", "import_asked"]
