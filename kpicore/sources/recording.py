"""From mapped rows to batches of the ledger, and from receipts to reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpicore.canonical import sha256_hex
from kpicore.errors import Conflict
from kpicore.ledger.records import Batch, Receipt
from kpicore.ledger.store import Ledger
from kpicore.sources.files import Job, MappedFile
from kpicore.sources.lookalikes import lookalikes
from kpicore.sources.maps import FactEntry
from kpicore.sources.opened import InputFile
from kpicore.sources.reports import FactReport, FileReport
from kpicore.sources.snapshots import Difference, difference
from kpicore.sources.spool import Spool

#: A snapshot into whose facts others write meanwhile is compared anew at most so often.
_MOST_TRIES = 20
#: So many files are named in a reason.
_NAMED = 3


def append_batches(
    job: Job, mapped: MappedFile, spools: Mapping[int, Spool], source: str, by: str | None
) -> dict[int, Batch]:
    """The batches of a file's append entries, by the entry's index; entries without facts have none.

    A declared `complete_until` is recorded though there are no facts: then the source says that there were none.
    """
    complete_until = job.import_map.file.complete_until
    return {
        entry.index: Batch(
            job.fact_types[entry.type],
            spools[entry.index].table(),
            source,
            mapped.keys[entry.index],
            by=by,
            complete_until=complete_until,
        )
        for entry in job.import_map.facts
        if entry.mode == "append" and (spools[entry.index].rows or complete_until is not None)
    }


def fact_reports(entries: Iterable[FactEntry], receipts: Mapping[int, Receipt]) -> list[FactReport]:
    """What was recorded of each fact type, in the order of the entries."""
    reports: dict[str, FactReport] = {}
    for entry in entries:
        report = FactReport(entry.type)
        if entry.index in receipts:
            receipt = receipts[entry.index]
            rows, again = (0, receipt.rows) if receipt.duplicate else (receipt.rows, 0)
            report = FactReport(entry.type, rows, again, receipts=(receipt,))
        reports[entry.type] = reports[entry.type].plus(report) if entry.type in reports else report
    return list(reports.values())


class Snapshot:
    """The files of one state of a source, recorded as what they change.

    Args:
        job: The import.
        files: Its files, mapped.
        states: Their facts, by type.
        source, by: As in batches.
    """

    def __init__(
        self,
        job: Job,
        files: Sequence[tuple[InputFile, MappedFile]],
        states: Mapping[str, Spool],
        source: str,
        by: str | None,
    ) -> None:
        self.job, self.files, self.source, self.by = job, files, source, by
        self.states = {name: spool.table() for name, spool in states.items()}
        names = [file.name for file, _ in files]
        self.name = ", ".join(names)
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        self.reason = f"no longer in {', '.join(names[:_NAMED])}{more}"
        self.digest = sha256_hex("\n".join(sorted(file.digest for file, _ in files)).encode())
        self.keys = {name: sha256_hex("\n".join(self._keys_of(name)).encode()) for name in self.states}

    def record(self, ledger: Ledger, appended: Sequence[tuple[FactEntry, Batch]]) -> FileReport:
        """Record what is new, differs or is gone, together with the batches of the other entries.

        Raises:
            Conflict: Others keep writing into the same facts.
        """
        for _ in range(_MOST_TRIES):
            cut = ledger.cut()
            changes = {
                name: difference(ledger, self.job.fact_types[name], self.source, table, cut, self.job.sql)
                for name, table in self.states.items()
            }
            complete = ledger.complete_until(cut)
            batches = {name: self._batches(name, one, cut.facts, complete) for name, one in changes.items()}
            listed = [batch for group in batches.values() for batch in group]
            receipts = ledger.record([*(batch for _, batch in appended), *listed])
            by_key = {receipt.batch_key: receipt for receipt in receipts}
            if not self._disturbed(ledger, cut.facts, set(by_key)):
                return self._report(appended, changes, batches, by_key)
        raise Conflict("others keep changing the facts of this source", where=self.source, hint="import it again")

    def _keys_of(self, name: str) -> list[str]:
        entries = [entry.index for entry in self.job.import_map.facts if entry.type == name]
        return sorted(mapped.keys[index] for _, mapped in self.files for index in entries)

    def _batches(
        self, name: str, change: Difference, position: int, complete: Mapping[tuple[str, str], int]
    ) -> list[Batch]:
        """The same snapshot may come again after another one: what it changes then is another batch."""
        fact_type = self.job.fact_types[name]
        key = f"{self.keys[name]}.{name}.after-{position}"
        until = self.job.import_map.file.complete_until
        news = until is not None and complete.get((self.source, name), until - 1) < until
        batches = []
        if change.changed.num_rows or news:
            batches.append(Batch(fact_type, change.changed, self.source, key, by=self.by, complete_until=until))
        if change.gone.num_rows:
            gone = Batch(
                fact_type, change.gone, self.source, f"{key}.gone", kind="retraction", by=self.by, reason=self.reason
            )
            batches.append(gone)
        return batches

    def _disturbed(self, ledger: Ledger, position: int, own: set[str]) -> bool:
        """Whether someone else wrote facts of this source between the comparison and its recording."""
        headers = [header for header in ledger.headers() if header.position > position]
        last = max((header.position for header in headers if header.batch_key in own), default=0)
        return any(
            header.position < last
            and header.batch_key not in own
            and header.source == self.source
            and header.fact_type in self.states
            for header in headers
        )

    def _report(
        self,
        appended: Sequence[tuple[FactEntry, Batch]],
        changes: Mapping[str, Difference],
        batches: Mapping[str, Sequence[Batch]],
        by_key: Mapping[str, Receipt],
    ) -> FileReport:
        reports: dict[str, FactReport] = {entry.type: FactReport(entry.type) for entry in self.job.import_map.facts}
        for entry, batch in appended:
            found = fact_reports([entry], {entry.index: by_key[batch.batch_key]})[0]
            reports[entry.type] = reports[entry.type].plus(found)
        for name, change in changes.items():
            receipts = [by_key[batch.batch_key] for batch in batches[name]]
            fresh = any(not receipt.duplicate for receipt in receipts)
            rows = change.changed.num_rows
            reports[name] = FactReport(
                name,
                rows if fresh else 0,
                0 if fresh else rows,
                change.unchanged,
                change.gone.num_rows if fresh else 0,
                receipts,
            )
        read = sum(mapped.read for _, mapped in self.files)
        alike = lookalikes(self.states.items())
        return FileReport(self.name, self.digest, read, 0, None, list(reports.values()), alike)
