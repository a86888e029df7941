from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import JourneyError
from desirepath.journey import templates
from desirepath.journey.model import Journey
from desirepath.journey.ops import Add, ConflictError, Op, Set, apply
from desirepath.journey.store import PAUSE, JourneyStore


@pytest.fixture
def store(tmp_path: Path) -> JourneyStore:
    return JourneyStore(Database.open(tmp_path / "workspace.db", create=True))


def journey(title: str = "Buying", id_: str = "buying") -> Journey:
    return Journey(id=id_, title=title)


def test_every_save_is_a_version_of_its_own(store: JourneyStore) -> None:
    assert store.add(journey("One"), "Ann") == 1
    assert store.add(journey("Two"), "Bo", note="a better name") == 2
    assert store.get("buying").title == "Two"
    assert store.get("buying", version=1).title == "One"
    assert [(v.number, v.author, v.note) for v in store.versions("buying")] == [
        (1, "Ann", None),
        (2, "Bo", "a better name"),
    ]


def test_what_is_there_already_is_not_saved_again(store: JourneyStore) -> None:
    assert [store.add(journey()), store.add(journey())] == [1, 1]


def test_a_whole_document_comes_back_as_it_was(store: JourneyStore) -> None:
    cafe = templates.load("cafe")
    store.add(cafe)
    assert store.get("cafe") == cafe


def test_a_stale_base_is_refused(store: JourneyStore) -> None:
    store.add(journey("One"), base=0)
    store.add(journey("Two"), "Bo", base=1)
    with pytest.raises(JourneyError, match=r"has changed since version 1: version 2 by Bo is there"):
        store.add(journey("Mine"), base=1)
    with pytest.raises(JourneyError, match="version 2 by Bo is there"):
        store.add(journey("New"), base=0)
    assert store.get("buying").title == "Two"


