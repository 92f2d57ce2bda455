"""One file through a map: its rows as facts of each [[fact]], or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from kpicore.canonical import sha256_hex
from kpicore.definitions.facts import FactType
from kpicore.errors import InvalidInput, RefusedRow
from kpicore.sources.binding import Binding
from kpicore.sources.blocks import Block, Reader, shown
from kpicore.sources.engine import Sql
from kpicore.sources.expressions import ROW
from kpicore.sources.maps import FactEntry, ImportMap
from kpicore.sources.opened import InputFile
from kpicore.sources.refused import LISTED, Refusals, listed
from kpicore.sources.selects import Select
from kpicore.sources.spool import Spool

#: Called with the file's name, rows done, rows in all (None where only reading tells), bytes done and bytes in all.
Progress: TypeAlias = Callable[[str, int, "int | None", int, int], None]


@frozen
class LoadedLookup:
    """A lookup in memory.

    Args:
        table: Its rows.
        digest: SHA-256 of its file.
    """

    table: pa.Table
    digest: str


@frozen
class Job:
    """What all files of one import share.

    Args:
        import_map: Checked.
        fact_types: By name.
        lookups: By name.
        sql: Runs the map's SQL.
        latest: The latest plausible `occurred_at`, microseconds UTC.
        keep_good: Good rows are kept where others are refused.
        progress: Told after every block, or None.
    """

    import_map: ImportMap
    fact_types: Mapping[str, FactType]
    lookups: Mapping[str, LoadedLookup]
    sql: Sql
    latest: int | None
    keep_good: bool
    progress: Progress | None
    _bound: dict[tuple[int, tuple[str, ...]], Binding] = field(factory=dict, init=False)
    _selects: dict[tuple[int, tuple[str, ...]], Select] = field(factory=dict, init=False)

    def bound(self, entry: FactEntry, columns: Sequence[str], file: str) -> Binding:
        """An entry bound to the columns of a file; files with the same columns share it."""
        key = (entry.index, tuple(columns))
        if key not in self._bound:
            fact_type = self.fact_types[entry.type]
            self._bound[key] = Binding(self.import_map, entry, fact_type, columns, file, self.sql, self.latest)
        return self._bound[key]

    def select(self, entry: FactEntry, text: str, columns: Sequence[str], file: str) -> Select:
        """The SELECT of an entry over the columns of a file; files with the same columns share it."""
        key = (entry.index, tuple(columns))
        if key not in self._selects:
            lookups = {name: lookup.table.column_names for name, lookup in self.lookups.items()}
            where = self.import_map.where(entry, "from")
            self._selects[key] = Select(text, where, {"file": columns, **lookups}, file)
        return self._selects[key]

    @property
    def separable(self) -> bool:
        """Whether good rows can be told from refused ones: a fact of several rows, or a state, needs all of them."""
        return not self.import_map.snapshot and all(entry.select is None for entry in self.import_map.facts)


@frozen
class MappedFile:
    """What a file gave.

    Args:
        read: How many rows it has.
        refusals: Those that were left out.
        keys: The batch key of each entry, by its index.
    """

    read: int
    refusals: Refusals
    keys: Mapping[int, str]


class FileImport:
    """Maps one opened file.

    Args:
        job: The import.
        file, reader: The file.
        refusals: Takes its refused rows.
        spools: Where the facts of each entry go, by the entry's index.

    Raises:
        InvalidInput: A column is not there, or SQL is not allowed.
    """

    def __init__(
        self, job: Job, file: InputFile, reader: Reader, refusals: Refusals, spools: Mapping[int, Spool]
    ) -> None:
        self.job, self.file, self.reader, self.refusals, self.spools = job, file, reader, refusals, spools
        self.plain: list[tuple[FactEntry, Binding]] = []
        self.selects: list[tuple[FactEntry, Select]] = []
        for entry in job.import_map.facts:
            if entry.select is None:
                self.plain.append((entry, job.bound(entry, reader.names, file.name)))
            else:
                self.selects.append((entry, job.select(entry, entry.select, reader.names, file.name)))

    def run(self) -> MappedFile:
        """Read the file from end to end.

        Raises:
            InvalidInput: It cannot be read, or rows are refused and the good ones are not to be kept.
        """
        keep = self.job.keep_good and self.job.separable
        selected = [name for _, select in self.selects for name in select.columns]
        wanted = {*selected, *(name for _, binding in self.plain for name in binding.columns)}
        also = self.reader.readable if keep else self.reader.readable[:1] if not wanted else ()
        columns = [name for name in self.reader.names if name in wanted or name in also]
        parts: list[pa.Table] = []
        read = 0
        for block in self.reader.blocks(columns):
            read += block.table.num_rows
            mapped = [binding.run(block, list_all=keep) for _, binding in self.plain]
            bad = self.refusals.block(block, mapped)
            if keep or not self.refusals.total:
                for (entry, _), one in zip(self.plain, mapped, strict=True):
                    also_bad = bad[one.offsets]
                    table = one.table.filter(pa.array(~also_bad)) if also_bad.any() else one.table
                    self.spools[entry.index].append(table)
            if self.selects:
                here = block.table.select(list(dict.fromkeys(selected)))
                parts.append(here.append_column(ROW, pa.array(block.rows)))
            self._tell(read, self.reader.rows_total, block.bytes_done)
        self.refusals.finish()
        if parts and not self.refusals.total:
            self._select(pa.concat_tables(parts))
        if self.refusals.total and not keep:
            raise self._refused()
        read += len(self.reader.ragged)
        self._tell(read, read, self.file.size)
        return MappedFile(read, self.refusals, self._keys())

    def _select(self, whole: pa.Table) -> None:
        lookups = {name: lookup.table for name, lookup in self.job.lookups.items()}
        for entry, select in self.selects:
            selected = select.run(self.job.sql, {"file": whole, **lookups})
            if selected.problems:
                refused = np.unique(np.concatenate([problem.offsets for problem in selected.problems]))
                found = [row for problem in selected.problems for row in listed(problem, problem.offsets, LISTED)]
                self.refusals.selected(found, len(refused))
                continue
            table = selected.table
            rows = np.full(table.num_rows, -1, dtype=np.int64)
            if ROW in table.column_names:
                rows = np.asarray(table[ROW], dtype=np.int64)
                table = table.drop_columns([ROW])
            mapped = self.job.bound(entry, table.column_names, self.file.name).run(Block(table, rows, self.file.size))
            if len(mapped.refused):
                found = [row for problem in mapped.problems for row in listed(problem, rows[problem.offsets], LISTED)]
                found += [
                    RefusedRow(int(rows[row.row]), row.column, shown(row.value), row.reason) for row in mapped.listed
                ]
                self.refusals.selected(found, len(mapped.refused))
            self.spools[entry.index].append(mapped.table)

    def _refused(self) -> InvalidInput:
        error = self.refusals.error()
        if not self.job.separable:
            error.hint = "mend them: a snapshot, and facts that `from` makes of several rows, need all rows of the file"
        return error

    def _keys(self) -> dict[int, str]:
        """The batch key of each entry: the file's content, the fact type, and all of the map that has a part in it."""
        lookups = {name: lookup.digest for name, lookup in self.job.lookups.items()}
        reads = {entry.index: select.reads for entry, select in self.selects}
        keys = {}
        for entry in self.job.import_map.facts:
            used = {name: lookups[name] for name in reads.get(entry.index, ()) if name != "file"}
            digest = self.job.import_map.entry_digest(entry, used)
            keys[entry.index] = f"{self.file.digest}.{entry.type}.{digest[:16]}{self._without()}"
        return keys

    def _without(self) -> str:
        """The same file without other rows is another batch: one that is mended, or no longer in the future, is new."""
        return f".without-{sha256_hex(self.refusals.rows().tobytes())[:16]}" if self.refusals.total else ""

    def _tell(self, rows: int, rows_total: int | None, bytes_done: int) -> None:
        if self.job.progress is not None:
            self.job.progress(self.file.name, rows, rows_total, bytes_done, self.file.size)
