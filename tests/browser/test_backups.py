"""Backups by hand: made, taken along, deleted, and what makes a workspace of one again."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import Served

import desirepath as dp

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_backup_is_made_taken_along_and_deleted(page: Page, studio: Served, tmp_path: Path) -> None:
    studio.come(page, "/settings")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("link", name="Backups").click()
    page.get_by_text("No backup yet.").wait_for()
    page.get_by_role("button", name="Make a backup").click()
    page.get_by_role("region", name="The backup is made").wait_for(timeout=120_000)
    (made,) = (studio.workspace.folder / "backups").iterdir()
    row = page.get_by_role("listitem").filter(has_text=made.name)
    assert "MB" in row.inner_text() or "kB" in row.inner_text()
    page.get_by_text(f"desirepath restore {made.name} NEW-FOLDER").wait_for()
    with page.expect_download() as loading:
        row.get_by_role("link", name=f"Download: {made.name}").click()
    taken = tmp_path / loading.value.suggested_filename
    loading.value.save_as(taken)
    assert taken.name == made.name and taken.read_bytes() == made.read_bytes() and zipfile.is_zipfile(taken)
    with closing(dp.restore(taken, tmp_path / "again")) as again:  # as the page says
        assert again.journeys.get("coffee") == studio.workspace.journeys.get("coffee")
    row.get_by_role("button", name=f"Remove: {made.name}").click()
    row.get_by_role("button", name=f"Sure? Remove: {made.name}").click()
    page.get_by_text("No backup yet.").wait_for()
    assert not made.exists()
