"""Who looks after the scheme of indicators itself."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

SCHEME_OWNER = Role(
    "risk.scheme_owner",
    role="scheme_owner",
    title={"en": "Owner of the scheme", "zh-Hant": "考核方案負責人"},
    definition={"en": "Sees that what is scored goes with what matters.", "zh-Hant": "確保考核的與重要的是同一件事。"},
    duties=[
        Duty(
            {"en": "Keep the indicators telling", "zh-Hant": "維持指標有效"},
            [
                KeyResultArea(
                    {"en": "Validity of indicators", "zh-Hant": "指標有效性"}, ["risk.indicator_outcome_correlation"]
                )
            ],
        )
    ],
)

ROLES = (SCHEME_OWNER,)
