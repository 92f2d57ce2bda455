"""Matches as joins: counted rows are kept, or dropped, where another source meets them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from attrs import evolve, frozen

from kpicore.definitions.algebra.measures import Match
from kpicore.definitions.algebra.reading import PERIOD_COLUMNS
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.values import Value
from kpicore.engines.expressions import OTHER, ROW, Compiler, Expression
from kpicore.engines.facts import quoted
from kpicore.engines.relations import binding
from kpicore.engines.resolve import check_column
from kpicore.engines.resolved import Bound
from kpicore.engines.windows import WINDOW, Frame

#: The clause of counted rows, for matches that read them by themselves.
BASE = "kpi$rows"
_MET = "m"


@frozen
class Met:
    """A match with the values that it names: what two leaves share that count the same rows.

    Args:
        match: The match.
        params: Values of the parameters in its conditions.
        binding: Values of the parameters of its source.
    """

    match: Match
    params: Bound
    binding: Bound


@frozen
class CompiledMatch:
    """A match as SQL.

    Args:
        join: What stands after the counted rows: `semi join … on …`, or `anti join …` for those that are not met.
        row: Columns of the counted row that it reads.
        periods: Whether it reads the period's bounds.
        base: Whether it reads the clause of counted rows.
    """

    join: str
    row: frozenset[str]
    periods: bool
    base: bool


def met(match: Match, book: Definitions, params: dict[str, Value]) -> Met:
    """A match with the values that it names among `params`."""
    texts = " ".join(filter(None, (match.low, match.high, match.at, match.where, match.of, match.least)))
    named = tuple(sorted((name, value) for name, value in params.items() if f"${name}" in texts))
    return Met(match, named, binding(book, match.source, params))


def compile_match(
    found: Met,
    compiler: Compiler,
    key: Sequence[str],
    source: Callable[[str, Collection[str]], str],
    *,
    nullable: bool,
    inside: tuple[int | None, int | None] = (None, None),
    frame: Frame | None = None,
) -> CompiledMatch:
    """Compile a match.

    Where one row of the other source is enough, it is a semi-join. Where something is summed up over them, it is a
    semi-join with the keys of the rows for which enough was there: rows are looked at one by one where a condition
    depends on more than the shared columns and the period; otherwise each combination of these is looked at once.

    Args:
        found: The match.
        compiler: For expressions about the counted rows.
        key: The columns that identify a counted row.
        source: Gives the quoted name of a fact type or relation in the statement, of which some columns are read.
        nullable: Whether a part of the key may be null.
        inside: Between which instants all rows occurred that can be met, which an engine can ask while it reads.
        frame: The windows of the statement. What must happen in the period of the counted row has the same window, which
            is looked up faster than bounds are compared.

    Raises:
        InvalidDefinition: An expression names what is not there.
        InvalidInput: A shared column is missing on one side.
    """
    match = found.match
    for column in match.on:
        check_column(compiler.book, compiler.source, column, f"the match on {match.source}", compiler.where)
        check_column(compiler.book, match.source, column, f"the match on {match.source}", compiler.where)
    windowed = frame is not None and frame.slice is not None and not frame.single and _in_period(match)
    conditions, used = _conditions(evolve(match, low=None, high=None) if windowed else match, compiler)
    if windowed:
        conditions.append(f"{OTHER}.{WINDOW} = {ROW}.{WINDOW}")
    for limit, sign in zip(inside, (">=", "<="), strict=True):
        if limit is not None:
            conditions.append(f"{OTHER}.occurred_at {sign} {limit}")
    row = frozenset(match.on).union(*(part.row for part in used))
    periods = any(part.periods for part in used)
    shared = [f"{OTHER}.{quoted(column)} = {ROW}.{quoted(column)}" for column in match.on]
    on = " and ".join(shared + conditions) or "true"
    summed = [compiler.of_other(text, match.source) for text in (match.of, match.least)]
    read = set(match.on).union(*(part.other for part in (*used, *summed)))
    read.update(("valid_from", "valid_to") if match.at is not None else ())
    read.update(("occurred_at",) if match.low is not None or match.high is not None else ())
    other = source(match.source, read)
    if frame is not None and windowed:
        other = f"(select o.*, v.{WINDOW} from {other} o{frame.joined('o.occurred_at', 'v')})"
    kind = "anti" if match.absent else "semi"
    if (match.of, match.least) == ("1", "1"):
        return CompiledMatch(f" {kind} join {other} {OTHER} on {on}", row, periods, base=False)
    rowwise = any(part.rowwise for part in used)
    keys = tuple(key) if rowwise else match.on
    names = [f"{ROW}.{quoted(column)}" for column in keys] + [f"{ROW}.{WINDOW}"]
    left = f"{quoted(BASE)} {ROW}"
    if not rowwise:
        bounds = [f"{ROW}.{column}" for column in PERIOD_COLUMNS] if periods else []
        left = f"(select distinct {', '.join(names + bounds)} from {left}) {ROW}"
    inner = (
        f"select {', '.join(names)} from {left} join {other} {OTHER} on {on} "
        f"group by {', '.join(names)} having {_reached(*summed)}"
    )
    # Keys of relations may be null; shared columns that are null meet nothing.
    same = "is not distinct from" if nullable and rowwise else "="
    again = [f"{_MET}.{quoted(column)} {same} {ROW}.{quoted(column)}" for column in keys]
    again.append(f"{_MET}.{WINDOW} = {ROW}.{WINDOW}")
    return CompiledMatch(f" {kind} join ({inner}) {_MET} on {' and '.join(again)}", row.union(keys), periods, base=True)


def _in_period(match: Match) -> bool:
    """Whether rows are met that occurred in the period of the counted one, whatever else is asked of them."""
    return (match.low, match.high, match.bounds) == ("period_start", "period_end", "[)")


def early(match: Match, time: str, key: Sequence[str]) -> Match | None:
    """The match of what came too early, where that can only be an error in the data.

    It is one where the window opens at the row's own time and the shared columns identify the row: a lead's deal
    before the lead. A customer's order before the counted one is nothing odd.
    """
    own = match.low == time and match.of == "1" and not match.absent and set(key) - {"source"} <= set(match.on)
    return evolve(match, low=None, high=match.low, bounds="[)", least="1") if own else None


def source_key(book: Definitions, source: str) -> tuple[str, ...]:
    """The columns that identify a row of a fact type or relation."""
    found = book.source(source)
    return (*found.key, "source") if isinstance(found, FactType) else tuple(found.key)


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


def _reached(of: Expression, least: Expression) -> str:
    # What must be reached may differ from row to row, but not within the group of one row.
    reached = f"min({least.sql})" if least.row or least.other else f"({least.sql})"
    return f"sum({of.sql}) >= {reached}"
