"""Disputes, overrides and calibrations: what people set stands beside what was sealed, which never moves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kpicore.errors import Conflict, InvalidInput, NotFound, Refused
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import replay, seal
from kpicore.governance.acts import ACTS
from kpicore.governance.adjustments import Adjustments, Calibration, Override, Withdrawal
from kpicore.governance.disputes import Disputes
from kpicore.governance.proposals import Proposals
from kpicore.governance.standing import standing
from tests.rulebook import CARD, Office

COEFFICIENT = '[coefficient]\nkind = "steps"\nsteps = [["100", "1"], ["120", "1.5"]]\n'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    # ann: 600 of 1000 → 36, one of two won, 0.5 of 0.5 → 40: 76. bob: 54 + 80 = 134. cid: 0 + 0.
    office.won(("d1", "ann", 600), ("d2", "bob", 900))
    office.lost(("d3", "ann"), ("d4", "cid"))
    yield office
    office.close()


@pytest.fixture
def sealed(office: Office) -> str:
    return seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id


def adjust(office: Office) -> Adjustments:
    return Adjustments(lambda: office.world)


def disputes(office: Office) -> Disputes:
    return Disputes(lambda: office.world)


def scores(office: Office, evaluation: str) -> dict[str | None, tuple[Any, ...]]:
    return {
        one.subject: (one.system_total, one.total, one.system_band, one.band, one.adjustments)
        for one in adjust(office).scores(evaluation)
    }


def test_a_total_stands_beside_the_systems_and_the_seal_replays(office: Office, sealed: str) -> None:
    assert scores(office, sealed) == {}
    cut = office.ledger.cut()
    found = adjust(office).record(Override(sealed, "ann", "leads were lost", total="95"), by="hr")
    assert (found.name, found.record.document["system_total"]) == ("O1", "76")
    assert scores(office, sealed)["ann"] == (Decimal(76), Decimal(95), "C", "B", ("O1",))
    assert (office.ledger.cut(), replay(office.world, sealed).identical) == (cut, True)
    adjust(office).record(Override(sealed, "ann", "more of them", total="97.5"), by="hr")
    assert scores(office, sealed)["ann"][1:] == (Decimal("97.5"), "C", "B", ("O1", "O2"))
    adjust(office).record(Withdrawal("O2", "a mistake"), by="hr")
    assert scores(office, sealed)["ann"][1:] == (Decimal(95), "C", "B", ("O1",))
    assert [one.to_document()["withdrawn"] is None for one in adjust(office).of(sealed)] == [True, False]
    with pytest.raises(Refused, match="was withdrawn"):
        adjust(office).record(Withdrawal("O2", "again"), by="hr")
    assert office.ledger.verify().findings == ()


def test_a_line_is_put_in_the_place_of_the_computed_one_and_the_card_adds_up_again(office: Office, sealed: str) -> None:
    line = Override(sealed, "ann", "D-9 counts", indicator="sales.revenue_won", attainment="0.9")
    adjust(office).record(line, by="hr")
    assert scores(office, sealed)["ann"][:2] == (Decimal(76), Decimal(94))  # 60 × 0.9 + 40
    # Everyone else stays; a total override and a calibration come after lines, whatever was recorded first.
    adjust(office).record(Calibration(sealed, ("ann", "bob"), "two markets", factor="1.1", shift="-2"), by="hr")
    rate = Override(sealed, "ann", "and so", indicator="sales.win_rate", attainment="1.25")
    adjust(office).record(rate, by="hr")
    # (54 + 50) × 1.1 − 2 = 112.4; 134 × 1.1 − 2 = 145.4.
    assert scores(office, sealed)["ann"][1:] == (Decimal("112.4"), "C", "A", ("O1", "O2", "C1"))
    assert scores(office, sealed)["bob"][:2] == (Decimal(134), Decimal("145.4"))


def test_an_empty_line_that_is_set_takes_its_weight_back(office: Office) -> None:
    office.record(
        "deal_won", [{"deal_id": "x", "occurred_at": "2017-05-01T00:00:00Z", "owner_id": "dee", "amount": "0"}]
    )
    office.apply(CARD.replace("sales.win_rate", "sales.losses").replace('target = "0.5"', 'target = "2"'))
    evaluation = evaluate(office.world, "sales_rep", "2017-Q2")
    found = seal(office.world, evaluation, "hr").id
    adjust(office).record(Override(found, "dee", "x", indicator="sales.losses", attainment="0.5"), by="hr")
    # No loss of 2 allowed: attainment 2 → 80; with 0.5 it is 20.
    assert scores(office, found)["dee"][:2] == (Decimal(80), Decimal(20))


def test_a_calibrated_total_is_rounded_once_half_even(office: Office, sealed: str) -> None:
    adjust(office).record(Calibration(sealed, ("bob",), "thirds", factor="0.333333333"), by="hr")
    assert scores(office, sealed)["bob"][1] == Decimal("44.666666622")
    adjust(office).record(Calibration(sealed, ("bob",), "halves", factor="0.5"), by="hr")
    assert scores(office, sealed)["bob"][1] == Decimal("22.333333311")
    adjust(office).record(Calibration(sealed, ("bob",), "halves", factor="0.5"), by="hr")
    assert scores(office, sealed)["bob"][1] == Decimal("11.166666656")  # 11.1666666555 to the even


def test_coefficients_follow_the_adjusted_total(office: Office) -> None:
    office.apply(CARD + COEFFICIENT)
    found = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    adjust(office).record(Override(found, "ann", "x", total="120"), by="hr")
    [ann] = adjust(office).scores(found)
    assert (ann.system_coefficient, ann.coefficient) == (None, Decimal("1.5"))


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        (Override("sales_rep.2017-Q9.f1.r1", "ann", "x", total=1), NotFound, "not_sealed"),
        (Override("@", "eve", "x", total=1), NotFound, "unknown_subject"),
        (Override("@", None, "x", total=1), NotFound, "unknown_subject"),
        (Override("@", "ann", "x"), InvalidInput, "usage"),
        (Override("@", "ann", "x", total=1, indicator="sales.win_rate", attainment=1), InvalidInput, "usage"),
        (Override("@", "ann", "x", total=1, indicator="sales.win_rate"), InvalidInput, "usage"),
        (Override("@", "ann", "x", total="-1"), InvalidInput, "invalid_input"),
        (Override("@", "ann", "x", total="1e9"), InvalidInput, "invalid_input"),
        (Override("@", "ann", "x", total="NaN"), InvalidInput, "invalid_input"),
        (Override("@", "ann", "x", total="1.0000000001"), InvalidInput, "invalid_input"),
        (Override("@", "ann", "x", indicator="sales.win_rat", attainment=1), NotFound, "unknown_indicator"),
        (Override("@", "ann", "x", total=1, dispute="D1"), NotFound, "no_entry"),
        (Override("@", "ann", "x", total=1, approved_by="HR"), Refused, "own_proposal"),
        (Calibration("@", (), "x", factor=1), InvalidInput, "usage"),
        (Calibration("@", ("ann", "ann"), "x", factor=1), InvalidInput, "usage"),
        (Calibration("@", ("ann",), "x"), InvalidInput, "usage"),
        (Calibration("@", ("ann",), "x", factor="-1"), InvalidInput, "invalid_input"),
        (Withdrawal("O7", "x"), NotFound, "no_entry"),
    ],
)
def test_what_cannot_be_adjusted_is_refused_and_nothing_is_recorded(
    office: Office, sealed: str, act: Any, error: type[Exception], code: str
) -> None:
    if getattr(act, "evaluation", None) == "@":
        act = evolve(act, evaluation=sealed)
    end = office.ledger.end()
    with pytest.raises(error) as caught:
        adjust(office).record(act, by="hr")
    assert (caught.value.code, office.ledger.end()) == (code, end)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'a lot' is not a number"):
        Override("e", "ann", "x", total="a lot")


def test_a_line_without_weight_is_not_overridden(office: Office) -> None:
    office.apply(CARD.replace('"60"', '"100"').replace('"40"', '"0"'))
    found = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    with pytest.raises(Refused) as caught:
        adjust(office).record(Override(found, "ann", "x", indicator="sales.win_rate", attainment=1), by="hr")
    assert caught.value.code == "line_not_scored"


def test_two_persons_where_the_organisation_says_so(office: Office, sealed: str) -> None:
    office.apply("[organisation]\napprovals = ['overrides']\n")
    for act in (Override(sealed, "ann", "x", total=90), Calibration(sealed, ("ann",), "x", shift=1)):
        with pytest.raises(Refused) as caught:
            adjust(office).record(act, by="hr")
        assert caught.value.code == "approval_needed"
    desk = Proposals(lambda: office.world, ACTS)
    desk.open(Override(sealed, "ann", "x", total=90), by="ann", reason="see D1")
    desk.comment("P1", "agreed with the team", by="cid")
    desk.approve("P1", by="bob")
    found = desk.apply("P1", by="hr")
    assert (found.record.by, found.record.document["approved_by"], found.record.document["proposal"]) == (
        "ann",
        "bob",
        "P1",
    )
    assert found.record.document["comments"][1].endswith("agreed with the team")
    desk.open(Withdrawal("O1", "wrong"), by="bob", reason="wrong")
    desk.approve("P2", by="ann")
    assert desk.apply("P2", by="bob").withdrawn is not None
    assert scores(office, sealed) == {}
    assert office.ledger.verify().findings == ()


def test_a_dispute_is_opened_answered_decided_and_leads_to_an_override(office: Office, sealed: str) -> None:
    desk = disputes(office)
    opened = desk.open(
        sealed,
        "ann",
        by="ann",
        reason="D-9 is missing",
        indicator="sales.revenue_won",
        evidence=["deal_won/d1", "deal_won/D-9", "a mail of 3 March"],
    )
    document = opened.to_document()
    assert (document["dispute"], document["state"], document["score"]["total"]) == ("D1", "opened", "76")
    assert document["score"]["line"]["value"] == "600"
    evidence = document["steps"][0]["evidence"]
    [place] = evidence[0]["found"]
    assert (place["source"], place["row"]) == ("crm", 0)
    assert [one.get("found") for one in evidence[1:]] == [[], None]
    with pytest.raises(Refused) as caught:
        desk.accept("D1", by="hr", reason="yes")
    assert caught.value.code == "wrong_step"
    desk.answer("D1", "it was signed in April", by="hr")
    desk.answer("D1", "no: in March", by="ann", evidence=["the contract"])
    for name in ("ann", "Ann "):
        with pytest.raises(Refused) as caught:
            desk.accept("D1", by=name, reason="yes")
        assert caught.value.code == "own_dispute"
    override = Override(sealed, "ann", "D-9", indicator="sales.revenue_won", attainment="0.9", dispute="D1")
    with pytest.raises(Refused, match="D1 is answered"):
        adjust(office).record(override, by="hr")
    assert desk.accept("D1", by="hr", reason="the contract says March").state == "accepted"
    with pytest.raises(Conflict) as caught:
        adjust(office).record(Override(sealed, "bob", "x", total=1, dispute="D1"), by="hr")
    assert caught.value.code == "other_dispute"
    adjust(office).record(override, by="hr")
    assert scores(office, sealed)["ann"][1] == 94
    found = standing(office.world, "ann", sealed)
    assert [one["dispute"] for one in found["disputes"]] == ["D1"]
    assert [one["adjustment"] for one in found["adjustments"]] == ["O1"]
    assert [(one["system_total"], one["total"]) for one in found["scores"]] == [("76", "94")]
    assert standing(office.world, "bob")["disputes"] == []
    assert replay(office.world, sealed).identical


def test_a_dispute_that_cannot_be_opened_or_is_anothers(office: Office, sealed: str) -> None:
    desk = disputes(office)
    for arguments, code in (
        (("sales_rep.2017-Q9.f1.r1", "ann"), "not_sealed"),
        ((sealed, "eve"), "unknown_subject"),
        ((sealed, "ann", "sales.win_rat"), "unknown_indicator"),
    ):
        with pytest.raises(NotFound) as caught:
            desk.open(*arguments[:2], by="ann", reason="x", indicator=arguments[2] if len(arguments) > 2 else None)
        assert caught.value.code == code
    with pytest.raises(InvalidInput):
        desk.open(sealed, "ann", by="ann", reason=" ")
    assert office.ledger.entries() == ()
    desk.open(sealed, "ann", by="ann", reason="x")
    with pytest.raises(Refused) as caught:
        desk.withdraw("D1", by="hr", reason="no")
    assert caught.value.code == "not_own"
    assert desk.withdraw("D1", by="ann", reason="a misunderstanding").state == "withdrawn"
    with pytest.raises(Refused):
        desk.answer("D1", "fine", by="hr")


def test_the_companys_score_has_no_subject(office: Office) -> None:
    office.apply(
        CARD.replace('period = "quarter"', 'period = "quarter"\nlevel = "company"').replace("sales_rep", "company")
    )
    found = seal(office.world, evaluate(office.world, "company", "2017-Q1"), "hr").id
    assert disputes(office).open(found, None, by="ceo", reason="x").subject is None
    adjust(office).record(Override(found, None, "x", total="100"), by="hr")
    adjust(office).record(Calibration(found, (None,), "x", shift="-1"), by="hr")
    assert scores(office, found)[None][1] == 99
    assert [one["total"] for one in standing(office.world, None, found)["scores"]] == ["99"]
