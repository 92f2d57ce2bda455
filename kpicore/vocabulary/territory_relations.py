"""Where leads come from on the map, and channels that are tried for the first time."""

from __future__ import annotations

from kpicore.definitions.parameters import duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.growth import CHANNEL_TRIAL_STARTED
from kpicore.vocabulary.lead_relations import DEDUPE
from kpicore.vocabulary.leads import LEAD_CREATED

UNUSED = duration("365d", title=both("a channel is new if unused for", "渠道未使用期"))

# A region may be the territory of several people: each of them is credited, and counts of leads stay distinct.
TERRITORY_LEAD = Relation(
    "territory_lead",
    both("leads without duplicates, by whose territory they come from", "去重線索及其所屬轄區"),
    """
    select l.*, a.employee_id as holder_id
    from lead l
    left join assignment a
        on a.territory = l.region_id
        and a.valid_from <= l.occurred_at
        and (a.valid_to is null or l.occurred_at < a.valid_to)
    """,
    ("lead_id", "source", "holder_id"),
    params={"dedupe": DEDUPE},
    credits={**LEAD_CREATED.credits, "holder_id": "person"},
    reads={"lead": ("0d", "0d")},
    titles={"holder_id": both("whose territory it is", "轄區負責人")},
)

# The use before a trial is found by one pass over the instants of each channel that was tried.
NEW_CHANNEL_TRIAL = Relation(
    "new_channel_trial",
    both("trials of channels that were not in use", "新渠道嘗試"),
    """
    select t.trial_id, t.source, t.occurred_at, t.owner_id, t.team_id, t.channel_id, t.budget, t.currency,
        c.concluded_at
    from channel_trial_started t
    left join (
        select e.trial_id, min(e.occurred_at) as concluded_at
        from channel_trial_concluded e
        group by e.trial_id
    ) c on c.trial_id = t.trial_id
    left join (
        select e.channel_id, e.occurred_at,
            lag(e.occurred_at) over (partition by e.channel_id order by e.occurred_at) as used_at
        from (
            select u.channel_id, u.occurred_at
            from (
                select l.channel_id, l.occurred_at from lead_created l
                union all
                select o.channel_id, o.occurred_at from order_paid o
                union all
                select s.channel_id, s.occurred_at from channel_trial_started s
            ) u
            join (
                select h.channel_id from channel_trial_started h group by h.channel_id
            ) tried on tried.channel_id = u.channel_id
            group by u.channel_id, u.occurred_at
        ) e
    ) x on x.channel_id = t.channel_id and x.occurred_at = t.occurred_at
    where t.channel_id is not null and (x.used_at is null or t.occurred_at - x.used_at > $unused)
    """,
    ("trial_id", "source"),
    params={"unused": UNUSED},
    credits=CHANNEL_TRIAL_STARTED.credits,
    titles={"concluded_at": both("end of the trial", "嘗試結束時刻")},
)

RELATIONS = (TERRITORY_LEAD, NEW_CHANNEL_TRIAL)
