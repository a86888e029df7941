"""The local web pages: the list of journeys, and each journey's living map in the browser or as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from desirepath import __version__
from desirepath.conditions import conditions
from desirepath.errors import DesirepathError
from desirepath.texts import pick
from desirepath.workspace import LivingMap, Workspace

MEDIA = {
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
}
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
Time = Annotated[str | None, Query(description="ISO date or time, UTC where it has no offset")]


def create_app(workspace: Workspace) -> FastAPI:
    """The application for one workspace. It only reads."""
    app = FastAPI(title="Desirepath", version=__version__, docs_url=None, redoc_url=None)

    @lru_cache(maxsize=32)
    def compute(
        evidence: str, journey: str, version: int, start: str | None, end: str | None,
        where: tuple[str, ...], persona: str | None, language: str | None,
    ) -> LivingMap:  # fmt: skip
        asked = conditions(where, "where")
        return workspace.map(journey, start=start, end=end, where=asked, persona=persona, language=language)

    def living_map(
        journey: str, start: str | None, end: str | None, where: list[str], persona: str | None, language: str | None
    ) -> LivingMap:
        version = workspace.journeys.versions(journey)[-1].number
        return compute(workspace.fingerprint(), journey, version, start, end, tuple(where), persona, language)

    @app.middleware("http")
    async def headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.exception_handler(DesirepathError)
    async def at_fault(request: Request, error: DesirepathError) -> Response:
        return JSONResponse({"detail": str(error)}, status_code=422)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @app.get("/", response_model=None)
    def home(language: str | None = None) -> Response:
        journeys = workspace.journeys.list()
        if len(journeys) == 1:
            return RedirectResponse(f"/journeys/{journeys[0].id}")
        return HTMLResponse(_home(workspace, language or workspace.language))

    @app.get("/journeys/{journey}", response_class=HTMLResponse)
    def page(
        journey: str, start: Annotated[Time, Query(alias="from")] = None, to: Time = None,
        where: Annotated[list[str], Query()] = [], persona: str | None = None,  # noqa: B006
        language: str | None = None, form: str = "matrix",
    ) -> str:  # fmt: skip
        return living_map(journey, start, to, where, persona, language).html(form)

    @app.get("/journeys/{journey}/map.{ending}")
    def file(
        journey: str, ending: str, start: Annotated[Time, Query(alias="from")] = None, to: Time = None,
        where: Annotated[list[str], Query()] = [], persona: str | None = None,  # noqa: B006
        language: str | None = None, form: str = "matrix",
    ) -> Response:  # fmt: skip
        if ending not in MEDIA:
            raise DesirepathError(f"no such format: {ending}", hint=f"use {', '.join(MEDIA)}")
        made = living_map(journey, start, to, where, persona, language)
        with TemporaryDirectory() as folder:
            content = made.save(Path(folder) / f"map.{ending}", form=form).read_bytes()
        return Response(content, media_type=MEDIA[ending])

    return app


_STYLE = "body{font:1.1rem/1.6 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}"


def _home(workspace: Workspace, language: str) -> str:
    from desirepath.locale import nearest, say

    rows = "".join(
        f'<li><a href="/journeys/{escape(entry.id)}">{escape(pick(entry.title, language))}</a></li>'
        for entry in workspace.journeys.list()
    )
    body = f"<ul>{rows}</ul>" if rows else f"<p>{escape(say('page.no_journeys', language))}</p>"
    title = escape(say("page.journeys", language))
    return (
        f'<!doctype html><html lang="{nearest(language)}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{body}</html>"
    )
