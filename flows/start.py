"""Starting the flow once, now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from flows.reach import check_reach
from flows.runtime import prepare
from flows.server import prefect_server
from flows.settings import Settings
from transforms.language.pipeline import find_model
from warehouse.lake import Warehouse, WarehouseError, create, writer_lock

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
    force: str | None = None,
    by: str | None = None,
    wait: float | None = None,
) -> Account:
    """Run the flow now; the account of the run.

    Raises:
        ModelMissing, WarehouseError, WarehouseLocked: before anything is started.
    """
    if not settings.sources:
        raise WarehouseError("no sources are configured: add [[sources]] to the configuration")
    prepare_run(settings)
    with prefect_for(settings):
        from flows.ingest import ingest

        return ingest(
            config=str(config) if config else None,
            published=published,
            warehouse=str(warehouse) if warehouse else None,
            model=model,
            workers=workers,
            force=force,
            by=by,
            wait=wait,
        )


def start_replay(
    settings: Settings,
    *,
    archive: Path | None,
    config: Path | None,
    warehouse: Path | None = None,
    model: str | None = None,
    workers: int | None = None,
    wait: float | None = None,
) -> list[Account]:
    """Make the warehouse anew from an archive; the accounts of the runs that it lacked.

    Raises:
        ModelMissing, WarehouseError, WarehouseLocked: before anything is started.
        ArchiveError: there is no archive to read, or a file of it is damaged.
    """
    prepare_run(settings)
    with prefect_for(settings):
        from flows.replay import replay

        return replay(
            archive=str(archive) if archive else None,
            config=str(config) if config else None,
            warehouse=str(warehouse) if warehouse else None,
            model=model,
            workers=workers,
            wait=wait,
        )


def prepare_run(settings: Settings, *, say: bool = True) -> None:
    """Fail early on what would fail late, and set the frameworks' environment.

    `say`: tell that Prefect starts, which takes its time.
    """
    find_model(settings.model)
    create(settings.lake)
    # a second run should hear so at once, not after a server has booted
    with writer_lock(settings.lake, settings.lock_wait):
        pass
    # a failure ends in our own line, with what to do; Prefect would put its traceback before it
    prepare(settings.lake, logging="CRITICAL")
    if say and "PREFECT_API_URL" not in os.environ and settings.scale.engine == "processes":
        Console(stderr=True).print(
            "Starting Prefect (10 to 20 seconds, once a process)...", style="dim"
        )


_TRIAL = 1_000_000
"""Bytes: a disk with less room counts as full, since a failed run has freed some of it already."""


@contextmanager
def prefect_for(settings: Settings) -> Iterator[None]:
    """What a flow needs of Prefect while it runs: a server that Dask's workers can speak to, if
    they are to, and its failures named where the disk is full.

    Prefect starts a server inside the process for itself, which no other process reaches.

    Raises:
        WarehouseError: workers on other machines could not reach what they need.
        OSError: Prefect failed, since there is no room for its records.
    """
    with _full_disk_named(settings.lake):
        if settings.scale.engine != "dask":
            yield
            return
        check_reach(settings)
        with prefect_server(Console(stderr=True)):
            yield


@contextmanager
def _full_disk_named(lake: Warehouse) -> Iterator[None]:
    """Prefect says of a full disk only that its server failed: whether it is, a trial tells."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.startswith("prefect"):
            _try_to_write(lake, error)
        raise


def _try_to_write(lake: Warehouse, cause: Exception) -> None:
    trial = lake.root / ".trial"
    try:
        trial.write_bytes(bytes(_TRIAL))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(lake.root)) from cause
    finally:
        trial.unlink(missing_ok=True)
