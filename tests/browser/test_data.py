"""Evidence comes in by hand: files are looked at, corrected, imported; what could not be read is read again."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.browser.serving import PASSWORD, Served, serving

import desirepath as dp

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Served]:
    """The studio of an empty workspace at its first start."""
    with serving(dp.init(tmp_path / "shop")) as served:
        yield served


@pytest.fixture
def studio(new: Served) -> Served:
    """The same, with Ada."""
    new.studio.accounts.first("Ada", PASSWORD)
    return new


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three exports of a shop: what forty visitors did, what they ordered, what they said."""
    walk = ("visit", "search", "view_product", "add_to_basket")
    clicks = [("user_id", "timestamp", "event")]
    orders = [("order_id", "user_id", "ordered_at", "delivered_at", "total")]
    reviews = [("review_id", "user_id", "created_at", "stars", "review")]
    for n in range(40):
        at = START + timedelta(days=n)
        for k, event in enumerate(walk[: 4 if n % 2 else 3]):
            clicks.append((f"u{n}", (at + timedelta(minutes=k)).isoformat(), event))
        if n % 2:
            done = at + timedelta(days=3)
            orders.append((f"o{n}", f"u{n}", (at + timedelta(minutes=9)).isoformat(), done.isoformat(), "19.90"))
            stars = 1 + n % 5
            reviews.append((f"r{n}", f"u{n}", done.isoformat(), str(stars), "Quick and easy as always"))
    made = {"clicks.csv": clicks, "orders.csv": orders, "reviews.csv": reviews}
    for name, rows in made.items():
        (tmp_path / name).write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return [tmp_path / name for name in made]


def bring(page: Page, *files: Path) -> None:
    page.get_by_label("Choose files").set_input_files(list(files))
    page.get_by_role("heading", name="What the columns mean").wait_for()


def test_from_the_first_start_to_the_first_map_from_three_files(page: Page, new: Served, files: list[Path]) -> None:
    page.goto(new.first)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Data", exact=True).click()
    bring(page, *files)
    assert page.get_by_label("Meaning of stars").input_value() == "score"
    assert page.get_by_label("Meaning of timestamp").input_value() == "at"
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="Imported").wait_for()
    assert "180 rows accepted" in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Draw a journey from the data").click()
    page.get_by_role("button", name="Let the data draw it").click()
    page.get_by_role("table").wait_for()
    assert "40\n" in page.locator(".facts").inner_text()
    assert new.workspace.map(new.workspace.journeys.list()[0].id).data.customers == 40


def test_what_was_guessed_wrongly_is_corrected_by_column(page: Page, studio: Served, files: list[Path]) -> None:
    studio.come(page, "/data")
    bring(page, files[1])
    with page.expect_response("**/preview"):
        page.get_by_label("Meaning of total").select_option("value")
    page.get_by_text("The whole mapping as YAML").click()
    expect(page.get_by_label("Mapping", exact=True)).to_have_value(re.compile("value: total"))
    with page.expect_response("**/preview"):
        page.get_by_label("Meaning of delivered_at").select_option("")
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("heading", name="Tried out, nothing kept").wait_for()
    assert studio.workspace.sources() == ()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="Imported").wait_for()
    assert set(studio.workspace.event_names()) == {"ordered"}


def test_a_mapping_that_cannot_be_is_said_and_nothing_imported(browser: Any, studio: Served, files: list[Path]) -> None:
    with browser.new_page() as page:  # of its own: the browser itself reports the refusal as an error
        studio.come(page, "/data")
        bring(page, files[0])
        page.get_by_text("The whole mapping as YAML").click()
        page.get_by_label("Mapping", exact=True).fill("source: x\nkind: nonsense\n")
        page.get_by_role("button", name="Take it over").click()
        assert "kind" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("button", name="Import", exact=True).is_disabled()
        page.get_by_role("button", name="Give it up").click()
        page.get_by_text("Drop files here").wait_for()


