"""What is done about one empty state is nothing to another: policies against plain fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.evaluation.scoring.scored import score_cells
from tests.unit.evaluation.scoring.test_score import cards, cell, cells, rule

POLICIES = ("redistribute", "keep", "floor", "target", "block", "last")
EMPTIES = ("not_applicable", "no_denominator", "missing_data", "immature")
POLICY_MAPS = st.dictionaries(st.sampled_from(EMPTIES), st.sampled_from(POLICIES))
FALLBACK_MAPS = st.dictionaries(st.sampled_from(EMPTIES), st.sampled_from(POLICIES[:-1]))


def _naive(
    rows: Sequence[tuple[int, tuple[str, int, int], int | None]], empty: Mapping[str, str], fallback: Mapping[str, str]
) -> Fraction | None:
    """The total over plain fractions: weights in hundredths, (state, value, target), and the last value of each line."""
    points: list[tuple[int, Fraction]] = []
    kept = 0
    for weight, (state, value, target), last in rows:
        policy = "" if state in ("ok", "provisional") else empty.get(state, "redistribute")
        if policy == "last" and last is None:
            policy = fallback.get(state, "redistribute")
        if policy == "block" and weight:
            return None
        if policy in ("", "last"):
            reached = Fraction(value if policy == "" or last is None else last, target)
            points.append((weight, max(Fraction(round(reached * 10**9), 10**9), Fraction(1, 4))))
        elif policy in ("floor", "target"):
            points.append((weight, Fraction(1, 4) if policy == "floor" else Fraction(1)))
        elif policy == "keep":
            kept += weight
    scored = sum(weight for weight, _ in points)
    if not scored:
        return None
    total = sum((weight * attainment for weight, attainment in points), Fraction(0)) / 100
    return total if scored + kept == 10_000 else Fraction(round(total * (10_000 - kept) / scored * 10**9), 10**9)


@given(cards(), POLICY_MAPS, FALLBACK_MAPS, st.sampled_from(EMPTIES), st.sampled_from(POLICIES), st.data())
def test_no_policy_merges_empty_states(
    card: tuple[list[int], list[tuple[str, int, int]]],
    empty: dict[str, Any],
    fallback: dict[str, Any],
    state: str,
    policy: Any,
    data: st.DataObject,
) -> None:
    weights, values = card
    last = [data.draw(st.none() | st.integers(-(10**6), 10**6)) for _ in weights]

    def total(empty: Mapping[str, Any]) -> Decimal | None:
        lines = [
            Line(f"i.l{n}", Decimal(weight).scaleb(-2), target)
            for n, (weight, (_, _, target)) in enumerate(zip(weights, values, strict=True))
        ]
        declared = Scorecard("card", "Card", "sales", "month", "2026-01-01", lines, empty=empty, fallback=fallback)
        columns = [
            cells(cell(str(value)) if name in ("ok", "provisional") else cell(None, state=name))
            for name, value, _ in values
        ]
        before = {f"i.l{n}": cells(cell(str(number))) for n, number in enumerate(last) if number is not None}
        rules = [rule(floor=Decimal("0.25"))] * len(lines)
        found = score_cells(declared, rules, ("ann",), columns, "2026-01", last=before).totals
        return found.decimals()[0]

    found = total(empty)
    assert found == _naive(list(zip(weights, values, last, strict=True)), empty, fallback)
    # What one state does is nothing to who is in another.
    if state not in {name for name, _, _ in values}:
        assert total({**empty, state: policy}) == found
