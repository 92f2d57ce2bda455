"""Scores: measured, evaluated, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kpicore.errors import InvalidInput
from kpicore.kpi.house import House, id_of

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore.definitions.indicators import Level
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.evaluation.history.replay import Sealed
    from kpicore.evaluation.history.rescore import Revised
    from kpicore.evaluation.measuring.measured import Measured


class Scores(House):
    """What `Kpi` measures and scores."""

    def measure(
        self,
        indicator: str,
        period: str,
        *,
        level: Level = "person",
        by: Sequence[str] | str | None = None,
        params: Mapping[str, Any] | None = None,
        credit: str | None = None,
        as_of: int | str | datetime | None = None,
    ) -> Measured:
        """Measure one indicator.

        Args:
            indicator: Its id, such as `sales.win_rate`.
            period: A period or a series, `2026-01..2026-06`.
            level: `person`, `team` or `company`.
            by: Fields to break down by, or a single one; None: the indicator's own.
            params: Parameters that differ from the defaults.
            credit: Which column says who is credited; None: the indicator's first.
            as_of: As known at a position or a time; None: now.

        Raises:
            NotFound: There is no such indicator.
            InvalidDefinition: It does not hold together.
            InvalidInput: Period, level, field or parameter is none of this indicator.
        """
        from kpicore.evaluation.measuring.measure import Request, measure

        if params is not None and not isinstance(params, Mapping):
            raise InvalidInput(
                f"{type(params).__name__} names no parameters",
                code="bad_parameter",
                where="params",
                hint='give values by name: {"horizon": "30d"}',
            )
        world = self.world(as_of)
        if indicator not in world.adopted.indicators:
            self.catalog.indicator(indicator)
        fields = (by,) if isinstance(by, str) else None if by is None else tuple(by)
        request = Request(indicator, dict(params or {}), credit, fields)
        return measure(world, [request], world.calendar.series(period), level)[0]

    def evaluate(self, card: str, period: str, *, as_of: int | str | datetime | None = None) -> Evaluation:
        """Score everyone on a scorecard; nothing is recorded.

        Args:
            card: The scorecard's id.
            period: A period of the card's length.
            as_of: As known at a position or a time; None: now.

        Raises:
            NotFound: There is no such scorecard, or it begins later.
            InvalidInput: The period is not of the card's length.
        """
        from kpicore.evaluation.evaluate import evaluate

        return evaluate(self.world(as_of), card, period)

    def seal(self, evaluation: Evaluation | Revised | str, *, by: str) -> Sealed:
        """Record an evaluation for good; again has no effect.

        Args:
            evaluation: The evaluation, a restated or rescored one, or the id of one.
            by: Who seals it.

        Raises:
            Refused: The organisation wants two persons for it (`propose` it), or a policy does not allow it.
        """
        from kpicore.evaluation.history.replay import seal, seal_of
        from kpicore.evaluation.history.rescore import Revised
        from kpicore.governance.approvals import check_alone

        if isinstance(evaluation, Revised):
            evaluation = evaluation.evaluation
        world = self.world()
        if seal_of(world, id_of(evaluation)) is None:
            check_alone(world.rules, "seals")
        return seal(world, evaluation, by)
