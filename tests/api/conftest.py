from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desirepath.cli import main


@dataclass(frozen=True)
class Done:
    """What a command did: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Done]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The program, run in this process as its `main` would be from a shell."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["desirepath", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Done(code, out, err)

    return run


CLICKS = """\
user_id,session_id,event,timestamp,platform
u1,s1,home,2026-03-01 10:00:00,mobile
u1,s1,product_view,2026-03-01 10:00:20,mobile
u1,s1,purchase,2026-03-01 10:03:00,mobile
u2,s2,home,2026-03-01 11:00:00,desktop
u2,s2,search,2026-03-01 11:00:30,desktop
u2,s2,product_view,2026-03-01 11:01:00,desktop
u3,s3,home,2026-03-02 09:30:00,mobile
"""
JOURNEY = """\
journey: buying
title: Buying
end: {event: purchase}
stages:
  - id: look
    name: Looking
    touchpoints:
      - {id: home, name: Home, match: [{event: home}]}
      - {id: product, name: Product page, match: [{event: product_view}]}
  - id: buy
    name: Buying
    touchpoints:
      - {id: checkout, name: Checkout, match: [{event: purchase}]}
      - {id: hotline, name: Hotline, channel: phone, match: [{event: "call_*"}]}
"""


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Path:
    """A workspace with seven clicks of three customers and a journey."""
    (tmp_path / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    (tmp_path / "buying.yaml").write_text(JOURNEY, encoding="utf-8")
    folder = tmp_path / "shop"
    for command in (
        ("init", folder),
        ("ingest", folder, tmp_path / "clicks.csv"),
        ("journey", folder, "add", tmp_path / "buying.yaml"),
    ):
        done = cli(*command)
        assert done.code == 0, done.err
    return folder
