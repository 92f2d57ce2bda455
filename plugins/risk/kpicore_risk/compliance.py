"""Compliance: materials and the handling of customers' data, and what went badly wrong."""

from __future__ import annotations

from typing import Any

from kpicore import Choice, Constant, Example, Given, Indicator, Match, Parameter, Ref, choice, count, largest, smallest

_COMMON: dict[str, Any] = {"perspective": "risk", "indicator_type": "guard"}
_CREDIT = ("owner_id", "team_id")

#: Audits and checks with a verdict.
AUDITED = count("material_audited", where="passed or not passed")
CHECKED = count("privacy_checked", where="passed or not passed")
AUDIT_PASSED = count("material_audited", where="passed")
CHECK_PASSED = count("privacy_checked", where="passed")
#: Contents that were published in the period, and those of them that some audit was about, whenever it was.
PUBLISHED = count("known_content")
AUDITED_CONTENTS = count("known_content", match=Match("material_audited", "content_id", where="passed or not passed"))
WORST = count("privacy_incident", where="severity = 1")

material_compliance_rate = Indicator(
    "risk.material_compliance_rate",
    title={"en": "Material compliance rate", "zh-Hant": "營銷物料合規率"},
    definition={
        "en": "Of the materials audited in the period, those that passed. A violation found later corrects the audit and "
        "restates the rate; audits without a verdict do not count. Figure coverage: "
        "of the contents published in the period, those that were audited.",
        "zh-Hant": "期內受檢物料中，合規者的比例。日後發現違規者更正原檢查並追溯重列；尚無結論的檢查不計。數字「覆蓋率」：期內發布內容中已受檢者的比例。",
    },
    roles=["marketing", "content"],
    unit="percent",
    better="higher",
    data_source={"en": "Material audits", "zh-Hant": "物料檢查"},
    credit=_CREDIT,
    params={
        "figure": choice(
            "compliance",
            "coverage",
            titles={
                "compliance": {"en": "share that passed", "zh-Hant": "合規占比"},
                "coverage": {"en": "share of contents that were audited", "zh-Hant": "已檢內容占比"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        )
    },
    measure=Choice("figure", {"compliance": AUDIT_PASSED / AUDITED, "coverage": AUDITED_CONTENTS / PUBLISHED}),
    version="1.1",
    moves={
        "en": "Moved by templates and by checking before publication; moves fines, takedowns and trust.",
        "zh-Hant": "受範本與發布前檢查影響；影響罰款、下架與信任。",
    },
    examples=[
        Example(
            {"en": "three of four pass", "zh-Hant": "四件中三件合規"},
            {"material_audited": [{"passed": True}, {"passed": True}, {"passed": True}, {"passed": False}]},
            "0.75",
        ),
        Example(
            {"en": "a violation found later supersedes the pass", "zh-Hant": "日後發現違規，取代原結論"},
            {
                "material_audited": [
                    {"material_id": "M", "passed": True},
                    {"material_id": "M", "passed": False, "violation_types": "claims"},
                    {"material_id": "N", "passed": True},
                ]
            },
            "0.5",
        ),
        Example(
            {"en": "an audit without a verdict does not count", "zh-Hant": "尚無結論者不計"},
            {"material_audited": [{"passed": True}, {"passed": None}]},
            "1",
        ),
        Example(
            {"en": "coverage: one of two contents was audited", "zh-Hant": "覆蓋率：兩篇內容檢查一篇"},
            {
                "content_published": [{"content_id": "A"}, {"content_id": "B"}],
                "material_audited": [{"content_id": "A", "passed": False}, {"content_id": "B", "passed": None}],
            },
            "0.5",
            params={"figure": "coverage"},
        ),
        Example({"en": "nothing was audited", "zh-Hant": "沒有受檢物料"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

data_privacy_compliance_rate = Indicator(
    "risk.data_privacy_compliance_rate",
    title={"en": "Data privacy compliance rate", "zh-Hant": "客戶信息安全合規率"},
    definition={
        "en": "Of the privacy checks made in the period, those that passed; 0 as soon as there was an incident of severity 1. "
        "Where nothing was checked there is no rate.",
        "zh-Hant": "期內資訊安全檢查中通過者的比例；只要發生一級事件即為 0。沒有檢查時不計算。",
    },
    roles=["all"],
    unit="percent",
    better="higher",
    data_source={"en": "Privacy checks, incident register", "zh-Hant": "資訊安全檢查、事件登記"},
    credit=_CREDIT,
    measure=largest(0, smallest(CHECK_PASSED / CHECKED, Constant(1) - WORST)),
    moves={
        "en": "Moved by training and by who may see what; moves trust, and closes the gate of scorecards.",
        "zh-Hant": "受培訓與權限控管影響；影響信任，並觸發計分卡一票否決。",
    },
    examples=[
        Example(
            {"en": "three of four checks pass", "zh-Hant": "四次檢查三次通過"},
            {"privacy_checked": [{"passed": True}, {"passed": True}, {"passed": True}, {"passed": False}]},
            "0.75",
        ),
        Example(
            {"en": "one incident of severity 1 makes it 0", "zh-Hant": "一級事件一次即為 0"},
            {"privacy_checked": [{"passed": True}], "privacy_incident": [{"severity": 1}, {"severity": 1}]},
            "0",
        ),
        Example(
            {"en": "lesser incidents do not", "zh-Hant": "較輕事件不歸零"},
            {"privacy_checked": [{"passed": True}], "privacy_incident": [{"severity": 2}, {"severity": None}]},
            "1",
        ),
        Example({"en": "nothing was checked", "zh-Hant": "沒有檢查"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

compliance_rate = Indicator(
    "risk.compliance_rate",
    title={"en": "Compliance rate", "zh-Hant": "合規率"},
    definition={
        "en": "The smaller of material compliance and data privacy compliance; where one of them has nothing to go by, the "
        "other. Pooled: what passed of all audits and checks together, without regard to incidents. Weighted: the mean of the "
        "two by the weight of the materials; where one has nothing to go by there is none.",
        "zh-Hant": "營銷物料合規率與客戶信息安全合規率取小；其一無資料時取另一。合併基準：全部檢查合併計算通過比例，不計事件。加權基準：兩者按物料權重平均，其一無資料時不計算。",
    },
    roles=["all"],
    unit="percent",
    better="higher",
    data_source={
        "en": "Material audits, privacy checks, incident register",
        "zh-Hant": "物料檢查、資訊安全檢查、事件登記",
    },
    params={
        "rollup": choice(
            "min",
            "pooled",
            "weighted",
            titles={
                "min": {"en": "the smaller of the two", "zh-Hant": "取小"},
                "pooled": {"en": "pooled", "zh-Hant": "合併計算"},
                "weighted": {"en": "weighted", "zh-Hant": "加權平均"},
            },
            title={"en": "rolled up as", "zh-Hant": "彙總方式"},
        ),
        "material_weight": Parameter("decimal", "0.5", title={"en": "weight of the materials", "zh-Hant": "物料權重"}),
    },
    credit=_CREDIT,
    version="1.1",
    measure=Choice(
        "rollup",
        {
            "min": smallest(Ref("risk.material_compliance_rate"), Ref("risk.data_privacy_compliance_rate"), skip=True),
            "pooled": (AUDIT_PASSED + CHECK_PASSED) / (AUDITED + CHECKED),
            "weighted": Given("material_weight") * Ref("risk.material_compliance_rate")
            + (1 - Given("material_weight")) * Ref("risk.data_privacy_compliance_rate"),
        },
    ),
    moves={
        "en": "Moved by whichever of its two parts is worse; scorecards use it as a gate.",
        "zh-Hant": "由較差的一項決定；計分卡用作一票否決。",
    },
    examples=[
        Example(
            {"en": "the worse of 0.5 and 1", "zh-Hant": "0.5 與 1 取小"},
            {"material_audited": [{"passed": True}, {"passed": False}], "privacy_checked": [{"passed": True}]},
            "0.5",
        ),
        Example(
            {"en": "who has no materials is judged by privacy alone", "zh-Hant": "沒有物料者只看資訊安全"},
            {"privacy_checked": [{"passed": True}, {"passed": True}, {"passed": True}, {"passed": False}]},
            "0.75",
        ),
        Example(
            {"en": "an incident of severity 1 makes it 0", "zh-Hant": "一級事件使其為 0"},
            {
                "material_audited": [{"passed": True}],
                "privacy_checked": [{"passed": True}],
                "privacy_incident": [{"severity": 1}],
            },
            "0",
        ),
        Example(
            {"en": "pooled: four of five pass", "zh-Hant": "合併：五次檢查四次通過"},
            {
                "material_audited": [{"passed": True}, {"passed": False}],
                "privacy_checked": [{"passed": True}, {"passed": True}, {"passed": True}],
            },
            "0.8",
            params={"rollup": "pooled"},
        ),
        Example(
            {
                "en": "weighted: a quarter of 0.5 and three quarters of 1",
                "zh-Hant": "加權：0.5 占四分之一，1 占四分之三",
            },
            {"material_audited": [{"passed": True}, {"passed": False}], "privacy_checked": [{"passed": True}]},
            "0.875",
            params={"rollup": "weighted", "material_weight": "0.25"},
        ),
        Example({"en": "nothing was audited or checked", "zh-Hant": "沒有任何檢查"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

privacy_incidents = Indicator(
    "risk.privacy_incidents",
    title={"en": "Privacy incidents", "zh-Hant": "客戶信息安全事件數"},
    definition={
        "en": "Privacy incidents of the period, of severity 1 unless less severe ones are asked for. A gate on it stops a total "
        "even where nothing was checked.",
        "zh-Hant": "期內客戶信息安全事件數，預設只計一級事件。以此為一票否決條件時，即使沒有檢查也生效。",
    },
    roles=["all"],
    unit="count",
    better="lower",
    data_source={"en": "Incident register", "zh-Hant": "事件登記"},
    params={"severity": Parameter("integer", "1", (), {"en": "least severe that counts", "zh-Hant": "計入的最輕等級"})},
    credit=_CREDIT,
    measure=count("privacy_incident", where="severity <= $severity"),
    moves={
        "en": "Moved by access rules and by care; moves trust and the law's attention.",
        "zh-Hant": "受權限規則與謹慎程度影響；影響信任與監管關注。",
    },
    examples=[
        Example({"en": "one of severity 1", "zh-Hant": "一級事件一次"}, {"privacy_incident": [{"severity": 1}]}, "1"),
        Example(
            {"en": "lesser ones do not count", "zh-Hant": "較輕事件不計"},
            {"privacy_incident": [{"severity": 1}, {"severity": 2}, {"severity": None}]},
            "1",
        ),
        Example(
            {"en": "unless they are asked for", "zh-Hant": "除非指定計入"},
            {"privacy_incident": [{"severity": 1}, {"severity": 2}, {"severity": 3}]},
            "2",
            params={"severity": "2"},
        ),
        Example({"en": "nothing happened", "zh-Hant": "沒有事件"}, {}, "0"),
    ],
    **_COMMON,
)

critical_violations = Indicator(
    "risk.critical_violations",
    title={"en": "Critical violations of materials", "zh-Hant": "物料重大違規數"},
    definition={
        "en": "Materials audited in the period that failed with severity 1, unless less severe ones are asked for. A gate on it "
        "stops a total whatever the rate is.",
        "zh-Hant": "期內受檢不合規且嚴重程度為一級的物料數，預設只計一級。以此為一票否決條件時，不論合規率高低皆生效。",
    },
    roles=["marketing", "content"],
    unit="count",
    better="lower",
    data_source={"en": "Material audits", "zh-Hant": "物料檢查"},
    params={
        "severity": Parameter("integer", "1", title={"en": "least severe that counts", "zh-Hant": "計入的最輕等級"})
    },
    credit=_CREDIT,
    measure=count("material_audited", where="not passed and severity <= $severity"),
    moves={
        "en": "Moved by checking claims before publication; moves fines and takedowns, and closes the gate of scorecards.",
        "zh-Hant": "受發布前審核宣稱影響；影響罰款與下架，並觸發計分卡一票否決。",
    },
    examples=[
        Example(
            {
                "en": "one of severity 1; lesser ones and passes do not count",
                "zh-Hant": "一級違規一件；較輕者與合規者不計",
            },
            {
                "material_audited": [
                    {"passed": False, "severity": 1},
                    {"passed": False, "severity": 2},
                    {"passed": True, "severity": 1},
                    {"passed": False, "severity": None},
                ]
            },
            "1",
        ),
        Example(
            {"en": "unless they are asked for", "zh-Hant": "除非指定計入"},
            {"material_audited": [{"passed": False, "severity": 1}, {"passed": False, "severity": 2}]},
            "2",
            params={"severity": "2"},
        ),
        Example({"en": "nothing was audited", "zh-Hant": "沒有受檢物料"}, {}, "0"),
    ],
    **_COMMON,
)
