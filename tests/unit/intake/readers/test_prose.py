"""Interviews and notes: one row a turn or a paragraph, with what the heading says; whatever is in the file."""

import re
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from desirepath.intake.readers import Limits


def cells(table, *columns):
    places = [table.columns.index(c) for c in columns]
    return [tuple(row[i] for i in places) for row in table.rows.values()]


def turns(table):
    return cells(table, "speaker", "author", "text")


def texts(table):
    return [text for (text,) in cells(table, "text")]


def test_turns_with_a_heading(read):
    table = read(
        "date: 2024-05-01\nParticipant: P4\nmarket: Porto\n\n"
        "Interviewer: How did you order?\n\nAnna: With the app.\nIt was slow.\n\nVery slow.\nInterviewer: And then?\n",
        "anna.txt",
    )
    assert table.columns == (
        *("file", "part", "id", "title", "section", "time", "speaker", "author", "text"),
        *("date", "Participant", "market"),
    )
    assert turns(table) == [
        ("Interviewer", "company", "How did you order?"),
        ("Anna", "customer", "With the app.\nIt was slow.\nVery slow."),
        ("Interviewer", "company", "And then?"),
    ]
    assert cells(table, "file", "part", "id", "date", "Participant", "market")[1] == (
        *("anna", "2", "anna.txt#2"),
        *("2024-05-01", "P4", "Porto"),
    )
    assert table.lines == {0: 5, 1: 7, 2: 11}
    assert "the company's are those of Interviewer" in table.said and "columns date, Participant, market" in table.said


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Q1: Slow?\nA1: Yes\nQ2: Why?\nA2: Queue\n", ["company", "customer"] * 2),
        ("访谈者：慢吗？\n王女士：慢。\n访谈者：为什么？\n", ["company", "customer", "company"]),
        ("訪談者：慢嗎？\n受訪者：慢。\n", ["company", "customer"]),
        ("客服：您好\n王女士：太慢了\n客服：抱歉\n", ["company", "customer", "company"]),
        ("Модератор: Долго?\nУчастник 1: Да.\nУчастник 2: Нет.\n", ["company", "customer", "customer"]),
        ("Entrevistadora: Demorou?\nRui: Sim.\n", ["company", "customer"]),
        ("Tom: Slow?\nClient: Yes.\nTom: Why?\nClient: A queue.\n", ["company", "customer"] * 2),
        ("Tom: Was it slow, Anna?\nAnna: Yes.\nTom: And why was it?\n", ["customer"] * 3),
        ("User: P1\nQuote: It was slow.\nUser: P2\nQuote: It was cold.\n", ["customer"] * 4),
        ("Anna (Support): Hello\nBo: My card!\nAnna (Support): Oh.\n", ["company", "customer", "company"]),
    ],
)
def test_whose_a_turn_is(read, content, found):
    assert [author for (author,) in cells(read(content, "a.md"), "author")] == found


@pytest.mark.parametrize(
    ("line", "speaker", "at"),
    [
        ("Interviewer: Slow?", "Interviewer", None),
        ("[10:02] Interviewer: Slow?", "Interviewer", "10:02"),
        ("10:02:11 - Interviewer: Slow?", "Interviewer", "10:02:11"),
        ("Interviewer (10:02): Slow?", "Interviewer", "10:02"),
        ("12/03/2024, 10:02 - Interviewer: Slow?", "Interviewer", "12/03/2024 10:02"),
        ("**Interviewer:** Slow?", "Interviewer", None),
        ("**Interviewer**: Slow?", "Interviewer", None),
        ("**Interviewer: Slow?**", "Interviewer", None),
        ("> *Interviewer*: Slow?", "Interviewer", None),
        ("- Interviewer : Slow?", "Interviewer", None),
        ("### Interviewer: Slow?", "Interviewer", None),
        ("Interviewer：Slow?", "Interviewer", None),
        ("Interviewer:\nSlow?", "Interviewer", None),
        ("Interviewer  0:03\nSlow?", "Interviewer", "0:03"),
        ("[Interviewer] 10:02:11\nSlow?", "Interviewer", "10:02:11"),
    ],
)
def test_how_a_label_is_written(read, line, speaker, at):
    table = read(f"{line}\nAnna: Yes.\n{line}\n", "a.md")
    assert cells(table, "speaker", "time", "text")[0] == (speaker, at, "Slow?")
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    "line",
    [
        "the problem was this: nobody came",
        "I came at 10:30 and left",
        "https://shop.example: down",
        "Well, honestly: slow",
        "I waited. And then: nothing",
    ],
)
def test_what_is_no_label(read, line):
    table = read(f"Interviewer: How was it?\nAnna: So.\n{line}\nInterviewer: I see.\n", "a.md")
    assert [speaker for (speaker,) in cells(table, "speaker")] == ["Interviewer", "Anna", "Interviewer"]
    assert line in texts(table)[1]


