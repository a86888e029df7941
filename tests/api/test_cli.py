"""The contract of the command line: what goes in, what comes out, with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_a_folder_becomes_a_workspace_once(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert cli("init", tmp_path / "shop").code == 0
    assert {p.name for p in (tmp_path / "shop").iterdir()} >= {"desirepath.toml", "workspace.db"}
    again = cli("init", tmp_path / "shop")
    assert again.code == 2
    assert "is a workspace already" in again.err


def test_a_folder_with_other_things_in_it_is_left_alone(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "letter.txt").write_text("dear")
    done = cli("init", tmp_path)
    assert done.code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("verb", ["sources", "quarantine", "findings x", "map x --out m.html", "ingest f.csv"])
def test_a_verb_on_no_workspace_says_how_to_make_one(cli, tmp_path: Path, verb: str) -> None:  # type: ignore[no-untyped-def]
    name, *rest = verb.split()
    done = cli(name, tmp_path / "nothing", *rest)
    assert done.code == 2
    assert "is not a workspace" in done.err and "desirepath init" in done.err


def test_ingest_answers_in_json_and_nothing_else(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    clicks = tmp_path / "clicks.csv"
    clicks.write_text(
        "user_id,event,timestamp\nu1,home,2026-03-01 10:00\n,home,2026-03-01 10:01\nu2,buy,2026-02-30 10:02\n"
        "u2,buy,2026-03-01 10:03\n"
    )
    cli("init", tmp_path / "shop")
    said = cli("ingest", tmp_path / "shop", clicks, "--json").json
    assert (said["rows"], said["accepted"], said["quarantined"]) == (4, 2, 2)
    assert sum(said["reasons"].values()) == 2
    assert (said["events"], said["feedback"], said["customers"]) == (2, 0, 2)
    assert (said["from"], said["to"]) == ("2026-03-01T10:00:00.000000Z", "2026-03-01T10:03:00.000000Z")
    assert said["skipped_files"] == [] and said["assumptions"]
    again = cli("ingest", tmp_path / "shop", clicks, "--json").json
    assert again["rows"] == 0 and again["skipped_files"] == ["clicks.csv"]
    assert cli("sources", tmp_path / "shop", "--json").json[0]["events"] == 2


def test_a_dry_run_keeps_nothing(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "c.csv").write_text("user_id,event,timestamp\nu1,home,2026-03-01 10:00\n")
    cli("init", tmp_path / "shop")
    assert cli("ingest", tmp_path / "shop", tmp_path / "c.csv", "--dry-run", "--json").json["events"] == 1
    assert cli("sources", tmp_path / "shop", "--json").json == []


def test_quarantine_says_file_line_column_value_and_reason(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "c.csv").write_text("user_id,event,timestamp\nu1,home,2026-03-01 10:00\nu1,home,2026-02-30 10:00\n")
    cli("init", tmp_path / "shop")
    cli("ingest", tmp_path / "shop", tmp_path / "c.csv")
    (row,) = cli("quarantine", tmp_path / "shop", "--json").json
    assert (row["file"], row["line"], row["column"], row["value"]) == ("c.csv", 3, "timestamp", "2026-02-30 10:00")
    assert row["reason"]


def test_journeys_are_listed_exported_and_versioned(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert [(j["id"], j["version"]) for j in cli("journey", shop, "list", "--json").json] == [("buying", 1)]
    assert cli("journey", shop, "export", "buying", "--out", tmp_path / "copy.yaml").code == 0
    assert cli("journey", shop, "add", tmp_path / "copy.yaml", "--json").json["version"] == 1
    assert cli("journey", shop, "diff", "buying", "1").out.strip() == "Nothing changed."
    copy = (tmp_path / "copy.yaml").read_text(encoding="utf-8")
    (tmp_path / "copy.yaml").write_text(copy.replace("Hotline", "Help line"), encoding="utf-8")
    assert cli("journey", shop, "add", tmp_path / "copy.yaml", "--json").json["version"] == 2
    assert "Help line" in cli("journey", shop, "diff", "buying", "1").out
    assert [v["version"] for v in cli("journey", shop, "history", "buying", "--json").json] == [1, 2]
    assert cli("journey", shop, "remove", "buying").code == 0
    assert cli("journey", shop, "list", "--json").json == []


def test_a_journey_with_a_fault_is_refused_with_line_and_column(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.yaml").write_text("journey: bad\ntitle: Bad\nstagez: []\n")
    done = cli("journey", shop, "add", tmp_path / "bad.yaml")
    assert done.code == 2
    assert "bad.yaml:3:1" in done.err and "did you mean 'stages'" in done.err


def test_the_map_as_json_has_the_keys_others_rely_on(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert cli("map", shop, "buying", "--min-n", "1", "--out", tmp_path / "map.json").code == 0
    map_ = json.loads((tmp_path / "map.json").read_text())
    assert (map_["customers"], map_["cases"], map_["events"]) == (3, 3, 7)
    assert map_["unmatched"]["events"] == 1 and map_["unmatched"]["top"][0]["event"] == "search"
    look, buy = map_["stages"]
    assert (look["entered"], look["continued"], look["dropped"]) == (3, 1, 2)
    assert look["drop_rate"]["value"] == pytest.approx(2 / 3)
    assert buy["entered"] == 1
    assert {t["id"]: t["cases"] for t in map_["touchpoints"]} == {"home": 3, "product": 2, "checkout": 1, "hotline": 0}
    step = {(t["from"], t["to"]): t for t in map_["transitions"]}["home", "product_view"]
    assert (step["count"], step["median_s"]) == (1, 20.0)
    assert sum(t["count"] for t in map_["transitions"]) == map_["events"] - map_["cases"]
    assert map_["conformance"]["never_walked"] == ["hotline"]


def test_filters_and_periods_select_cases(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def cases(*options: str) -> int:
        assert cli("map", shop, "buying", "--out", tmp_path / "m.json", *options).code == 0
        return int(json.loads((tmp_path / "m.json").read_text())["cases"])

    assert cases("--where", "platform=mobile") == 2
    assert cases("--where", "platform=mobile", "--where", "platform=desktop") == 3
    assert cases("--from", "2026-03-02") == 1
    assert cases("--to", "2026-03-02") == 2
    assert cases("--from", "2026-03-01", "--to", "2026-03-02", "--where", "platform=mobile") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--where", "platform"], "market=Lisbon"),
        (["--from", "soon"], "not a date"),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "ends"),
        (["--language", "tlh"], "no such language"),
        (["--form", "spiral"], "no such form"),
        (["--persona", "nobody"], "nobody"),
    ],
)
def test_a_wrong_option_is_the_persons_fault(cli, shop: Path, tmp_path: Path, options: list[str], said: str) -> None:  # type: ignore[no-untyped-def]
    done = cli("map", shop, "buying", "--out", tmp_path / "m.html", *options)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "m.html").exists()


def test_an_unknown_journey_and_an_unknown_format(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "buyin" in cli("map", shop, "buyin", "--out", tmp_path / "m.html").err
    done = cli("map", shop, "buying", "--out", tmp_path / "m.docx")
    assert done.code == 2 and "pptx" in done.err


@pytest.mark.parametrize("ending", ["html", "svg", "png", "pdf", "pptx", "xlsx", "md", "mmd", "json"])
def test_the_map_leaves_in_every_format(cli, shop: Path, tmp_path: Path, ending: str) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / f"map.{ending}"
    assert cli("map", shop, "buying", "--language", "zh-Hant", "--out", out).code == 0
    assert out.stat().st_size > 200
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_note_is_evidence(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said = cli(
        "note", shop, "Where is the size table?", "--touchpoint", "product", "--kind", "interview", "--json"
    ).json
    assert said["id"]
    assert cli("sources", shop, "--json").json[-1]["feedback"] == 1


def test_erasing_a_customer_leaves_no_trace(cli, shop: Path) -> None:  # type: ignore[no-untyped-def]
    proof = cli("erase", shop, "u1", "--json").json
    assert proof["rows"]["events"] == 3 and proof["remaining"] == 0
    assert all(b"u1" not in file.read_bytes() for file in (shop / "lake").rglob("*.parquet"))


def test_help_has_an_example_for_the_verbs_that_need_one(cli) -> None:  # type: ignore[no-untyped-def]
    for verb in ("ingest", "map", "note", "discover", "simulate", "init"):
        done = cli(verb, "--help")
        assert done.code == 0 and "Example" in done.out


def test_a_merge_makes_one_customer_of_two_and_can_be_undone(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def customers(*options: str) -> int:
        assert cli("map", shop, "buying", "--out", tmp_path / "m.json", *options).code == 0
        return int(json.loads((tmp_path / "m.json").read_text())["customers"])

    assert customers() == 3
    assert "decision 1" in cli("persons", shop, "--merge", "u1", "u2").out
    assert customers() == 2
    assert cli("persons", shop, "--undo", "1", "--json").json["links"] == []
    assert customers() == 3
    assert cli("persons", shop, "--undo", "1").code == 2


def test_the_map_as_the_evidence_was(cli, shop: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    more = tmp_path / "more.csv"
    more.write_text("user_id,session_id,event,timestamp,platform\nu9,s9,home,2026-03-03 10:00:00,mobile\n")
    assert cli("ingest", shop, more, "--json").json["import"] == 2
    for options, cases in (((), 4), (("--as-of", "1"), 3)):
        assert cli("map", shop, "buying", "--out", tmp_path / "m.json", *options).code == 0
        assert json.loads((tmp_path / "m.json").read_text())["cases"] == cases


def test_a_replay_with_a_corrected_mapping_takes_in_what_was_set_aside(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "o.csv").write_text("who,what,day\n1,buy,2026-03-01\n2,buy,1 March 26 at noon\n")
    (tmp_path / "p.csv").write_text("number,name\n1,ana\n2,bo\n")
    lookup = "{column: who, lookup: {file: p.csv, key: number, take: name}}"
    mapping = f"source: o\nfiles: [o.csv]\ncustomer: {lookup}\nevent: what\n"
    (tmp_path / "m.yaml").write_text(mapping + "at: day\n")
    (tmp_path / "better.yaml").write_text(mapping + """at: {sql: "replace(day, ' at noon', ' 12:00')"}\n""")
    shop = tmp_path / "shop"
    cli("init", shop)
    done = cli("ingest", shop, tmp_path / "o.csv", tmp_path / "p.csv", "--mapping", tmp_path / "m.yaml", "--json")
    assert (done.json["accepted"], done.json["quarantined"]) == (1, 1)
    options = ("--source", "o", "--replay", "--mapping", tmp_path / "better.yaml", "--lookup", tmp_path / "p.csv")
    assert cli("quarantine", shop, *options, "--json").json["events"] == 1
    assert cli("quarantine", shop, "--json").json == []
    assert cli("sources", shop, "--json").json[0]["events"] == 2


def test_findings_know_the_same_languages_as_the_map(cli, shop: Path) -> None:  # type: ignore[no-untyped-def]
    done = cli("findings", shop, "buying", "--language", "tlh")
    assert done.code == 2 and "no such language" in done.err
