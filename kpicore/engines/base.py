"""What an engine is: it filters, joins and adds up integers and decimals. Nothing else is asked of it.

Division, roots, rounding and weights happen outside, in exact arithmetic, so that every engine gives the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pyarrow as pa


class Session(Protocol):
    """One caller's view of an engine: its tables, and nobody else's. One thread at a time may use it."""

    @property
    def alive(self) -> bool:
        """Whether it can still be asked: not after its engine was closed, nor in a forked process."""
        ...

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """See more tables, or others in the place of those of the same names (see `Engine.session`)."""
        ...

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT in DuckDB's dialect; instants are int64 µs UTC. A session may keep its plan for the next time."""
        ...

    def hold(self, name: str, sql: str) -> None:
        """See the rows of one SELECT under a name that the session does not have, until they are let go."""
        ...

    def release(self, name: str) -> None:
        """Let go of what is held under a name."""
        ...


@runtime_checkable
class Engine(Protocol):
    """Runs compiled statements over Arrow tables. Thread-safe: each call opens a session of its own."""

    name: str

    def session(self, tables: Mapping[str, pa.Table]) -> AbstractContextManager[Session]:
        """A session that sees `tables` under their names.

        Args:
            tables: Arrow tables by name; columns are strings, booleans, int64 and decimals.
        """
        ...

    def describe(self) -> dict[str, str]:
        """Name and version, as an evaluation records them."""
        ...
