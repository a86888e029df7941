"""What happens, told to everybody who looks on: edits as they are numbered, who is where, and fresh evidence.

The database is the only truth: a pump reads the edits that are new, whoever made them, and hands them to every stream.
It is woken by edits made here and looks by itself for those made elsewhere. It runs only while somebody looks on.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from desirepath.journey.store import Edit
from desirepath.server.accounts import Person
from desirepath.workspace import Workspace

LOOK_S = 1.0
"""How often the pump looks by itself."""

OVERLAP = 50
"""As many edits are looked at again: on PostgreSQL a lower number may be committed after a higher one."""

BACKLOG = 1000
"""A stream that is further behind than this is ended; it comes again and loads everything anew."""


@dataclass(eq=False)
class Stream:
    """Somebody who looks on: `journey` and `at` (a part's id) say where they are."""

    person: Person
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    journey: str | None = None
    at: str | None = None
    events: asyncio.Queue[ServerSentEvent | None] = field(default_factory=lambda: asyncio.Queue(BACKLOG))

    def forget(self) -> None:
        """Empties what has not been sent yet."""
        while not self.events.empty():
            self.events.get_nowait()

    def end(self) -> None:
        """Nothing more is sent."""
        self.forget()
        self.events.put_nowait(None)


class Live:
    """The streams of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.streams: dict[str, Stream] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._seen: set[int] = set()
        self._last = 0
        self._ready: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """Says that there is a new edit; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended: so have the streams
                self._loop.call_soon_threadsafe(self._wake.set)

    async def follow(self, person: Person, after: int | None) -> AsyncIterator[ServerSentEvent]:
        """All that happens from now on, and first the edits after number `after`, where one is given."""
        stream = Stream(person)
        self.streams[stream.id] = stream
        try:
            await self._start()
            upto = self._last
            stream.forget()
            yield ServerSentEvent(event="hello", data={"stream": stream.id, "people": self._people()}, retry=1000)
            for edit in await run_in_threadpool(self._between, after, upto):
                yield _edit_event(edit)
            while (event := await stream.events.get()) is not None:
                yield event
        finally:
            self.streams.pop(stream.id, None)
            self._tell_presence()

    def move(self, id_: str, person: Person, journey: str | None, at: str | None) -> bool:
        """Notes where somebody is; False where there is no such stream of theirs. On the event loop only."""
        stream = self.streams.get(id_)
        if stream is None or stream.person.id != person.id:
            return False
        stream.journey, stream.at = journey, at
        self._tell_presence()
        return True

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Tells everybody who looks on; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._tell, ServerSentEvent(event=event, data=data))

    def end(self, person: int | None = None) -> None:
        """Ends the streams of a person, or all; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._end, person)

    def _end(self, person: int | None) -> None:
        for stream in list(self.streams.values()):
            if person in (None, stream.person.id):
                stream.end()

    def _between(self, after: int | None, upto: int) -> list[Edit]:
        if after is None:
            return []
        return [edit for edit in self.workspace.journeys.edits_of_all(after=after) if edit.number <= upto]

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._pump is None or self._pump.done() or self._loop is not loop:
            self._loop, self._wake, self._ready = loop, asyncio.Event(), loop.create_future()
            self._pump = loop.create_task(self._run(self._ready))
        assert self._ready is not None
        await asyncio.shield(self._ready)

    async def _run(self, ready: asyncio.Future[None]) -> None:
        try:
            evidence = await run_in_threadpool(self._now)
        except BaseException as error:
            ready.set_exception(error)
            raise
        ready.set_result(None)
        while self.streams:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_S)
            self._wake.clear()
            edits, now = await run_in_threadpool(self._look)
            for edit in edits:
                self._tell(_edit_event(edit))
            if now != evidence:
                evidence = now
                self._tell(ServerSentEvent(event="evidence", data={"fingerprint": now}))

    def _now(self) -> str:
        self._last = self.workspace.journeys.last_edit()
        self._seen = {edit.number for edit in self.workspace.journeys.edits_of_all(after=self._last - OVERLAP)}
        return self.workspace.fingerprint()

    def _look(self) -> tuple[list[Edit], str]:
        found = self.workspace.journeys.edits_of_all(after=self._last - OVERLAP)
        fresh = [edit for edit in found if edit.number not in self._seen]
        if fresh:
            self._last = max(self._last, fresh[-1].number)
            self._seen = {number for number in self._seen if number > self._last - OVERLAP}
            self._seen |= {edit.number for edit in fresh}
        return fresh, self.workspace.fingerprint()

    def _tell_presence(self) -> None:
        self._tell(ServerSentEvent(event="presence", data={"people": self._people()}))

    def _people(self) -> list[dict[str, Any]]:
        return [
            {"stream": s.id, "user": str(s.person.id), "name": s.person.name, "journey": s.journey, "at": s.at}
            for s in self.streams.values()
        ]

    def _tell(self, event: ServerSentEvent) -> None:
        for stream in list(self.streams.values()):
            try:
                stream.events.put_nowait(event)
            except asyncio.QueueFull:
                stream.end()


def _edit_event(edit: Edit) -> ServerSentEvent:
    from desirepath.server.routes.edits import EditDone

    return ServerSentEvent(
        event="edit", id=str(edit.number), data=EditDone.of(edit).model_dump(mode="json", exclude_unset=True)
    )
