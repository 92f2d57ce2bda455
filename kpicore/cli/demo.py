"""`kpicore demo`: the tour of the main job."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.state import State, options

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.command("demo")
@click.option(
    "--keep", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Leave ledger and files in DIR."
)
@options
@click.pass_obj
def demo(state: State, keep: Path | None) -> None:
    """A tour of the main job on real sales data: import, score, seal, change the rules, replay, explain."""
    from kpicore.cli.output import console, print_json
    from kpicore.demo import tour

    screen = None if state.json else console()

    def show(part: RenderableType) -> None:
        if screen is not None:
            screen.print(part)

    stage = tour.Stage(state.language, show, _command())
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kpicore-demo-") as temporary:
        folder = keep if keep is not None else Path(temporary)
        tour.unpack(folder)
        document = tour.run(folder, stage)
        tour.farewell(folder, keep is not None, document["evaluations"][-1]["evaluation"], stage)
    if state.json:
        print_json({**document, "folder": None if keep is None else str(keep)})
    else:
        click.echo(f"({time.monotonic() - began:.1f} s)", err=True)


def _command() -> str:
    """How this command is called from here: by name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    found = shutil.which("kpicore")
    if found or not called.is_file() or called.suffix == ".py":
        return "kpicore"
    path = called.absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
