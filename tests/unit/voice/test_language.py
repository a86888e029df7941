"""The language of a text, short and mixed ones too."""

import pytest

from desirepath.voice.language import UNKNOWN, chinese, detect

SENTENCES = {
    "en": "The delivery was late and nobody told me what had happened to my order.",
    "ru": "Заказ привезли с опозданием, и никто не объяснил, что случилось.",
    "pt": "A entrega atrasou e ninguém me disse o que aconteceu com o pedido.",
    "zh-Hans": "送货迟到了，没有人告诉我订单怎么样了。",
    "zh-Hant": "送貨遲到了，沒有人告訴我訂單怎麼樣了。",
    "ja": "配達が遅れて、注文がどうなったのか誰も教えてくれませんでした。",
    "ko": "배송이 늦었고 아무도 제 주문이 어떻게 되었는지 알려주지 않았습니다.",
    "de": "Die Lieferung kam zu spät, und niemand hat mir gesagt, was mit der Bestellung los war.",
    "fr": "La livraison est arrivée en retard et personne ne m'a expliqué ce qui s'était passé.",
    "es": "La entrega llegó tarde y nadie me explicó lo que había pasado con mi pedido.",
    "th": "การจัดส่งล่าช้าและไม่มีใครบอกฉันว่าเกิดอะไรขึ้น",
    "el": "Η παράδοση άργησε και κανείς δεν μου είπε τι συνέβη.",
    "ar": "تأخر التسليم ولم يخبرني أحد بما حدث لطلبي على الإطلاق.",
    "tr": "Teslimat geç kaldı ve kimse bana siparişime ne olduğunu söylemedi.",
    "uk": "Доставка запізнилася, і ніхто не пояснив, що сталося із замовленням.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert detect([SENTENCES[language]])[0].language == language


@pytest.mark.parametrize("text", ["", None, "12345", "😀😀", "...", "@someone"])
def test_what_has_no_words_is_unknown(text: str | None) -> None:
    assert detect([text])[0].language == UNKNOWN


def test_a_short_text_takes_its_neighbours_language_where_it_fits() -> None:
    assert detect(["Ok, bom", *[SENTENCES["pt"]] * 5])[0].language == "pt"


def test_simplified_and_traditional() -> None:
    assert chinese("门口").language == "zh-Hans" and chinese("門口").language == "zh-Hant"
    assert chinese("好吃").confidence == 0.5  # both write it so


def test_two_scripts_are_mixed() -> None:
    told = detect(["Доставка was very slow и никто не ответил about my order"])[0]
    assert told.mixed
