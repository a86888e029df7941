from pathlib import Path

import pytest
import xlsxwriter

from desirepath.errors import JourneyError
from desirepath.journey.model import Journey
from desirepath.journey.sheet import Guess, read
from desirepath.journey.sheet.matches import propose

ACROSS = """\
Buying coffee,,,
Persona: Commuter,,Goal,Why do they not come back
,,,
Stage,Notice,Choose,
Touchpoints,"Map entry (maps)
Poster","Menu board (store); Barista",
Channel,,,
Emotions,+1,"-2
0.5",
Pain points,"• Wrong hours
• Far","1. Too many kinds
2. Odd words",
Owner,Marketing,Store design,
Loyalty ideas,,Stamp card,
,,,
Made by Ann,,,
"""


def guess(tmp_path: Path, text: str, *, encoding: str = "utf-8", events: tuple[str, ...] = ()) -> Guess:
    path = tmp_path / "map.csv"
    path.write_bytes(text.encode(encoding))
    return read(path, events=events)


def cards(journey: Journey, stage: int) -> list[tuple[str, object]]:
    return [(card.lane, card.text) for card in journey.stages[stage].cards]


class TestStagesAcross:
    @pytest.fixture
    def read(self, tmp_path: Path) -> Guess:
        return guess(tmp_path, ACROSS)

    def test_what_stands_above_the_table(self, read: Guess) -> None:
        journey = read.journey
        assert (journey.id, journey.title, journey.goal) == (
            "buying-coffee",
            "Buying coffee",
            "Why do they not come back",
        )
        assert [p.name for p in journey.personas] == ["Commuter"]

    def test_touchpoints_with_channels_owners_and_emotions(self, read: Guess) -> None:
        notice, choose = read.journey.stages
        assert [(s.id, s.owner) for s in (notice, choose)] == [("notice", "Marketing"), ("choose", "Store design")]
        assert [(t.id, t.channel, t.assumed_emotion) for t in notice.touchpoints] == [
            ("map-entry", "maps", {"all": 1}),
            ("poster", None, {"all": 1}),
        ]
        assert [(t.id, t.channel, t.assumed_emotion) for t in choose.touchpoints] == [
            ("menu-board", "store", {"all": -2}),
            ("barista", None, {"all": 0.5}),
        ]

    def test_every_item_of_a_cell_is_a_card(self, read: Guess) -> None:
        assert cards(read.journey, 0) == [("pain_points", "Wrong hours"), ("pain_points", "Far")]
        assert cards(read.journey, 1) == [
            ("pain_points", "Too many kinds"),
            ("pain_points", "Odd words"),
            ("loyalty-ideas", "Stamp card"),
        ]
        assert [lane.name for lane in read.journey.lanes] == ["Loyalty ideas"]

    def test_assumptions_are_said_and_the_rest_is_listed(self, read: Guess) -> None:
        assert read.assumptions == (
            "stages run across, lanes down; the table begins at A4",
            "the emotion of a stage is assumed at each of its touchpoints",
            "several emotions in a cell belong to the touchpoints in their order",
            "'Loyalty ideas' is a lane of your own",
            "emotions in numbers are on a scale from -2 (worst) to 2 (best)",
        )
        assert [(u.cell, u.value) for u in read.unread] == [("A12", "Made by Ann")]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("Stage,Touchpoints,Thoughts,Pain points", "Choose,Menu,Which one?,Too many"),
        ("阶段,触点,想法,痛点", "Choose,Menu,Which one?,Too many"),
        ("階段,接觸點,想法,痛點", "Choose,Menu,Which one?,Too many"),
        ("Этап,Точки контакта,Мысли клиента,Проблемы / барьеры", "Choose,Menu,Which one?,Too many"),
        ("Journey Phase,Touch-points,What customers think,Key pain points 😡", "Choose,Menu,Which one?,Too many"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["down", "across"])
def test_headings_in_four_languages_both_ways(tmp_path: Path, head: str, rows: str, turned: bool) -> None:
    table = [line.split(",") for line in (head, rows, "Pay,Till,,Slow")]
    if turned:
        table = [list(column) for column in zip(*table, strict=True)]
    journey = guess(tmp_path, "\n".join(map(",".join, table))).journey
    assert [(s.name, [t.name for t in s.touchpoints]) for s in journey.stages] == [
        ("Choose", ["Menu"]),
        ("Pay", ["Till"]),
    ]
    assert cards(journey, 0) == [("thoughts", "Which one?"), ("pain_points", "Too many")]
    assert cards(journey, 1) == [("pain_points", "Slow")]


