"""What the words of an event name say about its phase: a small vocabulary in English, Chinese and Russian.

It names discovered stages, and is weak evidence for which events belong together; names without a known word say
nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desirepath.texts import Text


@dataclass(frozen=True)
class Phase:
    """A phase as most journeys know it. `words` are whole English words, `parts` pieces of Chinese or Russian ones."""

    id: str
    name: Text
    words: frozenset[str]
    parts: tuple[str, ...]
    goal: bool = False  # reaching it is what the journey is for


def _phase(id_: str, name: str, words: str, parts: str, goal: bool = False) -> Phase:
    texts = dict(zip(("en", "zh-Hans", "zh-Hant", "ru"), name.split(" | "), strict=True))
    return Phase(id_, texts, frozenset(words.split()), tuple(parts.split()), goal)


PHASES = (
    _phase(
        "discover",
        "Discover | 发现 | 發現 | Знакомство",
        "home homepage landing ad ads advert banner campaign promo newsletter social impression referrer",
        "首页 首頁 广告 廣告 推广 推廣 曝光 главн реклам баннер рассылк",
    ),
    _phase(
        "browse",
        "Browse and choose | 浏览与选择 | 瀏覽與選擇 | Выбор",
        "browse catalog catalogue category search filter product item menu compare wishlist gallery collection",
        "浏览 瀏覽 搜索 搜尋 商品 产品 產品 分类 分類 菜单 菜單 收藏 比较 比較 "
        "каталог поиск товар меню фильтр просмотр сравнен избранн",
    ),
    _phase(
        "cart",
        "Cart and order | 加购与下单 | 加入購物車與下單 | Корзина и заказ",
        "cart basket bag",
        "购物车 購物車 加购 加購 下单 下單 订单 訂單 корзин заказ",
    ),
    _phase(
        "checkout",
        "Checkout and pay | 结账与付款 | 結帳與付款 | Оформление и оплата",
        "checkout shipping billing payment pay paid till invoice",
        "结账 結帳 结算 結算 支付 付款 收银 收銀 发票 發票 оформлен оплат платеж платёж касс",
    ),
    _phase(
        "purchase",
        "Purchase | 购买 | 購買 | Покупка",
        "purchase purchased buy bought sale transaction",
        "购买 購買 成交 покупк куплен",
        goal=True,
    ),
    _phase(
        "receive",
        "Receive and use | 收货与使用 | 收貨與使用 | Получение",
        "deliver delivered delivery shipped shipment served pickup received receive installed activated onboarding",
        "发货 發貨 配送 送达 送達 签收 簽收 收货 收貨 取货 取貨 доставк отправл получ выдач",
        goal=True,
    ),
    _phase(
        "support",
        "Get help | 求助与售后 | 求助與售後 | Поддержка",
        "support help ticket chat call complaint refund faq contact hotline returned",
        "客服 工单 工單 投诉 投訴 退款 退货 退貨 帮助 幫助 咨询 諮詢 售后 售後 "
        "поддержк жалоб обращен возврат чат звонок помощ",
    ),
    _phase(
        "return",
        "Return and recommend | 再来与推荐 | 再訪與推薦 | Возвращение и рекомендации",
        "review rating reward loyalty invite invited friend referral share renew renewal repeat recommend",
        "评价 評價 评论 評論 推荐 推薦 分享 积分 積分 复购 回購 续费 отзыв рекоменд пригла балл бонус продлен",
    ),
)

_WEAK = {"order": 2, "ordered": 2, "add": 2, "view": 1, "page": 1, "list": 1, "detail": 1}
_TROUBLE = {"error", "fail", "failed", "bug", "crash"}
_READ = {"page", "view", "read", "list"}


def words(name: str) -> list[str]:
    """The words of an event name: parted at anything but letters and digits, and at camel humps."""
    return re.findall(r"[A-ZА-ЯЁ]?[a-zа-яё]+|[A-ZА-ЯЁ]+(?![a-zа-яё])|\d+|[^\W\d_A-Za-zА-Яа-яЁё]+", name)


def phase(name: str) -> int | None:
    """The index of the phase that the name speaks of: the last whose word it has. To read a review is to choose."""
    tokens = {w.lower() for w in words(name)}
    lowered = name.lower()
    found = [i for i, p in enumerate(PHASES) if p.words & tokens or any(part in lowered for part in p.parts)]
    if found:
        return 1 if "review" in tokens and tokens & _READ else found[-1]
    if tokens & _TROUBLE:
        return None
    return next((i for word, i in _WEAK.items() if word in tokens), None)


def readable(name: str) -> str:
    """`product_view` and `productView` as people write them: Product view."""
    text = " ".join(w if w.isupper() and len(w) > 1 else w.lower() for w in words(name)) or name
    return text[:1].upper() + text[1:]
