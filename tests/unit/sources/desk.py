"""A desk for tests: files, maps and what is recorded of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.facts import FactType
from kpicore.errors import InvalidInput
from kpicore.ledger.store import Ledger
from kpicore.sources import ImportReport, import_files

DEALS = """
[file]
timezone = "UTC"
[[fact]]
type  = "deal_won"
where = "deal_stage = 'Won'"
key   = "opportunity_id"
mode  = "append"
[fact.columns]
occurred_at = {column = "close_date", format = "%Y-%m-%d"}
owner_id    = "sales_agent"
customer_id = "account"
amount      = {column = "close_value", type = "decimal"}
product_id  = {sql = "replace(product, 'GTXPro', 'GTX Pro')"}
currency    = {value = "USD"}
"""

#: A map of the fewest words; `{file}` and `{columns}` are for what a test is about.
SMALL = """
[file]
timezone = "UTC"
{file}
[[fact]]
type = "deal_won"
key  = "id"
{entry}
[fact.columns]
occurred_at = {at}
amount = {amount}
{columns}
"""


class Desk:
    """Writes files, imports them, and looks at what is recorded."""

    def __init__(self, folder: Path, ledger: Ledger, fact_types: Mapping[str, FactType]) -> None:
        self.folder, self.ledger, self.fact_types = folder, ledger, fact_types

    def write(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def small(
        self, file: str = "", entry: str = "", columns: str = "", at: str = '"at"', amount: str = '"amount"'
    ) -> Path:
        return self.write("map.toml", SMALL.format(file=file, entry=entry, columns=columns, at=at, amount=amount))

    def run(self, *files: Path, map: Path | str, **options: Any) -> ImportReport:  # noqa: A002
        path = self.write("map.toml", map) if isinstance(map, str) else map
        return import_files(self.ledger, self.fact_types, list(files), path, **options)

    def refused(self, *files: Path, map: Path | str, **options: Any) -> InvalidInput:  # noqa: A002
        """The error of an import that records nothing."""
        before = self.ledger.cut()
        with pytest.raises(InvalidInput) as caught:
            self.run(*files, map=map, **options)
        assert self.ledger.cut() == before
        return caught.value

    def facts(self, name: str = "deal_won") -> list[dict[str, Any]]:
        table = self.ledger.resolved(self.fact_types[name], self.ledger.cut())
        return [{k: v for k, v in row.items() if not k.startswith("kpi_")} for row in table.to_pylist()]


def rows(error: InvalidInput) -> list[tuple[int | None, str | None, str | None]]:
    """Line, column and value of what was refused."""
    return [(row.line, row.column, row.value) for row in error.rows]
