"""Ready journeys to begin with, each in English, simplified and traditional Chinese and Russian."""

from __future__ import annotations

from importlib import resources

from desirepath.errors import JourneyError, did_you_mean
from desirepath.journey import yaml
from desirepath.journey.model import Journey

ORDER = ("general", "online-shop", "cafe", "saas", "buying-a-car", "industrial-b2b", "bank-loan", "help-desk")


def names() -> tuple[str, ...]:
    """The templates, the most general first."""
    return ORDER


def load(name: str) -> Journey:
    """The template's journey; an unknown name is a `JourneyError` that lists the known ones."""
    if name not in ORDER:
        hint = did_you_mean(name, ORDER) or f"there are {', '.join(ORDER)}"
        raise JourneyError(f"there is no template '{name}'", hint=hint)
    return yaml.load(resources.files(__name__).joinpath(f"{name}.yaml").read_text("utf-8"))
