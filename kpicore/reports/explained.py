"""What the difference of two evaluations is made of; several of them side by side; every sealed version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.definitions.indicators import Indicator
from kpicore.reports.evaluated import evaluation
from kpicore.reports.pieces import piece_said, rule_said
from kpicore.reports.tables import cells, indicator_title, note, signed, subject_name, table
from kpicore.reports.words import (
    clean,
    labelled,
    number,
    pick,
    plain,
    word,
)

#: So many subjects are shown as trees, more as a table.
FEW = 3
#: How many pieces of evidence a tree shows.
SHOWN = 5

Document = Mapping[str, Any]
Indicators = Mapping[str, Indicator]


def difference(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """What the difference between two evaluations is made of: a tree for few, a table for many."""
    moved = _by_size([subject for subject in document["subjects"] if subject["causes"]])
    still = len(document["subjects"]) - len(moved)
    said = pick(
        language,
        f"{document['from']} → {document['to']}: {len(moved)} changed, {still} as they were",
        f"{document['from']} → {document['to']}：{len(moved)} 位有變動，{still} 位不變",
    )
    parts: list[RenderableType] = [Text(said, style="bold")]
    if len(moved) <= FEW:
        parts += [_moved(subject, indicators, language) for subject in moved]
    else:
        parts += [_causes(moved, language), *_reasons(moved, indicators, language)]
    return Group(*parts)


def _causes(moved: Sequence[Document], language: str) -> RenderableType:
    """Who moved, with a column for each cause; causes add up to the difference."""
    names = list(dict.fromkeys(cause["cause"] for subject in moved for cause in subject["causes"]))
    made = table(
        (word("subject", language), "left"),
        *((word(name, language), "right") for name in ("before", "after", "difference", *names)),
    )
    for subject in moved:
        sums = {name: Decimal(0) for name in names}
        for cause in subject["causes"]:
            sums[cause["cause"]] += number(cause["points"]) or Decimal(0)
        who = subject_name(subject["subject"], "company", language)
        totals = (plain(number(subject[side])) for side in ("from_total", "to_total"))
        made.add_row(
            *cells(who, *totals),
            Text(*signed(subject["difference"])),
            *(Text(*signed(points)) if points else Text("–") for points in sums.values()),
        )
    return made


def moves(
    documents: Sequence[Document], headings: Sequence[str], language: str, ends: int | None = None
) -> RenderableType:
    """Winners and losers over several comparisons, one column each, and the sum.

    Args:
        documents: Comparisons, one for each heading.
        headings: Their periods.
        language: en or zh-Hant.
        ends: Show only so many of either end.
    """
    found: dict[str | None, list[Decimal | None]] = {}
    for place, document in enumerate(documents):
        for subject in document["subjects"]:
            row = found.setdefault(subject["subject"], [None] * len(documents))
            row[place] = number(subject["difference"])
    sums = {name: sum((points for points in row if points is not None), Decimal(0)) for name, row in found.items()}
    ordered = sorted(found, key=lambda name: -sums[name])
    hidden = len(ordered) - 2 * ends if ends is not None else 0
    made = table(
        (word("subject", language), "left"), *((heading, "right") for heading in (*headings, word("sum", language)))
    )
    for place, name in enumerate(ordered):
        if hidden > 0 and ends is not None and ends <= place < ends + hidden:
            if place == ends:
                made.add_row(note(pick(language, f"… {hidden} more", f"……其餘 {hidden} 位")))
            continue
        cells_of = (Text("–") if points is None else Text(*signed(points)) for points in found[name])
        made.add_row(*cells(subject_name(name, "company", language)), *cells_of, Text(*signed(sums[name])))
    return made


def series(document: Document, language: str) -> RenderableType:
    """A scorecard's periods under other rules: who gains and who loses, and the ids that were made."""
    periods = document["periods"]
    found = [
        {"subjects": [{**subject, "difference": subject["differences"][place]} for subject in document["subjects"]]}
        for place in range(len(periods))
    ]
    made = moves(found, [period["period"] for period in periods], language)
    return Group(made, *(note(f"{period['from']} → {period['evaluation']}") for period in periods))


def versions(document: Document, language: str) -> RenderableType:
    """Every sealed version of every period; what was carried from one period to another."""
    made = table(
        *(
            (word(name, language), "left")
            for name in ("period", "evaluation", "position", "sealed_by", "policy", "counts")
        )
    )
    for period in document["periods"]:
        for version in period["versions"]:
            counts = pick(language, "counts", "採計") if version["counts"] else "–"
            policy = word(version["policy"], language) if version["policy"] else "–"
            position = str(version["position"])
            made.add_row(*cells(period["period"], version["evaluation"], position, version["by"], policy, counts))
    if not document["carried"]:
        return made
    heads = (word("from", language), word("to", language))
    points = table(
        (word("subject", language), "left"), *((head, "left") for head in heads), (word("points", language), "right")
    )
    for carried in document["carried"]:
        current = carried["to_period"] or pick(language, "the next one sealed", "下一個封存的期間")
        who = subject_name(carried["subject"], "company", language)
        points.add_row(*cells(who, carried["from_period"], current), Text(*signed(carried["points"])))
    return Group(made, points)


def _reasons(moved: Sequence[Document], indicators: Indicators, language: str) -> list[Text]:
    """The rule changes behind the causes, each once; facts are shown for each subject alone."""
    every = [(cause, piece) for subject in moved for cause in subject["causes"] for piece in cause["evidence"]]
    rules = [
        labelled(indicator_title(indicators, cause["indicator"], language), rule_said(piece, language), language)
        if cause["indicator"]
        else rule_said(piece, language)
        for cause, piece in every
        if "name" in piece
    ]
    lines = [note(clean(rule)) for rule in dict.fromkeys(rules)]
    if len(rules) < len(every):
        lines.append(note(pick(language, "--subject shows the facts of one of them", "--subject 可看其中一位的事實")))
    return lines


def _by_size(subjects: Sequence[Document]) -> list[Document]:
    return sorted(subjects, key=lambda subject: -abs(number(subject["difference"]) or Decimal(0)))


def _moved(subject: Document, indicators: Indicators, language: str) -> Tree:
    name = subject_name(subject["subject"], "company", language)
    totals = " → ".join(plain(number(subject[side])) for side in ("from_total", "to_total"))
    tree = Tree(Text.assemble((clean(name), "bold"), f"  {totals}  ", signed(subject["difference"])))
    for cause in subject["causes"]:
        what = word(cause["cause"], language)
        line = f" · {indicator_title(indicators, cause['indicator'], language)}" if cause["indicator"] else ""
        branch = tree.add(Text.assemble(signed(cause["points"]), clean(f"  {what}{line}")))
        _add_evidence(branch, cause["evidence"], language)
    return tree


def _add_evidence(branch: Tree, evidence: Sequence[Document], language: str) -> None:
    for piece in evidence[:SHOWN]:
        branch.add(Text(clean(piece_said(piece, language)), style="dim"))
    if len(evidence) > SHOWN:
        branch.add(note(pick(language, f"… and {len(evidence) - SHOWN} more", f"……其餘 {len(evidence) - SHOWN} 項")))


def revised(document: Document, indicators: Indicators, language: str) -> RenderableType:
    """A restated or rescored evaluation, and from what its difference came."""
    return Group(evaluation(document, indicators, language), difference(document["explain"], indicators, language))
