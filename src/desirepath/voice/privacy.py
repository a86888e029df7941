"""Masking: what points to a person is replaced before a text is shown, exported or sent anywhere.

E-mail addresses, phone numbers, payment cards (13–19 digits with a right Luhn sum), bank accounts (IBAN with a right
check sum), passport- and document-like numbers, web handles, addresses (house numbers with a street word, in five
languages), and names after a salutation or "my name is". The original stays in the lake, where erasure finds it.
Masking errs to the safe side: a long number that is nothing of these is masked as a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,255}(?:\.[\w\-]{1,63}){1,8}", re.UNICODE)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w{2,30}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
_DIGITS = re.compile(r"(?<![\w])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,18}(?!\w)", re.ASCII)
_DATE = re.compile(
    r"\d{4}[\-./]\d{1,2}[\-./]\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}[\-./]\d{1,2}[\-./]\d{2,4}", re.ASCII
)
_DOCUMENT = re.compile(r"(?<![\w])(?=[A-Z0-9]*\d{5})[A-Z]{1,3} ?\d{6,9}[A-Z]?(?!\w)|(?<!\w)\d{17}[\dXx](?!\w)")
_CPF = re.compile(r"(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)", re.ASCII)
_CAPITAL = r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’\-]+"
_ADDRESS = re.compile(
    r"\d{1,5}[A-Za-z]?,? (?:[A-Z][\w'’]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Square|"
    r"Way|Court|Ct|Place|Terrace)\b\.?"
    r"|(?:\bул\.|\bулица|\bпр-т|\bпроспект|\bпер\.|\bпереулок|\bшоссе|\bнаб\.)\s*"
    + _CAPITAL
    + r"(?:\s"
    + _CAPITAL
    + r")?"
    r"(?:,?\s*(?:д\.|дом)?\s*\d+\w?)?(?:,?\s*(?:кв\.|квартира)\s*\d+)?"
    r"|(?:\b[Rr]ua|\bAvenida|\bAv\.|\bTravessa|\bAlameda)\s(?:d[aeo]s?\s)?"
    + _CAPITAL
    + r"(?:\s(?:d[aeo]s?\s)?"
    + _CAPITAL
    + r")*"
    r"(?:,?\s*(?:n[ºo°.]?\s*)?\d+)?"
    r"|[\u4e00-\u9fff]{2,8}(?:路|街|道|巷|弄|胡同)\d{1,5}(?:号|號|弄)(?:\d{1,4}(?:室|楼|樓|单元|栋|棟))?"
)
_NAME = re.compile(
    r"(?P<before>\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sr|Sra|Senhor|Senhora|Dona|г-н|г-жа|господин|госпожа)\.?\s+"
    r"|\b(?:[Mm]y name is|[Tt]his is|I am called|[Mm]eu nome (?:é|e)|[Мм]еня зовут|[Мм]оё имя|[Mm]e chamo)\s+)"
    r"(?P<name>" + _CAPITAL + r"(?:\s" + _CAPITAL + r"){0,2})"
)
_NAME_HAN = re.compile(
    r"(?P<before>(?:我叫|我是|名叫|我的名字是|姓名[:：]?)\s*)(?P<name>[\u4e00-\u9fff]{2,3})(?=[，。,.！!\s]|$)"
    r"|(?P<surname>[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡林郭何高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟秦白江阎閻薛尹])"
    r"(?=先生|女士|小姐|太太)"
)


@dataclass(frozen=True)
class Masked:
    """A text fit to be shown, and how many places of each kind were masked."""

    text: str
    found: dict[str, int]


def mask(text: str) -> str:
    """The text with what points to a person replaced."""
    return masked(text).text


def masked(text: str) -> Masked:
    """The same, with counts."""
    found: Counter[str] = Counter()

    def put(kind: str) -> Callable[[re.Match[str]], str]:
        def replaced(_: re.Match[str]) -> str:
            found[kind] += 1
            return f"[{kind}]"

        return replaced

    def iban(match: re.Match[str]) -> str:
        return put("account")(match) if _iban(match[0]) else match[0]

    def digits(match: re.Match[str]) -> str:
        if _DATE.fullmatch(match[0].strip()):
            return match[0]
        return put("card" if _luhn(match[0]) else "phone")(match)

    def name(match: re.Match[str]) -> str:
        found["name"] += 1
        return (match["before"] or "") + "[name]"

    text = _EMAIL.sub(put("email"), text) if "@" in text else text
    text = _LINK.sub(put("link"), text)
    text = _HANDLE.sub(put("handle"), text) if "@" in text else text
    if any(c.isdigit() for c in text):
        text = _CPF.sub(put("document"), text)
        text = _IBAN.sub(iban, text)
        text = _DOCUMENT.sub(put("document"), text)
        text = _ADDRESS.sub(put("address"), text)
        text = _DIGITS.sub(digits, text)
    text = _NAME_HAN.sub(name, _NAME.sub(name, text))
    return Masked(text, dict(sorted(found.items())))


def _luhn(number: str) -> bool:
    digits = [int(d) for d in number if d.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
