"""Who marketing indicators are about: marketing, and finance, which pays for it."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

MARKETING = Role(
    "marketing.marketer",
    role="marketing",
    title={"en": "Marketing", "zh-Hant": "市場"},
    definition={"en": "Finds customers at a cost that pays.", "zh-Hant": "以划算的成本找到客戶。"},
    duties=[
        Duty(
            {"en": "Acquire customers", "zh-Hant": "獲客"},
            [
                KeyResultArea(
                    {"en": "Scale", "zh-Hant": "獲客規模"},
                    [
                        "marketing.lead_volume",
                        "marketing.customers_acquired",
                        "marketing.qualified_lead_volume",
                        "marketing.content_sourced_leads",
                        "channel.channel_new_leads",
                    ],
                ),
                KeyResultArea(
                    {"en": "Quality", "zh-Hant": "客戶品質"},
                    [
                        "marketing.lead_validity_rate",
                        "marketing.campaign_conversion_cycle_days",
                        "marketing.campaign_customer_retention_30d",
                        "content.content_conversion_rate",
                        "ecommerce.private_community_conversion_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Efficiency", "zh-Hant": "獲客效率"},
                    [
                        "marketing.customer_acquisition_cost",
                        "marketing.campaign_acquisition_cost",
                        "marketing.campaign_roi",
                        "marketing.live_stream_acquisition_cost",
                        "channel.channel_cac",
                        "content.content_acquisition_cost",
                        "sales.cac_payback_months",
                    ],
                ),
            ],
        ),
        Duty(
            {"en": "Make the brand heard", "zh-Hant": "提升品牌聲量"},
            [
                KeyResultArea(
                    {"en": "Reach and resonance", "zh-Hant": "傳播與共鳴"},
                    [
                        "content.content_reach_rate",
                        "content.social_engagement_rate",
                        "content.xhs_note_impression_growth_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Knowing customers", "zh-Hant": "了解客戶"},
                    ["customer.customer_research_completion_rate", "customer.customer_success_cases"],
                ),
            ],
        ),
        Duty(
            {"en": "Spend well and try new ways", "zh-Hant": "善用預算並嘗試新路"},
            [
                KeyResultArea(
                    {"en": "Budget", "zh-Hant": "費用控管"},
                    [
                        "marketing.marketing_spend_variance_rate",
                        "marketing.wasted_spend_share",
                        "risk.material_compliance_rate",
                        "risk.critical_violations",
                    ],
                ),
                KeyResultArea(
                    {"en": "New channels", "zh-Hant": "新渠道"},
                    ["marketing.new_channel_trials", "marketing.validated_new_channels"],
                ),
            ],
        ),
    ],
)

FINANCE = Role(
    "marketing.finance",
    role="finance",
    title={"en": "Finance", "zh-Hant": "財務"},
    definition={"en": "Sees that acquisition pays back and budgets hold.", "zh-Hant": "確保獲客投入回收、預算守住。"},
    duties=[
        Duty(
            {"en": "Guard the return", "zh-Hant": "把關投入產出"},
            [
                KeyResultArea(
                    {"en": "Cost of acquisition", "zh-Hant": "獲客成本"},
                    ["marketing.customer_acquisition_cost", "sales.cac_payback_months"],
                ),
                KeyResultArea({"en": "Budget", "zh-Hant": "預算"}, ["marketing.marketing_spend_variance_rate"]),
            ],
        )
    ],
)

ROLES = (MARKETING, FINANCE)
