"""How a score is built, as a tree down to the facts; and what the difference of two evaluations is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.definitions.indicators import Indicator
from kpicore.reports.tables import evaluation, indicator_title, note, subject_name
from kpicore.reports.words import clean, number, pick, plain, word

#: How many facts of a line, or pieces of evidence, a tree shows.
SHOWN = 5

Document = Mapping[str, Any]
Indicators = Mapping[str, Indicator]


def difference(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """What the difference between two evaluations is made of, subject by subject; who did not move is counted."""
    moved = [subject for subject in document["subjects"] if subject["causes"]]
    trees: list[RenderableType] = [_moved(subject, indicators, language) for subject in _by_size(moved)]
    still = len(document["subjects"]) - len(moved)
    said = pick(
        language,
        f"{document['from']} → {document['to']}: {len(moved)} changed, {still} as they were",
        f"{document['from']} → {document['to']}：{len(moved)} 位有變動，{still} 位不變",
    )
    return Group(Text(said, style="bold"), *trees)


def _by_size(subjects: Sequence[Document]) -> list[Document]:
    return sorted(subjects, key=lambda subject: -abs(number(subject["difference"]) or Decimal(0)))


def _moved(subject: Document, indicators: Indicators, language: str) -> Tree:
    name = subject_name(subject["subject"], "company", language)
    totals = " → ".join(plain(number(subject[side])) for side in ("from_total", "to_total"))
    tree = Tree(Text.assemble((clean(name), "bold"), f"  {totals}  ", _signed(subject["difference"])))
    for cause in subject["causes"]:
        what = word(cause["cause"], language)
        line = f" · {indicator_title(indicators, cause['indicator'], language)}" if cause["indicator"] else ""
        branch = tree.add(Text.assemble(_signed(cause["points"]), clean(f"  {what}{line}")))
        _add_evidence(branch, cause["evidence"], language)
    return tree


def _signed(points: Any) -> tuple[str, str]:
    value = number(points) or Decimal(0)
    return f"{'+' if value > 0 else ''}{plain(value, 2)}", "green" if value > 0 else "red" if value < 0 else ""


def _add_evidence(branch: Tree, evidence: Sequence[Document], language: str) -> None:
    for piece in evidence[:SHOWN]:
        branch.add(Text(clean(_fact(piece, language) if "type" in piece else _rule(piece, language)), style="dim"))
    if len(evidence) > SHOWN:
        branch.add(note(pick(language, f"… and {len(evidence) - SHOWN} more", f"……其餘 {len(evidence) - SHOWN} 項")))


def _fact(piece: Document, language: str) -> str:
    key = piece["key"]
    named = "/".join(map(str, key)) if isinstance(key, list | tuple) else str(key)
    place = f"{word('position', language)} {piece['position']}:{piece['row']}"
    added = f", {word('added', language)} {_added(piece['added'])}" if piece.get("added") is not None else ""
    return f"{piece['type']} {named} ({place}{added})"


def _added(added: Any) -> str:
    if isinstance(added, Mapping):
        return ", ".join(f"{name} {value}" for name, value in added.items())
    return str(added)


def _rule(piece: Document, language: str) -> str:
    old, new = piece.get("old"), piece.get("new")
    change = f": {_flat(old)} → {_flat(new)}" if "old" in piece else ""
    if "hypothetical" in piece:
        return f"{piece['name']}{change} ({pick(language, 'hypothetical', '假設')})"
    return (
        f"{piece['kind']} {piece['name']}{change} · {pick(language, 'by', '由')} {piece['by']}: "
        f"{piece['reason']} ({word('position', language)} {piece['position']})"
    )


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items()) or "–"
    return "–" if value is None else str(value)


def revised(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """A restated or rescored evaluation, and from what its difference came."""
    return Group(evaluation(document, indicators, language), difference(document["explain"], indicators, language))
