"""`build_view`: the living map → the picture, in one language.

Whatever the formats share is decided here once: the order of figures, what a lane holds, where the curve has points and
gaps, which steps count as drawn.
"""

from __future__ import annotations

from desirepath.insight.model import Estimate, MapData, StageView
from desirepath.locale import catalogue, nearest, numbers, say
from desirepath.render import coverage, figures, flow, lanes
from desirepath.render.curves import curves
from desirepath.render.facts import persona_name, place, reason, touchpoint_facts
from desirepath.render.view import Column, Figure, Item, View
from desirepath.texts import pick

_RTL = {"ar", "fa", "he", "ur"}
_VERDICTS = ("supported", "contradicted", "stale", "no_data")


def build_view(data: MapData, language: str = "en") -> View:
    """The picture of `data` in `language`, any BCP 47 tag; beyond the four of the interface the frame is English."""
    journey = data.journey
    return View(
        language=language,
        direction="rtl" if language.split("-")[0] in _RTL else "ltr",
        title=pick(journey.title, language),
        goal=pick(journey.goal, language),
        facts=_facts(data, language),
        filters=_filters(data, language),
        personas=tuple(_persona(p, language) for p in journey.personas),
        columns=tuple(_column(data, i, language) for i in range(len(data.stages))),
        rows=lanes.rows(data, language),
        curves=(*curves(data, language), *coverage.reweighted(data, language)),
        findings=lanes.findings(data, language),
        missing=tuple(_missing(data, m, language) for m in data.conformance.missing_from_map),
        never_walked=tuple(_never_walked(data, id_, language) for id_ in data.conformance.never_walked),
        nodes=flow.nodes(data, language),
        edges=flow.edges(data, language),
        moments=flow.moments(data, language),
        notes=tuple(say(c["key"], language, **c["params"]) for c in data.caveats) or data.notes,
        words=words(language),
        period=_period(data, language),
        scope=pick(journey.scope, language),
        verdicts=_verdicts(data, language),
        sources=tuple(_source(i, s, language) for i, s in enumerate(data.sources)),
        conformance=_conformance(data, language),
        voice=_voice(data, language),
        coverage=coverage.figures_of(data, language),
        version=data.version,
    )


def words(language: str) -> dict[str, str]:
    """The labels of the frame, the lanes and the verdicts, by key (`emotion_curve`, `lane.actions`, `badge.stale`)."""
    messages = catalogue(nearest(language))
    kept = {key: text for key, text in messages.items() if key.split(".")[0] in ("frame", "lane", "badge")}
    return {key.removeprefix("frame."): text for key, text in kept.items() if isinstance(text, str)}


def _facts(data: MapData, language: str) -> tuple[Figure, ...]:
    def label(key: str) -> str:
        return say(f"frame.{key}", language)

    facts = [
        figures.count("customers", label("customers"), data.customers, language),
        figures.count("cases", label("cases"), data.cases, language),
        figures.count("events", label("events"), data.events, language),
        figures.estimate("following", label("following"), data.conformance.fitting_share, language),
    ]
    if data.journey.end is not None and "conversion" not in data.kpis:
        facts.append(figures.estimate("completed", label("completed"), data.completed, language))
    facts += _kpis(data.kpis, language)
    if data.emotion.score is not None:
        facts.append(figures.emotion(data.emotion, language))
    return tuple(facts)


def _conformance(data: MapData, language: str) -> tuple[Figure, ...]:
    shares = {
        "following": data.conformance.fitting_share,
        "backtracking": data.conformance.backtracking,
        "skipping": data.conformance.skipping,
        "late_start": data.conformance.late_start,
    }
    lines = [
        figures.estimate(id_, say(f"frame.{id_}", language), share, language, bar=True) for id_, share in shares.items()
    ]
    unmatched = data.unmatched
    tip = say("line.out_of", language, part=unmatched.events, whole=data.events)
    label = say("frame.unmatched_events", language)
    text = numbers.percent(unmatched.share, language)
    meaning = figures.definition("unmatched", language)
    return (*lines, Figure("unmatched", label, text, tip, bar=unmatched.share, definition=meaning))


def _voice(data: MapData, language: str) -> tuple[Figure, ...]:
    """How much was said, and how much of it has a place on the map."""
    counts, total = data.feedback, data.feedback.get("total", 0)
    shown = [
        ("total", "feedback"),
        ("placed", "placed"),
        ("undated", "undated"),
        ("without_customer", "without_customer"),
    ]
    return tuple(
        figures.count(key, say(f"frame.{word}", language), counts[key], language, bar=counts[key] / total)
        for key, word in shown
        if total and key in counts
    )


def _verdicts(data: MapData, language: str) -> tuple[Figure, ...]:
    counts = {v: sum(t.verdict == v for t in data.touchpoints) for v in _VERDICTS}
    whole = max(len(data.touchpoints), 1)
    return tuple(
        figures.count(v, say(f"badge.{v}", language), n, language, tip=say(f"badge.{v}.why", language), bar=n / whole)
        for v, n in counts.items()
    )


