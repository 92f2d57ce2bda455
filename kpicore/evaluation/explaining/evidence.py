"""Evidence: the facts that a measured cell counted, and what each of them added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import evolve, frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Level
from kpicore.engines.expressions import ROW
from kpicore.engines.facts import quoted, stored
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import CrossingOf, Extreme, Leaf, MeanOf, MonthlyOf, Node, Operation, RootOf, SurvivalOf
from kpicore.engines.scans import Setting, Statement, key_of
from kpicore.engines.windows import Span, framed
from kpicore.evaluation.measuring.measure import Request
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.measuring.scanning import Windows
from kpicore.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.evaluation.world import World

Role = Literal["numerator", "denominator"]

_COUNTED = "kpi$counted"


@frozen
class Contribution:
    """One fact that a cell counted.

    Args:
        fact_type: Its fact type; the relation where its rows lead to no single fact.
        key: Its key fields.
        source: Where it came from; None where the relation does not say.
        position, row: Its place in the ledger; None where it was not found.
        added: What it added, as decimal text; None for facts that stand behind the row beside the first.
        leaf: The aggregate that counted it.
        role: On which side of the indicator's division the aggregate stands.
    """

    fact_type: str
    key: dict[str, Any]
    source: str | None
    position: int | None
    row: int | None
    added: str | None
    leaf: str
    role: Role

    def to_document(self) -> dict[str, Any]:
        """The fact as JSON values."""
        return {
            "type": self.fact_type,
            "key": self.key,
            "source": self.source,
            "position": self.position,
            "row": self.row,
            "added": self.added,
            "leaf": self.leaf,
            "role": self.role,
        }


def contributions(
    world: World,
    request: Request,
    period: Period,
    level: Level,
    subject: str | None,
    *,
    limit: int | None = None,
) -> list[Contribution]:
    """The facts that a cell counted.

    Args:
        world: Facts and definitions at a cut.
        request: What was measured; break-downs do not matter.
        period: The period.
        level: person, team or company.
        subject: The subject; None for nobody, or the company.
        limit: Most rows for each aggregate; None: all.

    Returns:
        By aggregate from left to right, then by key. A distinct count's value is added by the first row of each.

    Raises:
        NotFound, InvalidInput, InvalidDefinition: As `measure`.
    """
    return [fact for _, fact in _counted(world, request, period, level, (subject,), limit)]


def contributions_by_subject(
    world: World, request: Request, period: Period, level: Level
) -> dict[str | None, list[Contribution]]:
    """The facts that the cells of everyone counted, read at once; each as `contributions` has them.

    Args:
        world, request, period, level: As of `contributions`.
    """
    found: dict[str | None, list[Contribution]] = {}
    for subject, fact in _counted(world, request, period, level, None, None):
        found.setdefault(subject, []).append(fact)
    return found


#: Whose facts are asked for; None: everyone's.
Whom: TypeAlias = "tuple[str | None] | None"


def _counted(
    world: World, request: Request, period: Period, level: Level, whom: Whom, limit: int | None
) -> Iterator[tuple[str | None, Contribution]]:
    """Facts with the subject that counted them, aggregate by aggregate."""
    resolved = resolve(
        world.definitions, request.indicator, request.params, request.credit, (), level, months=period.months
    )
    setting = Setting(world.definitions, level, world.organisation.base_currency, world.cut.as_of)
    windows = Windows(world, [period])
    for leaf, role in dict.fromkeys(sides(resolved.node, "numerator")):
        yield from _of_leaf(world, leaf, role, windows, setting, whom, limit)


def leaf_name(leaf: Leaf) -> str:
    """How an aggregate is called in evidence: `total deal_won.amount where …`."""
    aggregate = leaf.aggregate
    name = f"{aggregate.op} {aggregate.source}" + (f".{aggregate.of}" if aggregate.of else "")
    if aggregate.where:
        name += f" where {aggregate.where}"
    for match in aggregate.match:
        name += f" {'without' if match.absent else 'with'} {match.source}"
    for window, _durations in leaf.windows:
        name += f", {window.start} … {window.end}"
    return name


def sides(node: Node, role: Role) -> Iterator[tuple[Leaf, Role]]:
    """Leaves with the side on which they stand; the right side of a division turns sides around."""
    if isinstance(node, Leaf):
        yield node, role
    elif isinstance(node, Operation):
        yield from sides(node.left, role)
        other: Role = "denominator" if role == "numerator" else "numerator"
        yield from sides(node.right, other if node.op == "/" else role)
    elif isinstance(node, Extreme | MonthlyOf):
        for part in node.parts:
            yield from sides(part, role)
    elif isinstance(node, MeanOf):
        yield from sides(node.measure, role)
    elif isinstance(node, CrossingOf):
        # The last step holds the rows of all.
        yield from sides(node.parts[-1], role)
        yield from sides(node.level, role)
    elif isinstance(node, SurvivalOf):
        # All that is watched; what is counted by the other ages is the same.
        yield node.entered, role
    elif isinstance(node, RootOf):
        yield from sides(node.measure, role)
        yield from sides(node.degree, role)


def _of_leaf(
    world: World, leaf: Leaf, role: Role, windows: Windows, setting: Setting, whom: Whom, limit: int | None
) -> Iterator[tuple[str | None, Contribution]]:
    book, name = world.definitions, leaf.aggregate.source
    source = book.source(name)
    behind = facts_behind(book, name)
    told = ["source"] if "source" in book.columns(name) else []
    needed = dict.fromkeys((*source.key, *told, *(column for fact in behind for column in fact.key)))
    sql, reads = _rows(leaf, windows.of(leaf)[0], setting, whom, tuple(needed), limit)
    with world.engine.session(prepared(world).tables(reads, windows.periods)) as session:
        counted = session.query(sql)
    facts: dict[int, list[Contribution]] = {}
    for fact_type in behind:
        for number, fact in _matched(world, counted, fact_type, told, leaf, role):
            known = facts.setdefault(number, [])
            known.append(evolve(fact, added=None) if known else fact)
    for row in counted.sort_by("kpi_number").to_pylist():
        if row["kpi_number"] in facts:
            for fact in facts[row["kpi_number"]]:
                yield row["kpi_subject"], fact
        else:
            key = {column: row[column] for column in source.key if column != "source"}
            added = _text(row["kpi_added"])
            yield (
                row["kpi_subject"],
                Contribution(name, key, row.get("source"), None, None, added, leaf_name(leaf), role),
            )


def _matched(
    world: World, counted: pa.Table, fact_type: FactType, told: Sequence[str], leaf: Leaf, role: Role
) -> Iterator[tuple[int, Contribution]]:
    """The facts of one type behind counted rows, with the rows' numbers."""
    facts = stored(fact_type.name)
    same = " and ".join(f"s.{quoted(name)} = c.{quoted(name)}" for name in (*fact_type.key, *told))
    keys = ", ".join(f"s.{quoted(name)} as k{place}" for place, name in enumerate(fact_type.key))
    sql = (
        f"select c.kpi_number, c.kpi_added, {keys}, s.source as kpi_source, s.kpi_position, s.kpi_row "
        f"from {quoted(_COUNTED)} c join {quoted(facts)} s on {same} order by c.kpi_number, s.source"
    )
    with world.engine.session({_COUNTED: counted, facts: prepared(world).stored(fact_type.name)}) as session:
        rows = session.query(sql).to_pylist()
    for row in rows:
        key = {name: row[f"k{place}"] for place, name in enumerate(fact_type.key)}
        place = (row["kpi_source"], row["kpi_position"], row["kpi_row"])
        added = _text(row["kpi_added"])
        yield row["kpi_number"], Contribution(fact_type.name, key, *place, added, leaf_name(leaf), role)


