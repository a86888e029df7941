from pathlib import Path
from threading import Thread

import pytest

from desirepath.database.database import Database
from desirepath.errors import JourneyError
from desirepath.journey import templates
from desirepath.journey.model import Journey
from desirepath.journey.store import JourneyStore


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
        store.get("buying")
