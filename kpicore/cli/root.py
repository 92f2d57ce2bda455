"""The command `kpicore` and the table of its commands."""

from __future__ import annotations

import click

from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options

_HERE = "kpicore.cli."
COMMANDS = {
    "demo": (_HERE + "demo:demo", "A tour of the main job on real sales data."),
    "init": (_HERE + "ledgers:init", "Make an empty ledger."),
    "doctor": (_HERE + "ledgers:doctor", "Look for what is wrong here."),
    "verify": (_HERE + "audits:verify", "Check every stored byte of a ledger, and that seals replay."),
    "import": (_HERE + "facts:import_", "Record the rows of files, read through an import map."),
    "retract": (_HERE + "facts:retract", "Take facts away by their keys."),
    "facts": (_HERE + "facts:facts", "Show the facts of one type."),
    "plan": (_HERE + "rules:plan", "Show what applying scorecards would change."),
    "new-scorecard": (_HERE + "templates:new_scorecard", "Write a scorecard for a role at a business stage."),
    "apply": (_HERE + "rules:apply", "Record scorecards and settings as rules in force."),
    "proposal": (_HERE + "proposals:proposal", "Change rules like code: propose, comment, approve, apply."),
    "triggers": (_HERE + "rules:triggers", "Show which changes are proposed by a date or a condition."),
    "measure": (_HERE + "scores:measure", "Measure one indicator over one or more periods."),
    "evaluate": (_HERE + "scores:evaluate", "Score everyone on a scorecard for a period."),
    "seal": (_HERE + "scores:seal", "Record an evaluation for good."),
    "replay": (_HERE + "history:replay", "Compute a sealed evaluation again and compare."),
    "restate": (_HERE + "history:restate", "Evaluate again with the facts known now."),
    "rescore": (_HERE + "history:rescore", "Score again under other weights or another scorecard."),
    "versions": (_HERE + "history:versions", "Show what was sealed of a scorecard, and which version counts."),
    "explain": (_HERE + "history:explain", "Show how a score is built, or why two differ."),
    "dispute": (_HERE + "disputes:dispute", "Contest a score: open, answer, decide."),
    "adjust": (_HERE + "adjust:adjust", "Set scores beside the system's own: override, calibrate."),
    "award": (_HERE + "awards:award", "What sealed scores earn: show, pay, list, replay."),
    "plugins": (_HERE + "plugins:plugins", "List, show and check plugins."),
    "handbook": (_HERE + "handbook:handbook", "Write a page for every indicator."),
    "report": (_HERE + "report:report", "Write the report of an evaluation: for everyone, and for each."),
    "pilot": (_HERE + "later:pilot", "Not available yet."),
    "export": (_HERE + "later:export", "Not available yet."),
    "bundle": (_HERE + "later:bundle", "Not available yet."),
    "erase": (_HERE + "later:erase", "Not available yet."),
}


def _plugin_commands(cli: click.Group, ctx: click.Context) -> None:
    """Plugins add their commands; a broken one never stands in the way of the rest."""
    ctx.ensure_object(State).host().register_commands(cli)


@click.group(
    "kpicore",
    cls=LazyGroup,
    lazy=COMMANDS,
    extend=_plugin_commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(None, "--version", package_name="kpicore", message="%(package)s %(version)s")
@options
def cli() -> None:
    """Scores for marketing teams that can be replayed, restated and explained years later.

    Start with "kpicore demo". Every command takes --json, for other programs, and --ledger.
    """
