"""Scorecards to begin with, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "customer.customer_success_new_market",
        role="customer_success",
        stage="new_market",
        title={"en": "Customer success: new market", "zh-Hant": "客戶成功：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "customer.customer_favorable_rate",
                35,
                {"en": "the first customers speak for all who follow", "zh-Hant": "第一批客戶替後來的人說話"},
            ),
            TemplateLine(
                "customer.complaint_response_sla_rate",
                30,
                {"en": "who is answered at once stays", "zh-Hant": "回應得快，客戶留得住"},
            ),
            TemplateLine(
                "customer.customer_success_cases",
                20,
                {"en": "one success told wins the next", "zh-Hant": "一個成功案例帶來下一個"},
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
        "customer.customer_success_growth",
        role="customer_success",
        stage="growth",
        title={"en": "Customer success: growth", "zh-Hant": "客戶成功：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "customer.customer_retention_rate",
                40,
                {"en": "growth leaks where customers leave", "zh-Hant": "客戶流失，成長就漏掉"},
            ),
            TemplateLine(
                "customer.customer_success_cases",
                25,
                {"en": "one success told wins the next", "zh-Hant": "一個成功案例帶來下一個"},
            ),
            TemplateLine(
                "customer.complaint_response_sla_rate",
                20,
                {"en": "who is answered at once stays", "zh-Hant": "回應得快，客戶留得住"},
            ),
            TemplateLine(
                "team.innovation_proposals_adopted",
                15,
                {"en": "ideas count when they are used", "zh-Hant": "點子被採用才算數"},
            ),
        ],
    ),
    Template(
        "customer.customer_success_mature",
        role="customer_success",
        stage="mature",
        title={"en": "Customer success: mature business", "zh-Hant": "客戶成功：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "customer.customer_renewal_rate",
                40,
                {"en": "a renewal is the honest verdict", "zh-Hant": "續約是最誠實的評價"},
            ),
            TemplateLine(
                "ecommerce.dormant_customer_wakeup_rate",
                25,
                {"en": "waking a customer costs less than finding one", "zh-Hant": "喚醒舊客比找新客便宜"},
            ),
            TemplateLine(
                "risk.complaint_rate",
                20,
                {"en": "sales that bring complaints do not last", "zh-Hant": "帶來投訴的業績不長久"},
            ),
            TemplateLine(
                "team.case_library_updates",
                15,
                {"en": "what worked once should work twice", "zh-Hant": "做成過的事要能再做成"},
            ),
        ],
    ),
    Template(
        "customer.customer_success_profit_first",
        role="customer_success",
        stage="profit_first",
        title={"en": "Customer success: profit first", "zh-Hant": "客戶成功：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "sales.customer_ltv",
                40,
                {"en": "a customer is worth what stays over time", "zh-Hant": "客戶的價值在於長期"},
            ),
            TemplateLine(
                "customer.customer_renewal_rate",
                30,
                {"en": "a renewal is the honest verdict", "zh-Hant": "續約是最誠實的評價"},
            ),
            TemplateLine(
                "customer.customer_success_cases",
                15,
                {"en": "one success told wins the next", "zh-Hant": "一個成功案例帶來下一個"},
            ),
            TemplateLine(
                "risk.complaint_rate",
                15,
                {"en": "sales that bring complaints do not last", "zh-Hant": "帶來投訴的業績不長久"},
            ),
        ],
    ),
)
