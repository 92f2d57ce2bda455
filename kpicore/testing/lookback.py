"""Whether relations read only as far back and ahead as they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kpicore.definitions.relations import Relation
from kpicore.engines.facts import quoted
from kpicore.engines.reach import length_of
from kpicore.engines.relations import Clauses, own_params, relation_body
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.testing.pools import PERIOD

if TYPE_CHECKING:
    from kpicore.engines.base import Session
    from kpicore.evaluation.world import World


def misread(world: World, relations: Mapping[str, Relation]) -> Iterator[tuple[str, str]]:
    """Relations whose rows of a period change when they read only what `reads` names; with what changes.

    Args:
        world: Facts and definitions.
        relations: The relations; those that read all they read whole hold anyway.
    """
    period = world.calendar.period(PERIOD)
    bounds = world.calendar.bounds(period)
    reading = {name: relation for name, relation in relations.items() if relation.reads}
    statements = {
        name: _Statements(world, relation, bounds.start_us, bounds.end_us) for name, relation in reading.items()
    }
    tables = prepared(world).tables({read for one in statements.values() for read in one.clauses.reads}, [period])
    with world.engine.session(tables) as session:
        for name, one in statements.items():
            whole, near = _rows(session, one.whole), _rows(session, one.near)
            if whole != near:
                odd = next(
                    iter([row for row in whole if row not in near] or [row for row in near if row not in whole]), ""
                )
                yield name, f"{len(whole)} rows, and then {len(near)}; such as {odd}"


class _Statements:
    def __init__(self, world: World, relation: Relation, start: int, end: int) -> None:
        book = world.definitions
        own = own_params(relation, {})
        self.clauses = clauses = Clauses(book, world.organisation.base_currency)
        whole = clauses.source(relation.name, own)
        inside = _inside("valid_from" if relation.spell else "occurred_at", start, end)
        sql = relation_body(book, relation, own).sql
        for read, (back, ahead) in relation.reads.items():
            if "occurred_at" in book.columns(read):
                name = clauses.source(read, own)
                reach = _inside("occurred_at", start - length_of(back, own), end + length_of(ahead, own))
                near = clauses.add(f"near ${read}", f"select * from {name} where {reach}")
                sql = sql.replace(name, near)
        near = clauses.add("near", sql)
        self.whole = f"{clauses.text()}select * from {whole} where {inside}"
        self.near = f"{clauses.text()}select * from {near} where {inside}"


def _inside(time: str, start: int, end: int) -> str:
    return f"{quoted(time)} >= {start} and {quoted(time)} < {end}"


def _rows(session: Session, sql: str) -> list[dict[str, Any]]:
    return sorted(session.query(sql).to_pylist(), key=repr)
