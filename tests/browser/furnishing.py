"""Something of every kind in a studio, so that no page is empty and everything has something to act on."""

from __future__ import annotations

from pathlib import Path

from tests.browser.serving import Served

from desirepath.journey import templates
from desirepath.journey.model import Journey
from desirepath.journey.ops import Add, Set


def furnish(served: Served, inbox: Path) -> dict[str, str]:
    """People, comments, views, links, notes, backups, watched folders; gives the secrets of links by their names."""
    studio, workspace = served.studio, served.workspace
    ada, bo = studio.accounts.any_admin(), served.invite("Bo", "viewer")
    studio.accounts.invite("Cleo", "viewer")
    studio.accounts.add_token(ada, "Nightly report", "viewer", None)
    studio.voices.get().overview()
    for n in range(2):
        document = templates.load("cafe").model_copy(update={"id": f"to-go-{n}", "title": f"To go {n}"})
        workspace.add_journey(Journey.model_validate(document.model_dump()))
        comment = studio.comments.add("coffee", bo, f"Look here, {n}, @Ada", at="till", mentions=[ada.id])
        studio.comments.add("coffee", ada, "I see.", reply_to=comment.id)
        studio.views.keep("coffee", ada, f"By Ada {n}", shared=True, search="", looks={})
        (workspace.folder / "backups").mkdir(exist_ok=True)
        (workspace.folder / "backups" / f"2026-01-0{n + 1}T000000Z.zip").write_bytes(b"PK")
        (inbox / str(n)).mkdir()
        studio.watches.add(str(inbox / str(n)), 3600, mapping=None, replace=None, author="Ada")
    made = (("the board", "map", None), ("the partners", "map", "espresso"), ("the workshop", "notes", None))
    secrets = {
        name: studio.shares.add("coffee", kind, name, password=password, expires=None, author="Ada")[1]
        for name, kind, password in made
    }  # fmt: skip
    for n in range(8):
        studio.shares.stick(
            studio.shares.by_secret(secrets["the workshop"]), f"Note {n}", name=None, stage=None, lane=None
        )
    evidence = [{"url": f"https://example.org/{n}"} for n in range(4)]
    lane = Add(op="add", part="lane", value={"id": "partners", "name": "Partners"})
    rests = Set(op="set", part="card", id="c1", field="evidence", value=evidence, was=None)
    workspace.journeys.edit("coffee", [lane, rests], edit_id="furnishing")
    return secrets
