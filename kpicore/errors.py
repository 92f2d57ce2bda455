"""The errors that kpicore raises: who is concerned, what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

__all__ = [
    "Conflict",
    "Incomplete",
    "InvalidDefinition",
    "InvalidInput",
    "KpicoreError",
    "LedgerUnavailable",
    "NotFound",
    "Refused",
    "RefusedRow",
]


class KpicoreError(Exception):
    """Base of all errors that a user or a caller can act on.

    Args:
        message: What is wrong, in one sentence.
        code: Stable, dotted or snake-case name of the error; the class's own when not given.
        where: What is concerned: plugin, definition, file and line, batch, row …
        hint: What to do next.
    """

    default_code: ClassVar[str] = "error"
    #: Exit code of the command line.
    exit_code: ClassVar[int] = 2
    #: Whether the same call may succeed later without any change.
    retryable: ClassVar[bool] = False

    def __init__(
        self, message: str, *, code: str | None = None, where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text

    def to_dict(self) -> dict[str, Any]:
        """The error as the JSON documents carry it: code, message, where, hint."""
        return {"code": self.code, "message": self.message, "where": self.where, "hint": self.hint}


class RefusedRow:
    """One row that was not taken: where it stands, which value, and why.

    Args:
        row: Position in the input, from 0; for files `line` is what a person looks for. −1 where it cannot be told.
        column: Name of the column, None where the whole row is concerned.
        value: The value as text, None for null.
        reason: Why it was refused.
        line: Line in the file, from 1, where the input is a text file.
        file: Name of the file.
    """

    __slots__ = ("column", "file", "line", "reason", "row", "value")

    def __init__(
        self,
        row: int,
        column: str | None,
        value: str | None,
        reason: str,
        *,
        line: int | None = None,
        file: str | None = None,
    ) -> None:
        self.row, self.column, self.value, self.reason = row, column, value, reason
        self.line, self.file = line, file

    def to_dict(self) -> dict[str, Any]:
        """All six parts by name."""
        return {name: getattr(self, name) for name in ("file", "line", "row", "column", "value", "reason")}

    def __repr__(self) -> str:
        if self.line is not None:
            place = f"{self.file or ''}:{self.line}"
        else:
            place = f"row {self.row}" if self.row >= 0 else self.file or "a row"
        column = f", {self.column}" if self.column else ""
        value = f" = {self.value!r}" if self.value is not None else ""
        return f"{place}{column}{value}: {self.reason}"


class InvalidInput(KpicoreError):
    """Rows, files, maps or arguments that cannot be taken as they are; `rows` lists refused rows."""

    default_code = "invalid_input"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        rows: Sequence[RefusedRow] = (),
        refused: int | None = None,
    ) -> None:
        super().__init__(message, code=code, where=where, hint=hint)
        self.rows = list(rows)
        #: How many rows were refused in all; `rows` may be only the first of them.
        self.refused = len(self.rows) if refused is None else refused

    def to_dict(self) -> dict[str, Any]:
        document = super().to_dict()
        if self.rows:
            document["refused"] = self.refused
            document["rows"] = [row.to_dict() for row in self.rows]
        return document


class InvalidDefinition(InvalidInput):
    """A fact type, relation, measure, indicator, curve or scorecard that does not hold together."""

    default_code = "invalid_definition"


class Conflict(KpicoreError):
    """The same name or batch key is there already with other content."""

    default_code = "conflict"


class NotFound(KpicoreError):
    """Nothing of that name is there."""

    default_code = "not_found"


class Refused(KpicoreError):
    """Understood, and not done: a rule forbids it, or it is not built yet."""

    default_code = "refused"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, where=where, hint=hint)
        self.details = dict(details or {})


class Incomplete(KpicoreError):
    """Something that is needed was erased or is not here."""

    default_code = "incomplete"
    exit_code = 3


class LedgerUnavailable(KpicoreError):
    """The ledger cannot be reached or written now; the same call may succeed later."""

    default_code = "ledger_unavailable"
    retryable = True
