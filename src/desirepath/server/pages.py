"""The studio's pages: the files that `make studio` builds, and the first page for every address of the studio."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
UNBUILT = "The studio's pages are not built yet: run `make studio`. The API answers below /api.\n"


def serve_pages(app: FastAPI, static: Path = STATIC) -> None:
    """Adds the pages, after all other routes."""

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        found = _file(static, path)
        if found is not None:
            kept = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
            return FileResponse(found, headers={"Cache-Control": kept})
        if path == "api" or path.startswith(("api/", "assets/")):
            return PlainTextResponse("There is nothing at this address.\n", 404)
        first = _file(static, "index.html")
        if first is None:
            return PlainTextResponse(UNBUILT, 503)
        return FileResponse(first, headers={"Cache-Control": "no-cache"})


def _file(static: Path, path: str) -> Path | None:
    """The file below `static`, also when symbolic links are followed."""
    try:
        root = static.resolve()
        wanted = (root / path).resolve()
        return wanted if wanted.is_relative_to(root) and wanted.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
