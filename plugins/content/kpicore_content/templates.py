"""Scorecards to begin with, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "content.content_new_market",
        role="content",
        stage="new_market",
        title={"en": "Content: new market", "zh-Hant": "內容：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "content.content_reach_rate",
                40,
                {"en": "nobody buys from whom nobody knows", "zh-Hant": "沒人認識就沒人買"},
            ),
            TemplateLine(
                "content.quality_content_output",
                30,
                {"en": "good pieces last, many pieces do not", "zh-Hant": "好內容留得住，數量留不住"},
            ),
            TemplateLine(
                "content.content_conversion_rate",
                20,
                {"en": "content is there to bring people on", "zh-Hant": "內容要能把人帶進來"},
            ),
            TemplateLine(
                "risk.material_compliance_rate",
                10,
                {
                    "en": "one wrong claim costs more than a campaign brings",
                    "zh-Hant": "一句違規宣傳的代價大過一場活動的收穫",
                },
                target="1",
            ),
        ],
    ),
    Template(
        "content.content_growth",
        role="content",
        stage="growth",
        title={"en": "Content: growth", "zh-Hant": "內容：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "marketing.content_sourced_leads", 40, {"en": "content is a way to leads", "zh-Hant": "內容是獲客的路"}
            ),
            TemplateLine(
                "content.content_conversion_rate",
                30,
                {"en": "content is there to bring people on", "zh-Hant": "內容要能把人帶進來"},
            ),
            TemplateLine(
                "content.quality_content_share",
                18,
                {"en": "quality grows with volume or volume is noise", "zh-Hant": "產量成長，品質也要跟上"},
            ),
            TemplateLine(
                "risk.material_compliance_rate",
                12,
                {
                    "en": "one wrong claim costs more than a campaign brings",
                    "zh-Hant": "一句違規宣傳的代價大過一場活動的收穫",
                },
                target="1",
            ),
        ],
    ),
    Template(
        "content.content_mature",
        role="content",
        stage="mature",
        title={"en": "Content: mature business", "zh-Hant": "內容：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "content.content_conversion_rate",
                40,
                {"en": "content is there to bring people on", "zh-Hant": "內容要能把人帶進來"},
            ),
            TemplateLine(
                "content.high_read_articles",
                25,
                {
                    "en": "one article that everybody reads makes the name",
                    "zh-Hant": "一篇人人讀的文章勝過十篇沒人看的",
                },
            ),
            TemplateLine(
                "content.whitepapers_published",
                20,
                {"en": "depth is what a mature market asks for", "zh-Hant": "成熟市場要的是深度"},
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
        "content.content_profit_first",
        role="content",
        stage="profit_first",
        title={"en": "Content: profit first", "zh-Hant": "內容：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "content.content_acquisition_cost",
                40,
                {"en": "content should be the cheapest way to a lead", "zh-Hant": "內容應是最省的獲客方式"},
            ),
            TemplateLine(
                "content.content_conversion_rate",
                35,
                {"en": "content is there to bring people on", "zh-Hant": "內容要能把人帶進來"},
            ),
            TemplateLine(
                "content.quality_content_share",
                15,
                {"en": "quality grows with volume or volume is noise", "zh-Hant": "產量成長，品質也要跟上"},
            ),
            TemplateLine(
                "risk.material_compliance_rate",
                10,
                {
                    "en": "one wrong claim costs more than a campaign brings",
                    "zh-Hant": "一句違規宣傳的代價大過一場活動的收穫",
                },
                target="1",
            ),
        ],
    ),
)
