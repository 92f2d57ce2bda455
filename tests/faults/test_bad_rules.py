"""Bad definitions, scorecards and plugins: refused by name, or the one indicator fails and nothing is sealed.

Each test is one row of the list of bad inputs that must be tried.
"""

import types

import pytest

import kpicore
from kpicore import Indicator, InvalidInput, KpicoreError, Relation, count, hookimpl, total
from kpicore.definitions.algebra.sql import parse_expression, parse_select
from kpicore.definitions.cards.card_files import read_card

CARD = """
[scorecard]
id = "rep"
title = {{en = "Rep", zh-Hant = "代表"}}
role = "sales"
period = "quarter"
effective = 2026-01-01
[[line]]
indicator = "bad.wins"
weight = "{one}"
target = "1"
[[line]]
indicator = "bad.sums"
weight = "{two}"
target = "1"
"""


def indicator(name, measure, **options):
    return Indicator(
        name,
        title={"en": name, "zh-Hant": name},
        measure=measure,
        roles=["sales"],
        perspective="performance",
        data_source="CRM",
        **options,
    )


def plugin(*definitions):
    module = types.ModuleType("bad")

    @hookimpl
    def provide_definitions():
        return list(definitions)

    module.provide_definitions = provide_definitions
    return module


def opened(folder, *definitions):
    return kpicore.open(folder / "kpi.db", plugins=[plugin(*definitions)])


WINS, SUMS = indicator("bad.wins", count("deal_won")), indicator("bad.sums", total("deal_won", "amount"))


@pytest.mark.parametrize(
    ("one", "two", "code", "said"),
    [
        ("60", "39", "weights_sum", "99"),
        ("60", "50", "weights_sum", "110"),
        ("120", "-20", "negative_weight", "-20"),
        ("33.333", "66.667", "weight_places", "33.333"),
    ],
)
def test_17_weights_that_do_not_make_100_are_refused_with_their_sum(one, two, code, said):
    with pytest.raises(InvalidInput) as caught:
        read_card(CARD.format(one=one, two=two))
    assert caught.value.code == code
    assert said in str(caught.value)


def test_17_a_cycle_is_named(tmp_path):
    texts = {"en": "x", "zh-Hant": "x"}
    one = Relation("bad.one", texts, "select t.deal_id, t.occurred_at, t.owner_id from bad.two t", "deal_id")
    two = Relation("bad.two", texts, "select o.deal_id, o.occurred_at, o.owner_id from bad.one o", "deal_id")
    cyclic = opened(tmp_path, one, two, indicator("bad.wins", count("bad.one")))
    with cyclic as kpi, pytest.raises(KpicoreError) as caught:
        kpi.measure("bad.wins", "2026-01")
    assert "bad.one" in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    ["(" * 10_000 + "1" + ")" * 10_000, "a" + " + a" * 10_000, "not " * 10_000 + "a", "-" * 1 + " -" * 10_000 + "1"],
)
def test_17_an_expression_without_end_is_refused_by_its_limit(sql):
    for read in (parse_expression, parse_select):
        with pytest.raises(KpicoreError) as caught:
            read(sql, "here", "definition")
        assert caught.value.code in {"sql_too_deep", "sql_too_long"}


@pytest.mark.parametrize(
    "sql",
    [
        "1; DROP TABLE deal_won",
        "read_csv('/etc/passwd')",
        "current_setting('home')",
        "getenv('HOME')",
        "now()",
        "random()",
        "amount / 2",
        "(select 1)",
        "amount -- and more",
        "sum(amount) over ()",
    ],
)
def test_18_sql_that_reaches_out_is_refused(sql):
    with pytest.raises(KpicoreError):
        parse_expression(sql, "here", "definition")


def _measured(folder, name):
    with opened(folder, indicator(name, count("deal_won"))) as kpi:
        kpi.measure(name, "2026-01")


def test_18_names_and_braces_in_definitions_are_plain_text_or_refused(tmp_path):
    for name in ('bad.x"; DROP TABLE', "bad.${env}", "bad.../x", "bad.{{7}}"):
        with pytest.raises(KpicoreError):
            _measured(tmp_path, name)
    titled = indicator("bad.wins", count("deal_won"), definition={"en": "${env} {{7*7}}", "zh-Hant": "${env} {{7*7}}"})
    with opened(tmp_path, titled) as kpi:
        assert kpi.definitions.indicators["bad.wins"].definition["en"] == "${env} {{7*7}}"


def test_16_nothing_below_the_line_is_a_state_and_no_error(tmp_path):
    rate = indicator("bad.rate", count("deal_won") / count("deal_lost"))
    with opened(tmp_path, rate) as kpi:
        kpi.record(
            "deal_won",
            [{"deal_id": "1", "occurred_at": "2026-01-05T00:00:00Z", "amount": 1}],
            source="crm",
            batch_key="1",
        )
        [row] = kpi.measure("bad.rate", "2026-01", level="company").to_document()["rows"]
    assert (row["state"], row["value"]) == ("no_denominator", None)


def _raises():
    raise RuntimeError("broken inside")


@pytest.mark.parametrize("provide", [_raises, lambda: 7, lambda: ["text"], lambda: [None], lambda: [count]])
def test_20_a_plugin_that_raises_or_returns_what_is_none_is_named_and_the_rest_works(tmp_path, provide):
    broken, sound = types.ModuleType("bad"), types.ModuleType("sound")
    broken.provide_definitions = hookimpl(provide)
    sound.provide_definitions = hookimpl(lambda: [indicator("sound.wins", count("deal_won"))])
    with kpicore.open(tmp_path / "kpi.db", plugins=[broken, sound]) as kpi:
        assert kpi.measure("sound.wins", "2026-01", level="company").to_document()["rows"]
        with pytest.raises(KpicoreError) as caught:
            kpi.measure("bad.wins", "2026-01")
        assert "bad" in str(caught.value)


def test_12_a_fact_in_a_sealed_period_is_recorded_and_the_seal_stays(tmp_path):
    card = tmp_path / "rep.toml"
    card.write_text(CARD.format(one="60", two="40"), "utf-8")
    deal = {"deal_id": "1", "occurred_at": "2026-01-05T00:00:00Z", "amount": 1, "owner_id": "ann"}
    with opened(tmp_path, WINS, SUMS) as kpi:
        kpi.record("deal_won", [deal], source="crm", batch_key="1")
        kpi.apply(kpi.plan(card), by="hr", reason="first")
        sealed = kpi.seal(kpi.evaluate("rep", "2026-Q1"), by="hr")
        kpi.record("deal_won", [{**deal, "deal_id": "2"}], source="crm", batch_key="late")
        assert kpi.replay(sealed.id).identical
        restated = kpi.restate(sealed.id).to_document()
        assert restated["digest"] != sealed.digest
        found = kpi.verify(replay=True)
    assert (found.exit_code, len(found.replays)) == (0, 1)


def test_17_joins_without_conditions_do_not_take_for_ever():
    with pytest.raises(KpicoreError) as caught:
        parse_select("select a.x from a" + " join a" * 60, "here", "definition")
    assert caught.value.code == "sql_too_deep"
