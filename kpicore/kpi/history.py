"""Scores over again: replayed, restated, rescored, explained; and the ledger's bytes verified."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpicore.kpi.house import House, Identified, id_of

if TYPE_CHECKING:
    from decimal import Decimal

    from kpicore.definitions.cards.scorecards import Scorecard
    from kpicore.definitions.cards.weights import Weights
    from kpicore.evaluation.explaining.causes import Comparison
    from kpicore.evaluation.explaining.explain import Explanation
    from kpicore.evaluation.history.replay import Replay
    from kpicore.evaluation.history.rescore import Revised
    from kpicore.evaluation.history.series import RevisedSeries
    from kpicore.evaluation.history.versions import Versions
    from kpicore.ledger.findings import Verification
    from kpicore.sources.files import Progress


class History(House):
    """What `Kpi` does with evaluations that were made."""

    def replay(self, evaluation: str | Identified) -> Replay:
        """Compute an evaluation again from the ledger alone, at its own cuts, and compare.

        Args:
            evaluation: The evaluation, or its id.
        """
        from kpicore.evaluation.history.replay import replay

        return replay(self.world(), id_of(evaluation))

    def restate(self, evaluation: str | Identified) -> Revised:
        """Evaluate again under the same rules with the facts known now.

        Args:
            evaluation: The evaluation, or its id; it stays as it is.
        """
        from kpicore.evaluation.history.rescore import restate

        return restate(self.world(), id_of(evaluation))

    def rescore(
        self,
        evaluation: str | Identified,
        *,
        period: str | None = None,
        weights: Mapping[str, Decimal | int | str] | Weights | None = None,
        scorecard: Scorecard | str | os.PathLike[str] | None = None,
    ) -> Revised | RevisedSeries:
        """Score the same facts under other rules: hypothetical until it is sealed.

        Args:
            evaluation: The evaluation, or its id; it stays as it is. With a period: a scorecard's id.
            period: A period or series; each sealed one's version that counts is rescored, others as known now.
            weights: A weight for every line of its card, by indicator; or `Weights`, which say what becomes of the rest.
            scorecard: A whole other scorecard, or the file that holds it.

        Raises:
            InvalidInput: Neither or both are given, or the file holds no scorecard.
            InvalidDefinition, NotFound, Refused: They do not fit the card, or each other.
        """
        from kpicore.definitions.cards.card_files import load_scorecard
        from kpicore.definitions.cards.weights import Weights
        from kpicore.evaluation.history.rescore import rescore
        from kpicore.evaluation.history.series import rescore_series

        other = weights if weights is None or isinstance(weights, Weights) else Weights(weights)
        card = load_scorecard(scorecard) if isinstance(scorecard, str | os.PathLike) else scorecard
        if period is None:
            return rescore(self.world(), id_of(evaluation), other, card)
        return rescore_series(self.world(), id_of(evaluation), period, other, card)

    def versions(self, card: str, *, period: str | None = None) -> Versions:
        """What was sealed of a scorecard: every version, which counts, and what was carried on.

        Args:
            card: The scorecard's id.
            period: Only this period or series; None: all.
        """
        from kpicore.evaluation.history.versions import of_period, versions

        found = versions(self.ledger.seals(), self.world().rules, card)
        return found if period is None else of_period(found, [one.id for one in self.world().calendar.series(period)])

    def explain(
        self, evaluation: str | Identified, other: str | Identified | None = None, *, subject: str | None = None
    ) -> Explanation | Comparison:
        """How an evaluation is built, down to the facts; or what its difference to another one is made of.

        Args:
            evaluation: The evaluation, or its id.
            other: Another evaluation of the same level and length of period, or its id.
            subject: Only this one; None: all.
        """
        from kpicore.evaluation.explaining.explain import explain

        return explain(self.world(), id_of(evaluation), None if other is None else id_of(other), subject)

    def verify(self, *, replay: bool = False, progress: Progress | None = None) -> Verification:
        """Check every stored byte of the ledger against its digest; nothing that is cached is trusted.

        Args:
            replay: Compute every sealed evaluation and every payout again, too.
            progress: Called now and then with the file's name, rows so far, None, bytes so far and in all.

        Raises:
            LedgerUnavailable: The file cannot be read now.
        """
        from kpicore.governance.audit import audit

        memory, threads = self.settings.memory_limit, self.settings.threads
        return audit(self.ledger.path, replays=replay, memory_limit=memory, threads=threads, progress=progress)
