"""A rank correlation as the textbook has it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction


def by_hand(pairs: Sequence[tuple[int, int]]) -> Decimal | None:
    """Mean ranks as fractions, Pearson's formula, and a root with fifty digits."""

    def ranks(values: list[int]) -> list[Fraction]:
        places = sorted(values)
        return [Fraction(sum(n + 1 for n, p in enumerate(places) if p == v), places.count(v)) for v in values]

    left, right = ranks([x for x, _ in pairs]), ranks([y for _, y in pairs])
    mean = Fraction(len(pairs) + 1, 2)
    over = sum((x - mean) * (y - mean) for x, y in zip(left, right, strict=True))
    under = sum((x - mean) ** 2 for x in left) * sum((y - mean) ** 2 for y in right)
    if not under:
        return None
    with localcontext(prec=50):
        whole = (Decimal(under.numerator) / under.denominator).sqrt()
        return (Decimal(over.numerator) / over.denominator / whole).quantize(Decimal(10) ** -12)
