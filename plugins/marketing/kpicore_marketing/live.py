"""Live streams: what a customer costs who came through one."""

from __future__ import annotations

from kpicore import Example, Indicator, count, duration, total

ANN = {"kind": "contact", "id": "ann", "customer_id": "Ann"}
BO = {"kind": "contact", "id": "bo", "customer_id": "Bo"}
SHOW = {"live_id": "show", "occurred_at": "2026-03-10T12:00:00Z", "ended_at": "2026-03-10T14:00:00Z"}


def _watched(contact: str) -> dict[str, str]:
    return {"contact_key": contact, "live_id": "show", "occurred_at": "2026-03-10T12:30:00Z"}


live_stream_acquisition_cost = Indicator(
    "marketing.live_stream_acquisition_cost",
    title={"en": "Live-stream acquisition cost", "zh-Hant": "直播獲客成本"},
    definition={
        "en": "Spend booked on live streams in the period (media, host, production, fees) per new customer of them: whose first "
        "order follows a touch of the stream no later than 24 hours after its end. An order that was refunded in full "
        "within 7 days makes no customer. Spend without any new customer is flagged.",
        "zh-Hant": "期內直播費用（媒體、主播、製作、平台費）除以直播帶來的新客戶數：首單在直播觸點之後、直播結束後 24 小時以內。"
        "7 日內全額退款的訂單不算。有費用而無新客戶時標記。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "ecommerce"],
    unit="money",
    better="lower",
    data_source={"en": "Finance system, live platform, order system", "zh-Hant": "財務系統、直播平台、訂單系統"},
    params={
        "after": duration("24h", title={"en": "window after the stream", "zh-Hant": "直播後計入期"}),
        "reversal": duration("7d", title={"en": "refunds undo an order within", "zh-Hant": "退款沖銷期"}),
    },
    credit=("live_id", "owner_id", "channel_id"),
    measure=total("spend_booked", "amount", where="live_id is not null") / count("live_customer"),
    moves={
        "en": "Moved by hosts, offers and the hour; moves the cost of a customer. Deep discounts buy customers who return goods.",
        "zh-Hant": "受主播、優惠與時段影響；影響獲客成本。深度折扣買來的客戶退貨也多。",
    },
    examples=[
        Example(
            {"en": "600 for two new customers", "zh-Hant": "600 得兩位新客戶"},
            {
                "spend_booked": [{"live_id": "show", "amount": "600"}, {"amount": "900"}],
                "live_held": [SHOW],
                "identity_linked": [ANN, BO],
                "touch_recorded": [_watched("ann"), _watched("bo")],
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-03-10T13:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-03-11T14:00:00Z"},
                ],
            },
            "300",
        ),
        Example(
            {
                "en": "who buys later than 24 hours after the end is not the stream's",
                "zh-Hant": "結束 24 小時後才購買者不屬直播",
            },
            {
                "spend_booked": [{"live_id": "show", "amount": "600"}],
                "live_held": [SHOW],
                "identity_linked": [ANN, BO],
                "touch_recorded": [_watched("ann"), _watched("bo")],
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-03-10T13:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-03-11T14:00:01Z"},
                ],
            },
            "600",
        ),
        Example(
            {
                "en": "refunded in full within a week is no customer; a day later is",
                "zh-Hant": "一週內全額退款不算客戶；逾期退款仍算",
            },
            {
                "spend_booked": [{"live_id": "show", "amount": "600"}],
                "live_held": [SHOW],
                "identity_linked": [ANN, BO],
                "touch_recorded": [_watched("ann"), _watched("bo")],
                "order_paid": [
                    {"order_id": "O-1", "customer_id": "Ann", "gross": "80", "occurred_at": "2026-03-10T13:00:00Z"},
                    {"order_id": "O-2", "customer_id": "Bo", "gross": "80", "occurred_at": "2026-03-10T13:00:00Z"},
                ],
                "order_refunded": [
                    {"order_id": "O-1", "amount": "80", "occurred_at": "2026-03-17T13:00:00Z"},
                    {"order_id": "O-2", "amount": "80", "occurred_at": "2026-03-18T13:00:00Z"},
                ],
            },
            "600",
        ),
        Example(
            {"en": "spend and no new customer", "zh-Hant": "有費用而無新客戶"},
            {"spend_booked": [{"live_id": "show", "amount": "600"}]},
            state="no_denominator",
        ),
        Example({"en": "no live streams", "zh-Hant": "沒有直播"}, {}, state="no_denominator"),
    ],
)
