"""A cascade of goals drawn as a tree, with what comes together below each goal and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.text import Text
from rich.tree import Tree

from kpicore.canonical import decimal_text
from kpicore.definitions.plans.spans import CHINESE
from kpicore.naming import translated
from kpicore.reports.words import clean, labelled, pick, word

__all__ = ["cascade"]


def cascade(document: Mapping[str, Any], language: str) -> Tree:
    """The tree of one cascade."""
    gaps = len(document["gaps"])
    said = pick(
        language,
        f"{gaps} gap{'' if gaps == 1 else 's'}" if gaps else "no gap",
        f"{gaps} 處缺口" if gaps else "沒有缺口",
    )
    title = translated(document["title"], language)
    name = f"{document['cascade']} · " if document["cascade"] != title else ""
    tree = Tree(Text(clean(labelled(f"{name}{title} · {document['period']}", said, language)), "bold"))
    for goal in document["goals"]:
        _goal(tree, goal, language)
    return tree


def _goal(tree: Tree, goal: Mapping[str, Any], language: str) -> None:
    whose = goal["subject"] or word(goal["level"], language)
    amount = _amount(goal["total"], goal["unit"])
    if goal["every"] and goal["value"] is not None:
        each = _amount(goal["value"], goal["unit"])
        amount = pick(
            language, f"{each} a {goal['every']}, {amount} in all", f"每{CHINESE[goal['every']]} {each}，合計 {amount}"
        )
    mark = {"part": "", "driver": "× ", "support": "· ", "root": ""}[goal["relation"]]
    said = labelled(whose, f"{translated(goal['title'], language)} {amount}", language)
    branch = tree.add(Text(clean(f"{mark}{said}")))
    for check in goal["checks"]:
        branch.add(Text(clean(_check(check, goal["unit"], language)), _STYLES[check["met"]]))
    for child in goal["children"]:
        _goal(branch, child, language)


_STYLES = {True: "green", False: "red", None: "yellow"}


def _check(check: Mapping[str, Any], unit: str, language: str) -> str:
    """30,000 × 0.25 = 7,500 of 100,000: 92,500 short."""
    sign = {"sum": " + ", "pooled": pick(language, " with ", " 併 "), "driver": " × "}[check["kind"]]
    parts = [_amount(part["value"], part["unit"]) for part in check["formula"]]
    shown = sign.join(parts[:6]) + (f"{sign}…" if len(parts) > 6 else "")
    if check["met"] is None:
        return pick(language, f"? {shown}: a value or volume is missing", f"? {shown}：缺少數值或規劃量")
    reached, wanted = _amount(check["reached"], unit), _amount(check["wanted"], unit)
    if check["met"]:
        return pick(language, f"✓ {shown} = {reached} of {wanted}", f"✓ {shown} = {reached}，目標 {wanted}")
    gap = _amount(check["gap"], unit)
    return pick(
        language, f"✗ {shown} = {reached} of {wanted}: {gap} short", f"✗ {shown} = {reached}，目標 {wanted}：差 {gap}"
    )


def _amount(value: str | None, unit: str | None) -> str:
    """A planned number as it was written, with thousands apart; shares of the unit percent in percent."""
    if value is None:
        return "–"
    if unit == "percent":
        return f"{_apart(Decimal(value) * 100)} %"
    return _apart(Decimal(value))


def _apart(number: Decimal) -> str:
    whole, point, rest = decimal_text(number).partition(".")
    return f"{int(whole):,}{point}{rest}" if int(whole) or not whole.startswith("-") else f"{whole}{point}{rest}"
