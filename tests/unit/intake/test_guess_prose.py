"""An interview needs no mapping: text and author are known, the heading tells the rest."""

import zipfile

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.guess import guess
from desirepath.intake.readers.files import find_files

ANNA = (
    "date: 2024-05-01\ncustomer: C17\nmarket: Porto\n\n"
    "Interviewer: How was it?\nAnna: Slow.\nInterviewer: Why?\nAnna: A queue.\n"
)


@pytest.fixture
def interviews(bench):
    def put(**texts):
        for name, text in texts.items():
            (bench.files / name.replace("_txt", ".txt").replace("_md", ".md")).write_text(text, encoding="utf-8")
        return bench

    return put


def part_of(found):
    assert not found.questions
    (block,) = found.mapping.blocks
    assert block.kind == "feedback"
    return block, block.feedback[0]


@pytest.mark.parametrize(
    ("at", "customer", "touchpoint", "language", "market"),
    [
        ("date", "participant", "touchpoint", "language", "market"),
        ("Interview date", "Customer", "Touchpoint", "Language", "Market"),
        ("дата", "респондент", "точка контакта", "язык", "рынок"),
        ("日期", "受访者", "触点", "语言", "市场"),
        ("日期", "受訪者", "觸點", "語言", "市場"),
        ("data", "entrevistado", "ponto de contato", "idioma", "mercado"),
    ],
)
def test_the_heading_in_five_languages(interviews, at, customer, touchpoint, language, market):
    heading = f"{at}: 2024-05-01\n{customer}: C17\n{touchpoint}: till\n{language}: en\n{market}: Porto\n\n"
    found = guess(find_files([interviews(a_md=heading + "Q: Slow?\nA: Yes.\n").files]))
    block, part = part_of(found)
    assert (part.at.column, part.customer.column) == (at, customer)
    assert (part.touchpoint.column, part.language.column) == (touchpoint, language)
    assert [cell.column for cell in block.dimensions.values()] == [market]
    assert (part.id.column, part.text.column, part.author.column) == ("id", "text", "author")
    assert part.kind.constant == "interview"


def test_what_is_said_of_it(interviews):
    found = guess(find_files([interviews(a_txt="Interviewer: Slow?\nAnna: Yes.\n").files]))
    block, part = part_of(found)
    said = "\n".join(found.assumptions)
    assert part.at is None and part.customer is None and block.dimensions == {}
    for told in ("taken for interviews", "undated", "speaker names people: left out", "--replace SOURCE"):
        assert told in said


def test_a_date_that_cannot_be_read_is_a_dimension(interviews):
    found = guess(find_files([interviews(a_txt="date: last week\n\nI waited. Then I left.\n").files]))
    block, part = part_of(found)
    assert part.at is None and list(block.dimensions) == ["date"]


def test_times_with_a_day_date_the_turns(interviews):
    bench = interviews(a_txt="[13/03/2024, 10:02] Agent: Hello\n[13/03/2024, 10:03] Anna: Where is it?\n")
    bench.take(None)
    assert bench.rows("feedback", "at") == [("2024-03-13T10:02:00",), ("2024-03-13T10:03:00",)]


def test_who_is_named_in_the_heading_is_no_dimension(interviews):
    heading = "date: 2024-05-01\nFrom: anna@example.com\nphone: 123\ninterviewer: Tom\nname: Anna\nmarket: Porto\n\n"
    found = guess(find_files([interviews(a_txt=heading + "I waited. Then I left.\n").files]))
    assert list(part_of(found)[0].dimensions) == ["market"]
    assert "From names people: left out" in found.assumptions


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("focus group", "focus_group"),
        ("Usability test", "usability"),
        ("фокус-группа", "focus_group"),
        ("焦点小组", "focus_group"),
        ("teste de usabilidade", "usability"),
        ("workshop", "observation"),
        ("interview", "interview"),
    ],
)
def test_the_kind_by_the_heading(interviews, kind, known):
    bench = interviews(a_txt=f"kind: {kind}\n\nI waited. Then I left.\n", b_txt="I waited for long. And left.\n")
    bench.take(None)
    assert bench.rows("feedback", "kind") == [(known,), ("interview",)]


def test_a_type_that_is_no_kind_is_a_dimension(interviews):
    bench = interviews(a_txt="type: morning\n\nI waited. Then I left.\n")
    bench.take(None)
    assert bench.rows("feedback", "kind", "d_type") == [("interview", "morning")]


def test_an_interview_becomes_feedback(interviews):
    bench = interviews(anna_txt=ANNA)
    done = bench.take(None, "anna.txt")
    assert (done.source, done.rows, done.accepted, done.feedback) == ("anna", 4, 4, 4)
    assert bench.rows("feedback", "id", "author", "text", "at", "customer", "kind", "d_market")[:2] == [
        ("anna.txt#1", "company", "How was it?", "2024-05-01T00:00:00", "C17", "interview", "Porto"),
        ("anna.txt#2", "customer", "Slow.", "2024-05-01T00:00:00", "C17", "interview", "Porto"),
    ]


