"""Scorecards to begin with, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "ecommerce.ecommerce_new_market",
        role="ecommerce",
        stage="new_market",
        title={"en": "E-commerce operations: new market", "zh-Hant": "電商運營：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "ecommerce.store_uv_growth_rate",
                40,
                {"en": "a new shop needs visitors first", "zh-Hant": "新店先要有人來"},
            ),
            TemplateLine(
                "ecommerce.homepage_conversion_rate",
                30,
                {"en": "visitors who leave cost twice", "zh-Hant": "來了又走的訪客最貴"},
            ),
            TemplateLine(
                "marketing.live_stream_acquisition_cost",
                20,
                {"en": "live streams open markets and can eat the budget", "zh-Hant": "直播能開市場，也能吃掉預算"},
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
        "ecommerce.ecommerce_growth",
        role="ecommerce",
        stage="growth",
        title={"en": "E-commerce operations: growth", "zh-Hant": "電商運營：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "ecommerce.homepage_conversion_rate",
                40,
                {"en": "visitors who leave cost twice", "zh-Hant": "來了又走的訪客最貴"},
            ),
            TemplateLine(
                "ecommerce.store_uv_growth_rate",
                30,
                {"en": "a new shop needs visitors first", "zh-Hant": "新店先要有人來"},
            ),
            TemplateLine(
                "sales.repeat_purchase_rate",
                20,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
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
        "ecommerce.ecommerce_mature",
        role="ecommerce",
        stage="mature",
        title={"en": "E-commerce operations: mature business", "zh-Hant": "電商運營：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "sales.repeat_purchase_rate",
                35,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
            ),
            TemplateLine(
                "ecommerce.dormant_customer_wakeup_rate",
                30,
                {"en": "waking a customer costs less than finding one", "zh-Hant": "喚醒舊客比找新客便宜"},
            ),
            TemplateLine(
                "ecommerce.private_community_conversion_rate",
                20,
                {"en": "communities are traffic that costs nothing", "zh-Hant": "私域是不花錢的流量"},
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
        "ecommerce.ecommerce_profit_first",
        role="ecommerce",
        stage="profit_first",
        title={"en": "E-commerce operations: profit first", "zh-Hant": "電商運營：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "sales.average_customer_spend",
                35,
                {"en": "each visit should be worth more", "zh-Hant": "每次成交都要更有價值"},
            ),
            TemplateLine(
                "sales.repeat_purchase_rate",
                30,
                {"en": "customers who come back carry the business", "zh-Hant": "回頭客撐起生意"},
            ),
            TemplateLine(
                "ecommerce.private_community_conversion_rate",
                20,
                {"en": "communities are traffic that costs nothing", "zh-Hant": "私域是不花錢的流量"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                15,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
)
