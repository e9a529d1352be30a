"""What is in the warehouse: SQL, exports, the report, the data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import app
from flows.cli.options import Config, WarehouseFolder, settings_of


@app.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help="The query; without one, a prompt or standard input.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the query here.")] = None,
    output: Annotated[
        str, typer.Option("--format", "-F", help="table, csv, json or parquet.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of to the terminal.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Allow statements that change the lake.")] = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Ask the warehouse with SQL (DuckDB); read-only unless told otherwise.

    Unqualified tables hold current rows; lake.<table> holds superseded ones too.
    Example: dateline sql "SELECT surface, value, unit, concept FROM quantities LIMIT 10"
    """
    from flows.console import run_sql

    root = warehouse or _warehouse_of(config)
    run_sql(root, query, file=file, output=output, out=out, write=write)


def _warehouse_of(config: Path | None) -> Path:
    return settings_of(config).warehouse


@app.command()
def export(
    articles: Annotated[
        list[str] | None, typer.Argument(help="Keys or URLs of articles. [default: all]")
    ] = None,
    timeml: Annotated[
        bool, typer.Option("--timeml", help="TimeML: the text with its times marked.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder, instead of the terminal.")
    ] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write articles in a format of others, one file an article.

    Name the format: --timeml. Example: dateline export --timeml --out timeml
    """
    from flows.export import export_articles, read_articles

    formats = [name for name, chosen in {"timeml": timeml}.items() if chosen]
    if len(formats) != 1:
        raise typer.BadParameter("choose a format: --timeml", param_hint="--timeml")
    lake = settings_of(config, warehouse=warehouse).lake
    if out is None:
        for _, document in read_articles(lake, articles or [], formats[0]):
            typer.echo(document, nl=False)
        return
    count = export_articles(lake, articles or [], formats[0], out)
    typer.echo(f"{count} articles written to {out}.")


@app.command()
def report(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="HTML file. [default: WAREHOUSE/report.html]")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Run id. [default: the last run]")] = None,
    form: Annotated[str, typer.Option("--format", help="html, markdown or json.")] = "html",
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write the data-quality report: one self-contained HTML page, or Markdown, or JSON."""
    from flows.report import FORMATS, write_report

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r}: choose {', '.join(FORMATS)}", param_hint="--format")

    settings = settings_of(config, warehouse=warehouse)
    path = write_report(settings.lake, out, run, form)
    if path is not None:
        typer.echo(f"Wrote {path}")


@app.command()
def dictionary() -> None:
    """Print the data dictionary: every table and column, from the declaration."""
    from warehouse.dictionary import to_markdown

    typer.echo(to_markdown(), nl=False)
