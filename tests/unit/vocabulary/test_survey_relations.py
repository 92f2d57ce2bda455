"""The latest answers of surveys, out of 100, and the teams of both sides."""

from decimal import Decimal
from typing import Any

from tests.unit.vocabulary.tables import run


def answer(number: int, **more: Any) -> dict[str, Any]:
    whole = {"survey_id": "S", "wave": "1", "kind": "nps", "respondent_id": "Ann", "scale_min": 0, "scale_max": 10}
    return {"answer_id": str(number), "occurred_at": f"2026-03-0{number}", **whole, **more}


def test_the_latest_answer_of_a_respondent_a_wave_counts() -> None:
    answers = [
        answer(1, score=9),
        answer(2, score=3),
        answer(3, score=7, wave="2"),
        answer(4, score=5, respondent_id="Bo"),
        answer(5, score=8, subject_id="somebody else"),
    ]
    found = run("survey_response", {"survey_answered": answers}, "answer_id")
    assert found == [("2",), ("3",), ("4",), ("5",)]


def test_who_answers_without_a_name_is_somebody_else_each_time() -> None:
    answers = [answer(n, score=9, respondent_id=None) for n in (1, 2)]
    assert run("survey_response", {"survey_answered": answers}, "answer_id") == [("1",), ("2",)]


def test_points_are_out_of_a_hundred_and_need_a_score_on_its_scale() -> None:
    answers = [
        answer(1, respondent_id="a", score=9),
        answer(2, respondent_id="b", score=2, scale_min=1, scale_max=4),
        answer(3, respondent_id="c", score=11),
        answer(4, respondent_id="d", score=None),
        answer(5, respondent_id="e", score=1, scale_min=1, scale_max=1),
    ]
    found = run("survey_response", {"survey_answered": answers}, "answer_id, valid, points")
    third = Decimal("33.333333333333")
    assert found == [
        ("1", True, Decimal(90)),
        ("2", True, third),
        ("3", False, None),
        ("4", False, None),
        ("5", False, None),
    ]
