"""The map as text: a Mermaid `journey` diagram, and a Markdown page around it with stages, findings and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desirepath.insight.model import MapData
from desirepath.journey import mermaid
from desirepath.render.view import Item, View


def diagram(data: MapData, language: str) -> str:
    """The journey as Mermaid, its scores taken from the measured emotions."""
    felt = {t.id: t.emotion.score for t in data.touchpoints if t.emotion.score is not None}
    return mermaid.write(data.journey, felt, language)


def document(data: MapData, view: View) -> str:
    """A Markdown page."""
    names = list(dict.fromkeys(figure.label for column in view.columns for figure in column.figures))
    rows = []
    for column in view.columns:
        figures = {figure.label: figure.text for figure in column.figures}
        rows.append([column.name, *(figures.get(name, "") for name in names)])
    parts = [
        f"# {_plain(view.title)}",
        _plain(view.goal),
        _plain(" · ".join(part for part in (view.period, *view.filters) if part)),
        _table([fact.label for fact in view.facts], [[fact.text for fact in view.facts]]),
        f"```mermaid\n{diagram(data, view.language).strip()}\n```",
        _table(["", *names], rows),
        *_list(view.words["findings"], view.findings),
        *_list(view.words["missing_from_map"], view.missing),
        *_list(view.words["never_walked"], view.never_walked),
        *_lines(view.words["coverage"], [f"{f.label}: {f.text} ({f.tip})" for f in view.coverage]),
        *_lines(view.words["caveats"], view.notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(title: str, items: Sequence[Item]) -> Iterable[str]:
    return _lines(title, [f"{item.text} ({item.detail})" if item.detail else item.text for item in items])


def _lines(title: str, lines: Sequence[str]) -> Iterable[str]:
    if lines:
        yield f"## {_plain(title)}"
        yield "\n".join(f"- {_plain(line)}" for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Text that Markdown takes as text."""
    for sign in "\\`*_<>[]":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())
