"""Teams, by hand. What is credited to teams counts for every team above them, too."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import SURVEY, inside, month, plain

_ABOVE = """recursive above as (
    select team_id, team_id as ancestor_id from team_defined
    union all select a.team_id, d.parent_team_id from above a join team_defined d on d.team_id = a.ancestor_id
    where d.parent_team_id is not null
)"""
_ASSIGNED = """assigned as (
    select *, lead(effective_from) over (partition by employee_id order by effective_from) as until from employee_assigned
)"""
_ADOPTED = f"""{_ASSIGNED}, adopted as (
    select a.proposal_id, a.occurred_at, coalesce(s.kind, a.kind) as kind,
        coalesce(s.team_id, t.team_id, a.team_id) as team_id
    from proposal_adopted a left join proposal_submitted s using (proposal_id)
    left join assigned t on t.employee_id = coalesce(s.owner_id, a.owner_id)
        and t.effective_from <= coalesce(s.occurred_at, a.occurred_at)
        and (t.until is null or coalesce(s.occurred_at, a.occurred_at) < t.until)
)"""
_UPWARD = "left join above b on b.team_id = r.team_id"


def _by_team(clauses: str, table: str, numbers: str, where: str = "true") -> str:
    return f"""with {_ABOVE}, {clauses}
        select coalesce(b.ancestor_id, r.team_id), {month("r.occurred_at")}, {numbers} from {table} r {_UPWARD}
        where {where} and {inside("r.occurred_at")} group by all"""


def _shared(table: str, key: str, sharer: str, where: str = "true") -> str:
    """Equal parts in 10⁻¹²s; the last takes the rest."""
    return f"""shared as (
        select *, case when row_number() over (partition by {key} order by {sharer}) = count(*) over (partition by {key})
            then 1000000000000 - (count(*) over (partition by {key}) - 1) * (1000000000000 // count(*) over (partition by {key}))
            else 1000000000000 // count(*) over (partition by {key}) end as part
        from {table} where {where}
    )"""


_PARTS = "sum({})::decimal(25, 0) * 0.000000000001::decimal(12, 12)"
_POINTS = "(r.score - r.scale_min) * 100000000000000 // (r.scale_max - r.scale_min)"

STATEMENTS: Mapping[str, str] = {
    "team.case_library_updates": plain("case_published", "count(*), null", where="approved and minor is not true"),
    "team.training_courses_developed": f"""with {_shared("course_released", "course_id", "author_id")}
        {plain("shared", f"{_PARTS.format('part')}, null", "author_id")}""",
    "team.knowledge_sharing_sessions": _by_team(
        _shared("sharing_held", "sharing_id", "team_id", "attendees >= 2 and minutes >= 30"),
        "shared",
        f"{_PARTS.format('r.part')}, null",
    ),
    "team.training_completion_rate": f"""with passed as (
            select distinct a.employee_id, a.course_id from training_assigned a join training_completed c
            on c.employee_id = a.employee_id and c.course_id = a.course_id and c.passed and c.occurred_at <= a.due_at
        )
        select a.employee_id, {month("a.due_at")}, count(p.course_id), count(*)
        from training_assigned a left join passed p using (employee_id, course_id)
        where {inside("a.due_at")} group by all""",
    "team.process_proposals_adopted": _by_team(
        _ADOPTED, "adopted", "count(distinct r.proposal_id), null", "r.kind = 'process'"
    ),
    "team.innovation_proposals_adopted": _by_team(
        _ADOPTED, "adopted", "count(distinct r.proposal_id), null", "r.kind in ('innovation', 'process', 'channel')"
    ),
    "team.innovation_proposals_submitted": plain(
        "proposal_submitted", "count(distinct proposal_id), null", where="kind = 'innovation'"
    ),
    "team.cross_department_satisfaction": _by_team(
        f"""{_ASSIGNED}, {SURVEY}, placed as (
            select s.* replace (coalesce(s.team_id, b.team_id) as team_id), a.team_id as rater_team_id
            from answers s
            left join assigned a on a.employee_id = s.respondent_id and a.effective_from <= s.occurred_at
                and (a.until is null or s.occurred_at < a.until)
            left join assigned b on b.employee_id = coalesce(s.subject_id, s.owner_id) and b.effective_from <= s.occurred_at
                and (b.until is null or s.occurred_at < b.until)
            where s.kind = 'cross_dept' and s.valid
        )""",
        "placed",
        f"{_PARTS.format(_POINTS)}, count(*)",
        "r.rater_team_id <> r.team_id",
    ),
}
