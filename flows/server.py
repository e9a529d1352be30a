"""Prefect's server for as long as a command runs, where no other is named."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from rich.console import Console

from flows.workers import die_with_parent
from warehouse.lake import WarehouseError

WAIT = 180.0
RUN_WAIT = 60.0
"""Seconds in which a run that is told to stop may end its batches and publish."""


@contextmanager
def prefect_server(console: Console) -> Iterator[None]:
    """Prefect's server: the one that PREFECT_API_URL names, or one on a free loopback port.

    Prefect reads its settings when it is imported: enter this before. What runs below this process
    when it is left is ended in order, before the server.
    """
    if "PREFECT_API_URL" in os.environ:
        yield
        return
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(os.environ["PREFECT_HOME"]) / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    process = multiprocessing.get_context("spawn").Process(target=_run_server, args=(port, log))
    process.start()
    try:
        with console.status("Starting Prefect's server (10 to 20 seconds)..."):
            _wait_for(f"http://127.0.0.1:{port}/api", process, log)
        yield
    finally:
        # first the runs, who tell the server how they ended and would wait for it if it had gone
        _end_runs([c for c in multiprocessing.active_children() if c is not process])
        process.terminate()
        process.join(30)
        if process.is_alive():
            process.kill()
        os.environ.pop("PREFECT_API_URL", None)


def _end_runs(runs: Sequence[multiprocessing.process.BaseProcess]) -> None:
    """Have runs under way end their batches and publish; kill those that do not in time.

    Prefect's runner leaves them to themselves when it is stopped.
    """
    for run in runs:
        run.terminate()
    deadline = time.monotonic() + RUN_WAIT
    for run in runs:
        run.join(max(0.0, deadline - time.monotonic()))
        if run.is_alive():
            run.kill()


def _wait_for(url: str, process: multiprocessing.process.BaseProcess, log: Path) -> None:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and process.is_alive():
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                os.environ["PREFECT_API_URL"] = url
                return
        except OSError:
            time.sleep(0.5)
    raise WarehouseError(
        f"Prefect's server did not start, {log} may say why: run `prefect server start` yourself"
        " and set PREFECT_API_URL to its address"
    )


def _run_server(port: int, log: Path) -> None:
    """`prefect server start` in this process, which ends with its parent."""
    die_with_parent()
    with log.open("a", encoding="utf-8") as handle:
        os.dup2(handle.fileno(), sys.stdout.fileno())
        os.dup2(handle.fileno(), sys.stderr.fileno())
    sys.argv = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    runpy.run_module("prefect", run_name="__main__")
