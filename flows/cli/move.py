"""Moving a warehouse to a server and an object store, and back."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import app
from flows.cli.options import Config, Wait, WarehouseFolder, settings_of


@app.command()
def move(
    where: Annotated[
        str, typer.Argument(help="store: to where [store] of the configuration says; or folder.")
    ],
    config: Config = None,
    warehouse: WarehouseFolder = None,
    wait: Wait = None,
) -> None:
    """Move a warehouse to Postgres and an object store, or back into its folder; verified.

    All rows go, superseded ones too, in one transaction; they are read back and compared before the
    warehouse counts as moved. The archive, logs and indexes stay in the folder. Where it is killed,
    the warehouse is where it was, and the same command begins anew.
    """
    from datetime import UTC, datetime

    from flows.settings import SettingsError
    from warehouse.lake import open_warehouse
    from warehouse.location import IN_FOLDER
    from warehouse.move import move as move_warehouse

    settings = settings_of(config, warehouse=warehouse, lock_wait=wait)
    if where not in ("store", "folder"):
        raise typer.BadParameter(f"{where!r}: choose store or folder", param_hint="WHERE")
    target = settings.store.location if where == "store" else IN_FOLDER
    if where == "store" and not target.elsewhere:
        raise SettingsError("[store] of the configuration says nothing: set catalog and data there")
    lake = open_warehouse(settings.warehouse.absolute())
    moved = move_warehouse(lake, target, datetime.now(UTC), settings.lock_wait)
    typer.echo(
        f"{sum(moved.rows.values()):,} rows of {len(moved.rows)} tables lie in"
        f" {moved.warehouse.location} now: as many as before, and the same."
    )
    for left in moved.left:
        typer.echo(f"Left for you to remove: {left}.")
    if where == "folder" and settings.store.location.elsewhere:
        typer.echo("Take [store] out of the configuration.")
