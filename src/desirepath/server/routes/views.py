"""Ways to look at a map, kept under names."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desirepath.insight.model import Verdict
from desirepath.server import views as kept
from desirepath.server.accounts import Person
from desirepath.server.problems import RefusedError, said
from desirepath.server.roles import reaches
from desirepath.server.studio import Here, Studio, Who

router = APIRouter(tags=["views"])

Ids = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=1000)]


class Looks(BaseModel):
    """What of a map is shown, and how."""

    hidden: Annotated[Ids, Field(description="Lanes that are not shown")] = []
    stages: Annotated[Ids, Field(description="Stages that are not shown")] = []
    asked: Annotated[Ids, Field(description="Lanes that are empty and shown nevertheless")] = []
    fit: Annotated[Literal["width", "whole"] | None, Field(description="Made to fit the window")] = None
    verdict: Annotated[Verdict | None, Field(description="Everything else is dimmed")] = None


class NewView(BaseModel):
    """A view to keep; with `shared` everybody who sees the journey sees it."""

    name: str = Field(min_length=1, max_length=80)
    shared: bool = False
    search: str = Field("", max_length=4000, description="What the page's address says: filters, form, what is beside")
    looks: Looks = Looks()


class View(NewView):
    """A view that is kept; `mine`: by who is asking."""

    id: int
    author: str
    mine: bool
    updated: datetime

    @classmethod
    def of(cls, view: kept.View, who: Person) -> View:
        """As it is sent."""
        looks = Looks.model_validate(view.looks)
        return cls(
            id=view.id, name=view.name, shared=view.shared, search=view.search, looks=looks, author=view.author,
            mine=view.user == who.id, updated=view.updated,
        )  # fmt: skip


@router.get("/api/journeys/{journey}/views", summary="Views", responses=said(404))
def views(journey: str, studio: Here, who: Who) -> list[View]:
    """One's own and those that others share, by name."""
    studio.workspace.journeys.seq(journey)  # that it is there
    return [View.of(view, who) for view in studio.views.list(journey, who)]


@router.post("/api/journeys/{journey}/views", summary="Keep a view", responses=said(404), status_code=201)
def keep(journey: str, given: NewView, studio: Here, who: Who) -> View:
    """One's own of this name is replaced. Editors may share theirs."""
    studio.workspace.journeys.seq(journey)
    if given.shared:
        _may(studio, journey, who, "editor", "share a view")
    looks = given.looks.model_dump(mode="json")
    view = studio.views.keep(journey, who, given.name, shared=given.shared, search=given.search, looks=looks)
    if given.shared:
        studio.audit(who, "view_shared", journey, name=view.name)
    return View.of(view, who)


@router.delete("/api/journeys/{journey}/views/{view}", summary="Remove a view", responses=said(404), status_code=204)
def remove(journey: str, view: int, studio: Here, who: Who) -> None:
    """One's own; owners of the journey also those that others share."""
    found = studio.views.get(journey, view, who)
    if found.user != who.id:
        _may(studio, journey, who, "owner", "remove another's view")
        studio.audit(who, "view_removed", journey, name=found.name)
    studio.views.remove(journey, view, who)


def _may(studio: Studio, journey: str, who: Person, need: Literal["editor", "owner"], what: str) -> None:
    role = studio.accounts.role_in(who, journey)
    if not reaches(role, need):
        raise RefusedError(403, f"only {need}s {what}, and you are here as {role}", "ask an owner or an admin")
