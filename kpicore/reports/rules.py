"""What a change of rules would do, and what was recorded of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.naming import translated
from kpicore.reports.cascade import cascade as drawn
from kpicore.reports.handbook.words import called
from kpicore.reports.tables import cells, note, signed, subject_name, table
from kpicore.reports.translations.translated import part, part_value, rule_name
from kpicore.reports.words import bracketed, clean, labelled, listed, number, pick, plain, word

#: Rows of targets that a terminal is shown.
MOST_TARGETS = 40

_MARKS = {"added": ("+", "green"), "changed": ("~", "yellow"), "unchanged": ("=", "dim")}


def plan(document: Mapping[str, Any], language: str) -> RenderableType:
    """Every rule file with what it changes, who would move, and what lint has to say."""
    parts = [*_changes(document, language), *(_move(move, language) for move in document["moves"])]
    return Group(*parts)


def _changes(document: Mapping[str, Any], language: str) -> list[RenderableType]:
    targets = [item for item in document["documents"] if item["kind"] == "target"]
    parts: list[RenderableType] = [
        _document(item, language) for item in document["documents"] if item["kind"] != "target"
    ]
    parts.extend([_targets(targets, language)] if targets else [])
    parts.extend(drawn(tree, language) for tree in document["cascades"])
    parts.append(_definitions(document, language))
    for concern in document["warnings"]:
        said = f"! {labelled(concern['where'], translated(concern['text'], language), language)}"
        parts.append(Text(clean(said), style="yellow"))
    if document["empty"]:
        parts.append(note(pick(language, "nothing to do: all of it is in force", "無事可做：都已生效")))
    return parts


def _move(move: Mapping[str, Any], language: str) -> RenderableType:
    """Who would move on one card: a table from who gains most to who loses most."""
    name, period, count, still = move["scorecard"], move["period"], len(move["subjects"]), move["unmoved"]
    said = pick(
        language,
        f"{name} in {period}: {count} would move, {still} as they are",
        f"{name} {period}：{count} 位會變動，{still} 位不變",
    )
    if not count:
        return Text(clean(said))
    made = table(
        (word("subject", language), "left"),
        *((word(part, language), "right") for part in ("before", "after", "difference")),
    )
    for subject in move["subjects"]:
        totals = (plain(number(subject[side])) for side in ("from_total", "to_total"))
        made.add_row(
            *cells(subject_name(subject["subject"], "company", language), *totals), Text(*signed(subject["difference"]))
        )
    return Group(Text(clean(said), style="bold"), made)


def new_scorecard(document: Mapping[str, Any], language: str) -> RenderableType:
    """What a new scorecard suggests, and what has to be filled in."""
    name = document.get("file") or document["scorecard"]
    weights = " + ".join(document["weights"].values())
    head = pick(
        language,
        f"{name} from {document['template']}: {weights} = 100, a suggestion to change",
        f"{name}，由 {document['template']} 產生：{weights} = 100，權重為建議，可自行調整",
    )
    parts: list[RenderableType] = [Text(clean(head))]
    if document["fill"]:
        parts.append(
            Text(pick(language, "Fill in before it can be applied:", "套用前請填入目標："), style="bold"),
        )
        parts += [
            Text(
                clean(
                    f"· {labelled(one['indicator'], word('target', language), language)}"
                    + bracketed(
                        listed((called(part, one[part], language) for part in ("unit", "better")), language), language
                    )
                )
            )
            for one in document["fill"]
        ]
    return Group(*parts)


def triggers(documents: Sequence[Mapping[str, Any]], language: str) -> RenderableType:
    """Every standing change: its condition, what was seen, and what is proposed."""
    if not documents:
        return note(pick(language, "no change stands by", "沒有待觸發的變更"))
    parts: list[RenderableType] = []
    for one in documents:
        sign, style = _TRIGGERS[one["state"]]
        condition = translated(one["condition"], language)
        tree = Tree(Text(clean(f"{sign} {one['trigger']} · {labelled(one['scorecard'], condition, language)}"), style))
        for piece in one["evidence"]:
            holds = pick(language, "met", "符合") if piece["met"] else pick(language, "not met", "不符合")
            value = piece["value"] if piece["value"] is not None else word(piece["state"], language)
            tree.add(Text(clean(f"{labelled(piece['period'], value, language)} · {holds}")))
        tree.add(Text(clean(_proposed(one, language))))
        parts.append(tree)
    return Group(*parts)


_TRIGGERS = {"met": ("!", "yellow"), "waiting": ("…", "dim"), "applied": ("✓", "green")}


def _proposed(one: Mapping[str, Any], language: str) -> str:
    if one["state"] == "applied":
        return pick(language, "applied already", "已套用")
    if one["state"] == "waiting":
        return pick(language, "not met: nothing is proposed", "條件未符合：不提出變更")
    file = one.get("file")
    what = pick(language, f"proposes a change from {one['effective']}", f"建議自 {one['effective']} 起變更")
    return labelled(what, one["why"], language) + (f" · {file}" if file else "")


def applied(change: Mapping[str, Any], document: Mapping[str, Any], language: str) -> RenderableType:
    """What was planned, and the positions at which it is on record now."""
    recorded = document["applied"]
    if not recorded:
        return Group(*_changes(change, language))
    return Group(*_changes(change, language), note(_recorded([rule["position"] for rule in recorded], language)))


def _recorded(positions: Sequence[int], language: str) -> str:
    if len(positions) == 1:
        return pick(language, f"1 rule recorded at position {positions[0]}", f"已記錄 1 條規則，位置 {positions[0]}")
    return pick(
        language,
        f"{len(positions)} rules recorded at positions {positions[0]} to {positions[-1]}",
        f"已記錄 {len(positions)} 條規則，位置 {positions[0]} 至 {positions[-1]}",
    )


def _document(item: Mapping[str, Any], language: str) -> Tree:
    mark, style = _MARKS[item["status"]]
    since = f" · {word('effective', language)} {item['effective']}" if item["effective"] else ""
    kind = word(item["kind"], language)
    name = f" {item['name']}" if item["name"] != item["kind"] else ""
    tree = Tree(Text(clean(f"{mark} {kind}{name}{since} · {item['file']}"), style))
    lines: dict[str | None, list[str]] = {}
    for difference in _in_language(item["differences"], language):
        what = difference["what"].removesuffix(f" {language}")
        old, new = (
            "–" if difference[side] is None else part_value(what, difference[side], language) for side in ("old", "new")
        )
        change = new if item["status"] == "added" else f"{old} → {new}"
        lines.setdefault(difference["indicator"], []).append(f"{part(what, language)} {change}")
    for indicator, changes in lines.items():
        said = listed(changes, language)
        tree.add(Text(clean(labelled(indicator, said, language) if indicator else said)))
    return tree


def _in_language(differences: Sequence[Mapping[str, Any]], language: str) -> list[Mapping[str, Any]]:
    """The differences without the texts of the other language, where the reader's own changes, too."""
    changed = {difference["what"] for difference in differences}
    own, other = f" {language}", " en" if language == "zh-Hant" else " zh-Hant"
    return [
        difference
        for difference in differences
        if not (difference["what"].endswith(other) and difference["what"].removesuffix(other) + own in changed)
    ]


