"""The server of one workspace: the API below /api, and the studio's pages everywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from pwdlib import PasswordHash
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desirepath import __version__
from desirepath.server.guard import guard
from desirepath.server.logs import Access
from desirepath.server.pages import POLICY, serve_pages
from desirepath.server.problems import EVERYWHERE, explain
from desirepath.server.routes import (
    audit,
    backups,
    comments,
    edits,
    evidence,
    health,
    insight,
    jobs,
    journeys,
    live,
    maps,
    session,
    shares,
    tokens,
    uploads,
    users,
    views,
    voice,
    watches,
)
from desirepath.server.studio import Studio
from desirepath.workspace import Workspace

ROUTERS = (
    session,
    users,
    tokens,
    journeys,
    edits,
    maps,
    live,
    uploads,
    evidence,
    watches,
    jobs,
    voice,
    insight,
    comments,
    views,
    shares,
    backups,
    audit,
    health,
)

THREADS = 100
"""Requests worked on at once: who waits for a map to be computed holds one, and others should not wait for that."""


def create_app(workspace: Workspace, passwords: PasswordHash | None = None) -> FastAPI:
    """The application for one workspace; what its routes share is in `app.state.studio`.

    `passwords` is how they are hashed; left out, as argon2 is recommended.
    """

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        studio.jobs.start()
        yield
        studio.live.end()
        await run_in_threadpool(studio.jobs.stop)

    studio = Studio(workspace, passwords)
    app = FastAPI(
        title="Desirepath", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        lifespan=running,
    )  # fmt: skip
    app.state.studio = studio
    for module in ROUTERS:
        app.include_router(module.router, dependencies=[Depends(guard)], responses=EVERYWHERE)
    serve_pages(app)
    explain(app)
    app.add_middleware(Headers)
    app.add_middleware(Access)
    return app


class Headers:
    """Adds to every answer what browsers must hold to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends on, with the headers."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, add)
