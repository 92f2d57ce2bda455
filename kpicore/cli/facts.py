"""`kpicore import`, `retract` and `facts`: rows in, rows away, rows out."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--map", "import_map", required=True, metavar="MAP", type=click.Path(path_type=Path), help="The import map (TOML)."
)
@click.option("--source", metavar="S", help="Where the facts come from; default: what the map says, or its name.")
@click.option("--by", metavar="WHO", help="Who imports.")
@click.option("--keep-good", is_flag=True, help="Record the good rows; write the refused ones beside the file.")
@options
@click.pass_obj
def import_(
    state: State, files: tuple[Path, ...], import_map: Path, source: str | None, by: str | None, keep_good: bool
) -> None:
    """Record the rows of FILES. One file is one transaction; the same file twice counts once."""
    from kpicore.cli.progress import progress
    from kpicore.reports import records

    with state.open(create=True) as kpi, progress() as show:
        report = kpi.import_files(list(files), import_map, source=source, by=by, keep_good=keep_good, progress=show)
    document = report.to_document()
    state.show(document, lambda language: records.imported(document, language))
    if document["refused"]:
        raise click.exceptions.Exit(2)


@click.command("retract")
@click.argument("fact_type", metavar="TYPE")
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@click.option("--source", required=True, metavar="S", help="The source of the facts: part of their identity.")
@click.option("--reason", required=True, metavar="R", help="Why they are taken away.")
@click.option("--by", metavar="WHO", help="Who takes them away.")
@click.option("--batch-key", metavar="K", help="Makes a repeated call count once; default: made from the rest.")
@options
@click.pass_obj
def retract(
    state: State, fact_type: str, keys: tuple[str, ...], source: str, reason: str, by: str | None, batch_key: str | None
) -> None:
    """Take the facts of TYPE with these KEYs away. Several key fields are written with a slash: A/1."""
    from kpicore.canonical import canonical_json, sha256_hex
    from kpicore.reports import records

    ordered = sorted(set(keys))
    key = batch_key or f"retract-{sha256_hex(canonical_json([fact_type, source, ordered, reason]))[:16]}"
    with state.open() as kpi:
        found = kpi.definitions.fact_types.get(fact_type)
        several = found is not None and len(found.key) > 1
        parts = [tuple(text.split("/")) if several else text for text in ordered]
        before = kpi.ledger.cut()
        receipt = kpi.retract(fact_type, parts, source=source, batch_key=key, reason=reason, by=by)
        definition = kpi.fact_type(fact_type)
        gone = kpi.ledger.changes(definition, before, kpi.ledger.cut(receipt.position)).removed
    document = {**receipt.to_document(), "taken": 0 if receipt.duplicate else len(gone)}
    state.show(document, lambda language: records.retracted(document, language))


@click.command("facts")
@click.argument("fact_type", metavar="TYPE")
@click.option("--as-of", metavar="POS|TIME", help="As known at a position of the ledger or at a time.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Only the first N; default: all, in a table 20.")
@options
@click.pass_obj
def facts(state: State, fact_type: str, as_of: str | None, limit: int | None) -> None:
    """Show the facts of TYPE: corrections and retractions resolved, each with its position and row."""
    from kpicore.reports import records

    with state.open() as kpi:
        table = kpi.facts(fact_type, cut=as_of)
    shown = limit if limit is not None else len(table) if state.json else 20
    document = {"fact_type": fact_type, "count": len(table), "rows": records.rows_of(table.slice(0, shown))}
    state.show(document, lambda language: records.facts(document, language))
