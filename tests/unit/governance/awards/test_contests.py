"""The star of the month, the innovation award, and runs of periods: ties, small samples, teams, evidence, breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.errors import NotFound, Refused
from tests.rulebook import BOOK, WIN_RATE, indicator
from tests.unit.governance.awards.house import LINE, House, card

RATE = LINE + '[[line]]\nindicator = "sales.win_rate"\nweight = "0"\nwhy = "x"\n'
STAR = """\
[award]
id = "star"
kind = "star"
title = {en = "Star of the month", zh-Hant = "指標之星"}
scorecards = ["rep"]
indicator = "sales.win_rate"
effective = 2017-01-01
"""
PRIZE = '[prize]\namount = "1000"\ncurrency = "TWD"\n'
INNOVATION = """\
[award]
id = "breakthrough"
kind = "innovation"
title = {en = "Innovation award", zh-Hant = "創新突破獎"}
scorecards = ["rep"]
indicator = "sales.channels"
effective = 2017-01-01
"""
CAREER = """\
[award]
id = "career"
kind = "eligibility"
title = {en = "Promotion", zh-Hant = "晉升資格"}
scorecards = ["rep"]
effective = 2017-01-01
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def winners(house: House, name: str = "star", period: str = "2017-02") -> list[str | None]:
    return [one["subject"] for one in house.result(name, period).subjects if one["won"]]


def month(house: House, rest: str = "", prize: str = "") -> None:
    """ann wins 2 of 3, bob 4 of 6, cid 1 of 1, dee 1 of 2, eve nothing yet."""
    house.apply(card(period="month", lines=RATE), STAR + rest + prize)
    house.hire("ann", "bob", "cid", "dee", "eve")
    for names in ({"ann", "bob", "cid", "dee"}, {"ann", "bob"}, {"bob"}, {"bob"}):
        house.sell(dict.fromkeys(sorted(names), 500))
    house.lost(("l1", "ann"), ("l2", "bob"), ("l3", "bob"), ("l4", "dee"))
    house.sealed("2017-02")


def test_the_best_value_wins_and_small_samples_are_left_out(house: House) -> None:
    month(house, 'least_sample = "2"\n')
    result = house.result("star", "2017-02")
    # 2 of 3 and 4 of 6 are one exact value, though rounded quotients of other counts might not be.
    assert winners(house) == ["ann", "bob"]
    assert [(one["subject"], one["state"], one["place"]) for one in result.subjects] == [
        ("ann", "ok", 1),
        ("bob", "ok", 1),
        ("dee", "ok", 3),
        ("cid", "low_sample", None),
        ("eve", "no_denominator", None),
    ]
    assert (result.currency, result.total, result.subjects[0]["amount"]) == (None, None, None)


def test_without_a_least_sample_one_of_one_wins(house: House) -> None:
    month(house)
    assert winners(house) == ["cid"]


def test_what_the_indicator_itself_calls_a_small_sample_is_left_out(house: House) -> None:
    measured = indicator("sales.win_rate", WIN_RATE.measure, unit="percent", least_sample=2)
    house.book = BOOK.merged(Definitions({"sales.win_rate": measured}))
    month(house)
    assert winners(house) == ["ann", "bob"]


@pytest.mark.parametrize(("ties", "amounts"), [("share", ("500", "500")), ("each", ("1000", "1000"))])
def test_ties_share_the_prize_or_each_get_it(house: House, ties: str, amounts: tuple[str, ...]) -> None:
    month(house, 'least_sample = "2"\n', PRIZE + f'ties = "{ties}"\n')
    paid = house.pay("star", "2017-02")
    assert tuple(one["amount"] for one in paid.record.document["subjects"][:3]) == (*amounts, "0")
    assert paid.record.document["total"] == str(sum(map(int, amounts)))
    assert house.pay("star", "2017-02").duplicate
    assert house.awards.replay("star.2017-02.1").identical


def test_what_sharing_leaves_over_is_not_paid(house: House) -> None:
    house.apply(card(period="month", lines=RATE), STAR + PRIZE + '[rounding]\nplaces = 0\nmode = "down"\n')
    house.sell({"ann": 1, "bob": 1, "cid": 1})
    house.sealed("2017-02")
    assert house.found(name="star", period="2017-02") == {"ann": "333", "bob": "333", "cid": "333"}


