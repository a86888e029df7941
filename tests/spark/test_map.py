"""The living map of a simulated company, here and on the cluster: the same to the byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desirepath import workspace
from desirepath.errors import DesirepathError
from desirepath.simulate import simulate
from desirepath.workspace import Workspace


@pytest.fixture(scope="module")
def ws(cluster: Any, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("company")
    ws = workspace.init(folder / "workspace")
    company = simulate(folder / "exports", customers=300, seed=3)
    ws.ingest(folder / "exports", mapping=company.mapping)
    ws.add_journey(company.journey)
    with (ws.folder / "desirepath.toml").open("a") as toml:
        lines = [f'"{key}" = "{value}"\n' for key, value in settings.items()]
        toml.write("[spark]\nevents_a_partition = 3000\n[spark.conf]\n" + "".join(lines))
    yield ws
    ws.close()


def written(ws: Workspace, out: Path, **question: Any) -> bytes:
    return ws.map(ws.journeys.list()[0].id, **question).save(out).read_bytes()


@pytest.mark.parametrize(
    "question",
    [{}, {"start": "2025-02-01", "end": "2025-05-01"}, {"where": {"market": "Lisbon"}, "language": "ru"}],
    ids=["everything", "a period", "a market"],
)
def test_a_map_is_the_same_to_the_byte(ws: Workspace, cluster: Any, tmp_path: Path, question: dict[str, Any]) -> None:
    here = written(ws, tmp_path / "here.json", **question)
    there = written(ws, tmp_path / "there.json", engine=cluster.address, **question)
    assert here == there
    assert len(here) > 10_000


def test_an_unknown_engine_and_an_unknown_setting_are_said(ws: Workspace) -> None:
    with pytest.raises(DesirepathError, match="there is no engine 'flink'"):
        written(ws, Path("never.json"), engine="flink")


def test_the_command_line_reaches_the_cluster(ws: Workspace, cluster: Any, tmp_path: Path) -> None:
    journey = ws.journeys.list()[0].id
    here = written(ws, tmp_path / "here.json")
    ws.close()  # its Spark holds every core of the cluster
    command = [str(Path(sys.executable).with_name("desirepath")), "map", str(ws.folder), journey]
    out = ["--out", str(tmp_path / "there.json"), "--engine", cluster.address]
    done = subprocess.run([*command, *out], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there.json").read_bytes() == here
