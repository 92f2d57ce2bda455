"""Targets: how much of the sales target was reached, and of everything that was agreed."""

from __future__ import annotations

from kpicore import Example, Indicator, Ref, Target, choice, count, total

sales_target_attainment = Indicator(
    "sales.sales_target_attainment",
    title={"en": "Sales target attainment", "zh-Hant": "月度/季度銷售額完成率"},
    definition={
        "en": "Sales revenue of the period over the target in force for it. Nothing is cut off: 130 % is 130 %; floors and "
        "caps belong to the scorecard. Without a target, or with one of 0 or less, there is no rate.",
        "zh-Hant": "期內銷售額除以該期生效的銷售目標。此處不設上下限，130 % 即 130 %；上下限由計分卡規定。沒有目標，或目標不大於 0 時，不計算。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system, CRM, targets of the scorecards", "zh-Hant": "訂單系統、CRM、計分卡目標"},
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
        )
    },
    measure=Ref("sales.sales_revenue") / Target("sales.sales_revenue"),
    version="1.1",
    moves={
        "en": "Moved by everything that moves sales revenue, and by the target itself; moves bonuses.",
        "zh-Hant": "受影響銷售額的各項因素與目標本身影響；影響獎金。",
    },
    examples=[
        Example(
            {"en": "90 of a target of 120", "zh-Hant": "目標 120，完成 90"},
            {"order_paid": [{"gross": "90"}]},
            "0.75",
            targets={"sales.sales_revenue": "120"},
        ),
        Example(
            {"en": "what exceeds the target counts", "zh-Hant": "超額部分照計"},
            {"order_paid": [{"gross": "150"}]},
            "1.25",
            targets={"sales.sales_revenue": "120"},
        ),
        Example(
            {"en": "booked: deals count, not orders", "zh-Hant": "簽約基準計成交單，不計訂單"},
            {"deal_won": [{"amount": "60"}], "order_paid": [{"gross": "150"}]},
            "0.5",
            params={"basis": "booked"},
            targets={"sales.sales_revenue": "120"},
        ),
        Example(
            {"en": "invoiced: invoices count, not orders", "zh-Hant": "開票基準計發票，不計訂單"},
            {"invoice_issued": [{"amount": "90"}], "order_paid": [{"gross": "150"}]},
            "0.75",
            params={"basis": "invoiced"},
            targets={"sales.sales_revenue": "120"},
        ),
        Example(
            {"en": "a target of 0 cannot be attained", "zh-Hant": "目標為 0 時不計算"},
            {"order_paid": [{"gross": "150"}]},
            state="no_denominator",
            targets={"sales.sales_revenue": "0"},
        ),
        Example({"en": "nobody set a target", "zh-Hant": "沒有設定目標"}, {}, state="missing_data"),
    ],
)

_SCORED = "level = $scored and attainment is not null"

kpi_attainment = Indicator(
    "sales.kpi_attainment",
    title={"en": "KPI attainment", "zh-Hant": "KPI達成率"},
    definition={
        "en": "What the sealed evaluations of the period say: the weighted attainment of all lines, after floors, caps, "
        "empty lines and gates, as a share of 100 points; the mean where there are several. Only what was sealed "
        "before the last fact or rule of the cut counts, the last seal of a scorecard and period. A score belongs to "
        "the day on which its period closes.",
        "zh-Hant": "期內已封存評分的結果：各項加權達成率，計入上下限、空值處理與一票否決之後，以 100 分為 1；多份評分取平均。"
        "只計資料截止前已封存的評分，同一計分卡同一期間以最後一次封存為準。評分歸屬於其期間結束之日。",
    },
    perspective="performance",
    roles=["all"],
    unit="percent",
    better="higher",
    data_source={"en": "Sealed evaluations", "zh-Hant": "已封存的評分"},
    params={
        "scored": choice(
            "person",
            "team",
            "company",
            titles={
                "person": {"en": "people", "zh-Hant": "個人"},
                "team": {"en": "teams", "zh-Hant": "團隊"},
                "company": {"en": "the company", "zh-Hant": "公司"},
            },
            title={"en": "scorecards of the level", "zh-Hant": "計分卡層級"},
        )
    },
    credit=("person_id", "team_id"),
    measure=total("sealed_score", "attainment", where=_SCORED) / count("sealed_score", where=_SCORED),
    moves={
        "en": "Moved by every indicator of the scorecard in proportion to its weight; moves bonuses and careers.",
        "zh-Hant": "計分卡各指標按權重影響；影響獎金與晉升。",
    },
    examples=[
        Example({"en": "a total of 112 points", "zh-Hant": "總分 112"}, {"sealed_line": [{"total": "112"}]}, "1.12"),
        Example(
            {"en": "two scorecards count alike", "zh-Hant": "兩份計分卡同等計算"},
            {"sealed_line": [{"total": "120"}, {"total": "95", "scorecard": "another"}]},
            "1.075",
        ),
        Example(
            {"en": "who could not be scored is left out", "zh-Hant": "無法評分者不計"},
            {"sealed_line": [{"total": "90"}, {"total": None, "subject": "a newcomer"}]},
            "0.9",
        ),
        Example(
            {"en": "team: scorecards of teams", "zh-Hant": "團隊：計團隊計分卡"},
            {"sealed_line": [{"total": "90"}, {"total": "105", "level": "team", "subject": "some team"}]},
            "1.05",
            params={"scored": "team"},
        ),
        Example(
            {"en": "company: the company's scorecard", "zh-Hant": "公司：計公司計分卡"},
            {"sealed_line": [{"total": "90"}, {"total": "99", "level": "company", "subject": None}]},
            "0.99",
            params={"scored": "company"},
        ),
        Example({"en": "nothing was sealed", "zh-Hant": "沒有已封存的評分"}, {}, state="no_denominator"),
    ],
)
