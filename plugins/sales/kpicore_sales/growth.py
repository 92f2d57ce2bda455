"""Growth: revenue, sales to new customers and their lifetime value, against a year or a period before."""

from __future__ import annotations

from kpicore import PRIOR, YEAR_BEFORE, Choice, Example, Indicator, Over, Ref, choice, duration, growth, total

AGAINST = choice(
    "year_before",
    "period_before",
    titles={
        "year_before": {"en": "the year before", "zh-Hant": "去年同期"},
        "period_before": {"en": "the period before", "zh-Hant": "上期"},
    },
    title={"en": "against", "zh-Hant": "比較基準"},
)
BASIS = choice(
    "paid",
    "booked",
    "invoiced",
    titles={
        "paid": {"en": "orders paid", "zh-Hant": "已付訂單"},
        "booked": {"en": "deals won", "zh-Hant": "成交單"},
        "invoiced": {"en": "invoices", "zh-Hant": "發票"},
    },
    title={"en": "basis", "zh-Hant": "基準"},
)
HORIZON = duration("365d", title={"en": "horizon", "zh-Hant": "觀察期"})
LTV_BASIS = choice(
    "margin",
    "revenue",
    titles={"margin": {"en": "margin", "zh-Hant": "毛利"}, "revenue": {"en": "net revenue", "zh-Hant": "淨營收"}},
    title={"en": "basis", "zh-Hant": "基準"},
)


#: What new customers bought in the very period in which they first bought.
NEW_SALES = total("customer_order", "net", where="order_at < period_end")

new_customer_sales_growth_rate = Indicator(
    "sales.new_customer_sales_growth_rate",
    title={"en": "Growth of sales to new customers", "zh-Hant": "新客戶銷售額增長率"},
    definition={
        "en": "Sales revenue of the period from customers whose first order lies in it, against the same a year before (or "
        "in the period before). An order that was refunded in full makes nobody a customer. Where there was nothing "
        "to grow from there is no rate.",
        "zh-Hant": "期內首購客戶在該期的銷售額，較去年同期（或上一期）以相同基準計算之數的增長率。全額退款的訂單不使人成為客戶。基期不大於 0 時不計算。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    params={"against": AGAINST},
    measure=Choice(
        "against", {"year_before": growth(NEW_SALES, YEAR_BEFORE), "period_before": growth(NEW_SALES, PRIOR)}
    ),
    moves={
        "en": "Moved by lead volume, conversion and the first order's size; moves sales revenue and its growth.",
        "zh-Hant": "受線索量、成單率與首單金額影響；影響銷售額及其增長。",
    },
    examples=[
        Example(
            {"en": "from 100 a year ago to 150", "zh-Hant": "由去年同期 100 增至 150"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "150"},
                ]
            },
            "0.5",
        ),
        Example(
            {"en": "what known customers buy is no sale to a new one", "zh-Hant": "老客戶的訂單不計"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "900"},
                    {"customer_id": "Bo", "gross": "80"},
                ]
            },
            "-0.2",
        ),
        Example(
            {
                "en": "a first order that was refunded in full makes no new customer",
                "zh-Hant": "首單全額退款者不算新客戶",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"order_id": "O-2", "customer_id": "Bo", "gross": "150"},
                    {"customer_id": "Cy", "gross": "100"},
                ],
                "order_refunded": [{"order_id": "O-2", "amount": "150", "occurred_at": "2026-04-02T09:00:00Z"}],
            },
            "0",
        ),
        Example(
            {"en": "against the month before", "zh-Hant": "較上月"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "200", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "150"},
                ]
            },
            "-0.25",
            params={"against": "period_before"},
        ),
        Example(
            {"en": "there was no new customer a year ago", "zh-Hant": "去年同期沒有新客戶"}, {}, state="no_denominator"
        ),
    ],
)

REVENUE = Ref("sales.sales_revenue")
WINDOWS = {"year_before": YEAR_BEFORE, "period_before": PRIOR}
#: Paid orders; of the later side those whose store had opened so long before, as it has orders on both sides then.
ORDERS = total("store_order", "net")
COMPARABLE = total("store_order", "net", where="store_id is null or occurred_at - opened_at >= $comparable")

