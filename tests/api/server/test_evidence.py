"""Files are sent, looked at, mapped, checked, imported; what cannot be read is found again; notes are evidence."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import desirepath as dp
from desirepath.lake.lock import held
from desirepath.progress import silent
from desirepath.server import uploads
from desirepath.server.routes import evidence
from desirepath.server.studio import Studio

ORDERS = "who,what,moment,market\nu1,paid,2026-03-04 10:00,Lisbon\nu2,paid,yesterday,Porto\n"
MAPPING = """\
source: orders
customer: who
event: what
at: moment
dimensions: {market: market}
"""


def ended(browser: Any, job: dict[str, Any]) -> dict[str, Any]:
    """The job once it has ended."""
    deadline = time.monotonic() + 120
    while job["state"] in ("waiting", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
        job = browser.get(f"/api/jobs/{job['id']}").json()
    return job


def files(folder: Path) -> list[Path]:
    """All files below a folder, but for the database's."""
    return sorted(path for path in folder.rglob("*") if not path.name.startswith("workspace.db"))


def sent(browser: Any, **files: bytes | str) -> str:
    """A new upload with these files."""
    upload = browser.post("/api/uploads").json()["id"]
    for name, content in files.items():
        answer = browser.put(f"/api/uploads/{upload}/file", params={"name": name}, content=content)
        assert answer.status_code == 200, answer.text
    return str(upload)


def test_a_file_is_looked_at_mapped_and_imported(ada: Any) -> None:
    upload = sent(ada, **{"orders.csv": ORDERS})
    assert ada.get(f"/api/uploads/{upload}").json()["files"] == [{"name": "orders.csv", "size": len(ORDERS)}]
    looked = ada.post(f"/api/uploads/{upload}/preview", json={"kind": "events"}).json()
    assert looked["files"][0]["columns"] == ["who", "what", "moment", "market"]
    assert looked["files"][0]["rows"][1] == ["u2", "paid", "yesterday", "Porto"]
    mapped = ada.post(f"/api/uploads/{upload}/preview", json={"mapping": MAPPING}).json()
    assert mapped["blocks"][0]["customer"] == "who" and not mapped["questions"]

    checked = ended(ada, ada.post(f"/api/uploads/{upload}/check", json={"mapping": mapped["blocks"]}).json())
    assert (checked["state"], checked["result"]["accepted"], checked["result"]["quarantined"]) == ("done", 1, 1)
    assert [source["name"] for source in ada.get("/api/sources").json()] == ["clicks"]

    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={"mapping": mapped["blocks"]}).json())
    assert (job["state"], job["result"]["events"], job["author"]) == ("done", 1, "Ada")
    orders = {source["name"]: source for source in ada.get("/api/sources").json()}["orders"]
    assert (orders["rows"], orders["quarantined"], orders["events"]) == (2, 1, 1)
    assert ada.get("/api/mapping", params={"source": "orders"}).json()["mapping"].startswith("source: orders\n")
    assert ada.get(f"/api/uploads/{upload}").status_code == 404
    assert ada.get("/api/journeys/buying/map").json()["events"] == 8


def test_what_is_guessed_is_said(ada: Any) -> None:
    clicks = "user_id,event,timestamp\nu1,home,2026-03-04 10:00:00\nu2,home,2026-03-04 11:00:00\n"
    upload = sent(ada, **{"more.csv": clicks, "other.csv": clicks.replace("home", "search")})
    looked = ada.post(f"/api/uploads/{upload}/preview", json={}).json()
    assert looked["blocks"][0]["source"] == "more" and looked["questions"] == []
    assert looked["confidences"]["events.customer"] > 0.9
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={}).json())
    assert (job["state"], job["result"]["source"], job["result"]["events"]) == ("done", "more", 4)


