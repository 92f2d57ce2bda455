"""Who content indicators are about: those who write, film and publish."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

CONTENT = Role(
    "content.editor",
    role="content",
    title={"en": "Content", "zh-Hant": "內容"},
    definition={
        "en": "Makes content that is read, shared, and brings leads.",
        "zh-Hant": "產出有人讀、有人轉、能帶來線索的內容。",
    },
    duties=[
        Duty(
            {"en": "Make good content", "zh-Hant": "產出好內容"},
            [
                KeyResultArea(
                    {"en": "Output and quality", "zh-Hant": "產出與品質"},
                    [
                        "content.content_output",
                        "content.quality_content_output",
                        "content.quality_content_share",
                        "content.whitepapers_published",
                        "risk.material_compliance_rate",
                        "risk.critical_violations",
                    ],
                ),
                KeyResultArea(
                    {"en": "Penetration", "zh-Hant": "內容穿透力"},
                    [
                        "content.content_reach_rate",
                        "content.high_read_articles",
                        "content.xhs_note_impression_growth_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Resonance", "zh-Hant": "用戶共鳴度"},
                    ["content.social_engagement_rate", "content.content_save_share_rate"],
                ),
            ],
        ),
        Duty(
            {"en": "Bring leads", "zh-Hant": "以內容獲客"},
            [
                KeyResultArea(
                    {"en": "Leads", "zh-Hant": "線索"},
                    [
                        "marketing.content_sourced_leads",
                        "content.official_account_lead_share",
                        "content.content_conversion_rate",
                    ],
                ),
                KeyResultArea({"en": "Cost", "zh-Hant": "成本"}, ["content.content_acquisition_cost"]),
            ],
        ),
    ],
)

ROLES = (CONTENT,)
