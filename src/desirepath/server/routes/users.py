"""The people of the workspace, and their roles in single journeys."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desirepath.database import tables
from desirepath.server.problems import RefusedError, said
from desirepath.server.roles import Role, reaches
from desirepath.server.routes.session import Name
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["users"])


class User(BaseModel):
    """An account."""

    id: str
    name: str
    role: Role
    invited: bool = Field(description="Has not set a password yet")
    disabled: bool
    created: datetime


class NewUser(BaseModel):
    """Somebody to invite."""

    name: Name
    role: Role = "viewer"


class Invitation(BaseModel):
    """The account, and the link on which its owner sets name and password; good for seven days, shown this once."""

    user: User
    link: str


class UserChange(BaseModel):
    """What to change of an account; what is left out stays."""

    name: Name | None = None
    role: Role | None = None
    disabled: bool | None = None


class JourneyRole(BaseModel):
    """What somebody may do with one journey, instead of their role in the workspace."""

    user: str
    name: str
    role: Role


class RoleGiven(BaseModel):
    """A role."""

    role: Role


@router.get("/api/users", summary="The people of the workspace")
def users(studio: Here) -> list[User]:
    """All accounts, by name."""
    return [_user(row) for row in studio.accounts.users()]


@router.post("/api/users", summary="Invite somebody", status_code=201)
def invite(given: NewUser, studio: Here, who: Who) -> Invitation:
    """Makes an account and the link for its owner."""
    user, secret = studio.accounts.invite(given.name, given.role)
    studio.audit(who, "user_invited", user.name, role=user.role)
    return Invitation(user=_user(user), link=f"/?setup={secret}")


@router.post("/api/users/{user}/invitation", summary="A new link for somebody", responses=said(404))
def invite_again(user: int, studio: Here, who: Who) -> Invitation:
    """As after a forgotten password; the old password works until the link is used."""
    row, secret = studio.accounts.invite_again(user)
    studio.audit(who, "user_invited", row.name)
    return Invitation(user=_user(row), link=f"/?setup={secret}")


@router.patch("/api/users/{user}", summary="Change an account", responses=said(404))
def change(user: int, given: UserChange, studio: Here, who: Who) -> User:
    """Changes name or role, or shuts an account; the last admin stays one."""
    row = studio.accounts.change(user, role=given.role, name=given.name, disabled=given.disabled)
    studio.live.end(user)
    studio.audit(who, "user_changed", row.name, **given.model_dump(exclude_none=True))
    return _user(row)


@router.get("/api/journeys/{journey}/roles", tags=["journeys"], summary="Roles in a journey", responses=said(404))
def journey_roles(journey: str, studio: Here) -> list[JourneyRole]:
    """The roles given for this journey; whoever is not here has theirs of the workspace."""
    studio.workspace.journeys.seq(journey)
    given = studio.accounts.roles_of(journey)
    people = {user.id: user.name for user in studio.accounts.users()}
    return [JourneyRole(user=str(id_), name=people[id_], role=role) for id_, role in given.items()]


@router.put(
    "/api/journeys/{journey}/roles/{user}",
    tags=["journeys"],
    summary="Give a role",
    responses=said(404),
    status_code=204,
)
def give_role(journey: str, user: int, given: RoleGiven, studio: Here, who: Who) -> None:
    """Gives a role for this journey, at most one's own."""
    studio.workspace.journeys.seq(journey)
    mine = studio.accounts.role_in(who, journey)
    if not reaches(mine, given.role):
        raise RefusedError(403, f"nobody gives more than they have, and you are {mine} here")
    studio.accounts.give_role(journey, user, given.role)
    studio.audit(who, "role_given", journey, user=user, role=given.role)


@router.delete(
    "/api/journeys/{journey}/roles/{user}",
    tags=["journeys"],
    summary="Take a role back",
    responses=said(404),
    status_code=204,
)
def take_role(journey: str, user: int, studio: Here, who: Who) -> None:
    """From now on the role of the workspace holds."""
    studio.workspace.journeys.seq(journey)
    studio.accounts.give_role(journey, user, None)
    studio.audit(who, "role_taken", journey, user=user)


def _user(row: tables.User) -> User:
    return User(
        id=str(row.id), name=row.name, role=cast(Role, row.role), invited=row.password is None,
        disabled=row.disabled is not None, created=row.created,
    )  # fmt: skip
