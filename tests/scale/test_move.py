"""Moving a warehouse out of its folder and back: every row, and nothing in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import warehouse.move as moving
from flows.cli.app import app, exit_code
from flows.exits import Exit
from warehouse.lake import Warehouse, WarehouseError, connect, create, open_warehouse, writer_lock
from warehouse.location import IN_FOLDER, Location
from warehouse.move import MoveFailed, move
from warehouse.publish import keep_records
from warehouse.tables import HISTORY

from .nights import night, plain_night, rows_of, stage

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_there_and_back_by_the_command(location: Location, tmp_path: Path) -> None:
    config = tmp_path / "dateline.toml"
    config.write_text('warehouse = "lake"\n')
    lake = Warehouse(tmp_path / "lake")
    create(lake)
    night(lake, 0, {"a": "The first text of it.", "b": "Another text."})
    plain_night(lake, 1, {"a": "The second text of it."})
    stage(lake, "idle", {})
    keep_records(lake, "idle")
    before = rows_of(lake)
    before["runs"] = sorted(ask(lake, "SELECT * FROM runs"), key=str)
    assert any(row[-1] is not None for t in HISTORY for row in before[t.name])

    config.write_text(
        f'warehouse = "lake"\n[store]\ncatalog = "{location.catalog}"\n'
        f'catalog_schema = "{location.schema}"\ndata = "{location.data}"\n'
        f'endpoint = "{location.endpoint}"\n'
    )
    told = run("move", "store", "-c", str(config))
    assert "as many as before" in told
    assert str(lake.data) in told
    there = open_warehouse(lake.root)
    assert there.location == location
    assert sorted_rows(there) == before
    # what goes on there, comes back
    plain_night(there, 2, {"c": "A third text."})
    after = sorted_rows(there)

    told = run("move", "folder", "-c", str(config))
    assert "Take [store] out" in told
    back = open_warehouse(lake.root)
    assert back.location == IN_FOLDER
    assert sorted_rows(back) == after
    with pytest.raises(WarehouseError), connect(there):
        pass  # nobody goes on writing to the old one


def ask(warehouse: Warehouse, query: str) -> list[tuple[object, ...]]:
    with connect(warehouse) as connection:
        return connection.execute(query).fetchall()


def sorted_rows(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    rows = rows_of(warehouse)
    rows["runs"] = sorted(rows["runs"], key=str)
    return rows


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def lake(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "folder")
    create(made)
    plain_night(made, 0, {"a": "The text of an article."})
    return made


def test_a_move_that_is_killed_leaves_all_as_it_was_and_begins_anew(
    lake: Warehouse, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(lake)
    with monkeypatch.context() as patch:
        patch.setattr(moving, "_copy", killed)
        with pytest.raises(KeyboardInterrupt):
            move(lake, location, NOW)
    assert rows_of(open_warehouse(lake.root)) == before
    with monkeypatch.context() as patch:
        # all is there, and only the last step is missing
        patch.setattr(moving, "write_location", killed)
        with pytest.raises(KeyboardInterrupt):
            move(lake, location, NOW)
    assert rows_of(open_warehouse(lake.root)) == before
    move(lake, location, NOW)
    there = open_warehouse(lake.root)
    assert there.location == location
    assert rows_of(there) == before


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_rows_that_are_read_back_otherwise_stop_it(
    lake: Warehouse, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = moving._copy

    def spoilt(old: Warehouse, new: Warehouse) -> None:
        copy(old, new)
        with connect(new, read_only=False) as connection:
            connection.execute("UPDATE lake.times SET surface = 'Thy'")

    monkeypatch.setattr(moving, "_copy", spoilt)
    with pytest.raises(MoveFailed, match="times") as failed:
        move(lake, location, NOW)
    assert exit_code(failed.value) == Exit.DAMAGED
    assert open_warehouse(lake.root).location == IN_FOLDER


def test_another_warehouse_is_not_overwritten(lake: Warehouse, remote: Warehouse) -> None:
    plain_night(remote, 0, {"z": "The text of another warehouse."})
    before = rows_of(remote)
    with pytest.raises(WarehouseError, match="another warehouse"):
        move(lake, remote.location, NOW)
    assert rows_of(remote) == before
    with pytest.raises(WarehouseError, match="already"):
        move(remote, remote.location, NOW)
    elsewhere = replace(remote.location, schema=f"{remote.location.schema}_b")
    waiting = Warehouse(remote.root, location=elsewhere)
    with pytest.raises(WarehouseError, match="was moved"), writer_lock(waiting):
        pass
