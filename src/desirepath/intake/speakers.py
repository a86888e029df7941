"""Who speaks in a conversation: the words in a speaker's label that say whether it is the company's or a customer's.

Some words and letters are labels only in pairs ("Question" and "Answer", "В" and "О", "问" and "答"). Words that name a
topic as often as a speaker (`TOPICS`: "Service: slow") make no conversation of a text by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

Speaker = Literal["customer", "company"]

_COMPANY = """agent support assistant advisor representative operator staff rep interviewer moderator bot service
    researcher facilitator observer consultant employee
    atendente suporte agente operador vendedor consultor assistente entrevistador entrevistadora moderador moderadora
    pesquisador pesquisadora facilitador facilitadora
    оператор агент поддержка консультант сотрудник менеджер специалист бот интервьюер модератор исследователь
    ведущий ведущая
    客服 服务员 店员 工作人员 坐席 商家 卖家 主持人 访谈者 采访者 访问员 研究员 机器人 顾问
    服務員 店員 工作人員 賣家 訪談者 採訪者 訪問員 研究員 機器人 顧問"""
_CUSTOMER = """customer client caller visitor user guest participant respondent interviewee
    cliente comprador usuário usuario participante entrevistado entrevistada visitante
    клиент клиентка покупатель гость посетитель пользователь респондент участник участница абонент
    客户 顾客 用户 买家 住客 客人 受访者 被访者 来电者 会员
    客戶 顧客 使用者 買家 受訪者 來電者 會員"""
_TOPICS = "service support staff bot suporte поддержка 客服 商家 店员 店員 服务员 服務員 工作人员 工作人員"
COMPANY, CUSTOMER, TOPICS = (frozenset(words.split()) for words in (_COMPANY, _CUSTOMER, _TOPICS))
PAIRS = (
    ("q", "a"), ("i", "p"), ("i", "r"), ("p", "r"), ("в", "о"), ("и", "р"), ("问", "答"), ("問", "答"),
    ("question", "answer"), ("pergunta", "resposta"), ("вопрос", "ответ"), ("提问", "回答"), ("提問", "回答"),
)  # fmt: skip
"""The company's label and the customer's."""
_ASKING = frozenset(("q", "问", "問"))  # also alone


def role(label: str) -> Speaker | None:
    """The role that a word of a label tells; None where none does."""
    label = label.casefold()
    words = set(re.findall(r"\w+", label))
    for who, known in (("customer", CUSTOMER), ("company", COMPANY)):
        if words & known or any(w in label for w in known if "\u3400" <= w[0] <= "\u9fff"):
            return who  # type: ignore[return-value]
    return None


def roles(labels: Collection[str]) -> dict[str, Speaker]:
    """The role of each label that has one by its words, or by its pair among the others."""
    found = {label: who for label in labels if (who := role(label)) is not None}
    letters = {label: re.sub(r"[\s.]*\d*\.?$", "", label.casefold()) for label in labels if label not in found}
    there = set(letters.values())
    pair = next((p for p in PAIRS if there.issuperset(p)), None)
    for label, letter in letters.items():
        if pair is not None and letter in pair:
            found[label] = "company" if letter == pair[0] else "customer"
        elif pair is None and letter in _ASKING:
            found[label] = "company"
    return found


def is_topic(label: str) -> bool:
    """Whether a label is nothing but a word that may as well name a topic."""
    return label.casefold().strip() in TOPICS