def test_a_later_version_moves_the_star_and_the_prize(house: House) -> None:
    house.apply(card(period="month", lines=RATE), STAR + PRIZE)
    house.sell({"ann": 1, "bob": 1})
    house.lost(("l1", "bob"))
    first = house.sealed("2017-02")
    house.pay("star", "2017-02")
    house.lost(("l2", "ann"), ("l3", "ann"))
    house.restated(first)
    assert house.found(name="star", period="2017-02") == {"bob": "1000", "ann": "-1000"}


def test_honours_without_money_are_recorded_again_only_where_they_change(house: House) -> None:
    house.apply(card(period="month", lines=RATE), STAR)
    house.sell({"ann": 1})
    first = house.sealed("2017-02")
    assert not house.pay("star", "2017-02").duplicate
    assert house.pay("star", "2017-02").duplicate
    house.sell({"bob": 1})
    house.restated(first)
    assert house.pay("star", "2017-02").name == "star.2017-02.2"


def test_lower_wins_where_lower_is_better(house: House) -> None:
    lines = LINE + '[[line]]\nindicator = "sales.losses"\nweight = "0"\n'
    house.apply(card(period="month", lines=lines), STAR.replace("sales.win_rate", "sales.losses"))
    house.sell({"ann": 1, "bob": 1})
    house.lost(("l1", "bob"))
    house.sealed("2017-02")
    assert winners(house) == ["ann"]


def test_a_team_may_win(house: House) -> None:
    start = "2016-01-01T00:00:00Z"
    house.record(
        "team_defined",
        [{"team_id": name, "occurred_at": start, "effective_from": start} for name in ("north", "south")],
    )
    house.hire("ann", "bob", team="north")
    house.hire("cid", team="south")
    house.apply(card(level="team", period="month", lines=RATE), STAR + PRIZE)
    house.sell({"ann": 1, "bob": 1, "cid": 1})
    house.lost(("l1", "cid"))
    house.sealed("2017-02")
    assert [(one["subject"], one["won"], one["amount"]) for one in house.result("star", "2017-02").subjects] == [
        ("north", True, "1000"),
        ("south", False, "0"),
    ]


def test_several_scorecards_compete_only_if_they_measure_the_same(house: House) -> None:
    star = STAR.replace('["rep"]', '["rep", "closer"]')
    house.apply(card(period="month", lines=RATE), card("closer", period="month", lines=RATE), star)
    house.sell({"ann": 1})
    house.sealed("2017-02")
    assert winners(house) == ["ann"]  # the other card was not sealed yet
    house.book = BOOK.merged(
        Definitions({"sales.win_rate": indicator("sales.win_rate", count("deal_won") / 2, unit="percent")})
    )
    house.apply(card("closer", period="month", lines=RATE, rest='[bands]\nA = "1"\n'))
    house.sealed("2017-02", "closer")
    with pytest.raises(Refused) as caught:
        house.result("star", "2017-02")
    assert caught.value.code == "not_comparable"


@pytest.fixture
def lab(house: House) -> House:
    """Channels are validated by won deals here: what matters is which facts are counted."""
    channels = indicator("sales.channels", count("deal_won", where="amount >= 500"))
    house.book = BOOK.merged(Definitions({"sales.channels": channels}))
    house.apply(card(lines=LINE + '[[line]]\nindicator = "sales.channels"\nweight = "0"\n'), INNOVATION + PRIZE)
    return house


def test_an_innovation_is_named_with_its_evidence(lab: House) -> None:
    lab.sell({"ann": 700, "bob": 100})
    lab.sell({"ann": 500})
    lab.sealed()
    found = lab.result("breakthrough", "2017-Q1").subjects
    assert [(one["subject"], one["won"], one["value"], one["amount"]) for one in found] == [
        ("ann", True, "2", "1000"),
        ("bob", False, "0", "0"),
    ]
    batches = [header.position for header in lab.ledger.headers()]
    assert [(fact["type"], fact["key"], fact["position"], fact["row"]) for fact in found[0]["evidence"]] == [
        ("deal_won", {"deal_id": "D1"}, batches[0], 0),
        ("deal_won", {"deal_id": "D3"}, batches[1], 0),
    ]
    assert found[1]["evidence"] == []
    lab.pay("breakthrough", "2017-Q1")
    # What comes later is not among the evidence of a seal.
    lab.sell({"ann": 900})
    assert lab.awards.replay("breakthrough.2017-Q1.1").identical


def test_the_bound_of_an_innovation_is_as_it_says(lab: House) -> None:
    lab.apply(INNOVATION + 'at_least = "2"\n')
    lab.sell({"ann": 700, "bob": 700})
    lab.sell({"ann": 500})
    lab.sealed()
    assert winners(lab, "breakthrough", "2017-Q1") == ["ann"]


