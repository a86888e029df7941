"""The workload log and the questions asked of it.

Customers walk over 60 event names whose frequencies follow Zipf's law, about 12 events each, in 6 channels and 8
markets, over half a year; rows stand in the order in which they arrive, most of them seconds after they happen, one in
a hundred hours later. They are made in blocks, so that memory does not grow with their number.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

SIZES = {"1m": 10**6, "10m": 10**7, "100m": 10**8, "1b": 10**9}
VERBS = ("see", "search", "compare", "ask", "add", "change", "pay", "receive", "use", "return")
NOUNS = ("offer", "product", "account", "order", "service", "contract")
EVENTS = tuple(f"{i:02d}_{VERBS[i // 6]}_{NOUNS[i % 6]}" for i in range(60))
"""Their alphabetical order is that of their numbers."""
STAGES = tuple(tuple(i for i in range(60) if i * 7 // 60 == s) for s in range(7))
CHANNELS = ("app", "call", "email", "social", "store", "web")
MARKETS = ("AT", "CH", "DE", "ES", "FR", "IT", "NL", "UK")
DAY = 86_400_000_000
WEEK = 7 * DAY
FIRST = int(np.datetime64("2025-01-01", "us").astype(np.int64))
SPAN = 182 * DAY
MONDAY = FIRST - 2 * DAY  # weeks are counted from here
FUNNEL = (6, 13, 25, 37, 43)
WINDOW = 7 * DAY
MARKET = MARKETS.index("DE")  # W6: customers of this market …
MONTH = (FIRST + 59 * DAY, FIRST + 90 * DAY)  # … who came first in March
TOP = 100
STEPS = 20

QUESTIONS = {
    "W0": "from the files to ready",
    "W1": "directly-follows with exact median and p90 of the waits",
    "W2": "stages: reached in order, last, median dwell",
    "W3": "five steps within seven days, by market",
    "W4": "the hundred most frequent variants",
    "W5": "weekly retention",
    "W6": "W1 for the customers of one market who came first in one month",
}
_SLICE = 1_000_000
_MOST_SLICES = 200
_ROW = np.dtype(
    [("arrival", "i8"), ("at", "i8"), ("customer", "i8"), ("event", "u1"), ("channel", "u1"), ("market", "u1")]
)
_CHANNEL = np.cumsum([0.28, 0.05, 0.17, 0.10, 0.05, 0.35])
_MARKET = np.cumsum([0.05, 0.06, 0.30, 0.12, 0.17, 0.12, 0.08, 0.10])


def parquet(folder: Path) -> Path:
    """The rows as the peers read them."""
    return folder / "events.parquet"


def workspace(folder: Path) -> Path:
    """The same rows in the lake of a workspace."""
    return folder / "workspace"


def generate(folder: Path, rows: int) -> None:
    """Write the log, unless it is there."""
    if (folder / "complete").exists():
        return
    import desirepath
    from desirepath.lake.schema import EVENTS as COLUMNS

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    into = desirepath.init(workspace(folder))
    names = ["row", "at", "customer", "event", "channel", "d_market"]
    with pq.ParquetWriter(parquet(folder), _table(np.empty(0, _ROW), 0).select(names).schema) as writer:

        def batches() -> Iterator[pa.RecordBatch]:
            for table in _tables(folder / "slices", rows):
                writer.write_table(table.select(names), row_group_size=_SLICE)
                yield from table.to_batches()

        with into.lake.begin("bench") as new:
            schema = pa.schema([f for f in COLUMNS if f.name != "import"]).append(pa.field("d_market", pa.string()))
            new.write("events", batches(), schema)
            new.commit({"rows": rows})
    into.close()
    shutil.rmtree(folder / "slices")
    (folder / "complete").touch()


def _tables(folder: Path, rows: int) -> Iterator[pa.Table]:
    """The first `rows` rows by arrival: cut into slices of time on disk, then each slice sorted."""
    folder.mkdir()
    slices = min(_MOST_SLICES, max(1, rows // _SLICE))
    rng = np.random.default_rng(7)
    chain, start = _habits(rng)
    made, first_customer, block = 0, 0, min(50_000, rows // 40)
    while made < rows:
        events = _walks(rng, chain, start, first_customer, block)
        first_customer += block
        made += events.size
        which = np.clip((events["arrival"] - FIRST) * slices // SPAN, 0, slices - 1)
        events = events[np.argsort(which, kind="stable")]
        bounds = np.searchsorted(np.sort(which), np.arange(slices + 1))
        for s in range(slices):
            with (folder / str(s)).open("ab") as file:
                file.write(events[bounds[s] : bounds[s + 1]].tobytes())
    done = 0
    for s in range(slices):
        events = np.fromfile(folder / str(s), _ROW)
        events = events[np.argsort(events["arrival"], kind="stable")][: rows - done]
        if events.size:
            yield _table(events, done)
        done += events.size


def _table(events: NDArray[np.void], first_row: int) -> pa.Table:
    def texts(column: str, values: tuple[str, ...]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(events[column]), pa.array(values)).cast(pa.string())

    n = events.size
    # the multiplier is odd, so that no two customers get one id
    ids = pa.array(events["customer"] * 2_654_435_761 % (1 << 40)).cast(pa.string())
    return pa.table(
        {
            "row": pa.array(np.arange(first_row, first_row + n)),
            "at": pa.array(events["at"]).cast(pa.timestamp("us", tz="UTC")),
            "customer": pc.binary_join_element_wise(pa.scalar("CUST"), ids, "-"),
            "case": pa.nulls(n, pa.string()),
            "event": texts("event", EVENTS),
            "channel": texts("channel", CHANNELS),
            "value": pa.nulls(n, pa.float64()),
            "currency": pa.nulls(n, pa.string()),
            "event_id": pa.nulls(n, pa.string()),
            "source": pa.DictionaryArray.from_arrays(np.zeros(n, np.int8), pa.array(["bench"])).cast(pa.string()),
            "d_market": texts("market", MARKETS),
        }
    )


def _habits(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cumulated shares of what follows each event (its number added, for one search over all), of what is first."""
    rest = [e for e in rng.permutation(60).tolist() if e not in FUNNEL]
    zipf = np.empty(60)
    zipf[[*FUNNEL, *rest]] = 1 / np.arange(1, 61) ** 1.05
    zipf /= zipf.sum()
    chain = np.empty((60, 60))
    for e in range(60):
        onward = np.exp(-(((np.arange(60) - e - 4) / 5) ** 2) / 2) * (zipf + 0.01)
        favourites = np.zeros(60)
        favourites[rng.choice(60, 6, replace=False, p=zipf)] = rng.dirichlet(np.ones(6))
        chain[e] = 0.35 * zipf + 0.3 * onward / onward.sum() + 0.25 * favourites
        chain[e, e] += 0.1
    for here, there in pairwise(FUNNEL):
        chain[here] *= 0.75
        chain[here, there] += 0.25
    start = zipf * np.where(np.arange(60) < 18, 1, 0.1)
    return np.cumsum(chain / chain.sum(axis=1, keepdims=True), axis=1) + np.arange(60)[:, None], np.cumsum(
        start / start.sum()
    )


