"""Where things stand in the flow and timeline forms, in points from the top left.

Flow: one column a stage, its touchpoints below each other in drawn order, ghosts (events without a place on the map)
last; a step leaves at the right and arrives at the left, a step within a stage bows out on the right, a step back
below. Timeline: a stage is as wide as the logarithm of its median stay; touchpoints stand in it in drawn order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from desirepath.render.geometry import Pair
from desirepath.render.view import Edge, Moment, Node, View

COLUMN, GAP, ROW, BOX = 150.0, 66.0, 52.0, 38.0
MOST_EDGES = 45


@dataclass(frozen=True)
class PlacedNode:
    """A node with its box's top left corner."""

    node: Node
    x: float
    y: float


@dataclass(frozen=True)
class PlacedEdge:
    """A step as one cubic Bézier."""

    edge: Edge
    start: Pair
    first: Pair
    second: Pair
    end: Pair


@dataclass(frozen=True)
class Flow:
    """The whole graph; `columns` holds the left edge of each stage's column."""

    width: float
    height: float
    columns: tuple[float, ...]
    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]


def flow(view: View) -> Flow:
    """Place nodes and the heaviest steps."""
    outside = any(node.stage < 0 for node in view.nodes)
    count = len(view.columns) + outside
    columns = tuple(i * (COLUMN + GAP) for i in range(count))
    filled = [0] * count
    nodes = []
    for node in view.nodes:
        column = node.stage if node.stage >= 0 else count - 1
        nodes.append(PlacedNode(node, columns[column], filled[column] * ROW))
        filled[column] += 1
    at = {placed.node.id: placed for placed in nodes}
    edges = tuple(_edge(edge, at[edge.source], at[edge.target]) for edge in view.edges[:MOST_EDGES])
    width = count * (COLUMN + GAP) - (0 if count else GAP)
    return Flow(width, max(filled, default=0) * ROW + 40, columns[: len(view.columns)], tuple(nodes), edges)


def _edge(edge: Edge, source: PlacedNode, target: PlacedNode) -> PlacedEdge:
    out = (source.x + COLUMN, source.y + BOX / 2)
    into = (target.x, target.y + BOX / 2)
    if source.x == target.x:
        back = (target.x + COLUMN, target.y + BOX / 2)
        bow = 14 + abs(out[1] - back[1]) / 6
        return PlacedEdge(edge, out, (out[0] + bow, out[1]), (back[0] + bow, back[1]), back)
    if source.x > target.x:
        under = (source.x + COLUMN / 2, source.y + BOX)
        arrive = (target.x + COLUMN / 2, target.y + BOX)
        sink = max(under[1], arrive[1]) + 34
        return PlacedEdge(edge, under, (under[0], sink), (arrive[0], sink), arrive)
    pull = max(GAP, (into[0] - out[0]) / 2)
    return PlacedEdge(edge, out, (out[0] + pull, out[1]), (into[0] - pull, into[1]), into)


@dataclass(frozen=True)
class Stretch:
    """A stage on the time line."""

    moment: Moment
    x: float
    width: float
    stops: tuple[Moment, ...]


def timeline(view: View, width: float) -> tuple[Stretch, ...]:
    """The stages along `width`, each with its touchpoints."""
    stages = [m for m in view.moments if m.kind == "stage"]
    stops = {s.stage: tuple(m for m in view.moments if m.kind == "touchpoint" and m.stage == s.stage) for s in stages}
    weights = [2.5 + math.log10(1 + (s.span_s or 0) / 60) + 0.5 * len(stops[s.stage]) for s in stages]
    scale, x, placed = width / (sum(weights) or 1), 0.0, []
    for stage, weight in zip(stages, weights, strict=True):
        placed.append(Stretch(stage, x, weight * scale, stops[stage.stage]))
        x += weight * scale
    return tuple(placed)
