"""Rules of a ledger: planned and applied."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.kpi.house import House

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore.governance.apply import Applied
    from kpicore.governance.changes import Change
    from kpicore.governance.templates import NewScorecard
    from kpicore.governance.triggers import TriggerResult


class Rules(House):
    """What `Kpi` does with rules."""

    def new_scorecard(
        self,
        role: str,
        *,
        stage: str,
        effective: str,
        id: str | None = None,  # noqa: A002 - what scorecards call it
        language: str = "en",
    ) -> NewScorecard:
        """A scorecard to begin with, from a template: `text` is the file, `fill` what has to be filled in.

        Args:
            role: The word for the role.
            stage: new_market, growth, mature or profit_first.
            effective: ISO date from which it counts.
            id: Its id; None: the role and the stage.
            language: Of the reasons, `en` or `zh-Hant`.

        Raises:
            NotFound: There is no template for that role and stage, or a plugin that it needs is not installed.
        """
        from kpicore.governance.templates import new_scorecard

        return new_scorecard(self.catalog, role, stage, effective, card_id=id, language=language)

    def triggers(self, *, as_of: int | str | datetime | None = None) -> tuple[TriggerResult, ...]:
        """What every standing change says: whether its trigger is met, and the change that it then proposes.

        Nothing is recorded; the `proposal` of a result is a file to plan and apply.

        Args:
            as_of: With the facts known at a position or a time, and the rules of now; None: now.
        """
        from kpicore.governance.triggers import look

        known, now = self.world(as_of).cut, self.world()
        return look(now.derive(cut=self.ledger.at(known.facts, now.cut.rules, known.as_of)))

    def plan(self, *paths: str | os.PathLike[str], period: str | None = None) -> Change:
        """What applying rule files would change, and who would move.

        Args:
            paths: The files, or folders of them.
            period: Whose scores are shown under both rules; None: the last one that was sealed.

        Raises:
            InvalidDefinition, NotFound, Refused: A file is wrong (file, line and table are named), or a definition is.
        """
        from kpicore.governance.plan import plan

        return plan(self.world(), [Path(path) for path in paths], period)

    def apply(
        self,
        change: Change,
        *,
        by: str,
        reason: str,
        effective: str | None = None,
        comments: Sequence[str] = (),
    ) -> Applied:
        """Record a planned change, with every definition that it uses.

        Args:
            change: What `plan` returned.
            by: Who decides it.
            reason: Why.
            effective: ISO date from which the scorecards count, in the place of their own; past dates are allowed.
            comments: What else was said; kept with every rule.

        Raises:
            Conflict: Other rules were recorded since the plan was made.
            Refused: The organisation wants two persons for it: `propose` it.
        """
        from kpicore.governance.apply import apply

        return apply(self.ledger, change, by=by, reason=reason, effective=effective, comments=comments)
