"""The simulated company: its exports hold what was walked, its truth is what the exports show, its seed decides all."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from desirepath.journey import sheet, yaml
from desirepath.simulate import Company, company, simulate
from desirepath.simulate.cafe import CAFE, TOUCHPOINTS

TILL = {
    "ticket_time": "shop_enter",
    "order_time": "counter_order",
    "pay_time": "till_payment",
    "served_time": "coffee_served",
}
SHOP = {"created_at": "checkout_start", "paid_at": "payment_done", "shipped_at": "order_shipped",
        "delivered_at": "order_delivered"}  # fmt: skip


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return simulate(tmp_path_factory.mktemp("cafe"), customers=3000, seed=5)


@pytest.fixture(scope="module")
def truth(cafe: Company) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(cafe.truth.read_text("utf-8"))
    return known


def rows(company: Company, name: str, separator: str = ",") -> list[dict[str, str]]:
    text = (company.folder / "exports" / name).read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=separator))


def clicks(company: Company) -> list[dict[str, Any]]:
    with gzip.open(company.folder / "exports" / "web_app_events.ndjson.gz", "rt") as file:
        return [json.loads(line) for line in file]


def names(company: Company) -> Iterator[str]:
    """The event of every cell of every export that stands for one."""
    yield from (e["event"] for e in clicks(company))
    for market in CAFE.markets:
        for row in rows(company, f"pos_{market.id}.csv", ";"):
            yield from (event for column, event in TILL.items() if row[column])
    for row in rows(company, "orders.csv"):
        yield from (event for column, event in SHOP.items() if row[column])
    yield from ("newsletter_open" for _ in rows(company, "newsletter_opens.csv"))
    yield from ({"order": "phone_order", "support": "support_call"}[r["reason"]] for r in rows(company, "calls.csv"))
    yield from ("chat_start" for _ in json.loads((company.folder / "exports" / "chats.json").read_text("utf-8")))
    for row in rows(company, "tickets.csv"):
        yield "ticket_opened"
        if row["solved"]:
            yield "ticket_solved"


def effect(truth: dict[str, Any], id_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in truth["effects"] if e["id"] == id_)
    return found


def test_the_exports_hold_every_event_once(cafe: Company, truth: dict[str, Any]) -> None:
    assert Counter(names(cafe)) == truth["events_by_name"]
    assert cafe.events == truth["events"] == sum(truth["events_by_name"].values())


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    one, two = (simulate(tmp_path / name, customers=80, seed=3) for name in ("one", "two"))
    assert [f.name for f in one.files] == [f.name for f in two.files]
    for a, b in zip((*one.files, one.truth, one.sheet), (*two.files, two.truth, two.sheet), strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name
    other = simulate(tmp_path / "other", customers=80, seed=4)
    assert other.events != one.events


def test_a_larger_company_begins_like_the_smaller_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written block by block, and a block knows nothing of the others."""
    monkeypatch.setattr(company, "BLOCK", 40)
    small, large = (simulate(tmp_path / str(n), customers=n, seed=3) for n in (40, 120))
    for name in ("orders.csv", "pos_moscow.csv", "customers.csv", "keys.csv", "reviews.csv"):
        few, many = ((c.folder / "exports" / name).read_bytes() for c in (small, large))
        assert many.startswith(few)
        assert len(many) > len(few)


def test_the_wallet_fails_in_shanghai_in_march(cafe: Company, truth: dict[str, Any]) -> None:
    failures: Counter[tuple[bool, str]] = Counter()
    for e in clicks(cafe):
        if e["event"] in ("payment_start", "payment_failed") and e["platform"] in ("ios", "android"):
            local = datetime.fromtimestamp(e["ts"] / 1000, ZoneInfo("Asia/Shanghai"))
            there = e["market"] == "shanghai" and e["payment_method"] == "wechat_pay" and local.month == 3
            failures[there, e["event"]] += 1
    inside = failures[True, "payment_failed"] / failures[True, "payment_start"]
    outside = failures[False, "payment_failed"] / failures[False, "payment_start"]
    assert inside == pytest.approx(0.385, abs=0.12)
    assert outside == pytest.approx(0.04, abs=0.01)
    assert effect(truth, "wallet-shanghai-march")["events"] == pytest.approx(failures[True, "payment_failed"], abs=1)


def test_moscow_queues_in_the_morning_until_the_second_till(cafe: Company, truth: dict[str, Any]) -> None:
    waits: dict[str, list[float]] = {"before": [], "after": [], "later in the day": []}
    for row in rows(cafe, "pos_moscow.csv", ";"):
        if row["order_time"]:
            came, ordered = (datetime.strptime(row[c], "%d.%m.%Y %H:%M:%S") for c in ("ticket_time", "order_time"))
            busy = 7 <= came.hour < 11 and came.weekday() < 5
            kind = ("before" if came.month < 9 else "after") if busy else "later in the day"
            waits[kind].append((ordered - came).total_seconds())
    assert median(waits["before"]) == pytest.approx(600, rel=0.2)
    assert median(waits["after"]) == pytest.approx(180, rel=0.3)
    assert median(waits["later in the day"]) == pytest.approx(125, rel=0.2)
    queue = effect(truth, "queue-moscow-mornings")
    assert queue["choice"]["inside"]["share"] > 4 * queue["choice"]["outside"]["share"]
    assert queue["felt_inside"] < -0.8 < 0.3 < queue["felt_outside"]


