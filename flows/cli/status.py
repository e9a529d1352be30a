"""How the warehouse is: for people, and for monitoring."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.app import app
from flows.cli.options import AsJson, Config, WarehouseFolder, settings_of
from flows.exits import Exit


@app.command()
def status(
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 5 where somebody should look.")
    ] = False,
    max_age: Annotated[
        float, typer.Option(min=0, help="Hours that may lie since the last good run.")
    ] = 36.0,
    as_json: AsJson = False,
    config: Config = None,
    warehouse: WarehouseFolder = None,
) -> None:
    """Say how the last run went, what is held back, how fresh the sources are, and what fails."""
    from flows.status import read_status, to_text

    settings = settings_of(config, warehouse=warehouse)
    found = read_status(settings.lake, datetime.now(UTC), max_age, settings.quality.owners)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, default=str))
    else:
        typer.echo(to_text(found))
    if check and not found.well:
        raise typer.Exit(Exit.ATTENTION)
