"""`kpicore report`: what people read of an evaluation, as files."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options
from kpicore.errors import InvalidInput

#: Kinds of documents that reports are not written as; anything else is a folder.
_DOCUMENTS = ("pdf", "htm", "xls", "csv", "md", "docx", "json")


@click.command("report")
@click.argument("evaluation", metavar="EVALUATION|CARD")
@click.option("--period", metavar="P", help="Evaluate CARD for this period, as known now.")
@click.option("--subject", metavar="S", help="Only this one.")
@click.option(
    "--out",
    metavar="DIR|FILE",
    type=click.Path(path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder, made if it is not there; or one file that ends in .html or .xlsx.",
)
@click.option("--format", "form", type=click.Choice(("html", "xlsx")), help="Page or workbook.  [default: html]")
@options
@click.pass_obj
def report(state: State, evaluation: str, period: str | None, subject: str | None, out: Path, form: str | None) -> None:
    """Write the report of an evaluation: one file for everyone, and beside it one for each person.

    A page needs nothing from elsewhere and prints on A4. Files that are there already are written over.
    """
    from rich.text import Text

    from kpicore.reports.report.files import FORMS
    from kpicore.reports.words import clean, pick

    ending = out.suffix.lower().removeprefix(".")
    alone = ending in FORMS and not out.is_dir()
    if alone and form not in (None, ending):
        raise InvalidInput(
            f"{out} does not end in .{form}",
            code="bad_ending",
            where="--out",
            hint=f"leave out --format {form}, or name a folder",
        )
    if ending in _DOCUMENTS and not out.is_dir():
        raise InvalidInput(
            f"a report is not written as .{ending}",
            code="bad_ending",
            where="--out",
            hint="let it end in .html or .xlsx, or name a folder",
        )
    chosen = next(one for one in FORMS if one == (ending if alone else form or "html"))
    with state.open() as kpi:
        found = kpi.report(evaluation, period, subject=subject)
        language = "zh-Hant" if state.language == "zh-Hant" else "en"
        if alone:
            files = [found.write_file(out, form=chosen, language=language)]
        else:
            files = found.write(out, form=chosen, language=language)
    document = {
        "evaluation": found.id,
        "digest": found.document["digest"],
        "language": language,
        "format": chosen,
        "files": [str(file) for file in files],
    }
    many, first = len(files), clean(files[0])
    said = pick(
        language,
        f"{first}" + (f" and {many - 1} more beside it" if many > 1 else ""),
        f"{first}" + (f"，另有 {many - 1} 份" if many > 1 else ""),
    )
    state.show(document, lambda _language: Text(said))
