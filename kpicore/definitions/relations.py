"""Relations: tables derived from fact types and other relations by checked SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from kpicore.definitions.parameters import Parameter
from kpicore.naming import Text, text


def _tuple(value: Any) -> tuple[str, ...]:
    return tuple(value.split()) if isinstance(value, str) else tuple(value)


def _texts(value: Mapping[str, str | Text]) -> dict[str, Text]:
    return {name: text(title) for name, title in value.items()}


def _squeeze(value: str) -> str:
    return "\n".join(line.strip() for line in value.strip().splitlines())


@frozen
class Relation:
    """A derived table that measures count over, as data.

    In its SQL instants are integers (microseconds UTC) and durations are `$parameters`. A relation holds events
    (with `occurred_at`) or spells (with `valid_from`, `valid_to`; half-open, null means open).

    Args:
        name: `net_order`; a plugin's own are `plugin.name`.
        title: What people read, in the plural.
        sql: One SELECT over fact types, relations and the core tables `assignment`, `responsibility`, `team_path`,
            `calendar`, `sealed_line`.
        key: Columns that identify a row.
        spell: Whether rows are spells.
        params: Parameters that the SQL names as `$name`.
        credits: Columns that can say who is credited, and what they hold (see FactType).
        reads: How far before and after a row's own time each table is read: `{"order_paid": ("0d", "$days")}`; `all`
            is without end.
            A table that is not named is read whole.
        titles: What people read for columns that are not fields of a fact type.
    """

    name: str
    title: Text = field(converter=text)
    sql: str = field(converter=_squeeze)
    key: tuple[str, ...] = field(converter=_tuple)
    spell: bool = False
    params: Mapping[str, Parameter] = field(factory=dict)
    credits: Mapping[str, str] = field(factory=lambda: {"owner_id": "person"})
    reads: Mapping[str, tuple[str, str]] = field(factory=dict)
    titles: Mapping[str, Text] = field(factory=dict, converter=_texts)
    version: str = "1.0"
