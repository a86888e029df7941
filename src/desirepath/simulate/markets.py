"""The five markets of the café chain as data: clocks, seasons, and the payment and support habits that differ."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from desirepath.simulate.blueprint import Market

HOUR_MS = 3_600_000

_COLD_WINTER = (0.9, 0.9, 1.0, 1.0, 1.05, 0.95, 0.85, 0.85, 1.05, 1.1, 1.1, 1.2)
_HOT_SUMMER = (1.1, 0.9, 1.0, 1.0, 1.0, 1.05, 1.1, 1.05, 1.0, 1.0, 0.95, 1.05)
_SEASIDE = (0.8, 0.8, 0.9, 1.0, 1.05, 1.15, 1.25, 1.2, 1.1, 1.0, 0.85, 1.0)

CAFE_MARKETS = (
    Market(
        "taipei",
        "Taipei",
        0.22,
        "Asia/Taipei",
        "zh-Hant",
        "TWD",
        95.0,
        {"line_pay": 0.38, "easycard": 0.22, "credit_card": 0.25, "cash": 0.15},
        {"chat": 1.6, "call": 0.5, "ticket_open": 0.6, "app_menu": 1.2},
        _HOT_SUMMER,
        1.0,
    ),
    Market(
        "shanghai",
        "Shanghai",
        0.28,
        "Asia/Shanghai",
        "zh-Hans",
        "CNY",
        24.0,
        {"wechat_pay": 0.52, "alipay": 0.4, "card": 0.06, "cash": 0.02},
        {"chat": 1.9, "call": 0.4, "ticket_open": 0.3, "app_menu": 1.7, "shop_enter": 0.8},
        _HOT_SUMMER,
        0.8,
    ),
    Market(
        "moscow",
        "Moscow",
        0.2,
        "Europe/Moscow",
        "ru",
        "RUB",
        260.0,
        {"mir_card": 0.5, "sbp": 0.35, "cash": 0.15},
        {"chat": 0.9, "call": 1.7, "ticket_open": 0.6, "shop_enter": 1.3},
        _COLD_WINTER,
        0.9,
    ),
    Market(
        "lisbon",
        "Lisbon",
        0.14,
        "Europe/Lisbon",
        "pt",
        "EUR",
        2.2,
        {"mb_way": 0.45, "multibanco": 0.25, "visa": 0.2, "cash": 0.1},
        {"chat": 0.7, "call": 1.5, "ticket_open": 1.1, "shop_enter": 1.2},
        _SEASIDE,
        1.1,
    ),
    Market(
        "london",
        "London",
        0.16,
        "Europe/London",
        "en",
        "GBP",
        3.6,
        {"contactless": 0.5, "apple_pay": 0.28, "card": 0.18, "cash": 0.04},
        {"chat": 1.0, "call": 0.6, "ticket_open": 1.7},
        _COLD_WINTER,
        1.2,
    ),
)


def offsets(markets: tuple[Market, ...], year: int) -> NDArray[np.int64]:
    """Milliseconds to add to UTC for local time: [market, UTC hour], from a day before the year until 90 days after."""
    begin = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
    hours = 24 * (365 + 1 + 1 + 90)
    table = np.zeros((len(markets), hours), np.int64)
    for m, market in enumerate(markets):
        zone = ZoneInfo(market.zone)
        for first in range(0, hours, 24):
            shift, after = (_offset_ms(zone, begin + timedelta(hours=first + h)) for h in (0, 24))
            table[m, first : first + 24] = shift
            if shift != after:
                table[m, first : first + 24] = [_offset_ms(zone, begin + timedelta(hours=first + h)) for h in range(24)]
    return table


def _offset_ms(zone: ZoneInfo, at: datetime) -> int:
    shift = at.astimezone(zone).utcoffset()
    assert shift is not None
    return int(shift.total_seconds() * 1000)
