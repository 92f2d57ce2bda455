"""The sealed form of an evaluation. Ledgers are read for ever: this form only ever gains parts.

A sealed document is an evaluate document whose subjects are columns, and a `basis`. Per subject, in one order, it holds
`subjects`, `totals` and `bands`, and where the card has modifiers, gates, a cap or a coefficient their parts (see
`effects`); per line `indicator`, `weight` and

- `target`, `numerator`, `denominator`, `value`, `attainment`: a column of exact numbers (see `columns`); `value` is left out
  where it is numerator ÷ denominator rounded half-even to 12 places;
- `states`, `flags`, `bounds`: which subjects (by number, from 0) have a state other than `ok`, a flag, a bound.

A split evaluation has more, see `segment_columns`.

The digest of an evaluation is the SHA-256 of the canonical JSON of `scorecard`, `period`, `level`, of these parts, and of
`bounds`, the period as two instants. Positions, times of recording, names and versions of zones
and engines are not in it: the same facts and rules in another ledger have the same digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.documents import HEAD
from kpicore.evaluation.scoring.cells import Cells, Subjects
from kpicore.evaluation.scoring.effects import outcome_columns, outcome_documents
from kpicore.evaluation.scoring.outcome import Outcome
from kpicore.evaluation.scoring.scored import Scored
from kpicore.evaluation.sealing.columns import cells_of
from kpicore.evaluation.sealing.lines import line_columns, read_line
from kpicore.evaluation.sealing.segments import add_segments
from kpicore.periods import Bounds

#: Key under which stands what the evaluation stood on.
BASIS = "basis"


def sealed_columns(scored: Scored, outcome: Outcome) -> dict[str, Any]:
    """Subjects, totals, bands and lines of a sealed document, and what only some cards have."""
    return {"subjects": list(scored.subjects), **outcome_columns(outcome), "lines": line_columns(scored)}


def result_digest(card: Scorecard, bounds: Bounds, columns: Mapping[str, Any]) -> str:
    """SHA-256 of an evaluation's result, in hexadecimal (see the module)."""
    result = {
        "scorecard": card.id,
        "period": bounds.period_id,
        "level": card.level,
        "bounds": [bounds.start_us, bounds.end_us],
        **columns,
    }
    return sha256_hex(canonical_json(result))


def sealed_cells(document: Mapping[str, Any]) -> list[Cells]:
    """The measured cells of every line of a sealed document, or of one of its segments."""
    return [cells_of(line, len(document["subjects"])) for line in document["lines"]]


def evaluate_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The evaluate document that was sealed, from its columns alone: nothing is scored again."""
    subjects = tuple(document["subjects"])
    lines = [read_line(line, len(subjects)) for line in document["lines"]]
    found = subject_documents(subjects, document, lines)
    if "segments" in document:
        add_segments(document, found)
    return {**{part: document[part] for part in HEAD}, "subjects": found}


def subject_documents(
    subjects: Subjects, columns: Mapping[str, Any], lines: Sequence[Sequence[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """The `subjects` of an evaluate document.

    Args:
        subjects: Who is scored.
        columns: What `outcome_columns` gave.
        lines: What `line_documents` gave for each line.
    """
    parts = outcome_documents(columns)
    return [
        {"subject": subject, **parts[n], "lines": [column[n] for column in lines]} for n, subject in enumerate(subjects)
    ]
