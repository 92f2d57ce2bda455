"""Scoring by hand: every curve at its edges, empty states, totals, bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.cards.scorecards import Line, Scorecard, TargetLine
from kpicore.evaluation.scoring.cells import Cells, Column, measured_again, targets_for, without_target
from kpicore.evaluation.scoring.outcome import band, outcome
from kpicore.evaluation.scoring.score import LineRule
from kpicore.evaluation.scoring.scored import Scored, score_cells
from kpicore.evaluation.sealing.form import sealed_columns, subject_documents


def rule(**options: Any) -> LineRule:
    parts: dict[str, Any] = {"form": "ratio", "better": "higher", "floor": Decimal(0), "cap": None}
    return LineRule(**{**parts, **options})


def cell(value: str | None, below: str | None = None, state: str = "ok") -> tuple[Any, ...]:
    number = None if value is None else Decimal(value)
    return number, None if below is None else Decimal(below), number, state, ()


def cells(*rows: tuple[Any, ...]) -> Cells:
    return Cells.of(*(tuple(row[n] for row in rows) for n in range(5)))


def scored(
    *lines: tuple[str, str | None, LineRule, tuple[Any, ...]],
    empty: Mapping[str, Any] | None = None,
    bands: Mapping[str, Decimal] | None = None,
) -> Scored:
    """One subject: weight, target, rule and cell of each line."""
    card = Scorecard(
        "card",
        "Card",
        "sales",
        "month",
        "2026-01-01",
        [Line(f"i.l{n}", weight, target) for n, (weight, target, _, _) in enumerate(lines)],
        empty=empty or {},
        bands=bands or {},
    )
    return score_cells(card, [line[2] for line in lines], ("ann",), [cells(line[3]) for line in lines], "2026-01")


def documents(found: Scored) -> list[dict[str, Any]]:
    """The `subjects` of an evaluate document, without modifiers and gates."""
    after = outcome(found.card, found.subjects, found.totals, [], "2026-01")
    return subject_documents(found.subjects, sealed_columns(found, after), found.lines_document())


def attained(value: str, target: str, below: str | None = None, **options: Any) -> tuple[str | None, str | None]:
    """Attainment and bound of a single line."""
    [subject] = documents(scored(("100", target, rule(**options), cell(value, below))))
    return subject["lines"][0]["attainment"], subject["lines"][0]["bound"]


@pytest.mark.parametrize(
    ("value", "target", "wanted"),
    [
        ("50", "50", "1"),
        ("0", "50", "0"),
        ("25", "50", "0.5"),
        ("100", "50", "2"),
        ("1", "3", "0.333333333"),
        ("2", "3", "0.666666667"),
        # Half-even at the ninth place: 0.5 units go to the even neighbour.
        ("0.0000000005", "1", "0"),
        ("0.0000000015", "1", "0.000000002"),
        ("0.0000000025", "1", "0.000000002"),
        ("123456789012345.6789", "0.0001", "1234567890123456789"),
    ],
)
def test_a_ratio_where_higher_is_better(value: str, target: str, wanted: str) -> None:
    assert attained(value, target) == (wanted, None)


@pytest.mark.parametrize(
    ("value", "target", "wanted", "bound"),
    [
        ("10", "10", "1", None),
        ("20", "10", "0", None),
        ("0", "10", "2", None),
        ("15", "10", "0.5", None),
        ("25", "10", "0", "floor"),
        ("5", "10", "1.5", None),
        ("1", "3", "1.666666667", None),
    ],
)
def test_a_ratio_where_lower_is_better(value: str, target: str, wanted: str, bound: str | None) -> None:
    assert attained(value, target, better="lower") == (wanted, bound)


@pytest.mark.parametrize(
    ("value", "target", "zero", "wanted", "bound"),
    [
        ("40", "40", "-20", "1", None),
        ("-20", "40", "-20", "0", None),
        ("10", "40", "-20", "0.5", None),
        ("-50", "40", "-20", "0", "floor"),
        ("100", "40", "-20", "2", None),
        # Lower is better: the target lies under the value that earns nothing; a target of 0 is fine.
        ("0", "0", "5", "1", None),
        ("5", "0", "5", "0", None),
        ("2", "0", "5", "0.6", None),
        ("6", "0", "5", "0", "floor"),
        ("-5", "-5", "0", "1", None),
    ],
)
def test_a_linear_curve(value: str, target: str, zero: str, wanted: str, bound: str | None) -> None:
    assert attained(value, target, form="linear", values={"zero": Decimal(zero)}) == (wanted, bound)


def test_the_exact_ratio_counts_not_the_rounded_value() -> None:
    # 1/3 ÷ (1/3 rounded to 12 places) would not be 1; against 0.3 the exact quotient is 10/9.
    assert attained("1", "0.3", below="3") == ("1.111111111", None)
    # A negative denominator turns both signs.
    assert attained("-1", "0.5", below="-2") == ("1", None)
    assert attained("-1", "0.5", below="-2", form="linear", values={"zero": Decimal(0)}) == ("1", None)


@pytest.mark.parametrize(
    ("value", "wanted", "bound"),
    [
        ("49", "0.5", "floor"),
        ("50", "0.5", None),
        ("51", "0.51", None),
        ("119", "1.19", None),
        ("120", "1.2", None),
        ("121", "1.2", "cap"),
    ],
)
def test_floor_and_cap_bind_beyond_and_not_at_their_edge(value: str, wanted: str, bound: str | None) -> None:
    assert attained(value, "100", floor=Decimal("0.5"), cap=Decimal("1.2")) == (wanted, bound)


def test_a_negative_value_against_a_floor_below_zero() -> None:
    assert attained("-30", "100", floor=Decimal(-1)) == ("-0.3", None)


def test_points_weights_and_totals_by_hand() -> None:
    # 0.9 × 100 × 60 % + 1.25 × 100 × 40 % = 54 + 50
    [subject] = documents(
        scored(
            ("60", "100", rule(), cell("90")),
            ("40", "0.4", rule(), cell("1", "2")),
            bands={"A": Decimal(104), "B": Decimal(0)},
        )
    )
    assert [line["points"] for line in subject["lines"]] == ["90", "125"]
    assert (subject["total"], subject["band"]) == ("104", "A")


def test_a_total_without_redistribution_is_exact() -> None:
    # 0.333333333 × 33.33 + 0.666666667 × 66.67 = 11.10999998889 + 44.44666668889
    result = scored(("33.33", "3", rule(), cell("1")), ("66.67", "3", rule(), cell("2")))
    assert result.totals.decimals() == [Decimal("55.55666667778")]


def test_a_weight_of_zero_is_shown_and_not_scored() -> None:
    result = scored(("100", "10", rule(), cell("5")), ("0", "10", rule(), cell("30")))
    assert result.totals.decimals() == [50]
    [subject] = documents(result)
    assert subject["lines"][1]["points"] == "300"
    # Without a target it has a value and no attainment, and its state is what was measured.
    [subject] = documents(scored(("100", "10", rule(), cell("5")), ("0", None, rule(), cell("30"))))
    assert (subject["lines"][1]["state"], subject["lines"][1]["attainment"]) == ("ok", None)


EMPTY = cell(None, state="no_denominator")


def test_empty_lines_give_their_weight_to_the_others() -> None:
    # 50 and 30 share 20 in proportion: 62.5 and 37.5.
    result = scored(("50", "10", rule(), cell("8")), ("30", "10", rule(), cell("10")), ("20", "1", rule(), EMPTY))
    assert result.totals.decimals() == [Decimal("87.5")]
    assert result.totals.redistributed.tolist() == [2000]
    # 0.8 × 100 × 50/70 + 100 × 20/70 = 85.714285714(2857…)
    result = scored(("50", "10", rule(), cell("8")), ("20", "10", rule(), cell("10")), ("30", "1", rule(), EMPTY))
    assert result.totals.decimals() == [Decimal("85.714285714")]


def test_a_kept_weight_earns_nothing() -> None:
    lines = (("50", "10", rule(), cell("8")), ("30", "10", rule(), cell("10")), ("20", "1", rule(), EMPTY))
    result = scored(*lines, empty={"no_denominator": "keep"})
    assert (result.totals.decimals(), result.totals.kept.tolist()) == ([70], [2000])
    # What is kept stays apart from what is redistributed: 100 − 20 is shared by the lines with points.
    gone = ("10", "1", rule(), cell(None, state="missing_data"))
    result = scored(("40", "10", rule(), cell("8")), lines[1], lines[2], gone, empty={"no_denominator": "keep"})
    assert result.totals.decimals() == [Decimal("70.857142857")]  # (32 + 30) × 80 / 70


def test_floor_and_target_stand_for_an_empty_line() -> None:
    lines = (("80", "10", rule(), cell("8")), ("20", "1", rule(floor=Decimal("0.5"), cap=Decimal("0.9")), EMPTY))
    floor = scored(*lines, empty={"no_denominator": "floor"})
    assert floor.totals.decimals() == [74]
    assert documents(floor)[0]["lines"][1]["bound"] == "floor"
    assert scored(*lines, empty={"no_denominator": "target"}).totals.decimals() == [82]
    full = scored(lines[0], ("20", "1", rule(), EMPTY), empty={"no_denominator": "target"})
    assert full.totals.decimals() == [84]


def test_a_blocking_state_leaves_no_total_and_names_the_cell() -> None:
    result = scored(("80", "10", rule(), cell("8")), ("20", "1", rule(), EMPTY), empty={"no_denominator": "block"})
    assert result.totals.decimals() == [None]
    assert result.blocked() == [("ann", "i.l1", "no_denominator")]
    shown = scored(("100", "10", rule(), cell("8")), ("0", "1", rule(), EMPTY), empty={"no_denominator": "block"})
    assert shown.totals.decimals() == [80]
    assert shown.blocked() == []


def test_all_lines_empty_leave_no_total_and_no_band() -> None:
    for policy in ("redistribute", "keep"):
        [subject] = documents(
            scored(("100", "1", rule(), EMPTY), ("0", "1", rule(), cell("1")), empty={"no_denominator": policy})
        )
        assert (subject["total"], subject["band"]) == (None, None)


def test_provisional_counts_as_a_value() -> None:
    assert scored(("100", "10", rule(), cell("8", state="provisional"))).totals.decimals() == [80]


def test_a_value_without_a_target_is_missing_data() -> None:
    [subject] = documents(scored(("60", "10", rule(), cell("8")), ("40", None, rule(), cell("3"))))
    line = subject["lines"][1]
    assert (line["state"], line["flags"], line["value"], line["attainment"]) == (
        "missing_data",
        ["no_target"],
        "3",
        None,
    )
    assert subject["total"] == "80"


@pytest.mark.parametrize("state", ["ok", "provisional", "immature"])
def test_a_missing_target_can_be_undone(state: str) -> None:
    column = cells(cell("3", state=state))
    again = measured_again(without_target(column, Column.of([None])))
    assert again.equals(column)
    assert again.flags == column.flags


def test_a_median_scores_by_its_value() -> None:
    column = Cells.of((None,), (None,), (Decimal("2.5"),), ("ok",), ((),))
    card = Scorecard("card", "Card", "sales", "month", "2026-01-01", [Line("i.m", 100, 5)])
    assert score_cells(card, [rule()], ("ann",), [column], "2026-01").totals.decimals() == [50]


def test_the_nearest_target_counts() -> None:
    targets = [
        TargetLine("i.a", 1, subject="ann", period="2026-01"),
        TargetLine("i.a", 2, subject="ann"),
        TargetLine("i.a", 3, period="2026-01"),
        TargetLine("i.a", 4),
    ]
    line = Line("i.a", 100, 5)
    for skip, wanted in enumerate([1, 2, 3, 4, 5]):
        card = Scorecard("card", "Card", "sales", "month", "2026-01-01", [line], targets=targets[skip:])
        assert targets_for(card, ("ann",), "2026-01")[0].decimals() == [wanted]
    card = Scorecard("card", "Card", "sales", "month", "2026-01-01", [line], targets=targets)
    assert targets_for(card, ("bob", None), "2026-01")[0].decimals() == [3, 3]
    assert targets_for(card, ("ann", "bob"), "2026-02")[0].decimals() == [2, 4]


def test_bands_are_half_open_and_use_the_unrounded_total() -> None:
    bands = {"A": Decimal(110), "B": Decimal(90), "C": Decimal(0)}
    assert [band(Decimal(total), bands) for total in ("110", "109.999999999", "90", "89.99999999999", "0", "-1")] == [
        "A",
        "B",
        "B",
        "C",
        "C",
        None,
    ]
    assert band(None, bands) is None
    assert band(Decimal(1), {}) is None


def test_nobody_to_score_is_no_error() -> None:
    card = Scorecard("card", "Card", "sales", "month", "2026-01-01", [Line("i.a", 100, 5)])
    assert documents(score_cells(card, [rule()], (), [cells()], "2026-01")) == []


STATES = ("ok", "ok", "ok", "provisional", "no_denominator", "missing_data", "immature", "not_applicable")


@st.composite
def cards(draw: st.DrawFn) -> tuple[list[int], list[tuple[str, int, int]]]:
    """Weights in hundredths that sum to 100, and (state, value, target) of each line."""
    size = draw(st.integers(1, 7))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=size - 1, max_size=size - 1)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    values = st.tuples(st.sampled_from(STATES), st.integers(-(10**9), 10**9), st.integers(1, 10**6))
    return weights, draw(st.lists(values, min_size=size, max_size=size))


def evaluated(weights: Sequence[int], values: Sequence[tuple[str, int, int]], empty: Mapping[str, Any]) -> Scored:
    return scored(
        *(
            (
                str(Decimal(weight).scaleb(-2)),
                str(target),
                rule(floor=Decimal(-5)),
                cell(str(value), state=state) if state in ("ok", "provisional") else cell(None, state=state),
            )
            for weight, (state, value, target) in zip(weights, values, strict=True)
        ),
        empty=empty,
    )


@given(cards(), st.sampled_from(["redistribute", "keep"]), st.data())
def test_totals_equal_rational_arithmetic_in_any_order_of_lines(
    card: tuple[list[int], list[tuple[str, int, int]]], policy: str, data: st.DataObject
) -> None:
    weights, values = card
    empty = {"no_denominator": policy}
    result = evaluated(weights, values, empty)
    [subject] = documents(result)
    points = [None if line["points"] is None else Fraction(line["points"]) for line in subject["lines"]]
    kept = sum(
        w for w, (state, _, _) in zip(weights, values, strict=True) if state == "no_denominator" and policy == "keep"
    )
    weighing = sum(w for w, p in zip(weights, points, strict=True) if p is not None)
    if not weighing:
        assert subject["total"] is None
    else:
        exact = sum((p * w for w, p in zip(weights, points, strict=True) if p is not None), Fraction(0))
        exact *= Fraction(10_000 - kept, weighing * 10_000)
        total = Fraction(subject["total"])
        assert abs(total - exact) <= Fraction(1, 2 * 10**9)
        assert total == exact or weighing + kept != 10_000
    order = data.draw(st.permutations(range(len(weights))))
    again = evaluated([weights[n] for n in order], [values[n] for n in order], empty)
    assert again.totals.decimals() == result.totals.decimals()
    assert result.totals.redistributed[0] + result.totals.kept[0] + weighing == 10_000
