"""The nightly schedule: Prefect serves the flow, with a server of its own where none is named."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from flows.runtime import prepare
from flows.server import prefect_server
from flows.settings import Settings
from transforms.language.pipeline import find_model
from warehouse.lake import create


def serve(settings: Settings, *, config: Path | None, warehouse: Path | None) -> None:
    """Run the flow on its schedule until stopped, one run at a time.

    Prefect schedules only with a server that stays: where PREFECT_API_URL names none, one is
    started on this machine for as long as this command runs.

    Raises:
        ModelMissing, WarehouseError: before anything is started.
    """
    find_model(settings.model)
    create(settings.lake)
    prepare(settings.lake, logging="INFO")
    console = Console(stderr=True)
    line = settings.schedule.cron
    # Prefect reads its settings when it is imported: the server's address must be set by then
    with prefect_server(console):
        from prefect.schedules import Cron

        from flows.ingest import ingest

        console.print(f"Serving: next runs by cron {line!r} ({_zone(settings)}), stop with Ctrl-C.")
        ingest.serve(
            name="nightly",
            schedule=Cron(line, timezone=_zone(settings)),
            limit=1,
            parameters={
                "config": str(config.absolute()) if config else None,
                "warehouse": str(warehouse.absolute()) if warehouse else None,
            },
            print_starting_message=False,
        )


def _zone(settings: Settings) -> str:
    if settings.schedule.timezone:
        return settings.schedule.timezone
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"
