"""What people do about rules and scores: proposals, disputes, overrides and calibrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore.kpi.house import House

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.evaluation.history.rescore import Revised
    from kpicore.governance.adjustments import Adjustments
    from kpicore.governance.awards.payouts import Awards
    from kpicore.governance.awards.result import AwardResult
    from kpicore.governance.changes import Change
    from kpicore.governance.disputes import Disputes
    from kpicore.governance.proposals import Act, Proposal, Proposals


class Desks(House):
    """Where `Kpi` keeps what people do about rules and scores."""

    @property
    def proposals(self) -> Proposals:
        """Changes that wait for another person: look at them, comment, approve, apply."""
        from kpicore.governance.acts import ACTS
        from kpicore.governance.proposals import Proposals

        return Proposals(self.world, ACTS)

    @property
    def disputes(self) -> Disputes:
        """Scores that are contested: open, answer, accept, reject."""
        from kpicore.governance.disputes import Disputes

        return Disputes(self.world)

    @property
    def adjustments(self) -> Adjustments:
        """Overrides and calibrations, which stand beside the system's own scores."""
        from kpicore.governance.adjustments import Adjustments

        return Adjustments(self.world)

    @property
    def awards(self) -> Awards:
        """What sealed scores earn: bonuses, stars, innovation awards, eligibility; computed, and paid."""
        from kpicore.governance.awards.payouts import Awards

        return Awards(self.world)

    def propose(
        self,
        what: Change | Evaluation | Revised | AwardResult | str | Act,
        *,
        by: str,
        reason: str,
        effective: str | None = None,
    ) -> Proposal:
        """Propose something that another person approves before it is done; nothing of it counts until then.

        Args:
            what: A planned change; an evaluation or its id, to be sealed; an override or a calibration;
                what an award gives.
            by: Who proposes it.
            reason: Why.
            effective: Of a planned change: ISO date from which the scorecards count, in the place of their own.

        Raises:
            Conflict: It would do nothing.
            InvalidInput, NotFound, Refused: It cannot be done.
        """
        from kpicore.governance.acts import act_of

        return self.proposals.open(act_of(self.world(), what, effective), by=by, reason=reason)

    def standing(self, subject: str | None, evaluation: str | None = None) -> dict[str, Any]:
        """What people did about the scores of a subject: disputes, adjustments, payouts, as documents.

        Args:
            subject: Who; None for the company.
            evaluation: Only what concerns this sealed evaluation.
        """
        from kpicore.governance.standing import standing

        return standing(self.world(), subject, evaluation)
