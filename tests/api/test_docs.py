"""The guide is run: every `console` block line by line, every `python` block, in one empty folder a page.

Below a command stands what it prints; `…` stands for any text, alone on a line for any lines. A command without lines
below it only has to succeed.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python|yaml title=\"[^\"]+\")\n(.*?)^```$", re.M | re.S)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith("> "):
            found[-1] = (f"{found[-1][0].removesuffix(chr(92))} {line[2:]}", [])
        elif line.strip():
            found[-1][1].append(line)
    return found


def matches(expected: list[str], printed: str) -> bool:
    parts = [".*" if line.strip() == "…" else re.escape(line.strip()).replace("…", "[^\n]*") for line in expected]
    text = "\n".join(line.strip() for line in printed.splitlines() if line.strip())
    return re.fullmatch("\n?".join(parts), text, re.S) is not None


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "160", "NO_COLOR": "1"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            exec(compile(block, str(page), "exec"), names)
        elif language.startswith("yaml"):
            name = language.split('"')[1]
            Path(tmp_path, name).write_text(block, encoding="utf-8")
        else:
            for command, expected in commands(block):
                if shlex.split(command)[0] in ("git", "cd", "make"):
                    continue  # of the project's own checkout
                printed = run(command, tmp_path)
                assert not expected or matches(expected, printed), f"$ {command}\n{printed}"


def test_every_verb_is_documented() -> None:
    from typer.main import get_command

    from desirepath.cli.app import app

    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    missing = [name for name in get_command(app).commands if f"`desirepath {name}" not in text]  # type: ignore[attr-defined]
    assert missing == []


def test_every_key_of_the_map_is_documented() -> None:
    from dataclasses import fields

    from desirepath.insight import model

    text = (ROOT / "docs" / "reference" / "map-json.md").read_text(encoding="utf-8")
    kinds = (model.MapData, model.StageView, model.TouchpointView, model.Finding, model.Emotion, model.Estimate)
    missing = [f"{kind.__name__}.{f.name}" for kind in kinds for f in fields(kind) if f"`{f.name}`" not in text]
    assert missing == []
