"""A warehouse that lost its catalog and its last runs: files and archive give all of it again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.maintain import rebuild_catalog, run_maintenance
from flows.quarantine import Wanted, discard
from flows.registry.judge import merge_entities
from flows.settings import Settings, load_settings
from flows.start import start_ingest, start_replay
from warehouse.lake import Warehouse, connect
from warehouse.tables import RUN_STAGES, RUNS, TABLES, Table

MEASURED = {
    RUNS.name: ("kind", "ended_at", "settings", "message"),
    RUN_STAGES.name: ("seconds", "cpu_seconds", "peak_memory"),
}
"""What tells how and when a run was done, not what it did."""
STORY = "The ferry to Brackwater carried {} passengers on Monday, Odile Veltman said. It was late."


def line(name: str, text: str, day: int) -> str:
    return json.dumps({"id": name, "text": text, "published_at": f"2026-03-{day:02}"}) + "\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Four nights with a correction, what is held back, and what persons decided between them."""
    folder = tmp_path_factory.mktemp("lost")
    desk, config = folder / "desk.jsonl", folder / "dateline.toml"
    config.write_text(
        'warehouse = "w"\nworkers = 1\nbatch_size = 2\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )
    settings = load_settings(config)
    nights = [
        [line("a", STORY.format(12), 9), line("b", "Bert Quill, 40, left.", 9), '{"id": "torn"\n'],
        [line("a", STORY.format(21), 9), line("c", "Albert Quill lent Quill Ltd $3m.", 10)],
        [line("d", STORY.format(21) + " Ann Orrin wrote to 300 people.", 11), '{"id": 7}\n'],
        [line("e", "Two of 14 boats sank off Brackwater on Wednesday, police said.", 12)],
    ]  # fmt: skip
    for number, lines in enumerate(nights):
        desk.write_text("".join(lines))
        start_ingest(settings, config=config)
        if number == 1:
            with connect(settings.lake) as connection:
                people = connection.execute(
                    "SELECT entity FROM entities WHERE name IN ('Bert Quill', 'Albert Quill')"
                    " AND type = 'PERSON' ORDER BY name"
                ).fetchall()
            merge_entities(settings.lake, [key for (key,) in people], "one man", "ana")
            discard(settings.lake, Wanted(source="desk"), "ana", "cut off by the agency")
    return settings


@pytest.fixture
def lost(kept: Settings, tmp_path: Path) -> Settings:
    """A copy of it."""
    shutil.copytree(kept.lake.root, tmp_path / "w")
    for name in ("desk.jsonl", "dateline.toml"):
        shutil.copy2(kept.lake.root.parent / name, tmp_path / name)
    return load_settings(tmp_path / "dateline.toml")


def rows(lake: Warehouse, table: Table, *, current: bool) -> list[tuple[Any, ...]]:
    left_out = ", ".join(MEASURED.get(table.name, ()))
    where = ""
    if table == RUN_STAGES:  # of a replay others are asked, and the last are told by the next run
        where = " WHERE stage NOT IN ('discover', 'fetch', 'publish', 'index')"
    with connect(lake) as connection:
        return connection.execute(
            f"SELECT {f'* EXCLUDE ({left_out})' if left_out else '*'}"
            f" FROM {'' if current else 'lake.'}{table.name}{where} ORDER BY ALL"
        ).fetchall()


def assert_same(lake: Warehouse, other: Warehouse) -> None:
    for table in TABLES:
        for current in (True, False):
            assert rows(lake, table, current=current) == rows(other, table, current=current), (
                table.name
            )


def lose(lake: Warehouse, runs: int) -> None:
    """The catalog, and every file that was written since the last of the nights that are kept."""
    with connect(lake) as connection:
        nights = connection.execute(
            "SELECT run_id FROM runs WHERE kind = 'ingest' ORDER BY started_at"
        ).fetchall()
    kept = nights[-1 - runs]
    (publish,) = {
        path.name
        for path in (lake.data / "main" / RUNS.name).glob("*.parquet")
        if kept in duckdb.sql(f"SELECT run_id FROM '{path}'").fetchall()
    }
    with closing(sqlite3.connect(lake.catalog)) as catalog:
        made = {
            Path(path).name: snapshot
            for path, snapshot in catalog.execute(
                "SELECT path, begin_snapshot FROM ducklake_data_file"
            )
        }
    for path in lake.data.rglob("*.parquet"):
        if made.get(path.name, 0) > made[publish]:
            path.unlink()
    for end in ("", "-wal", "-shm"):
        (lake.root / f"{lake.catalog.name}{end}").unlink(missing_ok=True)
    shutil.rmtree(lake.root / "index")


@pytest.mark.parametrize("runs", [0, 3])
def test_a_new_catalog_and_a_replay_of_lost_runs_give_every_row_again(
    runs: int, kept: Settings, lost: Settings
) -> None:
    lose(lost.lake, runs)
    rebuilt, missing = rebuild_catalog(lost)
    assert missing == runs
    assert rebuilt.torn == []
    accounts = start_replay(lost, archive=None, config=lost.lake.root.parent / "dateline.toml")
    assert len(accounts) == runs
    assert_same(kept.lake, lost.lake)
    steps = run_maintenance(lost, dry_run=False, grace_hours=0, verify_all=True)
    assert [step for step in steps if step.problem] == []
    assert_same(kept.lake, lost.lake)
