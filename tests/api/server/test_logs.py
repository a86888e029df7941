"""The log names routes, never what stands in addresses."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desirepath.server.logs import log_to

NAMES = ("desirepath", "uvicorn", "desirepath.access")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [(one.handlers, one.propagate, one.level) for one in loggers]
    log_to(str(tmp_path / "log.jsonl"))
    yield tmp_path / "log.jsonl"
    for one in {handler for logger in loggers for handler in logger.handlers}:
        one.close()
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_requests_are_logged_by_route(log: Path, ada: Any) -> None:
    ada.get("/api/journeys/buying/map", params={"where": "platform=secret"})
    ada.get("/api/shared/a-secret-of-a-link")
    ada.get("/somewhere")
    lines = [json.loads(line) for line in log.read_text().splitlines()][-3:]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/api/journeys/{journey}/map", 200),
        ("GET", "/api/shared/{token}", 404),
        ("GET", "/{path:path}", lines[2]["status"]),
    ]
    assert [line["user"] for line in lines] == [1, 1, None] and lines[0]["ms"] > 0
    assert "secret" not in log.read_text()


def test_errors_come_with_their_place(log: Path) -> None:
    try:
        raise ZeroDivisionError("oh")
    except ZeroDivisionError:
        logging.getLogger("desirepath.jobs").exception("job 7 failed")
    line = json.loads(log.read_text())
    assert (line["level"], line["logger"], line["message"]) == ("error", "desirepath.jobs", "job 7 failed")
    assert "ZeroDivisionError: oh" in line["error"]
