"""A PostgreSQL for the tests: that of the machine, else the one from PyPI; empty databases on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server of its own, without the database's name; nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        data = Path(folder) / "data"
        data.mkdir()
        user = _who_may(Path(folder), data)
        binaries = _binaries(Path(folder))
        _run(user, binaries / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _run(user, binaries / "pg_ctl", "-D", data, "-o", options, "-l", data / "log", "-w", "start")
        try:
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


@contextlib.contextmanager
def database(server: str, like: str | None = None) -> Iterator[str]:
    """The name of a database that is dropped in the end: empty, or a copy of another one that nobody is using."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template1'}")
    yield name
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def address(server: str, database: str) -> str:
    """What a workspace is told about a database."""
    return f"{server.replace('postgresql', 'postgresql+psycopg')}/{database}"


def _binaries(folder: Path) -> Path:
    machine = shutil.which("pg_ctl")
    if machine is not None:
        return Path(machine).resolve().parent
    package = Path(str(find_spec("pgserver").origin)).parent  # type: ignore[union-attr]
    if os.geteuid() == 0:  # copied with its libraries, since nobody cannot look into root's folders
        shutil.copytree(package.parent / "pgserver.libs", folder / "pgserver.libs")
        package = shutil.copytree(package, folder / "pgserver")
    return package / "pginstall" / "bin"


def _who_may(*folders: Path) -> str | None:
    """PostgreSQL does not run as root: then as nobody."""
    if os.geteuid() != 0:
        return None
    for folder in folders:
        shutil.chown(folder, "nobody")
    return "nobody"


def _run(user: str | None, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command], user=user, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
