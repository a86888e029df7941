"""What the server answers when it does not do what was asked: one shape for all, with a status for programs."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from desirepath.errors import DesirepathError
from desirepath.journey.ops import ConflictError
from desirepath.journey.store import UnknownJourneyError


class Problem(BaseModel):
    """What was wrong, what would be right, and where."""

    detail: str
    hint: str | None = None
    where: str | None = None


class ConflictProblem(Problem):
    """Somebody else has changed the same thing: `op` was not done; `now` is there, `wanted` was to be, `by` did it."""

    op: dict[str, Any]
    now: Any = None
    wanted: Any = None
    by: str | None = None


class RefusedError(Exception):
    """An answer that is not what was asked for."""

    def __init__(
        self, status: int, detail: str, hint: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.status, self.detail, self.hint, self.headers = status, detail, hint, headers
        super().__init__(detail)


def said(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of a route, for its documentation."""
    why = {
        400: "Not a request that can be read",
        401: "Nobody is signed in, or the sign-in does not fit",
        403: "Not for this role, or the CSRF token is missing",
        404: "Not there",
        408: "It comes too slowly",
        409: "Somebody else was first",
        413: "Too large",
        422: "What was given does not hold together",
        429: "Too often; `Retry-After` says when again",
    }
    return {s: {"model": ConflictProblem if s == 409 else Problem, "description": why[s]} for s in statuses}


EVERYWHERE = said(401, 403, 422)


def explain(app: FastAPI) -> None:
    """Turns every fault of a person into a problem; ours stay 500."""

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        return _answer(error.status, Problem(detail=error.detail, hint=error.hint), error.headers)

    @app.exception_handler(ConflictError)
    async def conflict(request: Request, error: ConflictError) -> Response:
        op = error.op.model_dump(mode="json", exclude_unset=True)
        said = ConflictProblem(
            detail=error.what, hint=error.hint, op=op, now=error.now, wanted=error.wanted, by=error.by
        )
        return _answer(409, said)

    @app.exception_handler(DesirepathError)
    async def fault(request: Request, error: DesirepathError) -> Response:
        status = 404 if isinstance(error, UnknownJourneyError) else 422
        return _answer(status, Problem(detail=error.what, hint=error.hint, where=error.where))

    @app.exception_handler(RequestValidationError)
    async def unread(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        return _answer(422, Problem(detail=first["msg"], where=where))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return _answer(error.status_code, Problem(detail=str(error.detail)), dict(error.headers or {}))


def _answer(status: int, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(problem.model_dump(mode="json"), status, headers=headers)
