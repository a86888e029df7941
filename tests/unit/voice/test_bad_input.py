"""Whatever is said is read, or it is said why not: fifty languages, noise, and scores that cannot be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import desirepath as dp
from desirepath.intake.summary import IngestSummary
from desirepath.voice.language import UNKNOWN
from desirepath.voice.voice import Voice

FIFTY = (
    "The delivery was late and nobody answered my letters",
    "A entrega atrasou e ninguém respondeu às mensagens",
    "Доставка опоздала, и никто не ответил на мои письма",
    "送货太慢了，客服也没有回复我的消息",
    "送貨太慢了，客服也沒有回覆我的訊息",
    "La livraison était en retard et personne n'a répondu",
    "Die Lieferung kam zu spät und niemand hat geantwortet",
    "La entrega llegó tarde y nadie respondió a mis mensajes",
    "La consegna era in ritardo e nessuno ha risposto",
    "De levering was te laat en niemand gaf antwoord",
    "Leveransen var sen och ingen svarade på mina brev",
    "Levering var sen og ingen svarte på meldingene mine",
    "Leveringen var forsinket, og ingen svarede på mine breve",
    "Toimitus myöhästyi eikä kukaan vastannut viesteihini",
    "Dostawa się spóźniła i nikt nie odpowiedział",
    "Dodávka měla zpoždění a nikdo neodpověděl",
    "Dodávka meškala a nikto neodpovedal na moje správy",
    "A szállítás késett, és senki sem válaszolt",
    "Livrarea a întârziat și nimeni nu a răspuns",
    "Доставката закъсня и никой не отговори",
    "Доставка запізнилася, і ніхто не відповів",
    "Дастаўка спазнілася, і ніхто не адказаў",
    "Достава је каснила и нико није одговорио",
    "Dostava je kasnila i nitko nije odgovorio",
    "Dostava je zamujala in nihče ni odgovoril",
    "Η παράδοση άργησε και κανείς δεν απάντησε",
    "Teslimat gecikti ve kimse cevap vermedi",
    "Çatdırılma gecikdi və heç kim cavab vermədi",
    "Жеткізу кешікті және ешкім жауап бермеді",
    "Хүргэлт хоцорсон, хэн ч хариу өгөөгүй",
    "配達が遅れて、誰も返事をくれませんでした",
    "배송이 늦었고 아무도 답장하지 않았어요",
    "Giao hàng trễ và không ai trả lời tin nhắn",
    "การจัดส่งล่าช้าและไม่มีใครตอบกลับ",
    "Pengiriman terlambat dan tidak ada yang menjawab",
    "Lewat penghantaran dan tiada siapa menjawab",
    "Naantala ang padala at walang sumagot",
    "تأخر التسليم ولم يرد أحد على رسائلي",
    "המשלוח התעכב ואף אחד לא ענה",
    "تحویل دیر شد و هیچ‌کس پاسخ نداد",
    "ترسیل میں دیر ہوئی اور کسی نے جواب نہیں دیا",
    "डिलीवरी देर से आई और किसी ने जवाब नहीं दिया",
    "ডেলিভারি দেরিতে এসেছে এবং কেউ উত্তর দেয়নি",
    "டெலிவரி தாமதமானது, யாரும் பதிலளிக்கவில்லை",
    "డెలివరీ ఆలస్యమైంది, ఎవరూ సమాధానం ఇవ్వలేదు",
    "ડિલિવરી મોડી આવી અને કોઈએ જવાબ આપ્યો નહીં",
    "ਡਿਲੀਵਰੀ ਦੇਰ ਨਾਲ ਆਈ ਅਤੇ ਕਿਸੇ ਨੇ ਜਵਾਬ ਨਹੀਂ ਦਿੱਤਾ",
    "მიწოდება დაგვიანდა და არავინ მიპასუხა",
    "Առաքումն ուշացավ, և ոչ ոք չպատասխանեց",
    "Utoaji ulichelewa na hakuna aliyejibu",
)

ODD = {
    "empty": "   ",
    "long": "the queue was awful. " * 50_000,  # a megabyte
    "binary": "\x01\x02\x03\x04\x05\x06abc",
    "mixed": "The waiter said שלום and the food was great",
    "emoji": "😡😡😡",
    "markup": "<p>Great <b>coffee</b> &amp; cake</p><script>alert('x')</script>",
    "numbers": "12345",
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> tuple[Voice, IngestSummary]:
    folder: Path = tmp_path_factory.mktemp("odd")
    rows = [(f"l{i}", text, "") for i, text in enumerate(FIFTY)]
    rows += [(name, text, "") for name, text in ODD.items()]
    rows.append(("too_much", "fine", "11"))
    with (folder / "said.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text", "score"), *rows])
    (folder / "map.yaml").write_text(
        "source: said\nfiles: [said.csv]\nkind: feedback\n"
        "feedback: {id: id, text: text, score: {column: score, scale: nps}, kind: review}\n"
    )
    ws = dp.init(folder / "room")
    summary = ws.ingest(folder / "said.csv", mapping=folder / "map.yaml")
    assert summary.accepted + summary.quarantined == len(rows)
    return ws.voice(), summary


@pytest.fixture(scope="module")
def voice(room: tuple[Voice, IngestSummary]) -> Voice:
    return room[0]


def of(voice: Voice, id_: str) -> dict[str, object]:
    table = voice.table()
    i = table["id"].index(id_)
    return {name: column[i] for name, column in table.items()}


def test_there_are_fifty_languages() -> None:
    assert len(FIFTY) == len(set(FIFTY)) == 50


def test_each_language_is_named_or_said_to_be_unknown(voice: Voice) -> None:
    found = [of(voice, f"l{i}")["language"] for i in range(50)]
    assert found[:5] == ["en", "pt", "ru", "zh-Hans", "zh-Hant"]
    assert all(found) and len(set(found) - {UNKNOWN}) >= 30
    counted = voice.overview()
    assert counted["unknown_language"] >= found.count(UNKNOWN)
    assert sum(counted["languages"].values()) == counted["texts"]["states"]["words"]


def test_what_no_lexicon_reads_has_no_emotion_rather_than_a_guess(voice: Voice) -> None:
    french = of(voice, "l5")
    assert (french["emotion"], french["layer"]) == (None, "none")


def test_odd_texts_are_counted(voice: Voice) -> None:
    found = voice.overview()["texts"]
    assert found["cut"] == 1 and found["markup"] == 1 and found["mixed_direction"] >= 1
    assert found["states"]["emoji"] == 1 and found["states"]["numbers"] == 1 and found["states"]["binary"] == 1


def test_a_score_outside_its_scale_counts_for_no_emotion_and_is_counted(
    room: tuple[Voice, IngestSummary], voice: Voice
) -> None:
    assert sum(room[1].cells.values()) == 1
    assert of(voice, "too_much")["layer"] != "score"


def test_mark_up_is_not_read(voice: Voice) -> None:
    shown = {v["id"]: v["text"] for v in voice.verbatims(limit=200)}
    assert shown["markup"] == "Great coffee & cake"
    assert len(str(shown["long"])) <= 20_000


def test_emoji_alone_are_felt(voice: Voice) -> None:
    emotion = of(voice, "emoji")["emotion"]
    assert isinstance(emotion, float) and emotion < 0
