"""`desirepath voice`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desirepath.cli.common import Folder, Json, print_json, print_table
from desirepath.errors import DesirepathError

if TYPE_CHECKING:
    from desirepath.voice.voice import Voice

VERBS = ("overview", "themes", "verbatims", "quality", "teach", "score", "coverage")


def voice(
    folder: Folder,
    verb: Annotated[str, typer.Argument(help=f"{', '.join(VERBS)}.")] = "overview",
    out: Annotated[Path | None, typer.Option(help="score: the file to write, .csv or .parquet.")] = None,
    journey: Annotated[str | None, typer.Option(help="The journey whose touchpoints the feedback belongs to.")] = None,
    touchpoint: Annotated[str | None, typer.Option(help="verbatims: only those of this touchpoint.")] = None,
    language: Annotated[str | None, typer.Option(help="verbatims, teach: only texts in this language.")] = None,
    state: Annotated[str | None, typer.Option(help="verbatims: frustration, indifference or delight.")] = None,
    theme: Annotated[str | None, typer.Option(help="verbatims: of this theme; themes: the theme to change.")] = None,
    rename: Annotated[str | None, typer.Option(help="themes: the new name of --theme.")] = None,
    merge: Annotated[str | None, typer.Option(help="themes: the theme that --theme goes into.")] = None,
    pin: Annotated[bool, typer.Option("--pin", help="themes: keep --theme on top.")] = False,
    undo: Annotated[int | None, typer.Option(help="themes: take the decision of this number back.")] = None,
    labels: Annotated[Path | None, typer.Option(help="teach: a CSV with the columns id and label (-2 … 2).")] = None,
    by: Annotated[str, typer.Option(help="coverage: the dimension of customers to compare by.")] = "market",
    limit: Annotated[int, typer.Option(min=1, help="How many to show or to ask.")] = 20,
    aspects: Annotated[bool, typer.Option("--aspects", help="verbatims: cut into clauses, with --json.")] = False,
    originals: Annotated[bool, typer.Option("--originals", help="verbatims: names and numbers unmasked.")] = False,
    as_json: Json = False,
) -> None:
    """Hear what customers say: languages, emotions, themes, their own words; and teach it."""
    from desirepath import workspace

    if verb not in VERBS:
        raise DesirepathError(f"there is no voice {verb!r}", hint=f"use {', '.join(VERBS)}")
    opened = workspace.open(folder)
    heard = opened.voice(journey=journey)
    if verb == "score":
        if out is None:
            raise DesirepathError("score needs a file", where="--out", hint="--out voice.csv or voice.parquet")
        n = heard.score(out)
        print_json({"rows": n, "file": str(out)}) if as_json else typer.echo(f"{n:,} rows in {out}")
    elif verb == "themes":
        if undo is not None:
            heard.undo_theme_edit(undo)
        _themes(heard, theme, rename, merge, pin, as_json)
    elif verb == "verbatims":
        found = heard.verbatims(
            touchpoint=touchpoint,
            language=language,
            state_=state,
            theme=theme,
            limit=limit,
            originals=originals,
            aspects=aspects,
        )
        rows = [(v["id"], v["emotion"], v["feeling"], v["touchpoint"], v["text"]) for v in found]
        print_json(found) if as_json else print_table("", ("id", "emotion", "feeling", "touchpoint", "text"), rows)
    elif verb == "quality":
        _quality(heard, as_json)
    elif verb == "teach":
        _teach(heard, labels, language, limit, as_json)
    elif verb == "coverage":
        _coverage(opened.coverage(by), as_json)
    else:
        _overview(heard, as_json)


def _overview(heard: Voice, as_json: bool) -> None:
    found = heard.overview()
    if as_json:
        print_json(found)
        return
    rows: list[tuple[str, Any]] = []
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v:,}" if isinstance(v, int) else f"{k} {v}" for k, v in value.items()) or "–"
        rows.append((name.replace("_", " "), str(value) if value is not None else "–"))
    print_table("", ("", ""), rows)


def _themes(heard: Voice, theme: str | None, rename: str | None, merge: str | None, pin: bool, as_json: bool) -> None:
    edits = [("rename", rename, None)] * (rename is not None) + [("merge", None, merge)] * (merge is not None)
    edits += [("pin", None, None)] * pin
    if edits and theme is None:
        raise DesirepathError("which theme?", where="--theme", hint="name it by its id or name")
    for action, name, into in edits:
        number = heard.edit_theme(action, str(theme), name=name, into=into)
        typer.echo(f"decision {number}; to take it back: themes --undo {number}", err=True)
    found = heard.themes_json()
    if as_json:
        print_json(found)
        return
    rows = [
        (t["language"], t["name"], t["size"], t["emotion"], "new" if t["new"] else "growing" if t["growing"] else "",
         next(iter(t["touchpoints"]), None), (t["verbatims"] or [""])[0][:90])
        for t in found
    ]  # fmt: skip
    print_table("", ("", "theme", "size", "emotion", "", "touchpoint", "typical"), rows)


def _quality(heard: Voice, as_json: bool) -> None:
    found = heard.quality()
    if as_json:
        print_json(found)
        return
    rows = [
        (q["language"], q["texts"], q["rated"], q["layer"], (q["model"] or {}).get("macro_f1"),
         (q["model"] or {}).get("ece"), (q["lexicon"] or {}).get("macro_f1"))
        for q in found
    ]  # fmt: skip
    columns = ("language", "texts", "rated", "read by", "model's macro-F1", "its ECE", "lexicon's macro-F1")
    print_table("Measured on texts the model never saw", columns, rows)


def _teach(heard: Voice, labels: Path | None, language: str | None, limit: int, as_json: bool) -> None:
    if labels is not None:
        n = heard.label(_read_labels(labels))
        print_json({"labels": n}) if as_json else typer.echo(f"{n} labels kept")
        return
    asked = heard.to_label(limit, language)
    if as_json:
        print_json(asked)
        return
    given: dict[str, float] = {}
    for number, text in enumerate(asked, 1):
        typer.echo(f"\n{number}/{len(asked)}  {text['text']}")
        answer = typer.prompt("−2 hurt … 0 … 2 glad; s skips, q ends", default="s").strip().lower()
        if answer == "q":
            break
        try:
            given[text["id"]] = max(-2.0, min(2.0, float(answer.replace("−", "-"))))
        except ValueError:
            continue
    if given:
        heard.label(given)
    typer.echo(f"{len(given)} labels kept")


def _read_labels(path: Path) -> dict[str, float]:
    given: dict[str, float] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                try:
                    given[row["id"]] = float(row["label"])
                except (KeyError, TypeError, ValueError) as error:
                    raise DesirepathError(
                        "not a label", where=f"{path}, line {line}", hint="two columns: id, label (−2 … 2)"
                    ) from error
    except OSError as error:
        raise DesirepathError(f"cannot be read: {error.strerror}", where=str(path)) from error
    return given


def _coverage(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows = [(g["name"], g["customers"], g["heard"], g["rate"], g["emotion"]) for g in found["groups"]]
    print_table("", (found["by"], "customers", "heard", "rate", "emotion"), rows)
    if found["plain"] is not None:
        again = found["reweighted"]
        typer.echo(f"Emotion {found['plain']:.2f}; re-weighted for who is not heard {again:.2f}")
        if found["turns"]:
            typer.echo("Who is not heard turns the picture: the re-weighted mean lies outside the interval.")
