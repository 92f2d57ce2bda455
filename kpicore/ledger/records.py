"""What goes into the ledger and what comes out of it, besides the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from attrs import asdict, field, frozen

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.facts import FactType
from kpicore.errors import InvalidInput
from kpicore.ledger.instants import EPOCH, checked_us, instant_us

BatchKind = Literal["facts", "retraction"]

#: Longest source, batch key, correlation or person, in characters.
_LONGEST_NAME = 500
_LONGEST_TEXT = 10_000


def named(value: Any, what: str) -> str:
    """A short text without control characters that names something.

    Raises:
        InvalidInput: It is not one.
    """
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME or not value.isprintable():
        raise InvalidInput(
            f"{value!r} cannot be the {what}",
            where=what,
            hint=f"a text of 1 to {_LONGEST_NAME} printable characters",
        )
    return spoken(value, what)


def spoken(value: Any, what: str) -> str:
    """A text that people read: a reason, a comment.

    Raises:
        InvalidInput: It is not a text, too long, or not valid Unicode.
    """
    try:
        if isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.encode():
            return value
    except UnicodeEncodeError:
        pass
    raise InvalidInput(
        f"{value!r} cannot be the {what}", where=what, hint=f"a text of up to {_LONGEST_TEXT} characters"
    )


def exact(document: Mapping[str, Any], where: str) -> tuple[dict[str, Any], str]:
    """A document as it reads from the ledger, and its digest.

    Raises:
        InvalidInput: It cannot be kept.
    """
    try:
        text = canonical_json(document)
        text.decode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(
            f"this document cannot be kept: {error}", where=where, hint="keep texts, numbers as texts, lists and tables"
        ) from error
    kept: dict[str, Any] = json.loads(text)
    return kept, sha256_hex(text)


def _optional_us(value: int | datetime | str | None) -> int | None:
    if value is None:
        return None
    return checked_us(value, "complete_until") if isinstance(value, int) else instant_us(value, "complete_until")


def _check_batch_name(batch: Any, attribute: Any, value: Any) -> None:
    del batch
    what = attribute.name.replace("_", " ")
    if value is not None:
        (spoken if attribute.name == "reason" else named)(value, what)
    elif attribute.default is not None:
        raise InvalidInput(f"a batch needs a {what}", where=what, hint="name it in one line of text")


def _check_kind(batch: Any, attribute: Any, value: Any) -> None:
    del batch, attribute
    if value not in get_args(BatchKind):
        raise InvalidInput(f"{value!r} is not a kind of batch", where="kind", hint="facts or retraction")


@frozen
class Batch:
    """Rows of one fact type that are recorded together, under a key that makes a second try harmless.

    Args:
        fact_type: What the rows are.
        table: Rows as `check_rows` returns them; of a retraction, keys as `check_keys` returns them.
        source: The system that they come from: part of every fact's identity.
        batch_key: Names the batch within its source.
        kind: `facts`, or `retraction` of the facts with these keys.
        by: Who recorded it.
        correlation: An identifier of the caller's own.
        complete_until: The source has sent everything of this fact type before that instant: microseconds in UTC,
            or a datetime or ISO text with a zone.
        reason: Why; of retractions.
    """

    fact_type: FactType
    table: Any
    source: str = field(validator=_check_batch_name)
    batch_key: str = field(validator=_check_batch_name)
    kind: BatchKind = field(default="facts", validator=_check_kind)
    by: str | None = field(default=None, validator=_check_batch_name)
    correlation: str | None = field(default=None, validator=_check_batch_name)
    complete_until: int | None = field(default=None, converter=_optional_us)
    reason: str | None = field(default=None, validator=_check_batch_name)


@frozen(kw_only=True)
class BatchHeader:
    """What is known of one stored batch without its rows.

    Args:
        position: Its place in the ledger's order; 0 before it is stored.
        source, batch_key, kind, by, correlation, complete_until, reason: As in `Batch`.
        fact_type, version: Name and version of the fact type.
        rows: Number of rows in this stored event.
        chunk, chunks: Large batches are several stored events: this is number `chunk` of `chunks`, from 1.
        recorded_at: When, in microseconds; never used for order.
        salt: 16 random bytes, in hexadecimal.
        size: Number of bytes of the stored Arrow file.
        digest: SHA-256 of the stored Arrow file, in hexadecimal.
    """

    position: int = 0
    source: str
    batch_key: str
    fact_type: str
    version: str
    kind: BatchKind
    rows: int
    chunk: int
    chunks: int
    recorded_at: int
    by: str | None
    correlation: str | None
    complete_until: int | None
    reason: str | None
    salt: str
    size: int
    digest: str


@frozen
class Receipt:
    """That a batch is in the ledger.

    Args:
        position: Its place in the ledger's order; of its last chunk where it has several.
        rows: Number of rows, of all chunks.
        source, batch_key, fact_type: Which batch.
        recorded_at: When it was first recorded, in microseconds.
        digest: SHA-256 of the stored Arrow file; of several chunks, of their digests in order.
        duplicate: It was there already with the same content, and nothing was recorded.
        chunks: Number of stored events.
    """

    position: int
    rows: int
    source: str
    batch_key: str
    fact_type: str
    recorded_at: int
    digest: str
    duplicate: bool
    chunks: int

    def to_document(self) -> dict[str, Any]:
        """As JSON knows it."""
        when = (EPOCH + timedelta(microseconds=self.recorded_at)).isoformat().replace("+00:00", "Z")
        return {**asdict(self), "recorded_at": when}


@frozen
class Cut:
    """What was known at a place in the ledger.

    Args:
        facts: Position of the last fact batch, 0 before the first.
        rules: Position of the last rule change, 0 before the first.
        as_of: The instant of knowing, in microseconds; None in a ledger without facts. Only maturity uses it.
    """

    facts: int
    rules: int
    as_of: int | None


@frozen
class RuleChange:
    """A rule that is to be adopted.

    Args:
        kind: `indicator`, `scorecard`, `organisation` …
        name: Its name among rules of that kind.
        document: Its canonical form.
        effective: ISO date from which it counts, None for a rule that counts as soon as it is recorded.
    """

    kind: str
    name: str
    document: Mapping[str, Any]
    effective: str | None = None


@frozen
class RuleRecord:
    """An adopted rule.

    Args:
        position: Its place in the ledger's order.
        kind, name, document, effective: As in `RuleChange`.
        digest: SHA-256 of the document's canonical JSON.
        by, reason, comments: Who adopted it, why, and what else was said.
        recorded_at: When, in microseconds; never used for order.
        change: Identifies the rules that were adopted together.
    """

    position: int
    kind: str
    name: str
    document: dict[str, Any]
    digest: str
    effective: str | None
    by: str
    reason: str
    recorded_at: int
    change: str
    comments: tuple[str, ...] = ()


@frozen
class SealRecord:
    """A sealed evaluation.

    Args:
        position: Its place in the ledger's order.
        evaluation: Identifier of the evaluation.
        document: What was sealed.
        digest: SHA-256 of the document's canonical JSON.
        by: Who sealed it.
        recorded_at: When, in microseconds.
    """

    position: int
    evaluation: str
    document: dict[str, Any]
    digest: str
    by: str
    recorded_at: int


@frozen
class EntryRecord:
    """A step in the life of a proposal, a dispute, an override, a calibration or a payout.

    Args:
        position: Its place in the ledger's order.
        kind, step: See `kpicore.ledger.entries`.
        name: Names the entry among those of its kind: `P1`.
        version: How many steps there are up to this one.
        document: What it says.
        digest: SHA-256 of the document's canonical JSON.
        by: Who takes the step.
        recorded_at: When, in microseconds.
    """

    position: int
    kind: str
    step: str
    name: str
    version: int
    document: dict[str, Any]
    digest: str
    by: str
    recorded_at: int


@frozen
class NewEntry:
    """A step that is to be recorded.

    Args:
        kind, step, name: As in `EntryRecord`.
        version: Its number among the steps of the entry, from 1: a step that somebody else took meanwhile is noticed.
        document: What it says.
        by: Who takes it.
    """

    kind: str
    step: str
    name: str
    version: int
    document: Mapping[str, Any]
    by: str
