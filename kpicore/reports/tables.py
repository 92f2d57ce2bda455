"""Tables of measurements and evaluations, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kpicore.definitions.indicators import Indicator
from kpicore.naming import translated
from kpicore.reports.charts import bar, sparkline
from kpicore.reports.words import bracketed, clean, labelled, listed, number, pick, plain, quantity, word

#: More periods than this are shown as rows, not as columns.
WIDEST = 6
#: The total of who is exactly on target; bars are at least as long as it.
ON_TARGET = Decimal(100)

Row = Mapping[str, Any]


def table(*columns: tuple[str, str], title: str | None = None) -> Table:
    """An empty table; each column is (heading, `left` or `right`)."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for heading, side in columns:
        made.add_column(Text(heading), justify="right" if side == "right" else "left", overflow="fold")
    return made


def cells(*values: Any) -> list[Text]:
    """The cells of a row: text is text, whatever stands in it."""
    return [value if isinstance(value, Text) else Text(clean(value)) for value in values]


def note(text: str) -> Text:
    """A line below a table."""
    return Text(text, style="dim")


def subject_name(subject: str | None, level: str, language: str) -> str:
    """The subject as people read it; null is the company, or, below it, what nobody owns."""
    if subject is None:
        return word("company" if level == "company" else "nobody", language)
    return subject


def shown(row: Row, unit: str | None, language: str) -> str:
    """A value with its state and flags, where there is something to say about it."""
    said = quantity(number(row["value"]), unit)
    remarks = [row["state"]] if row["state"] != "ok" else []
    remarks += row.get("flags") or []
    if not remarks:
        return said
    words = listed((word(remark, language) for remark in remarks), language)
    return words if row["value"] is None else f"{said}{bracketed(words, language)}"


def measured(document: Mapping[str, Any], indicator: Indicator, language: str) -> RenderableType:
    """A measurement: subjects down, periods across with their trend; broken down or long, one row a value."""
    rows: Sequence[Row] = document["rows"]
    periods = list(dict.fromkeys(row["period"] for row in rows))
    title = f"{translated(indicator.title, language)} · {document['period']}"
    parts: list[RenderableType] = []
    if document["by"] or not 1 < len(periods) <= WIDEST:
        parts.append(_long(document, indicator, title, language))
    else:
        parts.append(_pivot(document, periods, indicator, title, language))
    if not rows:
        parts.append(note(pick(language, "nothing was measured", "沒有任何測量值")))
    return Group(*parts)


def _long(document: Mapping[str, Any], indicator: Indicator, title: str, language: str) -> Table:
    rows, level, by = document["rows"], document["level"], document["by"]
    values = [number(row["value"]) for row in rows]
    full = max((value for value in values if value is not None), default=Decimal(0))
    ratio = any(row["denominator"] is not None for row in rows)
    several = any(row["period"] != rows[0]["period"] for row in rows)
    pair = [(word("numerator", language), "right"), (word("denominator", language), "right")] if ratio else []
    made = table(
        (word("subject", language), "left"),
        *([(word("period", language), "left")] if several else []),
        *((clean(name), "left") for name in by),
        *pair,
        (word("value", language), "right"),
        ("", "left"),
        title=title,
    )
    for row, value in zip(rows, values, strict=True):
        parts = [quantity(number(row[name]), None) for name in ("numerator", "denominator")] if ratio else []
        made.add_row(
            *cells(
                subject_name(row["subject"], level, language),
                *([row["period"]] if several else []),
                *("–" if row["by"][name] is None else row["by"][name] for name in by),
                *parts,
                shown(row, indicator.unit, language),
            ),
            Text(bar(value, full), style="cyan"),
        )
    return made


def _pivot(
    document: Mapping[str, Any], periods: Sequence[str], indicator: Indicator, title: str, language: str
) -> Table:
    made = table(
        (word("subject", language), "left"),
        *((period, "right") for period in periods),
        (word("trend", language), "left"),
        title=title,
    )
    found: dict[str | None, dict[str, Row]] = {}
    for row in document["rows"]:
        found.setdefault(row["subject"], {})[row["period"]] = row
    for subject, by_period in found.items():
        series = [number(by_period[period]["value"]) if period in by_period else None for period in periods]
        made.add_row(
            *cells(
                subject_name(subject, document["level"], language),
                *(
                    shown(by_period[period], indicator.unit, language) if period in by_period else "–"
                    for period in periods
                ),
            ),
            Text(sparkline(series), style="cyan"),
        )
    return made


