"""`kpicore proposal`: a change is looked at, commented on and approved by somebody else before it is applied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.cases import BY, REASON, step_command
from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options
from kpicore.errors import InvalidInput

if TYPE_CHECKING:
    from kpicore.governance.proposals import Proposal

_HERE = "kpicore.cli.proposals:"
_COMMANDS = {
    "open": (_HERE + "open_", "Propose a change of rules."),
    "list": (_HERE + "list_", "The proposals, and how they stand."),
    "show": (_HERE + "show", "What a proposal would change, and what was said about it."),
    "comment": (_HERE + "comment", "Say something about a proposal."),
    "approve": (_HERE + "approve", "Approve somebody else's proposal."),
    "reject": (_HERE + "reject", "Turn a proposal down."),
    "withdraw": (_HERE + "withdraw", "Take one's own proposal back."),
    "apply": (_HERE + "apply", "Do what was approved."),
}
_NAME = click.argument("name", metavar="PROPOSAL")


@click.group("proposal", cls=LazyGroup, lazy=_COMMANDS)
@options
def proposal() -> None:
    """Change rules like code: propose, comment, approve, apply."""


@click.command("open")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@BY
@REASON
@click.option("--effective", metavar="DATE", help="From when it counts, instead of the files' own dates; may be past.")
@options
@click.pass_obj
def open_(state: State, paths: tuple[Path, ...], by: str, reason: str, effective: str | None) -> None:
    """Propose what the rule files at PATH would change. All of it is kept: the files may change afterwards."""
    with state.open() as kpi:
        found = kpi.propose(kpi.plan(*paths), by=by, reason=reason, effective=effective)
    shown(state, found)


@click.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are done with, too.")
@options
@click.pass_obj
def list_(state: State, every: bool) -> None:
    """The proposals that wait for somebody, and how they stand."""
    from kpicore.reports import proceedings

    with state.open() as kpi:
        found = [one.to_document() for one in kpi.proposals if every or one.possible]
    for document in found:
        del document["would"]
    state.show({"proposals": found}, lambda language: proceedings.proposals(found, language))


@click.command("show")
@_NAME
@options
@click.pass_obj
def show(state: State, name: str) -> None:
    """What PROPOSAL would change, and what was said about it."""
    with state.open() as kpi:
        found = kpi.proposals[name]
    shown(state, found)


@click.command("comment")
@_NAME
@BY
@click.option("--text", required=True, metavar="TEXT", help="What there is to say.")
@options
@click.pass_obj
def comment(state: State, name: str, by: str, text: str) -> None:
    """Say something about PROPOSAL. It is kept with the rules that come of it."""
    with state.open() as kpi:
        found = kpi.proposals.comment(name, text, by=by)
    shown(state, found)


@click.command("approve")
@_NAME
@BY
@click.option("--text", metavar="TEXT", help="What there is to say about it.")
@options
@click.pass_obj
def approve(state: State, name: str, by: str, text: str | None) -> None:
    """Approve PROPOSAL, which somebody else made. It counts when it is applied."""
    with state.open() as kpi:
        found = kpi.proposals.approve(name, by=by, text=text)
    shown(state, found)


@click.command("apply")
@_NAME
@click.option("--by", required=True, metavar="WHO", help="Who applies it.")
@options
@click.pass_obj
def apply(state: State, name: str, by: str) -> None:
    """Do what was approved, if it still does what was approved."""
    from kpicore.reports import proceedings

    with state.open() as kpi:
        done: Any = kpi.proposals.apply(name, by=by).to_document()
        document = {"proposal": kpi.proposals[name].to_document(), "done": done}
    state.show(document, lambda language: proceedings.proposal(document["proposal"], language))


def check_reason(reason: str | None, *, propose: bool) -> None:
    """Refuse a reason that nothing would keep.

    Raises:
        InvalidInput: A reason is given, and nothing is proposed.
    """
    if reason is not None and not propose:
        raise InvalidInput(
            "a reason is kept with a proposal", code="usage", where="--reason", hint="add --propose, or leave it out"
        )


def shown(state: State, found: Proposal) -> None:
    """Show a proposal."""
    from kpicore.reports import proceedings

    document = found.to_document()
    state.show(document, lambda language: proceedings.proposal(document, language))


reject = step_command("reject", "PROPOSAL", "Turn PROPOSAL down.", lambda kpi: kpi.proposals.reject, shown)
withdraw = step_command(
    "withdraw", "PROPOSAL", "Take PROPOSAL back, which is one's own.", lambda kpi: kpi.proposals.withdraw, shown
)
