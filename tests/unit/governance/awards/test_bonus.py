"""Bonuses to the last cent, worked out by hand; and what is paid when a period is sealed again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore.errors import Conflict, NotFound, Refused
from kpicore.governance.adjustments import Adjustments, Override
from kpicore.governance.awards.payouts import Awards
from tests.unit.governance.awards.house import BONUS, LINE, House, card, factors

FORWARDING = "[organisation]\nrestatement = 'forwarding'\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    house.apply(card())
    yield house
    house.close()


def test_base_times_coefficient_at_every_step(house: House) -> None:
    house.apply(BONUS)
    house.sell({"a": 0, "b": "899.9999", "c": 900, "d": "999.9999", "e": 1000, "f": "1199.9999", "g": 1200, "h": 9000})
    house.sealed()
    # Half-open: a step pays from its total on. 30000 × 0, 0, 0.8, 0.8, 1, 1, 1.5, 1.5.
    assert list(house.found().values()) == ["0", "0", "24000", "24000", "30000", "30000", "45000", "45000"]
    [subject] = [one for one in house.result().subjects if one["subject"] == "g"]
    assert (subject["system_total"], subject["total"], subject["own"], subject["due"]) == (
        "120",
        "120",
        "45000",
        "45000",
    )
    assert factors(subject) == {"base": "30000", "proration": "1", "coefficient": "1.5"}


def test_a_straight_line_between_the_steps(house: House) -> None:
    house.apply(
        BONUS.replace('"steps"', '"linear"', 1).replace('["0", "0"], ["90", "0.8"], ["100", "1"]', '["100", "1"]')
    )
    house.sell({"a": 900, "b": 1000, "c": 1100, "d": 1033, "e": 1200, "f": 1300})
    house.sealed()
    # 103.3: 1 + 3.3 × 0.5 / 20 = 1.0825; × 30000 = 32475.
    assert list(house.found().values()) == ["30000", "30000", "37500", "32475", "45000", "45000"]


def test_bases_by_person_by_role_and_for_everyone_from_a_table(house: House) -> None:
    (house.folder / "bases.csv").write_text("subject,role,amount\nann,,50000.50\n,sales,20000\n,,1\n", "utf-8")
    house.apply(
        BONUS.replace('currency = "TWD"', 'currency = "TWD"\nbases = "bases.csv"').replace(
            '[[base]]\namount = "30000"\n', ""
        )
        + "[rounding]\nplaces = 2\n"
    )
    house.sell({"ann": 1000, "bob": 1000})
    house.sealed()
    assert house.found() == {"ann": "50000.5", "bob": "20000"}
    said = {one["subject"]: one["factors"][0] for one in house.result().subjects}
    assert (said["ann"]["subject"], said["bob"]["role"]) == ("ann", "sales")


@pytest.mark.parametrize(
    ("mode", "places", "amounts"),
    [
        # 100.01 × 0.35 = 35.0035 · 100.03 × 0.35 = 35.0105
        ("half_even", 3, ("35.004", "35.01")),
        ("half_up", 3, ("35.004", "35.011")),
        ("down", 3, ("35.003", "35.01")),
        ("half_even", 0, ("35", "35")),
        ("half_up", 4, ("35.0035", "35.0105")),
    ],
)
def test_money_is_rounded_once_as_it_is_said(house: House, mode: str, places: int, amounts: tuple[str, ...]) -> None:
    bases = '[[base]]\nsubject = "ann"\namount = "100.01"\n[[base]]\nsubject = "bob"\namount = "100.03"\n'
    table = BONUS.replace('[[base]]\namount = "30000"\n', bases).replace('["100", "1"]', '["100", "0.35"]')
    house.apply(table + f'[rounding]\nplaces = {places}\nmode = "{mode}"\n')
    house.sell({"ann": 1000, "bob": 1000})
    house.sealed()
    assert tuple(house.found().values()) == amounts


def test_the_company_factor_follows_from_the_companys_own_card(house: House) -> None:
    company = '[company]\nscorecard = "company"\nkind = "linear"\nsteps = [["80", "0.8"], ["120", "1.2"]]\n'
    house.apply(card("company", level="company", lines=LINE.replace("1000", "2000")), BONUS + company)
    house.sell({"ann": 1000, "bob": 1200})
    house.sealed()
    with pytest.raises(NotFound, match="no evaluation of company was sealed for 2017-Q1"):
        house.result()
    evaluation = house.sealed(name="company")
    # 2200 of 2000 → 110 → 1.1: 33000 and 49500.
    assert house.found() == {"ann": "33000", "bob": "49500"}
    said = house.result().subjects[0]["factors"][-1]
    assert said == {"factor": "company", "value": "1.1", "total": "110", "evaluation": evaluation}
    assert [seal.document["scorecard"] for seal in house.result().seals] == ["rep", "company"]


def test_a_company_factor_that_is_set_for_a_period(house: House) -> None:
    house.apply(BONUS + '[company]\nperiods = {"2017-Q1" = "0.5"}\n')
    house.sell({"ann": 1000})
    house.sell({"ann": 1000}, "2017-05-01")
    house.sealed()
    house.sealed("2017-Q2")
    assert house.found() == {"ann": "15000"}
    with pytest.raises(NotFound) as caught:
        house.result(period="2017-Q2")
    assert caught.value.code == "no_company_factor"


def test_gates_multiply_by_the_exact_value_and_the_least_counts(house: House) -> None:
    lines = LINE + '[[line]]\nindicator = "sales.win_rate"\nweight = "0"\n'
    gates = (
        '[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.6666666666"\nfactor = "0.5"\n'
        '[[gate]]\nbelow = "100"\nfactor = "0.25"\n'
    )
    house.apply(card(lines=lines), BONUS + gates)
    house.sell({"ann": 1000, "bob": 1000, "cid": 950, "dee": 950})
    house.sell({"ann": 0})
    # ann wins 2 of 3, which is not below 0.6666666666; bob 1 of 2; cid all; dee 1 of 2 and below 100.
    house.lost(("l1", "ann"), ("l2", "bob"), ("l3", "dee"))
    house.sealed()
    assert house.found() == {"ann": "30000", "bob": "15000", "cid": "6000", "dee": "6000"}
    [dee] = [one for one in house.result().subjects if one["subject"] == "dee"]
    assert factors(dee)["gate"] == "0.25"
    assert [gate["closed"] for gate in dee["factors"][-1]["gates"]] == [True, True]


@pytest.mark.parametrize(("policy", "amount"), [("pass", "30000"), ("close", "0")])
def test_a_gate_over_an_empty_line_does_as_it_says(house: House, policy: str, amount: str) -> None:
    lines = LINE + '[[line]]\nindicator = "sales.win_rate"\nweight = "0"\n'
    gate = f'[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.5"\nempty = "{policy}"\n'
    house.apply(card(lines=lines), BONUS + gate)
    house.hire("ann")
    house.override(house.sealed(), "ann", "100")  # nothing won, nothing lost
    assert house.found() == {"ann": amount}
    [said] = house.result().subjects[0]["factors"][-1]["gates"]
    assert (said["state"], said["value"], said["closed"]) == ("no_denominator", None, policy == "close")


def test_caps_of_lines_of_the_total_of_the_coefficient_and_of_the_payout(house: House) -> None:
    lines = LINE.replace('"100"', '"60"') + LINE.replace('"100"', '"40"').replace("revenue_won", "win_rate").replace(
        "1000", "0.5"
    )
    table = BONUS.replace('"steps"', '"linear"', 1).replace(
        '["0", "0"], ["90", "0.8"], ["100", "1"], ["120", "1.5"]', '["0", "0"], ["200", "2"]'
    )
    house.apply(card(lines=lines), table)
    house.sell({"ann": 2000})
    house.sealed()
    # Revenue 200 % × 60 + win rate 200 % × 40 = 200 → 2 × 30000.
    assert house.found() == {"ann": "60000"}
    for caps, amount, bound in (
        ('indicators = {"sales.revenue_won" = "1.25"}', "46500", ["indicator sales.revenue_won"]),  # 75 + 80 = 155
        ('total = "150"', "45000", ["total"]),
        ('coefficient = "1.2"', "36000", ["coefficient"]),
        ('payout = "50000"', "50000", ["payout"]),
        (
            'indicators = {"sales.revenue_won" = "1.25"}\ntotal = "150"\npayout = "44999"',
            "44999",
            ["indicator sales.revenue_won", "total", "payout"],
        ),
    ):
        house.apply(f"{table}[caps]\n{caps}\n")
        [ann] = house.result().subjects
        assert (ann["amount"], ann["bound"]) == (amount, bound)
    # What people set is not cut down line by line.
    house.override(house.result().seals[0].evaluation, "ann", "180")
    house.apply(f'{table}[caps]\nindicators = {{"sales.revenue_won" = "1.25"}}\n')
    [ann] = house.result().subjects
    assert (ann["system_total"], ann["total"], ann["amount"], ann["bound"]) == ("200", "180", "54000", [])


def test_no_total_is_not_nothing(house: House) -> None:
    lines = LINE.replace("revenue_won", "win_rate").replace("1000", "0.5") + LINE.replace('"100"', '"0"')
    house.apply(card(lines=lines), BONUS)
    house.sell({"ann": 1000})
    house.hire("ann", "bob")
    house.sealed()
    assert house.found("state") == {"ann": "ok", "bob": "no_total"}
    assert house.found() == {"ann": "45000", "bob": None}
    assert house.pay().record.document["total"] == "45000"


def test_a_payout_is_on_record_once_and_replays(house: House) -> None:
    house.apply(BONUS)
    house.sell({"ann": 1000, "bob": 1200})
    house.sealed()
    cut = house.ledger.cut()
    first = house.pay()
    assert (first.name, first.duplicate, first.record.by) == ("bonus.2017-Q1.1", False, "payroll")
    assert house.ledger.cut() == cut
    again = house.pay()
    assert (again.name, again.duplicate, again.record.position) == (first.name, True, first.record.position)
    assert house.found() == {"ann": "0", "bob": "0"}
    assert house.found("paid") == {"ann": "30000", "bob": "45000"}
    replay = house.awards.replay("bonus.2017-Q1.1")
    assert (replay.identical, replay.digest) == (True, replay.replayed_digest)
    with pytest.raises(NotFound, match=r"did you mean bonus\.2017-Q1\.1"):
        house.awards.replay("bonus.2017-Q1.2")


def test_a_corrective_version_pays_the_difference_and_may_take_back(house: House) -> None:
    house.apply(BONUS)
    house.sell({"ann": 1000, "bob": 1200})
    first = house.sealed()
    house.pay()
    house.won(("D1", "ann", 1200), ("D2", "bob", 1000), ("D3", "cid", 900))
    second = house.restated(first)
    # ann 30000 → 45000, bob 45000 → 30000, cid comes in with 24000.
    assert house.found() == {"ann": "15000", "bob": "-15000", "cid": "24000"}
    assert house.pay().name == "bonus.2017-Q1.2"
    house.won(("D3", None, 900))
    house.restated(second)
    # cid is not scored any more: what was paid is owed back.
    assert house.found("state")["cid"] == "not_scored"
    assert house.found() == {"ann": "0", "bob": "0", "cid": "-24000"}
    house.pay()
    paid = [Decimal(one.record.document["total"]) for one in house.awards.payouts("bonus", "2017-Q1")]
    assert (paid, sum(paid)) == ([75000, 24000, -24000], 75000)
    assert all(house.awards.replay(one.name).identical for one in house.awards.payouts())


def test_a_forwarded_version_is_paid_in_the_next_period_in_money(house: House) -> None:
    house.apply(BONUS, FORWARDING)
    house.sell({"ann": 1000, "bob": 1200})
    first = house.sealed()
    house.pay()
    house.won(("D1", "ann", 1200), ("D2", "bob", 1199))
    second = house.restated(first)
    house.won(("D1", "ann", 950))
    third = house.restated(second)
    assert house.found() == {"ann": "0", "bob": "0"}  # the period stays closed
    house.sell({"ann": 1000, "cid": 1000}, "2017-05-01")
    house.sealed("2017-Q2")
    # ann: 30000 → 45000 → 24000 in Q1 is −6000; bob 45000 → 30000 is −15000, though he is not scored in Q2.
    assert house.found(period="2017-Q2") == {"ann": "24000", "cid": "30000", "bob": "-15000"}
    ann = house.result(period="2017-Q2").subjects[0]
    assert [(one["from"], one["to"], one["amount"]) for one in ann["carried"]] == [
        (first, second, "15000"),
        (second, third, "-21000"),
    ]
    house.pay(period="2017-Q2")
    # A corrective version settles Q1: it pays there, and what was carried is taken back.
    house.apply("[organisation]\nrestatement = 'corrective'\n")
    house.won(("D1", "ann", 960))
    house.restated(third)
    assert house.found() == {"ann": "-6000", "bob": "-15000"}
    assert house.found(period="2017-Q2") == {"ann": "6000", "cid": "0", "bob": "15000"}


def test_an_adjusted_total_counts_and_the_systems_stands_beside_it(house: House) -> None:
    house.apply(BONUS)
    house.sell({"ann": 1000})
    evaluation = house.sealed()
    house.pay()
    house.override(evaluation, "ann", "120")
    [ann] = house.result().subjects
    assert (ann["system_total"], ann["total"], ann["adjustments"], ann["amount"]) == ("100", "120", ["O1"], "15000")
    house.pay()
    assert all(house.awards.replay(one.name).identical for one in house.awards.payouts())


def test_the_award_in_force_at_the_start_of_the_period_counts(house: House) -> None:
    house.apply(BONUS)
    house.apply(BONUS.replace("30000", "40000"), effective="2017-04-01")
    house.sell({"ann": 1000})
    house.sell({"ann": 1000}, "2017-05-01")
    house.sealed()
    house.sealed("2017-Q2")
    assert (house.found(), house.found(period="2017-Q2")) == ({"ann": "30000"}, {"ann": "40000"})
    with pytest.raises(NotFound, match="in force from 2017-01-01 on"):
        house.result(period="2016-Q4")
    with pytest.raises(NotFound, match="did you mean bonus"):
        house.result("bonnus")
    with pytest.raises(NotFound, match="no evaluation of rep was sealed for 2017-Q3"):
        house.result(period="2017-Q3")


def test_the_digest_holds_no_places_of_one_ledger(tmp_path: Path) -> None:
    digests: set[str] = set()
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        house = House(tmp_path / str(number))
        if number:
            house.apply(card("other"))
        house.apply(card())
        house.apply(BONUS)
        house.sell({"ann": 1000})
        house.sealed()
        digests.add(house.result().digest)
        house.close()
    assert len(digests) == 1


def test_what_moved_meanwhile_is_not_paid(house: House) -> None:
    house.apply(BONUS)
    house.sell({"ann": 1000})
    evaluation = house.sealed()
    seen = house.result()
    house.override(evaluation, "ann", "120")
    with pytest.raises(Conflict) as caught:
        house.awards.pay(seen, by="payroll")
    assert (caught.value.code, house.awards.payouts()) == ("payout_moved", ())


def test_payouts_go_by_two_persons_where_it_is_said_so(house: House) -> None:
    from kpicore.governance.acts import ACTS, act_of
    from kpicore.governance.proposals import Proposals

    house.apply(BONUS, "[organisation]\napprovals = ['payouts']\n")
    house.sell({"ann": 1000})
    evaluation = house.sealed()
    with pytest.raises(Refused) as caught:
        house.pay()
    assert caught.value.code == "approval_needed"
    desk = Proposals(lambda: house.world, ACTS)
    desk.open(act_of(house.world, house.result()), by="payroll", reason="Q1")
    desk.open(act_of(house.world, house.result()), by="payroll", reason="Q1 again")
    desk.approve("P1", by="cfo")
    paid: Any = desk.apply("P1", by="payroll")
    assert (paid.name, paid.record.document["proposal"]) == ("bonus.2017-Q1.1", "P1")
    with pytest.raises(Conflict, match="is paid in 2017-Q1"):
        desk.approve("P2", by="cfo")
    assert house.pay().duplicate
    house.override(evaluation, "ann", "120")
    with pytest.raises(Refused):
        house.pay()
    assert house.awards.replay(paid.name).identical
    assert house.ledger.verify().findings == ()


def test_an_award_of_a_plugin_counts_for_money_once_it_is_applied(house: House) -> None:
    from kpicore.definitions.book import Definitions
    from kpicore.definitions.cards.card_tables import TomlFile
    from kpicore.definitions.plans.award_files import read_award
    from tests.rulebook import BOOK

    own = read_award(TomlFile(BONUS.replace('"bonus"', '"sales.bonus"', 1), "plugin"))
    house.book = BOOK.merged(Definitions({"sales.bonus": own}))  # type: ignore[dict-item]
    house.sell({"ann": 1000})
    house.sealed()
    assert house.found(name="sales.bonus") == {"ann": "30000"}
    with pytest.raises(Refused) as caught:
        house.pay("sales.bonus")
    assert caught.value.code == "award_not_applied"
    house.apply('[award]\nuse = "sales.bonus"\neffective = 2017-01-01\n')
    assert house.pay("sales.bonus").name == "sales.bonus.2017-Q1.1"
    house.book = BOOK  # the plugin is gone
    assert Awards(lambda: house.world).replay("sales.bonus.2017-Q1.1").identical
    with pytest.raises(NotFound, match="no plugin gives the award"):
        house.apply('[award]\nuse = "sales.bonus"\neffective = 2018-01-01\n')


def test_who_joins_inside_the_period_gets_the_part_of_their_days(house: House) -> None:
    house.apply(BONUS + "[rounding]\nplaces = 2\n")
    start, middle = "2017-01-01T00:00:00Z", "2017-02-15T00:00:00Z"
    house.record("employee_assigned", [
        {"employee_id": name, "occurred_at": day, "effective_from": day, "role": "sales"}
        for name, day in (("ann", start), ("bob", middle), ("cid", "2017-03-01T00:00:00Z"))
    ])  # fmt: skip
    # The target of 1000 is prorated: 500 for bob (45 of 90 days), 344.44… for cid (31 of 90).
    house.sell({"ann": 1000, "bob": 500, "cid": 1000}, "2017-03-05")
    evaluation = house.sealed()
    found = {one["subject"]: one for one in house.result().subjects}
    assert [(one["system_total"], factors(one)["proration"]) for one in found.values()] == [
        ("100", "1"),
        ("100", "0.5"),
        ("290.3225806", "31/90"),
    ]
    assert found["bob"]["factors"][1]["days"] == {"eligible": 45, "period": 90}
    # 30000 × 31 / 90 × 1.5 = 15500.
    assert house.found() == {"ann": "30000", "bob": "15000", "cid": "15500"}
    house.apply(BONUS.replace('currency = "TWD"', 'currency = "TWD"\nprorate = false'))
    assert house.found() == {"ann": "30000", "bob": "30000", "cid": "45000"}
    # A line that is set moves the total by what it weighs, whatever divided the period.
    adjustments = Adjustments(lambda: house.world)
    for name, attainment, total in (("bob", "1.2", "120"), ("cid", "2.903225806", "290.3225806")):
        adjustments.record(
            Override(evaluation, name, "x", indicator="sales.revenue_won", attainment=attainment), by="hr"
        )
        [one] = [one for one in adjustments.scores(evaluation) if one.subject == name]
        assert one.to_document()["total"] == total