def test_an_interview_is_looked_at_and_imported(ada: Any) -> None:
    talk = "date: 2026-03-04\nparticipant: u1\n\nInterviewer: How was it?\nАнна: Slow.\n"
    upload = sent(ada, **{"anna.txt": talk, "notes.md": "- the queue is long\n- no size table\n"})
    looked = ada.post(f"/api/uploads/{upload}/preview", json={}).json()
    first, second = looked["files"]
    assert (first["format"], second["format"], looked["questions"]) == ("text", "text", [])
    said = dict(zip(first["columns"], first["rows"][1], strict=True))
    assert (said["speaker"], said["author"], said["text"], said["participant"]) == ("Анна", "customer", "Slow.", "u1")
    feedback = looked["blocks"][0]["feedback"]
    assert (feedback["author"], feedback["at"], feedback["customer"]) == ("author", "date", "participant")
    checked = ended(ada, ada.post(f"/api/uploads/{upload}/check", json={"mapping": looked["blocks"]}).json())
    assert (checked["state"], checked["result"]["accepted"]) == ("done", 4)
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={"mapping": looked["blocks"]}).json())
    assert (job["state"], job["result"]["feedback"], job["result"]["quarantined"]) == ("done", 4, 0)


def test_what_cannot_be_guessed_is_asked(ada: Any) -> None:
    upload = sent(ada, **{"odd.csv": "a,b\n1,2\n3,4\n"})
    assert ada.post(f"/api/uploads/{upload}/preview", json={}).json()["questions"]
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={}).json())
    assert job["state"] == "failed" and "which column" in job["problem"]["detail"]
    assert ada.get(f"/api/uploads/{upload}").status_code == 200  # to be mended and tried again


def test_a_mapping_that_does_not_hold_together_is_refused_at_once(ada: Any) -> None:
    upload = sent(ada, **{"orders.csv": ORDERS})
    for route in ("preview", "check", "import"):
        answer = ada.post(f"/api/uploads/{upload}/{route}", json={"mapping": MAPPING.replace("customer", "custumer")})
        assert answer.status_code == 422 and "customer" in answer.json()["hint"]


def test_the_quarantine_is_listed_taken_along_and_read_again(ada: Any) -> None:
    upload = sent(ada, **{"orders.csv": ORDERS.replace("yesterday", "=1+1")})
    assert ended(ada, ada.post(f"/api/uploads/{upload}/import", json={"mapping": MAPPING}).json())["state"] == "done"
    page = ada.get("/api/quarantine", params={"source": "orders"}).json()
    assert page["total"] == 1 and page["counts"][0]["count"] == 1
    row = page["rows"][0]
    assert (row["file"], row["line"], row["column"], row["value"]) == ("orders.csv", 3, "moment", "=1+1")
    assert ",moment,'=1+1," in ada.get("/api/quarantine.csv").text  # and no formula of a spreadsheet
    mended = MAPPING.replace("at: moment", "at: {sql: \"replace(moment, '=1+1', '2026-03-05')\"}")
    job = ended(ada, ada.post("/api/replays", json={"source": "orders", "mapping": mended}).json())
    assert (job["state"], job["result"]["accepted"]) == ("done", 1)
    assert ada.get("/api/quarantine").json()["total"] == 0


def test_a_replay_of_nothing_is_said(ada: Any) -> None:
    answer = ada.post("/api/replays", json={"source": "orders", "mapping": MAPPING})
    assert answer.status_code == 422 and "clicks" in answer.json()["hint"]


def test_a_source_whose_data_is_old_is_stale(ada: Any) -> None:
    assert [(s["name"], s["stale"]) for s in ada.get("/api/sources").json()] == [("clicks", True)]


def test_a_note_is_evidence(ada: Any) -> None:
    note = {"text": "The page would not load", "kind": "interview", "touchpoint": "product"}
    kept = ada.post("/api/notes", json=note)
    assert kept.status_code == 201 and kept.json()["id"]
    assert {s["name"]: s["feedback"] for s in ada.get("/api/sources").json()}["notes"] == 1


@pytest.mark.parametrize("note", [{"text": " "}, {"text": "x", "score": 3}, {"text": "x", "kind": "gossip"}])
def test_half_a_note_is_refused(ada: Any, note: dict[str, Any]) -> None:
    assert ada.post("/api/notes", json=note).status_code == 422


def test_a_note_waits_for_an_import_that_is_under_way(ada: Any, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "WAIT_S", 0.05)
    with held(shop / "lake" / ".lock", 0, silent):
        kept = ada.post("/api/notes", json={"text": "Too many kinds"}).json()
        assert kept["id"] is None
    assert ended(ada, kept["job"])["result"]["note"]


