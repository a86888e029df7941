"""Coming in and going out: the session of a browser, the first account, and invitations."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from desirepath.server.accounts import PASSWORD_LENGTH, Person, known_as
from desirepath.server.guard import in_person, let_in, visitor
from desirepath.server.problems import RefusedError, said
from desirepath.server.roles import Role
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["session"])

Name = Annotated[str, Field(min_length=1, max_length=80)]
Password = Annotated[str, Field(min_length=PASSWORD_LENGTH[0], max_length=PASSWORD_LENGTH[1])]


class SessionUser(BaseModel):
    """Who is signed in, and what they may do in the workspace."""

    id: str
    name: str
    role: Role


class Session(BaseModel):
    """The session of this browser."""

    user: SessionUser | None = Field(description="null: nobody is signed in")
    csrf: str = Field(description="To be sent as X-CSRF-Token with everything that changes something")
    setup: bool = Field(description="Nobody has an account yet")


class Credentials(BaseModel):
    """Name and password."""

    name: str = Field(max_length=80)
    password: str = Field(max_length=PASSWORD_LENGTH[1])


class Setup(BaseModel):
    """The name and password somebody chooses, with the secret of their link."""

    token: str
    name: Name
    password: Password


class PasswordChange(BaseModel):
    """A new password, and the present one."""

    present: str = Field(max_length=PASSWORD_LENGTH[1])
    new: Password


@router.get("/api/session", summary="Who is here")
def session(studio: Here, request: Request, response: Response) -> Session:
    """Who is signed in, and the CSRF token. The first call of a browser gives it its cookie."""
    return _session(studio, request.state.person, visitor(studio, request, response))


@router.post("/api/session", summary="Sign in", responses=said(401, 429))
def sign_in(given: Credentials, studio: Here, request: Request, response: Response) -> Session:
    """Signs in by name and password. After ten failures a name has to wait."""
    name, address = known_as(given.name), _address(request)
    studio.by_name.check(name)
    studio.by_address.check(address)
    person = studio.accounts.check(given.name, given.password)
    if person is None:
        studio.by_name.fail(name)
        studio.by_address.fail(address)
        studio.audit(None, "sign_in_refused", given.name)
        raise RefusedError(401, "name and password do not fit", "try again, or ask an admin for a new link")
    return _enter(studio, person, request, response)


@router.delete("/api/session", summary="Sign out")
def sign_out(studio: Here, request: Request, response: Response) -> Session:
    """Ends the session of this browser."""
    cookie = request.cookies.get(studio.cookie)
    if cookie and request.state.person is not None:
        studio.accounts.sign_out(cookie)
        studio.live.end(request.state.person.id)
        studio.audit(request.state.person, "sign_out")
    return _session(studio, None, visitor(studio, request, response))


@router.post("/api/setup", summary="Set name and password", responses=said(403, 429))
def setup(given: Setup, studio: Here, request: Request, response: Response) -> Session:
    """Makes the first account with the link that the server prints, or takes up an invitation."""
    address = _address(request)
    studio.by_address.check(address)
    try:
        first = given.token == studio.setup and studio.accounts.none_yet()
        if first:
            person = studio.accounts.first(given.name, given.password)
        else:
            person = studio.accounts.accept(given.token, given.name, given.password)
    except RefusedError:
        studio.by_address.fail(address)
        raise
    studio.audit(person, "first_account" if first else "invitation_accepted")
    return _enter(studio, person, request, response)


@router.get(
    "/api/enter", summary="Come in with a one-time link", responses=said(403), status_code=303,
    response_class=RedirectResponse,
)  # fmt: skip
def enter(
    studio: Here, request: Request, token: Annotated[str, Query()], to: Annotated[str, Query()] = "/"
) -> RedirectResponse:
    """Signs in who started the server, on this machine only; the link works once."""
    target = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
    response = RedirectResponse(target, 303)
    if request.state.person is not None:
        return response
    person = studio.enter.pop(token, None) if _loopback(request) else None
    if person is None:
        raise RefusedError(403, "this link is not valid any more", "start the server again for a new one")
    let_in(studio, person, request, response)
    studio.audit(person, "sign_in")
    return response


@router.put("/api/me/password", summary="Change one's password", responses=said(403, 429), status_code=204)
def change_password(given: PasswordChange, studio: Here, who: Who, request: Request, response: Response) -> None:
    """Changes the password of who is asking, who is signed out everywhere else."""
    in_person(who)
    studio.by_name.check(known_as(who.name))
    try:
        studio.accounts.set_password(who.id, given.present, given.new)
    except RefusedError:
        studio.by_name.fail(known_as(who.name))
        raise
    let_in(studio, who, request, response)
    studio.audit(who, "password_changed")


def _enter(studio: Studio, person: Person, request: Request, response: Response) -> Session:
    token = let_in(studio, person, request, response)
    studio.audit(person, "sign_in")
    return _session(studio, person, token)


def _session(studio: Studio, person: Person | None, csrf: str) -> Session:
    user = SessionUser(id=str(person.id), name=person.name, role=person.role) if person else None
    return Session(user=user, csrf=csrf, setup=user is None and studio.accounts.none_yet())


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _loopback(request: Request) -> bool:
    try:
        return ipaddress.ip_address(_address(request)).is_loopback
    except ValueError:
        return False
