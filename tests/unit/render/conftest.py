# ruff: noqa: E501
"""A living map made by hand, as full and as awkward as real ones: the café chain with seven stages, 24 touchpoints,
every verdict, withheld numbers, a stage nobody speaks about, texts in four languages and cards in only one."""

from __future__ import annotations

import pytest

from desirepath.insight.model import (
    CardView,
    Conformance,
    Emotion,
    Estimate,
    Finding,
    MapData,
    StageView,
    TouchpointView,
    Transition,
    Unmatched,
    Variant,
    VariantsRest,
    Verdict,
    Wait,
)
from desirepath.journey.model import Journey
from desirepath.locale import say
from desirepath.render.build import build_view
from desirepath.render.view import View

CASES = 12_480


def text(en: str, hans: str, hant: str, ru: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "ru": ru}


# id, channel, names, cases, emotion (score, n) or None, median wait (s), verdict, what the team assumes
TOUCHPOINTS = {
    "aware": [
        ("poster", "ads", text("Street poster", "街头海报", "街頭海報", "Уличный плакат"), 0, None, None, "no_data", 0.5),
        ("instagram", "social", text("Instagram post", "Instagram 帖子", "Instagram 貼文", "Пост в Instagram"), 5210, (0.7, 318), None, "supported", 1.0),
        ("friend", "partner", text("A friend's word", "朋友推荐", "朋友推薦", "Совет друга"), 1890, (1.4, 141), None, "supported", 1.0),
        ("search", "web", text("Map search", "地图搜索", "地圖搜尋", "Поиск на карте"), 6120, (0.2, 95), 5400, "supported", 0.0),
    ],
    "consider": [
        ("website", "web", text("Website", "官网", "官網", "Сайт"), 7040, (-0.3, 402), 640, "contradicted", 1.0),
        ("app_store", "app", text("App store page", "应用商店页面", "應用程式商店頁面", "Страница в магазине приложений"), 3310, (0.4, 57), 7300, "supported", 0.5),
        ("reviews", "web", text("Reviews by others", "他人评价", "他人評價", "Отзывы других"), 2950, None, 310, "stale", 0.0),
    ],
    "visit": [
        ("window", "store", text("Shop window", "橱窗", "櫥窗", "Витрина"), 9120, (0.6, 88), 93_000, "supported", 1.0),
        ("queue", "store", text("Queue at the door", "门口排队", "門口排隊", "Очередь у входа"), 8350, (-1.2, 512), 45, "contradicted", -0.5),
        ("greeting", "store", text("Greeting", "迎接", "迎接", "Приветствие"), 7980, (0.9, 236), 260, "supported", 1.0),
    ],
    "choose": [
        ("menu_board", "store", text("Menu board", "菜单牌", "菜單看板", "Доска с меню"), 7610, (-1.6, 689), 30, "contradicted", 0.5),
        ("advice", "store", text("The barista's advice", "咖啡师的建议", "咖啡師的建議", "Совет бариста"), 2240, (1.7, 203), 95, "supported", 1.5),
        ("app_menu", "app", text("Menu in the app", "应用内菜单", "App 內菜單", "Меню в приложении"), 3105, (-0.4, 164), 20, "supported", 0.5),
        ("loyalty", "store", text("Loyalty card offer", "会员卡推荐", "會員卡推薦", "Предложение карты лояльности"), 1210, None, 60, "stale", 0.0),
    ],
    "pay": [
        ("till", "store", text("Till", "收银台", "收銀台", "Касса"), 5930, (-0.2, 310), 140, "supported", 0.0),
        ("app_order", "app", text("Order in the app", "应用下单", "App 下單", "Заказ в приложении"), 2480, (0.8, 187), 75, "supported", 1.0),
        ("wallet", "app", text("Paying by wallet", "钱包支付", "電子錢包付款", "Оплата кошельком"), 2210, (1.1, 3), 12, "supported", 1.0),
    ],
    "enjoy": [
        ("pickup", "store", text("Pick-up counter", "取餐台", "取餐台", "Стойка выдачи"), 8120, (-0.8, 274), 380, "supported", 0.0),
        ("coffee", "store", text("The coffee itself", "咖啡本身", "咖啡本身", "Сам кофе"), 8012, (1.8, 1420), 25, "supported", 1.5),
        ("seat", "store", text("A seat", "座位", "座位", "Место в зале"), 3640, (0.3, 128), 70, "supported", 0.5),
        ("wifi", "web", text("Wi-Fi", "无线网络", "無線網路", "Wi-Fi"), 0, None, None, "no_data", 0.0),
    ],
    "return": [
        ("receipt", "email", text("Receipt e-mail", "电子收据", "電子收據", "Письмо с чеком"), 4020, None, 190_000, "supported", 0.0),
        ("coupon", "app", text("Coupon by push message", "推送优惠券", "推播優惠券", "Купон в уведомлении"), 2790, None, 604_000, "supported", 1.0),
        ("helpline", "phone", text("Helpline", "客服热线", "客服專線", "Горячая линия"), 310, None, 86_000, "supported", -1.0),
    ],
}  # fmt: skip

