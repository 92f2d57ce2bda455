"""How definitions take what they are given: exact numbers, and lists as tuples."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any


def exact(value: Any) -> Decimal:
    """A number as a decimal, by how it is written."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def optional(value: Any) -> Decimal | None:
    """As `exact`; None stays None."""
    return None if value is None else exact(value)


def names(value: str | Iterable[str]) -> tuple[str, ...]:
    """Texts as a tuple; one text is one of them, and not its letters."""
    return (value,) if isinstance(value, str) else tuple(value)
