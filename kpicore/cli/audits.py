"""`kpicore verify`: is a ledger as it was written, and do its sealed evaluations come out again."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options
from kpicore.errors import Refused


@click.command("verify")
@click.argument("checked", required=False, metavar="[LEDGER]")
@click.option("--replay", "replays", is_flag=True, help="Compute every seal and payout again and compare.")
@click.option("--trust", metavar="KEY", hidden=True)
@click.option("--since", metavar="CHECKPOINT", hidden=True)
@options
@click.pass_obj
def verify(state: State, checked: str | None, replays: bool, trust: str | None, since: str | None) -> None:
    """Check every stored byte of LEDGER against its digest.

    Leaves with 0 if all is as it was written, with 1 if not, with 3 if something cannot be checked here, and with 4 if
    a sealed evaluation or a payout does not come out again.
    """
    from kpicore.cli.progress import progress
    from kpicore.governance.audit import audit
    from kpicore.ledger.store import Ledger
    from kpicore.reports import verified

    for option, given in (("--trust", trust), ("--since", since)):
        if given is not None:
            raise _not_built(f"kpicore verify {option}", "kpicore verify checks a ledger against its own digests")
    state.ledger = checked or state.ledger
    settings = state.settings()
    location = settings.location
    if location.endswith(".kpiz"):
        raise _not_built("kpicore verify BUNDLE", "kpicore verify checks ledgers")
    if "://" in location:
        Ledger.open(location, create=False).close()
    with progress(state.language) as show:
        found = audit(
            Path(location),
            replays=replays,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            progress=show,
        )
    document = {**found.to_document(), "ledger": location}
    state.show(document, lambda language: verified.verified(document, language))
    raise click.exceptions.Exit(found.exit_code)


def _not_built(what: str, hint: str) -> Refused:
    return Refused(f"{what} is not built yet", code="not_built", where="kpicore verify", hint=hint)
