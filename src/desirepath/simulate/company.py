"""`simulate`: a labelled synthetic company, written block by block, so that memory does not grow with its size.

Everything follows from (blueprint, customers, seed): the same call writes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from desirepath.progress import Progress, silent
from desirepath.simulate.behaviour import CustomerFiles, Newsletter, Orders, Tills, WebAndApp
from desirepath.simulate.belief import write_sheet
from desirepath.simulate.block import Block
from desirepath.simulate.cafe import CAFE, NO_EFFECT, TOUCHPOINTS
from desirepath.simulate.contacts import Calls, Chats, Tickets
from desirepath.simulate.lines import Sink, numbers, strings
from desirepath.simulate.people import keys, people
from desirepath.simulate.public import Reviews
from desirepath.simulate.rules import Rules
from desirepath.simulate.spoken import Voice
from desirepath.simulate.surveys import Surveys
from desirepath.simulate.truth import Tally, truth
from desirepath.simulate.walk import walk

BLOCK = 10_000


@dataclass(frozen=True)
class Company:
    """Where a simulated company lies, and how large it came out."""

    folder: Path
    files: tuple[Path, ...]  # the exports
    mapping: Path
    journey: Path
    sheet: Path
    truth: Path
    customers: int
    events: int


def blocks(rules: Rules, customers: int, seed: int) -> Iterator[Block]:
    """A company's customers and their events, some thousand customers at a time."""
    plan = rules.plan
    for number, first in enumerate(range(0, customers, BLOCK)):
        rng = np.random.default_rng([seed, number])
        drawn = people(plan, rng, first, min(BLOCK, customers - first))
        yield Block(rules, drawn, keys(plan, drawn), walk(rules, drawn, rng), rng)


def simulate(folder: Path, *, customers: int = 2000, seed: int = 1, progress: Progress = silent) -> Company:
    """Writes the café chain's exports, `mapping.yaml`, `journey.yaml`, `map.xlsx` and `truth.json` into `folder`."""
    folder = Path(folder)
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    systems = _systems(exports)
    rules = Rules(CAFE)
    tally = Tally(rules)
    surveys, voices = Surveys(exports), _voices(exports)
    for block in blocks(rules, customers, seed):
        for system in systems:
            system.write(block)
        voice = Voice(block)
        for spoken in voices:
            spoken.write(block, voice)
        surveys.write(block, voice, tally.told)
        tally.add(block)
        progress("simulating customers", tally.customers, customers)
    sinks = [*_sinks(systems), *_sinks(voices), surveys.csat, _metrics(exports, tally, seed)]
    for sink in sinks:
        sink.close()
    surveys.nps.close()
    known = truth(CAFE, tally, TOUCHPOINTS) | {
        "seed": seed,
        "no_effect": NO_EFFECT,
        "never_walked": ["table-qr"],
        "missing_from_map": ["kiosk_menu"],
        "feedback": {s.path.name: s.rows for s in sinks} | {"survey_nps.xlsx": surveys.nps.rows},
    }
    return Company(
        folder,
        tuple(sorted([*(s.path for s in sinks), *surveys.nps.paths])),
        _copy("mapping.yaml", folder),
        _copy("journey.yaml", folder),
        write_sheet(folder / "map.xlsx"),
        _json(known, folder / "truth.json"),
        customers,
        int(tally.events.sum()),
    )


def _systems(folder: Path) -> list[Any]:
    tills = Tills(folder, tuple(m.id for m in CAFE.markets))
    return [WebAndApp(folder), tills, Orders(folder), Newsletter(folder), CustomerFiles(folder)]


def _voices(folder: Path) -> list[Any]:
    return [Calls(folder), Chats(folder), Tickets(folder), Reviews(folder)]


def _sinks(systems: list[Any]) -> list[Sink]:
    found: list[Sink] = []
    for system in systems:
        for value in vars(system).values():
            found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, Sink)]
    return found


def _metrics(folder: Path, tally: Tally, seed: int) -> Sink:
    """What door counters and the ad network report: far more passers-by than known customers."""
    rng = np.random.default_rng([seed, 2**32 - 1])
    sink = Sink(folder / "monthly_metrics.csv", "month,footfall,ad_impressions\n")
    months = [f"{CAFE.year}-{m:02d}-01" for m in range(1, 13)]
    footfall = tally.months["shop_enter"] * 7.5 * rng.uniform(0.97, 1.03, 12)
    seen = tally.months["ad_click"] * 85 * rng.uniform(0.95, 1.05, 12)
    shown = [strings(months), ",", numbers(footfall.astype(np.int64)), ",", numbers(seen.astype(np.int64))]
    sink.write(shown, 12)
    return sink


def _copy(name: str, folder: Path) -> Path:
    target = folder / name
    target.write_bytes((files("desirepath.simulate") / "ember" / name).read_bytes())
    return target


def _json(value: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
