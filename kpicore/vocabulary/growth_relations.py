"""What teams bring forth, shared among those who did it: courses, sharing sessions, cases, adopted proposals."""

from __future__ import annotations

from kpicore.definitions.parameters import duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.growth import (
    CASE_PUBLISHED,
    COURSE_RELEASED,
    PROPOSAL_ADOPTED,
    RESEARCH_ASSIGNED,
    SHARING_HELD,
    TRAINING_ASSIGNED,
)

CASE_SPACING = duration("365d", title=both("one case a customer within", "同一客戶案例間隔"))

# An equal part in whole 10⁻¹²s; the last one takes what is left, so that the parts make one.
_SHARE = """cast(cast(
            case when z.nth = z.sharers then 1000000000000 - (z.sharers - 1) * (1000000000000 // z.sharers)
            else 1000000000000 // z.sharers end as decimal(13, 0)
        ) * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12)) as credit"""
_CREDIT = {"credit": both("credit", "份額")}

COURSE_CREDIT = Relation(
    "course_credit",
    both("shares of released courses", "發布課程份額"),
    f"""
    select z.course_id, z.author_id, z.source, z.occurred_at, z.owner_id, z.team_id,
        {_SHARE}
    from (
        select c.*,
            row_number() over (partition by c.course_id, c.source order by c.author_id) as nth,
            count(*) over (partition by c.course_id, c.source) as sharers
        from course_released c
    ) z
    """,
    ("course_id", "author_id", "source"),
    credits=COURSE_RELEASED.credits,
    titles=_CREDIT,
)

SHARING_CREDIT = Relation(
    "sharing_credit",
    both("teams' shares of sharing sessions", "分享會團隊份額"),
    f"""
    select z.sharing_id, z.team_id, z.source, z.occurred_at, z.owner_id, z.attendees, z.minutes,
        {_SHARE}
    from (
        select s.*,
            row_number() over (partition by s.sharing_id, s.source order by s.team_id) as nth,
            count(*) over (partition by s.sharing_id, s.source) as sharers
        from sharing_held s
        where s.attendees >= 2 and s.minutes >= 30
    ) z
    """,
    ("sharing_id", "team_id", "source"),
    credits=SHARING_HELD.credits,
    titles=_CREDIT,
)

# The first approved version of a case, unless the customer had one shortly before.
SUCCESS_CASE = Relation(
    "success_case",
    both("customer success cases", "客戶成功案例"),
    """
    select p.case_id, p.version, p.source, p.occurred_at, p.owner_id, p.team_id, p.customer_id
    from (
        select f.*,
            lag(f.occurred_at) over (
                partition by f.customer_id order by f.occurred_at, f.case_id, f.source
            ) as previous_at
        from (
            select c.*,
                row_number() over (partition by c.case_id, c.source order by c.occurred_at, c.version) as nth
            from case_published c
            where c.approved and c.consent and c.kind = 'customer_success'
        ) f
        where f.nth = 1
    ) p
    where p.customer_id is null or p.previous_at is null or p.occurred_at - p.previous_at >= $spacing
    """,
    ("case_id", "source"),
    params={"spacing": CASE_SPACING},
    credits=CASE_PUBLISHED.credits,
)

