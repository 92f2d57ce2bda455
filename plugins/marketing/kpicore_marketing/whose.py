"""Whose leads they are: content that brought them, territories that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import ATTRIBUTION, DEDUPE, Choice, Example, Indicator, choice, distinct, total

#: A fair, then content, then an advertisement, then the lead.
JOURNEY: Mapping[str, Any] = {
    "lead_created": [{"contact_key": "ann", "occurred_at": "2026-03-16T09:00:00Z"}],
    "touch_recorded": [
        {"contact_key": "ann", "channel_id": "fair", "occurred_at": "2026-03-08T09:00:00Z"},
        {"contact_key": "ann", "content_id": "guide", "occurred_at": "2026-03-10T09:00:00Z"},
        {"contact_key": "ann", "channel_id": "ads", "occurred_at": "2026-03-15T09:00:00Z"},
    ],
}

content_sourced_leads = Indicator(
    "marketing.content_sourced_leads",
    title={"en": "Content-sourced leads", "zh-Hant": "內容營銷新增線索量"},
    definition={
        "en": "Credit of the leads created in the period that belongs to touches of content. By default the last touch that "
        "was not direct, within 30 days before the lead, has the whole lead; other models share it out. A lead "
        "without touches belongs to what it came through itself.",
        "zh-Hant": "期內新線索中歸屬於內容觸點的份額。預設由線索前 30 日內最後一個非直接觸點獨得，其他模型按份額分配。"
        "沒有觸點的線索歸其本身來源。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "content"],
    better="higher",
    data_source={"en": "CRM and tracking of touches", "zh-Hant": "CRM 與觸點追蹤"},
    params=ATTRIBUTION,
    credit=("author_id", "content_team_id", "owner_id", "channel_id"),
    measure=total("lead_credit", "credit", where="content_id is not null"),
    moves={
        "en": "Moved by what content reaches and asks for; lowers the cost of a lead. Moves with the model, so keep the model.",
        "zh-Hant": "受內容觸達與行動呼籲影響；可降低線索成本。更換歸因模型數字即變，應固定模型。",
    },
    examples=[
        Example(
            {"en": "the last touch was content: one lead", "zh-Hant": "末次觸點為內容：計一條"},
            {
                "lead_created": [{"contact_key": "ann"}, {"contact_key": "bo"}],
                "touch_recorded": [
                    {"contact_key": "ann", "channel_id": "ads", "occurred_at": "2026-03-10T09:00:00Z"},
                    {"contact_key": "ann", "content_id": "guide", "occurred_at": "2026-03-12T09:00:00Z"},
                    {"contact_key": "bo", "content_id": "guide", "occurred_at": "2026-03-10T09:00:00Z"},
                    {"contact_key": "bo", "channel_id": "ads", "occurred_at": "2026-03-12T09:00:00Z"},
                ],
            },
            "1",
        ),
        *(
            Example({"en": f"{model}: {en}", "zh-Hant": f"{word}:{zh}"}, JOURNEY, credit, params={"model": model})
            for model, word, en, zh, credit in (
                ("first", "首次", "the fair came first and has it all", "展會最先，獨得", "0"),
                ("linear", "線性", "one of three touches has a third", "三觸點之一得三分之一", "0.333333333333"),
                ("u", "U 型", "first and last have 40 % each, the one between 20 %", "首末各 40%，中間 20%", "0.2"),
                ("decay", "時間衰減", "8, 6 and 1 days before: 1 to 2 to 2", "前 8、6、1 日：一比二比二", "0.4"),
            )
        ),
        Example(
            {
                "en": "a touch more than 30 days before, and a direct one, take nothing from the lead's own content",
                "zh-Hant": "逾 30 日的觸點與直接觸點不分走線索本身的內容歸屬",
            },
            {
                "lead_created": [{"contact_key": "ann", "content_id": "guide", "occurred_at": "2026-03-31T09:00:00Z"}],
                "touch_recorded": [
                    {"contact_key": "ann", "channel_id": "ads", "occurred_at": "2026-03-01T08:59:59Z"},
                    {"contact_key": "ann", "kind": "direct", "occurred_at": "2026-03-30T09:00:00Z"},
                ],
            },
            "1",
        ),
        Example({"en": "no leads are 0", "zh-Hant": "沒有線索，為 0"}, {}, "0"),
    ],
)

#: Leads from somebody's territory, from a region that nobody holds, and from nowhere that is known.
AREAS = {
    "local": distinct("territory_lead", "lead_id, source", where="holder_id is not null"),
    "unheld": distinct("territory_lead", "lead_id, source", where="holder_id is null and region_id is not null"),
    "unknown": distinct("territory_lead", "lead_id, source", where="region_id is null"),
}

regional_new_leads = Indicator(
    "marketing.regional_new_leads",
    title={"en": "New local leads", "zh-Hant": "新增本地客戶線索量"},
    definition={
        "en": "Leads created in the period, after taking doubles out, whose region is the territory of someone who was "
        "assigned to it when the lead was created. Leads of regions that nobody holds, and of unknown regions, are "
        "counted apart.",
        "zh-Hant": "期內去重後的新線索中，其區域屬於線索建立時在任者轄區的數量。無人負責的區域與未知區域的線索另行計數。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["regional_sales", "sales"],
    better="higher",
    data_source={"en": "CRM and assignments", "zh-Hant": "CRM 與任職記錄"},
    params={
        **DEDUPE,
        "area": choice(
            "local",
            "unheld",
            "unknown",
            titles={
                "local": {"en": "of a territory", "zh-Hant": "屬轄區"},
                "unheld": {"en": "of a region that nobody holds", "zh-Hant": "無人負責的區域"},
                "unknown": {"en": "of an unknown region", "zh-Hant": "區域不明"},
            },
            title={"en": "area", "zh-Hant": "範圍"},
        ),
    },
    credit=("holder_id", "owner_id", "region_id"),
    measure=Choice("area", AREAS),
    moves={
        "en": "Moved by local events, partners and visits; moves local deals. Redrawn territories move it between people.",
        "zh-Hant": "受在地活動、夥伴與拜訪影響；影響在地成交。轄區調整會使其在人員之間移動。",
    },
    examples=[
        Example(
            {"en": "two of three leads are from the territory", "zh-Hant": "三條線索兩條屬轄區"},
            {
                "employee_assigned": [
                    {"employee_id": "Ann", "territory": "north", "effective_from": "2026-01-01T00:00:00Z"}
                ],
                "lead_created": [{"region_id": "north"}, {"region_id": "north"}, {"region_id": "south"}],
            },
            "2",
        ),
        Example(
            {"en": "before the assignment it was nobody's territory", "zh-Hant": "任職前該區不屬任何人"},
            {
                "employee_assigned": [
                    {"employee_id": "Ann", "territory": "north", "effective_from": "2026-03-10T00:00:00Z"}
                ],
                "lead_created": [
                    {"region_id": "north", "occurred_at": "2026-03-09T23:59:59Z"},
                    {"region_id": "north", "occurred_at": "2026-03-10T00:00:00Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "a lead of two holders is one lead", "zh-Hant": "兩人同轄一區，線索只計一條"},
            {
                "employee_assigned": [
                    {"employee_id": who, "territory": "north", "effective_from": "2026-01-01T00:00:00Z"}
                    for who in ("Ann", "Bo")
                ],
                "lead_created": [{"region_id": "north"}],
            },
            "1",
        ),
        Example(
            {"en": "an unknown region is told apart", "zh-Hant": "未知區域另計"},
            {"lead_created": [{"region_id": None}, {"region_id": "south"}, {"region_id": "west"}]},
            "1",
            params={"area": "unknown"},
        ),
        Example(
            {"en": "and so are regions that nobody holds", "zh-Hant": "無人負責的區域亦另計"},
            {"lead_created": [{"region_id": None}, {"region_id": "south"}, {"region_id": "west"}]},
            "2",
            params={"area": "unheld"},
        ),
        Example({"en": "no leads are 0", "zh-Hant": "沒有線索，為 0"}, {}, "0", period="2026-Q1"),
    ],
)
