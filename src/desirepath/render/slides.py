"""The map as PowerPoint slides of native, editable shapes: the curve is a freeform, the lanes are tables.

First the stages with their numbers, the curve and the touchpoints; then the other lanes, as many to a slide as fit;
last what matters most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from desirepath.render.geometry import Pair, runs, smooth
from desirepath.render.view import Curve, Figure, Item, Row, View

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.45  # inches
LANE = 1.15
INK, MUTED, HAIR, PAPER = "1C2230", "5D6675", "E3E5EA", "FFFFFF"
TONES = {"pain": "C2410C", "delight": "0F766E", "neutral": "5D6675"}
ACCENT, FAINT = "3B4A9C", "98A0AD"
SIGNS = {"supported": "●", "contradicted": "◆", "stale": "○", "no_data": "◌"}
LINE_HEIGHT = 0.155  # inches a line of 8 pt text takes in a table


def write_slides(view: View, path: Path) -> None:
    """Write `view` as .pptx."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = _inch(WIDTH), _inch(HEIGHT)
    touchpoints = [row for row in view.rows if row.id == "touchpoints"]
    others = [row for row in view.rows if row.id != "touchpoints" and any(row.cells)]
    slide = _slide(deck, view)
    top = _curves(slide, view, _heads(slide, view, 1.62) + 0.08, 1.35) + 0.1
    for page, rows in enumerate(_pages([*touchpoints, *others], view, HEIGHT - top - 0.3, HEIGHT - 2.3)):
        if page > 0:
            slide, top = _slide(deck, view), 2.0
            _names(slide, view, 1.55)
        _lanes(slide, view, rows, top)
    if view.findings:
        _findings(_slide(deck, view), view)
    deck.core_properties.title = view.title
    deck.save(str(path))


def _rgb(hexadecimal: str) -> RGBColor:
    red, green, blue = bytes.fromhex(hexadecimal)
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def _inch(value: float) -> Emu:
    return Emu(int(value * 914_400))


def _slide(deck: Any, view: View) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (_inch(v) for v in (MARGIN, 0.2, 8.6, 0.55))
    _fill_text(title.text_frame, view.title, 22, view)
    _text(slide, view.goal, MARGIN, 0.68, 8.6, 0.3, 11, MUTED, view)
    about = "\n".join(part for part in (view.period, " · ".join(view.filters)) if part)
    _text(slide, about, 9.2, 0.3, WIDTH - 9.2 - MARGIN, 0.6, 9, MUTED, view, right=True)
    facts = view.facts[:9]
    for i, fact in enumerate(facts):
        left = MARGIN + i * (WIDTH - 2 * MARGIN) / max(len(facts), 1)
        _text(slide, f"{fact.text}\n{fact.label}", left, 1.02, 1.6, 0.45, 8, INK, view, first=14)
    return slide


def _heads(slide: Any, view: View, top: float) -> float:
    """Chevrons with the stages' names, and their figures below; gives where they end."""
    _names(slide, view, top)
    lines = max((len(column.figures) for column in view.columns), default=0)
    for i, column in enumerate(view.columns):
        left, width = _column(view, i)
        for j, figure in enumerate(column.figures):
            _figure(slide, figure, left, top + 0.42 + j * 0.19, width, view)
    return top + 0.42 + lines * 0.19


def _names(slide: Any, view: View, top: float) -> None:
    for i, column in enumerate(view.columns):
        left, width = _column(view, i)
        shape = slide.shapes.add_shape(
            MSO_SHAPE.PENTAGON if i == 0 else MSO_SHAPE.CHEVRON, *(_inch(v) for v in (left, top, width, 0.36))
        )
        shape.adjustments[0] = 0.22
        _colour(shape, "EDEFF6")
        shape.name = column.name
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _fill_text(shape.text_frame, column.name, 10, view, centre=True)


def _column(view: View, index: int) -> tuple[float, float]:
    width = (WIDTH - 2 * MARGIN - LANE) / max(len(view.columns), 1)
    return MARGIN + LANE + index * width, width


def _figure(slide: Any, figure: Figure, left: float, top: float, width: float, view: View) -> None:
    left, width = left + 0.08, width - 0.2
    _text(slide, figure.label, left, top, width * 0.6, 0.2, 8, MUTED, view)
    _text(slide, figure.text, left + width * 0.5, top, width * 0.5, 0.2, 8, TONES[figure.tone], view, right=True)


