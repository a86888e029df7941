"""Common words for touchpoints, so that a map in Chinese or Russian meets event names, which are mostly English."""

from __future__ import annotations

import re

GLOSSARY = {
    "ad": "广告 廣告 реклам",
    "app": "应用 приложен",
    "barista": "咖啡师 咖啡師 барист",
    "booking": "预订 预约 預訂 預約 бронир запис",
    "call": "电话 電話 热线 звон телефон",
    "card": "银行卡 刷卡 会员卡 карт",
    "cart": "购物车 購物車 корзин",
    "catalog": "目录 目錄 型录 каталог",
    "category": "分类 分類 категори",
    "chat": "聊天 在线客服 чат",
    "checkout": "结算 結帳 结账 оформлен",
    "community": "社区 社群 форум сообществ",
    "complaint": "投诉 客訴 жалоб",
    "contract": "合同 签约 簽約 договор",
    "coupon": "优惠券 優惠券 折扣 купон промокод",
    "delivery": "配送 送达 送貨 送货 外卖 外送 доставк",
    "email": "邮件 郵件 письм почт",
    "enter": "进店 進店 вход",
    "form": "表单 表單 申请表 форм анкет",
    "home": "首页 首頁 главн",
    "install": "安装 安裝 установ монтаж",
    "invoice": "账单 帳單 发票 發票 счет",
    "login": "登录 登入 вход",
    "loyalty": "会员 會員 积分 集點 лояльн балл",
    "map": "地图 地圖 карт",
    "menu": "菜单 菜單 меню",
    "newsletter": "资讯 電子報 рассылк",
    "offer": "报价 報價 предложен",
    "order": "下单 点单 訂單 订单 點餐 заказ",
    "pay": "支付 付款 оплат платеж касс 收银 收銀",
    "payment": "支付 付款 оплат платеж касс 收银 收銀",
    "pickup": "取餐 自提 取貨 取货 выдач самовывоз",
    "price": "价格 價格 цен тариф",
    "product": "商品 产品 產品 товар продукт",
    "purchase": "购买 購買 покупк",
    "queue": "排队 排隊 очеред",
    "receipt": "收据 收據 小票 чек",
    "referral": "推荐 推薦 рекоменд",
    "refund": "退款 возврат",
    "register": "注册 註冊 регистрац",
    "return": "退货 退貨 возврат",
    "review": "评价 評論 评论 отзыв",
    "search": "搜索 搜尋 поиск",
    "seat": "座位 место столик",
    "service": "服务 服務 сервис обслуживан",
    "shop": "门店 店面 店铺 магазин витрин",
    "signup": "注册 註冊 регистрац",
    "store": "门店 店面 店铺 магазин",
    "support": "客服 支持 поддержк",
    "survey": "问卷 問卷 调查 опрос",
    "test": "试驾 試駕 试用 試用 тест",
    "ticket": "工单 票 обращен тикет билет",
    "tracking": "物流 追踪 跟踪 追蹤 отслежив",
    "training": "培训 教育訓練 обучен",
    "visit": "访问 造訪 到店 визит посещен",
    "website": "官网 网站 官網 網站 сайт",
}
"""English words by Chinese words and the beginnings of Russian ones."""

_FOREIGN = [(word, english) for english, words in GLOSSARY.items() for word in words.split()]


def english(name: str) -> list[set[str]]:
    """For each foreign word of a (plain) name that is known, the English words that it may stand for."""
    found = []
    for part in name.split():
        han = re.search(r"[\u4e00-\u9fff]", part)
        for word in dict.fromkeys(w for w, _ in _FOREIGN if (w in part if han else part.startswith(w))):
            found.append({e for w, e in _FOREIGN if w == word})
    return found
