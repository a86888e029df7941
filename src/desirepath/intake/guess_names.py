"""What columns are usually called, in English, Portuguese, Chinese, Russian and process mining.

A name fits a role as a whole (1.0), as its last words (0.8: `order_customer_id`), or by one word of it (0.5).
"""

from __future__ import annotations

import re

NAMES: dict[str, str] = {
    "customer": """customer customerid customer_id customer_unique_id customerno custid cust_id client client_id
        clientid user user_id userid member member_id memberid visitor visitor_id visitorid shopper buyer buyer_id
        subscriber person person_id contact_id lead_id mql_id account account_id accountid distinct_id
        anonymous_id user_pseudo_id device_id player_id passenger_id patient_id requester_id cliente id_cliente
        cod_cliente cliente_id usuario id_usuario consumidor 客户 客户id 客户编号 客户号 用户 用户id 用户编号
        用戶 用戶id 会员 会员id 会员号 會員 顾客 顾客id 买家 买家id 买家编号 клиент клиент_id id_клиента
        ид_клиента код_клиента пользователь id_пользователя ид_пользователя покупатель participant participant_id
        respondent interviewee participante entrevistado entrevistada респондент участник участница 受访者 受訪者""",
    "session": """session session_id sessionid sess_id visit_id visitid ga_session_id sessao sessão id_sessao 会话
        会话id 访问id сессия id_сессии ид_сессии визит""",
    "case": """case:concept:name case case_id caseid case:case trace trace_id process_id order order_id orderid orderno
        ticket ticket_id ticketid application_id applicationid invoice invoiceno invoice_no invoice_id
        booking_id contract_id claim_id journey_id pedido id_pedido pedido_id cod_pedido chamado protocolo 订单
        订单号 订单编号 订单id 訂單 訂單編號 工单 工单号 案件 案例 заказ номер_заказа id_заказа ид_заказа заявка
        номер_заявки обращение договор""",
    "at": """time:timestamp timestamp time_stamp ts time datetime date_time date at event_time eventtime
        event_timestamp event_date occurred_at occurredat created_at createdat created created_date
        tweet_created review_date complete_timestamp completetimestamp ocel:timestamp invoicedate order_date
        purchase_date answered_at submitted_at data data_hora datahora horario criado_em data_evento 时间 时间戳
        日期 時間 日期时间 发生时间 创建时间 下单时间 评论时间 дата время дата_время датавремя дата_события
        время_события метка_времени создано""",
    "event": """concept:name event event_name eventname event_type eventtype activity activity_name action action_type
        ocel:activity page page_type pagetype screen step touchpoint_name atividade evento acao ação nome_evento
        tipo_evento 事件 事件名称 事件类型 活动 活動 行为 行为类型 操作 动作 событие название_события
        тип_события действие активность операция""",
    "channel": """channel channel_name via.channel touch_channel contact_channel canal canal_atendimento 渠道 渠道名称
        通路 канал канал_связи""",
    "event_id": """event_id eventid message_id messageid uuid guid insert_id event_uuid ocel:eid id_evento 事件id
        事件编号 id_события ид_события""",
    "value": """value amount revenue total total_amount price unitprice unit_price payment_value order_value spend cost
        costs valor valor_total preco preço total_pago 金额 金額 价格 價格 总价 总金额 сумма стоимость цена
        итого""",
    "currency": "currency currency_code moeda 币种 貨幣 货币 валюта",
    "score": """score rating stars star nps nps_score csat ces overall_rating review_score satisfaction
        satisfaction_rating.score satisfaction_score recommend likelihood_to_recommend sentiment
        airline_sentiment label nota nota_nps avaliacao avaliação pontuacao satisfacao 评分 評分 打分 分数 分數
        星级 星級 满意度 滿意度 оценка балл баллы рейтинг удовлетворенность""",
    "text": """text comment comments review review_text review_comment_message feedback verbatim message content body
        answer response opinion quote transcript tweet open_answer observation note resposta comentario
        comentário mensagem texto opiniao opinião depoimento 评论 評論 评价 評價 内容 內容 留言 反馈 反饋 文本
        意见 отзыв текст комментарий сообщение мнение ответ""",
    "weak_text": "description subject title descricao descrição assunto titulo 描述 标题 описание тема заголовок",
    "id": """id review_id tweet_id response_id answer_id feedback_id ticket_id comment_id respondent_id идентификатор
        编号""",
    "language": "language lang locale idioma 语言 語言 язык",
    "touchpoint": "touchpoint touch_point ponto_de_contato 触点 觸點 接触点 точка_контакта",
    "author": "author speaker author_name autor автор",
    "metric": "metric metric_name kpi indicator metrica métrica indicador 指标 指標 показатель метрика",
    "period": "month period week quarter day year_month from start mes mês periodo 月份 月 周期 период месяц неделя",
    "n": "n sample sample_size responses respondents base amostra 样本量 样本 выборка",
    "email": "email e_mail mail email_address correio 邮箱 電子郵件 电子邮件 почта емейл эл_почта",
    "phone": "phone phone_number mobile tel telephone telefone celular 手机 手机号 电话 電話 手機 телефон мобильный",
    "loyalty": """loyalty loyalty_id loyalty_number card card_no card_number cartao cartão 会员卡 会员卡号 карта
        номер_карты""",
    "device": "device device_id deviceid cookie cookie_id idfa gaid aparelho 设备 设备id устройство",
}
KINDS_OF_KEYS = ("email", "phone", "loyalty", "device")

_WORDS = {role: names.split() for role, names in NAMES.items()}


def normalised(name: str) -> str:
    """Lower case, words joined by underscores (`InvoiceNo` → `invoice_no`)."""
    spaced = re.sub(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])", "_", name.strip())
    return re.sub(r"[\s\-/]+", "_", spaced).lower().strip("_#")


def fit(name: str, role: str) -> float:
    """How well a column's name fits a role, from 0 to 1; earlier names of the list win ties by a hair."""
    plain = normalised(name)
    joined = plain.replace("_", "")
    best = 0.0
    for i, word in enumerate(_WORDS[role]):
        hair = i * 1e-4
        if word in (plain, joined) or word.replace("_", "") == joined:
            best = max(best, 1.0 - hair)
        elif len(word) > 2 and plain.endswith(f"_{word}"):
            best = max(best, 0.8 - hair)
        elif len(word) > 3 and (word in plain.split("_") or (not word.isascii() and word in plain)):
            best = max(best, 0.5 - hair)
    return best