# id, names, goal, entered, dropped, dwell (median, p90), stage emotion, verdict
STAGES = [
    ("aware", text("Hearing of us", "知道我们", "認識我們", "Узнаёт о нас"), text("Find a good place nearby", "在附近找到好地方", "在附近找到好地方", "Найти хорошее место рядом"), 10_900, 1480, (7200, 260_000), (0.8, 554), "supported"),
    ("consider", text("Looking around", "了解比较", "了解比較", "Присматривается"), text("See whether it is worth the walk", "看看值不值得走一趟", "看看值不值得走一趟", "Понять, стоит ли идти"), 8410, 720, (88_000, 700_000), (-0.2, 459), "contradicted"),
    ("visit", text("Coming in", "进店", "進店", "Заходит"), text("Get in without waiting", "不用排队就能进店", "不必排隊就能進店", "Войти без ожидания"), 9360, 1390, (310, 900), (-0.6, 836), "contradicted"),
    ("choose", text("Choosing", "选择", "選擇", "Выбор"), text("Get the usual without thinking", "不用多想就点到常喝的", "不用多想就點到常喝的", "Взять привычное не раздумывая"), 8240, 2590, (185, 610), (-0.9, 1056), "contradicted"),
    ("pay", text("Ordering and paying", "下单与付款", "下單與付款", "Заказ и оплата"), text("Pay the way I always pay", "用习惯的方式付款", "用習慣的方式付款", "Заплатить привычным способом"), 8190, 70, (95, 240), (0.2, 500), "supported"),
    ("enjoy", text("Enjoying", "享用", "享用", "Наслаждается"), text("A quiet ten minutes", "安静的十分钟", "安靜的十分鐘", "Десять спокойных минут"), 8120, 3380, (1500, 4100), (1.3, 1822), "supported"),
    ("return", text("Coming back", "再次光临", "再次光臨", "Возвращается"), text("A reason to come again", "再来的理由", "再來的理由", "Повод вернуться"), 4740, 900, None, None, "stale"),
]  # fmt: skip

