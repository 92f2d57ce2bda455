"""Proposals, disputes and adjustments, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.reports import rules
from kpicore.reports.tables import cells, note, subject_name, table
from kpicore.reports.words import (
    bracketed,
    clauses,
    clean,
    labelled,
    listed,
    number,
    percent,
    pick,
    plain,
    with_sign,
    word,
)

Document = Mapping[str, Any]

#: A calibration of more than these is told by their number; `--json` names them all.
MOST_NAMES = 8
#: Colours of states; others have none.
_STYLES = {"approved": "green", "applied": "green", "accepted": "green", "rejected": "red", "withdrawn": "dim"}


def proposal(document: Document, language: str) -> RenderableType:
    """A proposal: who wants what and why, what it would change, and what was said about it."""
    who, why = clean(document["by"]), clean(document["reason"])
    state = document["state"]
    head = Text.assemble(
        (f"{document['proposal']} · ", "bold"),
        (word(state, language), _STYLES.get(state, "yellow")),
        pick(language, f" · by {who}, “{why}”", f" · {who} 提出，「{why}」"),
    )
    return Group(
        head, *_would(document["would"], language), *_said(document["comments"], language), _next(document, language)
    )


def _would(would: Document, language: str) -> Iterator[RenderableType]:
    if would["act"] == "change_rules":
        yield rules.plan(would["changes"], language)
    else:
        parts = {name: value for name, value in would.items() if name not in ("act", "reason") and value is not None}
        said = listed((f"{word(name, language)} {_plain(value, language)}" for name, value in parts.items()), language)
        yield Text(clean(labelled(word(would["act"], language), said, language)))


def _said(comments: Sequence[Document], language: str) -> Iterator[RenderableType]:
    for comment in comments:
        step = "" if comment["step"] == "commented" else bracketed(word(comment["step"], language), language)
        yield Text(clean(labelled(f"  {comment['by']}{step}", comment["text"], language)))


def _next(document: Document, language: str) -> Text:
    name = document["proposal"]
    if document["state"] == "opened":
        hint = f"kpicore proposal approve {name} --by WHO"
        return note(pick(language, f"somebody else approves it: {hint}", f"由他人核准：{hint}"))
    if document["state"] == "approved":
        hint = f"kpicore proposal apply {name} --by WHO"
        who = clean(document["approved_by"])
        return note(pick(language, f"approved by {who}; it counts after {hint}", f"{who} 已核准；執行 {hint} 後生效"))
    return note(pick(language, "nothing more can be done about it", "已結案"))


def proposals(documents: Sequence[Document], language: str) -> RenderableType:
    """The proposals, one row each."""
    if not documents:
        return note(pick(language, "no proposal waits for anybody", "沒有待處理的提案"))
    made = table(
        *((word(part, language), "left") for part in ("proposal", "status", "what", "by", "why")),
        (word("comments", language), "right"),
    )
    for document in documents:
        what = word("rules" if document["what"] == "weights" else document["what"], language)
        state = word(document["state"], language)
        made.add_row(
            *cells(document["proposal"], state, what, document["by"], document["reason"], len(document["comments"]))
        )
    return made


def dispute(document: Document, language: str) -> RenderableType:
    """A dispute: what is contested, and everything that was said, in order."""
    what = str(document["indicator"] or word("total", language))
    who = subject_name(document["subject"], "company", language)
    tree = Tree(
        Text.assemble(
            (f"{document['dispute']} · ", "bold"),
            (word(document["state"], language), _STYLES.get(document["state"], "yellow")),
            clean(f" · {who} · {what} · {document['evaluation']}"),
        )
    )
    score = document["score"]
    line = score["line"]
    at = [f"{word('total', language)} {plain(number(score['total']), 2)}"]
    if line is not None:
        at.append(f"{word('value', language)} {line['value'] or word(str(line['state']), language)}")
        at.append(f"{word('attainment', language)} {percent(number(line['attainment']))}")
    tree.add(Text(clauses(at, language)))
    for step in document["steps"]:
        who = f"{step['by']}{bracketed(word(step['step'], language), language)}"
        branch = tree.add(Text(clean(labelled(who, step["text"], language))))
        for item in step["evidence"]:
            branch.add(Text(clean(_evidence(item, language))))
    return tree


def _evidence(item: Document, language: str) -> str:
    if "found" not in item:
        return str(item["text"])
    if not item["found"]:
        return f"{item['text']}{bracketed(pick(language, 'not in the ledger', '帳本中沒有'), language)}"
    places = listed((f"{place['position']}:{place['row']}" for place in item["found"]), language)
    at = bracketed(f"{word('position', language)} {places}", language)
    return f"{item['text']}{at}"


def disputes(documents: Sequence[Document], language: str) -> RenderableType:
    """The disputes, one row each."""
    if not documents:
        return note(pick(language, "no dispute waits for anybody", "沒有待處理的申訴"))
    made = table(
        *((word(part, language), "left") for part in ("dispute", "status", "subject", "what", "evaluation", "why"))
    )
    for document in documents:
        what = document["indicator"] or word("total", language)
        who = subject_name(document["subject"], "company", language)
        state, why = word(document["state"], language), document["steps"][0]["text"]
        made.add_row(*cells(document["dispute"], state, who, what, document["evaluation"], why))
    return made


def adjustment(document: Document, language: str) -> RenderableType:
    """An override or a calibration in one line."""
    return Text(clean(_adjustment(document, language)))


def adjustments(document: Document, language: str) -> RenderableType:
    """The system's totals and those beside them; then every adjustment with who and why."""
    parts: list[RenderableType] = []
    if document["scores"]:
        parts.append(beside(document["scores"], language))
    parts.extend(adjustment(one, language) for one in document["adjustments"])
    if not parts:
        parts.append(note(pick(language, "nothing is adjusted", "沒有任何調整")))
    return Group(*parts)


