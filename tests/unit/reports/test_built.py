"""What the terminal shows of curves, empty lines, modifiers, gates, caps and coefficients."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import seal
from kpicore.reports import evaluated, explained
from kpicore.reports.built import built
from tests.rulebook import BOOK, CARD, Office

WHOLE = (
    CARD.replace("effective = 2017-01-01", 'effective = 2017-01-01\ncap = "80"').replace(
        'cap = "1.5"', 'curve = "steps"\ntiers = "highest"\nsteps = [["0.5", "60"], ["1", "100"]]', 1
    )
    + '[empty]\nno_denominator = ["last", "keep"]\n'
    + '[[modifier]]\ntitle = {en = "Hard region", zh-Hant = "艱困地區"}\nsubject = "ann"\nfactor = "1.25"\n'
    + '[[gate]]\nindicator = "sales.losses"\nabove = "1"\ntotal = "0"\nwhy = "nobody may lose twice"\n'
    + '[coefficient]\nkind = "linear"\nsteps = [["0", "0"], ["100", "1"]]\n'
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Ann with 2 of 3 deals in the first quarter, Bob with one of three, Cid there without any."""
    office = Office(tmp_path)
    person = {"role": "sales", "effective_from": "2016-01-01T00:00:00Z", "occurred_at": "2016-01-01T00:00:00Z"}
    office.record("employee_assigned", [{"employee_id": name, **person} for name in ("ann", "bob", "cid")])
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 800))
    office.lost(("l1", "ann"), ("l2", "bob"), ("l3", "bob"))
    office.apply(WHOLE)
    yield office
    office.close()


def shown(office: Office, period: str, language: str) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    evaluation = evaluate(office.world, "sales_rep", period)
    console.print(evaluated.evaluation(evaluation.to_document(), BOOK.indicators, language))
    console.print(built(explain(office.world, evaluation.id).to_document(), BOOK.indicators, language))
    return console.export_text()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "80.0 (cap)",
                "0.0 (gate)",
                "curve steps  of ratio, steps 0.5 → 60, 1 → 100, tiers highest",
                "modifier · Hard region  × 1.25 → +22.33",
                "gate · sales.losses  2 (above 1)  = 0 → -62.67",
                "why: nobody may lose twice",
                "cap 80  → -31.67",
                "coefficient 0.8 (0 → 0, 100 → 1)",
                "weight of empty lines, kept without points: 40",
            ],
        ),
        (
            "zh-Hant",
            [
                "80.0（上限）",
                "0.0（門檻）",
                "調整係數 · 艱困地區  × 1.25 → +22.33",
                "門檻 · sales.losses  2（高於 1）  = 0 → ",
                "獎金係數 0.8",
                "無值項目的權重，保留而不得分：40",
            ],
        ),
    ],
)
def test_every_step_is_told(office: Office, language: str, told: list[str]) -> None:
    # Ann: 36 and 53.33; × 1.25 is 111.67, at most 80. Bob: 36 and 26.67, and two losses. Cid keeps the rate's 40.
    found = shown(office, "2017-Q1", language)
    for text in told:
        assert text in found, found


def test_a_last_value_is_told_with_its_number(office: Office) -> None:
    seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr")
    office.won(("later", "zoe", 1), day="2016-05-01")
    assert "(its last value 66.67 %)  → 133.3 % × 40 = 53.33" in shown(office, "2017-Q2", "en")
    assert "（以上期數值計 66.67 %）" in shown(office, "2017-Q2", "zh-Hant")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "deal_won D-1 (position 4:7), retracted by ann: “a test” (position 9)"),
        ("zh-Hant", "deal_won D-1（位置 4:7），由 ann 撤回：「a test」（位置 9）"),
    ],
)
def test_a_retracted_fact_says_who_took_it_away_and_why(language: str, told: str) -> None:
    fact = {"type": "deal_won", "key": {"deal_id": "D-1"}, "source": "crm", "position": 4, "row": 7}
    fact["retracted"] = {"position": 9, "by": "ann", "reason": "a test"}
    causes = [{"cause": "retractions", "indicator": "sales.revenue_won", "points": "-4", "evidence": [fact]}]
    subject = {"subject": "bob", "from_total": "9", "to_total": "5", "difference": "-4", "causes": causes}
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(explained.difference({"from": "a", "to": "b", "subjects": [subject]}, {}, language))
    assert told in console.export_text()
