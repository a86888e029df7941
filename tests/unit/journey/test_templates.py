from collections.abc import Iterator
from functools import cache
from importlib import resources

import pytest
from pydantic import BaseModel

from desirepath.errors import JourneyError
from desirepath.journey import templates
from desirepath.journey.yaml import dump
from desirepath.texts import LANGUAGES

load = cache(templates.load)


def texts(value: object) -> Iterator[dict[str, str] | str]:
    """Every text that people read."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in ("title", "name", "text", "goal", "scope", "description", "summary", "customer_goal"):
                yield from [inner] if inner else []
            else:
                yield from texts(inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from [item] if isinstance(item, dict) and "en" in item else texts(item)


def test_there_are_eight_and_each_is_a_file() -> None:
    files = {f.name for f in resources.files(templates).iterdir() if f.name.endswith(".yaml")}
    assert {f"{name}.yaml" for name in templates.names()} == files
    assert len(files) == 8


@pytest.mark.parametrize("name", templates.names())
class TestEach:
    def test_it_is_whole(self, name: str) -> None:
        journey = load(name)
        assert journey.id == name
        assert journey.goal and journey.scope and journey.start and journey.end and journey.kpis
        assert 1 <= len(journey.personas) <= 3
        assert 5 <= len(journey.stages) <= 8
        for stage in journey.stages:
            assert stage.description and stage.customer_goal
            assert 2 <= len(stage.touchpoints) <= 5
            assert {"actions", "thoughts", "pain_points", "opportunities"} <= {card.lane for card in stage.cards}
            assert all(t.channel and t.match for t in stage.touchpoints)

    def test_every_text_is_in_every_language(self, name: str) -> None:
        found = list(texts(load(name)))
        assert len(found) > 60
        for text in found:
            assert isinstance(text, dict) and list(text) == list(LANGUAGES), text
            assert all(words.strip() for words in text.values())

    def test_chinese_is_in_its_own_script(self, name: str) -> None:
        for text in texts(load(name)):
            assert isinstance(text, dict)
            text["zh-Hans"].replace("·", "").encode("gb2312")
            text["zh-Hant"].encode("big5")

    def test_russian_is_in_cyrillic(self, name: str) -> None:
        for text in texts(load(name)):
            assert isinstance(text, dict)
            assert any("а" <= c.casefold() <= "я" for c in text["ru"]), text

    def test_the_file_is_written_as_dump_writes_it(self, name: str) -> None:
        content = resources.files(templates).joinpath(f"{name}.yaml").read_text("utf-8")
        assert dump(load(name)) == content


def test_an_unknown_template_lists_the_known_ones() -> None:
    with pytest.raises(JourneyError, match=r"(?s)no template 'caffe'.*did you mean 'cafe'"):
        templates.load("caffe")
    with pytest.raises(JourneyError, match=r"(?s)no template 'x'.*there are general, online-shop"):
        templates.load("x")
