"""Runs the local server: loopback only, until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable

from desirepath.errors import DesirepathError
from desirepath.workspace import Workspace


def run(workspace: Workspace, port: int, say: Callable[[str], None], host: str = "127.0.0.1") -> None:
    """Serve the workspace; `say` is called with the address once the port is ours. Returns when stopped."""
    import uvicorn

    from desirepath.server.app import create_app

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise DesirepathError(
            f"port {port} cannot be used: {error.strerror}", hint="choose another with --port, or --port 0 for any"
        ) from error
    listener.listen()
    say(f"http://{host}:{listener.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="warning", lifespan="off"))
    server.run(sockets=[listener])
