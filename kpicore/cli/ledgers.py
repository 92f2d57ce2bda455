"""`kpicore init` and `doctor`: a new ledger, and what is wrong here."""

from __future__ import annotations

import click

from kpicore.cli.state import State, options


@click.command("init")
@options
@click.pass_obj
def init(state: State) -> None:
    """Make an empty ledger; one that is there already is left as it is."""
    from kpicore.reports import records

    with state.open(create=True) as kpi:
        cut = kpi.ledger.cut()
        document = {"ledger": state.settings().location, "facts_cut": cut.facts, "rules_cut": cut.rules}
    state.show(document, lambda language: records.ledger(document, language))


@click.command("doctor")
@options
@click.pass_obj
def doctor(state: State) -> None:
    """Look at this machine, the ledger and the plugins. Leaves with 1 if something is wrong."""
    from kpicore.cli.diagnosis import examine
    from kpicore.reports import records

    checks = examine(state)
    document = {"ok": all(check["status"] != "bad" for check in checks), "checks": checks}
    state.show(document, lambda language: records.doctor(document, language))
    if not document["ok"]:
        raise click.exceptions.Exit(1)
