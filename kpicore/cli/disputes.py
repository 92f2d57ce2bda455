"""`kpicore dispute`: a scored person contests a score, and gets an answer and a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kpicore.cli.cases import BY, REASON, step_command
from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options

if TYPE_CHECKING:
    from kpicore.governance.disputes import Dispute

_HERE = "kpicore.cli.disputes:"
_COMMANDS = {
    "open": (_HERE + "open_", "Contest a line or a total."),
    "list": (_HERE + "list_", "The disputes, and how they stand."),
    "show": (_HERE + "show", "Everything that was said."),
    "answer": (_HERE + "answer", "Answer a dispute."),
    "accept": (_HERE + "accept", "Decide that whoever contests is right."),
    "reject": (_HERE + "reject", "Decide that the score stands."),
    "withdraw": (_HERE + "withdraw", "Take one's own dispute back."),
}
_NAME = click.argument("name", metavar="DISPUTE")
_EVIDENCE = click.option(
    "--evidence", multiple=True, metavar="E", help="A text, or a fact such as deal_won/D-17; may be repeated."
)


@click.group("dispute", cls=LazyGroup, lazy=_COMMANDS)
@options
def dispute() -> None:
    """Contest a score: open, answer, decide. A dispute changes no score."""


@click.command("open")
@click.argument("evaluation")
@click.option("--subject", metavar="S", help="Whose score; none on a card of the company.")
@click.option("--line", metavar="INDICATOR", help="Which line. Default: the total.")
@BY
@REASON
@_EVIDENCE
@options
@click.pass_obj
def open_(
    state: State,
    evaluation: str,
    subject: str | None,
    line: str | None,
    by: str,
    reason: str,
    evidence: tuple[str, ...],
) -> None:
    """Contest a score of the sealed EVALUATION."""
    with state.open() as kpi:
        found = kpi.disputes.open(evaluation, subject, by=by, reason=reason, indicator=line, evidence=evidence)
    _shown(state, found)


@click.command("list")
@click.option("--evaluation", metavar="E", help="Only of this evaluation.")
@click.option("--subject", metavar="S", help="Only of this subject.")
@click.option("--all", "every", is_flag=True, help="Those that are done with, too.")
@options
@click.pass_obj
def list_(state: State, evaluation: str | None, subject: str | None, every: bool) -> None:
    """The disputes that wait for somebody, and how they stand."""
    from kpicore.reports import proceedings

    with state.open() as kpi:
        found = [
            one.to_document()
            for one in kpi.disputes
            if (every or one.possible) and evaluation in (None, one.evaluation) and subject in (None, one.subject)
        ]
    state.show({"disputes": found}, lambda language: proceedings.disputes(found, language))


@click.command("show")
@_NAME
@options
@click.pass_obj
def show(state: State, name: str) -> None:
    """Everything that was said about DISPUTE."""
    with state.open() as kpi:
        found = kpi.disputes[name]
    _shown(state, found)


@click.command("answer")
@_NAME
@BY
@click.option("--text", required=True, metavar="TEXT", help="The answer.")
@_EVIDENCE
@options
@click.pass_obj
def answer(state: State, name: str, by: str, text: str, evidence: tuple[str, ...]) -> None:
    """Answer DISPUTE. There may be several answers, by either side."""
    with state.open() as kpi:
        found = kpi.disputes.answer(name, text, by=by, evidence=evidence)
    _shown(state, found)


def _shown(state: State, found: Dispute) -> None:
    from kpicore.reports import proceedings

    document = found.to_document()
    state.show(document, lambda language: proceedings.dispute(document, language))


accept = step_command(
    "accept",
    "DISPUTE",
    "Decide that whoever opened DISPUTE is right. An override may follow, or the facts are corrected.",
    lambda kpi: kpi.disputes.accept,
    _shown,
)
reject = step_command("reject", "DISPUTE", "Decide that the score stands.", lambda kpi: kpi.disputes.reject, _shown)
withdraw = step_command(
    "withdraw", "DISPUTE", "Take DISPUTE back, which is one's own.", lambda kpi: kpi.disputes.withdraw, _shown
)
