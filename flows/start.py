"""Starting the flow: once now, or every night."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from rich.console import Console

from flows.runtime import prepare
from flows.settings import Settings
from transforms.language.pipeline import find_model
from warehouse.lake import WarehouseError, create, writer_lock

if TYPE_CHECKING:
    from flows.run import Account

SERVER_WAIT = 180.0


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


def serve(
    settings: Settings, *, config: Path | None, warehouse: Path | None, cron: str | None
) -> None:
    """Run the flow on its schedule until stopped, one run at a time.

    Prefect schedules only with a server that stays: where PREFECT_API_URL names none, one is
    started on this machine for as long as this command runs.
    """
    find_model(settings.model)
    create(settings.lake)
    prepare(settings.lake, logging="INFO")
    server = None if "PREFECT_API_URL" in os.environ else _start_server()
    try:
        from prefect.schedules import Cron

        from flows.ingest import ingest

        schedule = Cron(cron or settings.schedule.cron, timezone=_zone(settings))
        Console(stderr=True).print(
            f"Serving: next runs by cron {cron or settings.schedule.cron!r}, stop with Ctrl-C."
        )
        ingest.serve(
            name="nightly",
            schedule=schedule,
            limit=1,
            parameters={
                "config": str(config.absolute()) if config else None,
                "warehouse": str(warehouse.absolute()) if warehouse else None,
            },
        )
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)


def _zone(settings: Settings) -> str:
    if settings.schedule.timezone:
        return settings.schedule.timezone
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"


def _start_server() -> subprocess.Popen[bytes]:
    """A Prefect server on a free loopback port, ready to answer."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--no-ui"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + SERVER_WAIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                os.environ["PREFECT_API_URL"] = url
                return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    raise WarehouseError(
        "Prefect's server did not start: run `prefect server start` yourself and set"
        " PREFECT_API_URL to its address"
    )