def test_answers_without_a_label(read):
    table = read("**Q: Slow?**\n\nYes, very.\n\nI left.\n\nQ: Why?\n\nA queue.\n", "a.md")
    assert turns(table) == [
        ("Q", "company", "Slow?"),
        (None, "customer", "Yes, very."),
        (None, "customer", "I left."),
        ("Q", "company", "Why?"),
        (None, "customer", "A queue."),
    ]


def test_the_heading_may_name_who_asks(read):
    table = read("date: 2024-05-01\ninterviewer: Tom\n\nTom: Was it slow?\nAnna: Yes.\nTom: Why?\n", "a.md")
    assert [author for (author,) in cells(table, "author")] == ["company", "customer", "company"]


def test_topics_are_no_speakers(read):
    table = read("Service: slow and cold.\n\nFood: good, I liked it.\n", "a.md")
    assert turns(table) == [
        (None, "customer", "Service: slow and cold."),
        (None, "customer", "Food: good, I liked it."),
    ]


def test_notes_by_their_sections(read):
    table = read(
        "# Workshop in May\n\n## Shop\n### Till\n- the *queue* is long\n* one till\n  of three\n\n"
        "## Site\n> nobody finds\n> the size table\n---\n1. slow\n\n## To do\n",
        "notes.md",
    )
    assert cells(table, "title", "section", "text") == [
        ("Workshop in May", "Shop / Till", "the *queue* is long"),
        ("Workshop in May", "Shop / Till", "one till"),
        ("Workshop in May", "Shop / Till", "of three"),
        ("Workshop in May", "Site", "nobody finds"),
        ("Workshop in May", "Site", "the size table"),
        ("Workshop in May", "Site", "1. slow"),
        ("Workshop in May", "To do", "To do"),
    ]
    assert table.lines == dict(enumerate([5, 6, 7, 10, 11, 13, 15]))


def test_broken_lines_are_put_together(read):
    line = "I came in the morning, when the shop had just been opened, and"
    table = read(f"{line}\nnobody was there to tell me what I had to do with the old\nbag.\n\nI left.\n", "a.txt")
    assert texts(table) == [f"{line} nobody was there to tell me what I had to do with the old bag.", "I left."]
    table = read("我早上来的时候店里没有人，等了很久也没有人来招呼我，后来我\n就走了。\n\n不会再来了。\n", "b.txt")
    assert texts(table)[0].endswith("后来我就走了。")
    assert texts(read("我想买鞋，\n没有人。\n\nI came,\nand left\nagain.\n", "c.md")) == [
        "我想买鞋，没有人。",
        "I came, and left again.",
    ]


HEADINGS = [
    ("date: 2024-05-01\n\n", {"date": "2024-05-01"}),
    ("# Anna\n\nDate: 2024-05-01\n**Market:** Porto\n- Moderator: Tom\n\n",
     {"Date": "2024-05-01", "Market": "Porto", "Moderator": "Tom"}),
    ("дата: 2024-05-01\nгород: Пермь\n\n", {"дата": "2024-05-01", "город": "Пермь"}),
    ("日期：2024-05-01\n门店：徐汇\n\n", {"日期": "2024-05-01", "门店": "徐汇"}),
    ("data: 2024-05-01\nmercado: Porto\n\n", {"data": "2024-05-01", "mercado": "Porto"}),
    ("participant: P4\n\n", {"participant": "P4"}),
    ("Interviewer: Tom\nКлиент: C17\n\n", {"Interviewer": "Tom", "Клиент": "C17"}),
    ('---\nsquad: "blue"\ntags:\n  - a\n  - b\n# a remark\n---\n', {"squad": "blue", "tags": "a, b"}),
    ("---\ndate: 2024-05-01\nDATE: 2024-05-02\n---\n", {"date": "2024-05-01, 2024-05-02"}),
    ("date: 2024-05-01\nlink: https://a.example\n\n", {"date": "2024-05-01", "link": "https://a.example"}),
    ("date: 2024-05-01\nmarket: Porto\n", {"date": "2024-05-01", "market": "Porto"}),
    ("date: 2024-05-01\ntext: mine\nAuthor: Tom\n\n", {"date": "2024-05-01", "text_2": "mine", "Author_2": "Tom"}),
    ("date:\nmarket: Porto\n\n", {"date": None, "market": "Porto"}),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "values"), HEADINGS)
def test_headings(read, heading, values):
    table = read(heading + "I was there.\n\nI left again.\n", "a.md")
    assert table.columns[9:] == tuple(values)
    assert cells(table, "text", *values) == [(t, *values.values()) for t in ("I was there.", "I left again.")]


