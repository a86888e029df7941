"""Runs the local server: loopback only, until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.parse import urlencode

from desirepath.errors import DesirepathError
from desirepath.server.accounts import Person
from desirepath.server.app import create_app
from desirepath.server.logs import log_to
from desirepath.server.studio import Studio
from desirepath.workspace import Workspace


def serve(
    workspace: Workspace, port: int, say: Callable[[str], None], host: str = "127.0.0.1", log: str | None = None
) -> None:
    """Serve the workspace; `say` is called with what to open once the port is ours. Returns when stopped.

    `log` is the file into which every request is logged (`-`: the error stream).
    """

    def first(studio: Studio, address: str) -> None:
        if studio.accounts.none_yet():
            say(f"Make the first account at {address}/?setup={studio.setup}  (Ctrl-C ends the server)")
        else:
            say(f"Desirepath is at {address}  (Ctrl-C ends it)")

    try:
        log_to(log)
    except OSError as error:
        raise DesirepathError(f"cannot be written: {error.strerror}", where=log) from error
    _run(workspace, port, first, host)


def demonstrate(workspace: Workspace, port: int, page: str, say: Callable[[str], None]) -> None:
    """Serve the workspace on this machine; the link that is said signs in by itself, once, and opens `page`."""

    def first(studio: Studio, address: str) -> None:
        asked = urlencode({"token": studio.entrance(_host(studio)), "to": page})
        say(f"The map is at {address}/api/enter?{asked}  (Ctrl-C ends it)")

    log_to(None)
    _run(workspace, port, first)


def _host(studio: Studio) -> Person:
    """The admin as whom who runs the demo comes in."""
    if studio.accounts.none_yet():
        return studio.accounts.nameless("Demo")
    return studio.accounts.any_admin()


def _run(workspace: Workspace, port: int, first: Callable[[Studio, str], None], host: str = "127.0.0.1") -> None:
    import uvicorn

    listener = listen(host, port)
    app = create_app(workspace)
    first(app.state.studio, f"http://{host}:{listener.getsockname()[1]}")
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3, timeout_keep_alive=75)
    )
    server.run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """The port, ours from now on.

    It is said to be TCP: else asyncio leaves the delay of small packets on, and answers wait 40 ms for the other side.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise DesirepathError(
            f"port {port} cannot be used: {error.strerror}", hint="choose another with --port, or --port 0 for any"
        ) from error
    listener.listen(128)
    return listener
