"""Makers of what customers said (feedback) and of numbers that somebody else computed (metrics)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from desirepath.intake import instants
from desirepath.intake.frame import Frame, Mask, stamps
from desirepath.intake.makers import NOT_A_NUMBER, Maker, Numbering, customers
from desirepath.intake.mapping import Feedback, Score, bounds
from desirepath.intake.plan import Plan

NOTHING_SAID = "no text and no score"
_TEXTS = ("touchpoint", "language", "about", "author")


class FeedbackMaker(Maker):
    """Feedback: a row needs a text, or a score within its scale. Time, customer, case and touchpoint may lack."""

    table = "feedback"

    @property
    def stride(self) -> int:
        """One for each part of the mapping."""
        return len(self.block.feedback)

    def prepare(self, plan: Plan) -> None:
        """Ids, texts, numbers and times that the block names."""
        for k, part in enumerate(self.block.feedback):
            for out in ("text", *_TEXTS):
                if (cell := getattr(part, out)) is not None:
                    plan.text(f"{out}{k}", cell)
            if part.kind.constant is None:
                plan.text(f"kind{k}", part.kind)
            for out, cell in (("id", part.id), ("case", part.case or self.block.case)):
                if cell is not None:
                    plan.key(f"{out}{k}", cell)
            if (who := part.customer or self.block.customer) is not None:
                plan.customer(f"customer{k}", who)
            if (at := part.at or self.block.at) is not None:
                self._time(plan, f"t{k}", at)
            if part.score is not None:
                self._number(plan, f"score{k}", part.score)
        self._dimensions(plan)

    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that the frame yields; what yields none becomes a fault."""
        lost = np.ones(frame.n, bool)
        scored = [self._scores(frame, k, part.score) for k, part in enumerate(self.block.feedback)]
        for k in range(self.stride):
            lost &= ~(frame.valid(f"text{k}") | scored[k][0])
        made = [self._one(frame, numbering, k, scored[k][0]) for k in range(self.stride)]
        blamed = lost.copy()
        for (_, outside, unread), part in zip(scored, self.block.feedback, strict=True):
            for bad, reason in ((outside, _outside(part.score)), (unread, NOT_A_NUMBER)):
                frame.fault(bad & blamed, reason, part.score, whole=True)
                frame.fault(bad & ~lost, reason, part.score, whole=False)
                blamed &= ~bad
        frame.fault(blamed, NOTHING_SAID, self.block.feedback[0].text or self.block.feedback[0].score, whole=True)
        return pa.concat_tables(made) if len(made) > 1 else made[0]

    def _scores(self, frame: Frame, k: int, score: Score | None) -> tuple[Mask, Mask, Mask]:
        """Where there is a good score, one outside its scale, and one that is no number."""
        nowhere = np.zeros(frame.n, bool)
        if score is None:
            return nowhere, nowhere, nowhere
        low, high = sorted(bounds(score.scale) or (0.0, 0.0))
        given = frame.valid(f"score{k}")
        value = pc.fill_null(frame.column(f"score{k}"), 0.0).to_numpy()
        inside = (value >= low) & (value <= high)
        return given & inside, given & ~inside, frame.flag(f"score{k}_bad")

    def _one(self, frame: Frame, numbering: Numbering, k: int, good_score: Mask) -> pa.Table:
        part: Feedback = self.block.feedback[k]
        yields = frame.valid(f"text{k}") | good_score
        rows = pa.array(numbering.rows(frame, self.stride, k))
        own = pc.binary_join_element_wise(str(numbering.import_id), rows.cast(pa.string()), "-")
        columns = {
            "row": rows,
            "id": pc.coalesce(frame.column(f"id{k}").combine_chunks(), own),
            "kind": part.kind.constant or pc.fill_null(frame.column(f"kind{k}"), "survey"),
            "score": pa.nulls(frame.n, pa.float64()),
            "scale": pa.nulls(frame.n, pa.string()),
            "at": pa.nulls(frame.n, pa.timestamp("us", tz="UTC")),
            "source": numbering.source,
        }
        for out in ("text", "customer", "case", *_TEXTS):
            columns[out] = frame.column(f"{out}{k}")
        if part.score is not None:
            mask = pa.array(good_score)
            columns["score"] = pc.if_else(mask, frame.column(f"score{k}").combine_chunks(), None)
            columns["scale"] = pc.if_else(mask, part.score.scale, pa.scalar(None, pa.string()))
        if (at := part.at or self.block.at) is not None:
            found = frame.instants(f"t{k}")
            columns["at"] = stamps(found.utc, found.state == instants.OK)
            frame.time_faults(yields, found, at, whole=False)
        who = part.customer or self.block.customer
        if who is not None:
            before = len(frame.faults)
            customers(frame, who, f"customer{k}", keep=True)
            frame.faults[before:] = [f for f in frame.faults[before:] if yields[f.positions].all()]
        return self._rows(frame, yields, columns)


