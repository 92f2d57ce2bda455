"""Matches as WITH clauses: which counted rows another source meets, found once and joined to the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from kpicore.definitions.measures import Match
from kpicore.definitions.reading import PERIOD_COLUMNS
from kpicore.engines.expressions import OTHER, ROW, Compiler, Expression
from kpicore.engines.facts import quoted
from kpicore.engines.resolve import check_column
from kpicore.engines.windows import WINDOW

#: The clause of counted rows that a match reads.
BASE = "kpi$rows"


@frozen
class CompiledMatch:
    """A match as SQL.

    Args:
        sql: A SELECT of the keys of the rows that are met, over the clause of counted rows.
        keys: Columns of the counted row that the result is joined by, besides the window.
        row: Columns of the counted row that it reads.
        periods: Whether it reads the period's bounds.
        absent: Whether rows count that are not met.
    """

    sql: str
    keys: tuple[str, ...]
    row: frozenset[str]
    periods: bool
    absent: bool


def compile_match(match: Match, compiler: Compiler, key: Sequence[str], source: Callable[[str], str]) -> CompiledMatch:
    """Compile a match.

    Rows are looked at one by one where a condition depends on more than the shared columns and the period; otherwise
    each combination of these is looked at once.

    Args:
        match: The match.
        compiler: For expressions about the counted rows.
        key: The columns that identify a counted row.
        source: Gives the quoted name of a fact type or relation in the statement.

    Raises:
        InvalidDefinition: An expression names what is not there.
        InvalidInput: A shared column is missing on one side.
    """
    for column in match.on:
        check_column(compiler.book, compiler.source, column, f"the match on {match.source}", compiler.where)
        check_column(compiler.book, match.source, column, f"the match on {match.source}", compiler.where)
    conditions, used = _conditions(match, compiler)
    rowwise = any(part.rowwise for part in used)
    keys = tuple(key) if rowwise else match.on
    row = frozenset(keys).union(match.on, *(part.row for part in used))
    periods = any(part.periods for part in used)
    shared = [f"{OTHER}.{quoted(column)} = {ROW}.{quoted(column)}" for column in match.on]
    names = [f"{ROW}.{quoted(column)}" for column in keys] + [f"{ROW}.{WINDOW}"]
    left = f"{quoted(BASE)} {ROW}"
    if not rowwise:
        bounds = [f"{ROW}.{column}" for column in PERIOD_COLUMNS] if periods else []
        left = f"(select distinct {', '.join(names + bounds)} from {left}) {ROW}"
    on = " and ".join(shared + conditions) or "true"
    sql = (
        f"select {', '.join(names)}, 1 as hit from {left} join {source(match.source)} {OTHER} on {on} "
        f"group by {', '.join(names)}{_having(match, compiler)}"
    )
    return CompiledMatch(sql, keys, row, periods, match.absent)


def early(match: Match, time: str, key: Sequence[str]) -> Match | None:
    """The match of what came too early, where that can only be an error in the data.

    It is one where the window opens at the row's own time and the shared columns identify the row: a lead's deal
    before the lead. A customer's order before the counted one is nothing odd.
    """
    own = match.low == time and match.of == "1" and not match.absent and set(key) - {"source"} <= set(match.on)
    return evolve(match, low=None, high=match.low, bounds="[)", least="1") if own else None


def _conditions(match: Match, compiler: Compiler) -> tuple[list[str], list[Expression]]:
    conditions, used = [], []
    at = compiler.of_row(match.at) if match.at is not None else None
    if at is not None:
        # At a bound of the period means the instant just before it.
        starts, ends = ("<", "<=") if (match.at or "").strip() in PERIOD_COLUMNS else ("<=", "<")
        upto = f"{OTHER}.valid_to"
        conditions.append(f"{OTHER}.valid_from {starts} ({at.sql}) and ({upto} is null or ({at.sql}) {ends} {upto})")
        used.append(at)
    for limit, sign in (
        (match.low, ">="[: 2 if match.bounds[0] == "[" else 1]),
        (match.high, "<="[: 2 if match.bounds[1] == "]" else 1]),
    ):
        if limit is not None:
            bound = compiler.of_row(limit)
            conditions.append(f"{OTHER}.occurred_at {sign} ({bound.sql})")
            used.append(bound)
    if match.where is not None:
        where = compiler.of_other(match.where, match.source)
        conditions.append(f"({where.sql})")
        used.append(where)
    return conditions, used


def _having(match: Match, compiler: Compiler) -> str:
    if (match.of, match.least) == ("1", "1"):
        return ""
    of, least = (compiler.of_other(text, match.source) for text in (match.of, match.least))
    # What must be reached may differ from row to row, but not within the group of one row.
    reached = f"min({least.sql})" if least.row or least.other else f"({least.sql})"
    return f" having sum({of.sql}) >= {reached}"
