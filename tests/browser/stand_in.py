"""The studio's contract on a real workspace, for the pages to be tried against: a session, the journeys, their maps.

It computes every map with the library and serves the built pages under the policy that they must bear. It holds no
account but one.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from desirepath.conditions import conditions
from desirepath.errors import DesirepathError
from desirepath.workspace import Workspace

STATIC = Path(__file__).parents[2] / "src" / "desirepath" / "server" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PASSWORD = "a long enough password"


def application(workspace: Workspace) -> FastAPI:
    app = FastAPI()
    state: dict[str, Any] = {"password": None, "in": False}

    def session() -> dict[str, Any]:
        user = {"id": "ada", "name": "Ada", "role": "admin"} if state["in"] else None
        return {"user": user, "csrf": "token", "setup": state["password"] is None}

    @app.middleware("http")
    async def policy(request: Request, call: Any) -> Response:
        if request.method != "GET" and request.headers.get("x-csrf-token") != "token":
            return JSONResponse({"detail": "no CSRF token"}, 403)
        if request.url.path.startswith("/api/journeys") and not state["in"]:
            return JSONResponse({"detail": "sign in first"}, 401)
        answer: Response = await call(request)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @app.exception_handler(DesirepathError)
    async def fault(request: Request, error: DesirepathError) -> Response:
        return JSONResponse({"detail": error.what, "hint": error.hint}, 422)

    @app.get("/api/session")
    def who() -> dict[str, Any]:
        return session()

    @app.post("/api/setup")
    def setup(given: Annotated[dict[str, str], Body()]) -> Response:
        if given["token"] != "once":
            return JSONResponse({"detail": "this link is not valid any more"}, 403)
        state["password"], state["in"] = given["password"], True
        return JSONResponse(session())

    @app.post("/api/session")
    def sign_in(given: Annotated[dict[str, str], Body()]) -> Response:
        if given["password"] != state["password"]:
            return JSONResponse({"detail": "name and password do not fit", "hint": "try again"}, 401)
        state["in"] = True
        return JSONResponse(session())

    @app.delete("/api/session")
    def sign_out() -> dict[str, Any]:
        state["in"] = False
        return session()

    @app.get("/api/journeys")
    def journeys() -> list[dict[str, Any]]:
        return [_entry(workspace, entry.id) for entry in workspace.journeys.list()]

    @app.get("/api/journeys/{journey}/map")
    def living_map(
        journey: str, start: Annotated[str | None, Query(alias="from")] = None, to: str | None = None,
        where: Annotated[list[str], Query()] = [], persona: str | None = None, language: str | None = None,  # noqa: B006
    ) -> dict[str, Any]:  # fmt: skip
        asked = conditions(where, "where")
        made = workspace.map(journey, start=start, end=to, where=asked, persona=persona, language=language)
        return made.to_json()

    @app.get("/api/journeys/{journey}/map.{ending}")
    def file(journey: str, ending: str, language: str | None = None) -> Response:
        with TemporaryDirectory() as folder:
            made = workspace.map(journey, language=language).save(Path(folder) / f"map.{ending}")
            return Response(made.read_bytes(), media_type="application/octet-stream")

    @app.get("/{path:path}")
    def page(path: str) -> FileResponse:
        found = STATIC / path
        return FileResponse(found if path and found.is_file() else STATIC / "index.html")

    return app


def _entry(workspace: Workspace, id_: str) -> dict[str, Any]:
    document, version = workspace.journeys.get(id_), workspace.journeys.versions(id_)[-1]
    return {
        "id": id_,
        "title": document.title,
        "owner": document.owner,
        "market": document.market,
        "stages": len(document.stages),
        "touchpoints": len(document.touchpoints),
        "updated": version.created.isoformat(),
    }


@contextlib.contextmanager
def serving(workspace: Workspace, port: int = 0) -> Iterator[str]:
    """The address of a server that runs beside the test."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        server = uvicorn.Server(uvicorn.Config(application(workspace), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