# Watched folders


def test_a_watched_folder_is_looked_into_by_itself(ada: Any, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "orders-1.csv").write_text(ORDERS)
    watch = ada.post("/api/watches", json={"folder": str(folder), "mapping": MAPPING}).json()
    deadline = time.monotonic() + 120
    while not (last := ada.get("/api/watches").json()[0]["last"]) or last["state"] != "done":
        assert time.monotonic() < deadline, last
        time.sleep(0.05)
    assert last["result"]["events"] == 1
    (folder / "orders-2.csv").write_text(ORDERS.replace("u1", "u5"))
    again = ended(ada, ada.post(f"/api/watches/{watch['id']}/run").json())
    assert (again["result"]["events"], again["result"]["skipped_files"]) == (1, ["orders-1.csv"])


def test_a_watched_file_that_is_written_anew_replaces_what_it_brought(ada: Any, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS)
    watch = ada.post("/api/watches", json={"folder": str(folder), "mapping": MAPPING, "replace": "orders"}).json()

    def look() -> Any:
        return ended(ada, ada.post(f"/api/watches/{watch['id']}/run").json())["result"]

    assert look()["source"] == "orders"
    assert look()["rows"] == 0  # nothing is new: nothing is replaced
    (folder / "orders.csv").write_text(ORDERS + "u3,paid,2026-03-06,Faro\n")
    assert look()["events"] == 2
    assert {s["name"]: s["events"] for s in ada.get("/api/sources").json()}["orders"] == 2


def test_a_paused_folder_rests_and_a_removed_one_is_gone(ada: Any, studio: Studio, tmp_path: Path) -> None:
    watch = studio.watches.add(str(tmp_path), 60, mapping=None, replace=None, author=None)
    address = f"/api/watches/{watch.id}"
    paused = ada.patch(address, json={"paused": True, "every_minutes": 5}).json()
    assert (paused["paused"], paused["every_minutes"]) == (True, 5)
    assert ada.delete(address).status_code == 204
    assert ada.get("/api/watches").json() == [] and ada.delete(address).status_code == 404


@pytest.mark.parametrize("folder", ["relative", "/nowhere at all", "SHOP", "SHOP/lake"])
def test_only_folders_outside_the_workspace_are_watched(ada: Any, shop: Path, folder: str) -> None:
    answer = ada.post("/api/watches", json={"folder": folder.replace("SHOP", str(shop))})
    assert answer.status_code == 422 and answer.json()["detail"]


# What people with bad intentions send


@pytest.mark.parametrize(
    "name", ["../up.csv", "/etc/cron.d/x", "a\\b.csv", ".hidden", "desirepath.toml", "..", "a\0b", "C:x", "x" * 201, ""]
)
def test_a_name_is_only_ever_a_name(ada: Any, shop: Path, name: str) -> None:
    upload = sent(ada)
    before = files(shop.parent)
    answer = ada.put(f"/api/uploads/{upload}/file", params={"name": name}, content=b"x")
    assert answer.status_code == 422
    assert files(shop.parent) == before


@pytest.mark.parametrize("upload", ["..", "%2e%2e", "..%2f..", "0000000000000000", "lake"])
def test_only_uploads_are_uploads(ada: Any, upload: str) -> None:
    assert ada.get(f"/api/uploads/{upload}").status_code == 404
    assert ada.delete(f"/api/uploads/{upload}").status_code in (404, 405)


def test_too_much_is_refused_while_it_comes(ada: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio.uploads, "most", 1000)
    upload = sent(ada, **{"a.csv": b"x" * 600})
    put = f"/api/uploads/{upload}/file"
    assert ada.put(put, params={"name": "b.csv"}, content=b"x" * 600).status_code == 413
    unannounced = ada.put(put, params={"name": "b.csv"}, content=iter([b"x" * 300, b"x" * 300]))
    assert unannounced.status_code == 413
    assert ada.put(put, params={"name": "a.csv"}, content=b"x" * 900).status_code == 200  # in its own place
    assert [f["name"] for f in ada.get(f"/api/uploads/{upload}").json()["files"]] == ["a.csv"]
    assert [path.name for path in studio.uploads.folder(upload).iterdir()] == ["a.csv"]


