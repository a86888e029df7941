from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desirepath.errors import JourneyError
from desirepath.journey.mermaid import parse, write
from desirepath.journey.model import Journey, Persona, Stage, Touchpoint

DAY = """\
journey
    title My working day
    section Go to work
      Make tea: 5: Me
      Go upstairs: 3: Me
      Do work: 1: Me, Cat
    section Go home
      Sit down: 5: Me
"""


def emotions(journey: Journey) -> dict[str, dict[str, float]]:
    return {t.id: t.assumed_emotion for t in journey.touchpoints}


def test_sections_are_stages_tasks_touchpoints_actors_personas() -> None:
    journey = parse(DAY)
    assert (journey.id, journey.title) == ("my-working-day", "My working day")
    assert [(s.id, s.name) for s in journey.stages] == [("go-to-work", "Go to work"), ("go-home", "Go home")]
    assert journey.personas == (Persona(id="me", name="Me"), Persona(id="cat", name="Cat"))
    assert emotions(journey) == {
        "make-tea": {"me": 2},
        "go-upstairs": {"me": 0},
        "do-work": {"me": -2, "cat": -2},
        "sit-down": {"me": 2},
    }


def test_what_is_written_is_what_was_read() -> None:
    assert write(parse(DAY)) == DAY.replace("      ", "        ")


@pytest.mark.parametrize(
    ("task", "emotion"),
    [
        ("T: 4: Me", {"me": 1}),
        ("T: 2.5", {"all": -0.5}),
        ("T: -7: Me", {"me": -2}),
        ("T: 10: Me", {"me": 2}),
        ("T", {}),
        ("T: ", {}),
        ("T: Me", {}),
        ("T: : Me", {}),
        ("T: 4 : Me,, me too ", {"me": 1, "me-too": 1}),
        ("T: 4: Me # the rest is a comment: 1", {"me": 1}),
        ("T: 4: Me %% so is this", {"me": 1}),
    ],
)
def test_any_score_and_missing_parts(task: str, emotion: dict[str, float]) -> None:
    assert list(emotions(parse(f"journey\nsection S\n{task}\n")).values()) == [emotion]


def test_tasks_before_any_section_lie_in_a_stage_of_the_journeys_name() -> None:
    journey = parse("%% made by hand\njourney\ntitle Day\nT: 3\nsection S\nU: 3")
    assert [(s.name, [t.name for t in s.touchpoints]) for s in journey.stages] == [("Day", ["T"]), ("S", ["U"])]


def test_the_same_name_twice_gets_ids_of_its_own() -> None:
    journey = parse("journey\nsection Pay\nPay: 3\nPay: 4\nsection Pay\n")
    assert [s.id for s in journey.stages] == ["pay", "pay-4"]
    assert [t.id for t in journey.touchpoints] == ["pay-2", "pay-3"]


def test_markdown_front_matter_directives_and_descriptions() -> None:
    text = (
        "# Ours\n\n```mermaid\nflowchart LR\n```\n\n```mermaid\n---\ntitle: 'Day'\n---\n"
        "%%{init: {'theme': 'dark'}}%%\njourney\naccTitle: A day\naccDescr {\n  of one\n  person\n}\n"
        "T#colon; #35;1: 5\n```\n"
    )
    journey = parse(text)
    assert (journey.title, journey.description) == ("Day", "A day\nof one person")
    assert journey.touchpoints[0].name == "T: #1"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("flowchart LR\nA-->B", "line 1", "is not a Mermaid journey"),
        ("", "line 1", "is not a Mermaid journey"),
        ("journey\nsection S\nT: five: Me", "line 3", "the score 'five' is not a number"),
        ("journey\nT: nan: Me", "line 2", "the score 'nan' is not a number"),
        ("# Title\n```mermaid\njourney\n: 5: Me\n```", "line 4", "a task has no name"),
    ],
)
def test_what_cannot_be_read_names_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(JourneyError, match=what) as raised:
        parse(text)
    assert raised.value.where == where


def test_a_file_says_its_name(tmp_path: Path) -> None:
    path = tmp_path / "day.md"
    path.write_text("# Day\n```mermaid\n" + DAY + "```\n", "utf-8")
    assert parse(path) == parse(DAY)
    path.write_text("journey\nT: five: Me\n", "utf-8")
    with pytest.raises(JourneyError, match=r"^day\.md:2: the score 'five'"):
        parse(path)


def one(touchpoint: Touchpoint, *personas: Persona) -> Journey:
    return Journey(id="j", title="J", personas=personas, stages=(Stage(id="s", name="S", touchpoints=(touchpoint,)),))


def test_signs_that_mermaid_cannot_hold_are_substituted() -> None:
    text = write(
        one(Touchpoint(id="t", name="Title: #1;\n50%% off", assumed_emotion={"p": 1}), Persona(id="p", name="A, B:C"))
    )
    assert text.splitlines()[-1].strip() == "\u2060Title： ＃1； 50% % off: 4: A， B：C"


def test_computed_emotions_replace_the_assumed_ones_and_unknown_ones_say_so() -> None:
    journey = one(Touchpoint(id="t", name="T", assumed_emotion={"all": 2}))
    assert write(journey).splitlines()[-1] == "        T: 5"
    assert write(journey, {"t": -1.4}).splitlines()[-1] == "        T: 2"
    assert write(journey, {}).splitlines()[-2:] == ["        %% the next score is not known", "        T: 3"]


def test_the_language_of_the_reader() -> None:
    journey = one(Touchpoint(id="t", name={"en": "Queue", "zh-Hant": "排隊", "ru": "Очередь"}))
    assert "排隊: 3" in write(journey, language="zh-Hant") and "Очередь: 3" in write(journey, language="ru")


@given(st.text(max_size=20), st.text(max_size=20), st.floats(-2, 2))
def test_any_name_gives_a_diagram_that_reads_back(stage: str, name: str, emotion: float) -> None:
    touchpoint = Touchpoint(id="t", name=name)
    journey = Journey(id="j", title=name, stages=(Stage(id="s", name=stage, touchpoints=(touchpoint,)),))
    read = parse(write(journey, {"t": emotion}))
    assert len(read.stages) == 1 and len(read.touchpoints) == 1
    assert list(read.touchpoints[0].assumed_emotion.values()) == [round(emotion)]
