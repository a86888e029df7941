"""Whatever a team writes into a cell is in the journey or in the list of what was not read."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from desirepath.errors import JourneyError
from desirepath.journey.sheet import read

HEADINGS = [
    *("Stage", "Touchpoints", "Channel", "Emotions", "Pain points", "Thoughts", "Owner", "Goal", "Description"),
    *("Persona", "Type", "Text", "Evidence", "Importance", "Votes", "Market", "Title"),
]
heading = st.sampled_from([*HEADINGS, *HEADINGS[:6], "", "Этап", "痛点"])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A row of headings (Stage and Touchpoints among them) over words that each stand in one cell only."""
    heads = draw(st.permutations(["Stage", "Touchpoints", *draw(st.lists(heading, max_size=5))]))
    above = draw(
        st.lists(st.sampled_from([[], ["u1v"], ["u2v", "u3v"], ["Persona: u4v"], ["Goal", "u5v"]]), max_size=2)
    )
    body = [
        [f"w{r}x{c}y" if draw(st.integers(0, 3)) else "" for c in range(len(heads) + draw(st.integers(0, 1)))]
        for r in range(draw(st.integers(1, 5)))
    ]
    table = [heads, *body]
    if draw(st.booleans()):
        width = max(map(len, table))
        table = [list(column) for column in zip(*(row + [""] * (width - len(row)) for row in table), strict=True)]
    return [*above, *table]


@settings(max_examples=120, deadline=None)
@given(tables())
def test_nothing_is_lost(table: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.csv"
        out = io.StringIO()
        csv.writer(out).writerows(table)
        path.write_text(out.getvalue(), "utf-8")
        try:
            guess = read(path)
        except JourneyError:
            reject()  # refused aloud
    kept = guess.journey.model_dump_json() + "".join(u.value for u in guess.unread)
    words = [word for row in table for word in row if word.startswith(("w", "u")) and word.endswith(("y", "v"))]
    assert [word for word in words if word not in kept] == []
