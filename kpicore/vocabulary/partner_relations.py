"""Partners that signed and stayed, and the regions as they were listed."""

from __future__ import annotations

from kpicore.definitions.parameters import duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.partners import PARTNER_SIGNED, REGION_LISTED
from kpicore.vocabulary.service import SURVEY_ANSWERED

COOLING = duration("30d", title=both("a signing is undone by a termination within", "解約沖銷期"))
TRADED = duration("365d", title=both("revenue through a partner in the last", "經銷營收回溯期"))

REGION = Relation(
    "region",
    both("regions as listed", "區域名單"),
    """
    select r.region_id, r.source, r.owner_id, r.region_level, r.addressable, r.effective_from as valid_from,
        lead(r.effective_from) over (partition by r.region_id order by r.effective_from, r.source) as valid_to
    from region_listed r
    """,
    ("region_id", "valid_from", "source"),
    spell=True,
    credits=REGION_LISTED.credits,
)

# A termination that names no region ends the partner in all of them.
SIGNING = Relation(
    "signing",
    both("partner signings that held", "有效的經銷商簽約"),
    """
    select s.signing_id, s.source, s.occurred_at, s.owner_id, s.partner_id, s.hq_id, s.region_id,
        s.partner_id as channel_id, coalesce(s.hq_id, s.partner_id) as chain_id, coalesce(s.region_level, r.region_level) as region_level,
        s.contract_value, s.currency
    from partner_signed s
    left join (
        select p.signing_id, p.source
        from partner_signed p
        join partner_terminated t
            on t.partner_id = p.partner_id
            and (t.region_id is null or t.region_id = p.region_id)
            and t.occurred_at >= p.occurred_at
            and t.occurred_at <= p.occurred_at + $cooling
        group by p.signing_id, p.source
    ) x on x.signing_id = s.signing_id and x.source = s.source
    left join (
        select p.signing_id, p.source, max(g.region_level) as region_level
        from partner_signed p
        join region g
            on g.region_id = p.region_id
            and g.valid_from <= p.occurred_at
            and (g.valid_to is null or p.occurred_at < g.valid_to)
        group by p.signing_id, p.source
    ) r on r.signing_id = s.signing_id and r.source = s.source
    where x.signing_id is null and (s.renewal is null or not s.renewal)
    """,
    ("signing_id", "source"),
    params={"cooling": COOLING},
    credits=PARTNER_SIGNED.credits,
    reads={"partner_signed": ("0d", "0d"), "partner_terminated": ("0d", "$cooling")},
    titles={
        "channel_id": both("channel that the partner is", "經銷商渠道"),
        "chain_id": both("headquarters, or the partner itself", "總部（無總部則為經銷商本身）"),
    },
)

PARTNER_TERM = Relation(
    "partner_term",
    both("partners under contract", "在約經銷商"),
    """
    select s.signing_id, s.source, s.partner_id, s.region_id, s.owner_id, s.occurred_at as valid_from, x.valid_to
    from partner_signed s
    left join (
        select p.signing_id, p.source, min(t.occurred_at) as valid_to
        from partner_signed p
        join partner_terminated t
            on t.partner_id = p.partner_id
            and (t.region_id is null or t.region_id = p.region_id)
            and t.occurred_at >= p.occurred_at
        group by p.signing_id, p.source
    ) x on x.signing_id = s.signing_id and x.source = s.source
    """,
    ("signing_id", "source"),
    spell=True,
    credits=PARTNER_SIGNED.credits,
)

# Of two signings at one instant the key decides which contract is the latest. Orders whose channel is the partner went
# through it; what was taken back leaves no less than nothing.
PARTNER_ANSWER = Relation(
    "partner_answer",
    both("latest survey answers of partners", "經銷商最新問卷回答"),
    """
    select z.answer_id, z.source, z.occurred_at, z.owner_id, z.subject_id, z.team_id, z.survey_id, z.wave,
        z.respondent_id, z.points, z.contract_value, v.revenue
    from (
        select r.*, p.contract_value,
            row_number() over (
                partition by r.answer_id, r.source
                order by p.occurred_at desc, p.signing_id desc, p.source desc
            ) as nth
        from survey_response r
        left join partner_signed p
            on p.partner_id = r.respondent_id
            and p.occurred_at <= r.occurred_at
            and p.contract_value is not null
        where r.kind = 'partner'
    ) z
    left join (
        select r.answer_id, r.source, cast(greatest(sum(o.net), 0) as decimal(18, 4)) as revenue
        from survey_response r
        join net_order o
            on o.channel_id = r.respondent_id
            and o.occurred_at <= r.occurred_at
            and o.occurred_at > r.occurred_at - $traded
        where r.kind = 'partner'
        group by r.answer_id, r.source
    ) v on v.answer_id = z.answer_id and v.source = z.source
    where z.nth = 1
    """,
    ("answer_id", "source"),
    params={"traded": TRADED},
    credits=SURVEY_ANSWERED.credits,
    reads={"survey_response": ("0d", "0d"), "net_order": ("$traded", "0d")},
    titles={
        "contract_value": both("value of the latest contract", "最近合約金額"),
        "revenue": both("revenue through the partner", "經銷營收"),
    },
    version="1.1",
)

RELATIONS = (REGION, SIGNING, PARTNER_TERM, PARTNER_ANSWER)
