"""Hypothetical rules: rules in the place of recorded ones, kept under their digest beside the ledger's order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.codec import from_document, to_document
from kpicore.evaluation.history.ids import DRAFT_DIGITS
from kpicore.evaluation.world import Rule
from kpicore.ledger.store import Ledger


def draft_document(rules: Sequence[Rule]) -> dict[str, Any] | None:
    """Hypothetical rules as one document; None where there are none."""
    if not rules:
        return None
    documents = [to_document(rule) for rule in rules]
    return {"rules": sorted(documents, key=lambda document: (document["kind"], _name(document)))}


def draft_digest(rules: Sequence[Rule]) -> str | None:
    """What an id carries of hypothetical rules: the first digits of their digest; None where there are none."""
    document = draft_document(rules)
    return None if document is None else sha256_hex(canonical_json(document))[:DRAFT_DIGITS]


def keep_rules(ledger: Ledger, rules: Sequence[Rule]) -> None:
    """Keep hypothetical rules, so that an evaluation's id is enough to compute it again."""
    document, digest = draft_document(rules), draft_digest(rules)
    if document is not None and digest is not None:
        ledger.keep_draft(digest, document)


def kept_rules(ledger: Ledger, digest: str | None) -> tuple[Rule, ...]:
    """The hypothetical rules that an id names; none where it names none.

    Raises:
        NotFound: They were not kept here.
    """
    return () if digest is None else rules_of(ledger.draft(digest))


def rules_of(document: dict[str, Any] | None) -> tuple[Rule, ...]:
    """The rules of a draft document."""
    return () if document is None else tuple(from_document(rule) for rule in document["rules"])


def _name(document: dict[str, Any]) -> str:
    # Targets have neither: they are told apart by all that they say.
    return str(document.get("id") or document.get("name") or canonical_json(document))
