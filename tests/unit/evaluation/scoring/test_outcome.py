"""From the sum to the total by hand: modifiers, gates, cap, bands, coefficients, each at its edges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.cards.scorecards import Coefficient, Gate, Line, Modifier, Scorecard
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells
from kpicore.evaluation.scoring.effects import condition_cells, effect_entries, outcome_columns, outcome_documents
from kpicore.evaluation.scoring.outcome import Outcome, coefficient, outcome
from kpicore.evaluation.scoring.score import Totals

EMPTY_STATES = ("not_applicable", "no_denominator", "missing_data", "immature")


def sums(*given: str | None) -> Totals:
    none = np.array([number is None for number in given])
    zeros = np.zeros(len(given), dtype=np.int64)
    return Totals(Fixed.of([Decimal(number or 0) for number in given]), none, zeros, zeros, none & False)


def card(**parts: Any) -> Scorecard:
    return Scorecard("card", "Card", "sales", "month", "2026-01-01", [Line("i.a", 100, 5)], **parts)


def cells(*values: str) -> Cells:
    """A number, a ratio as `1/3`, or an empty state, for each subject."""
    parts = [(None, None) if value in EMPTY_STATES else _pair(value) for value in values]
    worth = [None if above is None else round(above / (below or 1), 12) for above, below in parts]
    states = [value if value in EMPTY_STATES else "ok" for value in values]
    return Cells.of(
        [above for above, _ in parts], [below for _, below in parts], worth, states, tuple(() for _ in values)
    )


def _pair(value: str) -> tuple[Decimal, Decimal | None]:
    above, _, below = value.partition("/")
    return Decimal(above), Decimal(below) if below else None


def after(totals: Totals, measured: Sequence[Cells] = (), period: str = "2026-01", **parts: Any) -> Outcome:
    names = tuple(f"s{n}" for n in range(len(totals.none)))
    return outcome(card(**parts), names, totals, measured, period)


def entries(found: Outcome, kind: str = "gates") -> list[list[dict[str, Any]]]:
    return [document[kind] for document in outcome_documents(outcome_columns(found))]


@pytest.mark.parametrize(
    ("value", "closed"),
    [
        ("99", True),
        ("100", False),
        ("101", False),
        ("299999999999999999999999/3000000000000000000000", True),
        ("300/3", False),
    ],
)
def test_a_gate_closes_below_its_limit_and_not_at_it(value: str, closed: bool) -> None:
    # 299…/3…0 rounds to 100 at 12 places; the exact ratio is below it.
    found = after(sums("85.5"), [cells(value)], gates=[Gate("i.g", below="100", total="0")])
    assert found.totals == [Decimal(0) if closed else Decimal("85.5")]
    assert [entry["points"] for entry in entries(found)[0]] == (["-85.5"] if closed else [])
    assert outcome_documents(outcome_columns(found))[0]["bound"] == ("gate" if closed else None)


@pytest.mark.parametrize(("value", "closed"), [("3", False), ("3.000000000001", True), ("2", False), ("10/3", True)])
def test_a_gate_closes_above_its_limit_and_not_at_it(value: str, closed: bool) -> None:
    found = after(sums("85.5"), [cells(value)], gates=[Gate("i.g", above="3", cap="60")])
    assert found.totals == [Decimal(60) if closed else Decimal("85.5")]


def test_a_cap_of_a_gate_that_is_not_reached_binds_nothing() -> None:
    found = after(sums("59.9", "60", "60.1"), [cells("0", "0", "0")], gates=[Gate("i.g", below="1", cap="60")])
    assert found.totals == [Decimal("59.9"), 60, 60]
    assert [[entry["points"] for entry in one] for one in entries(found)] == [["0"], ["0"], ["-0.1"]]
    assert [document["bound"] for document in outcome_documents(outcome_columns(found))] == [None, None, "gate"]


def test_gates_apply_in_the_order_of_the_card() -> None:
    zero, most = Gate("i.g", below="1", total="0"), Gate("i.h", above="5", cap="60")
    found = after(sums("90", "90", "90"), [cells("0", "1", "0"), cells("6", "6", "5")], gates=[zero, most])
    assert found.totals == [0, 60, 0]
    raised = after(sums("90"), [cells("6"), cells("0")], gates=[most, Gate("i.g", below="1", total="70")])
    assert raised.totals == [70]
    assert [entry["points"] for entry in entries(raised)[0]] == ["-30", "10"]


@pytest.mark.parametrize("state", EMPTY_STATES)
@pytest.mark.parametrize(
    ("policy", "total", "applied"), [(None, "90", False), ("pass", "90", False), ("apply", "0", True)]
)
def test_what_a_gate_does_while_its_indicator_is_empty(state: str, policy: Any, total: str, applied: bool) -> None:
    gate = Gate("i.g", below="1", total="0", empty={} if policy is None else {state: policy})
    found = after(sums("90"), [cells(state)], gates=[gate])
    assert found.totals == [Decimal(total)]
    [[entry]] = entries(found)
    assert (entry["state"], entry["empty_policy"], entry["applied"]) == (state, policy or "pass", applied)


def test_a_blocking_gate_leaves_no_total_and_names_the_cell() -> None:
    gate = Gate("i.g", below="1", total="0", empty={"missing_data": "block"})
    found = after(
        sums("90", "80"), [cells("missing_data", "immature")], gates=[gate], cap="85", bands={"A": Decimal(0)}
    )
    assert (found.totals, found.bands) == ([None, 80], [None, "A"])
    assert found.blocked() == [("s0", "i.g", "missing_data")]


def test_no_total_stays_none() -> None:
    found = after(
        sums(None), [cells("0")], gates=[Gate("i.g", below="1", total="0")], modifiers=[Modifier("1.1")], cap="5"
    )
    assert (found.totals, found.coefficients) == ([None], [None])


def test_modifiers_multiply_one_after_the_other_and_are_rounded_once() -> None:
    # 55.55666667778 × 0.9 = 50.001000010002, × 1.05 = 52.5010500105021
    twice = [Modifier("0.9", title="a"), Modifier("1.05", title="b")]
    found = after(sums("55.55666667778"), modifiers=twice)
    assert found.totals == [Decimal("52.501050011")]
    points = [Decimal(entry["points"]) for entry in entries(found, "modifiers")[0]]
    assert points == [Decimal("50.00100001") - Decimal("55.55666667778"), Decimal("2.500050001")]
    # Half-even at the ninth place: 0.0000000005 and 0.0000000015.
    assert after(sums("0.000000001", "0.000000003"), modifiers=[Modifier("0.5", title="half")]).totals == [
        0,
        Decimal("0.000000002"),
    ]


def test_a_modifier_of_a_subject_and_period_leaves_the_others_alone() -> None:
    modifier = Modifier("1.1", title="north", subject="s1", period="2026-01")
    found = after(sums("80", "80"), modifiers=[modifier])
    assert found.totals == [80, 88]
    assert [len(one) for one in entries(found, "modifiers")] == [0, 1]
    assert after(sums("80", "80"), modifiers=[modifier], period="2026-02").totals == [80, 80]


@pytest.mark.parametrize(("value", "total"), [("2", "80"), ("3", "72"), ("missing_data", "80")])
def test_a_modifier_on_a_condition(value: str, total: str) -> None:
    modifier = Modifier("0.9", "i.complaints", above="2")
    assert after(sums("80"), [cells(value)], modifiers=[modifier]).totals == [Decimal(total)]


@pytest.mark.parametrize(
    ("total", "wanted", "bound"),
    [("119.999999999", "119.999999999", None), ("120", "120", None), ("120.000000001", "120", "cap")],
)
def test_the_cards_cap_comes_last(total: str, wanted: str, bound: str | None) -> None:
    found = after(sums(total), cap="120")
    assert found.totals == [Decimal(wanted)]
    assert outcome_documents(outcome_columns(found))[0]["bound"] == bound
    above = after(sums("90"), [cells("0")], gates=[Gate("i.g", below="1", total="130")], cap="120")
    assert above.totals == [120]


BRIEF = Coefficient("steps", ((Decimal(120), Decimal("1.5")), (Decimal(100), Decimal(1)), (Decimal(0), Decimal(0))))
LINE = Coefficient("linear", ((Decimal(60), Decimal(0)), (Decimal(100), Decimal(1)), (Decimal(130), Decimal(2))))


@pytest.mark.parametrize(
    ("total", "rule", "wanted"),
    [
        ("120", BRIEF, "1.5"),
        ("119.999999999", BRIEF, "1"),
        ("100", BRIEF, "1"),
        ("99.999999999", BRIEF, "0"),
        ("0", BRIEF, "0"),
        ("-0.000000001", BRIEF, None),
        ("500", BRIEF, "1.5"),
        ("60", LINE, "0"),
        ("59", LINE, "0"),
        ("80", LINE, "0.5"),
        ("100", LINE, "1"),
        ("110", LINE, "1.333333333"),
        ("120", LINE, "1.666666667"),
        ("130", LINE, "2"),
        ("131", LINE, "2"),
    ],
)
def test_coefficients_at_every_step(total: str, rule: Coefficient, wanted: str | None) -> None:
    found = after(sums(total), coefficient=rule)
    assert found.coefficients == [None if wanted is None else Decimal(wanted)]
    assert coefficient(None, rule) is None


def test_a_card_without_any_of_it_has_none_of_its_parts() -> None:
    found = after(sums("80", None), bands={"A": Decimal(80)})
    assert outcome_columns(found) == {"totals": ["80", None], "bands": ["A", None]}
    [one, none] = outcome_documents(outcome_columns(found))
    assert one == {
        "total": "80",
        "band": "A",
        "coefficient": None,
        "gates": [],
        "modifiers": [],
        "sum": "80",
        "bound": None,
    }
    assert (none["total"], none["sum"]) == (None, None)


NUMBERS = st.integers(-(10**12), 10**12).map(lambda units: Decimal(units).scaleb(-9))
VALUES = st.one_of(
    st.integers(-5, 5).map(str),
    st.tuples(st.integers(-9, 9), st.integers(1, 3)).map(lambda p: f"{p[0]}/{p[1]}"),
    st.sampled_from(EMPTY_STATES),
)
LIMITS = st.none() | st.integers(-3, 3).map(Decimal)
POLICIES = st.dictionaries(st.sampled_from(EMPTY_STATES), st.sampled_from(["pass", "apply", "block"]), max_size=4)


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    modifiers = [
        Modifier(
            draw(st.integers(0, 3000).map(lambda units: Decimal(units).scaleb(-3))),
            "i.m",
            *(draw(LIMITS), draw(LIMITS)),
            subject=draw(st.sampled_from([None, None, "s0"])),
            empty=draw(POLICIES),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    gates = []
    for _ in range(draw(st.integers(0, 2))):
        effect = draw(st.sampled_from(["total", "cap"]))
        limits = {"below": draw(LIMITS), "above": draw(LIMITS), effect: draw(NUMBERS)}
        gates.append(Gate("i.g", empty=draw(POLICIES), **limits))
    return {"modifiers": modifiers, "gates": gates, "cap": draw(st.none() | NUMBERS)}


def _naive(total: Decimal, parts: dict[str, Any], values: Sequence[str], subject: str) -> Fraction | None:
    """The steps over plain fractions; None where a policy blocks."""

    def holds(rule: Any, value: str) -> bool | None:
        if value in EMPTY_STATES:
            return {"pass": False, "apply": True, "block": None}[rule.empty.get(value, "pass")]
        above, _, below = value.partition("/")
        exact = Fraction(int(above), int(below or 1))
        return (rule.below is not None and exact < rule.below) or (rule.above is not None and exact > rule.above)

    rules = [*(rule for rule in parts["modifiers"] if rule.subject in (None, subject)), *parts["gates"]]
    kept = [
        *(value for rule, value in zip(parts["modifiers"], values, strict=False) if rule.subject in (None, subject))
    ]
    pairs = [
        (rule, holds(rule, value))
        for rule, value in zip(rules, [*kept, *values[len(parts["modifiers"]) :]], strict=True)
    ]
    if any(met is None for _, met in pairs):
        return None
    found = Fraction(total)
    factors = [rule.factor for rule, met in pairs if met and isinstance(rule, Modifier)]
    for factor in factors:
        found *= Fraction(factor)
    if factors:
        found = Fraction(round(found * 10**9), 10**9)
    for rule, met in pairs:
        if met and isinstance(rule, Gate):
            found = Fraction(rule.total) if rule.total is not None else min(found, Fraction(rule.cap))
    return found if parts["cap"] is None else min(found, Fraction(parts["cap"]))


@given(cards(), st.data())
def test_steps_equal_plain_fractions_add_up_and_survive_sealing(parts: dict[str, Any], data: st.DataObject) -> None:
    totals = data.draw(st.lists(NUMBERS, min_size=1, max_size=4))
    rules = [*parts["modifiers"], *parts["gates"]]
    values = [data.draw(st.lists(VALUES, min_size=len(totals), max_size=len(totals))) for _ in rules]
    found = after(sums(*map(str, totals)), [cells(*one) for one in values], **parts)
    columns = outcome_columns(found)
    for n, (total, after_all) in enumerate(zip(totals, found.totals, strict=True)):
        assert after_all == _naive(total, parts, [one[n] for one in values], f"s{n}")
        if after_all is not None:
            listed = [entry for kind in ("modifiers", "gates") for entry in effect_entries(columns, kind)[n]]
            summed = total + sum((Decimal(entry["points"]) for entry in listed), Decimal(0))
            assert after_all == (summed if parts["cap"] is None else min(summed, parts["cap"]))
    if rules:
        again = condition_cells(columns)
        assert all(one.equals(other) for one, other in zip(again, found.measured, strict=True))
