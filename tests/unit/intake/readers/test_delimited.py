"""Delimited text as people write it: separators, quotes, headers, encodings, line ends."""

import gzip

import pytest

ROWS = [("id", "city", "n"), ("1", "Porto", "7"), ("2", "São Paulo", "8"), ("3", "Łódź", "9")]
PLAIN = "\n".join(",".join(row) for row in ROWS) + "\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "^", "~", "\x01"])
def test_any_separator(read, separator):
    table = read(PLAIN.replace(",", separator))
    assert (table.columns, [*table.rows.values()]) == (ROWS[0], ROWS[1:])


def test_space_and_colon_separate_where_nothing_else_does(read):
    assert read("id city n\n1 Porto 7\n2 Faro 8\n3 Braga 9\n").rows[1] == ("2", "Faro", "8")
    assert read("root:x:0\ndaemon:x:1\nbin:x:2\n").rows[0] == ("root", "x", "0")


def test_times_and_decimal_commas_do_not_mislead(read):
    table = read("day;price\n2024-01-01 10:00:00;1,5\n2024-01-02 11:00:00;2,5\n2024-01-03 12:30:00;3,5\n")
    assert table.columns == ("day", "price") and table.rows[0] == ("2024-01-01 10:00:00", "1,5")


def test_a_user_agent_does_not_mislead(read):
    agent = "Mozilla/5.0 (X11; Linux x86_64)"
    table = read(f"id,agent,n\n1,{agent},5\n2,{agent},6\n3,{agent},7\n")
    assert table.columns == ("id", "agent", "n") and table.rows[2] == ("3", agent, "7")


def test_the_first_line_may_tell_the_separator(read):
    table = read("sep=;\nid;n\n1;2,5\n")
    assert (table.columns, table.rows, table.lines) == (("id", "n"), {0: ("1", "2,5")}, {0: 3})


def test_sentences_are_one_column(read):
    table = read("comment\nGood, but slow\nBad\nNice, cheap, near\nOk\n")
    assert table.columns == ("comment",) and table.rows[0] == ("Good, but slow",) and "one column" in table.said
    for quote in ("", '"'):
        table = read("\n".join(f"{quote}{text}{quote}" for text in ["review", "Nice,cheap", "Bad,far", "Ok,slow"]))
        assert (table.columns, table.rows[1]) == (("review",), ("Bad,far",))


def test_empty_cells_are_empty_strings(read):
    assert read('a,b,c\n1,,""\n,,\nx,y,z\n').rows == {0: ("1", "", ""), 1: ("", "", ""), 2: ("x", "y", "z")}


def test_quoted_separators_quotes_and_line_ends(read):
    table = read('id,text\n1,"a, ""b""\r\nc"\n2,"x\ny\nz"\n3,plain\n')
    assert table.rows == {0: ("1", 'a, "b"\r\nc'), 1: ("2", "x\ny\nz"), 2: ("3", "plain")}
    assert table.lines == {0: 2, 1: 4, 2: 7}


def test_a_quote_inside_an_unquoted_cell_is_a_character(read):
    assert read('id,size\n1,5" screen\n2,7" screen\n').rows == {0: ("1", '5" screen'), 1: ("2", '7" screen')}


def test_quotes_escaped_by_backslash(read):
    table = read('id,text\n1,"say \\"hi\\", you"\n2,"C:\\\\temp"\n3,"line\nend \\" here"\n4,x\n')
    assert table.rows == {0: ("1", 'say "hi", you'), 1: ("2", "C:\\temp"), 2: ("3", 'line\nend " here'), 3: ("4", "x")}
    assert table.lines == {0: 2, 1: 3, 2: 4, 3: 6} and "backslash" in table.said


def test_single_quotes(read):
    table = read("id,text\n1,'a, b'\n2,'it''s'\n3,'c'\n4,'d'\n")
    assert table.rows[0] == ("1", "a, b") and table.rows[1] == ("2", "it's") and "quote '" in table.said


def test_two_single_quotes_alone_are_no_quoting(read):
    table = read("id,text\n1,''\n2,''\n3,''\n")
    assert table.rows == {0: ("1", "''"), 1: ("2", "''"), 2: ("3", "''")}


def test_blanks_before_quotes(read):
    table = read('id, text, n\n1, "a, b", 2\n2, "c, d", 3\n3, "e, f", 4\n')
    assert table.columns == ("id", "text", "n") and table.rows[0] == ("1", "a, b", "2")


def test_tabs_with_quotes_that_are_plain_characters(read):
    lines = [f'{i}\t"Hm {i} he said\tx' for i in range(8)]
    table = read("\n".join(["id\ttext\tk", *lines]) + "\n", "t.tsv")
    assert table.rows[3] == ("3", '"Hm 3 he said', "x") and len(table.rows) == 8 and "plain characters" in table.said


