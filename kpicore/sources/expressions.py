"""The expressions of one [[fact]] over a block of rows, with the rows in which a cast does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.sql import parameters, parse_expression
from kpicore.errors import InvalidInput
from kpicore.naming import did_you_mean
from kpicore.sources.blocks import Problem, Rows
from kpicore.sources.casts import DIALECT, Cast, write_out
from kpicore.sources.engine import Sql
from kpicore.sources.values import places

#: Place of a row, as SQL sees it.
ROW = "kpi_row"
#: So many rows of a block are looked for one by one when the engine fails in them.
MOST_FAILURES = 100


@frozen
class Evaluated:
    """What a block gives.

    Args:
        kept: Offsets of the rows for which `where` is true; None where there is no `where`.
        values: Arrays of the expressions, one value for each row of the block, kept or not.
        problems: Casts that do not hold, by offset in the block.
    """

    kept: Rows | None
    values: Sequence[Any]
    problems: Sequence[Problem]


def checked(sql: str, where: str, columns: Sequence[str], file: str) -> exp.Expr:
    """An expression over columns of the file.

    Raises:
        InvalidInput: It cannot be read, is not allowed, or names a column that is not there.
    """
    tree = parse_expression(sql, where, "map")
    refuse_parameters(tree, where)
    for column in tree.find_all(exp.Column):
        if column.table:
            raise InvalidInput(
                f"write {column.name} alone",
                code="unknown_column",
                where=where,
                hint="leave out the name before the point",
            )
        if column.name not in columns:
            raise unknown_column(column.name, columns, file, where)
    return tree


def refuse_parameters(tree: exp.Expr, where: str) -> None:
    """Maps have no parameters."""
    for name in sorted(parameters(tree)):
        raise InvalidInput(
            f"${name} means nothing in a map", code="unknown_parameter", where=where, hint="write the value itself"
        )


def unknown_column(name: str, columns: Iterable[str], file: str, where: str) -> InvalidInput:
    """The error for a column that a file does not have."""
    columns = list(columns)
    shown = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")
    hint = other_delimiter(columns) or did_you_mean(name, columns) or f"its columns are {shown}"
    return InvalidInput(f"{file} has no column {name!r}", code="unknown_column", where=where, hint=hint)


def other_delimiter(columns: Sequence[str]) -> str | None:
    """A hint where a whole header was taken for one name."""
    if len(columns) == 1:
        for mark, written in ((";", ";"), ("\t", "\\t"), ("|", "|"), (",", ",")):
            if mark in columns[0]:
                return f'its header is read as one column: add delimiter = "{written}" under [file]'
    return None


class Expressions:
    """`where` and the expressions of one entry, ready to run.

    Args:
        where: Its condition, checked, or None.
        expressions: The others, checked.
        labels: How a person finds each in the map.
        place: For errors of the engine.
        sql: Runs them.
    """

    def __init__(
        self,
        where: exp.Expr | None,
        expressions: Sequence[exp.Expr],
        labels: Sequence[str],
        place: str,
        sql: Sql,
    ) -> None:
        self.place, self.sql, self.where = place, sql, where is not None
        trees = [*([where] if where is not None else []), *expressions]
        self.count = len(expressions)
        self.columns = {column.name for tree in trees for column in tree.find_all(exp.Column)}
        written = [write_out(tree, place) for tree in trees]
        names = ["where", *labels] if self.where else list(labels)
        self.casts: list[tuple[str, Cast, bool]] = [
            (label, cast, self.where and number == 0)
            for number, (label, (_, casts)) in enumerate(zip(names, written, strict=True))
            for cast in casts
        ]
        outputs = [tree.sql(DIALECT) for tree, _ in written]
        outputs += [cast.matters().sql(DIALECT) for _, cast, _ in self.casts]
        self.outputs = [f"kpi_{number}" for number in range(len(outputs))]
        listed = "".join(f", {sql} as {name}" for name, sql in zip(self.outputs, outputs, strict=True))
        self.statement = f"select {ROW}{listed} from file"

    def run(self, table: pa.Table) -> Evaluated:
        """Evaluate over the rows of a block.

        Raises:
            InvalidInput: The engine cannot run it, or more than `MOST_FAILURES` rows of the block fail in it.
        """
        if not self.where and not self.count:
            return Evaluated(None, [], [])
        here = table.select([name for name in table.column_names if name in self.columns])
        here = here.append_column(ROW, pa.array(np.arange(table.num_rows)))
        failures: list[Problem] = []
        found = self._found(here, failures)
        values = [column.combine_chunks() for column in found.columns[1:]]
        kept = None
        if self.where:
            if not _condition(values[0]):
                raise InvalidInput(
                    "where is not a condition",
                    code="sql_refused",
                    where=self.place,
                    hint="compare a column with something: stage = 'won'",
                )
            kept = places(values[0].cast(pa.bool_()))
        first = len(values) - len(self.casts)
        problems = failures
        for (label, cast, condition), failed in zip(self.casts, values[first:], strict=True):
            offsets = places(failed.cast(pa.bool_()))
            if kept is not None and not condition:
                offsets = np.intersect1d(offsets, kept, assume_unique=True)
            if len(offsets):
                problems.append(Problem(offsets, label, self._operands(here, cast, offsets), cast.reason))
        return Evaluated(kept, values[int(self.where) : first], problems)

    def _found(self, here: pa.Table, failures: list[Problem]) -> pa.Table:
        """The statement's rows; those in which the engine itself fails (a sum too large) are null and a problem."""
        try:
            return _in_order(self.sql.query(self.statement, self.place, file=here))
        except InvalidInput as error:
            if error.code != "sql_failed" or len(failures) >= MOST_FAILURES:
                raise
            if here.num_rows == 1:
                failures.append(Problem(np.asarray(here[ROW]), "expression", None, error.message))
                return pa.table({ROW: here[ROW], **{name: pa.nulls(1) for name in self.outputs}})
        middle = here.num_rows // 2
        halves = [self._found(here.slice(0, middle), failures), self._found(here.slice(middle), failures)]
        return pa.concat_tables(halves, promote_options="permissive")

    def _operands(self, here: pa.Table, cast: Cast, offsets: Rows) -> Any:
        statement = f"select {ROW}, cast({cast.operand.sql(DIALECT)} as varchar) from file"
        found = _in_order(self.sql.query(statement, self.place, file=here.take(pa.array(offsets))))
        return found.column(1).combine_chunks()


def _condition(values: Any) -> bool:
    """Whether an expression gives true or false; where it failed in every row nobody can tell."""
    return bool(pa.types.is_boolean(values.type) or pa.types.is_null(values.type))


def _in_order(found: pa.Table) -> pa.Table:
    rows = np.asarray(found[ROW])
    return found if (np.diff(rows) > 0).all() else found.sort_by(ROW)


def refuse_twins(columns: Mapping[str, Any] | Sequence[str], file: str, where: str) -> None:
    """SQL does not tell `Name` from `name`, and needs its own column for the rows' places."""
    seen: dict[str, str] = {}
    for name in columns:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise InvalidInput(
                f"{file} has the columns {other!r} and {name!r}, which SQL cannot tell apart",
                code="duplicate_column",
                where=where,
                hint="rename one of them",
            )
    if ROW in seen:
        raise InvalidInput(f"the column {ROW} is reserved", code="reserved_column", where=where, hint="rename it")
