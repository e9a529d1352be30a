"""`dateline maintain`: keep the warehouse small and sound."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app
from flows.cli.options import AsJson, Config, Wait, WarehouseFolder, settings_of
from flows.exits import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from flows.settings import Settings
    from warehouse.maintain import Step


@app.command()
def maintain(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what there is to do; verify all the same.")
    ] = False,
    grace: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="HOURS",
            help="Delete only files that nobody has needed for so long. [default: 24]",
        ),
    ] = None,
    verify_all: Annotated[
        bool, typer.Option("--verify-all", help="Verify all rows, not only those of a month.")
    ] = False,
    rebuild_catalog: Annotated[
        bool,
        typer.Option(
            "--rebuild-catalog",
            help="Make a damaged or lost catalog anew from the Parquet files and the archive.",
        ),
    ] = False,
    wait: Wait = None,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Expire snapshots, merge small files, delete what nobody needs, and verify what is there.

    Readers are not disturbed. Exit code 65 says that something is wrong; the table names it.
    """
    from flows.maintain import run_maintenance

    settings = settings_of(config, warehouse=warehouse, lock_wait=wait)
    if rebuild_catalog:
        _rebuild(settings, config, warehouse)
        return
    steps = run_maintenance(settings, dry_run=dry_run, grace_hours=grace, verify_all=verify_all)
    if _show(steps, as_json, "would do" if dry_run else "did"):
        raise typer.Exit(Exit.DAMAGED)


def _rebuild(settings: Settings, config: Path | None, warehouse: Path | None) -> None:
    from flows.maintain import rebuild_catalog

    rebuilt, missing = rebuild_catalog(settings)
    typer.echo(f"{sum(rebuilt.rows.values()):,} rows of {settings.lake.data} have a catalog again.")
    if rebuilt.kept is not None:
        typer.echo(f"The old one is {rebuilt.kept}.")
    for run in rebuilt.left_out:
        typer.echo(f"Left out, since it was never published whole: run {run}.")
    for path in rebuilt.torn:
        typer.echo(f"Cannot be read: {path}.", err=True)
    if missing:
        typer.echo(f"{missing} runs are in the archive alone: they are published again.")
        from flows.account import show_all
        from flows.start import start_replay

        accounts = start_replay(settings, archive=None, config=config, warehouse=warehouse)
        show_all(accounts, settings)


def _show(steps: Iterable[Step], as_json: bool, done: str) -> bool:
    """Print steps; whether one of them is a problem."""
    from rich.console import Console
    from rich.table import Table

    table = Table("step", "what", title=f"What maintain {done}", title_justify="left")
    table.add_column("count", justify="right")
    table.add_column("bytes", justify="right")
    wrong = False
    for step in steps:
        wrong |= step.problem
        if as_json:
            typer.echo(json.dumps(asdict(step)))
        size = "" if step.bytes is None else f"{step.bytes:,}"
        style = "bold red" if step.problem else None
        table.add_row(step.name, step.what, f"{step.count:,}", size, style=style)
    if not as_json:
        Console().print(table)
    return wrong
