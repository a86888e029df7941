"""What is prose and what is a table, by the looks of a text file; names tell where the looks do not."""

import pytest

from desirepath.errors import IntakeError
from desirepath.intake.readers import find_files

PROSE = {
    "English": "Interviewer: How did you order?\nAnna: With the app. It was slow.\n",
    "simplified": "访谈者：您怎么点的单？\n王女士：用手机，太慢了。\n访谈者：还有吗？\n王女士：没有了。\n",
    "traditional": "訪談者：您怎麼點的單？\n王小姐：用手機，太慢了。\n",
    "Russian": "[10:02] Интервьюер: Как вы заказали?\n[10:03] Клиент: Через приложение, долго ждал.\n",
    "Portuguese": "Entrevistador: Como pediu?\nAna: Pela aplicação. Foi lento.\n",
    "questions and answers": "Q: How did you order?\nA: With the app\nQ: And?\nA: Slow\n",
    "answers without labels": "Q: How did you order?\n\nWith the app.\n\nQ: And then?\n\nI waited.\n",
    "names only": "Tom: How did you order it?\nAnna: I took the app, which was slow.\nTom: And what did you do?\n",
    "a focus group": "Moderator: Who waited?\nP1: I did, for long.\nP2: Not me, no.\nP1: Lucky you.\n",
    "a chat with dates": "[2024-05-01 10:02] Agent: Hello\n[2024-05-01 10:03] Anna: My card was charged twice\n",
    "names above": "Tom Hill  0:01\nHow did you order it?\n\nAnna Smith  0:04\nWith the app, and it was slow.\n\n"
    "Tom Hill  0:09\nWhy?\n",
    "a heading": "date: 2024-05-01\ncustomer: C17\n\nI could not find the size table and went away.\n",
    "a fenced heading": "---\nsquad: blue\n---\nall fine\n",
    "a Russian heading": "дата: 2024-05-01\nгород: Пермь\n\nДолго ждал на кассе\n",
    "paragraphs": "I came in the morning. Nobody was there.\n\nThen I left, and I will not come back.\n",
    "broken lines": "I came in the morning, when the shop had just been opened, and\n"
    "nobody was there to tell me where the size table could be found,\nso I left.\n",
    "one sentence": "I could not find the size table.\n",
    "notes": "# Workshop\n\n- the queue is long\n- nobody finds the size table\n",
    "bullets": "- the queue is long\n- no size table\n* cold coffee\n",
    "one comment a line, without a name": "The queue was long.\nNobody knew the size table!\nNever again.\n",
    "commas as in sentences": "Well, it was slow.\n\nNo, never again.\n",
}
TABLES = {
    "csv": "id,text\n1,Slow.\n2,Good.\n",
    "tab": "id\ttext\n1\tI waited for long.\n2\tIt was good.\n",
    "tab with speakers": "speaker: who\twhat\ninterviewer: Tom\tHello.\ncustomer: Anna\tHi.\n",
    "semicolons": "nome;nota;motivo\nAna;9;Foi tudo muito bom.\nRui;3;Demorou.\n",
    "pipes": "a|b|c\n1|2|3\n4|5|6\n",
    "a quoted text": 'id,text\n1,"Slow, cold, and dear."\n2,"Fine, thanks."\n3,Good.\n',
    "one column": "comment\nslow\ncold coffee\nnever again\n",
    "a column of comments with its name": "comment\nThe queue was long.\nNobody knew the size table!\n",
    "numbers": "1\n2\n3\n",
    "words": "apple\npear\nplum\n",
    "a log": "2024-05-01 10:02:11 INFO Service: started\n2024-05-01 10:02:12 ERROR Service: failed.\n",
    "another log": "[10:02] INFO: the server started.\n[10:03] WARN: the queue is full.\n[10:04] INFO: it went on.\n",
    "syslog": "May  1 10:02:11 host kernel: started\nMay  1 10:02:12 host kernel: stopped\n",
    "a web log": '10.0.0.1 - - [01/May/2024:10:02:11] "GET /" 200\n10.0.0.1 - - [01/May/2024:10:02:12] "GET /a" 404\n',
    "settings": "name: shop\nport: 8080\nhost: local\n",
    "settings that repeat": "host: a\nport: 1\nhost: b\nport: 2\n",
    "columns by blanks": "id n\n1 2\n3 4\n",
    "a title above": "Report of May\nid,n\n1,2\n3,4\n5,6\n",
    "json lines": '{"a": 1}\n{"a": 2}\n',
}


def format_of(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_files([path])[0].format


@pytest.mark.parametrize("content", PROSE.values(), ids=PROSE)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "interview"])
def test_prose(tmp_path, name, content):
    assert format_of(tmp_path, name, content) == "text"


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_tables(tmp_path, name, content):
    assert format_of(tmp_path, name, content) in ("csv", "ndjson")


@pytest.mark.parametrize("ending", ["csv", "tsv", "tab", "psv", "dat"])
def test_a_table_by_its_name_stays_one(tmp_path, ending):
    assert format_of(tmp_path, f"a.{ending}", PROSE["English"]) == "csv"


@pytest.mark.parametrize(
    ("language", "codec"),
    [
        ("simplified", "gb18030"),
        ("traditional", "big5"),
        ("Russian", "cp1251"),
        ("Russian", "utf-16"),
        ("Portuguese", "cp1252"),
    ],
)
def test_in_the_encodings_of_the_countries(tmp_path, language, codec):
    assert format_of(tmp_path, "a.txt", (PROSE[language] * 20).encode(codec)) == "text"


def test_markdown_that_was_named_is_prose_whatever_it_holds(tmp_path):
    assert format_of(tmp_path, "a.md", "id,n\n1,2\n") == "text"
    assert format_of(tmp_path, "b.md", "[10:02] Anna: hi\n") == "text"
    assert format_of(tmp_path, "c.md", "<p>\nhello\n</p>\n") == "text"


def test_a_journey_is_no_evidence(tmp_path):
    (tmp_path / "map.md").write_text("# Coffee\n\n```mermaid\njourney\n  title Coffee\n```\n")
    with pytest.raises(IntakeError, match="journey map"):
        find_files([tmp_path / "map.md"])
    assert format_of(tmp_path, "a.md", "My\njourney was slow.\n") == "text"


def test_among_others_what_tells_about_them_is_left_out(tmp_path):
    for name in ("README.md", "readme.txt", "LICENSE.md", "CHANGELOG.md", "anna.md", "table.md", "orders.txt"):
        text = PROSE["paragraphs"] if name.lower().startswith(("read", "lic", "change")) else PROSE["English"]
        (tmp_path / name).write_text({"table.md": "id,n\n1,2\n", "orders.txt": "id,n\n1,2\n"}.get(name, text))
    files = find_files([tmp_path])
    assert {(f.name, f.format) for f in files} == {("anna.md", "text"), ("orders.txt", "csv")}
    assert {s.name: s.reason for s in files.skipped} == {
        "README.md": "about the files, not evidence",
        "readme.txt": "about the files, not evidence",
        "LICENSE.md": "about the files, not evidence",
        "CHANGELOG.md": "about the files, not evidence",
        "table.md": "text of no known format",
    }
    assert find_files([tmp_path / "README.md"])[0].format == "text"


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"\0" * 1000, b"%PDF-1.7"])
def test_what_is_binary_is_refused(tmp_path, content):
    for name in ("a.md", "a.txt"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(IntakeError, match="cannot be used"):
            find_files([tmp_path / name])
