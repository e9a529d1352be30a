"""What goes away in the middle, the catalog's server or the store: the rows end up the same."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from benchmarks.flaky import Flaky, flaky
from benchmarks.servers import Postgres, find_program
from warehouse import lake as lakes
from warehouse import publish as publishing
from warehouse import store as stores
from warehouse.lake import Warehouse, connect, create, writer_lock
from warehouse.location import Location
from warehouse.publish import publish
from warehouse.store import list_files

from .nights import NIGHT, plain_night, rows_of, stage

TEXTS = {"a": "The text of an article.", "b": "The text of another."}


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    folder = Warehouse(tmp_path / "folder")
    create(folder)
    plain_night(folder, 0, TEXTS)
    return rows_of(folder)


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT])
def test_a_catalog_restarted_in_the_middle_of_a_commit(
    remote: Warehouse,
    postgres: Postgres,
    expected: dict[str, list[tuple[object, ...]]],
    how: signal.Signals,
) -> None:
    """The commit is held up by a lock on the catalog's own table, and the server ends under it."""
    stage(remote, "run-000", TEXTS)
    schema = remote.location.schema
    with writer_lock(remote), held_up(postgres, f"{schema}.ducklake_snapshot"):
        restart = threading.Thread(target=restart_once_waiting, args=(postgres, how))
        restart.start()
        done = publish(remote, "run-000", NIGHT)
        restart.join()
    assert done.rows["article_versions"] == 2
    assert rows_of(remote) == expected
    with connect(remote) as connection:
        found = connection.execute(
            "SELECT count(*) FROM ducklake_snapshots('lake') WHERE commit_message = 'run-000'"
        ).fetchone()
    assert found == (1,)
    # what the attempt that failed had written is an orphan, and nobody's row
    assert not list(list_files(remote.stagings, "*"))


def test_a_commit_whose_answer_was_lost_is_not_made_twice(
    remote: Warehouse,
    expected: dict[str, list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server has committed, and goes before it can say so."""
    asked = publishing.snapshot_id
    calls: list[int] = []

    def lost_once(connection: duckdb.DuckDBPyConnection) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise duckdb.IOException("server closed the connection unexpectedly")
        return asked(connection)

    monkeypatch.setattr(publishing, "snapshot_id", lost_once)
    stage(remote, "run-000", TEXTS)
    done = publish(remote, "run-000", NIGHT)
    assert rows_of(remote) == expected
    assert done.rows["times"] == 2
    assert calls == [1]


class held_up:  # noqa: N801
    """A lock that another session has on a table of the catalog."""

    def __init__(self, postgres: Postgres, table: str) -> None:
        self._url, self._table = f"{postgres.url}/news", table

    def __enter__(self) -> None:
        self._session = subprocess.Popen(
            [str(find_program("psql")), "-q", self._url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._session.stdin is not None
        assert self._session.stdout is not None
        self._session.stdin.write(
            f"BEGIN; LOCK TABLE {self._table} IN EXCLUSIVE MODE;\n\\echo held\n".encode()
        )
        self._session.stdin.flush()
        assert self._session.stdout.readline() == b"held\n"

    def __exit__(self, *_: object) -> None:
        self._session.kill()
        self._session.communicate()


def restart_once_waiting(postgres: Postgres, how: signal.Signals) -> None:
    """Restart the server as soon as a session waits for a lock."""
    until = time.monotonic() + 60
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while postgres.ask(query) == "0" and time.monotonic() < until:
        time.sleep(0.1)
    postgres.stop(how)
    postgres.start()


# --------------------------------------------------------------------------- the store


@pytest.fixture
def proxy(store: str) -> Iterator[Flaky]:
    with flaky(store) as running:
        yield running


@pytest.fixture
def shaky(location: Location, proxy: Flaky, tmp_path: Path) -> Warehouse:
    """A warehouse whose store is reached through the proxy."""
    made = Warehouse(tmp_path / "shaky", location=replace(location, endpoint=proxy.url))
    create(made)
    return made


def test_a_store_that_answers_503_now_and_then_is_asked_again(
    shaky: Warehouse, proxy: Flaky, expected: dict[str, list[tuple[object, ...]]]
) -> None:
    proxy.every = 5
    plain_night(shaky, 0, TEXTS)
    assert rows_of(shaky) == expected
    proxy.every = 0
    assert proxy.refused["PUT"] > 0
    assert proxy.refused["GET"] > 2


def test_a_store_that_is_away_fails_the_run_and_the_next_one_resumes(
    shaky: Warehouse,
    proxy: Flaky,
    expected: dict[str, list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lakes, "_STORE", {"http_retries": 1, "http_retry_wait_ms": 20})
    monkeypatch.setattr(stores, "ATTEMPTS", 2)
    stores._files.cache_clear()
    stage(shaky, "run-000", TEXTS)
    proxy.every = 1
    with pytest.raises((duckdb.Error, OSError)):
        publish(shaky, "run-000", NIGHT)
    proxy.every = 0
    stores._files.cache_clear()
    with connect(shaky) as connection:
        assert connection.execute("SELECT count(*) FROM lake.articles").fetchone() == (0,)
    publish(shaky, "run-000", NIGHT)
    assert rows_of(shaky) == expected


def test_keys_that_are_not_there_are_asked_for(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(stores.StoreError, match="AWS_SECRET_ACCESS_KEY"):
        stores.credentials()