def _curves(slide: Any, view: View, top: float, height: float) -> float:
    """The field of the emotion curve; gives where it ends."""
    left, width = MARGIN + LANE, WIDTH - 2 * MARGIN - LANE
    _text(slide, view.words.get("emotion_curve", ""), MARGIN, top + height / 2 - 0.15, LANE, 0.3, 9, INK, view)
    middle = slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, *(_inch(v) for v in (left, top + height / 2, left + width, top + height / 2))
    )
    middle.line.color.rgb, middle.line.width = _rgb(FAINT), Pt(0.75)
    stage = width / max(len(view.columns), 1)

    def at(x: float, y: float) -> Pair:
        return left + x * stage, top + (2 - max(-2.0, min(2.0, y))) / 4 * height

    for curve in sorted(view.curves, key=lambda c: c.kind == "measured"):
        _curve(slide, curve, at, view)
    return top + height


def _curve(slide: Any, curve: Curve, at: Any, view: View) -> None:
    measured = curve.kind == "measured"
    for run in runs(curve.points):
        if len(run) > 1:
            path = smooth([at(p.x, p.y) for p in run])
            _freeform(slide, curve.label, path.start, path.segments, ACCENT if measured else FAINT, measured)
    for point in curve.points if measured else ():
        if point.y is None:
            continue
        x, y = at(point.x, point.y)
        tone = TONES["pain" if point.y <= -0.5 else "delight" if point.y >= 0.5 else "neutral"]
        dot = slide.shapes.add_shape(MSO_SHAPE.OVAL, *(_inch(v) for v in (x - 0.05, y - 0.05, 0.1, 0.1)))
        _colour(dot, PAPER, tone)
        dot.name = f"{point.label} {point.tip}"
        if point.low_point:
            _text(
                slide, f"{point.label} {point.text}", x - 0.8, y + 0.04, 1.6, 0.2, 7, TONES["pain"], view, centre=True
            )


def _freeform(
    slide: Any, name: str, start: Pair, segments: Sequence[tuple[Pair, Pair, Pair]], colour: str, measured: bool
) -> None:
    """A cubic path; python-pptx only draws straight freeforms, so the path's XML is written here."""
    points = [start, *(p for segment in segments for p in segment)]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(_inch(v) for v in (left, top, width, height)))
    shape.name = name

    def tag(p: Pair) -> str:
        return f'<a:pt x="{_inch(p[0] - left)}" y="{_inch(p[1] - top)}"/>'

    curves = "".join(f"<a:cubicBezTo>{tag(a)}{tag(b)}{tag(c)}</a:cubicBezTo>" for a, b, c in segments)
    geometry = parse_xml(
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{_inch(width)}" h="{_inch(height)}" fill="none">'
        f"<a:moveTo>{tag(start)}</a:moveTo>{curves}</a:path></a:pathLst></a:custGeom>"
    )
    properties = shape._element.spPr
    properties.replace(properties.find(qn("a:prstGeom")), geometry)
    _plain(shape)
    shape.fill.background()
    shape.line.color.rgb, shape.line.width = _rgb(colour), Pt(2.25 if measured else 1)
    if not measured:
        shape.line.dash_style = MSO_LINE.DASH


def _pages(rows: Sequence[Row], view: View, room: float, later: float) -> Iterator[list[Row]]:
    """Rows in groups that fit the room of the first and of later slides, by the height of their fullest cells."""
    page: list[Row] = []
    used = 0.0
    for row in rows:
        needed = _row_height(row, view)
        if page and used + needed > room:
            yield page
            page, used, room = [], 0.0, later
        page.append(row)
        used += needed
    if page:
        yield page


def _row_height(row: Row, view: View) -> float:
    across = _column(view, 0)[1] * 15  # letters of 8 pt to the inch
    lines = [sum(1 + int(_letters(item.text) / across) + bool(item.detail) for item in cell) for cell in row.cells]
    return 0.12 + max([*lines, 1]) * LINE_HEIGHT