def _targets(items: Sequence[Mapping[str, Any]], language: str) -> RenderableType:
    """Planned targets: how many, and those that are new or change, row by row."""
    moved = [item for item in items if item["status"] != "unchanged"]
    said = pick(
        language,
        f"targets: {len(moved)} to record, {len(items) - len(moved)} as they are",
        f"目標：{len(moved)} 項待記錄，{len(items) - len(moved)} 項不變",
    )
    if not moved:
        return Text(said)
    made = table(
        (word("target", language), "left"),
        (word("effective", language), "left"),
        (word("before", language), "right"),
        (word("after", language), "right"),
    )
    for item in moved[:MOST_TARGETS]:
        value = next((one for one in item["differences"] if one["what"] == "value"), None)
        sides = ("–", "–") if value is None else (value["old"] or "–", value["new"] or "–")
        made.add_row(*cells(rule_name(item["name"], language), item["effective"], *sides))
    parts: list[RenderableType] = [Text(said, style="bold"), made]
    if len(moved) > MOST_TARGETS:
        more = len(moved) - MOST_TARGETS
        parts.append(note(pick(language, f"and {more} more: --json shows all", f"另有 {more} 項：--json 可看全部")))
    return Group(*parts)


def _definitions(document: Mapping[str, Any], language: str) -> RenderableType:
    moved = document["definitions"]
    kept = document["definitions_unchanged"]
    heading = pick(
        language,
        f"definitions: {len(moved)} to adopt, {kept} as they are",
        f"定義：{len(moved)} 項待採用，{kept} 項不變",
    )
    tree = Tree(Text(heading))
    for status in ("changed", "added"):
        names = [item for item in moved if item["status"] == status]
        for item in names if status == "changed" else ():
            effect = (
                pick(language, "computes otherwise", "算法改變")
                if item["meaning"]
                else pick(language, "texts only", "僅文字改變")
            )
            tree.add(Text(clean(f"~ {labelled(item['name'], effect, language)}"), "yellow"))
        if status == "added" and names:
            tree.add(Text(clean("+ " + listed((item["name"] for item in names), language)), "green"))
    return tree
