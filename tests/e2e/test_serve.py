"""`dateline serve`: the schedule really starts runs, and nothing outlives the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.lake import Warehouse, WarehouseError, connect

PATIENCE = 240.0


def _until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.5)
    return False


def _start(folder: Path) -> subprocess.Popen[bytes]:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("PREFECT")}
    with (folder / "serve.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "serve", "--config", str(folder / "dateline.toml"),
             "--cron", "* * * * *"],
            stdout=log, stderr=log, env=environment, cwd=Path(__file__).parents[2],
        )  # fmt: skip


def _states(folder: Path) -> list[str]:
    try:
        with connect(Warehouse(folder / "warehouse")) as connection:
            rows = connection.execute("SELECT state FROM runs ORDER BY started_at").fetchall()
    except WarehouseError:
        return []
    return [state for (state,) in rows]


def _below(folder: Path) -> list[int]:
    """Processes that work for the warehouse in `folder`, found by their environment."""
    mark = f"PREFECT_HOME={folder / 'warehouse' / 'prefect'}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_the_schedule_starts_runs_and_nothing_outlives_the_command(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    text = tmp_path / "texts" / "ferry.txt"
    text.write_text("The ferry to Brackwater was cancelled on Friday, the harbour master said.")
    (tmp_path / "dateline.toml").write_text(
        'warehouse = "warehouse"\nworkers = 1\n'
        '[[sources]]\nid = "texts"\nkind = "files"\nlocation = "texts"\n'
    )
    served = _start(tmp_path)
    try:
        assert _until(lambda: _states(tmp_path) == ["published"]), (
            tmp_path / "serve.log"
        ).read_text()
        # the machine goes down: neither the server nor a worker stays behind
        served.kill()
        served.wait(30)
        assert _until(lambda: not _below(tmp_path), 60), _below(tmp_path)
    finally:
        served.kill()
    # started again after missed minutes, one run covers them, and SIGTERM ends it in order
    text.with_name("bridge.txt").write_text("Two workers were hurt when the bridge was lifted.")
    served = _start(tmp_path)
    try:
        assert _until(lambda: len(_states(tmp_path)) >= 2), (tmp_path / "serve.log").read_text()
        assert _states(tmp_path)[:2] == ["published", "published"]
        served.send_signal(signal.SIGTERM)
        assert served.wait(120) == 0
        assert _until(lambda: not _below(tmp_path), 60), _below(tmp_path)
    finally:
        served.kill()
