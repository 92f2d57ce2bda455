"""Who sales indicators are about: sales, regional sales, products, and the company."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

SALES = Role(
    "sales.representative",
    role="sales",
    title={"en": "Sales", "zh-Hant": "銷售"},
    definition={
        "en": "Wins customers and revenue that stays.",
        "zh-Hant": "開發客戶，帶來留得住的營收。",
    },
    duties=[
        Duty(
            {"en": "Reach the revenue goal", "zh-Hant": "達成業績"},
            [
                KeyResultArea(
                    {"en": "Revenue", "zh-Hant": "銷售額成長"},
                    [
                        "sales.sales_revenue",
                        "sales.revenue_won",
                        "sales.sales_target_attainment",
                        "sales.new_customer_sales_growth_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Quality of revenue", "zh-Hant": "銷售品質"},
                    [
                        "sales.gross_margin_rate",
                        "sales.target_customer_sales_share",
                        "sales.average_customer_spend",
                        "sales.high_net_worth_customer_share",
                    ],
                ),
            ],
        ),
        Duty(
            {"en": "Open up business", "zh-Hant": "開拓業務"},
            [
                KeyResultArea(
                    {"en": "New customers", "zh-Hant": "新客戶開發"},
                    [
                        "sales.new_customers_developed",
                        "marketing.lead_volume",
                        "marketing.qualified_lead_volume",
                        "marketing.regional_new_leads",
                        "marketing.campaign_roi",
                        "customer.customer_research_completion_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "From lead to deal", "zh-Hant": "線索轉化"},
                    [
                        "sales.lead_to_deal_rate",
                        "sales.hnw_lead_to_deal_rate",
                        "sales.win_rate",
                        "marketing.campaign_conversion_cycle_days",
                        "content.content_conversion_rate",
                    ],
                ),
            ],
        ),
        Duty(
            {"en": "Keep customers", "zh-Hant": "經營老客戶"},
            [
                KeyResultArea(
                    {"en": "Repurchase and value", "zh-Hant": "復購與終身價值"},
                    [
                        "sales.repeat_purchase_rate",
                        "sales.customer_ltv",
                        "sales.customer_ltv_growth_rate",
                        "customer.customer_renewal_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Reputation", "zh-Hant": "客戶口碑"},
                    [
                        "customer.customer_recommendation_rate",
                        "customer.net_promoter_score",
                        "customer.customer_favorable_rate",
                        "risk.complaint_rate",
                    ],
                ),
            ],
        ),
    ],
)

REGIONAL_SALES = Role(
    "sales.regional",
    role="regional_sales",
    title={"en": "Regional sales", "zh-Hant": "區域銷售"},
    definition={
        "en": "Opens a region through dealers and local customers.",
        "zh-Hant": "以經銷商與在地客戶開拓區域市場。",
    },
    duties=[
        Duty(
            {"en": "Open the region", "zh-Hant": "開拓區域"},
            [
                KeyResultArea(
                    {"en": "Dealers and coverage", "zh-Hant": "渠道佈建"},
                    ["channel.county_dealer_signings", "channel.channel_coverage_rate"],
                ),
                KeyResultArea({"en": "Local leads", "zh-Hant": "在地獲客"}, ["marketing.regional_new_leads"]),
            ],
        ),
        Duty(
            {"en": "Earn in the region", "zh-Hant": "區域經營成效"},
            [KeyResultArea({"en": "Margin", "zh-Hant": "利潤"}, ["sales.sales_revenue", "sales.gross_margin_rate"])],
        ),
    ],
)

PRODUCT = Role(
    "sales.product",
    role="product",
    title={"en": "Product", "zh-Hant": "產品"},
    definition={"en": "Makes what is sold worth selling.", "zh-Hant": "讓賣出的產品值得賣。"},
    duties=[
        Duty(
            {"en": "Earn with products", "zh-Hant": "產品獲利"},
            [
                KeyResultArea({"en": "Margin", "zh-Hant": "毛利"}, ["sales.gross_margin_rate"]),
                KeyResultArea(
                    {"en": "Products that are bought again", "zh-Hant": "產品口碑與復購"},
                    ["sales.repeat_purchase_rate", "customer.customer_favorable_rate"],
                ),
            ],
        )
    ],
)

COMPANY = Role(
    "sales.company",
    role="company",
    title={"en": "Company", "zh-Hant": "公司"},
    definition={"en": "The whole, which the goals of teams add up to.", "zh-Hant": "全公司：各團隊目標的總和。"},
    duties=[
        Duty(
            {"en": "Grow", "zh-Hant": "成長"},
            [
                KeyResultArea(
                    {"en": "Revenue", "zh-Hant": "營收"}, ["sales.revenue_growth_rate", "sales.sales_revenue"]
                ),
                KeyResultArea(
                    {"en": "Customers", "zh-Hant": "客戶"}, ["sales.new_paying_users", "sales.repeat_purchase_rate"]
                ),
            ],
        ),
        Duty(
            {"en": "Earn", "zh-Hant": "獲利"},
            [KeyResultArea({"en": "Margin", "zh-Hant": "毛利"}, ["sales.gross_margin_rate"])],
        ),
    ],
)

ROLES = (SALES, REGIONAL_SALES, PRODUCT, COMPANY)
