"""Reports: what people read of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore.kpi.house import House, id_of

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.kpi.house import Identified
    from kpicore.reports.report.report import Report


class Reports(House):
    """What `Kpi` writes for people."""

    def report(
        self, evaluation: Evaluation | Identified | str, period: str | None = None, *, subject: str | None = None
    ) -> Report:
        """The report of an evaluation: `report.write("reports")` writes one page for everyone and one for each.

        Args:
            evaluation: An evaluation, a seal, or the id of one; with a period a scorecard's id.
            period: A period of the scorecard's length, evaluated as known now.
            subject: Only this one; None: everyone.

        Raises:
            NotFound: There is no such evaluation, scorecard or subject.
            InvalidInput: The id is none, or the period is not of the card's length.
        """
        from kpicore.evaluation.evaluate import Evaluation
        from kpicore.evaluation.history.rescore import Revised
        from kpicore.reports.report.report import report

        found = evaluation.evaluation if isinstance(evaluation, Revised) else evaluation
        asked = found if isinstance(found, Evaluation) else id_of(found)
        return report(self.world(), asked, period, subject=subject)
