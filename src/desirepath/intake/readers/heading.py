"""What stands above an interview: lines "key: value" before the first blank line, or between lines of `---`.

A block without such fences is a heading if one of its keys is one that headings have (`KEYS`) and none comes twice, as
"Anna: Fine." is written alike; else only its first lines with such keys are. Titles ("# Interview 7") may stand above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from desirepath.intake.guess_names import fit
from desirepath.intake.readers.wording import ends, goes_on, line_of
from desirepath.intake.speakers import role

_KEYS = """date time datetime day touchpoint channel language market region country city town location place store
    branch product segment persona age gender device study project method duration session kind type title id
    дата время язык рынок регион страна город место магазин канал продукт сегмент персона возраст пол устройство
    исследование проект метод длительность тип вид заголовок
    日期 时间 語言 语言 触点 渠道 市场 地区 国家 城市 地点 门店 产品 年龄 性别 设备 项目 研究 方法 时长 类型 标题
    時間 觸點 通路 市場 地區 國家 地點 門店 產品 年齡 性別 設備 項目 時長 類型 標題
    data hora idioma língua lingua mercado região regiao país pais cidade local loja canal produto segmento idade gênero
    genero dispositivo estudo projeto método metodo duração duracao sessão sessao tipo título titulo"""
KEYS = frozenset(_KEYS.split())
_PAIR = re.compile(r"(?P<key>[^\W\d_][^:：]{0,39}?)\s*[:：]\s*(?P<value>.*)")
_FENCE, _FENCE_END = re.compile(r"-{3,}\s*"), re.compile(r"(?:-{3,}|\.{3})\s*")
_MOST = 60  # lines
_LONGEST = 200  # characters of a value
_SHORT_ID = re.compile(r"(?=.*\d)\S{2,40}")


@dataclass
class Heading:
    """The values by their keys, and whether fences stood around them."""

    values: dict[str, str | None] = field(default_factory=dict)
    fenced: bool = False


class Top:
    """Lines with their numbers, of which `heading` is taken off the top before the first is given."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._rest = iter(lines)
        self.heading, self._first = _split(self._rest)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        yield from self._first
        yield from self._rest


def _split(lines: Iterator[tuple[int, str]]) -> tuple[Heading, list[tuple[int, str]]]:
    """The heading, and the lines that were looked at and are none of it."""
    titles, block = list[tuple[int, str]](), list[tuple[int, str]]()
    fence = list[tuple[int, str]]()
    for number, raw in lines:
        plain = line_of(raw)
        if fence and _FENCE_END.fullmatch(raw):
            values = _values([raw for _, raw in block])
            return (Heading(values, True), titles) if values else (Heading(), [*titles, *fence, *block, (number, raw)])
        if not fence and not block and _FENCE.fullmatch(raw):
            fence.append((number, raw))
        elif not fence and not block and (not plain.text or plain.level):
            titles.append((number, raw))
        elif fence or raw.strip():
            block.append((number, raw))
        else:
            return _unfenced(titles, [*block, (number, raw)])
        if len(block) > _MOST or len(titles) > _MOST:
            break
    return (Heading(), [*titles, *fence, *block]) if fence else _unfenced(titles, block)


def _unfenced(titles: list[tuple[int, str]], block: list[tuple[int, str]]) -> tuple[Heading, list[tuple[int, str]]]:
    """The whole block, or its first lines as far as their keys are just those of headings."""
    lines = [line_of(raw).text for _, raw in block]
    pairs = [_PAIR.fullmatch(line) for line in lines if line]
    found = [(pair["key"].casefold(), pair["value"]) for pair in pairs if pair is not None]
    short = all(len(value) <= _LONGEST for _, value in found)
    said = any(ends(value) for _, value in found)
    taken = 0
    if short and len({key for key, _ in found}) == len(pairs) and any(_known(key, value, said) for key, value in found):
        taken = len(block)
    else:
        for line, after in pairwise([*lines, ""]):
            pair = _PAIR.fullmatch(line)
            broken = goes_on(line, after) and _PAIR.fullmatch(after) is None
            if pair is None or pair["key"].casefold() not in KEYS or broken:
                break
            taken += 1
    return Heading(_values([raw for _, raw in block[:taken]])), [*titles, *block[taken:]]


def _known(key: str, value: str, said: bool) -> bool:
    """Whether headings have such a key; "participant" is one with an id as its value, where nobody says a sentence."""
    words = re.split(r"[\s_-]+", key.casefold())
    if key.casefold() in KEYS or words[-1] in KEYS or words[0] in KEYS:
        return role(key) is None
    who = role(key) == "customer" or fit(key, "customer") > 0.9
    return who and not said and _SHORT_ID.fullmatch(value) is not None


def _values(block: list[str]) -> dict[str, str | None]:
    """The values by key; a line that is no pair goes on with the value before it, a key that comes again adds to it.

    Nothing where the block begins with something else.
    """
    found = dict[str, str | None]()
    keys = dict[str, str]()
    last: str | None = None
    for raw in block:
        line = line_of(raw)
        pair = None if last is not None and raw[:1].isspace() else _PAIR.fullmatch(line.text)
        if pair is not None:
            last = keys.setdefault(pair["key"].casefold(), pair["key"])
        if not line.text or line.level:
            continue
        if last is None:
            return {}
        value = (pair["value"] if pair is not None else line.text).strip().strip("\"'") or None
        before = found.get(last)
        found[last] = f"{before}, {value}" if before and value else before or value
    return found
