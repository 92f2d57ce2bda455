from typing import Any

import pytest

from kpicore.definitions.algebra.builders import (
    count,
    distinct,
    during,
    growth,
    holds,
    part,
    rate,
    smallest,
    total,
    within,
)
from kpicore.definitions.algebra.measures import (
    PRIOR,
    Aggregate,
    Choice,
    Constant,
    Extremum,
    Match,
    Measure,
    Over,
    Ref,
    Root,
    Target,
    Whole,
    Window,
)
from kpicore.definitions.checks import check
from kpicore.definitions.indicators import Example
from kpicore.definitions.parameters import Parameter, choice, duration, names
from kpicore.errors import InvalidDefinition
from tests.unit.definitions.samples import indicator, with_

PARAMS = {
    "dedupe": duration("90d"),
    "horizon": duration("30d"),
    "mode": choice("cohort", "closed"),
    "segments": names("key"),
    "least": Parameter("integer", 2),
}
LEADS, NET = count("lead"), total("net_order", "net")


def check_measure(measure: Measure, **options: Any) -> None:
    check(with_(indicator(count("deal_won"), "t.base"), indicator(measure, params=PARAMS, **options)), ["t.x"])


@pytest.mark.parametrize(
    "measure",
    [
        rate(LEADS, within("lead_deal", "lead_id", "$horizon")),
        rate(count("customer", at="start"), during("net_order", "customer_id", where="kept")),
        rate(NET, holds("customer_tier", "customer_id", "occurred_at", where="segment in $segments")),
        rate(count("training_assigned", time="due_at"), Match("training_completed", "course_id", high="due_at")),
        rate(distinct("order_day", "customer_id"), during("order_day", "customer_id", least="$least")),
        part(count("material_audited"), "passed"),
        growth(NET),
        Over(LEADS, Window("start - $horizon", "end")),
        NET / Whole(NET, "subject"),
        Root(Over(NET, PRIOR) / NET, Constant("months")) - 1,
        Choice("mode", {"cohort": LEADS, "closed": NET}),
        smallest(Ref("t.base"), 1),
        count("deal_won") / Target("t.base"),
        distinct("partner_signed", "coalesce(hq_id, partner_id), region_id"),
        count("complaint_opened", matures="24h", young="drop"),
        total("budget_set", "accrued(amount, valid_from, valid_to, period_start, period_end)"),
    ],
)
def test_measures_that_hold_together(measure: Measure) -> None:
    check_measure(measure)


