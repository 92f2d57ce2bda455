"""What was scored and sealed, as rows that can be measured."""

from __future__ import annotations

from kpicore.definitions.relations import Relation
from kpicore.naming import both

# A score belongs to the instant in which its period closes.
SEALED_SCORE = Relation(
    "sealed_score",
    both("sealed scores", "已封存的評分"),
    """
    select l.evaluation, l.scorecard, l.period, l.level, l.subject, l.ends_at - 1 as occurred_at,
        case when l.level = 'person' then l.subject end as person_id,
        case when l.level = 'team' then l.subject end as team_id,
        cast(cast(l.total as decimal(18, 0)) * cast(0.0000000000001 as decimal(13, 13)) as decimal(18, 13)) as attainment
    from sealed_line l
    where l.line = 1
    """,
    ("evaluation", "subject"),
    credits={"person_id": "person", "team_id": "team"},
    titles={
        "evaluation": both("evaluation", "評分"),
        "scorecard": both("scorecard", "計分卡"),
        "period": both("period", "期間"),
        "level": both("level", "層級"),
        "subject": both("who was scored", "受評對象"),
        "person_id": both("person who was scored", "受評人"),
        "team_id": both("team that was scored", "受評團隊"),
        "attainment": both("attainment", "達成率"),
    },
)

RELATIONS = (SEALED_SCORE,)
