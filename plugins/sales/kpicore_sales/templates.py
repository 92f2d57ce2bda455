"""Scorecards to begin with, for sales and for the company, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "sales.sales_new_market",
        role="sales",
        stage="new_market",
        title={"en": "Sales: new market", "zh-Hant": "銷售：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "sales.new_customers_developed",
                40,
                {"en": "a new market is customers that were not there before", "zh-Hant": "新市場就是原本沒有的客戶"},
            ),
            TemplateLine(
                "marketing.campaign_roi",
                30,
                {"en": "what is spent on campaigns has to come back", "zh-Hant": "活動投入要收得回來"},
            ),
            TemplateLine(
                "team.training_completion_rate",
                20,
                {"en": "who knows the product sells it", "zh-Hant": "懂產品才賣得動"},
                target="1",
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
        "sales.sales_growth",
        role="sales",
        stage="growth",
        title={"en": "Sales: growth", "zh-Hant": "銷售：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "sales.sales_revenue",
                40,
                {"en": "the market is growing: take a share of it", "zh-Hant": "市場在長，先拿下份額"},
            ),
            TemplateLine(
                "sales.lead_to_deal_rate",
                25,
                {"en": "leads are dear: turn them into deals", "zh-Hant": "線索不便宜，要變成成交"},
            ),
            TemplateLine(
                "marketing.qualified_lead_volume",
                20,
                {"en": "next quarter's deals are this quarter's good leads", "zh-Hant": "下季的成交來自這季的有效線索"},
            ),
            TemplateLine(
                "risk.complaint_rate",
                15,
                {"en": "sales that bring complaints do not last", "zh-Hant": "帶來投訴的業績不長久"},
            ),
        ],
    ),
    Template(
        "sales.sales_mature",
        role="sales",
        stage="mature",
        title={"en": "Sales: mature business", "zh-Hant": "銷售：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "sales.repeat_purchase_rate",
                35,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
            ),
            TemplateLine(
                "sales.customer_ltv",
                30,
                {"en": "a customer is worth what stays over time", "zh-Hant": "客戶的價值在於長期"},
            ),
            TemplateLine(
                "content.content_conversion_rate",
                20,
                {"en": "content is there to bring people on", "zh-Hant": "內容要能把人帶進來"},
            ),
            TemplateLine(
                "team.innovation_proposals_submitted",
                15,
                {"en": "a mature business lives on new ideas", "zh-Hant": "成熟業務靠新點子活下去"},
            ),
        ],
    ),
    Template(
        "sales.sales_profit_first",
        role="sales",
        stage="profit_first",
        title={"en": "Sales: profit first", "zh-Hant": "銷售：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "sales.gross_margin_rate", 50, {"en": "profit comes before volume now", "zh-Hant": "現在利潤先於規模"}
            ),
            TemplateLine(
                "sales.repeat_purchase_rate",
                30,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
            ),
            TemplateLine(
                "team.training_completion_rate",
                12,
                {"en": "who knows the product sells it", "zh-Hant": "懂產品才賣得動"},
                target="1",
            ),
            TemplateLine(
                "risk.complaint_rate",
                8,
                {"en": "sales that bring complaints do not last", "zh-Hant": "帶來投訴的業績不長久"},
            ),
        ],
    ),
    Template(
        "sales.company_new_market",
        role="company",
        stage="new_market",
        title={"en": "Company: new market", "zh-Hant": "公司：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        period="year",
        level="company",
        lines=[
            TemplateLine(
                "sales.new_paying_users",
                50,
                {"en": "users who pay prove the market", "zh-Hant": "付費用戶證明市場存在"},
            ),
            TemplateLine(
                "team.training_completion_rate",
                20,
                {"en": "who knows the product sells it", "zh-Hant": "懂產品才賣得動"},
                target="1",
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                17,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                13,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "sales.company_growth",
        role="company",
        stage="growth",
        title={"en": "Company: growth", "zh-Hant": "公司：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        period="year",
        level="company",
        lines=[
            TemplateLine(
                "sales.revenue_growth_rate",
                45,
                {"en": "the company wants to grow faster than its market", "zh-Hant": "公司要長得比市場快"},
            ),
            TemplateLine(
                "sales.new_paying_users",
                30,
                {"en": "users who pay prove the market", "zh-Hant": "付費用戶證明市場存在"},
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                15,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
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
        "sales.company_mature",
        role="company",
        stage="mature",
        title={"en": "Company: mature business", "zh-Hant": "公司：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        period="year",
        level="company",
        lines=[
            TemplateLine(
                "sales.repeat_purchase_rate",
                35,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
            ),
            TemplateLine(
                "sales.revenue_growth_rate",
                30,
                {"en": "the company wants to grow faster than its market", "zh-Hant": "公司要長得比市場快"},
            ),
            TemplateLine(
                "team.cross_department_satisfaction",
                20,
                {"en": "what is grown apart has to work together", "zh-Hant": "做大之後要能協作"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                15,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "sales.company_profit_first",
        role="company",
        stage="profit_first",
        title={"en": "Company: profit first", "zh-Hant": "公司：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        period="year",
        level="company",
        lines=[
            TemplateLine(
                "sales.gross_margin_rate", 45, {"en": "profit comes before volume now", "zh-Hant": "現在利潤先於規模"}
            ),
            TemplateLine(
                "sales.revenue_growth_rate",
                25,
                {"en": "the company wants to grow faster than its market", "zh-Hant": "公司要長得比市場快"},
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
)
