"""A workspace as one file and back, between SQLite and PostgreSQL; all of it, or nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests import postgres
from tests.api.conftest import Cli

import desirepath as dp
from desirepath.database import tables
from desirepath.errors import DesirepathError
from desirepath.lake.lock import held
from desirepath.progress import silent

from .conftest import PASSWORD
from .test_evidence import ended


@pytest.fixture
def empty(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as name:
        yield postgres.address(postgres_server, name)


def facts(workspace: dp.Workspace) -> Any:
    with workspace.database.read() as session:
        users = session.execute(select(tables.User.name, tables.User.password)).all()
        edits = session.scalars(select(tables.JourneyEdit.ops)).all()
        signed_in = session.scalar(select(func.count()).select_from(tables.SignIn))
    return workspace.map("buying").to_json(), workspace.fingerprint(), [tuple(u) for u in users], edits, signed_in


def edit(ada: Any, value: str, was: str, edit_id: str) -> None:
    op = {"op": "set", "part": "stage", "id": "look", "field": "name", "value": value, "was": was}
    answer = ada.post("/api/journeys/buying/edits", json={"edit_id": edit_id, "ops": [op]})
    assert answer.status_code == 200, answer.text


def test_what_is_restored_is_what_was_there(ada: Any, workspace: dp.Workspace, tmp_path: Path, empty: str) -> None:
    edit(ada, "Browsing", "Looking", "the first edit")
    *before, signed_in = facts(workspace)
    workspace.backup(tmp_path / "b.zip")
    edit(ada, "Strolling", "Browsing", "a later edit")
    assert signed_in == 1
    for folder, database in (("file", None), ("postgres", empty)):
        with closing(dp.restore(tmp_path / "b.zip", tmp_path / folder, database=database)) as restored:
            assert facts(restored) == (*before, 0)  # nobody is signed in to a copy
            assert restored.database.engine.dialect.name == ("sqlite" if database is None else "postgresql")
            restored.ingest(tmp_path / "clicks.csv", replace="clicks")  # ids go on where they ended
            assert restored.journeys.edits("buying")[0].id == "the first edit"


def test_a_backup_tells_no_address_of_a_database(workspace: dp.Workspace, tmp_path: Path) -> None:
    workspace.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "127.0.0.1" not in archive.read("desirepath.toml").decode()
        assert archive.testzip() is None and archive.read("workspace.db")[:15] == b"SQLite format 3"


def test_by_the_studio_and_the_command_line(ada: Any, cli: Cli, tmp_path: Path) -> None:
    job = ended(ada, ada.post("/api/backups").json())
    (made,) = ada.get("/api/backups").json()
    assert (job["state"], job["result"]["name"]) == ("done", made["name"])
    taken = ada.get(f"/api/backups/{made['name']}")
    assert taken.headers["content-type"] == "application/zip" and len(taken.content) == made["size"]
    (tmp_path / "taken.zip").write_bytes(taken.content)
    done = cli("restore", tmp_path / "taken.zip", tmp_path / "again")
    assert (done.code, "1 sources, 1 journeys" in done.out) == (0, True), done.err
    assert cli("backup", tmp_path / "again", "--out", tmp_path / "more.zip", "--json").json["files"] > 0
    assert ada.delete(f"/api/backups/{made['name']}").status_code == 204
    assert ada.get("/api/backups").json() == []
    assert [e["action"] for e in ada.get("/api/audit").json()][:3] == ["backup_removed", "backup_taken", "backup_asked"]


@pytest.mark.parametrize("name", ["..%2fworkspace.db", "workspace.db", "2026Z.zip", "..zip"])
def test_only_backups_are_handed_out(ada: Any, name: str) -> None:
    assert ada.get(f"/api/backups/{name}").status_code == 404


def refused(file: Path, folder: Path, said: str, **more: Any) -> None:
    with pytest.raises(DesirepathError, match=said):
        dp.restore(file, folder, **more)


def test_what_is_no_backup_restores_nothing(workspace: dp.Workspace, tmp_path: Path) -> None:
    good = tmp_path / "good.zip"
    workspace.backup(good)
    (tmp_path / "text.zip").write_text("no zip")
    refused(tmp_path / "none.zip", tmp_path / "new", "no such file")
    refused(tmp_path / "text.zip", tmp_path / "new", "damaged or not a backup")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    refused(tmp_path / "other.zip", tmp_path / "new", "is not a backup")
    broken = bytearray(good.read_bytes())
    at = broken.index(b"PAR1") + 10  # within a file of the lake
    broken[at] ^= 0xFF
    (tmp_path / "broken.zip").write_bytes(broken)
    refused(tmp_path / "broken.zip", tmp_path / "new", "damaged")
    assert not (tmp_path / "new").exists() and not list(tmp_path.glob(".restoring-*"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    refused(good, tmp_path / "full", "not an empty folder")
    with pytest.raises(DesirepathError, match="is there already"):
        workspace.backup(good)


@pytest.mark.parametrize("member", ["../evil.txt", "/etc/evil", "lake/../../evil", "other.txt"])
def test_a_backup_that_reaches_out_is_refused(workspace: dp.Workspace, tmp_path: Path, member: str) -> None:
    workspace.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
        archive.writestr(member, "evil")
    refused(tmp_path / "b.zip", tmp_path / "new", "no part of a workspace")
    assert not list(tmp_path.rglob("evil*"))


def test_a_newer_backup_is_refused(workspace: dp.Workspace, tmp_path: Path) -> None:
    workspace.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "new.zip", "w") as new:
        for name in old.namelist():
            about = {**json.loads(old.read(name)), "schema": "9001"} if name == "backup.json" else None
            new.writestr(name, json.dumps(about) if about else old.read(name))
    refused(tmp_path / "new.zip", tmp_path / "new", "newer Desirepath")


def test_a_database_that_is_in_use_is_left_alone(workspace: dp.Workspace, tmp_path: Path, empty: str) -> None:
    workspace.backup(tmp_path / "b.zip")
    dp.restore(tmp_path / "b.zip", tmp_path / "first", database=empty).close()
    refused(tmp_path / "b.zip", tmp_path / "second", "holds a workspace already", database=empty)
    assert not (tmp_path / "second").exists()


def test_it_waits_for_an_import_and_leaves_nothing_when_it_is_cancelled(
    workspace: dp.Workspace, shop: Path, tmp_path: Path
) -> None:
    waited: list[str] = []

    def once(what: str, done: float, total: float | None) -> None:
        waited.append(what)
        raise KeyboardInterrupt

    with held(shop / "lake" / ".lock", 0, silent), pytest.raises(KeyboardInterrupt):
        workspace.backup(tmp_path / "b.zip", progress=once)
    assert waited == ["waiting for another import to finish"]
    with pytest.raises(KeyboardInterrupt):
        workspace.backup(tmp_path / "b.zip", progress=once)
    assert not list(tmp_path.glob("*b.zip*")) and PASSWORD not in str(waited)
