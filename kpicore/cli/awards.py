"""`kpicore award`: what sealed scores earn, and what was paid of it."""

from __future__ import annotations

import click

from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options
from kpicore.errors import NotFound
from kpicore.naming import did_you_mean

_HERE = "kpicore.cli.awards:"
_COMMANDS = {
    "show": (_HERE + "show", "What an award gives in a period, and why."),
    "pay": (_HERE + "pay", "Record what an award gives; the same is never paid twice."),
    "list": (_HERE + "list_", "What was paid."),
    "replay": (_HERE + "replay", "Compute a payout again and compare."),
}
_PERIOD = click.option("--period", required=True, metavar="P", help="A period of the award's length, such as 2026-Q1.")


@click.group("award", cls=LazyGroup, lazy=_COMMANDS)
@options
def award() -> None:
    """Bonuses, stars, innovation awards, eligibility: by sealed evaluations only."""


@click.command("show")
@click.argument("name", metavar="AWARD")
@_PERIOD
@click.option("--subject", metavar="S", help="Only this subject, with every factor.")
@options
@click.pass_obj
def show(state: State, name: str, period: str, subject: str | None) -> None:
    """What AWARD gives in a period, by the sealed evaluations that count. Nothing is recorded."""
    from kpicore.reports import awards

    with state.open() as kpi:
        document = kpi.awards.result(name, period).to_document()
    if subject is not None:
        known = [one["subject"] for one in document["subjects"]]
        if subject not in known:
            raise NotFound(
                f"award {name} knows nobody called {subject!r} in {document['period']}",
                code="unknown_subject",
                where="--subject",
                hint=did_you_mean(subject, [one for one in known if one is not None]) or "leave it out to see everyone",
            )
        document["subjects"] = [one for one in document["subjects"] if one["subject"] == subject]
    state.show(document, lambda language: awards.award(document, language, whole=subject is not None))


@click.command("pay")
@click.argument("name", metavar="AWARD")
@_PERIOD
@click.option("--by", required=True, metavar="WHO", help="Who pays.")
@click.option("--propose", is_flag=True, help="Propose it: somebody else approves it before it is recorded.")
@click.option("--reason", metavar="R", help="Why it is proposed.")
@options
@click.pass_obj
def pay(state: State, name: str, period: str, by: str, propose: bool, reason: str | None) -> None:
    """Record what AWARD gives in a period: first all that is owed, later what differs from what was paid."""
    from kpicore.cli.proposals import check_reason, shown
    from kpicore.reports import awards

    check_reason(reason, propose=propose)
    with state.open() as kpi:
        result = kpi.awards.result(name, period)
        if propose:
            shown(state, kpi.propose(result, by=by, reason=reason or ""))
            return
        document = kpi.awards.pay(result, by=by).to_document()
    state.show(document, lambda language: awards.paid(document, language))


@click.command("list")
@click.option("--award", "name", metavar="AWARD", help="Only of this award.")
@click.option("--period", metavar="P", help="Only of this period.")
@click.option("--subject", metavar="S", help="Only what this subject was paid.")
@options
@click.pass_obj
def list_(state: State, name: str | None, period: str | None, subject: str | None) -> None:
    """What was paid, payout by payout."""
    from kpicore.reports import awards

    with state.open() as kpi:
        found = [one.to_document() for one in kpi.awards.payouts(name, period)]
    if subject is not None:
        for document in found:
            document["subjects"] = [one for one in document["subjects"] if one["subject"] == subject]
        found = [document for document in found if document["subjects"]]
    state.show({"payouts": found}, lambda language: awards.payouts(found, language))


@click.command("replay")
@click.argument("payout")
@options
@click.pass_obj
def replay(state: State, payout: str) -> None:
    """Compute PAYOUT again from the ledger alone, as known when it was recorded. Leaves with 4 if a digit differs."""
    from kpicore.reports import tables

    with state.open() as kpi:
        document = kpi.awards.replay(payout).to_document()
    state.show(document, lambda language: tables.replayed({**document, "evaluation": payout}, language))
    if not document["identical"]:
        raise click.exceptions.Exit(4)
