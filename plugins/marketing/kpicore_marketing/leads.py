"""Leads: how many come, how many are good, and whose work they are."""

from __future__ import annotations

from kpicore import DEDUPE, Choice, Example, Indicator, Ref, choice, count, duration, names

CREDIT = ("owner_id", "channel_id", "campaign_id", "region_id")

lead_volume = Indicator(
    "marketing.lead_volume",
    title={"en": "Lead volume", "zh-Hant": "線索量"},
    definition={
        "en": "Leads created in the period. A further lead of a contact who left one within the deduplication span is the "
        "same lead. Leads that turn out invalid count, too.",
        "zh-Hant": "期內新建的線索數。同一聯絡人在去重期內再次留資算同一條。事後判定無效者也計入。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "sales"],
    better="higher",
    data_source="CRM",
    params=DEDUPE,
    credit=CREDIT,
    measure=count("lead"),
    moves={
        "en": "Moved by reach, offers and the budget of campaigns; moves qualified leads and deals. Cheap contacts inflate it.",
        "zh-Hant": "受曝光、誘因與活動預算影響；影響有效線索與成交。以低價名單充數會虛增。",
    },
    examples=[
        Example({"en": "three leads", "zh-Hant": "三條線索"}, {"lead_created": 3}, "3"),
        Example(
            {
                "en": "who comes back within 90 days is the same lead; on day 90 it is a new one",
                "zh-Hant": "90 日內再來算同一條；滿 90 日算新線索",
            },
            {
                "lead_created": [
                    {"contact_key": "ann", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"contact_key": "ann", "occurred_at": "2026-03-20T09:00:00Z"},
                    {"contact_key": "bo", "occurred_at": "2025-12-20T09:00:00Z"},
                    {"contact_key": "bo", "occurred_at": "2026-03-20T09:00:00Z"},
                    {"contact_key": "cy", "occurred_at": "2025-12-20T09:00:01Z"},
                    {"contact_key": "cy", "occurred_at": "2026-03-20T09:00:00Z"},
                ]
            },
            "2",
        ),
        Example(
            {"en": "leads without a contact are never merged", "zh-Hant": "沒有聯絡人的線索不合併"},
            {"lead_created": [{"contact_key": None}, {"contact_key": None}]},
            "2",
        ),
        Example(
            {"en": "a lead that is judged invalid was a lead", "zh-Hant": "判定無效的線索仍計入"},
            {"lead_created": [{"lead_id": "L-1"}], "lead_qualified": [{"lead_id": "L-1", "valid": False}]},
            "1",
        ),
        Example({"en": "no leads are 0", "zh-Hant": "沒有線索，為 0"}, {}, "0"),
    ],
)

customers_acquired = Indicator(
    "marketing.customers_acquired",
    title={"en": "Customers acquired", "zh-Hant": "獲客數"},
    definition={
        "en": "As it is often said in marketing, the same as the lead volume: on one card they count one thing twice. With "
        "sense customer, the customers whose first kept order is in the period.",
        "zh-Hant": "行銷口語中即線索量，同一張計分卡並列會重複計算。基準為「客戶」時：首筆有效訂單在期內的客戶數。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing"],
    better="higher",
    data_source={"en": "CRM (leads), order system (customers)", "zh-Hant": "CRM（線索）、訂單系統（客戶）"},
    params={
        **DEDUPE,
        "sense": choice(
            "lead",
            "customer",
            titles={
                "lead": {"en": "leads, as marketing says", "zh-Hant": "線索（行銷基準）"},
                "customer": {"en": "first-time customers, as CRM says", "zh-Hant": "首購客戶（CRM 基準）"},
            },
            title={"en": "sense", "zh-Hant": "基準"},
        ),
    },
    credit=CREDIT,
    measure=Choice("sense", {"lead": Ref("marketing.lead_volume"), "customer": count("customer")}),
    moves={
        "en": "Moved by what moves lead volume. Qualified lead volume says more: it leaves out who never was a prospect.",
        "zh-Hant": "影響因素同線索量。有效線索量更有意義：它排除從來不是潛在客戶的人。",
    },
    examples=[
        Example({"en": "two leads", "zh-Hant": "兩條線索"}, {"lead_created": 2, "order_paid": 1}, "2"),
        Example(
            {"en": "as customers: only who buys for the first time", "zh-Hant": "客戶基準：只計首購者"},
            {
                "lead_created": 2,
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-02-02T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                ],
            },
            "1",
            params={"sense": "customer"},
        ),
        Example(
            {"en": "a first order that was refunded in full makes no customer", "zh-Hant": "首單全額退款者不算客戶"},
            {
                "order_paid": [{"order_id": "O-1", "customer_id": "Ann", "gross": "100"}],
                "order_refunded": [{"order_id": "O-1", "amount": "100"}],
            },
            "0",
            params={"sense": "customer"},
        ),
        Example({"en": "nobody came", "zh-Hant": "沒有人來"}, {}, "0"),
    ],
)

