"""What a sealed document has besides where a period is split.

`days` holds the days of the period and those of each subject; every line has `weights`, a column of everyone's own, and
`absent`, who has not got it; and `segments` is a list, in order, of

- `from`, `to`: local dates, the second one the first day after it; `days`; `card`: the effective date of the version in
  force; `tenure_until`: the months at which its step of the schedule ends, or null;
- `subjects` by number, `teams` of each, `totals`, and `lines` in columns, with targets as they are prorated. The last two
  are left out where the segment is the whole period under the card as it is: the lines of everyone say it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kpicore.evaluation.documents import numbers
from kpicore.evaluation.scoring.scored import Scored
from kpicore.evaluation.sealing.columns import column_document, column_of
from kpicore.evaluation.sealing.lines import line_columns, read_line

if TYPE_CHECKING:
    from kpicore.evaluation.split.parts import Part
    from kpicore.evaluation.split.pooling import Split

__all__ = ["add_segments", "segment_columns"]

#: What a segment says of itself, in columns and as it is read.
_HEAD = ("from", "to", "days", "card", "tenure_until")


def segment_columns(columns: Mapping[str, Any], scored: Scored, split: Split) -> dict[str, Any]:
    """The parts that a split evaluation has besides, and its lines with what they have besides.

    Args:
        columns: What is sealed of everyone.
        scored: The lines of everyone.
        split: The segments.
    """
    places = {name: n for n, name in enumerate(scored.subjects)}
    return {
        "lines": [
            {**line, "weights": column_document(weights), "absent": np.flatnonzero(~there).tolist()}
            for line, weights, there in zip(columns["lines"], split.weights, split.there, strict=True)
        ],
        "days": {"period": split.whole, "subjects": split.days.tolist()},
        "segments": [_segment(part, places, split) for part in split.parts],
    }


def _segment(part: Part, places: Mapping[str | None, int], split: Split) -> dict[str, Any]:
    segment, card = part.segment, part.in_force.card
    own = [places[name] for name in part.group.subjects]
    document: dict[str, Any] = {
        "from": segment.start.isoformat(),
        "to": segment.end.isoformat(),
        "days": segment.days,
        "card": card.effective,
        "tenure_until": None if segment.step < 0 else card.schedule[segment.step].until,
        "subjects": own,
        "teams": list(part.group.teams),
    }
    if split.plain[own].all():
        return document
    return {**document, "totals": numbers(part.scored.totals.decimals()), "lines": line_columns(part.scored)}


def add_segments(document: Mapping[str, Any], found: Sequence[dict[str, Any]]) -> None:
    """Say what a split evaluation says of its subjects besides: own weights, own lines, days and segments.

    Args:
        document: The sealed document.
        found: The subjects of the evaluate document.
    """
    for place, line in enumerate(document["lines"]):
        for subject, weight in zip(found, numbers(column_of(line["weights"], len(found)).decimals()), strict=True):
            subject["lines"][place]["weight"] = weight
    for place, line in reversed(list(enumerate(document["lines"]))):
        for n in line["absent"]:
            del found[n]["lines"][place]
    days = document["days"]
    for segment in document["segments"]:
        if "lines" not in segment:
            continue
        lines = [read_line(line, len(segment["subjects"])) for line in segment["lines"]]
        for place, n in enumerate(segment["subjects"]):
            found[n].setdefault("days", {"eligible": days["subjects"][n], "period": days["period"]})
            found[n].setdefault("segments", []).append(
                {
                    **{part: segment[part] for part in _HEAD},
                    "team": segment["teams"][place],
                    "total": segment["totals"][place],
                    "lines": [column[place] for column in lines],
                }
            )
