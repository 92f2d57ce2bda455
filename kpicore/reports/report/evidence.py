"""What stands behind scores and their differences, in words: facts that were counted, values of two periods, rule changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.naming import translated
from kpicore.reports.pieces import by_side, key_of
from kpicore.reports.report.reading import Reading, Row
from kpicore.reports.words import bracketed, clean, listed, number, pick, quantity, with_sign

#: So many facts of a line, or pieces of evidence, are shown.
SHOWN = 5


def counted(one: Reading, line: Row) -> list[dict[str, Any]]:
    """Facts of each side of a line: how many, and the largest of them."""
    return [
        {
            "side": one.word(role),
            "type": fact_type(one, kind),
            "many": f"{len(facts):,}",
            "largest": [_fact(fact) for fact in facts[:SHOWN]],
        }
        for (role, kind), facts in by_side(line["facts"]).items()
    ]


def _fact(fact: Row) -> dict[str, str]:
    added = number(fact["added"])
    return {
        "key": key_of(fact),
        "adds": "" if added is None else with_sign(quantity(added, None)),
        "place": "–" if fact["position"] is None else f"{fact['position']}:{fact['row']}",
    }


def fact_type(one: Reading, name: str) -> str:
    """What facts of a type are called."""
    book = one.report.definitions
    return translated(book.get(name).title, one.language) if name in book else name


def evidence(one: Reading, cause: Row) -> list[str]:
    """What stands behind a cause, in words."""
    found = [_piece(one, piece, cause["indicator"]) for piece in cause["evidence"]]
    more = len(found) - SHOWN
    return [*found[:SHOWN], *([pick(one.language, f"and {more} more", f"其餘 {more} 項")] if more > 0 else [])]


def _piece(one: Reading, piece: Row, indicator: str | None) -> str:
    if "type" in piece:
        return f"{fact_type(one, piece['type'])} {key_of(piece)}"
    if "name" not in piece:
        own = piece.get("indicator", indicator)
        whose = f"{one.title(own)} " if indicator is None else ""
        return whose + " → ".join(_cell(one, piece[side], own) for side in ("old", "new"))
    moved = str(piece["name"])
    if "old" in piece:
        moved = " → ".join(_side(one, piece[side], indicator) for side in ("old", "new"))
    elif piece.get("kind") == "target" and "target" in piece:
        moved = f"{one.say('target')} {piece['target']}"
    if piece.get("by") is None:
        return moved
    who = pick(one.language, f"{piece['by']}: “{piece['reason']}”", f"{piece['by']}：「{piece['reason']}」")
    return moved + bracketed(who, one.language)


def _side(one: Reading, value: Any, indicator: str | None) -> str:
    """What a rule said before or after a change; modifiers and gates as conditions in words."""
    if not isinstance(value, Mapping) or not {"gates", "modifiers"} & set(value):
        return _flat(value, one.language)
    told = [
        one.effect(rule) + bracketed(one.condition(rule), one.language)
        for kind in ("modifiers", "gates")
        for rule in ({"title": {}, **said, "indicator": indicator} for said in value.get(kind, ()))
    ]
    told += [f"{one.say('cap')} {value['cap']}"] if value.get("cap") else []
    return one.joined(told) or "–"


def _cell(one: Reading, cell: Row, indicator: str | None) -> str:
    """`2017-Q4 58.76 % = 57 / 97`: what stood on a line in a period."""
    if cell["value"] is None:
        return f"{cell['period']} {one.word(cell['state']) if cell['state'] else '–'}"
    found = one.indicator(indicator) if indicator else None
    said = quantity(number(cell["value"]), found.unit if found else None)
    sides = one.ratio(cell)
    return f"{cell['period']} {said}" + (f" = {sides}" if sides else "")


def _flat(value: Any, language: str) -> str:
    """A value of a rule change as it is read."""
    if isinstance(value, Mapping):
        return _flat(list(value.values()), language)
    if isinstance(value, list | tuple):
        return listed((_flat(part, language) for part in value), language) or "–"
    return "–" if value is None else clean(value)
