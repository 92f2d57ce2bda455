"""What teams bring forth, shared among those who did it: courses, sharing sessions, cases, adopted proposals."""

from __future__ import annotations

from kpicore.definitions.parameters import duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.growth import CASE_PUBLISHED, COURSE_RELEASED, PROPOSAL_ADOPTED, SHARING_HELD

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

RELATIONS = (COURSE_CREDIT, SHARING_CREDIT, SUCCESS_CASE, ADOPTED_PROPOSAL)
