"""Pieces of evidence in words: facts with their place in the ledger, decisions with who and why, values that stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpicore.reports.translations.translated import rule_name
from kpicore.reports.words import bracketed, clauses, labelled, listed, mark, number, pick, quantity, word

Document = Mapping[str, Any]


def piece_said(piece: Document, language: str) -> str:
    """A piece of evidence: a fact, a rule, or what stood on a line before and after."""
    if "type" in piece:
        return fact_said(piece, language)
    return (
        rule_said(piece, language)
        if "name" in piece
        else " → ".join(_cell(piece[side], language) for side in ("old", "new"))
    )


def fact_said(piece: Document, language: str) -> str:
    """A fact by its key, where it is in the ledger, and who took it away."""
    place = f"{piece['position']}:{piece['row']}"
    found = f"{piece['type']} {key_of(piece)}{_at(place, language)}"
    taken = piece.get("retracted")
    if taken is None:
        return found
    who = pick(language, f" by {taken['by']}", f"由 {taken['by']} ") if taken["by"] else ""
    why = pick(language, f": “{taken['reason']}”", f"：「{taken['reason']}」") if taken["reason"] else ""
    said = pick(language, f"retracted{who}{why}", f"{who}撤回{why}")
    return clauses([found, said + _at(taken["position"], language)], language)


def _at(place: Any, language: str, *more: str) -> str:
    """Where in the ledger, in brackets."""
    return bracketed(clauses([f"{word('position', language)} {place}", *more], language), language)


def key_of(piece: Document) -> str:
    """The key of a fact, several fields with a slash between."""
    return "/".join(map(str, piece["key"].values()))


def by_side(facts: Sequence[Document]) -> dict[tuple[str, str], list[Document]]:
    """Facts of a line by the side of its division and their type, the largest first."""
    sides: dict[tuple[str, str], list[Document]] = {}
    for fact in facts:
        sides.setdefault((fact["role"], fact["type"]), []).append(fact)
    return {side: sorted(of_side, key=_size, reverse=True) for side, of_side in sides.items()}


def _size(fact: Document) -> Decimal:
    return abs(number(fact["added"]) or Decimal(0))


def rule_said(piece: Document, language: str) -> str:
    """A rule with what changed in it, who decided so, why, and from when."""
    old, new = piece.get("old"), piece.get("new")
    name = rule_name(piece["name"], language)
    if "old" in piece:
        name = labelled(name, f"{value_said(old, language)} → {value_said(new, language)}", language)
    if "hypothetical" in piece:
        return f"{name}{bracketed(pick(language, 'hypothetical', '假設'), language)}"
    if piece["by"] is None:
        return name
    since = [f"{word('effective', language)} {piece['effective']}"] if piece.get("effective") else []
    who = pick(language, f"by {piece['by']}, “{piece['reason']}”", f"{piece['by']} 決定：「{piece['reason']}」")
    return f"{name} {who}{_at(piece['position'], language, *since)}"


def value_said(value: Any, language: str) -> str:
    """A value of a rule in one line."""
    if isinstance(value, Mapping):
        return listed((f"{name} {value_said(part, language)}" for name, part in value.items()), language) or "–"
    if isinstance(value, list):
        return mark("semicolon", language).join(value_said(part, language) for part in value) or "–"
    return "–" if value is None else str(value)


def _cell(cell: Document, language: str) -> str:
    """`2017-Q1 43 / 70`: what stood on a line in a period."""
    sides = [quantity(number(cell[side]), None) for side in ("numerator", "denominator") if cell[side] is not None]
    said = " / ".join(sides) or quantity(number(cell["value"]), None)
    state = cell["state"] or ""
    return f"{cell['period']} {said if cell['value'] is not None else word(state, language) or '–'}"