def test_stages_down_with_one_touchpoint_a_row(tmp_path: Path) -> None:
    journey = guess(
        tmp_path,
        "#,Phase,Touchpoint,Channel,Persona,Emotion,Owner,Pain point,Importance\n"
        "1,Choose,Menu,store,Ann,2,Design,Too many; too small,high\n"
        "2,,Barista,store,Ann,4,Staff,,\n"
        "3,Pay,Till,store,Bo,5,Staff,Slow,low\n",
    ).journey
    menu, barista, till = journey.touchpoints
    assert (menu.channel, menu.owner, menu.importance, menu.assumed_emotion) == ("store", "Design", "high", {"ann": -1})
    assert barista.assumed_emotion == {"ann": 1} and till.assumed_emotion == {"bo": 2}
    assert [(c.text, c.touchpoint, c.persona) for s in journey.stages for c in s.cards] == [
        ("Too many", "menu", "ann"),
        ("too small", "menu", "ann"),
        ("Slow", "till", "bo"),
    ]


class TestOneCardARow:
    TEXT = (
        "Stage;Type;Text;Touchpoint;Persona;Emotion;Channel;Owner;Source;Votes\n"
        "Choose;Pain point;Too many kinds;Menu board;Commuter;-1;store;Design;interview 3;5\n"
        "Choose;Idea;Three tips a day;Menu board;;;;;;\n"
        ";Touchpoint;Barista (store);;;1;;;;\n"
        "Pay;Эмоция;Злость из-за очереди;Till;;;;;;\n"
        "Pay;Wish;Pay by phone;;;;;Till team;;\n"
        "Pay;;;;;;web;;;\n"
    )

    @pytest.fixture
    def read(self, tmp_path: Path) -> Guess:
        return guess(tmp_path, self.TEXT)

    def test_cards_with_what_belongs_to_them(self, read: Guess) -> None:
        choose, pay = read.journey.stages
        pain, idea = choose.cards
        assert (pain.lane, pain.text, pain.touchpoint, pain.persona) == (
            "pain_points",
            "Too many kinds",
            "menu-board",
            "commuter",
        )
        assert (pain.emotion, pain.evidence) == (-1, ({"source": "interview 3"},))
        assert (idea.lane, idea.touchpoint) == ("opportunities", "menu-board")
        anger, wish = pay.cards
        assert (anger.lane, anger.emotion, anger.feeling, anger.touchpoint) == ("emotions", -2, "anger", "till")
        assert (wish.lane, pay.owner) == ("wish", "Till team")

    def test_touchpoints_with_channel_owner_and_emotion(self, read: Guess) -> None:
        menu, barista, till = read.journey.touchpoints
        assert (menu.channel, menu.owner) == ("store", "Design")
        assert (barista.channel, barista.assumed_emotion) == ("store", {"all": 1})
        assert till.channel is None

    def test_nothing_is_lost_unseen(self, read: Guess) -> None:
        assert [(u.cell, u.value, u.reason) for u in read.unread] == [
            ("J2", "5", "a card has no place for 'Votes'"),
            ("G7", "web", "has nothing in its row that it could belong to"),
        ]
        assert "a row without a stage belongs to the stage above it" in read.assumptions
        assert "'Wish' is a lane of your own" in read.assumptions


def test_merged_stages_lanes_and_cards_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "map.xlsx"
    with xlsxwriter.Workbook(path) as book:
        notes = book.add_worksheet("Notes")
        notes.write(0, 0, "ask Bo")
        sheet = book.add_worksheet("Map")
        sheet.merge_range(0, 0, 0, 3, "Buying coffee")
        sheet.write(2, 0, "Phases")
        sheet.merge_range(2, 1, 2, 2, "1. Choose")
        sheet.write(2, 3, "2. Pay")
        sheet.merge_range(3, 0, 4, 0, "Touchpoints")
        sheet.write_row(3, 1, ["Menu", "Barista", "Till"])
        sheet.write(4, 3, "Receipt")
        sheet.write(5, 0, "Pain points")
        sheet.merge_range(5, 1, 5, 3, "Slow everywhere")
        sheet.write(6, 0, "Feelings")
        sheet.write(6, 3, 4)
        sheet.write(6, 1, 2)
    read_ = read(path)
    journey = read_.journey
    assert journey.title == "Buying coffee"
    assert [(s.name, [t.name for t in s.touchpoints]) for s in journey.stages] == [
        ("Choose", ["Menu", "Barista"]),
        ("Pay", ["Till", "Receipt"]),
    ]
    assert journey.touchpoints[0].assumed_emotion == {"all": -1}
    assert journey.touchpoints[3].assumed_emotion == {"all": 1}
    assert cards(journey, 0) == [("pain_points", "Slow everywhere")]
    assert "Map!B6 stretches from 'Choose' to 'Pay' and is kept in 'Choose'" in read_.assumptions
    assert [(u.cell, u.reason) for u in read_.unread] == [("Notes!A1", "stands in another sheet")]


