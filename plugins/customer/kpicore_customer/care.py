"""Care: research that was promised, cases that came of it, and complaints that were answered in time."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, Match, Parameter, choice, count, duration, names, rate, total, within

TASKS = count("research_assigned", time="due_at", where="cancelled is not true")
IN_TIME = Match("research_completed", "task_id", high="due_at")
#: What a task is worth by how many whole days it was late.
WORTH = total(
    "research_task",
    "case when done_at <= due_at then 1 else stepped((done_at - due_at) // 86400000000, $late_table) end",
    time="due_at",
    where="cancelled is not true and done_at <= due_at + $late_span",
    matures="$late_span",
)

DUE = "2026-03-20T18:00:00Z"

customer_research_completion_rate = Indicator(
    "customer.customer_research_completion_rate",
    title={"en": "Customer research completion rate", "zh-Hant": "客戶需求調研完成率"},
    definition={
        "en": "Of the research tasks that fall due in the period, those completed by their due time. Late is not completed, "
        "unless it is declared to count in part: by a table of whole days late, within a span. Cancelled tasks count "
        "nowhere and keep their reason.",
        "zh-Hant": "期內到期的調研任務中，於到期時刻前完成者的比例。逾期不算完成，除非聲明於期限內按逾期整日數的級距表部分計分；已取消的任務不計，並保留原因。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Task system", "zh-Hant": "任務系統"},
    params={
        "late": choice(
            "nothing",
            "partial",
            titles={
                "nothing": {"en": "count nothing", "zh-Hant": "不計"},
                "partial": {"en": "count in part", "zh-Hant": "部分計分"},
            },
            title={"en": "late tasks", "zh-Hant": "逾期任務"},
        ),
        "late_span": duration("7d", title={"en": "late tasks count within", "zh-Hant": "逾期計分期限"}),
        "late_table": Parameter(
            "steps",
            ("0: 0.5",),
            title={"en": "share of a late task from so many days on", "zh-Hant": "逾期日數級距與計分比例"},
        ),
    },
    measure=Choice(
        "late",
        {
            "nothing": rate(TASKS, IN_TIME),
            "partial": WORTH / TASKS,
        },
    ),
    version="1.2",
    moves={
        "en": "Moved by planning and by access to customers; moves the fit of content and offers.",
        "zh-Hant": "受規劃與客戶接觸機會影響；影響內容與方案的契合度。",
    },
    examples=[
        Example(
            {"en": "one of two is completed in time, to the second", "zh-Hant": "兩項中一項準時完成"},
            {
                "research_assigned": [{"task_id": "T-1", "due_at": DUE}, {"task_id": "T-2", "due_at": DUE}],
                "research_completed": [
                    {"task_id": "T-1", "occurred_at": DUE},
                    {"task_id": "T-2", "occurred_at": "2026-03-20T18:00:01Z"},
                ],
            },
            "0.5",
        ),
        Example(
            {"en": "a cancelled task is no task", "zh-Hant": "已取消的任務不計"},
            {
                "research_assigned": [
                    {"task_id": "T-1", "due_at": DUE},
                    {"task_id": "T-2", "due_at": DUE, "cancelled": True, "reason": "the customer left"},
                ],
                "research_completed": [{"task_id": "T-1", "occurred_at": "2026-02-01T09:00:00Z"}],
            },
            "1",
        ),
        Example(
            {"en": "a task counts when it is due, not when it is given", "zh-Hant": "按到期時刻歸期，不按指派時刻"},
            {
                "research_assigned": [
                    {"task_id": "T-1", "due_at": DUE, "occurred_at": "2026-01-05T09:00:00Z"},
                    {"task_id": "T-2", "due_at": "2026-04-01T00:00:00Z"},
                ]
            },
            "0",
        ),
        Example(
            {
                "en": "in part: one in time, one two days late, one eight days late",
                "zh-Hant": "部分計分：準時、逾期二日、逾期八日各一",
            },
            {
                "research_assigned": [{"task_id": f"T-{n}", "due_at": DUE} for n in (1, 2, 3)],
                "research_completed": [
                    {"task_id": "T-1", "occurred_at": DUE},
                    {"task_id": "T-2", "occurred_at": "2026-03-22T18:00:00Z"},
                    {"task_id": "T-3", "occurred_at": "2026-03-28T18:00:00Z"},
                ],
            },
            "0.5",
            params={"late": "partial"},
        ),
        Example(
            {
                "en": "by a table: two days late 0.8, four days late 0.4, eight days late nothing",
                "zh-Hant": "按級距：逾期二日計 0.8、四日計 0.4、八日不計",
            },
            {
                "research_assigned": [{"task_id": f"T-{n}", "due_at": DUE} for n in (1, 2, 3)],
                "research_completed": [
                    {"task_id": "T-1", "occurred_at": "2026-03-22T18:00:00Z"},
                    {"task_id": "T-2", "occurred_at": "2026-03-24T18:00:00Z"},
                    {"task_id": "T-3", "occurred_at": "2026-03-28T18:00:00Z"},
                ],
            },
            "0.4",
            params={"late": "partial", "late_table": [["0", "0.8"], ["3", "0.4"]]},
        ),
        Example(
            {"en": "what is late may still come: provisional for a week", "zh-Hant": "逾期者尚可補交：一週內為暫定"},
            {"research_assigned": [{"task_id": "T-1", "due_at": DUE}]},
            "0",
            state="provisional",
            params={"late": "partial"},
            as_of="2026-04-05T00:00:00Z",
        ),
        Example({"en": "nothing fell due", "zh-Hant": "沒有到期任務"}, {}, state="no_denominator"),
    ],
)


def case(customer: str | None = "Ann", **more: object) -> dict[str, object]:
    """An approved success case that its customer agreed to."""
    return {"kind": "customer_success", "approved": True, "consent": True, "customer_id": customer, **more}


customer_success_cases = Indicator(
    "customer.customer_success_cases",
    title={"en": "Customer success cases", "zh-Hant": "客戶成功案例產出量"},
    definition={
        "en": "Success cases whose first approved version, with the customer's consent, was published in the period. A "
        "customer's case counts only if there was none of that customer in the twelve months before.",
        "zh-Hant": "首個經審核且客戶同意的版本於期內發布的成功案例數。同一客戶前十二個月內已有案例者不計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["customer_success", "marketing"],
    unit="count",
    better="higher",
    data_source={"en": "Case library", "zh-Hant": "案例庫"},
    params={"spacing": duration("365d", title={"en": "one case a customer within", "zh-Hant": "同一客戶案例間隔"})},
    credit=("owner_id", "team_id"),
    measure=count("success_case"),
    moves={
        "en": "Moved by results at customers and by asking for consent; moves conversion of new leads.",
        "zh-Hant": "受客戶成效與徵得同意影響；影響新線索的轉化。",
    },
    examples=[
        Example(
            {"en": "cases of two customers", "zh-Hant": "兩位客戶的案例"},
            {"case_published": [case("Ann"), case("Bo")]},
            "2",
        ),
        Example(
            {"en": "one case a customer in twelve months", "zh-Hant": "同一客戶十二個月計一例"},
            {"case_published": [case(occurred_at="2025-06-10T09:00:00Z"), case(), case("Bo")]},
            "1",
        ),
        Example(
            {"en": "without approval or consent there is no case", "zh-Hant": "未審核或未獲同意者不計"},
            {"case_published": [case("Ann", consent=False), case("Bo", approved=None), case("Cy")]},
            "1",
        ),
        Example({"en": "none was published", "zh-Hant": "沒有發布案例"}, {}, "0"),
    ],
)

OPENED = count("complaint_opened", matures="$sla", young="drop")
#: By business hours: what was opened on a Friday evening has until Monday.
OPENED_BUSINESS = count("complaint_deadline", where="due_at <= $as_of")
ANSWERED_BUSINESS = Match(
    "complaint_responded", "complaint_id", low="occurred_at", high="due_at", where="responder_kind in $responders"
)
ANSWERED = within("complaint_responded", "complaint_id", "$sla", where="responder_kind in $responders")


def response(number: str, time: str, kind: str = "human") -> dict[str, str]:
    """A response to a complaint."""
    return {"complaint_id": number, "occurred_at": time, "responder_kind": kind}


NOON = "2026-03-10T12:00:00Z"

complaint_response_sla_rate = Indicator(
    "customer.complaint_response_sla_rate",
    title={"en": "Complaints answered in time", "zh-Hant": "投訴響應時效"},
    definition={
        "en": "Of the complaints opened in the period, those with a first response of a person within the time allowed, by the "
        "calendar's clock, or by that of business hours, without closures. Automatic replies are no response. Complaints younger than that time count nowhere yet.",
        "zh-Hant": "期內受理的投訴中，於時限內獲首次人工響應者的比例，按日曆時間計，或按營業時間計（扣除休業日）。自動回覆不算響應；受理未滿時限者暫不計入。",
    },
    perspective="risk",
    indicator_type="guard",
    roles=["customer_success"],
    unit="percent",
    better="higher",
    data_source={"en": "Service desk", "zh-Hant": "客服系統"},
    params={
        "sla": duration("24h", title={"en": "time allowed", "zh-Hant": "響應時限"}),
        "responders": names("human", title={"en": "who answers in person", "zh-Hant": "人工響應者類別"}),
        "clock": choice(
            "calendar",
            "business",
            titles={
                "calendar": {"en": "calendar", "zh-Hant": "日曆時間"},
                "business": {"en": "business hours", "zh-Hant": "營業時間"},
            },
            title={"en": "clock", "zh-Hant": "計時方式"},
        ),
        "opens": duration("9h", title={"en": "opens, after midnight", "zh-Hant": "營業開始（自午夜起）"}),
        "closes": duration("18h", title={"en": "closes, after midnight", "zh-Hant": "營業結束（自午夜起）"}),
        "workdays": Parameter(
            "integer", "5", title={"en": "working days of a week, from Monday", "zh-Hant": "每週工作日數（週一起）"}
        ),
    },
    measure=Choice("clock", {"calendar": rate(OPENED, ANSWERED), "business": rate(OPENED_BUSINESS, ANSWERED_BUSINESS)}),
    version="1.1",
    moves={
        "en": "Moved by staffing and routing; moves the favourable rate and retention.",
        "zh-Hant": "受人力與分派影響；影響好評率與留存。",
    },
    examples=[
        Example(
            {"en": "one of two is answered within a day, to the second", "zh-Hant": "兩件中一件於 24 小時內響應"},
            {
                "complaint_opened": [
                    {"complaint_id": "1", "occurred_at": NOON},
                    {"complaint_id": "2", "occurred_at": NOON},
                ],
                "complaint_responded": [
                    response("1", "2026-03-11T12:00:00Z"),
                    response("2", "2026-03-11T12:00:01Z"),
                ],
            },
            "0.5",
        ),
        Example(
            {"en": "an automatic reply is no response", "zh-Hant": "自動回覆不算響應"},
            {
                "complaint_opened": [{"complaint_id": "1", "occurred_at": NOON}],
                "complaint_responded": [response("1", NOON, "bot")],
            },
            "0",
        ),
        Example(
            {"en": "a complaint younger than a day does not count yet", "zh-Hant": "未滿一日的投訴暫不計入"},
            {
                "complaint_opened": [
                    {"complaint_id": "1", "occurred_at": NOON},
                    {"complaint_id": "2", "occurred_at": "2026-03-12T12:00:00Z"},
                ],
                "complaint_responded": [response("1", "2026-03-10T15:00:00Z")],
            },
            "1",
            as_of="2026-03-12T18:00:00Z",
        ),
        Example(
            {
                "en": "two business hours: from Friday 17:00 until Monday 10:00; Tuesday is a holiday",
                "zh-Hant": "營業時間二小時：週五 17 時起至週一 10 時止；週二為休業日",
            },
            {
                "closure_declared": [{"starts_at": "2026-03-10T00:00:00Z", "ends_at": "2026-03-11T00:00:00Z"}],
                "complaint_opened": [
                    {"complaint_id": "1", "occurred_at": "2026-03-06T17:00:00Z"},
                    {"complaint_id": "2", "occurred_at": "2026-03-06T17:00:00Z"},
                    {"complaint_id": "3", "occurred_at": "2026-03-09T17:30:00Z"},
                    {"complaint_id": "4", "occurred_at": "2026-03-07T12:00:00Z"},
                ],
                "complaint_responded": [
                    response("1", "2026-03-09T10:00:00Z"),
                    response("2", "2026-03-09T10:00:01Z"),
                    response("3", "2026-03-11T10:30:00Z"),
                    response("4", "2026-03-09T11:00:01Z"),
                ],
            },
            "0.5",
            params={"clock": "business", "sla": "2h"},
        ),
        Example(
            {"en": "business hours: not due yet, it does not count yet", "zh-Hant": "營業時間：時限未屆滿者暫不計入"},
            {
                "complaint_opened": [{"complaint_id": "1", "occurred_at": "2026-03-06T17:00:00Z"}],
                "complaint_responded": [response("1", "2026-03-06T17:10:00Z")],
            },
            state="no_denominator",
            params={"clock": "business", "sla": "2h"},
            as_of="2026-03-08T12:00:00Z",
        ),
        Example({"en": "nobody complained", "zh-Hant": "沒有投訴"}, {}, state="no_denominator"),
    ],
)
