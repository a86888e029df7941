"""The people of a workspace: accounts, sign-ins, keys for programs, and roles in single journeys.

Passwords are kept as argon2 hashes; cookies, invitations and keys as SHA-256 of random secrets, so that nothing in the
database lets anybody in.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import cast

from pwdlib import PasswordHash
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.server.problems import RefusedError
from desirepath.server.roles import Role, lower

PASSWORD_LENGTH = (10, 1000)
SIGNED_IN = timedelta(days=30)
INVITED = timedelta(days=7)
KEY = "dp_"
"""What every API token begins with."""


@dataclass(frozen=True)
class Person:
    """Who is asking: `role` in the workspace; `cap` is the most that the key may do with which they came, if any."""

    id: int
    name: str
    role: Role
    cap: Role | None = None

    def at_most(self, role: Role) -> Role:
        """The role, as far as the key allows."""
        return role if self.cap is None else lower(role, self.cap)


@dataclass(frozen=True)
class Token:
    """A key for programs, without the key."""

    id: int
    name: str
    role: Role
    created: datetime
    expires: datetime | None
    used: datetime | None


_PERSON = select(tables.User.id, tables.User.name, tables.User.role).where(tables.User.disabled.is_(None))


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def known_as(name: str) -> str:
    """The name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Accounts:
    """The accounts of one workspace."""

    def __init__(self, database: Database, passwords: PasswordHash | None = None) -> None:
        self.database = database
        self._hash = passwords or PasswordHash.recommended()

    @cached_property
    def _nobody(self) -> str:
        """A hash to check against where there is no such user, so that it takes as long."""
        return self._hash.hash(secrets.token_hex())

    # People

    def none_yet(self) -> bool:
        """Whether nobody has an account."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(tables.User)) == 0

    def first(self, name: str, password: str) -> Person:
        """The first account, an admin; refused when there is one already."""
        _fit(password)
        with self.database.begin() as session:
            if session.scalar(select(func.count()).select_from(tables.User)):
                raise RefusedError(403, "somebody has an account already", "ask an admin for an invitation")
            return _person(self._add(session, name, "admin", self._hash.hash(password)))

    def nameless(self, name: str) -> Person:
        """A first account without a password, for whoever may come in by a link of this machine."""
        with self.database.begin() as session:
            return _person(self._add(session, name, "admin", None))

    def any_admin(self) -> Person:
        """The admin who came first."""
        query = select(tables.User).where(tables.User.role == "admin", tables.User.disabled.is_(None))
        with self.database.read() as session:
            return _person(session.scalars(query.order_by(tables.User.id).limit(1)).one())

    def invite(self, name: str, role: Role) -> tuple[tables.User, str]:
        """A new account and the secret with which its owner sets a password."""
        secret = secrets.token_urlsafe(24)
        with self.database.begin() as session:
            user = self._add(session, name, role, None)
            user.invitation, user.invited = hashed(secret), tables.now()
            return user, secret

    def invite_again(self, id_: int) -> tuple[tables.User, str]:
        """A new secret for setting a password, as for one that was forgotten."""
        secret = secrets.token_urlsafe(24)
        with self.database.begin() as session:
            user = _user(session, id_)
            user.invitation, user.invited = hashed(secret), tables.now()
            return user, secret

    def accept(self, invitation: str, name: str, password: str) -> Person:
        """Sets name and password of who was invited."""
        _fit(password)
        with self.database.begin() as session:
            user = session.scalar(select(tables.User).where(tables.User.invitation == hashed(invitation)))
            if user is None or user.disabled or user.invited is None or user.invited < tables.now() - INVITED:
                raise RefusedError(403, "this link is not valid any more", "ask an admin for a new one")
            if known_as(name) != user.known_as:
                _free(session, name)
                user.name, user.known_as = name.strip(), known_as(name)
            user.password, user.invitation = self._hash.hash(password), None
            _sign_out_everywhere(session, user.id)
            return _person(user)

    def change(
        self, id_: int, *, role: Role | None = None, name: str | None = None, disabled: bool | None = None
    ) -> tables.User:
        """Changes an account; the last admin stays one."""
        with self.database.begin() as session:
            user = _user(session, id_)
            if name is not None and known_as(name) != user.known_as:
                _free(session, name)
            if name is not None:
                user.name, user.known_as = name.strip(), known_as(name)
            if role is not None:
                user.role = role
            if disabled is not None:
                user.disabled = tables.now() if disabled else None
                if disabled:
                    _sign_out_everywhere(session, id_)
            session.flush()
            admins = select(func.count()).select_from(tables.User)
            if not session.scalar(admins.where(tables.User.role == "admin", tables.User.disabled.is_(None))):
                raise DesirepathError("this is the only admin", hint="make somebody else an admin first")
            return user

    def set_password(self, id_: int, old: str, new: str) -> None:
        """Changes a password; everywhere else its owner is signed out."""
        _fit(new)
        with self.database.begin() as session:
            user = _user(session, id_)
            if not self._hash.verify(old, user.password or self._nobody):
                raise RefusedError(403, "the present password does not fit")
            user.password = self._hash.hash(new)
            _sign_out_everywhere(session, id_)

    def users(self) -> tuple[tables.User, ...]:
        """All accounts, by name."""
        with self.database.read() as session:
            return tuple(session.scalars(select(tables.User).order_by(tables.User.known_as)))

    def _add(self, session: Session, name: str, role: Role, password: str | None) -> tables.User:
        _free(session, name)
        user = tables.User(name=name.strip(), known_as=known_as(name), role=role, password=password)
        session.add(user)
        session.flush()
        return user

    # Coming in

    def check(self, name: str, password: str) -> Person | None:
        """Who this is, if name and password fit; takes as long when they do not."""
        with self.database.read() as session:
            user = session.scalar(select(tables.User).where(tables.User.known_as == known_as(name)))
        fits = self._hash.verify(password, (user and user.password) or self._nobody)
        return _person(user) if fits and user and user.password and not user.disabled else None

    def sign_in(self, person: Person) -> str:
        """A new secret for the cookie."""
        secret = secrets.token_urlsafe(32)
        with self.database.begin() as session:
            session.execute(delete(tables.SignIn).where(tables.SignIn.expires < tables.now()))
            session.add(tables.SignIn(sha256=hashed(secret), user_id=person.id, expires=tables.now() + SIGNED_IN))
        return secret

    def sign_out(self, secret: str) -> None:
        """Makes a cookie worthless."""
        with self.database.begin() as session:
            session.execute(delete(tables.SignIn).where(tables.SignIn.sha256 == hashed(secret)))

    def by_cookie(self, secret: str) -> Person | None:
        """Who is signed in with this cookie."""
        query = _PERSON.join(tables.SignIn, tables.SignIn.user_id == tables.User.id)
        query = query.where(tables.SignIn.sha256 == hashed(secret), tables.SignIn.expires > tables.now())
        with self.database.read() as session:
            user = session.execute(query).first()
            return Person(user.id, user.name, cast(Role, user.role)) if user else None

    # Keys for programs

    def by_token(self, key: str) -> Person | None:
        """For whom a key acts."""
        token = tables.ApiToken
        query = _PERSON.add_columns(token.role, token.id, token.expires, token.used)
        query = query.join(token, token.user_id == tables.User.id).where(token.sha256 == hashed(key))
        with self.database.read() as session:
            found = session.execute(query).first()
        if found is None:
            return None
        *person, id_, expires, used = found
        if expires and expires < tables.now():
            return None
        if used is None or tables.now() - used > timedelta(hours=1):
            with self.database.begin() as session:
                session.execute(update(token).where(token.id == id_).values(used=tables.now()))
        return Person(*person)

    def tokens(self, person: Person) -> tuple[Token, ...]:
        """A person's keys, the newest first."""
        query = select(tables.ApiToken).where(tables.ApiToken.user_id == person.id).order_by(tables.ApiToken.id.desc())
        with self.database.read() as session:
            return tuple(_token(row) for row in session.scalars(query))

    def add_token(self, person: Person, name: str, role: Role, expires: datetime | None) -> tuple[Token, str]:
        """A new key, shown this once."""
        key = KEY + secrets.token_urlsafe(32)
        with self.database.begin() as session:
            row = tables.ApiToken(user_id=person.id, name=name, role=role, sha256=hashed(key), expires=expires)
            session.add(row)
            session.flush()
            return _token(row), key

    def remove_token(self, person: Person, id_: int) -> None:
        """Makes a key worthless."""
        with self.database.begin() as session:
            row = session.get(tables.ApiToken, id_)
            if row is None or row.user_id != person.id:
                raise RefusedError(404, "there is no such token")
            session.delete(row)

    # Roles in single journeys

    def role_in(self, person: Person, journey: str) -> Role:
        """What a person may do with a journey."""
        role = person.role
        if role != "admin":
            with self.database.read() as session:
                query = select(tables.JourneyRole.role).where(tables.JourneyRole.user_id == person.id)
                role = cast(Role, session.scalar(query.where(tables.JourneyRole.journey_id == journey)) or role)
        return person.at_most(role)

    def roles_in(self, person: Person) -> Callable[[str], Role]:
        """What a person may do with each of the journeys."""
        query = select(tables.JourneyRole.journey_id, tables.JourneyRole.role)
        own: dict[str, str] = {}
        if person.role != "admin":
            with self.database.read() as session:
                own = dict(session.execute(query.where(tables.JourneyRole.user_id == person.id)).all())
        return lambda journey: person.at_most(cast(Role, own.get(journey, person.role)))

    def roles_of(self, journey: str) -> dict[int, Role]:
        """The roles given for one journey, by user."""
        query = select(tables.JourneyRole).where(tables.JourneyRole.journey_id == journey)
        with self.database.read() as session:
            return {row.user_id: cast(Role, row.role) for row in session.scalars(query)}

    def give_role(self, journey: str, user: int, role: Role | None) -> None:
        """Gives a role for one journey, or takes it away (None): then that in the workspace holds."""
        with self.database.begin() as session:
            _user(session, user)
            row = session.get(tables.JourneyRole, (journey, user))
            if role is None:
                if row is not None:
                    session.delete(row)
            elif row is None:
                session.add(tables.JourneyRole(journey_id=journey, user_id=user, role=role))
            else:
                row.role = role


def _person(user: tables.User) -> Person:
    return Person(user.id, user.name, cast(Role, user.role))


def _token(row: tables.ApiToken) -> Token:
    return Token(row.id, row.name, cast(Role, row.role), row.created, row.expires, row.used)


def _user(session: Session, id_: int) -> tables.User:
    user = session.get(tables.User, id_)
    if user is None:
        raise RefusedError(404, "there is no such user")
    return user


def _free(session: Session, name: str) -> None:
    if not known_as(name):
        raise DesirepathError("a name is needed")
    if session.scalar(select(tables.User.id).where(tables.User.known_as == known_as(name))):
        raise DesirepathError(f"there is somebody called '{name.strip()}' already", hint="choose another name")


def _fit(password: str) -> None:
    least, most = PASSWORD_LENGTH
    if not least <= len(password) <= most:
        raise DesirepathError(f"a password has {least} to {most} characters", hint="a few words are easy to remember")


def _sign_out_everywhere(session: Session, user: int) -> None:
    session.execute(delete(tables.SignIn).where(tables.SignIn.user_id == user))
