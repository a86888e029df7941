"""Desirepath: customer journey maps computed from evidence.

import desirepath as dp

ws = dp.open("my-workspace")
ws.ingest("exports/")
ws.map("buying").save("map.html")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desirepath.errors import DesirepathError

if TYPE_CHECKING:
    from desirepath.workspace import LivingMap, Workspace, init, open, restore

__version__ = "0.1.0"
__all__ = ["DesirepathError", "LivingMap", "Workspace", "init", "open", "restore"]


def __getattr__(name: str) -> Any:
    if name in ("LivingMap", "Workspace", "init", "open", "restore"):
        from desirepath import workspace

        return getattr(workspace, name)
    raise AttributeError(f"module 'desirepath' has no attribute {name!r}")
