"""Columns of exact numbers: integers with a decimal scale, in 64 bits where they fit and without limit where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

#: int64, or Python's integers as objects.
Integers: TypeAlias = "npt.NDArray[Any]"
Mask: TypeAlias = "npt.NDArray[np.bool_]"

_LARGEST = 2**63 - 1
#: Wide enough that no operation on what engines return is ever rounded by it.
_WIDE = Context(prec=1000)


class Fixed:
    """A column (or one number) of exact decimals: `values` ÷ 10^`scale`.

    Arithmetic is exact; it stays in 64-bit integers while results fit, and goes on in Python's integers where they
    would not. Columns of one length combine with each other and with single numbers.

    Args:
        values: Integers, int64 or Python objects.
        scale: Decimal places, at least 0.
    """

    __slots__ = ("scale", "values")

    def __init__(self, values: Integers, scale: int = 0) -> None:
        self.values, self.scale = values, scale

    @classmethod
    def of(cls, given: Decimal | int | Sequence[Decimal | int]) -> Fixed:
        """One number, or a column of numbers."""
        if isinstance(given, Decimal | int):
            number = Decimal(given)
            scale = max(-_exponent(number), 0)
            return cls(_narrow([int(_WIDE.scaleb(number, scale))]).reshape(()), scale)
        numbers = [Decimal(item) for item in given]
        scale = max((-_exponent(number) for number in numbers), default=0)
        scale = max(scale, 0)
        return cls(_narrow([int(_WIDE.scaleb(number, scale)) for number in numbers]), scale)

    @classmethod
    def from_arrow(cls, column: pa.Array | pa.ChunkedArray) -> tuple[Fixed, Mask]:
        """A column of integers or decimals as an engine returns it, nulls as 0, and where they are."""
        import pyarrow as pa

        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if isinstance(array, pa.ChunkedArray):
            array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
        nulls = np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)
        if pa.types.is_decimal128(array.type):
            return cls(_decimal_units(array, nulls), array.type.scale), nulls
        values = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return cls(np.asarray(values, dtype=np.int64)), nulls

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Fixed({self.decimals() if self.values.ndim else self.decimals()[0]})"

    def __add__(self, other: Fixed) -> Fixed:
        return self._summed(other, 1)

    def __sub__(self, other: Fixed) -> Fixed:
        return self._summed(other, -1)

    def __mul__(self, other: Fixed) -> Fixed:
        one, two = _fitting(self.values, other.values, _reach(self.values) * _reach(other.values))
        return Fixed(_array(one * two), self.scale + other.scale)

    def __neg__(self) -> Fixed:
        return Fixed.of(0) - self

    def rescaled(self, scale: int) -> Fixed:
        """The same numbers with more decimal places."""
        return Fixed(_shifted(self.values, scale - self.scale), scale) if scale > self.scale else self

    def signs(self) -> npt.NDArray[np.int8]:
        """−1, 0 or 1 for each number."""
        return np.asarray((self.values > 0), dtype=np.int8) - np.asarray((self.values < 0), dtype=np.int8)

    def less(self, other: Fixed) -> Mask:
        """Where this is smaller than the other."""
        one, two = self._aligned(other)
        return np.asarray(one.values < two.values, dtype=np.bool_)

    def where(self, mask: Mask, other: Fixed) -> Fixed:
        """This where the mask is true, else the other."""
        one, two = self._aligned(other)
        return Fixed(np.where(mask, one.values, two.values), one.scale)

    def take(self, places: npt.NDArray[np.intp]) -> Fixed:
        """The numbers at these places."""
        return Fixed(self.values[places], self.scale)

    def replaced(self, places: npt.NDArray[np.intp], others: Fixed) -> Fixed:
        """The same numbers with others at these places."""
        one, two = self._aligned(others)
        values = one.values.astype(np.result_type(one.values, two.values))
        values[places] = two.values
        return Fixed(values, one.scale)

    def spread(self, length: int) -> Fixed:
        """A single number as a column of this length; a column as it is."""
        return self if self.values.ndim else Fixed(np.broadcast_to(self.values, (length,)), self.scale)

    def divided(self, other: Fixed, places: int) -> Fixed:
        """The quotient, rounded once and half-even.

        Args:
            other: Divisors above 0.
            places: Decimal places of the result.
        """
        shift = places + other.scale - self.scale
        below = other.values if shift >= 0 else _shifted(other.values, -shift)
        one, two = np.broadcast_arrays(self.values, below)
        return Fixed(_quotients(one, two, max(shift, 0)), places)

    def floored(self, other: Fixed) -> Fixed:
        """The whole part of the quotient, rounded down.

        Args:
            other: Divisors above 0.
        """
        one, two = self._aligned(other)
        return Fixed(_array(one.values // two.values))

    def quantised(self, places: int) -> Fixed:
        """The numbers with at most that many decimal places, rounded half-even."""
        return self if self.scale <= places else self.divided(Fixed.of(1), places)

    def differs(self, other: Fixed) -> Mask:
        """Where two columns are not the same number."""
        one, two = self._aligned(other)
        return np.asarray(one.values != two.values, dtype=np.bool_)

    def decimals(self, missing: Mask | None = None) -> list[Any]:
        """The numbers as decimals; None where `missing` is true."""
        found = [_WIDE.scaleb(Decimal(units), -self.scale) for units in self.values.reshape(-1).tolist()]
        if missing is None:
            return found
        return [None if gone else number for number, gone in zip(found, missing.tolist(), strict=True)]

    def _summed(self, other: Fixed, sign: int) -> Fixed:
        one, two = self._aligned(other)
        first, second = _fitting(one.values, two.values, _reach(one.values) + _reach(two.values))
        return Fixed(_array(first + second if sign > 0 else first - second), one.scale)

    def _aligned(self, other: Fixed) -> tuple[Fixed, Fixed]:
        scale = max(self.scale, other.scale)
        return self.rescaled(scale), other.rescaled(scale)


def stacked(columns: Iterable[Fixed]) -> Fixed:
    """Columns one after another, as one."""
    found = list(columns)
    scale = max((column.scale for column in found), default=0)
    values = [column.rescaled(scale).values for column in found]
    return Fixed(np.concatenate(values) if values else np.zeros(0, np.int64), scale)


def half_even(numerator: int, denominator: int) -> int:
    """The quotient of two integers (denominator above 0), rounded half-even."""
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole % 2 == 1))


def root(numerator: int, denominator: int, degree: int, places: int) -> int:
    """The root of numerator ÷ denominator in units of 10^−places, rounded half-even; exact at every digit.

    Args:
        numerator: At least 0.
        denominator: Above 0.
        degree: At least 1.
        places: Decimal places.
    """
    above = numerator * 10 ** (places * degree)
    found = _whole_root(above // denominator, degree)
    # The half-way point is rational: compare powers instead of roots.
    middle, radicand = (2 * found + 1) ** degree * denominator, above * 2**degree
    return found + (radicand > middle or (radicand == middle and found % 2 == 1))


def _whole_root(number: int, degree: int) -> int:
    """The greatest integer whose power is at most `number`."""
    if number < 2 or degree == 1:
        return number
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{number} is not a number")
    return exponent


def _array(values: Any) -> Integers:
    """Operations on single Python integers in arrays give bare integers back: make them arrays again."""
    return values if isinstance(values, np.ndarray) else np.asarray(values, dtype=np.asarray(values).dtype)


def _narrow(integers: list[int]) -> Integers:
    fits = all(-_LARGEST <= number <= _LARGEST for number in integers)
    return np.array(integers, dtype=np.int64 if fits else np.object_)


def _reach(values: Integers) -> int:
    """The largest absolute value."""
    if not values.size:
        return 0
    return max(int(values.max()), -int(values.min()))


def _fitting(one: Integers, two: Integers, reach: int) -> tuple[Any, Any]:
    """Both as they are where results up to `reach` fit into 64 bits, else as Python's integers."""
    if reach <= _LARGEST and one.dtype != np.object_ and two.dtype != np.object_:
        return one, two
    return one.astype(np.object_), two.astype(np.object_)


