"""Who may do what: five roles, each of which may do all that the one before it may, and one table of what routes need.

A role holds in the whole workspace; a role given for one journey holds there instead. An admin is admin everywhere.
"""

from __future__ import annotations

from typing import Literal

Role = Literal["viewer", "commenter", "editor", "owner", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "commenter", "editor", "owner", "admin")

ANYONE = "anyone"
"""Needs no account."""

Need = Role | Literal["anyone"]

ROUTES: dict[tuple[str, str], Need] = {
    ("GET", "/healthz"): "anyone",
    ("GET", "/api/session"): "anyone",
    ("POST", "/api/session"): "anyone",
    ("DELETE", "/api/session"): "anyone",
    ("GET", "/api/enter"): "anyone",
    ("POST", "/api/setup"): "anyone",
    ("PUT", "/api/me/password"): "viewer",
    ("GET", "/api/users"): "viewer",
    ("POST", "/api/users"): "admin",
    ("PATCH", "/api/users/{user}"): "admin",
    ("POST", "/api/users/{user}/invitation"): "admin",
    ("GET", "/api/tokens"): "viewer",
    ("POST", "/api/tokens"): "viewer",
    ("DELETE", "/api/tokens/{token}"): "viewer",
    ("GET", "/api/audit"): "admin",
    ("GET", "/api/backups"): "admin",
    ("POST", "/api/backups"): "admin",
    ("GET", "/api/backups/{backup}"): "admin",
    ("DELETE", "/api/backups/{backup}"): "admin",
    ("GET", "/api/templates"): "viewer",
    ("GET", "/api/journeys"): "viewer",
    ("POST", "/api/journeys"): "editor",
    ("POST", "/api/discoveries"): "editor",
    ("GET", "/api/journeys/{journey}"): "viewer",
    ("GET", "/api/journeys/{journey}/health"): "viewer",
    ("DELETE", "/api/journeys/{journey}"): "owner",
    ("GET", "/api/journeys/{journey}/document.{ending}"): "viewer",
    ("GET", "/api/journeys/{journey}/roles"): "viewer",
    ("PUT", "/api/journeys/{journey}/roles/{user}"): "owner",
    ("DELETE", "/api/journeys/{journey}/roles/{user}"): "owner",
    ("GET", "/api/journeys/{journey}/edits"): "viewer",
    ("POST", "/api/journeys/{journey}/edits"): "editor",
    ("POST", "/api/journeys/{journey}/preview"): "editor",
    ("GET", "/api/journeys/{journey}/versions"): "viewer",
    ("POST", "/api/journeys/{journey}/versions"): "editor",
    ("GET", "/api/journeys/{journey}/versions/{version}"): "viewer",
    ("POST", "/api/journeys/{journey}/versions/{version}/restore"): "editor",
    ("GET", "/api/journeys/{journey}/diff"): "viewer",
    ("GET", "/api/journeys/{journey}/map"): "viewer",
    ("GET", "/api/journeys/{journey}/map.{ending}"): "viewer",
    ("GET", "/api/journeys/{journey}/customers"): "viewer",
    ("GET", "/api/journeys/{journey}/funnel"): "viewer",
    ("GET", "/api/journeys/{journey}/retention"): "viewer",
    ("GET", "/api/journeys/{journey}/compare"): "viewer",
    ("GET", "/api/journeys/{journey}/comments"): "viewer",
    ("POST", "/api/journeys/{journey}/comments"): "commenter",
    ("PATCH", "/api/journeys/{journey}/comments/{comment}"): "commenter",
    ("DELETE", "/api/journeys/{journey}/comments/{comment}"): "commenter",
    ("GET", "/api/mentions"): "viewer",
    ("POST", "/api/mentions/seen"): "viewer",
    ("GET", "/api/journeys/{journey}/views"): "viewer",
    ("POST", "/api/journeys/{journey}/views"): "viewer",
    ("DELETE", "/api/journeys/{journey}/views/{view}"): "viewer",
    ("GET", "/api/journeys/{journey}/shares"): "owner",
    ("POST", "/api/journeys/{journey}/shares"): "owner",
    ("DELETE", "/api/journeys/{journey}/shares/{share}"): "owner",
    ("GET", "/api/journeys/{journey}/sticky-notes"): "viewer",
    ("PATCH", "/api/journeys/{journey}/sticky-notes/{note}"): "editor",
    ("GET", "/api/shared/{token}"): "anyone",
    ("POST", "/api/shared/{token}/unlock"): "anyone",
    ("GET", "/api/shared/{token}/journey"): "anyone",
    ("GET", "/api/shared/{token}/map"): "anyone",
    ("POST", "/api/shared/{token}/notes"): "anyone",
    ("GET", "/api/voice"): "viewer",
    ("GET", "/api/voice/themes"): "viewer",
    ("POST", "/api/voice/themes/{theme}"): "editor",
    ("GET", "/api/voice/decisions"): "viewer",
    ("DELETE", "/api/voice/decisions/{number}"): "editor",
    ("GET", "/api/voice/verbatims"): "viewer",
    ("GET", "/api/voice/quality"): "viewer",
    ("GET", "/api/voice/teach"): "editor",
    ("POST", "/api/voice/labels"): "editor",
    ("DELETE", "/api/voice/labels/{feedback}"): "editor",
    ("GET", "/api/voice/coverage"): "viewer",
    ("POST", "/api/uploads"): "editor",
    ("GET", "/api/uploads/{upload}"): "editor",
    ("DELETE", "/api/uploads/{upload}"): "editor",
    ("PUT", "/api/uploads/{upload}/file"): "editor",
    ("POST", "/api/uploads/{upload}/preview"): "editor",
    ("POST", "/api/uploads/{upload}/check"): "editor",
    ("POST", "/api/uploads/{upload}/import"): "editor",
    ("GET", "/api/sources"): "viewer",
    ("GET", "/api/mapping"): "viewer",
    ("GET", "/api/quarantine"): "editor",
    ("GET", "/api/quarantine.csv"): "editor",
    ("POST", "/api/replays"): "editor",
    ("POST", "/api/notes"): "editor",
    ("GET", "/api/watches"): "viewer",
    ("POST", "/api/watches"): "admin",
    ("PATCH", "/api/watches/{watch}"): "admin",
    ("DELETE", "/api/watches/{watch}"): "admin",
    ("POST", "/api/watches/{watch}/run"): "editor",
    ("GET", "/api/jobs"): "viewer",
    ("GET", "/api/jobs/{job}"): "viewer",
    ("POST", "/api/jobs/{job}/cancel"): "editor",
    ("GET", "/api/live"): "viewer",
    ("PUT", "/api/live/presence"): "viewer",
}
"""What every route needs; a route that is not here does not exist."""


def reaches(role: str, need: Need) -> bool:
    """Whether a role may do what needs another one."""
    return need == ANYONE or ROLES.index(role) >= ROLES.index(need)


def lower(a: Role, b: Role) -> Role:
    """The lower of two roles."""
    return min(a, b, key=ROLES.index)
