"""`kpicore adjust`: overrides and calibrations, which stand beside the system's own scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options
from kpicore.errors import InvalidInput

if TYPE_CHECKING:
    from kpicore.governance.adjustments import Calibration, Override, Withdrawal
    from kpicore.kpi import Kpi

_HERE = "kpicore.cli.adjust:"
_COMMANDS = {
    "override": (_HERE + "override", "Set a total or a line for one subject."),
    "calibrate": (_HERE + "calibrate", "Multiply or shift the totals of a group."),
    "withdraw": (_HERE + "withdraw", "Take an override or a calibration back."),
    "show": (_HERE + "show", "The system's scores and those beside them."),
}
_BY = click.option("--by", required=True, metavar="WHO", help="Who decides it.")
_REASON = click.option("--reason", required=True, metavar="R", help="Why.")
_APPROVED = click.option("--approved-by", metavar="WHO", help="On whose word; somebody else's.")
_PROPOSE = click.option("--propose", is_flag=True, help="Propose it: somebody else approves it before it counts.")


@click.group("adjust", cls=LazyGroup, lazy=_COMMANDS)
@options
def adjust() -> None:
    """Set scores beside the system's own, which stay as they were sealed."""


@click.command("override")
@click.argument("evaluation")
@click.option("--subject", metavar="S", help="Whose score; none on a card of the company.")
@click.option("--total", metavar="T", help="The total.")
@click.option("--line", metavar="INDICATOR", help="A line, instead of the total.")
@click.option("--attainment", metavar="A", help="The line's attainment: 1 is on target.")
@click.option("--dispute", metavar="D", help="The accepted dispute that led to it.")
@_BY
@_REASON
@_APPROVED
@_PROPOSE
@options
@click.pass_obj
def override(
    state: State,
    evaluation: str,
    subject: str | None,
    total: str | None,
    line: str | None,
    attainment: str | None,
    dispute: str | None,
    by: str,
    reason: str,
    approved_by: str | None,
    propose: bool,
) -> None:
    """Set a total, or the attainment of a line, of one subject of the sealed EVALUATION."""
    from kpicore.governance.adjustments import Override

    act = Override(evaluation, subject, reason, total, line, attainment, dispute, approved_by)
    with state.open() as kpi:
        _done(state, kpi, act, by, reason, propose)


@click.command("calibrate")
@click.argument("evaluation")
@click.option("--subject", multiple=True, metavar="S", help="Whom it concerns; may be repeated.")
@click.option("--all", "every", is_flag=True, help="Everyone in the evaluation.")
@click.option("--factor", metavar="F", help="Totals are multiplied with it.")
@click.option("--shift", metavar="X", help="It is added to totals, after the factor; may be negative.")
@_BY
@_REASON
@_APPROVED
@_PROPOSE
@options
@click.pass_obj
def calibrate(
    state: State,
    evaluation: str,
    subject: tuple[str, ...],
    every: bool,
    factor: str | None,
    shift: str | None,
    by: str,
    reason: str,
    approved_by: str | None,
    propose: bool,
) -> None:
    """Multiply or shift the totals of a group in the sealed EVALUATION."""
    from kpicore.governance.adjustments import Calibration

    if every and subject:
        raise InvalidInput("either some or all", code="usage", hint="give --subject for each, or --all")
    with state.open() as kpi:
        group: tuple[str | None, ...] = tuple(kpi.ledger.sealed(evaluation).document["subjects"]) if every else subject
        _done(state, kpi, Calibration(evaluation, group, reason, factor, shift, approved_by), by, reason, propose)


@click.command("withdraw")
@click.argument("name", metavar="ADJUSTMENT")
@_BY
@_REASON
@_PROPOSE
@options
@click.pass_obj
def withdraw(state: State, name: str, by: str, reason: str, propose: bool) -> None:
    """Take ADJUSTMENT (O1, C1) back. It stays on record."""
    from kpicore.governance.adjustments import Withdrawal

    with state.open() as kpi:
        _done(state, kpi, Withdrawal(name, reason), by, reason, propose)


@click.command("show")
@click.argument("evaluation", required=False, metavar="[EVALUATION]")
@click.option("--subject", metavar="S", help="Only what concerns this subject.")
@options
@click.pass_obj
def show(state: State, evaluation: str | None, subject: str | None) -> None:
    """Every override and calibration; with EVALUATION the system's totals and those beside them, too."""
    from kpicore.reports import proceedings

    with state.open() as kpi:
        found = [one.to_document() for one in kpi.adjustments.of(evaluation, subject)]
        scores = [] if evaluation is None else [one.to_document() for one in kpi.adjustments.scores(evaluation)]
    scores = [one for one in scores if subject in (None, one["subject"])]
    document = {"evaluation": evaluation, "scores": scores, "adjustments": found}
    state.show(document, lambda language: proceedings.adjustments(document, language))


def _done(
    state: State, kpi: Kpi, act: Override | Calibration | Withdrawal, by: str, reason: str, propose: bool
) -> None:
    from kpicore.cli.proposals import shown
    from kpicore.reports import proceedings

    if propose:
        shown(state, kpi.propose(act, by=by, reason=reason))
        return
    document = kpi.adjustments.record(act, by=by).to_document()
    state.show(document, lambda language: proceedings.adjustment(document, language))