def _shifted(values: Integers, places: int) -> Integers:
    factor = 10**places
    if values.dtype != np.object_ and max(_reach(values), 1) * factor <= _LARGEST:
        return values * np.int64(factor)
    return _array(values.astype(np.object_) * factor)


def _decimal_units(array: pa.Array, nulls: Mask) -> Integers:
    """The units of decimals straight from their 128-bit words."""
    length, buffer = len(array), array.buffers()[1]
    if not length or buffer is None:
        return np.zeros(length, dtype=np.int64)
    words = np.frombuffer(buffer, dtype="<i8", count=2 * (array.offset + length))[2 * array.offset :].reshape(-1, 2)
    low, high = np.where(nulls, 0, words[:, 0]), np.where(nulls, 0, words[:, 1])
    if bool((high == low >> 63).all()):
        return low
    return np.array(
        [(above << 64) + (below & (2**64 - 1)) for below, above in zip(low.tolist(), high.tolist(), strict=True)],
        dtype=np.object_,
    )


def _quotients(above: Integers, below: Integers, places: int) -> Integers:
    """Half-even quotients with `places` more digits: by long division in 64 bits where everything fits."""
    if above.dtype != np.object_ and below.dtype != np.object_ and above.size:
        digits = len(str(_LARGEST // max(_reach(below), 1))) - 1
        sizes = np.abs(above)
        whole, rest = np.divmod(sizes, below)
        if digits > 0 and _reach(above) <= _LARGEST and (_reach(whole) + 1) * 10**places <= _LARGEST:
            left = places
            while left > 0:
                step = min(digits, left)
                rest = rest * np.int64(10**step)
                whole = whole * np.int64(10**step) + rest // below
                rest = rest % below
                left -= step
            opposite = below - rest
            whole = whole + ((rest > opposite) | ((rest == opposite) & (whole % 2 == 1)))
            return _array(np.where(above < 0, -whole, whole))
    factor = 10**places
    found = [
        half_even(int(one) * factor, int(two))
        for one, two in zip(above.ravel().tolist(), below.ravel().tolist(), strict=True)
    ]
    return _narrow(found).reshape(above.shape)
