"""`kpicore handbook`: a page for every indicator, as files."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options


@click.command("handbook")
@click.option(
    "--format", "form", type=click.Choice(("md", "html")), default="md", show_default=True, help="Markdown or HTML."
)
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("handbook"),
    show_default=True,
    help="Folder of the pages; made if it is not there.",
)
@click.option("--plugin", metavar="NAME", help="Only the indicators of this plugin.")
@options
@click.pass_obj
def handbook(state: State, form: str, output: Path, plugin: str | None) -> None:
    """Write a page for every indicator: meaning, formula in words, worked example, parameters, who is scored by it.

    The index lists them by perspective and by role. Files that are there already are written over.
    """
    from rich.text import Text

    from kpicore.hooks.catalog import Catalog
    from kpicore.reports.handbook import html as handbook_html
    from kpicore.reports.handbook import markdown as handbook_markdown
    from kpicore.reports.handbook.handbook import INDEX
    from kpicore.reports.handbook.handbook import handbook as pages_of
    from kpicore.reports.report.files import write_whole
    from kpicore.reports.words import pick

    write, ending = {
        "md": (handbook_markdown.markdown, handbook_markdown.ENDING),
        "html": (handbook_html.html, handbook_html.ENDING),
    }[form]
    catalog = Catalog(state.host())
    pages = pages_of(catalog, state.language, plugin)
    output.mkdir(parents=True, exist_ok=True)
    for page in pages:
        write_whole(output / f"{page.name}{ending}", write(page).encode())
    known = catalog.definitions
    names = [page.name for page in pages if page.name in known.indicators]
    index, many = str(output / f"{INDEX}{ending}"), len(names)
    document = {
        "index": index,
        "language": state.language,
        "format": form,
        "indicators": names,
        "roles": [page.name for page in pages if page.name in known.roles],
    }
    state.show(document, lambda lang: Text(pick(lang, f"{many} indicators: {index}", f"{many} 項指標：{index}")))
