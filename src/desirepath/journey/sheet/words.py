"""What teams call the lanes and columns of their maps, in English, simplified and traditional Chinese and Russian."""

from __future__ import annotations

import re
import unicodedata

HEADINGS: dict[str, tuple[str, ...]] = {
    # lanes
    "actions": (
        "actions action activities activity doing do steps step customer_does what_they_do behaviour behavior tasks"
        " task",
        "行为 行動 行动 用户行为 客户行为 活动 活動 步骤 步驟 做什么 做什麼 行為",
        "действия действие шаги шаг активности что_делает делает поведение",
    ),
    "touchpoints": (
        "touchpoints touchpoint touch_points touch_point contact_points contact_point interactions interaction",
        "触点 觸點 接触点 接觸點 服务触点 服務觸點 交互 互动 互動",
        "точки_контакта точка_контакта касания касание точки_касания точка_касания точки_взаимодействия взаимодействие",
    ),
    "thoughts": (
        "thoughts thought thinking think mindset mindsets says quotes quote what_they_think questions",
        "想法 思考 心声 心聲 内心想法 內心想法 在想什么 在想什麼 疑问 疑問 语录 語錄",
        "мысли мысль думает что_думает вопросы цитаты цитата",
    ),
    "needs": (
        "needs need expectations expectation wants jobs jobs_to_be_done",
        "需求 需要 期望 期待",
        "потребности потребность нужды ожидания ожидание",
    ),
    "emotions": (
        "emotions emotion feelings feeling feels mood sentiment emotional_curve emotion_curve experience"
        " emotional_journey",
        "情绪 情緒 感受 情感 心情 情绪曲线 情緒曲線 体验 體驗",
        "эмоции эмоция чувства чувство настроение ощущения эмоциональная_кривая",
    ),
    "pain_points": (
        "pain_points pain_point painpoints painpoint pains pain problems problem frustrations barriers barrier issues"
        " challenges obstacles",
        "痛点 痛點 问题 問題 障碍 障礙 困难 困難 槽点 槽點",
        "проблемы проблема боли боль болевые_точки барьеры барьер трудности сложности",
    ),
    "opportunities": (
        "opportunities opportunity ideas idea improvements improvement recommendations solutions solution initiatives",
        "机会 機會 机会点 機會點 改进 改進 改善 建议 建議 解决方案 解決方案 想法建议",
        "возможности возможность идеи идея улучшения инициативы решения рекомендации",
    ),
    "metrics": (
        "metrics metric kpis kpi measures measure indicators",
        "指标 指標 关键指标 關鍵指標 衡量",
        "метрики метрика показатели показатель kpi",
    ),
    "owners": (
        "owners owner ownership responsible responsibility team teams department",
        "负责人 負責人 责任人 責任人 负责部门 負責部門 部门 部門 团队 團隊",
        "ответственный ответственные владелец владельцы отдел команда ответственность",
    ),
    "backstage": (
        "backstage back_stage support_processes support_process internal_processes behind_the_scenes systems processes",
        "后台 後台 幕后 幕後 支持流程 支援流程 内部流程 內部流程 系统 系統",
        "бэкстейдж закулисье внутренние_процессы процессы поддержка_процессов системы бэк_офис",
    ),
    # columns and rows that are no lanes
    "stage": (
        "stage stages phase phases journey_stage journey_phase",
        "阶段 階段 环节 環節 旅程阶段 旅程階段",
        "этап этапы стадия стадии фаза фазы",
    ),
    "lane": (
        "lane lanes type card_type category kind row swimlane",
        "泳道 类型 類型 类别 類別 卡片类型 卡片類型",
        "тип категория вид дорожка тип_карточки",
    ),
    "text": (
        "text card content note description_of_card title_of_card item insight details what",
        "内容 內容 文字 文本 卡片 说明文字 便签 便籤",
        "текст содержание карточка заметка запись",
    ),
    "channel": (
        "channels channel medium media device",
        "渠道 通路 管道 媒介",
        "каналы канал",
    ),
    "goal": (
        "goals goal customer_goal customer_goals user_goals objective objectives",
        "目标 目標 用户目标 用戶目標 客户目标",
        "цели цель цель_клиента задача задачи",
    ),
    "description": ("description summary about", "描述 说明 說明 简介 簡介", "описание"),
    "persona": (
        "persona personas actor customer customer_type segment user who",
        "人物 角色 用户画像 使用者輪廓 人物志 人物誌 画像 客群 用户 使用者",
        "персона персонаж персоны сегмент клиент",
    ),
    "importance": ("importance priority", "重要性 重要程度 优先级 優先級", "важность приоритет"),
    "feeling": ("named_feeling", "情绪名称", "название_эмоции"),
    "evidence": (
        "evidence source sources link links url research",
        "证据 證據 来源 來源 依据 依據 链接 連結",
        "источник источники ссылка ссылки подтверждение доказательства",
    ),
    "title": (
        "title journey name map journey_map customer_journey_map customer_journey",
        "标题 標題 名称 名稱 旅程 客户旅程 顧客旅程 客户旅程地图 顧客旅程地圖",
        "название заголовок карта_пути карта_пути_клиента cjm",
    ),
    "scope": ("scope scenario", "范围 範圍 场景 場景 情境", "сценарий границы рамки охват"),
    "number": ("no nr id number", "序号 序號 编号 編號", "номер пп"),
    "market": ("market country region", "市场 市場 国家 國家 地区 地區", "рынок страна регион"),
}
"""Words by meaning; `_` stands for a space."""

QUALIFIERS = (
    "customer customers user users client clients guest key main top our the their what how",
    "客户 顾客 用户 客戶 顧客 用戶 使用者 主要 关键 關鍵",
    "клиента клиентов пользователя пользователей покупателя покупателей гостя ключевые основные главные наши что как",
)

IMPORTANCE = {
    "high": "high critical important 高 重要 высокая высокий",
    "medium": "medium normal middle 中 一般 средняя средний",
    "low": "low minor 低 низкая низкий",
}


def plain(label: str) -> str:
    """The label without case, signs, emoji and doubled spaces."""
    folded = unicodedata.normalize("NFKC", label).casefold().replace("ё", "е")
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


_MEANING = {
    plain(word.replace("_", " ")): key for key, lists in HEADINGS.items() for words in lists for word in words.split()
}
_QUALIFIERS = tuple(plain(word) for words in QUALIFIERS for word in words.split())
_IMPORTANCE = {plain(word): key for key, words in IMPORTANCE.items() for word in words.split()}


def meaning(label: str) -> str | None:
    """The lane or column that a heading names (a key of `HEADINGS`), or None."""
    if not label or len(label) > 60:
        return None
    bare = re.sub(r"[(（\[].*?[)）\]]", " ", label)
    for part in (bare, *re.split(r"[/&,+|、，]|\band\b|\bи\b|和|与|與", bare)):
        words = plain(part)
        if words in _MEANING:
            return _MEANING[words]
        rest = " ".join(word for word in words.split() if word not in _QUALIFIERS)
        for qualifier in _QUALIFIERS:
            if re.match(r"[\u4e00-\u9fff]", qualifier):
                rest = rest.removeprefix(qualifier).removesuffix(qualifier)
        if rest in _MEANING:
            return _MEANING[rest]
    return None


def importance(word: str) -> str | None:
    """`low`, `medium` or `high`, or None."""
    return _IMPORTANCE.get(plain(word))