CARDS = {
    "aware": [
        {"id": "c1", "lane": "actions", "text": text("Sees a picture, looks us up", "看到图片后搜索我们", "看到圖片後搜尋我們", "Видит фото и ищет нас")},
        {"id": "c2", "lane": "thoughts", "text": text("“Is that the place with the long queue?”", "“是那家总排长队的店吗？”", "「是那家總排長隊的店嗎？」", "«Это то место с длинной очередью?»")},
        {"id": "c3", "lane": "emotions", "text": text("Curious", "好奇", "好奇", "Любопытство"), "feeling": "curiosity", "emotion": 1},
    ],
    "consider": [
        {"id": "c4", "lane": "actions", "text": text("Compares three shops, opens the menu", "比较三家店，打开菜单", "比較三家店，打開菜單", "Сравнивает три кофейни, открывает меню")},
        {"id": "c5", "lane": "needs", "text": text("Opening hours and prices at a glance", "一眼看到营业时间和价格", "一眼看到營業時間和價格", "Часы работы и цены с одного взгляда")},
        {"id": "c6", "lane": "pain_points", "text": "菜单图片在手机上打不开，只能放大一张模糊的 PDF"},
    ],
    "visit": [
        {"id": "c7", "lane": "actions", "text": text("Queues, looks for the end of the queue", "排队，找队尾", "排隊，找隊尾", "Стоит в очереди, ищет её конец")},
        {"id": "c8", "lane": "thoughts", "text": text("“Do I have the time?”", "“来得及吗？”", "「來得及嗎？」", "«Успею ли я?»"), "persona": "commuter"},
        {"id": "c9", "lane": "opportunities", "text": text("Order from the queue by QR code", "排队时扫码下单", "排隊時掃碼下單", "Заказ по QR-коду прямо в очереди")},
    ],
    "choose": [
        {"id": "c10", "lane": "actions", "text": text("Reads the board, asks, hesitates", "看菜单、询问、犹豫", "看菜單、詢問、猶豫", "Читает меню, спрашивает, сомневается")},
        {"id": "c11", "lane": "thoughts", "text": "“Flat white, cortado, lungo – what on earth is the difference?”", "emotion": -1},
        {"id": "c12", "lane": "pain_points", "text": text("Too many kinds, nobody explains them", "品种太多，没人解释", "品項太多，沒人說明", "Слишком много видов, и никто не объясняет"), "touchpoint": "menu_board", "evidence": [{"verbatim": 812}, {"finding": "f1"}]},
        {"id": "c13", "lane": "opportunities", "text": text("A short board: six drinks and “the usual”", "精简菜单：六种饮品加“老样子”", "精簡菜單：六種飲品加「老樣子」", "Короткое меню: шесть напитков и «как обычно»")},
        {"id": "c14", "lane": "needs", "text": text("Somebody who asks what I like", "有人问我喜欢什么", "有人問我喜歡什麼", "Чтобы спросили, что я люблю")},
        {"id": "c15", "lane": "training", "text": "Обучение бариста: вопрос «что вы любите?» вместо «что вам?»"},
    ],
    "pay": [
        {"id": "c16", "lane": "actions", "text": text("Pays by phone, puts the card away", "手机付款", "用手機付款", "Платит телефоном")},
        {"id": "c17", "lane": "needs", "text": text("My wallet is accepted", "支持我的钱包", "支援我的電子錢包", "Мой кошелёк принимают")},
    ],
    "enjoy": [
        {"id": "c18", "lane": "actions", "text": text("Waits for the name to be called, sits down", "等叫号，坐下", "等叫號，坐下", "Ждёт, пока назовут имя, садится")},
        {"id": "c19", "lane": "emotions", "text": text("Joy at the first sip", "第一口的喜悦", "第一口的喜悅", "Радость первого глотка"), "feeling": "joy", "emotion": 2},
        {"id": "c20", "lane": "pain_points", "text": text("Names are misheard", "名字常被听错", "名字常被聽錯", "Имена слышат неверно")},
    ],
    "return": [
        {"id": "c21", "lane": "opportunities", "text": text("Remind on the weekday of the last visit", "在上次来的星期几提醒", "在上次來訪的星期幾提醒", "Напоминать в тот же день недели")},
        {"id": "c22", "lane": "metrics", "text": text("Third visit within 60 days", "60 天内第三次光临", "60 天內第三次來訪", "Третий визит за 60 дней")},
    ],
}  # fmt: skip

VERDICTS: dict[str, Verdict] = {
    "c6": "supported",
    "c12": "supported",
    "c11": "contradicted",
    "c20": "stale",
    "c17": "supported",
}
OWNERS = {"aware": "Marketing", "consider": "Digital", "visit": "Store operations", "choose": "Store design", "pay": "Payments", "enjoy": "Store operations", "return": "CRM"}  # fmt: skip
MOMENTS = ("menu_board", "coffee")
BACKSTAGE = {
    "queue": text("Shift plan", "排班表", "排班表", "График смен"),
    "menu_board": text("Assortment planning, print shop", "品类规划、印刷", "品項規劃、印刷", "Планирование ассортимента, типография"),
    "app_order": text("Order system, payment provider", "订单系统、支付服务商", "訂單系統、支付服務商", "Система заказов, платёжный провайдер"),
    "coffee": text("Roastery in Taipei", "台北烘焙坊", "台北烘焙坊", "Обжарка в Тайбэе"),
    "helpline": text("Ticket system", "工单系统", "工單系統", "Система обращений"),
}  # fmt: skip


def estimate(value: float, n: int, half: float = 0.02, unit: str | None = None) -> Estimate:
    return Estimate(value, value - half, value + half, n, unit)


WITHHELD = Estimate(None, None, None, 3, withheld="n<5")


