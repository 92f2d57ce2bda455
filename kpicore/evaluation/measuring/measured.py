"""What came out of measuring one indicator: columns of cells, and the document, table and page made of them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field

from kpicore.canonical import decimal_text
from kpicore.definitions.indicators import Level, State
from kpicore.evaluation.numbers.exact import Fixed, Mask

if TYPE_CHECKING:
    import pyarrow as pa

VALUE_PLACES = 12
_SHOWN_ROWS = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@define(frozen=True, slots=False, eq=False)
class Measured:
    """One indicator, measured. Columns have one entry a cell, in the order subject (None last), period, break-downs.

    Args:
        indicator: Its id.
        definition: Digest of its definition and of all that it refers to.
        period: The period or series as it was asked for.
        level: person, team or company.
        by: Names of the break-downs.
        facts_cut: Position up to which facts are known.
        subjects: Subject of each cell; None: nobody, or the company.
        periods: Period id of each cell.
        dims: Values of each break-down, a column each.
        numerator, denominator: Exact numbers; anything where `no_numerator`, `no_denominator` are true.
        values: Rounded half-even to 12 places; anything where `no_value` is true.
        states: State of each cell.
        flags: Flags of each cell, sorted.
    """

    indicator: str
    definition: str
    period: str
    level: Level
    by: tuple[str, ...]
    facts_cut: int
    subjects: tuple[str | None, ...]
    periods: tuple[str, ...]
    dims: tuple[tuple[Any, ...], ...]
    numerator: Fixed = field(repr=False)
    denominator: Fixed = field(repr=False)
    values: Fixed = field(repr=False)
    no_numerator: Mask = field(repr=False)
    no_denominator: Mask = field(repr=False)
    no_value: Mask = field(repr=False)
    states: tuple[State, ...]
    flags: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.subjects)

    @cached_property
    def numerators(self) -> list[Decimal | None]:
        """Numerators as decimals."""
        return self.numerator.decimals(self.no_numerator)

    @cached_property
    def denominators(self) -> list[Decimal | None]:
        """Denominators as decimals."""
        return self.denominator.decimals(self.no_denominator)

    @cached_property
    def value(self) -> list[Decimal | None]:
        """Values as decimals of at most 12 places."""
        return self.values.decimals(self.no_value)

    def to_document(self) -> dict[str, Any]:
        """The measure document: JSON values, decimals as texts."""
        return {
            "indicator": self.indicator,
            "definition": self.definition,
            "period": self.period,
            "level": self.level,
            "by": list(self.by),
            "facts_cut": self.facts_cut,
            "rows": [
                {
                    "subject": subject,
                    "period": period,
                    "by": {name: _json(value) for name, value in zip(self.by, dims, strict=True)},
                    "numerator": _number(above),
                    "denominator": _number(below),
                    "value": _number(value),
                    "state": state,
                    "flags": list(flags),
                }
                for subject, period, dims, above, below, value, state, flags in zip(
                    self.subjects,
                    self.periods,
                    zip(*self.dims, strict=True) if self.dims else [()] * len(self),
                    self.numerators,
                    self.denominators,
                    self.value,
                    self.states,
                    self.flags,
                    strict=True,
                )
            ],
        }

    def to_arrow(self) -> pa.Table:
        """One row a cell: subject, period, break-downs, numerator, denominator, value, state, flags."""
        import pyarrow as pa

        columns = {
            "subject": pa.array(self.subjects, pa.string()),
            "period": pa.array(self.periods, pa.string()),
            **{name: pa.array(values) for name, values in zip(self.by, self.dims, strict=True)},
            "numerator": _arrow(self.numerators, self.numerator.scale),
            "denominator": _arrow(self.denominators, self.denominator.scale),
            "value": _arrow(self.value, self.values.scale),
            "state": pa.array(self.states, pa.string()),
            "flags": pa.array(self.flags, pa.list_(pa.string())),
        }
        return pa.table(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """The rows of `to_arrow` as a pandas frame; decimals stay decimals."""
        return self.to_arrow().to_pandas()

    def _repr_html_(self) -> str:
        heads = ["subject", "period", *self.by, "numerator", "denominator", "value", "state", "flags"]
        rows = self.to_document()["rows"]
        shown = ("numerator", "denominator", "value", "state")
        lines = [
            [
                row["subject"],
                row["period"],
                *row["by"].values(),
                *(row[name] for name in shown),
                ", ".join(row["flags"]),
            ]
            for row in rows[:_SHOWN_ROWS]
        ]
        head = "".join(f"<th>{html.escape(name)}</th>" for name in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else html.escape(str(cell))}</td>" for cell in line) + "</tr>"
            for line in lines
        )
        more = f"<p>… {len(rows) - _SHOWN_ROWS} more</p>" if len(rows) > _SHOWN_ROWS else ""
        title = html.escape(f"{self.indicator} {self.period}")
        return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def __repr__(self) -> str:
        return f"<Measured {self.indicator} {self.period}, {self.level}: {len(self)} cells>"


def _number(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _json(value: Any) -> Any:
    """A break-down's value in JSON: texts, integers and booleans as they are, decimals as texts."""
    return decimal_text(value) if isinstance(value, Decimal) else value


def _arrow(numbers: Sequence[Decimal | None], scale: int) -> pa.Array:
    """Decimals as Arrow has them: 128 bits, or 256 where they are longer."""
    import pyarrow as pa

    digits = max((len(str(abs(int(number)))) + scale for number in numbers if number is not None), default=1)
    if digits <= 38:
        return pa.array(numbers, pa.decimal128(38, scale))
    return pa.array(numbers, pa.decimal256(76, scale))


def instants_as_text(values: Sequence[int | None]) -> list[str | None]:
    """Instants of a break-down as ISO 8601 in UTC."""
    return [
        None if value is None else (_EPOCH + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
        for value in values
    ]


def nothing(length: int) -> Mask:
    """A mask that is false everywhere."""
    return np.zeros(length, dtype=np.bool_)
