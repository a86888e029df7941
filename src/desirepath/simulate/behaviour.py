"""What the company's systems export about behaviour: web and app, tills, web shop, newsletter, and the customer files.

Each system writes in its own way: epoch milliseconds and device ids, local times and loyalty numbers, one order a row.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desirepath.simulate.block import Block, Ints
from desirepath.simulate.lines import Parts, Sink, decimals, local_times, numbers, pick, strings, words
from desirepath.simulate.people import AGES, TIERS

APP_STEPS = ("app_menu", "app_order", "pay_app", "fail_app", "paid_app", "reward", "friend")
WEB_STEPS = ("ad_click", "home", "product", "cart", "pay_web", "fail_web", "review")
PLATFORMS = ("ios", "android", "desktop", "mobile_web", "kiosk", "pickup_shelf", "instagram")
TILL_STEPS = ("shop_enter", "counter", "till", "served")
SHOP_STEPS = ("phone_order", "checkout", "invoice", "paid_web", "shipped", "delivered")


class WebAndApp:
    """`web_app_events.ndjson.gz`: the clickstream by device, in epoch milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.sink = Sink(folder / "web_app_events.ndjson.gz")

    def write(self, block: Block) -> None:
        """Adds a block."""
        walked, plan = block.walked, block.rules.plan
        rows = block.rows(*APP_STEPS, *WEB_STEPS, "kiosk", "pickup", "social_visit")
        customer = walked.customer[rows]
        number = block.people.first + customer
        platform = np.where(np.isin(walked.step[rows], self._codes(block, APP_STEPS)), number % 2, 2 + number % 2)
        for code, step in ((4, "kiosk"), (5, "pickup"), (6, "social_visit")):
            platform[walked.step[rows] == block.rules.step[step]] = code
        pays = np.isin(
            walked.step[rows], self._codes(block, ("pay_app", "pay_web", "fail_app", "fail_web", "paid_app"))
        )
        payment = np.where(pays, block.payment(rows), len(block.payment_names))
        variant = self._variant(block, rows)
        self.sink.write(
            (
                '{"device_id":"',
                pick(block.keys.device, customer),
                '","ts":',
                numbers(walked.at[rows]),
                ',"event":"',
                words([s.event for s in plan.steps], walked.step[rows]),
                '","platform":"',
                words(PLATFORMS, platform),
                '","market":"',
                words([m.id for m in plan.markets], block.market[rows]),
                '"',
                words([f',"payment_method":"{n}"' for n in block.payment_names] + [""], payment),
                words((',"variant":"A"', ',"variant":"B"', ""), variant),
                "}",
            ),
            len(rows),
        )

    @staticmethod
    def _codes(block: Block, steps: tuple[str, ...]) -> list[int]:
        return [block.rules.step[s] for s in steps]

    @staticmethod
    def _variant(block: Block, rows: Ints) -> Ints:
        """The arm of the A/B test on every web event while it runs (2: none)."""
        planted = next(e for e in block.rules.effects if e.effect.id == block.rules.plan.experiment)
        runs = (block.local[rows] >= planted.start) & (block.local[rows] < planted.end)
        web = np.isin(block.walked.step[rows], WebAndApp._codes(block, WEB_STEPS))
        return np.where(runs & web, block.people.arm[block.walked.customer[rows]], 2)


class Tills:
    """`pos_MARKET.csv`: one visit at the counter a row, local time without a zone, `;`, decimal comma.

    The queue's ticket machine stamps the arrival; who leaves before ordering has nothing but that stamp.
    """

    def __init__(self, folder: Path, markets: tuple[str, ...]) -> None:
        head = "receipt;store;loyalty_no;ticket_time;order_time;pay_time;served_time;amount;tender\n"
        self.sinks = [Sink(folder / f"pos_{m}.csv", head) for m in markets]

    def write(self, block: Block) -> None:
        """Adds a block."""
        customer, chain = block.chains(*TILL_STEPS)
        amount = block.price(customer)
        for m, sink in enumerate(self.sinks):
            here = np.flatnonzero(block.people.market[customer] == m)
            who, events = customer[here], chain[here]
            number = block.people.first + who
            loyalty = np.where(block.people.loyal, block.keys.loyalty, "")
            paid = events[:, 2] >= 0
            tender = np.where(paid, block.payment(events[:, 2]), len(block.payment_names))
            price = np.where(paid, decimals(amount[here], ",").to_numpy(zero_copy_only=False), "")
            parts: Parts = [
                numbers(sink.rows + np.arange(len(here)) + 1),
                f";{sink.path.stem[4:7].upper()}-",
                numbers(number % 6 + 1),
                ";",
                pick(loyalty, who),
            ]
            for column in range(4):
                parts += [";", local_times(block.times(events[:, column], block.local), "%d.%m.%Y %H:%M:%S")]
            parts += [";", strings(price), ";", words([*block.payment_names, ""], tender)]
            sink.write(parts, len(here))


