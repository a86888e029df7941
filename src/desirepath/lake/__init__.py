"""Evidence at rest: Delta tables and the import journal that makes them visible."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desirepath.lake.importing import Import as Import
    from desirepath.lake.importing import Together as Together
    from desirepath.lake.lake import Lake as Lake
    from desirepath.lake.lake import SourceInfo as SourceInfo

__all__ = ["Import", "Lake", "SourceInfo", "Together"]


def __getattr__(name: str) -> Any:
    if name in ("Import", "Together"):
        from desirepath.lake import importing

        return getattr(importing, name)
    if name in __all__:
        from desirepath.lake import lake

        return getattr(lake, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