def test_of_many_who_save_from_the_same_base_one_wins(store: JourneyStore) -> None:
    store.add(journey("One"))
    refused: list[str] = []

    def save(title: str) -> None:
        try:
            store.add(journey(title), base=1)
        except JourneyError:
            refused.append(title)

    threads = [Thread(target=save, args=(f"by {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert [v.number for v in store.versions("buying")] == [1, 2]


def test_the_list_shows_the_newest_version_of_each(store: JourneyStore) -> None:
    store.add(journey("B", "b"))
    store.add(journey("A", "a"))
    store.add(journey("B again", "b"))
    assert [(e.id, e.title, e.version.number) for e in store.list()] == [("a", "A", 1), ("b", "B again", 2)]


def test_a_removed_journey_is_out_of_sight_until_it_is_saved_again(store: JourneyStore) -> None:
    store.add(journey("One"))
    store.remove("buying")
    assert store.list() == ()
    with pytest.raises(JourneyError, match="there is none yet"):
        store.get("buying")
    assert store.add(journey("Two")) == 2
    assert store.get("buying", version=1).title == "One"


def test_an_unknown_journey_or_version_is_named(store: JourneyStore) -> None:
    store.add(journey())
    with pytest.raises(JourneyError, match=r"(?s)no journey 'bying'.*did you mean 'buying'"):
        store.get("bying")
    with pytest.raises(JourneyError, match=r"(?s)no version 7.*versions 1 to 1"):
        store.get("buying", version=7)
    with pytest.raises(JourneyError, match="no journey 'x'"):
        store.remove("x")


def test_a_document_that_this_version_cannot_read_says_so(store: JourneyStore) -> None:
    from desirepath.database import tables

    store.add(journey())
    with store.database.begin() as session:
        session.get_one(tables.JourneyVersion, 1).document = {"id": "buying", "title": "B", "telepathy": 1}
    with pytest.raises(JourneyError, match=r"journey buying, version 1: unknown key 'telepathy'"):
        store.get("buying", version=1)


# Edits


def set_title(value: str, was: str) -> list[Op]:
    return [Set(op="set", part="journey", id="buying", field="title", value=value, was=was)]


def test_an_edit_changes_what_stands_and_makes_no_version(store: JourneyStore) -> None:
    store.add(journey("One"))
    edit = store.edit("buying", set_title("Two", "One"), edit_id="e1", author="Ann")
    assert (edit.seq, edit.author, edit.inverse) == (1, "Ann", tuple(set_title("One", "Two")))
    assert (store.get("buying").title, store.get("buying", version=1).title) == ("Two", "One")
    assert (store.head("buying").seq, len(store.versions("buying"))) == (1, 1)
    assert [(e.title, e.seq, e.author) for e in store.list()] == [("Two", 1, "Ann")]


def test_what_another_program_did_is_seen_at_once(store: JourneyStore, tmp_path: Path) -> None:
    other = JourneyStore(Database.open(tmp_path / "workspace.db"))
    store.add(journey("One"))
    assert other.get("buying").title == "One"
    store.edit("buying", set_title("Two", "One"), edit_id="e1")
    assert (other.get("buying").title, [head.journey.title for head in other.heads()]) == ("Two", ["Two"])
    other.edit("buying", set_title("Three", "Two"), edit_id="e2")
    store.edit("buying", set_title("Four", "Three"), edit_id="e3")
    assert (store.get("buying").title, other.get("buying").title) == ("Four", "Four")


def test_an_edit_that_is_refused_leaves_nothing_in_memory(store: JourneyStore) -> None:
    store.add(journey("One"))
    with pytest.raises(JourneyError):
        store.edit("buying", [*set_title("Two", "One"), *set_title("Three", "One")], edit_id="e1")
    assert (store.get("buying").title, store.head("buying").seq) == ("One", 0)


def test_the_same_edit_again_is_done_once(store: JourneyStore) -> None:
    store.add(journey("One"))
    first = store.edit("buying", set_title("Two", "One"), edit_id="e1")
    assert store.edit("buying", set_title("Two", "One"), edit_id="e1") == first
    with pytest.raises(JourneyError, match="another edit has this edit_id"):
        store.edit("buying", set_title("Three", "Two"), edit_id="e1")


def test_a_conflict_says_who_was_first_and_changes_nothing(store: JourneyStore) -> None:
    store.add(journey("One"))
    store.edit("buying", set_title("Bo's", "One"), edit_id="e1", author="Bo")
    with pytest.raises(ConflictError) as raised:
        store.edit("buying", set_title("Ann's", "One"), edit_id="e2", author="Ann")
    assert (raised.value.by, raised.value.now, raised.value.wanted) == ("Bo", "Bo's", "Ann's")
    assert (store.get("buying").title, store.head("buying").seq) == ("Bo's", 1)


def test_who_edits_after_a_pause_starts_from_a_version(store: JourneyStore) -> None:
    store.add(journey("One"))
    store.edit("buying", set_title("Two", "One"), edit_id="e1", author="Ann")
    with store.database.begin() as session:
        session.get_one(tables.JourneyHead, "buying").updated -= PAUSE + timedelta(seconds=1)
    store.edit("buying", set_title("Three", "Two"), edit_id="e2", author="Bo")
    assert [(v.number, v.author) for v in store.versions("buying")] == [(1, None), (2, "Ann")]
    assert store.get("buying", version=2).title == "Two"


def test_a_whole_save_keeps_what_was_edited_as_a_version(store: JourneyStore) -> None:
    store.add(journey("One"))
    store.edit("buying", set_title("Two", "One"), edit_id="e1", author="Ann")
    with pytest.raises(JourneyError, match="it was edited by Ann after version 1"):
        store.add(journey("Three"), base=1)
    assert store.add(journey("Three")) == 3
    assert [store.get("buying", version=n).title for n in (1, 2, 3)] == ["One", "Two", "Three"]
    assert [edit.seq for edit in store.edits("buying")] == [1, 2]


def test_a_version_is_restored_by_an_edit_that_can_be_taken_back(store: JourneyStore) -> None:
    store.add(journey("One"))
    store.edit("buying", set_title("Two", "One"), edit_id="e1")
    assert (store.keep("buying", note="before the workshop"), store.keep("buying")) == (2, 2)
    restored = store.restore("buying", 1, author="Ann")
    assert store.get("buying").title == "One"
    store.edit("buying", restored.inverse, edit_id="undo")
    assert store.get("buying").title == "Two"


def test_edits_done_again_from_the_first_version_give_what_stands(store: JourneyStore) -> None:
    store.add(journey("One"))
    for i in range(5):
        store.edit("buying", set_title(str(i + 1), str(i) if i else "One"), edit_id=f"e{i}")
    now = store.get("buying", version=1)
    for edit in store.edits("buying"):
        now, _ = apply(now, edit.ops)
    assert now == store.get("buying")
    assert [e.seq for e in store.edits("buying", after=3)] == [4, 5]
    assert store.last_edit() == store.edits_of_all(after=0)[-1].number


def test_edits_at_the_same_moment_are_numbered_one_after_another(store: JourneyStore) -> None:
    store.add(journey("One"))

    def add(who: int) -> None:
        for i in range(5):
            value = {"id": f"s{who}-{i}", "name": "Stage"}
            store.edit("buying", [Add(op="add", part="stage", value=value)], edit_id=f"{who}-{i}")

    threads = [Thread(target=add, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [edit.seq for edit in store.edits("buying")] == list(range(1, 21))
    assert len(store.get("buying").stages) == 20
