"""Checking rows against a fact type: all at once, exactly, and with a reason for every row that is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidInput, RefusedRow
from kpicore.ledger.conversions import convert
from kpicore.ledger.parts import Part, of_column, of_values
from kpicore.ledger.schema import ARROW_TYPES, arrow_schema, key_schema
from kpicore.ledger.threads import together
from kpicore.naming import did_you_mean

#: So many refused values are listed one by one.
LISTED = 1_000
_LONGEST_SHOWN = 200
#: So many rows are checked by one thread.
_FEW_ROWS = 16_384
#: pandas sends its row labels along under these names.
_ROW_LABELS = re.compile(r"__index_level_\d+__")
_ACCEPTED = "send an Arrow table, a data frame, a list of dicts or a list of attrs objects"


class Refusals(list[RefusedRow]):
    """The refused values, at most `LISTED` of them, by row; all refused rows are counted.

    Attributes:
        rows: Places of all refused rows in the input, ascending (numpy, int64).
    """

    def __init__(self, listed: Iterable[RefusedRow] = (), rows: Any = ()) -> None:
        super().__init__(listed)
        self.rows = np.asarray(rows, dtype=np.int64)

    @property
    def total(self) -> int:
        """How many rows were refused."""
        return len(self.rows)


def check_rows(fact_type: FactType, rows: Any, *, latest: int | None = None) -> tuple[pa.Table, Refusals]:
    """Check rows and bring them into the ledger's schema.

    Args:
        fact_type: What the rows are.
        rows: Anything with `__arrow_c_stream__`, a sequence of mappings, or of attrs objects. A missing nullable
            column is null, columns may come in any order.
        latest: The latest plausible `occurred_at` in microseconds; later ones are refused. None: no limit.

    Returns:
        The rows that were taken, with `arrow_schema(fact_type)`, and those that were refused.

    Raises:
        InvalidInput: The columns are not those of the fact type, or the input is not a table at all.
    """
    sent = _sent(fact_type.name, rows, fact_type.all_fields())
    return _checked(fact_type, sent, arrow_schema(fact_type), latest)


def check_keys(fact_type: FactType, keys: Any) -> tuple[pa.Table, Refusals]:
    """Check the keys of facts that are to be retracted.

    Args:
        fact_type: What they are.
        keys: A sequence of texts (types with one key field), of tuples in the order of the key fields, or anything
            that `check_rows` takes, with the key columns alone.

    Returns:
        The keys with `key_schema(fact_type)`, and those that were refused.
    """
    if not isinstance(keys, Mapping | str | bytes) and not hasattr(keys, "__arrow_c_stream__"):
        keys = [_named(fact_type, key) for key in keys]
    fields = fact_type.all_fields()
    sent = _sent(fact_type.name, keys, {name: fields[name] for name in fact_type.key})
    return _checked(fact_type, sent, key_schema(fact_type), None)


def refuse(where: str, refusals: Refusals) -> InvalidInput:
    """The error that says which rows were refused."""
    first = f"; the first: {refusals[0]!r}" if refusals else ""
    count = f"{refusals.total} rows are" if refusals.total != 1 else "1 row is"
    return InvalidInput(
        f"{count} refused{first}",
        code="refused_rows",
        where=where,
        rows=refusals,
        refused=refusals.total,
        hint="mend them, and record all again",
    )


def _named(fact_type: FactType, key: Any) -> Any:
    if isinstance(key, Mapping) or attrs.has(type(key)):
        return key
    key = key if isinstance(key, tuple | list) else (key,)
    if len(key) != len(fact_type.key):
        raise InvalidInput(
            f"a key of {fact_type.name} has {len(fact_type.key)} parts ({', '.join(fact_type.key)}), {key!r} has "
            f"{len(key)}",
            where=fact_type.name,
            hint="give all parts, in this order",
        )
    return dict(zip(fact_type.key, key, strict=True))


@frozen
class _Sent:
    """What a caller sent: how many rows, and the parts of each column."""

    rows: int
    columns: dict[str, list[Part]]


def _sent(where: str, rows: Any, fields: Mapping[str, Field]) -> _Sent:
    """Any accepted input, its columns being fields."""
    if isinstance(rows, pa.RecordBatch):
        rows = pa.Table.from_batches([rows])
    if hasattr(rows, "__arrow_c_stream__"):
        sent = _from_arrow(where, rows)
    elif isinstance(rows, Sequence) and not isinstance(rows, str | bytes):
        sent = _from_python(where, rows)
    else:
        raise InvalidInput(f"{type(rows).__name__} is not a table of rows", where=where, hint=_ACCEPTED)
    unknown = [name for name in sent.columns if name not in fields]
    if unknown:
        hint = did_you_mean(unknown[0], fields) or f"the columns are {', '.join(fields)}"
        raise InvalidInput(f"there is no column {', '.join(unknown)}", code="unknown_column", where=where, hint=hint)
    required = [name for name, field in fields.items() if field.required and field.default is None]
    missing = [name for name in required if name not in sent.columns]
    if missing and (sent.rows or sent.columns):
        raise InvalidInput(
            f"the column {', '.join(missing)} is missing",
            code="missing_column",
            where=where,
            hint="add it; every fact needs it",
        )
    return sent


def _from_arrow(where: str, rows: Any) -> _Sent:
    try:
        table = rows if isinstance(rows, pa.Table) else pa.RecordBatchReader.from_stream(rows).read_all()
        table.validate()
        if table.num_rows > _FEW_ROWS:
            together(lambda column: column.validate(full=True), table.columns)
        else:
            table.validate(full=True)
    except (pa.ArrowException, ValueError, IndexError) as error:
        raise InvalidInput(
            f"this is not valid Arrow data: {error}",
            code="invalid_arrow",
            where=where,
            hint="write it again with a current library",
        ) from error
    names = [name for name in table.column_names if not _ROW_LABELS.fullmatch(name)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"the column {', '.join(twice)} is there twice",
            code="duplicate_column",
            where=where,
            hint="rename or drop one of them",
        )
    for name in names:
        kind = table.schema.field(name).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if isinstance(kind, pa.BaseExtensionType):
            raise InvalidInput(
                f"the extension type {kind} is not taken",
                code="extension_type",
                where=f"{where}.{name}",
                hint="cast it to its storage type",
            )
    rows_of_all = np.arange(table.num_rows, dtype=np.int64)
    return _Sent(table.num_rows, {name: of_column(table[name], rows_of_all) for name in names})


def _from_python(where: str, rows: Sequence[Any]) -> _Sent:
    """Mappings or attrs objects; what one of them lacks is null."""
    mappings: list[Mapping[Any, Any]] = []
    for place, row in enumerate(rows):
        if isinstance(row, Mapping):
            mappings.append(row)
        elif attrs.has(type(row)):
            mappings.append({a.name: getattr(row, a.name) for a in attrs.fields(type(row))})
        else:
            raise InvalidInput(
                f"row {place} is {type(row).__name__}, not a dict or an attrs object", where=where, hint=_ACCEPTED
            )
    names: dict[Any, None] = {}
    for mapping in mappings:
        names.update(dict.fromkeys(mapping))
    odd = next((name for name in names if not isinstance(name, str)), None)
    if odd is not None:
        raise InvalidInput(f"{odd!r} is not the name of a column", where=where, hint="columns are named by texts")
    return _Sent(len(rows), {name: of_values([mapping.get(name) for mapping in mappings]) for name in names})


#: Values of a part that are refused, where they are in it, and why.
_Found = tuple[str, Part, Any, str]


def _find(name: str, part: Part, mask: Any, reason: str) -> list[_Found]:
    """Refuse the values of a part where `mask` is true."""
    places = np.flatnonzero(mask)
    return [(name, part, places, reason)] if len(places) else []


class _Findings:
    """What is wrong, column by column, until it is listed row by row."""

    def __init__(self, rows: int) -> None:
        self.bad = np.zeros(rows, dtype=np.bool_)
        self._found: list[_Found] = []

    def add(self, found: Iterable[_Found]) -> None:
        """Refuse what was found."""
        for one in found:
            _, part, places, _ = one
            self.bad[part.rows[places]] = True
            self._found.append(one)

    def refusals(self) -> Refusals:
        entries = [
            (int(part.rows[place]), order, place)
            for order, (_, part, places, _) in enumerate(self._found)
            for place in places[:LISTED].tolist()
        ]
        listed = []
        for row, order, place in sorted(entries)[:LISTED]:
            name, part, _, reason = self._found[order]
            listed.append(RefusedRow(row, name, _shown(part.array[place]), reason))
        return Refusals(listed, np.flatnonzero(self.bad))


def _shown(value: Any) -> str | None:
    """A value as people read it."""
    if not value.is_valid:
        return None
    try:
        plain = value.as_py()
        shown = decimal_text(plain) if isinstance(plain, Decimal) else str(plain)
    except (ValueError, OverflowError):
        # A timestamp that Python's datetime does not hold.
        shown = f"{value.value} {value.type.unit} since 1970"
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


def _checked(fact_type: FactType, sent: _Sent, schema: pa.Schema, latest: int | None) -> tuple[pa.Table, Refusals]:
    fields, findings = fact_type.all_fields(), _Findings(sent.rows)

    def checked(name: str) -> tuple[Any, list[_Found]]:
        return _column(name, fields[name], sent, key=name in fact_type.key)

    # Few rows are sooner done than handed over.
    done = together(checked, schema.names) if sent.rows > _FEW_ROWS else map(checked, schema.names)
    columns = []
    for column, found in done:
        columns.append(column)
        findings.add(found)
    if latest is not None:
        findings.add(_late(columns[schema.names.index("occurred_at")], latest))
    result = pa.table(columns, schema=schema)
    if findings.bad.any():
        result = result.filter(pa.array(~findings.bad))
    return result, findings.refusals()


def late_rows(table: pa.Table, latest: int) -> Refusals:
    """The rows of a checked table whose `occurred_at` is later than `latest` (microseconds)."""
    findings = _Findings(table.num_rows)
    findings.add(_late(table["occurred_at"], latest))
    return findings.refusals()


def _late(column: Any, latest: int) -> list[_Found]:
    late = pc.greater(column, pa.scalar(latest, column.type))
    return _where("occurred_at", column, late, "more than a day in the future: check the clock and the zone")


def _where(name: str, column: Any, condition: Any, reason: str) -> list[_Found]:
    """Refuse the values of a converted column where a condition holds."""
    if not pc.any(condition).as_py():
        return []
    [part] = of_column(column, np.arange(len(column), dtype=np.int64))
    return _find(name, part, np.asarray(pc.fill_null(condition, False)), reason)


def _column(name: str, declared: Field, sent: _Sent, *, key: bool) -> tuple[Any, list[_Found]]:
    """One column converted, its defaults filled, its nulls checked; and what is refused."""
    field = evolve(declared, required=True) if key else declared
    target = ARROW_TYPES[field.kind]
    found: list[_Found] = []
    converted: list[Any] = []
    parts = sent.columns.get(name, [])
    for part in parts:
        if part.odd is not None:
            array, refusals = pa.nulls(len(part.array), target), [(np.ones(len(part.array), np.bool_), part.odd)]
        else:
            array, refusals = convert(part.array, field.kind)
        converted.append(array)
        for mask, reason in refusals:
            found += _find(name, part, mask, reason)
    column = _joined(parts, converted, sent.rows, target)
    if field.default is not None and column.null_count:
        column = pc.fill_null(column, pa.scalar(field.default).cast(target))
    elif field.required and column.null_count:
        refused = [part.rows[places] for _, part, places, _ in found]
        missing = np.asarray(column.is_null())
        missing[np.concatenate([np.zeros(0, np.int64), *refused])] = False
        found += _where(name, column, pa.array(missing), "missing")
    if key and pa.types.is_string(column.type):
        found += _where(name, column, pc.equal(column, ""), "an empty key")
    return column, found


def _joined(parts: Sequence[Part], converted: Sequence[Any], rows: int, target: pa.DataType) -> Any:
    """The converted parts in the order of the rows, null where there is none."""
    if len(parts) == 1 and len(converted[0]) == rows:
        return converted[0]
    if not parts:
        return pa.nulls(rows, target)
    places = np.full(rows, -1, dtype=np.int64)
    begin = 0
    for part in parts:
        places[part.rows] = np.arange(begin, begin + len(part.rows))
        begin += len(part.rows)
    return pa.concat_arrays([*converted, pa.nulls(0, target)]).take(pa.array(places, mask=places < 0))
