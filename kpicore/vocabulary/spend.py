"""Money spent on marketing, and the budgets for it."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CURRENCY, ORIGIN, ident, instant, money, word

_BUDGET_LINE = ident("budget line", "預算科目")

SPEND_BOOKED = FactType(
    "spend_booked",
    both("spend", "費用"),
    "spend_id",
    {
        "spend_id": ident("booking", "費用單"),
        "amount": money("amount", "金額", required=True),
        "currency": CURRENCY,
        "cost_type": word("cost type", "費用類型"),
        **ORIGIN,
        "budget_line": _BUDGET_LINE,
        "service_from": instant("service start", "服務期起"),
        "service_to": instant("service end", "服務期迄"),
    },
    both("who spent it", "費用負責人"),
    {
        "owner_id": "person",
        "channel_id": "channel",
        "campaign_id": "campaign",
        "live_id": "live",
        "budget_line": "budget_line",
    },
)

BUDGET_SET = FactType(
    "budget_set",
    both("budgets", "預算"),
    ("budget_line", "valid_from"),
    {
        "budget_line": _BUDGET_LINE,
        "valid_from": instant("start", "起始時刻"),
        "valid_to": instant("end", "結束時刻"),
        "period": word("period", "期間"),
        "amount": money("amount", "金額", required=True),
        "currency": CURRENCY,
    },
    both("budget owner", "預算負責人"),
    {"owner_id": "person", "budget_line": "budget_line"},
)

FACT_TYPES = (SPEND_BOOKED, BUDGET_SET)
