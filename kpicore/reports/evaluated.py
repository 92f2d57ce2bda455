"""An evaluation as a table for people: values and attainment of every line, total, band and coefficient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kpicore.canonical import decimal_text
from kpicore.definitions.indicators import Indicator
from kpicore.naming import translated
from kpicore.reports.charts import bar
from kpicore.reports.tables import (
    ON_TARGET,
    Row,
    cells,
    hidden,
    indicator_title,
    note,
    ranked,
    shown,
    subject_name,
    table,
)
from kpicore.reports.words import bracketed, clean, listed, number, percent, pick, plain, quantity, rounded, word

#: Cards with more lines than this have a numbered column a line, and the lines are told above.
NAMED_LINES = 2
#: So many subjects are named in a line.
SHOWN = 5


def evaluation(
    document: Mapping[str, Any],
    indicators: Mapping[str, Indicator],
    language: str,
    *,
    card_title: Mapping[str, str] | None = None,
    limit: int | None = None,
) -> RenderableType:
    """An evaluation: everyone with value and attainment of each line, total with its bar, band and coefficient; best first.

    Args:
        document: The evaluate document.
        indicators: For titles and units.
        language: en or zh-Hant.
        card_title: The scorecard's title; None: its id.
        limit: Show only so many.
    """
    title = translated(card_title, language) if card_title else document["scorecard"]
    title = clean(f"{title} · {document['period']}")
    everyone = ranked(document["subjects"])
    below = f"{word('evaluation', language)} {document['evaluation']} · {word('digest', language)} {document['digest'][:16]}…"
    if not everyone:
        return Group(Text(title), note(_nobody(document["level"], language)), note(below))
    subjects = everyone[:limit]
    # Versions of a card that changed inside the period may differ in their lines.
    names = dict.fromkeys(line["indicator"] for subject in subjects for line in subject["lines"])
    lines = [[line for subject in subjects if (line := _line_of(subject, name)) is not None] for name in names]
    told = _lines(lines, indicators, language, title) if _numbered(lines) else None
    made = _scores(document, subjects, lines, indicators, language, title=None if told else title, numbered=bool(told))
    rest = hidden(everyone[limit:], language) if limit is not None and everyone[limit:] else []
    split = [subject for subject in subjects if "segments" in subject]
    return Group(*([told] if told else []), made, *rest, *_split(split, document, language), note(below))


def _nobody(level: str, language: str) -> str:
    """Why nobody is scored."""
    return pick(
        language,
        f"nobody is scored: no {level} has the role in this period, or owns a fact that counts in it",
        "沒有人受評：期間內無人擔任此角色，也沒有可計入而有歸屬的事實",
    )


def _line_of(subject: Row, indicator: str) -> Row | None:
    found: Row | None = next((line for line in subject["lines"] if line["indicator"] == indicator), None)
    return found


def _split(subjects: Sequence[Row], document: Mapping[str, Any], language: str) -> list[Text]:
    """Whose period is split, and where its parts are shown."""
    if not subjects:
        return []
    names = [subject_name(subject["subject"], document["level"], language) for subject in subjects[:SHOWN]]
    those = listed(names, language) + (" …" if len(subjects) > SHOWN else "")
    said = pick(
        language,
        f"the period is split for {those}: kpicore explain shows its parts",
        f"{those} 的期間有分段：kpicore explain 可看各段",
    )
    return [note(clean(said))]


def _numbered(lines: Sequence[Sequence[Row]]) -> bool:
    """Whether the headings of a table would not say it all: many lines, or weights that differ from one to the other."""
    return len(lines) > NAMED_LINES or any(len({row["weight"] for row in rows}) > 1 for rows in lines)


def _lines(lines: Sequence[Sequence[Row]], indicators: Mapping[str, Indicator], language: str, title: str) -> Table:
    """The lines of a card: number, title, weight and target; from the least to the greatest where they differ."""
    made = table(
        ("", "right"),
        (word("indicator", language), "left"),
        (word("weight", language), "right"),
        (word("target", language), "right"),
        title=title,
    )
    for place, rows in enumerate(lines, 1):
        made.add_row(
            *cells(
                str(place),
                indicator_title(indicators, rows[0]["indicator"], language),
                _span(rows, "weight"),
                _span(rows, "target", _unit(indicators, rows[0])),
            )
        )
    return made


def _span(rows: Sequence[Row], part: str, unit: str | None = None) -> str:
    found = sorted({value for row in rows if (value := number(row[part])) is not None})
    said = [quantity(value, unit) if part == "target" else decimal_text(rounded(value, 2)) for value in found]
    return "–" if not said else said[0] if len(said) == 1 else f"{said[0]} … {said[-1]}"


def _scores(
    document: Mapping[str, Any],
    subjects: Sequence[Row],
    lines: Sequence[Sequence[Row]],
    indicators: Mapping[str, Indicator],
    language: str,
    *,
    title: str | None,
    numbered: bool,
) -> Table:
    banded = any(subject["band"] is not None for subject in subjects)
    paid = any(subject["coefficient"] is not None for subject in subjects)
    part_time = any(_in_part(subject) for subject in subjects)
    if numbered:
        headings = [(str(place), "right") for place in range(1, len(lines) + 1)]
    else:
        headings = [column for rows in lines for column in _line_columns(rows[0], indicators, language)]
    made = table(
        (word("subject", language), "left"),
        *([(word("days", language), "right")] if part_time else []),
        *headings,
        (word("total", language), "right"),
        ("", "left"),
        *([(word("band", language), "left")] if banded else []),
        *([(word("coefficient", language), "right")] if paid else []),
        title=title,
    )
    full = max([ON_TARGET, *(total for subject in subjects if (total := number(subject["total"])) is not None)])
    for subject in subjects:
        own = [_line_of(subject, rows[0]["indicator"]) for rows in lines]
        parts = [("", "") if line is None else _line_parts(line, indicators, language) for line in own]
        made.add_row(
            *cells(subject_name(subject["subject"], document["level"], language)),
            *(cells(_days(subject)) if part_time else []),
            *(map(_stacked, parts) if numbered else cells(*(said for part in parts for said in part))),
            Text(_total(subject, language), style="bold"),
            Text(bar(number(subject["total"]), full, 12), style="cyan"),
            *(cells(subject["band"] or "–") if banded else []),
            *(cells(subject["coefficient"] or "–") if paid else []),
        )
    return made


def _stacked(parts: tuple[str, str]) -> Text:
    """A value, and below it what it attains: a numbered column is as narrow as the longer of them."""
    value, attained = parts
    return Text.assemble(clean(value), "\n", (clean(attained), "dim"))


def _in_part(subject: Row) -> bool:
    days = subject.get("days")
    return days is not None and bool(days["eligible"] != days["period"])


def _days(subject: Row) -> str:
    """`45 / 90`: on how many days of the period somebody was scored; nothing where it was on all of them."""
    return f"{subject['days']['eligible']} / {subject['days']['period']}" if _in_part(subject) else ""


def _total(subject: Row, language: str) -> str:
    """The total, with what bound it: `0.0 (gate)`."""
    said = plain(number(subject["total"]))
    return said + bracketed(word(subject["bound"], language), language) if subject.get("bound") else said


def _line_columns(line: Row, indicators: Mapping[str, Indicator], language: str) -> Iterator[tuple[str, str]]:
    weight = decimal_text(number(line["weight"]) or Decimal(0))
    yield indicator_title(indicators, line["indicator"], language), "right"
    yield f"{word('attainment', language)} × {weight}", "right"


def _line_parts(line: Row, indicators: Mapping[str, Indicator], language: str) -> tuple[str, str]:
    """Value, and attainment with what bound it."""
    said = percent(number(line["attainment"]), 0)
    attained = said + bracketed(word(line["bound"], language), language) if line.get("bound") else said
    return shown(line, _unit(indicators, line), language), attained


def _unit(indicators: Mapping[str, Indicator], line: Row) -> str | None:
    found = indicators.get(line["indicator"])
    return found.unit if found else None