@pytest.mark.parametrize(
    ("measure", "message"),
    [
        (count("lead", where="regionid = 'x'"), "did you mean region_id"),
        (count("lead", where="lead_id"), "is id, not true or false"),
        (count("lead", where="tier = $tier"), "there is no tier"),
        (count("lead", where="row.tier = 'x'"), "there is no tier"),
        (count("lead", time="tier"), "no instant"),
        (count("lead", at="start"), "holds events"),
        (count("lead", of="lead_id"), "write distinct"),
        (Aggregate("total", "net_order"), "needs “of”"),
        (total("net_order", "customer_id"), "is id, not a number"),
        (total("net_order", "occurred_at"), "is instant, not a number"),
        (total("net_order", "net / 3"), "divide in the measure"),
        (count("net_order", credit="author_id"), "cannot credit author_id"),
        (count("lead", matures="soon"), "not a duration"),
        (count("lead", matures="$least"), "no duration"),
        (count("lead", matures="$nothing"), "there is no nothing"),
        (rate(LEADS, within("deal_won", "deal_id", "$horizon")), "there is no deal_id"),
        (rate(LEADS, within("deal_wno", "lead_id", "$horizon")), "did you mean deal_won"),
        (rate(LEADS, Match("deal_won", "lead_id", low="tier")), "is text, not an instant"),
        (rate(LEADS, Match("deal_won", "lead_id", low="occurred_at", at="occurred_at")), "exclude each other"),
        (rate(LEADS, holds("deal_won", "lead_id", "occurred_at")), "holds events"),
        (rate(NET, Match("customer_tier", "customer_id", low="occurred_at")), "no occurred_at"),
        (rate(LEADS, Match("deal_won", "lead_id", where="amount")), "is money, not true or false"),
        (rate(LEADS, Match("deal_won", "lead_id", of="customer_id")), "not a number"),
        (rate(LEADS, Match("deal_won", "lead_id", least="3", absent=True)), "goes without"),
        (Over(LEADS, Window("begin", "end")), "not an edge"),
        (Over(LEADS, Window("start - $least", "end")), "no duration"),
        (Choice("mode", {"cohort": LEADS}), "there is no closed"),
        (Choice("mode", {"cohort": LEADS, "closed": LEADS, "other": LEADS}), "there is no other"),
        (Choice("horizon", {"30d": LEADS}), "no choice"),
        (Choice("mood", {"a": LEADS}), "did you mean mode"),
        (Ref("t.bsae"), "did you mean t.base"),
        (Target("t.bsae"), "did you mean t.base"),
        (Ref("lead"), "no indicator lead"),
        (Ref("t.x"), "refers to itself"),
        (Constant("dyas"), "did you mean days"),
        (Constant("NaN"), "no number"),
        (Whole(LEADS, ()), "drops nothing"),
        (Extremum("min", ()), "nothing to choose from"),
    ],
)
def test_measures_that_do_not(measure: Measure, message: str) -> None:
    with pytest.raises(InvalidDefinition, match=message) as caught:
        check_measure(measure)
    assert (caught.value.where or "").startswith("t.x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"credit": ("author_id",)}, "cannot credit author_id"),
        ({"credit": ()}, "who is credited"),
        ({"by": ("shop",)}, "there is no shop"),
        ({"roles": ()}, "serves no role"),
        ({"levels": ()}, "no level"),
        ({"levels": ("persons",)}, "did you mean person"),
        ({"better": "up"}, "none of higher"),
        ({"title": {"en": "x"}}, "zh-Hant is missing"),
        ({"data_source": {"en": "CRM"}}, "zh-Hant is missing"),
        ({"least_sample": "3"}, "not an integer"),
        ({"least_sample": "$fewest"}, "there is no fewest"),
        ({"least_sample": "$horizon"}, "no parameter of the kind integer"),
        ({"examples": [Example("a", {"lead": 1})]}, "there is no lead"),
        ({"examples": [Example("a", {"lead_created": [{"leadid": 1}]})]}, "did you mean lead_id"),
        ({"examples": [Example("a", {"lead_created": 1}, "one")]}, "no number"),
        ({"examples": [Example("a", {"lead_created": 1}, "1", params={"mode": "x"})]}, "none of cohort, closed"),
        ({"examples": [Example("a", {"lead_created": 1}, "1", period="2026-13")]}, "not a period"),
        ({"examples": [Example({"en": "a"}, {"lead_created": 1}, "1")]}, "both languages"),
    ],
)
def test_the_rest_of_an_indicator(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDefinition, match=message):
        check_measure(LEADS, **options)


def test_what_is_dropped_need_not_be_a_column() -> None:
    check_measure(LEADS / Whole(count("privacy_checked"), ("channel_id", "subject")), by=("channel_id",))
    with pytest.raises(InvalidDefinition, match="there is no channel_id"):
        check_measure(LEADS / count("privacy_checked"), by=("channel_id",))


def test_parameters_mean_the_same_in_a_relation_and_above_it() -> None:
    with pytest.raises(InvalidDefinition, match="declares dedupe as duration, not integer"):
        check(with_(indicator(LEADS, params={"dedupe": Parameter("integer", 90)})), ["t.x"])


def test_a_measure_that_is_nested_too_deeply_is_refused() -> None:
    measure: Measure = LEADS
    for _ in range(5000):
        measure += 1
    with pytest.raises(InvalidDefinition, match="too deeply"):
        check(with_(indicator(measure)), ["t.x"])
