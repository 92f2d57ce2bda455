"""Reports as workbooks: numbers are numbers, and every text is a text, whatever it begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kpicore.reports.pieces import key_of
from kpicore.reports.report.evidence import evidence, fact_type
from kpicore.reports.report.person import Person
from kpicore.reports.report.reading import Reading, Row
from kpicore.reports.report.rules import rules
from kpicore.reports.report.team import Team
from kpicore.reports.words import clean, number, word

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from kpicore.reports.report.report import Report

#: Most characters of a cell.
_LONGEST = 32_767
#: The earliest instant that a workbook may say it was made at.
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def workbook(report: Report, language: str) -> bytes:
    """The report as an .xlsx file: totals, lines, periods, differences, facts, rules, and how to check it."""
    from xlsxwriter import Workbook

    one = Reading(report, language)
    persons = [Person(one, row, place) for place, row in enumerate(report.document["subjects"], 1)]
    out = BytesIO()
    # Nothing is taken for a formula, a link or a number that is not written as one.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": f"{one.card_title} · {report.id}", "created": _made(report.document["as_of"])})
        sheets = _Sheets(book, one)
        sheets.write("evaluation", ("line", "value"), _about(one))
        sheets.write("total", _TOTALS, _totals(persons))
        sheets.write("lines", _LINES, (_line(one, person, line) for person in persons for line in person.row["lines"]))
        sheets.write("trend", ("who", "period", "total", "band"), _trend(persons))
        sheets.write("change", ("who", "cause", "line", "points", "evidence"), _causes(one, persons))
        sheets.write("gates", ("who", "rule", "condition", "value", "points"), _gates(persons))
        sheets.write("standing", ("who", "step", "did", "by", "why", "when"), _stood(persons))
        sheets.write("payouts", ("who", "award", "id", "period", "amount", "how", "flags"), _paid(persons))
        sheets.write("facts", _FACTS, (row for person in persons for row in _facts(one, person)))
        sheets.write("rules", ("rule", "value", "state", "since", "by", "why", "recorded", "position"), _rules(one))
    return out.getvalue()


class _Sheets:
    """Writes one table a sheet, with its headings frozen and its columns as wide as what they hold."""

    def __init__(self, book: Workbook, one: Reading) -> None:
        self.book, self.one = book, one
        self.head: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.number: Format = book.add_format({"num_format": "#,##0.##########"})

    def write(self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet.

        Args:
            name: The word that it is called by.
            head: The words over its columns.
            rows: Texts, numbers as decimals, and None for empty cells.
        """
        sheet = self.book.add_worksheet(self.one.say(name)[:31])
        widths = []
        for column, heading in enumerate(head):
            said = self.one.say(heading)
            sheet.write_string(0, column, said, self.head)
            widths.append(_width(said))
        last = 0
        for last, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                widths[column] = max(widths[column], self._cell(sheet, last, column, value))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, 60))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(head) - 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L{_plain(self.one.report.id)}&R&P / &N")

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, Decimal):
            if _holds(value):
                sheet.write_number(row, column, float(value), self.number)
                return len(f"{value:,f}")
            value = f"{value:f}"
        text = clean(value)
        if len(text) > _LONGEST:
            text = text[: _LONGEST - 1] + "…"
        sheet.write_string(row, column, text)
        return _width(text)


def _holds(value: Decimal) -> bool:
    """Whether a cell's binary number says every digit of a decimal."""
    return Decimal(repr(float(value))) == value


def _width(text: str) -> int:
    """How wide a text is in columns of digits; a Chinese character takes two."""
    return max((sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.splitlines()), default=0)


def _plain(text: str) -> str:
    """A text in a footer, where & begins a code."""
    return text.replace("&", "&&")


def _made(as_of: str | None) -> datetime:
    """When the workbook says that it was made: when its evaluation was, never now."""
    if as_of is None:
        return _EARLIEST.replace(tzinfo=None)
    return max(datetime.fromisoformat(as_of), _EARLIEST).replace(tzinfo=None, microsecond=0)


def _about(one: Reading) -> list[tuple[str, Any]]:
    document = one.document
    rows: list[tuple[str, Any]] = [
        (one.say("card"), one.card_title + one.bracketed(document["scorecard"])),
        (one.say("period"), document["period"] + one.bracketed(one.dates, document["timezone"])),
        (one.say("evaluation"), document["evaluation"]),
        (one.say("digest"), document["digest"]),
        (one.say("cuts"), one.joined(str(document[cut]) for cut in ("facts_cut", "rules_cut"))),
        (one.say("as_of"), one.instant(document["as_of"])),
        (one.say("sealed"), one.sealed),
        (one.say("replay"), f"kpicore replay {document['evaluation']}"),
        (one.say("contest"), one.contest),
    ]
    if one.report.only is None:
        rows[2:2] = [(name, _figure(value)) for name, value in Team(one).tiles]
    return rows


