"""Risk, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import inside, month, plain

_VERDICTS = "count(*) filter (where passed), count(passed)"
_CHECKS = f"""checks as (
    select owner_id, {month()}, count(*) filter (where passed) as good, count(passed) as done from privacy_checked
    where {inside()} group by all
), worst as (
    select owner_id, {month()}, count(*) as incidents from privacy_incident where severity = 1 and {inside()} group by all
), privacy as (
    select c.owner_id, c.month, case when w.incidents > 0 then 0 else c.good end as good, c.done
    from checks c left join worst w on w.owner_id is not distinct from c.owner_id and w.month = c.month
)"""

STATEMENTS: Mapping[str, str] = {
    "risk.material_compliance_rate": plain("material_audited", _VERDICTS),
    "risk.data_privacy_compliance_rate": f"with {_CHECKS} select owner_id, month, good, done from privacy",
    "risk.compliance_rate": f"""with {_CHECKS}, materials as (
            select owner_id, {month()}, count(*) filter (where passed) as good, count(passed) as done
            from material_audited where {inside()} group by all
        ), both_sides as (
            select p.owner_id, p.month, p.good, p.done from privacy p where p.done > 0
            union all select m.owner_id, m.month, m.good, m.done from materials m where m.done > 0
        )
        select owner_id, month, arg_min(good, good::decimal(18, 0) / done), arg_min(done, good::decimal(18, 0) / done)
        from both_sides group by all""",
    "risk.privacy_incidents": plain("privacy_incident", "count(*), null", where="severity <= 1"),
    "risk.critical_violations": plain("material_audited", "count(*), null", where="not passed and severity <= 1"),
    "risk.complaint_rate": f"""with verdicts as (
            select complaint_id, valid from complaint_closed where valid is not null
        ), both_sides as (
            select owner_id, occurred_at, 0 as complaints, 1 as orders from order_paid
            union all
            select coalesce(o.owner_id, c.owner_id), c.occurred_at, 1, 0
            from complaint_opened c left join order_paid o on o.order_id = c.order_id
            left join verdicts v on v.complaint_id = c.complaint_id where coalesce(v.valid, c.valid, true)
        ) {plain("both_sides", "100 * sum(complaints), sum(orders)")}""",
    "risk.indicator_outcome_correlation": f"""with pairs as (
            select i.ends_at - 1 as occurred_at, i.attainment as one, o.attainment as other
            from sealed_line i join sealed_line o using (evaluation, subject)
            where i.indicator = 'sales.lead_to_deal_rate' and o.indicator = 'sales.sales_revenue'
        ), placed as (
            select occurred_at,
                rank() over (partition by occurred_at order by one) + (count(*) over (partition by occurred_at, one) - 1) / 2 as a,
                rank() over (partition by occurred_at order by other) + (count(*) over (partition by occurred_at, other) - 1) / 2 as b
            from pairs
        ) {plain("placed", "corr(a, b), null", "null")}""",
}
