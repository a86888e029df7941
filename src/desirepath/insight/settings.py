"""What may be set about how a map is computed; the workspace fills it from `desirepath.toml`."""

from __future__ import annotations

from dataclasses import dataclass

HOUR, DAY = 3_600.0, 86_400.0


@dataclass(frozen=True)
class Settings:
    """Thresholds of the living map, with the defaults that the map names in its notes."""

    min_n: int = 5  # rates, waits, emotions and KPIs of fewer are withheld; counts stay
    finding_n: int = 20  # a finding needs at least so many cases (or answers) on both sides of its comparison
    false_discovery_rate: float = 0.05  # Benjamini–Hochberg over everything that could have become a finding
    feedback_window_days: float = 30.0  # feedback belongs to the last touchpoint its case passed within this time
    stale_days: float = 90.0  # not seen for this long before the data ends is stale …
    stale_share: float = 0.25  # … or for this share of the period, if that is shorter …
    stale_least_days: float = 14.0  # … but never sooner than this
    missing_share: float = 0.01  # an unmapped event name belongs on the map when this share of cases has it
    visit_gap_hours: float = 12.0  # findings cut a customer's history into visits after this idle time
    variants: int = 50  # paths that are listed; the others are summed up
    words: bool = True  # texts without a score are read for their emotion, and placed by what they talk about
    unmatched: int = 20  # unmapped event names that are listed

    def stale_after(self, period_s: float) -> float:
        """Seconds without a trace after which something is stale, in a period of this length."""
        return max(self.stale_least_days * DAY, min(self.stale_days * DAY, self.stale_share * period_s))
