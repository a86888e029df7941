"""What a reader finds when a touchpoint, a card or a finding is opened: one line a fact, only those that are known."""

from __future__ import annotations

from dataclasses import replace

from desirepath.insight.model import Finding, MapData, TouchpointView
from desirepath.journey.model import EVERYONE, Card, Touchpoint
from desirepath.locale import has, numbers, say
from desirepath.render import figures
from desirepath.render.evidence import evidence
from desirepath.render.view import Figure
from desirepath.texts import Text, pick


def place(data: MapData, stage: int | None, touchpoint: Touchpoint | None, language: str) -> str:
    """`Choosing · Menu board`."""
    names = [pick(data.journey.stages[stage].name, language)] if stage is not None else []
    if touchpoint is not None:
        names.append(pick(touchpoint.name, language))
    return " · ".join(names)


def reach(data: MapData, walked: TouchpointView, language: str) -> str:
    """`61% of cases`; of a touchpoint that is only spoken about, how many answers; else that nobody walks it."""
    if walked.cases:
        return say("line.reach", language, share=walked.cases / max(data.cases, 1))
    if walked.emotion.n:
        return say("line.answers", language, n=walked.emotion.n)
    return say("frame.not_walked", language)


def touchpoint_facts(data: MapData, drawn: Touchpoint, walked: TouchpointView, language: str) -> tuple[Figure, ...]:
    """Measured first, then what the team wrote."""
    return (*_walked_facts(data, walked, language), *_drawn_facts(data, drawn, language))


def _walked_facts(data: MapData, walked: TouchpointView, language: str) -> list[Figure]:
    def label(key: str) -> str:
        return say(f"frame.{key}", language)

    why = reason(walked.verdict_reason, walked.verdict, language)
    facts = [Figure("verdict", label("verdict"), say(f"badge.{walked.verdict}", language), why)]
    if walked.cases:
        share = walked.cases / max(data.cases, 1)
        facts += [
            Figure(
                "reach",
                label("reach"),
                numbers.share(share, language),
                say("line.cases", language, n=walked.cases),
                bar=share,
                definition=figures.definition("reach", language),
            ),
            figures.count("customers_here", label("customers"), walked.customers, language),
            figures.count("events_here", label("events"), walked.events, language),
        ]
    if walked.emotion.score is not None or walked.emotion.withheld:
        facts.append(figures.emotion(walked.emotion, language))
    if walked.wait_before.median_s is not None:
        facts.append(figures.wait("wait_before", label("wait_before"), walked.wait_before, language))
    if walked.repeat_rate.value is not None:
        facts.append(figures.estimate("repeat_rate", label("repeat_rate"), walked.repeat_rate, language, bar=True))
    facts += [
        figures.estimate(name, figures.name_of("kpi", name, language), value, language)
        for name, value in walked.kpis.items()
        if name != "emotion"
    ]
    for key in ("first_seen", "last_seen"):
        day = getattr(walked, key)
        if day:
            facts.append(Figure(key, label(key), numbers.date(day, language)))
    return facts


def _drawn_facts(data: MapData, drawn: Touchpoint, language: str) -> list[Figure]:
    feelings = [
        _assumption(data, persona, figures.name_of("feeling", feeling, language), language)
        for persona, feeling in drawn.assumed_feeling.items()
    ]
    scores = [
        _assumption(data, persona, numbers.score(score, language), language)
        for persona, score in drawn.assumed_emotion.items()
    ]
    channel = figures.name_of("channel", drawn.channel, language) if drawn.channel else ""
    return _lines(
        language,
        channel=channel,
        importance=say(f"importance.{drawn.importance}", language),
        owner=drawn.owner,
        description=drawn.description,
        context=drawn.context,
        assumed=", ".join(scores),
        feeling=", ".join(feelings),
    )


def _assumption(data: MapData, persona: str, what: str, language: str) -> str:
    return f"{persona_name(data, persona, language)}: {what}"


def persona_name(data: MapData, id_: str, language: str) -> str:
    """The persona's name; `all` stands for everybody."""
    if id_ == EVERYONE:
        return say("frame.everyone", language)
    return next((pick(p.name, language) for p in data.journey.personas if p.id == id_), id_)


def card_facts(data: MapData, card: Card, why: str, verdict: str, language: str) -> tuple[Figure, ...]:
    """Who it is about, its verdict, and what it rests on."""
    lines = _lines(
        language,
        persona=persona_name(data, card.persona, language) if card.persona else "",
        feeling=figures.name_of("feeling", card.feeling, language) if card.feeling else "",
        assumed=numbers.score(card.emotion, language) if card.emotion is not None else "",
        author=card.author,
    )
    badge = Figure(
        "verdict",
        say("frame.verdict", language),
        say(f"badge.{verdict}", language),
        reason(why, verdict, language),
    )
    return (badge, *lines, *evidence(card.evidence, language))


def finding_facts(finding: Finding, language: str) -> tuple[Figure, ...]:
    """What weighs a finding: reach, severity, outcome lost, confidence, then its evidence."""
    severity = finding.severity
    lines = [
        Figure(
            "share",
            say("frame.share", language),
            numbers.share(finding.share, language),
            say("line.cases", language, n=finding.cases),
            bar=finding.share,
        ),
        figures.count("customers_here", say("frame.customers", language), finding.customers, language),
        Figure("severity", say("frame.severity", language), numbers.share(severity, language), bar=severity),
    ]
    if finding.outcome_lost.value is not None:
        label = say("frame.outcome_lost", language)
        lost = figures.estimate("outcome_lost", label, finding.outcome_lost, language)
        lines.append(replace(lost, text=say("line.cases", language, n=round(finding.outcome_lost.value))))
    label = say("frame.confidence", language)
    sure = Figure("confidence", label, numbers.share(finding.confidence, language), bar=finding.confidence)
    return (*lines, sure, *evidence(finding.evidence, language))


def reason(key: str, verdict: str, language: str) -> str:
    """Why a verdict is what it is."""
    return say(key if has(key) else f"badge.{verdict}.why", language)


def _lines(language: str, **texts: Text | None) -> list[Figure]:
    return [
        Figure(key, say(f"frame.{key}", language), text)
        for key, value in texts.items()
        if (text := pick(value, language))
    ]
