"""Expressions of measures as SQL: checked, bound, and every column in its place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.reading import PERIOD_COLUMNS
from kpicore.definitions.algebra.sql import bind, parse_expression, split_columns
from kpicore.definitions.book import Definitions
from kpicore.definitions.values import Value
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean
from kpicore.periods import duration_us

#: Aliases in compiled statements: the counted row, and the other source of a match.
ROW, OTHER = "b", "t"


@frozen
class Expression:
    """A compiled expression.

    Args:
        sql: In DuckDB's dialect.
        row: Columns of the counted row that it reads.
        periods: Whether it reads the period's bounds.
        other: Columns of a match's other source that it reads.
    """

    sql: str
    row: frozenset[str]
    periods: bool
    other: frozenset[str] = frozenset()

    @property
    def rowwise(self) -> bool:
        """Whether its value differs between rows of one period."""
        return bool(self.row)


@frozen
class Compiler:
    """Compiles expressions about the rows of one source.

    Args:
        book: The definitions.
        source: The counted rows' fact type or relation.
        params: Values by name, the cut's instant as `as_of` among them.
        where: Whose expressions they are, for errors.
    """

    book: Definitions
    source: str
    params: Mapping[str, Value]
    where: str

    def of_row(self, sql: str) -> Expression:
        """An expression over the counted row: bare columns and `row.x` are its own.

        Raises:
            InvalidDefinition: It names a column or parameter that is not there, or is not allowed.
        """
        return self._kept(sql, self.source, ROW)

    def of_other(self, sql: str, other: str) -> Expression:
        """An expression over a match: bare columns are those of `other`, `row.x` the counted row's."""
        return self._kept(sql, other, OTHER)

    def columns(self, sql: str) -> list[Expression]:
        """The expressions of a list with commas, over the counted row."""
        return [self._place(tree, self.source, ROW) for tree in split_columns(sql, self.where)]

    def reach(self, sql: str) -> int:
        """How far past the instants that it names an expression reaches, in µs: 90 days for `occurred_at + $horizon`."""
        tree = bind(parse_expression(sql, self.where), self.params, self.where)
        added = [
            int(part.this)
            for node in tree.find_all(exp.Add)
            for part in (node.this, node.expression)
            if isinstance(part, exp.Literal) and not part.is_string and "." not in part.this
        ]
        return max(added, default=0)

    def ends_late(self, sql: str) -> bool:
        """Whether it names the end of the next period."""
        tree = parse_expression(sql, self.where)
        return any(column.name.lower() == "next_end" for column in tree.find_all(exp.Column))

    def duration(self, text: str) -> int:
        """A duration in µs: a parameter (`$days`) or a text (`30d`)."""
        if not text.startswith("$"):
            return duration_us(text)
        value = self.params.get(text[1:])
        if isinstance(value, int):
            return value
        raise InvalidDefinition(
            f"{text} is not a declared duration",
            code="unknown_parameter",
            where=self.where,
            hint=did_you_mean(text[1:], self.params),
        )

    def _kept(self, sql: str, source: str, alias: str) -> Expression:
        """An expression, compiled once for every binding of the parameters that it may name."""
        named = sorted((name, value) for name, value in self.params.items() if f"${name}" in sql)
        key = repr((sql, self.source, source, alias, named))
        found: Expression = self.book.keep(
            "expression", key, lambda _: self._place(parse_expression(sql, self.where), source, alias)
        )
        return found

    def _place(self, tree: exp.Expr, source: str, alias: str) -> Expression:
        row: set[str] = set()
        other: set[str] = set()
        periods = False

        def place(node: exp.Expr) -> exp.Expr:
            nonlocal periods
            if not isinstance(node, exp.Column):
                return node
            name, table = node.name.lower(), node.text("table").lower()
            here = ROW
            if not table and name in PERIOD_COLUMNS:
                periods = True
            elif table == "row" or alias == ROW:
                self._check(self.source, name)
                row.add(name)
            else:
                here = alias
                self._check(source, name)
                other.add(name)
            return exp.column(exp.to_identifier(name, quoted=True), table=here)

        placed = bind(tree, self.params, self.where).transform(place)
        return Expression(placed.sql("duckdb"), frozenset(row), periods, frozenset(other))

    def _check(self, source: str, name: str) -> None:
        columns = self.book.columns(source)
        if name not in columns:
            raise InvalidDefinition(
                f"{source} has no column {name}",
                code="unknown_column",
                where=self.where,
                hint=did_you_mean(name, [*columns, *PERIOD_COLUMNS]),
            )


def quantile(value: str, share: str, where: str) -> str:
    """Twice a quantile: the sum of the two values that a share falls between, or twice the one that it falls on.

    Args:
        value: The values, SQL.
        share: Of which share of them, as text.
        where: Which rows count, SQL.
    """
    above, below = Decimal(share).as_integer_ratio()
    number = f"count(*) filter (where {where})"
    low, high = f"({number} * {above} + {below - 1}) // {below}", f"{number} * {above} // {below} + 1"
    ordered = f"list_sort(list({value}) filter (where {where}))"
    return f"list_sum(list_slice({ordered}, {low}, {high})) * (2 - (({high}) - ({low})))"
