from dataclasses import replace

from desirepath.insight.model import MapData
from desirepath.journey import mermaid
from desirepath.render.build import build_view
from desirepath.render.markdown import diagram, document


def test_the_diagram_bears_the_measured_scores(cafe: MapData) -> None:
    measured = {t.id: t.emotion.score for t in cafe.touchpoints if t.emotion.score is not None}
    text = diagram(cafe, "en")
    names = {t.id: t.name for t in cafe.touchpoints}
    assert f"{names['menu_board']}: {round(measured['menu_board']) + 3}" in text
    assert [len(s.touchpoints) for s in mermaid.parse(text).stages] == [len(s.touchpoints) for s in cafe.journey.stages]


def test_the_page_lists_findings_and_caveats(cafe: MapData) -> None:
    view = build_view(cafe, "en")
    text = document(cafe, view)
    assert text.startswith(f"# {view.title}\n")
    assert "```mermaid\njourney" in text
    plain = text.replace("\\", "")
    assert view.findings and all(f"- {' '.join(item.text.split())} (" in plain for item in view.findings)
    assert view.notes and all(" ".join(note.split()) in plain for note in view.notes)


def test_what_people_write_is_not_markup(cafe: MapData) -> None:
    view = replace(build_view(cafe, "en"), title="<script>alert(1)</script> *x*")
    assert "# \\<script\\>alert(1)\\</script\\> \\*x\\*" in document(cafe, view)
