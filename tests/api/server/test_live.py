"""What happens is told to everybody who looks on, in order, and after a break from where it broke off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.sse import ServerSentEvent

import desirepath as dp
from desirepath.journey.ops import Set
from desirepath.journey.store import Edit
from desirepath.server.accounts import Person
from desirepath.server.live import BACKLOG, Live
from desirepath.workspace import Workspace

ADA, BEN = Person(1, "Ada", "admin"), Person(2, "Ben", "editor")


def rename(workspace: Workspace, value: str, was: str) -> Edit:
    op = Set(op="set", part="stage", id="look", field="name", value=value, was=was)
    return workspace.journeys.edit("buying", [op], edit_id=str(uuid4()), author="Ada")


class Looking:
    """Somebody who looks on."""

    def __init__(self, live: Live, person: Person = ADA, after: int | None = None) -> None:
        self.events: AsyncIterator[ServerSentEvent] = live.follow(person, after)
        self.stream = ""

    async def __aenter__(self) -> Looking:
        self.stream = (await self.next("hello"))["stream"]
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.events.aclose()  # type: ignore[attr-defined]

    async def next(self, kind: str) -> Any:
        while True:
            event = await asyncio.wait_for(anext(self.events), 5)
            if event.event == kind:
                return event.data


def test_an_edit_is_told_to_all_at_once(workspace: Workspace) -> None:
    async def run() -> None:
        live = Live(workspace)
        async with Looking(live) as ada, Looking(live, BEN) as ben:
            started = asyncio.get_running_loop().time()
            edit = rename(workspace, "Browsing", "Looking")
            live.wake()
            for who in (ada, ben):
                told = await who.next("edit")
                assert (told["seq"], told["author"], told["edit_id"]) == (1, "Ada", edit.id)
                assert told["ops"][0]["value"] == "Browsing"
            assert asyncio.get_running_loop().time() - started < 1

    asyncio.run(run())


def test_an_edit_made_by_another_process_is_told_too(workspace: Workspace, shop: Path) -> None:
    async def run() -> None:
        async with Looking(Live(workspace)) as ada:
            with closing(dp.open(shop)) as elsewhere:
                await asyncio.to_thread(rename, elsewhere, "Browsing", "Looking")
            assert (await ada.next("edit"))["seq"] == 1

    asyncio.run(run())


def test_who_comes_back_hears_what_they_missed_once(workspace: Workspace) -> None:
    first = rename(workspace, "One", "Looking")
    for i, (value, was) in enumerate([("Two", "One"), ("Three", "Two")]):
        assert rename(workspace, value, was).seq == i + 2

    async def run() -> None:
        live = Live(workspace)
        async with Looking(live, after=first.number) as ada:
            assert [(await ada.next("edit"))["seq"] for _ in range(2)] == [2, 3]
            await asyncio.to_thread(rename, workspace, "Four", "Three")
            live.wake()
            assert (await ada.next("edit"))["seq"] == 4

    asyncio.run(run())


def test_who_is_where(workspace: Workspace) -> None:
    async def run() -> None:
        live = Live(workspace)
        async with Looking(live) as ada:
            async with Looking(live, BEN) as ben:
                assert live.move(ben.stream, BEN, "buying", "look")
                people = (await ada.next("presence"))["people"]
                assert [(p["name"], p["journey"], p["at"]) for p in people] == [
                    ("Ada", None, None),
                    ("Ben", "buying", "look"),
                ]
                assert not live.move(ben.stream, ADA, "buying", "home")  # nobody moves somebody else
                assert not live.move("no such stream", ADA, "buying", "home")
            assert [p["name"] for p in (await ada.next("presence"))["people"]] == ["Ada"]

    asyncio.run(run())


def test_fresh_evidence_is_told(workspace: Workspace, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("user_id,event,timestamp\nu9,home,2026-03-03 10:00:00\n")

    async def run() -> None:
        async with Looking(Live(workspace)) as ada:
            with closing(dp.open(shop)) as elsewhere:
                await asyncio.to_thread(elsewhere.ingest, tmp_path / "more.csv")
            assert (await ada.next("evidence"))["fingerprint"] == workspace.fingerprint()

    asyncio.run(run())


def test_who_is_too_far_behind_is_sent_away_to_load_anew(workspace: Workspace) -> None:
    async def run() -> None:
        live = Live(workspace)
        async with Looking(live) as slow:
            for i in range(BACKLOG + 1):
                live.move(slow.stream, ADA, "buying", str(i))
            with pytest.raises(StopAsyncIteration):
                await anext(slow.events)
        assert live.streams == {}

    asyncio.run(run())


def test_whose_account_is_shut_hears_no_more(workspace: Workspace) -> None:
    async def run() -> None:
        live = Live(workspace)
        async with Looking(live) as ada, Looking(live, BEN) as ben:
            live.end(BEN.id)
            with pytest.raises(StopAsyncIteration):
                await ben.next("edit")
            rename(workspace, "Browsing", "Looking")
            live.wake()
            assert (await ada.next("edit"))["seq"] == 1

    asyncio.run(run())


def test_a_look_after_a_pause_begins_anew(workspace: Workspace) -> None:
    async def run() -> None:
        live = Live(workspace)
        async with Looking(live):
            pass
        await asyncio.sleep(1.2)  # the pump has stopped
        rename(workspace, "Browsing", "Looking")
        async with Looking(live) as ada:
            rename(workspace, "Gazing", "Browsing")
            live.wake()
            assert (await ada.next("edit"))["seq"] == 2

    asyncio.run(run())


def test_the_stream_is_what_browsers_read(signed_in: Any) -> None:
    with signed_in.stream("GET", "/api/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        hello = read(lines)
        assert hello["event"] == "hello"
        there = {"stream": json.loads(hello["data"])["stream"], "journey": "buying", "at": "home"}
        assert signed_in.put("/api/live/presence", json=there).status_code == 204
        told = read(lines)
        assert told["event"] == "presence" and json.loads(told["data"])["people"][0]["at"] == "home"
        last = {"op": "add", "part": "stage", "value": {"id": "return", "name": "Returning"}}
        edit = {"edit_id": "an edit of Ada's", "ops": [{"op": "remove", "part": "stage", "id": "look"}, last]}
        done = signed_in.post("/api/journeys/buying/edits", json=edit).json()
        told = read(lines)
        assert (told["event"], told["id"]) == ("edit", "1")
        assert json.loads(told["data"]) == done and done["ops"] == edit["ops"]


def read(lines: Any) -> dict[str, str]:
    """The next event."""
    found: dict[str, str] = {}
    for line in lines:
        if not line and "event" in found:
            return found
        if line and not line.startswith(":"):
            key, _, value = line.partition(": ")
            found[key] = value
    raise AssertionError("the stream ended")
