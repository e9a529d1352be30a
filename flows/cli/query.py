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
        str, typer.Option("--format", "-F", help="table, csv, json, plot, parquet or arrow.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of to the terminal.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Allow statements that change the lake.")] = False,
    attach: Annotated[
        bool, typer.Option("--attach", help="Print the line that other DuckDB clients need.")
    ] = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Ask the warehouse with SQL (DuckDB); read-only unless told otherwise.

    Unqualified tables hold current rows; lake.<table> holds superseded ones too.
    Example: dateline sql "SELECT surface, value, unit, concept FROM quantities LIMIT 10"
    """
    root = warehouse or _warehouse_of(config)
    if attach:
        from warehouse.views import attach_line

        typer.echo(attach_line(root.absolute()))
        return
    from flows.sql.run import run_sql

    run_sql(root, query, file=file, output=output, out=out, write=write)


def _warehouse_of(config: Path | None) -> Path:
    return settings_of(config).warehouse


@app.command()
def migrate(config: Config = None, warehouse: WarehouseFolder = None) -> None:
    """Bring a warehouse that an older version made up to this one; nothing is lost or rewritten."""
    from warehouse.migrate import migrate as bring_up
    from warehouse.search import index_texts

    lake = settings_of(config, warehouse=warehouse).lake
    for step in bring_up(lake):
        typer.echo(f"added {step}")
    index_texts(lake)
    typer.echo(f"{lake.root} is a warehouse of this version.")


@app.command()
def report(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="HTML file. [default: WAREHOUSE/report.html]")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Run id. [default: the last run]")] = None,
    form: Annotated[str, typer.Option("--format", help="html, markdown or json.")] = "html",
    data_docs: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Great Expectations' Data Docs instead, in a folder."),
    ] = None,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Write the data-quality report: one self-contained HTML page, or Markdown, or JSON."""
    from flows.report import FORMATS, write_docs, write_report

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r}: choose {', '.join(FORMATS)}", param_hint="--format")

    settings = settings_of(config, warehouse=warehouse)
    if data_docs is not None:
        typer.echo(f"Wrote {write_docs(settings.lake, data_docs, run)}")
        return
    path = write_report(settings.lake, out, run, form)
    if path is not None:
        typer.echo(f"Wrote {path}")


@app.command()
def dictionary(
    sql: Annotated[bool, typer.Option("--sql", help="The views and macros instead.")] = False,
) -> None:
    """Print the data dictionary: every table and column, from the declaration."""
    from warehouse.dictionary import sql_markdown, to_markdown

    typer.echo(sql_markdown() if sql else to_markdown(), nl=False)