def _letters(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _lanes(slide: Any, view: View, rows: Sequence[Row], top: float) -> None:
    """A table: one row a lane."""
    frame = slide.shapes.add_table(
        len(rows), len(view.columns) + 1, _inch(MARGIN), _inch(top), _inch(WIDTH - 2 * MARGIN), _inch(0.3 * len(rows))
    )
    table = frame.table
    properties = table._tbl.tblPr
    for flag in ("firstRow", "bandRow"):
        properties.set(flag, "0")
    properties.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no fill, no grid
    table.columns[0].width = _inch(LANE)
    for i in range(len(view.columns)):
        table.columns[i + 1].width = _inch(_column(view, i)[1])
    for r, row in enumerate(rows):
        table.rows[r].height = _inch(_row_height(row, view))
        _cell(table.cell(r, 0), row.label, view)
        for c, items in enumerate(row.cells):
            _items(table.cell(r, c + 1), items, view)


def _cell(cell: Any, text: str, view: View) -> None:
    _margins(cell)
    _fill_text(cell.text_frame, text, 9, view)


def _items(cell: Any, items: Sequence[Item], view: View) -> None:
    _margins(cell)
    frame = cell.text_frame
    frame.word_wrap = True
    for i, item in enumerate(items):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(2)
        sign = f"{SIGNS.get(item.verdict or '', '')} " if item.kind == "touchpoint" else ""
        star = "★ " if item.moment_of_truth else ""
        _run(paragraph, star + sign + item.text, 8, TONES[item.tone] if item.tone != "neutral" else INK, view)
        if item.detail:
            _run(paragraph, f"  {item.detail}", 7, MUTED, view)


def _margins(cell: Any) -> None:
    cell.margin_left = cell.margin_right = _inch(0.05)
    cell.margin_top = cell.margin_bottom = _inch(0.04)
    properties = cell._tc.get_or_add_tcPr()
    for side in ("lnL", "lnT"):
        properties.append(
            parse_xml(
                f'<a:{side} {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{HAIR}"/></a:solidFill></a:{side}>'
            )
        )


def _findings(slide: Any, view: View) -> None:
    lists = [
        (view.words[name], items[:12])
        for name, items in (
            ("findings", view.findings),
            ("missing_from_map", view.missing),
            ("never_walked", view.never_walked),
        )
        if items
    ]
    width = (WIDTH - 2 * MARGIN) / len(lists)
    for i, (title, items) in enumerate(lists):
        left = MARGIN + i * width
        _text(slide, title, left, 1.6, width - 0.3, 0.3, 12, INK, view)
        box = slide.shapes.add_textbox(*(_inch(v) for v in (left, 1.95, width - 0.3, 5.0)))
        frame = box.text_frame
        frame.word_wrap = True
        for j, item in enumerate(items):
            paragraph = frame.paragraphs[0] if j == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(5)
            _run(paragraph, item.text, 10, TONES[item.tone], view)
            if item.detail:
                _run(paragraph, f"  {item.detail}", 8, MUTED, view)


def _text(
    slide: Any, text: str, left: float, top: float, width: float, height: float, size: float, colour: str, view: View,
    *, right: bool = False, centre: bool = False, first: float | None = None,
) -> None:  # fmt: skip
    """A text box; `first` is the size of its first line."""
    if not text:
        return
    box = slide.shapes.add_textbox(*(_inch(v) for v in (left, top, width, height)))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for i, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        _align(paragraph, view, right=right, centre=centre)
        big = i == 0 and first is not None
        _run(paragraph, line, first if big and first else size, colour if i == 0 else MUTED, view, bold=big)


def _align(paragraph: Any, view: View, *, right: bool = False, centre: bool = False) -> None:
    properties = paragraph._p.get_or_add_pPr()
    if view.direction == "rtl":
        properties.set("rtl", "1")
    properties.set("algn", "ctr" if centre else "r" if right else "l")


def _fill_text(frame: Any, text: str, size: float, view: View, *, centre: bool = False) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    _align(paragraph, view, centre=centre)
    _run(paragraph, text, size, INK, view, bold=True)


def _run(paragraph: Any, text: str, size: float, colour: str, view: View, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = _rgb(colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "ru": "ru-RU"}.get(view.language, view.language))


def _plain(shape: Any) -> None:
    """Without the theme's shadow and bevel."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def _colour(shape: Any, fill: str, line: str | None = None) -> None:
    _plain(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(fill)
    if line is None:
        shape.line.fill.background()
    else:
        shape.line.color.rgb, shape.line.width = _rgb(line), Pt(1.25)