def _walks(
    rng: np.random.Generator, chain: NDArray[np.float64], start: NDArray[np.float64], first_customer: int, n: int
) -> NDArray[np.void]:
    """All events of n customers, step by step for all of them at once."""
    left = np.clip(np.exp(2.06 + rng.standard_normal(n)).astype(np.int64), 1, 500)
    customer = np.arange(first_customer, first_customer + n)
    market = np.minimum(np.searchsorted(_MARKET, rng.random(n), "right"), 7)
    channel = np.minimum(np.searchsorted(_CHANNEL, rng.random(n), "right"), 5)
    event = np.minimum(np.searchsorted(start, rng.random(n), "right"), 59)
    at = FIRST - 30 * DAY + (rng.random(n) * (SPAN + 30 * DAY)).astype(np.int64)
    steps = []
    while left.size:
        step = np.empty(left.size, _ROW)
        late = np.where(rng.random(left.size) < 0.01, 6 * 3600e6, 20e6)
        step["arrival"] = at + (rng.standard_exponential(left.size) * late).astype(np.int64)
        step["at"], step["customer"], step["event"], step["channel"], step["market"] = (
            at,
            customer,
            event,
            channel,
            market,
        )
        steps.append(step[at >= FIRST])
        left -= 1
        soon = rng.random(left.size) < 0.75
        gap = np.exp(
            np.where(soon, np.log(45e6), np.log(2.5 * DAY)) + np.where(soon, 1.2, 1.3) * rng.standard_normal(left.size)
        )
        at = at + np.maximum(gap, 1000).astype(np.int64)
        on = (left > 0) & (at < FIRST + SPAN)
        left, customer, market, channel, event, at = (x[on] for x in (left, customer, market, channel, event, at))
        flat = np.searchsorted(chain.ravel(), event + rng.random(left.size), "right")
        event = np.minimum(flat - 60 * event, 59)
        changed = rng.random(left.size) < 0.25
        channel[changed] = np.minimum(np.searchsorted(_CHANNEL, rng.random(np.count_nonzero(changed)), "right"), 5)
    return np.concatenate(steps)
