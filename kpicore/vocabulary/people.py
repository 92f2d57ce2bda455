"""The organisation's own facts: assignments, teams, responsibilities, exchange rates, closures, leaves."""

from __future__ import annotations

from kpicore.definitions.facts import FactType, Field
from kpicore.naming import both
from kpicore.vocabulary.fields import CURRENCY, EMPLOYEE, KIND, TEAM, ident, instant, word

_EFFECTIVE_FROM = instant("effective from", "生效時刻")

EMPLOYEE_ASSIGNED = FactType(
    "employee_assigned",
    both("assignments", "任職"),
    ("employee_id", "effective_from"),
    {
        "employee_id": EMPLOYEE,
        "effective_from": _EFFECTIVE_FROM,
        "effective_to": instant("effective until", "失效時刻"),
        "role": word("role", "職務"),
        "team_id": TEAM,
        "territory": ident("territory", "轄區"),
        "hired_at": instant("hired", "到職時刻"),
    },
    both("who made the assignment", "任命人"),
    {"employee_id": "person", "team_id": "team"},
)

TEAM_DEFINED = FactType(
    "team_defined",
    both("teams", "團隊"),
    ("team_id", "effective_from"),
    {
        "team_id": TEAM,
        "effective_from": _EFFECTIVE_FROM,
        "parent_team_id": ident("parent team", "上級團隊"),
        "manager_id": ident("manager", "主管"),
        "name": word("name", "名稱"),
    },
    both("who defined the team", "設立人"),
    {"team_id": "team", "manager_id": "person"},
)

RESPONSIBILITY_ASSIGNED = FactType(
    "responsibility_assigned",
    both("responsibilities", "責任歸屬"),
    ("kind", "id", "valid_from"),
    {
        "kind": KIND,
        "id": ident("channel, campaign, region, store … that is looked after", "所負責的渠道、活動、區域、店鋪等"),
        "valid_from": instant("start", "起始時刻"),
        "valid_to": instant("end", "結束時刻"),
        "employee_id": EMPLOYEE,
        "team_id": TEAM,
    },
    both("who gave the responsibility", "指派人"),
    {"employee_id": "person", "team_id": "team"},
)

EXCHANGE_RATE_SET = FactType(
    "exchange_rate_set",
    both("exchange rates", "匯率"),
    ("currency", "base_currency", "effective_from"),
    {
        "currency": CURRENCY,
        "base_currency": word("base currency", "本位幣"),
        "effective_from": _EFFECTIVE_FROM,
        "rate": Field("rate", both("rate", "匯率"), required=True),
    },
    both("who set the rate", "匯率設定人"),
)

CLOSURE_DECLARED = FactType(
    "closure_declared",
    both("closures", "休業日"),
    "starts_at",
    {
        "starts_at": instant("start", "起始時刻"),
        "ends_at": instant("end", "結束時刻"),
        "reason": word("reason, such as the holiday", "原因（如節日）"),
    },
    both("who declared it", "公告人"),
)

LEAVE_TAKEN = FactType(
    "leave_taken",
    both("leaves", "休假"),
    "leave_id",
    {
        "leave_id": ident("leave", "休假"),
        "employee_id": EMPLOYEE,
        "starts_at": instant("start", "起始時刻"),
        "ends_at": instant("end", "結束時刻"),
        "kind": KIND,
    },
    both("who approved it", "核准人"),
    {"employee_id": "person", "owner_id": "person"},
)

FACT_TYPES = (
    EMPLOYEE_ASSIGNED,
    TEAM_DEFINED,
    RESPONSIBILITY_ASSIGNED,
    EXCHANGE_RATE_SET,
    CLOSURE_DECLARED,
    LEAVE_TAKEN,
)
