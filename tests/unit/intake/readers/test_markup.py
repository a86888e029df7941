"""XES and XML tables: events and elements as rows; entities are refused."""

import gzip

import pytest

from desirepath.errors import IntakeError

EVENT = (
    '<event><string key="concept:name" value="{}"/>'
    '<date key="time:timestamp" value="2024-01-0{}T10:00:00+01:00"/></event>'
)
LOG = (
    '<?xml version="1.0"?>\n<log xmlns="http://www.xes-standard.org/"><string key="creator" value="x"/>'
    '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>\n'
    '<trace><string key="concept:name" value="c1"/><int key="amount" value="20"/>'
    + EVENT.format("A", 1)
    + EVENT.format("B", 2).replace("</event>", '<int key="n" value="1"><string key="deep" value="x"/></int></event>')
    + '</trace><trace><string key="concept:name" value="c2"/></trace><trace>'
    + EVENT.format("C", 3)
    + "</trace></log>"
)


@pytest.mark.parametrize("name", ["a.xes", "a.xes.gz"])
def test_events_with_the_attributes_of_their_trace(read, name):
    table = read(gzip.compress(LOG.encode()) if name.endswith("gz") else LOG, name)
    assert table.columns == ("case:concept:name", "concept:name", "time:timestamp", "case:amount", "n")
    assert table.rows == {
        0: ("c1", "A", "2024-01-01T10:00:00+01:00", "20", None),
        1: ("c1", "B", "2024-01-02T10:00:00+01:00", "20", "1"),
        2: (None, "C", "2024-01-03T10:00:00+01:00", None, None),
    }
    assert table.lines == {0: 1, 1: 2, 2: 3}
    for said in ("3 traces", "1 traces hold no events", "nested attributes are left out: deep"):
        assert said in table.said


def test_a_prefix_for_the_names(read):
    prefixed = (
        LOG.replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x=")
    )
    assert read(prefixed, "a.xes").total == 3  # fmt: skip


def test_an_event_with_a_damaged_attribute(read):
    table = read(LOG.replace('<string key="concept:name" value="B"/>', '<string key="concept:name"/>'), "a.xes")
    assert [(b.row, b.line, b.reason) for b in table.broken] == [(1, 2, "an attribute without a value")]
    assert sorted(table.rows) == [0, 2]


@pytest.mark.parametrize("root", ["log", "rows"])
def test_entities_are_refused(read, root):
    bomb = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    outside = '<!ENTITY x SYSTEM "file:///etc/passwd">'
    for entities in (bomb, outside):
        content = f'<?xml version="1.0"?>\n<!DOCTYPE {root} [{entities}]>\n<{root}><trace>&b;</trace></{root}>'
        with pytest.raises(IntakeError, match=r"line 2: declares the entity '[ax]': refused"):
            read(content, "a.xml")


def test_damaged_files_tell_the_place(read):
    with pytest.raises(IntakeError, match=r"a\.xes, line 3, column \d+: the file is cut short"):
        read(LOG[:-30], "a.xes")
    with pytest.raises(IntakeError, match=r"line 3, column \d+: not well-formed XML: mismatched tag"):
        read(LOG.replace("</event>", "</oops>", 1), "a.xes")


def test_a_database_dump(read):
    row = '<table name="t">\n<column name="id">{}</column>\n<column name="name">{}</column>\n</table>\n'
    table = read(
        '<?xml version="1.0"?>\n<d:x xmlns:d="u"><db>\n'
        + row.format(1, "Ж &amp; co")
        + row.format(2, "")
        + "</db></d:x>",
        "a.xml",
    )
    assert table.columns == ("id", "name", "table.name")
    assert table.rows == {0: ("1", "Ж & co", "t"), 1: ("2", "", "t")} and table.lines == {0: 3, 1: 7}  # fmt: skip


def test_rows_of_attributes_and_nested_cells(read):
    assert read('<?xml version="1.0"?><p><row Id="1" T="x"/><row Id="2" T="y"/></p>', "a.xml").rows[1] == ("2", "y")
    feed = "<?xml version='1.0'?><f><e><id>1</id><a><b>x</b></a><t>p</t><t>q</t></e><e><id>2</id><t>r</t></e></f>"
    table = read(feed, "a.xml")
    assert table.columns == ("id", "a.b", "t") and table.rows == {0: ("1", "x", "p, q"), 1: ("2", None, "r")}


def test_xml_without_rows(read):
    with pytest.raises(IntakeError, match="without a repeated element"):
        read("<?xml version='1.0'?><a>text</a>", "a.xml")
