"""Conversion: how often a deal is won, and how many leads become one."""

from __future__ import annotations

from kpicore import DEDUPE, Choice, Example, Indicator, choice, count, distinct, duration, rate, within

win_rate = Indicator(
    "sales.win_rate",
    title={"en": "Win rate", "zh-Hant": "贏單率"},
    definition={
        "en": "Deals won in the period, of all deals won or lost in it. Deals that are still open count nowhere.",
        "zh-Hant": "期內贏單數占期內已結單（贏單與丟單）的比例。未結的單不計。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source="CRM",
    measure=count("deal_won") / (count("deal_won") + count("deal_lost")),
    moves={
        "en": "Moved by the quality of leads and by selling skill; moves revenue won. Closing lost deals late flatters it.",
        "zh-Hant": "受線索品質與銷售能力影響；影響成交金額。遲報丟單會虛增此率。",
    },
    examples=[
        Example({"en": "one of four is won", "zh-Hant": "四單贏一單"}, {"deal_won": 1, "deal_lost": 3}, "0.25"),
        Example(
            {"en": "a deal lost next month counts next month", "zh-Hant": "次月丟單計入次月"},
            {"deal_won": 1, "deal_lost": [{}, {"occurred_at": "2026-04-01T00:00:00Z"}]},
            "0.5",
        ),
        Example({"en": "all that were decided are lost", "zh-Hant": "已結單全部丟失"}, {"deal_lost": 2}, "0"),
        Example({"en": "nothing was decided", "zh-Hant": "沒有已結單"}, {}, state="no_denominator"),
    ],
)

#: Which leads are counted: all after taking doubles out, or those whose latest qualification is valid.
LEADS = {"all": count("lead"), "valid": count("lead_verdict", where="valid")}
WON = within("lead_deal", "lead_id", "$horizon")

lead_to_deal_rate = Indicator(
    "sales.lead_to_deal_rate",
    title={"en": "Lead-to-deal rate", "zh-Hant": "線索成單率"},
    definition={
        "en": "Of the leads created in the period, those with at least one deal won within the horizon. Leads of one contact "
        "inside the deduplication span are one lead, and their deals belong to the first of them. Mode closed in "
        "period: leads with a deal won in the period over leads created in it, which may exceed 100 %.",
        "zh-Hant": "期內新建線索中，在觀察期內至少成交一單者的比例。同一聯絡人在去重期內的線索算一條，其成交歸首條線索。"
        "模式「期內成交」：期內有成交的線索數除以期內新建線索數，可超過 100 %。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source="CRM",
    params={
        "mode": choice(
            "cohort",
            "closed_in_period",
            titles={
                "cohort": {"en": "cohort", "zh-Hant": "同期群"},
                "closed_in_period": {"en": "closed in period", "zh-Hant": "期內成交"},
            },
            title={"en": "mode", "zh-Hant": "模式"},
        ),
        "denominator": choice(
            "all",
            "valid",
            titles={"all": {"en": "all", "zh-Hant": "全部"}, "valid": {"en": "valid", "zh-Hant": "有效"}},
            title={"en": "leads that count", "zh-Hant": "計入的線索"},
        ),
        "horizon": duration("90d", title={"en": "horizon", "zh-Hant": "觀察期"}),
        **DEDUPE,
    },
    measure=Choice(
        "mode",
        {
            "cohort": Choice("denominator", {which: rate(leads, WON) for which, leads in LEADS.items()}),
            "closed_in_period": distinct("lead_deal", "lead_id") / Choice("denominator", LEADS),
        },
    ),
    moves={
        "en": "Moved by the quality of leads, by response time and follow-up; moves revenue and the cost of a customer.",
        "zh-Hant": "受線索品質、響應時間與跟進影響；影響銷售額與獲客成本。",
    },
    examples=[
        Example(
            {
                "en": "one of four leads is won; many deals of a lead count once",
                "zh-Hant": "四條線索成一；一線索多單只計一次",
            },
            {
                "lead_created": [{"lead_id": f"L-{n}", "contact_key": f"C-{n}"} for n in range(1, 5)],
                "deal_won": [{"lead_id": "L-1"}, {"lead_id": "L-1"}],
            },
            "0.25",
        ),
        Example(
            {
                "en": "a contact who comes twice is one lead, and its deal counts",
                "zh-Hant": "同一聯絡人再次留資只算一條，其成交計入",
            },
            {
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "C-1", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "C-1", "occurred_at": "2026-03-09T09:00:00Z"},
                    {"lead_id": "L-3", "contact_key": "C-3", "occurred_at": "2026-03-09T10:00:00Z"},
                ],
                "deal_won": [{"lead_id": "L-2", "occurred_at": "2026-03-20T09:00:00Z"}],
            },
            "0.5",
        ),
        Example(
            {
                "en": "the last instant of the horizon counts, the next does not",
                "zh-Hant": "觀察期最後一刻計入，其後不計",
            },
            {
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "C-1", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "C-2", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "deal_won": [
                    {"lead_id": "L-1", "occurred_at": "2026-04-01T09:00:00Z"},
                    {"lead_id": "L-2", "occurred_at": "2026-04-01T09:00:01Z"},
                ],
            },
            "0.5",
            params={"horizon": "30d"},
        ),
        Example(
            {"en": "only leads judged valid are in the denominator", "zh-Hant": "分母只計判定有效的線索"},
            {
                "lead_created": [{"lead_id": f"L-{n}", "contact_key": f"C-{n}"} for n in range(1, 4)],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": True, "occurred_at": "2026-03-17T09:00:00Z"},
                    {"lead_id": "L-2", "valid": False, "occurred_at": "2026-03-17T09:00:00Z"},
                ],
                "deal_won": [{"lead_id": "L-1", "occurred_at": "2026-03-20T09:00:00Z"}],
            },
            "1",
            params={"denominator": "valid"},
        ),
        Example(
            {"en": "closed in the period: deals of older leads count too", "zh-Hant": "期內成交：早先線索的成交也計入"},
            {
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "C-1", "occurred_at": "2026-01-05T09:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "C-2", "occurred_at": "2026-01-05T09:00:00Z"},
                    {"lead_id": "L-3", "contact_key": "C-3"},
                ],
                "deal_won": [{"lead_id": "L-1"}, {"lead_id": "L-2"}],
            },
            "2",
            params={"mode": "closed_in_period"},
        ),
        Example(
            {
                "en": "until the horizon of the last lead has passed the rate is provisional",
                "zh-Hant": "最後一條線索的觀察期未滿前，結果為暫定",
            },
            {
                "lead_created": [{"lead_id": f"L-{n}", "contact_key": f"C-{n}"} for n in range(1, 5)],
                "deal_won": [{"lead_id": "L-1"}],
            },
            "0.25",
            state="provisional",
            as_of="2026-06-15T00:00:00Z",
        ),
        Example(
            {
                "en": "before the horizon of any lead has passed there is no rate yet",
                "zh-Hant": "任何線索的觀察期都未滿時，尚無結果",
            },
            {
                "lead_created": [{"lead_id": f"L-{n}", "contact_key": f"C-{n}"} for n in range(1, 5)],
                "deal_won": [{"lead_id": "L-1"}],
            },
            state="immature",
            as_of="2026-04-15T00:00:00Z",
        ),
        Example({"en": "no leads", "zh-Hant": "沒有線索"}, {}, state="no_denominator"),
    ],
)
