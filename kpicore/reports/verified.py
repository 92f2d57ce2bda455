"""What an audit of a ledger found, for reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kpicore.reports.tables import cells, note, table
from kpicore.reports.translations.translated import told
from kpicore.reports.words import bracketed, clean, labelled, pick, word

_MARKS = {"tampered": ("✗", "red"), "unknown": ("?", "yellow"), "odd": ("!", "yellow")}


def verified(document: Mapping[str, Any], language: str) -> RenderableType:
    """The answer, what was looked at, every finding, and what did not come out again."""
    parts: list[RenderableType] = [_answer(document, language), note(_counts(document, language))]
    if document["findings"]:
        made = table(("", "left"), (word("position", language), "right"), ("", "left"), ("", "left"))
        for finding in document["findings"]:
            mark, style = _MARKS[finding["status"]]
            place = "" if finding["position"] is None else finding["position"]
            made.add_row(
                Text(mark, style),
                *cells(place, told(finding["event"] or "", language), told(finding["what"], language)),
            )
        parts.append(made)
    for replays, what in ((document["replays"], "seals"), (document["payouts"], "payouts")):
        if replays or (replays is not None and what == "seals"):
            same, whole = sum(replay["identical"] is True for replay in replays), len(replays)
            said = pick(
                language,
                f"{same} of {whole} {'sealed evaluations' if what == 'seals' else what} come out again",
                f"{whole} {'份封存的評估' if what == 'seals' else '次發放'}中，{same} {'份' if what == 'seals' else '次'}重演相同",
            )
            parts.append(Text(said, "green" if same == whole else "red"))
            parts.extend(_not_again(replay, language) for replay in replays if replay["identical"] is not True)
    return Group(*parts)


def _answer(document: Mapping[str, Any], language: str) -> Text:
    place = clean(document["ledger"])
    if document["tampered"]:
        said = pick(
            language,
            f"✗ {place} is not as it was written (findings: {document['tampered']})",
            f"✗ {place} 與寫入時不同：{document['tampered']} 處",
        )
        return Text(said, "red")
    if document["unknown"]:
        said = pick(
            language,
            f"? {place}: some of it cannot be checked here ({document['unknown']})",
            f"? {place}：{document['unknown']} 處在此無法查驗",
        )
        return Text(said, "yellow")
    return Text(pick(language, f"✓ {place} is as it was written", f"✓ {place} 與寫入時相同"), "green")


def _counts(document: Mapping[str, Any], language: str) -> str:
    events, batches, rows, rules, seals, entries = (
        document[part] for part in ("events", "batches", "rows", "rules", "seals", "entries")
    )
    return pick(
        language,
        f"{events:,} events: {batches:,} batches of {rows:,} rows, {rules:,} rules, {seals:,} seals"
        + (
            f", {entries:,} step{'s' if entries > 1 else ''} of proposals, disputes, adjustments or payouts"
            if entries
            else ""
        ),
        f"{events:,} 個事件：{batches:,} 批共 {rows:,} 列、規則 {rules:,} 條、封存 {seals:,} 份"
        + (f"，提案、申訴、調整與發放 {entries:,} 步" if entries else ""),
    )


def _not_again(replay: Mapping[str, Any], language: str) -> Text:
    name = clean(replay.get("evaluation") or replay["payout"])
    if replay["error"] is not None:
        return Text(f"? {labelled(name, told(clean(replay['error']['message']), language), language)}", "yellow")
    many = bracketed(str(len(replay["differences"])), language)
    return Text(f"✗ {labelled(name, word('differs', language) + many, language)}", "red")
