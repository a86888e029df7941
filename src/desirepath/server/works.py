"""What the jobs do: each kind of work is a verb of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from desirepath.intake.readers.files import find_files
from desirepath.server.jobs import Task, Work
from desirepath.server.uploads import Uploads
from desirepath.server.watches import Watches
from desirepath.workspace import Workspace

BACKUPS = "backups"
"""The folder of the workspace in which the studio keeps those that it makes."""


def works(workspace: Workspace, uploads: Uploads, watches: Watches) -> dict[str, Work]:
    """The work of each kind of job."""
    return {
        "check": _ingest(workspace, uploads, dry_run=True),
        "import": _ingest(workspace, uploads, dry_run=False),
        "replay": _replay(workspace, uploads),
        "note": _note(workspace),
        "watch": _watch(workspace, watches),
        "backup": _backup(workspace),
        "discover": _discover(workspace),
    }


def _ingest(workspace: Workspace, uploads: Uploads, *, dry_run: bool) -> Work:
    def work(task: Task) -> dict[str, Any]:
        given = task.params
        summary = workspace.ingest(
            uploads.folder(given["upload"]), mapping=given["mapping"], kind=given["kind"], replace=given["replace"],
            source=uploads.source(given["upload"]), dry_run=dry_run, progress=task.progress,
        )  # fmt: skip
        if not dry_run:
            uploads.remove(given["upload"])
        return summary.to_json()

    return work


def _replay(workspace: Workspace, uploads: Uploads) -> Work:
    def work(task: Task) -> dict[str, Any]:
        given = task.params
        lookups = () if given["upload"] is None else (uploads.folder(given["upload"]),)
        return workspace.replay(given["source"], given["mapping"], *lookups, progress=task.progress).to_json()

    return work


def _note(workspace: Workspace) -> Work:
    def work(task: Task) -> dict[str, Any]:
        return {"note": workspace.note(**task.params)}

    return work


def _watch(workspace: Workspace, watches: Watches) -> Work:
    def work(task: Task) -> dict[str, Any]:
        watch = watches.get(task.params["watch"])
        source = watch.replace
        if source is not None and _all_known(workspace, watch.folder, source):
            return {"source": source, "rows": 0, "skipped_files": [f.name for f in find_files([watch.folder])]}
        summary = workspace.ingest(watch.folder, mapping=watch.mapping, replace=source, progress=task.progress)
        return summary.to_json()

    return work


def _backup(workspace: Workspace) -> Work:
    def work(task: Task) -> dict[str, Any]:
        folder = workspace.folder / BACKUPS
        folder.mkdir(exist_ok=True)
        file = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S%fZ}.zip"
        made = workspace.backup(file, progress=task.progress)
        return {"name": file.name, "size": made.size, "rows": made.rows}

    return work


def _discover(workspace: Workspace) -> Work:
    def work(task: Task) -> dict[str, Any]:
        drawn = workspace.discover(task.progress)
        id_ = workspace.journeys.free_id(drawn.id)
        workspace.journeys.add(drawn.model_copy(update={"id": id_}), author=task.author, base=0)
        return {"journey": id_}

    return work


def _all_known(workspace: Workspace, folder: str, source: str) -> bool:
    """Whether the source already holds every file as it is: replacing it would change nothing."""
    known: Callable[[str], int | None] = lambda digest: workspace.lake.find_file(source, digest)  # noqa: E731
    return all(known(file.sha256()) is not None for file in find_files([folder]))
