"""The same flow by Dask's workers, with a catalog in Postgres and a store: the same rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows.reach import check_reach
from flows.settings import SettingsError, load_settings
from warehouse.lake import Warehouse, WarehouseError, connect, open_warehouse
from warehouse.location import Location
from warehouse.tables import FACTS, HISTORY, REGISTRY, TABLES

RUN_COLUMNS = ("run_id", "recorded_at", "superseded_at", "first_seen_at", "born_at")
"""What tells one run from another, and no more."""
COMPARED = (*HISTORY, *REGISTRY)
ROOT = Path(__file__).parents[2]
TOWNS = ("Arden", "Brackwater", "Colm", "Dunmore", "Elmbridge", "Arden")


def write_texts(path: Path) -> None:
    """A few small articles."""
    lines = [
        {
            "id": f"{town}-{number}",
            "url": f"https://post.example/{town}/{number}",
            "title": f"Storm damages {number + 2} houses in {town}",
            "text": (
                f"At least {number + 3} people were injured in {town} last Friday, Mayor Ann"
                f' {town}son said. "We lost {number + 20} houses," she said. The repairs will cost'
                f" $10 to {number + 15} million, according to the council of {town}."
            ),
            "published_at": f"2026-03-{10 + number:02d}",
        }
        for number, town in enumerate(TOWNS)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def configure(folder: Path, texts: Path, location: Location | None) -> Path:
    """A configuration of batches of two, on two Dask workers with a store or else one process."""
    config = folder / "dateline.toml"
    told = (
        f'warehouse = "lake"\nbatch_size = 2\narchive = false\nworkers = {2 if location else 1}\n'
    )
    if location is not None:
        told += (
            f'[store]\ncatalog = "{location.catalog}"\ncatalog_schema = "{location.schema}"\n'
            f'data = "{location.data}"\nendpoint = "{location.endpoint}"\n'
            '[scale]\nengine = "dask"\n'
        )
    config.write_text(f'{told}[[sources]]\nid = "post"\nkind = "files"\nlocation = "{texts}"\n')
    return config


BOTH = """
import sys
from pathlib import Path
from rich.console import Console
from flows.runtime import prepare
from flows.server import prefect_server
from flows.settings import load_settings
from flows.start import start_ingest

if __name__ == "__main__":
    configs = [Path(name) for name in sys.argv[1:]]
    prepare(load_settings(configs[0]).lake, logging="CRITICAL")
    with prefect_server(Console(stderr=True)):
        for config in configs:
            assert start_ingest(load_settings(config), config=config).state == "published"
"""


def start(folder: Path, configs: list[Path]) -> subprocess.Popen[str]:
    """Two ingests, one after the other, with one server of Prefect's."""
    script = folder / "both.py"
    script.write_text(BOTH)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_API")}
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, configs)],
        env=environment | {"PREFECT_HOME": str(folder / "prefect"), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def facts_of(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, without what tells one run from another."""
    found = {}
    with connect(warehouse) as connection:
        for table in TABLES:
            if table in COMPARED or table.name == "articles":
                columns = [f'"{c.name}"' for c in table.columns if c.name not in RUN_COLUMNS]
                found[table.name] = connection.execute(
                    f"SELECT {', '.join(columns)} FROM lake.main.{table.name} ORDER BY ALL"
                ).fetchall()
    return found


def test_two_workers_of_which_one_is_killed_give_the_rows_of_one_process(
    location: Location, tmp_path: Path
) -> None:
    texts = tmp_path / "texts.jsonl"
    write_texts(texts)
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    configs = [
        configure(tmp_path / "many", texts, location),
        configure(tmp_path / "one", texts, None),
    ]
    runs = start(tmp_path, configs)
    killed = kill_one_worker(runs)
    told = runs.communicate(timeout=400)
    assert runs.returncode == 0, told
    assert killed
    expected = facts_of(Warehouse(tmp_path / "one" / "lake"))
    assert {t.name for t in FACTS if expected[t.name]} >= {"mentions", "quantities", "times"}
    there = open_warehouse(tmp_path / "many" / "lake")
    assert there.location == location
    assert facts_of(there) == expected
    with connect(there) as connection:
        (settings, state) = connection.execute("SELECT settings, state FROM runs").fetchone() or ()
    assert state == "published"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in settings
    for log in there.root.rglob("*.jsonl"):
        assert os.environ["AWS_SECRET_ACCESS_KEY"] not in log.read_text()


def kill_one_worker(run: subprocess.Popen[str]) -> bool:
    """Kill a worker as soon as it works on a batch: when it has loaded its pipeline, or nearly."""
    until = time.monotonic() + 200
    while run.poll() is None and time.monotonic() < until:
        for process in psutil.Process(run.pid).children(recursive=True):
            try:
                if is_worker(process) and process.memory_info().rss > 350 * 2**20:
                    process.send_signal(signal.SIGKILL)
                    return True
            except psutil.Error:
                continue
        time.sleep(0.05)
    return False


def is_worker(process: psutil.Process) -> bool:
    """Whether Dask has started it: its nanny puts this into a worker's environment."""
    return "MALLOC_TRIM_THRESHOLD_" in process.environ()


@pytest.mark.parametrize(
    ("data", "url", "missing"), [(False, True, "object store"), (True, False, "PREFECT_API_URL")]
)
def test_workers_elsewhere_must_reach_what_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bool, url: bool, missing: str
) -> None:
    config = tmp_path / "dateline.toml"
    config.write_text(
        '[scale]\nengine = "dask"\naddress = "tcp://scheduler.internal:8786"\n'
        + ('[store]\ndata = "s3://news/lake"\n' if data else "")
    )
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    if url:
        monkeypatch.setenv("PREFECT_API_URL", "http://prefect.internal:4200/api")
    with pytest.raises(WarehouseError, match=missing):
        check_reach(load_settings(config))


def test_an_address_is_one_of_dask(tmp_path: Path) -> None:
    config = tmp_path / "dateline.toml"
    config.write_text('[scale]\naddress = "tcp://scheduler.internal:8786"\n')
    with pytest.raises(SettingsError, match="dask"):
        load_settings(config)
