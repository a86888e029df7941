"""Labelled synthetic companies with planted truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desirepath.simulate.company import Company, simulate

__all__ = ["Company", "simulate"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from desirepath.simulate import company

        return getattr(company, name)
    raise AttributeError(name)
