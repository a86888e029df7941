"""Promises of the project's own files."""

import re
import tomllib
from pathlib import Path

import pytest

import desirepath

ROOT = Path(__file__).parents[2]
LOCKS = [
    *ROOT.glob("requirements/*.txt"),
    *ROOT.glob("tests/browser/chromium/package*.json"),
    *ROOT.glob("web/package*.json"),
    ROOT / "pyproject.toml",
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_address(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_the_version_stands_in_one_truth() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == desirepath.__version__
    assert f"## {desirepath.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_requirement_is_locked_with_hashes() -> None:
    for lock in ROOT.glob("requirements/*.txt"):
        pinned = re.findall(r"^[a-z0-9._-]+==.*?(?=^[a-z0-9]|\Z)", lock.read_text(encoding="utf-8"), re.M | re.S | re.I)
        assert pinned and all("--hash=sha256:" in entry for entry in pinned), lock.name
