"""Stands before every route: who is asking, may they, and do they mean it.

Browsers come with a cookie and must send the CSRF token with everything that changes something; programs come with a
key (`Authorization: Bearer …`), which no browser sends by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request, Response

from desirepath.server.accounts import SIGNED_IN, Person
from desirepath.server.problems import RefusedError
from desirepath.server.roles import ANYONE, ROUTES, reaches
from desirepath.server.studio import Studio

CSRF = "X-CSRF-Token"
_READS = ("GET", "HEAD", "OPTIONS")


def guard(request: Request) -> None:
    """Refuses whoever may not; leaves the person in `request.state.person`."""
    studio: Studio = request.app.state.studio
    key = _bearer(request)
    person = studio.accounts.by_token(key) if key is not None else _by_cookie(studio, request)
    request.state.person = person
    if key is not None and person is None:
        raise RefusedError(401, "this token is not valid", "make a new one in the settings")
    if key is None and request.method not in _READS:
        _same_origin(request)
        _meant(studio, request)
    need = ROUTES[request.method, request.scope["route"].path]
    if need == ANYONE:
        return
    if person is None:
        raise RefusedError(401, "nobody is signed in", "sign in first")
    journey = request.path_params.get("journey")
    role = person.at_most(person.role) if journey is None else studio.accounts.role_in(person, journey)
    if not reaches(role, need):
        raise RefusedError(403, f"this is for {need}s, and you are here as {role}", "ask an owner or an admin")


def csrf(cookie: str) -> str:
    """The token that goes with a cookie."""
    return hashlib.sha256(f"csrf {cookie}".encode()).hexdigest()


def let_in(studio: Studio, person: Person, request: Request, response: Response) -> str:
    """Signs a person in: a new cookie, and the CSRF token that goes with it."""
    return _hand_out(studio, studio.accounts.sign_in(person), request, response)


def visitor(studio: Studio, request: Request, response: Response) -> str:
    """The CSRF token of whoever is asking; who comes for the first time gets a cookie."""
    cookie = request.cookies.get(studio.cookie)
    return csrf(cookie) if cookie else _hand_out(studio, secrets.token_urlsafe(32), request, response)


def _hand_out(studio: Studio, cookie: str, request: Request, response: Response) -> str:
    response.set_cookie(
        studio.cookie, cookie, max_age=int(SIGNED_IN.total_seconds()), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return csrf(cookie)


def _by_cookie(studio: Studio, request: Request) -> Person | None:
    cookie = request.cookies.get(studio.cookie)
    return studio.accounts.by_cookie(cookie) if cookie else None


def _bearer(request: Request) -> str | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _same_origin(request: Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise RefusedError(403, "this request comes from another site")


def _meant(studio: Studio, request: Request) -> None:
    cookie = request.cookies.get(studio.cookie, "")
    if not cookie or not hmac.compare_digest(csrf(cookie).encode(), request.headers.get(CSRF, "").encode()):
        raise RefusedError(403, "the CSRF token is missing or old", f"send `csrf` of GET /api/session as {CSRF}")


def in_person(person: Person) -> None:
    """Refuses keys where somebody has to be there themselves."""
    if person.cap is not None:
        raise RefusedError(403, "a token cannot do this", "sign in with your password")
