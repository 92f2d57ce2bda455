"""What several statements say in the same words: months, and the WITH clauses of leads, orders, credit and customers.

A statement is a SELECT of subject, month, break-downs, numerator and denominator for every person, over tables named for
fact types, with instants as int64 µs UTC and months in UTC.
"""

from __future__ import annotations

from tests.benchmarks.department.draw import DAY_US, END_US, START_US

MONTHS = """months as (
    select m as month, epoch_us(m) as starts, epoch_us(m + interval 1 month) as ends
    from range(timestamp '2024-01-01', timestamp '2026-01-01', interval 1 month) t(m)
)"""


def days(number: int) -> int:
    """So many days in µs."""
    return number * DAY_US


def month(column: str = "occurred_at") -> str:
    """The month of an instant."""
    return f"date_trunc('month', make_timestamp({column})) as month"


def inside(column: str = "occurred_at") -> str:
    """Within the 24 months."""
    return f"{column} >= {START_US} and {column} < {END_US}"


def plain(table: str, numbers: str, who: str = "owner_id", where: str = "true", time: str = "occurred_at") -> str:
    """Rows of one table, by person and month."""
    return f"select {who}, {month(time)}, {numbers} from {table} where {inside(time)} and {where} group by all"


def looked_after(kind: str, thing: str, moment: str) -> str:
    """A join to whoever looked after a thing at that moment."""
    return f"""left join responsibility_assigned who on who.kind = '{kind}' and who.id = {thing}
    and who.valid_from <= {moment} and (who.valid_to is null or {moment} < who.valid_to)"""


def accrued(amount: str, start: str, end: str, low: str, high: str) -> str:
    """The part of an amount that falls between two instants, in ten-thousandths that add up to it."""

    def until(at: str) -> str:
        gone = f"(greatest(least({at}, {end}), {start}) - {start}) // 1000000"
        return f"({amount} * 10000)::hugeint * ({gone}) // greatest(({end} - {start}) // 1000000, 1)"

    # A booking without dates of service is one microsecond long: all of it when it was booked.
    whole = f"case when {low} <= {start} and {start} < {high} then ({amount} * 10000)::hugeint else 0 end"
    return f"case when {end} - {start} < 1000000 then {whole} else {until(high)} - {until(low)} end"


NET = """net as (
    select o.*, o.gross - o.discount - o.tax - coalesce(x.amount, 0) as net,
        o.gross - o.discount - o.tax - coalesce(x.amount, 0) - o.cogs + coalesce(x.cogs, 0) as margin,
        o.gross - o.discount - o.tax > coalesce(x.amount, 0) as kept
    from order_paid o
    left join (
        select order_id, sum(amount) as amount, sum(cogs_reversed) as cogs
        from (
            select order_id, amount, cogs_reversed from order_refunded
            union all select order_id, amount, cogs_reversed from order_cancelled
        ) group by order_id
    ) x on x.order_id = o.order_id
)"""
FIRSTS = f"""{NET}, firsts as (
    select * from net where kept and customer_id is not null
    qualify row_number() over (partition by customer_id order by occurred_at, order_id) = 1
)"""
BOUGHT = "bought as (select distinct customer_id, date_trunc('month', make_timestamp(occurred_at)) as month from net where kept)"
ORDER_DAYS = """order_days as (
    select customer_id, owner_id, occurred_at from net where kept and customer_id is not null
    qualify row_number() over (
        partition by customer_id, occurred_at // 86400000000 order by occurred_at, order_id
    ) = 1
)"""
#: When a customer was active: from each order until the next, or until 180 days later.
STEPS = f"""{NET}, steps as (
    select customer_id, owner_id, occurred_at,
        lead(occurred_at) over (partition by customer_id order by occurred_at, order_id) as next_at
    from net where kept and customer_id is not null
), active as (
    select *, least(coalesce(next_at, occurred_at + {days(180)}), occurred_at + {days(180)}) as until from steps
)"""

_THREADED = f"""select *, sum(fresh) over (partition by contact_key order by occurred_at, lead_id) as thread from (
        select *, case when contact_key is not null and occurred_at - lag(occurred_at) over (
            partition by contact_key order by occurred_at, lead_id) < {days(90)} then 0 else 1 end as fresh
        from lead_created
    )"""
