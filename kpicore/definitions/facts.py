"""Fact types: the named, versioned schemas of marketing events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import field, frozen

from kpicore.naming import Text, text

FieldKind = Literal["id", "text", "boolean", "integer", "money", "decimal", "rate", "instant"]

#: Columns that every fact type has besides its own.
COMMON_FIELDS = ("occurred_at", "owner_id")


@frozen
class Field:
    """One field of a fact type.

    Args:
        kind: `id` and `text` are strings, `money` is decimal(18, 4), `decimal` decimal(18, 6), `rate`
            decimal(17, 8), `integer` 64 bits, `instant` microseconds in UTC.
        title: What people read.
        required: Null is refused. Key fields and `occurred_at` always are.
        default: Stands for null, as text (`"0"` for discounts).
    """

    kind: FieldKind
    title: Text = field(factory=dict, converter=text)
    required: bool = False
    default: str | None = None


def _tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@frozen
class FactType:
    """A kind of marketing event; a fact's identity is (fact type, source, key).

    Args:
        name: `deal_won`; a plugin's own are `plugin.name`.
        title: What people read, in the plural ("won deals").
        key: Names of the key fields, in order.
        fields: The type's own fields by name, key fields included; `occurred_at` (instant, required) and
            `owner_id` (id, nullable) come with every type.
        owner: What `owner_id` means here: closer, author, handler …
        credits: Columns that can say who is credited, and what they hold: `person`, `team`, or the kind of a
            thing that someone is responsible for (`channel`, `campaign`, `region` …).
        version: `major.minor`; a minor version adds nullable fields, nothing else.
    """

    name: str
    title: Text = field(converter=text)
    key: tuple[str, ...] = field(converter=_tuple)
    fields: Mapping[str, Field]
    owner: Text = field(factory=dict, converter=text)
    credits: Mapping[str, str] = field(factory=lambda: {"owner_id": "person"})
    version: str = "1.0"

    def all_fields(self) -> dict[str, Field]:
        """Every column in the ledger's order: key fields, `occurred_at`, `owner_id`, then the rest."""
        ordered = {name: self.fields[name] for name in self.key if name in self.fields}
        ordered["occurred_at"] = OCCURRED_AT
        ordered["owner_id"] = Field("id", self.owner)
        ordered.update((name, spec) for name, spec in self.fields.items() if name not in ordered)
        return ordered

    def money_fields(self) -> Iterator[str]:
        """Names of the money fields, in order."""
        return (name for name, spec in self.all_fields().items() if spec.kind == "money")

    @property
    def has_currency(self) -> bool:
        """Whether each row says in which currency its money is."""
        return "currency" in self.fields


OCCURRED_AT = Field("instant", {"en": "time", "zh-Hant": "發生時刻"}, required=True)
