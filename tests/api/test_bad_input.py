"""Bad input, item by item: one clear error and exit code 2, or quarantine; never a traceback, never silence.

After every test the same workspace must still take in a good file.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

HEADER = "user_id,event,timestamp"
GOOD = [f"u{i % 4},e{i % 3},2026-03-01 10:{i:02}:00" for i in range(20)]
MAPPING = "source: s\nfiles: ['*.*']\nkind: events\ncustomer: user_id\nevent: {column: event}\nat: timestamp\n"


def table(*rows: str, header: str = HEADER, good: list[str] = GOOD) -> str:
    """A CSV file of twenty good rows and these."""
    return "\n".join([header, *good, *rows]) + "\n"


def xlsx(*cells: tuple[int, int, str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate([HEADER, *GOOD]):
            sheet.write_row(row, 0, line.split(","))
        for row, column, text in cells:
            sheet.write(row, column, text)
    return out.getvalue()


def zipped(name: str, content: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    columns = zip(*(row.split(",") for row in GOOD * 500), strict=True)
    pq.write_table(pa.table(dict(zip(HEADER.split(","), map(list, columns), strict=True))), out)
    return out.getvalue()


@dataclass
class Shop:
    """A workspace and a folder for the files that go into it."""

    cli: Callable[..., Any]
    folder: Path

    @property
    def ws(self) -> Path:
        return self.folder / "ws"

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def refused(self, name: str, content: str | bytes, *options: str | Path) -> str:
        """What is said about a file that is refused as a whole: exit code 2, one message that names the file."""
        done = self.cli("ingest", self.ws, self.put(name, content), *options)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("desirepath: ") and name.rpartition(".")[0] in done.err
        assert self.cli("sources", self.ws, "--json").json == []
        return str(done.err)

    def taken(self, name: str, content: str | bytes, *options: str | Path) -> dict[str, Any]:
        """The summary of a file that is taken in, every row of it accounted for."""
        done = self.cli("ingest", self.ws, self.put(name, content), "--json", *options)
        assert done.code == 0, done.err
        said: dict[str, Any] = done.json
        assert said["accepted"] + said["quarantined"] == said["rows"]
        assert sum(said["reasons"].values()) == said["quarantined"]
        whole = [row for row in self.quarantine() if row["whole_row"]]
        assert len(whole) == said["quarantined"]
        assert all(row["file"] == name and row["line"] for row in whole)
        return said

    def quarantine(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cli("quarantine", self.ws, "--json").json
        return rows

    def one_in_quarantine(self) -> tuple[int, str | None, str, str]:
        """Line, column, value and reason of the only row in quarantine."""
        (row,) = self.quarantine()
        return row["line"], row["column"], row["value"], row["reason"]


@pytest.fixture
def shop(cli: Callable[..., Any], tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(cli, tmp_path)
    assert cli("init", shop.ws).code == 0
    yield shop
    done = cli("ingest", shop.ws, shop.put("afterwards.csv", table()), "--json")
    assert done.code == 0, f"the workspace does not work any more: {done.err}"
    assert done.json["events"] == len(GOOD)


# Files that hold nothing


def test_an_empty_file(shop: Shop) -> None:
    assert "the file is empty" in shop.refused("a.csv", "")


@pytest.mark.parametrize("mapped", [False, True])
def test_a_header_and_nothing_else(shop: Shop, mapped: bool) -> None:
    options = ("--mapping", shop.put("m.yaml", MAPPING)) if mapped else ()
    said = shop.refused("a.csv", HEADER + "\n", *options)
    assert "there are no rows" in said and "only a header" in said


def test_a_workspace_is_no_evidence(shop: Shop) -> None:
    shop.taken("a.csv", table())
    done = shop.cli("ingest", shop.ws, shop.ws)
    assert done.code == 2 and "is a workspace, not evidence" in done.err
    around = shop.cli("ingest", shop.ws, shop.folder, "--json").json
    assert (around["skipped_files"], around["rows"]) == (["a.csv"], 0)


def test_the_files_before_the_workspace(shop: Shop) -> None:
    done = shop.cli("ingest", shop.put("a.csv", table()), shop.ws)
    assert done.code == 2 and "the workspace comes first" in done.err


def test_a_place_that_cannot_be_written(shop: Shop) -> None:
    shop.taken("a.csv", table())
    nowhere = shop.folder / "nowhere" / "out.yaml"
    for command in (("discover", shop.ws, "--out", nowhere), ("simulate", shop.folder / "a.csv", "--customers", "50")):
        done = shop.cli(*command)
        assert done.code == 2 and str(command[-1 if command[0] == "discover" else 1]) in done.err


def test_a_kind_that_there_is_not(shop: Shop) -> None:
    done = shop.cli("ingest", shop.ws, shop.put("a.csv", table()), "--kind", "evnts")
    assert done.code == 2 and "use events, feedback" in done.err


# Delimited text


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_than_the_ending_says(shop: Shop, separator: str) -> None:
    said = shop.taken("a.csv", table().replace(",", separator))
    assert said["accepted"] == 20
    assert any(line.startswith("a.csv: separator") for line in said["assumptions"])


def test_mixed_separators(shop: Shop) -> None:
    assert shop.taken("a.csv", table("u9;e1;2026-03-01 11:00:00"))["quarantined"] == 1
    assert shop.one_in_quarantine() == (
        22, None, "u9;e1;2026-03-01 11:00:00", "too few cells: 1 where 3 are expected",
    )  # fmt: skip


def test_ragged_rows(shop: Shop) -> None:
    said = shop.taken("a.csv", table("u1,e1", "u1,e1,2026-03-01 10:00:00,more"))
    assert said["reasons"] == {
        "too few cells: 2 where 3 are expected": 1,
        "too many cells: 4 where 3 are expected": 1,
    }
    assert [(row["line"], row["value"]) for row in shop.quarantine()] == [
        (22, "u1,e1"),
        (23, "u1,e1,2026-03-01 10:00:00,more"),
    ]


def test_one_broken_quote_costs_one_row(shop: Shop) -> None:
    broken = 'u1,"e1,2026-03-01 10:00:00'
    assert shop.taken("a.csv", table(broken, *GOOD))["accepted"] == 40
    assert shop.one_in_quarantine() == (22, None, broken, "a quote is opened and never closed")


def test_nul_bytes(shop: Shop) -> None:
    assert shop.taken("a.csv", table("u1,e\x001,2026-03-01 10:00:00"))["accepted"] == 20
    assert shop.one_in_quarantine() == (22, None, "u1,e\x001,2026-03-01 10:00:00", "NUL byte")


def test_nothing_but_nul_bytes(shop: Shop) -> None:
    assert "NUL" in shop.refused("a.csv", b"\0" * 4096)


def test_two_encodings_in_one_file(shop: Shop) -> None:
    utf8, cp1251 = "u1,Оплата,2026-03-01 10:00:00\n".encode(), "u1,Оплата,2026-03-01 10:00:00\n".encode("cp1251")
    said = shop.taken("a.csv", table().encode() + utf8 + cp1251)
    assert said["reasons"] == {"bytes that are not valid UTF-8": 1}
    assert shop.one_in_quarantine()[0] == 23
    assert any("some lines are not" in line for line in said["assumptions"])


def test_two_columns_of_one_name(shop: Shop) -> None:
    rows = [f"{row},x{i % 2}" for i, row in enumerate(GOOD)]
    said = shop.taken("a.csv", table(header=f"{HEADER},event", good=rows))
    assert any("'event'" in line and "renamed 'event_2'" in line for line in said["assumptions"])


def test_a_column_that_the_mapping_names_and_the_file_lacks(shop: Shop) -> None:
    mapping = shop.put("m.yaml", MAPPING.replace("column: event", "column: evnt"))
    said = shop.refused("a.csv", table(), "--mapping", mapping)
    assert "there is no column 'evnt'" in said and "did you mean 'event'" in said


def test_text_in_a_number_column_costs_the_cell(shop: Shop) -> None:
    mapping = shop.put("m.yaml", MAPPING + "value: amount\n")
    rows = [f"{row},{i}.5" for i, row in enumerate(GOOD)]
    text = table("u1,e1,2026-03-01 10:00:00,lots", header=f"{HEADER},amount", good=rows)
    said = shop.taken("a.csv", text, "--mapping", mapping)
    assert (said["accepted"], said["cells"]) == (21, {"not a number": 1})
    assert shop.one_in_quarantine() == (22, "amount", "lots", "not a number")


def test_ten_megabytes_in_one_cell(shop: Shop) -> None:
    rows = [f"{row},x" for row in GOOD]
    text = table(f"u1,e1,2026-03-01 10:00:00,{'y' * 10_000_000}", header=f"{HEADER},note", good=rows)
    assert shop.taken("a.csv", text)["rows"] == 21


def test_a_cell_beyond_all_measure(shop: Shop) -> None:
    rows = [f"{row},x" for row in GOOD]
    text = table(f"u1,e1,2026-03-01 10:00:00,{'y' * 17_000_000}", header=f"{HEADER},note", good=rows)
    assert shop.taken("a.csv", text)["accepted"] == 20
    line, _, value, _ = shop.one_in_quarantine()
    assert line == 22 and len(value) <= 1000


# Times


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("soon", "not a time"),
        ("2026-02-30 10:00:00", "impossible time"),
        ("2026-03-01 25:00:00", "impossible time"),
        ("2926-01-01 10:00:00", "time in the future"),
        ("1970-01-01 00:00:00", "epoch zero: looks like a missing time"),
        ("1026-03-01 10:00:00", "time before 1900"),
        ("", "no time"),
    ],
)
def test_a_cell_that_is_no_believable_time(shop: Shop, cell: str, reason: str) -> None:
    assert shop.taken("a.csv", table(f"u1,e1,{cell}"))["accepted"] == 20
    assert shop.one_in_quarantine() == (22, "timestamp", cell, reason)


def test_epoch_zero_among_later_numbers(shop: Shop) -> None:
    rows = [f"u{i % 4},e,{1_767_225_600 + i}" for i in range(20)]
    said = shop.taken("a.csv", table("u1,e,0", good=rows))
    assert said["reasons"] == {"epoch zero: looks like a missing time": 1}
    assert said["from"].startswith("2026-01-01")


def test_a_wholly_relative_clock_is_accepted_and_said(shop: Shop) -> None:
    said = shop.taken("a.csv", table(good=[f"u{i % 4},e{i % 2},{i * 10}" for i in range(20)]))
    assert said["accepted"] == 20
    assert any("relative clock" in line for line in said["assumptions"])


def test_local_times_that_do_not_exist_or_exist_twice(shop: Shop) -> None:
    mapping = shop.put("m.yaml", MAPPING + "timezone: Europe/Berlin\n")
    text = table("u1,e1,2026-03-29 02:30:00", "u1,e1,2025-10-26 02:30:00")
    said = shop.taken("a.csv", text, "--mapping", mapping)
    assert said["accepted"] == 21
    assert shop.one_in_quarantine()[2:] == (
        "2026-03-29 02:30:00",
        "local time that does not exist (the clocks went forward)",
    )
    assert any("exist twice" in line and "the first" in line for line in said["assumptions"])
    assert said["from"] == "2025-10-26T00:30:00.000000Z"


# Packed and damaged files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress(table(*GOOD * 50).encode())),
        ("a.zip", zipped("a.csv", table(*GOOD * 50))),
        ("a.parquet", parquet()),
        ("a.xlsx", xlsx()),
        ("a.json", json.dumps([dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in GOOD]).encode()),
    ],
)
def test_a_file_cut_short(shop: Shop, name: str, content: bytes) -> None:
    said = shop.refused(name, content[: len(content) // 2])
    assert "cut short" in said or "ends in the middle" in said


def test_a_gzip_bomb(shop: Shop) -> None:
    bomb = gzip.compress(table().encode() + b"0" * 100_000_000, 9)
    assert "refused as a bomb" in shop.refused("a.csv.gz", bomb)


def test_a_zip_bomb(shop: Shop) -> None:
    assert "refused as a bomb" in shop.refused("a.zip", zipped("a.csv", table().encode() + b"0" * 100_000_000))


@pytest.mark.parametrize("member", ["../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_a_zip_whose_member_leaves_it(shop: Shop, member: str) -> None:
    assert "leaves the archive" in shop.refused("a.zip", zipped(member, table()))
    assert not list(shop.folder.parent.glob("evil*")) + list(shop.folder.glob("*evil*"))


def test_a_workbook_with_a_cell_far_out(shop: Shop) -> None:
    said = shop.refused("a.xlsx", xlsx((1_000_000, 16_383, "x")))
    assert "1,000,001 × 16,384 cells" in said and "delete what lies far" in said


def test_a_map_in_a_workbook_with_a_cell_far_out(shop: Shop) -> None:
    done = shop.cli("journey", shop.ws, "add", shop.put("map.xlsx", xlsx((1_000_000, 16_383, "x"))))
    assert done.code == 2 and "1,000,001 × 16,384 cells" in done.err


@pytest.mark.parametrize("entity", ['"lol"', 'SYSTEM "file:///etc/passwd"'])
def test_xes_with_entities(shop: Shop, entity: str) -> None:
    text = (
        f'<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a {entity}><!ENTITY b "&a;&a;&a;">]>'
        '<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="1"/><event>'
        '<string key="concept:name" value="&b;"/><date key="time:timestamp" value="2026-01-01T00:00:00Z"/>'
        "</event></trace></log>"
    )
    said = shop.refused("a.xes", text)
    assert "declares the entity 'a': refused" in said and "DOCTYPE" in said


@pytest.mark.parametrize(
    ("content", "what"), [(b"%PDF-1.7 ...", "a PDF"), (b"\x89PNG\r\n\x1a\n", "a picture"), (bytes(range(256)) * 9, "")]
)
def test_what_is_no_table(shop: Shop, content: bytes, what: str) -> None:
    said = shop.refused("a.csv", content)
    assert what in said and "CSV" in said


# Documents

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))


def test_a_yaml_bomb_as_mapping(shop: Shop) -> None:
    said = shop.refused("a.csv", table(), "--mapping", shop.put("a.yaml", BOMB + "source: *a39\n"))
    assert "grows to more than" in said


def test_a_yaml_bomb_as_journey(shop: Shop) -> None:
    done = shop.cli("journey", shop.ws, "add", shop.put("a.yaml", BOMB + "journey: *a39\n"))
    assert done.code == 2 and "a.yaml" in done.err and "grows to more than" in done.err


def test_an_unknown_key_in_a_mapping(shop: Shop) -> None:
    mapping = shop.put("a.yaml", MAPPING.replace("customer:", "custmer:"))
    said = shop.refused("a.csv", table(), "--mapping", mapping)
    assert "a.yaml:4:1" in said and "did you mean 'customer'" in said


def test_an_unknown_key_in_a_journey(shop: Shop) -> None:
    done = shop.cli("journey", shop.ws, "add", shop.put("a.yaml", "journey: j\ntitle: J\nstagez: []\n"))
    assert done.code == 2 and "a.yaml:3:1" in done.err and "did you mean 'stages'" in done.err


@pytest.mark.parametrize(
    "content", [b"", b"a: [b", b"\xff\xfe\xff", b"- 1\n- 2\n", b"\x00" * 20, b"x: " + b"[" * 5000, b"journey: 5"]
)
def test_what_is_no_document(shop: Shop, content: bytes) -> None:
    for name in ("a.yaml", "a.md", "a.csv", "a.xlsx"):
        done = shop.cli("journey", shop.ws, "add", shop.put(name, content))
        assert done.code == 2 and done.err.startswith("desirepath: ")
    done = shop.cli("ingest", shop.ws, shop.put("b.csv", table()), "--mapping", shop.folder / "a.yaml")
    assert done.code == 2 and "a.yaml" in done.err
    assert shop.cli("journey", shop.ws, "list", "--json").json == []


# Journeys that do not fit the data


def journey(start: str, end: str, *rules: str) -> str:
    touchpoints = "".join(f"      - {{id: t{i}, name: T{i}, match: [{rule}]}}\n" for i, rule in enumerate(rules))
    return (
        f"journey: j\ntitle: J\nstart: {{event: {start}}}\nend: {{event: {end}}}\n"
        f"stages:\n  - id: s\n    name: S\n    touchpoints:\n{touchpoints}"
    )


WALKS = [f"u{i},{event},2026-03-01 10:{i:02}:{n}0" for i in range(20) for n, event in enumerate(("see", "try", "buy"))]


def mapped(shop: Shop, document: str) -> tuple[dict[str, Any], str, str]:
    """The map of a journey, what was said when it was added and what when it was computed."""
    shop.taken("walks.csv", table(good=WALKS))
    added = shop.cli("journey", shop.ws, "add", shop.put("j.yaml", document))
    assert added.code == 0, added.err
    done = shop.cli("map", shop.ws, "j", "--out", shop.folder / "j.json")
    assert done.code == 0, done.err
    assert shop.cli("map", shop.ws, "j", "--out", shop.folder / "j.html").code == 0
    return json.loads((shop.folder / "j.json").read_text()), added.out, done.err


def test_a_journey_whose_rules_match_nothing(shop: Shop) -> None:
    map_, _, said = mapped(shop, journey("see", "buy", "{event: seen}", "{event: 'shop_*'}"))
    assert map_["unmatched"]["share"] == 1.0
    assert [t["verdict"] for t in map_["touchpoints"]] == ["no_data", "no_data"]
    assert "{event: seen} matches no event" in said and "No event in scope matches any touchpoint" in said


def test_a_journey_whose_rules_overlap(shop: Shop) -> None:
    map_, added, _ = mapped(shop, journey("see", "buy", "{event: 's*'}", "{event: see}", "{event: buy}"))
    assert "covered by 'T0', which comes first and takes all" in added
    assert [t["events"] for t in map_["touchpoints"]] == [20, 0, 20]


def test_a_journey_whose_end_comes_before_its_start(shop: Shop) -> None:
    map_, _, said = mapped(shop, journey("buy", "see", "{event: see}", "{event: buy}"))
    assert "the wrong way round" in said
    assert map_["cases"] == 20


def test_a_journey_without_stages(shop: Shop) -> None:
    map_, added, _ = mapped(shop, "journey: j\ntitle: J\nstages: []\n")
    assert "the journey has no stages yet" in added
    assert (map_["stages"], map_["unmatched"]["events"]) == ([], 60)


# The place


def test_a_workspace_of_a_newer_version(shop: Shop) -> None:
    with sqlite3.connect(shop.ws / "workspace.db") as database:
        (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("sources",), ("ingest", shop.put("a.csv", table())), ("journey", "list")):
        verb, *rest = command
        done = shop.cli(verb, shop.ws, *rest)
        assert done.code == 2
        assert "newer Desirepath" in done.err and "update Desirepath" in done.err
    with sqlite3.connect(shop.ws / "workspace.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))


MANY = table(good=[f"u{i * 7919 % 100_003},e{i % 3},2026-03-01 10:00:{i % 60:02}" for i in range(60_000)])
RUN = "import sys; from desirepath.cli import main; sys.argv = ['desirepath', *sys.argv[1:]]; main()"


def run(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def test_a_disk_that_is_full_for_files_of_this_size(shop: Shop) -> None:
    limit = 100_000
    child = run(
        "ingest", shop.ws, shop.put("a.csv", MANY), preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (limit, limit)
        ),
    )  # fmt: skip
    _, err = child.communicate(timeout=60)
    assert (child.returncode, "Traceback" in err) == (2, False), err
    assert "full" in err or "large" in err
    assert shop.cli("sources", shop.ws, "--json").json == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root may mount a file system")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk(cli: Callable[..., Any], disk: Path, tmp_path: Path) -> None:
    ws = disk / "ws"
    assert cli("init", ws).code == 0
    (disk / "other").write_bytes(b"x" * (os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - 150_000))
    (tmp_path / "many.csv").write_text(MANY)
    done = cli("ingest", ws, tmp_path / "many.csv")
    assert done.code == 2
    assert "full" in done.err or "how much room" in done.err
    (disk / "other").unlink()
    assert cli("sources", ws, "--json").json == []
    assert cli("ingest", ws, tmp_path / "many.csv", "--json").json["events"] == 60_000


def test_a_folder_that_may_only_be_read(cli: Callable[..., Any], disk: Path, tmp_path: Path) -> None:
    ws = disk / "ws"
    (tmp_path / "a.csv").write_text(table())
    assert cli("init", ws).code == 0
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for command in (("ingest", ws, tmp_path / "a.csv"), ("init", disk / "new"), ("note", ws, "hm")):
        done = cli(*command)
        assert done.code == 2 and "written" in done.err, done.err
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert cli("ingest", ws, tmp_path / "a.csv", "--json").json["events"] == 20


def test_two_imports_at_once(shop: Shop) -> None:
    mapping = shop.put("m.yaml", MAPPING)
    files = [shop.put(f"{name}.csv", MANY.replace("\nu", f"\n{name}")) for name in ("x", "y")]
    children = [run("ingest", shop.ws, file, "--mapping", mapping, "--json") for file in files]
    for child in children:
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        assert json.loads(out)["events"] == 60_000
    (source,) = shop.cli("sources", shop.ws, "--json").json
    assert (source["imports"], source["events"]) == (2, 120_000)
