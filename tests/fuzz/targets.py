"""What reads inputs from outside: each takes bytes, and gives a result or an error that names what is wrong."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from kpicore.definitions.algebra.sql import parse_expression, parse_select
from kpicore.definitions.book import Definitions, name_of
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.facts import FactType
from kpicore.errors import KpicoreError
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.ledger.store import Ledger
from kpicore.sources import import_files
from kpicore.vocabulary import definitions
from tests.fuzz import seeds

#: A ledger takes so many files before the next one is begun.
_FILES_A_LEDGER = 500


class Target:
    """Something that reads.

    Args:
        name: As it is called.
        make: Makes the whole inputs.
        text: Whether they are texts.
    """

    def __init__(self, name: str, make: Callable[[], Sequence[bytes]], *, text: bool) -> None:
        self.name, self.text = name, text
        self._make = make

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        """The whole inputs."""
        return self._make()

    def run(self, data: bytes) -> bool:
        """Read one input; whether it was taken. Anything but a KpicoreError is a fault."""
        try:
            self.read(data)
        except KpicoreError as error:
            refusal = error
        else:
            return True
        assert refusal.code
        assert str(refusal).encode()
        assert json.dumps(refusal.to_dict())
        return False

    def read(self, data: bytes) -> None:
        """Read it, or raise."""
        raise AssertionError(data)

    def close(self) -> None:
        """Leave nothing behind."""


class Importer(Target):
    """Files of one format, or maps, and a ledger that a refused one leaves as it was."""

    def __init__(
        self, name: str, make: Callable[[], Sequence[bytes]], file: str, text: bool, import_map: str | None = None
    ) -> None:
        super().__init__(name, make, text=text)
        self.folder = Path(tempfile.mkdtemp(prefix="kpicore-fuzz-"))
        self.fact_types = {one.name: one for one in definitions() if isinstance(one, FactType)}
        self.file, self.map = self.folder / file, self.folder / "map.toml"
        self.mapped = import_map is None
        if import_map is not None:
            self.map.write_text(import_map, "utf-8")
        self.ledger, self.files = Ledger.open(self.folder / "kpi.db"), 0

    def read(self, data: bytes) -> None:
        """Import it; if it is refused, the ledger stays as it was."""
        if self.files == _FILES_A_LEDGER:
            self._renew()
        self.files += 1
        (self.map if self.mapped else self.file).write_bytes(data)
        if self.mapped and not self.file.exists():
            self.file.write_text(seeds.ANY_FILE, "utf-8")
        before = self.ledger.cut(), len(self.ledger.headers())
        try:
            import_files(self.ledger, self.fact_types, [self.file], self.map)
        except KpicoreError:
            assert (self.ledger.cut(), len(self.ledger.headers())) == before
            raise

    def close(self) -> None:
        """The ledger is intact whatever came in."""
        assert self.ledger.verify().intact
        self.ledger.close()
        shutil.rmtree(self.folder)

    def _renew(self) -> None:
        assert self.ledger.verify().intact
        self.ledger.close()
        for file in self.folder.glob("kpi.db*"):
            file.unlink()
        self.ledger, self.files = Ledger.open(self.folder / "kpi.db"), 0


class DefinitionReader(Target):
    """Definitions as documents: one that is taken comes back the same, and is checked among all others."""

    def read(self, data: bytes) -> None:
        """Decode, encode and check it."""
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return
        definition = from_document(document)
        assert from_document(to_document(definition)) == definition
        book = _book().merged(Definitions.of([definition]))
        check(book, [name_of(definition)])


class SqlReader(Target):
    """SQL of definitions and of maps."""

    def read(self, data: bytes) -> None:
        """Read it in both dialects, as an expression and as a SELECT; one that reads it is enough."""
        text = data.decode("utf-8", "replace")
        refusals: list[KpicoreError] = []
        for read in (parse_expression, parse_select):
            for dialect in ("definition", "map"):
                try:
                    read(text, "fuzz", dialect)
                except KpicoreError as error:
                    refusals.append(error)
        if len(refusals) == 4:
            raise refusals[0]


class CardReader(Target):
    """Scorecards and settings in TOML: one that is taken is the same from its document."""

    def read(self, data: bytes) -> None:
        """Read it as a file's text."""
        card = read_card(data.decode("utf-8", "replace"))
        assert from_document(to_document(card)) == card


_known: list[Definitions] = []


def _book() -> Definitions:
    if not _known:
        _known.append(Catalog(PluginHost(["sales"])).definitions)
    return _known[0]


#: How each target is made.
TARGETS: dict[str, Callable[[], Target]] = {
    "text": lambda: Importer("text", seeds.texts, "file.csv", True, seeds.MAP),
    "jsonl": lambda: Importer("jsonl", seeds.json_lines, "file.jsonl", True, seeds.MAP),
    "parquet": lambda: Importer("parquet", seeds.parquets, "file.parquet", False, seeds.TYPED_MAP),
    "arrow": lambda: Importer("arrow", seeds.arrows, "file.arrow", False, seeds.TYPED_MAP),
    "map": lambda: Importer("map", seeds.maps, "file.csv", True),
    "definition": lambda: DefinitionReader("definition", seeds.documents, text=True),
    "sql": lambda: SqlReader("sql", seeds.statements, text=True),
    "card": lambda: CardReader("card", seeds.cards, text=True),
}
