"""Contracts that fall due, are renewed, or end."""

from __future__ import annotations

from kpicore.definitions.facts import FactType, Field
from kpicore.naming import both
from kpicore.vocabulary.fields import CURRENCY, CUSTOMER, SUBSCRIPTION, instant, money

_ACCOUNT_OWNER = both("account owner", "客戶經理")


def _fields() -> dict[str, Field]:
    return {
        "subscription_id": SUBSCRIPTION,
        "due_at": instant("due time", "到期時刻"),
        "customer_id": CUSTOMER,
        "value": money("contract value", "合約金額"),
        "currency": CURRENCY,
    }


_KEY = ("subscription_id", "due_at")

SUBSCRIPTION_DUE = FactType("subscription_due", both("contracts due", "到期合約"), _KEY, _fields(), _ACCOUNT_OWNER)
SUBSCRIPTION_RENEWED = FactType("subscription_renewed", both("renewals", "續約"), _KEY, _fields(), _ACCOUNT_OWNER)
SUBSCRIPTION_CHURNED = FactType(
    "subscription_churned", both("churned contracts", "流失合約"), _KEY, _fields(), _ACCOUNT_OWNER
)

FACT_TYPES = (SUBSCRIPTION_DUE, SUBSCRIPTION_RENEWED, SUBSCRIPTION_CHURNED)
