"""Evaluations: who is scored, what the document says, which ids they have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from kpicore.errors import InvalidInput, NotFound, Refused
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.ids import EvaluationId, parse_evaluation_id
from tests.rulebook import CARD, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    yield office
    office.close()


def assigned(office: Office, *rows: tuple[str, str, str | None], day: str = "2016-01-01") -> None:
    office.record(
        "employee_assigned",
        [
            {
                "employee_id": who,
                "role": role,
                "team_id": team,
                "effective_from": f"{day}T00:00:00Z",
                "occurred_at": f"{day}T00:00:00Z",
            }
            for who, role, team in rows
        ],
    )


def totals(office: Office, period: str = "2017-Q1", card: str = "sales_rep") -> dict[str | None, str | None]:
    document = evaluate(office.world, card, period).to_document()
    return {subject["subject"]: subject["total"] for subject in document["subjects"]}


def test_a_document_has_the_shape_of_the_contract(office: Office) -> None:
    office.won(("d1", "ann", 900), ("d2", "ann", "0.5"))
    office.lost(("d3", "ann"), ("d4", "ann"))
    world = office.world
    document = evaluate(world, "sales_rep", "2017-Q1").to_document()
    assert document == json.loads(json.dumps(document))
    assert list(document) == [
        *("evaluation", "scorecard", "period", "level", "facts_cut", "rules_cut", "as_of", "digest", "subjects")
    ]
    assert document["evaluation"] == f"sales_rep.2017-Q1.f{world.cut.facts}.r{world.cut.rules}"
    assert (document["facts_cut"], document["rules_cut"]) == (world.cut.facts, world.cut.rules)
    [ann] = document["subjects"]
    assert list(ann) == [*("subject", "total", "band", "coefficient", "gates", "modifiers", "sum", "bound", "lines")]
    assert (ann["subject"], ann["total"], ann["band"]) == ("ann", "94.03", "B")  # 60 × 0.9005 + 40 × 1
    assert ann["lines"][0] == {
        "indicator": "sales.revenue_won",
        "weight": "60",
        "target": "1000",
        "numerator": "900.5",
        "denominator": None,
        "value": "900.5",
        "state": "ok",
        "flags": [],
        "attainment": "0.9005",
        "points": "90.05",
        "bound": None,
    }
    assert (ann["lines"][1]["numerator"], ann["lines"][1]["denominator"]) == ("2", "4")


def test_without_assignments_whoever_owns_a_counted_fact_is_scored(office: Office) -> None:
    office.won(("d1", "ann", 1000), ("d2", "zoe", 5), day="2017-05-01")
    office.lost(("d3", "bob"))
    # Zoe's deal is outside the quarter; Bob only lost, and has a revenue of 0.
    office.won(("d4", "ann", 500))
    assert totals(office) == {"ann": "110", "bob": "0"}


def test_with_assignments_the_role_is_scored_and_nobody_else(office: Office) -> None:
    assigned(office, ("ann", "sales", "north"), ("cid", "sales", "north"), ("eva", "editor", "south"))
    office.won(("d1", "ann", 1000), ("d2", "bob", 5), ("d3", "eva", 7))
    assert totals(office) == {"ann": "140", "cid": "0"}


def test_teams_and_the_company_are_scored_on_cards_of_their_level(office: Office) -> None:
    assigned(office, ("ann", "sales", "north"), ("cid", "sales", "south"))
    office.won(("d1", "ann", 1000), ("d2", "cid", 500), ("d3", None, 250))  # type: ignore[arg-type]
    for level in ("team", "company"):
        office.apply(CARD.replace('"sales_rep"', f'"{level}_card"').replace("period =", f'level = "{level}"\nperiod ='))
    assert totals(office, card="team_card") == {"north": "140", "south": "110"}
    assert totals(office, card="company_card") == {None: "170"}


def test_a_period_of_another_length_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput, match="2017-01 is a month; scorecard sales_rep goes by quarter"):
        evaluate(office.world, "sales_rep", "2017-01")
    with pytest.raises(InvalidInput, match="is a range"):
        evaluate(office.world, "sales_rep", "2017-01-01/2017-04-01")
    with pytest.raises(NotFound, match=r"did you mean sales_rep\?"):
        evaluate(office.world, "sales_repp", "2017-Q1")
    with pytest.raises(NotFound, match="in force from 2017-01-01 on"):
        evaluate(office.world, "sales_rep", "2016-Q4")


def test_a_change_inside_a_period_that_is_not_split_is_refused(office: Office) -> None:
    whole = CARD.replace("period =", 'mid_period = "whole"\nperiod =')
    office.apply(whole, effective="2017-01-01")
    office.apply(whole.replace('"1000"', '"1100"'), effective="2017-02-01")
    with pytest.raises(Refused) as caught:
        evaluate(office.world, "sales_rep", "2017-Q1")
    assert caught.value.code == "mid_period_change"
    assert evaluate(office.world, "sales_rep", "2017-Q2").card.lines[0].target == 1100


def test_nobody_to_score_is_an_empty_evaluation(office: Office) -> None:
    assert evaluate(office.world, "sales_rep", "2017-Q1").to_document()["subjects"] == []


def test_the_cut_of_the_callers_own_instant_is_in_the_id(office: Office) -> None:
    office.won(("d1", "ann", 1000))
    office.won(("d2", "ann", 500))
    world = office.world
    first = world.ledger.headers()[0]
    by_position = world.derive(cut=world.ledger.cut(first.position))
    found = evaluate(by_position, "sales_rep", "2017-Q1")
    assert found.id == f"sales_rep.2017-Q1.f{first.position}.r{world.cut.rules}"
    assert found.to_document()["subjects"][0]["lines"][0]["value"] == "1000"
    own = world.ledger.at(first.position, world.cut.rules, first.recorded_at + 7)
    moved = evaluate(world.derive(cut=own), "sales_rep", "2017-Q1")
    assert moved.parts.as_of == first.recorded_at + 7
    assert parse_evaluation_id(moved.id) == moved.parts
    assert moved.digest == found.digest


def test_an_evaluation_speaks_arrow_and_pandas_and_shows_itself(office: Office) -> None:
    office.won(("d1", "<b>", "1000.25"))
    found = evaluate(office.world, "sales_rep", "2017-Q1")
    table = pa.table(found)
    assert table.num_rows == 2
    assert table.column("value").to_pylist() == [Decimal("1000.25"), Decimal(1)]
    assert list(found.to_pandas()["indicator"]) == ["sales.revenue_won", "sales.win_rate"]
    assert "&lt;b&gt;" in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    assert "1 subjects" in repr(found)


@pytest.mark.parametrize(
    "text",
    ["sales_rep.2017-Q1.f12.r3", "a.FY2026-03.f0.r0.a-5", "a.2026-01-01_2026-02-01.f1.r1.a7.h0123456789ab"],
)
def test_ids_survive(text: str) -> None:
    assert str(parse_evaluation_id(text)) == text


def test_what_is_no_id_is_refused() -> None:
    assert parse_evaluation_id("a.2026-01-01_2026-02-01.f1.r2") == EvaluationId("a", "2026-01-01/2026-02-01", 1, 2)
    for text in ("", "sales_rep", "a.2017.f1", "a.2017.fx.r1", "a.2017.f1.r1.h12", "A.2017.f1.r1", "a.2017.f1.r1\n"):
        with pytest.raises(InvalidInput, match="not the id of an evaluation"):
            parse_evaluation_id(text)
