"""Scorecards to begin with, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "marketing.marketing_new_market",
        role="marketing",
        stage="new_market",
        title={"en": "Marketing: new market", "zh-Hant": "市場：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "marketing.qualified_lead_volume",
                40,
                {"en": "next quarter's deals are this quarter's good leads", "zh-Hant": "下季的成交來自這季的有效線索"},
            ),
            TemplateLine(
                "marketing.campaign_roi",
                25,
                {"en": "what is spent on campaigns has to come back", "zh-Hant": "活動投入要收得回來"},
            ),
            TemplateLine(
                "marketing.new_channel_trials",
                20,
                {"en": "a new market needs ways that nobody knows yet", "zh-Hant": "新市場需要還沒人知道的路"},
            ),
            TemplateLine(
                "risk.material_compliance_rate",
                15,
                {
                    "en": "one wrong claim costs more than a campaign brings",
                    "zh-Hant": "一句違規宣傳的代價大過一場活動的收穫",
                },
                target="1",
            ),
        ],
    ),
    Template(
        "marketing.marketing_growth",
        role="marketing",
        stage="growth",
        title={"en": "Marketing: growth", "zh-Hant": "市場：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "marketing.qualified_lead_volume",
                35,
                {"en": "next quarter's deals are this quarter's good leads", "zh-Hant": "下季的成交來自這季的有效線索"},
            ),
            TemplateLine(
                "marketing.campaign_roi",
                30,
                {"en": "what is spent on campaigns has to come back", "zh-Hant": "活動投入要收得回來"},
            ),
            TemplateLine(
                "marketing.lead_validity_rate",
                20,
                {"en": "many leads are worth nothing if few are real", "zh-Hant": "線索再多，無效就沒有意義"},
            ),
            TemplateLine(
                "marketing.wasted_spend_share",
                15,
                {"en": "money without a lead is money lost", "zh-Hant": "換不到線索的錢等於白花"},
            ),
        ],
    ),
    Template(
        "marketing.marketing_mature",
        role="marketing",
        stage="mature",
        title={"en": "Marketing: mature business", "zh-Hant": "市場：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "marketing.campaign_roi",
                35,
                {"en": "what is spent on campaigns has to come back", "zh-Hant": "活動投入要收得回來"},
            ),
            TemplateLine(
                "marketing.campaign_customer_retention_30d",
                30,
                {"en": "who came for a campaign should stay after it", "zh-Hant": "因活動而來的人要留得下來"},
            ),
            TemplateLine(
                "risk.material_compliance_rate",
                20,
                {
                    "en": "one wrong claim costs more than a campaign brings",
                    "zh-Hant": "一句違規宣傳的代價大過一場活動的收穫",
                },
                target="1",
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                15,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
            ),
        ],
    ),
    Template(
        "marketing.marketing_profit_first",
        role="marketing",
        stage="profit_first",
        title={"en": "Marketing: profit first", "zh-Hant": "市場：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "marketing.customer_acquisition_cost",
                40,
                {"en": "a customer must not cost more than he brings", "zh-Hant": "獲客成本不能高過客戶帶來的價值"},
            ),
            TemplateLine(
                "marketing.campaign_roi",
                30,
                {"en": "what is spent on campaigns has to come back", "zh-Hant": "活動投入要收得回來"},
            ),
            TemplateLine(
                "marketing.wasted_spend_share",
                20,
                {"en": "money without a lead is money lost", "zh-Hant": "換不到線索的錢等於白花"},
            ),
            TemplateLine(
                "marketing.lead_validity_rate",
                10,
                {"en": "many leads are worth nothing if few are real", "zh-Hant": "線索再多，無效就沒有意義"},
            ),
        ],
    ),
    Template(
        "marketing.finance_new_market",
        role="finance",
        stage="new_market",
        title={"en": "Finance: new market", "zh-Hant": "財務：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "marketing.customer_acquisition_cost",
                40,
                {"en": "a customer must not cost more than he brings", "zh-Hant": "獲客成本不能高過客戶帶來的價值"},
            ),
            TemplateLine(
                "sales.cac_payback_months",
                30,
                {"en": "what is spent must come back soon", "zh-Hant": "花出去的要早點收回"},
            ),
            TemplateLine(
                "team.process_proposals_adopted",
                20,
                {"en": "profit hides in how things are done", "zh-Hant": "利潤藏在流程裡"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "marketing.finance_growth",
        role="finance",
        stage="growth",
        title={"en": "Finance: growth", "zh-Hant": "財務：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "sales.cac_payback_months",
                40,
                {"en": "what is spent must come back soon", "zh-Hant": "花出去的要早點收回"},
            ),
            TemplateLine(
                "marketing.customer_acquisition_cost",
                30,
                {"en": "a customer must not cost more than he brings", "zh-Hant": "獲客成本不能高過客戶帶來的價值"},
            ),
            TemplateLine(
                "team.process_proposals_adopted",
                18,
                {"en": "profit hides in how things are done", "zh-Hant": "利潤藏在流程裡"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                12,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "marketing.finance_mature",
        role="finance",
        stage="mature",
        title={"en": "Finance: mature business", "zh-Hant": "財務：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "sales.cac_payback_months",
                45,
                {"en": "what is spent must come back soon", "zh-Hant": "花出去的要早點收回"},
            ),
            TemplateLine(
                "team.process_proposals_adopted",
                25,
                {"en": "profit hides in how things are done", "zh-Hant": "利潤藏在流程裡"},
            ),
            TemplateLine(
                "team.cross_department_satisfaction",
                20,
                {"en": "what is grown apart has to work together", "zh-Hant": "做大之後要能協作"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "marketing.finance_profit_first",
        role="finance",
        stage="profit_first",
        title={"en": "Finance: profit first", "zh-Hant": "財務：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "marketing.customer_acquisition_cost",
                45,
                {"en": "a customer must not cost more than he brings", "zh-Hant": "獲客成本不能高過客戶帶來的價值"},
            ),
            TemplateLine(
                "sales.cac_payback_months",
                35,
                {"en": "what is spent must come back soon", "zh-Hant": "花出去的要早點收回"},
            ),
            TemplateLine(
                "team.process_proposals_adopted",
                12,
                {"en": "profit hides in how things are done", "zh-Hant": "利潤藏在流程裡"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                8,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
)