def test_beans_come_late_to_lisbon_in_summer(cafe: Company) -> None:
    days: dict[bool, list[float]] = {True: [], False: []}
    for row in rows(cafe, "orders.csv"):
        if row["delivered_at"]:
            sent, came = (datetime.strptime(row[c], "%Y-%m-%dT%H:%M:%SZ") for c in ("shipped_at", "delivered_at"))
            days[row["country"] == "PT" and sent.month in (6, 7, 8)].append((came - sent).total_seconds() / 86_400)
    assert median(days[True]) == pytest.approx(7.5, rel=0.25)
    assert median(days[False]) == pytest.approx(2.2, rel=0.1)


def test_the_better_checkout_wins_and_the_reminders_change_nothing(cafe: Company, truth: dict[str, Any]) -> None:
    test = effect(truth, "one-page-checkout")
    assert test["choice"]["from"] == "checkout_start"
    assert test["choice"]["inside"]["share"] < test["choice"]["outside"]["share"]
    assigned = {(e["device_id"], e["variant"]) for e in clicks(cafe) if "variant" in e}
    assert len(assigned) == len({device for device, _ in assigned})
    arms = Counter(variant for _, variant in assigned)
    assert set(arms) == {"A", "B"}
    assert arms["A"] == pytest.approx(arms["B"], rel=0.1)
    months = {datetime.fromtimestamp(e["ts"] / 1000, UTC).month for e in clicks(cafe) if "variant" in e}
    assert months <= {4, 5, 6, 7}  # local May and June
    assert truth["no_effect"]["truth"]["change"] == 0


def test_what_is_told_is_what_is_felt(truth: dict[str, Any]) -> None:
    for place in truth["emotion"].values():
        if place["answers"] >= 150:
            assert place["told"] == pytest.approx(place["felt"], abs=0.3)
    assert truth["emotion"]["first-sip"]["felt"] > 1 > 0 > truth["emotion"]["kiosk"]["felt"]


def test_payment_and_support_habits_differ_by_market(cafe: Company) -> None:
    tenders = {
        m.id: Counter(r["tender"] for r in rows(cafe, f"pos_{m.id}.csv", ";") if r["tender"]) for m in CAFE.markets
    }
    assert tenders["shanghai"].most_common(1)[0][0] == "wechat_pay"
    assert tenders["moscow"].most_common(1)[0][0] == "mir_card"
    assert not set(tenders["taipei"]) & set(tenders["lisbon"]) - {"cash"}
    calls = Counter(r["country"] for r in rows(cafe, "calls.csv") if r["reason"] == "support")
    chats = json.loads((cafe.folder / "exports" / "chats.json").read_text("utf-8"))
    chatted = Counter(c["market"] for c in chats)
    assert calls["moscow"] > chatted["moscow"]
    assert chatted["shanghai"] > calls["shanghai"]


def test_systems_know_people_by_other_keys_and_a_table_joins_them(cafe: Company, truth: dict[str, Any]) -> None:
    joined = rows(cafe, "keys.csv")
    assert len(joined) == truth["linked_customers"] == pytest.approx(0.97 * 3000, rel=0.01)
    for column in ("loyalty_no", "email", "phone", "device_id"):
        assert len({r[column] for r in joined}) == len(joined)
    devices = {e["device_id"] for e in clicks(cafe)}
    assert 0.9 < len(devices & {r["device_id"] for r in joined}) / len(devices) < 1


def test_answers_come_in_the_markets_language(cafe: Company) -> None:
    book = openpyxl.load_workbook(cafe.folder / "exports" / "survey_nps.xlsx", read_only=True)
    header, *answered = book.active.iter_rows(values_only=True)
    book.close()
    assert header == ("Submitted", "E-mail", "How likely?", "Why?", "Language")
    assert {a[4] for a in answered} == {m.language for m in CAFE.markets}
    assert all(isinstance(a[0], datetime) and 0 <= a[2] <= 10 for a in answered)
    texts = {
        language: "".join(a[3] for a in answered if a[4] == language and a[3]) for language in ("ru", "zh-Hant", "pt")
    }
    assert "р" in texts["ru"]
    assert "的" in texts["zh-Hant"]
    assert "ã" in texts["pt"]


def test_the_journey_is_the_teams_belief(cafe: Company, truth: dict[str, Any]) -> None:
    journey = yaml.load(cafe.journey)
    drawn = {t.id for t in journey.touchpoints}
    assert drawn - set(TOUCHPOINTS.values()) == {"table-qr"} == set(truth["never_walked"])
    assert set(TOUCHPOINTS.values()) - drawn == {"kiosk"}
    assert [s.id for s in journey.stages] == truth["stages"]
    matched = {e for t in journey.touchpoints for m in t.match for e in m.event}
    assert "kiosk_menu" not in matched
    assert truth["missing_from_map"] == ["kiosk_menu"]
    wrong = [t.id for t in journey.touchpoints
             if t.id in truth["emotion"] and truth["emotion"][t.id]["felt"] is not None
             and abs(t.assumed_emotion["all"] - truth["emotion"][t.id]["felt"]) > 0.7]  # fmt: skip
    assert {"checkout", "newsletter"} <= set(wrong)


def test_the_sheet_on_the_wall_can_be_held_against_the_data(cafe: Company, truth: dict[str, Any]) -> None:
    guess = sheet.read(cafe.sheet, events=sorted(truth["events_by_name"]))
    stages = " ".join(s.id for s in guess.journey.stages)
    assert stages == "discover choose order pay receive-and-enjoy get-help return-and-recommend"
    matched = {e for t in guess.journey.touchpoints for m in t.match for e in m.event}
    assert set(truth["events_by_name"]) - matched == {"kiosk_menu"}
    assert [t.id for t in guess.journey.touchpoints if not t.match] == ["qr-menu-at-the-table"]
    assert guess.unread == ()