def test_who_sends_too_slowly_is_cut_off(signed_in: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PAUSE_S", 0.1)
    upload = signed_in.post("/api/uploads").json()["id"]

    def slowly() -> Any:
        yield b"a,b\n"
        time.sleep(0.5)
        yield b"1,2\n"

    answer = signed_in.put(f"/api/uploads/{upload}/file", params={"name": "a.csv"}, content=slowly())
    assert answer.status_code == 408
    assert list(studio.uploads.folder(upload).iterdir()) == []


def test_who_trickles_is_cut_off(ada: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SLOW_AFTER_S", -1.0)
    monkeypatch.setattr(uploads, "SLOW_BYTES_S", 10**12)
    upload = sent(ada)
    answer = ada.put(f"/api/uploads/{upload}/file", params={"name": "a.csv"}, content=b"a,b\n")
    assert answer.status_code == 408


def test_a_bomb_is_refused(ada: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("clicks.csv", b"user_id,event,timestamp\n" + b"u1,home,2026-03-04 10:00:00\n" * 3_000_000)
    upload = sent(ada, **{"bomb.zip": packed.getvalue()})
    looked = ada.post(f"/api/uploads/{upload}/preview", json={})
    assert looked.status_code == 422 or looked.json()["files"][0]["problem"] or looked.json()["questions"] == []
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={}).json())
    assert job["state"] == "failed" and "bomb" in str(job["problem"])


@pytest.mark.parametrize("member", ["../../evil.csv", "/etc/evil.csv"], ids=["up", "absolute"])
def test_an_archive_that_reaches_out_is_refused(ada: Any, member: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, ORDERS)
    upload = sent(ada, **{"evil.zip": packed.getvalue()})
    answer = ada.post(f"/api/uploads/{upload}/preview", json={})
    assert answer.status_code == 422 and "leaves the archive" in answer.json()["detail"]


@pytest.mark.parametrize(
    "sql",
    [
        "(select max(content) from read_text('{secret}'))",
        "(select max(content) from read_text('http://127.0.0.1:1/x'))",
        "(select count(*)::varchar from '{secret}')",
    ],
)
def test_an_expression_reaches_neither_the_disk_nor_the_network(ada: Any, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("secret\nhunter2\n")
    upload = sent(ada, **{"orders.csv": ORDERS})
    reaching = MAPPING.replace("market: market", f'market: {{sql: "{sql.format(secret=tmp_path / "secret.csv")}"}}')
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={"mapping": reaching}).json())
    assert job["state"] == "failed" and "hunter2" not in str(job)


@pytest.mark.parametrize("file", ["../secret.csv", "../../secret.csv", "SECRET"])
def test_a_lookup_reaches_no_other_file(ada: Any, shop: Path, file: str) -> None:
    (shop / "secret.csv").write_text("key,word\nu1,hunter2\n")
    (shop / "uploads").mkdir()
    (shop / "uploads" / "secret.csv").write_text("key,word\nu1,hunter2\n")
    upload = sent(ada, **{"orders.csv": ORDERS})
    name = file.replace("SECRET", str(shop / "secret.csv"))
    lookup = f"{{column: who, lookup: {{file: {name}, key: key, take: word}}}}"
    reaching = MAPPING.replace("market: market", f"market: {lookup}")
    job = ended(ada, ada.post(f"/api/uploads/{upload}/import", json={"mapping": reaching}).json())
    assert job["state"] == "failed" and "is not there" in job["problem"]["detail"]


def test_what_lies_too_long_is_cleared_away(ada: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = sent(ada, **{"orders.csv": ORDERS})
    monkeypatch.setattr(uploads, "KEPT_S", -1.0)
    sent(ada)
    assert ada.get(f"/api/uploads/{upload}").status_code == 404


def test_the_library_reads_what_the_studio_imported(ada: Any, shop: Path, come: Callable[[str, str], Any]) -> None:
    editor = come("Ben", "editor")
    upload = sent(editor, **{"orders.csv": ORDERS})
    ended(editor, editor.post(f"/api/uploads/{upload}/import", json={"mapping": MAPPING}).json())
    with closing(dp.open(shop)) as library:
        assert library.map("buying").to_json()["events"] == 8
