"""Paid orders, and what took them back."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import (
    CAMPAIGN,
    CHANNEL,
    CURRENCY,
    CUSTOMER,
    DEAL,
    ORDER,
    PRODUCT,
    REGION,
    STORE,
    THINGS,
    ident,
    money,
    word,
)

ORDER_PAID = FactType(
    "order_paid",
    both("paid orders", "已付訂單"),
    "order_id",
    {
        "order_id": ORDER,
        "deal_id": DEAL,
        "customer_id": CUSTOMER,
        "gross": money("gross amount", "總額", required=True),
        "discount": money("discount", "折扣", default="0"),
        "tax": money("tax", "稅額", default="0"),
        "cogs": money("cost of goods", "商品成本"),
        "currency": CURRENCY,
        "channel_id": CHANNEL,
        "store_id": STORE,
        "campaign_id": CAMPAIGN,
        "region_id": REGION,
        "product_id": PRODUCT,
    },
    both("seller", "銷售人員"),
    {"owner_id": "person", **THINGS, "store_id": "store"},
)

ORDER_REFUNDED = FactType(
    "order_refunded",
    both("refunds", "退款"),
    "refund_id",
    {
        "refund_id": ident("refund", "退款"),
        "order_id": ORDER,
        "amount": money("refunded amount", "退款金額", required=True),
        "cogs_reversed": money("reversed cost of goods", "沖回成本", default="0"),
        "currency": CURRENCY,
        "customer_id": CUSTOMER,
        "reason": word("reason", "原因"),
    },
    both("seller", "銷售人員"),
)

ORDER_CANCELLED = FactType(
    "order_cancelled",
    both("cancelled orders", "取消訂單"),
    "order_id",
    {
        "order_id": ORDER,
        "amount": money("cancelled amount", "取消金額", required=True),
        "cogs_reversed": money("reversed cost of goods", "沖回成本", default="0"),
        "currency": CURRENCY,
        "reason": word("reason", "原因"),
    },
    both("seller", "銷售人員"),
)

# A credit note is an invoice below 0, of the date on which it was written.
INVOICE_ISSUED = FactType(
    "invoice_issued",
    both("invoices", "發票"),
    "invoice_id",
    {
        "invoice_id": ident("invoice", "發票"),
        "order_id": ORDER,
        "deal_id": DEAL,
        "customer_id": CUSTOMER,
        "amount": money("amount without tax", "未稅金額", required=True),
        "currency": CURRENCY,
        "channel_id": CHANNEL,
        "store_id": STORE,
        "campaign_id": CAMPAIGN,
        "region_id": REGION,
        "product_id": PRODUCT,
    },
    both("seller", "銷售人員"),
    {"owner_id": "person", **THINGS, "store_id": "store"},
)

FACT_TYPES = (ORDER_PAID, ORDER_REFUNDED, ORDER_CANCELLED, INVOICE_ISSUED)
