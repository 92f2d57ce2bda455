from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kpicore.evaluation.numbers import quantities
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.numbers.quantities import EMPTY, Quantity

decimals = st.decimals(-1000, 1000, places=3)
positive = st.decimals("0.001", 1000, places=3)
LENGTH = 4


@st.composite
def ratios(draw):
    """A quantity of four cells, with or without denominators, and its values as fractions."""
    above = draw(st.lists(decimals, min_size=LENGTH, max_size=LENGTH))
    bits = np.zeros(LENGTH, dtype=np.uint8)
    if draw(st.booleans()):
        return Quantity(Fixed.of(above), None, None, bits, True, {}), [Fraction(n) for n in above]
    below = draw(st.lists(positive, min_size=LENGTH, max_size=LENGTH))
    found = Quantity(
        Fixed.of(above),
        Fixed.of(below),
        draw(st.sampled_from([("a", tuple(below)), ("b", tuple(below))])),
        bits,
        True,
        {},
    )
    return found, [Fraction(n) / Fraction(d) for n, d in zip(above, below, strict=True)]


def values(found):
    """The values of a quantity as fractions, None where it is empty."""
    below = found.denominators().spread(LENGTH)
    return [
        None if bit & EMPTY else Fraction(n) / Fraction(d)
        for n, d, bit in zip(found.above.spread(LENGTH).decimals(), below.decimals(), found.bits.tolist(), strict=True)
    ]


@given(ratios(), ratios())
def test_arithmetic_on_columns_is_that_of_fractions(one, other):
    (left, a), (right, b) = one, other
    assert values(quantities.added(left, right, 1)) == [x + y for x, y in zip(a, b, strict=True)]
    assert values(quantities.added(left, right, -1)) == [x - y for x, y in zip(a, b, strict=True)]
    assert values(quantities.multiplied(left, right)) == [x * y for x, y in zip(a, b, strict=True)]
    quotient = quantities.divided(left, right, "base", "zero_denominator")
    assert values(quotient) == [x / y if y > 0 else None for x, y in zip(a, b, strict=True)]
    noted = quotient.flags.get("zero_denominator", np.zeros(LENGTH, dtype=bool)).tolist()
    assert noted == [y == 0 and x != 0 for x, y in zip(a, b, strict=True)]


@given(ratios(), ratios(), ratios())
def test_extremes_are_those_of_fractions_and_empty_parts_are_skipped_or_not(one, other, third):
    quotient = quantities.divided(one[0], other[0], "base", "zero_denominator")
    parts, own = [quotient, third[0]], [values(quotient), third[1]]
    for op, pick in (("min", min), ("max", max)):
        skipped = [pick(x for x in pair if x is not None) for pair in zip(*own, strict=True)]
        assert values(quantities.extreme(op, parts, skip=True)) == skipped
        strict = [None if None in pair else pick(pair) for pair in zip(*own, strict=True)]
        assert values(quantities.extreme(op, parts, skip=False)) == strict


@given(ratios(), st.integers(1, 5))
def test_roots_are_within_half_a_unit_of_the_last_place(one, degree):
    found, exact = one
    roots = quantities.rooted(found, quantities.quantity(Fixed.of(degree), np.zeros(LENGTH, dtype=np.uint8)))
    half = Fraction(1, 2 * 10**12)
    for root, value in zip(values(roots), exact, strict=True):
        if value < 0:
            assert root is None
        else:
            assert max(root - half, Fraction(0)) ** degree <= value <= (root + half) ** degree


def test_equal_denominators_stay_and_others_multiply():
    bits = np.zeros(1, dtype=np.uint8)
    three, four = Fixed.of([Decimal(3)]), Fixed.of([Decimal(4)])
    a, b = Quantity(three, four, "x", bits, True, {}), Quantity(four, four, "x", bits, True, {})
    assert quantities.added(a, b, 1).denominators().decimals() == [Decimal(4)]
    c = Quantity(four, four, "y", bits, True, {})
    assert quantities.added(a, c, 1).denominators().decimals() == [Decimal(16)]


def test_a_part_that_is_skipped_notes_nothing():
    def whole(number):
        return quantities.quantity(Fixed.of([Decimal(number)] * 2), np.zeros(2, dtype=np.uint8))

    nothing = quantities.quantity(Fixed.of([Decimal(0), Decimal(2)]), np.zeros(2, dtype=np.uint8))
    rate = quantities.divided(whole(8), nothing, "base", "zero_denominator")
    assert rate.flags["zero_denominator"].tolist() == [True, False]
    assert not quantities.extreme("min", [rate, whole(5)], skip=True).flags
    assert quantities.extreme("min", [rate], skip=True).flags["zero_denominator"].tolist() == [True, False]
    assert quantities.extreme("min", [rate, whole(5)], skip=False).flags["zero_denominator"].tolist() == [True, False]