LEADS = f"""leads as (
    select * from lead_created
    qualify contact_key is null or coalesce(occurred_at - lag(occurred_at) over (
        partition by contact_key order by occurred_at, lead_id), {days(90)}) >= {days(90)}
)"""
#: Each lead with the first of its thread, and the deals of either.
THREADS = f"""threads as (
    select lead_id, first_value(lead_id) over (partition by contact_key, thread order by occurred_at, lead_id) as root_id
    from ({_THREADED})
)"""
LEAD_DEALS = f"""{THREADS}, lead_deals as (
    select d.deal_id, d.customer_id, d.occurred_at, d.owner_id, d.amount, r.lead_id, r.occurred_at as lead_at,
        coalesce(r.campaign_id, d.campaign_id) as campaign_id
    from deal_won d join threads t on t.lead_id = d.lead_id join lead_created r on r.lead_id = t.root_id
)"""
VERDICTS = f"""{LEADS}, verdicts as (
    select l.*, v.valid from leads l left join (
        select q.lead_id, q.valid from lead_qualified q join lead_created c on c.lead_id = q.lead_id
        where q.valid is not null and q.occurred_at <= c.occurred_at + {days(7)}
        qualify row_number() over (partition by q.lead_id order by q.occurred_at desc, q.qualification_id desc) = 1
    ) v on v.lead_id = l.lead_id
)"""
#: Where leads came through: the last touch that was not direct, no longer than 30 days before, else the lead's own origin.
CREDIT = f"""{LEADS}, touched as (
    select l.lead_id, l.owner_id, l.occurred_at, coalesce(t.occurred_at >= l.occurred_at - {days(30)}, false) as late,
        case when late then t.channel_id else l.channel_id end as channel_id,
        case when late then t.campaign_id else l.campaign_id end as campaign_id,
        case when late then t.content_id else l.content_id end as content_id,
        case when late then t.community_id else l.community_id end as community_id,
        case when late then t.ad_unit_id else l.ad_unit_id end as ad_unit_id
    from leads l asof left join (
        select * from touch_recorded where kind is distinct from 'direct'
    ) t on t.contact_key = l.contact_key and t.occurred_at <= l.occurred_at
), credit as (
    select t.*, coalesce(c.author_id, c.owner_id) as author_id, c.platform
    from touched t left join content_published c on c.content_id = t.content_id
)"""
ORDER_LEADS = (
    "order_leads as (select o.order_id, d.lead_id from order_paid o join lead_deals d on d.deal_id = o.deal_id)"
)
#: The first customer id that a contact or a visitor was last said to be.
IDENTITY = """identities as (
    select * from identity_linked where customer_id is not null
    qualify row_number() over (partition by kind, id order by occurred_at desc) = 1
)"""
TIERS = """tiers as (
    select *, effective_from as valid_from,
        lead(effective_from) over (partition by customer_id order by effective_from) as valid_to,
        row_number() over (partition by customer_id order by effective_from) as nth
    from customer_tiered
)"""
SURVEY = """answers as (
    select *, score >= scale_min and score <= scale_max as valid from survey_answered
    qualify row_number() over (
        partition by survey_id, wave, kind, scale, subject_id, team_id, coalesce(respondent_id, 'answer ' || answer_id)
        order by occurred_at desc, answer_id desc
    ) = 1
)"""
OUTPUT = f"""output as (
    select p.content_id, p.occurred_at, p.type, p.platform, p.edition_of, p.changed,
        coalesce(p.author_id, p.owner_id) as author_id
    from content_published p
    where not coalesce(p.repost, false) and p.content_id not in (
        select w.content_id from content_withdrawn w join content_published k on k.content_id = w.content_id
        where w.occurred_at between k.occurred_at and k.occurred_at + {days(1)}
    )
)"""
JUDGED = f"""{OUTPUT}, judged as (
    select o.*, v.good from output o left join (
        select r.content_id, r.on_brand and r.rating >= 4 as good
        from content_reviewed r join content_published k on k.content_id = r.content_id
        where (r.on_brand and r.rating >= 4) is not null and r.occurred_at <= k.occurred_at + {days(14)}
            and coalesce(r.reviewer_id, r.owner_id) <> coalesce(k.author_id, k.owner_id, '')
        qualify row_number() over (partition by r.content_id order by r.occurred_at desc, r.review_id desc) = 1
    ) v on v.content_id = o.content_id
)"""


def snapshots(within: int) -> str:
    """What contents reached within so many days: counters only grow, and what a platform takes back stays."""
    counters = ("impressions", "reads", "likes", "comments", "saves", "shares")
    gains = ", ".join(
        f"""case when m.{name} is not null then greatest(m.{name} - coalesce(lag(m.{name} ignore nulls) over w, 0), 0) end
            as {name}"""
        for name in counters
    )
    sums = ", ".join(f"sum({name}) as {name}" for name in counters)
    return f"""gains as (
    select m.content_id, m.occurred_at, m.reach, m.followers, m.snapshot, {gains} from content_measured m
    window w as (partition by m.content_id order by m.occurred_at, m.snapshot)
), stats as (
    select p.content_id, p.occurred_at, p.type, p.repost, coalesce(p.author_id, p.owner_id) as author_id, g.*
        exclude (content_id)
    from content_published p left join (
        select g.content_id, max(g.reach) as reach, first(g.followers order by g.occurred_at, g.snapshot)
            filter (where g.followers is not null) as followers, {sums}
        from gains g join content_published k on k.content_id = g.content_id
        where g.occurred_at between k.occurred_at and k.occurred_at + {days(within)} group by g.content_id
    ) g on g.content_id = p.content_id
)"""
