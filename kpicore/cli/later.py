"""Commands that are promised and not there yet: refused by name, so that nobody takes silence for success."""

from __future__ import annotations

import click

from kpicore.cli.state import options
from kpicore.errors import Refused


def _later(name: str, does: str) -> click.Command:
    @click.command(
        name,
        help=f"{does} Not available yet.",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    @options
    def command() -> None:
        raise Refused(
            f"kpicore {name} is not built yet",
            code="not_built",
            where=f"kpicore {name}",
            hint="kpicore --help lists what is there",
        )

    return command


pilot = _later("pilot", "A scorecard on trial beside the one that counts.")
export = _later("export", "Results as files for other programs.")
bundle = _later("bundle", "The evidence for one evaluation as one file.")
erase = _later("erase", "Forget a person.")
plugins_new = _later("plugins new", "The skeleton of a plugin.")