revenue_growth_rate = Indicator(
    "sales.revenue_growth_rate",
    title={"en": "Revenue growth", "zh-Hant": "營收增長率"},
    definition={
        "en": "Sales revenue against that of the year before (or of the period before), both by the same basis and known at "
        "the same cut: a late refund changes both sides. Where there was no revenue to grow from there is no rate. "
        "Like for like: paid orders, without those of stores that had not been open so long that the base has them, too.",
        "zh-Hant": "銷售額較去年同期（或上一期）的增長率，兩期基準與資料截止時刻相同：遲來的退款兩期同樣追溯。基期不大於 0 時不計算。「同店」：以已付訂單計，不含開業未滿可比期之店鋪。",
    },
    perspective="performance",
    roles=["company"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system (paid), CRM (booked)", "zh-Hant": "訂單系統（實收）、CRM（簽約）"},
    params={
        "against": AGAINST,
        "basis": BASIS,
        "units": choice(
            "all",
            "like_for_like",
            titles={
                "all": {"en": "all", "zh-Hant": "全部"},
                "like_for_like": {"en": "like for like", "zh-Hant": "同店"},
            },
            title={"en": "stores that count", "zh-Hant": "計入的店鋪"},
        ),
        "comparable": duration("365d", title={"en": "a store is comparable after", "zh-Hant": "店鋪可比期"}),
    },
    levels=("company",),
    measure=Choice(
        "units",
        {
            "all": Choice("against", {name: growth(REVENUE, window) for name, window in WINDOWS.items()}),
            "like_for_like": Choice(
                "against",
                {name: (COMPARABLE - Over(ORDERS, window)) / Over(ORDERS, window) for name, window in WINDOWS.items()},
            ),
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by new customers, repeat purchases and prices; it is what owners look at first.",
        "zh-Hant": "受新客戶、復購與定價影響；經營者首要關注的結果。",
    },
    examples=[
        Example(
            {"en": "from 200 to 300 in a year", "zh-Hant": "一年由 200 增至 300"},
            {"order_paid": [{"gross": "200", "occurred_at": "2025-07-01T09:00:00Z"}, {"gross": "300"}]},
            "0.5",
            period="2026",
        ),
        Example(
            {"en": "a refund of last year's order lowers the base", "zh-Hant": "去年訂單的退款降低基期"},
            {
                "order_paid": [
                    {"order_id": "O-1", "gross": "200", "occurred_at": "2025-07-01T09:00:00Z"},
                    {"order_id": "O-2", "gross": "300"},
                ],
                "order_refunded": [{"order_id": "O-1", "amount": "80"}],
            },
            "1.5",
            period="2026",
        ),
        Example(
            {"en": "against the month before", "zh-Hant": "較上月"},
            {"order_paid": [{"gross": "400", "occurred_at": "2026-02-10T09:00:00Z"}, {"gross": "300"}]},
            "-0.25",
            params={"against": "period_before"},
        ),
        Example(
            {"en": "booked: deals on both sides", "zh-Hant": "簽約基準：兩期皆計成交單"},
            {"deal_won": [{"amount": "50", "occurred_at": "2025-03-10T09:00:00Z"}, {"amount": "60"}]},
            "0.2",
            params={"basis": "booked"},
        ),
        Example(
            {"en": "invoiced: invoices on both sides", "zh-Hant": "開票基準：兩期皆計發票"},
            {"invoice_issued": [{"amount": "50", "occurred_at": "2025-03-10T09:00:00Z"}, {"amount": "75"}]},
            "0.5",
            params={"basis": "invoiced"},
        ),
        Example(
            {
                "en": "like for like: a store that opened last summer is left out",
                "zh-Hant": "同店：去年夏天開業的店不計",
            },
            {
                "order_paid": [
                    {"store_id": "old", "gross": "100", "occurred_at": "2025-03-05T09:00:00Z"},
                    {"store_id": "new", "gross": "40", "occurred_at": "2025-07-01T09:00:00Z"},
                    {"store_id": "old", "gross": "110"},
                    {"store_id": "new", "gross": "90"},
                ]
            },
            "0.1",
            params={"units": "like_for_like"},
        ),
        Example({"en": "nothing was sold a year ago", "zh-Hant": "去年同期沒有銷售"}, {}, state="no_denominator"),
    ],
)

customer_ltv_growth_rate = Indicator(
    "sales.customer_ltv_growth_rate",
    title={"en": "Growth of customer lifetime value", "zh-Hant": "單客LTV提升"},
    definition={
        "en": "Lifetime value of the customers who first bought in the period against that of the customers of a year (or a "
        "period) before, over the same horizon. Both groups must have had the whole horizon.",
        "zh-Hant": "期內首購客戶的單客終身價值，較去年同期（或上一期）首購客戶的增長率，觀察期相同。兩組客戶皆須走完觀察期。",
    },
    perspective="performance",
    roles=["sales", "customer_success"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system with cost of goods", "zh-Hant": "訂單系統（含成本）"},
    params={"against": AGAINST, "horizon": HORIZON, "basis": LTV_BASIS},
    measure=Choice(
        "against",
        {
            "year_before": growth(Ref("sales.customer_ltv"), YEAR_BEFORE),
            "period_before": growth(Ref("sales.customer_ltv"), PRIOR),
        },
    ),
    moves={
        "en": "Moved by repeat purchases, margin and retention of newer customers; moves what acquisition may cost.",
        "zh-Hant": "受新一批客戶的復購、毛利與留存影響；影響可承受的獲客成本。",
    },
    examples=[
        Example(
            {"en": "from 20 to 30 a customer", "zh-Hant": "單客由 20 升至 30"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "50", "cogs": "30", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "50", "cogs": "20"},
                ]
            },
            "0.5",
        ),
        Example(
            {"en": "both groups get the same horizon", "zh-Hant": "兩組觀察期相同"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "50", "cogs": "30", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "900", "cogs": "0", "occurred_at": "2025-06-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "50", "cogs": "20"},
                ]
            },
            "0.5",
            params={"horizon": "30d"},
        ),
        Example(
            {"en": "revenue, against the month before", "zh-Hant": "按營收，較上月"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "50", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "40"},
                ]
            },
            "-0.2",
            params={"basis": "revenue", "against": "period_before"},
        ),
        Example(
            {"en": "too early: the newer customers have not had a year", "zh-Hant": "尚早：新一批客戶未滿一年"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "50", "cogs": "30", "occurred_at": "2025-03-10T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "50", "cogs": "20"},
                ]
            },
            state="immature",
            as_of="2026-06-01T00:00:00Z",
        ),
        Example(
            {"en": "nobody first bought a year ago", "zh-Hant": "去年同期沒有首購客戶"}, {}, state="no_denominator"
        ),
    ],
)
