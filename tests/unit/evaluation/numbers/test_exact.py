from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.evaluation.numbers.exact import Fixed, half_even, root, stacked

units = st.one_of(
    st.integers(-20, 20),
    st.integers(-(2**31), 2**31),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.integers(-(10**30), 10**30),
)
scales = st.integers(0, 6)


@st.composite
def columns(draw, length=None, positive=False):
    size = draw(st.integers(0, 5)) if length is None else length
    found = draw(st.lists(units, min_size=size, max_size=size))
    if positive:
        found = [abs(item) + 1 for item in found]
    return Fixed.of([Decimal(item) for item in found]), draw(scales)


def fixed(pair):
    column, scale = pair
    return Fixed(column.values, scale)


def fractions(column):
    return [Fraction(int(item), 10**column.scale) for item in column.values.tolist()]


@st.composite
def pairs(draw, positive=False):
    size = draw(st.integers(0, 5))
    return fixed(draw(columns(size))), fixed(draw(columns(size, positive)))


@given(pairs())
def test_sums_differences_and_products_are_exact(both):
    one, two = both
    for result, wanted in (
        (one + two, [a + b for a, b in zip(fractions(one), fractions(two), strict=True)]),
        (one - two, [a - b for a, b in zip(fractions(one), fractions(two), strict=True)]),
        (one * two, [a * b for a, b in zip(fractions(one), fractions(two), strict=True)]),
        (-one, [-a for a in fractions(one)]),
    ):
        assert fractions(result) == wanted
        assert result.values.dtype in (np.int64, np.object_)


@given(pairs())
def test_comparisons_agree_with_fractions(both):
    one, two = both
    assert one.less(two).tolist() == [a < b for a, b in zip(fractions(one), fractions(two), strict=True)]
    assert one.signs().tolist() == [(a > 0) - (a < 0) for a in fractions(one)]
    mask = one.less(two)
    smaller = [min(a, b) for a, b in zip(fractions(one), fractions(two), strict=True)]
    assert fractions(one.where(mask, two)) == smaller


@given(pairs(positive=True), st.integers(0, 12))
def test_quotients_are_rounded_once_and_half_even(both, places):
    one, two = both
    found = one.divided(two, places)
    assert found.scale == places
    wanted = [round(a / b * 10**places) for a, b in zip(fractions(one), fractions(two), strict=True)]
    assert found.values.tolist() == wanted


@given(columns())
def test_decimals_come_back_as_they_went_in(pair):
    column = fixed(pair)
    numbers = column.decimals()
    assert [Fraction(number) for number in numbers] == fractions(column)
    assert fractions(Fixed.of(numbers)) == fractions(column)
    assert fractions(column.rescaled(9)) == fractions(column)
    assert fractions(stacked([column, Fixed.of([Decimal("0.5")])])) == [*fractions(column), Fraction(1, 2)]


def test_halves_go_to_the_even_neighbour():
    column = Fixed.of([Decimal(item) for item in ("0.5", "1.5", "2.5", "-0.5", "-1.5", "0.25", "0.35")])
    assert column.quantised(0).values.tolist() == [0, 2, 2, 0, -2, 0, 0]
    assert column.quantised(1).values.tolist() == [5, 15, 25, -5, -15, 2, 4]
    assert [half_even(n, 2) for n in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


def test_a_single_number_combines_with_a_column():
    column = Fixed.of([Decimal(1), Decimal(2)])
    assert (Fixed.of(Decimal("0.5")) * column).decimals() == [Decimal("0.5"), Decimal("1.0")]
    assert (Fixed.of(3) - column).decimals() == [Decimal(2), Decimal(1)]
    big = Fixed.of(10**30)
    assert (big + big).decimals() == [Decimal(2 * 10**30)]
    assert Fixed.of(7).spread(2).divided(column, 1).decimals() == [Decimal("7.0"), Decimal("3.5")]
    assert column.where(np.array([True, False]), Fixed.of(9)).decimals() == [Decimal(1), Decimal(9)]


@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**37), 10**37), st.integers(-99, 99)), max_size=6), st.integers(0, 3)
)
def test_arrow_decimals_are_read_to_the_last_digit(numbers, skipped):
    given_ = [
        None
        if n is None
        else Decimal(n).scaleb(-4).quantize(Decimal("0.0001"))
        if abs(n) < 10**20
        else Decimal(n // 10**17)
        for n in numbers
    ]
    array = pa.array(given_, pa.decimal128(38, 4)).slice(min(skipped, len(given_)))
    column, nulls = Fixed.from_arrow(array)
    assert nulls.tolist() == [item is None for item in array.to_pylist()]
    assert column.decimals(nulls) == array.to_pylist()
    chunked, _ = Fixed.from_arrow(pa.chunked_array([array, array]))
    assert len(chunked) == 2 * len(array)


def test_arrow_integers_and_empty_columns():
    column, nulls = Fixed.from_arrow(pa.array([1, None, 3], pa.int64()))
    assert (column.decimals(nulls), column.scale) == ([Decimal(1), None, Decimal(3)], 0)
    assert len(Fixed.from_arrow(pa.chunked_array([], pa.decimal128(38, 4)))[0]) == 0
    assert len(Fixed.of([])) == 0
    assert Fixed.of([]).divided(Fixed.of([]), 12).decimals() == []


@given(st.integers(0, 10**24), st.integers(1, 10**12), st.integers(1, 12))
def test_roots_are_the_nearest_number_of_that_many_places(numerator, denominator, degree):
    found = root(numerator, denominator, degree, 12)
    exact = Fraction(numerator, denominator) * 10 ** (12 * degree)
    assert (Fraction(2 * found + 1, 2)) ** degree >= exact
    assert found == 0 or (Fraction(2 * found - 1, 2)) ** degree <= exact


def test_well_known_roots():
    assert root(2, 1, 2, 12) == 1414213562373
    assert root(27, 8, 3, 12) == 1500000000000
    assert root(0, 1, 5, 12) == 0
    assert root(7, 1, 1, 2) == 700


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        Fixed.of(Decimal("NaN"))
