"""Who e-commerce indicators are about: those who run the shops."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

OPERATIONS = Role(
    "ecommerce.operations",
    role="ecommerce",
    title={"en": "E-commerce operations", "zh-Hant": "電商運營"},
    definition={
        "en": "Brings visitors into the shop, turns them into buyers, and buyers into regulars.",
        "zh-Hant": "把人帶進店、讓人下單、讓客人再回來。",
    },
    duties=[
        Duty(
            {"en": "Run the shop", "zh-Hant": "店鋪運營"},
            [
                KeyResultArea({"en": "Traffic", "zh-Hant": "店鋪流量提升"}, ["ecommerce.store_uv_growth_rate"]),
                KeyResultArea(
                    {"en": "Conversion", "zh-Hant": "轉化率優化"},
                    [
                        "ecommerce.homepage_conversion_rate",
                        "ecommerce.private_community_conversion_rate",
                        "marketing.live_stream_acquisition_cost",
                        "sales.average_customer_spend",
                    ],
                ),
            ],
        ),
        Duty(
            {"en": "Keep customers", "zh-Hant": "客戶經營"},
            [
                KeyResultArea(
                    {"en": "Repurchase", "zh-Hant": "客戶復購激活"},
                    [
                        "ecommerce.dormant_customer_wakeup_rate",
                        "sales.repeat_purchase_rate",
                        "marketing.campaign_customer_retention_30d",
                    ],
                )
            ],
        ),
    ],
)

ROLES = (OPERATIONS,)