def test_a_file_with_bad_rows_loses_nothing_and_is_read_again(page: Page, studio: Served, tmp_path: Path) -> None:
    rows = [(f"u{n}", f"2026-03-{n + 1:02}T10:00:00Z", "visit") for n in range(20)]
    rows += [("u1", "31/31/2026", "buy"), ("u2", "soon", "buy")]
    file = tmp_path / "visits.csv"
    file.write_text("user_id,timestamp,event\n" + "\n".join(",".join(row) for row in rows) + "\n")
    studio.come(page, "/data")
    bring(page, file)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="Imported").wait_for()
    said = page.get_by_role("main").inner_text()
    assert "20 rows accepted" in said and "2 rows could not be read" in said
    page.get_by_role("link", name="See what could not be read").click()
    page.get_by_text("31/31/2026").wait_for()
    assert "visits.csv, line 22" in page.get_by_role("main").inner_text()


def test_a_file_that_is_none_is_refused_with_a_reason(browser: Any, studio: Served, tmp_path: Path) -> None:
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    with browser.new_page() as page:
        studio.come(page, "/data")
        page.get_by_label("Choose files").set_input_files(file)
        page.locator("[role=alert]").first.wait_for()
        assert "picture" in page.get_by_role("main").inner_text()
    assert studio.workspace.sources() == ()


def test_quarantine_is_read_again_with_a_corrected_mapping(page: Page, studio: Served, tmp_path: Path) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("who,when,what\nu1,2026-03-01,visit\nu2,02.03.2026,visit\n")
    mapping = {"source": "visits", "files": ["visits.csv"], "customer": "who", "event": "what", "at": "when"}
    wrong = tmp_path / "mapping.yaml"
    wrong.write_text(json.dumps(mapping | {"time_format": "%Y-%m-%d"}))
    assert studio.workspace.ingest(file, mapping=wrong).quarantined == 1
    studio.come(page, "/data")
    page.get_by_role("row", name="visits").get_by_role("link", name="1").click()
    field = page.get_by_role("textbox", name="Corrected mapping of visits")
    field.fill(json.dumps(mapping | {"time_format": "%d.%m.%Y"}))
    page.get_by_role("button", name="Read them again").click()
    page.get_by_text("Everything could be read.").wait_for()
    assert studio.workspace.quarantine() == []


def test_an_import_is_stopped_and_nothing_of_it_kept(page: Page, studio: Served, files: list[Path]) -> None:
    studio.come(page, "/data")
    bring(page, *files)
    free = threading.Event()
    studio.studio.jobs.works["note"] = lambda task: {"free": free.wait(30)}
    studio.studio.jobs.add("note", {})  # something else is under way
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Nothing was kept").wait_for()
    free.set()
    assert studio.workspace.sources() == ()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="Imported").wait_for()


def test_a_note_from_a_phone_is_evidence(page: Page, studio: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    studio.workspace.add_journey(dp.journey.templates.load("cafe"))
    studio.come(page, "/data")
    page.get_by_role("link", name="Add a note").click()
    page.get_by_label("What was said or seen").fill("The queue reached the door")
    page.get_by_label("Kind").select_option("interview")
    page.get_by_label("Touchpoint").select_option(index=2)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("status").filter(has_text="Kept").wait_for()
    assert [(source.name, source.feedback) for source in studio.workspace.sources()] == [("notes", 1)]


def test_a_watched_folder_is_looked_into(page: Page, studio: Served, files: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    files[0].rename(folder / files[0].name)
    studio.come(page, "/data")
    page.get_by_label("Folder on the server").fill(str(folder))
    page.get_by_label("Look every").select_option("15")
    page.get_by_role("button", name="Watch it").click()
    page.get_by_text("Look every 15 min · next look").wait_for()
    assert [watch.every_s for watch in studio.studio.watches.list()] == [15 * 60]
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("row", name="clicks").or_(page.get_by_role("row", name="inbox")).first.wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("paused").wait_for()


def test_a_viewer_sees_the_sources_and_changes_nothing(page: Page, studio: Served) -> None:
    studio.come(page, "/data", studio.invite("Vic", "viewer"))
    page.get_by_text("Nothing was brought in yet").wait_for()
    assert page.get_by_role("button", name="Choose files").count() == 0
    assert page.get_by_role("link", name="Add a note").count() == 0
