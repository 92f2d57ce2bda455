"""For whom a few facts were counted: one statement for each aggregate, however many people there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from kpicore.canonical import decimal_text
from kpicore.definitions.indicators import Level
from kpicore.engines.expressions import ROW
from kpicore.engines.facts import integer_instants, quoted
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import Leaf
from kpicore.engines.scans import Setting, Statement, key_of
from kpicore.engines.windows import Span, framed
from kpicore.evaluation.explaining.evidence import facts_behind, sides
from kpicore.evaluation.measuring.measure import Request
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.measuring.scanning import Windows
from kpicore.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.evaluation.world import World

#: A fact's place: fact type, position, row.
Place: TypeAlias = "tuple[str, int, int]"
#: What a fact added for each subject, on each side of the indicator's division.
Counted: TypeAlias = "dict[Place, dict[str | None, dict[str, str]]]"

_AMONG = "kpi$among"


def counted_for(world: World, request: Request, period: Period, level: Level, among: Mapping[str, pa.Table]) -> Counted:
    """For whom facts were counted, and what they added.

    Args:
        world: Facts and definitions at a cut.
        request: What was measured.
        period: The period.
        level: person, team or company.
        among: The facts that are asked about: rows of resolved tables, by fact type.

    Returns:
        Facts that no aggregate counts by itself (because they are only looked up beside others) are left out.
    """
    resolved = resolve(
        world.definitions, request.indicator, request.params, request.credit, (), level, months=period.months
    )
    setting = Setting(world.definitions, level, world.organisation.base_currency, world.cut.as_of)
    windows = Windows(world, [period])
    found: Counted = defaultdict(lambda: defaultdict(dict))
    for leaf, side in dict.fromkeys(sides(resolved.node, "numerator")):
        for fact_type in facts_behind(world.definitions, leaf.aggregate.source):
            rows = among.get(fact_type.name)
            if rows is None or not rows.num_rows:
                continue
            sql, reads = _statement(world, leaf, windows.of(leaf)[0], setting, fact_type.key)
            tables = prepared(world).tables(reads, windows.periods)
            with world.engine.session({**tables, _AMONG: integer_instants(rows)}) as session:
                counted = session.query(sql).to_pylist()
            for row in counted:
                place = (fact_type.name, row["kpi_position"], row["kpi_row"])
                added = Decimal(0) if row["kpi_added"] is None else Decimal(row["kpi_added"])
                known = found[place][row["kpi_subject"]]
                known[side] = decimal_text(Decimal(known.get(side, "0")) + added)
    return {place: dict(subjects) for place, subjects in found.items()}


def _statement(
    world: World, leaf: Leaf, span: Span, setting: Setting, key: tuple[str, ...]
) -> tuple[str, frozenset[str]]:
    """A SELECT of subject, place and what was added for the rows of a leaf that lead to one of the facts."""
    statement = Statement(key_of(leaf, setting), framed((span,)), setting)
    conditions = list(statement.counted(leaf).conditions)
    same = [*key, *(["source"] if "source" in world.definitions.columns(leaf.aggregate.source) else [])]
    statement.row.update(same)
    who = statement.subject()
    added = statement.added(leaf).sql if leaf.aggregate.op == "total" else "1"
    columns = [f"{who.sql if who else 'null'} as kpi_subject", f"{added} as kpi_added"]
    columns += [f"{ROW}.{quoted(name)} as k{place}" for place, name in enumerate(same)]
    inner = statement.select(", ".join(columns), who) + (f" where {' and '.join(conditions)}" if conditions else "")
    on = " and ".join(f"z.k{place} = a.{quoted(name)}" for place, name in enumerate(same))
    sql = (
        f"select z.kpi_subject, z.kpi_added, a.kpi_position, a.kpi_row from ({inner}) z "
        f"join {quoted(_AMONG)} a on {on} order by a.kpi_position, a.kpi_row"
    )
    return sql, frozenset(statement.clauses.reads)