DECIDED = {
    **DEDUPE,
    "decide": duration("7d", title={"en": "time to decide", "zh-Hant": "判定期限"}),
    "criteria": choice(
        "any",
        "pinned",
        titles={
            "any": {"en": "any version", "zh-Hant": "任何版本"},
            "pinned": {"en": "the versions named", "zh-Hant": "指定版本"},
        },
        title={"en": "criteria that count", "zh-Hant": "計入的判定標準"},
    ),
    "criteria_versions": names("1", title={"en": "versions of the criteria", "zh-Hant": "判定標準版本"}),
}
VALID = count("lead_verdict", where="valid", matures="$decide")

qualified_lead_volume = Indicator(
    "marketing.qualified_lead_volume",
    title={"en": "Qualified lead volume", "zh-Hant": "有效線索量"},
    definition={
        "en": "Leads created in the period, after taking doubles out, whose latest qualification within the time to decide "
        "is valid, by any criteria or by those that are pinned. Undecided leads do not count; until the time to decide has passed the result is provisional.",
        "zh-Hant": "期內去重後的新線索中，判定期限內最後一次判定（任何標準或指定版本）為有效者。未判定者不計；判定期限未滿前結果為暫定。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "sales"],
    better="higher",
    data_source="CRM",
    params=DECIDED,
    credit=CREDIT,
    measure=VALID,
    version="1.1",
    replaces="marketing.customers_acquired",
    moves={
        "en": "Moved by targeting, forms and the criteria of qualification; moves deals. Lax criteria inflate it.",
        "zh-Hant": "受投放精準度、表單與判定標準影響；影響成交。標準過鬆會虛增。",
    },
    examples=[
        Example(
            {
                "en": "of three leads one is valid, one not, one undecided",
                "zh-Hant": "三條線索：一有效、一無效、一未判定",
            },
            {
                "lead_created": [{"lead_id": f"L-{n}"} for n in range(1, 4)],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": True, "occurred_at": "2026-03-17T09:00:00Z"},
                    {"lead_id": "L-2", "valid": False, "occurred_at": "2026-03-17T09:00:00Z"},
                    {"lead_id": "L-3", "valid": None, "occurred_at": "2026-03-17T09:00:00Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "the latest decision counts, and only within seven days", "zh-Hant": "以七日內最後一次判定為準"},
            {
                "lead_created": [
                    {"lead_id": "L-1", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"lead_id": "L-2", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": False, "occurred_at": "2026-03-03T09:00:00Z"},
                    {"lead_id": "L-1", "valid": True, "occurred_at": "2026-03-09T09:00:00Z"},
                    {"lead_id": "L-2", "valid": True, "occurred_at": "2026-03-09T09:00:01Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "four days after the month it is provisional", "zh-Hant": "月結後第四日仍為暫定"},
            {
                "lead_created": [{"lead_id": "L-1"}],
                "lead_qualified": [{"lead_id": "L-1", "valid": True, "occurred_at": "2026-03-17T09:00:00Z"}],
            },
            "1",
            state="provisional",
            as_of="2026-04-04T00:00:00Z",
        ),
        Example(
            {
                "en": "pinned: a decision by other criteria decides nothing",
                "zh-Hant": "指定版本：依其他標準所作判定不計",
            },
            {
                "lead_created": [{"lead_id": "L-1"}, {"lead_id": "L-2"}],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": True, "criteria_version": "2", "occurred_at": "2026-03-17T09:00:00Z"},
                    {"lead_id": "L-2", "valid": True, "criteria_version": "1", "occurred_at": "2026-03-17T09:00:00Z"},
                ],
            },
            "1",
            params={"criteria": "pinned", "criteria_versions": ["2"]},
        ),
        Example({"en": "no leads are 0", "zh-Hant": "沒有線索，為 0"}, {}, "0"),
    ],
)

ALL = count("lead_verdict", matures="$decide")
JUDGED = count("lead_verdict", where="decided", matures="$decide")

lead_validity_rate = Indicator(
    "marketing.lead_validity_rate",
    title={"en": "Lead validity rate", "zh-Hant": "線索有效率"},
    definition={
        "en": "Of the leads created in the period that were decided upon in time, those that are valid. Undecided leads are "
        "left out, or count as invalid if the parameter says so. Figure coverage: the decided ones of all leads.",
        "zh-Hant": "期內新線索中，期限內已判定者的有效比例。未判定者不計，或依參數視為無效。數字選「覆蓋率」時：已判定者占全部線索的比例。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing"],
    unit="percent",
    better="higher",
    data_source="CRM",
    params={
        **DECIDED,
        "figure": choice(
            "validity",
            "coverage",
            titles={
                "validity": {"en": "share that is valid", "zh-Hant": "有效占比"},
                "coverage": {"en": "share that was decided", "zh-Hant": "已判定占比"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        ),
        "undecided": choice(
            "left_out",
            "invalid",
            titles={
                "left_out": {"en": "left out", "zh-Hant": "不計"},
                "invalid": {"en": "invalid", "zh-Hant": "視為無效"},
            },
            title={"en": "undecided leads", "zh-Hant": "未判定線索"},
        ),
    },
    credit=CREDIT,
    measure=Choice(
        "figure",
        {
            "validity": Choice("undecided", {"left_out": VALID / JUDGED, "invalid": VALID / ALL}),
            "coverage": JUDGED / ALL,
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by targeting and channels; moves conversion and the cost of a customer. Deciding late lowers coverage.",
        "zh-Hant": "受投放精準度與渠道影響；影響成單率與獲客成本。判定遲延會降低覆蓋率。",
    },
    examples=[
        Example(
            {
                "en": "three of four decided leads are valid; a fifth is undecided",
                "zh-Hant": "四條已判定三條有效；第五條未判定",
            },
            {
                "lead_created": [{"lead_id": f"L-{n}"} for n in range(1, 6)],
                "lead_qualified": [
                    {"lead_id": f"L-{n}", "valid": n < 4, "occurred_at": "2026-03-17T09:00:00Z"} for n in range(1, 5)
                ],
            },
            "0.75",
        ),
        Example(
            {"en": "late is undecided, and may count as invalid", "zh-Hant": "逾期視同未判定，可計為無效"},
            {
                "lead_created": [{"lead_id": f"L-{n}", "occurred_at": "2026-03-02T09:00:00Z"} for n in range(1, 3)],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": True, "occurred_at": "2026-03-03T09:00:00Z"},
                    {"lead_id": "L-2", "valid": True, "occurred_at": "2026-03-20T09:00:00Z"},
                ],
            },
            "0.5",
            params={"undecided": "invalid"},
        ),
        Example(
            {"en": "coverage: four of five are decided", "zh-Hant": "覆蓋率：五條已判定四條"},
            {
                "lead_created": [{"lead_id": f"L-{n}"} for n in range(1, 6)],
                "lead_qualified": [
                    {"lead_id": f"L-{n}", "valid": False, "occurred_at": "2026-03-17T09:00:00Z"} for n in range(1, 5)
                ],
            },
            "0.8",
            params={"figure": "coverage"},
        ),
        Example({"en": "nothing was decided", "zh-Hant": "尚無判定"}, {"lead_created": 2}, state="no_denominator"),
        Example(
            {
                "en": "pinned: what other criteria said leaves the lead undecided",
                "zh-Hant": "指定版本：其他標準的判定視同未判定",
            },
            {
                "lead_created": [{"lead_id": "L-1"}, {"lead_id": "L-2"}],
                "lead_qualified": [
                    {"lead_id": "L-1", "valid": False, "criteria_version": "1", "occurred_at": "2026-03-17T09:00:00Z"},
                    {"lead_id": "L-2", "valid": True, "criteria_version": "2", "occurred_at": "2026-03-17T09:00:00Z"},
                ],
            },
            "1",
            params={"criteria": "pinned", "criteria_versions": ["2"]},
        ),
        Example({"en": "no leads", "zh-Hant": "沒有線索"}, {}, state="no_denominator"),
    ],
)