def test_all_line_ends_even_mixed(read):
    table = read("id,n\r\n1,2\n3,4\r5,6\r\n\r\n7,8")
    assert [*table.rows.values()] == [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")]
    assert [*table.lines.values()] == [2, 3, 4, 6]


def test_no_header(read):
    table = read("1,2024-01-01,web\n2,2024-01-02,app\n3,2024-01-03,web\n")
    assert table.columns == ("column1", "column2", "column3") and table.total == 3 and "no header" in table.said


def test_no_header_in_text_that_repeats(read):
    assert read("web,open\napp,close\nweb,open\napp,open\n").total == 4


@pytest.mark.parametrize("title", ["Report of May,,", "Report of May", '"Report, May"', "# of May\n# v2"])
def test_title_lines_above_the_header(read, title):
    at = title.count("\n")
    table = read(title + "\n\nid,city,n\n1,Porto,7\n2,Faro,8\n")
    assert (table.columns, table.lines) == (("id", "city", "n"), {0: at + 4, 1: at + 5})
    assert "title line" in table.said


def test_duplicate_and_empty_names(read):
    table = read("a,A,,a\n1,2,3,4\n")
    assert table.columns == ("a", "A_2", "column3", "a_3") and "renamed 'a_3'" in table.said


def test_a_header_quoted_as_a_whole(read):
    table = read('\ufeff"id,""city"",""n"""\r\n1,Porto,7\r\n2,Faro,8\r\n')
    assert table.columns == ("id", "city", "n") and table.rows[0] == ("1", "Porto", "7") and "split again" in table.said


def test_every_line_quoted_as_a_whole(read):
    table = read('"id,""city, town"",n"\r\n"1,""Porto, P"",7"\r\n"2,Faro,8"\r\n3,Braga,9\r\n')
    assert table.columns == ("id", "city, town", "n") and table.rows[0] == ("1", "Porto, P", "7")
    assert len(table.rows) == 3 and "every line was quoted as a whole" in table.said


def test_a_separator_at_the_end_of_every_row(read):
    table = read("a,b\n1,2,\n3,4,\n5,6,\n")
    assert (table.columns, table.rows) == (("a", "b"), {0: ("1", "2"), 1: ("3", "4"), 2: ("5", "6")})
    assert not table.broken and "ends in a separator" in table.said
    assert read("a,b,\n1,2,\n3,4,\n").rows[1] == ("3", "4", "")
    assert read("a,b,\n1,2\n3,4\n5,6\n").rows[1] == ("3", "4")


def test_row_names_without_a_name(read):
    table = read('"x","y"\n"r1",1,2\n"r2",3,4\n"r3",5,6\n')
    assert table.columns == ("column1", "x", "y") and table.rows[0] == ("r1", "1", "2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings(read, encoding):
    table = read(PLAIN.encode(encoding))
    assert (table.columns, [*table.rows.values()]) == (ROWS[0], ROWS[1:])


SENTENCES = {
    "gb18030": ["房间很干净，服务员态度很好", "早餐一般，离地铁站很近", "送餐太慢了，味道还可以", "下次还会再来"],
    "big5": ["房間很乾淨，服務員態度很好", "早餐一般，離捷運站很近", "送餐太慢了，味道還可以", "下次還會再來"],
    "cp1251": ["Доставка была быстрой, спасибо", "Очень долго ждали заказ", "Кофе вкусный, но дорого", "Ёлка и щётка"],
    "koi8_r": ["Доставка была быстрой, спасибо", "Очень долго ждали заказ", "Кофе вкусный, но дорого", "всё хорошо"],
    "cp1252": ["São Paulo não é longe", "Très bien, déjà vu", "Größe und Spaß – “gut”", "El niño comió piña"],
    "cp1250": ["Příliš žluťoučký kůň úpěl", "Zażółć gęślą jaźń", "Łódź jest piękna", "Děkuji, bylo to skvělé"],
    "shift_jis": ["配達がとても早かったです", "コーヒーが美味しい", "店員さんが親切でした", "また来ます"],
    "euc_kr": ["배송이 정말 빨랐어요", "커피가 맛있어요", "직원이 친절했습니다", "다시 올게요"],
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_national_encodings(read, encoding):
    texts = SENTENCES[encoding]
    lines = [f'{i},"{text}",{len(text)}' for i, text in enumerate(texts)]
    table = read("\n".join(["id,text,n", *lines]).encode(encoding))
    assert [row[1] for row in table.rows.values()] == texts and encoding in table.said


def test_the_encoding_is_decided_over_the_whole_file(read):
    lines = [f"{i},plain" for i in range(100_000)] + ["100000,Москва"] * 3
    table = read("\n".join(["id,city", *lines]).encode("cp1251"))
    assert table.rows[100_002] == ("100000", "Москва")


def test_packed_text(read):
    assert [*read(gzip.compress(PLAIN.encode()), "t.csv.gz").rows.values()] == ROWS[1:]


def test_header_only(read):
    table = read("id,city,n\n")
    assert (table.columns, table.total) == (("id", "city", "n"), 0) and "no rows" in table.said


def test_one_row_of_numbers_is_a_row(read):
    assert read("1,2,3\n").rows == {0: ("1", "2", "3")}


def test_batches_can_be_read_again_and_are_not_too_long(read_path, tmp_path):
    from desirepath.intake.readers import find_files, open_table

    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 300_000)
    table = open_table(find_files([path])[0])
    for _ in range(2):
        sizes = [batch.num_rows for batch in table.batches()]
        assert sum(sizes) == table.rows == 300_000 and max(sizes) <= 131_072
