"""Casts in the SQL of maps, made so that nothing is rounded, cut or guessed.

An engine casts `1.23456` to decimal(18, 4) by rounding it and `1_000` to 1000. Here every cast is written out: where the
text of the operand does not say exactly what the target holds, the result is null and the row is refused, unless
another branch of CASE, AND, OR or COALESCE has it that the cast does not matter for this row.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from sqlglot import exp

from kpicore.errors import InvalidDefinition

#: The dialect in which expressions are handed to the engine.
DIALECT = "duckdb"
#: A cast within a cast repeats its operand; more than so many would make the statement explode.
DEEPEST_CASTS = 3

_WHOLE = r"[+-]?[0-9]+([.]0+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?"
_FORMS = {
    "BIGINT": _WHOLE,
    "INT": _WHOLE,
    "BOOLEAN": "(?i)true|false",
    "DATE": f"{_DATE}( 00:00:00)?",
    "TIMESTAMP": f"{_DATE}({_TIME})?",
    "TIMESTAMPNTZ": f"{_DATE}({_TIME})?",
}


@frozen
class Cast:
    """One cast that may fail.

    Args:
        node: What stands in its place in the written-out tree.
        operand: What is cast.
        target: The type's name, as people write it.
        failed: Whether the operand is there and does not fit; an expression.
        above: What stands in the tree for the casts that were written out around others, by the id of the old node.
    """

    node: exp.Expr
    operand: exp.Expr
    target: str
    failed: exp.Expr
    above: Mapping[int, tuple[exp.Expr, exp.Expr]]

    @property
    def reason(self) -> str:
        """Why a row is refused."""
        return f"it is not exactly a {self.target}"

    @property
    def place(self) -> exp.Expr:
        """What stands in the written-out tree for this cast, or for the outermost cast around it."""
        here = self.node
        while (root := here.root()) is not here and id(root) in self.above:
            here = self.above[id(root)][1]
        return here

    def matters(self) -> exp.Expr:
        """Whether it failed where the row's result depends on it; an expression."""
        return exp.and_(self.failed.copy(), *_reached(self.node, self.above))


def write_out(tree: exp.Expr, where: str) -> tuple[exp.Expr, list[Cast]]:
    """A copy of a checked tree with its casts written out.

    Raises:
        InvalidDefinition: Casts are nested too deeply.
    """
    holder = exp.Paren(this=tree.copy())
    casts: list[Cast] = []
    above: dict[int, tuple[exp.Expr, exp.Expr]] = {}
    for node in reversed(list(holder.find_all(exp.Cast, bfs=True))):
        form = _form(node.to)
        if form is None:
            continue
        if _depth(node) > DEEPEST_CASTS:
            raise InvalidDefinition(
                "casts are nested too deeply", code="sql_too_deep", where=where, hint="cast in a derived table"
            )
        cast = _written(node, form, above)
        node.replace(cast.node)
        above[id(node)] = (node, cast.node)
        casts.append(cast)
    written: exp.Expr = holder.this
    written.pop()
    return written, casts


def _depth(node: exp.Expr) -> int:
    depth, above = 1, node.parent
    while above is not None and not isinstance(above, exp.Select):
        depth += isinstance(above, exp.Cast) and _form(above.to) is not None
        above = above.parent
    return depth


def _form(target: exp.DataType) -> str | None:
    """What the text of a value looks like that the type holds exactly; None where any text does."""
    name = target.this.name
    if name == "DECIMAL":
        digits = [int(part.name) for part in target.expressions]
        places = digits[1] if len(digits) > 1 else 3 if not digits else 0
        return rf"[+-]?[0-9]+([.][0-9]{{1,{places}}}0*)?" if places else _WHOLE
    return _FORMS.get(name)


def _written(node: exp.Cast, form: str, above: Mapping[int, tuple[exp.Expr, exp.Expr]]) -> Cast:
    operand, target = node.this, node.to
    text = exp.Cast(this=exp.Paren(this=operand.copy()), to=exp.DataType.build("varchar"))
    tried = exp.TryCast(this=exp.Paren(this=operand.copy()), to=target.copy(), safe=True)
    fits = exp.and_(
        exp.func("regexp_full_match", text, exp.Literal.string(form), dialect=DIALECT),
        exp.Not(this=exp.Is(this=tried.copy(), expression=exp.Null())),
    )
    written = exp.Paren(this=exp.Case(ifs=[exp.If(this=fits.copy(), true=tried)]))
    there = exp.Not(this=exp.Is(this=exp.Paren(this=operand.copy()), expression=exp.Null()))
    failed = exp.Paren(this=exp.and_(there, exp.Not(this=exp.Paren(this=fits))))
    return Cast(written, operand.copy(), target.sql(DIALECT).lower(), failed, above)


def _reached(node: exp.Expr, around: Mapping[int, tuple[exp.Expr, exp.Expr]]) -> list[exp.Expr]:
    """Conditions under which the value of a node decides the value of the whole."""
    found: list[exp.Expr] = []
    below, above = node, node.parent
    while above is not None and not isinstance(above, exp.AggFunc | exp.Select | exp.Where | exp.Join | exp.Having):
        if isinstance(above, exp.And | exp.Or):
            other = above.expression if below is above.this else above.this
            found.append(_is_not(other, isinstance(above, exp.Or)))
        elif isinstance(above, exp.Coalesce) and below is not above.this:
            earlier = [above.this]
            for item in above.expressions:
                if item is below:
                    break
                earlier.append(item)
            found.extend(exp.Is(this=_own(item), expression=exp.Null()) for item in earlier)
        elif isinstance(above, exp.If):
            found.extend(_of_branch(above, below))
        elif isinstance(above, exp.Case) and below.arg_key == "default":
            found.extend(_is_not(_condition(branch), True) for branch in above.args["ifs"])
        below = around.get(id(above), (above, above))[1]
        above = below.parent
    if isinstance(above, exp.AggFunc) and isinstance(above.parent, exp.Filter):
        found.append(_is(above.parent.expression.this))
    return found


def _of_branch(branch: exp.If, below: exp.Expr) -> list[exp.Expr]:
    earlier: list[exp.If] = []
    if isinstance(branch.parent, exp.Case):
        for other in branch.parent.args["ifs"]:
            if other is branch:
                break
            earlier.append(other)
    found = [_is_not(_condition(other), True) for other in earlier]
    if below.arg_key == "true":
        found.append(_is(_condition(branch)))
    elif below.arg_key == "false":
        found.append(_is_not(_condition(branch), True))
    return found


def _condition(branch: exp.If) -> exp.Expr:
    case = branch.parent
    if isinstance(case, exp.Case) and case.this is not None:
        return exp.EQ(this=_own(case.this), expression=_own(branch.this))
    condition: exp.Expr = branch.this
    return condition


def _own(node: exp.Expr) -> exp.Expr:
    return exp.Paren(this=node.copy())


def _is(condition: exp.Expr) -> exp.Expr:
    return exp.func("coalesce", _own(condition), exp.false())


def _is_not(condition: exp.Expr, value: bool) -> exp.Expr:
    """Whether a condition is anything but `value`, null among it."""
    return exp.func("coalesce", exp.NEQ(this=_own(condition), expression=exp.Boolean(this=value)), exp.true())
