"""Seals and replays, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from kpicore.canonical import canonical_json
from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.errors import Conflict, InvalidInput, NotFound
from kpicore.evaluation.documents import differences
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import SealBlocked, recalled, replay, seal, sealed_document
from kpicore.evaluation.sealing.form import evaluate_document
from tests.rulebook import BOOK, CARD, WIN_RATE, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD, "[organisation]\ntimezone = 'America/New_York'\n")
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 1800))
    office.lost(("d4", "ann"), ("d5", "cid"))
    yield office
    office.close()


def test_sealing_records_what_the_evaluation_stands_on(office: Office) -> None:
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    sealed = seal(office.world, evaluation, "hr")
    assert sealed.to_document() == {
        "evaluation": evaluation.id,
        "digest": evaluation.digest,
        "position": sealed.position,
        "by": "hr",
    }
    assert sealed.id == evaluation.id
    document = office.ledger.sealed(evaluation.id).document
    basis = document["basis"]
    assert evaluate_document(document) == evaluation.to_document()
    assert document["lines"][1]["denominator"] == {"scale": 0, "units": [3, 1, 1]}
    assert document["totals"] == ["107.33333332", "170", "0"]
    assert basis["timezone"] == "America/New_York"
    assert basis["card"]["id"] == "sales_rep"
    assert basis["bounds"] == [1483246800000000, 1491019200000000]  # 05:00 UTC in winter, 04:00 in summer
    assert len(basis["offsets"]) > 1
    assert set(basis["definitions"]) >= {"sales.win_rate", "deal_won", "deal_lost", "ratio"}
    assert basis["made_with"]["engine"]["name"] == "duckdb"


def test_sealing_twice_is_one_seal_and_moves_no_cut(office: Office) -> None:
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    first = seal(office.world, evaluation, "hr")
    assert seal(office.world, evaluation.id, "somebody else") == first
    assert evaluate(office.world, "sales_rep", "2017-Q1").id == evaluation.id
    assert len(office.ledger.seals()) == 1


def test_an_id_that_was_never_sealed_can_be_sealed_and_replayed(office: Office) -> None:
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    office.won(("d6", "ann", 999))
    assert replay(office.world, evaluation.id).to_document() == {
        "evaluation": evaluation.id,
        "identical": True,
        "digest": evaluation.digest,
        "replayed_digest": evaluation.digest,
        "differences": [],
    }
    assert seal(office.world, evaluation.id, "hr").digest == evaluation.digest


def test_replay_is_identical_whatever_comes_later(office: Office) -> None:
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")
    # Other weights and targets for the past and the future; late facts, corrections, retractions; another zone.
    office.apply(CARD.replace('"60"', '"70"').replace('"40"', '"30"'))
    office.apply(CARD.replace('target = "1000"', 'target = "5"'), effective="2016-01-01")
    office.apply(CARD.replace('target = "1000"', 'target = "7"'), effective="2017-02-01")
    office.apply("[organisation]\ntimezone = 'Asia/Taipei'\n")
    office.won(("d6", "ann", 5000), ("d1", "ann", 1))
    # The plugin is upgraded with another formula and adopted; then it is gone.
    upgraded = attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))
    office.book = BOOK.merged(Definitions.of([upgraded]))
    office.apply(CARD, effective="2018-01-01")
    office.book = Definitions.of(())
    found = replay(office.world, sealed.id)
    assert (found.identical, found.differences) == (True, ())
    assert found.digest == found.replayed_digest == sealed.digest
    assert recalled(office.world, sealed.id).to_document() == evaluate_document(
        office.ledger.sealed(sealed.id).document
    )


def test_replay_stands_on_sealed_instants_and_not_on_todays_zone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.won(("edge", "ann", 77), day="2017-04-01")  # midnight UTC, still March in New York
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")
    from zoneinfo import ZoneInfo

    from kpicore.periods import calendar

    calendar._zone.cache_clear()
    monkeypatch.setattr(calendar, "ZoneInfo", lambda name: ZoneInfo("Asia/Tokyo"))
    try:
        assert evaluate(office.world, "sales_rep", "2017-Q1").digest != sealed.digest
        assert replay(office.world, sealed.id).identical
    finally:
        calendar._zone.cache_clear()


def test_a_digest_holds_neither_positions_nor_times(tmp_path: Path, office: Office) -> None:
    other = Office(tmp_path, name="other.db")
    try:
        other.lost(("d5", "cid"))
        other.lost(("d4", "ann"))
        other.won(("d3", "bob", 1), ("d2", "ann", 300))
        other.apply("[organisation]\ntimezone = 'America/New_York'\n")
        other.apply(CARD)
        other.won(("d1", "ann", "600.00"), ("d3", "bob", 1800))
        one, two = (evaluate(place.world, "sales_rep", "2017-Q1") for place in (office, other))
        assert one.id != two.id
        assert one.digest == two.digest
    finally:
        other.close()


def test_a_state_that_blocks_is_not_sealed_and_the_answer_is_no(office: Office) -> None:
    card = CARD.replace('"sales_rep"', '"strict"') + '[empty]\nno_denominator = "block"\n'
    office.apply(card, reason="strict")
    office.won(("d9", "dan", 5), day="2017-04-10")
    office.record(
        "employee_assigned",
        [
            {
                "employee_id": "dan",
                "role": "sales",
                "effective_from": "2016-01-01T00:00:00Z",
                "occurred_at": "2016-01-01T00:00:00Z",
            }
        ],
    )
    evaluation = evaluate(office.world, "strict", "2017-Q1")
    assert evaluation.to_document()["subjects"][0]["total"] is None
    with pytest.raises(SealBlocked, match=r"dan: sales\.win_rate is no_denominator") as caught:
        seal(office.world, evaluation, "hr")
    assert (caught.value.exit_code, caught.value.code) == (1, "sealing_blocked")
    assert caught.value.details == {"blocked": [["dan", "sales.win_rate", "no_denominator"]]}
    assert seal(office.world, evaluate(office.world, "strict", "2017-Q2"), "hr").position


def test_a_seal_with_another_result_is_a_conflict_and_replay_says_where(office: Office) -> None:
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    document = sealed_document(evaluation)
    document["totals"][1] = "99"
    document["digest"] = "0" * 64
    office.ledger.seal(evaluation.id, document, "mallory")
    with pytest.raises(Conflict):
        seal(office.world, evaluation, "hr")
    found = replay(office.world, evaluation.id)
    assert not found.identical
    assert {"path": "subjects[bob].total", "sealed": "99", "replayed": "170"} in found.differences


def test_ids_of_nothing_are_refused(office: Office) -> None:
    for text, error in (("nonsense", InvalidInput), ("sales_rep.2017-Q1.f999.r999", NotFound)):
        with pytest.raises(error):
            replay(office.world, text)
    with pytest.raises(NotFound):
        replay(office.world, evaluate(office.world, "sales_rep", "2017-Q1").id + ".h0123456789ab")


def test_differences_name_subjects_and_lines() -> None:
    one = {"a": [{"subject": None, "x": 1}, {"subject": "ann", "x": 2}], "b": ["p"]}
    other = {"a": [{"subject": "ann", "x": 3}, {"subject": "bob", "x": 4}], "b": ["p", "q"]}
    assert [(item["path"], item["sealed"], item["replayed"]) for item in differences(one, other)] == [
        ("a[company]", {"subject": None, "x": 1}, None),
        ("a[ann].x", 2, 3),
        ("a[bob]", None, {"subject": "bob", "x": 4}),
        ("b[1]", None, "q"),
    ]
    assert differences(one, one) == []
    assert canonical_json(differences(one, other))
