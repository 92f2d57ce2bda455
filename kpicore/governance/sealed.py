"""What people may speak of beside a sealed evaluation: the subjects and lines that are in it."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore.errors import NotFound
from kpicore.naming import did_you_mean

__all__ = ["check_line", "check_subject"]


def check_subject(evaluation: str, subjects: Iterable[str | None], subject: str | None) -> None:
    """Refuse a subject that is not scored in an evaluation.

    Args:
        evaluation: Its id.
        subjects: Who is scored in it.
        subject: Who is meant; None for the company.

    Raises:
        NotFound: Nobody of that name is in it.
    """
    known = list(subjects)
    if subject not in known:
        raise NotFound(
            f"nobody called {subject!r} is scored here" if subject is not None else "a subject is needed",
            code="unknown_subject",
            where=evaluation,
            hint=did_you_mean(subject or "", [name for name in known if name is not None])
            or f"kpicore explain {evaluation} shows who is scored",
        )


def check_line(evaluation: str, lines: Iterable[str], indicator: str) -> None:
    """Refuse a line that an evaluation's scorecard has not got.

    Args:
        evaluation: Its id.
        lines: The indicators of its lines.
        indicator: Which one is meant.

    Raises:
        NotFound: It is not on the scorecard.
    """
    known = list(lines)
    if indicator not in known:
        raise NotFound(
            f"{indicator} is not on the scorecard",
            code="unknown_indicator",
            where=evaluation,
            hint=did_you_mean(indicator, known) or f"its lines: {', '.join(known)}",
        )
