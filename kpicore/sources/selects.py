"""`from`: a SELECT over the whole file and its lookups, whose rows stand for the file's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.sql import parse_select, table_name, tables
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import did_you_mean
from kpicore.sources.blocks import Problem
from kpicore.sources.casts import DIALECT, Cast, write_out
from kpicore.sources.engine import Sql
from kpicore.sources.expressions import ROW, other_delimiter, refuse_parameters, refuse_twins


@frozen
class Selected:
    """What a SELECT gives.

    Args:
        table: Its rows in an order of their own that does not change; with `kpi_row`, the first row of the file
            behind each, where that can be told.
        problems: Casts that do not hold; offsets are places in the file.
    """

    table: pa.Table
    problems: Sequence[Problem]


class Select:
    """A checked SELECT.

    Args:
        text: As the map has it.
        where: Which part of the map says it.
        columns: Of `file` and of each lookup, by table.
        file: The file's name, for errors.

    Raises:
        InvalidInput: It cannot be read, is not allowed, or names a table or column that is not there.
    """

    def __init__(self, text: str, where: str, columns: Mapping[str, Sequence[str]], file: str) -> None:
        self.where = where
        tree = parse_select(text, where, "map")
        refuse_parameters(tree, where)
        self.reads = self._check_tables(tree, columns)
        self._check_columns(tree, columns, file)
        for name in self.reads:
            refuse_twins(columns[name], file if name == "file" else f"lookup.{name}", where)
        self._expand_stars(tree, columns)
        #: Columns of the file that it can need.
        self.columns = [name for name in columns["file"] if any(c.name == name for c in tree.find_all(exp.Column))]
        self.tree, self.casts = write_out(tree, where)
        self._ctes = [cte.copy() for cte in self.tree.find_all(exp.CTE)]
        for cast in self.casts:
            if _clause(cast.place) == "joins":
                raise InvalidDefinition(
                    "a cast decides which rows are joined",
                    code="sql_refused",
                    where=where,
                    hint="cast in a derived table",
                )
        self._statement = self._with_rows().sql(DIALECT)
        self._checks = " union all ".join(
            f"select kpi_cast, cast({ROW} as bigint) as {ROW}, kpi_value from ({self._check(number, cast).sql(DIALECT)}) c"
            for number, cast in enumerate(self.casts)
        )

    def run(self, sql: Sql, given: Mapping[str, pa.Table]) -> Selected:
        """The rows of the SELECT.

        Args:
            sql: Runs it.
            given: `file` with `kpi_row`, and the lookups.

        Raises:
            InvalidInput: The engine cannot run it, or what does not hold is in no row of the file.
        """
        read = {name: given[name] for name in self.reads}
        problems = self._failures(sql.query(self._checks, self.where, **read)) if self._checks else []
        found = sql.query(self._statement, self.where, **read)
        names = found.column_names
        for name in names:
            if names.count(name) > 1:
                raise InvalidInput(
                    f"two columns are named {name!r}",
                    code="duplicate_column",
                    where=self.where,
                    hint="name one with `as`",
                )
        order = [name for name in names if name != ROW and not pa.types.is_null(found.schema.field(name).type)]
        if ROW in names:
            order.insert(0, ROW)
        return Selected(found.sort_by([(name, "ascending") for name in order]) if order else found, problems)

    def _with_rows(self) -> exp.Expr:
        """The statement with the first row behind each of its rows, where it reads the file itself."""
        statement = self.tree.copy()
        branches = _branches(statement)
        aliases = [_file_alias(branch) for branch in branches]
        if any(aliases) and not any(branch.args.get("distinct") for branch in branches):
            for branch, alias in zip(branches, aliases, strict=True):
                row: exp.Expr = exp.Null() if alias is None else exp.column(ROW, alias)
                row = exp.Min(this=row) if alias is not None and _grouped(branch) else row
                branch.select(exp.alias_(exp.cast(row, "bigint"), ROW), copy=False)
        return statement

    def _check_tables(self, tree: exp.Expr, columns: Mapping[str, Sequence[str]]) -> list[str]:
        for cte in tree.find_all(exp.CTE):
            if cte.alias.lower() in columns:
                raise InvalidInput(
                    f"{cte.alias} is a table already", code="sql_refused", where=self.where, hint="choose another name"
                )
        names = sorted({table_name(table) for table in tables(tree)})
        for name in names:
            if name not in columns:
                hint = did_you_mean(name, columns) or f"`from` reads {', '.join(columns)}"
                raise InvalidInput(f"there is no table {name!r}", code="unknown_lookup", where=self.where, hint=hint)
        if "file" not in names:
            raise InvalidInput(
                "`from` does not read file",
                code="sql_refused",
                where=self.where,
                hint="the rows of the file are the table file",
            )
        return names

    def _check_columns(self, tree: exp.Expr, columns: Mapping[str, Sequence[str]], file: str) -> None:
        """Names that stand in no table and are no alias; what is ambiguous the engine says itself."""
        aliases = {alias.alias for alias in tree.find_all(exp.Alias)}
        known = {name for table in self.reads for name in columns[table]} | aliases
        for column in tree.find_all(exp.Column):
            if not isinstance(column.this, exp.Star) and column.name not in known:
                hint = (
                    other_delimiter(columns["file"])
                    or did_you_mean(column.name, known)
                    or f"{file} has {', '.join(columns['file'][:12])}"
                )
                raise InvalidInput(
                    f"there is no column {column.name!r}", code="unknown_column", where=self.where, hint=hint
                )

    def _expand_stars(self, tree: exp.Expr, columns: Mapping[str, Sequence[str]]) -> None:
        """`alias.*` over the file names its columns: the place of a row is not one of them."""
        for select in tree.find_all(exp.Select):
            alias = _file_alias(select)
            expanded: list[exp.Expr] = []
            for item in select.expressions:
                if isinstance(item, exp.Column) and isinstance(item.this, exp.Star) and item.table == alias:
                    expanded += [exp.column(name, alias, quoted=True) for name in columns["file"]]
                else:
                    expanded.append(item)
            select.set("expressions", expanded)

    def _failures(self, found: pa.Table) -> list[Problem]:
        problems = []
        for number, cast in enumerate(self.casts):
            here = found.filter(pc.equal(found["kpi_cast"], number))
            if here.num_rows == 0:
                continue
            here = here.sort_by([(ROW, "ascending"), ("kpi_value", "ascending")])
            label = cast.operand.name if isinstance(cast.operand, exp.Column) else cast.operand.sql(DIALECT)
            if here[ROW].null_count:
                value = here["kpi_value"][-1].as_py()
                raise InvalidInput(
                    f"{label} = {value!r}: {cast.reason}",
                    code="refused_rows",
                    where=self.where,
                    hint="mend it in the file",
                )
            rows, first = np.unique(np.asarray(here[ROW], dtype=np.int64), return_index=True)
            values = here["kpi_value"].combine_chunks().take(pa.array(first))
            problems.append(Problem(rows, label, values, cast.reason))
        return problems

    def _check(self, number: int, cast: Cast) -> exp.Select:
        """The statement that finds the rows in which a cast fails and matters."""
        scope = cast.place.find_ancestor(exp.Select)
        if not isinstance(scope, exp.Select):
            raise TypeError("a cast stands in a SELECT")
        alias = _file_alias(scope)
        of_group = any(cast.operand.find_all(exp.AggFunc))
        row: exp.Expr = exp.column(ROW, alias) if alias is not None else exp.Null()
        check = exp.Select()
        for part in ("from_", "joins"):
            check.set(part, _copies(scope.args.get(part)))
        if _clause(cast.place) != "where" and scope.args.get("where"):
            check.set("where", scope.args["where"].copy())
        value = exp.Cast(this=exp.Paren(this=cast.operand.copy()), to=exp.DataType.build("varchar"))
        check.select(
            exp.alias_(exp.Literal.number(number), "kpi_cast"),
            exp.alias_(exp.Min(this=row) if of_group else row, ROW),
            exp.alias_(value, "kpi_value"),
            copy=False,
        )
        if of_group:
            check.set("group", _copies(scope.args.get("group")))
            if _clause(cast.place) != "having":
                check.set("having", _copies(scope.args.get("having")))
            check.having(cast.matters(), copy=False)
        else:
            check.where(cast.matters(), copy=False)
        if self._ctes:
            check.set("with_", exp.With(expressions=[cte.copy() for cte in self._ctes]))
        return check


def _branches(statement: exp.Expr) -> list[exp.Select]:
    """The SELECTs whose rows are those of the statement, one after the other; none where rows may have become one."""
    if isinstance(statement, exp.Union):
        if statement.args.get("distinct"):
            return []
        left, right = _branches(statement.this), _branches(statement.expression)
        return [*left, *right] if left and right else []
    return [statement] if isinstance(statement, exp.Select) else []


def _copies(value: Any) -> Any:
    if isinstance(value, list):
        return [item.copy() for item in value]
    return value.copy() if value is not None else None


def _file_alias(select: exp.Select) -> str | None:
    """What a SELECT calls the file when it reads it itself."""
    own = [select.args["from_"].this] if select.args.get("from_") else []
    own += [join.this for join in select.args.get("joins") or []]
    for table in own:
        if isinstance(table, exp.Table) and table.name.lower() == "file" and not table.db:
            return str(table.alias_or_name)
    return None


def _clause(node: exp.Expr) -> str:
    """The part of its SELECT in which a node stands."""
    below, above = node, node.parent
    while above is not None and not isinstance(above, exp.Select):
        below, above = above, above.parent
    return below.arg_key or ""


def _grouped(select: exp.Select) -> bool:
    return bool(select.args.get("group")) or any(
        aggregate.find_ancestor(exp.Select) is select
        for item in select.expressions
        for aggregate in item.find_all(exp.AggFunc)
    )
