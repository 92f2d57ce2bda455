"""The sealed form of an evaluation. Ledgers are read for ever: this form only ever gains parts.

A sealed document is an evaluate document whose subjects are columns, and a `basis`. Per subject, in one order, it holds
`subjects`, `totals` and `bands`; per line `indicator`, `weight` and

- `target`, `numerator`, `denominator`, `value`, `attainment`: a column of exact numbers (below); `value` is left out
  where it is numerator ÷ denominator rounded half-even to 12 places;
- `states`, `flags`, `bounds`: which subjects (by number, from 0) have a state other than `ok`, a flag, a bound.

A column is null where all are null, else {"scale", "units", "null"}: units of 10⁻ˢᶜᵃˡᵉ (one for everyone, or one each; as
texts beyond ±(2⁵³ − 1)), and the numbers of subjects that have none, left out where everyone has one. The scale is the
least that serves. So the same result has the same columns, whatever computed it.

The digest of an evaluation is the SHA-256 of the canonical JSON of `scorecard`, `period`, `level`, `subjects`, `totals`,
`bands`, `lines` and of `bounds`, the period as two instants. Positions, times of recording, names and versions of zones
and engines are not in it: the same facts and rules in another ledger have the same digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.scorecards import Scorecard
from kpicore.evaluation.cells import STATES, Cells, Column, codes_of
from kpicore.evaluation.documents import HEAD, number, numbers
from kpicore.evaluation.exact import Fixed
from kpicore.evaluation.score import ATTAINMENT_PLACES
from kpicore.evaluation.scored import Scored, line_documents, subject_documents
from kpicore.periods import Bounds

#: Key under which stands what the evaluation stood on.
BASIS = "basis"
#: Places of a measured value.
VALUE_PLACES = 12

_LARGEST = 2**53 - 1


def sealed_columns(scored: Scored) -> dict[str, Any]:
    """Subjects, totals, bands and lines of a sealed document."""
    return {
        "subjects": list(scored.subjects),
        "totals": numbers(scored.totals.decimals()),
        "bands": scored.bands,
        "lines": [
            {
                "indicator": line.indicator,
                "weight": number(line.weight),
                "target": _column_document(found.targets),
                **_cells_document(found.cells),
                "attainment": _column_document(
                    Column(Fixed(found.attained.units, ATTAINMENT_PLACES), ~found.attained.there)
                ),
                "bounds": _places({"floor": found.attained.floored, "cap": found.attained.capped}),
            }
            for line, found in zip(scored.card.lines, scored.lines, strict=True)
        ],
    }


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
    """The measured cells of every line of a sealed document."""
    return [_cells(line, len(document["subjects"])) for line in document["lines"]]


def evaluate_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The evaluate document that was sealed, from its columns alone: nothing is scored again."""
    subjects = tuple(document["subjects"])
    lines = [
        line_documents(
            line["indicator"],
            line["weight"],
            _column(line["target"], len(subjects)),
            _cells(line, len(subjects)),
            _column(line["attainment"], len(subjects)),
            _listed(line["bounds"], len(subjects)),
        )
        for line in document["lines"]
    ]
    found = subject_documents(subjects, document["totals"], document["bands"], lines)
    return {**{part: document[part] for part in HEAD}, "subjects": found}


def _cells_document(cells: Cells) -> dict[str, Any]:
    flagged: dict[str, list[int]] = {}
    for n, flags in enumerate(cells.flags):
        for flag in flags:
            flagged.setdefault(flag, []).append(n)
    document = {
        "numerator": _column_document(cells.numerator),
        "denominator": _column_document(cells.denominator),
        "states": _places({state: cells.state == code for code, state in enumerate(STATES) if code}),
        "flags": flagged,
    }
    if not cells.value.equals(_ratio(cells.numerator, cells.denominator)):
        document["value"] = _column_document(cells.value)
    return document


def _cells(line: Mapping[str, Any], length: int) -> Cells:
    numerator, denominator = (_column(line[part], length) for part in ("numerator", "denominator"))
    value = _column(line["value"], length) if "value" in line else _ratio(numerator, denominator)
    states = np.zeros(length, dtype=np.int8)
    for state, places in line["states"].items():
        states[places] = codes_of([state])[0]
    flags: list[tuple[str, ...]] = [()] * length
    for flag in sorted(line["flags"]):
        for n in line["flags"][flag]:
            flags[n] = (*flags[n], flag)
    return Cells(numerator, denominator, value, states, tuple(flags))


def _ratio(numerator: Column, denominator: Column) -> Column:
    """Numerator ÷ denominator to 12 places; the numerator where there is no denominator; null where one is missing."""
    below = denominator.numbers.where(~denominator.null, Fixed.of(1))
    signs = below.signs()
    null = numerator.null | (signs == 0)
    above = numerator.numbers.where(signs >= 0, -numerator.numbers)
    below = below.where(signs >= 0, -below).where(signs != 0, Fixed.of(1))
    return Column(above.divided(below, VALUE_PLACES), np.asarray(null, dtype=np.bool_))


def _column_document(column: Column) -> dict[str, Any] | None:
    if column.null.all():
        return None
    values, scale = column.numbers.where(~column.null, Fixed.of(0)).values, column.numbers.scale
    # The shortest scale: the same numbers have the same form, whatever computed them.
    shared, spare = int(np.gcd.reduce(values)), 0
    while spare < scale and shared % 10 ** (spare + 1) == 0:
        spare += 1
    values, scale = values // 10**spare, scale - spare
    units: Any = values.tolist()
    if max(map(abs, units)) > _LARGEST:
        units = [str(unit) for unit in units]
    if len(set(units)) == 1:
        units = units[0]
    document = {"scale": scale, "units": units}
    if column.null.any():
        document["null"] = np.flatnonzero(column.null).tolist()
    return document


def _column(document: Mapping[str, Any] | None, length: int) -> Column:
    if document is None:
        return Column.same(None, length)
    units = document["units"]
    listed = units if isinstance(units, list) else [units]
    integers = list(map(int, listed))
    fits = max(map(abs, integers), default=0) < 2**63
    values = np.array(integers, dtype=np.int64 if fits else np.object_)
    if not isinstance(units, list):
        values = np.repeat(values, length)
    null = np.zeros(length, dtype=np.bool_)
    null[document.get("null", [])] = True
    return Column(Fixed(values, document["scale"]), null)


def _places(masks: Mapping[str, Any]) -> dict[str, list[int]]:
    """For each name, the numbers of the subjects that have it; names that nobody has are left out."""
    return {name: np.flatnonzero(mask).tolist() for name, mask in masks.items() if mask.any()}


def _listed(places: Mapping[str, Sequence[int]], length: int) -> list[str | None]:
    """The name that each subject has, None where it has none."""
    found: list[str | None] = [None] * length
    for name, numbers_ in places.items():
        for n in numbers_:
            found[n] = name
    return found
