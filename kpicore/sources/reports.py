"""What an import did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import asdict, field, frozen

from kpicore.ledger.records import Receipt
from kpicore.sources.lookalikes import Alike


@frozen
class FactReport:
    """What one file, or one snapshot, gave of one fact type.

    Args:
        fact_type: Its name.
        rows: Rows that were recorded now.
        duplicates: Rows that an earlier import of the same content had recorded.
        unchanged: Rows of a snapshot that stand in the ledger as they are.
        retracted: Keys that a snapshot no longer holds.
        receipts: Of what was recorded, or was there already.
    """

    fact_type: str
    rows: int = 0
    duplicates: int = 0
    unchanged: int = 0
    retracted: int = 0
    receipts: Sequence[Receipt] = ()

    def plus(self, other: FactReport) -> FactReport:
        """Both together."""
        return FactReport(
            self.fact_type,
            self.rows + other.rows,
            self.duplicates + other.duplicates,
            self.unchanged + other.unchanged,
            self.retracted + other.retracted,
            [*self.receipts, *other.receipts],
        )

    def to_document(self) -> dict[str, Any]:
        """By name; `positions` are those of the receipts."""
        return {
            "fact_type": self.fact_type,
            "rows": self.rows,
            "duplicates": self.duplicates,
            "unchanged": self.unchanged,
            "retracted": self.retracted,
            "positions": [receipt.position for receipt in self.receipts],
        }


@frozen
class FileReport:
    """What one transaction did: that of a file, or of the files of a snapshot.

    Args:
        file: Name of the file, or of all of them, joined by commas.
        digest: SHA-256 of the content, of several files that of their digests.
        read: Rows that were read.
        refused: Rows that were left out.
        refused_file: Where they are, with reasons.
        facts: By fact type, in the map's order.
        alike: Texts that look the same and are not; they are recorded as they are.
    """

    file: str
    digest: str
    read: int
    refused: int
    refused_file: str | None
    facts: Sequence[FactReport]
    alike: Sequence[Alike] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was recorded."""
        return any(fact.rows or fact.retracted for fact in self.facts)

    def to_document(self) -> dict[str, Any]:
        """By name."""
        return {
            "file": self.file,
            "digest": self.digest,
            "read": self.read,
            "refused": self.refused,
            "refused_file": self.refused_file,
            "changed": self.changed,
            "facts": [fact.to_document() for fact in self.facts],
            "alike": [{**asdict(one), "texts": list(one.texts)} for one in self.alike],
        }


@frozen
class ImportReport:
    """What an import did, transaction by transaction.

    Args:
        source: Under which the facts are recorded.
        files: In the order of the files.
    """

    source: str
    files: Sequence[FileReport] = field(factory=tuple)

    @property
    def facts(self) -> dict[str, FactReport]:
        """The sums over all files, by fact type."""
        sums: dict[str, FactReport] = {}
        for file in self.files:
            for fact in file.facts:
                known = sums.get(fact.fact_type)
                sums[fact.fact_type] = known.plus(fact) if known is not None else fact
        return sums

    @property
    def refused(self) -> int:
        """Rows that were left out, of all files."""
        return sum(file.refused for file in self.files)

    @property
    def changed(self) -> bool:
        """Whether anything was recorded."""
        return any(file.changed for file in self.files)

    @property
    def receipts(self) -> list[Receipt]:
        """All receipts in order."""
        return [receipt for file in self.files for fact in file.facts for receipt in fact.receipts]

    def to_document(self) -> dict[str, Any]:
        """By name, for JSON."""
        return {
            "source": self.source,
            "changed": self.changed,
            "refused": self.refused,
            "facts": [fact.to_document() for fact in self.facts.values()],
            "files": [file.to_document() for file in self.files],
        }
