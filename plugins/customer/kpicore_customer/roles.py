"""Who customer indicators are about: those who look after customers."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

SUCCESS = Role(
    "customer.success",
    role="customer_success",
    title={"en": "Customer success", "zh-Hant": "客戶成功"},
    definition={"en": "Sees that customers stay, and say good things.", "zh-Hant": "讓客戶留下來、說好話。"},
    duties=[
        Duty(
            {"en": "Keep customers", "zh-Hant": "留住客戶"},
            [
                KeyResultArea(
                    {"en": "Renewal and retention", "zh-Hant": "續約與留存"},
                    [
                        "customer.customer_renewal_rate",
                        "customer.customer_retention_rate",
                        "ecommerce.dormant_customer_wakeup_rate",
                    ],
                ),
                KeyResultArea(
                    {"en": "Lifetime value", "zh-Hant": "生命週期價值"},
                    ["sales.customer_ltv", "sales.customer_ltv_growth_rate"],
                ),
            ],
        ),
        Duty(
            {"en": "Serve customers", "zh-Hant": "服務客戶"},
            [
                KeyResultArea(
                    {"en": "Reputation", "zh-Hant": "口碑"},
                    [
                        "customer.customer_recommendation_rate",
                        "customer.net_promoter_score",
                        "customer.customer_favorable_rate",
                        "customer.customer_success_cases",
                    ],
                ),
                KeyResultArea(
                    {"en": "Complaints", "zh-Hant": "投訴處理"},
                    ["customer.complaint_response_sla_rate", "risk.complaint_rate"],
                ),
            ],
        ),
    ],
)

ROLES = (SUCCESS,)
