"""Ids of customers in canonical form: plain for the key type `customer`, `TYPE:value` for any other.

E-mail addresses (lower case) and phone numbers (E.164) are hashed with a secret of the workspace, so that the same
address maps equally in every source of it and cannot be guessed by hashing a list outside. Words that stand for nobody
(`guest`, `null`, `-1` …) are no ids.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

import phonenumbers

from desirepath.database.database import Database
from desirepath.database.tables import Setting
from desirepath.intake.times import MISSING
from desirepath.sqltext import listed, literal, whole_number

NOBODY = (*MISSING, "anonymous", "guest", "-1", "unknown user")
HASHED = ("email", "phone")
_SETTING = "identity_secret"
_EMAIL = r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+"


def secret(database: Database) -> str:
    """The workspace's secret for hashing keys; made at first use."""
    with database.begin() as session:
        setting = session.get(Setting, _SETTING)
        if setting is None:
            setting = Setting(name=_SETTING, value=secrets.token_hex(32))
            session.add(setting)
        return str(setting.value)


def sql(text: str, key_type: str, hidden: str) -> str:
    """SQL of the canonical id of the tidy `text`; NULL where it is none. Phones are numbered by `phone` instead."""
    somebody = f"CASE WHEN lower({text}) NOT IN ({listed(NOBODY)}) THEN {whole_number(text)} END"
    if key_type == "customer":
        return somebody
    if key_type == "email":
        digest = f"left(sha256({literal(hidden + chr(31) + 'email' + chr(31))} || lower({text})), 32)"
        return f"CASE WHEN regexp_full_match({text}, {literal(_EMAIL)}) THEN 'email:' || {digest} END"
    return f"{literal(key_type + ':')} || {somebody}"


def canonical(text: str, key_type: str, hidden: str) -> str | None:
    """What `sql` gives, for one id (a customer named by hand)."""
    tidy = text.strip()
    if not tidy or tidy.lower() in NOBODY:
        return None
    if key_type == "phone":
        return phone(tidy, None, hidden)
    if key_type == "email":
        seed = hidden + chr(31) + "email" + chr(31) + tidy.lower()
        return "email:" + hashlib.sha256(seed.encode()).hexdigest()[:32] if re.fullmatch(_EMAIL, tidy) else None
    return tidy if key_type == "customer" else f"{key_type}:{tidy}"


def phone(text: str, region: str | None, hidden: str) -> str | None:
    """The canonical id of a phone number as it is written, or None if it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "phone:" + hmac.new(hidden.encode(), written.encode(), "sha256").hexdigest()[:32]
