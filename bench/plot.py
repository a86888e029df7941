"""A small picture of growth: seconds against events, both scales logarithmic, a line for each question.

A grey line of slope 1 shows what linear growth looks like.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 720, 460
LEFT, RIGHT, TOP, BOTTOM = 62, 70, 18, 44
COLOURS = ("#4477aa", "#ee6677", "#228833", "#b8860b", "#66ccee", "#aa3377", "#777777", "#cc5500", "#000000", "#009988")

Points = Sequence[tuple[float, float]]


class Frame(NamedTuple):
    """Whole decades on both axes."""

    x0: int
    x1: int
    y0: int
    y1: int

    def x(self, events: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(events) - self.x0) / (self.x1 - self.x0)

    def y(self, seconds: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(seconds) - self.y0) / (self.y1 - self.y0)


def growth(lines: Mapping[str, Points]) -> str:
    """The picture as SVG."""
    drawn = {name: points for name, points in lines.items() if points}
    frame = _frame([point for points in drawn.values() for point in points])
    ends = _apart({name: frame.y(points[-1][1]) for name, points in drawn.items()})
    parts = [*_grid(frame), _linear(frame)]
    for colour, (name, points) in zip(COLOURS, drawn.items(), strict=False):
        parts.append(_line(frame, name, points, colour, ends[name]))
    style = "text{font:12px sans-serif;fill:#333}.g{stroke:#ddd}.l{fill:none;stroke-width:2}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>Seconds against events</title><style>{style}</style>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _frame(points: Points) -> Frame:
    events, seconds = zip(*points, strict=True)
    x0, y0 = math.floor(math.log10(min(events))), math.floor(math.log10(min(seconds)))
    return Frame(
        x0, max(x0 + 1, math.ceil(math.log10(max(events)))), y0, max(y0 + 1, math.ceil(math.log10(max(seconds))))
    )


def _grid(frame: Frame) -> list[str]:
    parts = []
    for decade in range(frame.x0, frame.x1 + 1):
        x = frame.x(10.0**decade)
        parts.append(f'<line class="g" x1="{x:.0f}" x2="{x:.0f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_events(decade)}</text>')
    for decade in range(frame.y0, frame.y1 + 1):
        y = frame.y(10.0**decade)
        parts.append(f'<line class="g" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{_seconds(decade)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 6}" text-anchor="middle">events (dashed: linear)</text>')
    return parts


def _events(decade: int) -> str:
    steps = {3: "k", 6: " M", 9: " B", 12: " T"}
    unit = max((step for step in steps if step <= decade), default=0)
    return f"{10 ** (decade - unit)}{steps.get(unit, '')}"


def _seconds(decade: int) -> str:
    return f"{10.0**decade:g} s" if decade >= 0 else f"{10.0 ** (decade + 3):g} ms"


def _linear(frame: Frame) -> str:
    run = min(frame.x1 - frame.x0, frame.y1 - frame.y0)
    x, y = (frame.x(10.0 ** (frame.x0 + k)) for k in (0, run)), (frame.y(10.0 ** (frame.y0 + k)) for k in (0, run))
    (xa, xb), (ya, yb) = x, y
    return f'<path class="l" stroke="#bbb" stroke-dasharray="5 5" d="M{xa:.0f} {ya:.0f}L{xb:.0f} {yb:.0f}"/>'


def _apart(heights: Mapping[str, float], least: float = 14) -> dict[str, float]:
    """Labels that would lie upon each other, moved down."""
    placed: dict[str, float] = {}
    last = -least
    for name, y in sorted(heights.items(), key=lambda item: item[1]):
        last = placed[name] = max(y, last + least)
    return placed


def _line(frame: Frame, name: str, points: Points, colour: str, label: float) -> str:
    places = [(f"{frame.x(e):.0f}", f"{frame.y(s):.1f}") for e, s in points]
    path = "M" + "L".join(f"{x} {y}" for x, y in places)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in places)
    x = frame.x(points[-1][0]) + 8
    return (
        f'<path class="l" stroke="{colour}" d="{path}"/><g fill="{colour}">{dots}</g>'
        f'<text x="{x:.0f}" y="{label + 4:.0f}" style="fill:{colour}">{name}</text>'
    )