def _rows(
    leaf: Leaf, span: Span, setting: Setting, whom: Whom, needed: Sequence[str], limit: int | None
) -> tuple[str, frozenset[str]]:
    """A SELECT of the rows that a leaf counts, numbered in the order of their subjects and keys."""
    statement = Statement(key_of(leaf, setting), framed((span,)), setting)
    conditions = list(statement.counted(leaf).conditions)
    statement.row.update(needed)
    who = statement.subject()
    order = ", ".join(f"{ROW}.{quoted(name)}" for name in needed)
    added = "1"
    if leaf.aggregate.op in ("total", "quantile"):
        added = statement.added(leaf).sql
    elif leaf.aggregate.op == "distinct":
        of, filled = statement.told_apart(leaf)
        known = " and ".join(filled or [f"({of}) is not null"])
        apart = of if who is None else f"{of}, {who.sql}"
        added = f"case when {known} and row_number() over (partition by {apart} order by {order}) = 1 then 1 else 0 end"
    if who is not None and whom is not None:
        [subject] = whom
        conditions.append(f"{who.sql} is null" if subject is None else f"{who.sql} = {_literal(subject)}")
    subjects = "cast(null as varchar)" if who is None else who.sql
    columns = [
        f"row_number() over (order by {subjects} nulls first, {order}) as kpi_number",
        f"{added} as kpi_added",
        f"{subjects} as kpi_subject",
    ]
    columns += [f"{ROW}.{quoted(name)}" for name in needed]
    inner = statement.select(", ".join(columns), who) + (f" where {' and '.join(conditions)}" if conditions else "")
    sql = f"select * from ({inner}) z" + ("" if limit is None else f" where z.kpi_number <= {int(limit)}")
    return sql, frozenset(statement.clauses.reads)


def facts_behind(book: Definitions, source: str) -> list[FactType]:
    """The fact types that a source's rows lead to; first the one that they have most columns from."""
    found = book.source(source)
    if isinstance(found, FactType):
        return [found]
    columns = set(book.columns(source))
    behind = [fact for fact in book.closure([source]).fact_types.values() if set(fact.key) <= columns]
    return sorted(behind, key=lambda fact: -len(columns & set(fact.all_fields())))


def _text(value: Any) -> str | None:
    return None if value is None else decimal_text(Decimal(value))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
