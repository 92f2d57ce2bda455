"""Scorecards to begin with, for products, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "sales.product_new_market",
        role="product",
        stage="new_market",
        title={"en": "Product: new market", "zh-Hant": "產品：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "customer.customer_favorable_rate",
                40,
                {"en": "a product is as good as customers say", "zh-Hant": "產品好不好，客戶說了算"},
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                30,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
            ),
            TemplateLine(
                "sales.repeat_purchase_rate",
                20,
                {"en": "what is good is bought again", "zh-Hant": "好產品才會有人再買"},
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
        "sales.product_growth",
        role="product",
        stage="growth",
        title={"en": "Product: growth", "zh-Hant": "產品：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "sales.repeat_purchase_rate",
                40,
                {"en": "what is good is bought again", "zh-Hant": "好產品才會有人再買"},
            ),
            TemplateLine(
                "customer.customer_favorable_rate",
                30,
                {"en": "a product is as good as customers say", "zh-Hant": "產品好不好，客戶說了算"},
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                20,
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
        "sales.product_mature",
        role="product",
        stage="mature",
        title={"en": "Product: mature business", "zh-Hant": "產品：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "sales.repeat_purchase_rate",
                35,
                {"en": "what is good is bought again", "zh-Hant": "好產品才會有人再買"},
            ),
            TemplateLine(
                "sales.gross_margin_rate", 30, {"en": "profit comes before volume now", "zh-Hant": "現在利潤先於規模"}
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                20,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
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
        "sales.product_profit_first",
        role="product",
        stage="profit_first",
        title={"en": "Product: profit first", "zh-Hant": "產品：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "sales.gross_margin_rate", 50, {"en": "profit comes before volume now", "zh-Hant": "現在利潤先於規模"}
            ),
            TemplateLine(
                "sales.repeat_purchase_rate",
                25,
                {"en": "what is good is bought again", "zh-Hant": "好產品才會有人再買"},
            ),
            TemplateLine(
                "team.process_proposals_adopted",
                15,
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
