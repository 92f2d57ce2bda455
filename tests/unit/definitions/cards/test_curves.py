"""Curves as definitions: what each form has, and what of them a scorecard's line may say."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.curve_checks import curve_values
from kpicore.definitions.cards.curves import (
    BUILT_IN_CURVES,
    CURVE_PARAMETERS,
    FORM_PARAMETERS,
    RANGE,
    STEPS,
    Curve,
    CurveForm,
)
from kpicore.definitions.cards.line_checks import check_lines
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.parameters import Parameter
from kpicore.errors import KpicoreError
from tests.rulebook import BOOK, CARD, indicator


def test_built_in_curves_have_what_their_form_needs() -> None:
    assert [curve.name for curve in BUILT_IN_CURVES] == [curve.form for curve in BUILT_IN_CURVES]
    assert [curve.form for curve in BUILT_IN_CURVES] == list(get_args(CurveForm))
    for curve in BUILT_IN_CURVES:
        assert from_document(to_document(curve)) == curve
    check(Definitions.of(BUILT_IN_CURVES))


def test_a_curve_of_a_plugin_has_the_parameters_of_its_form() -> None:
    texts: dict[str, Any] = {"title": {"en": "x", "zh-Hant": "x"}, "definition": {"en": "x", "zh-Hant": "x"}}
    check(Definitions.of([Curve("acme.budget", form="range", params=RANGE.params, **texts)]))
    forms: list[tuple[CurveForm, dict[str, Parameter], str]] = [
        ("range", {"lo": RANGE.params["lo"]}, "params"),
        ("ratio", dict(RANGE.params), "params"),
        ("linear", {"zero": Parameter("names", ("a",))}, "zero of a curve is decimal, not names"),
        ("steps", {**STEPS.params, "of": Parameter("choice", "both", ("both",))}, "both"),
    ]
    for form, params, said in forms:
        with pytest.raises(KpicoreError, match=said):
            check(Definitions.of([Curve("acme.odd", form=form, params=params, **texts)]))


LATE = indicator("sales.days_late", count("deal_lost"), better="lower")
DONE = indicator("sales.done", count("deal_won"))
DRIFT = indicator("sales.drift", count("deal_won"), better="range")
WITH = BOOK.merged(Definitions.of([LATE, DONE, DRIFT]))


def card(indicator_: str, text: str) -> Scorecard:
    found = read_card(
        CARD.replace("sales.win_rate", indicator_).replace('target = "0.5"', text), "cards/sales_rep.toml"
    )
    assert isinstance(found, Scorecard)
    return found


@pytest.mark.parametrize(
    ("indicator_", "text"),
    [
        ("sales.days_late", 'curve = "inverse_ratio"\ncap = "2"\ntarget = "3"'),
        ("sales.drift", 'curve = "range"\nlo0 = "-0.1"\nlo = "-0.05"\nhi = "0.05"\nhi0 = "0.1"'),
        ("sales.drift", 'curve = "range"\nlo0 = -1\nlo = 0\nhi = 0\nhi0 = 1'),
        ("sales.done", 'curve = "steps"\ntiers = "highest"\nsteps = [["0.8", "60"], [1, 100]]\ntarget = "5"'),
        ("sales.drift", 'curve = "steps"\ntiers = "marginal"\nof = "value"\nsteps = [[0, 1]]'),
        ("sales.done", 'curve = "points_per_step"\ntarget = "5"'),
        ("sales.days_late", 'curve = "points_per_step"\npoints = 2\nper = "2.5"\nmin = 60\nmax = 110\ntarget = "5"'),
        ("sales.done", 'curve = "milestone"'),
        ("sales.days_late", 'curve = "milestone"\nlate = [[1, 80], [8, 0]]'),
    ],
)
def test_what_fits_is_taken_and_survives_its_document(indicator_: str, text: str) -> None:
    found = card(indicator_, text)
    check_lines(found, WITH)
    assert from_document(to_document(found)) == found
    line = found.lines[1]
    values = curve_values(WITH.curves[str(line.curve)], line.curve_params, "here")
    assert set(values) == set(FORM_PARAMETERS[WITH.curves[str(line.curve)].form])


@pytest.mark.parametrize(
    ("indicator_", "text", "message", "hint"),
    [
        (
            "sales.done",
            'curve = "inverse_ratio"\ncap = "2"\ntarget = "3"',
            "better lower; sales.done is not",
            "leave curve",
        ),
        ("sales.days_late", 'curve = "inverse_ratio"\ntarget = "3"', "grows without end", "cap"),
        ("sales.days_late", 'curve = "inverse_ratio"\ncap = "2"\ntarget = "0"', "ratio to the target 0", "linear"),
        ("sales.drift", 'curve = "range"', "from lo0 to lo", "lo0 ="),
        ("sales.drift", 'curve = "range"\nlo0 = 0\nlo = 0\nhi = 1\nhi0 = 2', "from lo0 to lo", None),
        ("sales.drift", 'curve = "range"\nlo0 = 0\nlo = 1\nhi = "0.5"\nhi0 = 2', "hi 0.5", None),
        ("sales.done", 'curve = "steps"\ntiers = "highest"\ntarget = "5"', "has no steps", "from, points"),
        ("sales.done", 'curve = "steps"\nsteps = [[0, 1]]\ntarget = "5"', "not said what the steps mean", "marginal"),
        (
            "sales.done",
            'curve = "steps"\ntiers = "highst"\nsteps = [[0, 1]]\ntarget = "5"',
            "'highst' is none of",
            "highest",
        ),
        ("sales.done", 'curve = "steps"\ntiers = "highest"\nsteps = [[1, 1], [1, 2]]\ntarget = "5"', "must rise", None),
        (
            "sales.done",
            'curve = "steps"\ntiers = "highest"\nsteps = [[1, "0.00000001"]]\ntarget = "5"',
            "7 places",
            None,
        ),
        (
            "sales.done",
            'curve = "steps"\ntiers = "highest"\nsteps = [[1, 1000001]]\ntarget = "5"',
            "beyond 1000000",
            None,
        ),
        ("sales.done", 'curve = "steps"\ntiers = "highest"\nsteps = [[0, 1]]', "has no target", None),
        ("sales.drift", 'curve = "steps"\ntiers = "highest"\nsteps = [[0, 1]]\ntarget = "5"', "says nothing", "linear"),
        (
            "sales.days_late",
            'curve = "steps"\ntiers = "marginal"\nof = "value"\nsteps = [[0, 1]]',
            "cannot add up",
            None,
        ),
        ("sales.done", 'curve = "points_per_step"', "has no target", None),
        ("sales.done", 'curve = "points_per_step"\nper = 0\ntarget = "5"', "per must be above 0", None),
        ("sales.done", 'curve = "points_per_step"\nmax = 90\ntarget = "5"', "must lie between min and max", None),
        ("sales.done", 'curve = "milestone"\nlate = [[1, 80]]', "days late are better lower", None),
        ("sales.days_late", 'curve = "milestone"', "better lower", "late ="),
        ("sales.done", 'curve = "milestone"\nzero = 1', "no parameter 'zero'", None),
        ("sales.done", 'curve = "milestones"', "no curve", "did you mean milestone?"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(indicator_: str, text: str, message: str, hint: str | None) -> None:
    with pytest.raises(KpicoreError) as caught:
        check_lines(card(indicator_, text), WITH, "cards/sales_rep.toml")
    assert message in caught.value.message
    assert f"[[line]] 2 ({indicator_})" in str(caught.value.where)
    assert hint is None or hint in str(caught.value.hint)


def test_settings_of_curves_are_keys_of_lines() -> None:
    assert set(CURVE_PARAMETERS) == {name for names in FORM_PARAMETERS.values() for name in names}
    with pytest.raises(KpicoreError, match="list of pairs"):
        card("sales.done", "steps = [1, 2]")
    with pytest.raises(KpicoreError, match="lo must be a number"):
        card("sales.done", 'lo = "x"')
