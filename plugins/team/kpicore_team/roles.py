"""What everyone is also there for, whatever the role."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

EVERYONE = Role(
    "team.everyone",
    role="all",
    title={"en": "Every role", "zh-Hant": "各職位"},
    definition={
        "en": "What every team owes itself: to learn, to improve, to keep the rules.",
        "zh-Hant": "每個團隊都該做的：學習、改進、守規矩。",
    },
    duties=[
        Duty(
            {"en": "Learn and pass on", "zh-Hant": "學習與傳承"},
            [
                KeyResultArea(
                    {"en": "Knowledge", "zh-Hant": "知識"},
                    [
                        "team.training_completion_rate",
                        "team.training_courses_developed",
                        "team.knowledge_sharing_sessions",
                        "team.case_library_updates",
                    ],
                )
            ],
        ),
        Duty(
            {"en": "Improve together", "zh-Hant": "協作與改進"},
            [
                KeyResultArea(
                    {"en": "Ideas", "zh-Hant": "創新"},
                    [
                        "team.innovation_proposals_submitted",
                        "team.innovation_proposals_adopted",
                        "team.process_proposals_adopted",
                    ],
                ),
                KeyResultArea({"en": "Collaboration", "zh-Hant": "跨部門協作"}, ["team.cross_department_satisfaction"]),
                KeyResultArea({"en": "Goals as a whole", "zh-Hant": "目標達成"}, ["sales.kpi_attainment"]),
            ],
        ),
        Duty(
            {"en": "Keep the rules", "zh-Hant": "守住底線"},
            [
                KeyResultArea(
                    {"en": "Compliance", "zh-Hant": "合規"},
                    ["risk.compliance_rate", "risk.data_privacy_compliance_rate", "risk.privacy_incidents"],
                )
            ],
        ),
    ],
)

ROLES = (EVERYONE,)
