"""What a team learns and tries: training, courses, sharing, cases, proposals, channel trials, research."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import (
    CHANNEL,
    CURRENCY,
    CUSTOMER,
    EMPLOYEE,
    KIND,
    TEAM,
    flag,
    ident,
    instant,
    money,
    number,
    word,
)

_COURSE, _PROPOSAL = ident("course", "課程"), ident("proposal", "提案")
_TRIAL, _TASK = ident("trial", "嘗試"), ident("research task", "調研任務")
_DUE = instant("due time", "到期時刻")
_BY_TEAM = {"owner_id": "person", "team_id": "team"}

TRAINING_ASSIGNED = FactType(
    "training_assigned",
    both("required courses", "應修課程"),
    ("employee_id", "course_id"),
    {"employee_id": EMPLOYEE, "course_id": _COURSE, "due_at": _DUE},
    both("trainee", "學員"),
    {"owner_id": "person", "employee_id": "person"},
)

TRAINING_COMPLETED = FactType(
    "training_completed",
    both("completed courses", "完成課程"),
    "completion_id",
    {
        "completion_id": ident("completion", "結訓"),
        "employee_id": EMPLOYEE,
        "course_id": _COURSE,
        "passed": flag("passed", "通過"),
    },
    both("trainee", "學員"),
    {"owner_id": "person", "employee_id": "person"},
)

COURSE_RELEASED = FactType(
    "course_released",
    both("released courses", "發布課程"),
    ("course_id", "author_id"),
    {"course_id": _COURSE, "author_id": ident("co-author", "共同作者"), "team_id": TEAM},
    both("who answers for the course", "課程負責人"),
    {"author_id": "person", "owner_id": "person", "team_id": "team"},
)

SHARING_HELD = FactType(
    "sharing_held",
    both("sharing sessions", "分享會"),
    ("sharing_id", "team_id"),
    {
        "sharing_id": ident("sharing session", "分享會"),
        "team_id": TEAM,
        "attendees": number("attendees", "參加人數"),
        "minutes": number("minutes", "分鐘數"),
    },
    both("speaker", "分享人"),
    _BY_TEAM,
)

CASE_PUBLISHED = FactType(
    "case_published",
    both("cases", "案例"),
    ("case_id", "version"),
    {
        "case_id": ident("case", "案例"),
        "version": number("version", "版本"),
        "kind": KIND,
        "approved": flag("approved", "審核通過"),
        "minor": flag("minor edit", "小幅修訂"),
        "consent": flag("customer's consent", "客戶同意"),
        "customer_id": CUSTOMER,
        "team_id": TEAM,
    },
    both("author", "作者"),
    _BY_TEAM,
)

PROPOSAL_SUBMITTED = FactType(
    "proposal_submitted",
    both("submitted proposals", "提交提案"),
    "proposal_id",
    {"proposal_id": _PROPOSAL, "kind": KIND, "team_id": TEAM},
    both("proposer", "提案人"),
    _BY_TEAM,
)

PROPOSAL_ADOPTED = FactType(
    "proposal_adopted",
    both("adopted proposals", "採納提案"),
    "proposal_id",
    {"proposal_id": _PROPOSAL, "kind": KIND, "team_id": TEAM},
    both("proposer", "提案人"),
    _BY_TEAM,
)

CHANNEL_TRIAL_STARTED = FactType(
    "channel_trial_started",
    both("channel trials", "渠道嘗試"),
    "trial_id",
    {
        "trial_id": _TRIAL,
        "channel_id": CHANNEL,
        "team_id": TEAM,
        "budget": money("budget", "預算"),
        "currency": CURRENCY,
    },
    both("who leads the trial", "嘗試負責人"),
    {**_BY_TEAM, "channel_id": "channel"},
)

CHANNEL_TRIAL_CONCLUDED = FactType(
    "channel_trial_concluded",
    both("concluded trials", "結束的嘗試"),
    "trial_id",
    {
        "trial_id": _TRIAL,
        "channel_id": CHANNEL,
        "team_id": TEAM,
        "result": word("result", "結果"),
        "evidence": word("evidence of the verdict, such as its document", "判定依據（如文件）"),
    },
    both("who leads the trial", "嘗試負責人"),
    {**_BY_TEAM, "channel_id": "channel"},
    version="1.1",
)

RESEARCH_ASSIGNED = FactType(
    "research_assigned",
    both("research tasks", "調研任務"),
    "task_id",
    {"task_id": _TASK, "due_at": _DUE, "cancelled": flag("cancelled", "取消"), "reason": word("reason", "原因")},
    both("researcher", "調研人"),
)

RESEARCH_COMPLETED = FactType(
    "research_completed",
    both("completed research", "完成調研"),
    "task_id",
    {"task_id": _TASK},
    both("researcher", "調研人"),
)

FACT_TYPES = (
    TRAINING_ASSIGNED,
    TRAINING_COMPLETED,
    COURSE_RELEASED,
    SHARING_HELD,
    CASE_PUBLISHED,
    PROPOSAL_SUBMITTED,
    PROPOSAL_ADOPTED,
    CHANNEL_TRIAL_STARTED,
    CHANNEL_TRIAL_CONCLUDED,
    RESEARCH_ASSIGNED,
    RESEARCH_COMPLETED,
)
