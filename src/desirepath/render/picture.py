"""The map as SVG, PNG or PDF, drawn by typst with the fonts the project brings, so any machine draws any script.

The view goes to the template as data, never as markup; coordinates of curves and steps are computed here.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from desirepath.errors import DesirepathError
from desirepath.render.geometry import Pair, runs, smooth
from desirepath.render.layout import flow, timeline
from desirepath.render.view import Curve, View

Kind = Literal["svg", "png", "pdf"]
CURVE_HEIGHT = 130.0  # pt, for emotion −2 … +2
TIMELINE_WIDTH = 1080.0  # pt


def write_picture(view: View, path: Path, form: str = "matrix") -> None:
    """Draw the view into `path` (.svg, .png or .pdf), all on one page."""
    kind = path.suffix.lstrip(".").lower()
    path.write_bytes(draw(view, cast(Kind, kind), form))


def draw(view: View, kind: Kind, form: str = "matrix") -> bytes:
    """The picture as bytes; `kind` is svg, png or pdf."""
    import typst

    templates = Path(__file__).parent / "typst"
    return typst.compile(
        templates / f"{form}.typ",
        root=templates,
        format=kind,
        timestamp=0,
        ppi=144.0,
        font_paths=list(fonts()),
        ignore_system_fonts=True,
        sys_inputs={"view": json.dumps(_data(view, form), ensure_ascii=False)},
    )


@cache
def fonts() -> tuple[Path, ...]:
    """The folders of the fonts that come as packages."""
    found = []
    for package in ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc"):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise DesirepathError(f"the font package {package} is not installed")
        found.append(Path(spec.origin).parent)
    return tuple(found)


def _data(view: View, form: str) -> dict[str, Any]:
    data = asdict(view)
    if form == "flow":
        data["flow"] = asdict(flow(view))
    if form == "timeline":
        data["timeline"] = [asdict(stretch) for stretch in timeline(view, TIMELINE_WIDTH)]
        data["timeline_width"] = TIMELINE_WIDTH
    data["plots"] = [_plot(curve) for curve in view.curves]
    data["curve_height"] = CURVE_HEIGHT
    return data


def _plot(curve: Curve) -> dict[str, Any]:
    """Paths in units of stages across and points down from the top of the curve's field."""
    pieces = runs(curve.points)
    return {
        "kind": curve.kind,
        "label": curve.label,
        "lines": [_path([(p.x, down(p.y or 0.0)) for p in run]) for run in pieces],
        "bands": [_band(run) for run in pieces if all(p.low is not None and p.high is not None for p in run)],
        "points": [{**asdict(p), "down": down(p.y)} for p in curve.points if p.y is not None],
    }


def down(score: float) -> float:
    """Points down from the top for an emotion of −2 … +2."""
    return (2 - max(-2.0, min(2.0, score))) / 4 * CURVE_HEIGHT


def _path(xy: Sequence[Pair]) -> dict[str, Any]:
    path = smooth(xy)
    return {"start": path.start, "segments": path.segments}


def _band(run: Sequence[Any]) -> dict[str, Any]:
    above = smooth([(p.x, down(p.high)) for p in run])
    below = smooth([(p.x, down(p.low)) for p in run])
    back = [(c2, c1, start) for (c1, c2, _), start in zip(below.segments, _starts(below), strict=True)][::-1]
    end = below.segments[-1][2] if below.segments else below.start
    return {"start": above.start, "segments": above.segments, "turn": end, "back": back}


def _starts(path: Any) -> list[Pair]:
    return [path.start, *(end for _, _, end in path.segments)][: len(path.segments)]
