"""Customers, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import MONTHS, STEPS, SURVEY, days, inside, month, plain

_NPS = "kind = 'nps' and valid and scale_min = 0 and scale_max = 10"
_CSAT = "kind = 'csat' and valid and scale_min = 1 and scale_max = 5"

STATEMENTS: Mapping[str, str] = {
    "customer.customer_recommendation_rate": f"""with {SURVEY}
        {plain("answers", "count(*) filter (where score >= 9), count(*)", where=_NPS)}""",
    "customer.net_promoter_score": f"""with {SURVEY}
        {plain("answers", "100 * count(*) filter (where score >= 9) - 100 * count(*) filter (where score <= 6), count(*)", where=_NPS)}""",
    "customer.customer_favorable_rate": f"""with {SURVEY}
        {plain("answers", "count(*) filter (where score >= 4), count(*)", where=_CSAT)}""",
    "customer.customer_renewal_rate": f"""with churned as (
            select subscription_id, due_at, max(occurred_at) as churned_at from subscription_churned group by all
        ), kept as (
            select distinct r.subscription_id, r.due_at from subscription_renewed r left join churned c using (subscription_id, due_at)
            where r.occurred_at <= r.due_at + {days(30)} and (c.churned_at is null or c.churned_at < r.occurred_at)
        )
        select d.owner_id, {month("d.due_at")}, count(k.subscription_id), count(*)
        from subscription_due d left join kept k on k.subscription_id = d.subscription_id and k.due_at = d.due_at
        where {inside("d.due_at")} group by all""",
    "customer.customer_retention_rate": f"""with {STEPS}, {MONTHS}, still as (
            select distinct a.customer_id, m.month from active a join months m on a.occurred_at < m.ends and m.ends <= a.until
        )
        select a.owner_id, m.month, count(s.customer_id), count(*)
        from active a join months m on a.occurred_at < m.starts and m.starts <= a.until
        left join still s on s.customer_id = a.customer_id and s.month = m.month group by all""",
    "customer.customer_research_completion_rate": f"""select a.owner_id, {month("a.due_at")}, count(c.task_id), count(*)
        from research_assigned a left join research_completed c on c.task_id = a.task_id and c.occurred_at <= a.due_at
        where a.cancelled is not true and {inside("a.due_at")} group by all""",
    "customer.customer_success_cases": f"""with firsts as (
            select * from case_published where approved and consent and kind = 'customer_success'
            qualify row_number() over (partition by case_id order by occurred_at, version) = 1
        ), spaced as (
            select *, lag(occurred_at) over (partition by customer_id order by occurred_at, case_id) as before from firsts
        ) {plain("spaced", "count(*), null", where=f"(customer_id is null or before is null or occurred_at - before >= {days(365)})")}""",
    "customer.complaint_response_sla_rate": f"""with answered as (
            select distinct c.complaint_id from complaint_opened c join complaint_responded r on r.complaint_id = c.complaint_id
            and r.responder_kind = 'human' and r.occurred_at >= c.occurred_at and r.occurred_at <= c.occurred_at + {days(1)}
        )
        select c.owner_id, {month("c.occurred_at")}, count(a.complaint_id), count(*)
        from complaint_opened c left join answered a using (complaint_id) where {inside("c.occurred_at")} group by all""",
}
