"""The customers of one block: persona, market, arm of the experiment, temper, and the keys each system knows them by.

Everything about a customer follows from (seed, block), so that a company of any size is made block by block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.blueprint import Blueprint

AGES = ("18-24", "25-34", "35-44", "45-54", "55+")
TIERS = ("bean", "cup", "roaster")
UNLINKED = 0.03
"""Share of customers that the key table does not know."""

_GIVEN = {
    "zh-Hant": ("yating", "chiahao", "peishan", "weiting", "junhong", "yuhan", "shufen", "zhiwei", "hsinyi", "boxuan"),
    "zh-Hans": ("xiaoyu", "haoran", "jing", "yifan", "mengqi", "zihan", "lei", "siyuan", "yue", "jiaqi"),
    "ru": ("anna", "dmitri", "olga", "sergei", "maria", "ivan", "elena", "pavel", "ksenia", "nikita"),
    "pt": ("ana", "joao", "ines", "tiago", "marta", "rui", "beatriz", "pedro", "sofia", "duarte"),
    "en": ("olivia", "harry", "amelia", "jack", "priya", "george", "isla", "noah", "grace", "callum"),
}
_FAMILY = {
    "zh-Hant": ("lin", "chen", "huang", "chang", "lee", "wang", "wu", "tsai"),
    "zh-Hans": ("wang", "li", "zhang", "liu", "zhao", "zhou", "xu", "sun"),
    "ru": ("ivanova", "smirnov", "kuznetsov", "popova", "sokolov", "lebedeva", "kozlov", "novikova"),
    "pt": ("silva", "santos", "ferreira", "pereira", "costa", "oliveira", "martins", "sousa"),
    "en": ("smith", "jones", "patel", "brown", "taylor", "evans", "walker", "khan"),
}
_PHONE = {
    "Asia/Taipei": "+8869{:08d}",
    "Asia/Shanghai": "+86138{:08d}",
    "Europe/Moscow": "+7916{:07d}",
    "Europe/Lisbon": "+35191{:07d}",
    "Europe/London": "+4474{:08d}",
}


@dataclass(frozen=True)
class People:
    """One block of customers; arrays run over them. `first` is the number of the first customer."""

    first: int
    market: NDArray[np.int64]
    persona: NDArray[np.int64]
    arm: NDArray[np.int64]  # 0 = A, 1 = B
    temper: NDArray[np.float64]  # satisfaction before the first visit
    age: NDArray[np.int64]
    tier: NDArray[np.int64]
    payment: NDArray[np.int64]  # favourite method, an index into the market's payments
    linked: NDArray[np.bool_]
    loyal: NDArray[np.bool_]  # shows the loyalty card at the till
    joined: NDArray[np.int64]  # days before the year began

    def __len__(self) -> int:
        return len(self.market)


def people(plan: Blueprint, rng: np.random.Generator, first: int, count: int) -> People:
    """Draws `count` customers, the first of whom has the number `first`."""
    market = rng.choice(len(plan.markets), count, p=_shares([m.share for m in plan.markets]))
    persona = rng.choice(len(plan.personas), count, p=_shares([p.share for p in plan.personas]))
    ages = np.array([np.cumsum(_shares(p.ages)) for p in plan.personas])
    age = (rng.random(count)[:, None] > ages[persona]).sum(1)
    habits = np.ones((len(plan.markets), max(len(m.payments) for m in plan.markets)))
    for m, place in enumerate(plan.markets):
        habits[m, : len(place.payments)] = np.cumsum(_shares(list(place.payments.values())))
    return People(
        first,
        market.astype(np.int64),
        persona.astype(np.int64),
        rng.integers(0, 2, count),
        rng.normal(0.3, 0.35, count),
        np.minimum(age, len(AGES) - 1).astype(np.int64),
        rng.choice(3, count, p=(0.6, 0.3, 0.1)).astype(np.int64),
        (rng.random(count)[:, None] > habits[market]).sum(1).astype(np.int64),
        rng.random(count) >= UNLINKED,
        rng.random(count) < 0.95,
        rng.integers(0, 1500, count),
    )


def _shares(weights: tuple[float, ...] | list[float]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.asarray(weights, np.float64) / np.sum(weights)
    return shares


@dataclass(frozen=True)
class Keys:
    """What each system calls the customers of a block."""

    email: NDArray[np.object_]
    phone: NDArray[np.object_]
    loyalty: NDArray[np.object_]
    device: NDArray[np.object_]


def keys(plan: Blueprint, people: People) -> Keys:
    """The keys follow from the customer's number alone; numbers are scrambled so that keys tell nothing of order."""
    email, phone, loyalty, device = [], [], [], []
    for i in range(len(people)):
        number = people.first + i
        mixed = number * 7_654_321 + 1_234_567
        market = plan.markets[people.market[i]]
        given, family = _GIVEN.get(market.language, _GIVEN["en"]), _FAMILY.get(market.language, _FAMILY["en"])
        name = f"{given[mixed % 10]}.{family[mixed // 10 % 8]}"
        email.append(f"{name}{number + 11}@example.{'org' if mixed % 3 else 'com'}")
        pattern = _PHONE.get(market.zone, "+4474{:08d}")
        digits = 7 if "07d" in pattern else 8
        phone.append(pattern.format(mixed % 10**digits))
        loyalty.append(f"EF{mixed % 10**8:08d}")
        device.append(f"{(number * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64:016x}")
    return Keys(*(np.array(x, object) for x in (email, phone, loyalty, device)))
