"""Evaluations as documents: what programs read, what is sealed, and what must come out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from kpicore.canonical import decimal_text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The parts of an evaluate document besides its subjects.
HEAD = ("evaluation", "scorecard", "period", "level", "facts_cut", "rules_cut", "as_of", "digest")


def number(value: Decimal | None) -> str | None:
    """A number of a document: a text without exponent and without trailing zeros, or null."""
    return None if value is None else decimal_text(value)


def numbers(values: Iterable[Decimal | None]) -> list[str | None]:
    """Numbers of a document, as `number`."""
    return [None if value is None else decimal_text(value) for value in values]


def instant_text(instant_us: int | None) -> str | None:
    """An instant of a document: ISO 8601 in UTC with microseconds."""
    if instant_us is None:
        return None
    return (_EPOCH + timedelta(microseconds=instant_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def differences(one: Any, other: Any, path: str = "") -> list[dict[str, Any]]:
    """Where two documents differ: path, and both values; null where one has nothing there."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        found = []
        for key in [*one, *(key for key in other if key not in one)]:
            found += differences(one.get(key), other.get(key), f"{path}.{key}" if path else str(key))
        return found
    if isinstance(one, list) and isinstance(other, list):
        names, others = _identities(one), dict(zip(_identities(other), other, strict=True))
        found = []
        for name, item in zip(names, one, strict=True):
            found += differences(item, others.get(name), f"{path}[{name}]")
        for name, item in others.items():
            if name not in set(names):
                found += differences(None, item, f"{path}[{name}]")
        return found
    return [] if one == other else [{"path": path, "sealed": one, "replayed": other}]


def _identities(items: Sequence[Any]) -> list[str]:
    """What every entry of a list is called in a path; of one name the second is `name#2`."""
    found: list[str] = []
    counts: dict[str, int] = {}
    for place, item in enumerate(items):
        name = _identity(item, place)
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name}#{counts[name]}")
    return found


def _identity(item: Any, place: int) -> str:
    """What an entry of a list is called in a path: its subject or indicator, else its place."""
    if isinstance(item, Mapping):
        for name in ("subject", "indicator"):
            if name in item:
                return "company" if item[name] is None else str(item[name])
    return str(place)
