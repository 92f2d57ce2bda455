"""Reading import maps from TOML, with errors that name the table and the key."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpicore.errors import InvalidInput, NotFound, Refused
from kpicore.naming import did_you_mean
from kpicore.periods import Calendar
from kpicore.sources.instants import CALENDARS
from kpicore.sources.maps import ColumnSpec, FactEntry, FileOptions, ImportMap, KeyPart, Lookup

_LARGEST_MAP = 1 << 20
_MOST_LINES = 1_000
_FORMATS = ("csv", "jsonl", "parquet", "arrow")
_TYPES = ("text", "integer", "decimal", "boolean", "instant")
_FOLDS = ("earlier", "later")
_MODES = ("append", "snapshot")
_READING = ("format", "encoding", "delimiter", "null", "header", "footer", "columns")
_FILE_KEYS = (*_READING, "timezone", "fold", "decimal", "thousands", "complete_until", "source")
_FACT_KEYS = ("type", "where", "from", "key", "mode", "timezone", "columns")
_COLUMN_KEYS = ("column", "sql", "value", "type", "format", "calendar")


def load_map(path: str | Path) -> ImportMap:
    """Read an import map.

    Args:
        path: A TOML file, at most 1 MiB.

    Raises:
        NotFound: There is no such file.
        InvalidInput: It is not TOML, or says what maps do not know; `where` names file, table and key.
        Refused: It asks for what is not built yet.
    """
    path = Path(path)
    if not path.exists():
        raise NotFound(f"there is no map {path}", where=str(path), code="no_such_map", hint="check the path")
    if not path.is_file():
        raise InvalidInput(
            "a map is a regular file", where=str(path), code="bad_map", hint="name the map's file itself"
        )
    if path.stat().st_size > _LARGEST_MAP:
        raise InvalidInput(
            "a map has at most 1 MiB",
            where=str(path),
            code="bad_map",
            hint="put large tables into files of their own and look them up",
        )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "the map is not UTF-8", where=path.name, code="bad_map", hint="save the file as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInput(
            f"the map is not TOML: {error}", where=path.name, code="bad_map", hint="mend the file at that line"
        ) from error
    return _Reader(path).map(document)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def bad(self, message: str, where: str, hint: str | None = None) -> InvalidInput:
        return InvalidInput(message, code="bad_map", where=f"{self.path.name}: {where}", hint=hint)

    def known(self, table: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
        keys = tuple(keys)
        for key in table:
            if key not in keys:
                hint = did_you_mean(key, keys) or f"known are {', '.join(keys)}"
                raise self.bad(f"unknown key {key!r}", where, hint)

    def table(self, value: Any, where: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.bad(f"a table is expected, not {value!r}", where)
        return value

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.bad(f"a text is expected, not {value!r}", f"{where}.{key}")
        if not value.strip() and key not in ("delimiter", "thousands", "value"):
            raise self.bad("the text is empty", f"{where}.{key}")
        return value

    def choice(self, table: Mapping[str, Any], key: str, choices: tuple[str, ...], where: str) -> Any:
        value = self.text(table, key, where)
        if value is not None and value not in choices:
            hint = did_you_mean(value, choices) or f"one of {', '.join(choices)}"
            raise self.bad(f"unknown {key} {value!r}", f"{where}.{key}", hint)
        return value

    def map(self, document: Mapping[str, Any]) -> ImportMap:
        self.known(document, ("file", "fact", "lookup"), "top level")
        options = self.file_options(self.table(document.get("file", {}), "[file]"), "[file]", _FILE_KEYS)
        lookups = {
            name: self.lookup(name, self.table(value, f"[lookup.{name}]"))
            for name, value in self.table(document.get("lookup", {}), "[lookup]").items()
        }
        entries = document.get("fact")
        if not isinstance(entries, list) or not entries:
            raise self.bad("a map has at least one [[fact]]", "[[fact]]")
        facts = tuple(self.fact(number, self.table(entry, "[[fact]]")) for number, entry in enumerate(entries, 1))
        self.modes(facts)
        return ImportMap(self.path, options, lookups, facts)

    def modes(self, facts: tuple[FactEntry, ...]) -> None:
        seen: dict[str, FactEntry] = {}
        for entry in facts:
            first = seen.setdefault(entry.type, entry)
            if first.mode != entry.mode:
                raise self.bad(
                    f"{entry.type} is {first.mode} in {first.title}", f"{entry.title}.mode", "one type has one mode"
                )

    def file_options(self, table: Mapping[str, Any], where: str, keys: tuple[str, ...]) -> FileOptions:
        if table.get("format") == "xlsx":
            raise Refused(
                "xlsx files are not read yet",
                code="not_built",
                where=f"{self.path.name}: {where}.format",
                hint="save the sheet as CSV (UTF-8)",
            )
        self.known(table, keys, where)
        zone = self.zone(table, where)
        options = FileOptions(
            format=self.choice(table, "format", _FORMATS, where),
            encoding=self.encoding(table, where),
            delimiter=self.character(table, "delimiter", where),
            null=self.nulls(table, where),
            header=self.lines(table, "header", 1, where),
            footer=self.lines(table, "footer", 0, where),
            columns=self.names(table, where),
            timezone=zone,
            fold=self.choice(table, "fold", _FOLDS, where),
            decimal=self.character(table, "decimal", where) or ".",
            thousands=self.character(table, "thousands", where),
            complete_until=self.complete_until(table.get("complete_until"), zone, f"{where}.complete_until"),
            source=self.text(table, "source", where),
        )
        for key in ("decimal", "thousands"):
            mark = getattr(options, key)
            if mark is not None and (mark.isalnum() or mark in "+-%"):
                raise self.bad(f"{mark!r} cannot stand between digits", f"{where}.{key}")
        if options.decimal == options.thousands:
            raise self.bad("decimal and thousands are the same character", f"{where}.thousands")
        return options

    def encoding(self, table: Mapping[str, Any], where: str) -> str | None:
        name = self.text(table, "encoding", where)
        if name is None:
            return None
        try:
            codec = codecs.lookup(name)
            "".encode(codec.name)
        except (LookupError, UnicodeError, TypeError) as error:
            hint = did_you_mean(name, ("utf-8", "utf-16", "gb18030", "big5", "cp1252", "latin-1"))
            raise self.bad(f"unknown encoding {name!r}", f"{where}.encoding", hint) from error
        # BOMs of UTF-8 are taken off in any case.
        return None if codec.name in ("utf-8", "utf-8-sig", "ascii") else codec.name

    def character(self, table: Mapping[str, Any], key: str, where: str) -> str | None:
        value = self.text(table, key, where)
        if value is None:
            return None
        if len(value) != 1 or value in '\r\n"\0' or (key == "delimiter" and not value.isascii()):
            raise self.bad(f"{value!r} is not one character that can separate", f"{where}.{key}")
        return value

    def lines(self, table: Mapping[str, Any], key: str, default: int, where: str) -> int:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_LINES:
            raise self.bad(f"a number of lines up to {_MOST_LINES} is expected, not {value!r}", f"{where}.{key}")
        if key == "header" and value == 0 and "columns" not in table:
            raise self.bad("no line names the columns", f"{where}.header", 'name them here: columns = ["id", "date"]')
        return value

    def names(self, table: Mapping[str, Any], where: str) -> tuple[str, ...] | None:
        value = table.get("columns")
        if value is None:
            return None
        if not isinstance(value, list) or not value or not all(isinstance(name, str) and name for name in value):
            raise self.bad("a list of names is expected", f"{where}.columns", 'for example columns = ["id", "date"]')
        for name in value:
            if value.count(name) > 1:
                raise self.bad(f"two columns are named {name!r}", f"{where}.columns", "rename one of them")
        return tuple(value)

    def nulls(self, table: Mapping[str, Any], where: str) -> tuple[str, ...]:
        value = table.get("null", [""])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad("a list of texts is expected", f"{where}.null", 'for example null = ["", "N/A"]')
        return tuple(sorted(set(value)))

    def zone(self, table: Mapping[str, Any], where: str) -> str | None:
        name = self.text(table, "timezone", where)
        if name is not None:
            try:
                Calendar(name)
            except InvalidInput as error:
                raise self.bad(error.message, f"{where}.timezone", error.hint) from error
        return name

    def complete_until(self, value: Any, zone: str | None, where: str) -> int | None:
        if value is None:
            return None
        moment: datetime | date
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError as error:
            raise self.bad(f"{value!r} is not an ISO date or time", where) from error
        if not isinstance(moment, date):
            raise self.bad(f"{value!r} is not an ISO date or time", where)
        if zone is None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            raise self.bad("the time has no zone", where, 'add timezone = "Asia/Taipei" under [file], or an offset')
        return Calendar(zone or "UTC").instant(moment)

    def lookup(self, name: str, table: Mapping[str, Any]) -> Lookup:
        where = f"[lookup.{name}]"
        if not name.isidentifier() or name.lower() in ("file", "lookup"):
            raise self.bad(f"{name!r} cannot be the name of a lookup", where, "use letters, digits and _; not `file`")
        written = self.text(table, "path", where)
        if written is None:
            raise self.bad("path is missing", where)
        folder = self.path.resolve().parent
        path = (folder / written).resolve()
        if Path(written).is_absolute() or not path.is_relative_to(folder):
            raise self.bad(f"{written!r} is outside the map's folder", f"{where}.path", "put the file beside the map")
        reading = {key: value for key, value in table.items() if key != "path"}
        return Lookup(name, path, self.file_options(reading, where, _READING))

    def fact(self, index: int, table: Mapping[str, Any]) -> FactEntry:
        where = f"[[fact]] {index}"
        self.known(table, _FACT_KEYS, where)
        kind = self.text(table, "type", where)
        if kind is None:
            raise self.bad("type is missing", where, 'for example type = "deal_won"')
        where = f"{where} ({kind})"
        columns = self.table(table.get("columns", {}), f"{where}.columns")
        return FactEntry(
            index=index,
            type=kind,
            key=self.key(table.get("key"), f"{where}.key"),
            columns={name: self.column(value, f"{where}.columns.{name}") for name, value in columns.items()},
            where=self.text(table, "where", where),
            select=self.text(table, "from", where),
            mode=self.choice(table, "mode", _MODES, where) or "append",
            timezone=self.zone(table, where),
        )

    def key(self, value: Any, where: str) -> tuple[KeyPart | ColumnSpec, ...]:
        if value is None:
            raise self.bad("key is missing", where, "name the column that tells one fact from another")
        parts = value if isinstance(value, list) else [value]
        if not parts:
            raise self.bad("key is an empty list", where)
        return tuple(KeyPart(part) if isinstance(part, str) and part else self.column(part, where) for part in parts)

    def column(self, value: Any, where: str) -> ColumnSpec:
        if isinstance(value, str) and value:
            return ColumnSpec(column=value)
        if not isinstance(value, dict):
            hint = 'write "column", {column = …, type = …, format = …}, {sql = …} or {value = …}'
            raise self.bad(f"{value!r} does not say what fills the field", where, hint)
        self.known(value, _COLUMN_KEYS, where)
        if sum(key in value for key in ("column", "sql", "value")) != 1:
            raise self.bad("exactly one of column, sql and value is needed", where)
        return ColumnSpec(
            column=self.text(value, "column", where),
            sql=self.text(value, "sql", where),
            value=self.constant(value["value"], f"{where}.value") if "value" in value else None,
            type=self.choice(value, "type", _TYPES, where),
            format=self.text(value, "format", where),
            calendar=self.choice(value, "calendar", tuple(CALENDARS), where),
        )

    def constant(self, value: Any, where: str) -> str:
        match value:
            case bool():
                return "true" if value else "false"
            case str():
                return value
            case int():
                return str(value)
            case Decimal() if value.is_finite():
                return format(value, "f")
            case datetime() | date():
                return value.isoformat()
        raise self.bad(f"{value!r} cannot fill a field", where)
