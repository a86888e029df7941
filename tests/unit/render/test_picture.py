import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from desirepath.insight.model import MapData
from desirepath.render.build import build_view
from desirepath.render.picture import draw
from desirepath.render.view import View


@pytest.mark.parametrize("form", ["matrix", "timeline", "flow"])
def test_every_form_is_one_pdf_page_with_the_title_and_every_stage(view: View, form: str) -> None:
    pages = PdfReader(io.BytesIO(draw(view, "pdf", form))).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    assert view.title in text
    assert all(column.name in text for column in view.columns)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ru", "ar"])
def test_every_letter_has_a_glyph_on_a_machine_without_fonts(cafe: MapData, language: str) -> None:
    """The fonts come with the project alone, and none of their letters is the empty box (glyph 0)."""
    arabic = {"title": "خريطة رحلة العميل"} if language == "ar" else {}
    view = replace(build_view(cafe, language), **arabic)
    reader = PdfReader(io.BytesIO(draw(view, "pdf")))
    assert view.title.split()[0][0] in reader.pages[0].extract_text() or language == "ar"
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    names = {font.get_object()["/BaseFont"] for font in fonts}
    assert all("Noto" in name for name in names), names
    if language.startswith("zh"):
        assert any("CJK" in name for name in names)
    if language == "ar":
        assert any("Arabic" in name for name in names)


def test_the_png_is_wide_and_not_blank(view: View) -> None:
    image = Image.open(io.BytesIO(draw(view, "png")))
    assert image.width > 1500
    colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None and len(colours) > 100


def test_text_in_the_svg_is_drawn_as_outlines(view: View) -> None:
    svg = draw(view, "svg").decode()
    assert svg.startswith("<svg")
    assert "<text" not in svg
    assert not re.search(r"(href|src)=\"https?:", svg)


def test_what_people_write_is_never_markup(view: View) -> None:
    hostile = replace(view, title="#panic() $x$ *bold* \\ <a> [b]")
    text = PdfReader(io.BytesIO(draw(hostile, "pdf"))).pages[0].extract_text()
    assert "#panic() $x$ *bold* \\ <a> [b]" in text


def test_the_same_map_gives_the_same_bytes(view: View) -> None:
    assert draw(view, "pdf") == draw(view, "pdf")
    assert draw(view, "svg") == draw(view, "svg")


def test_a_map_without_any_data_is_still_drawn(view: View) -> None:
    empty = replace(view, curves=(), findings=(), missing=(), never_walked=(), nodes=(), edges=(), moments=(), notes=())
    for form in ("matrix", "timeline", "flow"):
        assert draw(empty, "pdf", form).startswith(b"%PDF")
