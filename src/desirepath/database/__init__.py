"""The workspace's SQL side: import journal, journeys, links, settings (SQLite or PostgreSQL)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desirepath.database.database import Database as Database

__all__ = ["Database"]


def __getattr__(name: str) -> Any:
    if name == "Database":
        from desirepath.database.database import Database

        return Database
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
