"""From one period to another: what the rules of the earlier one measure in the later one, and what stood there before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from kpicore.evaluation.documents import numbers
from kpicore.evaluation.evaluate import measure_lines, request_of
from kpicore.evaluation.scoring.cells import Cells, Subjects, measured_again
from kpicore.evaluation.scoring.scored import card_names

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.evaluation.world import World


def later_values(old: Evaluation, new: Evaluation) -> tuple[Subjects, list[Cells]]:
    """The lines of the first card in the period of the second evaluation, with the facts that the second knows.

    Where the second measures every one of them in the same way, what it measured is taken as it is.
    """
    places = {str(request_of(line)): place for place, line in enumerate(new.card.lines)}
    asked = [str(request_of(line)) for line in old.card.lines]
    if set(asked) <= set(places) and _same_definitions(old, new):
        cells = [measured_again(line.cells) for line in new.scored.lines]
        return new.scored.subjects, [cells[places[request]] for request in asked]
    return measure_lines(later_world(old, new), old.card, new.bounds.period_id)


def later_world(old: Evaluation, new: Evaluation) -> World:
    """The rules of the first evaluation with the facts that the second knows."""
    return old.world.derive(cut=evolve(new.world.cut, rules=old.world.cut.rules), pinned=new.world.pinned)


def _same_definitions(old: Evaluation, new: Evaluation) -> bool:
    one, other = old.world.definitions, new.world.definitions
    names = one.closure(card_names(old.card, one))
    same = all(name in other and one.digest(name) == other.digest(name) for name in names)
    return same and old.world.organisation == new.world.organisation


def value_evidence(
    old: Evaluation, new: Evaluation, subjects: Subjects, cells: Sequence[Cells]
) -> dict[str | None, tuple[dict[str, Any], ...]]:
    """What everyone has on one line in both periods.

    Args:
        old, new: The evaluations.
        subjects: Who is in one of them.
        cells: The line in the first period and in the second, aligned with `subjects`.
    """
    before, after = (_cells(one.bounds.period_id, part) for one, part in zip((old, new), cells, strict=True))
    return {
        subject: ({"old": first, "new": second},)
        for subject, first, second in zip(subjects, before, after, strict=True)
    }


def _cells(period_id: str, cells: Cells) -> list[dict[str, Any]]:
    columns = (numbers(column.decimals()) for column in (cells.numerator, cells.denominator, cells.value))
    return [
        {"period": period_id, "numerator": above, "denominator": below, "value": value, "state": state or None}
        for above, below, value, state in zip(*columns, cells.states, strict=True)
    ]
