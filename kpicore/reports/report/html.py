"""Reports as pages that need nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kpicore.reports.drawn import patterns
from kpicore.reports.pages import render
from kpicore.reports.report.person import Person
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.team import Team

if TYPE_CHECKING:
    from kpicore.reports.report.report import Report


def page(report: Report, language: str) -> str:
    """The report as an HTML document."""
    one = Reading(report, language)
    person = Person(one, report.document["subjects"][0], 1) if report.only is not None else None
    names = [one.document["period"], one.card_title, *([person.name] if person else [])]
    return render(
        "report.html.j2",
        language=language,
        title=" · ".join(reversed(names)),
        one=one,
        team=None if person else Team(one),
        person=person,
        patterns=patterns(),
    )


def framed(document: str) -> str:
    """A page within a notebook, where its styles touch nothing else."""
    return (
        f'<iframe title="kpicore" sandbox srcdoc="{escape(document)}" '
        'style="width: 100%; height: 40rem; border: 0"></iframe>'
    )
