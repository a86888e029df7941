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
        root = static.resolve()
        wanted = (root / path).resolve()
        if path and wanted.is_relative_to(root) and wanted.is_file():
            kept = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
            return FileResponse(wanted, headers={"Cache-Control": kept})
        if path == "api" or path.startswith(("api/", "assets/")) or "\0" in path:
            return PlainTextResponse("There is nothing at this address.\n", 404)
        if not (root / "index.html").is_file():
            return PlainTextResponse(UNBUILT, 503)
        return FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})