def quarters(house: House, **amounts: tuple[Any, ...]) -> dict[str, str]:
    """Deals of everyone, quarter by quarter of 2017, and the seals; None: nothing."""
    months = ("02", "05", "08", "11")
    sealed = {}
    for n, name in enumerate(months[: len(next(iter(amounts.values())))]):
        sold = {owner: listed[n] for owner, listed in amounts.items() if listed[n] is not None}
        house.sell(sold, f"2017-{name}-01")
        sealed[f"2017-Q{n + 1}"] = house.sealed(f"2017-Q{n + 1}")
    return sealed


def test_two_quarters_in_a_row_make_eligible(house: House) -> None:
    house.apply(card(), CAREER)
    quarters(
        house, ann=(1100, 1100), bob=(1100, "1099.9999"), cid=("1099.9999", 1200), dee=(None, 1500), eve=(1500, None)
    )
    found = {one["subject"]: one for one in house.result("career", "2017-Q2").subjects}
    # eve is not scored in Q2, so it is not about her.
    assert {name: (one["won"], one["run"]) for name, one in found.items()} == {
        "ann": (True, 2),
        "bob": (False, 0),
        "cid": (False, 1),
        "dee": (False, 1),
    }
    assert [(step["period"], step["state"], step["reached"]) for step in found["dee"]["periods"]] == [
        ("2017-Q2", "ok", True),
        ("2017-Q1", "not_scored", False),
    ]
    assert found["ann"]["periods"][0]["totals"][0]["total"] == "110"
    assert len(house.result("career", "2017-Q2").seals) == 2


def test_a_period_that_was_not_sealed_breaks_a_run(house: House) -> None:
    house.apply(card(), CAREER)
    house.sell({"ann": 1200}, "2017-02-01")
    house.sell({"ann": 1200}, "2017-05-01")
    house.sell({"ann": 1200}, "2017-08-01")
    house.sealed("2017-Q1")
    house.sealed("2017-Q3")
    [ann] = house.result("career", "2017-Q3").subjects
    assert (ann["won"], ann["run"], ann["periods"][1]["state"]) == (False, 1, "not_sealed")
    house.sealed("2017-Q2")
    assert winners(house, "career", "2017-Q3") == ["ann"]


def test_a_period_without_a_total_breaks_a_run(house: House) -> None:
    lines = LINE.replace("revenue_won", "win_rate").replace("1000", "0.5") + LINE.replace('"100"', '"0"')
    house.apply(card(lines=lines), CAREER)
    house.hire("ann")
    quarters(house, ann=(1000, None, 1000))
    [ann] = house.result("career", "2017-Q3").subjects
    assert (ann["won"], ann["run"], ann["periods"][1]["state"]) == (False, 1, "no_total")


def test_the_version_that_counts_and_the_adjusted_total_make_the_run(house: House) -> None:
    house.apply(card(), CAREER)
    sealed = quarters(house, ann=(1000, 1200))
    assert winners(house, "career", "2017-Q2") == []
    house.won(("D1", "ann", 1100))
    house.restated(sealed["2017-Q1"])
    assert winners(house, "career", "2017-Q2") == ["ann"]
    house.override(house.result("career", "2017-Q2").seals[0].evaluation, "ann", "109")
    [ann] = house.result("career", "2017-Q2").subjects
    assert (ann["won"], ann["periods"][0]["totals"][0]["system_total"], ann["periods"][0]["totals"][0]["total"]) == (
        False,
        "120",
        "109",
    )


def test_longer_runs_over_a_change_of_cards(house: House) -> None:
    house.apply(
        card(), card("senior"), CAREER.replace('["rep"]', '["rep", "senior"]') + 'length = 3\nat_least = "100"\n'
    )
    quarters(house, ann=(1000, 1000, 1000))
    for period in ("2017-Q2", "2017-Q3"):
        house.sealed(period, "senior")
    found = house.result("career", "2017-Q3").subjects
    # On both cards in a period: each has to be reached.
    assert [(one["won"], one["run"], len(one["periods"][0]["totals"])) for one in found] == [(True, 3, 2)]
    house.override(house.result("career", "2017-Q3").seals[1].evaluation, "ann", "99")
    assert winners(house, "career", "2017-Q3") == []


def test_nothing_sealed_is_said(house: House) -> None:
    house.apply(card(), CAREER)
    with pytest.raises(NotFound, match="no evaluation of rep was sealed"):
        house.result("career", "2017-Q1")
