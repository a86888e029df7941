"""What the server did, one JSON object a line, for programs to read.

A request is named by its route, not by its address: addresses hold secrets (of links) and what people search for.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

access = logging.getLogger("desirepath.access")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: at, level, logger, message, and what it was given as `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to(file: str | None) -> None:
    """Logs requests into a file (`-`: the error stream); without one, only warnings and errors to the error stream."""
    handler = (
        logging.StreamHandler(sys.stderr) if file in (None, "-") else logging.FileHandler(Path(str(file)), "a", "utf-8")
    )
    handler.setFormatter(JsonLines())
    for name in ("desirepath", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING)
    access.setLevel(logging.WARNING if file is None else logging.INFO)


class Access:
    """Logs every request once it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends on, and looks at the status."""
        if scope["type"] != "http" or not access.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        begun, status = time.monotonic(), 500

        async def look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, look)
        finally:
            person = scope.get("state", {}).get("person")
            fields = {
                "method": scope["method"],
                "route": getattr(scope.get("route"), "path", None),
                "status": status,
                "ms": round((time.monotonic() - begun) * 1000, 1),
                "user": None if person is None else person.id,
            }
            access.info("request", extra={"fields": fields})
