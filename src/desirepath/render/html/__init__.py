"""The map as one HTML file that needs nothing else: `html.write(views, path)`.

Style, program and data stand in the page; a content security policy lets only that program run and nothing be fetched.
The data is JSON in a script element that the browser does not run, its markup characters escaped, and the program puts
it on the page as text only, so whatever people wrote stays text.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from desirepath.render.view import View
from desirepath.texts import LANGUAGES

Form = Literal["matrix", "timeline", "flow"]

_STYLES = ("tokens", "frame", "matrix", "stack", "timeline", "flow", "panel", "print")
_PROGRAM = ("dom", "icons", "tip", "panel", "curve", "matrix", "stack", "timeline", "flow", "frame", "print", "main")


def page(views: View | Mapping[str, View], *, form: Form = "matrix") -> str:
    """The page's text. With several views (by language) the page can switch; the first is shown first."""
    by_language = {views.language: views} if isinstance(views, View) else dict(views)
    first = next(iter(by_language.values()))
    style = "\n".join(_asset(f"{name}.css") for name in _STYLES)
    program = '(() => {\n"use strict";\n' + "\n".join(_asset(f"{name}.js") for name in _PROGRAM) + "\n})();"
    data = {
        "form": form,
        "language": first.language,
        "names": LANGUAGES,
        "views": {tag: _plain(view) for tag, view in by_language.items()},
    }
    parts = {
        "language": html.escape(first.language),
        "direction": first.direction,
        "title": html.escape(first.title),
        "policy": f"default-src 'none'; img-src data:; script-src '{_hash(program)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "data": _island(data),
        "program": program,
        "outline": _outline(first),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))


def write(views: View | Mapping[str, View], path: str | Path, *, form: Form = "matrix") -> None:
    """Write the page to `path`."""
    Path(path).write_text(page(views, form=form), encoding="utf-8", newline="\n")


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _island(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _plain(value: Any) -> Any:
    """A view as JSON values, without what is empty."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {key: v for key, v in fields.items() if key == "y" or not (v is None or v is False or v == "")}
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


def _outline(view: View) -> str:
    """What a reader without scripts sees: the stages with their numbers, and the findings."""
    stages = "".join(
        f"<li><b>{html.escape(c.name)}</b> {html.escape(' · '.join(f'{f.label} {f.text}' for f in c.figures))}</li>"
        for c in view.columns
    )
    found = "".join(f"<li>{html.escape(item.text)}</li>" for item in view.findings)
    heading = html.escape(view.words["findings"])
    title, goal = html.escape(view.title), html.escape(view.goal)
    return f"<h1>{title}</h1><p>{goal}</p><ol>{stages}</ol><h2>{heading}</h2><ol>{found}</ol>"
