"""A quote or an observation written by hand becomes one piece of feedback, on the same path as any other."""

from __future__ import annotations

from datetime import UTC, datetime

from desirepath.database.database import Database
from desirepath.errors import IntakeError, did_you_mean
from desirepath.intake.engine import engine
from desirepath.intake.mapping import FEEDBACK_KINDS, Block, bounds
from desirepath.intake.pipeline import Input, Run
from desirepath.intake.replay import ReplayTable
from desirepath.lake.lake import PATIENCE_S, Lake

SOURCE = "notes"


def note(
    lake: Lake,
    database: Database,
    text: str,
    *,
    kind: str = "observation",
    touchpoint: str | None = None,
    customer: str | None = None,
    case: str | None = None,
    at: datetime | str | None = None,
    score: float | None = None,
    scale: str | None = None,
    author: str | None = None,
    language: str | None = None,
    about: str | None = None,
    customer_type: str = "customer",
    wait_s: float = PATIENCE_S,
) -> str:
    """Keeps a note and gives its id; without `at` it is of now. A time without offset is UTC.

    Waits up to `wait_s` seconds for whoever writes into the lake, then raises `LakeBusyError`.
    """
    if not text.strip() and score is None:
        raise IntakeError("a note needs a text or a score")
    if kind not in FEEDBACK_KINDS:
        raise IntakeError(
            f"'{kind}' is no kind of feedback", hint=did_you_mean(kind, FEEDBACK_KINDS) or ", ".join(FEEDBACK_KINDS)
        )
    if score is not None and (scale is None or bounds(scale) is None):
        raise IntakeError("a score needs its scale", hint="nps, csat5, csat7, ces7, stars, thumbs or WORST..BEST")
    moment = at if at is not None else datetime.now(UTC)
    given = {
        "text": text.strip() or None,
        "at": moment.isoformat() if isinstance(moment, datetime) else moment,
        "score": None if score is None else repr(float(score)),
        "touchpoint": touchpoint,
        "customer": customer,
        "case": case,
        "author": author,
        "language": language,
        "about": about,
    }
    block = _block(kind, customer_type, scale, {k for k, v in given.items() if v is not None})
    with engine() as con, lake.begin(SOURCE, wait_s=wait_s) as target:
        run = Run(lake, database, con, target, SOURCE)
        run.inputs(block, [Input("note", ReplayTable([given], [None]), 0, None)], ())
        summary = run.summary(("note",), (), dry_run=False)
        if not summary.feedback or summary.cells:
            reasons = ", ".join(summary.reasons | summary.cells)
            raise IntakeError(f"the note cannot be kept: {reasons}", where=text[:60])
        target.commit(summary.to_json())
        return f"{target.id}-0"


def _block(kind: str, customer_type: str, scale: str | None, given: set[str]) -> Block:
    feedback: dict[str, object] = {"kind": kind} | {k: {"column": k} for k in given - {"score", "customer"}}
    if "score" in given:
        feedback["score"] = {"column": "score", "scale": scale}
    if "customer" in given:
        feedback["customer"] = {"column": "customer", "type": customer_type}
    return Block.model_validate({"source": SOURCE, "kind": "feedback", "feedback": feedback})
