"""The outcome of totals as parts of documents: in columns as it is sealed, and subject by subject as it is read.

Parts of a sealed document that a card without modifiers, gates, cap and coefficient does not have:

- `sums`: totals before modifiers and gates, where the card has any of these or a cap;
- `modifiers`, `gates`: what the card says of each, its indicator's cells as those of lines, `scope` and `applied` (which
  subjects, by number; scope only where it is not everyone) and `points` (a column: what it added to the total);
- `capped`: the subjects whom the card's cap bound;
- `coefficients`: one a subject, null where there is none, where the card declares one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from kpicore.definitions.cards.scorecards import Modifier
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.evaluation.documents import number, numbers
from kpicore.evaluation.scoring.cells import Cells, Column
from kpicore.evaluation.scoring.outcome import DEFAULT_CONDITION_POLICY, Condition, Effect, Outcome
from kpicore.evaluation.sealing.columns import cells_document, cells_of, column_document, column_of

__all__ = ["condition_cells", "effect_entries", "outcome_columns", "outcome_documents"]

_KINDS = ("modifiers", "gates")
#: What a modifier or gate says: numbers, then the rest.
_NUMBERS = {"modifiers": ("below", "above", "factor"), "gates": ("below", "above", "total", "cap")}


def outcome_columns(outcome: Outcome) -> dict[str, Any]:
    """Totals and bands of a sealed document, and the parts that only some cards have."""
    card = outcome.card
    found: dict[str, Any] = {"totals": numbers(outcome.totals), "bands": outcome.bands}
    if card.modifiers or card.gates or card.cap is not None:
        found["sums"] = numbers(outcome.sums.decimals(outcome.none))
    if card.modifiers:
        found["modifiers"] = [_effect(effect, outcome.none) for effect in outcome.modifiers]
    if card.gates:
        found["gates"] = [_effect(effect, outcome.none) for effect in outcome.gates]
    if card.cap is not None:
        found["capped"] = np.flatnonzero(outcome.capped).tolist()
    if card.coefficient is not None:
        found["coefficients"] = numbers(outcome.coefficients)
    return found


def outcome_documents(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an evaluate document says of every subject besides its name and lines, from columns alone.

    Of modifiers and gates those are listed that applied to the subject, and those that could not be decided because
    their indicator is empty.

    Args:
        columns: Parts of a sealed document.
    """
    length = len(columns["totals"])
    listed = {kind: effect_entries(columns, kind) for kind in _KINDS}
    gated = {n for n, found in enumerate(listed["gates"]) for entry in found if entry["points"] not in (None, "0")}
    capped = set(columns.get("capped", ()))
    sums = columns.get("sums", columns["totals"])
    coefficients = columns.get("coefficients", [None] * length)
    return [
        {
            "total": columns["totals"][n],
            "band": columns["bands"][n],
            "coefficient": coefficients[n],
            "gates": [entry for entry in listed["gates"][n] if _speaks(entry)],
            "modifiers": [entry for entry in listed["modifiers"][n] if _speaks(entry)],
            "sum": sums[n],
            "bound": "cap" if n in capped else "gate" if n in gated else None,
        }
        for n in range(length)
    ]


def effect_entries(columns: Mapping[str, Any], kind: str) -> list[list[dict[str, Any]]]:
    """Every modifier or gate that looks at a subject, for each of them.

    Args:
        columns: Parts of a sealed document.
        kind: `modifiers` or `gates`.
    """
    length = len(columns["totals"])
    found: list[list[dict[str, Any]]] = [[] for _ in range(length)]
    for effect in columns.get(kind, ()):
        for n, entry in _entries(effect, length):
            found[n].append(entry)
    return found


def condition_cells(columns: Mapping[str, Any]) -> list[Cells]:
    """What was measured for every condition of the card, in the order of its conditions."""
    length = len(columns["totals"])
    effects = [effect for kind in _KINDS for effect in columns.get(kind, ())]
    return [cells_of(effect, length) for effect in effects if effect["indicator"] is not None]


def _effect(effect: Effect, none: Any) -> dict[str, Any]:
    found = {**_said(effect.rule), "applied": np.flatnonzero(effect.applied).tolist()}
    if effect.cells is not None:
        found |= cells_document(effect.cells)
    if not effect.scope.all():
        found["scope"] = np.flatnonzero(effect.scope).tolist()
    return found | {"points": column_document(Column(effect.points, none))}


def _said(rule: Condition) -> dict[str, Any]:
    """What the card says of a modifier or gate."""
    kind = "modifiers" if isinstance(rule, Modifier) else "gates"
    return {
        "title": dict(rule.title),
        "indicator": rule.indicator,
        **{name: number(getattr(rule, name)) for name in _NUMBERS[kind]},
        "empty": {state: rule.empty[state] for state in EMPTY_STATES if state in rule.empty},
    }


def _entries(effect: Mapping[str, Any], length: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """What a modifier or gate did to everyone (by number) whom it looks at."""
    applied, scope = set(effect["applied"]), effect.get("scope", range(length))
    points = numbers(column_of(effect["points"], length).decimals())
    said = {name: effect[name] for name in effect if name in ("title", "indicator", *_ALL_NUMBERS)}
    if effect["indicator"] is None:
        nothing = {"numerator": None, "denominator": None, "value": None, "state": None}
        for n in scope:
            yield n, {**said, **nothing, "flags": [], "applied": True, "empty_policy": None, "points": points[n]}
        return
    cells = cells_of(effect, length)
    above, below, value = (numbers(column.decimals()) for column in (cells.numerator, cells.denominator, cells.value))
    states = cells.states
    for n in scope:
        state = states[n]
        policy = effect["empty"].get(state, DEFAULT_CONDITION_POLICY) if state in EMPTY_STATES else None
        measured = {"numerator": above[n], "denominator": below[n], "value": value[n], "state": state}
        entry = {**said, **measured, "flags": list(cells.flags[n]), "applied": n in applied}
        yield n, {**entry, "empty_policy": policy, "points": points[n]}


def _speaks(entry: Mapping[str, Any]) -> bool:
    """Whether a modifier or gate applied, or could not be decided."""
    return bool(entry["applied"] or entry["empty_policy"])


_ALL_NUMBERS = tuple(dict.fromkeys(name for names in _NUMBERS.values() for name in names))