def _column(data: MapData, index: int, language: str) -> Column:
    measured, stage = data.stages[index], data.journey.stages[index]
    return Column(
        id=measured.id,
        name=pick(stage.name, language),
        goal=pick(stage.customer_goal, language),
        figures=_stage_figures(measured, data.cases, language),
        verdict=measured.verdict,
        verdict_label=say(f"badge.{measured.verdict}", language),
        verdict_tip=reason(measured.verdict_reason, measured.verdict, language),
        description=pick(stage.description, language),
        owner=stage.owner or "",
        emotion=measured.emotion.score,
        share=measured.entered / data.cases if data.cases else None,
    )


def _stage_figures(stage: StageView, cases: int, language: str) -> tuple[Figure, ...]:
    share = stage.entered / cases if cases else 0.0
    tip = say("line.reach", language, share=share)
    entered = figures.count("entered", say("frame.entered", language), stage.entered, language, tip=tip, bar=share)
    dropped = figures.estimate("drop_rate", say("frame.drop_off", language), stage.drop_rate, language, bar=True)
    dwell = figures.wait("dwell", say("frame.dwell", language), stage.dwell, language)
    return (entered, dropped, dwell, figures.emotion(stage.emotion, language), *_kpis(stage.kpis, language))


def _kpis(kpis: dict[str, Estimate], language: str) -> list[Figure]:
    """The KPIs that have a value or are withheld; emotion has a figure of its own."""
    return [
        figures.estimate(name, figures.name_of("kpi", name, language), value, language)
        for name, value in kpis.items()
        if name != "emotion" and (value.value is not None or value.withheld)
    ]


def _persona(persona: object, language: str) -> dict[str, str]:
    from desirepath.journey.model import Persona

    assert isinstance(persona, Persona)
    lists = {
        key: " · ".join(pick(text, language) for text in getattr(persona, key))
        for key in ("goals", "needs", "challenges", "motives")
    }
    channels = ", ".join(figures.name_of("channel", c, language) for c in persona.preferred_channels)
    plain = {
        "id": persona.id,
        "name": pick(persona.name, language),
        "summary": pick(persona.summary, language),
        "preferred_channels": channels,
    }
    return {key: text for key, text in (plain | lists).items() if text}


def _filters(data: MapData, language: str) -> tuple[str, ...]:
    chosen = [f"{name} = {' / '.join(values)}" for name, values in data.filters.items()]
    if data.persona is not None:
        chosen.insert(0, f"{say('frame.persona', language)}: {persona_name(data, data.persona, language)}")
    if data.journey.state == "to_be":
        chosen.insert(0, say("frame.to_be", language))
    return tuple(chosen)


def _period(data: MapData, language: str) -> str:
    start, end = data.period.get("from"), data.period.get("to")
    end = numbers.last_day(end)
    if not start and not end:
        start, end = data.period.get("data_from"), data.period.get("data_to")
    if start and end:
        return say("line.period", language, start=start, end=end)
    if start:
        return say("line.since", language, start=start)
    return say("line.until", language, start=end) if end else say("frame.everything", language)


def _missing(data: MapData, event: dict[str, object], language: str) -> Item:
    share = float(str(event["share"]))
    stage = lanes.stage_index(data, event.get("suggested_stage"))
    channel = str(event.get("channel") or "")
    facts = [
        figures.count("cases_here", say("frame.cases", language), int(str(event["cases"])), language),
        figures.count("events_here", say("frame.events", language), int(str(event["count"])), language),
    ]
    if stage is not None:
        name = place(data, stage, None, language)
        facts.append(Figure("suggested_stage", say("frame.suggested_stage", language), name))
    return Item(
        id=f"event:{event['event']}",
        text=str(event["event"]),
        detail=say("line.reach", language, share=share),
        source="evidence",
        kind="event",
        stage=stage,
        channel=channel,
        share=share,
        facts=tuple(facts),
    )


def _never_walked(data: MapData, id_: str, language: str) -> Item:
    stage, touchpoint, measured = lanes.find(data, id_)
    return Item(
        id=id_,
        text=pick(touchpoint.name, language),
        detail=place(data, stage, None, language),
        source="document",
        verdict=measured.verdict,
        verdict_label=say(f"badge.{measured.verdict}", language),
        kind="touchpoint",
        place=place(data, stage, None, language),
        stage=stage,
        channel=touchpoint.channel or "",
        share=0.0,
        facts=touchpoint_facts(data, touchpoint, measured, language),
    )


def _source(index: int, source: dict[str, object], language: str) -> Item:
    events, feedback = int(str(source.get("events") or 0)), int(str(source.get("feedback") or 0))
    start, end = source.get("from"), source.get("to")
    lines = [figures.count("events_here", say("frame.events", language), events, language)] if events else []
    if feedback:
        lines.append(figures.count("feedback", say("frame.feedback", language), feedback, language))
    period = say("line.period", language, start=str(start), end=str(end)) if start and end else ""
    counts = [f"{line.label} {line.text}" for line in lines]
    return Item(
        id=f"source:{index}",
        text=str(source["source"]),
        detail=" · ".join(filter(None, [*counts, period])),
        source="evidence",
        kind="source",
        facts=tuple(lines),
    )
