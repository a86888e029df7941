"""Keys with which programs act for a person."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from desirepath.server.accounts import Token as Kept
from desirepath.server.guard import in_person
from desirepath.server.problems import said
from desirepath.server.roles import Role
from desirepath.server.studio import Here, Who

router = APIRouter(tags=["tokens"])


class Token(BaseModel):
    """A key, without the key itself."""

    id: int
    name: str
    role: Role = Field(description="The most that it may do")
    created: datetime
    expires: datetime | None
    used: datetime | None

    @classmethod
    def of(cls, kept: Kept) -> Token:
        """As it is shown."""
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})


class NewToken(BaseModel):
    """What the key is for, and the most that it may do."""

    name: str = Field(min_length=1, max_length=80)
    role: Role = "viewer"
    expires: AwareDatetime | None = None


class TokenMade(BaseModel):
    """The key (`Authorization: Bearer …`), shown this once."""

    token: Token
    key: str


@router.get("/api/tokens", summary="One's own tokens")
def tokens(studio: Here, who: Who) -> list[Token]:
    """The newest first."""
    return [Token.of(kept) for kept in studio.accounts.tokens(who)]


@router.post("/api/tokens", summary="Make a token", status_code=201)
def make(given: NewToken, studio: Here, who: Who) -> TokenMade:
    """It acts for who makes it, within its role. A token cannot make tokens."""
    in_person(who)
    token, key = studio.accounts.add_token(who, given.name, given.role, given.expires)
    studio.audit(who, "token_made", given.name, role=given.role)
    return TokenMade(token=Token.of(token), key=key)


@router.delete("/api/tokens/{token}", summary="Remove a token", responses=said(404), status_code=204)
def remove(token: int, studio: Here, who: Who) -> None:
    """It is worthless from now on."""
    studio.accounts.remove_token(who, token)
    studio.audit(who, "token_removed", str(token))
