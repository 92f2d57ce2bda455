"""`plan` and `apply` as their users call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore.demo import tour
from tests.unit.cli.conftest import Call

CARD = (Path(tour.__file__).parent / "scorecards" / "sales_rep.toml").read_text("utf-8")


@pytest.fixture
def card(kpicore: Call) -> Path:
    """A scorecard in the current folder, and an empty ledger."""
    Path("kpicore.toml").write_text('ledger = "kpi.db"\n')
    kpicore("init")
    Path("card.toml").write_text(CARD)
    return Path("card.toml")


def test_a_plan_records_nothing(kpicore: Call, card: Path) -> None:
    found = kpicore("plan", card, "--json")
    assert found.code == 0
    assert not found.json["empty"]
    assert {item["name"] for item in found.json["definitions"]} >= {"sales.win_rate", "deal_won", "ratio"}
    assert kpicore("init", "--json").json["rules_cut"] == 0
    shown = kpicore("plan", card).out
    assert "sales.revenue_won: weight 60" in shown


def test_an_applied_card_is_on_record_once(kpicore: Call, card: Path) -> None:
    found = kpicore("apply", card, "--by", "hr", "--reason", "growth first", "--json")
    assert found.code == 0
    last = found.json["applied"][-1]
    assert (last["kind"], last["name"], last["effective"]) == ("scorecard", "sales_rep", "2017-01-01")
    assert (last["by"], last["reason"]) == ("hr", "growth first")
    assert kpicore("init", "--json").json["rules_cut"] == last["position"]
    assert kpicore("apply", card, "--by", "hr", "--reason", "again", "--json").json == {"applied": []}
    assert kpicore("plan", card, "--json").json["empty"]


def test_another_date_may_be_past(kpicore: Call, card: Path) -> None:
    found = kpicore("apply", card, "--by", "hr", "--reason", "late", "--effective", "2016-01-01", "--json")
    assert found.json["applied"][-1]["effective"] == "2016-01-01"
    wrong = kpicore("apply", card, "--by", "hr", "--reason", "late", "--effective", "1.1.2016")
    assert wrong.code == 2
    assert "write it like 2026-01-01" in wrong.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('weight = "40"', 'weight = "39"', "the weights sum to 99, not 100"),
        ("sales.win_rate", "sales.win_rat", "did you mean sales.win_rate?"),
        ("[bands]", "[[segment]]\n[bands]", "unknown table or key 'segment'"),
        ("[bands]", '[[gate]]\nindicator = "sales.win_rate"\n[bands]', "says neither below nor above"),
        ('period = "quarter"', 'period = "quater"', "did you mean quarter?"),
        ("[scorecard]", "[scorecards]", "did you mean scorecard?"),
    ],
)
def test_a_wrong_card_is_refused_with_its_place(kpicore: Call, card: Path, old: str, new: str, said: str) -> None:
    card.write_text(CARD.replace(old, new))
    for command in (["plan", card], ["apply", card, "--by", "hr", "--reason", "x"]):
        found = kpicore(*command)
        assert found.code == 2
        assert "card.toml" in found.err
        assert said in found.err
    assert kpicore("init", "--json").json["rules_cut"] == 0