def _figure(said: str) -> Any:
    try:
        return Decimal(said.replace(",", ""))
    except InvalidOperation:
        return said


_TOTALS = ("who", "total", "band", "coefficient", "sum", "bound", "moved_weight", "kept_weight", "last", "difference")


def _totals(persons: Sequence[Person]) -> list[tuple[Any, ...]]:
    found = []
    for person in persons:
        row, change = person.row, person.row["change"]
        found.append(
            (
                person.name,
                number(row["total"]),
                row["band"],
                number(row["coefficient"]),
                number(row["sum"]),
                person.reading.word(row["bound"]) if row["bound"] else None,
                number(row["redistributed"]),
                number(row["kept"]),
                number(change["from_total"]) if change else None,
                number(change["difference"]) if change else None,
            )
        )
    return found


_LINES = (
    *("who", "line", "id", "unit", "weight", "target", "numerator", "denominator", "value", "state", "flags"),
    *("attainment", "attainment_before", "bound", "points", "effective_weight", "brings", "done", "why"),
)


def _line(one: Reading, person: Person, line: Row) -> tuple[Any, ...]:
    numbers = {name: number(line[name]) for name in _NUMBERS}
    return (
        person.name,
        one.title(line["indicator"]),
        line["indicator"],
        one.unit(line["indicator"]),
        *(numbers[name] for name in ("weight", "target", "numerator", "denominator", "value")),
        one.word(line["state"]),
        one.flags(line) or None,
        numbers["attainment"],
        numbers["attainment_before"],
        one.word(line["bound"]) if line["bound"] else None,
        *(numbers[name] for name in ("points", "effective_weight", "contribution")),
        one.policy(line, person.row["lines"]) if line["empty_policy"] else None,
        line["why"],
    )


_NUMBERS = (
    *("weight", "target", "numerator", "denominator", "value", "attainment", "attainment_before"),
    *("points", "effective_weight", "contribution"),
)


def _trend(persons: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    for person in persons:
        for point in person.row["trend"]:
            yield person.name, point["period"], number(point["total"]), point["band"]


def _causes(one: Reading, persons: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    for person in persons:
        for cause in (person.row["change"] or {"causes": ()})["causes"]:
            told = one.say("semicolon").join(evidence(one, cause))
            line = one.title(cause["indicator"]) or None
            yield person.name, one.word(cause["cause"]), line, number(cause["points"]), told


def _gates(persons: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    for person in persons:
        for effect, said in zip([*person.row["modifiers"], *person.row["gates"]], person.gates, strict=True):
            points = number(effect["points"]) if effect["applied"] else None
            yield person.name, said["gate"], said["condition"], number(effect["value"]), points


def _stood(persons: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    for person in persons:
        for step in person.steps:
            yield person.name, *(step[name] for name in ("what", "did", "by", "why", "when"))


def _paid(persons: Sequence[Person]) -> Iterable[tuple[Any, ...]]:
    for person in persons:
        for paid, document in zip(person.payouts, person.row["standing"]["payouts"], strict=True):
            amount = paid["amount"] if document["amount"] is None else number(document["amount"])
            yield person.name, paid["name"], paid["what"], paid["period"], amount, paid["how"], paid["remarks"] or None


_FACTS = ("who", "line", "side", "fact", "key", "source", "position", "row", "adds")


def _facts(one: Reading, person: Person) -> Iterable[tuple[Any, ...]]:
    for line in person.row["lines"]:
        for fact in line["facts"]:
            place = (None if fact[name] is None else Decimal(fact[name]) for name in ("position", "row"))
            yield (
                person.name,
                one.title(line["indicator"]),
                word(fact["role"], one.language),
                fact_type(one, fact["type"]),
                key_of(fact),
                fact["source"],
                *place,
                number(fact["added"]),
            )


def _rules(one: Reading) -> Iterable[tuple[Any, ...]]:
    subjects: Sequence[Mapping[str, Any]] = one.document["subjects"]
    for rule in rules(one, subjects) if subjects else ():
        yield tuple(rule[name] for name in ("name", "value", "mark", "since", "by", "why", "recorded", "position"))
