"""What SQL in definitions and import maps may hold: lists of nodes and their parts, and the walk that holds them.

Nothing is allowed because nobody forbade it. What is left is deterministic, exact (no floats), free of side effects,
and means the same on every engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.macros import MACROS
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean

#: `definition`: SQL of relations and measures; `map`: SQL of import maps, where text functions are allowed too.
Dialect: TypeAlias = Literal["definition", "map"]

#: The dialect of sqlglot in which definitions are written and read.
READ = "duckdb"
DEEPEST_NESTING, DEEPEST_TREE = 16, 150
LARGEST_INTEGER = 2**63 - 1

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)

_OPERATORS: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod, exp.DPipe),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like),
        *(exp.Literal, exp.Boolean, exp.Null, exp.Identifier, exp.DataType, exp.DataTypeParam, exp.Placeholder),
    }
)
_SCALARS: frozenset[type[exp.Expr]] = frozenset(
    {exp.Coalesce, exp.Nullif, exp.Least, exp.Greatest, exp.Abs, exp.Cast, exp.Case, exp.If}
)
_AGGREGATES: frozenset[type[exp.Expr]] = frozenset(
    {exp.Sum, exp.Count, exp.Min, exp.Max, exp.LogicalAnd, exp.LogicalOr, exp.Distinct, exp.Filter}
)
_WINDOWS: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.Window, exp.WindowSpec, exp.IgnoreNulls),
        *(exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue),
    }
)
_TEXTS: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.Lower, exp.Upper, exp.Trim, exp.Replace, exp.Substring, exp.Length, exp.Concat, exp.ConcatWs, exp.ILike),
        *(exp.SplitPart, exp.Left, exp.Right, exp.Pad, exp.StrPosition, exp.StartsWith, exp.EndsWith, exp.Round),
        exp.Translate,
        *(exp.RegexpReplace, exp.RegexpExtract, exp.RegexpLike, exp.RegexpFullMatch),
    }
)

#: Nodes that carry structure: only these parts of them may be filled.
_PARTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Column: frozenset({"this", "table"}),
    exp.In: frozenset({"this", "expressions", "field"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Is: frozenset({"this", "expression"}),
    exp.Tuple: frozenset({"expressions"}),
    exp.Star: frozenset(),
}
_QUERY_PARTS: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset({"expressions", "from_", "joins", "where", "group", "having", "distinct", "with_"}),
    exp.Union: frozenset({"this", "expression", "distinct", "with_"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.From: frozenset({"this"}),
    exp.Join: frozenset({"this", "side", "kind", "on"}),
    exp.Where: frozenset({"this"}),
    exp.Having: frozenset({"this"}),
    exp.Group: frozenset({"expressions"}),
    exp.Order: frozenset({"expressions", "this"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.TableAlias: frozenset({"this"}),
    exp.Table: frozenset({"this", "db", "alias"}),
}
_TYPES = {
    "definition": {"BIGINT", "INT", "DECIMAL", "VARCHAR", "TEXT", "BOOLEAN"},
    "map": {"BIGINT", "INT", "DECIMAL", "VARCHAR", "TEXT", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMPNTZ"},
}
_HINTS: dict[str, str] = {
    "Div": "divide in the measure: count(…) / count(…); on integers, // is whole-number division",
    "Avg": "write the sum and the count, and divide in the measure",
    "Qualify": "name the window in a derived table and filter it there",
    "Star": "name the columns, or write alias.*",
    "Limit": "number the rows with row_number() and filter on it",
    "Offset": "number the rows with row_number() and filter on it",
    "Order": "rows of a relation have no order",
    "TryCast": "write cast, which refuses what does not fit",
    "Subquery": "join it, or write a relation of its own",
    "Select": "a condition holds no query: write a relation, or a match on another source",
    "Lock": "a definition only reads",
    "Values": "a relation reads fact types and relations",
    "Exists": "join it, or write a relation of its own",
}


def too_deep(where: str) -> InvalidDefinition:
    """The error for SQL that no reader could follow either."""
    return InvalidDefinition(
        "SQL is nested too deeply",
        code="sql_too_deep",
        where=where,
        hint=f"at most {DEEPEST_NESTING} parentheses; put a part of it into a relation of its own",
    )


def refused(what: str, where: str, hint: str | None = None) -> InvalidDefinition:
    """The error for something that no list allows."""
    return InvalidDefinition(f"{what} is not allowed here", code="sql_refused", where=where, hint=hint)


def named(node: exp.Expr) -> str:
    """How the error calls a node: `function now`, `“a / b”`."""
    if isinstance(node, exp.Anonymous):
        return f"function {node.name.lower()}"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        return f"function {node.sql_name().lower()}"
    return f"“{node.sql(READ)[:60]}”"


def _literal(node: exp.Expr, context: Context) -> None:
    if node.is_string:
        return
    written = node.name
    if not _NUMBER.fullmatch(written):
        raise refused(f"the number {written}", context.where, "write digits with a decimal point, without exponent")
    if len(written.replace(".", "")) > 38 or ("." not in written and int(written) > LARGEST_INTEGER):
        raise refused(f"the number {written[:60]}", context.where, "it has too many digits to stay exact")


def _cast(node: exp.Expr, context: Context) -> None:
    target = node.args["to"]
    if target.this.name not in _TYPES[context.dialect] or target.args.get("nested"):
        raise refused(
            f"a cast to {target.sql(READ).lower()}",
            context.where,
            "cast to bigint, decimal(p, s), varchar or boolean: floats are not exact",
        )


def _column(node: exp.Expr, context: Context) -> None:
    if isinstance(node.this, exp.Star):
        if not (context.query and isinstance(node.parent, exp.Select)):
            raise refused(f"“{node.sql(READ)}”", context.where, "alias.* stands in a SELECT list only")
        return
    table = node.text("table")
    if not context.query and table and table.lower() != "row":
        raise refused(f"“{node.sql(READ)}”", context.where, f"write {node.name} alone, or row.{node.name} in a match")


def _identifier(node: exp.Expr, context: Context) -> None:
    if context.dialect == "definition" and not _IDENTIFIER.fullmatch(node.name):
        raise refused(f"the name {node.name!r}", context.where, "names are letters, digits and _")


def _placeholder(node: exp.Expr, context: Context) -> None:
    if not _IDENTIFIER.fullmatch(node.name):
        raise refused(f"the parameter {node.sql(READ)}", context.where, "write $name")


def _star(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.parent, exp.Column | exp.Count):
        raise refused("“*”", context.where, _HINTS["Star"])


def _join(node: exp.Expr, context: Context) -> None:
    if node.text("kind").upper() not in ("", "INNER", "CROSS") or node.text("side").upper() not in ("", "LEFT"):
        raise refused(f"“{node.sql(READ)[:60].strip()}”", context.where, "write join or left join with on")


def _table(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.this, exp.Identifier) or not _IDENTIFIER.fullmatch(node.name):
        raise refused(f"the table {node.sql(READ)[:60]}", context.where, "read fact types and relations by name")


def _distinct(node: exp.Expr, context: Context) -> None:
    if node.args.get("on"):
        raise refused("“distinct on”", context.where, "number the rows with row_number() and filter on it")


def _subquery(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.parent, exp.From | exp.Join):
        raise refused("a query in an expression", context.where, _HINTS["Subquery"])


def _select(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.parent, exp.Subquery | exp.CTE | exp.Union | None):
        raise refused("a query in an expression", context.where, _HINTS["Subquery"])


def _group(node: exp.Expr, context: Context) -> None:
    if not node.expressions or any(isinstance(item, exp.Literal) for item in node.expressions):
        raise refused("“group by” without names", context.where, "name the columns")


def _tuple(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.parent, exp.In):
        raise refused(f"“{node.sql(READ)[:60]}”", context.where, "name several columns of a distinct count with commas")


def _order(node: exp.Expr, context: Context) -> None:
    if not isinstance(node.parent, exp.Window):
        raise refused("“order by”", context.where, _HINTS["Order"])


@frozen
class Context:
    """Who is checked: the name for errors, the dialect, and whether it is a SELECT or an expression."""

    where: str
    dialect: Dialect
    query: bool

    def plain(self) -> frozenset[type[exp.Expr]]:
        """The nodes that may stand wherever the grammar lets them."""
        allowed = _OPERATORS | _SCALARS | (_TEXTS if self.dialect == "map" else frozenset())
        if self.query:
            allowed |= _AGGREGATES | (_WINDOWS if self.dialect == "definition" else frozenset())
        return allowed


def check(tree: exp.Expr, where: str, dialect: Dialect, *, query: bool) -> None:
    """Walk a tree once, without recursion, and refuse the first thing that no list allows.

    Raises:
        InvalidDefinition: Naming what is refused and what to write instead.
    """
    context = Context(where, dialect, query)
    plain, parts = context.plain(), {**_PARTS, **(_QUERY_PARTS if query else {})}
    pending: list[tuple[exp.Expr, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > DEEPEST_TREE:
            raise too_deep(where)
        kind = type(node)
        if kind in parts:
            _check_parts(node, parts[kind], context)
        elif isinstance(node, exp.Anonymous) and node.name.lower() in MACROS:
            arguments = MACROS[node.name.lower()]
            if len(node.expressions) != len(arguments):
                raise refused(named(node), where, f"write {node.name.lower()}({', '.join(arguments)})")
        elif kind not in plain:
            raise _unknown(node, plain, context)
        if kind in _SPECIFIC:
            _SPECIFIC[kind](node, context)
        pending.extend((child, depth + 1) for child in node.iter_expressions())


def _check_parts(node: exp.Expr, allowed: frozenset[str], context: Context) -> None:
    for part, value in node.args.items():
        if value and part not in allowed:
            inner = value[0] if isinstance(value, list) else value
            if not isinstance(inner, exp.Expr):
                raise refused(f"“{value if isinstance(value, str) else part.rstrip('_')}”", context.where)
            shown = inner.sql(READ)[:60].strip() or part
            raise refused(f"“{shown}”", context.where, _HINTS.get(type(inner).__name__))


def _unknown(node: exp.Expr, plain: frozenset[type[exp.Expr]], context: Context) -> InvalidDefinition:
    hint = _HINTS.get(type(node).__name__)
    if hint is None and isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        functions = (kind for kind in plain if issubclass(kind, exp.Func) and not issubclass(kind, exp.Connector))
        known = {name.lower() for kind in functions for name in kind.sql_names()} | set(MACROS)
        hint = did_you_mean(named(node).removeprefix("function "), known)
    return refused(named(node), context.where, hint)


_SPECIFIC: Mapping[type[exp.Expr], Callable[[exp.Expr, Context], None]] = {
    exp.Literal: _literal,
    exp.Cast: _cast,
    exp.Column: _column,
    exp.Identifier: _identifier,
    exp.Placeholder: _placeholder,
    exp.Star: _star,
    exp.Join: _join,
    exp.Table: _table,
    exp.Distinct: _distinct,
    exp.Subquery: _subquery,
    exp.Select: _select,
    exp.Group: _group,
    exp.Tuple: _tuple,
    exp.Order: _order,
}
