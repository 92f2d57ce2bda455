"""Spend and budgets as spells: what falls into a period is the part of it that the period covers."""

from __future__ import annotations

from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.spend import BUDGET_SET, SPEND_BOOKED

# A spell of one microsecond is an instant: what has no dates of service counts when it was booked.
SPEND_TERM = Relation(
    "spend_term",
    both("spend over its dates of service", "按服務期攤銷的費用"),
    """
    select s.*,
        case when s.service_from < s.service_to then s.service_from else s.occurred_at end as valid_from,
        case when s.service_from < s.service_to then s.service_to else s.occurred_at + 1 end as valid_to
    from spend_booked s
    """,
    ("spend_id", "source"),
    spell=True,
    credits=SPEND_BOOKED.credits,
)

# A later budget of a line takes the place of the one before from its own start on; each accrues over its own term.
BUDGET = Relation(
    "budget",
    both("budgets in force", "生效預算"),
    """
    select z.budget_line, z.source, z.owner_id, z.amount, z.currency, z.period, z.valid_from,
        least(z.term_end, coalesce(z.replaced_at, z.term_end)) as valid_to, z.term_end
    from (
        select b.*,
            case when b.valid_from < b.valid_to then b.valid_to else b.valid_from + 1 end as term_end,
            lead(b.valid_from) over (partition by b.budget_line order by b.valid_from, b.source) as replaced_at
        from budget_set b
    ) z
    """,
    ("budget_line", "valid_from", "source"),
    spell=True,
    credits=BUDGET_SET.credits,
    titles={"term_end": both("end of the budget's term", "預算期末")},
)

RELATIONS = (SPEND_TERM, BUDGET)
