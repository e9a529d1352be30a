"""A warehouse with its catalog in Postgres and its data on a store holds what a folder holds."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from benchmarks.servers import SECRET, Postgres
from flows.forget import forget
from flows.settings import SettingsError, load_settings
from flows.sql.run import run_sql
from warehouse.lake import (
    Warehouse,
    WarehouseError,
    WarehouseLocked,
    attach,
    connect,
    create,
    load_extensions,
    open_warehouse,
    writer_lock,
)
from warehouse.location import Location, read_location
from warehouse.maintain import Plan, maintain
from warehouse.publish import clear_staging, keep_records, publish
from warehouse.rebuild import rebuild
from warehouse.retention import Retention
from warehouse.store import list_files, list_folders
from warehouse.views import attach_line

from .nights import night, plain_night, rows_of, some_nights, stage

SPARE = Plan(retention=Retention(0, 0, 0), grace=timedelta(0))
LATER = datetime.now(UTC) + timedelta(days=400)


def test_it_holds_the_same_rows_as_a_folder(nights: Warehouse, tmp_path: Path) -> None:
    folder = Warehouse(tmp_path / "folder")
    create(folder)
    some_nights(folder)
    assert rows_of(nights) == rows_of(folder)
    # nothing of it lies in the folder, and nothing is left staged
    assert not (nights.root / "data").exists()
    assert not (nights.root / "catalog.sqlite").exists()
    assert list(list_files(nights.stagings, "*")) == []


def test_records_without_a_publish_are_seen_from_another_machine(
    remote: Warehouse, tmp_path: Path
) -> None:
    stage(remote, "dead", {"a": "What a killed run has staged."})
    clear_staging(remote)
    assert list(list_files(remote.stagings, "*")) == []
    stage(remote, "idle", {})
    keep_records(remote, "idle")
    assert [p.name for p in list_folders(remote.journals)] == ["idle"]
    other = Warehouse(tmp_path / "other machine", location=remote.location)
    create(other)
    with connect(other) as connection:
        assert connection.execute("SELECT run_id FROM runs").fetchall() == [("idle",)]
        assert connection.execute("SELECT run_id FROM lake.runs").fetchall() == []
    plain_night(other, 1, {"a": "The text of an article."})
    assert list_folders(remote.journals) == []
    with connect(remote) as connection:
        found = connection.execute("SELECT run_id FROM lake.runs ORDER BY 1").fetchall()
    assert found == [("idle",), ("run-001",)]


def test_maintenance_rebuilding_and_forgetting(remote: Warehouse, postgres: Postgres) -> None:
    night(remote, 0, {"a": "The first text.", "secret": "Zyx is a word of nobody else."})
    night(remote, 1, {"a": "The second text of it."})
    before = rows_of(remote)
    stray = remote.data / "main" / "times" / "ducklake-0000.parquet"
    stray.write_bytes(b"left by a killed writer")
    steps = {s.name: s for s in maintain(remote, SPARE, LATER)}
    assert steps["orphans"].count == 1
    assert steps["merge"].count > 0
    assert steps["clean"].count > 0
    assert rows_of(remote) == before
    (lost, *_) = [p for p, _ in list_files(remote.data / "main" / "times", "*.parquet")]
    kept = lost.read_bytes()
    lost.unlink()
    found = [s for s in maintain(remote, SPARE, LATER) if s.problem]
    assert [s.name for s in found] == ["files"]
    lost.write_bytes(kept)
    with writer_lock(remote):
        rebuilt = rebuild(remote, "20270101T000000Z")
    assert rebuilt.kept == f"{remote.location.schema}_damaged_20270101t000000z"
    assert rows_of(remote) == before
    outcome = forget(remote, [("url", "https://post.example/secret")])
    assert outcome.rows["article_versions"] == 1
    left = b"".join(p.read_bytes() for p, _ in list_files(remote.data, "*.parquet"))
    assert b"Zyx" not in left
    bounds = postgres.ask(
        f"SELECT min_value, max_value FROM {remote.location.schema}.ducklake_table_column_stats",
        "news",
    )
    assert "Zyx" not in bounds
    assert len(rows_of(remote)["article_versions"]) == 2


def test_a_second_writer_is_refused_while_the_first_lives(
    remote: Warehouse, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from warehouse.lake import *\n"
        f"with writer_lock(open_warehouse(Path({str(remote.root)!r}))):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code]
    other = Warehouse(tmp_path / "other machine", location=remote.location)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseLocked, match=str(holder.pid)), writer_lock(other):
            pass
        # another warehouse in the same database is no concern of it
        apart = replace(remote.location, schema=f"{remote.location.schema}b")
        with writer_lock(Warehouse(tmp_path / "apart", location=apart)):
            pass
        holder.kill()
        holder.wait()
    with writer_lock(other, 10):
        pass


def test_a_lock_that_was_lost_stops_the_commit(remote: Warehouse, postgres: Postgres) -> None:
    stage(remote, "r1", {"a": "The text of an article."})
    with writer_lock(remote):
        pids = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'dateline: process%'"
        postgres.ask(f"SELECT pg_terminate_backend(pid) FROM ({pids}) p", "news")
        with other_process_holding(remote), pytest.raises(WarehouseLocked):
            publish(remote, "r1", datetime.now(UTC))
    with connect(remote) as connection:
        assert connection.execute("SELECT count(*) FROM lake.times").fetchone() == (0,)


class other_process_holding:  # noqa: N801
    """Another process that has the lock."""

    def __init__(self, warehouse: Warehouse) -> None:
        code = (
            "import sys; from pathlib import Path; from warehouse.lake import *\n"
            f"with writer_lock(open_warehouse(Path({str(warehouse.root)!r})), 20):\n"
            "    print('held', flush=True); sys.stdin.read()"
        )
        self._command = [sys.executable, "-c", code]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"held\n"

    def __exit__(self, *_: object) -> None:
        self._process.communicate(b"")


def test_any_client_may_attach_it(nights: Warehouse) -> None:
    line = attach_line(nights.root)
    assert SECRET not in line
    with duckdb.connect(str(nights.views)) as client:
        load_extensions(client)
        load_extensions(client, ("postgres_scanner", "httpfs"))
        client.execute(line)
        assert client.execute("SELECT count(*) FROM articles").fetchone() == (5,)


def test_no_secret_is_in_the_folder(nights: Warehouse) -> None:
    for path in nights.root.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path


def test_sql_finds_it_by_its_folder(nights: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT count(*) AS n FROM times"
    run_sql(nights.root, query, file=None, output="json", out=None, write=False)
    assert json.loads(capsys.readouterr().out) == [{"n": 5}]


def test_where_it_lies_is_said_once(nights: Warehouse, tmp_path: Path) -> None:
    remote = nights
    assert read_location(remote.root) == remote.location
    assert open_warehouse(remote.root).location == remote.location
    with pytest.raises(WarehouseError, match="dateline move"):
        open_warehouse(remote.root, None, replace(remote.location, schema="another"))
    folder = Warehouse(tmp_path / "folder")
    create(folder)
    with pytest.raises(WarehouseError, match="dateline move"):
        open_warehouse(folder.root, None, remote.location)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('catalog = "postgresql://me:secret@db/news"', "password"),
        ('catalog = "postgresql://db"', "postgresql://user@host"),
        ('catalog = "postgresql://db/news"\ncatalog_schema = "a b"', "schema"),
        ('data = "gs://bucket/prefix"', "s3://bucket/prefix"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "dateline.toml"
    path.write_text(f"[store]\n{line}\n")
    with pytest.raises(SettingsError, match=told) as refused:
        load_settings(path)
    assert "me:secret" not in str(refused.value)


def test_a_server_or_warehouse_that_is_not_there_is_named(
    location: Location, tmp_path: Path
) -> None:
    absent = Warehouse(tmp_path / "absent", location=location)
    with pytest.raises(WarehouseError, match="dateline init"), connect(absent):
        pass
    gone = replace(location, catalog="postgresql://dateline@127.0.0.1:9/news")
    with (
        pytest.raises(WarehouseError, match="does not answer"),
        attach(Warehouse(tmp_path / "gone", location=gone)),
    ):
        pass
    other = replace(location, catalog=f"{(location.catalog or '')}x")
    with (
        pytest.raises(WarehouseError, match=r"refuses us.*does not exist"),
        attach(Warehouse(tmp_path / "other", location=other)),
    ):
        pass
