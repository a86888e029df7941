"""What one cell of a map says: several items, a name with its channel, an emotion as number, word or face."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desirepath.journey.model import FEELINGS, Feeling
from desirepath.journey.sheet.words import plain

_BULLET = re.compile(r"^\s*(?:[•‣▪●◦■□○◆➢➤✓✔·]+|[*–—-]+(?=\s|$)|\(?\d{1,2}[.)、](?!\d)|[①-⑳])\s*")
_NUMBER = re.compile(r"^\s*([+\-−–]?\d+(?:[.,]\d+)?)\s*(?:(?:/|из|of)\s*(\d+))?(?![\w%])")
_CHANNEL = re.compile(r"^(?P<name>.+?)\s*[(（\[](?P<channel>[^()（）\[\]]{1,30})[)）\]]\s*$", re.S)

EMOTIONS: dict[int, str] = {
    2: "delighted excited thrilled happy_very very_happy very_positive very_satisfied love loves joyful amazed"
    " 非常满意 非常滿意 非常开心 非常開心 惊喜 驚喜 兴奋 興奮 很高兴 很高興 愉悦 愉悅"
    " восторг в_восторге счастлив очень_доволен радость очень_довольны восхищение",
    1: "happy satisfied pleased positive curious hopeful confident relieved glad interested good calm trust"
    " 满意 滿意 开心 開心 高兴 高興 积极 積極 好奇 期待 放心 安心 愉快 轻松 輕鬆"
    " доволен довольны рад интерес любопытство надежда спокойствие хорошо уверенность облегчение положительная доверие",
    0: "neutral indifferent ok okay fine mixed 中性 一般 平静 平靜 无所谓 無所謂 普通"
    " нейтрально нейтральная спокойно безразличие",
    -1: "unhappy sad annoyed confused anxious worried disappointed negative impatient bored uncertain unsure bad doubt"
    " 不满 不滿 困惑 焦虑 焦慮 担心 擔心 失望 消极 消極 烦躁 煩躁 不安 疑惑 无聊 無聊 着急 著急"
    " недоволен недовольны раздражение растерянность тревога сомнение сомнения разочарование грусть скука нетерпение"
    " беспокойство отрицательная",
    -2: "angry furious frustrated frustration very_unhappy very_negative very_dissatisfied hate hates outraged upset"
    " 愤怒 憤怒 生气 生氣 非常不满 非常不滿 沮丧 沮喪 崩溃 崩潰 绝望 絕望"
    " злость гнев злится ярость очень_недоволен фрустрация возмущение отчаяние",
}
FACES: dict[int, str] = {
    2: "😀😃😄😁😆🤩😍🥰🥳😊❤💚🎉👍",
    1: "🙂☺😌😉🤗😎",
    0: "😐😶😑🫤🤔",
    -1: "🙁☹😕😟😞😔😒😰😬🥱😖👎",
    -2: "😡😠😤🤬😭😫😩😢🤯😱",
}
_SIGNS = {":D": 2, ":-D": 2, ":)": 1, ":-)": 1, ":|": 0, ":-|": 0, ":(": -1, ":-(": -1, "++": 2, "+": 1, "--": -2}
_WORDS = {plain(word.replace("_", " ")): value for value, words in EMOTIONS.items() for word in words.split()}
_FEELINGS: dict[str, Feeling] = {
    plain(word): feeling
    for feeling, words in zip(
        FEELINGS,
        (
            "joy joyful happy delighted 喜悦 喜悅 开心 開心 радость",
            "trust confident 信任 放心 доверие уверенность",
            "curiosity curious interested 好奇 любопытство интерес",
            "surprise surprised amazed 惊喜 驚喜 惊讶 驚訝 удивление",
            "confusion confused 困惑 疑惑 растерянность",
            "disappointment disappointed 失望 разочарование",
            "anxiety anxious worried 焦虑 焦慮 担心 擔心 тревога беспокойство",
            "anger angry furious 愤怒 憤怒 生气 生氣 злость гнев",
        ),
        strict=True,
    )
    for word in words.split()
}


@dataclass(frozen=True)
class Emotion:
    """An emotion as it was written: a number of a scale yet unknown, or a value already on −2 … +2."""

    text: str
    number: float | None = None
    value: float | None = None
    feeling: Feeling | None = None
    bare: bool = False
    """Whether the cell says nothing beside the emotion."""


def items(cell: str, *, commas: bool = False) -> list[str]:
    """The items of a cell: its lines, bullets and parts between semicolons; with `commas` also short listed names."""
    parts = [part for line in cell.splitlines() for part in _outside_brackets(_BULLET.sub("", line), ";；•●▪")]
    parts = [_BULLET.sub("", part).strip() for part in parts]
    parts = [part for part in parts if part]
    if commas and len(parts) == 1:
        listed = [part.strip() for part in _outside_brackets(parts[0], ",，、")]
        if len(listed) > 1 and all(part and len(part.split()) <= 4 and len(part) <= 40 for part in listed):
            return listed
    return parts


def _outside_brackets(text: str, separators: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth = max(0, depth + (character in "(（[") - (character in ")）]"))
        if character in separators and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def unnumbered(text: str) -> str:
    """The text without a bullet or number before it."""
    return _BULLET.sub("", text)


def name_and_channel(item: str) -> tuple[str, str | None]:
    """`Menu board (store)` → `Menu board`, `store`; longer remarks in brackets stay in the name."""
    found = _CHANNEL.match(item)
    if found and len(found["channel"].split()) <= 3:
        return found["name"].strip(), found["channel"].strip()
    return item.strip(), None


def emotion(cell: str) -> Emotion:
    """The emotion that a cell speaks of: a number at its beginning, else a face, a sign or a word."""
    text = cell.strip()
    bare_text = text.replace("\ufe0f", "")
    named = feeling(text)
    if found := _NUMBER.match(bare_text):
        number = float(found[1].replace(",", ".").replace("−", "-").replace("–", "-"))
        bare = not bare_text[found.end() :].strip()
        if found[2] and float(found[2]) > 1:
            top = float(found[2])
            return Emotion(text, value=_linear(number, 1 if top <= 7 else 0, top), feeling=named, bare=bare)
        return Emotion(text, number=number, feeling=named, bare=bare)
    faces = [value for value, row in FACES.items() for face in row if face in bare_text]
    if faces:
        bare = not re.sub(r"[\W_]+", "", bare_text)
        return Emotion(text, value=sum(faces) / len(faces), feeling=named, bare=bare)
    if bare_text in _SIGNS:
        return Emotion(text, value=float(_SIGNS[bare_text]), bare=True)
    return _emotion_in_words(text, named)


def _emotion_in_words(text: str, named: Feeling | None) -> Emotion:
    words = f" {plain(text)} "
    if words.strip() in _WORDS:
        return Emotion(text, value=float(_WORDS[words.strip()]), feeling=named)
    found: list[int] = []
    for word in sorted(_WORDS, key=len, reverse=True):
        needle = word if re.match(r"[\u4e00-\u9fff]", word) else f" {word} "
        if needle in words:
            found.append(_WORDS[word])
            words = words.replace(needle, "  ")
    return Emotion(text, value=sum(found) / len(found) if found else None, feeling=named)


def feeling(text: str) -> Feeling | None:
    """The named feeling that a text speaks of."""
    words = plain(text)
    return next((f for w, f in _FEELINGS.items() if w == words or w in words.split()), None)


def _linear(number: float, low: float, high: float) -> float:
    return round(min(2.0, max(-2.0, (number - low) / (high - low) * 4 - 2)), 3)


def scale(numbers: Iterable[float]) -> tuple[float, float]:
    """The ends of the scale that the numbers are on: −2…2 (or −3, −5, −10, −100), 1…5, 1…7, 0…10 or 0…100."""
    values = list(numbers)
    low, high = min(values), max(values)
    if low >= 1 and high <= 7:
        return (1, 5) if high <= 5 else (1, 7)
    if low < 0 or high <= 2:
        top = next((t for t in (2, 3, 5, 10, 100) if max(-low, high) <= t), max(-low, high))
        return (-top, top)
    return (0, next((t for t in (5, 10, 100) if high <= t), high))


def on_scale(number: float, ends: tuple[float, float]) -> float:
    """A number on its scale as an emotion, −2 … +2."""
    return _linear(number, *ends)