# The kind and the team are those of the submission.
ADOPTED_PROPOSAL = Relation(
    "adopted_proposal",
    both("adopted proposals of the submitting team", "採納提案（歸提交團隊）"),
    """
    select z.proposal_id, z.source, z.occurred_at, z.owner_id, z.kind, z.submitted_at,
        coalesce(z.submitting_team_id, t.team_id, z.team_id) as team_id
    from (
        select a.proposal_id, a.source, a.occurred_at, a.team_id, s.team_id as submitting_team_id,
            coalesce(s.owner_id, a.owner_id) as owner_id, coalesce(s.kind, a.kind) as kind,
            coalesce(s.occurred_at, a.occurred_at) as submitted_at,
            row_number() over (
                partition by a.proposal_id, a.source
                order by case when s.source = a.source then 0 else 1 end, s.source
            ) as nth
        from proposal_adopted a
        left join proposal_submitted s on s.proposal_id = a.proposal_id
    ) z
    left join assignment t
        on t.employee_id = z.owner_id
        and t.valid_from <= z.submitted_at
        and (t.valid_to is null or z.submitted_at < t.valid_to)
    where z.nth = 1
    """,
    ("proposal_id", "source"),
    credits=PROPOSAL_ADOPTED.credits,
    reads={"proposal_adopted": ("0d", "0d")},
    titles={"submitted_at": both("time of submission", "提交時刻")},
)

# A leave that begins before a course is due, and ends after it was given, moves the due time on by its length, or by what is
# left of it; so does one that begins in the time thus won. Leaves that overlap are one. A leave without end is very long.
REQUIRED_COURSE = Relation(
    "required_course",
    both("required courses, due after leave", "應修課程（到期順延休假）"),
    """
    select t.employee_id, t.course_id, t.source, t.occurred_at, t.owner_id,
        t.due_at + coalesce(x.extension, 0) as due_at
    from training_assigned t
    left join (
        select e.employee_id, e.course_id, e.source, cast(sum(e.length) as bigint) as extension
        from (
            select o.*,
                coalesce(sum(o.length) over (
                    partition by o.employee_id, o.course_id, o.source order by o.starts_at, o.leave_id, o.leave_source
                    rows between unbounded preceding and 1 preceding
                ), 0) as before
            from (
                select a.employee_id, a.course_id, a.source, a.due_at, l.leave_id, l.leave_source,
                    greatest(l.starts_at, a.occurred_at) as starts_at,
                    l.ends_at - greatest(l.starts_at, a.occurred_at) as length
                from training_assigned a
                join (
                    select s.leave_id, s.source as leave_source, s.employee_id, s.ends_at,
                        greatest(s.starts_at, coalesce(max(s.ends_at) over (
                            partition by s.employee_id order by s.starts_at, s.leave_id, s.source
                            rows between unbounded preceding and 1 preceding
                        ), s.starts_at)) as starts_at
                    from (
                        select v.leave_id, v.source, v.employee_id, v.starts_at,
                            coalesce(v.ends_at, v.starts_at + 3153600000000000) as ends_at
                        from leave_taken v
                        where v.starts_at is not null
                    ) s
                ) l on l.employee_id = a.employee_id and l.ends_at > l.starts_at and l.ends_at > a.occurred_at
            ) o
        ) e
        where e.starts_at < e.due_at + e.before
        group by e.employee_id, e.course_id, e.source
    ) x on x.employee_id = t.employee_id and x.course_id = t.course_id and x.source = t.source
    """,
    ("employee_id", "course_id", "source"),
    credits=TRAINING_ASSIGNED.credits,
    reads={"training_assigned": ("0d", "0d")},
)

# Who completes a task twice has completed it the first time.
RESEARCH_TASK = Relation(
    "research_task",
    both("research tasks with their completion", "調研任務及其完成時刻"),
    """
    select a.task_id, a.source, a.occurred_at, a.owner_id, a.due_at, a.cancelled, d.done_at
    from research_assigned a
    left join (
        select c.task_id, min(c.occurred_at) as done_at
        from research_completed c
        group by c.task_id
    ) d on d.task_id = a.task_id
    """,
    ("task_id", "source"),
    credits=RESEARCH_ASSIGNED.credits,
    reads={"research_assigned": ("0d", "0d")},
    titles={"done_at": both("time of completion", "完成時刻")},
)

RELATIONS = (COURSE_CREDIT, SHARING_CREDIT, SUCCESS_CASE, ADOPTED_PROPOSAL, REQUIRED_COURSE, RESEARCH_TASK)