@pytest.mark.parametrize(
    "content",
    [
        "Anna: Slow.\nTom: Fast.\n\nAnna: Cold.\n",
        "Customer: Hello, it is slow.\n\nAgent: Hi.\n",
        "Interviewer: Tom?\nAnna: Yes.\n\nInterviewer: Well.\n",
        "---\nI was there.\n---\n\nAnd left.\n",
        "The date: 2024 was bad\nand so was the shop.\n\nI left.\n",
        "---\n" + "line: 1\n" * 100,
        "Interviewer: Which one?\nCustomer: C17\n\nInterviewer: Why?\n",
        "Interviewer: Which one?\nCustomer: C17\nInterviewer: Why?\nCustomer: C18\n",
    ],
)
def test_what_is_no_heading(read, content):
    table = read(content, "a.md")
    assert len(table.columns) == 9
    assert words(content) == words_of(table)[0]


def test_a_line_that_cannot_be_read_is_set_apart(read):
    content = (
        "Interviewer: Привет, как дела?\nAnna: Хорошо.\n".encode() * 5
        + b"Anna: \xff\xff bad\n"
        + b"nul \0 here\nend.\n"
    )
    table = read(content, "a.txt")
    assert [(b.line, b.reason) for b in table.broken] == [
        (11, "bytes that are not valid UTF-8"),
        (12, "NUL bytes in it"),
    ]
    assert texts(table)[-1] == "Хорошо.\nend."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_line_ends_and_encodings(read, end, codec):
    content = end.join(["访谈者：您怎么点的单？", "王女士：用手机点的，太慢了。", "", "访谈者：还有吗？", ""])
    table = read(content.encode(codec), "a.txt")
    assert turns(table)[1] == ("王女士", "customer", "用手机点的，太慢了。") and table.lines == {0: 1, 1: 2, 2: 4}


@pytest.mark.parametrize("content", ["date: 2024-05-01\n", "---\ndate: 2024-05-01\n---\n", "# \n\n---\n", "\n \n"])
def test_nothing_but_a_heading(read, content):
    assert read(content, "a.md").total == 0


def test_a_title_alone_says_nothing_of_a_customer(read):
    assert read("# Interview with Anna\n", "a.md").total == 0


def test_one_long_line(read):
    begun = time.perf_counter()
    for line in (
        "word " * 200_000,
        "a" * 1_000_000,
        "*" * 1_000_000,
        "a:" * 500_000,
        "[10:02] " * 100_000,
        "(" * 1_000_000,
        " " * 1_000_000 + "x",
        ">" * 1_000_000 + "x",
        "- " * 500_000 + "x",
        "\u3000" * 300_000 + ":",
    ):
        table = read(line + "\n", "a.md")
        assert table.total <= 1 and not table.broken
    assert time.perf_counter() - begun < 20


def test_what_is_larger_than_a_cell_may_be_is_set_apart(read):
    limits = Limits(cell=1000)
    table = read(
        "Q: Slow?\nA: Yes.\nQ: Why?\n" + "a" * 2000 + "\nA: " + "one line of many. \n" * 80 + "Q: So?\n", "a.md", limits
    )
    assert [b.reason for b in table.broken] == ["a line larger than 1,000 bytes", "a turn larger than 1,000 bytes"]
    assert texts(table) == ["Slow?", "Yes.", "Why?", "So?"]


def test_a_hundred_thousand_turns(read):
    begun = time.perf_counter()
    table = read("Interviewer: And then, what was next?\nAnna: I waited for a while.\n" * 50_000, "a.txt")
    assert table.total == 100_000 and len(set(table.lines.values())) == 100_000
    assert time.perf_counter() - begun < 60


LABELS = st.sampled_from(["Interviewer", "Anna", "Клиент", "客服", "P1", "Dr. Silva", "the shop", "Note", "10:30", ""])
SAID = st.text(alphabet="ab Жд。.,!?：:-*#>_慢()[]\t\r0", max_size=90)
MARKS = st.sampled_from(["", "- ", "> ", "## ", "**", "[10:02] ", "   ", "---"])
LINES = st.one_of(
    st.just(""), SAID, st.builds("{}{}: {}".format, MARKS, LABELS, SAID), st.builds("{}{}".format, MARKS, SAID)
)


def words(text):
    """What is not a mark, a separator or a sign of its own."""
    return Counter(re.findall(r"[^\W_]", text))


def words_of(table):
    columns = [c for c in table.columns if c not in ("file", "part", "id", "title", "section", "author")]
    found = words(" ".join(cell or "" for row in cells(table, *columns) for cell in row))
    sections = {cell for row in cells(table, "title", "section") for cell in row if cell}
    return found, sections


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=12))
def test_no_word_is_lost(read, lines):
    content = "\n".join(["Interviewer: so", "Anna: yes", *lines, "Interviewer: and", "Anna: no"]) + "\n"
    table = read(content, "a.md")
    assume(len(table.columns) == 9)  # not all of it is taken for a heading
    found, sections = words_of(table)
    assert not table.broken and not found - words(content)
    assert set(words(content) - found) <= set(words(" ".join(sections)))
    if "#" not in content:
        assert found == words(content)
    assert [part for (part,) in cells(table, "part")] == [str(i + 1) for i in range(table.total)]
    assert sorted(table.lines.values()) == list(table.lines.values())
