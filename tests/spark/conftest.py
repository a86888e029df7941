"""A real standalone cluster: one master and two workers, each a process group of its own, on the loopback only."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyspark
import pytest

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
HOME = Path(pyspark.__file__).parent
WAIT_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_the_tests() -> None:
    """However the tests end: on Linux the system itself kills whom they started."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"spark://127.0.0.1:{free_port()}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = os.environ | {
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_DIRS": str(folder / "scratch"),
            "SPARK_DAEMON_MEMORY": "256m",
        }

    def start(self) -> None:
        port = self.address.rpartition(":")[2]
        self._run("master", "master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0")
        for worker in ("worker-a", "worker-b"):
            self.start_worker(worker)

    def start_worker(self, name: str) -> None:
        place = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--work-dir", str(self.folder / name)]
        self._run(name, "worker.Worker", *place, "--cores", "1", "--memory", "1g", self.address)
        self._wait(name, "Successfully registered with master")

    def kill(self, name: str) -> None:
        """As `kill -9` of the worker with all that it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def _run(self, name: str, main: str, *arguments: str) -> None:
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{main}", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_the_tests,
            )

    def _wait(self, name: str, word: str) -> None:
        until = time.monotonic() + WAIT_S
        log = self.folder / f"{name}.log"
        while word not in log.read_text(errors="replace"):
            if self.processes[name].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    assert shutil.which("java") or "JAVA_HOME" in os.environ, "these tests need Java 17 or newer"
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session")
def settings() -> dict[str, Any]:
    """Spark's own settings: everything small, and on the loopback."""
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "700m",
        "spark.executor.memory": "600m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