def with_adjusted(shown: RenderableType, document: Document, language: str) -> RenderableType:
    """What is shown of an evaluation, and below it the scores beside the system's, where there are any."""
    scores = document.get("adjusted")
    return Group(shown, beside(scores, language)) if scores else shown


def beside(scores: Sequence[Document], language: str) -> RenderableType:
    """Everyone beside whose total another one stands."""
    parts = ("system_total", "adjusted_total", "difference")
    made = table(
        (word("subject", language), "left"),
        *((word(part, language), "right") for part in parts),
        (word("band", language), "left"),
        (word("adjustments", language), "left"),
    )
    for one in scores:
        system, total = number(one["system_total"]), number(one["total"])
        difference = None if system is None or total is None else total - system
        bands = (one["system_band"] or "–", one["band"] or "–")
        made.add_row(
            *cells(
                subject_name(one["subject"], "company", language),
                plain(system, 2),
                plain(total, 2),
                plain(difference, 2),
                bands[0] if bands[0] == bands[1] else " → ".join(bands),
                listed(one["adjustments"], language),
            )
        )
    return made


def _many(count: int, language: str) -> str:
    return pick(language, f"{count} subjects", f"{count} 位")


def _adjustment(document: Document, language: str) -> str:
    if document["kind"] == "calibration":
        names = [subject_name(subject, "company", language) for subject in document["subjects"]]
        whom = listed(names, language) if len(names) <= MOST_NAMES else _many(len(names), language)
        does = [f"× {document['factor']}"] if document["factor"] else []
        does += [with_sign(document["shift"])] if document["shift"] else []
        what = " ".join(does)
    else:
        whom = subject_name(document["subject"], "company", language)
        if document["indicator"] is None:
            what = f"{word('total', language)} {document['system_total'] or '–'} → {document['total']}"
        else:
            what = f"{document['indicator']} → {percent(number(document['attainment']))}"
    who = document["by"]
    if document["approved_by"]:
        who += bracketed(f"{word('approved_by', language)} {document['approved_by']}", language)
    said = f"{document['adjustment']} {labelled(whom, what, language)} · {clauses([who, document['reason']], language)}"
    taken = document["withdrawn"]
    if taken is not None:
        by = clauses([taken["by"], taken["reason"]], language)
        said += bracketed(labelled(word("withdrawn", language), by, language), language)
    return said


def _plain(value: Any, language: str) -> str:
    return listed(map(str, value), language) if isinstance(value, list) else str(value)
