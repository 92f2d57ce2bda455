"""Files into the ledger through an import map: one file is one transaction, and the same file twice has no effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pyarrow as pa

from kpicore.definitions.facts import FactType
from kpicore.errors import InvalidInput, KpicoreError
from kpicore.ledger.records import Batch, named
from kpicore.ledger.schema import arrow_schema
from kpicore.ledger.store import Ledger
from kpicore.sources.binding import check_map
from kpicore.sources.engine import Sql
from kpicore.sources.files import FileImport, Job, LoadedLookup, MappedFile, Progress
from kpicore.sources.lookalikes import lookalikes
from kpicore.sources.map_files import load_map
from kpicore.sources.maps import FactEntry, ImportMap, Lookup
from kpicore.sources.opened import InputFile, opened
from kpicore.sources.readers import open_reader, refuse_unbuilt
from kpicore.sources.recording import Snapshot, append_batches, fact_reports
from kpicore.sources.refused import Refusals
from kpicore.sources.refused_files import RefusedFile
from kpicore.sources.reports import FileReport, ImportReport
from kpicore.sources.spool import Spool

_LARGEST_LOOKUP = 256 << 20


def import_files(
    ledger: Ledger,
    fact_types: Mapping[str, FactType],
    files: Sequence[str | Path] | str | Path,
    map: ImportMap | str | Path,  # noqa: A002 - the name of the argument is the contract's
    *,
    source: str | None = None,
    by: str | None = None,
    keep_good: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files through a map.

    One file is one transaction. A map with a snapshot takes all files as one state of the source, in one transaction.

    Args:
        ledger: Where the facts go.
        fact_types: The known ones, by name.
        files: Text, Parquet or Arrow files.
        map: An import map, or its file.
        source: Where the facts come from; by default what the map says, else the name of the map's file.
        by: Who imports.
        keep_good: Where rows are refused, record the others, and write the refused ones to `FILE.refused.csv`.
        progress: Called after every block with the file's name, the rows done and in all (None where only reading
            tells), the bytes done and in all.

    Raises:
        NotFound: A file is not there.
        InvalidInput: The map does not fit, a file cannot be read, or rows are refused: `rows` has the first thousand
            refused values, `refused` the number of rows. Nothing of that file is recorded; files before it are.
        Refused: A format is not built yet.
        Conflict: The same file and map gave other facts before.
    """
    import_map = map if isinstance(map, ImportMap) else load_map(map)
    check_map(import_map, fact_types)
    paths = [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]
    if not paths:
        raise InvalidInput("no file is named", code="no_files", where=import_map.where(), hint="name at least one file")
    for path in paths:
        refuse_unbuilt(path, import_map.file)
    source = named(source if source is not None else import_map.default_source, "source")
    with Sql() as sql:
        lookups = {name: _looked_up(lookup) for name, lookup in import_map.lookups.items()}
        job = Job(import_map, fact_types, lookups, sql, ledger.latest_plausible(), keep_good, progress)
        if import_map.snapshot:
            return ImportReport(source, [_snapshot(ledger, job, paths, source, by)])
        done: list[FileReport] = []
        for path in paths:
            try:
                done.append(_file(ledger, job, path, source, by))
            except KpicoreError as error:
                if done:
                    before = f"{len(done)} files before it are recorded, a repeat leaves them as they are"
                    error.hint = f"{error.hint}; {before}" if error.hint else before
                raise
    return ImportReport(source, done)


def _file(ledger: Ledger, job: Job, path: Path, source: str, by: str | None) -> FileReport:
    with ExitStack() as stack:
        spools = {entry.index: _spool(stack, job, entry) for entry in job.import_map.facts}
        file, out, mapped = _mapped(stack, job, path, spools)
        batches = append_batches(job, mapped, spools, source, by)
        receipts = dict(zip(batches, ledger.record(list(batches.values())), strict=True))
        refused_file = out.finish() if out is not None else None
        return FileReport(
            file.name,
            file.digest,
            mapped.read,
            mapped.refusals.total,
            str(refused_file) if refused_file is not None else None,
            fact_reports(job.import_map.facts, receipts),
            lookalikes((batch.fact_type.name, batch.table) for batch in batches.values()),
        )


def _snapshot(ledger: Ledger, job: Job, paths: Sequence[Path], source: str, by: str | None) -> FileReport:
    with ExitStack() as stack:
        entries = job.import_map.facts
        states: dict[str, Spool] = {}
        for entry in entries:
            if entry.mode == "snapshot" and entry.type not in states:
                states[entry.type] = _spool(stack, job, entry)
        appended: list[tuple[FactEntry, Batch]] = []
        files: list[tuple[InputFile, MappedFile]] = []
        for path in paths:
            spools = {
                entry.index: states[entry.type] if entry.type in states else _spool(stack, job, entry)
                for entry in entries
            }
            file, _, mapped = _mapped(stack, job, path, spools)
            files.append((file, mapped))
            batches = append_batches(job, mapped, spools, source, by)
            appended += [(entry, batches[entry.index]) for entry in entries if entry.index in batches]
        if not any(mapped.read for _, mapped in files):
            raise InvalidInput(
                "a snapshot without rows would retract everything",
                code="empty_snapshot",
                where=", ".join(file.name for file, _ in files[:3]),
                hint="retract the facts by name if that is meant",
            )
        return Snapshot(job, files, states, source, by).record(ledger, appended)


def _spool(stack: ExitStack, job: Job, entry: FactEntry) -> Spool:
    return stack.enter_context(Spool(arrow_schema(job.fact_types[entry.type])))


def _mapped(
    stack: ExitStack, job: Job, path: Path, spools: Mapping[int, Spool]
) -> tuple[InputFile, RefusedFile | None, MappedFile]:
    """Map a file; what it opened is closed with the stack."""
    file = stack.enter_context(opened(path))
    reader = stack.enter_context(closing(open_reader(file, job.import_map.file)))
    out = None
    if job.keep_good and job.separable:
        out = stack.enter_context(RefusedFile(path, reader, job.import_map.file))
    refusals = Refusals(file, reader, out)
    mapped = FileImport(job, file, reader, refusals, spools).run()
    file.check_unchanged()
    return file, out, mapped


def _looked_up(lookup: Lookup) -> LoadedLookup:
    """A lookup's rows, all of them.

    Raises:
        InvalidInput: It is too large, cannot be read, or has rows with too few or too many cells.
    """
    refuse_unbuilt(lookup.path, lookup.options)
    with opened(lookup.path) as file, closing(open_reader(file, lookup.options)) as reader:
        if file.size > _LARGEST_LOOKUP:
            raise file.bad(f"a lookup has at most {_LARGEST_LOOKUP >> 20} MiB", code="too_large")
        tables = []
        for block in reader.blocks(reader.readable):
            if block.problems:
                raise file.bad("a cell has a zero character")
            tables.append(block.table)
        for row, cells in reader.ragged:
            [found] = reader.find([row], None)
            raise file.bad(f"the row has {cells} cells instead of {len(reader.names)}", line=found.line)
        empty = pa.schema([(name, pa.string()) for name in reader.readable]).empty_table()
        return LoadedLookup(pa.concat_tables(tables) if tables else empty, file.digest)
