"""Lint: what is allowed and seldom wise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import seal
from kpicore.governance.lint import lint_card
from kpicore.governance.plan import plan
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from tests.rulebook import CARD, Office

BOOK = Catalog(PluginHost()).definitions


def card(*lines: str, role: str = "sales", name: str = "it", stage: str | None = None) -> Scorecard:
    """Lines as `indicator weight`."""
    head = f'[scorecard]\nid = "{name}"\ntitle = {{en = "it", zh-Hant = "它"}}\nrole = "{role}"\nperiod = "quarter"\neffective = 2026-01-01\n'
    head += f'business_stage = "{stage}"\n' if stage else ""
    body = ""
    for line in lines:
        indicator, weight = line.split()
        body += f'[[line]]\nindicator = "{indicator}"\nweight = "{weight}"\ntarget = "1"\nwhy = "so"\n'
    found = read_card(head + body)
    assert isinstance(found, Scorecard)
    return found


def codes(one: Scorecard, *others: Scorecard) -> dict[str, tuple[str, ...]]:
    return {concern.code: concern.proposes for concern in lint_card(one, BOOK, others)}


@pytest.mark.parametrize("title", ["it", {"en": "it"}, {"zh-Hant": "它"}, {"en": "it", "zh-Hant": "it"}])
def test_a_title_in_one_language_is_told(title: str | dict[str, str]) -> None:
    both = card("content.official_account_lead_share 100", role="content")
    assert "one_language" not in codes(both)
    assert "one_language" in codes(evolve(both, title=title))


def test_a_volume_below_what_is_no_rate_is_told(office: Office) -> None:
    """Volumes pool rates; beside a count they would be silently without effect."""
    file = office.folder / "goals.toml"
    file.write_text(
        '[cascade]\nid = "g"\ntitle = {en = "G", zh-Hant = "目標"}\nperiod = "2026"\n'
        '[[goal]]\nid = "n"\nindicator = "sales.revenue_won"\nvalue = "5"\nvolume = "9"\n'
        '[[goal]]\nid = "r"\nindicator = "sales.win_rate"\nvalue = "0.5"\nvolume = "9"\n',
        "utf-8",
    )
    targets = office.folder / "targets.toml"
    targets.write_text(
        '[[target]]\nlevel = "company"\nindicator = "sales.revenue_won"\nvalue = "5"\nvolume = "9"\nperiod = "2026"\n',
        "utf-8",
    )
    found = [one for one in plan(office.world, [file, targets]).warnings if one.code == "unused_volume"]
    assert [one.where.rpartition("/")[2] for one in found] == ["goals.toml [[goal]] n", "targets.toml:1 [[target]] 1"]


def test_a_duty_list_is_told_what_to_measure_instead() -> None:
    found = codes(card("content.official_account_posts 40", "content.content_conversion_rate 60", role="content"))
    assert found == {"activity": ("content.official_account_lead_share",)}
    [concern] = [
        c for c in lint_card(card("content.official_account_posts 100", role="content"), BOOK) if c.code == "activity"
    ]
    assert "content.official_account_lead_share" in concern.text["zh-Hant"]


def test_the_same_measure_under_two_names_is_merged() -> None:
    found = codes(
        card(
            "marketing.lead_volume 50", "marketing.customers_acquired 30", "marketing.campaign_roi 20", role="marketing"
        )
    )
    assert found == {"duplicate_measure": ("marketing.qualified_lead_volume",)}
    assert codes(card("marketing.lead_volume 60", "marketing.campaign_roi 40", role="marketing")) == {}


def test_revenue_alone_lacks_risk_and_process() -> None:
    assert codes(card("sales.sales_revenue 60", "sales.win_rate 40")) == {
        "only_outcomes": (),
        "no_risk": ("risk.complaint_rate",),
    }
    watched = card("sales.sales_revenue 60", "marketing.qualified_lead_volume 40", "risk.complaint_rate 0")
    assert codes(watched) == {}


def test_a_copy_for_another_role_is_told() -> None:
    lines = ("team.training_completion_rate 60", "risk.compliance_rate 40")
    one, other = card(*lines, role="sales", name="one"), card(*lines, role="content", name="other")
    assert codes(one, other, one) == {"copied_card": ()}
    assert codes(one, card(*lines, role="sales", name="other")) == {}


def test_a_stage_that_nothing_serves_is_told() -> None:
    lines = ("team.training_completion_rate 60", "risk.compliance_rate 40")
    assert codes(card(*lines, stage="new_market")) == {}
    assert set(codes(card(*lines, stage="mature"))) == {"stage_not_served"}
    assert set(codes(card(*lines, stage="late"))) == {"unknown_stage"}


def test_weights_and_roles() -> None:
    assert set(codes(card("content.content_output 50", "risk.compliance_rate 50"))) == {"equal_weights", "other_role"}
    assert set(codes(card("marketing.lead_volume 61", "risk.compliance_rate 39"))) == {"heavy_weight"}
    # Named by a key result area of sales, though the indicator itself is for marketing.
    assert codes(card("marketing.campaign_roi 60", "risk.compliance_rate 40")) == {}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def test_targets_that_nobody_reaches_or_everybody_does(office: Office) -> None:
    office.apply(CARD)
    people = [f"p{n}" for n in range(8)]
    office.won(*((f"d{n}", name, 100 * (n + 1)) for n, name in enumerate(people)))
    office.lost(*((f"l{n}", name) for n, name in enumerate(people)))
    seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")

    def told(text: str) -> dict[str, str]:
        path = office.folder / "next.toml"
        path.write_text(text, "utf-8")
        found = {c.code: c.where for c in plan(office.world, path).warnings}
        return {code: where for code, where in found.items() if code.startswith(("target", "corr"))}

    # Won: 100 … 800. Everybody wins one of two.
    assert told(CARD.replace('"1000"', '"801"')) == {
        "target_out_of_reach": "sales_rep sales.revenue_won",
        "target_always_reached": "sales_rep sales.win_rate",
    }
    assert told(CARD.replace('"1000"', '"800"').replace('"0.5"', '"0.51"')) == {
        "target_out_of_reach": "sales_rep sales.win_rate"
    }
    assert told(CARD.replace('"1000"', '"100"').replace('"0.5"', '"0.51"'))["target_always_reached"].endswith(
        "revenue_won"
    )


def test_a_table_of_targets_is_held_to_what_was_ever_reached(office: Office) -> None:
    office.apply(CARD)
    office.won(*((f"d{n}", f"p{n}", 100 * (n + 1)) for n in range(8)))
    seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")
    path = office.folder / "targets.csv"
    rows = "".join(f"p{n},sales.revenue_won,2017-Q2,{value}\n" for n, value in enumerate((800, 801, 900)))
    path.write_text(f"subject,indicator,period,value\n{rows}", "utf-8")
    [concern] = plan(office.world, path).warnings
    # The best of eight was 800: the targets of p1 and p2 are beyond it.
    assert (concern.code, concern.where) == ("target_out_of_reach", "sales.revenue_won")
    assert concern.text["en"].startswith(
        "2 of 3 targets of sales.revenue_won were never reached by anybody, that of person “p1”"
    )


def test_lines_that_go_together_are_told(office: Office) -> None:
    office.apply(CARD)
    office.won(*((f"d{n}", f"p{n}", 100 * (n + 1)) for n in range(8)))
    office.lost(*((f"l{n}-{k}", f"p{n}") for n in range(8) for k in range(9 - n)))
    seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")
    path = office.folder / "next.toml"
    path.write_text(CARD, "utf-8")
    [concern] = [c for c in plan(office.world, path).warnings if c.code == "correlated"]
    assert "8 cases (ρ 1)" in concern.text["en"]


def test_targets_for_periods_of_another_length_than_the_cards_are_told(office: Office) -> None:
    office.apply(CARD)
    path = office.folder / "targets.csv"
    rows = ["ann,sales.win_rate,2017-01,0.5", "bob,sales.win_rate,2017-02,0.5", "ann,sales.win_rate,2017-Q1,0.5"]
    other = "ann,sales.losses,2017-01,3"  # on no card: nothing is known of its length
    path.write_text("\n".join(["subject,indicator,period,value", *rows, other, ""]), "utf-8")
    [concern] = [c for c in plan(office.world, path).warnings if c.code == "other_length"]
    assert concern.where == "sales.win_rate"
    assert concern.text["en"].startswith("2 of its targets, person “ann” among them, are for a month; scorecards score")
    assert "by quarter" in concern.text["en"]
    assert "期間是月；計分卡以季計" in concern.text["zh-Hant"]


def test_a_target_without_a_period_is_told(office: Office) -> None:
    path = office.folder / "targets.csv"
    path.write_text("indicator,value,effective\nsales.win_rate,0.5,2017-01-01\n", "utf-8")
    assert [c.code for c in plan(office.world, path).warnings] == ["no_period"]
