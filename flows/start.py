"""Starting the flow once, now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from flows.runtime import prepare
from flows.settings import Settings
from transforms.language.pipeline import find_model
from warehouse.lake import WarehouseError, create, writer_lock

if TYPE_CHECKING:
    from flows.run import Account


def start_ingest(
    settings: Settings,
    *,
    config: Path | None,
    published: str | None = None,
    warehouse: Path | None = None,
    model: str | None = None,
    workers: int | None = None,
) -> Account:
    """Run the flow now; the account of the run.

    Raises:
        ModelMissing, WarehouseError, WarehouseLocked: before anything is started.
    """
    find_model(settings.model)
    if not settings.sources:
        raise WarehouseError("no sources are configured: add [[sources]] to the configuration")
    create(settings.lake)
    # a second run should hear so at once, not after a server has booted
    with writer_lock(settings.lake):
        pass
    # a failure ends in our own line, with what to do; Prefect would put its traceback before it
    prepare(settings.lake, logging="CRITICAL")
    console = Console(stderr=True)
    if "PREFECT_API_URL" not in os.environ:
        console.print("Starting Prefect (10 to 20 seconds, once a process)...", style="dim")
    from flows.ingest import ingest

    return ingest(
        config=str(config) if config else None,
        published=published,
        warehouse=str(warehouse) if warehouse else None,
        model=model,
        workers=workers,
    )
