"""A rank correlation as the textbook has it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import NormalDist


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


def ends_by_hand(rho: Decimal, pairs: int, confidence: str) -> tuple[Decimal, Decimal]:
    """The ends of its interval, by odds: Fisher's z moves (1 + ρ) / (1 − ρ) by a factor. To nine places."""
    with localcontext(prec=30):
        error = ((2 + rho * rho) / (2 * (pairs - 3))).sqrt() * Decimal(
            NormalDist().inv_cdf((1 + float(confidence)) / 2)
        )
        odds = [(1 + rho) / (1 - rho) * factor for factor in ((-2 * error).exp(), (2 * error).exp())]
        low, high = ((one - 1) / (one + 1) for one in odds)
        return low.quantize(Decimal(10) ** -9), high.quantize(Decimal(10) ** -9)
