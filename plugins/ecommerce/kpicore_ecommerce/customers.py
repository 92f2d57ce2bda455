"""Customers of a shop: who wakes up again, and who buys through a private community."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import (
    ATTRIBUTION,
    Choice,
    Example,
    Indicator,
    Match,
    choice,
    count,
    distinct,
    duration,
    during,
    names,
    rate,
)

#: Who woke up, and which of those who slept are looked at; both from the population at the period's start.
WOKEN = {
    "order": during("net_order", "customer_id", where="kept"),
    "interaction": during("customer_interaction", "customer_id"),
}
TOUCHED = during("customer_touch", "customer_id", where="kind is distinct from 'direct'")
HELD_OUT = during("customer_touch", "customer_id", where="kind is distinct from 'direct'", absent=True)
POPULATIONS: dict[str, tuple[Match, ...]] = {"all": (), "touched": (TOUCHED,), "held_out": (HELD_OUT,)}


SLEEPING = {
    name: count("customer_state", at="start", where="state = 'dormant'", match=match)
    for name, match in POPULATIONS.items()
}


def _orders(*orders: tuple[str, str]) -> list[Mapping[str, Any]]:
    return [{"customer_id": who, "occurred_at": f"{day}T09:00:00Z"} for who, day in orders]


ANN = {"kind": "contact", "id": "ann", "customer_id": "Ann"}
#: Ann and Bo last bought in July of the year before; Cy in February.
SLEEPERS = (("Ann", "2025-07-01"), ("Bo", "2025-07-01"), ("Cy", "2026-02-10"))

dormant_customer_wakeup_rate = Indicator(
    "ecommerce.dormant_customer_wakeup_rate",
    title={"en": "Dormant customer wake-up rate", "zh-Hant": "沉睡客戶喚醒率"},
    definition={
        "en": "Of the customers who had not ordered for 180 days when the period began, those who order in it; or who interact "
        "in a way that counts. Who is dormant is settled at the start: nobody joins later. It can be read for those who "
        "were touched in the period, and beside it for those who were not, as the hold-out. Fully refunded orders do not "
        "count.",
        "zh-Hant": "期初已 180 日未下單的客戶中，期內再次下單（或有計入之互動）的比例。名單於期初凍結，不再增減。"
        "可只看期內觸達者，並以未觸達者為對照組。全額退款的訂單不計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["ecommerce", "customer_success"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system, CRM", "zh-Hant": "訂單系統、CRM"},
    params={
        "dormant": duration("180d", title={"en": "dormant after", "zh-Hant": "沉睡判定期"}),
        "wake": choice(
            "order",
            "interaction",
            titles={
                "order": {"en": "an order", "zh-Hant": "下單"},
                "interaction": {"en": "an interaction", "zh-Hant": "互動"},
            },
            title={"en": "what wakes", "zh-Hant": "喚醒判定"},
        ),
        "population": choice(
            "all",
            "touched",
            "held_out",
            titles={
                "all": {"en": "all dormant customers", "zh-Hant": "全部沉睡客戶"},
                "touched": {"en": "those who were touched", "zh-Hant": "已觸達者"},
                "held_out": {"en": "those who were not (hold-out)", "zh-Hant": "未觸達者（對照組）"},
            },
            title={"en": "population", "zh-Hant": "對象"},
        ),
        "interactions": names(
            "consult", "sign_in", "review", title={"en": "interactions that count", "zh-Hant": "計入的互動"}
        ),
    },
    measure=Choice(
        "wake",
        {
            wake: Choice("population", {name: rate(sleeping, woken) for name, sleeping in SLEEPING.items()})
            for wake, woken in WOKEN.items()
        },
    ),
    moves={
        "en": "Moved by reminders and offers that fit; moves repeat purchase. Compare with the hold-out: some wake by themselves.",
        "zh-Hant": "受提醒與合適的優惠影響；帶動復購。應與對照組比較：有些客戶本就會回來。",
    },
    examples=[
        Example(
            {"en": "one of two sleepers orders; Cy was awake", "zh-Hant": "兩位沉睡客戶一位下單；活躍者不計"},
            {"order_paid": _orders(*SLEEPERS, ("Ann", "2026-03-10"), ("Cy", "2026-03-10"))},
            "0.5",
        ),
        Example(
            {
                "en": "who falls asleep in the period is not in it; a refunded order wakes nobody",
                "zh-Hant": "期中才沉睡者不計；全額退款的訂單不算喚醒",
            },
            {
                "order_paid": [
                    *_orders(("Ann", "2025-07-01"), ("Di", "2025-09-10"), ("Di", "2026-03-31")),
                    {"order_id": "O-9", "customer_id": "Ann", "gross": "80"},
                ],
                "order_refunded": [{"order_id": "O-9", "amount": "80"}],
            },
            "0",
        ),
        Example(
            {"en": "an interaction that counts; a like does not", "zh-Hant": "計入的互動；按讚不計"},
            {
                "identity_linked": [ANN],
                "order_paid": _orders(*SLEEPERS),
                "interaction_logged": [
                    {"contact_key": "ann", "kind": "consult"},
                    {"customer_id": "Bo", "kind": "like"},
                ],
            },
            "0.5",
            params={"wake": "interaction"},
        ),
        Example(
            {"en": "of those who were touched: Ann woke up", "zh-Hant": "觸達者：一位，已喚醒"},
            {
                "identity_linked": [ANN],
                "order_paid": _orders(*SLEEPERS, ("Ann", "2026-03-10")),
                "touch_recorded": [{"contact_key": "ann", "kind": "message", "occurred_at": "2026-03-05T09:00:00Z"}],
            },
            "1",
            params={"population": "touched"},
        ),
        Example(
            {"en": "of the hold-out: Bo slept on", "zh-Hant": "對照組：一位，未喚醒"},
            {
                "identity_linked": [ANN],
                "order_paid": _orders(*SLEEPERS, ("Ann", "2026-03-10")),
                "touch_recorded": [{"contact_key": "ann", "kind": "message", "occurred_at": "2026-03-05T09:00:00Z"}],
            },
            "0",
            params={"population": "held_out"},
        ),
        Example(
            {"en": "everybody was awake", "zh-Hant": "沒有沉睡客戶"},
            {"order_paid": _orders(("Cy", "2026-02-10"))},
            state="no_denominator",
        ),
        Example({"en": "no customers", "zh-Hant": "沒有客戶"}, {}, state="no_denominator"),
    ],
)

#: An order through one community says nothing of another that the customer is in.
BOUGHT = during("community_order", ("customer_id", "community_id"))
ACTIVE = during("community_activity", ("person", "community_id"))
MEMBERS = {
    "all": distinct("membership", "person", at="during"),
    "active": distinct("membership", "person", at="during", match=ACTIVE),
}


def _joined(*who: str, community: str = "vip", day: str = "2026-02-01") -> list[Mapping[str, Any]]:
    return [
        {
            "membership_id": f"{one} in {community}",
            "community_id": community,
            "customer_id": one,
            "occurred_at": f"{day}T09:00:00Z",
        }
        for one in who
    ]


MESSAGE = {"contact_key": "ann", "community_id": "vip", "kind": "message", "occurred_at": "2026-03-08T09:00:00Z"}
ADVERTISED = {"contact_key": "ann", "channel_id": "ads", "kind": "click", "occurred_at": "2026-03-09T09:00:00Z"}

private_community_conversion_rate = Indicator(
    "ecommerce.private_community_conversion_rate",
    title={"en": "Private community conversion rate", "zh-Hant": "私域社群轉化率"},
    definition={
        "en": "Members of private communities with a paid order in the period that is credited to their community, over all "
        "members of the period: those at its start and those who joined, also when they left. One person in many "
        "communities counts once. An order inherits the credit of its lead; without a lead the customer's own touches "
        "decide. The variant of active members counts who interacted in the community.",
        "zh-Hant": "期內有歸屬所在社群之付款訂單的成員，占期內成員（期初在群加新入群，含已退群者）的比例。一人在多群只計一次。"
        "訂單承襲線索歸屬，無線索者依客戶自身觸點。另有只計在群內互動之活躍成員的基準。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "ecommerce"],
    unit="percent",
    better="higher",
    data_source={"en": "Community tool, order system, tracking of touches", "zh-Hant": "社群工具、訂單系統、觸點追蹤"},
    params={
        **ATTRIBUTION,
        "members": choice(
            "all",
            "active",
            titles={
                "all": {"en": "all members", "zh-Hant": "全部成員"},
                "active": {"en": "active members", "zh-Hant": "活躍成員"},
            },
            title={"en": "members", "zh-Hant": "成員基準"},
        ),
    },
    credit=("owner_id", "community_id"),
    measure=Choice("members", {name: rate(members, BOUGHT) for name, members in MEMBERS.items()}),
    moves={
        "en": "Moved by service in the group and offers for members only; moves repeat purchase at no media cost.",
        "zh-Hant": "受群內服務與成員專屬優惠影響；不花媒體費帶動復購。",
    },
    examples=[
        Example(
            {"en": "one of four members orders after a message to the group", "zh-Hant": "四位成員一位因群訊息下單"},
            {
                "identity_linked": [ANN],
                "community_joined": _joined("Ann", "Bo", "Cy", "Di"),
                "touch_recorded": [MESSAGE],
                "order_paid": _orders(("Ann", "2026-03-10"), ("Bo", "2026-03-10")),
            },
            "0.25",
        ),
        Example(
            {
                "en": "who left before is no member; who left within stays; in two groups one is one",
                "zh-Hant": "期前退群者不計；期中退群者仍計；一人兩群只計一次",
            },
            {
                "identity_linked": [ANN],
                "community_joined": [*_joined("Ann", "Bo", "Cy"), *_joined("Ann", community="new", day="2026-03-02")],
                "community_left": [
                    {"membership_id": "Bo in vip", "occurred_at": "2026-02-20T09:00:00Z"},
                    {"membership_id": "Cy in vip", "occurred_at": "2026-03-20T09:00:00Z"},
                ],
                "touch_recorded": [MESSAGE],
                "order_paid": _orders(("Ann", "2026-03-10")),
            },
            "0.5",
        ),
        *(
            Example(
                {"en": f"model {model}: {en}", "zh-Hant": f"{word}:{zh}"},
                {
                    "identity_linked": [ANN],
                    "community_joined": _joined("Ann"),
                    "touch_recorded": [MESSAGE, ADVERTISED],
                    "order_paid": _orders(("Ann", "2026-03-10")),
                },
                value,
                params={"model": model},
            )
            for model, word, en, zh, value in (
                ("last", "末次", "the advertisement came last", "末次觸點為廣告", "0"),
                ("first", "首次", "the message came first", "首個觸點為群訊息", "1"),
                ("linear", "線性", "the community has a share", "社群有份額", "1"),
                ("u", "U 型", "the community has a share", "社群有份額", "1"),
                ("decay", "時間衰減", "the community has a share", "社群有份額", "1"),
            )
        ),
        Example(
            {"en": "active members: one of the two who spoke up", "zh-Hant": "活躍成員：發言二人，一人成交"},
            {
                "identity_linked": [ANN],
                "community_joined": _joined("Ann", "Bo", "Cy", "Di"),
                "interaction_logged": [
                    {"customer_id": "Ann", "community_id": "vip", "kind": "comment"},
                    {"customer_id": "Bo", "community_id": "vip", "kind": "comment"},
                ],
                "touch_recorded": [MESSAGE],
                "order_paid": _orders(("Ann", "2026-03-10")),
            },
            "0.5",
            params={"members": "active"},
        ),
        Example({"en": "no members", "zh-Hant": "沒有成員"}, {}, state="no_denominator"),
    ],
)