class Orders:
    """`orders.csv`: the web shop's and the office desk's orders, one a row with four times (ISO, UTC), by e-mail."""

    def __init__(self, folder: Path) -> None:
        head = (
            "order_no,channel,customer_email,country,created_at,paid_at,shipped_at,delivered_at,"
            "total,currency,payment\n"
        )
        self.sink = Sink(folder / "orders.csv", head)

    def write(self, block: Block) -> None:
        """Adds a block."""
        plan, at = block.rules.plan, block.walked.at
        customer, chain = block.chains(*SHOP_STEPS)
        by_phone = (chain[:, 0] >= 0) | (chain[:, 2] >= 0)
        paid = np.maximum(chain[:, 2], chain[:, 3])
        kept = np.flatnonzero((chain[:, 1] >= 0) | (paid >= 0) | (chain[:, 4] >= 0) | (chain[:, 5] >= 0))
        customer, chain, by_phone, paid = customer[kept], chain[kept], by_phone[kept], paid[kept]
        payment = np.where(paid >= 0, block.payment(paid), len(block.payment_names))
        market = block.people.market[customer]
        parts: Parts = [
            "R",
            numbers(1_000_000 + self.sink.rows + np.arange(len(kept))),
            ",",
            words(("web", "phone"), by_phone.astype(np.int64)),
            ",",
            pick(block.keys.email, customer),
            ",",
            words(COUNTRIES, market),
        ]
        for events in (chain[:, 1], paid, chain[:, 4], chain[:, 5]):
            parts += [",", local_times(block.times(events, at), "%Y-%m-%dT%H:%M:%SZ")]
        currency = words([m.currency for m in plan.markets], market)
        parts += [
            ",",
            decimals(block.price(customer) * 6),
            ",",
            currency,
            ",",
            words([*block.payment_names, ""], payment),
        ]
        self.sink.write(parts, len(kept))


COUNTRIES = ("TW", "CN", "RU", "PT", "GB")


class Newsletter:
    """`newsletter_opens.csv`: who opened which letter when (US notation, UTC)."""

    def __init__(self, folder: Path) -> None:
        self.sink = Sink(folder / "newsletter_opens.csv", "Email Address,Campaign,Opened (UTC),List\n")

    def write(self, block: Block) -> None:
        """Adds a block."""
        rows = block.rows("newsletter")
        at = block.walked.at[rows]
        self.sink.write(
            (
                pick(block.keys.email, block.walked.customer[rows]),
                ",letter-",
                local_times(at, "%Y-%m"),
                ",",
                local_times(at, "%m/%d/%Y %H:%M:%S"),
                ",",
                words([m.id for m in block.rules.plan.markets], block.market[rows]),
            ),
            len(rows),
        )


class CustomerFiles:
    """`customers.csv` (who they are) and `keys.csv` (which loyalty number, e-mail, phone and device are one person)."""

    def __init__(self, folder: Path) -> None:
        self.customers = Sink(folder / "customers.csv", "email,market,language,age_group,tier,segment,member_since\n")
        self.keys = Sink(folder / "keys.csv", "loyalty_no,email,phone,device_id\n")

    def write(self, block: Block) -> None:
        """Adds a block."""
        people, plan = block.people, block.rules.plan
        everyone = np.arange(len(people))
        joined = block.rules.begin - people.joined * 86_400_000
        self.customers.write(
            (
                strings(block.keys.email),
                ",",
                words([m.id for m in plan.markets], people.market),
                ",",
                words([m.language for m in plan.markets], people.market),
                ",",
                words(AGES, people.age),
                ",",
                words(TIERS, people.tier),
                ",",
                words([p.id for p in plan.personas], people.persona),
                ",",
                local_times(joined, "%Y-%m-%d"),
            ),
            len(everyone),
        )
        linked = everyone[people.linked]
        parts: Parts = []
        for column in (block.keys.loyalty, block.keys.email, block.keys.phone, block.keys.device):
            parts += [",", pick(column, linked)]
        self.keys.write(parts[1:], len(linked))
