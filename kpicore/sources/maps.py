"""Import maps: which facts a file yields, and how its texts are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import field, fields, frozen

from kpicore.canonical import canonical_json, sha256_hex

Format = Literal["csv", "jsonl", "parquet", "arrow"]
Fold = Literal["earlier", "later"]
ValueType = Literal["text", "integer", "decimal", "boolean", "instant"]

#: How a file is read where its map does not say, by the end of its name.
FORMATS: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}


@frozen
class FileOptions:
    """How the texts of a file are read.

    Args:
        format: csv, jsonl, parquet or arrow; by the end of the file's name when None.
        encoding: Of a text file, as Python names it; UTF-8 when None.
        delimiter: One character between columns; a comma (in .tsv files a tab) when None.
        null: Texts that stand for null, before anything else is looked at.
        header: The line of a text file that names its columns, from 1: lines above it are passed over. 0: no line does.
        footer: So many lines at the end of a text file are passed over; empty ones do not count.
        columns: Names of a text file's columns, in the place of those in its header.
        timezone: Zone of dates and times without an offset.
        fold: Which of the two instants a time is that the clocks show twice; such times are refused when None.
        decimal: The decimal point of numbers.
        thousands: The character between groups of three digits; none when None.
        complete_until: Microseconds UTC up to which the file is complete; not said when None.
        source: Where the facts come from; the name of the map's file when None.
    """

    format: Format | None = None
    encoding: str | None = None
    delimiter: str | None = None
    null: tuple[str, ...] = ("",)
    header: int = 1
    footer: int = 0
    columns: tuple[str, ...] | None = None
    timezone: str | None = None
    fold: Fold | None = None
    decimal: str = "."
    thousands: str | None = None
    complete_until: int | None = None
    source: str | None = None

    def format_of(self, path: Path) -> Format | None:
        """How `path` is read, or None where neither the map nor the name says."""
        return self.format or FORMATS.get(path.suffix.lower())

    def delimiter_of(self, path: Path) -> str:
        """The character between the columns of `path`."""
        return self.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")


@frozen
class ColumnSpec:
    """What fills one field: exactly one of a column, an expression and a value.

    Args:
        column: Name of a column of the file.
        sql: An expression over the file's columns.
        value: A constant, as text.
        type: How the text is read; by the field's kind when None.
        format: Of instants a strptime format, or `unix`, `unix_ms`, `unix_us`; of booleans the two words, `Yes/No`.
        calendar: Whose years the format has: `roc`; ours when None.
    """

    column: str | None = None
    sql: str | None = None
    value: str | None = None
    type: ValueType | None = None
    format: str | None = None
    calendar: str | None = None

    @property
    def label(self) -> str:
        """What a person finds in the file or the map: the column, the expression or the value."""
        return next(part for part in (self.column, self.sql, self.value) if part is not None)


@frozen
class KeyPart:
    """A text of `key`: the column of that name, or else an expression; only the file can tell."""

    text: str


@frozen
class Lookup:
    """A second file that `from` may read.

    Args:
        name: Its table in SQL.
        path: The file, inside the map's folder.
        options: How it is read.
    """

    name: str
    path: Path
    options: FileOptions


@frozen
class FactEntry:
    """One [[fact]]: a fact type and what fills it.

    Args:
        index: Place in the map, from 1.
        type: Name of the fact type.
        key: What fills the key fields, in their order.
        columns: What fills the other fields, by name.
        where: Only rows for which this expression is true.
        select: A SELECT whose rows stand for the file's.
        mode: `snapshot` retracts the keys of this source that the files no longer yield.
        timezone: Of this entry, before the file's.
    """

    index: int
    type: str
    key: tuple[KeyPart | ColumnSpec, ...]
    columns: Mapping[str, ColumnSpec] = field(factory=dict)
    where: str | None = None
    select: str | None = None
    mode: Literal["append", "snapshot"] = "append"
    timezone: str | None = None

    @property
    def title(self) -> str:
        """How errors name it."""
        return f"[[fact]] {self.index} ({self.type})"


@frozen
class ImportMap:
    """What an import map says, checked as far as that goes without fact types and files.

    Args:
        path: The map's file.
        file: How files are read.
        lookups: By name.
        facts: In the map's order.
    """

    path: Path
    file: FileOptions
    lookups: Mapping[str, Lookup]
    facts: tuple[FactEntry, ...]

    @property
    def default_source(self) -> str:
        """The map's own word for the source, or else the name of its file."""
        return self.file.source or self.path.stem

    @property
    def snapshot(self) -> bool:
        """Whether the files of one call are together one state of the source."""
        return any(entry.mode == "snapshot" for entry in self.facts)

    def where(self, entry: FactEntry | None = None, part: str | None = None) -> str:
        """Where errors are: the file, the table and the key."""
        place = f"{self.path.name}: {entry.title}" if entry else self.path.name
        return f"{place}.{part}" if part else place

    def entry_digest(self, entry: FactEntry, lookup_digests: Mapping[str, str]) -> str:
        """Digest of all that decides what this entry makes of a file: an entry that reads otherwise is another batch.

        The order of entries, the map's comments and what other entries say have no part in it.
        """
        document: dict[str, Any] = {
            "file": _document(self.file, {"source"}),
            "type": entry.type,
            "key": [{"text": part.text} if isinstance(part, KeyPart) else _document(part) for part in entry.key],
            "columns": {name: _document(spec) for name, spec in entry.columns.items()},
            "where": entry.where,
            "select": entry.select,
            "mode": entry.mode,
            "timezone": entry.timezone,
            "lookups": {
                name: {"digest": digest, "read": _document(self.lookups[name].options)}
                for name, digest in lookup_digests.items()
            },
        }
        return sha256_hex(canonical_json(document))


#: What maps could not say at first has no part in the digest while it is not said: files stay what they were.
_SINCE = ("calendar", "header", "footer", "columns", "fold")


def _document(value: FileOptions | ColumnSpec, without: set[str] | frozenset[str] = frozenset()) -> dict[str, Any]:
    unsaid = {one.name for one in fields(type(value)) if one.name in _SINCE and getattr(value, one.name) == one.default}
    names = [name for name in value.__class__.__annotations__ if name not in without | unsaid]
    # An instant is larger than what JSON numbers hold exactly only in the far future; text is always exact.
    return {name: str(part) if isinstance(part := getattr(value, name), int) else part for name in names}
