"""Money: what was sold, what was won, and how much of it stays."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, choice, total

NET = total("net_order", "net")
#: What came in less what went out, each when it happened: for refunds that name no order.
FLOW = total("order_paid", "gross - discount - tax") - (
    total("order_refunded", "amount") + total("order_cancelled", "amount")
)

sales_revenue = Indicator(
    "sales.sales_revenue",
    title={"en": "Sales revenue", "zh-Hant": "銷售額"},
    definition={
        "en": "Gross less discount, tax, refunds and cancellations of the orders paid in the period. A refund counts in "
        "the period of its order; with refunds by date, in the period in which it happens. "
        "With basis booked: the amount of the deals won in the period; invoiced: what was invoiced in it, less credit notes.",
        "zh-Hant": "期內已付訂單的總額，減去折扣、稅、退款與取消。退款計入原訂單所屬的期間；按退款日時，計入退款發生的期間。基準為「簽約」時：期內成交單的金額；為「開票」時：期內開票金額減折讓。",
    },
    perspective="performance",
    roles=["sales"],
    unit="money",
    better="higher",
    data_source={"en": "Order system (paid), CRM (booked)", "zh-Hant": "訂單系統（實收）、CRM（簽約）"},
    params={
        "basis": choice(
            "paid",
            "booked",
            "invoiced",
            titles={
                "paid": {"en": "orders paid", "zh-Hant": "已付訂單"},
                "booked": {"en": "deals won", "zh-Hant": "成交單"},
                "invoiced": {"en": "invoices", "zh-Hant": "發票"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        ),
        "refunds": choice(
            "order_date",
            "refund_date",
            titles={
                "order_date": {"en": "the date of the order", "zh-Hant": "訂單日"},
                "refund_date": {"en": "the date of the refund", "zh-Hant": "退款日"},
            },
            title={"en": "refunds count at", "zh-Hant": "退款計入"},
        ),
    },
    measure=Choice(
        "basis",
        {
            "paid": Choice("refunds", {"order_date": NET, "refund_date": FLOW}),
            "booked": total("deal_won", "amount"),
            "invoiced": total("invoice_issued", "amount"),
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by leads, their conversion and the spend of a customer; moves margin and the targets of the team.",
        "zh-Hant": "受線索量、成單率與客單價影響；影響毛利與團隊目標的達成。",
    },
    examples=[
        Example(
            {"en": "discount and tax are no revenue", "zh-Hant": "折扣與稅不計入銷售額"},
            {"order_paid": [{"gross": "100", "discount": "10", "tax": "5"}, {"gross": "50"}]},
            "135",
        ),
        Example(
            {
                "en": "a refund counts in the period of its order, even when it comes later",
                "zh-Hant": "退款計入原訂單所屬期間，即使發生在期後",
            },
            {
                "order_paid": [{"order_id": "O-1", "gross": "100"}, {"order_id": "O-2", "gross": "60"}],
                "order_refunded": [{"order_id": "O-1", "amount": "40", "occurred_at": "2026-05-02T09:00:00Z"}],
            },
            "120",
        ),
        Example(
            {
                "en": "by date, a refund counts when it happens, whatever order it belongs to",
                "zh-Hant": "按退款日：退款計入發生的期間，不論屬於哪張訂單",
            },
            {
                "order_paid": [{"gross": "100"}, {"gross": "60"}],
                "order_refunded": [{"amount": "40"}, {"amount": "9", "occurred_at": "2026-05-02T09:00:00Z"}],
            },
            "120",
            params={"refunds": "refund_date"},
        ),
        Example(
            {"en": "an order of the next month waits for its own period", "zh-Hant": "次月訂單不計入本期"},
            {"order_paid": [{"gross": "100"}, {"gross": "70", "occurred_at": "2026-04-01T00:00:00Z"}]},
            "100",
        ),
        Example(
            {"en": "booked counts deals, not orders", "zh-Hant": "簽約基準計成交單，不計訂單"},
            {"deal_won": [{"amount": "900"}], "order_paid": [{"gross": "100"}]},
            "900",
            params={"basis": "booked"},
        ),
        Example(
            {"en": "invoiced: a credit note counts when it is written", "zh-Hant": "開票基準：折讓計入開立之時"},
            {"invoice_issued": [{"amount": "500"}, {"amount": "-80"}], "order_paid": [{"gross": "100"}]},
            "420",
            params={"basis": "invoiced"},
        ),
        Example({"en": "no orders are a revenue of 0", "zh-Hant": "沒有訂單，銷售額為 0"}, {}, "0"),
    ],
)

revenue_won = Indicator(
    "sales.revenue_won",
    title={"en": "Revenue won", "zh-Hant": "成交金額"},
    definition={
        "en": "The amount of the deals won in the period, credited to who closed them.",
        "zh-Hant": "期內成交單的金額，歸屬於成交人。",
    },
    perspective="performance",
    roles=["sales"],
    unit="money",
    better="higher",
    data_source="CRM",
    measure=total("deal_won", "amount"),
    moves={
        "en": "Moved by the number of deals, the win rate and the size of a deal; moves sales revenue later.",
        "zh-Hant": "受成交單數、贏單率與單筆金額影響；隨後影響銷售額。",
    },
    examples=[
        Example(
            {"en": "two deals add up", "zh-Hant": "兩筆成交相加"},
            {"deal_won": [{"amount": "1200.50"}, {"amount": "799.50"}]},
            "2000",
        ),
        Example(
            {"en": "a deal that was lost brings nothing", "zh-Hant": "丟單不計金額"},
            {"deal_won": [{"amount": "500"}], "deal_lost": [{"amount": "9000"}]},
            "500",
        ),
        Example({"en": "no deals are 0", "zh-Hant": "沒有成交，為 0"}, {}, "0"),
    ],
)

gross_margin_rate = Indicator(
    "sales.gross_margin_rate",
    title={"en": "Gross margin rate", "zh-Hant": "銷售毛利率"},
    definition={
        "en": "The share of the sales revenue of the period that remains after the cost of goods at the date of the order. "
        "A refund reverses both. Orders whose cost is not known are left out. It may be negative; without revenue there is none.",
        "zh-Hant": "期內銷售額扣除下單當日成本後所餘的比例。退款同時沖回收入與成本。成本不明的訂單不計。可為負；沒有銷售額時不計算。",
    },
    perspective="performance",
    roles=["sales", "product"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system with cost of goods", "zh-Hant": "訂單系統（含成本）"},
    measure=total("net_order", "margin", where="costed") / total("net_order", "net", where="costed"),
    moves={
        "en": "Moved by prices, discounts and the mix of products; moves profit. Pushing revenue with discounts lowers it.",
        "zh-Hant": "受定價、折扣與產品結構影響；影響利潤。以折扣衝銷售額會使其下降。",
    },
    examples=[
        Example(
            {"en": "60 of 200 remain", "zh-Hant": "200 中餘 60"},
            {"order_paid": [{"gross": "120", "cogs": "80"}, {"gross": "80", "cogs": "60"}]},
            "0.3",
        ),
        Example(
            {"en": "a refund takes back revenue and cost", "zh-Hant": "退款同時沖回收入與成本"},
            {
                "order_paid": [
                    {"order_id": "O-1", "gross": "100", "cogs": "50"},
                    {"order_id": "O-2", "gross": "100", "cogs": "80"},
                ],
                "order_refunded": [{"order_id": "O-2", "amount": "100", "cogs_reversed": "80"}],
            },
            "0.5",
        ),
        Example(
            {"en": "sold below cost it is negative", "zh-Hant": "低於成本出售時為負"},
            {"order_paid": [{"gross": "100", "cogs": "125"}]},
            "-0.25",
        ),
        Example(
            {"en": "an order whose cost is not known is left out", "zh-Hant": "成本不明的訂單不計"},
            {"order_paid": [{"gross": "100", "cogs": "75"}, {"gross": "900"}]},
            "0.25",
        ),
        Example(
            {"en": "without revenue there is no rate", "zh-Hant": "沒有銷售額時不計算"}, {}, state="no_denominator"
        ),
    ],
)
