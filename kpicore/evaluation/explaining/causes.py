"""From one evaluation to another: causes that add up exactly to the difference.

The rules and facts of the first are exchanged for those of the second one after the other, in a fixed order, and within
a cause indicator by indicator; each step's share is the difference of two totals. So shares telescope: their sum is the
difference, to the last digit. A total that is null counts as 0 in differences.

Of two periods there is one cause more, and it comes first: `values`, what the later period measures under the rules of
the earlier one.
"""

from __future__ import annotations

import numpy as np

from kpicore.errors import Refused
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.explaining.comparison import CAUSES, Cause, CauseName, Comparison, SubjectComparison
from kpicore.evaluation.explaining.split_steps import SplitSteps
from kpicore.evaluation.explaining.steps import Steps

__all__ = ["CAUSES", "Cause", "CauseName", "Comparison", "SubjectComparison", "compare"]


def compare(old: Evaluation, new: Evaluation, subject: str | None = None) -> Comparison:
    """What the difference between two evaluations is made of.

    Args:
        old, new: Evaluations of one level, and of one period or of two of the same length, over one ledger.
        subject: Only this one; None: all.

    Raises:
        Refused: Levels or lengths of periods differ.
    """
    if (old.card.period, old.card.level) != (new.card.period, new.card.level):
        raise Refused(
            "these evaluations are of different levels, or of periods of different lengths",
            code="not_comparable",
            where=f"{old.id}, {new.id}",
            hint="compare evaluations of one level, and of one period or of two of the same length",
        )
    steps = SplitSteps(old, new) if old.segments or new.segments else Steps(old, new)
    shares: list[list[Cause]] = [[] for _ in steps.subjects]
    before = steps.totals()
    for cause, indicator, exchange in steps.exchanges():
        if not exchange():
            continue
        after = steps.totals()
        points = after - before
        moved = np.flatnonzero(points.values != 0).tolist()
        for place, share in zip(moved, points.take(np.array(moved, dtype=np.intp)).decimals(), strict=True):
            if subject in (None, steps.subjects[place]):
                evidence = steps.evidence(cause, indicator, steps.subjects[place])
                shares[place].append(Cause(cause, indicator, share, evidence))
        before = after
    first, last = old.totals, new.totals
    return Comparison(
        old.id,
        new.id,
        tuple(
            SubjectComparison(name, first.get(name), last.get(name), tuple(found))
            for name, found in zip(steps.subjects, shares, strict=True)
            if subject in (None, name)
        ),
    )
