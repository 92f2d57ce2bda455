"""The report of an evaluation: what it says, as one document, and the files that people read.

A report says when its evaluation was made and has no clock of its own: the same evaluation gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

from attrs import evolve, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.errors import InvalidInput, NotFound
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import compare
from kpicore.evaluation.explaining.explain import explained
from kpicore.evaluation.history.replay import recalled, seal_of
from kpicore.evaluation.history.trend import earlier
from kpicore.evaluation.world import World
from kpicore.naming import LANGUAGES, did_you_mean
from kpicore.reports.report.files import FORMS, Form, file_name, write_whole
from kpicore.reports.report.standing import NOTHING, standings

__all__ = ["Report", "report"]

#: So many periods a trend shows, the evaluation's own among them.
PERIODS = 8

Document: TypeAlias = "dict[str, Any]"


@frozen(eq=False)
class Report:
    """A report of everyone on a scorecard in a period, or of one of them.

    `to_document()` has all of it for programs: the explain document with the evaluation's periods, and for each subject
    its `trend` and its `change` since the period before.

    Args:
        document: What `to_document` gives.
        card: The scorecard.
        definitions: What it uses: titles, units, formulas.
        everyone: Who is scored, whoever the report is about; it names files and stands in no document.
        only: The one subject that it is about; None: everyone.
    """

    document: Document
    card: Scorecard
    definitions: Definitions
    everyone: tuple[str, ...]
    only: str | None = None

    @property
    def id(self) -> str:
        """Id of the evaluation."""
        return str(self.document["evaluation"])

    @property
    def subjects(self) -> tuple[str | None, ...]:
        """Who is in it."""
        return tuple(subject["subject"] for subject in self.document["subjects"])

    def person(self, subject: str) -> Report:
        """The report of one of them, with nothing of anybody else.

        Raises:
            NotFound: Nobody of that name is scored.
        """
        found = [one for one in self.document["subjects"] if one["subject"] == subject]
        if not found:
            known = [name for name in self.subjects if name is not None]
            raise NotFound(
                f"nobody called {subject!r} is scored here",
                code="unknown_subject",
                where=self.id,
                hint=did_you_mean(subject, known) or "kpicore evaluate shows who is scored",
            )
        return evolve(self, document={**self.document, "subjects": [_own(found[0], subject)]}, only=subject)

    def to_document(self) -> Document:
        """The report as JSON values."""
        return dict(self.document)

    def to_html(self, language: str = "en") -> str:
        """One page that needs nothing else: everyone, then each; or one of them."""
        from kpicore.reports.report.html import page

        return page(self, _known(language))

    def to_xlsx(self, language: str = "en") -> bytes:
        """A workbook: numbers as numbers, texts as texts."""
        from kpicore.reports.report.xlsx import workbook

        return workbook(self, _known(language))

    def write(self, folder: str | Path, *, form: Form = "html", language: str = "en") -> list[Path]:
        """Write the report, and where it is of everyone, one of each person beside it.

        Args:
            folder: Where; made if it is not there. Files of the same names are written over.
            form: `html` or `xlsx`.
            language: `en` or `zh-Hant`.

        Returns:
            The files; the report itself comes first.
        """
        if form not in FORMS:
            raise InvalidInput(f"{form!r} is not a form of reports", where="form", hint=f"one of: {', '.join(FORMS)}")
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        each = () if self.only is not None or self.card.level == "company" else self.everyone
        every = [self, *(self.person(name) for name in each)]
        return [one.write_file(place / one.file_name(form), form=form, language=language) for one in every]

    def write_file(self, path: str | Path, *, form: Form = "html", language: str = "en") -> Path:
        """Write only this report, to a file."""
        found = self.to_xlsx(language) if form == "xlsx" else self.to_html(language).encode()
        return write_whole(Path(path), found)

    def file_name(self, form: Form = "html") -> str:
        """What its file is called in a folder."""
        return file_name(self.id, self.only, self.everyone, form)

    def _repr_html_(self) -> str:
        from kpicore.reports.report.html import framed

        return framed(self.to_html())


def report(
    world: World, evaluation: Evaluation | str, period: str | None = None, *, subject: str | None = None
) -> Report:
    """The report of an evaluation.

    Args:
        world: Any world over the ledger; with a period, the one that is evaluated.
        evaluation: An evaluation, or the id of one; with a period the id of a scorecard.
        period: A period of the scorecard's length, which is evaluated.
        subject: Only this one; None: everyone.

    Raises:
        NotFound: There is no such evaluation, scorecard or subject.
        InvalidInput: The id is none, or the period is not of the card's length.
    """
    found = _evaluation(world, evaluation, period)
    explanation = explained(found, subject).to_document()
    seal = seal_of(world, found.id)
    before = earlier(found, PERIODS - 1)
    local = found.world.calendar.period(found.bounds.period_id)
    every = [*(one.to_document() for one in before), found.to_document()]
    sealed = [seal_of(world, one["evaluation"]) is not None for one in every]
    changes = _by_subject(compare(before[-1], found, subject).to_document()) if before else {}
    stood = {} if seal is None else standings(world, found.id)
    trends = [_by_subject(one) for one in every]
    whole = Report(
        {
            **{name: value for name, value in explanation.items() if name != "subjects"},
            "title": dict(found.card.title),
            "starts": local.start.isoformat(),
            "ends": local.end.isoformat(),
            "last_day": (local.end - timedelta(microseconds=1)).date().isoformat(),
            "timezone": found.world.organisation.timezone,
            "currency": found.world.organisation.base_currency,
            "sealed": None
            if seal is None
            else {"by": seal.by, "position": seal.position, "recorded_at": instant_text(seal.recorded_at)},
            "periods": [
                {"period": one["period"], "evaluation": one["evaluation"], "sealed": kept}
                for one, kept in zip(every, sealed, strict=True)
            ],
            "subjects": [
                {
                    **one,
                    "trend": [
                        _point(trend.get(one["subject"]), of["period"]) for trend, of in zip(trends, every, strict=True)
                    ],
                    "change": changes.get(one["subject"]),
                    "standing": stood.get(one["subject"], dict(NOTHING)),
                }
                for one in explanation["subjects"]
            ],
        },
        found.card,
        found.world.definitions,
        tuple(name for name in found.scored.subjects if name is not None),
    )
    return whole if subject is None else whole.person(subject)


def _evaluation(world: World, evaluation: Evaluation | str, period: str | None) -> Evaluation:
    if isinstance(evaluation, Evaluation):
        return evaluation
    if period is not None and "." in evaluation:
        raise InvalidInput(
            f"{evaluation!r} is the id of an evaluation and names its period already",
            code="period_given",
            hint="leave the period out, or name a scorecard",
        )
    if period is not None:
        return evaluate(world, evaluation, period)
    if "." not in evaluation:
        raise InvalidInput(
            f"{evaluation!r} is a scorecard: of which period?",
            code="period_missing",
            hint="name a period, such as 2026-Q1, or the id of an evaluation",
        )
    return recalled(world, evaluation)


def _by_subject(document: Mapping[str, Any]) -> dict[str | None, Document]:
    return {subject["subject"]: subject for subject in document["subjects"]}


def _own(value: Any, subject: str) -> Any:
    """A document without what lists in it say of others: their targets, modifiers that are theirs."""
    if isinstance(value, Mapping):
        return {name: part if name == "facts" else _own(part, subject) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_own(part, subject) for part in value if not _of_another(part, subject)]
    return value


def _of_another(part: Any, subject: str) -> bool:
    return isinstance(part, Mapping) and part.get("subject") not in (None, subject)


def _point(subject: Mapping[str, Any] | None, period: str) -> Document:
    """One period of a subject's trend; nulls where it was not scored then."""
    if subject is None:
        return {"period": period, "total": None, "band": None, "lines": []}
    kept = ("indicator", "weight", "value", "state", "attainment")
    lines: Sequence[Mapping[str, Any]] = subject["lines"]
    return {
        "period": period,
        "total": subject["total"],
        "band": subject["band"],
        "lines": [{name: line[name] for name in kept} for line in lines],
    }


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput(
            f"{language!r} is not a language of reports",
            code="bad_language",
            hint=f"there are: {', '.join(LANGUAGES)}",
        )
    return language
