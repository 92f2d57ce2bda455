"""What customers and colleagues say: survey answers and complaints."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CHANNEL, CUSTOMER, KIND, ORDER, PRODUCT, REGION, TEAM, flag, ident, number, word

_COMPLAINT = ident("complaint", "投訴")
_HANDLER = both("handler", "受理人")

SURVEY_ANSWERED = FactType(
    "survey_answered",
    both("survey answers", "問卷回答"),
    "answer_id",
    {
        "answer_id": ident("answer", "答卷"),
        "survey_id": ident("survey", "問卷"),
        "wave": word("wave", "調查批次"),
        "kind": KIND,
        "scale": word("sub-scale", "分量表"),
        "respondent_id": ident("respondent", "填答人"),
        "subject_id": ident("who is rated", "被評人"),
        "team_id": TEAM,
        "score": number("score", "得分"),
        "scale_min": number("least score", "量表下限"),
        "scale_max": number("greatest score", "量表上限"),
    },
    both("who is rated", "被評人"),
    {"owner_id": "person", "subject_id": "person", "team_id": "team"},
)

COMPLAINT_OPENED = FactType(
    "complaint_opened",
    both("complaints", "投訴"),
    "complaint_id",
    {
        "complaint_id": _COMPLAINT,
        "order_id": ORDER,
        "customer_id": CUSTOMER,
        "severity": number("severity", "嚴重程度"),
        "valid": flag("valid", "有效"),
        "kind": KIND,
        "product_id": PRODUCT,
        "channel_id": CHANNEL,
        "region_id": REGION,
    },
    _HANDLER,
    {"owner_id": "person", "channel_id": "channel", "region_id": "region"},
)

COMPLAINT_RESPONDED = FactType(
    "complaint_responded",
    both("complaint responses", "投訴回應"),
    "response_id",
    {
        "response_id": ident("response", "回應"),
        "complaint_id": _COMPLAINT,
        "responder_kind": word("kind of responder", "回應者類別"),
    },
    both("who responded", "回應人"),
)

COMPLAINT_CLOSED = FactType(
    "complaint_closed",
    both("closed complaints", "結案投訴"),
    "complaint_id",
    {"complaint_id": _COMPLAINT, "valid": flag("valid", "有效"), "resolution": word("resolution", "處理結果")},
    _HANDLER,
)

FACT_TYPES = (SURVEY_ANSWERED, COMPLAINT_OPENED, COMPLAINT_RESPONDED, COMPLAINT_CLOSED)
