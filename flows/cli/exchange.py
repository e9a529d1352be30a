"""The warehouse in the formats of others, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app
from flows.cli.options import Config, WarehouseFolder, settings_of

if TYPE_CHECKING:
    from warehouse.lake import Warehouse

ARTICLES = ("timeml", "ninjs")
TABLES = ("parquet", "csv", "jsonl", "duckdb")


@app.command()
def export(
    articles: Annotated[
        list[str] | None, typer.Argument(help="Keys or URLs of articles. [default: all]")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-F",
            help="All tables as parquet, csv, jsonl or duckdb; articles as timeml or ninjs.",
        ),
    ] = None,
    timeml: Annotated[bool, typer.Option("--timeml", help="The same as --format timeml.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder; articles else go to the terminal.")
    ] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write the warehouse, or articles of it, in a format of others.

    Tables come with their descriptions, datapackage.json (Frictionless) and croissant.json, and
    `dateline import` makes the same warehouse of them. TimeML is the text with its times marked,
    ninjs the text with its names; one file an article.
    Example: dateline export --format parquet --out exported
    """  # fmt: skip
    form = form or ("timeml" if timeml else None)
    if form not in (*ARTICLES, *TABLES):
        names = ", ".join((*TABLES, *ARTICLES))
        raise typer.BadParameter(f"choose a format: {names}", param_hint="--format")
    lake = settings_of(config, warehouse=warehouse).lake
    if form in TABLES:
        _tables(lake, form, articles, out)
        return
    from flows.export import export_articles, read_articles

    if out is None:
        for _, document in read_articles(lake, articles or [], form):
            typer.echo(document, nl=False)
        return
    count = export_articles(lake, articles or [], form, out)
    typer.echo(f"{count} articles written to {out}.")


def _tables(lake: Warehouse, form: str, articles: list[str] | None, out: Path | None) -> None:
    from warehouse.bundle import export_bundle

    if articles:
        raise typer.BadParameter("articles are chosen for timeml and ninjs only")
    if out is None:
        raise typer.BadParameter("tables need a folder", param_hint="--out")
    rows = export_bundle(lake, form, out)
    typer.echo(f"{sum(rows.values())} rows of {len(rows)} tables written to {out}.")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Folder that `dateline export` wrote.")],
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Make an empty or new warehouse of an export, whatever its format: the same rows."""
    from warehouse.bundle import import_bundle
    from warehouse.search import index_texts

    lake = settings_of(config, warehouse=warehouse).lake
    rows = import_bundle(source, lake)
    index_texts(lake)
    typer.echo(f"{sum(rows.values())} rows of {len(rows)} tables imported into {lake.root}.")
