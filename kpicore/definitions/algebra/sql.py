"""SQL in definitions and import maps: read, checked against the lists of `allowed`, and bound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kpicore.canonical import decimal_text
from kpicore.definitions.algebra.allowed import DEEPEST_NESTING, READ, Dialect, check, named, refused, too_deep
from kpicore.definitions.algebra.macros import expand
from kpicore.definitions.values import Value
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean

LONGEST_EXPRESSION, LONGEST_SELECT = 4_000, 40_000
_MOST_OPEN_JOINS = 8
_OPENING, _CLOSING = ("L_PAREN", "CASE"), ("R_PAREN", "END")


def parse_expression(sql: str, where: str, dialect: Dialect = "definition") -> exp.Expr:
    """The tree of one condition or expression, checked; the caller's own copy.

    In definitions a column stands alone or as `row.x`; aggregates, windows and queries are refused.

    Args:
        sql: The text, at most 4,000 characters.
        where: Who says it, for the error.
        dialect: `map` allows text functions and any column name.

    Raises:
        InvalidDefinition: If it cannot be read or something in it is not allowed.
    """
    return _expression(sql, where, dialect).copy()


def parse_select(sql: str, where: str, dialect: Dialect = "definition") -> exp.Query:
    """The tree of one SELECT, checked; the caller's own copy.

    Args:
        sql: The text, at most 40,000 characters.
        where: Who says it, for the error.
        dialect: `map` allows text functions and any column name, and refuses windows.

    Raises:
        InvalidDefinition: If it cannot be read or something in it is not allowed.
    """
    return _select(sql, where, dialect).copy()


def tables(tree: exp.Expr) -> list[exp.Table]:
    """The tables that a statement reads, without references to its own WITH clauses."""
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    return [table for table in tree.find_all(exp.Table) if table.db or table.name.lower() not in own]


def table_name(table: exp.Table) -> str:
    """The name of the fact type or relation that a table stands for: `net_order`, `sales.pipeline`."""
    return (f"{table.db}.{table.name}" if table.db else table.name).lower()


def parameters(tree: exp.Expr) -> set[str]:
    """Names of the `$parameters` in it."""
    return {node.name for node in tree.find_all(exp.Placeholder)}


def bind(tree: exp.Expr, params: Mapping[str, Value], where: str = "") -> exp.Expr:
    """A copy in which `$name`s are literals and macros are written out.

    Args:
        params: Values by name; durations are microseconds.
        where: Who says it, for the error.

    Raises:
        InvalidDefinition: If a name has no value.
    """

    def replace(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Placeholder):
            if node.name not in params:
                raise InvalidDefinition(
                    f"${node.name} is not declared",
                    code="unknown_parameter",
                    where=where or None,
                    hint=did_you_mean(node.name, params),
                )
            return literal(params[node.name])
        return node

    return expand(tree.transform(replace))


def literal(value: Value) -> exp.Expr:
    """A parameter's value as a literal; a tuple as a list for IN."""
    if isinstance(value, tuple):
        return exp.Tuple(expressions=[exp.Literal.string(item) for item in value])
    if isinstance(value, str):
        return exp.Literal.string(value)
    number = exp.Literal.number(decimal_text(abs(Decimal(value))))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def same_text(sql: str) -> str:
    """The text with runs of white space outside quotes made one blank: what it says, whatever its layout."""
    parts = re.split(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", sql)
    return "".join(part if place % 2 else re.sub(r"\s+", " ", part) for place, part in enumerate(parts)).strip()


@lru_cache(maxsize=4096)
def _expression(sql: str, where: str, dialect: Dialect) -> exp.Expr:
    tree = _parsed(sql, where, LONGEST_EXPRESSION, into=exp.Condition)
    if isinstance(tree, exp.Query | exp.Subquery):
        raise refused("a query", where, "write a relation, or a match on another source")
    check(tree, where, dialect, query=False)
    return tree


@lru_cache(maxsize=1024)
def _select(sql: str, where: str, dialect: Dialect) -> exp.Query:
    tree = _parsed(sql, where, LONGEST_SELECT)
    if not isinstance(tree, exp.Select | exp.Union):
        raise refused(named(tree), where, "a relation is one SELECT")
    check(tree, where, dialect, query=True)
    return tree


def _parsed(sql: str, where: str, longest: int, into: type[exp.Expr] | None = None) -> exp.Expr:
    if len(sql) > longest:
        raise InvalidDefinition(
            f"SQL of {len(sql)} characters is too long",
            code="sql_too_long",
            where=where,
            hint=f"at most {longest}; put a part of it into a relation of its own",
        )
    try:
        _check_tokens(sql, where)
        return sqlglot.parse_one(sql, read=READ, into=into) if into else sqlglot.parse_one(sql, read=READ)
    except RecursionError:
        raise too_deep(where) from None
    except SqlglotError as error:
        raise _unreadable(sql, where, error) from None


def _check_tokens(sql: str, where: str) -> None:
    """Refuse what is easier seen in the text than in the tree: comments, several statements, deep nesting."""
    depth = joins = 0
    for token in sqlglot.tokenize(sql, read=READ):
        if token.comments:
            raise refused("a comment", where, "say it in the title or the definition")
        kind = token.token_type.name
        if kind in ("SEMICOLON", "COLON"):
            raise refused(f"“{token.text}”", where, "write one statement, and parameters as $name")
        depth += (kind in _OPENING) - (kind in _CLOSING)
        # The parser tries each join without a condition in two ways: their number is what its time grows with.
        joins += (kind == "JOIN") - (kind in ("ON", "USING"))
        if depth > DEEPEST_NESTING or joins > _MOST_OPEN_JOINS:
            raise too_deep(where)
    outside = re.sub(r"'(?:[^']|'')*'", "''", sql)
    if "--" in outside or "/*" in outside:
        raise refused("a comment", where, "say it in the title or the definition")


def _unreadable(sql: str, where: str, error: SqlglotError) -> InvalidDefinition:
    details = getattr(error, "errors", None) or [{}]
    why = details[0].get("description") or "it cannot be read"
    shown = sql if len(sql) <= 120 else sql[:117] + "…"
    return InvalidDefinition(
        f"{shown!r} is not SQL: {why}", code="sql_syntax", where=where, hint="write it as DuckDB's SQL"
    )


def split_columns(sql: str, where: str) -> Iterator[exp.Expr]:
    """The expressions of a list with commas, such as the columns of a distinct count, each checked.

    Raises:
        InvalidDefinition: If one cannot be read or is not allowed.
    """
    depth, start = 0, 0
    for place, character in enumerate(sql):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield parse_expression(sql[start:place], where)
            start = place + 1
    yield parse_expression(sql[start:], where)
