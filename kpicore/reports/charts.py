"""Small charts in block characters: bars and lines that fit into a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
#: Stands where a series has no value.
GAP = "·"


def bar(value: Decimal | None, full: Decimal, width: int = 16) -> str:
    """A horizontal bar, exact to an eighth of a character.

    Args:
        value: Its length; nothing is drawn for None, zero and less.
        full: The value that fills the width; longer bars are cut there.
        width: In characters.
    """
    if value is None or value <= 0 or full <= 0:
        return ""
    eighths = int(min(value / full, Decimal(1)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def sparkline(values: Sequence[Decimal | None]) -> str:
    """One character a value, from ▁ for the lowest (or zero, if none is below) to █ for the highest."""
    known = [value for value in values if value is not None]
    if not known:
        return GAP * len(values)
    low, high = min(*known, Decimal(0)), max(*known, Decimal(0))
    span = high - low
    steps = len(_LEVELS) - 1
    return "".join(
        GAP if value is None else _LEVELS[int((value - low) * steps / span) if span else 0] for value in values
    )
