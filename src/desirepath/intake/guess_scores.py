"""Which scale a column of scores is on, from its name and the range of its values."""

from __future__ import annotations

from dataclasses import dataclass, field

from desirepath.intake.guess_names import normalised
from desirepath.intake.guess_profile import Profile

_WORDS = {
    "1": (
        "positive",
        "pos",
        "good",
        "great",
        "positivo",
        "正面",
        "好评",
        "позитив",
        "положительный",
        "thumbs_up",
        "up",
    ),
    "0": ("neutral", "neu", "mixed", "neutro", "中性", "中评", "нейтрально", "нейтральный"),
    "-1": ("negative", "neg", "bad", "negativo", "负面", "差评", "негатив", "отрицательный", "thumbs_down", "down"),
}


@dataclass(frozen=True)
class Scale:
    """A scale, why it was taken, how sure that is, and what its words mean."""

    name: str
    why: str
    sure: float
    values: dict[str, str | None] = field(default_factory=dict)


def scale_of(p: Profile) -> Scale | None:
    """The scale of a column, or None if its values are no scores."""
    words = {v: n for n, known in _WORDS.items() for v in p.values if v.casefold().strip() in known}
    if words and p.distinct <= 5 and len(words) >= 0.9 * len(p.values):
        return Scale("sentiment", "its values are words of praise and blame", 0.9, dict(words))
    if p.number_share < 0.9 or p.low is None or p.high is None or p.distinct > 110:
        return None
    name, low, high = normalised(p.name), p.low, p.high
    span = f"values from {low:g} to {high:g}"
    if "nps" in name or "recommend" in name:
        return Scale("nps", "its name", 0.95) if low >= 0 and 1 < high <= 10 else None
    if "ces" in name.split("_") or "effort" in name:
        return Scale("ces7", f"its name; 7 is taken for easy, {span}", 0.6) if low >= 1 and high <= 7 else None
    if low >= 0 and high <= 1 and p.whole:
        return Scale("thumbs", span, 0.9)
    if low >= -1 and low < 0 and high <= 1:
        return Scale("sentiment", span, 0.9)
    if low >= 1 and high <= 5:
        satisfied = any(w in name for w in ("csat", "satisf", "满意", "удовл"))
        return Scale("csat5" if satisfied else "stars", span, 0.9)
    if low >= 0 and high <= 10 and p.whole and p.distinct >= 3:
        if low >= 1 and high > 5 and any(w in name for w in ("rating", "stars", "评分")):
            return Scale("1..10", span, 0.7)
        return Scale("nps", span, 0.8)
    if low >= 0 and 10 < high <= 100:
        return Scale("0..100", span, 0.6)
    return Scale("1..10", span, 0.6) if low >= 0 and high <= 10 else None
