"""A log that is brought up to date equals one that is made anew; and only what was touched is made anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.eventlog.test_reference import SCOPES, SECOND, all_rules, assert_same

from desirepath.eventlog import extending, prepare
from desirepath.eventlog.log import Log
from desirepath.eventlog.model import Rules, Scope
from desirepath.eventlog.prepare import Builder
from desirepath.eventlog.runner import summarise

M = Rules.Match
RULES = Rules(((M(event=("a",)),), (M(event=("b",)),), (M(event=("c",)),)), (0, 1, 2), 3)


@dataclass
class World:
    """A lake to which imports come, and the log that follows it."""

    make: Any
    folder: Path
    notion: Any = "customer"
    rows: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    visible: set[int] | None = None
    links: dict[str, str] = field(default_factory=dict)
    dims: tuple[str, ...] = ("page", "tier")

    def log(self, folder: Path | None = None) -> Log:
        lake = self.make.Lake.of(self.rows, self.facts)
        lake.visible, lake.batch = self.visible, 3
        return prepare.prepare(lake, self.make.links(self.links), self.notion, folder or self.folder, dims=self.dims)

    def come(self, steps: str, customer: str | None = "c0", *, at: int = 100, **more: Any) -> None:
        """One more import, by default late in the life of a known customer."""
        number = 1 + max(row.get("import", 1) for row in self.rows)
        self.rows += self.make.walk(customer, steps, start=at, **{"import": number, **more})

    def extended(self) -> Log:
        """The log brought up to date without being built anew, equal to one that is."""
        with builds() as built:
            log = self.log()
        assert built == [], "the cheap path is taken"
        self.check(log)
        return log

    def rebuilt(self) -> Log:
        """The log, for which there was no cheap path."""
        with builds() as built:
            log = self.log()
        assert built == [self.notion]
        self.check(log)
        return log

    def check(self, log: Log, rules: Rules = RULES, scope: Scope | None = None) -> None:
        fresh = self.log(self.make.folder())
        assert_same(summarise(log, rules, scope or Scope(), 2), summarise(fresh, rules, scope or Scope(), 2))
        assert (log.case_count, log.event_count, log.person_count) == (
            fresh.case_count,
            fresh.event_count,
            fresh.person_count,
        )
        assert (log.event_names, log.channels, log.dimensions) == (fresh.event_names, fresh.channels, fresh.dimensions)
        ids = sorted(log.case_ids(log.cases))
        assert ids == sorted(fresh.case_ids(fresh.cases))
        asked = [*ids[:6], "c0", "u", "u2", "k", "nobody"]
        for by in ("customer", "case"):
            for id_ in asked:
                assert by_first(log.timeline(id_, by)) == by_first(fresh.timeline(id_, by)), (by, id_)
            found, known = log.find(pa.array(asked), by), fresh.find(pa.array(asked), by)
            assert np.array_equal(found[0], known[0])


def by_first(timelines: Sequence[Any]) -> list[Any]:
    """The order of a customer's cases in the log is nobody's business."""
    return sorted(timelines, key=repr)


@contextmanager
def builds() -> Iterator[list[str]]:
    """The notions of the logs that are built from nothing meanwhile."""
    built: list[str] = []
    build = Builder._build

    def spied(self: Builder, dims: tuple[str, ...]) -> Log:
        built.append(self.notion)
        return build(self, dims)

    with patch.object(Builder, "_build", spied):
        yield built


@pytest.fixture(params=["customer", "case"])
def world(request: Any, make: Any, tmp_path: Path) -> World:
    """Twenty customers c0 … c19, each with the events a, b, c a minute apart and a case of their own, k0 … k19."""
    rows = [
        row
        for k in range(20)
        for row in make.walk(f"c{k}", "abc", case=f"k{k}", channel="web", d_page="1" if k > 9 else None)
    ]
    world = World(make, tmp_path, request.param, rows)
    world.log()
    return world


def steps(log: Log, id_: str, by: str = "customer") -> list[str]:
    return sorted("".join(e.event for e in case.events) for case in log.timeline(id_, by))


class TestOnlyWhatIsTouchedIsMadeAnew:
    def test_an_event_after_all_others(self, world: World) -> None:
        world.come("a", case="k0")
        log = world.extended()
        assert steps(log, "c0") == ["abca"]
        assert log.segments.tolist() == [0, 20, 21]
        assert log.case_ids(log.dead) == ["c0" if world.notion == "customer" else "k0"]
        assert (log.case_count, log.event_count) == (20, 61)

    def test_a_late_event_takes_its_place(self, world: World) -> None:
        world.rows += [{"import": 2, "customer": "c0", "case": "k0", "event": "x", "at": 90 * SECOND}]
        world.come("y", case="k1", customer="c1", at=-5)
        log = world.extended()
        assert (steps(log, "c0"), steps(log, "c1")) == (["abxc"], ["yabc"])

    def test_an_event_at_the_same_time_comes_after_those_that_were_there(self, world: World) -> None:
        world.come("zy", case="k0", at=1)
        assert steps(world.extended(), "c0") == ["abzcy"]

    def test_a_new_customer(self, world: World) -> None:
        world.come("ab", "new", case="new")
        log = world.extended()
        assert (log.case_count, log.dead.tolist()) == (21, [])
        assert steps(log, "new") == ["ab"]

    def test_events_without_anybody(self, world: World) -> None:
        world.rows += [{"import": 2, "customer": None, "case": None, "event": "a", "at": 0} for _ in range(2)]
        world.rows += [{"import": 2, "customer": None, "case": "k0", "event": "a", "at": 999 * SECOND}]
        log = world.extended()
        assert log.case_count == (23 if world.notion == "customer" else 22)

    def test_a_new_name_gets_the_next_code_and_answers_stay_in_order(self, world: World) -> None:
        world.come("A", case="k0", channel="app")
        log = world.extended()
        assert log.event_names == ("A", "a", "b", "c")
        assert log.channels == ("app", "web")
        assert sorted(set(log.columns["event"].codes.tolist())) == [1, 2, 3, 4]
        assert log.columns["event"].codes[-1] == 4
        assert summarise(log, RULES, Scope()).event_count.tolist() == [1, 20, 20, 20]

    def test_a_new_value_of_a_dimension(self, world: World) -> None:
        world.come("a", case="k1", customer="c1", d_page="0")
        log = world.rebuilt()  # until now the page never changed within a case
        assert log.dimensions["page"] == ("0", "1")
        assert not log.columns["page"].per_case
        world.come("a", case="k2", customer="c2", d_page="2")
        log = world.extended()
        assert log.dimensions["page"] == ("0", "1", "2")
        assert [e.dimensions["page"] for e in log.timeline("c2", "customer")[0].events] == [None, None, None, "2"]

    def test_nothing_but_an_import_of_something_else(self, world: World) -> None:
        world.facts = [{"customer": "c0", "import": 2, "d_elsewhere": "x"}]
        log = world.extended()
        assert log.segments.tolist()[0:2] == [0, 20]
        assert (log.case_count, log.dead.tolist()) == (20, [])

    def test_several_imports_one_after_the_other(self, world: World) -> None:
        for k in range(5):
            world.come("ab", f"c{k // 2}", case=f"k{k // 2}", at=50 + k)
            world.extended()
        assert len(world.log().segments) == 7

    def test_the_log_that_was_opened_before_goes_on_as_it_was(self, world: World) -> None:
        before = world.log()
        world.come("a", case="k0")
        world.extended()
        assert steps(before, "c0") == ["abc"]
        assert summarise(before, RULES, Scope()).events == 60

    def test_a_case_that_gets_an_owner(self, world: World) -> None:
        """What is known of customers holds for all events of a case that is theirs, old and new, named or not."""
        world.facts = [{"customer": "c0", "d_tier": "gold", "import": 1}]
        world.rows += self_made(None, "k99", "a", 2)
        world.log()
        world.rows += self_made("c0", "k99", "b", 3)
        world.rows += self_made(None, "k0", "b", 3)
        log = world.extended()
        if world.notion == "case":
            tiers = [[e.dimensions["tier"] for e in log.timeline(id_)[0].events] for id_ in ("k99", "k0")]
            assert tiers == [["gold", "gold"], ["gold"] * 4]


def self_made(customer: str | None, case: str, event: str, number: int) -> list[dict[str, Any]]:
    return [{"import": number, "customer": customer, "case": case, "event": event, "at": number * 1000 * SECOND}]


class TestCustomersWhoseEvidenceChanged:
    """By customer their cases are read again; by case all is made anew."""

    @pytest.fixture
    def world(self, make: Any, tmp_path: Path) -> World:
        rows = [
            {**row, "import": 1 + k // 18}
            for k in range(20)
            for row in make.walk(f"c{k}", "abc", case=f"k{k}", channel="web", d_page="1")
        ]
        world = World(make, tmp_path, "customer", rows, [{"customer": "c0", "d_tier": "gold", "import": 1}])
        world.log()
        return world

    def test_an_import_was_superseded(self, world: World) -> None:
        world.visible = {1}
        log = world.extended()
        assert (log.case_count, log.event_count) == (18, 54)
        assert steps(log, "c19") == []

    def test_and_another_one_came_in_its_stead(self, world: World) -> None:
        world.visible = {1, 3}
        world.rows += world.make.walk("c19", "ac", **{"import": 3}, d_page="1")
        assert steps(world.extended(), "c19") == ["ac"]

    def test_two_ids_turn_out_to_be_one_person_and_then_not(self, world: World) -> None:
        world.links = {"c1": "c2"}
        log = world.extended()
        assert steps(log, "c1") == steps(log, "c2") == ["aabbcc"]
        assert log.person_count == 19
        world.links = {}
        log = world.extended()
        assert steps(log, "c1") == steps(log, "c2") == ["abc"]

    def test_more_is_known_of_a_customer(self, world: World) -> None:
        world.facts = [*world.facts, *({"customer": f"c{k}", "d_tier": "silver", "import": 5} for k in (0, 1))]
        log = world.extended()
        tiers = [log.timeline(f"c{k}")[0].events[0].dimensions["tier"] for k in range(3)]
        assert tiers == ["silver", "silver", None]

    def test_an_import_before_others_was_made_visible(self, world: World) -> None:
        world.visible = {2}
        world.log()
        world.visible = {1, 2}
        with patch.object(extending, "MOST", 100):
            assert world.extended().case_count == 20


class TestWhatCannotBeToldCheaply:
    def test_a_name_whose_code_does_not_fit(self, world: World) -> None:
        world.rows += [
            {"import": 2, "customer": f"x{k}", "case": f"x{k}", "event": f"e{k}", "at": 0, "channel": None}
            for k in range(252)
        ]
        with patch.object(extending, "MOST", 100):
            assert world.extended().columns["event"].codes.dtype == np.uint8  # 255 names
            world.come("z", case="k0")
            log = world.rebuilt()
        assert log.columns["event"].codes.dtype == np.uint16
        assert len(log.event_names) == 256

    def test_much_that_is_new(self, world: World) -> None:
        world.come("a" * 19, case="k0")
        world.rebuilt()

    def test_many_that_are_touched(self, world: World) -> None:
        def each(customers: int, number: int) -> None:
            for k in range(customers):
                page = "1" if k > 9 else None
                world.rows += world.make.walk(f"c{k}", "a", start=9, case=f"k{k}", d_page=page, **{"import": number})

        each(12, 2)
        assert world.extended().event_count == 72, "each is a case of three events"
        each(19, 3)
        world.rebuilt()

    @pytest.mark.parametrize("at", [1, 5 * 10**15, -5 * 10**15])
    def test_times_that_do_not_fit(self, world: World, at: int) -> None:
        assert world.log().time.dtype == np.uint32
        world.rows += [{"import": 2, "customer": "c0", "case": "k0", "event": "a", "at": at}]
        assert world.rebuilt().time.dtype == np.int64

    def test_rows_of_an_import_that_changed(self, world: World) -> None:
        """As after an erasure: a name that nobody has any more is gone, too."""
        world.rows = [row for row in world.rows if row["event"] != "b"]
        assert world.rebuilt().event_names == ("a", "c")

    def test_a_name_that_nobody_has_any_more(self, world: World) -> None:
        world.come("z", case="k0")
        assert "z" in world.extended().event_names
        world.visible = {1}
        assert "z" not in world.rebuilt().event_names

    def test_facts_that_were_withdrawn(self, world: World) -> None:
        world.facts = [{"customer": "c0", "d_tier": "gold", "import": 2}]
        world.log()
        world.facts = []
        world.rows += self_made("c0", "k0", "a", 2)
        log = world.rebuilt()
        assert log.dimensions["tier"] == ()

    def test_a_case_that_may_belong_to_somebody_else_now(self, make: Any, tmp_path: Path) -> None:
        """The first person who is named owns a case: a late event may name another one."""
        world = World(
            make, tmp_path, "case", [row for k in range(9) for row in make.walk(f"c{k}", "abc", case=f"k{k}")]
        )
        world.log()
        world.come("x", "c5", case="k0", at=-1)
        assert world.rebuilt().timeline("k0")[0].customer == "c5"


class TestSegmentsAreMerged:
    def test_when_there_are_many(self, world: World) -> None:
        with patch.object(prepare, "MOST_SEGMENTS", 3):
            for k in range(2):
                world.come("a", f"c{k}", case=f"k{k}")
                assert len(world.extended().segments) == 3 + k
            world.come("b", "c7", case="k7")
            log = world.extended()
        assert len(log.segments) == 2
        assert log.dead.size == 0
        assert steps(log, "c0") == ["abca"]

    def test_when_many_events_are_dead(self, world: World) -> None:
        with patch.object(prepare, "LEAST_ALIVE", 0.9):
            world.come("a", "c0", case="k0")
            assert len(world.extended().segments) == 3
            world.come("a" * 9, "c1", case="k1")
            world.come("b", "c2", case="k2")
            log = world.extended()
        assert len(log.segments) == 2
        assert (log.time.size, log.event_count) == (71, 71)

    def test_and_grow_again(self, world: World) -> None:
        with patch.object(prepare, "MOST_SEGMENTS", 1):
            for k in range(3):
                world.come("az"[k % 2], f"c{k}", case=f"k{k}")
                assert len(world.extended().segments) == 2


IMPORTS = st.integers(1, 4)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "import": IMPORTS,
            "at": st.sampled_from([0, 1, 2, 5, 9]).map(lambda s: s * SECOND),
            "customer": st.sampled_from(["u", "v", "u2", None]),
            "case": st.sampled_from(["k", "l", "u", None]),
            "event": st.sampled_from("abcd"),
            "channel": st.sampled_from(["web", None]),
            "d_page": st.sampled_from(["1", "2", None]),
            "d_tier": st.sampled_from(["3", None, None, None]),
        }
    ),
    min_size=4,
    max_size=16,
).map(lambda rows: sorted(rows, key=lambda row: row["import"]))
FACTS = st.lists(
    st.fixed_dictionaries(
        {"import": IMPORTS, "customer": st.sampled_from(["u", "v", "u2"]), "d_tier": st.sampled_from(["1", "2"])}
    ),
    max_size=4,
).map(lambda rows: sorted(rows, key=lambda row: row["import"]))
STATES = st.lists(
    st.tuples(st.sets(IMPORTS, min_size=1), st.sampled_from([{}, {}, {"u2": "u"}, {"v": "u", "u2": "v"}])),
    min_size=2,
    max_size=4,
)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    rows=ROWS,
    facts=FACTS,
    states=STATES,
    notion=st.sampled_from(["customer", "case"]),
    most=st.sampled_from([1, 32]),
    rules=all_rules(),
    scope=SCOPES,
)
def test_any_sequence_of_changes_equals_a_rebuild(
    make: Any, rows: Any, facts: Any, states: Any, notion: str, most: int, rules: Rules, scope: Scope
) -> None:
    """Imports come, late and early, and go; ids are linked and parted; facts about customers come and go."""
    world = World(make, make.folder(), notion, rows, facts)
    with (
        patch.object(extending, "MOST", 10.0),
        patch.object(prepare, "MOST_SEGMENTS", most),
        patch.object(prepare, "LEAST_ALIVE", 0.0),
    ):
        for world.visible, world.links in states:
            world.check(world.log(), rules, scope)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, facts=FACTS, notion=st.sampled_from(["customer", "case"]), rules=all_rules())
def test_imports_that_only_come_one_after_the_other(
    make: Any, rows: Any, facts: Any, notion: str, rules: Rules
) -> None:
    world = World(make, make.folder(), notion, rows, [{**fact, "import": 1} for fact in facts])
    with patch.object(extending, "MOST", 10.0), patch.object(prepare, "LEAST_ALIVE", 0.0):
        for upto in range(1, 5):
            world.visible = set(range(1, upto + 1))
            log = world.log()
    world.check(log, rules)
