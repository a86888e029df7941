import pytest
from pptx import Presentation

from desirepath.insight.model import MapData
from desirepath.render.build import build_view
from desirepath.render.slides import write_slides


@pytest.fixture(scope="module")
def deck(cafe: MapData, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("slides") / "map.pptx"
    write_slides(build_view(cafe, "ru"), path)
    return Presentation(str(path))


def test_every_slide_bears_the_title(deck, cafe: MapData) -> None:  # type: ignore[no-untyped-def]
    title = build_view(cafe, "ru").title
    assert {slide.shapes.title.text for slide in deck.slides} == {title}


def test_the_curve_is_an_editable_freeform(deck) -> None:  # type: ignore[no-untyped-def]
    xml = deck.slides[0].shapes._spTree.xml
    assert "cubicBezTo" in xml
    assert not any(shape.shape_type == 13 for slide in deck.slides for shape in slide.shapes)  # 13: a picture


def test_every_item_of_every_lane_stands_in_a_native_table(deck, cafe: MapData) -> None:  # type: ignore[no-untyped-def]
    text = "\n".join(
        cell.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    )
    for row in build_view(cafe, "ru").rows:
        for cell in row.cells:
            for item in cell:
                assert item.text in text


def test_nothing_stands_outside_the_slide(deck) -> None:  # type: ignore[no-untyped-def]
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width + 10
