"""A map's [[fact]] against its fact type and against a file: what fills each field, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidInput, RefusedRow
from kpicore.ledger.rows import Refusals, check_rows
from kpicore.naming import did_you_mean
from kpicore.sources.blocks import Block, Problem, Rows, plain
from kpicore.sources.engine import Sql
from kpicore.sources.expressions import Expressions, checked, refuse_twins, unknown_column
from kpicore.sources.instants import Clock, NoZone, bad_format
from kpicore.sources.maps import ColumnSpec, FactEntry, ImportMap, KeyPart
from kpicore.sources.values import TYPES, Reading, places, read_values

#: Rows whose refusals are surely all listed by one check.
_FEW = 32


def check_map(import_map: ImportMap, fact_types: Mapping[str, FactType]) -> None:
    """Refuse a map whose entries do not fit their fact types.

    Raises:
        InvalidInput: A type, field, key or declaration does not exist or does not fit.
    """
    for entry in import_map.facts:
        fact_type = fact_types.get(entry.type)
        if fact_type is None:
            raise InvalidInput(
                f"there is no fact type {entry.type!r}",
                code="unknown_fact_type",
                where=import_map.where(entry, "type"),
                hint=did_you_mean(entry.type, fact_types),
            )
        _check_entry(import_map, entry, fact_type)


def _check_entry(import_map: ImportMap, entry: FactEntry, fact_type: FactType) -> None:
    fields = fact_type.all_fields()
    if len(entry.key) != len(fact_type.key):
        raise InvalidInput(
            f"key has {len(entry.key)} parts, {entry.type} has {len(fact_type.key)} key fields",
            code="bad_key",
            where=import_map.where(entry, "key"),
            hint=f"in this order: {', '.join(fact_type.key)}",
        )
    for name in entry.columns:
        where = import_map.where(entry, f"columns.{name}")
        if name not in fields:
            hint = did_you_mean(name, fields) or f"its fields are {', '.join(fields)}"
            raise InvalidInput(f"{entry.type} has no field {name!r}", code="unknown_field", where=where, hint=hint)
        if name in fact_type.key:
            raise InvalidInput(f"{name} is a key field", code="bad_key", where=where, hint="`key` fills it")
    for name, spec in _filled(entry, fact_type).items():
        if isinstance(spec, ColumnSpec):
            _check_spec(spec, fields[name], name, import_map.where(entry, f"columns.{name}"))
    for name, field in fields.items():
        if field.required and field.default is None and name not in _filled(entry, fact_type):
            raise InvalidInput(
                f"{entry.type} needs {name}, and nothing fills it",
                code="missing_field",
                where=import_map.where(entry, "columns"),
                hint=f'add {name} = "column of the file"',
            )


def _filled(entry: FactEntry, fact_type: FactType) -> dict[str, KeyPart | ColumnSpec]:
    return {**dict(zip(fact_type.key, entry.key, strict=True)), **entry.columns}


def _check_spec(spec: ColumnSpec, field: Field, name: str, where: str) -> None:
    known = TYPES[field.kind]
    if spec.type is not None and spec.type not in known:
        raise InvalidInput(
            f"{name} is of kind {field.kind}, which a type {spec.type!r} does not fill",
            code="bad_type",
            where=where,
            hint=f"type is {' or '.join(known)}, or is left out",
        )
    if spec.calendar is not None and (field.kind != "instant" or spec.format is None):
        raise InvalidInput(
            "a calendar goes with the format of an instant",
            code="bad_format",
            where=where,
            hint='write format = "%Y/%m/%d" beside it',
        )
    if spec.format is None:
        return
    if field.kind == "instant":
        reason = bad_format(spec.format, spec.calendar)
    elif field.kind == "boolean":
        yes, slash, no = spec.format.partition("/")
        reason = None if slash and yes and no and yes != no and "/" not in no else "write the two words: Yes/No"
    else:
        reason = f"{name} is of kind {field.kind}: a format reads instants and booleans"
    if reason is not None:
        raise InvalidInput(f"the format {spec.format!r} cannot be used", code="bad_format", where=where, hint=reason)


@frozen
class Mapped:
    """What an entry makes of a block.

    Args:
        table: Rows that hold, in the ledger's schema.
        offsets: Which rows of the block they come from.
        problems: What does not hold, by offset in the block.
        listed: Refused values of fields, by offset in `RefusedRow.row`; the first of them, or all if they were asked for.
        refused: Offsets of all refused rows, ascending.
    """

    table: pa.Table
    offsets: Rows
    problems: Sequence[Problem]
    listed: Sequence[RefusedRow]
    refused: Rows


class Binding:
    """An entry bound to its fact type and to the columns of a file.

    Args:
        import_map: Checked with `check_map`.
        entry: One of its entries.
        fact_type: Its fact type.
        columns: Of the file, or of what `from` gives.
        file: The file's name, for errors.
        sql: Runs expressions.
        latest: The latest plausible `occurred_at`, microseconds UTC; None for no limit.

    Raises:
        InvalidInput: A column is not there, or an expression is not allowed.
    """

    def __init__(
        self,
        import_map: ImportMap,
        entry: FactEntry,
        fact_type: FactType,
        columns: Sequence[str],
        file: str,
        sql: Sql,
        latest: int | None,
    ) -> None:
        self.map, self.entry, self.fact_type, self.file, self.latest = import_map, entry, fact_type, file, latest
        self.fields = fact_type.all_fields()
        self.specs = {name: self._resolved(spec, columns) for name, spec in _filled(entry, fact_type).items()}
        for name, spec in self.specs.items():
            _check_spec(spec, self.fields[name], name, self._where(name))
            if spec.column is not None and spec.column not in columns:
                raise unknown_column(spec.column, columns, file, self._where(name))
        by_sql = {name: spec.sql for name, spec in self.specs.items() if spec.sql is not None}
        if entry.where is not None or by_sql:
            refuse_twins(columns, file, import_map.where(entry))
        where = None
        if entry.where is not None:
            where = checked(entry.where, import_map.where(entry, "where"), columns, file)
        trees = [checked(text, self._where(name), columns, file) for name, text in by_sql.items()]
        self.expressions = Expressions(where, trees, list(by_sql.values()), import_map.where(entry), sql)
        self._places = {name: number for number, name in enumerate(by_sql)}
        self.reading = Reading(
            import_map.file.decimal,
            import_map.file.thousands,
            Clock(entry.timezone or import_map.file.timezone, import_map.file.fold),
            sql,
        )
        named = {spec.column for spec in self.specs.values() if spec.column is not None}
        #: The columns of the file that it reads.
        self.columns = [name for name in columns if name in named | self.expressions.columns]

    def _where(self, name: str) -> str:
        return self.map.where(self.entry, "key" if name in self.fact_type.key else f"columns.{name}")

    @staticmethod
    def _resolved(spec: KeyPart | ColumnSpec, columns: Sequence[str]) -> ColumnSpec:
        if isinstance(spec, ColumnSpec):
            return spec
        return (
            ColumnSpec(column=spec.text)
            if spec.text in columns or spec.text.isidentifier()
            else ColumnSpec(sql=spec.text)
        )

    def run(self, block: Block, *, list_all: bool = False) -> Mapped:
        """Map a block; problems of the block itself are not repeated.

        Args:
            block: With at least `columns`.
            list_all: Every refused row is listed, however many they are.
        """
        evaluated = self.expressions.run(block.table)
        count = block.table.num_rows
        kept = np.arange(count) if evaluated.kept is None else evaluated.kept
        problems = list(evaluated.problems)
        bad = np.zeros(count, dtype=np.bool_)
        for problem in (*problems, *block.problems):
            bad[problem.offsets] = True
        columns, sources = {}, {}
        for name, spec in self.specs.items():
            source = self._source(name, spec, block.table, evaluated.values, kept)
            sources[name] = source
            columns[name], reasons = self._read(name, spec, source)
            for mask, reason in reasons:
                at = places(mask)
                at = at[~bad[kept[at]]] if problems else at
                if len(at):
                    shown = (
                        None
                        if spec.sql is not None and not pa.types.is_string(source.type)
                        else source.take(pa.array(at))
                    )
                    problems.append(Problem(kept[at], spec.label, shown, reason))
        for problem in problems:
            bad[problem.offsets] = True
        good = np.flatnonzero(~bad[kept])
        table = pa.table(columns) if columns else pa.table({})
        if len(good) < len(kept):
            table = table.take(pa.array(good))
        offsets = kept[good]
        checked_table, refusals = check_rows(self.fact_type, table, latest=self.latest)
        listed: list[RefusedRow] = []
        if refusals.total:
            every = self._every(table, refusals) if list_all and refusals.total >= _FEW else refusals
            listed = [self._named(row, sources, good, offsets) for row in every]
            bad[offsets[refusals.rows]] = True
            offsets = np.delete(offsets, refusals.rows)
        return Mapped(checked_table, offsets, problems, listed, np.flatnonzero(bad))

    def _source(self, name: str, spec: ColumnSpec, table: pa.Table, values: Sequence[Any], kept: Rows) -> Any:
        """What fills a field, for the rows that are kept."""
        if spec.value is not None:
            return pa.repeat(pa.scalar(spec.value, pa.string()), len(kept))
        column = values[self._places[name]] if spec.sql is not None else table[spec.column].combine_chunks()
        return column if len(kept) == len(column) else column.take(pa.array(kept))

    def _read(self, name: str, spec: ColumnSpec, source: Any) -> tuple[Any, Any]:
        field = self.fields[name]
        try:
            # A constant is the map's own writing: the file's marks between digits are not its.
            reading = self.reading if spec.value is None else evolve(self.reading, decimal=".", thousands=None)
            return read_values(source, field.kind, spec, reading)
        except NoZone as error:
            raise InvalidInput(
                f"the times of {spec.label!r} have no zone",
                code="no_timezone",
                where=self._where(name),
                hint='add timezone = "Asia/Taipei" under [file], or times with an offset',
            ) from error

    def _every(self, table: pa.Table, refusals: Refusals) -> Iterator[RefusedRow]:
        """All refusals, where the check lists only the first: the refused rows are checked again, a few at a time."""
        for start in range(0, refusals.total, _FEW):
            rows = refusals.rows[start : start + _FEW]
            _, few = check_rows(self.fact_type, table.take(pa.array(rows)), latest=self.latest)
            for row in few:
                yield RefusedRow(int(rows[row.row]), row.column, row.value, row.reason)

    def _named(self, row: RefusedRow, sources: Mapping[str, Any], good: Rows, offsets: Rows) -> RefusedRow:
        """A refusal by field told by what a person finds in the file."""
        if row.column is None:
            return RefusedRow(int(offsets[row.row]), None, row.value, row.reason)
        spec = self.specs.get(row.column)
        if spec is None:
            return RefusedRow(int(offsets[row.row]), row.column, row.value, row.reason)
        value = plain(sources[row.column][int(good[row.row])])
        return RefusedRow(int(offsets[row.row]), spec.label, None if value is None else str(value), row.reason)