def emotion(felt: tuple[float, int] | None, assumed: float | None = None) -> Emotion:
    believed = {} if assumed is None else {"all": assumed}
    if felt is None:
        return Emotion(None, None, None, 0, 0.0, {}, believed)
    score, n = felt
    if n < 5:
        return Emotion(None, None, None, n, float(n), {}, believed, withheld="n<5")
    half = 2.2 / n**0.5
    kinds = {"survey": n - n // 3 - n // 9, "review": n // 3, "ticket": n // 9}
    return Emotion(score, max(score - half, -2), min(score + half, 2), n, n * 0.8, kinds, believed)


def cafe_journey() -> Journey:
    stages = [
        {
            "id": id_,
            "name": name,
            "customer_goal": goal,
            "owner": OWNERS[id_],
            "cards": CARDS[id_],
            "touchpoints": [
                {
                    "id": touchpoint,
                    "name": name,
                    "channel": channel,
                    "match": [{"event": f"{touchpoint}_*"}],
                    "moment_of_truth": touchpoint in MOMENTS,
                    "importance": "high" if touchpoint in MOMENTS else "medium",
                    "backstage": BACKSTAGE.get(touchpoint),
                    "assumed_emotion": {"commuter": assumed, "student": min(assumed + 0.5, 2)},
                }
                for touchpoint, channel, name, *_, assumed in TOUCHPOINTS[id_]
            ],
        }
        for id_, name, goal, *_ in STAGES
    ]
    return Journey.model_validate(
        {
            "id": "buying-coffee",
            "title": text("Buying coffee", "买咖啡", "買咖啡", "Покупка кофе"),
            "goal": text(
                "Find out why morning visitors do not come back",
                "弄清早晨的顾客为何不再光临",
                "找出早晨的顧客為何不再光臨",
                "Понять, почему утренние гости не возвращаются",
            ),
            "scope": text(
                "From the first sight of us to the third purchase",
                "从第一次看到我们到第三次购买",
                "從第一次看到我們到第三次購買",
                "От первого знакомства до третьей покупки",
            ),
            "end": {"event": ["purchase"], "nth": 3},
            "personas": [
                {
                    "id": "commuter",
                    "name": text("Commuter", "上班族", "通勤族", "Спешащий на работу"),
                    "summary": text(
                        "In a hurry, every day at eight",
                        "赶时间，每天八点",
                        "趕時間，每天八點",
                        "Спешит, каждый день в восемь",
                    ),
                    "goals": [
                        text("Coffee in four minutes", "四分钟拿到咖啡", "四分鐘拿到咖啡", "Кофе за четыре минуты")
                    ],
                    "preferred_channels": ["app", "store"],
                },
                {"id": "student", "name": text("Student", "学生", "學生", "Студент")},
            ],
            "stages": stages,
            "lanes": [{"id": "training", "name": text("Training", "培训", "培訓", "Обучение"), "after": "owners"}],
            "kpis": ["conversion", "nps", "repeat_purchase"],
        }
    )


def cafe_map() -> MapData:
    stages = tuple(_stage(*stage) for stage in STAGES)
    touchpoints = tuple(_touchpoint(id_, *row) for id_, rows in TOUCHPOINTS.items() for row in rows)
    steps = tuple(_steps())
    return MapData(
        journey=cafe_journey(),
        period={"from": "2026-01-01T00:00:00Z", "to": "2026-07-01T00:00:00Z", "data_from": "2025-12-03T08:00:00Z", "data_to": "2026-06-30T21:00:00Z"},
        filters={"market": ["Taipei", "London"], "device": ["phone"]},
        persona=None,
        language="en",
        customers=9_874,
        cases=CASES,
        events=148_310,
        completed=estimate(0.284, CASES, 0.008, "share"),
        emotion=emotion((0.31, 5227)),
        unmatched=Unmatched(9_120, 0.0615, ({"event": "wallet_refused", "count": 2210, "cases": 1480},)),
        kpis={"conversion": estimate(0.472, CASES, 0.009), "nps": estimate(18.4, 2140, 3.1), "stars_mean": estimate(4.06, 1804, 0.06), "average_order_value": estimate(6.35, 8_020, 0.12, "EUR")},
        stages=stages,
        touchpoints=touchpoints,
        transitions=tuple(Transition(f"{a}_seen", f"{b}_seen", n, int(n * 0.9), w, w * 4) for a, b, n, w in STEPS),
        touchpoint_transitions=steps,
        variants=(Variant(("search_seen", "window_seen", "queue_seen", "menu_board_seen", "till_seen"), 1320, 0.106),),
        variants_rest=VariantsRest(2_310, 11_160, 0.894),
        conformance=Conformance(
            fitting_share=estimate(0.318, 12_100, 0.008),
            missing_from_map=(
                {"event": "wallet_refused", "cases": 1480, "share": 0.119, "count": 2210, "suggested_stage": "pay"},
                {"event": "asks_for_toilet_code", "cases": 940, "share": 0.075, "count": 1105, "suggested_stage": "enjoy"},
                {"event": "leaves_queue", "cases": 870, "share": 0.070, "count": 911, "suggested_stage": "visit"},
                {"event": "投诉_微信", "cases": 205, "share": 0.016, "count": 230, "suggested_stage": None},
            ),
            never_walked=("poster", "wifi"),
            verdicts={"supported": 17, "contradicted": 3, "no_data": 2, "stale": 2},
            backtracking=estimate(0.142, 12_100, 0.006),
            skipping=estimate(0.365, 12_100, 0.009),
            late_start=estimate(0.127, 12_100, 0.006),
        ),
        findings=tuple(_finding(*row) for row in FINDINGS),
        cards=tuple(CardView(str(c["id"]), VERDICTS.get(str(c["id"]), "no_data"), "") for cards in CARDS.values() for c in cards),
        feedback={"total": 6_120, "in_scope": 5_410, "placed": 5_227, "undated": 310, "without_customer": 1_204},
        metrics=(
            {"metric": "footfall", "from": "2026-06-01", "to": "2026-07-01", "stage": "visit", "touchpoint": None, "value": 41_250.0, "n": None, "source": "door counter"},
            {"metric": "nps", "from": "2026-06-01", "to": "2026-07-01", "stage": "return", "touchpoint": None, "value": 22.0, "n": 340, "source": "survey vendor"},
        ),
        sources=(
            {"source": "shop", "events": 91_020, "feedback": 0, "metrics": 0, "from": "2025-12-03T08:00:00Z", "to": "2026-06-30T21:00:00Z"},
            {"source": "app", "events": 57_290, "feedback": 1_804, "metrics": 0, "from": "2026-01-01T00:00:00Z", "to": "2026-06-30T20:00:00Z"},
            {"source": "surveys", "events": 0, "feedback": 3_606, "metrics": 0, "from": "2026-02-01T00:00:00Z", "to": "2026-06-28T00:00:00Z"},
        ),
        notes=(
            "310 pieces of feedback have no date and do not count in this period.",
            "Only 31% of the customers who came in said anything; those who left without buying are hardly heard.",
        ),
        min_n=5,
        version="0.1.0",
    )  # fmt: skip


# id, kind, polarity, stage, touchpoint, what fills the title, cases, severity, outcome lost, confidence
FINDINGS = [
    ("f1", "low_emotion", "pain", "choose", "menu_board", {"score": -1.6, "baseline": 0.31}, 7610, 0.82, 0.121, 0.99),
    ("f2", "drop_off", "pain", "choose", None, {"rate": 0.314, "baseline": 0.142}, 2590, 0.64, 0.104, 0.99),
    (
        "f3",
        "long_wait",
        "pain",
        "enjoy",
        "pickup",
        {"median": 380.0, "baseline": 95.0, "before": TOUCHPOINTS["pay"][0][2]},
        8120,
        0.41,
        0.032,
        0.95,
    ),
    ("f4", "backtrack", "pain", "visit", None, {"rate": 0.126, "baseline": 0.03}, 1180, 0.38, 0.021, 0.91),
    ("f5", "loop", "pain", "consider", "website", {"rate": 0.287, "baseline": 0.06}, 2010, 0.22, 0.012, 0.83),
    ("f6", "high_emotion", "delight", "enjoy", "coffee", {"score": 1.8, "baseline": 0.31}, 8012, 0.78, 0.064, 0.99),
    ("f7", "high_emotion", "delight", "choose", "advice", {"score": 1.7, "baseline": 0.31}, 2240, 0.70, 0.051, 0.98),
]

EVIDENCE = {
    "measure": "drop_rate",
    "value": 0.314,
    "hits": 2590,
    "n": 8240,
    "compared_with": "other_stages",
    "baseline": 0.142,
    "baseline_hits": 6040,
    "baseline_n": 42_500,
    "difference": 0.172,
    "difference_low": 0.161,
    "difference_high": 0.183,
}

STEPS = [
    ("instagram", "search", 3900, 4200.0), ("friend", "search", 1500, 86_000.0), ("search", "website", 4800, 620.0), ("website", "reviews", 2700, 300.0),
    ("instagram", "app_store", 2100, 9100.0), ("website", "app_store", 900, 800.0), ("website", "window", 3900, 98_000.0), ("search", "window", 2600, 52_000.0), ("reviews", "window", 1800, 71_000.0),
    ("window", "queue", 8000, 45.0), ("queue", "greeting", 7300, 250.0), ("greeting", "menu_board", 6900, 30.0), ("queue", "menu_board", 600, 290.0),
    ("menu_board", "advice", 2050, 95.0), ("menu_board", "till", 4300, 140.0), ("advice", "till", 1900, 80.0), ("app_store", "app_menu", 2600, 61.0), ("app_menu", "app_order", 2300, 75.0),
    ("app_order", "wallet", 2100, 12.0), ("till", "pickup", 5700, 370.0), ("wallet", "pickup", 2050, 410.0), ("till", "loyalty", 900, 20.0),
    ("pickup", "coffee", 7900, 25.0), ("coffee", "seat", 3300, 70.0), ("coffee", "receipt", 2600, 3600.0), ("seat", "receipt", 1300, 7200.0), ("receipt", "coupon", 1900, 604_000.0),
    ("coupon", "app_menu", 1400, 2400.0), ("menu_board", "queue", 1180, 60.0), ("coffee", "window", 1900, 172_000.0), ("receipt", "helpline", 240, 9000.0), ("window", "menu_board", 700, 200.0),
]  # fmt: skip


def _steps() -> list[Transition]:
    return [Transition(a, b, n, int(n * 0.93), w, w * 4) for a, b, n, w in STEPS]


def _stage(id_, names, goal, entered, dropped, dwell, felt, verdict) -> StageView:  # type: ignore[no-untyped-def]
    wait = Wait(dwell[0], dwell[1], entered) if dwell else Wait(None, None, 0)
    kpis = {"nps": estimate(-12.0, 310, 9.0)} if id_ == "choose" else {}
    return StageView(
        id=id_,
        name=names["en"],
        entered=entered,
        customers=int(entered * 0.8),
        continued=entered - dropped,
        dropped=dropped,
        drop_rate=estimate(dropped / entered, entered, 0.008),
        dwell=wait,
        emotion=emotion(felt),
        kpis=kpis,
        verdict=verdict,
        verdict_reason="",
    )


def _touchpoint(stage, id_, channel, names, cases, felt, wait, verdict, assumed) -> TouchpointView:  # type: ignore[no-untyped-def]
    return TouchpointView(
        id=id_,
        stage=stage,
        name=names["en"],
        channel=channel,
        customers=int(cases * 0.8),
        cases=cases,
        events=int(cases * 1.3),
        emotion=emotion(felt, assumed),
        wait_before=Wait(wait, wait * 3, cases) if wait else Wait(None, None, 0),
        repeat_rate=estimate(0.21, cases, 0.01) if cases > 5000 else WITHHELD,
        kpis={},
        verdict=verdict,
        verdict_reason="",
        first_seen="2026-01-01T07:00:00Z" if cases else None,
        last_seen="2026-06-30T19:00:00Z" if cases else None,
    )


def _finding(id_, kind, polarity, stage, touchpoint, params, cases, severity, lost, confidence) -> Finding:  # type: ignore[no-untyped-def]
    share = cases / CASES
    names = {s[0]: s[1] for s in STAGES} | {t[0]: t[2] for rows in TOUCHPOINTS.values() for t in rows}
    place = names[touchpoint or stage]
    return Finding(
        id=id_,
        kind=kind,
        polarity=polarity,
        stage=stage,
        touchpoint=touchpoint,
        title=say(f"finding.{kind}", "en", place=place, **params),
        cases=cases,
        customers=int(cases * 0.8),
        share=share,
        severity=severity,
        outcome_lost=Estimate(lost * CASES, lost * CASES * 0.8, lost * CASES * 1.2, cases, "cases"),
        weight=share * severity * lost,
        confidence=confidence,
        evidence=(EVIDENCE,) if kind == "drop_off" else (),
        params={"place": place, **params},
    )


@pytest.fixture(scope="session")
def cafe() -> MapData:
    return cafe_map()


@pytest.fixture(scope="session")
def view(cafe: MapData) -> View:
    return build_view(cafe, "en")
