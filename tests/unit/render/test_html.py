"""The map as one file: it needs nothing else, runs nothing but its own program, and keeps people's words as words."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from desirepath.insight.model import MapData
from desirepath.render import html
from desirepath.render.build import build_view
from desirepath.texts import LANGUAGES

HOSTILE = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"'`{{program}}<!-- \u2028"


class Parts(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.elements and self.lasttag in self.raw and self.raw[self.lasttag]:
            self.raw[self.lasttag][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.lasttag = ""


@pytest.fixture(scope="module")
def page(cafe: MapData) -> str:
    return html.page({tag: build_view(cafe, tag) for tag in LANGUAGES})


def island(page: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Parts(page).raw["script"][0])
    return data


def test_the_page_carries_every_language_and_starts_with_the_first(page: str) -> None:
    data = island(page)
    assert list(data["views"]) == list(LANGUAGES)
    assert data["language"] == "en" and '<html lang="en" dir="ltr">' in page
    assert data["views"]["ru"]["title"] == "Покупка кофе"


def test_nothing_is_fetched(page: str) -> None:
    for tag, attributes in Parts(page).elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not {"src", "href", "srcset", "action"} & attributes.keys(), tag
    own = "".join(Parts(page).raw["style"] + Parts(page).raw["script"][1:])
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", own)
    assert set(re.findall(r"https?://[^\s\"'`)]+", own)) == {"http://www.w3.org/2000/svg"}


def test_only_the_pages_own_program_and_style_may_run(page: str) -> None:
    parts = Parts(page)
    policy = next(a["content"] or "" for t, a in parts.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for kind, text in (("script", parts.raw["script"][1]), ("style", parts.raw["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_there_are_no_inline_handlers_and_no_markup_from_strings(page: str) -> None:
    assert not [a for _, attributes in Parts(page).elements for a in attributes if a.startswith("on") or a == "style"]
    program = Parts(page).raw["script"][1]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", program)


def hostile(cafe: MapData) -> MapData:
    first = cafe.journey.stages[0]
    stage = first.model_copy(
        update={
            "name": HOSTILE,
            "cards": (first.cards[0].model_copy(update={"text": HOSTILE}),),
            "touchpoints": (first.touchpoints[0].model_copy(update={"name": HOSTILE}), *first.touchpoints[1:]),
        }
    )
    journey = cafe.journey.model_copy(
        update={"title": HOSTILE, "goal": HOSTILE, "stages": (stage, *cafe.journey.stages[1:])}
    )
    event = {**cafe.conformance.missing_from_map[0], "event": HOSTILE}
    return replace(
        cafe, journey=journey, conformance=replace(cafe.conformance, missing_from_map=(event,)), notes=(HOSTILE,)
    )


def test_what_people_wrote_stays_text(cafe: MapData, page: str) -> None:
    written = html.page(build_view(hostile(cafe), "en"))
    assert [tag for tag, _ in Parts(written).elements].count("script") == 2
    assert "<img" not in written
    view = island(written)["views"]["en"]
    assert view["title"] == view["columns"][0]["name"] == view["missing"][0]["text"] == view["notes"][0] == HOSTILE
    assert Parts(written).raw["script"][1] == Parts(page).raw["script"][1]


def test_a_reader_without_scripts_sees_stages_and_findings(page: str) -> None:
    outline = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "Buying coffee" in outline and "Drop-off 31.4%" in outline
    assert "31% go no further than “Choosing”" in outline


def test_the_same_map_gives_the_same_bytes(cafe: MapData, tmp_path: Path) -> None:
    view = build_view(cafe, "ru")
    html.write(view, tmp_path / "a.html", form="flow")
    html.write(build_view(cafe, "ru"), tmp_path / "b.html", form="flow")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert island((tmp_path / "a.html").read_text("utf-8"))["form"] == "flow"
