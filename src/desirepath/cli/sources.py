"""`desirepath sources`."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from desirepath.cli.common import Folder, Json, print_json, print_table


def sources(folder: Folder, as_json: Json = False) -> None:
    """List the sources of evidence: what each brought, from when to when, and how fresh it is."""
    from desirepath import workspace

    found = [
        {name: _plain(value) for name, value in dataclasses.asdict(source).items()}
        for source in workspace.open(folder).sources()
    ]
    if as_json:
        print_json(found)
    elif found:
        shown = ("name", "rows", "quarantined", "events", "feedback", "metrics", "first", "last", "imported")
        print_table("", shown, [[_day(source[name]) for name in shown] for source in found])
    else:
        print(f"No evidence yet. Next: desirepath ingest {folder} FILES")


def _day(value: Any) -> Any:
    return value[:10] if isinstance(value, str) and value.endswith("Z") and value[10:11] == "T" else value


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
