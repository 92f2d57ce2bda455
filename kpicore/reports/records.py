"""Tables of what is in the ledger: facts, imports, receipts; and what is wrong here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kpicore.canonical import decimal_text
from kpicore.reports.tables import cells, note, table
from kpicore.reports.translations.translated import told
from kpicore.reports.words import bracketed, clauses, clean, listed, pick, word

#: Columns that are shown last.
_PLACES = ("source", "position", "row")
_MARKS = {"good": ("✓", "green"), "odd": ("!", "yellow"), "bad": ("✗", "red")}


def rows_of(arrow: Any) -> list[dict[str, Any]]:
    """The rows of an Arrow table as JSON knows them: instants are ISO 8601 in UTC, decimals stay decimals."""
    return [{name: _cell(value) for name, value in row.items()} for row in arrow.to_pylist()]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def facts(document: Mapping[str, Any], language: str) -> RenderableType:
    """The facts of one type, one row each; columns without any value are left out."""
    rows = document["rows"]
    filled = [name for name in (rows[0] if rows else ()) if any(row[name] is not None for row in rows)]
    names = [name for name in filled if name not in _PLACES]
    made = table(
        *((name, "left") for name in [*names, "source"]),
        (word("position", language), "right"),
        title=document["fact_type"],
    )
    for row in rows:
        place = f"{row['position']}:{row['row']}"
        made.add_row(*cells(*(_read(row[name]) for name in names), row["source"], place))
    count, shown = document["count"], len(rows)
    below = pick(
        language,
        f"{count:,} facts" + (f", {shown:,} shown; --limit shows more" if shown < count else ""),
        f"{count:,} 筆事實" + (f"，顯示 {shown:,} 筆；--limit 可顯示更多" if shown < count else ""),
    )
    return Group(*([made] if names else []), note(below))


def _read(value: Any) -> str:
    """A value of a fact for reading: midnights are days, numbers have no trailing zeros."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value).replace("T00:00:00Z", "")


def imported(document: Mapping[str, Any], language: str) -> RenderableType:
    """What an import did, one row for each file and fact type; what was refused below."""
    files = document["files"]
    counts = ["rows", "duplicates"]
    counts += [name for name in ("unchanged", "retracted") if any(fact[name] for f in files for fact in f["facts"])]
    made = table(
        (word("file", language), "left"),
        (word("fact_type", language), "left"),
        *((word("recorded" if name == "rows" else name, language), "right") for name in counts),
    )
    parts: list[RenderableType] = [made]
    for file in files:
        something = [fact for fact in file["facts"] if any(fact[name] for name in counts)]
        for fact in something or file["facts"]:
            made.add_row(*cells(file["file"], fact["fact_type"], *(f"{fact[name]:,}" for name in counts)))
        if file["refused"]:
            there = file["refused_file"]
            said = pick(
                language,
                f"{file['file']}: {file['refused']:,} rows refused, with reasons in {there}",
                f"{file['file']}：{file['refused']:,} 列被拒，原因見 {there}",
            )
            parts.append(Text(clean(said), style="yellow"))
        for alike in file["alike"]:
            where = clauses([file["file"], alike["column"]], language)
            texts = listed((_coded(one, language) for one in alike["texts"]), language)
            said = pick(
                language,
                f"{where}: these look alike, and are kept apart: {texts}",
                f"{where}：以下文字看來相同，仍視為不同：{texts}",
            )
            if len(alike["texts"]) == 1:
                said = pick(
                    language,
                    f"{where}: characters that nobody sees: {texts}",
                    f"{where}：含有看不見的字元：{texts}",
                )
            parts.append(Text(said, style="yellow"))
    return Group(*parts)


def _coded(text: str, language: str) -> str:
    """A text with the code points of all that is not ASCII, so that what looks alike can be told apart."""
    codes = " ".join(f"U+{ord(char):04X}" for char in text if not char.isascii())
    return clean(text) + bracketed(codes, language) if codes else clean(text)


def receipt(document: Mapping[str, Any], language: str) -> RenderableType:
    """That a batch is in the ledger."""
    rows, position = document["rows"], document["position"]
    if document["duplicate"]:
        said = pick(
            language,
            f"this was recorded before, at position {position}: nothing changed",
            f"先前已在位置 {position} 記錄：沒有變動",
        )
    else:
        said = pick(
            language,
            f"{rows} of {document['fact_type']} at position {position}",
            f"{document['fact_type']} {rows} 筆，位置 {position}",
        )
    return Text(said)


def retracted(document: Mapping[str, Any], language: str) -> RenderableType:
    """That facts are taken away, and how many of them were not there."""
    found = receipt(document, language)
    missing = document["rows"] - document["taken"]
    if document["duplicate"] or not missing:
        return found
    name, source = clean(document["fact_type"]), clean(document["source"])
    said = pick(
        language,
        f"{missing} of these keys {'is no fact' if missing == 1 else 'are no facts'} of {source}: kpicore facts {name} shows what there is",
        f"其中 {missing} 個鍵在來源 {source} 中沒有事實：kpicore facts {name} 可查看現有事實",
    )
    return Group(found, Text(said, style="yellow"))


def ledger(document: Mapping[str, Any], language: str) -> RenderableType:
    """Where a ledger is and how far it goes."""
    place = clean(document["ledger"])
    said = pick(
        language,
        f"ledger {place}: facts up to {document['facts_cut']}, rules up to {document['rules_cut']}",
        f"帳本 {place}：事實至位置 {document['facts_cut']}，規則至位置 {document['rules_cut']}",
    )
    return Text(said)


def doctor(document: Mapping[str, Any], language: str) -> RenderableType:
    """What was looked at: ✓ good, ! odd, ✗ wrong, each with what to do."""
    made = table(("", "left"), ("", "left"), ("", "left"))
    made.show_header = False
    for check in document["checks"]:
        mark, style = _MARKS[check["status"]]
        said = told(check["found"], language) + (f"\n→ {told(check['hint'], language)}" if check["hint"] else "")
        made.add_row(Text(mark, style), *cells(told(check["what"], language)), Text(said))
    return made
