"""Last values for empty states: from the evaluation of the previous period that counts, or else what is declared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_files import read_card
from kpicore.errors import InvalidDefinition
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import compare
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import SealBlocked, recalled, replay, seal
from kpicore.evaluation.history.rescore import rescore
from tests.rulebook import BOOK, CARD, WIN_RATE, Office

LAST = CARD + '[empty]\nno_denominator = ["last", "keep"]\n'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ann and Bob with a win rate of 3/5 and none in the first quarter, Ann with money alone in the second."""
    office = Office(tmp_path)
    person = {"role": "sales", "effective_from": "2016-01-01T00:00:00Z", "occurred_at": "2016-01-01T00:00:00Z"}
    office.record("employee_assigned", [{"employee_id": name, **person} for name in ("ann", "bob")])
    office.won(*((f"a{n}", "ann", 200) for n in range(3)))
    office.lost(("l1", "ann"), ("l2", "ann"))
    yield office
    office.close()


def quarter(office: Office, period: str = "2017-Q2") -> Evaluation:
    return evaluate(office.world, "sales_rep", period)


def sealed(office: Office) -> str:
    """The first quarter, sealed, and a fact after it, so that what was sealed is known."""
    found = seal(office.world, quarter(office, "2017-Q1"), "hr")
    office.won(("later", "zoe", 1), day="2016-05-01")
    return found.id


def explained(office: Office, evaluation: Evaluation) -> dict[str, Any]:
    document = explain(office.world, evaluation.id).to_document()
    return {one["subject"]: one for one in document["subjects"]}


def test_the_last_value_stands_in_and_the_rest_falls_back(office: Office) -> None:
    office.apply(LAST)
    # Nothing is sealed yet: both keep the weight of the rate.
    assert quarter(office).totals == {"ann": 0, "bob": 0}
    first = sealed(office)
    found = quarter(office)
    # Ann: 0 of 1000 at 60, and her 3/5 of 0.5 at 40. Bob had no rate in the first quarter either.
    assert found.totals == {"ann": 48, "bob": 0}
    ann, bob = (explained(office, found)[name] for name in ("ann", "bob"))
    assert (ann["lines"][1]["state"], ann["lines"][1]["value"], ann["lines"][1]["attainment"]) == (
        "no_denominator",
        None,
        "1.2",
    )
    assert (ann["lines"][1]["empty_policy"], ann["kept"], ann["lines"][1]["effective_weight"]) == ("last", "0", "40")
    assert ann["lines"][1]["last"] == {"evaluation": first, "numerator": "3", "denominator": "5", "value": "0.6"}
    assert (bob["lines"][1]["empty_policy"], bob["lines"][1]["last"], bob["kept"]) == ("keep", None, "40")
    second = seal(office.world, found, "hr")
    assert replay(office.world, second.id).identical
    assert recalled(office.world, second.id).to_document() == found.to_document()
    # A value that stood in is no value to go on from.
    office.won(("last", "zoe", 1), day="2016-06-01")
    assert quarter(office, "2017-Q3").totals["ann"] == 0


def test_the_version_that_counts_gives_the_value(office: Office) -> None:
    office.apply(LAST)
    sealed(office)
    office.won(("a4", "ann", 200), ("a5", "ann", 200), ("a6", "ann", 200))
    before = quarter(office)
    seal(office.world, quarter(office, "2017-Q1"), "hr")
    office.won(("more", "zoe", 1), day="2016-07-01")
    after = quarter(office)
    assert (before.totals["ann"], after.totals["ann"]) == (48, 60)  # 3/5, then 6/8, of 0.5
    [ann] = [one for one in compare(before, after).subjects if one.subject == "ann"]
    [cause] = ann.causes
    assert (cause.cause, cause.points) == ("empty_policy", Decimal(12))
    assert cause.evidence


def test_what_was_measured_otherwise_is_no_last_value(office: Office) -> None:
    office.apply(LAST)
    sealed(office)
    office.book = BOOK.merged(Definitions.of([attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))]))
    office.apply(LAST, reason="another rate")
    assert quarter(office).totals["ann"] == 0


def test_changed_policies_are_causes_and_rescored(office: Office) -> None:
    office.apply(LAST)
    sealed(office)
    first = seal(office.world, quarter(office), "hr")
    kept = read_card(CARD + '[empty]\nno_denominator = "keep"\n')
    found = rescore(office.world, first.id, scorecard=kept)  # type: ignore[arg-type]
    [ann] = [one for one in found.comparison.subjects if one.subject == "ann"]
    [cause] = ann.causes
    assert (cause.cause, cause.points) == ("empty_policy", Decimal(-48))
    assert (cause.evidence[0]["old"], cause.evidence[0]["new"]) == (
        {"no_denominator": "last, else keep"},
        {"no_denominator": "keep"},
    )
    back = rescore(office.world, found.id, scorecard=read_card(LAST))  # type: ignore[arg-type]
    assert back.evaluation.totals["ann"] == 48


@pytest.mark.parametrize(
    ("fallback", "total"), [("redistribute", 0), ("floor", 0), ("target", 40), ("keep", 0), ("block", None)]
)
def test_every_fallback_does_as_the_policy_of_its_name(office: Office, fallback: str, total: int | None) -> None:
    office.apply(CARD + f'[empty]\nno_denominator = ["last", "{fallback}"]\n')
    found = quarter(office)
    assert found.totals == {"ann": total, "bob": total}
    if fallback == "block":
        with pytest.raises(SealBlocked):
            seal(office.world, found, "hr")


@pytest.mark.parametrize("given", ['["last"]', '["keep", "last"]', '["last", "last"]', '["last", "kept"]'])
def test_a_list_is_the_last_value_and_what_is_done_without_it(given: str) -> None:
    with pytest.raises(InvalidDefinition, match="no_denominator cannot be") as caught:
        read_card(CARD + f"[empty]\nno_denominator = {given}\n")
    assert '["last", "keep"]' in str(caught.value.hint)
    alone = read_card(CARD + '[empty]\nno_denominator = "last"\n')
    assert alone.policies == {"no_denominator": "last, else redistribute"}  # type: ignore[union-attr]
