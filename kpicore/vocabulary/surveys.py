"""Survey answers that count: the latest of each respondent, on a scale of 100, with the teams of both sides."""

from __future__ import annotations

from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.service import SURVEY_ANSWERED

# Who answers without a name is somebody else each time. Points are whole 10⁻¹²s, rounded down.
SURVEY_RESPONSE = Relation(
    "survey_response",
    both("latest survey answers", "最新問卷回答"),
    """
    select s.answer_id, s.source, s.occurred_at, s.survey_id, s.wave, s.kind, s.scale, s.respondent_id, s.owner_id,
        s.subject_id, coalesce(s.team_id, b.team_id) as team_id, a.team_id as rater_team_id,
        s.score, s.scale_min, s.scale_max, s.valid,
        case
            when s.valid then cast(cast(
                (s.score - s.scale_min) * 100000000000000 // (s.scale_max - s.scale_min) as decimal(15, 0)
            ) * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12))
        end as points
    from (
        select w.*,
            coalesce(w.subject_id, w.owner_id) as rated_id,
            coalesce(
                w.scale_min <= w.score and w.score <= w.scale_max
                and w.scale_min < w.scale_max and w.scale_max - w.scale_min <= 10000, false
            ) as valid,
            row_number() over (
                partition by w.survey_id, w.wave, w.kind, w.scale, w.subject_id, w.team_id,
                    coalesce(w.respondent_id, 'answer ' || w.answer_id || ' of ' || w.source)
                order by w.occurred_at desc, w.answer_id desc, w.source desc
            ) as nth
        from survey_answered w
    ) s
    left join assignment a
        on a.employee_id = s.respondent_id
        and a.valid_from <= s.occurred_at
        and (a.valid_to is null or s.occurred_at < a.valid_to)
    left join assignment b
        on b.employee_id = s.rated_id
        and b.valid_from <= s.occurred_at
        and (b.valid_to is null or s.occurred_at < b.valid_to)
    where s.nth = 1
    """,
    ("answer_id", "source"),
    credits=SURVEY_ANSWERED.credits,
    titles={
        "rater_team_id": both("the rater's team", "評分人團隊"),
        "valid": both("with a score on its scale", "得分有效"),
        "points": both("score out of 100", "百分制得分"),
    },
)

# Who rated a team lowest and highest is known by places, so that either end can be cut off.
PEER_ANSWER = Relation(
    "peer_answer",
    both("answers of other teams", "其他團隊的回答"),
    """
    select s.*,
        row_number() over (
            partition by s.team_id, s.survey_id, s.wave, s.scale order by s.points, s.answer_id, s.source
        ) as place,
        count(*) over (partition by s.team_id, s.survey_id, s.wave, s.scale) as raters
    from survey_response s
    where s.kind = 'cross_dept' and s.valid and s.rater_team_id <> s.team_id
    """,
    ("answer_id", "source"),
    credits=SURVEY_ANSWERED.credits,
    titles={
        "place": both("place from the lowest", "由低至高名次"),
        "raters": both("how many rated", "評分人數"),
    },
)

RELATIONS = (SURVEY_RESPONSE, PEER_ANSWER)
