"""The locked DuckDB of an import: it sees the tables that it is handed for one query, and nothing else."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from kpicore.engines.duckdb import connect_locked, interruptible
from kpicore.errors import InvalidInput

if TYPE_CHECKING:
    import pyarrow as pa


_WHATEVER_THE_ROWS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.NotImplementedException,
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
)


class Sql:
    """Runs checked SQL over Arrow tables; a context manager."""

    def __init__(self) -> None:
        self._connection = connect_locked()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def query(self, sql: str, where: str, **tables: pa.Table) -> pa.Table:
        """The rows of one SELECT, in no particular order.

        Args:
            sql: Checked.
            where: Which part of the map says it, for the error.
            tables: What it may read, by name.

        Raises:
            InvalidInput: The engine cannot run it: `sql_refused` on any rows, `sql_failed` on these.
        """
        try:
            with interruptible():
                for name, table in tables.items():
                    self._connection.register(name, table)
                return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            message = str(error).partition("\n")[0]
            code = "sql_refused" if isinstance(error, _WHATEVER_THE_ROWS) else "sql_failed"
            raise InvalidInput(
                message.partition(" Error: ")[2] or message, code=code, where=where, hint="mend the SQL of the map"
            ) from error
        finally:
            for name in tables:
                self._connection.unregister(name)