def hidden(rows: Sequence[Any], language: str) -> list[Text]:
    """How many rows are left out.

    Args:
        rows: What is not shown.
        language: en or zh-Hant.
    """
    return [note(pick(language, f"… and {len(rows)} more", f"……其餘 {len(rows)} 位"))] if rows else []


def totals(
    documents: Sequence[Mapping[str, Any]],
    language: str,
    limit: int | None = None,
    headings: Sequence[str] | None = None,
) -> RenderableType:
    """Totals of everyone in several evaluations, side by side, with their trend; best sum first.

    Args:
        documents: Evaluations with the same kind of subjects.
        language: en or zh-Hant.
        limit: Show only so many.
        headings: Words over the columns; None: the periods.
    """
    named = [word(heading, language) for heading in headings or [document["period"] for document in documents]]
    found: dict[str | None, list[Decimal | None]] = {}
    for place, document in enumerate(documents):
        for subject in document["subjects"]:
            row = found.setdefault(subject["subject"], [None] * len(documents))
            row[place] = number(subject["total"])
    ordered = sorted(
        found.items(), key=lambda item: -sum((total for total in item[1] if total is not None), Decimal(0))
    )
    made = table(
        (word("subject", language), "left"),
        *((heading, "right") for heading in named),
        (word("trend" if headings is None else "difference", language), "left" if headings is None else "right"),
        title=f"{word('total', language)} · {documents[0]['scorecard']}",
    )
    for name, row in ordered[:limit]:
        who = subject_name(name, documents[0]["level"], language)
        last = Text(sparkline(row), style="cyan") if headings is None else _change(row)
        made.add_row(*cells(who, *(plain(total) for total in row)), last)
    return Group(made, *hidden(ordered[limit:] if limit is not None else [], language))


def _change(row: Sequence[Decimal | None]) -> Text:
    if row[0] is None or row[-1] is None:
        return Text("–")
    change = row[-1] - row[0]
    sign, style = ("+", "green") if change > 0 else ("", "red") if change < 0 else ("", "")
    return Text(f"{sign}{plain(change)}", style=style)


def ranked(subjects: Sequence[Row]) -> list[Row]:
    """Subjects with the best total first; those without one last, in the document's order."""
    return sorted(subjects, key=lambda subject: -(number(subject["total"]) or Decimal("-Infinity")))


def indicator_title(indicators: Mapping[str, Indicator], name: str, language: str) -> str:
    """The title of an indicator, or its id where it is not known here."""
    return translated(indicators[name].title, language) if name in indicators else name


def sealed(document: Mapping[str, Any], language: str) -> RenderableType:
    """What was sealed, and which decisions were about the versions whose place it takes."""
    made = Text(
        pick(
            language,
            f"sealed {document['evaluation']} at position {document['position']} by {clean(document['by'])}\n"
            f"digest {document['digest']}",
            f"{clean(document['by'])} 已封存 {document['evaluation']}，位置 {document['position']}\n"
            f"摘要碼 {document['digest']}",
        )
    )
    older = document.get("replaces")
    if older is None:
        return made
    names = listed((clean(name) for kind in ("disputes", "adjustments", "payouts") for name in older[kind]), language)
    seals = listed(older["evaluations"], language)
    said = pick(
        language,
        f"it takes the place of {seals}: {names} were about the older version and stay with it",
        f"它取代 {seals}：{names} 是關於舊版本的決定，仍留在舊版本",
    )
    return Group(made, Text(said, "yellow"))


def replayed(document: Mapping[str, Any], language: str) -> RenderableType:
    """Whether a replay is identical, and where it differs."""
    if document["identical"]:
        same = f"{word('identical', language)}{bracketed(document['digest'][:16] + '…', language)}"
        return Text(f"✓ {labelled(document['evaluation'], same, language)}", "green")
    made = table(
        (word("what", language), "left"), (word("before", language), "right"), (word("after", language), "right")
    )
    for difference in document["differences"]:
        made.add_row(*cells(*difference.values()))
    return Group(Text(f"✗ {labelled(document['evaluation'], word('differs', language), language)}", "red"), made)


def signed(points: Any) -> tuple[str, str]:
    """Points with their sign, and the colour of it."""
    value = number(points) or Decimal(0)
    return f"{'+' if value > 0 else ''}{plain(value, 2)}", "green" if value > 0 else "red" if value < 0 else ""