def test_the_same_again_adds_nothing_and_an_edited_one_replaces(interviews):
    bench = interviews(anna_txt=ANNA)
    bench.take(None, "anna.txt")
    assert bench.take(None, "anna.txt").skipped_files == ("anna.txt",)
    interviews(anna_txt=ANNA.replace("Slow.", "Very slow.") + "Interviewer: Thanks!\n")
    again = bench.take(None, "anna.txt")
    assert again.feedback == 1 and any("repeat an id" in said for said in again.assumptions)
    bench.take(None, "anna.txt", replace="anna")
    assert [text for _, text in bench.rows("feedback", "id", "text")] == [
        "How was it?",
        "Very slow.",
        "Why?",
        "A queue.",
        "Thanks!",
    ]


def test_files_of_different_headings_are_one_source(interviews):
    bench = interviews(
        anna_txt=ANNA,
        boris_md="дата: 2024-05-02\nклиент: C18\n\nИнтервьюер: Долго?\nБорис: Да, очень.\n",
        team_txt="- the queue is long\n- no size table\n",
    )
    done = bench.take(None)
    assert (done.source, done.feedback, done.first[:10], done.last[:10]) == ("files", 8, "2024-05-01", "2024-05-02")
    assert bench.rows("feedback", "customer", "at", "author")[4:] == [
        ("C18", "2024-05-02T00:00:00", "company"),
        ("C18", "2024-05-02T00:00:00", "customer"),
        (None, None, "customer"),
        (None, None, "customer"),
    ]
    assert len({id_ for (id_,) in bench.rows("feedback", "id")}) == 8


def test_a_stem_that_two_files_share_makes_no_ids_alike(interviews):
    bench = interviews(anna_txt=ANNA, anna_md="- she sighed\n- she left\n")
    assert bench.take(None).feedback == 6


def test_members_of_an_archive_beside_a_table(bench):
    with zipfile.ZipFile(bench.files / "all.zip", "w") as archive:
        archive.writestr("interviews/anna.txt", ANNA)
        archive.writestr("README.md", "These are the interviews of May. They are secret.\n")
        archive.writestr(
            "clicks.csv", "user_id,event,timestamp\nC17,home,2024-05-01 10:00\nC18,home,2024-05-01 11:00\n"
        )
    done = bench.take(None, "all.zip")
    assert (done.events, done.feedback, done.quarantined) == (2, 4, 0)
    assert any("README.md: left out" in said for said in done.assumptions)


def test_many_files_are_all_meant(interviews):
    bench = interviews(**{f"i{n}_{'txt' if n % 2 else 'md'}": f"Q: Slow {n}?\nA: Yes.\n" for n in range(14)})
    found = guess(find_files([bench.files]))
    assert found.mapping.blocks[0].files == ("*.md*", "*.txt*")
    (bench.files / "clicks.txt").write_text("user_id,event,timestamp\nu1,home,2024-05-01\nu2,home,2024-05-02\n")
    done = bench.take(None)
    assert (len(done.files), done.feedback, done.events, done.quarantined) == (15, 28, 2, 0)


def test_a_line_that_cannot_be_read_is_in_quarantine_with_its_number(bench):
    (bench.files / "anna.txt").write_bytes(ANNA.encode() + "Анна: да\n".encode() + b"\xff\xfe\n")
    done = bench.take(None, "anna.txt")
    assert (done.rows, done.quarantined) == (6, 1)
    assert [(line, reason) for line, _, _, reason, _ in bench.quarantine()] == [(10, "bytes that are not valid UTF-8")]


def test_a_turn_without_words_is_in_quarantine(interviews):
    bench = interviews(a_txt="Interviewer: Slow?\nAnna:\nInterviewer: Anna?\nAnna: Yes.\n")
    assert bench.take(None).quarantined == 1
    assert bench.quarantine()[0][:1] == (2,)


def test_nothing_but_a_heading_is_said(interviews):
    bench = interviews(a_md="---\ndate: 2024-05-01\n---\n")
    with pytest.raises(IntakeError, match="there are no rows"):
        bench.take(None)


def test_a_mapping_may_say_it_otherwise(interviews):
    bench = interviews(anna_txt=ANNA)
    bench.take(
        "source: talks\nfiles: ['*.txt']\nkind: feedback\n"
        "feedback: {id: id, text: text, author: author, kind: focus_group, customer: speaker}\n"
        "dimensions: {part: section, who: speaker}\n",
        "anna.txt",
    )
    assert bench.rows("feedback", "kind", "customer", "d_who")[1] == ("focus_group", "Anna", "Anna")
