"""What a scorecard's file says about the total: modifiers, gates, the coefficient."""

from __future__ import annotations

from typing import cast

from kpicore.definitions.cards.card_tables import Table, TomlFile
from kpicore.definitions.cards.outcome_checks import COEFFICIENT_KINDS, CONDITION_POLICIES
from kpicore.definitions.cards.scorecards import Coefficient, ConditionPolicy, Gate, Modifier
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.naming import did_you_mean

__all__ = ["coefficient_of", "read_coefficient", "read_gate", "read_modifier"]

_CONDITION_KEYS = ("indicator", "below", "above", "params", "empty", "title", "why")


def read_gate(table: Table) -> Gate:
    """A `[[gate]]`."""
    table.check_keys((*_CONDITION_KEYS, "total", "cap"))
    return Gate(
        indicator=table.required("indicator"),
        below=table.number("below"),
        above=table.number("above"),
        total=table.number("total"),
        cap=table.number("cap"),
        params=table.params(),
        empty=_empty(table),
        title=table.texts("title") if "title" in table.data else {},
        why=table.string("why"),
    )


def read_modifier(table: Table) -> Modifier:
    """A `[[modifier]]`."""
    table.check_keys((*_CONDITION_KEYS, "factor", "subject", "period"))
    factor = table.number("factor")
    if factor is None:
        raise table.wrong(None, "factor is missing", hint='write factor = "0.9"', code="missing_key")
    return Modifier(
        factor=factor,
        indicator=table.string("indicator"),
        below=table.number("below"),
        above=table.number("above"),
        params=table.params(),
        subject=table.string("subject"),
        period=table.string("period"),
        empty=_empty(table),
        title=table.texts("title") if "title" in table.data else {},
        why=table.string("why"),
    )


def read_coefficient(file: TomlFile) -> Coefficient | None:
    """The `[coefficient]`; None where there is none."""
    if "coefficient" not in file.data:
        return None
    table = file.table("coefficient")
    table.check_keys(("kind", "steps"))
    return coefficient_of(table)


def coefficient_of(table: Table) -> Coefficient:
    """The keys `kind` and `steps` of a table."""
    kind = table.one_of("kind", COEFFICIENT_KINDS)
    return Coefficient("linear" if kind == "linear" else "steps", table.pairs("steps"))


def _empty(table: Table) -> dict[str, ConditionPolicy]:
    """What happens while the indicator is empty: one word for every state, or one for each."""
    given = table.data.get("empty", {})
    if isinstance(given, str):
        given = dict.fromkeys(EMPTY_STATES, given)
    if not isinstance(given, dict):
        hint = 'write empty = "block", or empty = {missing_data = "block"}'
        raise table.wrong("empty", f"empty cannot be {given!r}", hint=hint)
    for state, policy in given.items():
        for word, known in ((state, EMPTY_STATES), (policy, CONDITION_POLICIES)):
            if word not in known:
                hint = did_you_mean(str(word), known) or f"one of: {', '.join(known)}"
                raise table.wrong("empty", f"unknown {word!r} in empty", hint=hint)
    return {state: cast("ConditionPolicy", policy) for state, policy in given.items()}