class MetricsMaker(Maker):
    """Metrics: a row needs a name, a period and a value."""

    table = "metrics"

    @property
    def stride(self) -> int:
        """One for each part of the mapping."""
        return len(self.block.metrics)

    def prepare(self, plan: Plan) -> None:
        """Ids, texts, numbers and times that the block names."""
        for k, part in enumerate(self.block.metrics):
            self._time(plan, f"from{k}", part.start, part.every)
            if part.to is not None:
                self._time(plan, f"to{k}", part.to)
            if part.metric.constant is None:
                plan.text(f"metric{k}", part.metric)
            for out in ("stage", "touchpoint"):
                if (cell := getattr(part, out)) is not None:
                    plan.text(f"{out}{k}", cell)
            for out in ("value", "n"):
                if (cell := getattr(part, out)) is not None:
                    self._number(plan, f"{out}{k}", cell)
        self._dimensions(plan)

    def make(self, frame: Frame, numbering: Numbering) -> pa.Table:
        """The rows that the frame yields; what yields none becomes a fault."""
        made = []
        lost = np.ones(frame.n, bool)
        for k, part in enumerate(self.block.metrics):
            start = frame.instants(f"from{k}")
            end = frame.instants(f"from{k}", f"from{k}_end") if part.to is None else frame.instants(f"to{k}")
            named = np.ones(frame.n, bool) if part.metric.constant is not None else frame.valid(f"metric{k}")
            timed = (start.state == instants.OK) & ((end.state == instants.OK) | (part.to is None))
            yields = timed & named & frame.valid(f"value{k}") & (end.utc > start.utc)
            if lost.any():
                self._blame(frame, k, lost & ~yields, timed, named, end.utc > start.utc)
            lost &= ~yields
            columns = {
                "row": pa.array(numbering.rows(frame, self.stride, k)),
                "metric": part.metric.constant or frame.column(f"metric{k}"),
                "from": stamps(start.utc),
                "to": stamps(end.utc),
                "value": frame.column(f"value{k}", pa.float64()),
                "n": pc.round(frame.column(f"n{k}", pa.float64())),
                "source": numbering.source,
            }
            for out in ("stage", "touchpoint"):
                columns[out] = frame.column(f"{out}{k}")
            made.append(self._rows(frame, yields, columns))
        frame.faults = [f for f in frame.faults if not f.whole or lost[f.positions].all()]
        return pa.concat_tables(made)

    def _blame(self, frame: Frame, k: int, lost: Mask, timed: Mask, named: Mask, forwards: Mask) -> None:
        part = self.block.metrics[k]
        found = frame.instants(f"from{k}")
        frame.time_faults(lost & (found.state != instants.OK), found, part.start, whole=True)
        rest = lost & (found.state == instants.OK)
        if part.to is not None:
            end = frame.instants(f"to{k}")
            frame.time_faults(rest & (end.state != instants.OK), end, part.to, whole=True)
        rest &= timed
        frame.fault(rest & ~named, "no name of the metric", part.metric, whole=True)
        rest &= named
        valued = frame.valid(f"value{k}")
        frame.fault(rest & ~valued & frame.flag(f"value{k}_bad"), NOT_A_NUMBER, part.value, whole=True)
        frame.fault(rest & ~valued & ~frame.flag(f"value{k}_bad"), "no value", part.value, whole=True)
        frame.fault(rest & valued & ~forwards, "the period ends before it begins", part.to or part.start, whole=True)


def _outside(score: Score | None) -> str:
    if score is None:
        return NOT_A_NUMBER
    low, high = sorted(bounds(score.scale) or (0.0, 0.0))
    return f"outside its scale {score.scale} ({low:g}–{high:g})"
