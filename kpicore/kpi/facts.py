"""Facts of a ledger: recorded, taken away, imported, read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore.errors import InvalidInput
from kpicore.kpi.house import House

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from kpicore.ledger.buffer import Buffer
    from kpicore.ledger.records import Cut, Receipt
    from kpicore.sources.files import Progress
    from kpicore.sources.reports import ImportReport


class Facts(House):
    """What `Kpi` does with facts."""

    def record(
        self,
        fact_type: str,
        rows: Any,
        *,
        source: str,
        batch_key: str,
        complete_until: int | datetime | str | None = None,
        by: str | None = None,
        correlation: str | None = None,
    ) -> Receipt:
        """Record rows of one fact type: all of them, or none.

        Args:
            fact_type: Name of the fact type.
            rows: Anything with `__arrow_c_stream__`, a list of dicts, or attrs objects.
            source: The system that they come from: part of every fact's identity.
            batch_key: Names the batch within its source; the same batch again has no effect.
            complete_until: The source has sent everything of this type before that instant.
            by: Who records it.
            correlation: An identifier of the caller's own.

        Raises:
            NotFound: There is no such fact type.
            InvalidInput: Rows are refused; `rows` of the error lists them.
            Conflict: The batch key is there with other rows.
            LedgerUnavailable: Nothing was recorded; the same call may succeed later.
        """
        from kpicore.ledger.records import Batch
        from kpicore.ledger.rows import check_rows, refuse

        found = self.fact_type(fact_type)
        table, refused = check_rows(found, rows)
        if refused:
            raise refuse(f"{fact_type} of {source}, {batch_key}", refused)
        batch = Batch(found, table, source, batch_key, by=by, correlation=correlation, complete_until=complete_until)
        return self.ledger.record([batch])[0]

    def buffer(self, source: str, *, by: str | None = None) -> Buffer:
        """For facts that come one by one: `buffer.add("lead_created", [row])` gives an acknowledgement.

        Appends are committed together; `.wait()` of an acknowledgement returns when its facts are on disk, `flush` and
        leaving the context commit what is left. A fact that is sent again with the same key is the same fact.

        Args:
            source: The system that they come from: part of every fact's identity.
            by: Who records them.
        """
        return self.ledger.buffer(source, by=by, find=self.fact_type)

    def retract(
        self,
        fact_type: str,
        keys: Sequence[Any],
        *,
        source: str,
        batch_key: str,
        reason: str,
        by: str | None = None,
    ) -> Receipt:
        """Take facts away by their keys; what was known before stays as it was known.

        Args:
            fact_type: Name of the fact type.
            keys: One text a fact; a tuple or a dict of key fields where the key has several.
            source: The source of the facts.
            batch_key: Names this retraction within its source.
            reason: Why.
            by: Who takes them away.

        Raises:
            NotFound, InvalidInput, Conflict: As `record`.
        """
        from kpicore.ledger.records import Batch
        from kpicore.ledger.rows import check_keys, refuse

        found = self.fact_type(fact_type)
        if keys is None or isinstance(keys, str | bytes):
            raise InvalidInput(
                f"{keys!r} is not a list of keys", where="keys", hint='put keys into a list: ["D-17", "D-18"]'
            )
        table, refused = check_keys(found, keys)
        if refused:
            raise refuse(f"{fact_type} of {source}, {batch_key}", refused)
        batch = Batch(found, table, source, batch_key, kind="retraction", by=by, reason=reason)
        return self.ledger.record([batch])[0]

    def import_files(
        self,
        files: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
        map: str | os.PathLike[str],  # noqa: A002 - the contract's name
        *,
        source: str | None = None,
        by: str | None = None,
        keep_good: bool = False,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Record the rows of files, read through an import map. One file is one transaction.

        Args:
            files: One or several.
            map: The import map.
            source: Where the facts come from; None: what the map says, or its name.
            by: Who imports.
            keep_good: Record good rows although others are refused, and write the refused ones beside the file.
            progress: Called now and then with the file's name, rows done, rows in all (None: not known yet), bytes
                done, and bytes in all.

        Raises:
            InvalidInput: Map or file is wrong, or rows are refused: nothing of that file is recorded.
        """
        from kpicore.sources.importer import import_files

        listed = [files] if isinstance(files, str | os.PathLike) else list(files)
        return import_files(
            self.ledger,
            self.definitions.fact_types,
            [Path(file) for file in listed],
            Path(map),
            source=source,
            by=by,
            keep_good=keep_good,
            progress=progress,
        )

    def facts(self, fact_type: str, cut: int | str | datetime | Cut | None = None) -> pa.Table:
        """The facts of one type: an Arrow table, resolved, with position and row.

        Args:
            fact_type: Its name.
            cut: As known at a position or a time; None: now.

        Raises:
            NotFound: There is no such fact type.
        """
        self.fact_type(fact_type)
        table = self.world(cut).table(fact_type)
        return table.rename_columns([name.removeprefix("kpi_") for name in table.column_names])
