"""Which kind of value an SQL expression gives, worked out from the kinds of its columns and parameters.

Kinds are those of fields. What would leave exact arithmetic, or compare a text with a number, is refused here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import cast

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.allowed import READ
from kpicore.definitions.parameters import Parameters
from kpicore.errors import InvalidDefinition

#: The kind of a bare NULL: it agrees with every other.
NULL = "null"

_TEXTS = frozenset({"id", "text"})
_NUMBERS = frozenset({"integer", "money", "decimal", "rate", "instant"})
_WHOLE = frozenset({"integer", "instant", NULL})
_CASTS = {"BIGINT": "integer", "INT": "integer", "VARCHAR": "text", "TEXT": "text", "BOOLEAN": "boolean"}
_DECIMALS = {("18", "4"): "money", ("17", "8"): "rate"}
_PARAMETERS = {
    "duration": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "choice": "text",
    "names": "text",
    "steps": "steps",
}
_MACROS = {"to_base": "money", "accrued": "money", "stepped": "decimal"}

#: SQL types of the kinds, as fact tables offer them.
SQL_TYPES: Mapping[str, str] = {
    "id": "varchar",
    "text": "varchar",
    "boolean": "boolean",
    "integer": "bigint",
    "money": "decimal(18, 4)",
    "decimal": "decimal(18, 6)",
    "rate": "decimal(17, 8)",
    "instant": "bigint",
}


def parameter_kinds(parameters: Parameters) -> dict[str, str]:
    """The kinds that parameters have in SQL, by name; durations are integers."""
    return {name: _PARAMETERS[spec.kind] for name, spec in parameters.items()}


@frozen
class Typing:
    """What an expression may refer to.

    Args:
        column: The kind of a column; raises where there is none.
        parameter: The kind of a parameter by name; raises where there is none.
        window: Called with each window function, to check its order.
        where: Who says it, for errors.
    """

    column: Callable[[exp.Column], str]
    parameter: Callable[[str], str]
    window: Callable[[exp.Window], None]
    where: str

    def kind(self, node: exp.Expr) -> str:
        """The kind of an expression that `allowed.check` has passed.

        Raises:
            InvalidDefinition: On an unknown column or parameter, or operands that do not go together.
        """
        for types, infer in _RULES:
            if isinstance(node, types):
                return infer(self, node)
        raise InvalidDefinition(
            f"“{node.sql(READ)[:60]}” has no place here", code="sql_refused", where=self.where, hint="leave it out"
        )

    def agree(self, kinds: Iterable[str], node: exp.Expr) -> str:
        """The kind that all of them can be read as."""
        return reduce(lambda a, b: self._two(a, b, node), kinds, NULL)

    def expect(self, node: exp.Expr, allowed: frozenset[str], what: str) -> str:
        """The kind of `node`, which must be one of `allowed`."""
        found = self.kind(node)
        if found not in allowed and found != NULL:
            raise self.wrong(node, f"is {found}, not {what}")
        return found

    def wrong(self, node: exp.Expr, why: str, hint: str | None = None) -> InvalidDefinition:
        """The error about one part of the SQL."""
        return InvalidDefinition(f"“{node.sql(READ)[:80]}” {why}", code="sql_kind", where=self.where, hint=hint)

    def _two(self, a: str, b: str, node: exp.Expr) -> str:
        if a == b or b == NULL:
            return a
        if a == NULL:
            return b
        if {a, b} <= _TEXTS:
            return "text"
        if {a, b} <= _NUMBERS:
            return a if b == "integer" else b if a == "integer" else "decimal"
        raise self.wrong(node, f"puts {a} and {b} together")


def _column(typing: Typing, node: exp.Expr) -> str:
    return typing.column(cast(exp.Column, node))


def _placeholder(typing: Typing, node: exp.Expr) -> str:
    return typing.parameter(node.name)


def _literal(_typing: Typing, node: exp.Expr) -> str:
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "decimal" if "." in node.name else "integer"
    return "boolean" if isinstance(node, exp.Boolean) else NULL


def _inner(typing: Typing, node: exp.Expr) -> str:
    return typing.kind(node.this)


def _both(typing: Typing, node: exp.Expr) -> str:
    for side in (node.left, node.right) if isinstance(node, exp.Binary) else (node.this,):
        typing.expect(side, frozenset({"boolean"}), "true or false")
    return "boolean"


def _compared(typing: Typing, node: exp.Expr) -> str:
    typing.agree([typing.kind(child) for child in node.iter_expressions()], node)
    return "boolean"


def _membership(typing: Typing, node: exp.Expr) -> str:
    items = node.expressions or [node.args["field"]]
    typing.agree([typing.kind(item) for item in (node.this, *items)], node)
    return "boolean"


def _like(typing: Typing, node: exp.Expr) -> str:
    for side in (node.this, node.expression):
        typing.expect(side, _TEXTS, "a text")
    return "boolean"


def _joined(typing: Typing, node: exp.Expr) -> str:
    for side in (node.this, node.expression):
        typing.expect(side, _TEXTS, "a text: cast it to varchar")
    return "text"


def _sum_of_two(typing: Typing, node: exp.Expr) -> str:
    a, b = (typing.expect(side, _NUMBERS, "a number") for side in (node.this, node.expression))
    if "instant" in (a, b):
        if a == b == "instant" and isinstance(node, exp.Sub):
            return "integer"
        if (a, b) == ("instant", "integer") or ((a, b) == ("integer", "instant") and isinstance(node, exp.Add)):
            return "instant"
        raise typing.wrong(node, f"puts {a} and {b} together", "instants and durations are whole microseconds")
    return typing.agree((a, b), node)


def _product(typing: Typing, node: exp.Expr) -> str:
    a, b = (typing.expect(side, _NUMBERS - {"instant"}, "a number") for side in (node.this, node.expression))
    kinds = {a, b} - {NULL}
    return "integer" if kinds <= {"integer"} else "money" if kinds == {"integer", "money"} else "decimal"


def _whole_division(typing: Typing, node: exp.Expr) -> str:
    for side in (node.this, node.expression):
        if typing.kind(side) not in _WHOLE:
            raise typing.wrong(node, "divides decimals, which makes floats", "divide integers, or in the measure")
    return "integer"


def _number(typing: Typing, node: exp.Expr) -> str:
    return typing.expect(node.this, _NUMBERS, "a number")


def _alike(typing: Typing, node: exp.Expr) -> str:
    return typing.agree([typing.kind(child) for child in node.iter_expressions()], node)


def _nullif(typing: Typing, node: exp.Expr) -> str:
    typing.agree([typing.kind(node.this), typing.kind(node.expression)], node)
    return typing.kind(node.this)


def _case(typing: Typing, node: exp.Expr) -> str:
    branches = node.args["ifs"] if isinstance(node, exp.Case) else [node]
    subject = node.this if isinstance(node, exp.Case) else None
    for branch in branches:
        if subject is not None:
            typing.agree([typing.kind(subject), typing.kind(branch.this)], node)
        else:
            typing.expect(branch.this, frozenset({"boolean"}), "true or false")
    otherwise = node.args.get("default") or node.args.get("false")
    results = [branch.args["true"] for branch in branches] + ([otherwise] if otherwise is not None else [])
    return typing.agree([typing.kind(result) for result in results], node)


def _cast(typing: Typing, node: exp.Expr) -> str:
    typing.kind(node.this)
    target = node.args["to"]
    if target.this.name != "DECIMAL":
        return _CASTS[target.this.name]
    return _DECIMALS.get(tuple(part.name for part in target.expressions), "decimal")


def _macro(typing: Typing, node: exp.Expr) -> str:
    amount, *rest = node.expressions
    if node.name.lower() == "stepped":
        typing.expect(amount, _NUMBERS, "a number")
        typing.expect(rest[0], frozenset({"steps"}), "a table: a parameter of the kind steps")
        return _MACROS["stepped"]
    typing.expect(amount, frozenset({"money", "integer", "decimal"}), "money")
    for argument in rest:
        typing.expect(argument, _NUMBERS, "a number")
    return _MACROS[node.name.lower()]


def _counted(typing: Typing, node: exp.Expr) -> str:
    for part in node.find_all(exp.Column):
        typing.kind(part)
    return "integer"


def _summed(typing: Typing, node: exp.Expr) -> str:
    found = typing.expect(node.this, _NUMBERS - {"instant"}, "a number that can be summed")
    return "integer" if found == NULL else found


def _filtered(typing: Typing, node: exp.Expr) -> str:
    typing.expect(node.expression.this, frozenset({"boolean"}), "true or false")
    return typing.kind(node.this)


def _moved(typing: Typing, node: exp.Expr) -> str:
    extra = [node.args[part] for part in ("offset", "default") if node.args.get(part) is not None]
    kinds = [typing.kind(part) for part in extra]
    return typing.agree([typing.kind(node.this), *kinds[1:]], node)


def _windowed(typing: Typing, node: exp.Expr) -> str:
    typing.window(cast(exp.Window, node))
    order = node.args.get("order")
    for part in (*node.args.get("partition_by", ()), *(item.this for item in (order.expressions if order else ()))):
        typing.kind(part)
    return typing.kind(node.this)


_Rule = Callable[[Typing, exp.Expr], str]
_RULES: tuple[tuple[tuple[type[exp.Expr], ...], _Rule], ...] = (
    ((exp.Column,), _column),
    ((exp.Placeholder,), _placeholder),
    ((exp.Literal, exp.Boolean, exp.Null), _literal),
    ((exp.Paren, exp.IgnoreNulls, exp.FirstValue, exp.LastValue, exp.Min, exp.Max), _inner),
    ((exp.And, exp.Or, exp.Not, exp.LogicalAnd, exp.LogicalOr), _both),
    ((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is), _compared),
    ((exp.Between,), _compared),
    ((exp.In,), _membership),
    ((exp.Like,), _like),
    ((exp.DPipe,), _joined),
    ((exp.Add, exp.Sub), _sum_of_two),
    ((exp.Mul,), _product),
    ((exp.IntDiv, exp.Mod), _whole_division),
    ((exp.Neg, exp.Abs), _number),
    ((exp.Coalesce, exp.Least, exp.Greatest, exp.Distinct), _alike),
    ((exp.Nullif,), _nullif),
    ((exp.Case, exp.If), _case),
    ((exp.Cast,), _cast),
    ((exp.Anonymous,), _macro),
    ((exp.Count, exp.RowNumber, exp.Rank, exp.DenseRank), _counted),
    ((exp.Sum,), _summed),
    ((exp.Filter,), _filtered),
    ((exp.Lag, exp.Lead), _moved),
    ((exp.Window,), _windowed),
)
