"""Three functions that definitions may call and no engine has: they are written out before an engine sees them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import sqlglot
from sqlglot import exp

from kpicore.canonical import decimal_text
from kpicore.errors import InvalidInput

#: Names and arguments, as people write them.
MACROS: Mapping[str, tuple[str, ...]] = {
    "to_base": ("amount", "rate"),
    "accrued": ("amount", "service_from", "service_to", "period_start", "period_end"),
    "stepped": ("value", "table"),
}

# decimal(20, 4) × decimal(17, 8) is exact in every engine; the one rounding is that to the money's four places.
_TO_BASE = "cast(cast(amount as decimal(20, 4)) * cast(rate as decimal(17, 8)) as decimal(18, 4))"

# What has accrued up to an instant, in ten-thousandths: amount × seconds // length, split so that no product leaves 64
# bits. What falls into a period is the difference of two such sums, so that the parts of a spend add up to it exactly.
_RUNNING = (
    "case when {at} >= service_to then {units} when {at} <= service_from then 0 "
    "else {units} // {length} * {gone} + {units} % {length} * {gone} // {length} end"
)
_UNITS = "cast(amount * 10000 as bigint)"
_LENGTH = "greatest((service_to - service_from) // 1000000, 1)"


def _running(at: str) -> str:
    return _RUNNING.format(at=at, units=_UNITS, length=_LENGTH, gone=f"(({at} - service_from) // 1000000)")


_ACCRUED = (
    f"cast({_running('period_end')} - {_running('period_start')} as decimal(19, 0)) * cast(0.0001 as decimal(5, 4))"
)
_TEXTS = {"to_base": _TO_BASE, "accrued": f"({_ACCRUED})"}


#: What a table gives has so many digits, and so many of them after the point.
_DIGITS, _PLACES = 18, 12


def _stepped(value: exp.Expr, table: exp.Expr) -> exp.Expr:
    """What a table gives for a value: that of the last row that does not begin above it; 0 below the first."""
    rows = sorted((tuple(map(Decimal, row.name.split(": "))) for row in table.expressions), reverse=True)
    cases = []
    for start, what in rows:
        if abs(what) >= 10 ** (_DIGITS - _PLACES) or what != what.quantize(Decimal(10) ** -_PLACES):
            raise InvalidInput(
                f"{decimal_text(what)} has too many digits for a table",
                code="bad_parameter",
                hint=f"write {_DIGITS - _PLACES} digits at most, and {_PLACES} after the point",
            )
        cases.append(
            f"when value >= {decimal_text(start)} then cast({decimal_text(what)} as decimal({_DIGITS}, {_PLACES}))"
        )
    text = f"case {' '.join(cases)} else cast(0 as decimal({_DIGITS}, {_PLACES})) end"
    return exp.Paren(this=_filled(text, {"value": value}))


def _filled(text: str, given: Mapping[str, exp.Expr]) -> exp.Expr:
    """The SQL of a macro with its arguments in it."""
    return sqlglot.parse_one(text, read="duckdb", into=exp.Condition).transform(
        lambda part: exp.Paren(this=given[part.name].copy()) if isinstance(part, exp.Column) else part
    )


def expand(tree: exp.Expr) -> exp.Expr:
    """The tree with its macros written out; it changes the tree it is given."""

    def write_out(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Anonymous) or node.name.lower() not in MACROS:
            return node
        name = node.name.lower()
        if name == "stepped":
            return _stepped(*map(expand, node.expressions))
        given = {argument: expand(value) for argument, value in zip(MACROS[name], node.expressions, strict=True)}
        return _filled(_TEXTS[name], given)

    return tree.transform(write_out, copy=False)