def test_a_title_may_be_the_general_word(tmp_path: Path) -> None:
    text = "Customer Journey Map\n\nStage,Choose,Pay\nTouchpoints,Menu,Till\n"
    assert guess(tmp_path, text).journey.title == "Customer Journey Map"


def test_a_blank_heading_right_of_a_stage_continues_it(tmp_path: Path) -> None:
    read_ = guess(tmp_path, "Stage,Choose,,Pay\nTouchpoints,Menu,Barista,Till\nNeeds,,Calm,\n")
    assert [len(s.touchpoints) for s in read_.journey.stages] == [2, 1]
    assert "C1 is empty: the column belongs to 'Choose' on its left" in read_.assumptions


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("gb18030", ","), ("cp1251", ";"), ("big5", ",")],
)
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = {
        "gb18030": [["阶段", "选择", "付款"], ["触点", "菜单", "收银台"], ["痛点", "太多", "太慢"]],
        "big5": [["階段", "選擇", "付款"], ["觸點", "菜單", "收銀台"], ["痛點", "太多", "太慢"]],
    }.get(encoding, [["Этап", "Выбор", "Оплата"], ["Точки контакта", "Меню", "Касса"], ["Проблемы", "Много", "Долго"]])
    read_ = guess(tmp_path, "\r\n".join(map(separator.join, rows)), encoding=encoding)
    assert [s.name for s in read_.journey.stages] == rows[0][1:]
    assert [t.name for t in read_.journey.touchpoints] == rows[1][1:]


def test_names_that_resemble_events_get_rules(tmp_path: Path) -> None:
    text = "Stage,Choose,Pay\nTouchpoints,Menu board; Talk to barista,Checkout; Payments\nPain points,a,b\n"
    events = ("menu_board_view", "menuBoardTap", "check_out", "payment_completed", "app_open")
    read_ = guess(tmp_path, text, events=events)
    assert [t.match[0].event if t.match else () for t in read_.journey.touchpoints] == [
        ("menuBoardTap", "menu_board_view"),
        (),
        ("check_out",),
        ("payment_completed",),
    ]
    assert "'Checkout' is where these events happen: check_out" in read_.assumptions
    assert "no event resembles ‘Talk to barista’: their rules are left empty" in read_.assumptions


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("菜单牌", "menu_board_view"),
        ("選單與菜單", "menu_view"),
        ("Меню", "menu_view"),
        ("Оплата картой", "payment_done"),
        ("Корзина", "add_to_cart"),
        ("注册", "sign_up"),
        ("Очередь", "queue_enter"),
    ],
)
def test_common_words_in_chinese_and_russian_meet_english_events(name: str, event: str) -> None:
    assert propose([name, "Wi-Fi"], [event, "xyz"]) == [(event,), ()]


@pytest.mark.parametrize(
    ("numbers", "values"),
    [
        (("-2", "0", "1"), (-2, 0, 1)),
        (("1", "3", "5"), (-2, 0, 2)),
        (("2", "7", "4"), (-1.333, 2, 0)),
        (("0", "5", "10"), (-2, 0, 2)),
        (("-5", "0", "5"), (-2, 0, 2)),
        (("4/5", "😡", "happy"), (1, -2, 1)),
        (("非常满意", "愤怒", "一般"), (2, -2, 0)),
        (("раздражение", "Восторг!", "нейтрально"), (-1, 2, 0)),
        (("−1,5 queue", "+2", "0"), (-1.5, 2, 0)),
    ],
)
def test_emotions_as_numbers_words_and_faces(
    tmp_path: Path, numbers: tuple[str, ...], values: tuple[float, ...]
) -> None:
    emotions = ",".join(f'"{n}"' for n in numbers)
    journey = guess(tmp_path, f"Stage,A,B,C\nTouchpoints,a1,b1,c1\nEmotions,{emotions}\n").journey
    assert tuple(t.assumed_emotion["all"] for t in journey.touchpoints) == values


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b\n1,2\n", b"just a sentence", b"PK\x03\x04 not a zip", b"\x00\x01\x02"]
)
def test_what_is_no_map_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.csv"
    path.write_bytes(content)
    with pytest.raises(JourneyError, match=r"map\.csv: (no table here|is not a workbook|holds NUL)"):
        read(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JourneyError, match="No such file"):
        read(tmp_path / "none.xlsx")


def test_a_sheet_with_a_cell_far_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Stage")
        sheet.write(1_000_000, 16_000, "far")
    with pytest.raises(JourneyError, match="cells large"):
        read(path)
